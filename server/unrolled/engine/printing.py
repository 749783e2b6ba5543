"""Arithmetic in print: ``0·3 + 100·1 + 0·0 − 10 = 90``, ``σ(90) = 1.000``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from .arithmetic import Function, Leaf, Node, Product, Quotient, Sum
from .digits import LEAST, MOST, Style, decimal, exact, more, operand_style, result_style, strict
from .numeric import evaluate
from .operations import OPERATIONS

LONGEST = 12
"""A row of a matrix with more products than this is printed as what they add up to."""
_EXTRA = 12
_GREEDY = 24


def text(node: Node, value: float) -> str:
    """The arithmetic of a node with its result `value`, as short as reproduces the result."""
    shown = _shown(node)
    if isinstance(shown, Leaf) and math.isfinite(value):  # one number alone is no arithmetic
        return result_style(value).text(decimal(value))
    numbers = [leaf.value for leaf in leaves(shown)]
    if not all(math.isfinite(number) for number in (*numbers, value)):
        return _loose(shown, numbers, value)
    style = result_style(value, _scale(shown), limit=_saturated(shown, value))
    for _ in range(_EXTRA):
        styles = _enough(shown, numbers, value, style)
        if styles is not None:
            return f"{render(shown, styles, numbers)} = {style.text(decimal(value))}"
        style = more(style)
    return _loose(shown, numbers, value).replace(" = ", " ≈ ")


def leaves(node: Node) -> Iterator[Leaf]:
    """The numbers of a node in the order in which they are printed."""
    match node:
        case Leaf():
            yield node
        case Sum(terms=terms):
            for _, term in terms:
                yield from leaves(term)
        case Product(factors=inner) | Function(arguments=inner):
            for part in inner:
                yield from leaves(part)
        case Quotient(above=above, below=below):
            yield from leaves(above)
            yield from leaves(below)


def _loose(shown: Node, numbers: Sequence[float], value: float) -> str:
    """Where infinities or overflow leave nothing to reproduce."""
    styles = [operand_style(n, LEAST) if math.isfinite(n) else Style(0) for n in numbers]
    result = exact(value)
    if math.isfinite(value):
        result = result_style(value).text(decimal(value))
    return result if isinstance(shown, Leaf) else f"{render(shown, styles, numbers)} = {result}"


def _shown(node: Node) -> Node:
    """What is printed: rows of weights that are all zero are left out, long rows summed up."""
    match node:
        case Sum(terms=terms, group=group) if group:
            row = Leaf(f"{group}·…", node.value)
            return row if len(terms) > LONGEST else node
        case Sum(terms=terms):
            kept = [(sign, term) for sign, term in terms if not _empty(term)] or terms[:1]
            parts = tuple((sign, _shown(term)) for sign, term in kept)
            return parts[0][1] if len(parts) == 1 and parts[0][0] > 0 else Sum(parts)
        case Product(factors=factors):
            inner = tuple(_shown(factor) for factor in factors)
            return inner[0] if len(inner) == 1 else Product(inner)
        case Quotient(above=above, below=below):
            return Quotient(_shown(above), _shown(below))
        case Function(arguments=arguments):
            return replace(node, arguments=tuple(_shown(argument) for argument in arguments))
    return node


def _empty(node: Node) -> bool:
    """Whether a node is the row of a matrix, and every weight in it is zero."""
    return isinstance(node, Sum) and bool(node.group) and all(
        isinstance(term, Product) and any(_is_zero_weight(f) for f in term.factors)
        for _, term in node.terms
    )  # fmt: skip


def _is_zero_weight(node: Node) -> bool:
    return isinstance(node, Leaf) and len(node.entry) == 2 and node.value == 0


def _scale(node: Node) -> float:
    """The largest term of a sum, against which its result is noise or not."""
    if isinstance(node, Sum):
        return max((_scale(term) for _, term in node.terms), default=0.0)
    return abs(node.value) if math.isfinite(node.value) else 0.0


def _saturated(node: Node, value: float) -> bool:
    """Whether a function's whole value is one it only approaches: σ(90) is not quite 1."""
    if not (isinstance(node, Function) and value.is_integer() and len(node.arguments) == 1):
        return False
    row = OPERATIONS[node.operation]
    argument = node.arguments[0].value
    nearby = evaluate(node.operation, [argument * (1 + 1e-6)])
    return row.analytic and argument != 0 and abs(nearby - value) < 1e-9


