"""Records what PyTorch says to every case of tests/engine/parity.py.

    python scripts/record_reference.py

The file stands in for PyTorch where it is not installed; tests compare it with PyTorch where it is.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engine.parity import RECORDED, cases, record
from tests.engine.torch_side import theirs


def main() -> None:
    record({case.name: theirs(case) for case in cases()})
    print(f"{len(cases())} cases, {RECORDED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
