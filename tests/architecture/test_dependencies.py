"""Every declared dependency has its reason in docs/dependencies.md, and none is told of in vain."""

import json
import re
import tomllib

from tests.architecture.sources import ROOT

NAME = re.compile(r"[A-Za-z0-9._-]+")


def declared() -> set[str]:
    """Names of the packages that pyproject.toml and package.json ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    requirements = [*project["dependencies"], *(line for extra in extras for line in extra)]
    python = {found.group() for line in requirements if (found := NAME.match(line))}
    scripts = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return python | set(scripts["devDependencies"])


def explained() -> set[str]:
    """Names in the first column of the tables of docs/dependencies.md."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return {name.strip() for cell in cells for name in cell.split(",")} - {"package"}


def test_every_dependency_has_its_reason_in_the_documents() -> None:
    assert declared() == explained()
