"""Exact answers against counting by hand, against each other, and against paths that were walked."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import attrs
import numpy as np
import pytest

from rrm_lifecycle.errors import MissingExtra, SimulationError
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.simulation import exact as module
from rrm_lifecycle.simulation.agreement import Agreement, agreement, agreement_of_counts
from rrm_lifecycle.simulation.exact import Exact, Moves, moments, solve
from rrm_lifecycle.simulation.lanes import run
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.spectral import last_day, net_of, window_of
from tests.simulation.programs import at_random, chain, coin, loops, place_of, program_of, weekdays

PATHS = 1_000_000


@cache
def by_hand(program: Program, weekday: int = 0, most: int = 130) -> dict[tuple[int, int], Fraction]:
    """Return the share of the paths by outcome and days, in whole numbers, up to so many moves."""
    by_weekday = program.reads_weekday
    start = program.start + (weekday if by_weekday[program.start] else 0)
    open_paths: dict[tuple[int, int], Fraction] = {(start, 0): Fraction(1)}
    ended: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for _ in range(most):
        onward: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        for (place, day), share in open_paths.items():
            if program.outcome[place] >= 0:
                ended[int(program.outcome[place]), day] += share
                continue
            for move in range(int(program.offsets[place]), int(program.offsets[place + 1])):
                to, then = int(program.target[move]), day + int(program.days[move])
                to += (weekday + then) % 7 if by_weekday[to] else 0
                onward[to, then] += share * Fraction(int(program.units[move]), WHOLE)
        open_paths = onward
    return ended


def day_by_day(program: Program, weekday: int = 0) -> Exact:
    """Return exact answers by going through the days."""
    return solve(program, weekday=weekday, kernel=lambda place, day: None)  # noqa: ARG005 - no move depends on the date


def alike(one: Exact, other: Exact) -> None:
    """Check that two ways to exact answers give the same, as far as floating point goes."""
    days = min(one.by_day.shape[1], other.by_day.shape[1])
    assert np.abs(one.by_day[:, :days] - other.by_day[:, :days]).max() < 1e-13
    assert np.abs(one.occupied[:, :days] - other.occupied[:, :days]).max() < 1e-12
    assert np.abs(one.visits - other.visits).max() < 1e-11
    assert one.by_day[:, days:].sum() + other.by_day[:, days:].sum() < 1e-13
    # What lies beyond the last day, at most a share of 1e-15, weighs by the days in means, and by their squares.
    for power in range(3):
        assert np.allclose(one.raw[power], other.raw[power], rtol=1e-10, atol=1e-13 + 1e-14 * float(days) ** power)
    assert one.moves == pytest.approx(other.moves, rel=1e-12)


class TestByHand:
    """Small programs, counted in whole numbers."""

    @pytest.mark.parametrize("way", [solve, day_by_day])
    @pytest.mark.parametrize("weekday", [0, 3, 6])
    @pytest.mark.parametrize("program", [coin(), loops(), weekdays()], ids=["coin", "loops", "weekdays"])
    def test_shares_by_day(self, program: Program, weekday: int, way: Callable[..., Exact]) -> None:
        """The share that closes in each way on each day is right to 1e-12, by either way."""
        found = way(program, weekday=weekday)
        due = np.zeros_like(found.by_day)
        for (outcome, day), share in by_hand(program, weekday).items():
            if day < due.shape[1]:
                due[outcome, day] = float(share)
        assert np.abs(found.by_day - due).max() < 1e-12

    def test_coin(self) -> None:
        """Of a toss everything is known."""
        found = solve(coin())
        assert found.probabilities.tolist() == [0.5, 0.5]
        assert [found.mean(), found.variance()] == pytest.approx([1.5, 0.25])
        assert (found.mean(0), found.variance(0), found.mean(1)) == (1.0, 0.0, 2.0)
        assert [found.quantile(share) for share in (0.01, 0.5, 0.51, 1.0)] == [1, 1, 2, 2]
        assert found.quantile(0.5, 1) == 2
        assert found.survival()[:4] == pytest.approx([1.0, 0.5, 0.0, 0.0], abs=1e-12)
        assert found.days(1)[:4] == pytest.approx([0.0, 0.0, 1.0, 0.0], abs=1e-12)
        assert found.visits == pytest.approx([1.0, 0.5, 0.5])
        assert found.moves == pytest.approx(1.0)
        assert found.beyond <= 1e-15

    def test_phases(self) -> None:
        """On each day each path stands in one phase, and at last all of them where they closed."""
        stages = [place.stage.phase for place in chain().places]
        found = solve(chain())
        assert found.occupied.sum(axis=0) == pytest.approx(1.0)
        assert found.occupied[found.phases.index(stages[0]), 19] == pytest.approx(1.0)
        last = dict(zip(found.phases, found.occupied[:, -1], strict=True))
        for phase in Phase:
            ends = [number for number, place in enumerate(chain().places) if place.stage.phase is phase]
            due = sum(found.probabilities[chain().outcome[end]] for end in ends if chain().outcome[end] >= 0)
            assert last[phase] == pytest.approx(due, abs=1e-12)

    def test_closed_from_the_start(self) -> None:
        """A path that starts closed has closed on day 0."""
        found = solve(program_of([[]]))
        assert found.by_day[0, 0] == pytest.approx(1.0)
        assert [found.mean(), found.moves] == pytest.approx([0.0, 0.0])

    def test_an_outcome_that_never_comes(self) -> None:
        """Of an outcome that no path has there is no mean, and a quantile is refused."""
        found = solve(program_of([[(1, 1, WHOLE)], [], []]))
        assert np.isnan(found.mean(1))
        assert np.isnan(found.variance(1))
        assert found.days(1).sum() == pytest.approx(0.0)
        with pytest.raises(SimulationError, match="paths that end so"):
            found.quantile(0.5, 2 - 1)

    @pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
    def test_no_share(self, share: float) -> None:
        """A quantile of no share is refused."""
        with pytest.raises(SimulationError, match="a share above 0 and up to 1"):
            solve(coin()).quantile(share)

    def test_a_trap(self) -> None:
        """A program that some path never leaves has no exact answers."""
        with pytest.raises(SimulationError, match="no path leads from place 0"):
            solve(program_of([[(0, 1, WHOLE)], []]))


class TestTwoWays:
    """Frequencies, and the days one by one."""

    def test_chain(self) -> None:
        """On the chain of twelve places they agree."""
        found = solve(chain())
        assert found.found_by == "frequencies"
        other = day_by_day(chain())
        assert other.found_by == "day by day"
        alike(found, other)

    @pytest.mark.parametrize("seed", range(20))
    def test_random_programs(self, seed: int) -> None:
        """On programs drawn at random they agree, on whatever weekday paths start."""
        program = at_random(seed, weekly=seed % 2 == 1)
        alike(solve(program, weekday=seed % 7), day_by_day(program, seed % 7))

    @pytest.mark.parametrize("weekday", range(7))
    def test_start_on_a_weekday(self, weekday: int) -> None:
        """Where the start itself reads the weekday they agree."""
        program = attrs.evolve(weekdays(), start=1)
        alike(solve(program, weekday=weekday), day_by_day(program, weekday))

    @pytest.mark.parametrize("seed", range(0, 20, 2))
    def test_one_system_of_equations(self, seed: int) -> None:
        """Shares, means and variances from one system equal those of the whole distribution."""
        program = at_random(seed)
        found = day_by_day(attrs.evolve(program))
        day = np.arange(found.by_day.shape[1])
        due = np.array([found.by_day.sum(axis=1), found.by_day @ day, found.by_day @ day**2])
        for power, row in enumerate(moments(program)):
            assert np.allclose(row, due[power], rtol=1e-11, atol=1e-13 + 1e-14 * float(len(day)) ** power)

    def test_weekdays_need_more_than_one_system(self) -> None:
        """Means of a program that reads the weekday are not to be had from one system."""
        with pytest.raises(SimulationError, match="use solve"):
            moments(weekdays())

    @pytest.mark.parametrize("name", ["MOST_GROUPS", "_MOST_ROOM"])
    def test_too_large_for_frequencies(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A program too large for frequencies is gone through day by day, and says so."""
        found = solve(weekdays(), weekday=2)
        monkeypatch.setattr(module, name, 0)
        other = solve(weekdays(), weekday=2)
        assert (found.found_by, other.found_by) == ("frequencies", "day by day")
        alike(found, other)

    def test_what_is_left(self) -> None:
        """Beyond the last day looked at, what is left is told."""
        found = solve(coin(), kernel=lambda place, day: None, last=1)  # noqa: ARG005 - no move depends on the date
        assert found.beyond == pytest.approx(0.5)
        assert found.by_day.sum() == pytest.approx(0.5)


