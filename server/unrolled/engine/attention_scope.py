"""Attention as explanations see it: one step of the decoder, looking at the encoder's outputs.

In the equations ``q`` is the decoder's top output and a row of ``K``, or ``k``, one of the
encoder's; leaves lead to these, so that every number of an arithmetic can be opened in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .arithmetic import Leaf, Node, Product
from .attention import KEYS, TRANSPOSED, Attention, as_written, own_name
from .encoder_decoder import EncoderDecoder
from .encoder_decoder_trace import ATTENTION, EncoderDecoderTrace
from .explain_backward import uses
from .expressions import Apply, Name, names
from .scope import Array
from .trace import Trace
from .trace_scope import DECODER, ENCODER, TraceScope, joined
from .unfold import unfold


@dataclass(frozen=True)
class AttentionScope(TraceScope):
    """One step of attention: its weights and its context, or, as `scoring`, its scores.

    `key` is the encoder's step in sight where a score sees one key at a time.
    """

    key: int | None = None

    @property
    def _whole(self) -> EncoderDecoderTrace:
        assert isinstance(self.trace, EncoderDecoderTrace)
        return self.trace

    @property
    def _attention(self) -> Attention:
        network = self.trace.network
        assert isinstance(network, EncoderDecoder)
        assert network.attention is not None
        return network.attention

    def scorings(self) -> Iterator[AttentionScope]:
        """The scopes in which scores are computed: one, or one for each key."""
        keys = range(len(self._whole.keys)) if self._attention.spec.pairs else [None]
        return (self.scoring(key) for key in keys)

    def scoring(self, key: int | None) -> AttentionScope:
        """The scope of the equation that scores, the key in sight or all of them."""
        held = replace(self.held, cell=self._attention.spec.cell)
        return replace(self, held=held, key=key)

    @property
    def stack(self) -> str:
        """Attention is the decoder's."""
        return DECODER

    def value(self, name: str, *, previous: bool = False) -> Array:
        """(size,) of a value, the query or the key in sight."""
        if name == "k":
            return self._whole.keys[self.key]
        if name == "q":
            top = self._query
            return top.value(top.cell.output)
        return self._seen(super().value(name))

    def parameter(self, name: str) -> Array:
        """A matrix or a vector as the equations have it; ``K`` are the encoder's outputs."""
        own = own_name(name)
        return as_written(name, self._whole.keys if own == KEYS else super().parameter(own))

    def gradient(self, name: str) -> Array | None:
        """(size,) dL/d(named value)."""
        held = super().gradient(name)
        return None if held is None else self._seen(held)

    def leaf(self, name: str, unit: int, *, previous: bool = False) -> Leaf:
        """One entry of a value; queries and keys are outputs of the decoder and the encoder."""
        if name == "k":
            assert self.key is not None
            return self._key(self.key, unit)
        if name == "q":
            return self._query.leaf(self._query.cell.output, unit)
        if self.key is not None:
            return replace(self, key=None).leaf(name, self.key)
        return super().leaf(name, unit)

    def adjoint(self, name: str, unit: int) -> Leaf:
        """One entry of a gradient."""
        if self.key is not None:
            return replace(self, key=None).adjoint(name, self.key)
        return super().adjoint(name, unit)

    def entry(self, name: str, *indices: int) -> Leaf:
        """One entry of a parameter in its own form, or of an encoder's output."""
        own = own_name(name)
        placed = indices if own == name else indices[::-1]
        if own == KEYS:
            return self._key(*placed)
        return super().entry(own, *placed[: super().parameter(own).ndim])

    def given(self, name: str, unit: int) -> Node | None:
        """What a score is made of."""
        if name != "scores":
            return None
        expression = self._attention.spec.cell.by_name[name].expression
        if self._attention.spec.pairs:
            return unfold(expression, 0, self.scoring(unit))
        return unfold(expression, unit, self.scoring(None))

    def outside(self, name: str, unit: int) -> list[Node]:
        """What the readout, or the loss, passes back to the context."""
        return self.answers("context", unit) if name == "context" else []

    def using(self) -> Iterator[AttentionScope]:
        """Parameters stand in the equation that scores."""
        return self.scorings()

    def written(self, name: str, entry: tuple[int, ...]) -> tuple[Name, int, int | None]:
        """A parameter that stands in the equation as a transpose has its entry turned."""
        turned = Name(TRANSPOSED + name)
        if not any(turned in names(each.expression) for each in self.cell.equations):
            return super().written(name, entry)
        row, column = (0, *entry)[-2:] if len(entry) == 1 else entry[::-1]
        return turned, row, column

    def matrix_uses(self, row: int, column: int) -> Iterator[Node]:
        """What reaches K[row, column] from each product that it takes part in at this step."""
        for scope in (self.scoring(None), self):
            for equation in scope.cell.equations:
                match equation.expression:
                    case Apply("matmul", (Name(id=name), operand)) if own_name(name) == KEYS:
                        above, below = (row, column) if name == KEYS else (column, row)
                        factors = scope.adjoint(equation.name, above), unfold(operand, below, scope)
                        yield Product(factors)

    @property
    def _query(self) -> TraceScope:
        """The decoder's top layer."""
        (top,) = self.layer(len(self.trace.layers) - 1)
        return top

    def _key(self, step: int, unit: int) -> Leaf:
        """An entry of the encoder's output at one of its steps, as attention calls it."""
        scopes = self.layer(len(self._whole.encoder) - 1, ENCODER)
        node = joined([replace(scope, t=step) for scope in scopes], unit)
        label = f"k[{unit}]"
        return replace(node, label=label) if isinstance(node, Leaf) else Leaf(label, node.value)

    def _seen(self, array: Array) -> Array:
        """Of all scores the one for the key in sight."""
        return array if self.key is None else np.asarray(array[self.key : self.key + 1])


def at(trace: Trace, t: int, home: str) -> AttentionScope:
    """Attention at a step of the decoder; only where the network has it."""
    assert isinstance(trace, EncoderDecoderTrace)
    assert trace.attention is not None
    return AttentionScope(trace, ATTENTION, trace.attention, t, home)


def to_query(trace: Trace, t: int, unit: int, home: str) -> list[Node]:
    """What attention passes back to an entry of the decoder's output at step `t`."""
    if not isinstance(trace, EncoderDecoderTrace) or trace.attention is None:
        return []
    scopes = at(trace, t, home).scorings()
    return [term for scope in scopes for term in uses(Name("q"), unit, scope)]


def to_key(trace: Trace, t: int, unit: int, home: str) -> list[Node]:
    """What attention passes back to an entry of the encoder's output at its step `t`."""
    if not isinstance(trace, EncoderDecoderTrace) or trace.attention is None:
        return []
    found: list[Node] = []
    for step in range(trace.steps):
        scope = at(trace, step, home)
        found += scope.matrix_uses(t, unit)
        if scope._attention.spec.pairs:
            found += uses(Name("k"), unit, scope.scoring(t))
    return found
