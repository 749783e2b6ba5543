"""Installs PyTorch, which the tests use as an oracle, where a small CPU build is to be had.

This step never fails: the tests keep recorded values for its place. A build that needs gigabytes
of CUDA libraries is refused. Run by `make test` with the environment's own Python.
"""

import importlib.util
import json
import subprocess
import sys

REQUIREMENT = "torch==2.13.0"
# What this release imports; installed by name because its own list may hold CUDA libraries.
NEEDS = ["filelock", "fsspec", "jinja2", "networkx", "sympy", "typing-extensions"]
SECONDS = 600
PIP = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
       "--only-binary", ":all:"]  # fmt: skip


def pip(*arguments: str) -> str:
    """Run pip within the time limit and return what it printed."""
    done = subprocess.run(
        [*PIP, *arguments], check=True, capture_output=True, text=True, timeout=SECONDS
    )
    return done.stdout


def wants_cuda() -> bool:
    """Whether the build that pip would take for this machine depends on CUDA libraries."""
    report = json.loads(pip("--dry-run", "--no-deps", "--report", "-", REQUIREMENT))
    (build,) = report["install"]
    needs = build["metadata"].get("requires_dist", [])
    names_cuda = any(need.startswith(("nvidia-", "cuda-")) for need in needs)
    return names_cuda and sys.platform == "linux"


def install() -> str:
    """Install PyTorch and return one sentence about how that went."""
    if importlib.util.find_spec("torch") is not None:
        return "PyTorch is there for the tests marked `oracle`."
    absent = "tests marked `oracle` need recorded values in its place."
    try:
        if wants_cuda():
            return f"PyTorch is not there (only a build with CUDA is offered): {absent}"
        pip("--no-deps", REQUIREMENT)
        pip("--constraint", "constraints.txt", *NEEDS)
    except subprocess.TimeoutExpired:
        return f"PyTorch is not there (no answer within {SECONDS} s): {absent}"
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        return f"PyTorch is not there ({reason}): {absent}"
    return "PyTorch was installed for the tests marked `oracle`."


if __name__ == "__main__":
    print(install())
