"""Intervals hold what they say they hold, as often as they say."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.intervals import day_at, dkw, mean, normal, quantile, ranks, wilson

TRIALS = 4_000


class TestWilson:
    """Shares of cases."""

    def test_bounds_solve_the_equation_of_wilson(self) -> None:
        """At each bound the share that was counted lies z standard deviations of that bound away."""
        for bound in wilson(37, 200):
            assert abs(37 / 200 - bound) == pytest.approx(normal() * np.sqrt(bound * (1 - bound) / 200))

    def test_nothing_counted_is_no_certainty(self) -> None:
        """Of none in a hundred the upper bound lies above zero; of all in a hundred the lower one below one."""
        low, high = wilson(np.array([0, 100]), 100)
        assert low.tolist() == [0.0, pytest.approx(0.963, abs=5e-4)]
        assert high.tolist() == [pytest.approx(0.037, abs=5e-4), 1.0]

    @pytest.mark.parametrize(("share", "n"), [(0.5, 100), (0.05, 200), (0.9, 1000)])
    def test_coverage(self, share: float, n: int) -> None:
        """The interval holds the true share about as often as its level says."""
        low, high = wilson(np.random.default_rng(1).binomial(n, share, TRIALS), n)
        assert 0.93 <= np.mean((low <= share) & (share <= high)) <= 0.975

    def test_higher_level_is_wider(self) -> None:
        """An interval that is to hold the share more often is wider."""
        low, high = wilson(30, 100, 0.99)
        less_low, less_high = wilson(30, 100, 0.8)
        assert low < less_low < 0.3 < less_high < high

    @pytest.mark.parametrize(("count", "n"), [(0, 0), (-1, 10), (11, 10)])
    def test_counts_that_are_none(self, count: int, n: int) -> None:
        """A share of no cases, below none or above all of them is refused."""
        with pytest.raises(SimulationError, match="at least one case"):
            wilson(count, n)

    @pytest.mark.parametrize("level", [0, 1, -0.5, 95, "0.95", True, float("nan")])
    def test_levels_that_are_none(self, level: object) -> None:
        """A level that is no number between 0 and 1 is refused, and named."""
        with pytest.raises(SimulationError, match="above 0 and below 1; found"):
            wilson(1, 10, level)  # type: ignore[arg-type]


class TestQuantiles:
    """Quantiles of whole days."""

    def test_ranks_are_those_of_the_binomial_distribution(self) -> None:
        """The ranks are the tightest ones whose two tails hold at most half of what the level leaves."""
        for n, share in [(10, 0.5), (60, 0.1), (101, 0.5), (333, 0.9)]:
            upto = np.cumsum([comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)])
            low, high = ranks(n, share)
            if low is not None:
                assert upto[low - 1] <= 0.025 + 1e-12
                assert low == n or upto[low] > 0.025
            if high is not None:
                assert upto[high - 1] >= 0.975 - 1e-12
                assert high == 1 or upto[high - 2] < 0.975

    def test_too_few(self) -> None:
        """Five observations bound the median at neither end, six at both."""
        assert ranks(5, 0.5) == (None, None)
        assert ranks(6, 0.5) == (1, 6)

    def test_a_hundred_million(self) -> None:
        """With very many observations the ranks follow the normal distribution."""
        n = 100_000_000
        low, high = ranks(n, 0.5)
        assert low == pytest.approx(n / 2 - normal() * np.sqrt(n) / 2, abs=3)
        assert high == pytest.approx(n / 2 + normal() * np.sqrt(n) / 2, abs=3)

    def test_quantile_is_the_first_day_by_which_the_share_has_come(self) -> None:
        """Of ten cases on two days the share of the first day is reached on it, and passed after it."""
        counts = np.array([0, 3, 0, 7])
        assert [quantile(counts, share)[0] for share in (0.0, 0.3, 0.31, 1.0)] == [1, 1, 3, 3]
        assert [day_at(counts, rank) for rank in (1, 3, 4, 10)] == [1, 1, 3, 3]

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_coverage(self, share: float) -> None:
        """The interval holds the true quantile at least about as often as its level says."""
        random, held = np.random.default_rng(2), 0
        true = int(np.ceil(share * 10_000)) - 1
        for _ in range(1_000):
            _, low, high = quantile(np.bincount(random.integers(0, 10_000, 120)), share)
            held += (low is None or low <= true) and (high is None or true <= high)
        assert 0.93 <= held / 1_000 <= 0.985

    @pytest.mark.parametrize("share", [-0.1, 1.1, "0.5", None, float("nan"), True])
    def test_shares_that_are_none(self, share: object) -> None:
        """A share that is no number from 0 to 1 is refused."""
        with pytest.raises(SimulationError, match="from 0 to 1"):
            ranks(10, share)  # type: ignore[arg-type]

    def test_no_observations(self) -> None:
        """A quantile of nothing is refused."""
        with pytest.raises(SimulationError, match="at least one observation"):
            ranks(0, 0.5)


class TestBandAndMean:
    """The whole distribution, and the mean."""

    def test_band_holds_the_whole_distribution(self) -> None:
        """The band holds the true distribution on all days at once about as often as its level says."""
        random, held, n = np.random.default_rng(3), 0, 400
        true = np.arange(1, 1_001) / 1_000
        for _ in range(1_000):
            counted = np.cumsum(np.bincount(random.integers(0, 1_000, n), minlength=1_000)) / n
            held += np.abs(counted - true).max() <= dkw(n)
        assert 0.93 <= held / 1_000 <= 0.985

    def test_mean_is_that_of_the_cases(self) -> None:
        """Mean and bounds of counts by day are those of the cases that were counted."""
        days = np.random.default_rng(4).poisson(30, 500)
        middle, low, high = mean(np.bincount(days))
        half = normal() * days.std(ddof=1) / np.sqrt(500)
        assert (middle, low, high) == pytest.approx((days.mean(), days.mean() - half, days.mean() + half))

    def test_one_case_tells_no_spread(self) -> None:
        """The mean of one case has no interval, and that of none does not exist."""
        assert mean(np.array([0, 0, 1])) == (2.0, None, None)
        with pytest.raises(SimulationError, match="found none"):
            mean(np.array([0, 0]))

    def test_band_of_nothing(self) -> None:
        """A band of no observations is refused."""
        with pytest.raises(SimulationError, match="found 0"):
            dkw(0)
