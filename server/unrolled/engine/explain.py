"""Explanations: the arithmetic behind one number of a trace, forward or backward.

`explain` finds the number by its address; `forward` and `backward` work on any `Scope`.
"""

from __future__ import annotations

from typing import Any

from . import explain_parameter
from .addresses import Address
from .arithmetic import Function, Leaf, Node, Sum, terms
from .curve import curve
from .digits import exact, rounded
from .errors import EngineError, no_gradients
from .explain_backward import gradient
from .expressions import Apply
from .printing import text
from .scope import Scope
from .trace import DirectionTrace, Trace
from .trace_scope import TraceScope
from .unfold import entries, unfold

Json = dict[str, Any]
_NAN = {"en": "not a number", "zh": "不是数"}
_GIVEN = {"en": "given", "zh": "给定"}
_WEIGHT = {"en": "a weight, the same at every step", "zh": "权重，每一步都相同"}
_UNUSED = {"en": "nothing depends on it", "zh": "没有任何量依赖它"}


def explain(trace: Trace, address: str, t: int | None, direction: str = "forward") -> Json:
    """The explanation of contract section 4 with further fields.

    An address names a unit of a value, or an entry of a parameter (``W_f[0][1]``). A parameter has
    the same value at every step; its gradient at a step is what the use at that step adds, and
    without a step the whole, a term for each use.

    ``address`` (in full), ``t``, ``pass``, ``rounded`` (the lecture's rounding), ``exact`` (the
    shortest text of the float). A factor may have ``address`` and ``t`` (null: the initial
    state), ``entry`` (a parameter's indices), and ``parts`` (terms of its own) where it is
    compound. ``apply`` may have ``arguments`` where there are several, and ``curve``, points
    [argument, value] of its function for a small picture.

    Raises:
        EngineError: an address, step or pass that the trace does not have.
    """
    place = Address.parse(address)
    parts = dict(trace.directions())
    if direction not in ("forward", "backward"):
        raise EngineError("pass", "forward or backward", repr(direction)[:40])
    held = parts.get(place.part)
    if held is not None and place.name in held.parameters:
        found = _parameter(trace, place, held, t, direction)
        return {"address": str(place), "t": t, "pass": direction, **found}
    scope = TraceScope.at(trace, place.part, t)
    unit = _unit(scope, place)
    found = (forward if direction == "forward" else backward)(place.name, unit, scope)
    full = str(Address(place.part, place.name, unit))
    return {"address": full, "t": t, "pass": direction, **found}


def _parameter(
    trace: Trace, place: Address, held: DirectionTrace, t: int | None, direction: str
) -> Json:
    """An entry of a parameter, or what its use at one step or at all adds to its gradient."""
    entry = explain_parameter.entry(held, place)
    if t is not None:
        TraceScope.at(trace, place.part, t)
    if direction == "forward":
        return _said(float(held.parameters[place.name][entry]), _WEIGHT)
    if held.parameter_gradients is None:
        raise no_gradients("pass")
    node = explain_parameter.gradient(trace, place, t)
    value = float(held.parameter_gradients[place.name][entry]) if t is None else node.value
    return _result(value, node) if node.terms else _said(value, _UNUSED)


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
    """How dL/d(name[unit]) comes about; raises `EngineError` for a trace without gradients."""
    held = scope.gradient(name)
    if held is None and (name not in scope.cell.inputs or not scope.differentiated):
        raise no_gradients("pass")
    node = gradient(name, unit, scope)
    # What the layers hand to each other is not recorded, and is the sum of its uses.
    value = node.value if held is None else float(held[unit])
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
        known = ", ".join((*scope.cell.inputs, *scope.cell.by_name, *scope.held.parameters))
        raise EngineError("address", f"a number of {place.part}: {known}", repr(place.name))
    if place.column is not None:
        raise EngineError("address", f"one unit of {place.part}.{place.name}", repr(str(place)))
    size = len(scope.value(place.name))
    unit = 0 if place.unit is None and size == 1 else place.unit
    if unit is None or unit >= size:
        raise EngineError(
            "address", f"a unit of {place.part}.{place.name} from [0] to [{size - 1}]",
            "none" if unit is None else f"[{unit}]",
        )  # fmt: skip
    return unit
