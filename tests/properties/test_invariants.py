"""The 44 invariants of the rulebook hold over random runs of acts; and each check of them can fail."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs
import pytest
from attrs import frozen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide, play, rows_at
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry, Outcome, Refusal
from tests import strategies as make
from tests.properties.invariants import CHECKS, KIND, Breach, unlawful
from tests.strategies import FIRST_DAY, PLANTS, READINGS, REGISTERS, STARTS, World, days_of, likely

RULEBOOK: Final = Path(__file__).parents[1] / "data" / "rulebook.json"
IDS: Final = [f"INV-{n:02}" for n in range(1, 45)]
WALKS: Final = 8_000
NOBODY: Final = Register()


# ---- random acts and walks -------------------------------------------------------------------------------------------
def _plant_of(rng: Random) -> CoveredFacility:
    """Return a plant of which much may be lacking or left open."""
    return attrs.evolve(
        PLANTS[rng.choice((Party.MX, Party.MX, Party.MX, Party.US, Party.CA))],
        sector=rng.choice((*Sector, NOT_STATED, NOT_STATED)),
        goods_traded=rng.choice((True, False, NOT_STATED)),
        competes=rng.choice((True, True, False, NOT_STATED)),
    )


def _field(name: str, kind: type[Event], day: date, rng: Random) -> Any:
    if name == "facility" and rng.random() < 0.8:
        return _plant_of(rng)
    return rng.choice(make.pool_of(kind, name, day))


_OWN: Final = {
    kind: tuple(one.name for one in attrs.fields(kind) if one.name not in {"on", "by", "known"})
    for kind in EVENTS.values()
}


def any_act(rng: Random, day: date) -> Event:
    """Return an act of any class on a day, by anybody, its facts good, bad or not stated."""
    kind = rng.choice(tuple(EVENTS.values()))
    said: dict[str, Any] = {name: _field(name, kind, day, rng) for name in _OWN[kind]}
    if rng.random() < 0.2:
        said["known"] = (day - timedelta(2), day + timedelta(3))
    return kind(day, by=_field("by", kind, day, rng), **said)


def _saying(event: Event, **changes: Any) -> Event:
    return attrs.evolve(event, **changes)


def near_act(rng: Random, row: Row, case: Case, day: date) -> Event:
    """Return a likely act with a field that is said otherwise, so that it may be admitted and noted."""
    event = likely(row.event, case, day, row)
    said: dict[str, Any] = {}
    names = _OWN[row.event]
    for name in rng.sample(names, min(len(names), rng.choice((1, 1, 2, 3)))):
        said[name] = _field(name, row.event, day, rng)
    if rng.random() < 0.2:
        said["known"] = (day - timedelta(2), day + timedelta(3))
    if rng.random() < 0.1:
        said["by"] = _field("by", row.event, day, rng)
    if row.event is did.RemediesImposed and rng.random() < 0.4:
        said |= {"measure": Remedy.ENTRY_DENIED, "tier": rng.choice((3, NOT_STATED))}
    return _saying(event, **said)


@frozen
class Run:
    """A random run of acts.

    Attributes:
        case: The case at its end.
        context: Reading and register that it was decided under.
    """

    case: Case
    context: Context

    @property
    def register(self) -> Register:
        """The register that it was decided under."""
        return self.context.register


def _rows(case: Case, context: Context) -> list[Row]:
    return [one.row for of_hold in (False, True) for one in rows_at(case, of_hold=of_hold, context=context)]


def _next_act(case: Case, context: Context, rng: Random, taken: Counter[str]) -> Event:
    """Return a likely act half of the time (of a row that was taken less often, rather), else any or nearly likely."""
    chance = rng.random()
    rows = _rows(case, context) if chance < 0.8 else []
    if not rows:
        return any_act(rng, (case.last_day or FIRST_DAY) + timedelta(rng.choice((0, 1, 5, 40, -3))))
    if rng.random() < 0.6:
        rows = [row for row in rows if row.event.__name__ not in make.CLOSERS] or rows
    row = min(rng.sample(rows, min(4, len(rows))), key=lambda row: taken[row.id])
    day = rng.choice(days_of(case, 0, 1, 5))
    return likely(row.event, case, day, row) if chance < 0.5 else near_act(rng, row, case, day)


def found_to_continue() -> Case:
    """Return a lawful case in which a panel, asked by the respondent after a course, found that the Denial continues."""
    case = make.case_at(Stage.COURSE_NOTICE_GIVEN)
    day = (case.last_day or FIRST_DAY) + timedelta(1)
    for kind in (did.PanelRequested, did.PanelistsDrawn, did.PanelConstituted, did.PetitionConfirmed):
        case = play(case, likely(kind, case, day))
    return play(case, likely(did.DeterminationIssued, case, day))


def not_confirmed() -> Case:
    """Return a lawful case in which a panel did not confirm the respondent's petition."""
    case = make.case_at(Stage.COURSE_NOTICE_GIVEN)
    day = (case.last_day or FIRST_DAY) + timedelta(1)
    for kind in (did.PanelRequested, did.PanelistsDrawn, did.PanelConstituted, did.PetitionNotConfirmed):
        case = play(case, likely(kind, case, day))
    return case


