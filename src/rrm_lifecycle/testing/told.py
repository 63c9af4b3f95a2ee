"""Strategies for public histories: lawful cases as a record tells them, whole or patchy."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.histories.acts import FINDINGS, KINDS
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.vocabulary import EventType
from rrm_lifecycle.testing.courses import cases
from rrm_lifecycle.testing.drawing import st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_WORDS: Final = {(kind, FINDINGS.get(word)): word for word, kind in KINDS.items()}


@frozen
class Told:
    """A history, and the lawful case that it tells of.

    Attributes:
        history: What the record tells.
        case: What happened.
    """

    history: History
    case: Case


def word_for(act: Event) -> EventType | None:
    """Return the word of the public record for an act; None where it has none."""
    if type(act) is did.PartialDenialReported:
        return EventType.REVIEW_RESULT_DENIAL_FOUND
    return _WORDS.get((type(act), getattr(act, "finding", None)))


def _period(on: date, way: int) -> dict[str, date]:
    if way == 0:
        return {"date": on}
    if way == 1:
        first = on.replace(day=1)
        return {"earliest": first, "latest": (first + timedelta(32)).replace(day=1) - timedelta(1)}
    return {"earliest": on - timedelta(way), "latest": on + timedelta(way)} if way < 60 else {}


def _event(act: Event, way: int, *, end: bool) -> HistoryEvent | None:
    word = word_for(act)
    if word is None:
        return None
    said: dict[str, Any] = _period(act.on, way)
    agreed = getattr(act, "agreed_end", None)
    if end and isinstance(agreed, date):
        said["agreed_end"] = agreed
    return HistoryEvent(word, partial=type(act) is did.PartialDenialReported, **said)


def _history(case: Case, events: list[HistoryEvent], as_of: date) -> History:
    facility = case.facility
    sector = (
        None if facility is None or facility.sector not in {"manufacturing", "mining", "services"} else facility.sector
    )
    return History(
        case.id,
        "Planta Uno" if facility is None else facility.name,
        complainant=case.complainant or case.annex.other(Party.MX),
        respondent=case.respondent or Party.MX,
        sector=sector,
        events=tuple(events),
        as_of=as_of,
    )


def _last(case: Case) -> date:
    return max(entry.act.on for entry in case.acts)


def _in_order(case: Case) -> bool:
    """Return whether the record has words by which the course can be told: none tells of a limit that was extended."""
    extended = any(ROW_BY_ID[entry.rule or ""].extends for entry in case.acts)
    return bool(case.acts) and not extended


def histories() -> SearchStrategy[Told]:
    """Draw lawful cases as a record tells them that hides no act for which it has a word, and knows every day."""

    def told(case: Case) -> Told:
        events = [event for entry in case.acts if (event := _event(entry.act, 0, end=True)) is not None]
        return Told(_history(case, events, _last(case)), case)

    return cases().filter(_in_order).map(told)


@st.composite
def _patchy(draw: st.DrawFn, lawful: SearchStrategy[Case]) -> Told:
    case = draw(lawful)
    marks = draw(st.lists(_WAYS, min_size=len(case.acts), max_size=len(case.acts)))
    events = [
        event
        for entry, way in zip(case.acts, marks, strict=True)
        if way is not None and (event := _event(entry.act, way, end=way != 1)) is not None
    ]
    later = draw(st.integers(0, 30))
    return Told(_history(case, events, _last(case) + timedelta(later)), case)


_WAYS: Final = st.sampled_from((0, 1, 10, 40, 60, None))
"""How the day of an act is told: exactly, by its month, within so many days, not at all; or the act is hidden."""


def patchy_histories() -> SearchStrategy[Told]:
    """Draw lawful cases as a patchy record tells them: acts are hidden, days are blurred, ends of courses left out.

    What happened is one completion of each history, so that an alignment has no deviation to report.
    """
    return _patchy(cases().filter(_in_order))
