"""The state that a class shares, `{scene, cursor, view}`, and how a patch changes it."""

from __future__ import annotations

from typing import Any

from unrolled.rooms.errors import RoomError

State = dict[str, Any]
PASSES = ("forward", "backward")
LAST_STEP = 2**31


def first(scene: Any) -> State:
    """The state of a room that was just opened on `scene`: before the first step."""
    return {"scene": scene, "cursor": {"pass": "forward", "t": None, "node": None}, "view": {}}


def patched(state: State, patch: dict[str, Any]) -> State:
    """The state after an RFC 7396 merge patch; `state` itself stays as it was.

    Three members are no objects to merge into: `scene` and `view.compare` are replaced whole, and
    a null `t` (before the first step) is a value, not a deletion.

    Raises:
        RoomError: `bad_message`, where what comes out is no state.
    """
    for name in patch.keys() - {"scene", "cursor", "view"}:
        raise _wrong(f"state.{name[:40]}", "scene, cursor or view", "another name")
    scene = patch.get("scene", state["scene"])
    if not isinstance(scene, str | dict):
        raise _wrong("state.scene", "a scene document or its name", _kind(scene))
    view = _part(state["view"], patch, "view")
    cursor = _part(state["cursor"], patch, "cursor")
    return {"scene": scene, "cursor": _cursor(cursor), "view": view}


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2; new objects throughout."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def scenes(state: State) -> list[Any]:
    """The scene of a state and those it is compared with."""
    compare = state["view"].get("compare")
    return [state["scene"], *(compare if isinstance(compare, list) else [])]


def _part(before: dict[str, Any], patch: dict[str, Any], name: str) -> dict[str, Any]:
    """`cursor` or `view` after the patch."""
    if name not in patch:
        return before
    change = patch[name]
    if change is None:
        return {}
    if not isinstance(change, dict):
        raise _wrong(f"state.{name}", "an object", _kind(change))
    whole = "t" if name == "cursor" else "compare"
    rest = {key: value for key, value in change.items() if key != whole}
    after: dict[str, Any] = merged(before, rest)
    if whole in change:
        after[whole] = change[whole]
        if name == "view":
            _compared(after)
    return after


def _compared(view: dict[str, Any]) -> None:
    """`view.compare` is a list of up to two scenes; null takes it away."""
    value = view["compare"]
    if value is None:
        del view["compare"]
        return
    fits = isinstance(value, list) and len(value) <= 2
    if not fits or not all(isinstance(scene, str | dict) for scene in value):
        raise _wrong("state.view.compare", "up to two scenes", _kind(value))


def _cursor(cursor: dict[str, Any]) -> dict[str, Any]:
    """The cursor with `pass` and `t`, always there."""
    found = {"pass": "forward", "t": None, **cursor}
    t, node = found["t"], found.get("node")
    if found["pass"] not in PASSES:
        raise _wrong("state.cursor.pass", " or ".join(PASSES), _kind(found["pass"]))
    if t is not None and (not _whole(t) or not 0 <= t < LAST_STEP):
        raise _wrong("state.cursor.t", "a step counted from 0, or null", _kind(t))
    if node is not None and not isinstance(node, str):
        raise _wrong("state.cursor.node", "an address", _kind(node))
    return found


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(field: str, expected: str, got: str) -> RoomError:
    return RoomError.of("bad_message", field, expected, got)


def _kind(value: Any) -> str:
    """What something is, in a word."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "another number")
