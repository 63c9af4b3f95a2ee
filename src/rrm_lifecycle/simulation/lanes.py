"""Many paths at once: a fixed pool of lanes, each refilled where it stands as soon as its path has closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.draws import case_keys, key_of
from rrm_lifecycle.simulation.guide import DAYS_BITS, ROW, ROW_BITS, WEEK, Guide, Whole, checked, guide_of
from rrm_lifecycle.simulation.pool import Pool
from rrm_lifecycle.simulation.program import Program

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

LANES: Final = 32_768
"""How many paths are under way at the same time."""
BLOCK: Final = 1_000_000
"""How many paths a block of a run has."""
MOST_DAYS: Final = (1 << 16) - 1
"""The longest path that two bytes can tell."""

_MOST_AT_ONCE: Final = 1 << (DAYS_BITS - ROW_BITS)
# A move in a log: its kind in the lowest bits, and its day where a lane holds it.
_KIND: Final = (1 << DAYS_BITS) - 1
_ABOVE: Final = np.array(-1 << DAYS_BITS)
_UNDER_WAY: Final = 64
_TOO_LONG: Final = f"a path takes more than {MOST_DAYS:,} days, about 179 years: check the days of the behaviour"
_SHORT: Final = 16
# Between two looks a lane makes at most six moves of at most 65,535 days: too few to run out of the bits of the days.
_LOOK: Final = 3


def walk(  # noqa: PLR0913 - all but four by name
    program: Program, first: int, n: int, key: int, *, weekday: int = 0, lanes: int = LANES
) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Walk paths to their close, and return how and when each of them closed.

    Args:
        program: The program.
        first: Number of the first path in the run.
        n: How many paths.
        key: Key of the run, from :func:`rrm_lifecycle.simulation.draws.key_of`.
        weekday: Day of the week on which the paths start; Monday is 0.
        lanes: How many paths are under way at the same time; this changes the speed alone.

    Returns:
        For each path the number of its outcome, and the whole days that it took.

    Raises:
        SimulationError: A path takes more than 65,535 days, or the program cannot be walked.
    """
    guide = guide_of(program)
    ended = np.empty(n, dtype=np.uint32)
    for begin in range(0, n, _MOST_AT_ONCE):
        end = min(n, begin + _MOST_AT_ONCE)
        _fill(ended[begin:end], guide, guide.start(program, weekday), first + begin, key, weekday, lanes)
    return (ended >> np.uint32(_SHORT)).astype(np.uint8), ended.astype(np.uint16)


def _fill(  # noqa: PLR0913, PLR0917 - one call, in one place
    ended: NDArray[np.uint32], guide: Guide, start: int, first: int, key: int, weekday: int, lanes: int
) -> None:
    """Walk a path for each place of an array: its outcome above 16 bits, and its days."""
    n = len(ended)
    size = waiting = min(lanes, n)
    case = np.arange(size)
    pool = Pool(guide, case_keys(key, case + first), (case << ROW_BITS) + start, weekday)
    while len(pool.state):
        for _ in range(_LOOK):
            pool.upper()
            pool.lower()
            done = pool.done()
            shut = pool.state.take(done)
            np.right_shift(shut, ROW_BITS, case := np.empty_like(shut))
            np.bitwise_and(case, _MOST_AT_ONCE - 1, case)
            days = _days_of(shut)
            days += guide.ends.take((shut & ROW) - guide.closed)
            ended[case] = days.astype(np.uint32)
            more = min(len(done), n - waiting)
            if more:
                fresh = done[:more]
                number = np.arange(first + waiting, first + waiting + more)
                pool.key[fresh] = case_keys(key, number)
                number -= first
                np.left_shift(number, ROW_BITS, number)
                number += start
                pool.state[fresh] = number
                waiting += more
            if more < len(done):
                left = np.ones(len(pool.state), dtype=bool)
                left[done[more:]] = False
                pool.keep(left.nonzero()[0])
        _days_of(pool.state)


def _days_of(state: Whole) -> Whole:
    days = state >> DAYS_BITS
    if len(days) and days.max() > MOST_DAYS:
        raise SimulationError(_TOO_LONG)
    return days


