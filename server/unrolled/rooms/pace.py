"""How fast things may go, as arithmetic on times that are handed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any


class ScenePace:
    """At most one new scene in `interval` seconds; what has to wait is replaced by what is newer.

    A new scene makes every browser of the class fetch a trace, a step within the same one does not.
    """

    def __init__(self, interval: float, scenes: list[Any]) -> None:
        self._interval, self._scenes = interval, scenes
        self._last = float("-inf")

    def wait(self, now: float, scenes: list[Any]) -> float:
        """Seconds until a state with these scenes may go to the class; 0 for at once."""
        if scenes == self._scenes:
            return 0.0
        return max(0.0, self._last + self._interval - now)

    def went(self, now: float, scenes: list[Any]) -> None:
        """A state with these scenes went to the class."""
        if scenes != self._scenes:
            self._scenes, self._last = scenes, now


class Breath:
    """A pause after telling a class, in proportion to how long that took.

    Where it takes longer than the presenter needs for the next step, steps are dropped here, the
    newest always going; without a pause they would pile up in front of the server instead.
    """

    SHARE = 0.25

    def __init__(self) -> None:
        self._until = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until the class may be told again."""
        return max(0.0, self._until - now)

    def told(self, begun: float, now: float) -> None:
        """The class was told in the meantime."""
        self._until = now + (now - begun) * self.SHARE


class Bucket:
    """`rate` messages a second in the long run, `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._seen = burst, float("-inf")

    def wait(self, now: float) -> float:
        """Seconds to wait before the message at hand is looked at."""
        if self._seen > float("-inf"):
            self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
        self._seen = now
        self._left -= 1
        return max(0.0, -self._left / self._rate)


@dataclass(slots=True)
class _Line:
    """What is held of an address: failures, when they were counted, when its next turn is."""

    failures: float
    counted: float
    turn: float


class Guesses:
    """Slows down an address that guesses codes, and refuses nobody: a lecture hall is one address.

    Up to `free` failures (typing errors) change nothing. Beyond them all of the address wait in one
    line, whoever is right as well, or the answer's haste would tell: `rate` a second leave it, and
    nobody waits longer than `longest` seconds. A failure is forgiven every `forgiven` seconds.
    """

    MOST = 10_000

    def __init__(self, free: int, rate: float, longest: float, forgiven: float) -> None:
        self._free, self._rate, self._longest = free, rate, longest
        self._forgiven = forgiven
        self._lines: OrderedDict[str, _Line] = OrderedDict()

    def wait(self, address: str, now: float) -> float:
        """Seconds that this guess waits before it is looked at."""
        line = self._lines.get(address)
        if line is None or self._left(line, now) <= self._free:
            return 0.0
        turn = min(max(now, line.turn), now + self._longest)
        line.turn = turn + 1 / self._rate
        return turn - now

    def failed(self, address: str, now: float) -> None:
        """There was no room of that code, or no such token."""
        line = self._lines.setdefault(address, _Line(0.0, now, now))
        line.failures, line.counted = self._left(line, now) + 1, now
        self._lines.move_to_end(address)
        while len(self._lines) > self.MOST:
            self._lines.popitem(last=False)

    def _left(self, line: _Line, now: float) -> float:
        return max(0.0, line.failures - (now - line.counted) / self._forgiven)


class Settling:
    """When a wave of joins is over: `quiet` seconds after the last of at least `least`.

    What the members hold then lives for a lecture. Moved out of the garbage collector's sight it
    makes no step late any more: collections over a thousand members' objects are the tail of the
    delays.
    """

    def __init__(self, least: int, quiet: float) -> None:
        self._least, self._quiet = least, quiet
        self._joins, self._last = 0, float("-inf")

    def joined(self, now: float) -> None:
        """Somebody came."""
        self._joins, self._last = self._joins + 1, now

    def due(self, now: float) -> bool:
        """Whether the wave is over; true once for each."""
        if self._joins < self._least or now < self._last + self._quiet:
            return False
        self._joins = 0
        return True
