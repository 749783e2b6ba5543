"""What a lecture does to a server."""

from __future__ import annotations

import asyncio
import gc
import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from scripts.bench_class import servers
from scripts.bench_class.crowd import Clock, Student, connect, crowd, persistent
from scripts.bench_class.page import Row
from scripts.bench_class.servers import Server

FRAME = 1900
"""Bytes of a step as it reaches a student."""
SECONDS = 10.0


def opened(server: Server, scene: Any = "lecture-lstm") -> tuple[str, str]:
    """A new room: the path of its socket, and the presenter's token."""
    url = f"http://127.0.0.1:{server.port}/api/v1/rooms"
    asked = {"scene": scene} if isinstance(scene, dict) else {"lesson": scene}
    request = urllib.request.Request(url, json.dumps(asked).encode())
    with urllib.request.urlopen(request, timeout=20) as answer:
        made = json.load(answer)
    return f"/api/v1/rooms/{made['code']}", made["presenter_token"]


class Presenter:
    """Steps through a scene and notes when."""

    def __init__(self, student: Student, clock: Clock, raw: bool) -> None:
        self._student, self._clock, self._raw = student, clock, raw
        self.step = 0
        self._pad = "x" * (FRAME - 210)
        if not raw:
            student.say({"type": "set", "state": {"view": {"pad": self._pad}}})

    def go(self) -> None:
        """The next step."""
        self.step += 1
        self._clock.sent[self.step] = perf_counter()
        if not self._raw:
            self._student.say({"type": "set", "state": {"cursor": {"t": self.step}}})
            return
        cursor = {"pass": "forward", "t": self.step, "node": None}
        state = {"scene": "lecture-lstm", "cursor": cursor, "view": {"pad": self._pad}}
        controls = {"locked": False, "blank": False, "gather": 0}
        text = {"type": "state", "rev": self.step, "state": state, "controls": controls}
        # Written as closely as the server writes it, so that frames are of one size.
        self._student.write(1, json.dumps(text, separators=(",", ":")).encode())

    async def walk(self, rate: float, seconds: float) -> float:
        """So many steps a second; how many of them everybody got, as a share."""
        first, begin = self.step + 1, perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begin + number / rate - perf_counter()))
            self.go()
        await asyncio.sleep(1.0)
        asked = range(first, self.step + 1)
        most = max(self._clock.arrived.get(step, 0) for step in asked)
        return sum(self._clock.arrived.get(step, 0) == most for step in asked) / len(asked)


@asynccontextmanager
async def lecture(
    server: Server, count: int, raw: bool = False
) -> AsyncIterator[tuple[Presenter, Clock, str]]:
    """A room with its presenter and so many students, everybody settled."""
    path, token = ("/", "") if raw else opened(server)
    clock = Clock()
    hello = {"type": "hello", "token": token, "viewer": "presenter-of-the-class"}
    teacher = await connect(path, server.port, hello, Clock())
    students = await crowd(path, server.port, count, clock, seconds=count / 500)
    presenter = Presenter(teacher, clock, raw)
    await presenter.walk(10, 1)
    await asyncio.sleep(3)  # a wave of joins is over after two seconds
    clock.delays.clear()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield presenter, clock, path
    finally:
        gc.enable()
        gc.unfreeze()
        for student in (teacher, *students):
            student.transport.abort()
        await asyncio.sleep(0.5)


async def steps(folder: Path, count: int) -> list[Row]:
    """Ten steps a second, beside the floor; then as many as are held."""
    floor = servers.floor()
    async with lecture(floor, count, raw=True) as (presenter, clock, _):
        raw_cost = await _cost(floor, presenter)
        low, high = clock.percentile(0.5), clock.percentile(0.99)
        top = await _held(presenter, clock)
    floor.kill()
    server = servers.unrolled(folder)
    async with lecture(server, count) as (presenter, clock, _):
        cost = await _cost(server, presenter)
        p50, p99 = clock.percentile(0.5), clock.percentile(0.99)
        held = await _held(presenter, clock)
    server.kill()
    return [
        Row(f"{count} students, 10 steps a second: p50", f"{p50:.1f} ms", "≤ 10 ms"),
        Row("p99", f"{p99:.1f} ms", "≤ 25 ms"),
        Row("raw asyncio: p50, p99", f"{low:.1f} ms, {high:.1f} ms", ""),
        Row("p99 against raw asyncio", f"{p99 / high:.2f} ×", "≤ 3 ×"),
        Row("processor time of a step", f"{cost:.1f} ms (raw asyncio {raw_cost:.1f} ms)", ""),
        Row(f"steps a second held with {count}", f"{held:.0f} (raw asyncio {top:.0f})", "≥ 60"),
    ]


async def _cost(server: Server, presenter: Presenter) -> float:
    """Milliseconds of the server's processor that each of ten steps a second takes."""
    before = server.processor()
    await presenter.walk(10, SECONDS)
    return (server.processor() - before) / (10 * SECONDS) * 1e3


async def _held(presenter: Presenter, clock: Clock) -> float:
    """The highest rate at which everybody gets (nearly) every step, and soon."""
    best = 0.0
    for rate in (40, 60, 80, 100, 120, 150, 180):
        clock.delays.clear()
        share = await presenter.walk(rate, 4)
        if share < 0.99 or clock.percentile(0.99) > 250:
            break
        best = rate
    return best


async def twice_as_many(folder: Path, count: int) -> list[Row]:
    """Two thousand."""
    server = servers.unrolled(folder)
    async with lecture(server, 2 * count) as (presenter, clock, _):
        share = await presenter.walk(10, SECONDS)
        p50, p99 = clock.percentile(0.5), clock.percentile(0.99)
    server.kill()
    found = f"{share:.0%} of steps at all; p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    return [Row(f"{2 * count} students, 10 steps a second", found, "held")]


