"""The distribution of a path by its frequencies: places are taken out one by one, until what is left can be solved.

At a frequency a number of days is a turn in the complex plane, so that days that add up multiply, and a program is a
matrix of the size of its places. To take out a place is to join each edge into it with each edge out of it, its own
loop summed up. Many frequencies go through this at once.

A place that reads the weekday sorts its arrivals by day modulo 7, which mixes each frequency with six others. Such
places are not taken out: they are solved for, seven frequencies at a time, and the others follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.simulation.guide import WEEK, Whole
from rrm_lifecycle.simulation.program import WHOLE, Program

Floats = NDArray[np.float64]
Values = NDArray[Any]
Node = int

START: Final = -1
"""The node that stands before the place where a path starts."""
LEFT: Final = 1e-15
"""Share of the paths that may be left open after the last day looked at."""
MOST_GROUPS: Final = 24
"""How many places that read the weekday are solved for by their frequencies; more of them take too long."""

_RATES: Final = 0.5 * 1.25 ** -np.arange(40.0)
_AT_ONCE: Final = 2048


@frozen(eq=False)
class Net:
    """The edges of a program: all moves from one place to another, whatever their days and rules.

    Node ``p`` is place ``p`` as it is left; a place that reads the weekday is entered by a node of its own, counted on
    from the places.

    Attributes:
        edges: For each node the nodes that it leads to, and for each of those the row of days in ``kernels``.
        kernels: Rows of shares by days; edges that are alike have one.
        whole: For each open place the row of its days, wherever it leads.
        weekly: The first of each seven places that read the weekday.
        inner: The open places that do not.
        closed: The closed places.
        places: How many places there are.
    """

    edges: Mapping[Node, Mapping[Node, int]]
    kernels: Floats
    whole: Mapping[Node, int]
    weekly: tuple[int, ...]
    inner: tuple[int, ...]
    closed: tuple[int, ...]
    places: int


def net_of(program: Program) -> Net:
    """Return the edges of a program."""
    places = len(program.places)
    is_open = program.outcome < 0
    weekly = np.flatnonzero(program.reads_weekday & is_open)
    enters = np.arange(places)
    enters[weekly] += places
    real = program.units > 0
    days, units = program.days[real].astype(np.int64), program.units[real]
    source = np.repeat(np.arange(places), np.diff(program.offsets))[real]
    target = enters[program.target[real]]
    order = np.lexsort((days, target, source))
    source, target, days, units = source[order], target[order], days[order], units[order]
    new = np.flatnonzero(np.diff(source * (2 * places) + target, prepend=-1))
    wide = int(days.max(initial=0)) + 1
    rows: dict[bytes, int] = {}
    kernels: list[Floats] = []

    def row_of(first: int, last: int) -> int:
        key = days[first:last].tobytes() + units[first:last].tobytes()
        found = rows.setdefault(key, len(kernels))
        if found == len(kernels):
            row = np.zeros(wide)
            np.add.at(row, days[first:last], units[first:last] / WHOLE)
            kernels.append(row)
        return found

    edges: dict[Node, dict[Node, int]] = {}
    bounds = np.append(new, len(source)).tolist()
    for first, last in pairwise(bounds):
        edges.setdefault(int(source[first]), {})[int(target[first])] = row_of(first, last)
    begins = np.searchsorted(source, np.arange(places + 1)).tolist()
    stays = np.flatnonzero(is_open).tolist()
    whole = {place: row_of(begins[place], begins[place + 1]) for place in stays}
    of_seven = (weekly[:, None] + np.arange(WEEK)).ravel()
    return Net(
        edges=edges,
        kernels=np.array(kernels).reshape(-1, wide),
        whole=whole,
        weekly=tuple(weekly.tolist()),
        inner=tuple(np.setdiff1d(stays, of_seven).tolist()),
        closed=tuple(np.flatnonzero(~is_open).tolist()),
        places=places,
    )


class Reduction:
    """The nodes that are left, with what leads from each to each, and how to come back to those taken out.

    Args:
        edges: For each node the nodes that it leads to, and the row of what leads there.
        rows: What leads there, by frequency.
        inner: The nodes to take out.
        ends: Nodes that lead nowhere, and are left aside.
        start: The node that the start leads to, without a day.
    """

    def __init__(
        self,
        edges: Mapping[Node, Mapping[Node, int]],
        rows: Values,
        inner: Iterable[Node],
        ends: set[Node],
        start: Node,
    ) -> None:
        self._rows = rows
        self._out: dict[Node, dict[Node, Any]] = {START: {start: np.ones(rows.shape[1], dtype=rows.dtype)}}
        self._into: dict[Node, set[Node]] = {start: {START}}
        self._taken: list[tuple[Node, list[tuple[Node, Values]], Values | float]] = []
        self.stuck = np.zeros(rows.shape[1], dtype=bool)
        """Where the loops of a node add up to one or more, so that there is no sum."""
        for source, onward in edges.items():
            kept = {target: row for target, row in onward.items() if target not in ends}
            self._out[source] = kept
            for target in kept:
                self._into.setdefault(target, set()).add(source)
        self._take_out(set(inner))

    def _value(self, value: Any) -> Values:  # noqa: ANN401 - the row of an edge, or what it was joined into
        found: Values = self._rows[value] if isinstance(value, int) else value
        return found

    def _take_out(self, inner: set[Node]) -> None:
        """Take out the node with the fewest joins first, time and again."""
        heap = [(self._joins(node), node) for node in inner]
        heapify(heap)
        while heap:
            joins, node = heappop(heap)
            if joins < (now := self._joins(node)):
                heappush(heap, (now, node))
            elif node in inner:
                inner.discard(node)
                self._take(node)

    def _joins(self, node: Node) -> int:
        return len(self._into.get(node, ())) * len(self._out.get(node, ()))

    def _take(self, node: Node) -> None:
        out, sources = self._out.pop(node, {}), self._into.pop(node, set())
        loop = out.pop(node, None)
        sources.discard(node)
        factor: Values | float = 1.0
        if loop is not None:
            around = self._value(loop)
            self.stuck |= around.real >= 1.0
            factor = 1.0 / (1.0 - around)
        came = [(source, self._value(self._out[source].pop(node)) * factor) for source in sources]
        self._taken.append((node, came, factor))
        for target in out:
            self._into[target].discard(node)
        if not out or not came:
            return
        onward = np.stack([self._value(value) for value in out.values()])
        scratch = np.empty_like(onward)
        for source, by in came:
            row = self._out[source]
            np.multiply(onward, by, scratch)
            for target, value in zip(out, scratch, strict=True):
                held = row.get(target)
                if held is None:
                    row[target] = value.copy()
                    self._into[target].add(source)
                elif isinstance(held, int):
                    row[target] = self._rows[held] + value
                else:
                    held += value

    def between(self, source: Node, target: Node) -> Values | None:
        """Return what leads from a node that is left to another; None if nothing does."""
        found = self._out.get(source, {}).get(target)
        return None if found is None else self._value(found)

    def visits(self, left: dict[Node, Values]) -> dict[Node, Values]:
        """Return how paths come to each node, from how they come to those that are left."""
        for node, came, _ in reversed(self._taken):
            found = np.zeros(self._rows.shape[1], dtype=self._rows.dtype)
            for source, value in came:
                if source in left:
                    found += left[source] * value
            left[node] = found
        return left


def last_day(net: Net, start: Node) -> int | None:
    """Return a day after which no more than a share of 1e-15 of the paths is open; None if none was found.

    By the bound of Chernoff: if paths of t days weigh exp(rate t), and all of them together M, then those of more than
    n days are at most M exp(-rate n). Of seven places that read the weekday, the largest weight counts for each.
    """
    with np.errstate(all="ignore"):
        grown = np.exp(np.outer(np.arange(net.kernels.shape[1]), _RATES))
        rows = list(np.nan_to_num(np.einsum("kd,dr->kr", net.kernels, grown), nan=np.inf))
        edges: dict[Node, dict[Node, int]] = {node: dict(net.edges[node]) for node in net.inner if node in net.edges}
        for first in net.weekly:
            seven = [net.edges[first + day] for day in range(WEEK)]
            joined = edges.setdefault(net.places + first, {})
            for target in {target for one in seven for target in one}:
                joined[target] = len(rows)
                rows.append(np.max([rows[one[target]] for one in seven if target in one], axis=0))
        # One end for all of the closed places: what comes to it is all that there is.
        end = 2 * net.places
        closed = set(net.closed)
        for onward in edges.values():
            ending = [onward.pop(target) for target in list(onward) if target in closed]
            if ending:
                onward[end] = len(rows)
                rows.append(np.sum([rows[one] for one in ending], axis=0))
        if start in closed:
            return 0
        inner = [*net.inner, *(net.places + first for first in net.weekly)]
        found = Reduction(edges, np.array(rows), inner, set(), start)
        weight = found.between(START, end)
        days = (np.log(weight) - np.log(LEFT)) / _RATES if weight is not None else np.full(len(_RATES), np.nan)
    good = np.isfinite(days) & ~found.stuck
    return int(np.ceil(days[good].min())) if good.any() else None


def spectrum(  # noqa: PLR0913, PLR0917 - one call, in one place
    net: Net, start: Node, window: int, weekday: int, phase: Whole, phases: int
) -> tuple[Floats, Floats, Floats]:
    """Return the shares of the paths by day, from the frequencies of a window of days.

    Args:
        net: The edges.
        start: The node where a path starts.
        window: How many days; a multiple of seven if a place reads the weekday.
        weekday: Day of the week on which the paths start.
        phase: For each place the number of its phase.
        phases: How many phases there are.

    Returns:
        For each closed place the share that closes there on each day; for each phase the share that stands in it at the
        end of each day, while open; for each place how often a path comes to it.
    """
    half = window // 2 + 1
    turns = np.fft.rfft(net.kernels, n=window, axis=1)
    column = {place: row for row, place in enumerate(net.closed)}
    found = np.zeros((len(net.closed) + phases, half), dtype=complex)
    visits = np.zeros(net.places)
    sets = window // WEEK if net.weekly else half
    # A set of seven frequencies is told by the one that mirrors it: half of them are enough.
    needed = sets // 2 + 1 if net.weekly else half
    size = max(1, _AT_ONCE // WEEK) if net.weekly else _AT_ONCE
    for first in range(0, needed, size):
        number = np.arange(first, min(needed, first + size))
        at = (number + sets * np.arange(WEEK)[:, None]).ravel() if net.weekly else number
        mirrored = at >= half
        rows = turns[:, np.where(mirrored, window - at, at)]
        if mirrored.any():
            rows[:, mirrored] = np.conj(rows[:, mirrored])
        came = _came(net, rows, start, weekday)
        part = np.zeros((len(found), len(at)), dtype=complex)
        for place, value in came.items():
            if place < 0 or place >= net.places:
                continue
            part[len(net.closed) + phase[place]] += value * (1.0 - rows[net.whole[place]])
            for target, row in net.edges[place].items():
                if target in column:
                    part[column[target]] += value * rows[row]
            if first == 0:
                visits[place] = value[0].real
        if start in column:
            part[column[start]] += 1.0
        found[:, at[~mirrored]] = part[:, ~mirrored]
        found[:, window - at[mirrored]] = np.conj(part[:, mirrored])
    by_day = np.fft.irfft(found, n=window, axis=1)
    ended, stood = by_day[: len(net.closed)], np.cumsum(by_day[len(net.closed) :], axis=1)
    visits[list(net.closed)] = found[: len(net.closed), 0].real
    return np.maximum(ended, 0.0), np.maximum(stood, 0.0), visits


def _came(net: Net, rows: Values, start: Node, weekday: int) -> dict[Node, Values]:
    """Return how paths come to each open place, by frequency."""
    reduced = Reduction(net.edges, rows, net.inner, set(net.closed), start)
    left: dict[Node, Values] = {START: np.ones(rows.shape[1], dtype=complex)}
    if net.weekly:
        left |= _arrivals(net, reduced, rows.shape[1] // WEEK, weekday)
    return reduced.visits(left)


def _arrivals(net: Net, reduced: Reduction, sets: int, weekday: int) -> dict[Node, Values]:
    """Return how paths come to each of the places that read the weekday, by frequency, in sets of seven."""
    groups = len(net.weekly)
    turn = np.arange(WEEK)
    came = (turn - weekday) % WEEK
    # sort[d, j, i]: how frequency i is mixed into frequency j by looking at the days of weekday d alone.
    sort = np.exp(-2j * np.pi * (turn[:, None] - turn)[None] * came[:, None, None] / WEEK) / WEEK
    size = groups * WEEK
    whole = np.zeros((sets, size, size), dtype=complex)
    matrix = whole.reshape(sets, groups, WEEK, groups, WEEK)
    given = np.zeros((sets, groups, WEEK), dtype=complex)
    for into, entry in enumerate(net.weekly):
        first_time = reduced.between(START, net.places + entry)
        if first_time is not None:
            given[:, into] = first_time.reshape(WEEK, sets).T
        for group, first in enumerate(net.weekly):
            for day in range(WEEK):
                again = reduced.between(first + day, net.places + entry)
                if again is not None:
                    matrix[:, into, :, group, :] -= again.reshape(WEEK, sets).T[:, :, None] * sort[day]
    whole[:, np.arange(size), np.arange(size)] += 1.0
    met = np.linalg.solve(whole, given.reshape(sets, size, 1)).reshape(sets, groups, WEEK)
    sorted_out = np.einsum("sgi,dji->gdjs", met, sort).reshape(groups, WEEK, -1)
    return {first + day: sorted_out[group, day] for group, first in enumerate(net.weekly) for day in range(WEEK)}


def window_of(days: int, *, weekly: bool) -> int:
    """Return a number of days of at least so many that has small factors alone; a multiple of fourteen if weekly.

    Example:
        >>> window_of(1000, weekly=False), window_of(1000, weekly=True)
        (1000, 1008)
    """
    unit = 2 * WEEK if weekly else 2
    least = max(-(-days // unit), 1)
    odd = (five * three for five in (1, 5, 25, 125) for three in (1, 3, 9, 27, 81))
    return unit * min(one << max(0, (-(-least // one) - 1).bit_length()) for one in odd)
