"""Canonical JSON bytes (RFC 8785 on a closed domain), and text that can be trusted.

The domain: objects with ASCII keys, arrays, strings, integers within ±(2^53-1), booleans and null; no floats. On it,
sorted keys without white space give the very bytes of RFC 8785. Days are written as ISO text, members of an Enum as
their values.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from rrm_lifecycle.errors import EventError, TextError
from rrm_lifecycle.sealing import Sealed

MOST: Final = 2**53 - 1
"""The largest whole number that every reader of JSON holds exactly."""


def plain_text(value: object) -> str:
    """Return the text that stands for a value which the encoder does not know: of a sealed one, ``<sealed>``.

    Raises:
        TypeError: Any other value.
    """
    if isinstance(value, Sealed):
        return str.__str__(value)
    msg = f"no JSON for {type(value).__name__}"
    raise TypeError(msg)


_ENCODER: Final = msgspec.json.Encoder(order="sorted", enc_hook=plain_text)
# C0 and C1 controls, lone surrogates, bidi overrides and isolates, and the line and paragraph separators.
UNTRUSTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def canonical(value: object) -> bytes:
    """Return the canonical JSON bytes of a value of the closed domain.

    The values that the library files are checked when they are made (:func:`clean_text`, :func:`whole`), so that
    nothing is checked here again.

    Example:
        >>> canonical({"b": [1, True, None], "a": "é"}).decode()
        '{"a":"é","b":[1,true,null]}'
    """
    return _ENCODER.encode(value)


def clean_text(value: object, what: str, *, longest: int = 20_000, may_be_sealed: bool = False) -> str:
    r"""Return the text in NFC, or refuse what no reader could trust.

    Args:
        value: The text.
        what: Name of the field, for the message.
        longest: The most characters that are taken.
        may_be_sealed: Whether a sealed text is taken too: where no rule reads the text.

    Raises:
        TextError: Not a text, too long, sealed where that may not be, or it holds a control character, a lone surrogate
            or a bidi override. The message never repeats such a character.

    Example:
        >>> clean_text("Cafe\u0301", "facility")
        'Café'
    """
    if type(value) is not str:
        if not isinstance(value, str):
            msg = f"{what} has to be a text; found {type(value).__name__}"
            raise TextError(msg)
        if isinstance(value, Sealed):
            if may_be_sealed:
                return value
            msg = (
                f"{what} cannot be sealed, since rules and searches read it: seal a remark, recorded_by, a basis, an order, "
                "a source, the name of a document or the reference of a panelist"
            )
            raise TextError(msg)
        value = str(value)
    if len(value) > longest:
        msg = f"{what} may hold {longest} characters; found {len(value)}: keep the document with you and cite it"
        raise TextError(msg)
    if value.isascii() and value.isprintable():
        return value
    found = UNTRUSTED.search(value)
    if found:
        msg = f"{what} holds the character U+{ord(found[0]):04X} at place {found.start()}: take it out"
        raise TextError(msg)
    return unicodedata.normalize("NFC", value)


def whole(value: object, what: str, *, least: int = 0, most: int = MOST) -> int:
    """Return a whole number within bounds, or refuse it.

    Raises:
        EventError: Not a whole number (a bool and a float are none), or out of bounds.
    """
    if type(value) is not int:
        msg = f"{what} has to be a whole number; found {value!r} ({type(value).__name__})"
        raise EventError(msg)
    if not least <= value <= most:
        told = value if value.bit_length() <= 128 else "a number far beyond"
        msg = f"{what} has to lie between {least} and {most}; found {told}"
        raise EventError(msg)
    return value


# No two dots in a row, and no name of a device, with or without an ending.
_ID: Final = re.compile(
    r"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.?", re.ASCII
)
_LONGEST_ID: Final = 64


def clean_id(value: object, what: str = "the id of a case") -> str:
    """Return an id that is safe in a file name, an address and a terminal.

    Letters, digits, ``.``, ``_`` and ``-``, at most 64, a letter or digit first, no two dots in a row, no name of a
    device.

    Raises:
        EventError: Anything else; the message shows an allowed spelling.
    """
    if type(value) is str and len(value) <= _LONGEST_ID and _ID.fullmatch(value):
        return value
    if not isinstance(value, str):
        msg = f"{what} has to be a text; found {type(value).__name__}"
        raise EventError(msg)
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    spelling = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._-]+", "-", plain)).strip("-._")[:60] or "case-1"
    if not _ID.fullmatch(spelling):
        spelling = f"case-{spelling}"
    msg = f"{what} takes letters, digits, '.', '_' and '-', at most 64, none of them twice a dot; write {spelling!r}"
    raise EventError(msg)
