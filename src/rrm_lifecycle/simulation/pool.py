"""Lanes under way: their keys and states, with the room that their moves need, and the moves themselves.

A lane is two numbers: the key that its words come from, and its state, which holds its days so far, the number of its
path and its place, from the upper bits to the lower ones. Two moves are made of each word, so that all lanes use the
same half of it; a path that closes on the first half waits for the second one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from rrm_lifecycle.simulation.draws import GOLDEN, Words, mix
from rrm_lifecycle.simulation.guide import BITS, DAYS_BITS, LOWER, ROW, WEEK, Guide, Whole

# Arrays of no dimension, and functions by short names: numpy takes them up faster than numbers, at fifty calls a step.
_HALF: Final = np.array(BITS, dtype=np.uint64)
_LOWER: Final = np.array(LOWER, dtype=np.uint64)
_STEP: Final = np.array(GOLDEN, dtype=np.uint64)
_ROW: Final = np.array(ROW)
_UP: Final = np.array(BITS)
_NONE: Final = np.array(0)
add, less, mask, shift = np.add, np.less, np.bitwise_and, np.right_shift


class Pool:
    """Lanes with the room that their moves need.

    Attributes:
        key: For each lane the key of its case, moved on by each word that it has used.
        state: For each lane its state.
        moved: The moves just made, as numbers in the program; one past the last where the path had closed before.
    """

    def __init__(self, guide: Guide, key: Words, state: Whole, weekday: int) -> None:
        self._guide = guide
        self._weekday = weekday
        self._weekly = guide.weekly < guide.closed
        self._shift = np.array(BITS - guide.bins)
        self._closed = np.array(guide.closed)
        self.key = key
        self.state = state
        self._room()

    def _room(self) -> None:
        size = len(self.key)
        self._word = np.empty(size, dtype=np.uint64)
        self._bits = np.empty(size, dtype=np.uint64)
        self._draw = self._bits.view(np.int64)
        self.moved = np.empty(size, dtype=np.int64)
        self._index = np.empty(size, dtype=np.int64)
        self._yes = np.empty(size, dtype=bool)

    def keep(self, lanes: Whole) -> None:
        """Go on with some of the lanes alone."""
        self.key, self.state = self.key.take(lanes), self.state.take(lanes)
        self._room()

    def upper(self) -> None:
        """Take the next word of each lane, and make a move with its upper half."""
        add(self.key, _STEP, self.key)
        mix(self.key, self._word, self._bits)
        shift(self._word, _HALF, self._bits)
        self._move()

    def lower(self) -> None:
        """Make a move with the lower half of the word."""
        mask(self._word, _LOWER, self._bits)
        self._move()

    def _move(self) -> None:
        guide, draw, moved, index, state = self._guide, self._draw, self.moved, self._index, self.state
        shift(draw, self._shift, index)
        mask(state, _ROW, moved)
        add(index, moved, index)
        guide.entries.take(index, None, moved, "clip")
        less(moved, _NONE, self._yes)
        deep = self._yes.nonzero()[0]
        if len(deep):
            at, drawn = moved.take(deep), draw.take(deep)
        add(moved, draw, moved)
        shift(moved, _UP, moved)
        if len(deep):
            moved[deep] = guide.pick(at, state.take(deep), drawn)
        guide.moves.take(moved, None, index, "clip")
        add(state, index, state)
        if self._weekly:
            self._enter()

    def _enter(self) -> None:
        """Go from the first of seven places to that of the weekday, in lanes that have just come to one."""
        guide, index = self._guide, self._index
        mask(self.state, _ROW, index)
        shift(index, guide.bins, index)
        guide.monday.take(index, None, self._yes, "clip")
        came = self._yes.nonzero()[0]
        state = self.state.take(came)
        self.state[came] = state + ((((state >> DAYS_BITS) + self._weekday) % WEEK) << guide.bins)

    def done(self) -> Whole:
        """Return the lanes whose path has closed."""
        mask(self.state, _ROW, self._index)
        np.greater_equal(self._index, self._closed, self._yes)
        return self._yes.nonzero()[0]

    def left(self) -> Whole:
        """Return the other lanes, once it has been asked which are done."""
        return np.logical_not(self._yes, self._yes).nonzero()[0]
