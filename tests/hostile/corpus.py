"""A corpus of hostile inputs: each has a name, the reader that it is meant for, and the cause that the error has to name.

All of it is made here and beside, from a case and from tokens; it is the same every time, and nothing huge stands in a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.errors import RecordError
from rrm_lifecycle.record.reader import DEEPEST, LONGEST


@frozen
class Item:
    """A hostile input.

    Attributes:
        name: What it is.
        data: The input itself, as its reader takes it.
        says: What the error has to say: a pattern for cause, and place where there is one.
        error: The class of the error.
    """

    name: str
    data: Any
    says: str
    error: type[Exception] = RecordError

    def __str__(self) -> str:
        """Return the name, which is the id of the test."""
        return self.name


IDS: Final = {
    "up": "../x", "etc": "../../etc/passwd", "slash": "a/b", "backslash": "a\\b", "absolute": "/etc/passwd",
    "drive": "C:x", "dots": "a..b", "dot": ".", "hidden": ".x", "con": "con", "nul": "NUL.txt", "com1": "com1",
    "lpt9": "LPT9.jsonl", "aux": "aux", "prn": "PrN", "long": "a" * 65, "empty": "", "space": "a b", "dash": "-rf",
    "under": "_x", "colon": "a:b", "star": "a*", "question": "a?", "accent": "Potos\u00ed", "wide": "\uff41",
    "dotless": "\u0131d", "kelvin": "\u212a1", "arabic-digit": "\u0661", "percent": "%2e%2e%2f", "quote": "a'b",
    "nul-byte": "a\x00b", "line-feed": "a\n", "escape": "\x1b[31m", "bidi": "a\u202eb", "zwj": "a\u200db",
    "surrogate": "a\ud800", "attempts": "a/attempts", "tab": "a\tb", "html": "<b>", "formula": "=1", "huge": "a" * 100_000,
}  # fmt: skip
"""Ids that are refused, by name."""

# ---- tokens: one JSON value each, to be put in where a text stands ---------------------------------------------------
BIDI: Final = {
    "lre": "\u202a", "rle": "\u202b", "pdf": "\u202c", "lro": "\u202d", "rlo": "\u202e",
    "lri": "\u2066", "rli": "\u2067", "fsi": "\u2068", "pdi": "\u2069",
}  # fmt: skip
SEPARATORS: Final = {"line-separator": "\u2028", "paragraph-separator": "\u2029"}
CONTROLS: Final = {
    "nul": "\x00", "bell": "\x07", "backspace": "\x08", "tab": "\t", "line-feed": "\n", "carriage-return": "\r",
    "escape": "\x1b", "delete": "\x7f", "next-line": "\x85", "csi": "\x9b", "osc": "\x9d",
}  # fmt: skip
ANSI: Final = {
    "ansi-red": "\x1b[31mred\x1b[0m", "ansi-title": "\x1b]0;owned\x07", "ansi-clear": "\x1b[2J\x1b[H",
    "ansi-c1": "\x9b31mred", "ansi-link": "\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\",
}  # fmt: skip
UNTRUSTED_TEXTS: Final = {**CONTROLS, **ANSI, **BIDI, **SEPARATORS}
"""Texts that no reader could trust, by name."""

KEPT_TEXTS: Final = {
    "emoji-zwj": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "persian-zwnj": "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "arabic": "\u0645\u0635\u0646\u0639 \u0627\u0644\u0633\u064a\u0627\u0631\u0627\u062a",
    "hebrew": "\u05de\u05e4\u05e2\u05dc",
    "devanagari": "\u0928\u094d\u200d\u092f",
    "combining": "x\u0323\u0302",
    "nfc": "San Luis Potos\u00ed",
    "wide": "\u5de5\u5834",
    "astral": "\U00020bb7\u91ce\u5bb6",
    "flag": "\U0001f1f2\U0001f1fd",
    "html": "<script>alert(1)</script>",
    "formula": "=HYPERLINK(1)",
    "quotes": 'say "\\n"',
    "percent": "%s %d {0} {x}",
    "sql": "'; DROP TABLE entry; --",
    "shell": "$(rm -rf /) `id`",
    "path": "../../etc/passwd",
    "comma": 'a,b;c"d',
    "pipe": "a|b",
    "dollar": "$HOME",
}
"""Texts that look dangerous, or are seldom met, and are good texts: they are kept as they are."""

BAD_NUMBERS: Final = {
    "nan": b"NaN", "infinity": b"Infinity", "minus-infinity": b"-Infinity", "1e999": b"1e999", "fraction": b"2.0",
    "exponent": b"1e2", "half": b"0.5", "past-2-53": b"9007199254740993", "below-2-53": b"-9007199254740993",
    "past-64-bits": b"123456789012345678901234567890", "leading-zero": b"01", "plus": b"+1", "hexadecimal": b"0x10",
    "minus-zero": b"-0", "thousands-of-digits": b"9" * 5_000, "underscore": b"1_0", "bare-point": b".5",
}  # fmt: skip
"""Numbers that readers of JSON do not agree on, or that are none."""


def _escaped(text: str) -> bytes:
    return ('"' + "".join(f"\\u{ord(one):04x}" for one in text) + '"').encode()


def bad_tokens() -> Iterator[Item]:
    """Yield JSON values that may stand nowhere in a record."""
    untrusted = r"which no reader could trust|escaped control|cannot be read|is no body|no JSON"
    for name, text in UNTRUSTED_TEXTS.items():
        yield Item(f"{name}-raw", b'"' + text.encode() + b'"', untrusted)
        yield Item(f"{name}-escaped", _escaped(text), "escape")
    for name, raw in BAD_NUMBERS.items():
        yield Item(f"number-{name}", raw, "cannot be read|canonical|is no body|no JSON|no entry can hold")
    yield Item("surrogate-escaped", b'"\\ud800"', "escape")
    yield Item("surrogate-pair-escaped", b'"\\ud83d\\ude00"', "escape")
    yield Item("surrogates-swapped", b'"\\ude00\\ud83d"', "escape")
    yield Item("surrogate-cesu", b'"\xed\xa0\x80"', "no UTF-8: byte")
    yield Item("surrogate-pair-cesu", b'"\xed\xa0\xbd\xed\xb8\x80"', "no UTF-8: byte")
    yield Item("byte-ff", b'"\xff"', "no UTF-8: byte")
    yield Item("cut-utf-8", b'"\xe2\x82"', "no UTF-8: byte")
    yield Item("overlong-slash", b'"\xc0\xaf"', "no UTF-8: byte")
    yield Item("beyond-unicode", b'"\xf4\x90\x80\x80"', "no UTF-8: byte")
    yield Item("latin-1", "Potos\u00ed".encode("latin-1").join((b'"', b'"')), "no UTF-8: byte")
    yield Item("not-nfc", '"Cafe\u0301"'.encode(), "NFC")
    yield Item("not-nfc-angstrom", '"\u212b"'.encode(), "NFC")
    yield Item("not-nfc-hangul", '"\u1112\u1161\u11ab"'.encode(), "NFC")
    yield Item("needless-escape", b'"\\u00e9"', "escape")
    yield Item("escaped-slash", b'"a\\/b"', "escape")
    yield Item("unknown-escape", b'"\\x41"', "escape")
    yield Item("space-behind", b'"a" ', "canonical")
    yield Item("space-before", b' "a"', "canonical")
    yield Item("comment", b'"a"/*x*/', "cannot be read|is no body|no JSON")
    yield Item("single-quotes", b"'a'", "cannot be read|is no body|no JSON")
    yield Item("open-string", b'"a', "cannot be read|is no body|no JSON")
    yield Item("trailing-comma", b'["a",]', "cannot be read|is no body|no JSON")
    yield Item("undefined", b"undefined", "cannot be read|is no body|no JSON")
    yield Item("nothing", b"", "cannot be read|is no body|no JSON")
    yield Item("twice-a-key", b'{"a":1,"a":2}', "canonical|is no body|no entry can hold")
    yield Item("keys-out-of-order", b'{"b":1,"a":2}', "canonical|is no body|no entry can hold")
    yield Item("key-beyond-ascii", '{"\u00e9":1}'.encode(), "ASCII|is no body|no entry can hold")
    yield Item("too-deep", b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested deeper")
    yield Item("far-too-deep", b"[" * 100_000 + b"]" * 100_000, "nested deeper")
    yield Item("objects-too-deep", b'{"a":' * 40 + b"1" + b"}" * 40, "nested deeper")
    yield Item("too-long", b'"' + b"a" * LONGEST + b'"', "bytes; at most")


def lines() -> Iterator[Item]:
    """Yield lines for ``read_line``."""
    for one in bad_tokens():
        yield Item(one.name, b'{"a":' + one.data + b"}", one.says)
    for name, mark in (("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        yield Item(f"mark-{name}", mark + b'{"a":1}', "no UTF-8|cannot be read")
    yield Item("utf-16", '{"a":1}'.encode("utf-16-le"), "cannot be read")
    yield Item("utf-32", '{"a":1}'.encode("utf-32-le"), "cannot be read")
    yield Item("line-feed", b'{"a":1}\n', "canonical")
    yield Item("carriage-return", b'{"a":1}\r', "canonical")
    yield Item("two-values", b'{"a":1}{"a":1}', "cannot be read")
    yield Item("not-closed", b'{"a":1', "cannot be read")
    yield Item("only-closed", b"}", "cannot be read")
    yield Item("key-is-number", b'{1:"a"}', "cannot be read")
    yield Item("key-escaped", b'{"\\u0061":1}', "escape")