@cache
def pool() -> tuple[Run, ...]:
    """Return the runs: each first goes towards some stage, then half likely acts, half any."""
    rng = Random(20_200_701)
    taken = Counter[str]()
    contexts = [Context(reading, None, register) for reading in READINGS for register in REGISTERS]
    ahead = [*(make.case_at(stage).acts for stage in Stage), found_to_continue().acts, not_confirmed().acts]
    runs = []
    for n in range(WALKS):
        context = contexts[n % len(contexts)]
        case = World(rng.choice(STARTS), context).case()
        plant = _plant_of(rng) if rng.random() < 0.3 else None
        for entry in rng.choice(ahead):
            row, act = ROW_BY_ID[entry.rule or ""], entry.act
            event = near_act(rng, row, case, act.on) if rng.random() < 0.06 else likely(type(act), case, act.on, row)
            if plant is not None and "facility" in _OWN[type(act)]:
                event = _saying(event, facility=plant)
            case = _after(case, event, context)
        for _ in range(rng.randint(1, 24)):
            case = _after(case, _next_act(case, context, rng, taken), context)
        taken.update(entry.rule or "" for entry in case.acts)
        runs.append(Run(case, context))
    return tuple(runs)


def _after(case: Case, event: Event, context: Context) -> Case:
    ruling = decide(case, event, context=context)
    return evolve(case, ruling) if isinstance(ruling, Entry) else case


@cache
def breaches(name: str) -> tuple[Breach, ...]:
    """Return every breach of an invariant in the pool."""
    return tuple(one for run in pool() for one in CHECKS[name].breaches(run.case, run.register))


class TestKinds:
    """Each invariant of the rulebook is said to be barred or noted, and has its check."""

    def test_the_44(self) -> None:
        """The table of kinds names exactly the invariants of the rulebook, and each has a check."""
        stated = [one["id"] for one in json.loads(RULEBOOK.read_text(encoding="utf-8"))["invariants"]]
        assert list(KIND) == stated == list(CHECKS) == IDS

    @pytest.mark.parametrize("name", IDS)
    def test_barred_ones_name_no_breach(self, name: str) -> None:
        """An invariant is noted by at least one finding, or is barred and has none but for what is not stated."""
        assert KIND[name].barred is not bool(KIND[name].noted)


