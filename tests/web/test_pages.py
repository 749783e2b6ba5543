"""The pages: what they carry, in which language, and what they may never do."""

import gzip
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from unrolled import assets
from unrolled.engine import describe
from unrolled.scenes import lessons
from unrolled.web import i18n, pages, previews
from unrolled.web.linker import LinkError, link

LESSONS = ("lecture-rnn", "lecture-lstm")
CALLED = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""")
MARKED = re.compile(r'data-t(?:-label)?="([^"]+)"')
KEY_LABEL = re.compile(r'label: "([^"]+)", single')


def data_of(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', text, re.S)
    assert found is not None
    read: dict[str, object] = json.loads(found[1])
    return read


# The scripts whose words are a catalogue of their own, loaded with them.
LATE = {
    "classes": ("class.js", "class/", "views/class/", "join.html"),
    "editing": ("edit.js", "edit/", "views/edit/", "share.js", "share/", "views/share/"),
    "charts": tuple(
        f"{place}{name}{end}"
        for name in ("charts", "training", "compare")
        for place, end in (("", ".js"), ("", "/"), ("views/", "/"))
    ),
}


def part_of(path: Path) -> str:
    """The catalogue that has the words of a script or a template."""
    home = assets.static() / "js"
    name = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    return next((part for part, places in LATE.items() if name.startswith(places)), "unrolled")


def sources(part: str) -> list[Path]:
    scripts = (assets.static() / "js").rglob("*.js")
    drawn = (p for p in scripts if "diagram" not in p.parts)
    return [p for p in (*drawn, *assets.templates().rglob("*.html")) if part_of(p) == part]


def used_messages(part: str) -> set[str]:
    found: set[str] = set()
    for path in sources(part):
        text = path.read_text("utf-8")
        found |= {a or b for a, b in CALLED.findall(text)}
        found |= set(MARKED.findall(text)) | set(KEY_LABEL.findall(text))
    return {message for message in found if "{{" not in message}


def test_gallery_lists_every_lesson_in_both_languages(client: TestClient) -> None:
    for language, title in (("en", "One LSTM cell, by hand"), ("zh", "手算一个 LSTM 单元")):
        text = client.get("/", params={"lang": language}).text
        assert title in text
        assert all(f'href="/lessons/{each}?lang={language}"' in text for each in LESSONS)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9", "zh-Hans"), ("fr,en;q=0.5", "en"), ("", "en"), ("de;q=x", "en")],
)
def test_page_speaks_the_reader_s_language(
    client: TestClient, accepted: str, language: str
) -> None:
    text = client.get("/", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}"' in text


def test_lesson_page_carries_all_but_the_numbers(client: TestClient) -> None:
    data = data_of(client.get("/lessons/lecture-rnn").text)
    facts = {"lang", "theme", "embedded", "exported", "studio"}
    assert set(data) == {"lesson", "cells", "notations", "messages", *facts}
    lesson = data["lesson"]
    assert isinstance(lesson, dict)
    assert [scene["id"] for scene in lesson["scenes"]] == ["in-order", "reordered"]
    cells = data["cells"]
    assert isinstance(cells, dict)
    used = {key for scene in lesson["scenes"] for key in [*scene["cells"], scene["readout"]]}
    assert used == set(cells)


def test_json_in_a_page_cannot_end_its_script(client: TestClient) -> None:
    text = client.get("/lessons/lecture-lstm").text
    block = text.split('id="page-data">')[1].split("</script>")[0]
    assert "<" not in block
    assert "\\u003cmath" in block


def test_unknown_lesson_is_not_found(client: TestClient) -> None:
    answer = client.get("/lessons/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_embed_may_be_framed_and_other_pages_may_not(client: TestClient) -> None:
    embed = client.get("/embed/lecture-lstm").headers
    assert "frame-ancestors *" in embed["content-security-policy"]
    assert "x-frame-options" not in embed
    assert "set-cookie" not in embed
    own = client.get("/lessons/lecture-lstm").headers
    assert "frame-ancestors 'self'" in own["content-security-policy"]


def test_pages_hold_no_script_or_style_of_their_own(client: TestClient) -> None:
    for path in ("/", "/lessons/lecture-lstm", "/embed/lecture-lstm"):
        text = client.get(path).text
        inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
        assert all("application/json" in tag for tag in inline)
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)


def test_scripts_are_linked_shared_and_kept(client: TestClient) -> None:
    path = re.search(r'src="(/scripts/[^"]+)"', client.get("/lessons/lecture-lstm").text)
    assert path is not None
    answer = client.get(path[1])
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "immutable" in answer.headers["cache-control"]
    assert not re.search(r"^(import|export)\b", answer.text, re.M)
    assert client.get("/scripts/other/none.js").status_code == 404


def test_first_load_of_a_lesson_is_light(client: TestClient) -> None:
    text = client.get("/lessons/lecture-lstm").text
    paths = re.findall(r'(?:href|src)="(/(?:static|scripts)/[^"]+)"', text)
    parts = [text, *(client.get(path).text for path in paths)]
    assert len(parts) <= 30
    assert sum(len(gzip.compress(part.encode(), 6)) for part in parts) <= 100_000


@pytest.mark.parametrize("part", pages.CATALOGUES)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_message_is_in_the_catalogue_and_every_entry_is_used(
    language: str, part: str
) -> None:
    assert set(i18n.catalogue(language, part)) == used_messages(part)


@pytest.mark.parametrize("part", pages.CATALOGUES)
def test_translations_fill_in_the_same_names(part: str) -> None:
    for message, text in i18n.catalogue("zh", part).items():
        assert set(re.findall(r"\{\w+\}", message)) == set(re.findall(r"\{\w+\}", text)), message


def test_no_text_stands_outside_the_catalogues() -> None:
    for path in assets.templates().rglob("*.html"):
        text = re.sub(r"\{% block kind %\}.*?\{% endblock %\}", "", path.read_text("utf-8"))
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", text, flags=re.S)
        assert set(re.findall(r"[^\W\d_]{2,}", bare)) <= {"Unrolled", "doctype"}, path.name
    for path in (assets.static() / "js" / "views").rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//.*", "", path.read_text("utf-8"), flags=re.S)
        loose = re.findall(r'(?<!t\()"([A-Z][a-z]+(?: [a-z]+)+[.?!]?)"', code)
        known = i18n.catalogue("en", part_of(path))
        assert not [text for text in loose if text not in known], path.name


def test_words_are_served_for_switching(client: TestClient) -> None:
    answer = client.get("/catalogues/zh.json")
    assert answer.json()["Next step"] == "下一步"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get("/catalogues/fr.json").status_code == 404


def test_the_studio_begins_with_a_scene_that_runs_and_speaks_both_languages(
    client: TestClient,
) -> None:
    for language, title in (("en", "Studio"), ("zh", "工作室")):
        text = client.get("/studio", params={"lang": language}).text
        assert f"<title>{title} · Unrolled</title>" in text
    (scene,) = data_of(text)["lesson"]["scenes"]  # type: ignore[index]
    answer = client.post("/api/v1/traces", json={"scene": scene["scene"]})
    assert answer.json()["steps"] == scene["steps"]


def test_linker_keeps_each_module_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { one as b } from "./b.js";\nimport "./c.js";\nb();\n')
    (tmp_path / "b.js").write_text("/** Says. */\nexport function one() {}\n")
    (tmp_path / "c.js").write_text('export { one } from "./b.js";\nexport const two = 2;\n')
    text = link(tmp_path / "a.js")
    assert text.index("function one") < text.index("const two") < text.index("b();")
    assert text.count("function one") == 1
    assert "const { one: b } = m0;" in text
    assert "one: m0.one" in text
    assert "Says" not in text


def test_linked_module_exports_what_its_entry_exports(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { one } from "./b.js";\nexport const two = one + 1;\n')
    (tmp_path / "b.js").write_text("export const one = 1;\n")
    assert re.findall(r"^export .*$", link(tmp_path / "a.js"), re.M) == [
        "export const { two } = m1;"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export default 1;\n", "export default"),
        ('import { a } from "./a.js";\n', "imports itself"),
        ('import { a } from "./none.js";\n', "none.js"),
    ],
)
def test_linker_refuses_what_it_does_not_understand(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.js").write_text(text)
    with pytest.raises(LinkError, match=re.escape(said)):
        link(tmp_path / "a.js")


def test_gallery_draws_what_the_engine_computes_and_survives_a_scene_that_does_not_run() -> None:
    lesson = lessons.lesson("lecture-lstm")
    cell = describe.cell("lstm")
    columns = previews.preview(lesson.scene, cell)
    assert [column["memory"][0]["text"] for column in columns] == ["3", "7", "7", "7", "0"]
    assert [column["output"][0]["text"] for column in columns] == ["0", "0", "0", "7", "0"]
    assert [[gate["role"] for gate in column["gates"]] for column in columns[:1]] == [
        ["forget", "input", "output"]
    ]
    wrong = lesson.scene.model_copy(update={"inputs": [[1.0, 2.0]]})
    assert [list(column) for column in previews.preview(wrong, cell)] == [["x"]]
