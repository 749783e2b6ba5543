"""`unrolled serve`: the server, its address, and a QR code for a lecture hall."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from io import StringIO
from typing import TypedDict

import click
import segno
import uvicorn

from unrolled import settings as setting
from unrolled.scenes.errors import DocumentError
from unrolled.settings import PREFIX, Settings
from unrolled.web import wire
from unrolled.web.addresses import lan_address
from unrolled.web.app import create_app


@click.command()
@click.option("--host", metavar="H", help="Address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, metavar="P", help="Port, 0 for any free one; 8000 by default.")
@click.option("--lan", is_flag=True, help="Listen on all addresses; print address and QR code.")
@click.option("--workers", type=int, metavar="N", help="Processes; more than 1 needs --broker.")
@click.option("--broker", metavar="URL", help="redis://… that several processes share.")
@click.option("--database", metavar="PATH", help="SQLite file of rooms and stored scenes.")
@click.option("--lessons", metavar="DIR", help="A folder with lessons of your own.")
def serve(lan: bool, **options: str | int | None) -> None:
    """Serve the pages and the API until interrupted."""
    settings = _settings(lan, options)
    try:
        app = create_app(settings)
    except setting.SettingError as error:
        raise _by_option(error, options) from None
    listener = _listen(settings)
    port = listener.getsockname()[1]
    click.echo(f"Unrolled serves {_address(settings, port)}", err=True)
    if lan:
        click.echo(_poster(settings.public_url or f"http://{lan_address()}:{port}"), err=True)
    if settings.workers > 1:
        os.environ.update(setting.variables(settings))  # each process reads them anew
        listener.close()  # bound only to learn the port and to say in one line that it is taken
        uvicorn.run(
            "unrolled.web.app:create_app",
            factory=True,
            host=settings.host,
            port=port,
            workers=settings.workers,
            **_options(settings),
        )
    else:
        config = uvicorn.Config(app, **_options(settings))
        uvicorn.Server(config).run(sockets=[listener])


class ServerOptions(TypedDict):
    """How uvicorn runs the application, whatever the number of processes."""

    ws: type[asyncio.Protocol]
    ws_max_size: int
    ws_ping_interval: float
    ws_ping_timeout: float
    ws_per_message_deflate: bool
    server_header: bool
    access_log: bool
    log_level: str
    timeout_graceful_shutdown: int
    timeout_worker_healthcheck: int


def _options(settings: Settings) -> ServerOptions:
    return ServerOptions(
        ws=wire.Protocol,
        # Beyond it a connection is closed without an answer; up to a limit it is told of that.
        ws_max_size=2 * max(settings.live_frame, settings.room_frame),
        ws_ping_interval=settings.room_ping,
        ws_ping_timeout=settings.room_ping,
        # Compressing every frame for every student costs ten times the steps a second.
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
        # A machine with much to do takes its time to start a process; it must not be started anew.
        timeout_worker_healthcheck=60,
    )


def _settings(lan: bool, options: Mapping[str, str | int | None]) -> Settings:
    """The environment's settings, the options' on top; raises where they cannot be used."""
    given = {name: value for name, value in options.items() if value is not None}
    if lan:
        host = str(given.setdefault("host", "0.0.0.0"))  # noqa: S104 - what --lan is for
        if host == "localhost" or host.startswith("127.") or host == "::1":
            raise DocumentError.of("--host", "an address others can reach, with --lan", host)
    variables = {PREFIX + name.upper(): str(value) for name, value in given.items()}
    try:
        settings = setting.from_environment({**os.environ, **variables})
    except setting.SettingError as error:
        raise _by_option(error, given) from None
    if settings.port > 65535:
        raise DocumentError.of("--port", "a port from 0 to 65535", str(settings.port))
    if settings.workers > 1 and not settings.broker:
        raise DocumentError.of(
            "--workers",
            "1, or more together with --broker redis://…",
            f"{settings.workers} without --broker",
        )
    return settings


def _by_option(
    error: setting.SettingError, given: Mapping[str, str | int | None]
) -> setting.SettingError:
    """The same mistake, named as it was made: an option, where one was given."""
    option = error.field.removeprefix(PREFIX).lower()
    field = f"--{option}" if given.get(option) is not None else error.field
    return setting.SettingError(field, error.expected, error.got)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise DocumentError.of(
            "--host, --port",
            "an address of this machine and a free port",
            f"{settings.host} port {settings.port} ({error.strerror or error})",
        ) from None
    listener.set_inheritable(True)
    return listener


def _address(settings: Settings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    if host in ("0.0.0.0", "[::]"):  # noqa: S104 - all addresses; this one works here
        host = "127.0.0.1"
    return f"http://{host}:{port}"


def _poster(address: str) -> str:
    """The join address with its QR code, for the terminal."""
    code = StringIO()
    segno.make(address, error="m").terminal(code, compact=True)
    return f"\nJoin at {address}\n\n{code.getvalue()}"
