"""Lanes walk the very paths of the scalar reference, whoever walks them and in whatever order."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from threading import Event
from typing import Any

import attrs
import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.draws import draw, key_of
from rrm_lifecycle.simulation.guide import guide_of
from rrm_lifecycle.simulation.lanes import Walked, blocks, log, run, walk
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.scalar import entered, path
from tests.simulation.programs import at_random, chain, coin, loops, place_of, program_of, weekdays

SEED = 2026


def reference(program: Program, cases: range, weekday: int, seed: int = SEED) -> list[tuple[int, int]]:
    """Return outcome and days of some paths by the scalar reference."""
    found = []
    for case in cases:
        moves = list(path(program, seed, case, weekday=weekday))
        end = moves[-1].place if moves else entered(program, weekday)
        found.append((int(program.outcome[end]), sum(move.days for move in moves)))
    return found


def same(program: Program, n: int, *, weekday: int = 0, lanes: int = 50, first: int = 0) -> None:
    """Check that lanes and log equal the reference."""
    outcome, days = walk(program, first, n, key_of(SEED), weekday=weekday, lanes=lanes)
    cases = range(first, first + n)
    assert list(zip(outcome.tolist(), days.tolist(), strict=True)) == reference(program, cases, weekday)
    logged = log(program, np.arange(first, first + n), key_of(SEED), weekday)
    for number, case in enumerate(cases):
        moves = list(path(program, SEED, case, weekday=weekday))
        mine = slice(logged.offsets[number], logged.offsets[number + 1])
        assert logged.place[mine].tolist() == [move.place for move in moves]
        assert logged.rule[mine].tolist() == [move.rule for move in moves]
        assert logged.day[mine].tolist() == np.cumsum([move.days for move in moves], dtype=int).tolist()


def alike(one: Walked, other: Walked) -> None:
    """Check that two runs are the same to the bit."""
    assert one.outcome is not None
    assert one.days is not None
    assert other.outcome is not None
    assert other.days is not None
    assert one.outcome.tobytes() == other.outcome.tobytes()
    assert one.days.tobytes() == other.days.tobytes()
    assert one.counts.tobytes() == other.counts.tobytes()


class TestReference:
    """Lanes against the scalar reference, bit for bit."""

    def test_chain(self) -> None:
        """On the chain of twelve places they are the same."""
        same(chain(), 1_000)

    def test_loops(self) -> None:
        """With loops, and moves that take no day, they are the same."""
        same(loops(), 1_000)

    @pytest.mark.parametrize("weekday", range(7))
    def test_weekdays(self, weekday: int) -> None:
        """Where a place reads the weekday they are the same, on whatever day paths start."""
        same(weekdays(), 300, weekday=weekday)

    @pytest.mark.parametrize("seed", range(30))
    def test_random_programs(self, seed: int) -> None:
        """On programs drawn at random they are the same."""
        same(at_random(seed, weekly=seed % 2 == 1), 200, weekday=seed % 7)

    def test_finest_bins(self) -> None:
        """Where very many moves of very few units meet in one bin they are the same."""
        crowd = {(1 + day % 2, day): 1e-7 if day else 1.0 for day in range(3_000)}
        tail = program_of([place_of(crowd), [], []])
        assert (guide_of(tail).finer < 0).any()
        same(tail, 300)
        moves = np.arange(len(tail.units))
        ends = np.cumsum(tail.units)
        drawn = np.concatenate(([0, WHOLE - 1], ends[:-1], ends[:-1] - 1))
        guide = guide_of(tail)
        entry = guide.entries[drawn >> (32 - guide.bins)]
        picked = (entry + drawn) >> 32
        deep = entry < 0
        picked[deep] = guide.pick(entry[deep], np.zeros(deep.sum(), dtype=np.int64), drawn[deep])
        assert picked.tolist() == moves[np.searchsorted(ends, drawn, side="right")].tolist()

    def test_one_guide(self) -> None:
        """A program that is the same in all shares the guide of one walked before; with another row it has its own."""
        first, same_again = loops(), loops()
        other = attrs.evolve(first, rules=(*first.rules[:-1], "another"))
        assert guide_of(same_again) is guide_of(first) is not guide_of(other)

    def test_too_many_bins(self) -> None:
        """Where bins of their own would take too much room, moves are searched for, and are the same."""
        crowd = [
            place_of({(min(place + 1 + day % 3, 60), day // 3): 1.0 + day % 3 for day in range(4_500)})
            for place in range(60)
        ]
        wide = program_of([*crowd, []])
        assert (guide_of(wide).entries < 0).sum() > len(guide_of(wide).finer)
        same(wide, 20)

    def test_moves_without_units_are_never_made(self) -> None:
        """A move of no units is never picked, at the beginning, in the middle or at the end."""
        program = program_of([[(1, 1, 0), (1, 2, WHOLE // 2), (1, 3, 0), (2, 4, WHOLE // 2), (2, 5, 0)], [], []])
        _, days = walk(program, 0, 2_000, key_of(SEED))
        assert set(days.tolist()) == {2, 4}
        same(program, 100)

    def test_closed_from_the_start(self) -> None:
        """A path that starts closed makes no move."""
        program = program_of([[]])
        outcome, days = walk(program, 0, 3, key_of(SEED))
        assert (outcome.tolist(), days.tolist()) == ([0, 0, 0], [0, 0, 0])
        assert log(program, np.arange(3), key_of(SEED)).offsets.tolist() == [0, 0, 0, 0]

    def test_starts_in_a_place_that_reads_the_weekday(self) -> None:
        """A path that starts in one of seven starts in that of its weekday."""
        program = attrs.evolve(weekdays(), start=1)
        for weekday in (0, 5, 6):
            same(program, 100, weekday=weekday)

    def test_a_larger_draw_picks_no_earlier_move(self) -> None:
        """Draws are turned into moves in order: what couples two programs move by move."""
        program = program_of([[(1, day, WHOLE // 8) for day in range(8)], []])
        drawn = np.array([draw(key_of(SEED), case, 0) for case in range(500)])
        _, days = walk(program, 0, 500, key_of(SEED))
        assert days.tolist() == (drawn >> 29).tolist()


class TestLanes:
    """What changes the speed changes no path."""

    @pytest.mark.parametrize("lanes", [1, 7, 64, 5_000])
    def test_number_of_lanes(self, lanes: int) -> None:
        """However many paths are under way at the same time, they are the same."""
        outcome, days = walk(chain(), 0, 1_000, key_of(1), lanes=lanes)
        same_outcome, same_days = walk(chain(), 0, 1_000, key_of(1))
        assert np.array_equal(outcome, same_outcome)
        assert np.array_equal(days, same_days)

    def test_a_path_alone(self) -> None:
        """A path walked alone is the same as among the others, however far down the run."""
        _, days = walk(chain(), 10**15, 100, key_of(1))
        _, one = walk(chain(), 10**15 + 42, 1, key_of(1))
        assert one[0] == days[42]

    def test_no_path(self) -> None:
        """Of no path nothing comes back, without an error."""
        outcome, days = walk(chain(), 0, 0, key_of(1))
        assert (len(outcome), len(days)) == (0, 0)
        assert len(log(chain(), np.zeros(0, dtype=np.int64), key_of(1)).day) == 0

    def test_log_is_short(self) -> None:
        """In the log of a small program a move takes three bytes, one for its kind and two for its day, and a path four."""
        logged = log(chain(), np.arange(1_000), key_of(1))
        assert logged.kind.nbytes == len(logged.day)
        assert logged.day.nbytes == 2 * len(logged.day)
        assert logged.offsets.nbytes == 4 * 1_001
        pairs = set(zip(logged.places.tolist(), logged.rules.tolist(), strict=True))
        assert len(pairs) == len(logged.places) <= 256

    def test_log_in_any_order(self) -> None:
        """The log of some cases is that of each of them, in the order asked for, twice if asked twice."""
        logged = log(chain(), np.array([9, 3, 9]), key_of(1))
        alone = log(chain(), np.array([3]), key_of(1))
        begin, middle, later, end = logged.offsets.tolist()
        assert logged.day[middle:later].tolist() == alone.day.tolist()
        assert logged.day[begin:middle].tolist() == logged.day[later:end].tolist()


class OutOfOrder(ThreadPoolExecutor):
    """Threads that finish the first block after the second."""

    def __init__(self) -> None:
        super().__init__(2)
        self._later = Event()
        self._count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a block; the first one waits for the second."""
        self._count += 1
        first = self._count == 1

        def late() -> Any:
            if first:
                assert self._later.wait(30)
            found = fn(*args, **kwargs)
            self._later.set()
            return found

        return super().submit(late)


