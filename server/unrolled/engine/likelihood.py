"""How probable a text is to a language model: from the cross-entropy of every step.

The loss of a step is −ln p of the token that came; so probabilities of sentences are e to sums of
it, and perplexity is e to its mean: the number of equally likely tokens that would be as hard to
foretell (Jelinek et al. 1977).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def perplexity(losses: Array, counts: Array) -> float:
    """e to the mean loss of the rows that count; losses and counts are (rows,), one at least."""
    with np.errstate(all="ignore"):
        return float(np.exp(losses[counts].mean()))


def probabilities(losses: Array) -> Array:
    """Of the tokens up to each row, (rows,): the last row is the whole sentence's with its end
    token, the one before that without it."""
    with np.errstate(all="ignore"):
        return np.asarray(np.exp(-np.cumsum(losses)))
