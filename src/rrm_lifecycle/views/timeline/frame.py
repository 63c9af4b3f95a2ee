"""What all parts of a timeline share: its measures, the case and the days that it shows, and its marks and patterns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.svg import Markup
from rrm_lifecycle.views.timeline.content import Run
from rrm_lifecycle.views.timeline.scale import Scale

WIDE: Final = 900.0
EDGE: Final = 16.0
"""Air around the picture."""
GUTTER: Final = 190.0
"""Room for names, to the left of the days."""
LEFT: Final = EDGE + GUTTER + 12.0
RIGHT: Final = WIDE - EDGE
MARK: Final = 5.0
"""Half of how wide a mark is."""
SIZE: Final = svg.SMALL
PHASES: Final = {
    Phase.REQUEST_FOR_REVIEW: "#dbe7f0",
    Phase.REMEDIATION: "#b4cfe2",
    Phase.PANEL: "#f0d9a8",
    Phase.SANCTIONS: "#e3b9ab",
    Phase.RESOLVED: "#e6e9e6",
}
"""The ground of each phase."""
LATE: Final = "url(#rrm-late)"
"""The pattern of what is late."""
FULL: Final = "#9dbdd6"
"""The ground of a limit."""
DUE: Final[dict[str, Any]] = {"stroke": svg.INK, "stroke_width": 2.4}
"""The line of a last day."""


@frozen
class Frame:
    """What is drawn, and on which days.

    Attributes:
        case: The case, as it stood on the day of looking.
        runs: The limits that ran in it.
        scale: The days.
        last: The last day on which something was done, or the day of looking.
        seen: The day of looking, where the case is open: the day of its last act where none is given; None where it is
            closed.
        line: Whether a line marks that day.
        language: Language of the words.
    """

    case: Case
    runs: tuple[Run, ...]
    scale: Scale
    last: date
    seen: date | None
    line: bool
    language: str


@frozen
class Part:
    """A part of the picture.

    Attributes:
        drawn: What is drawn.
        bottom: Where it ends.
        keys: What the key has to explain.
    """

    drawn: Markup
    bottom: float
    keys: frozenset[str] = frozenset()


def together(pieces: Iterable[Markup]) -> Markup:
    """Return pieces as one."""
    return Markup("".join(pieces))


def patterns() -> Markup:
    """Return the patterns: hatching for what is late, dots for what is extended."""
    hatch = svg.element(
        "pattern",
        svg.element("rect", width=6, height=6, fill="#f6ded6"),
        svg.element("path", d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", stroke=svg.RUST, stroke_width=1.6),
        id="rrm-late",
        patternUnits="userSpaceOnUse",
        width=6,
        height=6,
    )
    return svg.element("defs", hatch)


def mark(x: float, y: float, *, late: bool = False, implied: bool = False) -> Markup:
    """Return the mark of an act: a disc, a diamond where it was late; outlined where it is implied."""
    fill = svg.PAPER if implied else svg.RUST if late else svg.BLUE
    line = svg.RUST if late else svg.BLUE
    dashes = "2.5 1.5" if implied else None
    if late:
        wide = MARK + 1.5
        corners = f"{svg.number(x)},{svg.number(y - wide)} {svg.number(x + wide)},{svg.number(y)} "
        corners += f"{svg.number(x)},{svg.number(y + wide)} {svg.number(x - wide)},{svg.number(y)}"
        return svg.element("polygon", points=corners, fill=fill, stroke=line, stroke_width=1.5, stroke_dasharray=dashes)
    return svg.element("circle", cx=x, cy=y, r=MARK, fill=fill, stroke=line, stroke_width=1.5, stroke_dasharray=dashes)


def span(left: float, right: float, y: float, *, cut: bool = False) -> Markup:
    """Return the days between which something lies: a line between two ends, or from an arrow where it begins earlier."""
    begin = (
        f"M{svg.number(left + 5)},{svg.number(y - 4)} l-5,4 l5,4"
        if cut
        else f"M{svg.number(left)},{svg.number(y - 4)} v8"
    )
    line = f"{begin} M{svg.number(left)},{svg.number(y)} H{svg.number(right)} m0,-4 v8"
    return svg.element("path", d=line, fill="none", stroke=svg.RULE, stroke_width=1.2)


def box(left: float, right: float, top: float, high: float, **looks: str | float | None) -> Markup:
    """Return a bar over some days, a little wide even where it is one day."""
    return svg.element("rect", x=left, y=top, width=max(right - left, 1.5), height=high, **looks)


def upright(x: float, top: float, bottom: float, **looks: str | float | None) -> Markup:
    """Return an upright line."""
    return svg.element("line", x1=x, y1=top, x2=x, y2=bottom, **looks)


def pieces(
    x: float, y: float, told: Iterable[tuple[str, str, bool]], *, anchor: str = "start", italic: bool = False
) -> Markup:
    """Return a line of text in pieces, each with its colour, and whether it is bold."""
    spans = [
        svg.element("tspan", text, fill=fill, font_weight="bold" if bold else None) for text, fill, bold in told if text
    ]
    return svg.element(
        "text",
        *spans,
        x=x,
        y=y,
        font_size=SIZE,
        text_anchor=None if anchor == "start" else anchor,
        font_style="italic" if italic else None,
    )


def wide_of(told: Iterable[tuple[str, str, bool]]) -> float:
    """Return how wide a line of text in pieces is."""
    return sum(svg.width(text, SIZE, bold=bold) for text, _, bold in told)


def named(y: float, name: str, *, high: float, bold: bool = False) -> Markup:
    """Return a name in the gutter, in two lines at most, its middle at a height within a row."""
    lines = svg.wrap(name, GUTTER, SIZE, lines=2 if high > 2 * SIZE else 1, bold=bold)
    return svg.paragraph(EDGE, y + high / 2, lines, size=SIZE, anchor="start", bold=bold)
