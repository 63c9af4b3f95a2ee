"""Acts and cases for the property tests: plain builders, and Hypothesis strategies over them.

A *likely* act is one that a row provides for where the case stands, saying what the row asks for; *any* act is of any
class, by anybody, with facts that are good, bad or not stated. A walk mixes both and folds what is admitted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import attrs
from attrs import frozen
from hypothesis import strategies as st

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
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
from rrm_lifecycle.case.engine import ROW_BY_ID, decide, rows_at
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import CONSULTATIONS, EXTENDABLE, LIFTING_BAR, REPLY, VERIFICATION_CALL, VERIFICATION_VISIT
from rrm_lifecycle.record.entry import Entry, Refusal

FIRST_DAY: Final = date(2023, 3, 1)
PLANTS: Final[dict[Party, CoveredFacility]] = {
    Party.MX: CoveredFacility(
        "Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Owner", goods=("gearboxes",)
    ),
    Party.US: CoveredFacility("Plant One", country="US", sector="manufacturing", goods_traded=True),
    Party.CA: CoveredFacility("Plant Two", country="CA", sector="mining", goods_traded=True),
}
STRANGE: Final = (
    attrs.evolve(PLANTS[Party.MX], name="Taller", sector=Sector.OTHER),
    attrs.evolve(PLANTS[Party.MX], name="Centro", sector=Sector.SERVICES, goods_traded=NOT_STATED, owner=None),
    attrs.evolve(PLANTS[Party.MX], name="Oficina", goods_traded=False, competes=NOT_STATED),
    attrs.evolve(PLANTS[Party.MX], name="Nave", sector=NOT_STATED, goods_traded=NOT_STATED),
)
THREE: Final = (Panelist("complainant_list"), Panelist("respondent_list"), Panelist("joint_list"))
_IMPACTS: Final = (None, Impact(("back_pay",), 12, None, 450_000, "a notice"))
_LAWS: Final = ("LFT art. 390 bis",)
_BASIS: Final = "dismissals after a union vote"
_ORDER: Final = "an order of the board"
_EXTENDABLE: Final = frozenset(term.name for term in EXTENDABLE)

REGISTERS: Final = (
    Register(),
    Register([PriorDenial(f"OLD-{n}", PLANTS[Party.MX], date(2021, 5, 1 + n)) for n in range(2)]),
    Register([PriorDenial("OLD-1", PLANTS[Party.MX], date(2021, 5, 1), "course")], [BadFaith("US", date(2021, 4, 1))]),
)
READINGS: Final = (
    Reading(),
    Reading(constituted_by_lot=True, out_of_scope_is_no_denial=True, closing_days="either"),
    Reading(scope_objection_declines=True, second_case_reopens=True, own_findings_count=True),
    Reading(terms=[REPLY.set(12), CONSULTATIONS.off(), LIFTING_BAR.set(), VERIFICATION_CALL.set()]),
    Reading(panel_within_us_decision=True, late_panel_loses_authority=True, review_includes_remediation=True),
    Reading(roll_over=True, without={"A4-14a", "X-06"}, terms=[VERIFICATION_VISIT.set()]),
    Reading(remedy_without_panel=False, cure_ends_claim=True, treaty_until=date(2024, 3, 1)),
)
STARTS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"complainant": "US"},
    {"respondent": "US"},
    {"annex": ANNEX_31B},
    {"annex": ANNEX_31B, "respondent": "CA"},
    {"origin": "hotline"},
)


@frozen
class World:
    """What a case starts from: how it is opened, and under which reading and register it is decided.

    Attributes:
        start: Keywords of ``Case.start``.
        context: Reading, calendar and register.
    """

    start: dict[str, Any]
    context: Context = DEFAULT

    def case(self) -> Case:
        """Return the case as it opens."""
        return Case.start("WALK-1", **self.start)


# ---- plain builders --------------------------------------------------------------------------------------------------
def plant_of(case: Case) -> CoveredFacility:
    """Return the facility that a case is about, or may be about."""
    return case.facility or PLANTS[case.respondent or Party.MX]


def _claim(case: Case) -> dict[str, Any]:
    claim = case.claim
    order = _ORDER if plant_of(case).country is not Party.MX and claim.enforced_order in {None, NOT_STATED} else None
    return {
        "facility": plant_of(case),
        "laws": _LAWS if claim.laws in {None, NOT_STATED} else None,
        "basis": _BASIS if claim.basis in {None, NOT_STATED} else None,
        "enforced_order": order,
    }


def _runs(case: Case, day: date) -> dict[str, Any]:
    for limit in case.limits:
        if limit.term in _EXTENDABLE and limit.due is not None:
            return {"term": limit.term, "until": max(limit.due, day) + timedelta(10)}
    return {"term": "review", "until": day}


def _says(kind: type[Event], case: Case, day: date, having: Any) -> dict[str, Any]:
    if kind is did.PetitionFiled:
        return {**_claim(case), "filer_of": Party.CA if case.annex is ANNEX_31B else Party.US}
    if kind is did.LimitExtended:
        return _runs(case, day)
    end = max(day, case.facts.course_end or day) + timedelta(20)
    return {
        did.SelfInitiated: _claim(case),
        did.ReviewRequested: _claim(case),
        did.NoDenialReported: {"ground": having or NoDenialGround.FACTS},
        did.CourseAgreed: {"agreed_end": end},
        did.CourseExtended: {"agreed_end": end},
        did.PanelistsDrawn: {"panelists": THREE},
        did.PanelistReplaced: {"panelists": THREE},
        did.PetitionConfirmed: {"elements": tuple(Element)},
        did.PetitionNotConfirmed: {"missing": ("laws",)},
        did.DeterminationIssued: {"finding": having or Determination.DENIAL, "heard": True},
        did.RemediesImposed: {"tier": 1, "measure": Remedy.PENALTY},
        did.HoldReleased: {"ground": ReleaseGround.OTHERWISE_REMEDIED},
    }.get(kind, {})


def likely(kind: type[Event], case: Case, day: date, row: Row | None = None, **changes: Any) -> Event:
    """Return an act of a class on a day that says what a row asks for."""
    having = row.having[1] if row is not None and row.having else None
    return kind(day, **{**_says(kind, case, day, having), **changes})


def days_of(case: Case, *steps: int) -> tuple[date, ...]:
    """Return days to look at: some steps after the last act, and the days around each running limit's last day."""
    last = max(filter(None, (case.last_day, case.hold_day)), default=FIRST_DAY)
    days = {last + timedelta(step) for step in steps}
    days |= {limit.due + timedelta(n) for limit in case.limits if limit.due is not None for n in (-1, 0, 1)}
    return tuple(sorted(days))


