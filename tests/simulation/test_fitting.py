"""Behaviours fitted to cases."""

from __future__ import annotations

from datetime import date, timedelta
from math import fsum
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import BehaviourError
from rrm_lifecycle.histories import load
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.simulation.acts import facility_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.fitting import COURSE_STEP, fit, lawful
from rrm_lifecycle.simulation.habits import usual_days
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.survival import kaplan_meier

FIRST = date(2024, 1, 1)


def case_of(name: str, answer: int, report: int, *, declines: bool = False, known: int = 0) -> Case:
    """Return a case that was answered and reported upon after some days, the report known within some days."""
    request = did.ReviewRequested(FIRST, facility=facility_of(opening()), laws=("a law",), basis="a basis")
    day = FIRST + timedelta(answer)
    if declines:
        return play(opening(name), request, did.ReviewDeclined(day))
    end = day + timedelta(report)
    period = (end, end + timedelta(known)) if known else None
    return play(opening(name), request, did.ReviewAccepted(day), did.NoDenialReported(end, known=period))


class TestShares:
    """Counts, and a prior over the acts that the law provides for."""

    def test_counts(self) -> None:
        """With a prior of next to nothing the shares are the observed ones."""
        cases = [case_of(f"C-{n}", 9, 40, declines=n == 0) for n in range(4)]
        habits = fit(cases, prior=1e-9).stages[Stage.REVIEW_REQUESTED]
        assert habits["A4-03a"].share == pytest.approx(0.75)
        assert habits["A4-03b"].share == pytest.approx(0.25)
        assert (habits["A4-03a"].seen, habits["A4-03b"].seen) == (3, 1)

    def test_prior(self) -> None:
        """The prior is split over the acts that lead on, a tenth to those of every stage; one never seen keeps its part."""
        habits = fit([case_of("C-1", 9, 40)], prior=1.0).stages[Stage.REVIEW_REQUESTED]
        leading = [row for row in lawful(Stage.REVIEW_REQUESTED, Reading()) if row.to is not None]
        everywhere = [row for row in leading if len(row.stages) > 10]
        part = 1.0 / (len(leading) - len(everywhere) + 0.1 * len(everywhere))
        assert {row.id for row in everywhere} >= {"X-04c", "X-06"}
        assert habits["X-06"].share == pytest.approx(0.1 * part / 2.0)
        assert habits["A4-03a"].share == pytest.approx((1.0 + part) / 2.0)
        assert fsum(one.share for one in habits.values()) == pytest.approx(1.0)

    def test_facts_have_no_prior(self) -> None:
        """An act that leads nowhere is left out unless it was seen; a refused verification ends an answer, and stays."""
        stages = fit([case_of("C-1", 9, 40)]).stages
        assert "X-04a" not in stages[Stage.REVIEW_REQUESTED]
        assert "A5-03" not in stages[Stage.PANEL_DRAWN]
        assert "A7-02b" in stages[Stage.VERIFICATION_REQUESTED]

    def test_reading(self) -> None:
        """What the law provides for follows the reading."""
        context = Context(Reading(constituted_by_lot=True))
        stages = fit([case_of("C-1", 9, 40)], context=context).stages
        assert "A5-02b" in stages[Stage.PANEL_REQUESTED]
        assert "A5-02a" not in stages[Stage.PANEL_REQUESTED]

    @pytest.mark.parametrize("prior", [0, -1, "1", float("nan")])
    def test_no_prior(self, prior: Any) -> None:
        """A prior is a number above 0."""
        with pytest.raises(BehaviourError, match="prior"):
            fit([], prior=prior)


class TestDays:
    """Days from the act before."""

    def test_observed(self) -> None:
        """Ten observations weigh ten times as much as our guess."""
        days = fit([case_of(f"C-{n}", 0, 40) for n in range(10)]).stages[Stage.UNDER_REVIEW]["A4-05a"].days
        (row,) = [one for one in lawful(Stage.UNDER_REVIEW, Reading()) if one.id == "A4-05a"]
        mixed = Days.empirical([40], smoothing=0.15).mixed(usual_days(row), 1 / 11)
        assert days.probabilities == pytest.approx(mixed.probabilities)

    def test_period(self) -> None:
        """An act of which a period is known lies in it, where the other acts make it likely."""
        cases = [case_of(f"C-{n}", 0, 40) for n in range(9)]
        days = fit([*cases, case_of("C-9", 0, 20, known=40)]).stages[Stage.UNDER_REVIEW]["A4-05a"].days
        assert fsum(days.probabilities[34:47]) > 0.9
        alone = fit([case_of("C-9", 0, 100, known=1)]).stages[Stage.UNDER_REVIEW]["A4-05a"].days
        assert fsum(alone.probabilities[85:117]) > 0.45

    def test_open_cases(self) -> None:
        """A case that stands there still shifts weight to acts that took longer, and leaves shares alone."""
        aligned = align_all(load())
        closed = [one for one in aligned if one.case.is_closed]
        waiting = [one for one in aligned if not one.case.is_closed and one.case.stage is Stage.REVIEW_REQUESTED]
        assert waiting
        without, with_them = (
            fit(closed).stages[Stage.REVIEW_REQUESTED],
            fit([*closed, *waiting]).stages[Stage.REVIEW_REQUESTED],
        )
        assert {name: one.share for name, one in without.items()} == {
            name: one.share for name, one in with_them.items()
        }
        assert with_them["A4-03a"].days.mean > without["A4-03a"].days.mean

    def test_first_act(self) -> None:
        """A path starts with its first act."""
        habits = fit([case_of("C-1", 9, 40)]).stages[Stage.ASSESSMENT]
        assert habits["A4-01a"].days == Days.exactly(0)

    def test_course(self) -> None:
        """Courses run for what was agreed, in steps of 15 days, on as many observations as there are."""
        behaviour = Behaviour.default()
        assert behaviour.course_seen == 3
        assert all(day % COURSE_STEP == 0 for day, one in enumerate(behaviour.course.probabilities) if one)


