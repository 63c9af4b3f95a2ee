"""A forecast tells where a case goes from here, given all that is known of it on a day and nothing else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.errors import EventError, SimulationError
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation import recipe
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.forecasting import behaviour_without, forecast
from rrm_lifecycle.simulation.foreseen import NEXT, OUTCOMES, Forecast
from rrm_lifecycle.simulation.lanes import log, run
from rrm_lifecycle.simulation.montecarlo import program_of
from rrm_lifecycle.simulation.reweighing import Weighing
from tests.simulation.coarse import coarse

BEGIN = date(2025, 3, 3)
OPEN = sorted(one.id for one in load() if not align(one).case.is_closed)
N = 200_000


def case_after(*steps: tuple[str, int], case_id: str = "MINE-1") -> Case:
    """Return the case after the acts of these rows, each so many days after the one before."""
    case, day = opening(case_id), BEGIN
    for row, days in steps:
        day += timedelta(days)
        ruling = decide(case, act_of(ROW_BY_ID[row], day, case))
        assert isinstance(ruling, Entry), str(ruling)
        case = evolve(case, ruling)
    return case


def under_review() -> Case:
    """Return a case under review since 14 March 2025."""
    return case_after(("A4-01a", 0), ("A4-03a", 11))


@pytest.fixture(scope="module")
def found() -> Forecast:
    """Return a forecast of a case under review."""
    return forecast(under_review(), coarse(), today=date(2025, 4, 1), draws=30)


class TestConditional:
    """What was spent with nothing done is known, and changes what is to come."""

    @pytest.mark.parametrize("spent", [1, 20, 36])
    def test_equals_paths_that_waited_as_long(self, spent: int) -> None:
        """Outcomes, next acts and days are those of the paths from the last act on which nothing was done so long."""
        case, behaviour = under_review(), coarse()
        assert case.last_day is not None
        found = forecast(case, behaviour, today=case.last_day + timedelta(spent), draws=1)
        program, weekday = program_of(behaviour, DEFAULT, case), case.last_day.weekday()
        walked = run(program, N, 5, weekday=weekday)
        logged = log(program, np.arange(N), key_of(5), weekday)
        first = np.asarray(logged.day)[logged.offsets[:-1]]
        waited = first >= spent
        assert walked.outcome is not None
        assert walked.days is not None
        count = int(waited.sum())
        shares = np.bincount(walked.outcome[waited], minlength=len(program.outcomes)) / count
        exact = dict(zip(found.program.outcomes, found.by_day.sum(axis=1), strict=True))
        for outcome, share in zip(program.outcomes, shares.tolist(), strict=True):
            sure = 5.0 * (exact[outcome] * (1.0 - exact[outcome]) / count) ** 0.5 + 1e-4
            assert abs(exact[outcome] - share) < sure, outcome
        left = walked.days[waited].astype(float) - spent
        assert abs(found.mean_days - left.mean()) < 5.0 * left.std() / count**0.5
        assert abs(found.within(30) - (left <= 30).mean()) < 5.0 * 0.5 / count**0.5
        rules = np.asarray(logged.rule)[logged.offsets[:-1]][waited]
        for row in found.next_acts():
            came = (rules == program.rules.index(row["rule"])).mean()
            assert abs(row["share"] - came) < 5.0 * 0.5 / count**0.5

    def test_nothing_spent_is_the_program_itself(self) -> None:
        """On the day of the last act the forecast is the exact answer of the program from there."""
        case, behaviour = under_review(), coarse()
        assert case.last_day is not None
        found = forecast(case, behaviour, today=case.last_day, draws=1)
        exact = solve(program_of(behaviour, DEFAULT, case), weekday=case.last_day.weekday())
        assert found.mean_days == pytest.approx(exact.mean(), rel=1e-9)
        assert np.allclose(found.by_day.sum(axis=1), exact.probabilities, atol=1e-12)

    def test_act_that_could_have_come_earlier_alone_is_no_longer_expected(self) -> None:
        """An act whose days are over by today comes next in no path."""
        habits = {
            "A4-05a": Habit(0.5, Days.exactly(10)),
            "A4-05e": Habit(0.5, Days.uniform(30, 40)),
        }
        closing = {"A4-06a": Habit(1.0, Days.exactly(3))}
        behaviour = Behaviour({Stage.UNDER_REVIEW: habits, Stage.NO_DENIAL_REPORTED: closing})
        case = under_review()
        assert case.last_day is not None
        early = forecast(case, behaviour, today=case.last_day + timedelta(5), draws=1)
        late = forecast(case, behaviour, today=case.last_day + timedelta(35), draws=1)
        assert [row["rule"] for row in early.next_acts()] == ["A4-05a", "A4-05e"]
        assert [row["rule"] for row in late.next_acts()] == ["A4-05e"]
        assert late.mean_days == pytest.approx(2.5)
        assert late.within(0) == pytest.approx(1 / 6)
        assert late.quantile(1.0) == 5

    def test_overdue_case_keeps_the_shares_and_says_so(self) -> None:
        """Beyond what the behaviour knows, acts keep the shares of the stage, the days are our guess, and both are told."""
        behaviour = Behaviour(
            {
                Stage.UNDER_REVIEW: {"A4-05a": Habit(0.25, Days.exactly(10)), "A4-05e": Habit(0.75, Days.exactly(20))},
                Stage.NO_DENIAL_REPORTED: {"A4-06a": Habit(1.0, Days.exactly(3))},
            }
        )
        case = under_review()
        assert case.last_day is not None
        found = forecast(case, behaviour, today=case.last_day + timedelta(200), draws=1)
        assert found.overdue
        assert {row["rule"]: row["share"] for row in found.next_acts()} == pytest.approx(
            {"A4-05a": 0.25, "A4-05e": 0.75}
        )
        assert 0.3 * 200 < found.median_days < 0.55 * 200
        assert "overdue" in str(found)
        assert not forecast(case, behaviour, today=case.last_day + timedelta(20), draws=1).overdue


class TestIgnorance:
    """What few observations leave open is told apart from chance."""

    def test_intervals_hold_the_shares(self, found: Forecast) -> None:
        """Most shares lie between their bounds, and the bounds leave room."""
        rows = found.outcomes("closing").records
        assert sum(row["low"] <= row["share"] <= row["high"] for row in rows) >= len(rows) - 1
        assert any(row["high"] - row["low"] > 0.1 for row in rows)
        low, high = found.mean_interval
        assert low < found.mean_days < high

    def test_what_was_given_by_hand_has_no_interval(self) -> None:
        """Where each share was given by hand, nothing is drawn and the bounds are the share."""
        behaviour = Behaviour(
            {
                Stage.UNDER_REVIEW: {
                    "A4-05a": Habit(0.25, Days.exactly(40), given=True),
                    "A4-05e": Habit(0.75, Days.exactly(40), given=True),
                },
                Stage.NO_DENIAL_REPORTED: {"A4-06a": Habit(1.0, Days.exactly(3), given=True)},
            }
        )
        for row in forecast(under_review(), behaviour, today=date(2025, 4, 1), draws=5).outcomes():
            assert row["low"] == pytest.approx(row["share"])
            assert row["high"] == pytest.approx(row["share"])

    def test_reweighed_program_equals_one_built_anew(self) -> None:
        """A program under drawn shares comes to the same as the program built from the drawn behaviour."""
        behaviour, case = coarse(), under_review()
        weighing = Weighing(program_of(behaviour, DEFAULT, case), 2)
        for seed in range(3):
            drawn = behaviour.draw(seed)
            now = weighing.expected(weighing.units(drawn, DEFAULT, case))
            built = solve(program_of(drawn, DEFAULT, case), weekday=2)
            assert now.days == pytest.approx(built.mean(), rel=1e-6)
            shares = dict(zip(built.outcomes, built.probabilities, strict=True))
            for outcome, share in zip(weighing.program.outcomes, now.outcomes.tolist(), strict=True):
                assert share == pytest.approx(shares.get(outcome, 0.0), abs=1e-7)

    def test_expected_values_are_the_exact_ones(self) -> None:
        """The expected values are those of the whole distribution, where places read the weekday too."""
        program = program_of(coarse())
        assert program.reads_weekday.any()
        for weekday in (0, 5):
            exact, found = solve(program, weekday=weekday), Weighing(program, weekday).expected()
            assert found.days == pytest.approx(exact.mean(), rel=1e-9)
            assert np.allclose(found.outcomes, exact.probabilities, atol=1e-11)


class TestRealCases:
    """A real case is forecast from what was known, by what the other cases tell."""

    @pytest.mark.parametrize("name", OPEN)
    def test_open_case(self, name: str) -> None:
        """Each open case has a forecast on the day of its last look: shares that add up, and the case left out."""
        history = load()[name]
        found = forecast(history, today=history.as_of, draws=2)
        assert found.left_out == name
        assert f"without {name}" in found.behaviour.rests_on
        assert found.by_day.sum() == pytest.approx(1.0, abs=1e-9)
        assert found.mean_days > 0.0
        assert sum(row["share"] for row in found.next_acts()) == pytest.approx(1.0)

    def test_uses_only_what_was_known(self) -> None:
        """On a past day the case stands where it stood then, and what came later changes nothing."""
        history = load()["san-martin"]
        day = date(2023, 6, 1)
        found = forecast(history, coarse(), today=day, draws=1)
        assert found.stage is align(history.known_by(day)).case.stage  # type: ignore[arg-type]
        assert found.last_day is not None
        assert found.last_day <= day
        assert forecast(align(history), coarse(), today=day, draws=1).digest == found.digest

    def test_refit_without_the_case_is_cached(self) -> None:
        """The behaviour without a case is fitted once, and differs from the default one."""
        assert behaviour_without("sig") is behaviour_without("sig")
        assert behaviour_without("sig") != Behaviour.default()
        assert behaviour_without(None) is Behaviour.default()

    def test_given_behaviour_leaves_nothing_out(self) -> None:
        """With a behaviour of the caller's own nothing is left out, and nothing is said to be."""
        history = load()["akwel"]
        found = forecast(history, coarse(), today=history.as_of, draws=1)
        assert found.left_out is None
        assert found.behaviour is coarse()

    def test_after_the_last_look(self) -> None:
        """After the last look nothing is known; the text says so, and the days count as spent."""
        history = load()["akwel"]
        today = history.as_of + timedelta(30)
        found = forecast(history, coarse(), today=today, draws=1)
        assert found.spent >= 30
        assert f"nothing is known after {history.as_of}" in str(found)


