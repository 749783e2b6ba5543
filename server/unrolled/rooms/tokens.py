"""Codes and secrets: what everybody may know, and what is kept as a hash alone."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L, which are hard to tell apart on a wall."""
LENGTH = 6

_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_VIEWER = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_code() -> str:
    """A code for a new room, one of 31⁶ ≈ 887 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that somebody typed, in any case; None where it can be none."""
    code = text.upper() if text.isascii() else ""
    return code if _CODE.fullmatch(code) else None


def new_secret() -> str:
    """A presenter's token, or a viewer's secret: 32 random bytes as text."""
    return secrets.token_urlsafe(32)


def is_viewer(text: str) -> bool:
    """Whether a text could be a viewer's secret."""
    return _VIEWER.fullmatch(text) is not None


def hashed(secret: str) -> str:
    """The SHA-256 of a secret, in hex; enough for secrets that nobody could guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matches(secret: str, digest: str) -> bool:
    """Whether a secret is the one that was hashed, in the same time for any answer."""
    return hmac.compare_digest(hashed(secret), digest)
