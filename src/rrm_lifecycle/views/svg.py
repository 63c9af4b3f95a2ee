"""SVG, written by hand: elements, safe text, how wide a text is, and the colours and lines of every picture.

A picture stands in a page as an image and cannot take the page's colours. It brings its own paper, so that it reads the
same in a light notebook, in a dark one and in print. Nothing in it needs a script, a network or a font of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from rrm_lifecycle.export.escaping import xml

# ---- colours and lines -----------------------------------------------------------------------------------------------
PAPER: Final = "#ffffff"
INK: Final = "#26323d"
GREY: Final = "#5d6872"
"""For text beside the matter; still 5.7 : 1 on paper."""
RULE: Final = "#8a949c"
"""For thin lines."""
FAINT: Final = "#dfe3e6"
BAND: Final = "#f4f6f8"
"""The ground of a group."""
BLUE: Final = "#2f6690"
PALE: Final = "#dbe7f0"
OCHRE: Final = "#d9a441"
CREAM: Final = "#fbf1dc"
RUST: Final = "#a3472c"
"""For what is late, what is refused."""
GREEN: Final = "#2f6f4c"
MINT: Final = "#e3f0e8"
DASHED: Final = "5 3"
DOTTED: Final = "1.5 3"
FONT: Final = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
SMALL, NORMAL, LARGE, TITLE = 11.0, 12.0, 14.0, 18.0
"""Sizes of text, in the units of a picture that is 900 wide."""
LEADING: Final = 1.25
"""From one line of text to the next, in sizes."""

# ---- how wide a text is ----------------------------------------------------------------------------------------------
# Of a wide sans-serif (DejaVu Sans), in hundredths of the size: with a narrower one a text has more air around it.
_GROUPS: Final = (
    (28, "'ijlí"), (30, "IJÍ"), (32, " ,.·\u2018\u2019"), (34, "/:;\\|"), (36, "f"), (38, "-"), (40, "()[]t"), (42, "!r¡"),
    (46, '"'), (50, "*_`\u2013°§ºª"), (52, "“”"), (54, "?sz¿"), (56, "Lc"), (58, "Fk"), (60, "vxy"), (62, "PTYaeoáéó«»"),
    (64, "$0123456789ESbdghnpqu{}úñÉü"), (66, "K"), (70, "ABCRVXZÁ"), (74, "UÚÜ"), (76, "HNÑ"), (78, "&DG"), (80, "OQÓ"),
    (82, "w"), (84, "#+<=>^~→←\u00d7"), (88, "M●"), (96, "%"), (98, "m"), (100, "@W—…"), (106, "№"),
)  # fmt: skip
_WIDTHS: Final = {mark: width / 100 for width, marks in _GROUPS for mark in marks}
_BOLD: Final = 1.12
_JOINER: Final = "\u200d"
_SKIN: Final = range(0x1F3FB, 0x1F400)
_PICTURES: Final = range(0x1F000, 0x20000)
_SYMBOLS: Final = range(0x2600, 0x27C0)
_MORE: Final = "…"


def _mark(mark: str) -> float:
    """Return how wide one character is, in sizes."""
    if mark in _WIDTHS:
        return _WIDTHS[mark]
    code = ord(mark)
    if unicodedata.category(mark) in {"Mn", "Me", "Cf"} or code in _SKIN:
        return 0.0
    if code in _PICTURES or code in _SYMBOLS:
        return 1.4
    if unicodedata.east_asian_width(mark) in {"W", "F"}:
        return 1.05
    plain = unicodedata.normalize("NFD", mark)[0]
    if plain in _WIDTHS:
        return _WIDTHS[plain]
    return 0.8 if unicodedata.bidirectional(mark) in {"AL", "R"} else 0.9


def width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """Return how wide a line of text is at most, in the units of the picture; other writings are estimated.

    Args:
        text: The line.
        size: Size of the text.
        bold: Whether it is bold.

    Example:
        >>> round(width("panel requested", 12.0), 1)
        99.1
    """
    return sum(map(_mark, text)) * size * (_BOLD if bold else 1.0)


def _clusters(text: str) -> Iterator[str]:
    """Yield a text by what a person takes for one character, near enough to break a line there."""
    held = ""
    for mark in text:
        if held and (_mark(mark) == 0.0 or held.endswith(_JOINER)):
            held += mark
        else:
            if held:
                yield held
            held = mark
    if held:
        yield held


def cut(text: str, room: float, size: float = NORMAL, *, bold: bool = False) -> str:
    """Return a line, shortened with ``…`` where it is wider than its room.

    Example:
        >>> cut("partial Denial reported", 80.0, 12.0)
        'partial Den…'
    """
    text = " ".join(text.split())
    if width(text, size, bold=bold) <= room:
        return text
    kept = ""
    for one in _clusters(text):
        if width(kept + one + _MORE, size, bold=bold) > room:
            break
        kept += one
    return kept.rstrip() + _MORE


def _pieces(word: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """Yield a word, broken where it is wider than a line."""
    held = ""
    for one in _clusters(word):
        if held and width(held + one, size, bold=bold) > room:
            yield held
            held = ""
        held += one
    if held:
        yield held


def wrap(text: str, room: float, size: float = NORMAL, *, lines: int = 3, bold: bool = False) -> tuple[str, ...]:
    """Return a text in lines that fit a box, the last one shortened with ``…`` where there are too many.

    Args:
        text: The text.
        room: Width of the box.
        size: Size of the text.
        lines: The most lines there may be.
        bold: Whether it is bold.

    Example:
        >>> wrap("partial Denial reported", 100.0, 12.0)
        ('partial Denial', 'reported')
    """
    found: list[str] = []
    for word in text.split():
        for piece in _pieces(word, room, size, bold=bold):
            longer = f"{found[-1]} {piece}" if found else piece
            if found and width(longer, size, bold=bold) <= room:
                found[-1] = longer
            else:
                found.append(piece)
    if len(found) > lines:
        found[lines - 1 :] = [cut(" ".join(found[lines - 1 :]), room, size, bold=bold)]
    return tuple(found)


# ---- elements --------------------------------------------------------------------------------------------------------
class Markup(str):
    """Text that is SVG already; every other text is escaped."""

    __slots__ = ()


def number(value: float) -> str:
    """Return a number with at most two decimals, the same on every machine.

    Example:
        >>> number(12.0), number(0.126), number(-0.001)
        ('12', '0.13', '0')
    """
    told = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """Return an element.

    A low line in the name of an attribute is written as a hyphen, one at its end is left out, and an attribute that is
    None as well. Characters that XML has no spelling for turn into U+FFFD.

    Args:
        name: Its name.
        children: What stands in it: elements, or text.
        attributes: Its attributes.

    Example:
        >>> element("text", "a < b", font_size=12.0, class_="note")
        '<text font-size="12" class="note">a &lt; b</text>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{xml(value if isinstance(value, str) else number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(child if isinstance(child, Markup) else xml(child) for child in children)
    return Markup(f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>")


def group(*children: str, says: str | None = None, **attributes: str | float | None) -> Markup:
    """Return elements as a group; what it says shows when a pointer rests on it, and to a screen reader.

    Args:
        children: What stands in it.
        says: The text; None for none.
        attributes: Its attributes.
    """
    told = () if says is None else (element("title", says),)
    return element("g", *told, *children, **attributes)


def words(  # noqa: PLR0913 - what a line of text needs
    x: float,
    y: float,
    line: str,
    *,
    size: float = NORMAL,
    anchor: str = "start",
    bold: bool = False,
    fill: str = INK,
    **attributes: str | float | None,
) -> Markup:
    """Return a line of text.

    Args:
        x: Where it starts, has its middle, or ends, as the anchor says.
        y: Its base line.
        line: The text.
        size: Its size.
        anchor: ``"start"``, ``"middle"`` or ``"end"``.
        bold: Whether it is bold.
        fill: Its colour.
        attributes: Further attributes.
    """
    return element(
        "text",
        line,
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        font_weight="bold" if bold else None,
        fill=fill,
        **attributes,
    )


def paragraph(  # noqa: PLR0913 - what a text of several lines needs
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    size: float = NORMAL,
    anchor: str = "middle",
    bold: bool = False,
    fill: str = INK,
) -> Markup:
    """Return lines of text whose middle lies at a height.

    Args:
        x: As for :func:`words`.
        y: The height of the middle of the lines together.
        lines: The lines, as :func:`wrap` gives them.
        size: Size of the text.
        anchor: As for :func:`words`.
        bold: Whether it is bold.
        fill: Its colour.
    """
    step = size * LEADING
    first = y - step * (len(lines) - 1) / 2 + size * 0.36
    return Markup(
        "".join(
            words(x, first + step * place, line, size=size, anchor=anchor, bold=bold, fill=fill)
            for place, line in enumerate(lines)
        )
    )


def document(wide: float, high: float, title: str, description: str, *children: str, language: str = "en") -> str:
    """Return a picture on its own paper.

    Args:
        wide: Its width.
        high: Its height.
        title: What it is, in a few words.
        description: What it shows, for who cannot see it.
        children: What stands in it, the hindmost first.
        language: Language of its text.
    """
    paper = element("rect", width=wide, height=high, rx=6, fill=PAPER)
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        paper,
        *children,
        xmlns="http://www.w3.org/2000/svg",
        width=wide,
        height=high,
        viewBox=f"0 0 {number(wide)} {number(high)}",
        role="img",
        aria_label=title,
        lang=language,
        font_family=FONT,
        fill=INK,
    )
