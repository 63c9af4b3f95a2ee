"""Draws keyed by seed, case and step: what a case draws depends on nothing else.

The contract, named ``STREAM``: a seed gives a key; word ``i`` of a key is the output number ``i`` of splitmix64 that was
set to that key; the key of case ``k`` is word ``k`` of the key of the run. Each word of a case holds two draws of 32
bits, the upper bits first. A change to any of this changes each simulated path, and takes a new number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError

STREAM: Final = 1
"""Number of the contract; a recipe names it."""
GOLDEN: Final = 0x9E3779B97F4A7C15
"""What a key moves on by from word to word: 2^64 divided by the golden ratio."""

Words = NDArray[np.uint64]

_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_MASK: Final = (1 << 64) - 1
_LOWER: Final = (1 << 32) - 1
_SHOWN: Final = 80


def seed_of(value: object) -> int:
    """Return a seed, or refuse it.

    Raises:
        SimulationError: No whole number of at least 0.

    Example:
        >>> seed_of(2026)
        2026
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 0:
        return int(value)
    msg = f"a seed is a whole number of at least 0, such as 2026; found {repr(value)[:_SHOWN]}"
    raise SimulationError(msg)


def key_of(seed: int) -> int:
    """Return the key of a run.

    Raises:
        SimulationError: The seed is no whole number of at least 0.

    Example:
        >>> hex(key_of(2026))
        '0x838e72eaa293040d'
    """
    return int(np.random.SeedSequence(seed_of(seed)).generate_state(1, np.uint64)[0])


def word(key: int, number: int) -> int:
    """Return one word of a key.

    Example:
        >>> word(1234567, 0)
        6457827717110365317
    """
    bits = (key + (number + 1) * GOLDEN) & _MASK
    bits = ((bits ^ (bits >> 30)) * _FIRST) & _MASK
    bits = ((bits ^ (bits >> 27)) * _SECOND) & _MASK
    return bits ^ (bits >> 31)


def draw(key: int, case: int, step: int) -> int:
    """Return what a case draws at a step, counted from 0: a whole number below 2^32.

    Example:
        >>> [draw(key_of(2026), 0, step) for step in range(3)]
        [1256327321, 1219155645, 1610697148]
    """
    found = word(word(key, case), step // 2)
    return found & _LOWER if step % 2 else found >> 32


def case_keys(key: int, cases: NDArray[np.integer]) -> Words:
    """Return the keys of some cases of a run."""
    keys = cases.astype(np.uint64)
    keys += np.uint64(1)
    keys *= np.uint64(GOLDEN)
    keys += np.uint64(key)
    return mix(keys, keys, np.empty_like(keys))


def mix(bits: Words, out: Words, scratch: Words) -> Words:
    """Turn keys that have moved on into words: the last steps of splitmix64.

    Args:
        bits: The keys.
        out: Where the words go; may be ``bits``.
        scratch: Room of the same length.
    """
    np.right_shift(bits, _S30, scratch)
    np.bitwise_xor(bits, scratch, out)
    np.multiply(out, _M1, out)
    np.right_shift(out, _S27, scratch)
    np.bitwise_xor(out, scratch, out)
    np.multiply(out, _M2, out)
    np.right_shift(out, _S31, scratch)
    return np.bitwise_xor(out, scratch, out)


_S30: Final = np.array(30, dtype=np.uint64)
_S27: Final = np.array(27, dtype=np.uint64)
_S31: Final = np.array(31, dtype=np.uint64)
_M1: Final = np.array(_FIRST, dtype=np.uint64)
_M2: Final = np.array(_SECOND, dtype=np.uint64)
