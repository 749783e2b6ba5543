"""The cells: those of the catalogue, and descriptions of equations that somebody typed."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter

from unrolled.engine import cell as cells
from unrolled.engine import describe
from unrolled.engine.sizes import words
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.schema import InlineCell
from unrolled.web import bodies
from unrolled.web.api.answers import Json
from unrolled.web.problems import ProblemError
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/cells", tags=["cells"], default_response_class=Json)


@router.get("")
def all_cells() -> Json:
    """Every cell with its equations as text and its parameters."""
    return Json([_summary(cell) for cell in cells.catalogue().values()])


def _summary(cell: cells.Cell) -> dict[str, Any]:
    return {
        "id": cell.id,
        "title": dict(cell.title),
        "source": cell.source,
        "state": list(cell.state),
        "output": cell.output,
        "options": {name: list(allowed) for name, allowed in cell.options.items()},
        "text": cell.text,
        "sizes": {name: words(size) for name, size in cell.size_of.items() if name in cell.by_name},
        "parameters": [
            {"name": each.name, "shape": [words(size) for size in each.shape]}
            for each in cell.parameters
        ],
    }


@router.get("/{identifier}")
def one_cell(identifier: str) -> Json:
    """Equations in every notation, symbols, parameter shapes, graph."""
    if identifier not in cells.catalogue():
        known = ", ".join(cells.catalogue())
        raise ProblemError(404, f"expected one of {known}, got {shown(identifier)}")
    return Json(_described(identifier))


@lru_cache(maxsize=256)
def _described(identifier: str) -> dict[str, Any]:
    return describe.cell(identifier)


@router.post("")
async def typed_cell(document: Annotated[InlineCell, bodies.of(InlineCell)], given: Given) -> Json:
    """The description of a cell typed by a user; nothing is stored.

    A mistake in the equations is a 422 whose error tells line and column.
    """
    if document.id in cells.catalogue():
        raise DocumentError.of("id", "an id that the catalogue has not", f'"{document.id}"')
    return Json(await given.work.run(lambda: _describe(document)))


def _describe(document: InlineCell) -> dict[str, Any]:
    return describe.cell(cells.cell_from_document(document.model_dump()))
