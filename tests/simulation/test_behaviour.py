"""Whole days until an act, and behaviours: made, changed, checked, kept."""

from __future__ import annotations

import json
from math import fsum, inf, nan
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case import events as did
from rrm_lifecycle.errors import BehaviourError, RRMError
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.days import MOST_DAYS, Days
from rrm_lifecycle.simulation.habits import rows_for, usual_days

some_days = st.dictionaries(st.integers(0, 60), st.floats(0.01, 1.0), min_size=1, max_size=12).map(Days.of)


class TestDays:
    """Whole days, each with its probability."""

    def test_exactly(self) -> None:
        """All of it stands on one day."""
        days = Days.exactly(45)
        assert (days.mean, days.quantile(0.0), days.quantile(1.0), days.shortest) == (45.0, 45, 45, 45)

    def test_uniform(self) -> None:
        """Each day from 8 to 12 is as likely as the others."""
        assert Days.uniform(8, 12).probabilities[8:] == (0.2,) * 5

    def test_empirical(self) -> None:
        """Observed days keep their frequencies, and with smoothing their mean."""
        assert Days.empirical([8, 9, 9, 12]).probabilities[9] == 0.5
        smooth = Days.empirical([40], smoothing=0.25)
        assert (smooth.shortest, smooth.longest) == (30, 50)
        assert smooth.mean == pytest.approx(40)
        assert Days.empirical([0, 0], smoothing=0.25) == Days.exactly(0)

    def test_families(self) -> None:
        """The median of the lognormal and the mean of the geometric are those asked for, but for the cut tail."""
        assert Days.lognormal(30, 0.7).quantile(0.5) == 30
        assert Days.geometric(20).mean == pytest.approx(20, rel=0.02)
        ratio = Days.geometric(20).probabilities
        assert ratio[8] / ratio[7] == pytest.approx(20 / 21)

    @given(some_days, st.integers(0, 80), st.floats(0.1, 4.0))
    def test_changes(self, days: Days, bound: int, factor: float) -> None:
        """No change loses probability; bounds bind; a scale moves the mean by its factor."""
        assert days.at_most(bound).longest <= bound
        assert days.at_least(bound).shortest >= bound
        assert days.scale(factor).mean == pytest.approx(factor * days.mean, abs=1e-6)
        for one in (days.at_most(bound), days.at_least(bound), days.scale(factor), days.in_steps(7), days.thinned(3)):
            assert fsum(one.probabilities) == pytest.approx(1.0, abs=1e-12)

    @given(some_days, st.integers(0, 80), st.integers(0, 40))
    def test_within(self, days: Days, first: int, more: int) -> None:
        """Given an interval the days lie in it, in their old proportions; without a chance there, on the nearest day."""
        some = days.within(first, first + more)
        assert first <= some.shortest <= some.longest <= first + more
        inside = [day for day in range(first, min(first + more, days.longest) + 1) if days.probabilities[day] > 0]
        if inside:
            total = fsum(days.probabilities[day] for day in inside)
            assert some.probabilities[inside[0]] == pytest.approx(days.probabilities[inside[0]] / total)
        elif days.longest < first:
            assert some == Days.exactly(first)

    def test_nearest(self) -> None:
        """The nearest day is the first of the interval for days before it, and the last for days behind it."""
        assert Days.exactly(3).within(46) == Days.exactly(46)
        assert Days.exactly(90).within(0, 10) == Days.exactly(10)

    def test_sooner(self) -> None:
        """Days that have gone by are taken off, where none fewer are possible."""
        assert Days.uniform(30, 40).sooner(30) == Days.uniform(0, 10)
        with pytest.raises(BehaviourError, match="may take fewer"):
            Days.uniform(20, 40).sooner(30)

    @given(some_days)
    def test_json(self, days: Days) -> None:
        """JSON brings it back to the last bit."""
        assert Days.from_json(json.loads(json.dumps(days.to_json()))) == days

    @given(some_days, st.floats(0.0, 1.0))
    def test_quantile(self, days: Days, share: float) -> None:
        """A quantile is a day that is possible, and at least the share lies up to it."""
        day = days.quantile(share)
        assert days.probabilities[day] > 0 or day in {days.shortest, days.longest}
        assert fsum(days.probabilities[: day + 1]) >= share - 1e-9

    @pytest.mark.parametrize(
        "make",
        [
            lambda: Days((0.5, 0.4)),
            lambda: Days((1.5, -0.5)),
            lambda: Days((nan, 1.0)),
            lambda: Days((inf,)),
            lambda: Days("1.0"),  # type: ignore[arg-type]
            lambda: Days(("a",)),  # type: ignore[arg-type]
            lambda: Days(()),
            lambda: Days.exactly(-1),
            lambda: Days.exactly(1.5),  # type: ignore[arg-type]
            lambda: Days.exactly(True),
            lambda: Days.exactly(MOST_DAYS + 1),
            lambda: Days.uniform(5, 4),
            lambda: Days.of({}),
            lambda: Days.of({-1: 1.0}),
            lambda: Days.of({1: -1.0}),
            lambda: Days.of({1: 0.0}),
            lambda: Days.of([1, 2]),  # type: ignore[arg-type]
            lambda: Days.empirical([]),
            lambda: Days.empirical([-3]),
            lambda: Days.empirical([3], smoothing=-1.0),
            lambda: Days.geometric(0),
            lambda: Days.lognormal(30, 0),
            lambda: Days.lognormal(nan, 1),
            lambda: Days.exactly(3).scale(-1),
            lambda: Days.exactly(3).at_most(-1),
            lambda: Days.exactly(3).quantile(1.5),
            lambda: Days.from_json({"days": [1]}),
            lambda: Days.from_json({"days": [1], "probabilities": [0.5]}),
            lambda: Days.from_json({"days": [-1], "probabilities": [1.0]}),
        ],
    )
    def test_refused(self, make: Any) -> None:
        """What is no distribution over whole days is refused by a typed error."""
        with pytest.raises(BehaviourError) as raised:
            make()
        assert isinstance(raised.value, ValueError)
        assert isinstance(raised.value, RRMError)


