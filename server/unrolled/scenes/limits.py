"""How large a scene may be. Settings fill these in; every refusal names the limit it met."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from unrolled.scenes.errors import FieldError


def _limit(default: int, words: str) -> int:
    number: int = field(default=default, metadata={"words": words})
    return number


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; each is the setting `UNROLLED_MAX_<NAME>`."""

    layers: int = _limit(32, "layers of a scene (encoder and decoder counted together)")
    units: int = _limit(1024, "units of a layer, and outputs of a readout")
    inputs: int = _limit(4096, "entries of an input row")
    steps: int = _limit(10_000, "timesteps of a sequence")
    parameters: int = _limit(2_000_000, "numbers in all weights of a scene together")
    values: int = _limit(2_000_000, "values a trace may record; gradients double them")
    cost: int = _limit(1_000_000_000, "multiplications of one forward pass")
    grid: int = _limit(40_000, "points of an error surface")
    surface: int = _limit(
        5_000_000_000, "estimated nanoseconds of an error surface, its descents included"
    )
    pairs: int = _limit(10_000_000_000, "estimated nanoseconds of a table of pairs of timesteps")
    exported: int = _limit(20_000, "numbers whose arithmetic a page for offline use may carry")
    table: int = _limit(32_000_000, "bytes of tables of pairs of timesteps in one answer")

    def exceeded(self, name: str, where: str, got: int) -> FieldError | None:
        """The error of going over the limit `name` at the field `where`, or None within it."""
        limit: int = getattr(self, name)
        if got <= limit:
            return None
        return FieldError(where, f"at most {limit} (limit {name}, {setting(name)})", str(got))


def setting(name: str) -> str:
    """The variable that sets a limit: `units` is set by UNROLLED_MAX_UNITS."""
    return f"UNROLLED_MAX_{name.upper()}"


def described() -> list[tuple[str, int, str]]:
    """Name, default and words of every limit, in the order of the class."""
    usual = Limits()
    return [
        (item.name, getattr(usual, item.name), item.metadata["words"]) for item in fields(usual)
    ]
