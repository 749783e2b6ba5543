"""Where the files of the page lie: static/ and templates/.

A wheel carries both folders inside the package (see hatch_build.py); a checkout and an editable
install have them at the top of the repository. The package's own copy wins where there is one.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def folder(name: str) -> Path:
    """Return the folder `name` ("static" or "templates").

    Raises:
        FileNotFoundError: the installation carries no such folder.
    """
    for home in (_PACKAGE, _CHECKOUT):
        found = home / name
        if found.is_dir():
            return found
    raise FileNotFoundError(f"{name}/ is neither in {_PACKAGE} nor in {_CHECKOUT}")


def static() -> Path:
    """Return the folder of scripts, styles and pictures that a browser loads."""
    return folder("static")


def templates() -> Path:
    """Return the folder of the pages' Jinja templates."""
    return folder("templates")
