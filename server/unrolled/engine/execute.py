"""Instructions bound to arrays and run: vectorised sections at once, loops step by step.

Binding looks up every array once; a bound section is a list of calls. What is bound stays with
its space and is used again while the weights are the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Instruction, Ref
from .loops import Loop
from .numeric import FUNCTIONS, complex_exp, softmax, softmax_pullback
from .spaces import Space
from .weights import Weights

Array = NDArray[Any]
Call = tuple[Callable[..., Any], tuple[Any, ...]]


class Executor:
    """One run's arrays and weights, and how a reference is found in them.

    `spaces`: the space that holds each buffer. `fixed`: scratch of one step and carried
    gradients, by buffer, (rows[, batch]). `plan`: whose instructions these are.
    """

    def __init__(
        self, weights: Weights, batch: int | None, dtype: Any, spaces: Mapping[str, Space],
        fixed: Mapping[str, Array], plan: object = None,
    ) -> None:  # fmt: skip
        self.weights = weights
        self.plan = plan
        self.fixed = fixed
        self._batch = batch
        self._dtype = np.dtype(dtype)
        self._spaces = spaces
        self._axis = -1 if batch is None else -2
        self._calls: dict[tuple[str, int], list[Call]] = {}
        self._loops: dict[int, tuple[list[list[Array]], list[Any]]] = {}
        self._made: dict[str, Any] = {}
        self._keep = all(space.keep for space in spaces.values())

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once where views are kept."""
        found = self._made.get(key)
        if found is None:
            found = make()
            if self._keep:
                self._made[key] = found
        return found

    def section(
        self, name: str, instructions: Sequence[Instruction], start: int, stop: int
    ) -> None:
        """Vectorised instructions over timesteps `start`…`stop`."""
        calls = self._calls.get((name, start))
        if calls is None:
            calls = [self._call(instruction, start, stop) for instruction in instructions]
            if self._keep:
                self._calls[name, start] = calls
        for function, arguments in calls:
            function(*arguments)

    def loop(self, loop: Loop, start: int, stop: int, *, reverse: bool = False) -> None:
        """A loop over timesteps `start`…`stop`, or from the last to the first."""
        bound = self._loops.get(start)
        if bound is None:
            functions = [self._bound(function, stack) for function, stack in loop.calls]
            fixed = [self._constant(ref) for ref in loop.fixed]
            lists = [self._each(ref, start, stop) for ref in loop.stepped]
            if reverse:
                lists = [views[::-1] for views in lists]
            bound = (lists, [*functions, *fixed])
            if self._keep:
                self._loops[start] = bound
        lists, constants = bound
        loop.run(zip(*lists, strict=True), constants)

    def _each(self, ref: Ref, start: int, stop: int) -> list[Array]:
        if ref.buffer == "span":
            start, stop = 0, stop - start
        return self._spaces[ref.buffer].each(ref, start, stop)

    def _call(self, instruction: Instruction, start: int, stop: int) -> Call:
        if instruction.function in ("dot", "dot_transposed"):
            return self._product(instruction, start, stop)
        arguments = tuple(
            self._operand(ref, start, stop) for ref in (*instruction.inputs, instruction.output)
        )
        return self._function(instruction.function), arguments

    def _operand(self, ref: Ref, start: int, stop: int) -> Any:
        if ref.buffer == "number":
            return ref.value
        return self._vector(ref) if ref.buffer == "vector" else self._span(ref, start, stop)

    def _span(self, ref: Ref, start: int, stop: int) -> Array:
        if ref.buffer == "span":
            start, stop = 0, stop - start
        return self._spaces[ref.buffer].span(ref, start, stop)

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
        if name == "exp" and self._dtype.kind == "c":
            return complex_exp
        return FUNCTIONS[name]

    def _constant(self, ref: Ref) -> Array:
        if ref.buffer == "number":
            # A whole array: NumPy takes twice as long for a scalar operand.
            tail = () if self._batch is None else (self._batch,)
            return np.full((ref.stop, *tail), ref.value, self._dtype)
        if ref.buffer == "vector":
            return self._vector(ref)
        return self.fixed[ref.buffer][ref.start : ref.stop]

    def _vector(self, ref: Ref) -> Array:
        vector = self.weights.vectors[ref.start : ref.stop]
        return vector if self._batch is None else vector[:, None]