class Dies(Executor):
    """An executor that does two blocks and then no more."""

    def __init__(self) -> None:
        self.given: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a block."""
        future: Future[Any] = Future()
        if len(self.given) < 2:
            future.set_result(fn(*args, **kwargs))
        elif len(self.given) == 2:
            future.set_exception(OSError("the machine is gone"))
        self.given.append(future)
        return future


class TestRuns:
    """Runs in blocks."""

    def test_blocks(self) -> None:
        """Blocks cover a run without a gap, and the last one is as short as it has to be."""
        assert list(blocks(25, 10)) == [(0, 10), (10, 10), (20, 5)]
        assert list(blocks(3)) == [(0, 3)]

    @pytest.mark.parametrize("block", [1_000, 999, 333, 5_000])
    def test_size_of_blocks(self, block: int) -> None:
        """Whatever the size of the blocks, paths and counts are the same."""
        one, other = run(chain(), 2_000, 5), run(chain(), 2_000, 5, block=block)
        alike(one, other)

    def test_out_of_order(self) -> None:
        """Blocks that are done out of order come back in order."""
        with OutOfOrder() as executor:
            other = run(weekdays(), 3_000, 5, block=1_000, weekday=4, executor=executor)
        one = run(weekdays(), 3_000, 5, weekday=4)
        alike(one, other)

    def test_processes(self) -> None:
        """Two processes give the same bytes as none."""
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
            other = run(chain(), 20_000, 5, block=3_000, executor=executor)
        one = run(chain(), 20_000, 5)
        alike(one, other)

    def test_counts_alone(self) -> None:
        """Counts tell how many paths closed so after so many days, and need no paths to be kept."""
        whole, counts = run(loops(), 5_000, 5), run(loops(), 5_000, 5, keep="counts", block=900)
        assert counts.outcome is None
        assert counts.days is None
        assert np.array_equal(whole.counts, counts.counts)
        assert whole.outcome is not None
        assert whole.days is not None
        assert whole.counts.sum() == 5_000
        assert whole.counts[1, 4] == ((whole.outcome == 1) & (whole.days == 4)).sum()

    def test_progress(self) -> None:
        """Progress is told after each block, up to all of them."""
        told: list[tuple[int, int]] = []
        run(coin(), 25, 1, block=10, progress=lambda done, n: told.append((done, n)))
        assert told == [(10, 25), (20, 25), (25, 25)]


class TestRefusals:
    """What stops a run, and says so."""

    def test_an_executor_that_dies(self) -> None:
        """An executor that stops in the middle is an error, what waits is called off, and nothing is kept."""
        executor = Dies()
        with pytest.raises(SimulationError, match=r"did not finish: OSError: the machine is gone; nothing was kept"):
            run(chain(), 1_000, 1, block=100, executor=executor)
        assert all(future.cancelled() for future in executor.given[3:])

    def test_processes_that_die(self) -> None:
        """Worker processes that end are an error, too."""
        context = multiprocessing.get_context("spawn")
        with (
            ProcessPoolExecutor(1, mp_context=context, initializer=os._exit, initargs=(1,)) as executor,
            pytest.raises(SimulationError, match="BrokenProcessPool"),
        ):
            run(chain(), 1_000, 1, executor=executor)

    def test_an_executor_that_is_shut(self) -> None:
        """An executor that takes no more work is an error."""
        executor = ThreadPoolExecutor(1)
        executor.shutdown()
        with pytest.raises(SimulationError, match="did not finish: RuntimeError"):
            run(chain(), 1_000, 1, executor=executor)

    @pytest.mark.parametrize("n", [0, -1, 1.5, True, "7", None])
    def test_no_paths(self, n: object) -> None:
        """A run of no path, or of no whole number of them, is refused."""
        with pytest.raises(SimulationError, match="how many paths are walked"):
            run(chain(), n, 1)  # type: ignore[arg-type]
        with pytest.raises(SimulationError, match="how many of them at a time"):
            run(chain(), 10, 1, block=n)  # type: ignore[arg-type]

    def test_a_trap(self) -> None:
        """A program with places that no path leaves for good is refused, and the place is named."""
        program = program_of([[(1, 1, WHOLE // 2), (2, 1, WHOLE // 2)], [(1, 1, WHOLE)], []])
        with pytest.raises(SimulationError, match="no path leads from place 1, "):
            walk(program, 0, 10, key_of(1))

    def test_a_trap_on_one_weekday(self) -> None:
        """One of seven places that leads nowhere on is enough to refuse."""
        program = weekdays()
        stuck = program.target.copy()
        first, last = program.offsets[4], program.offsets[5]
        stuck[first:last] = 1
        moves = program.days.copy()
        moves[first:last] = 7
        with pytest.raises(SimulationError, match="no path leads from place 4"):
            walk(attrs.evolve(program, target=stuck, days=moves), 0, 10, key_of(1))

    def test_units_that_do_not_add_up(self) -> None:
        """A place whose units do not add up to 2^32 is refused."""
        with pytest.raises(SimulationError, match=r"add up to 2\^32; found 7"):
            walk(program_of([[(1, 1, 7)], []]), 0, 10, key_of(1))
        with pytest.raises(SimulationError, match="units of at least 0"):
            walk(program_of([[(1, 1, -1), (1, 2, WHOLE + 1)], []]), 0, 10, key_of(1))
        with pytest.raises(SimulationError, match="leads to a place of the program"):
            walk(program_of([[(2, 1, WHOLE)], []]), 0, 10, key_of(1))

    @pytest.mark.parametrize("shut", [1, 2])
    def test_a_closed_place_is_left(self, shut: int) -> None:
        """A place that is closed has no move, whichever end it is."""
        program = coin()
        offsets = program.offsets.copy()
        offsets[shut + 1 :] = 3
        more: dict[str, Any] = {name: np.append(getattr(program, name), 0) for name in ("target", "days", "rule")}
        left = attrs.evolve(program, offsets=offsets, units=np.append(program.units, 5), **more)
        with pytest.raises(SimulationError, match=rf"place {shut}, .*, add up to 0: it is closed; found 5"):
            walk(left, 0, 10, key_of(1))

    def test_too_many_outcomes(self) -> None:
        """More outcomes than a byte can tell are refused."""
        many = attrs.evolve(coin(), outcomes=coin().outcomes * 200)
        with pytest.raises(SimulationError, match="256 outcomes at most; found 3 and 400"):
            walk(many, 0, 10, key_of(1))

    def test_too_long(self) -> None:
        """A path of more days than two bytes hold is an error, also one that never seems to end."""
        program = program_of([[(1, 60_000, WHOLE)], [(2, 60_000, WHOLE)], []])
        with pytest.raises(SimulationError, match="more than 65,535 days"):
            walk(program, 0, 10, key_of(1))
        with pytest.raises(SimulationError, match="more than 65,535 days"):
            log(program, np.arange(3), key_of(1))
        with pytest.raises(SimulationError, match="more than 65,535 days"):
            walk(program_of([[(0, 65_535, WHOLE - 1), (1, 0, 1)], []]), 0, 10, key_of(1))

    def test_the_longest(self) -> None:
        """A path of 65,535 days is walked."""
        assert walk(program_of([[(1, 65_535, WHOLE)], []]), 0, 2, key_of(1))[1].tolist() == [65_535, 65_535]

    def test_a_failing_block_says_why(self) -> None:
        """An error of the walk comes through an executor as it is."""
        with (
            ThreadPoolExecutor(1) as executor,
            pytest.raises(SimulationError, match="more than 65,535 days"),
        ):
            run(program_of([[(0, 60_000, WHOLE - 1), (1, 0, 1)], []]), 10, 1, executor=executor)
