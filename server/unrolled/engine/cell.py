"""A cell: named equations, the state they carry, and what follows from the two.

Read from one document (a catalogue file or a scene's inline cell), checked whole, frozen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from . import parse
from .errors import CellError, EngineError
from .expressions import Name, names, rename
from .operations import OPERATIONS
from .parse import Equation
from .sizes import INPUTS, Size, infer

MAX_EQUATIONS = 64
FOLDER = files(__package__).joinpath("cells")
"""Where the catalogue is: one file a cell."""
_KNOWN = {
    "id", "title", "source", "state", "output", "equations", "options", "sizes",
    "roles", "diagram", "symbols", "order", "inputs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A free name of the equations: a matrix (rows, columns) or a vector (entries,)."""

    name: str
    shape: tuple[Size, ...]


@dataclass(frozen=True)
class Cell:
    """A recurrent cell as data.

    `equations` stand in their order of display; `evaluation` puts them in an order in which
    each needs only earlier ones. `given` has the inputs with their sizes: ``x`` and ``v``, but for
    the parts in ``parts/``. `options` maps an option to the primitives it may be, the first being
    the default; `with_options` chooses. `hints` are for the diagram only.
    """

    id: str
    state: tuple[str, ...]
    output: str
    text: str
    equations: tuple[Equation, ...]
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declared_sizes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Size] = field(default_factory=lambda: INPUTS)
    title: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    symbols: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Equation]:
        """Equation by the name of its value, in order of display."""
        return {equation.name: equation for equation in self.equations}

    @cached_property
    def evaluation(self) -> tuple[Equation, ...]:
        """The equations in an order in which they can be computed."""
        return _evaluation(self)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Matrices and vectors in order of appearance."""
        sizes, shapes = self._inferred
        return tuple(
            Parameter(name, shapes[name] if name in shapes else (sizes[name],))
            for name in self._free
        )

    @cached_property
    def size_of(self) -> dict[str, Size]:
        """Size of every value and of every input."""
        sizes, _ = self._inferred
        return {name: sizes[name] for name in (*self.given, *self.by_name)}

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Which of what it is given, ``x`` and ``v``, the equations use."""
        used = {name.id for e in self.equations for name in names(e.expression)}
        return tuple(name for name in self.given if name in used)

    def with_options(self, chosen: Mapping[str, str]) -> Cell:
        """The cell with every option replaced by a primitive, `chosen` or the default.

        Raises:
            EngineError: an unknown option, or a primitive that the option may not be.
        """
        for option, primitive in chosen.items():
            allowed = self.options.get(option)
            if allowed is None:
                known = ", ".join(self.options) or "none (this cell has no options)"
                raise EngineError("options", f"one of {known}", repr(option))
            if primitive not in allowed:
                raise EngineError(
                    f"options.{option}", "one of " + ", ".join(allowed), repr(primitive)
                )
        functions = {name: chosen.get(name, allowed[0]) for name, allowed in self.options.items()}
        equations = tuple(
            replace(e, expression=rename(e.expression, functions)) for e in self.equations
        )
        return replace(self, equations=equations, options={})

    @cached_property
    def _free(self) -> tuple[str, ...]:
        seen = (name.id for e in self.equations for name in names(e.expression))
        known = {*self.by_name, *self.given}
        return tuple(dict.fromkeys(name for name in seen if name not in known))

    @cached_property
    def _inferred(self) -> tuple[dict[str, Size], dict[str, tuple[Size, Size]]]:
        plain = self.with_options({})
        matrices = [name for name in self._free if name[0].isupper()]
        return infer(plain.equations, matrices, {**self.given, **self.declared_sizes})


