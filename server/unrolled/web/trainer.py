"""The program in which trainings take turns: `python -m unrolled.web.trainer`, begun by the server.

It answers requests on its standard input, one after the other, until that is closed. A process of
its own leaves the server's interpreter to those who step: NumPy's short calls would hold it most of
the time. It is nice to them on the processors too.

A request is JSON behind its length. A reply is a head, what the server has to know, and a body,
what the client is to be sent, each behind its length.
"""

from __future__ import annotations

import logging
import os
import signal
import struct
import sys
from contextlib import suppress
from typing import IO, Any

import orjson

from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.train_messages import Train
from unrolled.scenes.live.training import LiveTraining
from unrolled.scenes.plan import plan
from unrolled.web import encode

log = logging.getLogger("unrolled.web")

LENGTH = struct.Struct("<Q")
NICE = 10
Document = dict[str, Any]
Reply = tuple[Document, bytes]
"""Head and body; the body is empty where there is nothing to send."""


class Host:
    """Trainings by number, and what may be asked of them."""

    def __init__(self) -> None:
        self._held: dict[int, LiveTraining] = {}

    def answer(self, request: Document) -> Reply:
        """What a request leads to; whatever goes wrong is said in the head."""
        number, kind = request["training"], request["kind"]
        try:
            if kind == "begin":
                self._held[number] = _begun(request)
            elif kind == "leave":
                self._held.pop(number, None)
                return {}, b""
            return self._of(number, kind, request)
        except LiveError as error:
            return self._head(number), encode.json_bytes(error.document())
        except DocumentError as error:
            refusal = LiveError.of("bad_message", error)
            return self._head(number), encode.json_bytes(refusal.document())
        except Exception as error:
            # What went wrong inside is not said; the log has it.
            log.error("a training failed", exc_info=error)
            self._held.pop(number, None)
            return {"failed": True}, b""

    def _of(self, number: int, kind: str, request: Document) -> Reply:
        training = self._held[number]
        answer: Document | None = None
        if kind == "begin" and training.paused:
            answer = training.progress()
        elif kind == "advance":
            training.advance(request["seconds"])
            answer = training.progress()
        elif kind == "follow":
            answer = training.follow(messages.read(request["message"]))  # type: ignore[arg-type]
        elif kind == "end":
            answer = self._held.pop(number).trained()
        head = {"ended": training.ended is not None, "paused": training.paused}
        return head, b"" if answer is None else encode.json_bytes(answer)

    def _head(self, number: int) -> Document:
        """After a refusal: as it was before, and over where it never began."""
        training = self._held.get(number)
        if training is None:
            return {"refused": True}
        return {"ended": training.ended is not None, "paused": training.paused}


def _begun(request: Document) -> LiveTraining:
    limits = Limits(**request["limits"])
    message = messages.read(request["message"])
    assert isinstance(message, Train)
    return LiveTraining(plan(reading.scene(request["scene"]), limits), message, limits)


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer until there are no more requests."""
    host = Host()
    while len(length := requests.read(LENGTH.size)) == LENGTH.size:
        request = orjson.loads(requests.read(*LENGTH.unpack(length)))
        head, body = host.answer(request)
        for part in (orjson.dumps(head), body):
            replies.write(LENGTH.pack(len(part)) + part)
        replies.flush()


def main() -> None:
    """Serve the process that began this one, and end with it."""
    # A key that interrupts the server interrupts all processes of its terminal; this one ends when
    # its server does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
