"""Every setting: an `UNROLLED_…` variable, its default and its meaning, in one place.

docs/settings.md is the table of this module; a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from unrolled.scenes import limits
from unrolled.scenes.limits import Limits

PREFIX = "UNROLLED_"


class SettingError(ValueError):
    """A variable whose value cannot be used."""

    def __init__(self, variable: str, expected: str, got: str) -> None:
        super().__init__(f"{variable}: expected {expected}, got {got}")
        self.field, self.expected, self.got = variable, expected, got


class Row(NamedTuple):
    """One line of the table: the variable, its default as one would write it, its meaning."""

    variable: str
    default: str
    words: str


def _setting(default: Any, words: str) -> Any:
    return field(default=default, metadata={"words": words})


@dataclass(frozen=True, slots=True)
class Settings:
    """What one server runs with; `from_environment` reads it, `replace` changes it in tests."""

    host: str = _setting("127.0.0.1", "address to listen on (`--host`, `--lan` for all)")
    port: int = _setting(8000, "port to listen on, 0 for any free one (`--port`)")
    workers: int = _setting(1, "server processes; more than one needs a broker (`--workers`)")
    broker: str = _setting("", "`redis://…` for rooms shared by several processes (`--broker`)")
    database: str = _setting(
        "", "SQLite file of rooms and stored scenes, `:memory:` for none (`--database`)"
    )
    lessons: str = _setting("", "folder with lessons of one's own (`--lessons`)")
    public_url: str = _setting("", "address people use; sets join and oEmbed addresses")
    allowed_hosts: str = _setting(
        "", "further host names answered without a public address, separated by commas"
    )
    frame_ancestors: str = _setting("*", "who may frame the embed pages (CSP source list)")
    threads: int = _setting(2, "engine computations that run at once in one process")
    queue: int = _setting(64, "computations that may wait; more are answered with 503")
    max_body: int = _setting(8_000_000, "bytes of a request body")
    trace_cache: int = _setting(256_000_000, "bytes of traces kept in memory")
    answer_cache: int = _setting(32_000_000, "bytes of tables of pairs of timesteps kept in memory")
    live_sessions: int = _setting(1000, "live sockets open at once in one process")
    live_frame: int = _setting(2_000_000, "bytes of a message on a live socket")
    live_history: int = _setting(10_000, "steps a live session may come to past its scene's end")
    live_idle: int = _setting(1800, "seconds without a message after which a live socket closes")
    live_trainings: int = _setting(100, "trainings of live sockets that take turns in one process")
    room_hours: int = _setting(24, "hours without a change after which a class room is forgotten")
    room_openings: int = _setting(60, "class rooms that one address may open in a minute")
    room_sockets: int = _setting(5000, "sockets of class rooms open at once in one process")
    room_frame: int = _setting(1_000_000, "bytes of a presenter's message")
    room_viewer_frame: int = _setting(2000, "bytes of a viewer's message, and of a hello")
    room_rate: int = _setting(120, "presenter's messages read in a second; more have to wait")
    room_viewer_rate: int = _setting(10, "messages of one viewer read in a second")
    room_hello: int = _setting(10, "seconds that a room's socket may wait with its hello")
    room_patience: int = _setting(30, "seconds after which a socket that reads nothing is cut")
    room_ping: int = _setting(20, "seconds between pings, and for the answer to one")
    room_guess_rate: int = _setting(
        10, "codes an address may try in a second after too many wrong ones"
    )
    room_guess_wait: int = _setting(5, "seconds that such a try waits at most")
    scene_storings: int = _setting(600, "scenes that one address may store in a minute")
    scene_days: int = _setting(180, "days that a stored scene is kept")
    limits: Limits = field(default_factory=Limits)

    @property
    def database_file(self) -> Path | None:
        """Where rooms and stored scenes are kept; None for in memory.

        Without a setting it is `unrolled/unrolled.sqlite3` in the user's folder for data.
        """
        if self.database == ":memory:":
            return None
        if self.database:
            return Path(self.database)
        windows = os.environ.get("LOCALAPPDATA")
        usual = Path(windows) if windows else Path.home() / ".local" / "share"
        return Path(os.environ.get("XDG_DATA_HOME") or usual) / "unrolled" / "unrolled.sqlite3"

    @property
    def lessons_folder(self) -> Path | None:
        """The lecturer's own lessons, None without a folder."""
        return Path(self.lessons) if self.lessons else None


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment; raises `SettingError` naming the variable."""
    variables = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    usual = Settings()
    for item in _plain(usual):
        text = variables.get(PREFIX + item.upper())
        if text is None:
            continue
        number = isinstance(getattr(usual, item), int)
        given[item] = _whole(PREFIX + item.upper(), text, _least(item)) if number else text.strip()
    bounds = {
        name: _whole(limits.setting(name), variables[limits.setting(name)], 1)
        for name, _, _ in limits.described()
        if limits.setting(name) in variables
    }
    return Settings(**given, limits=Limits(**bounds))


def variables(settings: Settings) -> dict[str, str]:
    """The environment that `from_environment` reads as these settings."""
    held = {PREFIX + item.upper(): str(getattr(settings, item)) for item in _plain(settings)}
    for name, _, _ in limits.described():
        held[limits.setting(name)] = str(getattr(settings.limits, name))
    return held


def table() -> list[Row]:
    """Every setting there is, in the order of the document."""
    usual = Settings()
    rows = [
        Row(PREFIX + item.name.upper(), str(getattr(usual, item.name)), item.metadata["words"])
        for item in fields(usual)
        if item.name != "limits"
    ]
    for name, default, words in limits.described():
        rows.append(Row(limits.setting(name), str(default), f"limit: {words}"))
    return rows


def _plain(usual: Settings) -> Iterator[str]:
    return (item.name for item in fields(usual) if item.name != "limits")


def _least(name: str) -> int:
    return 0 if name in ("port", "queue", "trace_cache", "answer_cache") else 1


def _whole(variable: str, text: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise SettingError(variable, "a whole number", repr(text[:40])) from None
    if number < least:
        raise SettingError(variable, f"a whole number of at least {least}", str(number))
    return number
