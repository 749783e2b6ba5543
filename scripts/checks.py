"""Every check of the project, stage by stage; the first failure stops with its exit code.

    python scripts/checks.py            everything, browser tests last
    python scripts/checks.py lint js    some groups: lint, types, js, unit, e2e

Browser tests run in a pytest of their own: asynchronous tests fail in a process where Playwright's
synchronous interface has run before.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def tool(name: str, *arguments: str) -> list[str]:
    """The command of a Python tool that the environment holds."""
    return [str(BIN / name), *arguments]


def javascript_tests() -> list[str]:
    """The test files for Node; named one by one, as releases differ in how they read a folder."""
    found = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").rglob("*.test.js"))
    return found or ["tests/js/*.test.js"]  # which Node refuses: no tests is a failure


def dockerfile_lint() -> list[str]:
    """Hadolint's command, or plain words where no wheel carries its binary for this machine."""
    if (BIN / "hadolint").exists():
        return tool("hadolint", "Dockerfile")
    return ["echo", "NOT THERE: hadolint has no wheel for this machine; Dockerfile unchecked"]


def stages() -> dict[str, list[tuple[str, list[str]]]]:
    """The groups in the order they run, each a list of (name, command)."""
    npm = ["npm", "run", "--silent"]
    return {
        "lint": [
            ("ruff check", tool("ruff", "check")),
            ("ruff format --check", tool("ruff", "format", "--check")),
            ("import-linter", tool("lint-imports")),
            ("hadolint", dockerfile_lint()),
        ],
        "types": [("mypy --strict", tool("mypy"))],
        "js": [
            ("eslint", [*npm, "lint"]),
            ("tsc --checkJs", [*npm, "types"]),
            ("node --test", ["node", "--test", "--test-reporter=spec", *javascript_tests()]),
        ],
        "unit": [("pytest tests", tool("pytest", "tests", "--ignore=tests/e2e"))],
        "e2e": [("pytest tests/e2e", tool("pytest", "tests/e2e"))],
    }


def run(name: str, command: list[str]) -> int:
    """Run one stage, print its name before and the seconds on failure; return its exit code."""
    print(f"\n=== {name}", flush=True)
    begin = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}).returncode
    if code:
        print(f"FAILED: {name} (exit {code}) after {time.monotonic() - begin:.0f} s", flush=True)
    return code


def main(wanted: list[str]) -> int:
    groups = stages()
    unknown = [name for name in wanted if name not in groups]
    if unknown:
        print(f"No such group: {', '.join(unknown)}; there are {', '.join(groups)}")
        return 2
    for group in wanted or groups:
        for name, command in groups[group]:
            if code := run(name, command):
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