class TestOverRuns:
    """No run of acts that decide admits breaks an invariant unsaid."""

    @pytest.mark.parametrize("name", IDS)
    def test_holds(self, name: str) -> None:
        """No run of the pool breaks the invariant, but for acts that carry the finding that says so."""
        broken = [(run, found) for run in pool() if (found := unlawful(name, run.case, run.register))]
        assert broken == []

    @pytest.mark.parametrize(
        ("name", "code", "outcome"),
        [
            *((name, code, Outcome.UNMET) for name in IDS for code in sorted(KIND[name].noted)),
            *((name, code, Outcome.NOT_STATED) for name in IDS for code in sorted(KIND[name].unstated)),
        ],
    )
    def test_is_noted(self, name: str, code: str, outcome: Outcome) -> None:
        """Some run of the pool breaks the invariant, or leaves open whether it holds, with the finding that says so."""
        assert any((one.code, one.outcome) == (code, outcome) for one in breaches(name))

    @pytest.mark.parametrize("name", IDS)
    def test_call_gives_the_first(self, name: str) -> None:
        """Called, the check returns its first breach, and None where there is none."""
        for run in pool()[:200]:
            every = list(CHECKS[name].breaches(run.case, run.register))
            assert CHECKS[name](run.case, run.register) == (every[0] if every else None)

    def test_asking_later_moves_nothing(self) -> None:
        """Asked what is due long after every limit has lapsed, the case stands where its last act put it (INV-40)."""
        for run in pool()[:300]:
            stands = (run.case.stage, run.case.hold, run.case.limits)
            later = agenda(run.case, date(2029, 12, 31), context=run.context)
            assert len(later) >= len([limit for limit in run.case.limits if limit.due is not None])
            assert (run.case.stage, run.case.hold, run.case.limits) == stands


class TestPool:
    """The pool goes everywhere, so that what holds over it says something."""

    def test_every_row(self) -> None:
        """Each row of both tables is taken by some run; those under a choice of a reading by runs under that reading."""
        taken = {entry.rule for run in pool() for entry in run.case.acts}
        assert set(ROW_BY_ID) - taken == set()

    def test_every_place(self) -> None:
        """Each stage of the case and of the hold is met by some run."""
        assert {entry.to for run in pool() for entry in run.case.path} | {Hold.NONE} == {*Stage, *Hold}

    def test_every_side(self) -> None:
        """The United States, Mexico and Canada are each complainant, under both Annexes; all contexts are used."""
        sides = {(run.case.annex.name, run.case.complainant) for run in pool()} - {("31-A", None), ("31-B", None)}
        assert sides == {("31-A", Party.US), ("31-A", Party.MX), ("31-B", Party.CA), ("31-B", Party.MX)}
        assert {id(run.context.reading) for run in pool()} == {id(one) for one in READINGS}
        assert {id(run.register) for run in pool()} == {id(one) for one in REGISTERS}


# ---- the machine of Hypothesis ---------------------------------------------------------------------------------------
class Acts(RuleBasedStateMachine):
    """A case under a drawn world; likely acts half of the time, any acts otherwise; every invariant after each act."""

    world: World
    case: Case
    checked: int

    @initialize(world=make.worlds(), stage=st.sampled_from(Stage))
    def open(self, world: World, stage: Stage) -> None:
        """A case is opened, and goes towards some stage as far as its reading admits."""
        self.world, self.case, self.checked = world, world.case(), -1
        for entry in make.case_at(stage).acts:
            event = likely(type(entry.act), self.case, entry.act.on, ROW_BY_ID[entry.rule or ""])
            self.case = _after(self.case, event, world.context)

    @rule(data=st.data())
    def likely_act(self, data: st.DataObject) -> None:
        """An act is tried that some row provides for."""
        event = data.draw(make.likely_event(self.case, self.world.context))
        self.case = _after(self.case, event, self.world.context)

    @rule(data=st.data(), apart=st.sampled_from((0, 1, 5, 40, -3)))
    def any_act(self, data: st.DataObject, apart: int) -> None:
        """Any act is tried."""
        event = data.draw(make.any_event((self.case.last_day or FIRST_DAY) + timedelta(apart)))
        self.case = _after(self.case, event, self.world.context)

    @invariant()
    def the_44_hold(self) -> None:
        """Every invariant is barred or noted."""
        if len(self.case.acts) == self.checked:
            return
        self.checked = len(self.case.acts)
        broken = {name: found for name in IDS if (found := unlawful(name, self.case, self.world.context.register))}
        assert broken == {}


TestActs = Acts.TestCase


# ---- forged paths ----------------------------------------------------------------------------------------------------
def _with(case: Case, n: int, entry: Entry) -> Case:
    return attrs.evolve(case, acts=(*case.acts[:n], entry, *case.acts[n + 1 :]))


def _place(case: Case, kind: type[Event]) -> int:
    return next(n for n, entry in enumerate(case.acts) if type(entry.event) is kind)


