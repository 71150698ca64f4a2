"""The seed tree of a fit: every purpose and step draws from its own stream."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return the generator for ``purpose`` (words, counters) under ``seed``; the same words give the same stream."""
    keys = [zlib.crc32(word.encode()) if isinstance(word, str) else int(word) for word in purpose]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=tuple(keys))))
