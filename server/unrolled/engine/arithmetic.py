"""Arithmetic as data: the numbers one value is made of, and how they are put together.

Four kinds of frozen nodes over leaves that know their label, value and address. `explain` makes
them from expressions, `digits` prints them, `terms` takes them apart for the wire.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .numeric import evaluate


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number with its name; `address`, `t` and `entry` tell where it can be found."""

    label: str
    value: float
    address: str | None = None
    t: int | None = None
    entry: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Signed terms; `group` names the matrix whose row they are, if they are one."""

    terms: tuple[tuple[int, Node], ...]
    group: str = ""

    @property
    def value(self) -> float:
        """Added from left to right."""
        return float(sum(sign * node.value for sign, node in self.terms))


@dataclass(frozen=True, slots=True)
class Product:
    """Factors."""

    factors: tuple[Node, ...]

    @property
    def value(self) -> float:
        """Multiplied from left to right, overflowing to infinity."""
        return math.prod(node.value for node in self.factors)


@dataclass(frozen=True, slots=True)
class Quotient:
    """above / below."""

    above: Node
    below: Node

    @property
    def value(self) -> float:
        """Divided as floats are: by zero gives infinity or NaN."""
        return evaluate("divide", (self.above.value, self.below.value))


@dataclass(frozen=True, slots=True)
class Function:
    """A primitive of the operations table on its arguments."""

    operation: str
    arguments: tuple[Node, ...]

    @property
    def value(self) -> float:
        """The function's value."""
        return evaluate(self.operation, [node.value for node in self.arguments])


Node = Leaf | Sum | Product | Quotient | Function


def label(node: Node) -> str:
    """The node in names: ``1 − u[0]``."""
    match node:
        case Leaf(label=text):
            return text
        case Sum(terms=terms):
            text = "".join(
                (" − " if sign < 0 else " + ") + _fenced(node, Sum) for sign, node in terms
            )
            return text[3:] if text.startswith(" + ") else "−" + text[3:]
        case Product(factors=factors):
            return "·".join(_fenced(factor, Sum, Quotient) for factor in factors)
        case Quotient(above=above, below=below):
            return f"{_fenced(above, Sum)} / {_fenced(below, Sum, Product, Quotient)}"
        case Function(operation=operation, arguments=arguments):
            return f"{operation}({', '.join(label(a) for a in arguments)})"


def _fenced(node: Node, *kinds: type) -> str:
    return f"({label(node)})" if isinstance(node, kinds) else label(node)


def added(node: Node, sign: int = 1) -> Iterator[tuple[int, Node]]:
    """The terms of a sum, sums within sums taken apart; anything else is its own one term."""
    if not isinstance(node, Sum):
        yield sign, node
        return
    for own, term in node.terms:
        yield from added(term, sign * own)


def multiplied(node: Node) -> Iterator[Node]:
    """The factors of a product, products within products taken apart."""
    if not isinstance(node, Product):
        yield node
        return
    for factor in node.factors:
        yield from multiplied(factor)


def terms(node: Node) -> list[dict[str, Any]]:
    """The terms of the wire: their values add up to the node's, factors multiply to a term's."""
    found = []
    for sign, term in added(node):
        factors = [_factor(factor) for factor in multiplied(term)]
        if sign < 0:
            factors.insert(0, {"label": "−1", "value": -1.0})
        found.append({"factors": factors, "value": sign * term.value})
    return found


def _factor(node: Node) -> dict[str, Any]:
    entry: dict[str, Any] = {"label": label(node), "value": node.value}
    if not isinstance(node, Leaf):
        return {**entry, "parts": terms(_inner(node))}
    if node.address is not None:
        entry |= {"address": node.address, "t": node.t}
    if node.entry:
        entry["entry"] = list(node.entry)
    return entry


def _inner(node: Node) -> Node:
    """What a compound factor is made of, one level down."""
    match node:
        case Function(arguments=arguments):
            return Sum(tuple((1, argument) for argument in arguments))
        case Quotient(above=above, below=below):
            return Sum(((1, above), (1, below)))
    return node
