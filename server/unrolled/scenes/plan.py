"""A scene checked whole: every size known, every mistake named, nothing run yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unrolled.scenes import decoder, sequences
from unrolled.scenes.decoder import DecoderPlan
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.layers import ResolvedLayer, ResolvedReadout, resolve
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import EncoderDecoder, Network, Scene

_BELONGS = {"pool": "many-to-one", "steps": "one-to-many", "repeat": "one-to-many"}


@dataclass(frozen=True)
class Plan:
    """A scene whose layers, readout and input rows are settled; its weights fit their shapes.

    `layers` are all there are, an encoder's before its decoder's; `decoder` is the writing half of
    an encoder–decoder.
    """

    scene: Scene
    network: Network | EncoderDecoder
    layers: list[ResolvedLayer]
    readout: ResolvedReadout | None
    inputs: list[list[float]]
    decoder: DecoderPlan | None = None

    @property
    def steps(self) -> int:
        """Timesteps that the layers run; the decoder's where there is one."""
        return len(self.inputs) if self.decoder is None else self.decoder.steps

    @property
    def reading(self) -> list[ResolvedLayer]:
        """The layers that the inputs and the initial states are for."""
        return self.layers if self.decoder is None else self.layers[: -len(self.decoder.layers)]

    @property
    def width(self) -> int:
        """Numbers in a row of outputs."""
        if self.readout is not None:
            return self.readout.readout.outputs
        return self.layers[-1].outputs + (self.decoder.context if self.decoder else 0)

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
    settled = (
        _two_stacks(scene, network, limits)
        if isinstance(network, EncoderDecoder)
        else _one_stack(scene, network, limits)
    )
    _raise(_size_mistakes(settled, limits))
    _raise(_content_mistakes(settled))
    return settled


def _one_stack(scene: Scene, network: Network, limits: Limits) -> Plan:
    _raise(_shape_mistakes(network))
    _raise(_present(limits.exceeded("layers", "network.layers", len(network.layers))))
    _raise(_present(limits.exceeded("steps", "network.steps", network.steps or 1)))
    if scene.decoder_inputs is not None:
        raise DocumentError.of("decoder_inputs", "nothing, there is no decoder", "a list")
    rows = sequences.expanded(sequences.inputs(scene, limits), network)
    layers = resolve(network.layers, len(rows[0]), _static(scene), limits, "network.layers",
                     "layers")  # fmt: skip
    readout = None
    if network.readout is not None:
        width = layers[-1].outputs
        readout = ResolvedReadout(network.readout, width, "network.readout", "readout")
    return Plan(scene, network, layers, readout, rows)


def _two_stacks(scene: Scene, network: EncoderDecoder, limits: Limits) -> Plan:
    count = len(network.encoder.layers) + len(network.decoder.layers)
    _raise(_present(limits.exceeded("layers", "network.decoder.layers", count)))
    rows = sequences.inputs(scene, limits)
    fed = decoder.Fed.of(scene, network, limits)
    static = _static(scene)
    reading = resolve(network.encoder.layers, len(rows[0]), static, limits,
                      "network.encoder.layers", "encoder.layers")  # fmt: skip
    writing = resolve(network.decoder.layers, fed.width, static, limits,
                      "network.decoder.layers", "decoder.layers")  # fmt: skip
    _raise(decoder.handover_mistakes(reading, writing))
    query, key = writing[-1].outputs, reading[-1].outputs
    attention = decoder.attention(network.attention, query, key, limits)
    settled = DecoderPlan(writing, attention, fed.rows, fed.steps)
    readout = None
    if network.decoder.readout is not None:
        width = query + settled.context
        field = "network.decoder.readout"
        readout = ResolvedReadout(network.decoder.readout, width, field, "readout")
    return Plan(scene, network, [*reading, *writing], readout, rows, settled)


def _static(scene: Scene) -> int | None:
    return None if scene.static is None else len(scene.static)


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
    reads, writes = len(settled.inputs), settled.steps
    stacks = [(settled.reading, reads)]
    parameters = recorded = cost = 0
    if settled.decoder is not None:
        stacks.append((settled.decoder.layers, writes))
        if settled.decoder.attention is not None:
            weighed = settled.decoder.attention.work(reads, writes)
            parameters, recorded, cost = weighed.parameters, weighed.recorded, weighed.cost
    for layers, steps in stacks:
        own = sum(layer.parameters() for layer in layers)
        parameters += own
        recorded += steps * sum(layer.recorded() for layer in layers)
        cost += steps * own
    if settled.readout is not None:
        yield from settled.readout.mistakes(limits)
        own = settled.width * (settled.readout.width + 1)
        parameters += own
        recorded += 2 * settled.width * writes
        cost += own * writes
    yield from _present(
        limits.exceeded("parameters", "network", parameters),
        limits.exceeded("values", "inputs", recorded),
        limits.exceeded("cost", "network", cost),
    )


def _content_mistakes(settled: Plan) -> Iterator[FieldError]:
    scene = settled.scene
    for layer in settled.layers:
        yield from layer.mistakes()
    if settled.decoder is not None and settled.decoder.attention is not None:
        yield from settled.decoder.attention.mistakes()
    yield from sequences.initial_mistakes(scene.initial, settled.reading)
    readout = settled.readout.readout if settled.readout else None
    yield from sequences.target_mistakes(scene, settled.rows, settled.width, readout)
    read, features = len(settled.inputs), len(settled.inputs[0])
    yield from sequences.label_mistakes(scene, read, features, settled.width)


def _present(*errors: FieldError | None) -> Iterator[FieldError]:
    return (error for error in errors if error is not None)


def _raise(errors: Iterator[FieldError]) -> None:
    if mistakes := list(errors):
        raise DocumentError(mistakes)