def small() -> Behaviour:
    """Return a behaviour of one stage."""
    return Behaviour(
        {
            Stage.UNDER_REVIEW: {
                "A4-05a": Habit(0.6, Days.exactly(45), 6),
                "A4-05b": Habit(0.3, Days.exactly(40), 3),
                "A4-05e": Habit(0.1, Days.uniform(30, 50), 1),
            }
        }
    )


class TestShares:
    """The shares of a stage."""

    def test_others_keep_their_proportions(self) -> None:
        """An act gets another share; the others keep their proportions."""
        habits = small().with_share(Stage.UNDER_REVIEW, did.NoDenialReported, 0.2).stages[Stage.UNDER_REVIEW]
        assert habits["A4-05a"].share == 0.2
        assert habits["A4-05b"].share / habits["A4-05e"].share == pytest.approx(3.0)
        assert fsum(habit.share for habit in habits.values()) == pytest.approx(1.0)

    def test_a_class_covers_its_rows(self) -> None:
        """A class stands for all of its rows in the stage and keeps their proportions."""
        behaviour = Behaviour.default()
        before = behaviour.stages[Stage.PETITION_REVIEW]
        after = behaviour.with_share("petition_review", did.PetitionAccepted, 0.5).stages[Stage.PETITION_REVIEW]
        assert after["US-06"].share + after["B-03b"].share == pytest.approx(0.5)
        assert after["US-06"].share / after["B-03b"].share == pytest.approx(
            before["US-06"].share / before["B-03b"].share
        )

    def test_by_name(self) -> None:
        """An act may be named by its class, the name of its class or a row id."""
        classes = small().with_share(Stage.UNDER_REVIEW, did.DenialReported, 0.5)
        assert small().with_share("under_review", "DenialReported", 0.5) == classes
        assert small().with_share("under_review", "A4-05b", 0.5) == classes

    def test_a_new_act(self) -> None:
        """An act that the law provides for and the behaviour did not know comes with our guess of its days."""
        habits = small().with_share(Stage.UNDER_REVIEW, did.PartialDenialReported, 0.1).stages[Stage.UNDER_REVIEW]
        (row,) = rows_for(Stage.UNDER_REVIEW, did.PartialDenialReported)
        assert habits["A4-05d"] == Habit(0.1, usual_days(row), 0, given=True)

    def test_unlawful(self) -> None:
        """An act that the law does not provide for is refused, with what it provides for."""
        with pytest.raises(
            BehaviourError, match=r"PanelistsDrawn in the stage 'under_review'.*NoDenialReported \(A4-05a\)"
        ):
            small().with_share(Stage.UNDER_REVIEW, did.PanelistsDrawn, 0.5)
        with pytest.raises(BehaviourError, match="'A5-02a' in the stage 'under_review'"):
            small().with_days(Stage.UNDER_REVIEW, "A5-02a", exactly=3)
        with pytest.raises(BehaviourError, match="'A5-02a'"):
            Behaviour({"under_review": {"A5-02a": Habit(1.0, Days.exactly(1))}})

    def test_no_stage(self) -> None:
        """A stage that is none is refused, with those that there are; and nothing is done in a closed case."""
        with pytest.raises(BehaviourError, match="no stage 'lunch'; there are assessment"):
            small().with_share("lunch", did.MatterSettled, 0.5)
        with pytest.raises(BehaviourError, match="a path ends"):
            small().with_share(Stage.CLOSED, did.RemediesNotified, 0.5)

    @pytest.mark.parametrize("share", [-0.1, 1.1, nan, "0.5", True, None])
    def test_no_share(self, share: Any) -> None:
        """A share is a number from 0 to 1."""
        with pytest.raises(BehaviourError, match="from 0 to 1"):
            small().with_share(Stage.UNDER_REVIEW, did.DenialReported, share)

    def test_nobody_left(self) -> None:
        """What is left of a share needs another act to take it."""
        alone = small().with_share(Stage.UNDER_REVIEW, did.MatterSettled, 1.0)
        assert alone.stages[Stage.UNDER_REVIEW]["A4-05e"].share == 1.0
        with pytest.raises(BehaviourError, match="no other act"):
            alone.with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.5)

    def test_they_add_up(self) -> None:
        """Shares that do not add up to 1 are refused, with each of them."""
        with pytest.raises(BehaviourError, match=r"add up to 1; found 0\.8 \(A4-05a 0\.5, A4-05b 0\.3\)"):
            Behaviour({"under_review": {"A4-05a": Habit(0.5, Days.exactly(1)), "A4-05b": Habit(0.3, Days.exactly(1))}})

    @pytest.mark.parametrize("stages", [None, [], {"under_review": None}, {"under_review": {"A4-05a": 1.0}}])
    def test_no_stages(self, stages: Any) -> None:
        """What is no mapping of habits is refused."""
        with pytest.raises(BehaviourError):
            Behaviour(stages)

    def test_habit(self) -> None:
        """A habit takes Days and a number of observations."""
        with pytest.raises(BehaviourError, match="said by Days"):
            Habit(1.0, 45)  # type: ignore[arg-type]
        with pytest.raises(BehaviourError, match="how many observations"):
            Habit(1.0, Days.exactly(1), -1)