async def one_never_reads(folder: Path, count: int) -> list[Row]:
    """One student's machine sleeps; do the others notice?"""
    server = servers.unrolled(folder)
    async with lecture(server, count) as (presenter, clock, path):
        await presenter.walk(10, SECONDS)
        before = clock.percentile(0.99)
        deaf = await connect(path, server.port, {"type": "hello"}, Clock(), receive=4096)
        deaf.transport.pause_reading()
        await presenter.walk(30, 4)  # until nothing more fits between server and student
        clock.delays.clear()
        await presenter.walk(10, SECONDS)
        after = clock.percentile(0.99)
        deaf.transport.abort()
    server.kill()
    found = f"{after / before:.2f} × ({before:.1f} ms, then {after:.1f} ms)"
    return [Row("one student who never reads: the others' p99", found, "≤ 1.2 ×")]


async def killed(folder: Path, count: int) -> list[Row]:
    """All join within ten seconds, the lecture goes on, the server is killed and started again."""
    server = servers.unrolled(folder, UNROLLED_ROOM_GUESS_RATE="1000")
    path, token = opened(server)
    before = server.memory()
    hello = {"type": "hello", "token": token, "viewer": "presenter-of-the-class"}
    teacher = await connect(path, server.port, hello, Clock())
    begin = perf_counter()
    students = await crowd(path, server.port, count, Clock(), seconds=8.0)
    joined = perf_counter() - begin
    await asyncio.sleep(3)
    memory = (server.memory() - before) / count / 1024
    secrets = [(await student.welcome)["viewer"] for student in students]
    poll = {"question": "Which?", "choices": ["f", "i"], "answer": 0}
    teacher.say({"type": "set", "state": {"cursor": {"t": 7}}})
    teacher.say({"type": "poll.open", "poll": poll})
    while any("poll" not in student.last for student in students):
        await asyncio.sleep(0.05)
    for student in students:
        student.say({"type": "poll.vote", "value": 0})
    while any("poll.voted" not in student.last for student in students):
        await asyncio.sleep(0.05)
    server.kill()
    await asyncio.gather(*(student.lost for student in (teacher, *students)))
    back = [
        asyncio.create_task(
            persistent(path, server.port, {"type": "hello", "viewer": secret}, Clock())
        )
        for secret in secrets
    ]
    await asyncio.sleep(2)
    open_at = server.start()
    again = await asyncio.gather(*back)
    taken = perf_counter() - open_at
    right = 0
    for student in again:
        welcome = await student.welcome
        right += welcome["state"]["cursor"]["t"] == 7 and welcome["poll"]["vote"] == 0
    for student in again:
        student.transport.abort()
    server.kill()
    return [
        Row(f"{count} join", f"within {joined:.1f} s", "≤ 10 s"),
        Row("memory for each student", f"{memory:.0f} KB", "≤ 40 KB"),
        Row("after kill -9 and restart, right again", f"{right} of {count}", "all"),
        Row("… from the port opening on", f"{taken:.1f} s", "≤ 5 s"),
    ]


async def two_workers(folder: Path, count: int) -> list[Row]:
    """Redis between the presenter's process and the students'."""
    few = min(100, count)
    alone = servers.unrolled(folder)
    async with lecture(alone, few) as (presenter, clock, _):
        await presenter.walk(10, SECONDS)
        local = clock.percentile(0.5)
    alone.kill()
    broker = servers.redis(folder)
    url = f"redis://127.0.0.1:{broker.port}"
    one, two = (servers.unrolled(folder, broker=url) for _ in range(2))
    path, token = opened(one)
    hello = {"type": "hello", "token": token, "viewer": "presenter-of-the-class"}
    teacher, clock = await connect(path, one.port, hello, Clock()), Clock()
    students = await crowd(path, two.port, few, clock, seconds=1)
    presenter = Presenter(teacher, clock, raw=False)
    await presenter.walk(10, 1)
    await asyncio.sleep(3)
    clock.delays.clear()
    await presenter.walk(10, SECONDS)
    far = clock.percentile(0.5)
    for student in (teacher, *students):
        student.transport.abort()
    for server in (one, two, broker):
        server.kill()
    found = f"{far - local:+.1f} ms ({local:.1f} ms in one process, {far:.1f} ms in the other)"
    return [Row(f"Redis between two workers, {few} students: p50", found, "≤ 3 ms more")]


async def edited(folder: Path, count: int) -> list[Row]:
    """The presenter edits a weight, and all ask for the trace of the new scene."""
    server = servers.unrolled(folder)
    layers = [{"cell": "lstm", "units": 8}]
    scene = {"version": 1, "network": {"layers": layers}, "inputs": [[1, 0]] * 50, "seed": 5}
    body = json.dumps({"scene": scene, "gradients": True}).encode()
    before = server.counter("unrolled_traces_computed_total")
    begin = perf_counter()
    gate = asyncio.Semaphore(500)
    answers = await asyncio.gather(*(_posted(server.port, body, gate) for _ in range(count)))
    taken = perf_counter() - begin
    computed = server.counter("unrolled_traces_computed_total") - before
    server.kill()
    found = f"{computed:.0f} computed, {sum(answers)} answers within {taken:.1f} s"
    return [Row(f"an edit with {count} followers: traces", found, f"1, {count} answers")]


async def _posted(port: int, body: bytes, gate: asyncio.Semaphore) -> bool:
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /api/v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += f"Accept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        return b" 200 " in answer[:16]


Scenario = Callable[[Path, int], Awaitable[list[Row]]]
ALL: list[Scenario] = [steps, twice_as_many, one_never_reads, killed, two_workers, edited]
