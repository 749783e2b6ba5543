"""Computing beside the event loop: bounded, shared, and not undone by one who leaves."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.web.conftest import Serve
from unrolled.web.problems import ProblemError
from unrolled.web.work import Work


async def test_work_happens_in_another_thread() -> None:
    work = Work(threads=1, queue=0)
    assert await work.run(threading.get_ident) != threading.get_ident()
    work.close()


async def test_beyond_threads_and_queue_a_request_is_told_to_come_again() -> None:
    work, gate = Work(threads=1, queue=1), threading.Event()
    waiting = [asyncio.ensure_future(work.run(gate.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    assert work.pending == 2
    with pytest.raises(ProblemError) as caught:
        await work.run(gate.wait)
    assert caught.value.status == 503
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await work.run(lambda: 3) == 3
    work.close()


async def test_those_who_ask_for_the_same_meanwhile_share_one_computation() -> None:
    work = Work(threads=1, queue=9)
    count, gate = 0, asyncio.Event()

    async def make() -> int:
        nonlocal count
        count += 1
        await gate.wait()
        return count

    asked = [asyncio.ensure_future(work.once("key", make)) for _ in range(5)]
    await asyncio.sleep(0)
    asked[0].cancel()
    gate.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [1] * 4
    assert await work.once("key", make) == 2
    work.close()


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    work = Work(threads=1, queue=9)

    async def fails() -> int:
        raise ValueError("no")

    async def works() -> int:
        return 1

    found = await asyncio.gather(
        work.once("key", fails), work.once("key", fails), return_exceptions=True
    )
    assert [type(each) for each in found] == [ValueError, ValueError]
    assert await work.once("key", works) == 1
    work.close()


def test_a_small_question_does_not_wait_behind_long_computations(serve: Serve) -> None:
    client, gate = serve(threads=1), threading.Event()
    services = client.app.state.services  # type: ignore[attr-defined]
    assert client.portal is not None
    long = client.portal.start_task_soon(services.work.run, gate.wait)
    answer = client.post("/api/v1/descriptions", json={"scene": "lecture-lstm"})
    assert (answer.status_code, long.done()) == (200, False)
    gate.set()
    assert long.result()


def test_beyond_its_queue_a_document_is_not_read_either(serve: Serve) -> None:
    client, gate = serve(queue=0), threading.Event()
    checks = client.app.state.services.checks  # type: ignore[attr-defined]
    assert client.portal is not None
    long = client.portal.start_task_soon(checks.run, gate.wait)
    answer = client.post("/api/v1/descriptions", json={"scene": "lecture-lstm"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    gate.set()
    assert long.result()
