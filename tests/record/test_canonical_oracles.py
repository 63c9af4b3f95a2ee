"""R12: canonical bytes against two other writers of RFC 8785, on random trees of the closed domain."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

import jcs
import pytest
import rfc8785

from rrm_lifecycle.canonical import MOST, canonical
from rrm_lifecycle.record.reader import check_json, read_line

TREES: Final = 20_000
PARTS: Final = 10
_EDGES: Final = (0, 1, -1, 9, 10, 2**31, -(2**31), 2**32, 2**52, MOST, -MOST)
_MARKS: Final = (
    "\"\\/\b\f\n\r\t\x00\x1f\x7f <>&'\u0080\u009f\u00e9\u0301\u200b\u200c\u200d\u2028\u2029\u202e\ufeff\uffff"
)
_RANGES: Final = (
    (0x20, 0x7E),
    (0x00, 0x9F),
    (0xA0, 0x2FF),
    (0x600, 0x6FF),
    (0x4E00, 0x9FFF),
    (0xE000, 0xFFFF),
    (0x10000, 0x10FFFF),
)


def text(rng: Random) -> str:
    """Return a random text: plain, of marks that writers escape, of one script, or of any characters but surrogates."""
    length = rng.choice((0, 1, 3, 8, 20))
    if rng.random() < 0.3:
        return "".join(rng.choices(_MARKS, k=length))
    first, last = rng.choice(_RANGES)
    return "".join(chr(rng.randint(first, last)) for _ in range(length))


def key(rng: Random) -> str:
    """Return a random key: ASCII, controls and quotes included."""
    return "".join(
        chr(rng.choice((rng.randint(0, 127), rng.randint(97, 99), 34, 92))) for _ in range(rng.randint(0, 5))
    )


def tree(rng: Random, depth: int = 0) -> Any:
    """Return a random value of the closed domain."""
    kind = rng.randrange(5 if depth > 4 else 8)
    match kind:
        case 0:
            return rng.choice((None, True, False))
        case 1:
            return rng.choice(_EDGES)
        case 2:
            return rng.randint(-MOST, MOST) >> rng.randrange(54)
        case 3 | 4:
            return text(rng)
        case 5:
            return [tree(rng, depth + 1) for _ in range(rng.randint(0, 4))]
        case _:
            return {key(rng): tree(rng, depth + 1) for _ in range(rng.randint(0, 6))}


@pytest.mark.parametrize("part", range(PARTS))
class TestOracles:
    """Three writers that share no code give the same bytes."""

    def test_same_bytes(self, part: int) -> None:
        """No tree is written otherwise by rfc8785 or by jcs, and a reader of JSON finds the tree again."""
        rng = Random(8785 + part)
        for _ in range(TREES // PARTS):
            value = tree(rng)
            told = canonical(value)
            assert told == rfc8785.dumps(value)
            assert told == jcs.canonicalize(value)
            assert json.loads(told) == value
            check_json(value, "a tree")

    def test_read_again(self, part: int) -> None:
        """A tree whose texts can be trusted is read from its bytes as it was."""
        rng = Random(part)
        for _ in range(200):
            value = {"a": [rng.choice(_EDGES), {"b": "x" * rng.randint(0, 9)}, rng.choice((None, True, False))]}
            assert read_line(canonical(value)) == value
