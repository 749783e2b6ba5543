"""Tokens as a language model reads them: the one before as input, the one that comes as target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def shifted(tokens: Sequence[int], width: int, dtype: Any = np.float64) -> Array:
    """Inputs (time, width) of a sentence: zeros at first, then the one-hot of the token before.

    The last token, commonly the one that ends the sentence, is a target only. Every token is
    below `width`.
    """
    rows = np.zeros((len(tokens), width), dtype)
    rows[np.arange(1, len(tokens)), list(tokens[:-1])] = 1
    return rows
