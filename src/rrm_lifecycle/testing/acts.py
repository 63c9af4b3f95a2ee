"""Strategies for acts: lawful next ones, late ones, early ones, by the wrong actor, any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    Impact,
    NoDenialGround,
    Panelist,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import Checked, decide, rows_at
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.case.paths import FIRST_DAY, act_for, next_day, use
from rrm_lifecycle.law.guards import Within
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.testing.drawing import st
from rrm_lifecycle.testing.values import BASIS, LAW, ORDER

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LATER: Final = (1, 5, 40)


def _rows(case: Case, context: Context) -> Iterator[Checked]:
    for of_hold in (False, True):
        yield from rows_at(case, of_hold=of_hold, context=context)


def _drawn(found: dict[Event, None]) -> SearchStrategy[Event]:
    return st.sampled_from(list(found)) if found else st.nothing()


def lawful_events(case: Case, context: Context = DEFAULT) -> SearchStrategy[Event]:
    """Draw acts that the table admits next, by each row that admits one. Nothing is drawn where none does."""
    found: dict[Event, None] = {}
    for wait in (1, 0, 5, 40):
        for checked in _rows(case, context):
            entry = use(checked.row, case, context, next_day(case, wait))
            if entry is not None:
                found[entry.act] = None
    return _drawn(found)


def late_events(case: Case, context: Context = DEFAULT) -> SearchStrategy[Event]:
    """Draw acts after their last day: admitted with a finding, or barred where a reading has it so. Else nothing."""
    found: dict[Event, None] = {}
    for checked in _rows(case, context):
        terms = {guard.term.name for _, guard, _ in checked.checks if isinstance(guard, Within)}
        for limit in case.limits:
            last = limit.latest or limit.due
            if limit.term not in terms or last is None:
                continue
            for days in _LATER:
                act = act_for(checked.row, max(last, next_day(case, 0)) + timedelta(days), case)
                ruling = decide(case, act, context=context)
                notes = ruling.findings if isinstance(ruling, Entry) else ruling.reasons
                if any(one.code == "within" for one in notes):
                    found[act] = None
    return _drawn(found)


def early_events(case: Case, context: Context = DEFAULT) -> SearchStrategy[Event]:
    """Draw acts that the table refuses and that time alone will open, on the last day before and earlier. Else nothing."""
    found: dict[Event, None] = {}
    for checked in _rows(case, context):
        act = act_for(checked.row, next_day(case), case)
        ruling = decide(case, act, context=context)
        if isinstance(ruling, Refusal) and ruling.opens is not None:
            for on in (ruling.opens - timedelta(1), act.on):
                again = decide(case, act_for(checked.row, on, case), context=context)
                if isinstance(again, Refusal):
                    found[again.event] = None
    return _drawn(found)


def wrong_actor_events(case: Case, context: Context = DEFAULT) -> SearchStrategy[Event]:
    """Draw acts that would be admitted, if another had not done them. Nothing is drawn where no act is admitted."""
    found: dict[Event, None] = {}
    for checked in _rows(case, context):
        entry = use(checked.row, case, context)
        for by in Role if entry is not None else ():
            if entry is not None and by is not checked.row.who:
                act = attrs.evolve(entry.act, by=by)
                if isinstance(decide(case, act, context=context), Refusal):
                    found[act] = None
    return _drawn(found)


# ---- any -------------------------------------------------------------------------------------------------------------
_PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Owner")
_PLANTS: Final = (
    _PLANT,
    CoveredFacility("Plant One", country="US", sector="manufacturing", goods_traded=True),
    attrs.evolve(_PLANT, name="Taller", sector=Sector.OTHER),
    attrs.evolve(_PLANT, name="Centro", sector=Sector.SERVICES, goods_traded=NOT_STATED, owner=None),
    attrs.evolve(_PLANT, name="Oficina", goods_traded=False, competes=NOT_STATED),
)
_THREE: Final = (Panelist("complainant_list"), Panelist("respondent_list"), Panelist("joint_list"))
_FLAG: Final = (True, False, NOT_STATED)
_SAYS: Final[dict[str, tuple[Any, ...]]] = {
    "by": (None, *Role, *Party),
    "facility": (None, *_PLANTS),
    "laws": (None, NOT_STATED, (), (LAW,), ("another law",)),
    "basis": (None, NOT_STATED, BASIS),
    "under_annex_23a": (None, *_FLAG),
    "enforced_order": (None, NOT_STATED, ORDER),
    "facts_from": (None, NOT_STATED, date(2020, 6, 30), date(2022, 1, 3)),
    "linked_to": (None, "CASE-1", "OLD-1"),
    "filer_of": (Party.US, Party.CA, Party.MX, "Guatemala", NOT_STATED),
    "outcome": (None, Impact(("back_pay",), 12, None, 450_000, "a notice")),
    "panelists": (_THREE, _THREE[:2], (*_THREE[:2], Panelist("joint_list", NOT_STATED)), NOT_STATED),
    "elements": (tuple(Element), (Element.LAWS,), NOT_STATED),
    "missing": ((Element.LAWS,), (), NOT_STATED),
    "finding": tuple(Determination),
    "tier": (1, 2, 3, NOT_STATED),
    "measure": (*Remedy, NOT_STATED),
    "reach": ((), (attrs.evolve(_PLANT, name="Planta Dos"),), (_PLANTS[1],)),
    "term": ("reply", "review", "lot", "course", "nothing"),
    "follow_up": (False, True),
}
_GROUNDS: Final[dict[type[Event], tuple[Any, ...]]] = {
    did.NoDenialReported: (*NoDenialGround, NOT_STATED),
    did.HoldReleased: (*ReleaseGround, NOT_STATED),
}
_ENDS: Final = {"received": (None,), "agreed_end": (NOT_STATED,), "until": ()}
_APART: Final = st.sampled_from((1, 0, 5, 40, -3))
_KINDS: Final = st.sampled_from(tuple(EVENTS.values()))
_KNOWN: Final = st.sampled_from((None, None, 2, 20))


def _pool(kind: type[Event], name: str, on: date) -> tuple[Any, ...]:
    if name in _ENDS:
        return (on + timedelta(30), on, on - timedelta(1), *_ENDS[name])
    return _GROUNDS[kind] if name == "ground" else _SAYS.get(name, _FLAG)


@st.composite
def any_events(draw: st.DrawFn, case: Case | None = None) -> Event:
    """Draw acts of any class, by anybody, on days before and after the last act; what they say is good, bad or not stated.

    Args:
        draw: Given by Hypothesis.
        case: The case; a new one if None.
    """
    last = FIRST_DAY if case is None else next_day(case, 0)
    kind, on, around = draw(_KINDS), last + timedelta(draw(_APART)), draw(_KNOWN)
    said: dict[str, Any] = {}
    for one in attrs.fields(kind):
        if one.name not in {"on", "known"}:
            said[one.name] = draw(st.sampled_from(_pool(kind, one.name, on)))
    if around is not None:
        said["known"] = (on - timedelta(around), on + timedelta(around))
    return kind(on, **said)


def events(case: Case, context: Context = DEFAULT) -> SearchStrategy[Event]:
    """Draw acts of every sort: lawful next ones first, then late and early ones, by the wrong actor, any."""
    return st.one_of(
        lawful_events(case, context), late_events(case, context), early_events(case, context),
        wrong_actor_events(case, context), any_events(case),
    )  # fmt: skip
