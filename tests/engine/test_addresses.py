"""Addresses of values and parameters."""

from __future__ import annotations

import pytest

from unrolled.engine.addresses import Address
from unrolled.engine.errors import EngineError


@pytest.mark.parametrize(
    ("text", "part", "name", "unit"),
    [
        ("c", "layers.0.forward", "c", None),
        ("c[2]", "layers.0.forward", "c", 2),
        ("layers.12.backward.z_i[0]", "layers.12.backward", "z_i", 0),
        ("readout.y", "readout", "y", None),
        ("encoder.layers.0.backward.h", "encoder.layers.0.backward", "h", None),
        ("decoder.attention.alpha", "decoder.attention", "alpha", None),
    ],
)
def test_an_address_is_read(text: str, part: str, name: str, unit: int | None) -> None:
    assert Address.parse(text) == Address(part, name, unit)


def test_an_address_is_written_as_it_is_read() -> None:
    assert str(Address.parse("layers.0.forward.c[2]")) == "layers.0.forward.c[2]"
    assert str(Address.parse("readout.V[2][10]")) == "readout.V[2][10]"
    assert Address.parse("readout.V[2][10]").entry == (2, 10)
    assert str(Address.parse("c")) == "layers.0.forward.c"
    assert Address.parse("encoder.layers.3.backward.h").layer == 3
    assert Address.parse("readout.y").layer is None


@pytest.mark.parametrize(
    "text",
    ["", ".", "c.", "c[]", "c[-1]", "c[1][2][3]", "c[t-1]", "layers.c", "layers.x.forward.c",
     "layers.0.sideways.c", "layers.²." "forward.c", "readout.layers.0.forward.c", "a b", None, 3,
     "h" * 300, "c[99999999]"],
)  # fmt: skip
def test_anything_else_is_an_error_that_shows_the_form(text: object) -> None:
    with pytest.raises(EngineError, match=r"expected an address such as layers\.0\.forward\.c"):
        Address.parse(text)
