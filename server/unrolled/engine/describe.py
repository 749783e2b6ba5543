"""The description of a cell as pages receive it: everything derived from its equations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import code, diagram, latex, mathml, typeset, wording
from .boxes import Box, Sym
from .cell import Cell, catalogue
from .errors import EngineError
from .notation import Script, notations, script
from .sizes import words

Json = dict[str, Any]


def cell(cell_or_id: Cell | str, options: Mapping[str, str] | None = None) -> Json:
    """A cell's description with `options` chosen, the defaults for those left out.

    What is printed is what a layer with these options computes: ``identity(a)`` prints as its
    argument. ``text``, the equations' ``source`` and ``options`` stay as the cell has them.

    Raises:
        EngineError: an unknown id or option, or (CellError) symbols that are none.
    """
    whole = _found(cell_or_id)
    chosen = {
        name: (options or {}).get(name, allowed[0]) for name, allowed in whole.options.items()
    }
    plain = whole.with_options({**(options or {}), **chosen})
    roles = diagram.roles(whole)
    scripts = {name: script(plain, name) for name in notations()}
    return {
        "id": whole.id,
        "title": dict(whole.title),
        "source": whole.source,
        "state": list(whole.state),
        "output": whole.output,
        "options": {name: list(allowed) for name, allowed in whole.options.items()},
        "chosen": chosen,
        "text": whole.text,
        "equations": _equations(whole, plain, scripts, roles),
        "evaluation": [equation.name for equation in whole.evaluation],
        "parameters": [
            {
                "name": p.name,
                "shape": [words(s) for s in p.shape],
                "role": roles.get(p.name, "plain"),
            }
            for p in whole.parameters
        ],
        "symbols": {name: _symbols(plain, entry, roles) for name, entry in scripts.items()},
        "graph": diagram.graph(whole),
        "code": {"numpy": code.numpy(plain), "pytorch": code.torch(plain)},
    }


def _found(cell_or_id: Cell | str) -> Cell:
    if isinstance(cell_or_id, Cell):
        return cell_or_id
    found = catalogue().get(cell_or_id)
    if found is None:
        raise EngineError("cell", "one of " + ", ".join(catalogue()), repr(cell_or_id)[:40])
    return found


def _equations(
    whole: Cell, plain: Cell, scripts: Mapping[str, Script], roles: Mapping[str, str]
) -> list[Json]:
    return [
        {
            "name": written.name,
            "role": roles.get(written.name, "plain"),
            "source": written.source,
            "size": words(whole.size_of[written.name]),
            "notations": {
                name: _set(typeset.equation(equation, entry), entry, roles, whole=True)
                for name, entry in scripts.items()
            },
        }
        for written, equation in zip(whole.equations, plain.equations, strict=True)
    ]


def _symbols(plain: Cell, entry: Script, roles: Mapping[str, str]) -> Json:
    """The symbol of every name, and of every state one step earlier as ``h[t-1]``."""
    boxes = {name: typeset.symbol(name, entry) for name in entry.symbols if _used(plain, name)}
    boxes |= {f"{name}[t-1]": typeset.symbol(name, entry, previous=True) for name in plain.state}
    return {key: _set(box, entry, roles) for key, box in boxes.items()}


def _used(plain: Cell, name: str) -> bool:
    return name in plain.inputs or name not in ("x", "v")


def _set(box: Box | Sym, entry: Script, roles: Mapping[str, str], whole: bool = False) -> Json:
    time = entry.notation.time
    markup = mathml.math if whole else mathml.render
    return {
        "latex": latex.render(box, time),
        "mathml": markup(box, time, roles),
        "text": wording.render(box, time),
    }
