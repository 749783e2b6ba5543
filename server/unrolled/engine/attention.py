"""Attention: how a decoder's queries look back at an encoder's outputs.

Its formulas are parts in the language of cells (``parts/attention*.toml``), without state: one says
what a score is, for each kind; the other makes weights of scores and a context of weights. The
encoder's outputs are not known before it has run, so they enter as a matrix ``K`` that is set for
each run, a row a key; a name ``T_…`` is a transpose, ``T_K`` that of the keys and ``T_v_a`` a
learned vector as a row. A score that is no product with ``K`` sees one key ``k`` at a time and is
computed for every pair of a query and a key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cell import Cell, cell_from_document
from .errors import EngineError
from .program import Program, compile_cell
from .records import Gradients, Run
from .sizes import entries
from .weights import Weights

Array = NDArray[Any]
KINDS = ("dot", "general", "additive")
KEYS = "K"
TRANSPOSED = "T_"


@lru_cache(maxsize=8)
def part(name: str) -> Cell:
    """The part of that name: ``attention``, or the scores of a kind, ``attention_dot``."""
    text = files(__package__).joinpath("parts", f"{name}.toml").read_text("utf-8")
    return cell_from_document(tomllib.loads(text))


@lru_cache(maxsize=8)
def whole(kind: str) -> Cell:
    """Scores of a kind, weights and context as one cell, to be described and drawn.

    Raises:
        EngineError: no such kind.
    """
    if kind not in KINDS:
        raise EngineError("attention", "one of " + ", ".join(KINDS), repr(kind)[:40])
    scores, weighed = part(f"attention_{kind}"), part("attention")
    symbols = {**weighed.symbols.get("any", {}), **scores.symbols.get("any", {})}
    return cell_from_document({
        "id": weighed.id, "title": scores.title, "source": scores.source, "state": [],
        "output": weighed.output, "equations": f"{scores.text}\n{weighed.text}",
        "inputs": scores.given, "sizes": {**scores.declared_sizes, **weighed.declared_sizes},
        "symbols": {**scores.symbols, "any": symbols},
    })  # fmt: skip


def own_name(name: str) -> str:
    """The parameter that a name of the equations stands for: ``W_a`` for ``T_W_a``."""
    return name.removeprefix(TRANSPOSED)


def as_written(name: str, array: Array) -> Array:
    """A parameter in the form that the equations' `name` has: a transpose, a vector as a row."""
    return np.atleast_2d(array.T) if name.startswith(TRANSPOSED) else array


@dataclass(frozen=True)
class AttentionSpec:
    """A kind of `KINDS`, the entries of a query and of a key, and of what an additive score
    compares the two in."""

    kind: str
    query: int
    key: int
    size: int

    @property
    def cell(self) -> Cell:
        """The part that scores."""
        return part(f"attention_{self.kind}")

    @property
    def pairs(self) -> bool:
        """Whether scores are made for one key at a time."""
        return "k" in self.cell.inputs

    def dimensions(self, keys: int) -> dict[str, int]:
        """The sizes at which the parts work on so many keys."""
        units = self.size if self.pairs else self.key
        return {"query": self.query, "key": self.key, "keys": keys, "units": units}

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """What is learned, by name: ``W_a`` (query, key); ``v_a`` (size,), ``W_q``, ``W_k``."""
        sizes = self.dimensions(1)
        found: dict[str, tuple[int, ...]] = {}
        for parameter in self.cell.parameters:
            shape = tuple(entries(size, sizes) for size in parameter.shape)
            name = own_name(parameter.name)
            if name != KEYS:
                turned = name != parameter.name
                found[name] = (
                    shape[:0:-1] if name[0].islower() else shape[::-1] if turned else shape
                )
        return found


@dataclass
class _Column:
    """The runs over one sequence of a batch."""

    scores: Run
    weighed: Run


class AttentionRun:
    """What was recorded: `values` are ``scores`` and ``alpha`` (queries, keys[, batch]) and
    ``context`` (queries, entries of a key[, batch])."""

    def __init__(self, columns: list[_Column], batch: int | None) -> None:
        self.columns = columns
        self.batch = batch

    @cached_property
    def values(self) -> dict[str, Array]:
        """Every named value."""
        names = ("alpha", "context")
        found = {"scores": [column.weighed.inputs["scores"] for column in self.columns]}
        found |= {name: [each.weighed.value(name) for each in self.columns] for name in names}
        return {name: joined(arrays, self.batch) for name, arrays in found.items()}


