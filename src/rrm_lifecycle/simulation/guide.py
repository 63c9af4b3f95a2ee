"""A program laid out for the lanes: from a place and a draw to a move, with two look-ups.

Each open place has a row of equal bins over the draws. An entry of a bin holds the number of the first move that the
bin can pick, and how far below 2^32 the draw at which that move ends stands, so that adding the draw carries over into
the number exactly where the next move begins. A bin in which three moves or more meet has a row of finer bins of its
own; what is left over is searched for. How many bins there are changes the speed, and never a move that is picked.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from attrs import fields, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.scalar import entered

Whole = NDArray[np.int64]

BITS: Final = 32
"""Bits of a draw."""
LOWER: Final = WHOLE - 1
WEEK: Final = 7
ROW_BITS: Final = 22
"""In the state of a lane, the lowest bits: where the row of its place begins."""
ROW: Final = (1 << ROW_BITS) - 1
DAYS_BITS: Final = 44
"""In the state of a lane, the bits below its days; those between belong to whoever walks."""

_MOST_BINS: Final = 11
_LEAST_BINS: Final = 4
_FINER: Final = 4
_ROOM: Final = 1 << 21
_MOST_FINER: Final = 1 << 20
_FLAG: Final = -(1 << 63)
_MOST_OUTCOMES: Final = 256


@frozen(eq=False)
class Guide:
    """The layout.

    The state of a lane is one number: its days so far above 44 bits, and in the lowest 22 where the row of its place
    begins.

    Attributes:
        bins: How many bits of a draw name a bin.
        entries: The entries, a row an open place, and after them those of the closed places. Negative where finer bins
            have to be asked.
        finer: Entries of the finer bins.
        moves: What each move adds to the state of a lane.
        upto: Where the draws of each move end, above those of the places before it.
        begins: Where the row of each place begins.
        place: The place whose row it is.
        weekly: Where the rows of the places that read the weekday begin.
        monday: For each row, and for the closed places, whether it is the first of seven that read the weekday.
        closed: Where the closed places begin: one entry is enough for each, since they share one row.
        ends: For each closed place, in the order of that row, the number of its outcome, above 16 bits.
    """

    bins: int
    entries: Whole
    finer: Whole
    moves: Whole
    upto: Whole
    begins: Whole
    place: Whole
    weekly: int
    monday: NDArray[np.bool_]
    closed: int
    ends: Whole

    def start(self, program: Program, weekday: int) -> int:
        """Return the state of a lane whose path starts on a day of the week."""
        return int(self.begins[entered(program, weekday)])

    def pick(self, at: Whole, lane: Whole, draw: Whole) -> Whole:
        """Return the moves of those draws that fall into bins with finer bins.

        Args:
            at: The entries of those lanes.
            lane: Their states.
            draw: Their draws.
        """
        rest = 32 - self.bins - _FINER
        entry = self.finer[(at & ~_FLAG) + ((draw >> rest) & ((1 << _FINER) - 1))]
        move = (entry + draw) >> BITS
        left = np.flatnonzero(entry < 0)
        if len(left):
            row = (lane[left] & ROW) >> self.bins
            move[left] = np.searchsorted(self.upto, (self.place[row] << (BITS + 1)) + draw[left], side="right")
        return move


_GUIDES: Final[WeakKeyDictionary[Program, Guide]] = WeakKeyDictionary()


def guide_of(program: Program) -> Guide:
    """Return the layout of a program; built once for the same program.

    Raises:
        SimulationError: Its moves do not add up, or a place cannot be left for good.
    """
    found = _GUIDES.get(program)
    if found is None:
        # A worker receives the same program anew with each block.
        found = next((guide for known, guide in list(_GUIDES.items()) if _alike(known, program)), None) or _built(
            program
        )
        _GUIDES[program] = found
    return found


def _alike(one: Program, other: Program) -> bool:
    pairs = [(getattr(one, name.name), getattr(other, name.name)) for name in fields(Program)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def checked(program: Program) -> Whole:
    """Return for each move the place that it leaves, once the program has been found walkable.

    Raises:
        SimulationError: The units of an open place do not add up to 2^32, a move leads nowhere, or a place cannot be
            left for good.
    """
    count = len(program.places)
    source = np.repeat(np.arange(count), np.diff(program.offsets))
    units = np.bincount(source, weights=program.units, minlength=count)
    wrong = np.flatnonzero(np.where(program.outcome < 0, units != WHOLE, units != 0))
    if len(wrong):
        one = int(wrong[0])
        due = "2^32" if program.outcome[one] < 0 else "0: it is closed"
        msg = f"the units of place {one}, {program.places[one]}, add up to {due}; found {int(units[one])}"
        raise SimulationError(msg)
    if len(program.units) and (
        program.units.min() < 0 or not 0 <= program.target.min() <= program.target.max() < count
    ):
        msg = "each move leads to a place of the program, with units of at least 0; found one that does not"
        raise SimulationError(msg)
    ends = program.outcome >= 0
    real = program.units > 0
    by_weekday = program.reads_weekday
    out, into = source[real], program.target[real]
    while True:
        # Whatever the weekday of arrival, each of the seven has to lead on.
        safe = ends.copy()
        for first in np.flatnonzero(by_weekday):
            safe[first] = ends[first : first + WEEK].all()
        more = ends.copy()
        more[out[safe[into]]] = True
        if np.array_equal(more, ends):
            break
        ends = more
    if not ends.all():
        one = int(np.flatnonzero(~ends)[0])
        msg = f"no path leads from place {one}, {program.places[one]}, to a close; a walk from there would never end"
        raise SimulationError(msg)
    return source


def _built(program: Program) -> Guide:
    source = checked(program)
    by_weekday = np.zeros(len(program.places), dtype=bool)
    for first in np.flatnonzero(program.reads_weekday):
        by_weekday[first : first + WEEK] = True
    is_open = program.outcome < 0
    place = np.concatenate((np.flatnonzero(is_open & ~by_weekday), np.flatnonzero(is_open & by_weekday)))
    shut = np.flatnonzero(~is_open)
    bins = _MOST_BINS
    while bins > _LEAST_BINS and len(place) << bins > _ROOM:
        bins -= 1
    if (len(place) << bins) + len(shut) > ROW or len(program.outcomes) > _MOST_OUTCOMES:
        msg = (
            f"lanes hold {ROW >> _LEAST_BINS:,} places and {_MOST_OUTCOMES} outcomes at most; "
            f"found {len(program.places):,} and {len(program.outcomes):,}: leave out facts that no answer needs"
        )
        raise SimulationError(msg)
    begins = np.zeros(len(program.places), dtype=np.int64)
    begins[place] = np.arange(len(place)) << bins
    closed = len(place) << bins
    begins[shut] = closed + np.arange(len(shut))
    total = np.cumsum(program.units, dtype=np.int64)
    before = np.concatenate(([0], total))[program.offsets[source]]
    ends = total - before
    entries, finer = _entries(program, place, ends, bins)
    stay = len(ends)
    entries = np.concatenate((entries, np.full((1 << bins) + len(shut), stay << BITS)))
    moves = (program.days.astype(np.int64) << DAYS_BITS) + begins[program.target] - begins[source]
    return Guide(
        bins=bins,
        entries=entries,
        finer=finer,
        moves=np.append(moves, 0),
        upto=(source << (BITS + 1)) + ends,
        begins=begins,
        place=place,
        weekly=int(np.count_nonzero(is_open & ~by_weekday)) << bins,
        monday=np.append(program.reads_weekday[place], np.zeros((len(shut) >> bins) + 1, dtype=bool)),
        closed=closed,
        ends=program.outcome[shut].astype(np.int64) << 16,
    )


def _entries(program: Program, place: Whole, ends: Whole, bins: int) -> tuple[Whole, Whole]:
    """Return the entries of all rows, and of the finer bins."""
    wide = BITS - bins
    low = np.tile(np.arange(1 << bins) << wide, len(place))
    of = np.repeat(place, 1 << bins)
    last = program.offsets[of + 1] - 1
    # How many moves end at or before the lower edge of each bin, counted rather than searched for.
    row = np.full(len(program.places), -1)
    row[place] = np.arange(len(place))
    source = np.repeat(row, np.diff(program.offsets))
    edge = (ends + (1 << wide) - 1) >> wide
    counted = np.bincount(source * ((1 << bins) + 1) + edge, minlength=len(place) * ((1 << bins) + 1))
    ended = np.cumsum(counted.reshape(-1, (1 << bins) + 1), axis=1)[:, :-1]
    first = ended.ravel() + program.offsets[of]
    entry, deep = _coded(first, last, low, ends, wide)
    if not len(deep):
        return entry, np.zeros(0, dtype=np.int64)
    if len(deep) << _FINER > _MOST_FINER:
        # Too many to give each bins of its own: all of them share one row, which sends each on to the search.
        entry[deep] = _FLAG
        return entry, np.full(1 << _FINER, _FLAG)
    entry[deep] = _FLAG + (np.arange(len(deep)) << _FINER)
    fine = wide - _FINER
    low = (low[deep][:, None] + (np.arange(1 << _FINER) << fine)).ravel()
    of = np.repeat(of[deep], 1 << _FINER)
    keyed = (np.repeat(np.arange(len(program.places)), np.diff(program.offsets)) << (BITS + 1)) + ends
    first = np.searchsorted(keyed, (of << (BITS + 1)) + low, side="right")
    finer, deeper = _coded(first, program.offsets[of + 1] - 1, low, ends, fine)
    finer[deeper] = _FLAG
    return entry, finer


def _coded(first: Whole, last: Whole, low: Whole, ends: Whole, wide: int) -> tuple[Whole, Whole]:
    """Return entries, and which of them stand for more than two moves."""
    end, second = ends[first], ends[np.minimum(first + 1, last)]
    high = low + (1 << wide)
    deep = np.flatnonzero((end < high) & (second < high))
    return (first << BITS) + (WHOLE - end), deep
