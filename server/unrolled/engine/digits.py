"""Numbers in print: how many digits a result shows, and how many its operands then need.

Printed operands reproduce the printed result: evaluating them as printed, in exact decimals, and
rounding as the result is rounded gives the printed result. The shortest operands that do are
taken, three significant digits at least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDE = Context(prec=1500, rounding=ROUND_HALF_EVEN)
NAMES = {math.inf: "∞", -math.inf: "−∞"}
LEAST, MOST = 3, 17
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Style:
    """A rounding: to so many decimals or, `scientific`, to a mantissa with so many."""

    decimals: int
    scientific: bool = False

    def rounded(self, value: Decimal) -> Decimal:
        """The number that is printed."""
        place = value.adjusted() - self.decimals if self.scientific else -self.decimals
        return _WIDE.quantize(value, Decimal(1).scaleb(place, _WIDE))

    def text(self, value: Decimal) -> str:
        """The number as printed, with a true minus sign."""
        number = self.rounded(value)
        if not number:
            number = abs(number)  # no −0.000
        if not self.scientific or not number:
            return f"{number:f}".replace("-", "−")
        mantissa = f"{number.scaleb(-number.adjusted(), _WIDE):.{self.decimals}f}"
        power = str(number.adjusted()).translate(_SUPERSCRIPTS)
        return f"{mantissa}·10{power}".replace("-", "−")


def decimal(value: float | Fraction) -> Decimal:
    """The shortest decimal that is this float; a fraction to 60 digits."""
    if isinstance(value, Fraction):
        context = Context(prec=60)
        return context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(repr(value))


def exact(value: float) -> str:
    """The shortest text that is this float: ``6.999773021``, ``90``, ``∞``."""
    if math.isnan(value):
        return "NaN"
    if value in NAMES:
        return NAMES[value]
    if value.is_integer() and abs(value) < 1e16:
        return str(int(value)).replace("-", "−")
    number = Decimal(repr(value))
    short = -7 <= number.adjusted() < 16
    style = Style(-int(number.as_tuple().exponent)) if short else _scientific(number)
    return style.text(number)


def rounded(value: float) -> str:
    """The lecture's rounding: two decimals at most, ``7`` for 6.99977, ``0`` for 0.0000454."""
    if not math.isfinite(value):
        return exact(value)
    number = Decimal(repr(value))
    if number.adjusted() >= 9:
        return _trimmed(number, 3).text(number)
    text = Style(2).text(number).rstrip("0").rstrip(".")
    return "0" if text in ("", "−") else text


def result_style(value: float, scale: float = 0.0, *, limit: bool = False) -> Style:
    """How a result is printed.

    Args:
        scale: the largest term that entered; what is smaller than its twelfth digit is noise.
        limit: whether the value stands for one that it only approaches, as σ(90) does 1: then
            it keeps its decimals, 1.000.
    """
    number = Decimal(repr(value))
    noise = Decimal(repr(max(scale, abs(value)) or 1.0)).adjusted() - 12
    held = _WIDE.quantize(number, Decimal(1).scaleb(noise, _WIDE)) if noise < 0 else number
    if not held:
        return Style(3 if value or limit else 0)
    short = max(-int(held.normalize(_WIDE).as_tuple().exponent), 0)
    if short <= DECIMALS and number.adjusted() < 12 and not (limit and short == 0):
        return Style(short)
    if limit and short == 0:
        return Style(3)
    return _trimmed(number, 3)


def more(style: Style) -> Style:
    """One digit more."""
    return Style(style.decimals + 1, style.scientific)


def strict(style: Style, value: Decimal) -> Style:
    """How closely operands must give a result printed so: a 1 that is 1 is 1.00000."""
    if style.scientific or abs(style.rounded(value) - value) > abs(value) * Decimal("1e-12"):
        return style
    return Style(max(style.decimals, DECIMALS, 2 - value.adjusted() if value else 0))


def operand_style(value: float, significant: int) -> Style:
    """An operand to so many significant digits, whole numbers whole, exact where it is short."""
    number = Decimal(repr(value))
    whole = number.adjusted() + 1
    plain = -7 <= number.adjusted() < 12
    if plain and significant < 13:
        short = _short(number)
        if short is not None and short <= max(significant - whole, 2):
            return Style(short)
    if plain:
        return Style(max(significant - whole, 0))
    wanted = Style(significant - 1, scientific=True)
    least = _scientific(number)
    return least if least.decimals < wanted.decimals else wanted


def _short(number: Decimal) -> int | None:
    """The decimals of a number that is what it is at its twelfth digit, else None."""
    if not number:
        return 0
    context = Context(prec=12)
    exponent = int(context.plus(number).normalize().as_tuple().exponent)
    return max(-exponent, 0) if -exponent < 12 - number.adjusted() - 1 else None


def _trimmed(number: Decimal, least: int) -> Style:
    """Five decimals, more before small numbers, without zeros at the end beyond `least`."""
    if not -7 <= number.adjusted() < 12:
        return Style(2, scientific=True)
    small = number.adjusted() < -3
    decimals = 2 - number.adjusted() if small else max(min(DECIMALS, 7 - number.adjusted()), 0)
    text = Style(decimals).text(number)
    if "." in text and not small:
        decimals = max(len(text.rstrip("0").partition(".")[2]), min(least, decimals))
    return Style(decimals)


def _scientific(number: Decimal) -> Style:
    return Style(len(number.normalize(_WIDE).as_tuple().digits) - 1, scientific=True)
