"""The labels of the map's lines as SVG, and the numbers on the path of a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.views.map.content import TELLS, Map, Way, percent
from rrm_lifecycle.views.map.parts import ground_of
from rrm_lifecycle.views.map.routes import Rail, route
from rrm_lifecycle.views.svg import BAND, BLUE, GREEN, GREY, PAPER, SMALL, Markup, element, width, words

_DISC: Final = 8.0
"""Half the height of a number on a path."""
_SEVERAL: Final = 3


def label_of(way: Way, shown: Map) -> str:
    """Return what stands beside a line; nothing where its number on the path stands there, or where it is quiet."""
    if shown.is_weighted:
        return percent(way.share) if way.share is not None and way.share >= TELLS else ""
    if way.numbers or route(way.one, way.other).rail is Rail.CLOSE:
        return ""
    if shown.here is not None and not way.is_open:
        return ""
    return way.label


def labels(shown: Map) -> Iterator[Markup]:
    """Yield the labels of the lines, and the numbers on a path."""
    for way in shown.ways:
        told = label_of(way, shown)
        found = route(way.one, way.other)
        if told:
            x, y, anchor = found.label
            yield words(
                x, y, told, size=SMALL, anchor=anchor, bold=shown.is_weighted, fill=_ink(way, shown),
                stroke=_ground(x, y), stroke_width=3, stroke_linejoin="round", paint_order="stroke", class_="label",
                data_of=f"{way.one.value} {way.other.value}",
            )  # fmt: skip
        if way.numbers:
            yield _numbers(way)


def _numbers(way: Way) -> Markup:
    """Return the numbers of the acts that went a way; of many, the first two and the last."""
    found, several = route(way.one, way.other), way.numbers
    shown = several if len(several) <= _SEVERAL else (*several[:2], "…", several[-1])
    told = ", ".join(map(str, shown))
    (x, y), (start, _), (end, _) = found.mark, found.points[0], found.points[-1]
    near = start if abs(x - start) <= abs(x - end) else end
    further = max(_wide(told) / 2 - _DISC - 3, 0.0)  # a wide one stays clear of the box beside it
    if x != near:
        x += further if x > near else -further
    return disc(x, y, told, data_of=f"{way.one.value} {way.other.value}")


def _wide(told: str) -> float:
    return max(2 * _DISC, width(told, SMALL, bold=True) + 6)


def _ink(way: Way, shown: Map) -> str:
    if shown.is_weighted:
        return "#1f4766"
    return GREEN if way.is_open else GREY


def _ground(x: float, y: float) -> str:
    """Return the colour that lies under a label."""
    for left, top, wide, high in map(ground_of, Phase):
        if left <= x <= left + wide and top <= y <= top + high:
            return BAND
    return PAPER


def disc(x: float, y: float, told: str, **attributes: str) -> Markup:
    """Return the number of an act on a path, or several."""
    wide = _wide(told)
    return element(
        "g",
        element(
            "rect", x=x - wide / 2, y=y - _DISC, width=wide, height=2 * _DISC, rx=_DISC, fill=BLUE, stroke=PAPER,
            stroke_width=1.5,
        ),
        words(x, y + 4, told, size=SMALL, anchor="middle", bold=True, fill=PAPER),
        class_="number",
        **attributes,
    )  # fmt: skip