def said(case: Case, kind: type[Event], **changes: Any) -> Case:
    """Return the case as if its first act of a class had said something else."""
    n = _place(case, kind)
    entry = case.acts[n]
    return _with(case, n, attrs.evolve(entry, event=attrs.evolve(entry.act, **changes)))


def kept(case: Case, kind: type[Event], **changes: Any) -> Case:
    """Return the case as if the entry of its first act of a class held something else."""
    n = _place(case, kind)
    return _with(case, n, attrs.evolve(case.acts[n], **changes))


def said_as(case: Case, kind: type[Event], event: Event) -> Case:
    """Return the case as if its first act of a class had been another act."""
    return kept(case, kind, event=event)


def without(case: Case, *kinds: type[Event]) -> Case:
    """Return the case as if acts of some classes had never been."""
    return attrs.evolve(case, acts=tuple(entry for entry in case.acts if type(entry.event) not in kinds))


def added(case: Case, event: Event, to: Stage | Hold | None = None, **held: Any) -> Case:
    """Return the case as if an act had been admitted that is not."""
    place = case.hold if event.of_hold else case.stage
    entry = attrs.evolve(case.acts[-1], event=event, stage=place, to=to or place, closing=None, sets=None, started=(),
                         stopped=(), findings=(), **held)  # fmt: skip
    return evolve(case, entry)


def at(stage: Stage) -> Case:
    """Return a lawful case that stands in a stage."""
    return make.case_at(stage)


def course_failed() -> Case:
    """Return a lawful case with a remedy after a course that failed, and no panel."""
    case = at(Stage.COURSE_NOTICE_GIVEN)
    return play(case, likely(did.RemediesImposed, case, (case.last_day or FIRST_DAY) + timedelta(20)))


def determined() -> Case:
    """Return a lawful case with a remedy after a panel's determination, verified on the spot."""
    case = at(Stage.DELIBERATING)
    day = case.last_day or FIRST_DAY
    found = likely(did.DeterminationIssued, case, day)
    return play(case, found, did.RemediesNotified(day), likely(did.RemediesImposed, case, day + timedelta(20)))


def verified() -> Case:
    """Return a lawful case in which a verification was held and a Denial determined."""
    case = at(Stage.VERIFYING)
    day = (case.last_day or FIRST_DAY) + timedelta(1)
    return play(case, did.VerificationHeld(day), likely(did.DeterminationIssued, case, day))


def petitioned() -> Case:
    """Return a lawful case that a petition led to a request for review."""
    case = Case.start("WALK-1")
    filed = likely(did.PetitionFiled, case, FIRST_DAY)
    return play(case, filed, did.PetitionAccepted(FIRST_DAY), did.ReviewRequested(FIRST_DAY))


def held() -> Case:
    """Return a lawful case whose customs hold is open."""
    case = at(Stage.REVIEW_REQUESTED)
    return play(case, did.HoldBegun((case.last_day or FIRST_DAY) + timedelta(1)))


def settled(case: Case) -> Case:
    """Return the case settled on the next day."""
    return play(case, did.MatterSettled((case.last_day or FIRST_DAY) + timedelta(1)))


DAY: Final = date(2023, 6, 1)
PLANT: Final = PLANTS[Party.MX]
LATER: Final = date(2025, 1, 1)


def _plant(**changes: Any) -> Case:
    return said(at(Stage.UNDER_REVIEW), did.ReviewRequested, facility=attrs.evolve(PLANT, **changes))


def _began_too_soon() -> Case:
    case = held()
    return said(case, did.HoldBegun, on=case.acts[0].act.on - timedelta(1))


def _request_of_a_rejected_petition() -> Case:
    case = petitioned()
    rejected = attrs.evolve(case.acts[1], event=did.PetitionRejected(FIRST_DAY))
    return _with(case, 1, rejected)


def _remedy_while_asked() -> Case:
    case = at(Stage.COURSE_NOTICE_GIVEN)
    case = play(case, did.PanelRequested((case.last_day or FIRST_DAY) + timedelta(1), by=Role.RESPONDENT))
    return added(case, likely(did.RemediesImposed, case, LATER), Stage.REMEDIES_IN_FORCE, by=Role.COMPLAINANT)