def likely_events(case: Case, context: Context = DEFAULT, days: tuple[date, ...] | None = None) -> Iterator[Event]:
    """Yield a likely act for each row where the case and its hold stand, on each of some days."""
    for of_hold in (False, True):
        for checked in rows_at(case, of_hold=of_hold, context=context):
            for day in days_of(case, 0, 1, 5) if days is None else days:
                yield likely(checked.row.event, case, day, checked.row)


@cache
def _courses() -> dict[Stage, Case]:
    first = World({}).case()
    found = {first.stage: first}
    seen: set[Any] = set()
    left = deque([first])
    while left and len(found) < len(Stage):
        case = left.popleft()
        for event in likely_events(case, days=days_of(case, 1)):
            ruling = decide(case, event)
            if isinstance(ruling, Refusal) or ruling.to is case.stage or event.of_hold:
                continue
            after = evolve(case, ruling)
            known = (after.stage, after.facts.question)
            if known not in seen:
                seen.add(known)
                found.setdefault(after.stage, after)
                left.append(after)
    return found


def case_at(stage: Stage) -> Case:
    """Return the case that a shortest lawful course leads to a stage, with a plant in Mexico under Annex 31-A."""
    return _courses()[stage]


# ---- strategies ------------------------------------------------------------------------------------------------------
_DAYS_APART: Final = st.sampled_from((0, 1, 5, 40, -3))
_FLAG: Final = (True, False, NOT_STATED)
_FIELDS: Final[dict[str, tuple[Any, ...]]] = {
    "facility": (None, *PLANTS.values(), *STRANGE),
    "laws": (None, NOT_STATED, (), _LAWS, ("another law",)),
    "basis": (None, NOT_STATED, _BASIS),
    "under_annex_23a": (None, *_FLAG),
    "enforced_order": (None, NOT_STATED, _ORDER),
    "facts_from": (None, NOT_STATED, date(2020, 6, 30), date(2022, 1, 1)),
    "linked_to": (None, "WALK-1", "OLD-1"),
    "filer_of": (Party.US, Party.CA, Party.MX, "Guatemala", NOT_STATED),
    "outcome": _IMPACTS,
    "verification": _FLAG,
    "panelists": (THREE, THREE[:2], (*THREE[:2], Panelist("joint_list", NOT_STATED)), NOT_STATED),
    "elements": (tuple(Element), ("laws",), NOT_STATED),
    "missing": (("laws",), (), NOT_STATED),
    "on_site": _FLAG,
    "finding": tuple(Determination),
    "heard": _FLAG,
    "still_covered": _FLAG,
    "tier": (1, 2, 3, NOT_STATED),
    "measure": (*Remedy, NOT_STATED),
    "reach": ((), (attrs.evolve(PLANTS[Party.MX], name="Planta Dos"),), (PLANTS[Party.CA],)),
    "term": ("reply", "review", "lot", "course", "nothing"),
    "follow_up": (False, True),
}
_GROUNDS: Final[dict[type[Event], tuple[Any, ...]]] = {
    did.NoDenialReported: (*NoDenialGround, NOT_STATED),
    did.HoldReleased: (*ReleaseGround, NOT_STATED),
}
_DAY_FIELDS: Final = {"received": (None,), "agreed_end": (NOT_STATED,), "until": ()}
_ACTORS: Final = (None, None, *Role, *Party)
CLOSERS: Final = frozenset({
    "Withdrawn", "CaseDropped", "MatterSettled", "CaseClosed", "PetitionRejected", "RemediesLifted",
})  # fmt: skip