class TestSources:
    """What a behaviour is fitted to."""

    def test_histories(self) -> None:
        """Histories are aligned first, and alignments give the same."""
        by_histories, by_alignments = fit(load()), fit(align_all(load()))
        assert by_histories.stages == by_alignments.stages
        assert by_histories == Behaviour.fit(load())

    def test_shipped(self) -> None:
        """What is shipped is what a fit gives, to the last digit where numpy adds as it did when it was made."""
        fitted, shipped = fit(load()), Behaviour.default()
        if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
            assert fitted == shipped
        for stage, habits in shipped.stages.items():
            assert list(fitted.stages[stage]) == list(habits)
            for row, habit in habits.items():
                assert fitted.stages[stage][row].share == pytest.approx(habit.share, rel=1e-12)
                assert fitted.stages[stage][row].days.mean == pytest.approx(habit.days.mean, rel=1e-12)

    def test_observed_shares_of_the_histories(self) -> None:
        """The default is what the histories show: of 23 acts after a request for review, 18 accept it."""
        habits = Behaviour.default().stages[Stage.REVIEW_REQUESTED]
        entries = [entry for one in align_all(load()) for entry in one.entries if entry.stage is Stage.REVIEW_REQUESTED]
        for name, habit in habits.items():
            assert habit.seen == sum(entry.rule == name for entry in entries)
        assert habits["A4-03a"].share == pytest.approx(habits["A4-03a"].seen / (len(entries) + 0.5), abs=0.005)

    def test_docket(self) -> None:
        """A docket is fitted by its cases."""
        docket = Docket.in_memory()
        docket.start("D-1", complainant="US")
        docket.record("D-1", did.SelfInitiated(FIRST, facility=facility_of(opening())))
        assert fit(docket).stages[Stage.ASSESSMENT]["US-03"].seen == 1

    def test_without(self) -> None:
        """A case that is left out counts for nothing, and the behaviour says so."""
        aligned = align_all(load())
        left_out = fit(aligned, without={"goodyear-slp"})
        assert left_out.stages == fit([one for one in aligned if one.history.id != "goodyear-slp"]).stages
        assert "without goodyear-slp" in left_out.rests_on
        assert "30 cases" in Behaviour.default().rests_on

    def test_nothing(self) -> None:
        """Fitted to nothing a behaviour is the prior alone."""
        habits = fit([]).stages[Stage.REVIEW_DECLINED]
        assert sorted({round(one.share, 9) for one in habits.values()}) == [0.04, 0.4]

    @pytest.mark.parametrize("source", [3, "cases", {"a": 1}, [1]])
    def test_refused(self, source: Any) -> None:
        """Anything else is refused."""
        with pytest.raises(BehaviourError, match="fitted to"):
            fit(source)


class TestShipped:
    """The behaviour that is shipped is the one that is fitted to the shipped histories."""

    def test_same(self) -> None:
        """Fitted anew, shares and days are those of the file, which ``make_behaviour`` beside this module writes."""
        shipped, anew = Behaviour.default(), fit(load())
        assert (shipped.rests_on, shipped.course_seen) == (anew.rests_on, anew.course_seen)
        for stage, habits in anew.stages.items():
            held = shipped.stages[stage]
            assert held.keys() == habits.keys()
            for name, habit in habits.items():
                assert held[name].share == pytest.approx(habit.share, abs=1e-9)
                assert held[name].days.mass == pytest.approx(habit.days.mass, abs=1e-9)

    def test_reproduces_the_record(self) -> None:
        """From the request on, simulated cases close as the real ones did: within the band of 95 % around their curve."""
        days, seen = [], []
        for one in align_all(load()):
            asked = [entry.act.on for entry in one.case.acts if isinstance(entry.act, did.ReviewRequested)]
            if asked:
                last = one.case.acts[-1].act.on if one.case.is_closed else one.history.as_of
                days.append((last - asked[0]).days)
                seen.append(one.case.is_closed)
        real = kaplan_meier(np.array(days), np.array(seen))
        run = simulate(n=20_000, seed=7)
        log = run.to_event_log("rows")
        asked_on: dict[str, date] = {}
        closed_on: dict[str, date] = {}
        for row in log:
            path = row["case:concept:name"]
            if row["concept:name"] == "ReviewRequested":
                asked_on[path] = row["time:timestamp"].date()
            closed_on[path] = row["time:timestamp"].date()
        simulated = np.array([(closed_on[path] - day).days for path, day in asked_on.items()])
        for day in (60, 80, 100, 130, 180, 250, 400):
            low, high = real.band(day)
            assert low <= (simulated > day).mean() <= high
