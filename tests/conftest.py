"""What every test shares: Hypothesis without time limits of its own, and who the oracle is."""

import importlib.metadata
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("unrolled", deadline=None, print_blob=True)
settings.load_profile("unrolled")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the checkout."""
    return ROOT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests compared the engine with an oracle, and which: counted, not assumed."""
    outcomes = ("passed", "failed")
    reports = [r for outcome in outcomes for r in terminalreporter.getreports(outcome)]
    compared = sum(r.when == "call" and "oracle" in r.keywords for r in reports)
    try:
        oracle = f"PyTorch {importlib.metadata.version('torch')}"
    except importlib.metadata.PackageNotFoundError:
        oracle = "values recorded from PyTorch (it is not installed)"
    said = f"{compared} tests compared with {oracle}" if compared else "no test marked `oracle` ran"
    terminalreporter.write_line(f"oracle: {said}")
