"""Effective weights: given ones stay, their neighbours are zero, seeded ones have own streams."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

from tests.scenes.documents import LSTM, Document, changed, layer
from unrolled.scenes import build, reading
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

SEEDED = changed(lambda d: layer(d).pop("weights"))


def weights(document: Document) -> dict[str, Any]:
    return build.weights(plan(reading.scene(document), Limits()))


def test_where_some_weights_are_given_the_others_are_zero() -> None:
    found = weights(LSTM)
    assert found["layers.0.forward.W_g"].tolist() == [[1, 0, 0], [0, 1, 0]]
    assert not found["layers.0.forward.U_f"].any()


@pytest.mark.parametrize("name", ["W_f", "U_g", "b_o"])
def test_a_seeded_parameter_comes_from_the_stream_of_its_address(name: str) -> None:
    address = f"layers.0.forward.{name}"
    found = weights({**SEEDED, "seed": 7})[address]
    stream = np.random.default_rng([7, zlib.crc32(address.encode("ascii"))])
    bound = 1 / np.sqrt(2)
    expected = [stream.uniform(-bound, bound) for _ in range(found.size)]
    assert found.ravel().tolist() == expected


def test_a_seeded_readout_is_bounded_by_what_it_reads() -> None:
    network = {**SEEDED["network"], "readout": {"outputs": 50}}
    found = weights({**SEEDED, "network": network})["readout.V"]
    stream = np.random.default_rng([0, zlib.crc32(b"readout.V")])
    bound = 1 / np.sqrt(2)
    assert np.array_equal(found, stream.uniform(-bound, bound, (50, 2)))


def test_giving_one_layer_its_weights_does_not_move_another() -> None:
    both = changed(lambda d: d["network"].update(layers=[layer(d), {"cell": "gru", "units": 2}]))
    edited = changed(lambda d: layer(d)["weights"].update(b_f=[9, 9]), both)
    before, after = weights(both), weights(edited)
    assert all(np.array_equal(before[each], after[each]) for each in before if "layers.1" in each)


def test_directions_have_streams_of_their_own() -> None:
    document = changed(lambda d: layer(d).update(direction="bidirectional"), SEEDED)
    found = weights(document)
    assert not np.array_equal(found["layers.0.forward.W_f"], found["layers.0.backward.W_f"])


def test_backward_weights_alone_leave_the_forward_ones_seeded() -> None:
    document = changed(
        lambda d: layer(d).update(direction="bidirectional", backward_weights={"b_f": [1, 1]}),
        SEEDED,
    )
    found = weights(document)
    assert found["layers.0.forward.W_f"].any()
    assert not found["layers.0.backward.W_f"].any()
    assert found["layers.0.backward.b_f"].tolist() == [1, 1]


def test_a_negative_zero_is_a_zero() -> None:
    document = changed(lambda d: layer(d)["weights"].update(b_f=[-0.0, 0.0]))
    assert not np.signbit(weights(document)["layers.0.forward.b_f"]).any()