class TestAnswers:
    """What a forecast tells."""

    def test_tables(self, found: Forecast) -> None:
        """Tables have their documented columns, shares add up, and the likeliest comes first."""
        both, closing, reached = found.outcomes(), found.outcomes("closing"), found.outcomes("reached")
        assert tuple(both.kinds) == tuple(OUTCOMES)
        assert tuple(found.next_acts().kinds) == tuple(NEXT)
        for table in (both, closing, reached):
            shares = [row["share"] for row in table]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) == pytest.approx(1.0, abs=1e-9)
        panel = sum(row["share"] for row in reached if row["reached"] in {"panel", "sanctions"})
        assert found.share(lambda _, phase: phase in {Phase.PANEL, Phase.SANCTIONS}) == pytest.approx(panel)
        assert found.rows() == [dict(row) for row in both]
        assert list(found.to_frame().columns) == list(OUTCOMES)

    def test_days(self, found: Forecast) -> None:
        """Quantiles, chances and the distribution are of one piece."""
        distribution = found.distribution()
        assert distribution[-1]["upto"] == pytest.approx(1.0, abs=1e-9)
        assert sum(row["day"] * row["share"] for row in distribution) == pytest.approx(found.mean_days)
        middle = found.median_days
        assert found.within(middle) >= 0.5 > found.within(middle - 1)
        table = found.quantile([0.1, 0.9])
        assert not isinstance(table, int)
        assert [row["days"] for row in table] == [found.quantile(0.1), found.quantile(0.9)]
        assert found.within(10**6) == pytest.approx(1.0)

    def test_text(self, found: Forecast) -> None:
        """The text names case, day, stage, mean, closings and next acts, in lines of at most 125 characters."""
        told = str(found)
        for part in (
            "MINE-1 on 2025-04-01: under_review, 18 days since",
            "days to the close: mean",
            "NoDenialReported",
        ):
            assert part in told
        assert max(len(line) for line in told.splitlines()) <= 125
        assert repr(found).startswith("<Forecast MINE-1 on 2025-04-01: under_review")

    def test_recipe_makes_it_anew(self, found: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A saved recipe gives the same forecast, and a changed one is noticed."""
        monkeypatch.setitem(recipe.KINDS, "forecast", "rrm_lifecycle.simulation.forecasting:again")
        file = tmp_path / "forecast.json"
        found.save(file)
        again = recipe.rerun(file)
        assert again.digest == found.digest
        assert str(again) == str(found)
        file.write_text(file.read_text().replace('"spent": 18', '"spent": 19'))
        with pytest.raises(SimulationError, match="differs from the one of the recipe"):
            recipe.rerun(file)


class TestBadInput:
    """What cannot be forecast is refused, and the message says what opens the way."""

    @pytest.mark.parametrize(
        ("subject", "today", "error", "told"),
        [
            (lambda: load()["san-martin"], date(2025, 1, 1), SimulationError, "was closed on 2024-04-26"),
            (under_review, date(2025, 3, 13), SimulationError, r"case.until(today)"),
            (lambda: load()["akwel"], date(2021, 1, 1), SimulationError, "nothing of akwel was known by 2021-01-01"),
            (lambda: "akwel", date(2025, 1, 1), SimulationError, "a case, an alignment or a history; found str"),
            (under_review, "2025-03-13", EventError, "today"),
        ],
    )
    def test_refused(self, subject: Any, today: Any, error: type[Exception], told: str) -> None:
        """A closed case, a day before the last act or the first, no case, and no day are refused."""
        with pytest.raises(error, match=re.escape(told)):
            forecast(subject(), coarse(), today=today)

    def test_stage_of_which_the_behaviour_says_nothing(self) -> None:
        """Where the behaviour is silent on the stage, the message names it and two ways out."""
        behaviour = Behaviour({Stage.ASSESSMENT: {"X-06": Habit(1.0, Days.exactly(1))}})
        with pytest.raises(SimulationError, match=r"'under_review', of which the behaviour says nothing.*with_share"):
            forecast(under_review(), behaviour, today=date(2025, 4, 1))

    def test_numbers_that_are_none(self) -> None:
        """No draws, a day that is none and another grouping are refused."""
        with pytest.raises(SimulationError, match="draws"):
            forecast(under_review(), coarse(), today=date(2025, 4, 1), draws=0)
        found = forecast(under_review(), coarse(), today=date(2025, 4, 1), draws=1)
        with pytest.raises(SimulationError, match="whole number of at least 0"):
            found.within(-1)
        with pytest.raises(SimulationError, match="told by"):
            found.outcomes("stage")
