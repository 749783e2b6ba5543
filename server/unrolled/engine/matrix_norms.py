"""Norms of many matrices at once, exact where squares would leave the range of numbers.

Matrices are (rows, count, columns): `count` of them, interleaved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def frobenius(matrices: Array) -> Array:
    """√Σ a², (count,)."""
    rows, count, columns = matrices.shape
    flat = matrices.reshape(rows, -1)
    squares = np.einsum("ij,ij->j", flat, flat).reshape(count, columns).sum(axis=1)
    range_ = np.finfo(matrices.dtype)
    lost = rows * columns * range_.smallest_subnormal / range_.eps
    sound = (squares > lost) & (squares < range_.max)
    norms = np.sqrt(squares)
    if not sound.all():  # squares too small or too large: each matrix by its own largest entry
        whole = matrices[:, ~sound].transpose(1, 0, 2).reshape(-1, rows * columns)
        norms[~sound] = lengths(whole)
    return np.asarray(norms)


def largest_singular(matrices: Array) -> Array:
    """The spectral norms, (count,); NaN where an entry is not finite.

    From the larger eigenvalue problem's smaller side, A·Aᵀ or Aᵀ·A: its largest eigenvalue keeps
    all its digits (only small ones would lose them), in a fraction of the time.
    """
    stacked = np.ascontiguousarray(matrices.transpose(1, 0, 2))
    peaks = np.abs(stacked).max(axis=(1, 2))
    sound = np.isfinite(peaks) & (peaks > 0)
    scaled = np.where(sound[:, None, None], stacked, 0) / np.where(sound, peaks, 1)[:, None, None]
    turned = scaled.transpose(0, 2, 1)
    grams = turned @ scaled if scaled.shape[2] < scaled.shape[1] else scaled @ turned
    largest = np.sqrt(np.maximum(np.linalg.eigvalsh(grams)[:, -1], 0))
    return np.asarray(np.where(np.isfinite(peaks), largest * np.where(sound, peaks, 0), np.nan))


def lengths(vectors: Array) -> Array:
    """√Σ a² along the second axis of (time, entries, …), scaled so that no square vanishes."""
    peaks = np.abs(vectors).max(axis=1)
    sound = np.isfinite(peaks) & (peaks > 0)
    scaled = vectors / np.where(sound, peaks, 1)[:, None]
    return np.asarray(np.where(sound, peaks * np.sqrt(np.square(scaled).sum(axis=1)), peaks))
