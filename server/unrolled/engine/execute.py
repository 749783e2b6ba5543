"""Instructions bound to arrays and run: vectorised sections at once, loops step by step.

Binding looks up every array once; what is bound is a flat list of calls. It stays with its space
and is used again while the weights are the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import MIXING, Instruction, Ref
from .joint import Joint
from .loops import Loop
from .numeric import FUNCTIONS, complex_exp, softmax, softmax_pullback
from .reductions import Call
from .spaces import Space
from .weights import Weights

Array = NDArray[Any]
Part = Sequence[Instruction] | Loop
"""What is done to a stretch of time: instructions for all of it at once, or a loop over it."""


class Executor:
    """One run's arrays and weights, and the calls that work on them.

    `spaces`: the space that holds each buffer. `fixed`: scratch of one step, carried
    gradients and the like, by buffer, (rows[, batch]). `seeds`: where what is given goes, by name.
    `plan`: whose instructions these are. `pairs`: (stacks, gradients of the sums, what
    the matrices multiplied) of the products that follow.
    """

    def __init__(
        self, weights: Weights, batch: int | None, spaces: Mapping[str, Space],
        fixed: Mapping[str, Array], seeds: Mapping[str, Array], plan: object = None,
    ) -> None:  # fmt: skip
        self.weights = weights
        self.plan = plan
        self.fixed = fixed
        self.seeds = seeds
        self._batch = batch
        self._spaces = spaces
        self._axis = -1 if batch is None else -2
        self.pairs: list[tuple[tuple[int, ...], Array, Array]] = []
        self._joint = np.empty((0, 0))
        self._calls: list[Call] = []

    def serves(self, weights: Weights, plan: object) -> bool:
        """Whether this is what these weights and this plan are bound to."""
        return self.weights is weights and self.plan is plan

    def bind(self, parts: Iterable[Part], start: int, stop: int, *, reverse: bool = False) -> None:
        """Add the calls of all parts over timesteps `start`…`stop`; loops may run from the end."""
        for part in parts:
            if isinstance(part, Loop):
                if part.calls:
                    self._calls.append(self._loop(part, start, stop, reverse=reverse))
            else:
                self._calls += [self._call(instruction, start, stop) for instruction in part]

    def join(self, joint: Joint) -> None:
        """Make the joint matrix, and put it together anew at the beginning of every run."""
        state, given = (self.weights.stacks[n] for n in joint.stacks)
        columns = state.shape[1]
        self._joint = np.zeros((len(state), columns + given.shape[1] + 1), self.weights.dtype)
        self.add(np.copyto, (self._joint[:, :columns], state))
        self.add(np.copyto, (self._joint[:, columns:-1], given))
        for row, start, stop in joint.vectors:
            part = self._joint[row : row + stop - start, -1]
            self.add(np.copyto, (part, self.weights.vectors[start:stop]))

    def add(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Add a call."""
        self._calls.append((function, arguments))

    def run(self) -> None:
        """Everything bound, in order."""
        for function, arguments in self._calls:
            function(*arguments)

    def views(self, refs: Iterable[Ref]) -> list[Array]:
        """The rows of the first timestep, or those that do not move with time."""
        return [self._constant(ref) for ref in refs]

    def functions(self, calls: Iterable[tuple[str, int]]) -> list[Callable[..., Any]]:
        """What a loop's calls stand for."""
        return [self._bound(function, stack) for function, stack in calls]

    def _loop(self, loop: Loop, start: int, stop: int, *, reverse: bool) -> Call:
        constants = [*self.functions(loop.calls), *self.views(loop.fixed)]
        rows = [self._each(ref, start, stop, reverse=reverse) for ref in loop.stepped]
        return _stepped, (loop.run, rows, constants)

    def _each(self, ref: Ref, start: int, stop: int, *, reverse: bool) -> Sequence[Array] | Array:
        if ref.buffer == "span":
            start, stop = 0, stop - start
        return self._spaces[ref.buffer].each(ref, start, stop, reverse=reverse)

    def _call(self, instruction: Instruction, start: int, stop: int) -> Call:
        if instruction.function in ("dot", "dot_transposed"):
            return self._product(instruction, start, stop)
        single = instruction.output.stop - instruction.output.start == 1
        line = single and instruction.function not in MIXING
        arguments = tuple(
            self._operand(ref, start, stop, line=line)
            for ref in (*instruction.inputs, instruction.output)
        )
        return self._function(instruction.function), arguments

    def _operand(self, ref: Ref, start: int, stop: int, *, line: bool) -> Any:
        if ref.buffer == "number":
            return ref.value
        if ref.buffer == "vector":
            return self._vector(ref)
        return self._span(ref, start, stop, line=line)

    def _span(self, ref: Ref, start: int, stop: int, *, line: bool = False) -> Array:
        if ref.buffer == "span":
            start, stop = 0, stop - start
        space = self._spaces[ref.buffer]
        return space.line(ref, start, stop) if line else space.span(ref, start, stop)

    def _product(self, instruction: Instruction, start: int, stop: int) -> Call:
        """A stacked matrix on all timesteps: rows of one product, or a product for each."""
        source = self._span(instruction.inputs[0], start, stop)
        output = self._span(instruction.output, start, stop)
        matrix = self.weights.stacks[instruction.stack]
        if instruction.function == "dot_transposed":
            matrix = matrix.T
        pair = (source, matrix.T) if self._batch is None else (matrix, source)
        return np.matmul, (*pair, output)

    def _bound(self, function: str, stack: int) -> Callable[..., Any]:
        if function == "dot_joint":
            return self._joint.dot
        if function == "dot":
            return self.weights.stacks[stack].dot
        if function == "dot_transposed":
            return self.weights.stacks[stack].T.dot
        return self._function(function)

    def _function(self, name: str) -> Callable[..., Any]:
        axis = self._axis
        if name == "softmax":
            return lambda a, y: softmax(a, y, axis)
        if name == "softmax_pullback":
            return lambda g, y, out: softmax_pullback(g, y, out, axis)
        if name == "exp" and self.weights.dtype.kind == "c":
            return complex_exp
        return FUNCTIONS[name]

    def _constant(self, ref: Ref) -> Array:
        if ref.buffer == "number":
            # A whole array: NumPy takes twice as long for a scalar operand.
            tail = () if self._batch is None else (self._batch,)
            return np.full((ref.stop, *tail), ref.value, self.weights.dtype)
        if ref.buffer == "vector":
            return self._vector(ref)
        if ref.buffer in self.fixed:
            return self.fixed[ref.buffer][ref.start : ref.stop]
        return self._spaces[ref.buffer].first(ref)

    def _vector(self, ref: Ref) -> Array:
        vector = self.weights.vectors[ref.start : ref.stop]
        return vector if self._batch is None else vector[:, None]


def _stepped(run: Callable[..., None], rows: Sequence[Sequence[Array]], constants: Any) -> None:
    """A loop over rows that move with time."""
    run(zip(*rows, strict=True), constants)
