"""The compiled program: lawful moves alone, whole shares, and an end to every path."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from math import fsum
from typing import Any, Final

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide, play
from rrm_lifecycle.errors import BehaviourError, SimulationError
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.terms import REPLY, REVIEW
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation import compiling
from rrm_lifecycle.simulation.acts import act_of, facility_of, opening
from rrm_lifecycle.simulation.ahead import asked_by, look_ahead
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.compiling import compile_program
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.program import WHOLE, Place, Program
from rrm_lifecycle.simulation.representing import undated
from tests.strategies import READINGS

FIRST: Final = date(2024, 1, 1)
Move = tuple[int, int, int, int, str]


@cache
def default_program() -> Program:
    """Return the program of the default behaviour."""
    return compile_program()


def moves_of(program: Program) -> Iterator[Move]:
    """Yield each move: from, to, days, units, rule."""
    for place in range(len(program.places)):
        for n in range(program.offsets[place], program.offsets[place + 1]):
            rule = program.rules[program.rule[n]]
            yield place, int(program.target[n]), int(program.days[n]), int(program.units[n]), rule


def walk(program: Program, seed: int, context: Context, start: Case | None = None, spent: int = 0) -> Case:
    """Walk one path, each act decided on its day; return the case at its end."""
    chance = random.Random(seed)
    case, place = start or opening(), program.start
    today = FIRST + timedelta(chance.randrange(7)) if case.last_day is None else case.last_day + timedelta(spent)
    while program.outcome[place] < 0:
        begin, end = program.offsets[place], program.offsets[place + 1]
        reached = np.cumsum(program.units[begin:end])
        move = begin + int(np.searchsorted(reached, chance.randrange(WHOLE), side="right"))
        today += timedelta(int(program.days[move]))
        place = int(program.target[move])
        if program.places[place].weekday is not None:
            place += today.weekday()
        there = program.places[place]
        course = dict(there.facts).get("course", dict(there.facts).get("course_end"))
        row = ROW_BY_ID[program.rules[program.rule[move]]]
        ruling = decide(case, act_of(row, today, case, context, course), context=context)
        assert isinstance(ruling, Entry), str(ruling)
        assert ruling.rule == row.id
        case = evolve(case, ruling)
        assert (case.stage, case.closing) == (there.stage, there.closing)
        assert there.weekday in {None, today.weekday()}
    return case


def walks(behaviour: Behaviour, context: Context, number: int, **start: Any) -> None:
    """Walk a number of paths of a behaviour."""
    program = compile_program(behaviour, context=context, **start)
    for seed in range(number):
        walk(program, seed, undated(context), start.get("start"), start.get("spent", 0))


def share(program: Program, place: int, rule: str) -> float:
    """Return the share of a row among the moves of a place."""
    return fsum(units for at, _, _, units, name in moves_of(program) if at == place and name == rule) / WHOLE


def places_in(program: Program, stage: Stage) -> list[int]:
    """Return the numbers of the places in a stage."""
    return [number for number, place in enumerate(program.places) if place.stage is stage]


class TestLawful:
    """Whatever the program walks, the law admits, act by act and day by day."""

    def test_default(self) -> None:
        """Each of 300 paths of the default behaviour is admitted, and closes as its last place says."""
        for seed in range(300):
            assert walk(default_program(), seed, undated(Context())).is_closed

    @pytest.mark.parametrize("reading", [*READINGS[:4], *READINGS[5:]])
    def test_readings(self, reading: Reading) -> None:
        """So is each path under another reading, with the days that it sets."""
        walks(Behaviour.default(), Context(reading), 30)

    @given(st.integers(0, 2**32))
    @settings(max_examples=3)
    def test_draws(self, seed: int) -> None:
        """So is each path of a behaviour drawn from the posterior."""
        walks(Behaviour.default().draw(seed), Context(), 20)

    @pytest.mark.parametrize(
        ("stage", "act"),
        [
            (Stage.COURSE_RUNNING, did.CourseExtended),
            (Stage.PANEL_DRAWN, did.PanelistReplaced),
            (Stage.REVIEW_REQUESTED, did.LimitExtended),
            (Stage.UNDER_REVIEW, did.RemediationCompleted),
        ],
    )
    def test_by_hand(self, stage: Stage, act: type[did.Event]) -> None:
        """An act that moves no stage works where it is given by hand."""
        behaviour = Behaviour.default().with_course(exactly=90).with_share(stage, act, 0.4)
        program = compile_program(behaviour)
        for seed in range(60):
            walk(program, seed, undated(Context()))
        rules = {rule for at, _, _, _, rule in moves_of(program) if program.places[at].stage is stage}
        assert any(ROW_BY_ID[rule].event is act for rule in rules)

    def test_annex_31b(self) -> None:
        """Under Annex 31-B the rows of Canada take the place of those of the United States."""
        start = Case.start("B-1", annex=ANNEX_31B, complainant="CA")
        program = compile_program(start=start)
        for seed in range(30):
            walk(program, seed, undated(Context()), start)
        here = {rule for at, _, _, _, rule in moves_of(program) if at == program.start}
        assert "B-02" in here
        assert "US-01" not in here

    def test_a_fact_is_told_once(self) -> None:
        """A facility that has closed does not close again."""
        behaviour = Behaviour.default().with_share(Stage.REVIEW_REQUESTED, did.FacilityClosed, 0.5)
        program = compile_program(behaviour)
        for seed in range(60):
            acts = [type(entry.act) for entry in walk(program, seed, undated(Context())).acts]
            assert acts.count(did.FacilityClosed) <= 1


class TestNumbers:
    """Whole numbers, which exact answers and sampled paths share."""

    def test_units(self) -> None:
        """The units of an open place add up to 2^32, none is 0, and a closed place has no move."""
        program = default_program()
        for number in range(len(program.places)):
            units = program.units[program.offsets[number] : program.offsets[number + 1]]
            assert units.sum() == (WHOLE if program.outcome[number] < 0 else 0)
            assert (units > 0).all()

    def test_order(self) -> None:
        """The moves of a place are in order of target, days and rule, and no two are alike."""
        program = default_program()
        for number in range(len(program.places)):
            span = slice(program.offsets[number], program.offsets[number + 1])
            keys = list(zip(program.target[span], program.days[span], program.rule[span], strict=True))
            assert keys == sorted(set(keys))

    def test_same_again(self) -> None:
        """The same behaviour gives the same numbers."""
        one, two = default_program(), compile_program(Behaviour.from_json(Behaviour.default().to_json()))
        for name in ("offsets", "target", "days", "units", "rule", "outcome"):
            assert np.array_equal(getattr(one, name), getattr(two, name))
        assert one.places == two.places

    def test_shares(self) -> None:
        """Where the law bars nothing, the shares are those of the behaviour."""
        (place,) = places_in(default_program(), Stage.NO_DENIAL_REPORTED)
        habits = Behaviour.default().stages[Stage.NO_DENIAL_REPORTED]
        barred = habits["X-04b"].share  # the facility has not closed
        for name in ("A4-06a", "A4-06b", "X-06"):
            assert share(default_program(), place, name) == pytest.approx(habits[name].share / (1 - barred), abs=1e-8)

    def test_reachable(self) -> None:
        """Every place is reached from the start; of seven that read the weekday, the seven together."""
        program = default_program()
        reached, left = {program.start}, [program.start]
        while left:
            at = left.pop()
            for target in program.target[program.offsets[at] : program.offsets[at + 1]].tolist():
                several = range(target, target + (7 if program.places[target].weekday == 0 else 1))
                left += [one for one in several if one not in reached]
                reached |= set(several)
        assert reached == set(range(len(program.places)))

    def test_merged(self) -> None:
        """No two places of one stage and phase that stand alone have the same moves."""
        program = default_program()
        seen: set[Any] = set()
        for number, place in enumerate(program.places):
            if place.weekday is None:
                span = slice(program.offsets[number], program.offsets[number + 1])
                arrays = (program.target, program.days, program.units, program.rule)
                key = (place.stage, place.reached, place.closing, *(one[span].tobytes() for one in arrays))
                assert key not in seen
                seen.add(key)

    def test_outcomes(self) -> None:
        """A closed place has the number of its outcome: the closing, and the furthest phase before it."""
        program = default_program()
        for place, number in zip(program.places, program.outcome.tolist(), strict=True):
            if place.closing is None:
                assert number == -1
            else:
                assert program.outcomes[number] == (place.closing, place.reached)
        assert (Closing.RESOLVED_IN_REVIEW, Phase.REQUEST_FOR_REVIEW) in program.outcomes
        assert all(phase is not Phase.RESOLVED for _, phase in program.outcomes)


class TestLimits:
    """What guards bar has no chance, and the days of the others are taken given that they are admitted."""

    def days_of_panel(self, term: int = 45) -> set[int]:
        """Return on which days after the request a panel is asked for because no report came."""
        reply = {"A4-03a": Habit(1.0, Days.uniform(0, 10))}
        review = {"A4-15": Habit(0.5, Days.uniform(0, 90)), "A4-05e": Habit(0.5, Days.exactly(3))}
        behaviour = Behaviour({
            **Behaviour.default().stages, "assessment": {"A4-01a": Habit(1.0, Days.exactly(0))},
            "review_requested": reply, "under_review": review,
        })  # fmt: skip
        reading = Reading() if term == 45 else Reading(terms=[REVIEW.set(term)])
        program = compile_program(behaviour, context=Context(reading))
        waited = {to: days for _, to, days, _, rule in moves_of(program) if rule == "A4-03a"}
        return {waited[at] + days for at, _, days, _, rule in moves_of(program) if rule == "A4-15"}

    def test_45_days_from_the_request(self) -> None:
        """The 45 days run from the request, whatever the day of acceptance: no panel before day 46."""
        assert min(self.days_of_panel()) == 46

    def test_a_reading_moves_them(self) -> None:
        """Read as 46 days, the first day is the 47th."""
        assert min(self.days_of_panel(46)) == 47

    def test_default(self) -> None:
        """In the default program a panel for want of an answer is asked for from day 11 on, the 10 days being over."""
        days = {days for _, _, days, _, rule in moves_of(default_program()) if rule == "A4-04a"}
        assert min(days) == 11

    def test_last_day(self) -> None:
        """The respondent Party asks for a panel within its 10 days or not at all."""
        days = {days for _, _, days, _, rule in moves_of(default_program()) if rule == "A4-13"}
        assert max(days) <= 10

    def test_nearest_day(self) -> None:
        """An act whose days all lie before it opens is done on the day on which it opens."""
        behaviour = Behaviour.default().with_days(Stage.UNDER_REVIEW, did.PanelRequested, exactly=0)
        program = compile_program(behaviour.with_days(Stage.REVIEW_REQUESTED, did.ReviewAccepted, exactly=6))
        days = {days for _, _, days, _, rule in moves_of(program) if rule == "A4-15"}
        assert 40 in days

    def test_business_days(self) -> None:
        """The notice of remedies reads the weekday: five business days are 7 days, 6 from a Saturday, 5 from a Sunday."""
        daily = Days.uniform(0, 20)
        program = compile_program(Behaviour.default().with_days(Stage.REMEDIES_NOTIFIED, "A10-01b", distribution=daily))
        first: dict[int, set[int]] = {}
        for at, _, days, _, rule in moves_of(program):
            place = program.places[at]
            if rule == "A10-01b" and place.weekday is not None:
                first.setdefault(place.weekday, set()).add(days)
        assert {day: min(days) for day, days in first.items()} == {0: 7, 1: 7, 2: 7, 3: 7, 4: 7, 5: 6, 6: 5}

    def test_seven_in_a_row(self) -> None:
        """Places that read the weekday stand seven in a row, Monday first, and a move names the first."""
        program = default_program()
        firsts = np.flatnonzero(program.reads_weekday)
        assert len(firsts) > 0
        for first in firsts.tolist():
            seven = program.places[first : first + 7]
            assert [place.weekday for place in seven] == list(range(7))
            assert len({(place.stage, place.reached) for place in seven}) == 1
        inside = {n for n, place in enumerate(program.places) if place.weekday}
        assert not inside & set(program.target.tolist())

    def test_business_days_nowhere_else(self) -> None:
        """Where a limit in business days bars nothing, the weekday is not read."""
        assert {program_place.stage for program_place in default_program().places if program_place.weekday is not None} == {
            Stage.VERIFICATION_REQUESTED, Stage.REMEDIES_NOTIFIED,
        }  # fmt: skip

    def test_an_answer_in_business_days(self) -> None:
        """A reading that sets the answer in business days makes the place where it runs read the weekday."""
        context = Context(Reading(terms=[REPLY.set(7, "business_days")]))
        program = compile_program(context=context)
        assert {program.places[n].weekday for n in places_in(program, Stage.REVIEW_REQUESTED)} == set(range(7))
        for seed in range(30):
            walk(program, seed, undated(context))

    def test_the_course(self) -> None:
        """Notice after a disputed course is given after the agreed end alone."""
        behaviour = Behaviour.default().with_course(exactly=60).with_days(Stage.COURSE_RUNNING, "A4-12a", exactly=20)
        behaviour = behaviour.with_share(Stage.COURSE_RUNNING, did.FacilityClosed, 0.0)
        program = compile_program(behaviour.with_days(Stage.COURSE_DISPUTED, "A4-12b", exactly=1))
        days = {days for _, _, days, _, rule in moves_of(program) if rule == "A4-12b"}
        assert days == {41}


class TestSharesGoOn:
    """The share of a row that is admitted on no day goes on."""

    def test_to_the_same_act(self) -> None:
        """It goes to the rows of the same act first: who amends a petition is for the panel's question to say."""
        behaviour = Behaviour.default()
        habits = behaviour.stages[Stage.PETITION_NOT_CONFIRMED]
        both = (habits["A6-02b"].share + habits["A6-02c"].share) / (1 - habits["X-04b"].share)
        for place in places_in(default_program(), Stage.PETITION_NOT_CONFIRMED):
            if ("facility_closed", True) not in default_program().places[place].facts:
                got = [share(default_program(), place, name) for name in ("A6-02b", "A6-02c")]
                assert sorted(got) == [0.0, pytest.approx(both, abs=1e-8)]

    def test_to_the_row_of_a_reading(self) -> None:
        """Under a reading that knows the act by another row, that row takes it over."""
        program = compile_program(context=Context(Reading(constituted_by_lot=True)))
        assert "A5-02b" in program.rules
        assert "A5-02a" not in program.rules

    def test_to_a_stand(self) -> None:
        """Where nothing is left that is admitted, the build says so, and where."""
        behaviour = Behaviour.default().with_share(Stage.REVIEW_REQUESTED, "X-04b", 1.0)
        with pytest.raises(
            SimulationError, match=r"comes to a stand in the stage 'review_requested'.*CaseClosed \(X-04b\)"
        ):
            compile_program(behaviour)


