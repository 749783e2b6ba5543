"""Explanations: the arithmetic behind one number of a trace, forward or backward.

`explain` finds the number by its address; `forward` and `backward` work on any `Scope`.
"""

from __future__ import annotations

from typing import Any

from .addresses import Address
from .arithmetic import Function, Leaf, Node, Sum, terms
from .curve import curve
from .digits import exact, rounded
from .errors import EngineError
from .explain_backward import gradient
from .expressions import Apply
from .printing import text
from .scope import Scope
from .trace import Trace
from .trace_scope import TraceScope
from .unfold import entries, unfold

Json = dict[str, Any]
_NAN = {"en": "not a number", "zh": "不是数"}
_GIVEN = {"en": "given", "zh": "给定"}
_UNUSED = {"en": "nothing depends on it", "zh": "没有任何量依赖它"}


def explain(trace: Trace, address: str, t: int, direction: str = "forward") -> Json:
    """The explanation of contract section 4 with further fields.

    ``address`` (in full), ``t``, ``pass``, ``rounded`` (the lecture's rounding), ``exact`` (the
    shortest text of the float). A factor may have ``address`` and ``t`` (null: the initial
    state), ``entry`` (a parameter's indices), and ``parts`` (terms of its own) where it is
    compound. ``apply`` may have ``arguments`` where there are several, and ``curve``, points
    [argument, value] of its function for a small picture.

    Raises:
        EngineError: an address, step or pass that the trace does not have.
    """
    place = Address.parse(address)
    if direction not in ("forward", "backward"):
        raise EngineError("pass", "forward or backward", repr(direction)[:40])
    scope = TraceScope.at(trace, place.part, t)
    unit = _unit(scope, place)
    found = (forward if direction == "forward" else backward)(place.name, unit, scope)
    full = str(Address(place.part, place.name, unit))
    return {"address": full, "t": t, "pass": direction, **found}


def forward(name: str, unit: int, scope: Scope) -> Json:
    """How entry `unit` of a value comes about."""
    value = float(scope.value(name)[unit])
    equation = scope.cell.by_name.get(name)
    if equation is None:
        node = scope.given(name, unit)
        return _result(value, node) if node is not None else _said(value, _GIVEN)
    node = unfold(equation.expression, unit, scope)
    match equation.expression:
        case Apply(operation="softmax", arguments=(argument,)):
            numbers = [float(number) for number in entries(argument, scope)]
            applied = {"function": "softmax", "argument": numbers[unit], "arguments": numbers}
            return {**_result(value, node), "apply": applied}
    return _result(value, node)


def backward(name: str, unit: int, scope: Scope) -> Json:
    """How dL/d(name[unit]) comes about."""
    held = scope.gradient(name)
    if held is None and name in scope.cell.inputs:
        raise EngineError("address", "a value, or the first layer's x", f"{name!r} of another")
    if held is None:
        raise EngineError("pass", "a trace with gradients", "one without")
    value = float(held[unit])
    node = gradient(name, unit, scope)
    return _result(value, node) if node.terms else _said(value, _UNUSED)


def _result(value: float, node: Node) -> Json:
    applied = None
    inner = node
    if isinstance(node, Function):
        arguments = [argument.value for argument in node.arguments]
        applied = {"function": node.operation, "argument": arguments[0]}
        if len(arguments) > 1:
            applied["arguments"] = arguments
        elif drawn := curve(node.operation, arguments[0]):
            applied["curve"] = drawn
        inner = Sum(tuple((1, argument) for argument in node.arguments))
    printed = text(node, value)
    return {
        **_numbers(value),
        "terms": terms(inner),
        "apply": applied,
        "text": {lang: printed.replace("NaN", word) for lang, word in _NAN.items()},
    }


def _said(value: float, words: dict[str, str]) -> Json:
    said = {lang: f"{_plain(value, lang)} ({word})" for lang, word in words.items()}
    own = [] if words is _UNUSED else terms(Leaf("", value))
    return {**_numbers(value), "terms": own, "apply": None, "text": said}


def _numbers(value: float) -> Json:
    return {"value": value, "rounded": rounded(value), "exact": exact(value)}


def _plain(value: float, lang: str) -> str:
    return exact(value).replace("NaN", _NAN[lang])


def _unit(scope: TraceScope, place: Address) -> int:
    if place.name not in scope.cell.by_name and place.name not in scope.cell.inputs:
        known = ", ".join((*scope.cell.inputs, *scope.cell.by_name))
        raise EngineError("address", f"a value of {place.part}: {known}", repr(place.name))
    size = len(scope.value(place.name))
    unit = 0 if place.unit is None and size == 1 else place.unit
    if unit is None or unit >= size:
        raise EngineError(
            "address", f"a unit of {place.part}.{place.name} from [0] to [{size - 1}]",
            "none" if unit is None else f"[{unit}]",
        )  # fmt: skip
    return unit
