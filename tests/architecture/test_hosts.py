"""The page asks no other host for anything, and no lock file names the index it was made with."""

import json
import re
from typing import Any

from tests.architecture.sources import ROOT, named, sources

# Names that look like addresses and are never fetched: the namespaces of SVG, MathML and XLink.
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|1998/Math/MathML|1999/(xlink|xhtml))")
# `https://host`, and `//host` where an attribute or url() would load it.
ADDRESS = re.compile(r"""(?:https?|wss?)://[\w.-]+|(?:["'(=]\s*)//[\w-]+\.[\w.-]+""")
PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9][\w.+!]*( ; [^;@]+)?")


def test_static_files_and_templates_name_no_other_host() -> None:
    found = [
        (named(path), address.group())
        for path in sources(
            ".js", ".css", ".html", ".svg", ".json", folders=("static", "templates")
        )
        for address in ADDRESS.finditer(NAMESPACES.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_markup_is_parsed_only_by_the_helper_for_our_own_mathml() -> None:
    parsing = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|parseFromString|srcdoc)\b")
    files = {
        named(path)
        for path in sources(".js", ".html", folders=("static", "templates"))
        if parsing.search(path.read_text(encoding="utf-8"))
    }
    assert files <= {"static/js/dom.js"}


def test_the_constraints_are_pins_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def keys(value: Any) -> set[str]:
    """Every key of a JSON document, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_the_lock_file_of_the_scripts_checks_has_no_download_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert "integrity" in keys(lock)
    assert "resolved" not in keys(lock)


def test_no_lock_file_of_a_kind_that_records_addresses_exists() -> None:
    kinds = (
        "uv.lock",
        "pylock*.toml",
        "poetry.lock",
        "Pipfile.lock",
        "yarn.lock",
        "pnpm-lock.yaml",
    )
    assert [found.name for kind in kinds for found in ROOT.glob(kind)] == []
