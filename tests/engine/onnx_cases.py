"""The ONNX project's own reference cases of one operator, as JSON on standard output.

    python -m tests.engine.onnx_cases LSTM

In a process of its own: collecting them runs the cases of every operator there is, warns of their
overflows, and knows one operator a process.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def cases(operator: str) -> list[dict[str, Any]]:
    """Name, attributes, inputs and outputs by their names, of every case."""
    from onnx import helper
    from onnx.backend.test.case.node import collect_testcases

    found = []
    for case in collect_testcases(operator):
        assert case.model is not None
        assert case.data_sets is not None
        (node,) = case.model.graph.node
        ((inputs, outputs),) = case.data_sets
        wanted = [name for name in node.output if name]
        attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        found.append({
            "name": case.name,
            "attributes": {name: value.decode() if isinstance(value, bytes) else value
                           for name, value in attributes.items()},
            "inputs": {name: array.tolist()
                       for name, array in zip(node.input, inputs, strict=True)},
            "outputs": {name: array.tolist()
                        for name, array in zip(wanted, outputs, strict=True)},
        })  # fmt: skip
    return found


if __name__ == "__main__":
    json.dump(cases(sys.argv[1]), sys.stdout)
