"""Settings: each a variable, each in the document, each refused by name where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from unrolled import settings
from unrolled.settings import SettingError, Settings


def test_the_document_is_the_table_of_the_settings(root: Path) -> None:
    lines = (root / "docs" / "settings.md").read_text("utf-8").splitlines()
    written = [line for line in lines if line.startswith("| `UNROLLED_")]
    assert written == [
        f"| `{row.variable}` | {f'`{row.default}`' if row.default else 'none'} | {row.words} |"
        for row in settings.table()
    ]


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings.from_environment({}) == Settings()


def test_every_setting_is_read_from_its_variable() -> None:
    for row in settings.table():
        text = "7" if row.default.isdigit() else "something"
        changed = settings.from_environment({row.variable: text})
        assert changed != Settings(), row.variable


def test_settings_are_read_back_from_the_variables_they_write() -> None:
    changed = settings.from_environment({"UNROLLED_PORT": "9", "UNROLLED_MAX_UNITS": "7"})
    assert settings.from_environment(settings.variables(changed)) == changed


def test_other_variables_are_no_concern_of_ours() -> None:
    assert settings.from_environment({"PATH": "/bin", "UNROLLED_COLOUR": "x"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("UNROLLED_PORT", "http"),
        ("UNROLLED_PORT", "-1"),
        ("UNROLLED_WORKERS", "0"),
        ("UNROLLED_MAX_UNITS", "many"),
        ("UNROLLED_MAX_UNITS", "0"),
        ("UNROLLED_MAX_BODY", "8MB"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        settings.from_environment({variable: text})
    assert caught.value.field == variable
    assert text in caught.value.got
