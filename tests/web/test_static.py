"""The page's files: found, compressed, kept by browsers, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from unrolled.web.static import Assets, router


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files with a secret beside it."""
    root = tmp_path / "static"
    (root / "js").mkdir(parents=True)
    (root / "js" / "main.js").write_text("export const x = 1;\n" * 100)
    (root / "dot.png").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    return root


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(router(Assets(folder)))
    with TestClient(app) as found:
        yield found


def test_a_script_is_sent_as_a_script_and_compressed(client: TestClient, folder: Path) -> None:
    answer = client.get("/static/js/main.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == (folder / "js" / "main.js").read_text()
    plain = client.get("/static/js/main.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != answer.headers["etag"]


def test_a_picture_is_not_compressed_again(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/static/dot.png").headers


def test_an_unchanged_file_is_304(client: TestClient) -> None:
    first = client.get("/static/js/main.js")
    assert "no-cache" in first.headers["cache-control"]
    again = client.get("/static/js/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_file_is_sent_anew(client: TestClient, folder: Path) -> None:
    first = client.get("/static/js/main.js")
    (folder / "js" / "main.js").write_text("changed")
    again = client.get("/static/js/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.text) == (200, "changed")


def test_a_versions_files_never_change(client: TestClient, folder: Path) -> None:
    address = Assets(folder).address()
    assert "immutable" in client.get(f"{address}/js/main.js").headers["cache-control"]
    stale = client.get("/static/v/0123456789abcdef/js/main.js")
    assert "immutable" not in stale.headers["cache-control"]
    (folder / "new.css").write_text("p {}")
    assert Assets(folder).address() != address


@pytest.mark.parametrize(
    "name",
    ["..%2fsecret.txt", "%2e%2e/secret.txt", "js/..%2f..%2fsecret.txt", "link.txt", "js", "",
     "%00", "%2fetc%2fpasswd", "x" * 5000],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_plotly_comes_from_the_installed_package_small_and_is_kept(client: TestClient) -> None:
    answer = client.get("/static/plotly.min.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert len(answer.content) == int(answer.headers["x-script-length"]) > 3_000_000
    assert int(answer.headers["content-length"]) < 1_600_000
    assert "max-age" in answer.headers["cache-control"]
    again = client.get("/static/plotly.min.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_sheet_goes_out_without_what_it_says_to_its_readers(
    client: TestClient, folder: Path
) -> None:
    (folder / "light.css").write_text("/* Why */\n:root {\n  --hue: #b04a00; /* orange */\n\n}\n")
    sent = client.get("/static/light.css").text
    assert sent.split() == [":root", "{", "--hue:", "#b04a00;", "}"]
    assert "\n " not in sent
