"""A trace as explanations see it: `TraceScope` is a `Scope` over one step of one direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .arithmetic import Leaf, Node, Product, Quotient, Sum
from .cell import Cell
from .errors import EngineError, no_gradients
from .explain_backward import uses
from .expressions import Name
from .loss_terms import of_y, of_z
from .scope import Array
from .trace import DirectionTrace, Trace

ENCODER, DECODER, ATTENTION = "encoder.", "decoder.", "decoder.attention"


@dataclass(frozen=True)
class TraceScope:
    """One step of one direction; `t` counts in the order of the sequence.

    `home` is the part whose number is explained: labels of other parts carry their address.
    `ahead` marks the step after the one explained.
    """

    trace: Trace
    part: str
    held: DirectionTrace
    t: int
    home: str
    ahead: bool = False

    @classmethod
    def at(cls, trace: Trace, part: str, t: int | None) -> TraceScope:
        """The scope of a part at a step.

        Raises:
            EngineError: no such part or step.
        """
        parts = dict(trace.directions())
        if part not in parts:
            raise EngineError("address", "one of " + ", ".join(parts), repr(part))
        rows = len(next(iter(parts[part].values.values())))
        if not isinstance(t, int) or isinstance(t, bool) or not 0 <= t < rows:
            raise EngineError(
                "t", f"a step from 0 to {rows - 1}", "nothing" if t is None else repr(t)[:40]
            )
        if part == ATTENTION:
            from . import attention_scope  # whose scope is one of these

            return attention_scope.at(trace, t, part)
        return cls(trace, part, parts[part], t, part)

    @property
    def cell(self) -> Cell:
        """The cell, its options applied."""
        return self.held.cell

    @property
    def _way(self) -> int:
        return -1 if self.held.direction == "backward" else 1

    @property
    def _rows(self) -> int:
        return len(next(iter(self.held.values.values())))

    def value(self, name: str, *, previous: bool = False) -> Array:
        """(size,) of an input or a named value."""
        before = self._before() if previous else self.t
        if before is None:
            return self.held.initial[name]
        held = self.held.inputs.get(name)
        return np.asarray((self.held.values[name] if held is None else held)[before])

    def parameter(self, name: str) -> Array:
        """A matrix or a vector."""
        return self.held.parameters[name]

    def gradient(self, name: str) -> Array | None:
        """(size,) dL/d(named value), or of the whole network's input."""
        if self.held.gradients is None:
            return None
        if name in self.held.gradients:
            return np.asarray(self.held.gradients[name][self.t])
        return self._of_input(name)

    @property
    def differentiated(self) -> bool:
        """Whether gradients were asked for."""
        return self.held.gradients is not None

    def following(self) -> TraceScope | None:
        """The step this direction goes to next."""
        after = self.t + self._way
        if not self.held.reads or not 0 <= after < self._rows:
            return None
        return TraceScope(self.trace, self.part, self.held, after, self.home, ahead=True)

    def leaf(self, name: str, unit: int, *, previous: bool = False) -> Leaf:
        """One entry of a value; its label tells the step as seen from the one explained."""
        step = self._before() if previous else self.t
        value = float(self.value(name, previous=previous)[unit])
        address = f"{self.part}.{name}[{unit}]"
        if step is None and self.stack == DECODER:
            origin, own = self._origin(name, unit)
            address, step = f"{origin.part}.{name}[{own}]", origin.last
        return Leaf(f"{self._prefix}{name}{self._mark(previous)}[{unit}]", value, address, step)

    def entry(self, name: str, *indices: int) -> Leaf:
        """One entry of a parameter."""
        value = float(self.parameter(name)[indices])
        written = ",".join(map(str, indices))
        label = f"{self._prefix}{name}[{written}]"
        return Leaf(label, value, f"{self.part}.{name}", entry=indices)

    def using(self) -> Iterable[TraceScope]:
        """The scopes of the equations that the part's parameters stand in."""
        return [self]

    def written(self, name: str, entry: tuple[int, ...]) -> tuple[Name, int, int | None]:
        """A parameter as the equations name it, with the row and the column of an entry."""
        return Name(name), entry[0], entry[1] if len(entry) > 1 else None

    def adjoint(self, name: str, unit: int) -> Leaf:
        """One entry of a gradient; raises `EngineError` for a trace without."""
        held = self.gradient(name)
        if held is None:
            raise no_gradients("pass")
        label = f"dL/d{self._prefix}{name}{self._mark(False)}[{unit}]"
        return Leaf(label, float(held[unit]), f"{self.part}.{name}[{unit}]", self.t)

    def given(self, name: str, unit: int) -> Node | None:
        """What x is made of: the layer beneath, pooled before the readout; None if given."""
        beneath = self._beneath()
        if self.part == "readout" and name == "context":
            return self._context(unit)
        if name != "x" or beneath is None:
            return None
        scopes = self.layer(beneath)
        if self._pool == "last":
            scopes = [replace(scope, t=scope.last) for scope in scopes]
        if self._pool != "mean":
            return joined(scopes, unit)
        steps = self.trace.steps
        rows = [joined([replace(s, t=t) for s in scopes], unit) for t in range(steps)]
        return Quotient(Sum(tuple((1, row) for row in rows)), Leaf(str(steps), float(steps)))

    def closed(self, name: str, unit: int) -> list[Node] | None:
        """All of the gradient in a form of its own: that of the readout's z under some losses."""
        if self.part != "readout" or name != "z":
            return None
        return of_z(self.trace, self.t, unit, self.leaf("y", unit))

    def outside(self, name: str, unit: int) -> list[Node]:
        """What reaches a gradient from above, from the loss, or from the other direction."""
        if self.part == "readout":
            if name != "y":
                return []
            y, z = self.leaf("y", unit), self.leaf("z", unit)
            return of_y(self.trace, self.t, unit, y, z)
        if name == "x":
            others = [s for s in self.layer(self._number) if s.part != self.part]
            return [term for scope in others for term in uses(Name("x"), unit, scope)]
        above = self._above(unit) if name == self.cell.output else []
        handed = self.stack == ENCODER and self.t == self.last and name in self.cell.state
        return [*above, *self._handed(name, unit)] if handed else above

    @property
    def last(self) -> int:
        """The step this direction ends at."""
        return 0 if self._way < 0 else self._rows - 1

    @property
    def stack(self) -> str:
        """The beginning of its stack's addresses; for the readout the stack that answers."""
        if self.part == "readout":
            return list(self.trace.stacks)[-1]
        return self.part[: self.part.index("layers.")]

    @property
    def _number(self) -> int:
        return int(self.part.split(".")[-2])

    @property
    def _pool(self) -> str | None:
        """How this part's input was pooled."""
        return self.trace.network.pool if self.part == "readout" else None

    @property
    def _prefix(self) -> str:
        return "" if self.part == self.home else f"{self.part}."

    def _mark(self, previous: bool) -> str:
        step = int(self.ahead) - int(previous)
        return {-1: "[t-1]", 0: "", 1: "[t+1]"}[step]

    def _before(self) -> int | None:
        before = self.t - self._way
        return before if 0 <= before < self._rows else None

    def _beneath(self) -> int | None:
        number = len(self.trace.layers) if self.part == "readout" else self._number
        return number - 1 if number else None

    def layer(self, number: int, stack: str | None = None) -> list[TraceScope]:
        """The directions of a layer of this stack or another, at this step."""
        stack = self.stack if stack is None else stack
        return [
            TraceScope(self.trace, f"{stack}layers.{number}.{held.direction}", held, self.t,
                       self.home)
            for held in self.trace.stacks[stack][number]
        ]  # fmt: skip

    def _origin(self, name: str, unit: int) -> tuple[TraceScope, int]:
        """Where a decoder's first state comes from: a direction of the encoder, and its unit."""
        directions = self.layer(self._number, ENCODER)
        side, own = divmod(unit, directions[0].held.values[name].shape[1])
        return directions[side], own

    def _context(self, unit: int) -> Leaf:
        """What attention adds to what the readout sees."""
        from . import attention_scope

        return attention_scope.at(self.trace, self.t, self.home).leaf("context", unit)

    def _handed(self, name: str, unit: int) -> list[Node]:
        """What the decoder, which starts from this direction's final states, passes back."""
        directions = self.layer(self._number)
        side = [scope.part for scope in directions].index(self.part)
        size = self.held.values[name].shape[1]
        (start,) = (replace(scope, t=0) for scope in self.layer(self._number, DECODER))
        return [*uses(Name(name, previous=True), side * size + unit, start)]

    def _above(self, unit: int) -> list[Node]:
        """What the layer above, or the answers, pass back to the output."""
        own = self.trace.stacks[self.stack][self._number]
        layer = self.trace.network.stacks[self.stack].layers[self._number]
        concatenated = layer.outputs > layer.own_outputs
        second = concatenated and self.held is not own[0]
        unit += layer.own_outputs if second else 0
        if self._number + 1 < len(self.trace.stacks[self.stack]):
            scopes = self.layer(self._number + 1)
            return [term for scope in scopes for term in uses(Name("x"), unit, scope)]
        from . import attention_scope

        if self.stack == ENCODER:
            return attention_scope.to_key(self.trace, self.t, unit, self.home)
        looking = attention_scope.to_query(self.trace, self.t, unit, self.home)
        return [*self.answers("x", unit), *looking]

    def answers(self, seen: str, unit: int) -> list[Node]:
        """What the readout or, without one, the loss passes back to an entry of what it sees,
        through pooling."""
        trace, pool = self.trace, self.trace.network.pool
        if pool == "last" and self.t != self.last:
            return []
        row = self.t if pool is None else 0
        if trace.readout is None:
            unit += trace.network.sees["x"] if seen == "context" else 0
            y = Leaf(f"output[{unit}]", float(trace.outputs[row][unit]))
            terms = of_y(trace, row, unit, y, y)
        else:
            scope = TraceScope(trace, "readout", trace.readout, row, self.home)
            terms = [*uses(Name(seen), unit, scope)]
        if pool != "mean":
            return terms
        steps = Leaf(str(trace.steps), float(trace.steps))
        return [Product((Quotient(Leaf("1", 1.0), steps), term)) for term in terms]

    def _of_input(self, name: str) -> Array | None:
        if name != "x" or self.part == "readout" or self._number:
            return None
        held = self.trace.fed_gradients(self.stack)
        whole = held is not None and len(held) == self._rows
        return np.asarray(held[self.t]) if held is not None and whole else None


def joined(scopes: list[TraceScope], unit: int) -> Node:
    """One entry of a layer's merged output."""
    first = scopes[0]
    layer = first.trace.network.stacks[first.stack].layers[first._number]
    outputs = [scope.cell.output for scope in scopes]
    if len(scopes) == 1:
        return scopes[0].leaf(outputs[0], unit)
    if layer.outputs > layer.own_outputs:
        side, own = divmod(unit, layer.own_outputs)
        return scopes[side].leaf(outputs[side], own)
    leaves = (scope.leaf(output, unit) for scope, output in zip(scopes, outputs, strict=True))
    return Sum(tuple((1, leaf) for leaf in leaves))
