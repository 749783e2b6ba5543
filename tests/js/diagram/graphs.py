"""Write graphs.json: the graphs the drawings are tested on, as the engine makes them.

Run ``.venv/bin/python tests/js/diagram/graphs.py`` after a change of graphs that is meant;
``tests/engine/test_diagram.py`` tells when it is due.
"""

import json
from pathlib import Path
from typing import Any

from unrolled.engine import diagram
from unrolled.engine.cell import Cell, catalogue, cell_from_document

TYPED: dict[str, dict[str, Any]] = {
    "typed_two_memories": {
        "state": ["p", "q"],
        "output": "h",
        "equations": """
f = sigmoid(A @ x + B @ p[t-1])
g = tanh(C @ x)
p = f * p[t-1] + (1 - f) * g
z = sigmoid(D @ p + E @ x)
q = z * q[t-1] + (1 - z) * p
h = tanh(q)
""",
    },
    "typed_unnamed_gates": {
        "state": ["h", "c"],
        "output": "h",
        "equations": """
c = sigmoid(F @ x + G @ h[t-1]) * c[t-1] + sigmoid(I @ x + J @ h[t-1]) * tanh(K @ x + L @ h[t-1])
h = sigmoid(O @ x + P @ h[t-1]) * tanh(c)
""",
    },
    "typed_oddity": {
        "state": ["a", "b"],
        "output": "q",
        "equations": """
a = tanh(W @ x + U @ b[t-1])
k = sigmoid(V @ x) * a
b = b[t-1] + 0.5 * k
s = exp(b) / (1 + exp(b))
q = maximum(s, a) - k
""",
    },
    "typed_leaky": {
        "state": ["h"],
        "output": "y",
        "equations": "h = 0.9 * h[t-1] + W @ x\ny = V @ h + b",
    },
    "typed_sum": {"state": ["h"], "output": "h", "equations": "h = h[t-1] + x"},
    "typed_static": {
        "state": ["h"],
        "output": "h",
        "equations": "z_h = W_h @ x + U_h @ h[t-1] + W_v @ v\nh = tanh(z_h)",
    },
}


def cells() -> dict[str, Cell]:
    """The catalogue and some cells as a student may type them, by id."""
    typed = {key: cell_from_document({"id": key, **cell}) for key, cell in TYPED.items()}
    return {**catalogue(), **typed}


def graphs() -> dict[str, Any]:
    """The graph of each of them."""
    return {key: diagram.graph(cell) for key, cell in cells().items()}


if __name__ == "__main__":
    target = Path(__file__).with_name("graphs.json")
    rows = (f"{json.dumps(k)}: {json.dumps(g, ensure_ascii=False)}" for k, g in graphs().items())
    target.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