def _remedy_on_day(case: Case, days: int) -> Case:
    notice = [entry.act.on for entry in case.acts if isinstance(entry.event, did.RemediesNotified)][-1]
    return said(case, did.RemediesImposed, on=notice + timedelta(days))


def _closed_with_hold() -> Case:
    return kept(settled(held()), did.MatterSettled, findings=())


def _remedy_outlasts() -> Case:
    case = determined()
    day = (case.last_day or FIRST_DAY) + timedelta(1)
    case = play(case, did.RemediationCompleted(day), did.RemediesLifted(day + timedelta(9)))
    return kept(case, did.RemediesLifted, findings=())


def _clock(case: Case, kind: type[Event], term: str, days: int) -> Case:
    entry = case.acts[_place(case, kind)]
    started = tuple(
        attrs.evolve(one, due=(one.due or DAY) + timedelta(days)) if one.term == term else one for one in entry.started
    )
    return kept(case, kind, started=started)


def _extension_alone() -> Case:
    case = at(Stage.UNDER_REVIEW)
    case = play(case, did.LimitExtended(case.last_day or FIRST_DAY, term="review", until=LATER))
    return kept(case, did.LimitExtended, by=Role.RESPONDENT)


FORGED: Final[dict[str, Callable[[], Case]]] = {
    "INV-01": lambda: attrs.evolve(at(Stage.UNDER_REVIEW), complainant=Party.US, respondent=Party.CA),
    "INV-02": lambda: attrs.evolve(at(Stage.UNDER_REVIEW), complainant=Party.MX),
    "INV-03": lambda: _plant(country="US"),
    "INV-04": lambda: _plant(sector=Sector.OTHER),
    "INV-05": lambda: said(at(Stage.UNDER_REVIEW), did.ReviewRequested, laws=()),
    "INV-06": lambda: without(at(Stage.UNDER_REVIEW), did.ReviewRequested),
    "INV-07": lambda: kept(petitioned(), did.PetitionAccepted, to=Stage.REVIEW_REQUESTED),
    "INV-08": lambda: without(petitioned(), did.PetitionAccepted),
    "INV-09": _request_of_a_rejected_petition,
    "INV-10": _began_too_soon,
    "INV-11": lambda: said(held(), did.ReviewRequested, facility=attrs.evolve(PLANT, sector=Sector.SERVICES)),
    "INV-12": lambda: kept(held(), did.HoldBegun, stopped=("review",)),
    "INV-13": lambda: added(held(), did.HoldReleased(DAY, ground=ReleaseGround.REQUEST_ENDED), Hold.RESUMED),
    "INV-14": _closed_with_hold,
    "INV-15": lambda: _clock(at(Stage.UNDER_REVIEW), did.ReviewRequested, "reply", -1),
    "INV-16": lambda: _clock(at(Stage.UNDER_REVIEW), did.ReviewRequested, "review", 5),
    "INV-17": lambda: kept(at(Stage.DENIAL_REPORTED), did.DenialReported, to=Stage.NO_DENIAL_REPORTED),
    "INV-18": lambda: said_as(at(Stage.DENIAL_REPORTED), did.DenialReported, did.ReviewAccepted(DAY)),
    "INV-19": lambda: said(at(Stage.COURSE_RUNNING), did.CourseAgreed, by=Role.RESPONDENT),
    "INV-20": lambda: said(course_failed(), did.CourseAgreed, agreed_end=LATER),
    "INV-21": lambda: said(at(Stage.COURSE_NOTICE_GIVEN), did.CourseAgreed, agreed_end=LATER),
    "INV-22": lambda: _remedy_on_day(course_failed(), 14),
    "INV-23": _remedy_while_asked,
    "INV-24": lambda: without(determined(), did.DeterminationIssued),
    "INV-25": lambda: kept(course_failed(), did.RemediesImposed, findings=()),
    "INV-26": lambda: _remedy_on_day(determined(), 4),
    "INV-27": lambda: said(determined(), did.RemediesImposed, tier=2),
    "INV-28": lambda: said(determined(), did.RemediesImposed, tier=2),
    "INV-29": lambda: said(
        said(determined(), did.RemediesImposed, measure=Remedy.ENTRY_DENIED),
        did.ReviewRequested,
        facility=attrs.evolve(PLANT, sector=Sector.SERVICES),
    ),
    "INV-30": _remedy_outlasts,
    "INV-31": lambda: said(determined(), did.DeterminationIssued, finding=Determination.OUT_OF_SCOPE),
    "INV-32": lambda: said(at(Stage.PANEL_DRAWN), did.PanelistsDrawn, panelists=make.THREE[:2]),
    "INV-33": lambda: without(at(Stage.VERIFYING), did.PetitionConfirmed),
    "INV-34": lambda: said(at(Stage.VERIFYING), did.PetitionConfirmed, elements=("laws",)),
    "INV-35": lambda: without(verified(), did.VerificationAccepted),
    "INV-36": lambda: said(verified(), did.DeterminationIssued, heard=False),
    "INV-37": lambda: kept(verified(), did.DeterminationIssued, by=Role.COMPLAINANT),
    "INV-38": lambda: kept(at(Stage.PANEL_REQUESTED), did.PanelRequested, stage=Stage.COURSE_RUNNING),
    "INV-39": lambda: said(at(Stage.UNDER_REVIEW), did.ReviewRequested, on=date(2020, 6, 30)),
    "INV-40": lambda: without(at(Stage.UNDER_REVIEW), did.ReviewAccepted),
    "INV-41": _extension_alone,
    "INV-42": lambda: said(at(Stage.UNDER_REVIEW), did.ReviewRequested, linked_to="walk-1"),
    "INV-43": lambda: kept(settled(at(Stage.UNDER_REVIEW)), did.MatterSettled, closing=None),
    "INV-44": lambda: at(Stage.UNDER_REVIEW),
}
"""For each invariant a path that breaks it and that ``decide`` would not admit."""
_COURSE_ELSEWHERE: Final = Register([PriorDenial("OLD-1", PLANT, date(2021, 5, 1), "course")])
UNDER: Final = {
    "INV-28": _COURSE_ELSEWHERE,
    "INV-44": Register([], [BadFaith("US", FIRST_DAY - timedelta(300))]),
}
LAWFUL: Final = (course_failed, determined, verified, petitioned, held, found_to_continue, not_confirmed)