class TestWithDays:
    """Other days for an act."""

    @pytest.mark.parametrize(
        ("change", "days"),
        [
            ({"at_most": 40}, Days.uniform(30, 50).at_most(40)),
            ({"at_least": 40}, Days.uniform(30, 50).at_least(40)),
            ({"exactly": 0}, Days.exactly(0)),
            ({"scale": 2}, Days.uniform(30, 50).scale(2)),
            ({"distribution": Days.uniform(1, 2)}, Days.uniform(1, 2)),
        ],
    )
    def test_each(self, change: dict[str, Any], days: Days) -> None:
        """Each change is the one of Days, and shares stay."""
        after = small().with_days(Stage.UNDER_REVIEW, did.MatterSettled, **change).stages[Stage.UNDER_REVIEW]
        assert after["A4-05e"] == attrs.evolve(small().stages[Stage.UNDER_REVIEW]["A4-05e"], days=days)
        assert small().with_course(**change).course != small().course or change == {"at_least": 40}

    def test_one_at_a_time(self) -> None:
        """One change is asked for at a time."""
        with pytest.raises(BehaviourError, match="found 0"):
            small().with_days(Stage.UNDER_REVIEW, did.MatterSettled)
        with pytest.raises(BehaviourError, match="found 2"):
            small().with_days(Stage.UNDER_REVIEW, did.MatterSettled, at_most=3, scale=2)

    def test_bad(self) -> None:
        """A negative day and what is no distribution are refused."""
        with pytest.raises(BehaviourError, match="at_most"):
            small().with_days(Stage.UNDER_REVIEW, did.MatterSettled, at_most=-1)
        with pytest.raises(BehaviourError, match="said by Days"):
            small().with_days(Stage.UNDER_REVIEW, did.MatterSettled, distribution=(1, 2))  # type: ignore[arg-type]

    def test_silent_stage(self) -> None:
        """A stage without shares needs them first."""
        with pytest.raises(BehaviourError, match="give its acts their shares first"):
            small().with_days(Stage.DELIBERATING, did.DeterminationIssued, at_most=30)


