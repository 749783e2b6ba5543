"""Layers of a scene with their cell found, their sizes known and their weights judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unrolled.engine import cell as cells
from unrolled.engine.errors import CellError, EngineError
from unrolled.engine.sizes import entries
from unrolled.scenes import weights
from unrolled.scenes.errors import DocumentError, FieldError, join, shown
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import InlineCell, Layer, Readout
from unrolled.scenes.weights import Array, Shape


@dataclass(frozen=True)
class ResolvedLayer:
    """A layer whose every size is a number.

    `field` is its place in the document, `address` the beginning of its values' addresses;
    `cell` still has its options open, `layer.options` chooses them.
    """

    layer: Layer
    cell: cells.Cell
    dimensions: Mapping[str, int]
    shapes: Mapping[str, Shape]
    field: str
    address: str

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions in which the layer reads, in the order of the wire."""
        chosen = self.layer.direction
        return ("forward", "backward") if chosen == "bidirectional" else (chosen,)

    @property
    def outputs(self) -> int:
        """Entries of what the layer hands on at each step."""
        own = entries(self.cell.size_of[self.cell.output], self.dimensions)
        return own * (2 if self.layer.merge == "concat" else 1)

    def state_sizes(self) -> dict[str, int]:
        """Entries of every state, by name."""
        return {name: entries(self.cell.size_of[name], self.dimensions) for name in self.cell.state}

    def recorded(self) -> int:
        """Numbers recorded at one step, all directions."""
        own = sum(entries(self.cell.size_of[name], self.dimensions) for name in self.cell.by_name)
        return own * len(self.directions)

    def parameters(self) -> int:
        """Numbers in the weights of all directions."""
        return weights.count(self.shapes) * len(self.directions)

    def weights(self, direction: str, seed: int) -> dict[str, Array]:
        """Effective weights of one direction."""
        second = direction == "backward" and self.layer.direction == "bidirectional"
        return weights.effective(
            self.shapes,
            self.layer.backward_weights if second else self.layer.weights,
            seed=seed,
            address=f"{self.address}.{direction}",
            fan=self.layer.units,
        )

    def mistakes(self) -> Iterator[FieldError]:
        """Wrong weights of the layer, and fields that do not go together."""
        layer = self.layer
        yield from weights.mistakes(self.shapes, layer.weights, join(self.field, "weights"))
        if layer.direction == "bidirectional":
            yield from weights.mistakes(
                self.shapes, layer.backward_weights, join(self.field, "backward_weights")
            )
            return
        for name in ("merge", "backward_weights"):
            if getattr(layer, name):
                yield FieldError(
                    join(self.field, name),
                    "nothing, unless direction is bidirectional",
                    shown(getattr(layer, name)),
                )


def resolve(
    layers: list[Layer], width: int, static: int | None, limits: Limits, field: str, address: str
) -> list[ResolvedLayer]:
    """The layers of one stack, fed `width` numbers a step; raises `DocumentError`.

    `static` is the length of the scene's static vector, None without one.
    """
    found: list[ResolvedLayer] = []
    for number, layer in enumerate(layers):
        where = f"{field}[{number}]"
        resolved = _one(layer, width, static, limits, where, f"{address}.{number}")
        found.append(resolved)
        width = resolved.outputs
    return found


def _one(
    layer: Layer, width: int, static: int | None, limits: Limits, field: str, address: str
) -> ResolvedLayer:
    cell = find_cell(layer, field)
    sizes = _sizes(layer, cell, limits, field)
    if "v" in cell.inputs and static is None:
        raise DocumentError.of("static", f"a vector, the cell {cell.id} uses v", "nothing")
    dimensions = {"input": width, "units": layer.units, **sizes}
    if static is not None:
        dimensions["static"] = static
    shapes = {
        parameter.name: tuple(entries(extent, dimensions) for extent in parameter.shape)
        for parameter in cell.parameters
    }
    return ResolvedLayer(layer, cell, dimensions, shapes, field, address)


def find_cell(layer: Layer, field: str) -> cells.Cell:
    """The layer's cell, from the catalogue or written out, in the options that the layer has.

    Raises:
        DocumentError: an unknown cell, an id that is taken, mistaken equations or options.
    """
    known = cells.catalogue()
    reference = layer.cell
    if isinstance(reference, InlineCell):
        if reference.id in known:
            raise DocumentError.of(
                f"{field}.cell.id", "an id that the catalogue has not", f'"{reference.id}"'
            )
        cell = inline(reference, f"{field}.cell")
    elif reference in known:
        cell = known[reference]
    else:
        raise DocumentError.of(f"{field}.cell", "one of " + ", ".join(known), shown(reference))
    try:
        cell.with_options(layer.options)
    except EngineError as error:
        raise DocumentError.of(f"{field}.{error.field}", error.expected, error.got) from None
    return cell


def inline(reference: InlineCell, field: str) -> cells.Cell:
    """The cell of a scene's own.

    Raises:
        DocumentError: a mistake in it; one in its equations tells line and column.
    """
    try:
        return cells.cell_from_document(reference.model_dump())
    except CellError as error:
        where = join(field, error.field)
        got = error.got
        if error.field == "equations":
            got = f"{got} (line {error.line}, column {error.column})"
        raise DocumentError.of(where, error.expected, got) from None


def _sizes(layer: Layer, cell: cells.Cell, limits: Limits, field: str) -> dict[str, int]:
    """Sizes that the cell asks the layer for, `units` where the layer is silent."""
    own = {"input", "static", "units"}
    wanted = {name: layer.units for name in cell.declared_sizes.values() if name not in own}
    errors = [limits.exceeded("units", f"{field}.units", layer.units)]
    for name, value in layer.sizes.items():
        where = join(field, name)
        if name not in wanted:
            errors.append(FieldError(where, f"no such field for the cell {cell.id}", shown(value)))
        elif isinstance(value, bool) or not isinstance(value, int) or value < 1:
            errors.append(FieldError(where, "a whole number of at least 1", shown(value)))
        else:
            errors.append(limits.exceeded("units", where, value))
            wanted[name] = value
    if mistakes := [error for error in errors if error is not None]:
        raise DocumentError(mistakes)
    return wanted


@dataclass(frozen=True)
class ResolvedReadout:
    """A readout that knows how many numbers it reads."""

    readout: Readout
    width: int
    field: str
    address: str

    @property
    def shapes(self) -> dict[str, Shape]:
        """V by rows of outputs, and b."""
        return {"V": (self.readout.outputs, self.width), "b": (self.readout.outputs,)}

    def weights(self, seed: int) -> dict[str, Array]:
        """Effective V and b."""
        return weights.effective(
            self.shapes, self.readout.weights, seed=seed, address=self.address, fan=self.width
        )

    def mistakes(self, limits: Limits) -> Iterator[FieldError]:
        """Wrong weights, too many outputs."""
        error = limits.exceeded("units", join(self.field, "outputs"), self.readout.outputs)
        if error is not None:
            yield error
            return
        yield from weights.mistakes(self.shapes, self.readout.weights, join(self.field, "weights"))
