"""What there is stands in the documents, and what stands there is: commands, routes, settings."""

from __future__ import annotations

import re

import click
from starlette.testclient import TestClient

from tests.docs.blocks import ROOT, documents, text
from unrolled import settings
from unrolled.cli import commands
from unrolled.web import pages

EVERYTHING = {document: text(document) for document in documents()}
# The OpenAPI document does not describe itself, and leaves the pages out.
UNDESCRIBED = {("GET", "/api/v1/openapi.json")}


def section(command: str) -> str:
    """The part of docs/cli.md on one command."""
    return (
        EVERYTHING["docs/cli.md"].partition(f"\n## unrolled {command}\n")[2].partition("\n## ")[0]
    )


def test_every_command_and_option_is_described() -> None:
    for name, command in commands.commands.items():
        told = section(name)
        assert told, f"docs/cli.md has no section on unrolled {name}"
        flags = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        described = set(re.findall(r"`(--?[a-z]+)", told))
        assert described == flags, name


def test_every_command_that_is_mentioned_exists() -> None:
    for document, said in EVERYTHING.items():
        for name in re.findall(r"(?:\$ |`|^)unrolled ([a-z]+)", said, re.MULTILINE):
            assert name in commands.commands, f"{document}: unrolled {name}"


def test_the_routes_of_the_tables_are_those_of_the_server(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]
    exist = {(verb.upper(), path) for path, verbs in described.items() for verb in verbs}
    table = re.findall(r"^\| `(GET|POST) (\S+)` \|", "\n".join(EVERYTHING.values()), re.MULTILINE)
    written = {(verb, re.sub(r"\{\w+\}", "{}", path)) for verb, path in table}
    assert written == {(v, re.sub(r"\{\w+\}", "{}", p)) for v, p in exist | UNDESCRIBED}


def test_every_page_is_named_in_the_documents() -> None:
    served = [getattr(route, "path", "") for route in pages.router.routes]
    own = ("/catalogues/", "/scripts/")  # what pages fetch for themselves
    for path in (p for p in served if p and not p.startswith(own)):
        written = re.sub(r"\{\w+\}", "{id}", path)
        assert f"`{written}`" in EVERYTHING["docs/api.md"], path


def test_every_address_in_an_example_is_a_route(client: TestClient) -> None:
    for document, said in EVERYTHING.items():
        for path in re.findall(r"http://127\.0\.0\.1:8000(/[^\s\"'?`)]*)", said):
            status = client.request("OPTIONS", path).status_code
            assert status in (200, 204, 405) or path.endswith("/0000"), f"{document}: {path}"


def test_every_setting_that_is_mentioned_exists() -> None:
    exist = {row.variable for row in settings.table()}
    for document, said in EVERYTHING.items():
        mentioned = set(re.findall(r"UNROLLED_[A-Z_]*[A-Z]", said))
        assert mentioned <= exist, f"{document}: {mentioned - exist}"


def test_every_target_of_make_that_is_mentioned_exists() -> None:
    rules = re.findall(r"^([a-z][a-z0-9 ]*):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    targets = {name for rule in rules for name in rule.split()}
    for document, said in EVERYTHING.items():
        for name in re.findall(r"(?:`|^)make ([a-z0-9]+)", said, re.MULTILINE):
            assert name in targets, f"{document}: make {name}"


def test_every_file_of_the_repository_that_is_named_exists() -> None:
    roots = "|".join(["server", "static", "templates", "tests", "scripts", "docs"])
    for document, said in EVERYTHING.items():
        for path in re.findall(rf"`((?:{roots})/[\w./-]+)`", said):
            assert (ROOT / path).exists(), f"{document}: {path}"
