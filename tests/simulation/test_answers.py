"""Exact answers: shares, days, and a calendar's closing days from a date on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.answers import exact
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.montecarlo import simulate

MONDAY = date(2026, 2, 2)


def to_remedies() -> Behaviour:
    """Return a behaviour in which every case goes to a panel, and remedies are imposed on the first day that is open."""
    base = Behaviour.default()
    only: dict[Stage, type[did.Event] | str] = {
        Stage.ASSESSMENT: did.ReviewRequested,
        Stage.REVIEW_REQUESTED: did.ReviewDeclined,
        Stage.REVIEW_DECLINED: did.PanelRequested,
        Stage.PANEL_REQUESTED: did.PanelistsDrawn,
        Stage.PANEL_DRAWN: did.PanelConstituted,
        Stage.PANEL_CONSTITUTED: did.PetitionConfirmed,
        Stage.PETITION_CONFIRMED: "A8-03",
        Stage.DENIAL_DETERMINED: did.RemediesNotified,
        Stage.REMEDIES_NOTIFIED: did.RemediesImposed,
        Stage.REMEDIES_IN_FORCE: did.RemediesLifted,
    }
    for stage, act in only.items():
        base = base.with_share(stage, act, 1.0).with_days(stage, act, distribution=Days.exactly(1))
    return base


def closed_on(days: Iterable[date]) -> Calendar:
    """Return a calendar that is closed on weekends and some days."""
    return Calendar.of_days("ours", days, source="made for a test", first=date(2020, 1, 1), last=date(2027, 12, 31))


class TestExact:
    """Exact answers are those that sampling comes near to."""

    def test_as_sampled(self) -> None:
        """Shares, mean and quantiles lie in the intervals of a large sample."""
        answers, run = exact(), simulate(n=200_000, seed=11)
        sampled = {row["closing"]: row for row in run.outcomes(by="closing", level=0.9999).rows()}
        for row in answers.outcomes().rows():
            found = sampled[row["closing"]]
            assert found["low"] <= row["share"] <= found["high"]
        days = run.durations(level=0.9999)
        low, high = days.mean_interval
        assert low is not None
        assert high is not None
        assert low <= answers.mean <= high
        assert abs(answers.quantile(0.5) - days.median) <= 1
        assert answers.within(answers.quantile(0.9)) >= 0.9 > answers.within(answers.quantile(0.9) - 1)

    def test_tables(self) -> None:
        """Shares add up to 1, by closing, by phase reached, and on each day."""
        answers = exact()
        for by in ("closing", "reached"):
            assert sum(row["share"] for row in answers.outcomes(by).rows()) == pytest.approx(1.0)
        assert answers.distribution().rows()[-1]["closed"] == pytest.approx(1.0)
        row = answers.occupancy(every=30).rows()[5]
        assert sum(row[phase.value] for phase in Phase) == pytest.approx(1.0)
        panel = answers.share(Phase.PANEL) + answers.share("sanctions")
        assert 0.0 < answers.share(Closing.WITHDRAWN) < panel < 0.5
        assert answers.deviation > 0.0
        assert "days to the close" in str(answers)
        assert answers.to_frame().columns.tolist() == ["closing", "share", "mean_days"]

    def test_wrong(self) -> None:
        """A day before the treaty is refused."""
        with pytest.raises(SimulationError, match="entered into force"):
            exact(start=date(2019, 1, 1))


class TestCalendar:
    """From a date on, business days are counted with a calendar."""

    def test_holidays(self) -> None:
        """The notice of remedies waits five business days: a week of closing days makes it a week longer, and no more."""
        behaviour = to_remedies()
        weekends = Context(calendar=closed_on(()))
        plain = exact(behaviour, start=MONDAY, context=weekends)
        assert plain.quantile(0.5) == plain.quantile(0.999) == plain.quantile(0.001)
        notice = MONDAY + timedelta(plain.quantile(0.5))
        closed = [notice - timedelta(n) for n in range(1, 8)]
        week = Context(calendar=closed_on(closed))
        later = exact(behaviour, start=MONDAY, context=week)
        case = simulate(behaviour, n=1, seed=1, start=MONDAY, context=week).case(0)
        assert case.last_day is not None
        assert later.quantile(0.5) == (case.last_day - MONDAY).days > plain.quantile(0.5)

    def test_of_a_case(self) -> None:
        """Exact answers go on from a case that is open, and never end before it."""
        case = simulate(to_remedies(), n=1, seed=1, start=MONDAY).case(0)
        half = case.until(MONDAY + timedelta(4))
        assert not half.is_closed
        answers = exact(to_remedies(), start=half)
        assert isinstance(half, Case)
        assert answers.share("panel") + answers.share("sanctions") == pytest.approx(1.0)
