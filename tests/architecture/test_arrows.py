"""Imports point one way, in Python and in the page's scripts; the contracts can tell."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, named, sources

ALLOWED_IN_ENGINE = {*sys.stdlib_module_names, "numpy"}
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
ESLINT = ROOT / "node_modules" / ".bin" / "eslint"

needs_eslint = pytest.mark.skipif(
    shutil.which("node") is None or not ESLINT.exists(),
    reason="asks ESLint, which `npm ci` installs",
)


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports; relative ones lie in its own package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def is_allowed_in_engine(module: str) -> bool:
    return module.split(".")[0] in ALLOWED_IN_ENGINE or f"{module}.".startswith("unrolled.engine.")


def test_the_engine_imports_numpy_the_standard_library_and_itself_alone() -> None:
    files = list(sources(".py", folders=("server/unrolled/engine",)))
    assert files
    strangers = [(named(f), m) for f in files for m in imported(f) if not is_allowed_in_engine(m)]
    assert strangers == []


def lint_copy(tmp_path: Path, module: str, line: str) -> str:
    """What import-linter says of a copy of the package with one more line in a module."""
    shutil.copytree(ROOT / "server", tmp_path / "server")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / "server/unrolled" / module
    changed.parent.mkdir(exist_ok=True)
    before = changed.read_text(encoding="utf-8") if changed.exists() else ""
    changed.write_text(f"{before}\n{line}\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": "server"}
    done = subprocess.run(
        [str(LINT_IMPORTS), "--no-cache", "--config", str(tmp_path / "pyproject.toml")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("engine/cell.py", "import unrolled.scenes", "unrolled.engine is not allowed to import"),
        ("engine/cell.py", "import pydantic", "engine is not allowed to import pydantic"),
        ("rooms/__init__.py", "import unrolled.engine", "rooms is not allowed to import"),
        ("engine/cell.py", "import unrolled.rooms", "engine is not allowed to import"),
        ("scenes/__init__.py", "import unrolled.web", "scenes is not allowed to import"),
        ("scenes/__init__.py", "import unrolled.figures", "scenes is not allowed to import"),
        ("web/app.py", "import unrolled.commands", "web is not allowed to import"),
    ],
)
def test_an_import_against_the_arrows_breaks_a_contract(
    tmp_path: Path, module: str, line: str, said: str
) -> None:
    assert said in lint_copy(tmp_path, module, line)


def eslint_on(name: str, code: str) -> str:
    """ESLint's words on a script as if it stood in the file `name`."""
    command = [str(ESLINT), "--stdin", "--stdin-filename", name]
    done = subprocess.run(
        command, cwd=ROOT, input=code, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@needs_eslint
@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("views/a.js", 'import "../net/b.js";', "From views"),
        ("views/a.js", 'import "../actions/index.js";', "From views"),
        ("views/parts/a.js", 'import "../../state/store.js";', "From views"),
        ("actions/a.js", 'import "../views/b.js";', "From actions"),
        ("state/a.js", 'import "../net/b.js";', "From state"),
        ("net/a.js", 'import "../state/b.js";', "From net"),
        ("diagram/a.js", 'import "../actions/b.js";', "From diagram"),
        ("training/a.js", 'import "../net/b.js";', "From training"),
        ("class/a.js", 'import "../views/b.js";', "From class"),
        ("views/a.js", "document.body.innerHTML = name;", "Text never becomes markup"),
        ("views/a.js", "document.body.insertAdjacentHTML('x', name);", "Text never becomes"),
    ],
)
def test_a_script_against_the_arrows_is_refused(name: str, code: str, said: str) -> None:
    assert said in eslint_on(f"static/js/{name}", f"{code}\n")


@needs_eslint
def test_a_script_along_the_arrows_is_accepted() -> None:
    code = 'import { get } from "../net/b.js";\nimport { put } from "../state/c.js";\nput(get());\n'
    assert eslint_on("static/js/actions/a.js", code) == ""
