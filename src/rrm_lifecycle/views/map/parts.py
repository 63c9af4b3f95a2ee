"""The grounds of the phases, the boxes of the stages and the ways to close, as SVG."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Final

from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views.map.content import Ending, Map, percent
from rrm_lifecycle.views.map.places import GROUNDS
from rrm_lifecycle.views.map.routes import BOX_HIGH, BOX_WIDE, LEFTS, PITCH, TOP, box_of
from rrm_lifecycle.views.map.words import say
from rrm_lifecycle.views.svg import (
    BAND,
    BLUE,
    GREY,
    INK,
    LEADING,
    NORMAL,
    PALE,
    PAPER,
    RULE,
    SMALL,
    Markup,
    cut,
    element,
    group,
    paragraph,
    width,
    words,
    wrap,
)

_AIR: Final = 7.0
"""From a box to the edge of its ground."""
_HEAD: Final = 38.0
"""From the upper edge of a ground to its first row."""


def ground_of(phase: Phase) -> tuple[float, float, float, float]:
    """Return the ground of a phase: left, top, width and height."""
    first, last, top, foot = GROUNDS[phase]
    left = LEFTS[first] - _AIR
    head = _HEAD if top == 0 else _AIR
    upper = TOP + PITCH * top - head
    lower = TOP + PITCH * foot + BOX_HIGH + _AIR
    return left, upper, LEFTS[last] + BOX_WIDE + _AIR - left, lower - upper


def grounds(language: str) -> Iterator[Markup]:
    """Yield the grounds of the phases, each with its name."""
    for phase in Phase:
        left, upper, wide, high = ground_of(phase)
        name = label(phase, language)
        name = name[:1].upper() + name[1:]
        if GROUNDS[phase][2] == 0:
            told = paragraph(
                left + wide / 2, upper + _HEAD / 2 - 2, wrap(name, wide - 6, NORMAL, lines=2, bold=True), bold=True
            )
        else:  # over the free place beside its first stage
            column, row = GROUNDS[phase][1], GROUNDS[phase][2]
            y = TOP + PITCH * row + BOX_HIGH / 2
            told = paragraph(LEFTS[column] + BOX_WIDE / 2, y, (name,), bold=True)
        rect = element("rect", x=left, y=upper, width=wide, height=high, rx=8, fill=BAND)
        yield group(rect, told, class_="phase", data_phase=phase.value)


def box(stage: Stage, shown: Map) -> Markup:
    """Return the box of a stage."""
    place = box_of(stage)
    is_here, was_here = stage is shown.here, stage in shown.passed
    fill, ink, edge, thick = PAPER, INK, RULE, 1.0
    if is_here:
        fill, ink, edge, thick = BLUE, PAPER, BLUE, 1.0
    elif was_here or stage is shown.start:
        fill, edge, thick = PALE, BLUE, 2.0
    elif shown.here is None:
        edge, thick = INK, 1.2
    name = label(stage, shown.language)
    size, told = NORMAL, wrap(name, BOX_WIDE - 6, NORMAL, lines=9, bold=is_here)
    if len(told) > 2:
        size, told = SMALL, wrap(name, BOX_WIDE - 6, SMALL, lines=3, bold=is_here)
    parts = [
        element(
            "rect", x=place.x, y=place.y, width=BOX_WIDE, height=BOX_HIGH, rx=5, fill=fill, stroke=edge,
            stroke_width=thick,
        ),
        paragraph(*place.middle, told, size=size, fill=ink, bold=is_here),
    ]  # fmt: skip
    if is_here:
        ring = element(
            "rect", x=place.x - 4, y=place.y - 4, width=BOX_WIDE + 8, height=BOX_HIGH + 8, rx=8, fill="none",
            stroke=BLUE, stroke_width=1.8,
        )  # fmt: skip
        parts.insert(0, ring)
    state = "here" if is_here else "passed" if was_here else None
    marked = "here" if is_here else "starts" if stage is shown.start else None
    says = f"{name}: {label(stage.phase, shown.language)}" + (f" ({say(marked, shown.language)})" if marked else "")
    return group(*parts, says=says, class_="stage", data_stage=stage.value, data_state=state)


def boxes(shown: Map) -> Iterator[Markup]:
    """Yield the boxes of the stages."""
    return (box(stage, shown) for stage in Stage)


# ---- ways to close ---------------------------------------------------------------------------------------------------
def endings(shown: Map) -> Iterator[Markup]:
    """Yield the ways to close, listed above the stage in which cases close."""
    y = TOP + 6
    yield words(LEFTS[-1], y, say("closings", shown.language), size=SMALL, fill=GREY)
    y += SMALL * LEADING + 5
    for one in shown.endings:
        y = yield from _ending(one, shown, y)


def _ending(one: Ending, shown: Map, y: float) -> Generator[Markup, None, float]:
    """Yield a way to close at a height, and return the height of the next one."""
    left, step = LEFTS[-1], SMALL * 1.2
    mine = one.closing is shown.closing
    name = label(one.closing, shown.language)
    if one.share is not None:
        name = f"{name} {percent(one.share)}"
    told = wrap(name, BOX_WIDE, SMALL, lines=3, bold=mine)
    parts: list[Markup] = []
    if mine:
        high = step * len(told) + 4
        parts.append(
            element("rect", x=left - 4, y=y - SMALL, width=BOX_WIDE + 8, height=high, rx=4, fill=PALE, stroke=BLUE)
        )
    fill = INK if mine or shown.here is None else GREY
    parts += [words(left, y + step * n, text, size=SMALL, bold=mine, fill=fill) for n, text in enumerate(told)]
    last = y + step * (len(told) - 1)
    if shown.here is None and one.share is None:
        rules, after = cut(one.rules, BOX_WIDE, SMALL), width(told[-1], SMALL) + 6
        if after + width(rules, SMALL) > BOX_WIDE:
            last, after = last + step, 0.0
        parts.append(words(left + after, last, rules, size=SMALL, fill=GREY))
    yield group(*parts, says=one.says, class_="ending", data_closing=one.closing.value)
    return last + step + 4
