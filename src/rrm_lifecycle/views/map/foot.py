"""What stands around the map: its heading, the key to its lines, and the acts of a case."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views.map.content import MOST, Map, Step, is_general
from rrm_lifecycle.views.map.labels import disc
from rrm_lifecycle.views.map.lines import DOOR, MAIN_LOOK, NEVER, OWN, PATH, QUIET, Look
from rrm_lifecycle.views.map.routes import FOOT, WIDE
from rrm_lifecycle.views.map.words import say
from rrm_lifecycle.views.svg import BLUE, GREY, NORMAL, PALE, SMALL, TITLE, Markup, cut, element, group, width, words

_EDGE: Final = 18.0
_KEY: Final = FOOT + 52.0
_KEY_HIGH: Final = 19.0
_SAMPLE: Final = 34.0
_COLUMNS: Final = 3
_STEP_HIGH: Final = 36.0


def heading(shown: Map) -> Iterator[Markup]:
    """Yield the heading, and the line below it."""
    yield words(_EDGE, 28, cut(shown.title, WIDE - 2 * _EDGE, TITLE, bold=True), size=TITLE, bold=True)
    if shown.subtitle:
        yield words(_EDGE, 46, cut(shown.subtitle, WIDE - 2 * _EDGE), fill=GREY)


# ---- the key ---------------------------------------------------------------------------------------------------------
def _sample(x: float, y: float, look: Look) -> Markup:
    return element(
        "line", x1=x, y1=y, x2=x + 26, y2=y, stroke=look.colour, stroke_width=look.wide, stroke_dasharray=look.dashes
    )


def _quiet_acts(shown: Map) -> str:
    rows = {row.id: row for way in shown.ways for row in way.rows if is_general(row)}
    return ", ".join(dict.fromkeys(label(row.event, shown.language) for row in rows.values()))


def _entries(shown: Map) -> Iterator[tuple[Look, str]]:
    language = shown.language
    if shown.is_weighted:
        yield Look(BLUE, 5.0), say("legend_share", language)
        yield NEVER, say("legend_never", language)
        yield Look(PALE, 12.0), say("starts", language)
        return
    if shown.here is not None:
        if shown.steps:
            yield PATH, say("legend_path", language)
        if shown.doors is not None:
            yield DOOR, say("legend_door", language, day=shown.doors)
        yield Look(BLUE, 12.0), say("here", language)
        return
    yield MAIN_LOOK, say("legend_main", language)
    yield OWN, say("legend_own", language)
    yield QUIET, say("legend_general", language, acts=_quiet_acts(shown))


def _laid(shown: Map) -> Iterator[tuple[float, float, Look, str]]:
    """Yield where each entry of the key stands: side by side, and in a new line where there is no room."""
    x, y = _EDGE, _KEY
    for look, told in _entries(shown):
        room = WIDE - 2 * _EDGE - _SAMPLE
        line = cut(told, room, SMALL)
        if x > _EDGE and x + _SAMPLE + width(line, SMALL) > WIDE - _EDGE:
            x, y = _EDGE, y + _KEY_HIGH
        yield x, y, look, line
        x += _SAMPLE + width(line, SMALL) + 22


def key(shown: Map) -> Iterator[Markup]:
    """Yield what the lines mean."""
    for x, y, look, line in _laid(shown):
        yield group(_sample(x, y - 4, look), words(x + _SAMPLE, y, line, size=SMALL, fill=GREY), class_="key")


def _key_foot(shown: Map) -> float:
    return max(y for _, y, _, _ in _laid(shown))


# ---- the acts --------------------------------------------------------------------------------------------------------
def steps(shown: Map) -> Iterator[Markup]:
    """Yield the acts of the case, in columns from top to bottom."""
    listed = listed_of(shown)
    rows = ceil(len(listed) / _COLUMNS)
    wide = (WIDE - 2 * _EDGE) / _COLUMNS
    top = _key_foot(shown) + 24
    for place, one in enumerate(listed):
        x, y = _EDGE + wide * (place // rows), top + _STEP_HIGH * (place % rows)
        mark = disc(x + 9, y + 8, str(one.number)) if one.number is not None else Markup()
        yield group(
            mark,
            words(x + 26, y + 9, cut(one.act, wide - 34), size=NORMAL),
            words(x + 26, y + 23, cut(one.under, wide - 34, SMALL), size=SMALL, fill=GREY),
            class_="step",
        )


def listed_of(shown: Map) -> tuple[Step, ...]:
    """Return the acts that are listed."""
    return shown.steps[-MOST:]


def height_of(shown: Map) -> float:
    """Return how high the whole picture is."""
    rows = ceil(len(listed_of(shown)) / _COLUMNS)
    return _key_foot(shown) + (30 + _STEP_HIGH * rows if rows else 16)
