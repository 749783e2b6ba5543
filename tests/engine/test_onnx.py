"""Our cells give the outputs of the ONNX project's own reference cases."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine import onnx_side

ROOT = Path(__file__).resolve().parents[2]
# By name, so that a release of ONNX that drops one is noticed.
NAMES = {
    "LSTM": ["lstm_defaults", "lstm_with_initial_bias", "lstm_with_peepholes", "lstm_batchwise",
             "lstm_reverse", "lstm_bidirectional"],
    "GRU": ["gru_defaults", "gru_with_initial_bias", "gru_seq_length", "gru_batchwise",
            "gru_reverse", "gru_bidirectional"],
    "RNN": ["simple_rnn_defaults", "simple_rnn_with_initial_bias", "rnn_seq_length",
            "simple_rnn_batchwise", "simple_rnn_reverse", "simple_rnn_bidirectional"],
}  # fmt: skip


@cache
def cases(operator: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.engine.onnx_cases", operator]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return {case["name"].removeprefix("test_"): case for case in json.loads(told)}


@pytest.mark.parametrize(
    ("operator", "name"), [(operator, name) for operator in NAMES for name in NAMES[operator]]
)
def test_a_reference_case_has_our_outputs(operator: str, name: str) -> None:
    case = cases(operator)[name]
    found = onnx_side.outputs(operator, case)
    assert case["outputs"]
    for output, expected in case["outputs"].items():
        # ONNX has recorded them in single precision.
        np.testing.assert_allclose(found[output], expected, rtol=2e-6, atol=1e-7, err_msg=output)


def test_sequences_of_their_own_lengths_end_where_they_end() -> None:
    """Padding says nothing: what stands behind a sequence's end changes none of its outputs."""
    case = json.loads(json.dumps(cases("LSTM")["lstm_with_peepholes"]))
    x = np.random.default_rng(3).normal(size=(4, 2, 4))
    case["inputs"] |= {"X": x.tolist(), "sequence_lens": [4, 2]}
    found = onnx_side.outputs("LSTM", case)
    x[2:, 1] = 99
    case["inputs"]["X"] = x.tolist()
    again = onnx_side.outputs("LSTM", case)
    assert all(np.array_equal(found[name], again[name]) for name in found)
    assert not found["Y"][2:, :, 1].any()
    np.testing.assert_array_equal(found["Y_h"][:, 1], found["Y"][1, :, 1])
