"""A scene checked whole: every size known, every mistake named, nothing run yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unrolled.scenes import sequences
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.layers import ResolvedLayer, ResolvedReadout, resolve
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import EncoderDecoder, Network, Scene

_BELONGS = {"pool": "many-to-one", "steps": "one-to-many", "repeat": "one-to-many"}


@dataclass(frozen=True)
class Plan:
    """A scene whose layers, readout and input rows are settled; its weights fit their shapes."""

    scene: Scene
    network: Network
    layers: list[ResolvedLayer]
    readout: ResolvedReadout | None
    inputs: list[list[float]]

    @property
    def steps(self) -> int:
        """Timesteps that the layers run."""
        return len(self.inputs)

    @property
    def width(self) -> int:
        """Numbers in a row of outputs."""
        return self.readout.readout.outputs if self.readout else self.layers[-1].outputs

    @property
    def rows(self) -> int:
        """Rows of outputs, targets and losses: one where the whole sequence has one answer."""
        return 1 if self.network.shape in ("many-to-one", "one-to-one") else self.steps


def plan(scene: Scene, limits: Limits) -> Plan:
    """Everything about the scene judged before anything runs.

    Raises:
        DocumentError: the fields that are wrong, missing, or over a limit.
    """
    network = scene.network
    if isinstance(network, EncoderDecoder):
        raise DocumentError.of(
            "network.shape",
            "many-to-many, many-to-one, one-to-many or one-to-one",
            '"encoder-decoder", which this engine does not run yet',
        )
    _raise(_shape_mistakes(network))
    _raise(_present(limits.exceeded("layers", "network.layers", len(network.layers))))
    _raise(_present(limits.exceeded("steps", "network.steps", network.steps or 1)))
    rows = sequences.expanded(sequences.inputs(scene, limits), network)
    static = None if scene.static is None else len(scene.static)
    layers = resolve(network.layers, len(rows[0]), static, limits, "network.layers", "layers")
    readout = None
    if network.readout is not None:
        width = layers[-1].outputs
        readout = ResolvedReadout(network.readout, width, "network.readout", "readout")
    settled = Plan(scene, network, layers, readout, rows)
    _raise(_size_mistakes(settled, limits))
    _raise(_content_mistakes(settled))
    return settled


def _shape_mistakes(network: Network) -> Iterator[FieldError]:
    for name, shape in _BELONGS.items():
        value = getattr(network, name)
        if value is not None and network.shape != shape:
            yield FieldError(
                f"network.{name}", f"nothing, unless the shape is {shape}", shown(value)
            )
    if network.shape == "one-to-many" and network.steps is None:
        yield FieldError("network.steps", "how many steps to make of one row", "nothing")


def _size_mistakes(settled: Plan, limits: Limits) -> Iterator[FieldError]:
    """Limits on what a run would hold and do; met before any weight is made."""
    parameters = sum(layer.parameters() for layer in settled.layers)
    recorded = sum(layer.recorded() for layer in settled.layers)
    if settled.readout is not None:
        yield from settled.readout.mistakes(limits)
        parameters += settled.width * (settled.readout.width + 1)
        recorded += 2 * settled.width
    yield from _present(
        limits.exceeded("parameters", "network", parameters),
        limits.exceeded("values", "inputs", recorded * settled.steps),
        limits.exceeded("cost", "network", parameters * settled.steps),
    )


def _content_mistakes(settled: Plan) -> Iterator[FieldError]:
    scene = settled.scene
    for layer in settled.layers:
        yield from layer.mistakes()
    yield from sequences.initial_mistakes(scene.initial, settled.layers)
    readout = settled.readout.readout if settled.readout else None
    yield from sequences.target_mistakes(scene, settled.rows, settled.width, readout)
    yield from sequences.label_mistakes(scene, settled.steps, len(settled.inputs[0]), settled.width)
    if scene.decoder_inputs is not None:
        yield FieldError("decoder_inputs", "nothing, there is no decoder", "a list")


def _present(*errors: FieldError | None) -> Iterator[FieldError]:
    return (error for error in errors if error is not None)


def _raise(errors: Iterator[FieldError]) -> None:
    if mistakes := list(errors):
        raise DocumentError(mistakes)