class TestWindow:
    """How many days are looked at."""

    @pytest.mark.parametrize("program", [chain(), loops(), coin(), at_random(4), weekdays()])
    def test_bound(self, program: Program) -> None:
        """After the last day no more than 1e-15 of the paths are open, and the day is no more than twice as far."""
        net = net_of(program)
        last = last_day(net, program.start)
        assert last is not None
        tail = day_by_day(program).by_day.sum(axis=0)
        beyond = np.cumsum(tail[::-1])[::-1]
        assert beyond[last + 1 :].sum() < 1e-15 or beyond[last + 1] < 1e-15
        assert beyond[: max(2, last // 2)].min() > 1e-15 or last < 150

    @pytest.mark.parametrize("days", [1, 2, 71, 1000, 4097, 65_537])
    @pytest.mark.parametrize("weekly", [False, True])
    def test_size(self, days: int, weekly: bool) -> None:
        """A window is at least as long as asked, not much longer, even, and of small factors alone."""
        found = window_of(days, weekly=weekly)
        assert days <= found <= max(28, 1.2 * days)
        assert found % (14 if weekly else 2) == 0
        for factor in (2, 3, 5, 7):
            while found % factor == 0:
                found //= factor
        assert found == 1


class TestDates:
    """Moves that depend on the date."""

    def test_a_kernel_by_day(self) -> None:
        """A place whose moves take longer from some day on is left later from that day on."""
        program = program_of([[(1, 1, WHOLE // 2), (1, 2, WHOLE // 2)], [(2, 5, WHOLE)], []])

        def slower(place: int, day: int) -> Moves | None:
            return (np.array([2]), np.array([9]), np.array([WHOLE])) if place == 1 and day >= 2 else None

        found = solve(program, kernel=slower)
        assert found.by_day[0].nonzero()[0].tolist() == [6, 11]
        assert found.by_day[0, [6, 11]].tolist() == [0.5, 0.5]
        assert found.mean() == pytest.approx(8.5)
        assert found.occupied[:, :11].sum(axis=0) == pytest.approx(1.0)

    def test_weekdays_as_dates(self) -> None:
        """Told by the date, weekdays give what places that read the weekday give."""
        program = weekdays()
        plain = attrs.evolve(program, places=tuple(attrs.evolve(place, weekday=None) for place in program.places))

        def of_the_day(place: int, day: int) -> Moves | None:
            if place != 1:
                return None
            mine = slice(program.offsets[1 + (4 + day) % 7], program.offsets[2 + (4 + day) % 7])
            return program.target[mine], program.days[mine], program.units[mine]

        dated, read = solve(plain, kernel=of_the_day), solve(program, weekday=4)
        days = min(dated.by_day.shape[1], read.by_day.shape[1])
        assert np.abs(dated.by_day[:, :days] - read.by_day[:, :days]).max() < 1e-14


class TestAgreement:
    """A million paths with a fixed seed, against the exact answers."""

    @pytest.mark.parametrize(
        ("program", "weekday"),
        [(chain(), 0), (loops(), 0), (coin(), 0), (weekdays(), 2), (at_random(3, weekly=True), 4), (at_random(8), 0)],
        ids=["chain", "loops", "coin", "weekdays", "weekly at random", "at random"],
    )
    def test_paths_agree(self, program: Program, weekday: int) -> None:
        """No test tells of an error."""
        walked = run(program, PATHS, 2026, weekday=weekday, keep="counts")
        found = agreement_of_counts(solve(program, weekday=weekday), walked.counts)
        assert found.agrees, str(found)
        assert found.n == PATHS

    def test_46_read_for_45(self) -> None:
        """A review of at most 46 days, walked where the table says 45, is caught by chi-square, and not by the mean."""
        walked = run(chain(longest_review=46), PATHS, 2026)
        assert walked.outcome is not None
        assert walked.days is not None
        found = agreement(solve(chain()), walked.outcome, walked.days)
        assert not found.agrees
        assert found.chi_square_p < 1e-6 < found.z_p
        assert "do not agree" in str(found)

    def test_wrong_shares(self) -> None:
        """An outcome that comes somewhat too often is caught by chi-square."""
        half = WHOLE // 2 + WHOLE // 100
        biased = program_of([[(1, 1, half), (2, 2, WHOLE - half)], [], []])
        found = agreement_of_counts(solve(coin()), run(biased, PATHS, 1, keep="counts").counts)
        assert found.chi_square_p < 1e-6

    def test_what_cannot_happen(self) -> None:
        """One path of a kind that cannot be is an error, in however many."""
        counts = np.zeros((2, 4), dtype=np.int64)
        counts[0, 1], counts[1, 2] = 500_000, 499_999
        counts[1, 3] = 1
        found = agreement_of_counts(solve(coin()), counts)
        assert found.chi_square_p == 0.0
        assert not found.agrees

    def test_no_variance(self) -> None:
        """Where all paths take the same days, one that does not is an error, and none is no error."""
        exact = solve(program_of([[(1, 3, WHOLE)], []]))
        assert agreement(exact, np.zeros(50, dtype=np.uint8), np.full(50, 3)).agrees
        assert not agreement(exact, np.zeros(50, dtype=np.uint8), np.full(50, 4)).agrees

    def test_few_paths(self) -> None:
        """A handful of paths makes one cell, and agrees."""
        walked = run(chain(), 5, 1)
        assert walked.outcome is not None
        assert walked.days is not None
        found = agreement(solve(chain()), walked.outcome, walked.days)
        assert found.cells == 1
        assert found.agrees

    def test_no_paths(self) -> None:
        """No path is nothing to compare."""
        with pytest.raises(SimulationError, match="found none"):
            agreement(solve(coin()), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint16))
        with pytest.raises(SimulationError, match="found none"):
            agreement_of_counts(solve(coin()), np.zeros((2, 3), dtype=np.int64))

    def test_false_alarms(self) -> None:
        """At a level of 0.05 each test fails for about one seed in twenty or fewer, so its chance is what it says."""
        exact, n, level = solve(chain()), 4_000, 0.05
        found = [agreement_of_counts(exact, run(chain(), n, seed, keep="counts").counts, level) for seed in range(200)]
        for name in ("chi_square_p", "distance_p", "z_p"):
            failed = sum(getattr(one, name) < level for one in found)
            assert failed <= 22, name
        assert sum(one.chi_square_p < level for one in found) >= 2

    def test_needs_scipy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without scipy the error names the extra."""
        monkeypatch.setitem(sys.modules, "scipy.stats", None)
        with pytest.raises(MissingExtra, match="checks of fit need the extra 'simulation'"):
            agreement_of_counts(solve(coin()), np.ones((2, 3), dtype=np.int64))

    def test_level(self) -> None:
        """Whether three tests agree depends on the level alone."""
        found = Agreement(10, 2, 1.0, 0.01, 0.1, 0.5, 0.0, 1.0)
        assert found.agrees
        assert not attrs.evolve(found, level=0.02).agrees


def test_mass_of_a_single_far_move() -> None:
    """A move of very few units and very many days is part of the distribution."""
    program = program_of([place_of({(1, 3): 1.0, (1, 60_000): 1e-9}), []])
    found = solve(program)
    assert found.by_day[0, 60_000] == pytest.approx(1e-9, rel=0.2)
    assert found.mean() == pytest.approx(3 + 60_000 * found.by_day[0, 60_000], rel=1e-6)
