"""The bands of a timeline: phases and stages that a case stood in, and its customs hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rrm_lifecycle.law.stages import Hold, Phase, Stage
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.svg import Markup
from rrm_lifecycle.views.timeline.content import Stay, holds_of, phases_of, stages_of
from rrm_lifecycle.views.timeline.frame import PHASES, SIZE, Frame, Part, box, named, together
from rrm_lifecycle.views.timeline.words import word

_HIGH: Final = 20.0
_PAD: Final = 4.0
_HOLDS: Final = {Hold.SUSPENDED: svg.CREAM, Hold.RESUMED: svg.MINT, Hold.APPLIED: PHASES[Phase.SANCTIONS]}


def bands(frame: Frame, top: float) -> Part:
    """Return the bands of phases, of stages, and of the hold where there was one.

    Args:
        frame: What is drawn.
        top: Where they begin.
    """
    drawn: list[Markup] = []
    missed: set[str] = set()
    rows: list[tuple[str, Sequence[Stay]]] = [("phase", phases_of(frame.case)), ("stage", stages_of(frame.case))]
    holds = holds_of(frame.case)
    if holds:
        rows.append(("hold", holds))
    for name, stays in rows:
        drawn.append(named(top, word(name, frame.language), high=_HIGH, bold=name == "phase"))
        for stay, left, right in _wide_enough(frame, stays):
            piece, told = _piece(frame, name, stay, (left, right, top))
            drawn.append(piece)
            if name == "phase" and not told and isinstance(stay.where, Phase):
                missed.add(f"phase.{stay.where.value}")
        top += _HIGH + (3 if name == "phase" else 6)
    return Part(together(drawn), top, frozenset(missed))


def _wide_enough(frame: Frame, stays: Sequence[Stay]) -> Iterator[tuple[Stay, float, float]]:
    """Yield stays with their places; of those that are narrower than a line together, the last one alone."""
    end = frame.scale.right if frame.case.is_closed else frame.scale.at(frame.last)
    drawn_to = float("-inf")
    for place, stay in enumerate(stays):
        left = max(frame.scale.at(stay.first), drawn_to)
        right = max(end, left + 3) if stay.last is None else frame.scale.at(stay.last)
        if right - left < 1.0 and place < len(stays) - 1:
            continue
        yield stay, left, max(right, left + 1.5)
        drawn_to = right


def _piece(frame: Frame, row: str, stay: Stay, at: tuple[float, float, float]) -> tuple[Markup, bool]:
    """Return a piece of a band, and whether its name had room in it."""
    left, right, top = at
    where = stay.where
    name = label(where, frame.language)
    room = right - left - 2 * _PAD
    bold = row == "phase"
    fits = svg.width(name, SIZE, bold=bold) <= room
    if isinstance(where, Hold):
        fill = _HOLDS.get(where, svg.BAND)
    else:
        fill = PHASES[where.phase if isinstance(where, Stage) else where] if row == "phase" else svg.PAPER
    days = word("from", frame.language, day=stay.first) if stay.last is None else f"{stay.first} \u2013 {stay.last}"
    drawn = [box(left, right, top, _HIGH, fill=fill, stroke=svg.RULE, stroke_width=0.8)]
    # What is cut short says nothing: a name stands whole or with most of its letters.
    shown = name if fits else svg.cut(name, room, SIZE, bold=bold)
    told = fits or len(shown) > max(8, len(name) // 2)
    if told:
        drawn.append(svg.words(left + _PAD, top + _HIGH / 2 + SIZE * 0.36, shown, size=SIZE, bold=bold))
    says = f"{word(row, frame.language)}: {name}, {days}"
    return svg.group(*drawn, says=says, class_=row, data_where=where.value, data_from=str(stay.first)), told
