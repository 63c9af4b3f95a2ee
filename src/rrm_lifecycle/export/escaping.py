"""How values are made safe in XML, in tables that a spreadsheet opens, and in names of other languages."""

from __future__ import annotations

import re
from typing import Final

_XML: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
# What XML 1.0 admits in no spelling: controls, surrogates, and the last two places of the first plane.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKS: Final = re.compile("[&<>\"'\t\n\r]")
_FORMULA: Final = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What makes a spreadsheet take a cell for a formula, with the full-width twins."""
_QUOTED: Final = re.compile('[",\r\n]')


def xml(value: str) -> str:
    """Return text for an attribute or an element of XML; what XML has no spelling for turns into U+FFFD.

    Example:
        >>> xml('<a b="c">')
        '&lt;a b=&quot;c&quot;&gt;'
    """
    return _MARKS.sub(lambda found: _XML[found[0]], _NOT_XML.sub("\ufffd", value))


def cell(value: str) -> str:
    """Return text for a cell of a CSV file, which no spreadsheet takes for a formula.

    Example:
        >>> cell("=1+1"), cell('a "b", c')
        ("'=1+1", '"a ""b"", c"')
    """
    if value and (value[0] in _FORMULA or value.lstrip()[:1] in _FORMULA):
        value = f"'{value}"
    return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value


def identifier(value: str) -> str:
    """Return a name of ASCII letters, digits and low lines.

    Example:
        >>> identifier("A4-03a")
        'A4_03a'
    """
    return re.sub(r"[^A-Za-z0-9_]", "_", value)
