"""The bounded reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.canonical import MOST, canonical
from rrm_lifecycle.errors import RecordError
from rrm_lifecycle.record.reader import DEEPEST, LONGEST, read_line

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=12)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | TEXTS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=20,
)


class TestCanonical:
    """Canonical bytes are those of RFC 8785 on the closed domain."""

    @given(TREES)
    def test_against_rfc8785(self, tree: Any) -> None:
        """Both writers give the same bytes."""
        assert canonical(tree) == rfc8785.dumps(tree)


class TestHostile:
    """What is huge, deep, inexact, ambiguous or untrustworthy is refused, with the cause."""

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (b'"' + b"a" * LONGEST + b'"', "at most"),
            (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested deeper"),
            (b"[" * 100_000 + b"]" * 100_000, "nested deeper"),
            (b"[" * 5, "cannot be read"),
            (b"", "cannot be read"),
            (b'{"a":NaN}', "cannot be read"),
            (b'{"a":Infinity}', "cannot be read"),
            (b'{"a":1e999}', "numbers are whole|cannot be read"),
            (b'{"a":2.0}', "numbers are whole"),
            (b'{"a":1e2}', "numbers are whole"),
            (b'{"a":9007199254740992}', "not every reader"),
            (b'{"a":-9007199254740992}', "not every reader"),
            (b'{"a":123456789012345678901234567890}', "not every reader|numbers are whole"),
            (b'{"a":1,"a":2}', "canonical"),
            (b'{"b":1,"a":2}', "canonical"),
            (b'{"a": 1}', "canonical"),
            (b'{"a":"\\u00e9"}', "escape"),
            (b'{"a":"\\n"}', "escaped control"),
            (b'{"a":"\\u0000"}', "escaped control"),
            (b'{"a":"\\ud800"}', "escape"),
            (b'{"a":"\\\\\\n"}', "escaped control"),
            (b'{"a":"\x1b"}', "cannot be read"),
            (b'{"a":"\x7f"}', r"U\+007F"),
            ('{"a":"\u0085"}'.encode(), r"U\+0085"),
            ('{"a":"\u202e"}'.encode(), r"U\+202E"),
            ('{"a":"\u2066"}'.encode(), r"U\+2066"),
            ('{"a":"\u2028"}'.encode(), r"U\+2028"),
            ('{"a":"Cafe\u0301"}'.encode(), "NFC"),
            (b'{"a":"\xed\xa0\x80"}', "UTF-8"),
            (b'{"a":"\xff"}', "UTF-8"),
            ('{"é":1}'.encode(), "ASCII"),
        ],
    )
    def test_refused(self, line: bytes, says: str) -> None:
        """Each is refused with its cause, and no control character is repeated."""
        with pytest.raises(RecordError, match=says) as caught:
            read_line(line, "line 7")
        assert "line 7" in str(caught.value)
        assert str(caught.value).isprintable()

    def test_taken(self) -> None:
        """A quote, a backslash, joiners and the deepest nesting are taken."""
        for value in ({"a": 'say "\\n"'}, {"a": "न्‍य 👨‍👩‍👧"}, {"a": {"b": [MOST, -MOST]}}, {"[[[[{{{{": "]" * 99}):
            assert read_line(canonical(value)) == value
        assert read_line(b"[" * DEEPEST + b"]" * DEEPEST)
        assert json.loads(canonical({"k": "v" * (LONGEST - 100)}))
