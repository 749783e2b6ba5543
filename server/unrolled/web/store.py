"""Traces by their id: computed once, kept while there is room, served in any form."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from unrolled.engine.trace import Trace
from unrolled.scenes import run
from unrolled.scenes.plan import Plan
from unrolled.web import encode
from unrolled.web.forms import Form
from unrolled.web.metrics import Metrics
from unrolled.web.work import Work


@dataclass
class Held:
    """A trace and those of its representations that were asked for."""

    id: str
    trace: Trace
    forms: dict[tuple[str, bool], bytes] = field(default_factory=dict)
    _arrays: int = field(init=False)

    def __post_init__(self) -> None:
        self._arrays = sum(int(array.nbytes) for array in self.trace.arrays().values())

    @property
    def size(self) -> int:
        """Bytes of the arrays and of the representations."""
        return self._arrays + sum(map(len, self.forms.values()))


class TraceStore:
    """Traces up to `capacity` bytes, the least recently used leaving first.

    All methods belong to the event loop's thread; computing and encoding happen in `work`.
    """

    def __init__(self, work: Work, capacity: int, metrics: Metrics) -> None:
        self._work, self._capacity, self._metrics = work, capacity, metrics
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._sizes: dict[str, int] = {}

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(self._sizes.values())

    def get(self, identifier: str) -> Held | None:
        """The trace of that id, None where it is no longer held."""
        held = self._held.get(identifier)
        if held is not None:
            self._held.move_to_end(identifier)
        return held

    async def trace(self, plan: Plan, identifier: str, gradients: bool) -> Held:
        """The trace of a scene, computed where it is not held."""
        held = self.get(identifier)
        if held is not None:
            self._metrics.count("unrolled_trace_cache_hits_total")
            return held

        async def make() -> Held:
            trace = await self._work.run(lambda: run.trace(plan, gradients))
            self._metrics.count("unrolled_traces_computed_total")
            made = Held(identifier, trace)
            self._held[identifier] = made
            self._weigh(made)
            return made

        return await self._work.once(identifier, make)

    async def form(self, held: Held, form: Form, packed: bool) -> bytes:
        """The trace's bytes in one form, made once."""
        key = (form.name, packed)
        if key in held.forms:
            return held.forms[key]

        async def make() -> bytes:
            plain = await self.form(held, form, False) if packed else None
            return await self._work.run(lambda: _encoded(held, form, plain))

        data = await self._work.once((held.id, key), make)
        held.forms[key] = data
        self._weigh(held)
        return data

    def _weigh(self, held: Held) -> None:
        """Note the trace's size, then let go of the oldest until all fit."""
        if self._held.get(held.id) is held:
            self._sizes[held.id] = held.size
        while self.size > self._capacity:
            identifier, _ = self._held.popitem(last=False)
            del self._sizes[identifier]

    def __iter__(self) -> Iterator[str]:
        """Ids held, the least recently used first."""
        return iter(self._held)


def _encoded(held: Held, form: Form, plain: bytes | None) -> bytes:
    return form.write(held.trace, held.id) if plain is None else encode.compressed(plain)
