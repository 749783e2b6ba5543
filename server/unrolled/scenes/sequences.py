"""The sequences of a scene: input rows, targets, initial states, labels, and their lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from unrolled.scenes import encoding
from unrolled.scenes.errors import DocumentError, FieldError, join
from unrolled.scenes.layers import ResolvedLayer
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import EncoderDecoder, Network, Readout, Scene
from unrolled.scenes.weights import misshapen

Rows = list[list[float]]


def inputs(scene: Scene, limits: Limits) -> Rows:
    """The input rows as given or encoded from text; raises `DocumentError`.

    Never empty, every row of one length, within the limits.
    """
    if (scene.inputs is None) == (scene.text is None):
        both = scene.inputs is not None
        raise DocumentError.of("inputs", "either inputs or text", "both" if both else "nothing")
    if errors := list(encoding.mistakes(scene.text, scene.encoding)):
        raise DocumentError(errors)
    if scene.text is None or scene.encoding is None:
        rows = scene.inputs or []
        _bound(limits, "inputs", len(rows), len(rows[0]) if rows else 1)
        return checked_rows(rows, "inputs")
    steps = len(encoding.tokens(scene.text, scene.encoding.kind))
    # Judged before the rows are made: a long text with a large vocabulary is a lot of zeros.
    _bound(limits, "text", steps, encoding.width(scene.encoding))
    return encoding.rows(scene.text, scene.encoding)


def _bound(limits: Limits, field: str, steps: int, width: int) -> None:
    errors = [
        limits.exceeded("steps", field, steps),
        limits.exceeded("inputs", f"{field}[0]" if field == "inputs" else "encoding", width),
        limits.exceeded("values", field, steps * width),
    ]
    if mistakes := [error for error in errors if error is not None]:
        raise DocumentError(mistakes)


def checked_rows(rows: Rows, field: str) -> Rows:
    """The rows, all of one length of at least one; raises `DocumentError`."""
    if not rows:
        raise DocumentError.of(field, "at least one row", "an empty list")
    if not rows[0]:
        raise DocumentError.of(f"{field}[0]", "at least one number", "an empty list")
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise DocumentError.of(
                f"{field}[{number}]", f"{len(rows[0])} numbers as in row 0", str(len(row))
            )
    return rows


def expanded(rows: Rows, network: Network | EncoderDecoder) -> Rows:
    """The rows the network sees: one-to-many makes `steps` of one; raises `DocumentError`."""
    if network.shape not in ("one-to-many", "one-to-one"):
        return rows
    if len(rows) != 1:
        raise DocumentError.of("inputs", f"one row, the shape is {network.shape}", str(len(rows)))
    if network.shape == "one-to-one" or network.steps is None:
        return rows
    later = rows[0] if network.repeat else [0.0] * len(rows[0])
    return [rows[0], *([later] * (network.steps - 1))]


def target_mistakes(
    scene: Scene, rows: int, width: int, readout: Readout | None
) -> Iterator[FieldError]:
    """Targets that do not fit `rows` outputs of `width` numbers, or a loss that cannot be."""
    if scene.loss is not None:
        yield from _loss_mistakes(scene.loss, readout, scene.targets is not None)
    if scene.targets is None:
        return
    if len(scene.targets) != rows:
        yield FieldError("targets", f"{rows} rows, one for each output", str(len(scene.targets)))
        return
    for number, target in enumerate(scene.targets):
        field = f"targets[{number}]"
        if isinstance(target, int):
            if scene.loss != "cross_entropy":
                yield FieldError(field, f"a row of {width} numbers", f"the class {target}")
                return
            if target >= width:
                yield FieldError(field, f"a class below {width}", str(target))
                return
        elif target is not None and (error := misshapen(field, target, (width,))):
            yield error
            return


_ACTIVATION = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}


def _loss_mistakes(loss: str, readout: Readout | None, targets: bool) -> Iterator[FieldError]:
    if not targets:
        yield FieldError("targets", f"a row for each output, the loss is {loss}", "nothing")
    wanted = _ACTIVATION.get(loss)
    if wanted is None:
        return
    if readout is None:
        yield FieldError("network.readout", f"a {wanted} readout for {loss}", "nothing")
    elif readout.activation != wanted:
        yield FieldError(
            "network.readout.activation", f"{wanted} for {loss}", f'"{readout.activation}"'
        )


def initial_mistakes(
    initial: Sequence[dict[str, Any]] | None, layers: Sequence[ResolvedLayer]
) -> Iterator[FieldError]:
    """Initial states of layers, directions or names that do not exist, or of a wrong size."""
    if initial is None:
        return
    if len(initial) != len(layers):
        yield FieldError("initial", f"{len(layers)} entries, one a layer", str(len(initial)))
        return
    for number, (states, layer) in enumerate(zip(initial, layers, strict=True)):
        field = f"initial[{number}]"
        yield from _state_mistakes(
            {name: value for name, value in states.items() if name != "backward"}, layer, field
        )
        backward = states.get("backward")
        if backward is None:
            continue
        if layer.layer.direction == "forward":
            yield FieldError(
                join(field, "backward"), "nothing, the layer reads forward only", "an object"
            )
        elif isinstance(backward, dict):
            yield from _state_mistakes(backward, layer, join(field, "backward"))


def _state_mistakes(
    states: dict[str, Any], layer: ResolvedLayer, field: str
) -> Iterator[FieldError]:
    sizes = layer.state_sizes()
    for name, value in states.items():
        where = join(field, name)
        if name not in sizes:
            known = ", ".join(sizes) or "no state"
            yield FieldError(where, f"one of {known}", repr(name))
        elif error := misshapen(where, value, (sizes[name],)):
            yield error


def label_mistakes(scene: Scene, rows: int, features: int, outputs: int) -> Iterator[FieldError]:
    """Labels that are too few or too many for what they name."""
    if scene.labels is None:
        return
    for name, wanted in (("inputs", rows), ("features", features), ("outputs", outputs)):
        labels = getattr(scene.labels, name)
        if labels is not None and len(labels) != wanted:
            yield FieldError(f"labels.{name}", f"{wanted} labels", str(len(labels)))