def pool_of(kind: type[Event], name: str, day: date) -> tuple[Any, ...]:
    """Return what a field of an act may say on a day: good, bad or not stated."""
    if name == "by":
        return _ACTORS
    if name in _DAY_FIELDS:
        return (day - timedelta(1), day, day + timedelta(30), *_DAY_FIELDS[name])
    return _GROUNDS[kind] if name == "ground" else _FIELDS[name]


@st.composite
def any_event(draw: st.DrawFn, day: date) -> Event:
    """Draw an act of any class on a day, by anybody, its facts good, bad or not stated."""
    kind = draw(st.sampled_from(tuple(EVENTS.values())))
    said: dict[str, Any] = {"by": draw(st.sampled_from(_ACTORS))}
    if draw(st.booleans()):
        said["known"] = (day - timedelta(2), day + timedelta(3))
    for one in attrs.fields(kind):
        if one.name in {"on", "by", "known"}:
            continue
        said[one.name] = draw(st.sampled_from(pool_of(kind, one.name, day)))
    return kind(day, **said)


@st.composite
def likely_event(draw: st.DrawFn, case: Case, context: Context = DEFAULT) -> Event:
    """Draw a likely act; one that closes the case only now and then. Any act where no row is left."""
    rows = [checked.row for hold in (False, True) for checked in rows_at(case, of_hold=hold, context=context)]
    if draw(st.integers(0, 9)):
        rows = [row for row in rows if row.event.__name__ not in CLOSERS]
    day = draw(st.sampled_from(days_of(case, 0, 1, 5)))
    if not rows:
        return draw(any_event(day))
    row = draw(st.sampled_from(rows))
    return likely(row.event, case, day, row)


def worlds() -> st.SearchStrategy[World]:
    """Draw what a case starts from: both Annexes, either Party as complainant, several readings and registers."""
    contexts = st.builds(Context, st.sampled_from(READINGS), st.none(), st.sampled_from(REGISTERS))
    return st.builds(World, st.sampled_from(STARTS), contexts)


@frozen
class Walk:
    """A random run of acts.

    Attributes:
        world: What it started from.
        case: The case at its end.
        tried: Each act that was tried, with the case before it and the ruling.
    """

    world: World
    case: Case
    tried: tuple[tuple[Case, Event, Entry | Refusal], ...] = attrs.field(repr=False)

    @property
    def context(self) -> Context:
        """The context that it was decided under."""
        return self.world.context


@st.composite
def walks(draw: st.DrawFn, most: int = 16) -> Walk:
    """Draw a run of acts: first along the shortest course to some stage, then half likely, half any.

    What is admitted is folded into the case.
    """
    world = draw(worlds())
    case, context = world.case(), world.context
    tried: list[tuple[Case, Event, Entry | Refusal]] = []
    ahead = list(case_at(draw(st.sampled_from(Stage))).acts)
    for n in range(len(ahead) + draw(st.integers(1, most))):
        if n < len(ahead):
            event = likely(type(ahead[n].act), case, ahead[n].act.on, ROW_BY_ID[ahead[n].rule or ""])
        elif draw(st.booleans()):
            event = draw(likely_event(case, context))
        else:
            event = draw(any_event((case.last_day or FIRST_DAY) + timedelta(draw(_DAYS_APART))))
        ruling = decide(case, event, context=context)
        tried.append((case, event, ruling))
        if isinstance(ruling, Entry):
            case = evolve(case, ruling)
    return Walk(world, case, tuple(tried))
