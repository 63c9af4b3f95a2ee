"""The lines of the map as SVG: each by what it stands for, or as wide as its share of simulated paths."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from attrs import frozen

from rrm_lifecycle.views.map.content import TELLS, Map, Way
from rrm_lifecycle.views.map.routes import Point, Rail, route
from rrm_lifecycle.views.svg import BLUE, DASHED, GREEN, INK, PAPER, Markup, element, group, number

_CURVE: Final = 5.0
"""How far from a corner a line begins to turn."""


@frozen
class Look:
    """How a line is drawn.

    Attributes:
        colour: Its colour.
        wide: Its width.
        dashes: Its dashes; None for none.
        level: What lies above what.
        casing: Whether paper shows at both sides, where it crosses others.
    """

    colour: str
    wide: float
    dashes: str | None = None
    level: int = 0
    casing: bool = False


QUIET: Final = Look("#b7c0c8", 0.9)
OWN: Final = Look("#71808d", 1.1, level=1)
MAIN_LOOK: Final = Look(INK, 2.0, level=2)
FADED: Final = Look("#a9b3bb", 1.6, level=2)
NEVER: Final = Look("#c3cad0", 0.8, "1.5 3")
DOOR: Final = Look(GREEN, 1.8, DASHED, level=3, casing=True)
PATH: Final = Look(BLUE, 3.4, level=4, casing=True)


def look_of(way: Way, shown: Map) -> Look:
    """Return how a line is drawn."""
    if way.numbers:
        return PATH
    if way.is_open:
        return DOOR
    if shown.is_weighted:
        return NEVER
    if way.is_main:
        return MAIN_LOOK if shown.here is None else FADED
    return QUIET if way.is_quiet or shown.here is not None else OWN


# ---- lines -----------------------------------------------------------------------------------------------------------
def _towards(one: Point, other: Point, far: float) -> Point:
    """Return the point that lies so far from one point on the way to another."""
    (x, y), (x2, y2) = one, other
    length = abs(x2 - x) + abs(y2 - y)
    share = min(far / length, 1.0) if length else 0.0
    return x + (x2 - x) * share, y + (y2 - y) * share


def _run(points: tuple[Point, ...]) -> str:
    """Return a line through corners, each of them rounded."""
    told = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into = _towards(corner, before, min(_CURVE, _span(corner, before) / 2))
        out = _towards(corner, after, min(_CURVE, _span(corner, after) / 2))
        told.append(f"L{number(into[0])} {number(into[1])}Q{number(corner[0])} {number(corner[1])}")
        told.append(f"{number(out[0])} {number(out[1])}")
    told.append(f"L{number(points[-1][0])} {number(points[-1][1])}")
    return " ".join(told)


def _span(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _tip(tip: Point, before: Point, size: float, colour: str) -> Markup:
    """Return the head of an arrow."""
    (x, y), (back, up) = tip, _towards(tip, before, size)
    side = size * 0.5
    first, second = ((back, up - side), (back, up + side)) if up == y else ((back - side, up), (back + side, up))
    told = " ".join(f"{number(a)},{number(b)}" for a, b in ((x, y), first, second))
    return element("polygon", points=told, fill=colour)


def _head_of(wide: float) -> float:
    return 5.0 + wide * 1.3


def line(way: Way, look: Look) -> Markup:
    """Return a line with its head."""
    points = route(way.one, way.other).points
    head = _head_of(look.wide)
    short = (*points[:-1], _towards(points[-1], points[-2], min(head * 0.8, _span(points[-1], points[-2]))))
    told = _run(short)
    casing = (element("path", d=told, stroke=PAPER, stroke_width=look.wide + 3),) if look.casing else ()
    drawn = element("path", d=told, stroke=look.colour, stroke_width=look.wide, stroke_dasharray=look.dashes)
    tip = _tip(points[-1], points[-2], head, look.colour)
    return _line(way, *casing, drawn, tip)


def _line(way: Way, *parts: Markup) -> Markup:
    return group(
        *parts,
        says=way.says,
        class_="way",
        data_from=way.one.value,
        data_to=way.other.value,
        data_numbers=" ".join(map(str, way.numbers)) or None,
        data_open="yes" if way.is_open else None,
        data_share=None if way.share is None else f"{way.share:.4f}",
        fill="none",
    )


def lines(shown: Map) -> Iterator[Markup]:
    """Yield the lines, the quiet ones hindmost."""
    looks = [(way, look_of(way, shown)) for way in shown.ways]
    for way, look in sorted(looks, key=lambda item: item[1].level):
        if not way.share:
            yield line(way, look)
    if shown.is_weighted:
        yield from _flow(shown)


# ---- lines as wide as their share ------------------------------------------------------------------------------------
def _wide(share: float) -> float:
    return 0.9 + 6.6 * min(share, 1.0)


def _coloured(share: float) -> str:
    return BLUE if share >= TELLS else "#9db6c8"


def _flow(shown: Map) -> Iterator[Markup]:
    """Yield lines as wide as their share; where several gather, as wide as all of them together."""
    gone = [way for way in shown.ways if way.share]
    for rail in (Rail.CLOSE, Rail.COURSE, Rail.PANEL, None):
        mine = [way for way in gone if route(way.one, way.other).rail is rail]
        for several in [mine] if rail else [[way] for way in mine]:
            yield from _gathered(several)
    for way in gone:
        told = _run(route(way.one, way.other).points)
        yield _line(way, element("path", d=told, stroke=BLUE, stroke_opacity=0, stroke_width=9))


def _gathered(ways: list[Way]) -> Iterator[Markup]:
    """Yield the stretches of lines that gather, each as wide as the shares that run along it."""
    stretches: dict[tuple[Point, Point], float] = {}
    cuts: dict[tuple[str, float], set[float]] = {}
    runs = [(way, route(way.one, way.other).points) for way in ways]
    for _, points in runs:
        for one, other in pairwise(points):
            axis, at, first, last = _along(one, other)
            cuts.setdefault((axis, at), set()).update((first, last))
    for way, points in runs:
        for one, other in pairwise(points):
            axis, at, first, last = _along(one, other)
            places = [place for place in sorted(cuts[axis, at]) if first <= place <= last]
            for low, high in pairwise(places):
                piece = ((low, at), (high, at)) if axis == "x" else ((at, low), (at, high))
                stretches[piece] = stretches.get(piece, 0.0) + (way.share or 0.0)
    ends = {(points[-1], points[-2]): 0.0 for _, points in runs}
    for way, points in runs:
        ends[points[-1], points[-2]] += way.share or 0.0
    for ((x, y), (x2, y2)), share in sorted(stretches.items(), key=lambda item: item[1]):
        colour, wide = _coloured(share), _wide(share)
        yield element("line", x1=x, y1=y, x2=x2, y2=y2, stroke=colour, stroke_width=wide, stroke_linecap="round")
    for (tip, before), share in ends.items():
        yield _tip(tip, before, _head_of(_wide(share)), _coloured(share))


def _along(one: Point, other: Point) -> tuple[str, float, float, float]:
    """Return along which axis a stretch runs, at which height of the other one, from where to where."""
    if one[1] == other[1]:
        return "x", one[1], min(one[0], other[0]), max(one[0], other[0])
    return "y", one[0], min(one[1], other[1]), max(one[1], other[1])
