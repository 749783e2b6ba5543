"""The sizes the house lives in: small modules, short functions."""

import ast
import json
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, line_count, named, sources

LARGEST_MODULE = 400
MEDIAN_MODULE = 150
SHORT_FUNCTION = 25
SHARE_OF_SHORT = 0.8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_functions(path: Path) -> list[tuple[str, int]]:
    """Name and length of each function; its docstring does not count, explaining is free."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                told = node.body[0]
                lines -= (told.end_lineno or told.lineno) - told.lineno + 1
            found.append((f"{named(path)}:{node.lineno} {node.name}", lines))
    return found


def javascript_functions() -> list[tuple[str, int]]:
    """Name and length of each function of the page, as Node's own parser sees them."""
    files = [named(path) for path in sources(".js", folders=("static",))]
    command = ["node", "tests/architecture/function_lengths.mjs", *files]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [(f"{f['file']}:{f['line']} {f['name']}", f["lines"]) for f in json.loads(printed)]


def assert_mostly_short(functions: list[tuple[str, int]]) -> None:
    long = sorted(((lines, name) for name, lines in functions if lines >= SHORT_FUNCTION))
    share = 1 - len(long) / len(functions)
    assert share >= SHARE_OF_SHORT, f"{share:.0%} are short; the longest: {long[-10:]}"


def test_no_module_is_longer_than_the_limit() -> None:
    modules = {named(p): line_count(p) for p in sources(".py", ".js", ".css", ".html", ".toml")}
    assert modules
    assert {name: n for name, n in modules.items() if n > LARGEST_MODULE} == {}


@pytest.mark.parametrize(("suffix", "folder"), [(".py", "server"), (".js", "static")])
def test_the_median_module_is_small(suffix: str, folder: str) -> None:
    lengths = [line_count(path) for path in sources(suffix, folders=(folder,))]
    assert statistics.median(lengths) <= MEDIAN_MODULE


def test_most_python_functions_are_short() -> None:
    assert_mostly_short([f for path in sources(".py") for f in python_functions(path)])


@pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules").is_dir(),
    reason="reads JavaScript with Node and the packages of `npm ci`",
)
def test_most_javascript_functions_are_short() -> None:
    assert_mostly_short(javascript_functions())