def _enough(
    shown: Node, numbers: Sequence[float], value: float, style: Style
) -> list[Style] | None:
    """The shortest styles of operands that give the printed result, if any do."""
    checked = strict(style, decimal(value))
    wanted = checked.rounded(decimal(value))

    def styled(digits: Mapping[float, int]) -> list[Style]:
        return [operand_style(number, digits[number]) for number in numbers]

    def gives(digits: Mapping[float, int]) -> bool:
        found = _evaluated(shown, iter(_printed(numbers, styled(digits))))
        return found is not None and checked.rounded(decimal(found)) == wanted

    every = (dict.fromkeys(numbers, count) for count in range(LEAST, MOST + 1))
    digits = next((candidate for candidate in every if gives(candidate)), None)
    if digits is None:
        return None
    for number in digits if len(digits) <= _GREEDY else ():
        while digits[number] > LEAST and gives({**digits, number: digits[number] - 1}):
            digits[number] -= 1
    return styled(digits)


def _printed(numbers: Sequence[float], styles: Sequence[Style]) -> list[Fraction]:
    return [
        Fraction(style.rounded(decimal(number)))
        for number, style in zip(numbers, styles, strict=True)
    ]


def _evaluated(node: Node, values: Iterator[Fraction]) -> Fraction | None:
    """The node's value from printed numbers, exactly where only + − · / are met."""
    match node:
        case Leaf():
            return next(values)
        case Sum(terms=terms):
            parts = [_evaluated(term, values) for _, term in terms]
            signed = [sign * p for (sign, _), p in zip(terms, parts, strict=True) if p is not None]
            return sum(signed, Fraction(0)) if len(signed) == len(parts) else None
        case Product(factors=factors):
            product = Fraction(1)
            for factor in [_evaluated(factor, values) for factor in factors]:
                if factor is None:
                    return None
                product *= factor
            return product
        case Quotient(above=above, below=below):
            top, bottom = _evaluated(above, values), _evaluated(below, values)
            return top / bottom if top is not None and bottom else None
    arguments = [_evaluated(argument, values) for argument in node.arguments]
    known = [_float(argument) for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    value = evaluate(node.operation, known)
    return Fraction(decimal(value)) if math.isfinite(value) else None


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def render(node: Node, styles: Sequence[Style], numbers: Sequence[float]) -> str:
    """The node in numbers."""
    texts = [
        style.text(decimal(number)) if math.isfinite(number) else exact(number)
        for style, number in zip(styles, numbers, strict=True)
    ]
    return _render(node, iter(texts))


def _render(node: Node, texts: Iterator[str]) -> str:
    match node:
        case Leaf():
            return next(texts)
        case Sum(terms=terms):
            return _joined([(sign, *_term(term, texts)) for sign, term in terms])
        case Product(factors=factors):
            return "·".join(_factor(f, _render(f, texts), i > 0) for i, f in enumerate(factors))
        case Quotient(above=above, below=below):
            top = _factor(above, _render(above, texts), inner=False)
            bottom = _render(below, texts)
            plain = isinstance(below, Leaf | Function) and not {"·", "−"} & set(bottom)
            return f"{top} / {bottom}" if plain else f"{top} / ({bottom})"
    inner = ", ".join(_render(argument, texts) for argument in node.arguments)
    return f"{OPERATIONS[node.operation].symbol or node.operation}({inner})"


def _term(node: Node, texts: Iterator[str]) -> tuple[Node, str]:
    return node, _render(node, texts)


def _joined(terms: Sequence[tuple[int, Node, str]]) -> str:
    """Terms with their signs; the minus of a number or of a first factor joins the sign."""
    result = ""
    for sign, node, printed in terms:
        if isinstance(node, Sum) and sign < 0:
            printed = f"({printed})"
        elif printed.startswith("−"):
            sign, printed = -sign, printed[1:]
        if result:
            result += (" − " if sign < 0 else " + ") + printed
        else:
            result = ("−" if sign < 0 else "") + printed
    return result or "0"


def _factor(node: Node, printed: str, inner: bool) -> str:
    """A factor, in brackets where it is a sum or, inside a product, negative."""
    if isinstance(node, Sum | Quotient) or (inner and printed.startswith("−")):
        return f"({printed})"
    return printed