class TestChecksCanFail:
    """A check that nothing can fail says nothing."""

    @pytest.mark.parametrize("name", IDS)
    def test_forged(self, name: str) -> None:
        """The check finds the breach in a forged path that breaks the invariant, and nothing in it notes the breach."""
        case, register = FORGED[name](), UNDER.get(name, NOBODY)
        assert CHECKS[name](case, register) is not None
        assert unlawful(name, case, register) != []

    @pytest.mark.parametrize("name", IDS)
    def test_lawful(self, name: str) -> None:
        """The check finds no breach that is not noted in the lawful paths that the forged ones are made of."""
        cases = [*(one() for one in LAWFUL), settled(at(Stage.UNDER_REVIEW)), *(at(stage) for stage in Stage)]
        assert [case for case in cases if unlawful(name, case, NOBODY)] == []


class TestTierOfReach:
    """A remedy that reaches other facilities is of the second tier at the least, whatever else is left open."""

    @pytest.mark.parametrize("measure", [NOT_STATED, Remedy.PENALTY])
    def test_needs_a_prior_determination(self, measure: Any) -> None:
        """With neither tier nor measure stated, a reach to another plant of the owner still needs a prior Denial."""
        case = at(Stage.REMEDIES_NOTIFIED)
        other = attrs.evolve(PLANT, name="Planta Dos")
        day = (case.last_day or FIRST_DAY) + timedelta(20)
        event = did.RemediesImposed(day, tier=NOT_STATED, measure=measure, reach=(other,))
        ruling = decide(case, event)
        assert isinstance(ruling, Refusal)
        assert [reason.code for reason in ruling.reasons] == ["within_tier"]
        assert isinstance(decide(case, event, context=Context(register=REGISTERS[1])), Entry)
