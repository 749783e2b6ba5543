"""Several processes of one server, behind one port."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from tests.rooms.conftest import Redis
from tests.web.classes import Class, Server, listen, tell


def test_several_workers_serve_one_class(tmp_path: Path, redis_server: Redis) -> None:
    server = Server(tmp_path, "--workers", "2", "--broker", redis_server.url)
    lecture = Class(server)
    with ExitStack() as stack:
        presenter, _ = stack.enter_context(lecture.join(token=lecture.token))
        students = [stack.enter_context(lecture.join())[0] for _ in range(12)]
        tell(presenter, "set", state={"cursor": {"t": 2}})
        for student in students:
            assert listen(student, "state")["state"]["cursor"]["t"] == 2
    server.stop()
