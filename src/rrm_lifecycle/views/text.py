"""Plain tables for a terminal: columns as wide as they need to be, the widest cut where a line would be too long."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GAP = "  "
_LEAST = 6


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str, columns: int) -> str:
    """Return the text, shortened with ``…`` where it takes more columns."""
    if width(text) <= columns:
        return text
    room, end = columns - 1, 0
    for one in text:
        room -= width(one)
        if room < 0:
            break
        end += 1
    return text[:end].rstrip() + "…"


def _pad(text: str, columns: int, *, right: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if right else text + space


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    columns: int = 80,
    right: Sequence[int] = (),
    paint: Callable[[int, int, str], str] | None = None,
) -> str:
    """Return a table of text.

    Args:
        headers: Names of the columns.
        rows: The cells.
        columns: The longest a line may be.
        right: Columns that are set to the right, such as numbers.
        paint: Returns a cell in colour: called with the numbers of row and column, and with the cell as wide as it is
            shown. No cell is coloured if None.
    """
    widths = [max(map(width, [head, *(row[place] for row in rows)])) for place, head in enumerate(headers)]
    while sum(widths) + len(GAP) * (len(widths) - 1) > columns and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    lines = [list(headers), ["-" * wide for wide in widths], *rows]
    shown = [
        [
            _pad(cut(cell, wide), wide, right=place in right)
            for place, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    for line in shown:
        line[-1] = line[-1].rstrip()
    if paint is not None:
        for number, line in enumerate(shown[2:]):
            line[:] = [paint(number, place, cell) for place, cell in enumerate(line)]
    return "\n".join(GAP.join(line).rstrip() for line in shown)


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
