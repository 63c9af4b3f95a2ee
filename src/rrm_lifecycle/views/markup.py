"""HTML in small pieces: everything is escaped, and each piece carries its own style, so that it needs no sheet.

Text takes the colour of the page around it, and backgrounds let the page shine through, so that light and dark pages
both do. Styles are those that an untrusted notebook keeps.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rrm_lifecycle.views.cards.blocks import (
    Facts,
    Figure,
    Grid,
    Link,
    Mark,
    Para,
    Steps,
    capital,
    filled,
    pieces_of,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrm_lifecycle.views.cards.blocks import Block, Card, Cell, Piece, Verbatim

_ENTITIES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#x27;"}
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no page may hold: control characters, halves of pairs, and code points that stand for nothing."""
_VOID: Final = frozenset({"br", "img", "meta"})
_FILE: Final = re.compile(r"[a-z0-9][a-z0-9._-]*\.html")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Return a text as it can stand in an element or in an attribute; what no page may hold is shown as ``\ufffd``.

    Example:
        >>> escape("<b> & 'c'")
        '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return text if isinstance(text, Html) else Html(_UNFIT.sub("\ufffd", str(text)).translate(_ENTITIES))


def join(parts: Iterable[str], between: str = "") -> Html:
    """Return parts behind one another, each escaped unless it is markup."""
    return Html(escape(between).join(escape(part) for part in parts))


@lru_cache(maxsize=256)
def _styled(style: str | int) -> str:
    """Return the attribute of a style; the same few stand in every cell of a long table."""
    return f' style="{escape(str(style))}"'


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Html:
    """Return an element.

    Args:
        name: Its name.
        children: What it holds; escaped unless it is markup.
        **attributes: Its attributes; ``_`` stands for ``-``, a last one is dropped, and None leaves one out.

    Example:
        >>> tag("th", "a < b", scope="row")
        '<th scope="row">a &lt; b</th>'
    """
    told = "".join(
        _styled(value) if key == "style" else f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{told}>" if name in _VOID else f"<{name}{told}>{join(children)}</{name}>")


# ---- how it looks ----------------------------------------------------------------------------------------------------
_LINE: Final = "1px solid rgba(128,128,128,0.45)"
_THIN: Final = "1px solid rgba(128,128,128,0.25)"
_CARD: Final = f"border:{_LINE};border-radius:6px;padding:10px 14px;margin:4px 0;max-width:60em;line-height:1.45"
_MARKS: Final = {
    "late": "background-color:rgba(214,60,40,0.20);border:1px solid rgba(214,60,40,0.75);font-weight:600",
    "good": "background-color:rgba(40,140,90,0.18);border:1px solid rgba(40,140,90,0.65)",
    "note": f"background-color:rgba(128,128,128,0.14);border:{_LINE}",
}
_MARK: Final = "color:inherit;border-radius:4px;padding:0 5px;white-space:normal;display:inline-block"
_CELL: Final = f"text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:{_THIN};white-space:normal"
_RIGHT: Final = _CELL.replace("text-align:left", "text-align:right")
_STEP: Final = {
    "passed": "padding:1px 4px",
    "here": f"{_MARK};background-color:rgba(47,102,144,0.22);border:2px solid rgba(70,130,180,0.9);font-weight:700",
    "ahead": "padding:1px 4px;opacity:0.75",
}
_SHORT: Final = 24
"""Characters that fit a cell without breaking the line."""
_LONG: Final = 60
"""Characters from which on a cell keeps a width at which it can be read; a narrow screen scrolls its table."""
_SIGNS: Final = {"passed": "✓ ", "here": "● ", "ahead": ""}


# ---- pieces ----------------------------------------------------------------------------------------------------------
def piece(one: Piece, *, leads: bool = False) -> Html:
    """Return words, a mark or a link; a link leads somewhere only where that is asked for and it is safe."""
    if isinstance(one, Mark):
        return tag("span", one.text, style=f"{_MARK};{_MARKS[one.tone]}")
    if isinstance(one, Link):
        if leads and is_safe(one.target):
            outside = None if _FILE.fullmatch(one.target) else "noopener noreferrer nofollow"
            return tag("a", one.text, href=one.target, rel=outside, dir="auto")
        return escape(one.text)
    return escape(one)


def is_safe(target: str) -> bool:
    """Return whether a link may lead there: to a page of the same folder, or to an address on the web.

    Example:
        >>> is_safe("https://ustr.gov/x"), is_safe("javascript:alert(1)")
        (True, False)
    """
    if _FILE.fullmatch(target):
        return True
    try:
        found = urlsplit(target)
    except ValueError:
        return False
    return found.scheme in {"http", "https"} and bool(found.netloc) and not re.search(r"[\s\x00-\x1f]", target)


def _style(cell: Cell, style: str) -> str:
    """Return the style of a cell; a day stays in one line, and a long text is kept wide."""
    told = words_of(cell)
    if len(told) <= _SHORT and " " not in told:
        return style.replace("white-space:normal", "white-space:nowrap")
    return f"{style};min-width:15em" if len(told) > _LONG else style


def _cell(cell: Cell, *, leads: bool) -> Html:
    return Html("<br>".join(piece(one, leads=leads) for one in pieces_of(cell) if one != ""))


# ---- blocks ----------------------------------------------------------------------------------------------------------
def block(one: Block, *, leads: bool = False) -> Html:
    """Return a block as an element.

    Args:
        one: The block.
        leads: Whether links lead somewhere: on a page they do, in a display they do not.
    """
    if isinstance(one, Para):
        return tag(
            "p", Html(" ".join(piece(part, leads=leads) for part in one.pieces)), style="margin:6px 0", dir="auto"
        )
    if isinstance(one, Facts):
        return _facts(one, leads=leads)
    if isinstance(one, Grid):
        return _grid(one, leads=leads)
    if isinstance(one, Steps):
        return _steps(one)
    if isinstance(one, Figure):
        return _figure(one, leads=leads)
    return _verbatim(one)


def _facts(facts: Facts, *, leads: bool) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", capital(name), scope="row", style=f"{_CELL};font-weight:600;width:11em"),
            tag("td", _cell(cell, leads=leads), style=_CELL, dir="auto"),
        )
        for name, cell in facts.items
    ]
    body = tag("tbody", *rows)
    style = "border-collapse:collapse;margin:6px 0;width:100%;table-layout:auto"
    return tag("table", body, style=style) if rows else Html("")


