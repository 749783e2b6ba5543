"""How often one address may do what leaves something behind."""

from __future__ import annotations

import time
from collections import OrderedDict

from starlette.requests import HTTPConnection

from unrolled.rooms.pace import Bucket
from unrolled.settings import PREFIX, Settings
from unrolled.web import addresses
from unrolled.web.problems import ProblemError

MOST_CALLERS = 10_000


class Callers:
    """So many of something a minute from one address, and from pages of this server alone.

    `setting` is the name of the setting that says how many.
    """

    def __init__(self, settings: Settings, setting: str, what: str) -> None:
        self._settings, self._setting, self._what = settings, setting, what
        self._most: int = getattr(settings, setting)
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def admit(self, connection: HTTPConnection) -> None:
        """Let it pass; raises `ProblemError`, 403 for another site's page, 429 beyond the pace."""
        if not addresses.own_origin(connection, self._settings):
            raise ProblemError(403, "expected a page of this server, got another's")
        caller = addresses.caller(connection)
        bucket = self._buckets.setdefault(caller, Bucket(self._most / 60, self._most))
        self._buckets.move_to_end(caller)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        wait = bucket.wait(time.monotonic())
        if wait > 0:
            limit = f"{self._most} {self._what} a minute ({PREFIX}{self._setting.upper()})"
            headers = {"Retry-After": str(int(wait) + 1)}
            raise ProblemError(429, f"expected at most {limit}, got more", headers=headers)