@dataclass
class AttentionGradients:
    """dL/d(everything) of a run: `values` as the run's, `parameters` by name, `queries` (queries,
    entries[, batch]), `keys` (keys, entries[, batch])."""

    values: dict[str, Array]
    parameters: dict[str, Array]
    queries: Array
    keys: Array


class Attention:
    """Attention of one kind with its weights, which have the forms of `AttentionSpec.shapes`."""

    def __init__(self, spec: AttentionSpec, dtype: Any) -> None:
        whole(spec.kind)
        if spec.kind == "dot" and spec.query != spec.key:
            raise EngineError("attention", f"a key of {spec.query} entries, as the query has",
                              str(spec.key))  # fmt: skip
        self.spec = spec
        self.dtype = np.dtype(dtype)
        self.weights = {name: np.zeros(shape, dtype) for name, shape in spec.shapes.items()}

    @property
    def cells(self) -> tuple[Cell, Cell]:
        """The parts: how scores are made, what becomes of them."""
        return self.spec.cell, part("attention")

    def forward(self, queries: Array, keys: Array) -> AttentionRun:
        """Let every query look at all keys; both are (time, entries[, batch])."""
        batch = None if queries.ndim == 2 else queries.shape[2]
        columns = [self._one(query, key) for query, key in zip(
            split(queries), split(keys), strict=True)]  # fmt: skip
        return AttentionRun(columns, batch)

    def _one(self, queries: Array, keys: Array) -> _Column:
        program = self._program(self.spec.cell, 1 if self.spec.pairs else len(keys))
        inputs = {"q": queries}
        if self.spec.pairs:
            inputs = {"q": np.repeat(queries, len(keys), axis=0),
                      "k": np.tile(keys, (len(queries), 1))}  # fmt: skip
        scores = program.forward(self._bound(program, keys), inputs, {}, len(inputs["q"]))
        table = scores.value("scores").reshape(len(queries), len(keys))
        weigh = self._program(part("attention"), len(keys))
        weighed = weigh.forward(self._bound(weigh, keys), {"scores": table}, {}, len(queries))
        return _Column(scores, weighed)

    def backward(self, run: AttentionRun, context: Array) -> AttentionGradients:
        """Gradients, given dL/d(context) (queries, entries[, batch])."""
        found = [self._one_back(column, each) for column, each in zip(
            run.columns, split(context), strict=True)]  # fmt: skip
        return AttentionGradients(
            {name: joined([each.values[name] for each in found], run.batch)
             for name in found[0].values},
            {name: np.add.reduce([each.parameters[name] for each in found])
             for name in self.weights},
            joined([each.queries for each in found], run.batch),
            joined([each.keys for each in found], run.batch),
        )  # fmt: skip

    def _one_back(self, column: _Column, context: Array) -> AttentionGradients:
        weighed = column.weighed.program.backward(column.weighed, {"context": context})
        table = weighed.inputs["scores"]
        given = {"scores": table.reshape(-1, 1) if self.spec.pairs else table}
        scored = column.scores.program.backward(column.scores, given)
        values = {"scores": table, **weighed.values}
        queries, keys = scored.inputs["q"], np.array(weighed.parameters[TRANSPOSED + KEYS]).T
        if self.spec.pairs:
            pairs = (*table.shape, -1)
            queries = queries.reshape(pairs).sum(axis=1)
            keys = keys + scored.inputs["k"].reshape(pairs).sum(axis=0)
        else:
            keys = keys + scored.parameters[KEYS]
        return AttentionGradients(values, self._learned(scored), queries, keys)

    def _program(self, cell: Cell, keys: int) -> Program:
        return compile_cell(cell, {}, self.spec.dimensions(keys))

    def _bound(self, program: Program, keys: Array) -> Weights:
        """Weights of one run: the keys, and what is learned."""
        weights = program.weights(self.dtype)
        held: Mapping[str, Array] = {**self.weights, KEYS: keys}
        for name in weights:
            weights[name][...] = as_written(name, held[own_name(name)])
        return weights

    def _learned(self, found: Gradients) -> dict[str, Array]:
        """Gradients of what is learned, in its own form."""
        return {
            own_name(name): np.array(as_written(name, array)).reshape(
                self.weights[own_name(name)].shape)
            for name, array in found.parameters.items() if own_name(name) != KEYS
        }  # fmt: skip


def split(array: Array) -> list[Array]:
    """The sequences of a batch, which stands last; one where there is none."""
    return [array] if array.ndim == 2 else [array[..., n] for n in range(array.shape[2])]


def joined(arrays: list[Array], batch: int | None) -> Array:
    """What `split` took apart."""
    return np.ascontiguousarray(arrays[0]) if batch is None else np.stack(arrays, axis=-1)
