"""The files of the page: compressed once, and kept by browsers for ever under a version's address.

`/static/…` is asked again each time (304 where nothing changed). `/static/v/DIGEST/…` holds the
same files under the digest of them all and never changes: modules that name each other by relative
addresses stay within one version. `/static/plotly.min.js` is the script of the installed Plotly,
which draws charts: by far the largest file, read and compressed when it is first asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from unrolled.web.encode import compressed, takes_gzip

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("application/manifest+json", ".webmanifest")

_TEXT = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
A_DAY = "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served; `packed` is None where compressing does not pay."""

    stamp: tuple[int, int]
    content: bytes
    packed: bytes | None
    media: str
    digest: str


class Assets:
    """The files below one folder, read again when they change."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._held: dict[str, File] = {}
        self._version = (-1.0, "")

    def file(self, name: str) -> File | None:
        """The file of that name, None where there is none or it lies outside the folder."""
        try:
            place = (self._root / name).resolve()
            if not place.is_relative_to(self._root) or not place.is_file():
                return None
            stamp = _stamp(place)
        except (OSError, ValueError):
            # A name too long for the system, or one with a null in it.
            return None
        key = str(place)  # not the name as asked: there are endless ways to spell one file
        held = self._held.get(key)
        if held is None or held.stamp != stamp:
            held = self._held[key] = _read(place, stamp)
        return held

    def version(self) -> str:
        """The digest of all files' names, sizes and times, looked at once a second."""
        looked, held = self._version
        if time.monotonic() - looked > 1.0 or not held:
            held = self._digest()
            self._version = (time.monotonic(), held)
        return held

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for place in sorted(self._root.rglob("*")):
            if place.is_file():
                digest.update(f"{place.relative_to(self._root)} {_stamp(place)}\n".encode())
        return digest.hexdigest()[:16]

    def address(self) -> str:
        """Where a page finds this version of the files: `/static/v/DIGEST`."""
        return f"/static/v/{self.version()}"


def _stamp(place: Path) -> tuple[int, int]:
    status = place.stat()
    return status.st_mtime_ns, status.st_size


_SPOKEN = re.compile(rb"/\*.*?\*/|^[ \t]+|\n(?=\n)", re.DOTALL | re.MULTILINE)
"""What a style sheet says to its readers alone: comments, indents, empty lines."""


def _read(place: Path, stamp: tuple[int, int]) -> File:
    content = place.read_bytes()
    if place.suffix == ".css":
        content = _SPOKEN.sub(b"", content)
    media = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
    packed = compressed(content) if media.startswith(_TEXT) and len(content) > 500 else None
    if media.startswith("text/"):
        media += "; charset=utf-8"
    return File(stamp, content, packed, media, hashlib.sha256(content).hexdigest()[:24])


def router(assets: Assets) -> APIRouter:
    """The routes of the files."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/static/v/{version}/{name:path}")
    def versioned(request: Request, version: str, name: str) -> Response:
        current = version == assets.version()
        return _answer(request, assets, name, FOREVER if current else ASK_AGAIN)

    @routes.get("/static/plotly.min.js")
    def charts(request: Request) -> Response:
        file = plotly()
        return _sent(request, file, A_DAY, {"X-Script-Length": str(len(file.content))})

    @routes.get("/embed.js")
    def embedding(request: Request) -> Response:
        return _answer(request, assets, "js/embed/host.js", A_DAY)

    @routes.get("/static/{name:path}")
    def plain(request: Request, name: str) -> Response:
        return _answer(request, assets, name, ASK_AGAIN)

    return routes


def _answer(request: Request, assets: Assets, name: str, cache: str) -> Response:
    file = assets.file(name)
    if file is None:
        raise HTTPException(404)
    return _sent(request, file, cache)


@cache
def plotly() -> File:
    """The browser's half of the installed Plotly, packed as small as it goes."""
    content = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    digest = hashlib.sha256(content).hexdigest()[:24]
    return File((0, len(content)), content, packed, "text/javascript; charset=utf-8", digest)


def _sent(
    request: Request, file: File, caching: str, further: Mapping[str, str] | None = None
) -> Response:
    packed = file.packed if takes_gzip(request.headers.get("accept-encoding", "")) else None
    tag = f'"{file.digest}{"-gz" if packed else ""}"'
    headers = {"Cache-Control": caching, "ETag": tag, "Vary": "Accept-Encoding", **(further or {})}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed or file.content, headers=headers, media_type=file.media)


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client says that it holds the representation `tag` already."""
    held = request.headers.get("if-none-match", "")
    tags = {each.strip().removeprefix("W/") for each in held.split(",")}
    return tag in tags or "*" in tags
