"""Curves of what is open and of what has ended, against counting by hand and against lifelines."""

from __future__ import annotations

import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.intervals import wilson
from rrm_lifecycle.simulation.survival import (
    CUT_OFF,
    cumulative_incidence,
    incidence_of_counts,
    kaplan_meier,
    kaplan_meier_of_counts,
)


def sample(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return times without ties and how they ended: about a third is cut off."""
    random = np.random.default_rng(seed)
    return random.exponential(50, n), np.where(random.random(n) < 0.7, random.integers(0, 2, n), CUT_OFF)


class TestKaplanMeier:
    """How many are still open."""

    def test_by_hand(self) -> None:
        """Three of four stay, then two of three; one of them is cut off, and the last one ends."""
        curve = kaplan_meier([10, 20, 20, 45], [True, True, False, True])
        assert curve.days.tolist() == [10, 20, 45]
        assert curve.estimate.tolist() == pytest.approx([3 / 4, 3 / 4 * 2 / 3, 0.0])
        assert curve.at_risk.tolist() == [4, 3, 1]
        assert [curve.at(day) for day in (0, 9, 10, 19, 20, 44, 45, 999)] == [1, 1, 0.75, 0.75, 0.5, 0.5, 0, 0]
        assert [curve.quantile(share) for share in (0, 0.25, 0.26, 0.5, 0.51, 1)] == [10, 10, 20, 20, 45, 45]
        assert curve.band(9) == (1.0, 1.0)

    def test_a_curve_may_never_come_to_its_half(self) -> None:
        """Where most cases are cut off there is no median, and none is made up."""
        curve = kaplan_meier([1, 2, 3, 4], [True, False, False, False])
        assert curve.median is None
        assert curve.quantile(0.2) == 1

    def test_equals_lifelines(self) -> None:
        """Estimate and band equal those of lifelines on times without ties."""
        lifelines = pytest.importorskip("lifelines")
        days, outcome = sample(500)
        theirs = lifelines.KaplanMeierFitter().fit(days, outcome != CUT_OFF)
        ours = kaplan_meier(days, outcome != CUT_OFF)
        band = theirs.confidence_interval_.iloc[1:].to_numpy()
        assert ours.estimate == pytest.approx(theirs.survival_function_.iloc[1:, 0].to_numpy(), abs=1e-12)
        assert ours.low == pytest.approx(band[:, 0], abs=1e-12)
        assert ours.high == pytest.approx(band[:, 1], abs=1e-12)
        assert ours.median == theirs.median_survival_time_

    def test_without_cut_off_it_is_a_share(self) -> None:
        """Where every case ended the curve is the share that is open, and Greenwood's variance the binomial one."""
        days = np.random.default_rng(5).integers(0, 300, 2_000)
        curve = kaplan_meier(days)
        for day in (10, 150, 290):
            assert curve.at(day) == pytest.approx(np.mean(days > day))
            assert curve.band(day) == pytest.approx([float(one) for one in wilson(np.sum(days > day), 2_000)], abs=2e-3)

    def test_counts_by_day_say_the_same(self) -> None:
        """Counts by day give the very curve of the cases that were counted."""
        random = np.random.default_rng(6)
        days, ended = random.integers(0, 90, 3_000), random.random(3_000) < 0.8
        one = kaplan_meier(days, ended)
        two = kaplan_meier_of_counts(np.bincount(days[ended]), np.bincount(days[~ended]))
        assert one.rows() == two.rows()

    def test_whole_days_and_others_say_the_same(self) -> None:
        """Whole days are counted and other times sorted: the curve is the same."""
        days = np.random.default_rng(7).integers(0, 500, 1_000).astype(np.uint16)
        whole, sorted_ = kaplan_meier(days), kaplan_meier(days.astype(float))
        assert np.array_equal(whole.estimate, sorted_.estimate)
        assert np.array_equal(whole.days, sorted_.days)

    def test_coverage(self) -> None:
        """The band of a day holds the true share about as often as its level says, with a third cut off."""
        random, held = np.random.default_rng(8), 0
        for _ in range(600):
            end, cut = random.exponential(50, 150), random.exponential(100, 150)
            low, high = kaplan_meier(np.minimum(end, cut), end <= cut).band(40)
            held += low <= np.exp(-40 / 50) <= high
        assert 0.925 <= held / 600 <= 0.98

    @pytest.mark.parametrize("days", [[], [-1], [float("nan")], ["a"], [[1, 2]], [float("inf")]])
    def test_days_that_are_none(self, days: list[object]) -> None:
        """No days, negative days and what is no number are refused."""
        with pytest.raises(SimulationError, match="day"):
            kaplan_meier(np.array(days))

    def test_flags_that_do_not_fit(self) -> None:
        """As many flags as days have to be given."""
        with pytest.raises(SimulationError, match="found 2 and"):
            kaplan_meier([1, 2], [True])

    def test_counts_that_are_none(self) -> None:
        """Counts below zero, or of nothing, are refused."""
        for counts in ([0, 0], [-1, 3], []):
            with pytest.raises(SimulationError, match="at least one case"):
                kaplan_meier_of_counts(np.array(counts, dtype=int))

    def test_rows(self) -> None:
        """A curve has a row a day, with the columns that are documented."""
        curve = kaplan_meier([3, 5])
        assert [row["day"] for row in curve.rows()] == [3, 5]
        assert list(curve.rows()[0]) == ["day", "share", "low", "high", "at_risk"]
        assert repr(curve) == "<Curve: open, 2 cases, median 3>"


class TestIncidence:
    """How many have ended in which way."""

    def test_by_hand(self) -> None:
        """A case that is cut off spreads its chance over those who stay."""
        curves = cumulative_incidence([10, 20, 30, 40], [0, CUT_OFF, 1, 0], {0: "withdrawn", 1: "settled"})
        assert curves["withdrawn"].estimate.tolist() == pytest.approx([0.25, 0.25, 0.25, 0.25 + 0.375])
        assert curves["settled"].estimate.tolist() == pytest.approx([0, 0, 0.375, 0.375])
        assert curves["settled"].at(29) == 0.0
        assert curves["settled"].band(5) == (0.0, 0.0)
        assert curves["withdrawn"].median == 40
        assert curves["settled"].median is None

    def test_outcomes_and_the_open_ones_make_a_whole(self) -> None:
        """On each day the shares of all outcomes and of what is open add up to one."""
        days, outcome = sample(800, seed=9)
        curves = cumulative_incidence(days, outcome)
        whole = kaplan_meier(days, outcome != CUT_OFF).estimate + sum(one.estimate for one in curves.values())
        assert whole == pytest.approx(np.ones(len(whole)))

    def test_equals_lifelines(self) -> None:
        """Estimate and band equal those of lifelines on times without ties."""
        lifelines = pytest.importorskip("lifelines")
        days, outcome = sample(400)
        theirs = lifelines.AalenJohansenFitter(calculate_variance=True).fit(days, outcome + 1, event_of_interest=1)
        ours = cumulative_incidence(days, outcome)["0"]
        band = theirs.confidence_interval_.iloc[1:].to_numpy()
        known = np.isfinite(band[:, 0])  # theirs has no band before the first such end
        assert known.sum() > 300
        assert ours.estimate == pytest.approx(theirs.cumulative_density_.iloc[1:, 0].to_numpy(), abs=1e-12)
        assert ours.low[known] == pytest.approx(band[known, 0], abs=1e-10)
        assert ours.high[known] == pytest.approx(band[known, 1], abs=1e-10)

    def test_without_cut_off_it_is_a_share(self) -> None:
        """Where every case ended the curve is the share that ended so, and its band close to the one of that share."""
        random = np.random.default_rng(10)
        days, outcome = random.integers(0, 200, 4_000), random.integers(0, 3, 4_000)
        curve = cumulative_incidence(days, outcome)["2"]
        for day in (20, 100, 199):
            count = np.sum((days <= day) & (outcome == 2))
            assert curve.at(day) == pytest.approx(count / 4_000)
            assert curve.band(day) == pytest.approx([float(one) for one in wilson(count, 4_000)], abs=2e-3)

    def test_counts_by_day_say_the_same(self) -> None:
        """Counts by day give the very curves of the cases that were counted."""
        random = np.random.default_rng(11)
        days, outcome = random.integers(0, 60, 900), random.integers(-1, 2, 900)
        ones = cumulative_incidence(days, outcome)
        counts = {name: np.bincount(days[outcome == int(name)], minlength=60) for name in ones}
        twos = incidence_of_counts(counts, np.bincount(days[outcome == CUT_OFF]))
        assert {name: one.rows() for name, one in ones.items()} == {name: one.rows() for name, one in twos.items()}

    def test_an_outcome_that_never_came_has_a_curve(self) -> None:
        """A named outcome that no case had stays at zero."""
        curves = cumulative_incidence([1, 2], [0, 0], {0: "withdrawn", 1: "settled"})
        assert curves["settled"].estimate.tolist() == [0.0, 0.0]

    def test_outcomes_that_do_not_fit(self) -> None:
        """As many outcomes as days have to be given."""
        with pytest.raises(SimulationError, match="its outcome; found 2"):
            cumulative_incidence([1, 2], [0])
