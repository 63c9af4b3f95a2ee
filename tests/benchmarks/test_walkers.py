"""The ways to walk paths: every one that is installed walks the same chain."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from benchmarks import elsewhere, simulating, walkers
from benchmarks.harness import figures_of
from benchmarks.simulating import speeds
from benchmarks.walkers_made import Walk
from rrm_lifecycle.simulation.exact import Exact, solve
from rrm_lifecycle.simulation.program import Program

SIGMAS = 5.0
"""How far the mean of the days may lie from the exact one, in standard errors: one run in two million lies farther."""
FEW = 3_000
"""Paths that a slow library walks here."""


@contextmanager
def walking(one: walkers.Walker, program: Program) -> Iterator[Walk]:
    """Give the walk of a contender, and end the Python in which it ran."""
    walk = one.make(program)
    try:
        yield walk
    finally:
        walkers.ended(walk)


def off(mean: float, exact: Exact, paths: int) -> float:
    """Return by how many standard errors a mean is off."""
    return float(abs(mean - exact.mean()) / (exact.variance() / paths) ** 0.5)


class TestSameChain:
    """The mean of the days that a contender walks agrees with the exact one."""

    @pytest.mark.filterwarnings("default")  # what the libraries warn of is theirs
    @pytest.mark.parametrize(
        "one", walkers.there((*walkers.WALKERS, *walkers.FOR_CHAINS)), ids=lambda one: str(one.name)
    )
    def test_it_walks_the_chain_of_twelve_places(self, one: walkers.Walker) -> None:
        """The exact mean lies within the interval of what it walked."""
        paths = min(one.paths, FEW)
        program = walkers.chain()
        with walking(one, program) as walk:
            first, second = walk(paths), walk(paths)
        exact = solve(program)
        assert max(off(first, exact, paths), off(second, exact, paths)) < SIGMAS
        assert first != second or one.name.startswith("ours")  # which are keyed: the same paths each time

    @pytest.mark.filterwarnings("default")
    @pytest.mark.parametrize(
        "one", [one for one in walkers.there(walkers.FOR_CHAINS) if not one.apart], ids=lambda one: str(one.name)
    )
    def test_another_chain_is_told_apart(self, one: walkers.Walker) -> None:
        """A chain of one sure day gives one day: no contender has the days of another one built in."""
        with walking(one, walkers.behind(2)) as walk:
            days = walk(50)
        assert 1.0 <= days <= 2.0

    def test_a_mean_that_is_twenty_days_off_is_seen(self) -> None:
        """The interval of three thousand paths tells twenty days of two hundred, and lets a day by."""
        exact = solve(walkers.chain())
        assert off(exact.mean() + 20, exact, FEW) > SIGMAS
        assert off(exact.mean() + 1, exact, FEW) < SIGMAS


class TestRace:
    """All take turns, and none pays for what others left behind."""

    def test_what_was_there_before_is_looked_through_by_nobody(self) -> None:
        """While they walk, the collector of garbage knows of nothing older; afterwards it does again."""
        exact = solve(walkers.chain())
        frozen: list[int] = []
        before = gc.get_freeze_count()  # from 3.12 on, some are from the start

        def make(_: Program) -> Walk:
            def walk(_: int) -> float:
                frozen.append(gc.get_freeze_count())
                return exact.mean()

            return walk

        (found,) = simulating._race(walkers.chain(), [walkers.Walker("one", make, 1)], 2, 0.0)
        assert len(found.rounds) == 2
        assert frozen[0] == before < min(frozen[1:])
        assert gc.get_freeze_count() <= before

    def test_who_walks_another_program_is_refused(self) -> None:
        """A mean that is far off the exact one is an error, with the name."""
        walker = walkers.Walker("astray", lambda _: lambda _: 1.0, 1_000)
        with pytest.raises(RuntimeError, match="astray walks another program"):
            simulating._race(walkers.chain(), [walker], 1, 0.0)


class TestElsewhere:
    """What needs a Python of its own is asked through a pipe."""

    def test_a_program_is_told_whole(self) -> None:
        """The shares of the places that follow, and of the days before each, add up to those of the program."""
        program = walkers.chain()
        told = elsewhere.plain(program)
        for place, onward in enumerate(told["onward"]):
            assert bool(onward) == (program.outcome[place] < 0)
            if onward:
                assert sum(share for _, share in onward) == pytest.approx(1.0, abs=1e-9)
            for (_, share), (days, shares) in zip(onward, told["stay"][place], strict=True):
                assert sum(shares) == pytest.approx(share, abs=1e-12)
                assert min(days) >= 1

    def test_a_python_that_is_not_there_has_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A variable that names no Python makes the library one that is missing, by its name and that variable."""
        monkeypatch.setenv("RRM_PM4PY_PYTHON", str(Path("no", "such", "python")))
        assert not elsewhere.has("pm4py")
        assert "pm4py" not in elsewhere.versions()
        assert "pm4py (RRM_PM4PY_PYTHON names no Python that has it)" in walkers.missing()

    def test_the_variable_names_the_python(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a variable it is the Python that runs."""
        monkeypatch.setenv("RRM_CIMBA_PYTHON", "/other/python")
        assert elsewhere.python_of("cimba") == "/other/python"
        monkeypatch.delenv("RRM_CIMBA_PYTHON")
        assert elsewhere.python_of("cimba") == sys.executable

    def test_a_python_that_ends_is_told_with_its_last_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A library that is not installed there is an error with its name, not a wait."""
        monkeypatch.setitem(elsewhere.VARIABLES, "none", "RRM_NO_SUCH_VARIABLE")
        with pytest.raises(elsewhere.ElsewhereError, match=r"none ended with 1: .*KeyError: 'none'"):
            elsewhere.Elsewhere("none", walkers.chain())(1)


class TestPrograms:
    """Programs of any size, for growth."""

    @pytest.mark.parametrize("places", [3, 10, 100])
    def test_places_beside_each_other_are_walked_in_two_moves(self, places: int) -> None:
        """Each path comes to one place, stays there 1 to 30 days, and ends."""
        program = walkers.beside(places)
        assert len(program.places) == places
        assert solve(program).mean() == pytest.approx(1 + 15.5, abs=1e-5)

    @pytest.mark.parametrize("places", [2, 10, 100])
    def test_places_behind_one_another_are_walked_one_by_one(self, places: int) -> None:
        """Each place but the last takes a day and a half on average."""
        program = walkers.behind(places)
        assert len(program.places) == places
        assert solve(program).mean() == pytest.approx(1.5 * (places - 1), rel=1e-6)
        assert int(np.count_nonzero(program.outcome >= 0)) == 1


class TestTable:
    """Speeds as a table."""

    def test_a_note_makes_a_column(self) -> None:
        """What a reader has to know stands behind the ratio, where there is some."""
        text = speeds("T", figures_of({"ours": [0.05], "theirs": [50.0]}, {"theirs": "knows no days"}))
        assert text.splitlines()[-1] == "| theirs | 20 k | 20 k to 20 k | 1,000 | knows no days |"
        assert "what to know" not in speeds("T", figures_of({"ours": [0.05]}))