class TestDraw:
    """Draws from the posterior."""

    def test_the_same_again(self) -> None:
        """A seed gives the same draw, another seed another."""
        behaviour = Behaviour.default()
        assert behaviour.draw(1) == behaviour.draw(1) != behaviour.draw(2)

    def test_what_varies(self) -> None:
        """Shares vary about those of the behaviour, less where more was seen; days stay; what was given stays."""
        behaviour = small().with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.2)
        drawn = [behaviour.draw(seed).stages[Stage.UNDER_REVIEW] for seed in range(400)]
        assert {one["A4-05e"].share for one in drawn} == {0.2}
        mean = fsum(one["A4-05a"].share for one in drawn) / len(drawn)
        assert mean == pytest.approx(behaviour.stages[Stage.UNDER_REVIEW]["A4-05a"].share, abs=0.03)
        assert all(one["A4-05a"].days == Days.exactly(45) for one in drawn)

    def test_no_path_is_shut_in(self) -> None:
        """Each lawful act keeps a chance of about one in a million at least."""
        drawn = Behaviour.default().draw(7)
        assert min(one.share for habits in drawn.stages.values() for one in habits.values()) > 1e-7

    @pytest.mark.parametrize("seed", [-1, 1.0, None, True])
    def test_no_seed(self, seed: Any) -> None:
        """A seed is a whole number of at least 0."""
        with pytest.raises(BehaviourError, match="seed"):
            small().draw(seed)


class TestKept:
    """Behaviours as JSON."""

    def test_round_trip(self, tmp_path: Path) -> None:
        """A behaviour comes back from JSON and from a file to the last bit."""
        behaviour = Behaviour.default().with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.25)
        assert Behaviour.from_json(json.loads(json.dumps(behaviour.to_json()))) == behaviour
        behaviour.save(tmp_path / "mine.json")
        assert Behaviour.load(tmp_path / "mine.json") == behaviour

    @pytest.mark.parametrize("value", [{}, {"behaviour": 2}, {"behaviour": 1}, {"behaviour": 1, "stages": 3}, []])
    def test_refused(self, value: Any, tmp_path: Path) -> None:
        """Anything else is refused by a typed error."""
        with pytest.raises(BehaviourError):
            Behaviour.from_json(value)
        path = tmp_path / "other.json"
        path.write_text("{", encoding="utf-8")
        with pytest.raises(BehaviourError, match=r"other\.json holds no JSON"):
            Behaviour.load(path)

    def test_told(self) -> None:
        """Each line says on how many observations it rests."""
        told = str(small().with_share(Stage.UNDER_REVIEW, did.DenialReported, 0.5))
        assert "under_review (10 observations)" in told
        assert "(6 observations)" in told
        assert "(1 observation)" in told
        assert "(given by hand)" in told
        assert repr(small()) == "<Behaviour: 1 stages, 10 observations, given by hand>"


class TestUsualDays:
    """Our guess, where nothing was seen."""

    @pytest.mark.parametrize(
        ("row", "median"),
        [("A4-05a", 45), ("A4-15", 45), ("A4-03a", 10), ("A7-02a", 9.8), ("A4-14a", 15), ("X-06", 30)],
    )
    def test_median(self, row: str, median: float) -> None:
        """Its median is the length of the limit that the row waits for, in calendar days, or 30 days."""
        (found,) = [one for one in TABLE if one.id == row]
        assert usual_days(found).quantile(0.5) == pytest.approx(median, rel=0.1)

    def test_first_act(self) -> None:
        """The first act of a case is done on the first day."""
        (found,) = [one for one in TABLE if one.id == "US-01"]
        assert usual_days(found) == Days.exactly(0)