# ---- the log ---------------------------------------------------------------------------------------------------------
class Log(NamedTuple):
    """The moves of some paths, one path after the other, in whole numbers as short as the program allows.

    Attributes:
        offsets: Where the moves of each path begin, and where those of the last end.
        kind: For each move which kind it is: moves to one place by one row are of one kind.
        day: Whole days from the start of the path to the move.
        places: For each kind of move the number of the place that it leads to.
        rules: For each kind of move the number of the row that admits it.
    """

    offsets: NDArray[np.integer]
    kind: NDArray[np.integer]
    day: NDArray[np.uint16]
    places: NDArray[np.integer]
    rules: NDArray[np.integer]

    @property
    def place(self) -> NDArray[np.integer]:
        """Number of the place that each move leads to; of seven that read the weekday, that of the day of arrival."""
        return self.places.take(self.kind)

    @property
    def rule(self) -> NDArray[np.integer]:
        """Number of the row that admits each move."""
        return self.rules.take(self.kind)


def log(program: Program, cases: NDArray[np.integer], key: int, weekday: int = 0) -> Log:
    """Walk some paths of a run again, and return each of their moves.

    Args:
        program: The program.
        cases: Numbers of the paths in the run.
        key: Key of the run.
        weekday: Day of the week on which the paths start; Monday is 0.

    Raises:
        SimulationError: A path takes more than 65,535 days, or the program cannot be walked.
    """
    guide = guide_of(program)
    start = guide.start(program, weekday)
    said, places, rules = _kinds(program)
    weekly = program.reads_weekday.take(places)
    shorts = (_short_for(len(places)), np.dtype(np.uint16))
    counts: list[Whole] = []
    columns: list[list[NDArray[Any]]] = [[np.zeros(0, dtype=short)] for short in shorts]
    # Each pool of lanes is unpacked while it is at hand: it fits into the cache, and the whole log does not.
    for at in range(0, len(cases), LANES):
        count, packed = _logged(guide, said, start, cases[at : at + LANES], key, weekday)
        day = _days_of(packed)
        packed &= _KIND
        if guide.weekly < guide.closed:
            packed += np.where(weekly.take(packed), (day + weekday) % WEEK, 0)
        counts.append(count)
        for column, values, short in zip(columns, (packed, day), shorts, strict=True):
            column.append(values.astype(short))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
    wide = np.int32 if offsets[-1] <= np.iinfo(np.int32).max else np.int64
    kind, days = map(np.concatenate, columns)
    return Log(
        offsets.astype(wide), kind, days,
        places.astype(_short_for(len(program.places))), rules.astype(_short_for(len(program.rules))),
    )  # fmt: skip


def _kinds(program: Program) -> tuple[Whole, Whole, Whole]:
    """Return the kind of each move, and none after them, and for each kind its place and its rule.

    The kinds of moves by one row to seven places that read the weekday stand in a row, as the places do.
    """
    places = len(program.places)
    moves = program.rule.astype(np.int64) * places + program.target
    used = np.zeros(max(len(program.rules), 1) * places, dtype=bool)
    used[moves] = True
    weekly = moves[program.reads_weekday[program.target]]
    used[(weekly[:, None] + np.arange(WEEK)).ravel()] = True
    number = np.cumsum(used) - 1
    rules, targets = np.divmod(used.nonzero()[0], places)
    return np.append(number[moves], 0), targets, rules


def _short_for(count: int) -> np.dtype[Any]:
    """Return the shortest kind of whole number that tells so many apart."""
    return np.min_scalar_type(max(count - 1, 0))


def _logged(  # noqa: PLR0913, PLR0917 - one call, in one place
    guide: Guide, said: Whole, start: int, cases: NDArray[np.integer], key: int, weekday: int
) -> tuple[Whole, Whole]:
    """Return how many moves each path makes, and the moves: the kind of each, below the day."""
    n = len(cases)
    pool = Pool(guide, case_keys(key, cases), np.full(n, start), weekday)
    who, counts = np.arange(n), np.zeros(n, dtype=np.int64)
    words: list[tuple[Whole, Whole, Whole]] = []
    while start < guide.closed and len(who):
        pool.upper()
        upper = (pool.state & _ABOVE) + said.take(pool.moved)
        pool.lower()
        words.append((who, upper, (pool.state & _ABOVE) + said.take(pool.moved)))
        done = pool.done()
        # A path that closed on the first half did not move on the second.
        counts[who.take(done)] = 2 * len(words) - (pool.moved.take(done) == len(said) - 1)
        _days_of(pool.state)
        left = pool.left()
        who = who.take(left)
        pool.keep(left)
    ends = np.cumsum(counts)
    begins = ends - counts
    moves = np.empty(int(counts.sum()) + 1, dtype=np.int64)
    # The last step first: what a path says after it has closed falls on the first move of the next one, said last.
    for word in reversed(range(len(words))):
        lanes, upper, lower = words[word]
        at = begins.take(lanes)
        at += 2 * word + 1
        moves[at] = lower
        at -= 1
        moves[at] = upper
    return counts, moves[:-1]