class TestRefused:
    """A program that would not end, or would be too large, is not built."""

    def test_trap(self) -> None:
        """A circle without a way out is named by its stages and rows."""
        behaviour = Behaviour.default().with_share(Stage.LIFTING_DISPUTED, "A10-08b", 1.0)
        behaviour = behaviour.with_share(Stage.REMEDIES_IN_FORCE, "A10-08a", 1.0)
        with pytest.raises(SimulationError, match=r"round for ever.*remedies_in_force") as raised:
            compile_program(behaviour)
        assert "'remedies_in_force' by A10-08a, 'lifting_disputed' by A10-08b" in str(raised.value) or (
            "'lifting_disputed' by A10-08b, 'remedies_in_force' by A10-08a" in str(raised.value)
        )

    def test_too_many_places(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Too many places are refused, with the facts that make them many."""
        monkeypatch.setattr(compiling, "MOST_PLACES", 200)
        with pytest.raises(SimulationError, match=r"more than 200 places.*course \(\d+ values\)"):
            compile_program()

    def test_too_many_moves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So are too many moves."""
        monkeypatch.setattr(compiling, "MOST_MOVES", 1_000)
        with pytest.raises(SimulationError, match="more than 1,000 moves"):
            compile_program()

    def test_silent_stage(self) -> None:
        """A stage that a path reaches and the behaviour is silent about is named."""
        behaviour = Behaviour({"assessment": {"A4-01a": Habit(1.0, Days.exactly(0))}})
        with pytest.raises(SimulationError, match="'review_requested', and the behaviour says nothing"):
            compile_program(behaviour)

    def test_closed(self) -> None:
        """A closed case is no start."""
        closed = play(opening(), did.Withdrawn(FIRST))
        with pytest.raises(SimulationError, match="is closed"):
            compile_program(start=closed)

    @pytest.mark.parametrize("spent", [-1, 1.5, True, "3"])
    def test_spent(self, spent: Any) -> None:
        """Days spent are a whole number of at least 0."""
        with pytest.raises(BehaviourError, match="spent"):
            compile_program(spent=spent)


class TestStart:
    """A path may start from a case that stands somewhere, with days spent there."""

    def case(self) -> Case:
        """Return a case under review, accepted on day 5."""
        plant = facility_of(opening())
        request = did.ReviewRequested(FIRST, facility=plant, laws=("a law",), basis="a basis")
        return play(opening("REAL-1"), request, did.ReviewAccepted(FIRST + timedelta(5)))

    def test_days_spent_count(self) -> None:
        """After 30 days under review no act takes back a day, and the panel opens 46 days after the request."""
        daily = Days.uniform(0, 90)
        behaviour = Behaviour.default().with_days(Stage.UNDER_REVIEW, did.PanelRequested, distribution=daily)
        program = compile_program(behaviour, start=self.case(), spent=30)
        first: dict[str, int] = {}
        for at, _, days, _, rule in moves_of(program):
            if at == program.start:
                first[rule] = min(days, first.get(rule, days))
        assert first["A4-15"] == 46 - 5 - 30
        assert first["A4-05a"] == 0

    def test_days_spent_condition(self) -> None:
        """The days of an act are those of the behaviour, given that they are not over."""
        behaviour = Behaviour.default()
        program = compile_program(behaviour, start=self.case(), spent=30)
        days = behaviour.stages[Stage.UNDER_REVIEW]["A4-05a"].days.within(30).sooner(30)
        moves = [one for one in moves_of(program) if one[0] == program.start and one[4] == "A4-05a"]
        total = sum(units for _, _, _, units, _ in moves)
        for _, _, day, units, _ in moves:
            assert units / total == pytest.approx(days.probabilities[day], abs=1e-7)

    def test_walks(self) -> None:
        """Each path from there is admitted."""
        walks(Behaviour.default(), Context(), 60, start=self.case(), spent=30)

    def test_phase(self) -> None:
        """The furthest phase of the case is kept."""
        start = compile_program(start=self.case()).places[0]
        assert start == Place(Stage.UNDER_REVIEW, Phase.REQUEST_FOR_REVIEW, None, (("review", 40),))


class TestAhead:
    """What rules ahead ask about is read off their guards."""

    def test_asked(self) -> None:
        """In the lot nothing is asked of the 45 days any more; under review it is."""
        stages = {stage: dict(habits) for stage, habits in Behaviour.default().stages.items()}
        ahead = look_ahead(opening(), stages, Context())
        assert "review" in ahead.asked[Stage.UNDER_REVIEW].terms
        assert "review" not in ahead.asked[Stage.PANEL_REQUESTED].terms
        assert "question" in ahead.asked[Stage.PANEL_REQUESTED].facts
        assert "question" not in ahead.asked[Stage.UNDER_REVIEW].facts

    def test_own_words_of_an_act(self) -> None:
        """The tier that an act imposes is no fact of the case that is asked about."""
        stages = {stage: dict(habits) for stage, habits in Behaviour.default().stages.items()}
        ahead = look_ahead(opening(), stages, Context())
        assert all("tier" not in asked.facts for asked in ahead.asked.values())

    def test_row(self) -> None:
        """The remedy after a panel asks the panel's question and the 15 days of the notice."""
        stages = {stage: dict(habits) for stage, habits in Behaviour.default().stages.items()}
        rows = look_ahead(opening(), stages, Context()).rows[Stage.DENIAL_DETERMINED]
        (row,) = [one for one in rows if one.row.id == "A4-14b"]
        assert asked_by(row).facts == {"question"}
        assert asked_by(row).terms == {"course_notice"}

    def test_what_only_notes(self) -> None:
        """A guard that notes a late act and bars none asks nothing, and hides nothing of the guards behind it."""
        stages = {stage: dict(habits) for stage, habits in Behaviour.default().stages.items()}
        rows = look_ahead(opening(), stages, Context()).rows[Stage.DENIAL_DETERMINED]
        (row,) = [one for one in rows if one.row.id == "A4-14b"]
        check = next(one for one in row.checks if one[2])
        notes = (*check[:2], False)
        assert asked_by(attrs.evolve(row, checks=(notes, *row.checks))) == asked_by(row)
        assert asked_by(attrs.evolve(row, checks=(notes,))).facts <= asked_by(row).facts
        assert not asked_by(attrs.evolve(row, checks=(notes,))).terms
