"""Server processes on a processor of their own."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

SERVER_CPU, CLIENT_CPU = {0}, {1}


def apart() -> bool:
    """Put this process, the clients', on its own processor; False where there is only one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if len(os.sched_getaffinity(0)) < 2:
        return False
    os.sched_setaffinity(0, CLIENT_CPU)
    return True


def spare_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        port: int = line.getsockname()[1]
        return port


class Server:
    """A process that listens; `kill` is kill -9."""

    def __init__(self, command: list[str], port: int, **environment: str) -> None:
        self.command, self.port = command, port
        kept = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
        self._environment = {**kept, **environment}
        self.start()

    def start(self) -> float:
        """Start, and wait until the port is open; the moment it was."""
        self._process = subprocess.Popen(
            self.command,
            env=self._environment,
            preexec_fn=_on_its_processor,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return time.perf_counter()
            time.sleep(0.005)
        raise SystemExit(f"bench: nothing listens on {self.port}")

    def kill(self) -> None:
        """End it at once."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def memory(self) -> int:
        """Bytes that belong to the process alone."""
        text = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text("ascii")
        private = [line.split()[1] for line in text.splitlines() if line.startswith("Private")]
        return 1024 * sum(map(int, private))

    def processor(self) -> float:
        """Seconds of processor time so far."""
        text = Path(f"/proc/{self._process.pid}/stat").read_text("ascii")
        user, system = map(int, text.rpartition(")")[2].split()[11:13])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def counter(self, name: str) -> float:
        """A number of the metrics page."""
        url = f"http://127.0.0.1:{self.port}/metrics"
        with urllib.request.urlopen(url, timeout=20) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(f"{name} "):
                    return float(line.split()[1])
        return 0.0


def unrolled(folder: Path, broker: str = "", **environment: str) -> Server:
    """`unrolled serve` with its rooms in `folder` or at `broker`."""
    port = spare_port()
    program = str(Path(sys.executable).parent / "unrolled")
    settings = {
        "UNROLLED_DATABASE": str(folder / "rooms.sqlite3"),
        "UNROLLED_BROKER": broker,
        "UNROLLED_ROOM_RATE": "1000",
        **environment,
    }
    command = [program, "serve", "--port", str(port)]
    return Server(command, port, **settings)


def floor() -> Server:
    """The raw broadcast."""
    port = spare_port()
    return Server([sys.executable, "-m", "scripts.bench_class.floor", str(port)], port)


def redis(folder: Path) -> Server:
    """A Redis server with nothing in it."""
    port = spare_port()
    command = ["redis-server", "--port", str(port), "--dir", str(folder), "--save", "",
               "--bind", "127.0.0.1", "--loglevel", "warning"]  # fmt: skip
    return Server(command, port)


def _on_its_processor() -> None:
    if len(os.sched_getaffinity(0) | SERVER_CPU) > 1 or os.sched_getaffinity(0) != SERVER_CPU:
        with suppress(OSError):
            os.sched_setaffinity(0, SERVER_CPU)
