"""The bounded reader: JSON text from anywhere, taken only if it is small, flat, exact and free of traps."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final, NoReturn

import msgspec

from rrm_lifecycle.canonical import MOST, UNTRUSTED, canonical
from rrm_lifecycle.errors import RecordError

LONGEST: Final = 256 * 1024
"""The most bytes of a line."""
DEEPEST: Final = 32
"""The most objects and arrays within one another."""

_BACKSLASH, _DELETE = ord("\\"), 0x7F
"""By number: of a byte that is given as bytes, Python first tries in vain to make a number."""
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPES: Final = re.compile(r"\\(.)", re.DOTALL)
_PLAIN_ESCAPES: Final = frozenset({'"', "\\"})
"""The two escapes that canonical JSON needs for text without control characters."""


class NumberTrap(ValueError):
    """A number that readers of JSON do not agree on."""


def no_float(text: str) -> NoReturn:
    """Refuse a number that is not whole: to be given to a decoder as its ``float_hook``."""
    msg = f"numbers are whole here; found {shown(text)}"
    raise NumberTrap(msg)


def shown(value: object, longest: int = 60) -> str:
    """Return what was found, short, with every character escaped that a terminal could obey."""
    try:
        text = repr(value)
    except ValueError:  # Python writes out no whole number of more than 4300 digits
        text = "a number without end"
    return text if len(text) <= longest else text[:longest] + "…"


def safe(message: object) -> str:
    """Return a message of another library, short, with every character escaped that a terminal could obey."""
    text = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(message)[:300])
    return text.encode("utf-8", "backslashreplace").decode()


def check_text(line: bytes, where: str) -> None:
    """Refuse a line that is too long or too deep, or whose text no reader could trust.

    Args:
        line: One line, without its line feed.
        where: What it is, for the message, such as ``line 3``.

    Raises:
        RecordError: With the line and the cause; never repeats a control character.
    """
    if len(line) > LONGEST:
        msg = f"{where} has {len(line)} bytes; at most {LONGEST} are read"
        raise RecordError(msg)
    # Taken out, since that looks for a byte several times as fast as counting it does.
    if len(line) - len(line.replace(b"{", b"").replace(b"[", b"")) > DEEPEST and _depth(line) > DEEPEST:
        msg = f"{where} is nested deeper than {DEEPEST}"
        raise RecordError(msg)
    if line.isascii() and _BACKSLASH not in line and _DELETE not in line:
        return
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{where} is no UTF-8: byte {error.start}"
        raise RecordError(msg) from None
    found = UNTRUSTED.search(text)
    if found:
        msg = f"{where} holds the character U+{ord(found[0]):04X} at place {found.start()}, which no reader could trust"
        raise RecordError(msg)
    for escape in _ESCAPES.finditer(text) if "\\" in text else ():
        if escape[1] not in _PLAIN_ESCAPES:
            msg = f"{where} holds an escaped control character, or a needless escape, at place {escape.start()}"
            raise RecordError(msg)
    if not unicodedata.is_normalized("NFC", text):
        msg = f"{where} holds text that is not in Unicode's form NFC"
        raise RecordError(msg)


def _depth(line: bytes) -> int:
    depth = deepest = 0
    for one in _STRINGS.sub(b"", line):
        if one in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif one in b"}]":
            depth -= 1
    return deepest


_SCALARS: Final = frozenset({str, bool, type(None)})


def check_json(value: Any, what: str) -> None:  # noqa: ANN401 - any value of the closed domain
    """Refuse what lies outside the closed domain: whole numbers past 2^53, keys beyond ASCII, other types.

    Raises:
        NumberTrap: With what was found.
    """
    kind = type(value)
    if kind is dict:
        for key, one in value.items():
            if type(key) is not str or not key.isascii():
                msg = f"{what} has the key {shown(key)}; keys are ASCII"
                raise NumberTrap(msg)
            if type(one) not in _SCALARS:
                check_json(one, what)
    elif kind is list or kind is tuple:
        for one in value:
            check_json(one, what)
    elif kind not in _SCALARS and not (kind is int and -MOST <= value <= MOST):
        msg = f"{what} holds {shown(value)}, which not every reader of JSON holds exactly"
        raise NumberTrap(msg)


_ANY: Final = msgspec.json.Decoder(float_hook=no_float)


def read_line(line: bytes, where: str = "the line") -> Any:  # noqa: ANN401 - any JSON
    """Return the value of a line of canonical JSON, or refuse the line.

    Raises:
        RecordError: Too long, too deep, no JSON, not canonical (a key that stands twice is not), or holding a number
            or a text that no reader could trust.

    Example:
        >>> read_line(b'{"a":[1,true]}')
        {'a': [1, True]}
    """
    check_text(line, where)
    try:
        value = _ANY.decode(line)
        check_json(value, where)
    except (msgspec.DecodeError, NumberTrap, RecursionError) as error:
        msg = f"{where} cannot be read: {safe(error)}"
        raise RecordError(msg) from None
    if canonical(value) != line:
        msg = f"{where} is not in canonical form: keys in order and once, no spaces, no needless escapes"
        raise RecordError(msg)
    return value
