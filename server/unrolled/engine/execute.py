"""Instructions on arrays: the vectorised sections at once, the loops step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Instruction, Ref
from .loops import Loop, Operand, operands
from .numeric import FUNCTIONS, softmax, softmax_pullback
from .spaces import Space
from .weights import Weights

Array = NDArray[Any]


class Executor:
    """One run's arrays and weights, and how a reference is found in them.

    `spaces`: the space that holds each buffer. `inputs`: x and v as (time, size[, batch]).
    `fixed`: scratch of one step and carried gradients by buffer.
    """

    def __init__(
        self, weights: Weights, batch: int | None, dtype: Any, spaces: Mapping[str, Space],
        inputs: Mapping[str, Array], fixed: Mapping[str, Array],
    ) -> None:  # fmt: skip
        self._weights = weights
        self._batch = batch
        self._dtype = dtype
        self._spaces = spaces
        self._inputs = inputs
        self._fixed = fixed
        self._axis = -1 if batch is None else -2

    def sections(self, instructions: Sequence[Instruction], start: int, stop: int) -> None:
        """Vectorised instructions over timesteps `start`…`stop`."""
        for instruction in instructions:
            if instruction.function == "dot":
                self._product(instruction, start, stop)
            elif instruction.function == "dot_transposed":
                self._transposed(instruction, start, stop)
            else:
                arrays = [self._span(o, instruction, start, stop) for o in operands(instruction)]
                self._function(instruction.function)(*arrays)

    def loop(self, loop: Loop, start: int, stop: int, *, reverse: bool = False) -> None:
        """A loop over timesteps `start`…`stop`, or from the last to the first."""
        functions = [self._bound(function, stack) for function, stack in loop.calls]
        fixed = [self._constant(operand) for operand in loop.fixed]
        lists = [self._each(ref, fold, start, stop) for ref, fold in loop.stepped]
        if reverse:
            lists = [views[::-1] for views in lists]
        loop.run(zip(*lists, strict=True), [*functions, *fixed])

    def _each(self, ref: Ref, fold: int, start: int, stop: int) -> list[Array]:
        if ref.buffer == "input":
            return list(self._inputs[ref.key][start:stop])
        if ref.buffer == "span":
            return self._spaces["span"].each(ref, fold, 0, stop - start)
        return self._spaces[ref.buffer].each(ref, fold, start, stop)

    def _span(self, operand: Operand, instruction: Instruction, start: int, stop: int) -> Any:
        ref, fold = operand
        if ref.buffer == "number":
            return ref.value
        if ref.buffer == "vector":
            vector = self._weights[ref.key]
            return vector if self._batch is None else vector[:, None]
        array = self._array(ref, fold, start, stop)
        if instruction.fold > 1 and fold == 1:
            return array[:, None]
        return array

    def _array(self, ref: Ref, fold: int, start: int, stop: int) -> Array:
        if ref.buffer in ("input", "input_grad"):
            held = self._inputs if ref.buffer == "input" else self._fixed
            return held[ref.key if ref.buffer == "input" else f"d{ref.key}"][start:stop]
        if ref.buffer == "span":
            return self._spaces["span"].span(ref, fold, 0, stop - start)
        return self._spaces[ref.buffer].span(ref, fold, start, stop)

    def _product(self, instruction: Instruction, start: int, stop: int) -> None:
        source = self._array(instruction.inputs[0], 1, start, stop)
        output = self._array(instruction.output, 1, start, stop)
        matrix = self._weights.stacks[instruction.stack]
        if self._batch is None:
            np.matmul(source, matrix.T, out=output)
        else:
            np.matmul(matrix, source, out=output)

    def _transposed(self, instruction: Instruction, start: int, stop: int) -> None:
        gradient = self._array(instruction.inputs[0], 1, start, stop)
        output = self._array(instruction.output, 1, start, stop)
        matrix = self._weights.stacks[instruction.stack]
        if self._batch is None:
            np.matmul(gradient, matrix, out=output)
        else:
            np.matmul(matrix.T, gradient, out=output)

    def _bound(self, function: str, stack: int) -> Callable[..., Any]:
        if function == "dot":
            return self._weights.stacks[stack].dot
        if function == "dot_transposed":
            return self._weights.stacks[stack].T.dot
        return self._function(function)

    def _function(self, name: str) -> Callable[..., Any]:
        axis = self._axis
        if name == "softmax":
            return lambda a, y: softmax(a, y, axis)
        if name == "softmax_pullback":
            return lambda g, y, out: softmax_pullback(g, y, out, axis)
        return FUNCTIONS[name]

    def _constant(self, operand: Operand) -> Array:
        ref, fold = operand
        tail = () if self._batch is None else (self._batch,)
        if ref.buffer == "number":
            return self._folded(np.full((ref.stop, *tail), ref.value, self._dtype), fold)
        if ref.buffer == "vector":
            vector = self._weights[ref.key]
            return vector if self._batch is None else vector[:, None]
        return self._folded(self._fixed[ref.buffer][ref.start : ref.stop], fold)

    @staticmethod
    def _folded(array: Array, fold: int) -> Array:
        if fold == 1:
            return array
        return array.reshape(fold, array.shape[0] // fold, *array.shape[1:])
