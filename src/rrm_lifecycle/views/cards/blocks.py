"""What a card is made of: facts, tables, paragraphs, pictures; and a card as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from attrs import evolve, field, frozen

from rrm_lifecycle.views.text import fold, table

COLUMNS: Final = 100
"""The longest line of a card as text."""
Tone = Literal["late", "good", "note"]
"""How a mark is set off; its words say the same."""


@frozen
class Mark:
    """A few words that are set off: what is late, what is open, what is implied.

    Attributes:
        text: The words, which say all that the colour says.
        tone: How it is set off.
    """

    text: str
    tone: Tone = "note"


@frozen
class Link:
    """Words that lead somewhere. A display shows the words alone, a page leads there.

    Attributes:
        text: The words.
        target: An address, or the name of a file in the same folder.
    """

    text: str
    target: str


Piece = str | Mark | Link
Cell = Piece | tuple[Piece, ...]
"""What stands in a cell: one piece, or several, one below the other."""


@frozen
class Para:
    """A paragraph.

    Attributes:
        pieces: What it says.
    """

    pieces: tuple[Piece, ...]


@frozen
class Facts:
    """Names with their values.

    Attributes:
        items: The pairs.
    """

    items: tuple[tuple[str, Cell], ...]


@frozen
class Grid:
    """A table.

    Attributes:
        caption: What it tells.
        heads: Names of the columns; the first column names the row.
        rows: The cells.
        right: Columns that are set to the right.
        empty: What is said where there is no row.
        more: What is said of rows that are left out.
        folded: Under which words the table is folded away; None where it is open.
    """

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    right: tuple[int, ...] = ()
    empty: str = ""
    more: str = ""
    folded: str | None = None


@frozen
class Steps:
    """The phases in order: which were reached, and where a case stands.

    Attributes:
        name: What the steps are.
        items: Each phase, and whether it is ``"passed"``, ``"here"`` or ``"ahead"``.
    """

    name: str
    items: tuple[tuple[str, Literal["passed", "here", "ahead"]], ...]


@frozen
class Figure:
    """A picture.

    Attributes:
        svg: The picture as SVG.
        alt: What it shows, for those who do not see it.
        caption: Its name.
    """

    svg: str = field(repr=False)
    alt: str
    caption: str


@frozen
class Verbatim:
    """Text as it stands, in lines.

    Attributes:
        text: The text.
    """

    text: str


Block = Para | Facts | Grid | Steps | Figure | Verbatim


@frozen
class Card:
    """What a value shows of itself.

    Attributes:
        kind: What it is, in a word or two.
        title: Which one it is.
        blocks: What it tells.
    """

    kind: str
    title: str
    blocks: tuple[Block, ...]


# ---- as text ---------------------------------------------------------------------------------------------------------
def pieces_of(cell: Cell) -> tuple[Piece, ...]:
    """Return the pieces of a cell."""
    return cell if isinstance(cell, tuple) else (cell,)


def words_of(cell: Cell) -> str:
    """Return a cell as words, in one line."""
    told = "; ".join(one if isinstance(one, str) else one.text for one in pieces_of(cell) if one != "")
    return " ".join(told.split())


def capital(text: str) -> str:
    """Return a text that begins with a capital letter.

    Example:
        >>> capital("último día")
        'Último día'
    """
    return text[:1].upper() + text[1:]


def filled(grid: Grid) -> Grid:
    """Return a table without the columns in which nothing stands; the first one stays."""
    kept = [place for place in range(len(grid.heads)) if not place or any(words_of(row[place]) for row in grid.rows)]
    return evolve(
        grid,
        heads=tuple(grid.heads[place] for place in kept),
        rows=[[row[place] for place in kept] for row in grid.rows],
        right=tuple(new for new, place in enumerate(kept) if place in grid.right),
    )


def card_text(card: Card) -> str:
    """Return a card as text, no line longer than 100 columns but for what stands verbatim."""
    title = _folded(card.title)
    told = [_folded(f"{title} ({card.kind})") if card.kind else title]
    for block in card.blocks:
        text = block.text if isinstance(block, Verbatim) else _block_text(block)
        if text:
            told.append(text)
    return "\n\n".join(told)


def _folded(text: str) -> str:
    return fold(" ".join(text.split()), columns=COLUMNS)


def _block_text(block: Para | Facts | Grid | Steps | Figure) -> str:
    if isinstance(block, Para):
        return _folded(" ".join(one if isinstance(one, str) else one.text for one in block.pieces))
    if isinstance(block, Facts):
        return "\n".join(_folded(f"{capital(name)}: {words_of(cell)}") for name, cell in block.items)
    if isinstance(block, Steps):
        return _folded(" > ".join(f"[{name}]" if how == "here" else name for name, how in block.items))
    return _folded(block.alt) if isinstance(block, Figure) else _grid_text(block)


def _grid_text(grid: Grid) -> str:
    if not grid.rows:
        return _folded(grid.empty)
    full = filled(grid)
    rows = [[words_of(cell)[: COLUMNS + 1] for cell in row] for row in full.rows]  # more is cut off anyway
    heads = [capital(" ".join(head.split())) for head in full.heads]
    told = [_folded(grid.caption), table(heads, rows, columns=COLUMNS, right=full.right)]
    return "\n".join([*told, _folded(grid.more)] if grid.more else told)
