"""How long a step takes on fifty live sockets, alone and beside a long training on one more.

Every socket steps ten times a second, as a page that plays does; the time is from sending `step`
to reading its frame, client included. With and without the training take turns within one run, so
that what else the machine does weighs on both.

    python -m scripts.bench.live
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from scripts.bench.table import Table

SOCKETS = 50
STEPS_A_SECOND = 10
SECONDS = 4.0
ROUNDS = 3

LSTM: dict[str, Any] = {
    "version": 1,
    "network": {
        "layers": [{"cell": "lstm", "units": 32}],
        "readout": {"outputs": 20, "activation": "softmax"},
    },
    "inputs": [[0.0] * 20] * 50,
}
TRAINING: dict[str, Any] = {
    "type": "train", "optimiser": "adam", "rate": 0.01, "updates": 10**9, "batch": 8,
    "examples": [{"tokens": [(7 * n + t * t) % 20 for t in range(40)]} for n in range(64)],
}  # fmt: skip


@dataclass(frozen=True)
class Times:
    """Milliseconds of a step: the middle one, and that which one in a hundred exceeds."""

    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f} ms"

    @classmethod
    def of(cls, seconds: list[float]) -> Times:
        """From all that were measured."""
        held = sorted(seconds)
        return cls(1e3 * held[len(held) // 2], 1e3 * held[int(len(held) * 0.99)])


def measured() -> tuple[Times, Times]:
    """Steps alone, and beside a training."""
    with _server() as port:
        return asyncio.run(_measured(f"ws://127.0.0.1:{port}/api/v1/live"))


def _rows() -> Iterator[tuple[str, ...]]:
    alone, beside = measured()
    yield (f"{SOCKETS} sockets, {STEPS_A_SECOND} steps a second each", str(alone), str(beside),
           f"{beside.p99 / alone.p99:.2f}")  # fmt: skip


LIVE = Table(
    "Live sockets beside a training",
    "From sending `step` to reading its frame, client included: the middle one, and what one in a\n"
    "hundred exceeds; alone, and while one more socket trains an LSTM without end. What else\n"
    "the machine does weighs on both, so the ratio is what tells.",
    ("p50 / p99", "alone", "beside a training", "ratio of p99"), _rows, "default",
)  # fmt: skip


async def _measured(address: str) -> tuple[Times, Times]:
    gc.freeze()
    alone: list[float] = []
    beside: list[float] = []
    async with _opened(address, SOCKETS) as sockets:
        await _play(sockets, 1.0)
        for _ in range(ROUNDS):
            alone += await _play(sockets, SECONDS)
            async with _trained(address):
                beside += await _play(sockets, SECONDS)
    return Times.of(alone), Times.of(beside)


@asynccontextmanager
async def _opened(address: str, count: int) -> AsyncIterator[list[ClientConnection]]:
    found = [await connect(address, compression=None) for _ in range(count)]
    for each in found:
        await _asked(each, {"type": "open", "scene": LSTM})
    yield found
    for each in found:
        await each.close()


@asynccontextmanager
async def _trained(address: str) -> AsyncIterator[None]:
    """A training on a socket of its own, whose progress is read all the while."""
    async with _opened(address, 1) as (one,):
        await one.send(orjson.dumps(TRAINING).decode())
        answer = orjson.loads(await one.recv())
        assert answer["type"] == "progress", answer
        reading = asyncio.create_task(_read(one))
        yield
        reading.cancel()


async def _read(one: ClientConnection) -> None:
    try:
        async for _ in one:
            pass
    except ConnectionClosed:
        pass


async def _play(sockets: list[ClientConnection], seconds: float) -> list[float]:
    """What each step took, all sockets at once, each in a rhythm of its own."""
    end = time.perf_counter() + seconds
    found = await asyncio.gather(*(_steps(each, end) for each in sockets))
    return [took for each in found for took in each]


async def _steps(one: ClientConnection, end: float) -> list[float]:
    await asyncio.sleep(random.random() / STEPS_A_SECOND)
    taken = []
    while (begin := time.perf_counter()) < end:
        answer = await _asked(one, {"type": "step"})
        taken.append(time.perf_counter() - begin)
        if answer["t"] == 49:
            await _asked(one, {"type": "reset"})
        await asyncio.sleep(max(0.0, begin + 1 / STEPS_A_SECOND - time.perf_counter()))
    return taken


async def _asked(one: ClientConnection, message: dict[str, Any]) -> Any:
    await one.send(orjson.dumps(message).decode())
    return orjson.loads(await one.recv())


@contextmanager
def _server() -> Iterator[int]:
    """`unrolled serve` on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("UNROLLED_")}
    command = [str(Path(sys.executable).parent / "unrolled"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    for line in LIVE.lines():
        print(line, flush=True)
