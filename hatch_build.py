"""Puts static/ and templates/ inside a wheel; editable installs go on reading the live folders.

A plain force-include would also copy both folders into an editable install, where the copies go
stale at the next edit. Hatchling calls the hook with version "standard" for a wheel that people
install and with "editable" for `pip install -e`.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("static", "templates")


class AssetsHook(BuildHookInterface[Any]):
    """Adds the page to a standard wheel, as `unrolled/static` and `unrolled/templates`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Change `build_data` in place; `version` is the kind of wheel. Called by Hatchling."""
        if version != "standard":
            return
        for name in FOLDERS:
            build_data["force_include"][f"{self.root}/{name}"] = f"unrolled/{name}"
