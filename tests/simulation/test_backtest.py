"""A back-test tells how forecasts would have done, each made without its own case, beside naive ones."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.simulation.backtest import (
    CALIBRATION,
    CLASSES,
    COLUMNS,
    COVERAGE,
    SCORES,
    Backtest,
    backtest,
    brier,
    crps,
)
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.forecasting import forecast
from tests.simulation.coarse import coarse

CASES = ("gm-silao", "vu-2", "san-martin", "tecnos", "sig")


@pytest.fixture(scope="module")
def found() -> Backtest:
    """Return the test of five cases, with a behaviour that is quick to build."""
    return backtest(behaviour_for=lambda _: coarse(), only=CASES)


class TestScores:
    """The scores, against numbers found by hand."""

    @pytest.mark.parametrize(
        ("shares", "ended", "score"),
        [
            ({"a": 1.0, "b": 0.0}, "a", 0.0),
            ({"a": 1.0, "b": 0.0}, "b", 2.0),
            ({"a": 0.5, "b": 0.5}, "a", 0.5),
            ({"a": 0.7, "b": 0.2, "c": 0.1}, "a", 0.09 + 0.04 + 0.01),
            ({"a": 0.7, "b": 0.2, "c": 0.1}, "c", 0.49 + 0.04 + 0.81),
        ],
    )
    def test_brier(self, shares: dict[str, float], ended: str, score: float) -> None:
        """The Brier score is the sum of the squared differences over the classes."""
        assert brier(shares, ended) == pytest.approx(score)

    @pytest.mark.parametrize(
        ("by_day", "days", "score"),
        [
            ([0.0, 0.0, 1.0], 2, 0.0),
            ([0.0, 1.0], 4, 3.0),
            ([0.0, 0.0, 0.0, 0.0, 1.0], 1, 3.0),
            ([0.5, 0.0, 0.5], 2, 0.5),
            ([0.5, 0.0, 0.5], 0, 0.5),
            ([0.25, 0.25, 0.25, 0.25], 1, 0.0625 + 0.25 + 0.0625),
        ],
    )
    def test_crps(self, by_day: list[float], days: int, score: float) -> None:
        """The CRPS sums the squared difference of chance and step over the days."""
        assert crps(by_day, days) == pytest.approx(score)

    def test_crps_is_the_mean_error_less_half_the_spread(self) -> None:
        """The CRPS equals E|X - y| - E|X - X'| / 2."""
        weights = np.array([0.1, 0.0, 0.3, 0.4, 0.0, 0.2])
        day = np.arange(len(weights))
        for took in (0, 3, 9):
            error = float(weights @ np.abs(day - took))
            spread = float(weights @ np.abs(day[:, None] - day) @ weights)
            assert crps(weights, took) == pytest.approx(error - spread / 2)


