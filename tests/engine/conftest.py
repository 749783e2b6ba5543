"""The table of the largest differences from PyTorch, at the end of a run."""

from __future__ import annotations

import pytest

from tests.engine.parity import FOUND


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One row for everything that was compared; docs/parity.md tells how to read it."""
    if not FOUND:
        return
    terminalreporter.section("largest differences from PyTorch")
    terminalreporter.write_line(f"{'compared':<28}{'cases':>6}{'values':>10}{'gradients':>11}")
    for group, worst in sorted(FOUND.items()):
        terminalreporter.write_line(
            f"{group:<28}{worst['cases']:>6.0f}{worst['values']:>10.1e}{worst['gradients']:>11.1e}"
        )
