"""Plain tables for a terminal: columns as wide as they need to be, the widest cut where a line would be too long."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "
_LEAST = 6


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str, columns: int) -> str:
    """Return the text, shortened with ``…`` where it takes more columns."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _pad(text: str, columns: int, *, right: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if right else text + space


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, columns: int = 80, right: Sequence[int] = ()
) -> str:
    """Return a table of text.

    Args:
        headers: Names of the columns.
        rows: The cells.
        columns: The longest a line may be.
        right: Columns that are set to the right, such as numbers.
    """
    widths = [max(map(width, [head, *(row[place] for row in rows)])) for place, head in enumerate(headers)]
    while sum(widths) + len(GAP) * (len(widths) - 1) > columns and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    lines = [list(headers), ["-" * wide for wide in widths], *rows]
    return "\n".join(
        GAP.join(
            _pad(cut(cell, widths[place]), widths[place], right=place in right) for place, cell in enumerate(line)
        ).rstrip()
        for line in lines
    )


def fold(text: str, *, columns: int = 80) -> str:
    """Return a text whose lines are broken where they are too long; what goes on is set in by two more."""
    lines = []
    for line in text.splitlines():
        if width(line) <= columns:
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip(" -"))].replace("-", " ")
        lines += textwrap.wrap(line, columns, subsequent_indent=indent + "  ", break_on_hyphens=False)
    return "\n".join(lines)


def paragraph(text: str, *, columns: int = 80, indent: str = "") -> str:
    """Return a text broken into lines."""
    return textwrap.fill(text, columns, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