def _grid(grid: Grid, *, leads: bool) -> Html:
    if not grid.rows:
        return tag("p", grid.empty, style="margin:6px 0") if grid.empty else Html("")
    grid = filled(grid)
    side = [_RIGHT if place in grid.right else _CELL for place in range(len(grid.heads))]
    heads = [
        tag("th", capital(head), scope="col", style=f"{style};font-weight:600;border-bottom:{_LINE}")
        for head, style in zip(grid.heads, side, strict=True)
    ]
    lines = []
    for row in grid.rows:
        first, *rest = row
        cells = [
            tag(
                "th",
                _cell(first, leads=leads),
                scope="row",
                style=_style(first, f"{side[0]};font-weight:400"),
                dir="auto",
            )
        ]
        cells += [
            tag("td", _cell(cell, leads=leads), style=_style(cell, style), dir="auto")
            for cell, style in zip(rest, side[1:], strict=True)
        ]
        lines.append(tag("tr", *cells))
    caption = tag("caption", grid.caption, style="text-align:left;font-weight:600;padding:4px 0")
    whole = tag(
        "table",
        caption,
        tag("thead", tag("tr", *heads)),
        tag("tbody", *lines),
        style="border-collapse:collapse;width:100%;margin:0;table-layout:auto",
    )
    box = tag(
        "div", whole, style="overflow:auto;max-width:100%;margin:8px 0", tabindex=0, role="group",
        aria_label=grid.caption,
    )  # fmt: skip
    more = tag("p", grid.more, style="margin:4px 0") if grid.more else Html("")
    if grid.folded is None:
        return join([box, more])
    summary = tag("summary", grid.folded, style="cursor:pointer;padding:4px 0")
    return tag("details", summary, box, more, style="margin:6px 0")


def _steps(steps: Steps) -> Html:
    told = [
        tag("li", _SIGNS[how] + name, style=f"display:inline-block;margin:2px 8px 2px 0;{_STEP[how]}",
            aria_current="step" if how == "here" else None)
        for name, how in steps.items
    ]  # fmt: skip
    return tag("ol", *told, style="list-style-type:none;padding:0;margin:8px 0", aria_label=steps.name)


def _figure(figure: Figure, *, leads: bool) -> Html:
    """Return a picture that is carried along, with the words that stand for it; on a page it scrolls where it is wide."""
    data = b64encode(figure.svg.encode()).decode()
    wide = "max-width:100%;height:auto" + (";min-width:44rem" if leads else "")
    image = tag("img", src=f"data:image/svg+xml;base64,{data}", alt=figure.alt, style=wide)
    box = tag("div", image, style="overflow:auto;max-width:100%", tabindex=0, role="group", aria_label=figure.caption)
    return tag("figure", box, style="margin:8px 0")


def _verbatim(one: Verbatim) -> Html:
    return tag(
        "pre", one.text, style="white-space:pre-wrap;overflow:auto;margin:6px 0;color:inherit;background:transparent",
        dir="auto",
    )  # fmt: skip


def card_html(card: Card) -> Html:
    """Return a card as an element that stands for itself."""
    kind = tag("span", card.kind, style="opacity:0.8") if card.kind else Html("")
    title = tag("strong", card.title, style="font-size:1.1em;margin:0 8px 0 0")
    head = tag("div", join([title, kind]), style="margin:0 0 6px 0", dir="auto")
    told = f"{card.kind}: {card.title}" if card.kind else card.title
    return tag("div", head, *(block(one) for one in card.blocks), style=_CARD, role="group", aria_label=told)