# ---- a run -----------------------------------------------------------------------------------------------------------
@frozen(eq=False)
class Walked:
    """What a run found.

    Attributes:
        n: How many paths were walked.
        counts: How many of them closed so (first index) after so many days (second index).
        outcome: For each path the number of its outcome; None where counts alone were asked for.
        days: For each path its days; None where counts alone were asked for.
    """

    n: int
    counts: Whole = field(repr=False)
    outcome: NDArray[np.uint8] | None = field(default=None, repr=False)
    days: NDArray[np.uint16] | None = field(default=None, repr=False)


Part = tuple[Whole, NDArray[np.uint8] | None, NDArray[np.uint16] | None]


def blocks(n: int, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Yield the blocks that a run of ``n`` paths is cut into: the number of the first path of each, and how many.

    Example:
        >>> list(blocks(25, 10))
        [(0, 10), (10, 10), (20, 5)]
    """
    return ((first, min(size, n - first)) for first in range(0, n, size))


def walk_block(  # noqa: PLR0913, PLR0917 - what an executor is given goes by place
    program: Program, first: int, n: int, key: int, weekday: int, keep: str
) -> Part:
    """Walk one block of a run; this is what an executor is asked to do."""
    outcome, days = walk(program, first, n, key, weekday=weekday)
    width = int(days.max()) + 1
    counts = np.bincount(outcome.astype(np.int64) * width + days, minlength=len(program.outcomes) * width)
    found = counts.reshape(len(program.outcomes), width)
    return (found, outcome, days) if keep == "paths" else (found, None, None)


def run(  # noqa: PLR0913 - all but three by name
    program: Program,
    n: int,
    seed: int,
    *,
    executor: Executor | None = None,
    block: int = BLOCK,
    weekday: int = 0,
    progress: Callable[[int, int], object] | None = None,
    keep: Literal["paths", "counts"] = "paths",
) -> Walked:
    """Walk the paths 0 to n - 1 of a seed.

    The result is the same to the bit whatever the executor, the size of the blocks and the order in which they are done.

    Args:
        program: The program.
        n: How many paths.
        seed: Seed of the run.
        executor: Who walks the blocks, such as a process pool; walked here and now if None.
        block: How many paths a block has.
        weekday: Day of the week on which the paths start; Monday is 0.
        progress: Told after each block how many paths are done, and of how many.
        keep: ``"paths"`` for the outcome and the days of each path, at three bytes a path, or ``"counts"`` alone.

    Raises:
        SimulationError: A number is not what it has to be, a path takes more than 65,535 days, or the executor does not
            finish; no partial result is given.
    """
    key = key_of(seed)
    for name, value in (("n, how many paths are walked,", n), ("block, how many of them at a time,", block)):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            msg = f"{name} is a whole number of at least 1; found {value!r}"
            raise SimulationError(msg)
    checked(program)
    found: dict[str, list[NDArray[Any]]] = {"outcome": [], "days": []}
    counts, done = np.zeros((len(program.outcomes), 1), dtype=np.int64), 0
    for part in _parts(program, n, key, executor, block, weekday, keep):
        wide = max(counts.shape[1], part[0].shape[1])
        counts, more = (np.pad(one, ((0, 0), (0, wide - one.shape[1]))) for one in (counts, part[0]))
        counts += more
        if part[1] is not None and part[2] is not None:
            found["outcome"].append(part[1])
            found["days"].append(part[2])
        done = min(done + block, n)
        if progress is not None:
            progress(done, n)
    whole = {name: np.concatenate(one) for name, one in found.items() if one}
    return Walked(n, counts, **whole)


def _parts(  # noqa: PLR0913, PLR0917 - one call, in one place
    program: Program, n: int, key: int, executor: Executor | None, block: int, weekday: int, keep: str
) -> Iterator[Part]:
    """Yield what the blocks give, in their order."""
    if executor is None:
        for first, size in blocks(n, block):
            yield walk_block(program, first, size, key, weekday, keep)
        return
    waiting: deque[Future[Part]] = deque()
    try:
        for first, size in blocks(n, block):
            waiting.append(executor.submit(walk_block, program, first, size, key, weekday, keep))
            if len(waiting) == _UNDER_WAY:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except (GeneratorExit, SimulationError):
        raise
    except Exception as error:
        msg = (
            f"the executor did not finish: {type(error).__name__}: {error}; nothing was kept. "
            "The same seed gives the same paths once more, with or without an executor"
        )
        raise SimulationError(msg) from error
    finally:
        for one in waiting:
            one.cancel()
