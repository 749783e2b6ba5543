"""The project's own source files, for the tests that read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("server", "static", "templates", "tests", "scripts", "bench")
PASSED_OVER = {"__pycache__", "vendor", "node_modules"}


def sources(*suffixes: str, folders: tuple[str, ...] = FOLDERS) -> Iterator[Path]:
    """Files with one of the suffixes in the folders of the checkout (all that exist)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if path.suffix in suffixes and path.is_file() and PASSED_OVER.isdisjoint(inside):
                yield path


def line_count(path: Path) -> int:
    """Lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def named(path: Path) -> str:
    """The path as people write it, from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()