def cell_from_document(document: Mapping[str, Any]) -> Cell:
    """A cell from its document: the content of a cell file, or a scene's inline cell.

    Raises:
        CellError: names the field, and for equations line and column.
    """
    for key in document:
        if key not in _KNOWN:
            raise CellError("one of " + ", ".join(sorted(_KNOWN)), repr(key), field=str(key)[:40])
    identifier = _text(document, "id")
    if not parse.NAME.fullmatch(identifier):
        raise CellError("a letter and up to 31 letters, digits or _", repr(identifier), field="id")
    options = _options(document.get("options", {}))
    text = _text(document, "equations")
    cell = Cell(
        id=identifier,
        state=_names(document, "state"),
        output=_text(document, "output"),
        text=text.strip("\n"),
        equations=parse.equations(text, tuple(options)),
        options=options,
        declared_sizes=_sizes(document.get("sizes", {}), "sizes"),
        given=_sizes(document["inputs"], "inputs") if "inputs" in document else INPUTS,
        title=document.get("title", {"en": identifier, "zh": identifier}),
        source=document.get("source", ""),
        roles=document.get("roles", {}),
        hints=document.get("diagram", {}),
        symbols=document.get("symbols", {}),
    )
    _check(cell)
    return cell


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Cell]:
    """The cells that come with the engine, by id; one file each in ``cells/``."""
    documents = [
        tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(FOLDER.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    ]
    documents.sort(key=lambda d: (d.get("order", 100), d["id"]))
    return {document["id"]: cell_from_document(document) for document in documents}


def _check(cell: Cell) -> None:
    if len(cell.equations) > MAX_EQUATIONS:
        raise CellError(f"at most {MAX_EQUATIONS} equations", str(len(cell.equations)))
    named = [(name, "state") for name in cell.state] + [(cell.output, "output")]
    named += [(name, f"sizes.{str(name)[:40]}") for name in cell.declared_sizes]
    for name, place in named:
        if name not in cell.by_name:
            raise CellError("a value that an equation defines", repr(name), field=place)
    for equation in cell.equations:
        for used in names(equation.expression):
            _check_previous(cell, used)
    for name in cell._free:
        if name in cell.options:
            raise CellError("an option called as a function", repr(name))
    _ = cell.evaluation, cell.parameters


def _check_previous(cell: Cell, name: Name) -> None:
    if name.previous and name.id not in cell.state:
        listed = ", ".join(cell.state) or "none"
        raise CellError(
            f"[t-1] of a state ({listed})", f"{name.key}", line=name.at.line, column=name.at.column
        )


def _evaluation(cell: Cell) -> tuple[Equation, ...]:
    """Topological order by depth-first search; a path back to itself is a cycle."""
    order: list[Equation] = []
    done: dict[str, bool] = {}

    def visit(name: Name, trail: tuple[str, ...]) -> None:
        if name.previous or name.id not in cell.by_name or done.get(name.id):
            return
        if name.id in trail:
            circle = " → ".join((*trail[trail.index(name.id) :], name.id))
            raise CellError(
                "no cycle within a timestep", circle, line=name.at.line, column=name.at.column
            )
        equation = cell.by_name[name.id]
        for other in names(equation.expression):
            visit(other, (*trail, name.id))
        done[name.id] = True
        order.append(equation)

    for equation in cell.equations:
        visit(Name(equation.name, at=equation.at), ())
    return tuple(order)


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CellError("text", "nothing" if value is None else repr(value)[:40], field=key)
    return value


def _names(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = document.get(key, [])
    if not isinstance(value, list | tuple) or not all(isinstance(n, str) for n in value):
        raise CellError("a list of names", repr(value)[:40], field=key)
    for name in value:
        parse.check_name(name, field=key)
    if len(set(value)) != len(value):
        raise CellError("each state once", ", ".join(value)[:80], field=key)
    return tuple(value)


def _options(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise CellError("a table of options", repr(value)[:40], field="options")
    for name, allowed in value.items():
        parse.check_name(name, field=f"options.{str(name)[:40]}")
        if not isinstance(allowed, list | tuple) or not allowed:
            raise CellError("a list of primitives", repr(allowed)[:40], field=f"options.{name}")
        for primitive in allowed:
            row = OPERATIONS.get(primitive) if isinstance(primitive, str) else None
            if row is None or row.arity != 1 or primitive == "negative":
                raise CellError(
                    "primitives of one argument", repr(primitive)[:40], field=f"options.{name}"
                )
    return {name: tuple(allowed) for name, allowed in value.items()}


def _sizes(value: Any, field: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise CellError("a table of sizes", repr(value)[:40], field=field)
    for name, size in value.items():
        if not isinstance(size, str) or not parse.NAME.fullmatch(size):
            place = f"{field}.{str(name)[:40]}"
            raise CellError("the name of a size", repr(size)[:40], field=place)
    return dict(value)
