"""Addresses of this server as people in the room can use them, and whose pages may open sockets."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from unrolled.settings import Settings

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - told apart here, not listened on


def base(connection: HTTPConnection, settings: Settings) -> str:
    """`http://host:port` for links: the public address, else the one that was asked.

    A lecturer who asked by 127.0.0.1 a server that listens on all addresses gets this machine's
    address in its network: nobody else could follow the other.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = connection.headers.get("host", "")
    parts = urlsplit(f"//{host}")
    if settings.host in EVERYWHERE and _is_loopback(parts.hostname or ""):
        port = f":{parts.port}" if parts.port else ""
        return f"http://{lan_address()}{port}"
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{host}"


def lan_address() -> str:
    """This machine's address in its network: the one that a packet to elsewhere would leave from.

    Nothing is sent. Without a network it is 127.0.0.1.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def own_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a request comes from a page of this server, or from no page at all."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https"):
        return False
    own = {connection.headers.get("host", "").lower()}
    if settings.public_url:
        own.add(urlsplit(settings.public_url).netloc.lower())
    return parts.netloc.lower() in own


def caller(connection: HTTPConnection) -> str:
    """Whom to count failures to: an IPv4 address, or the network of an IPv6 one."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