class TestTruth:
    """What is compared with what."""

    def test_ends(self, found: Backtest) -> None:
        """Each case has its true end: agreed, by a panel, or otherwise."""
        ends = {row["case"]: row["ended"] for row in found.records}
        assert ends == {
            "gm-silao": "agreed",
            "vu-2": "other",
            "san-martin": "panel",
            "tecnos": "panel",
            "sig": "agreed",
        }

    def test_days_to_the_close(self, found: Backtest) -> None:
        """Days are those from the day of looking to the close; an open case has none."""
        days = {(row["case"], row["today"]): row["days"] for row in found.records}
        assert days["gm-silao", date(2021, 5, 12)] == (date(2021, 9, 22) - date(2021, 5, 12)).days
        assert all(took is None for (case, _), took in days.items() if case == "tecnos")
        assert min(took for took in days.values() if took is not None) > 0

    def test_panel_is_no_question_once_it_is_asked_for(self, found: Backtest) -> None:
        """From the request for a panel on, the end is not scored any more."""
        rows = [row for row in found.records if row["case"] == "san-martin"]
        assert [row["brier"] is None for row in rows] == [row["today"] >= date(2023, 8, 22) for row in rows]

    def test_forecasts_are_those_of_forecast(self, found: Backtest) -> None:
        """Shares and days in a row are those of the forecast of that day, and the scores follow from them."""
        row = next(one for one in found.records if one["case"] == "sig" and one["stage"] == "under_review")
        told = forecast(load()["sig"], coarse(), today=row["today"], draws=1)
        assert row["median_days"] == told.median_days
        assert row["agreed"] + row["panel"] + row["other"] == pytest.approx(1.0)
        assert row["brier"] == pytest.approx(brier({name: row[name] for name in CLASSES}, "agreed"))
        assert row["crps"] == pytest.approx(crps(told.by_day.sum(axis=0), row["days"]))

    def test_climate_by_hand(self) -> None:
        """The climate is the ends of the others with one of each added, and the days left of those that took longer."""
        five = [load()[name] for name in ("gm-silao", "draxton", "sig", "asiaway", "vu-1")]
        row = backtest(five, behaviour_for=lambda _: coarse(), only=["gm-silao"]).records[0]
        assert row["brier_climate"] == pytest.approx(brier({"agreed": 5 / 7, "panel": 1 / 7, "other": 1 / 7}, "agreed"))
        assert row["brier_usual"] == 0.0
        others = np.bincount([314, 96, 116, 85]) / 4
        assert row["crps_climate"] == pytest.approx(crps(others, 133))
        assert row["crps_usual"] == pytest.approx(133 - 106)

    def test_case_is_left_out(self) -> None:
        """Unless a behaviour is given, each case is forecast by the behaviour of the other ones."""
        asked: list[str] = []

        def behaviour_for(history: History) -> Behaviour:
            asked.append(history.id)
            return coarse()

        backtest(behaviour_for=behaviour_for, only=["sig", "vu-1"])
        assert asked == ["vu-1", "sig"]
        few = [load()[name] for name in ("sig", "vu-1", "tizapa")]
        alone = backtest(few, only=["sig"]).records[0]
        by_hand = forecast(few[0], Behaviour.fit(few, without={"sig"}), today=alone["today"], draws=1)
        assert alone["crps"] == pytest.approx(crps(by_hand.by_day.sum(axis=0), alone["days"]))


class TestTold:
    """How it is told."""

    def test_each_case_counts_once(self, found: Backtest) -> None:
        """Scores are means over cases, whatever the number of the forecasts of each."""
        cases: dict[str, list[float]] = {}
        for row in found.records:
            if row["brier"] is not None:
                cases.setdefault(row["case"], []).append(row["brier"])
        first = found.scores()[0]
        assert first["forecast"] == pytest.approx(np.mean([np.mean(several) for several in cases.values()]))
        assert first["cases"] == len(cases) == 5
        assert first["forecasts"] == sum(map(len, cases.values()))

    def test_tables(self, found: Backtest) -> None:
        """Tables have their documented columns, and count what there is."""
        assert (found.cases, found.closed) == (5, 4)
        assert tuple(found.rows()[0]) == tuple(COLUMNS)
        assert tuple(found.scores().kinds) == tuple(SCORES)
        assert tuple(found.calibration().kinds) == tuple(CALIBRATION)
        assert tuple(found.coverage().kinds) == tuple(COVERAGE)
        scored = [row for row in found.records if row["brier"] is not None]
        assert sum(row["forecasts"] for row in found.calibration()) == len(scored) * len(CLASSES)
        held = [row["held"] for row in found.coverage()]
        assert held == sorted(held)
        assert {row["stage"] for row in found.by_stage()} == {row["stage"] for row in found.records}

    def test_text(self, found: Backtest) -> None:
        """The text tells how few cases there are."""
        told = str(found)
        assert told.startswith(f"{len(found.records)} forecasts of 5 cases, 4 of them closed: few")
        for part in ("Brier score of the end", "CRPS of the days", "central intervals"):
            assert part in told

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"histories": []}, "needs two histories or more"),
            ({"only": ["freixenet"]}, "0 of them asked for and known"),
        ],
    )
    def test_bad_input(self, given: dict[str, Any], told: str) -> None:
        """No histories, and none whose end is known, are refused."""
        with pytest.raises(SimulationError, match=re.escape(told)):
            backtest(behaviour_for=lambda _: coarse(), **given)
