"""The flow of cases through the phases to how they end: bands as wide as the share of cases that goes that way.

The function is one of those of :mod:`rrm_lifecycle.views.charts.plot`, which says what they have in common.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from rrm_lifecycle.views.charts import style  # first: it says which extra is needed where matplotlib is missing

# isort: split
import numpy as np
from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.aligned import Alignments
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.eventlog import log_of
from rrm_lifecycle.simulation.results import MOST_LOGGED, Simulation
from rrm_lifecycle.views.charts.style import INK
from rrm_lifecycle.views.charts.words import word

_PHASES: Final = tuple(phase for phase in Phase if phase is not Phase.RESOLVED)
_BANDS: Final = ("#b9cfe0", "#8fb3cc", "#ecd3a0", "#d8a798")
"""The colour of a band by the last phase that its cases went through."""
_BARS: Final = ("#2f6690", "#1f4a6b", "#b07f1e", "#8c3b24")
"""The colour of the bar of each phase."""
_WIDE: Final = 0.05
"""Half of how wide a bar is, in columns."""
_GAP: Final = 0.04
"""Between the cases in a phase and those that pass it by."""
_ROOM: Final = 0.072
"""The least height of an end, so that its name can be read beside it."""


@frozen
class _Way:
    """Cases that went through the same phases to the same end.

    Attributes:
        through: For each phase whether they stood in it.
        end: How they closed; None where they are open.
        share: Their share of all cases.
    """

    through: tuple[bool, ...]
    end: Closing | None
    share: float

    def last(self, column: int) -> int:
        """Return the last phase up to a column that they stood in."""
        return max((one for one in range(column + 1) if self.through[one]), default=self.through.index(True))


def flow(
    value: Simulation | Histories | Alignments,
    *,
    top: int = 8,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of which phases cases go through, and how those end.

    A case counts once in each phase that it stood in, in the order of the phases. Above stand the cases that pass a phase
    by, below those that stood in it. Of a simulation the first 100,000 paths are counted.

    Args:
        value: A simulation, or real cases.
        top: How many ends stand alone; the others stand together.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``top`` is no whole number of at least 1.
        SimulationError: There is no case with an act.
    """
    style.needs(value, Simulation, Histories, Alignments)
    top = style.whole_of(top, "top, the number of ends that stand alone,")
    if isinstance(value, Simulation):
        ways = _ways_of_paths(value)
        notes = [*style.run_notes(value, language), word("flow.first", language, n=min(value.n, MOST_LOGGED))]
    else:
        aligned = align_all(value) if isinstance(value, Histories) else value
        ways = _ways_of_cases(aligned)
        still = sum(not one.case.is_closed for one in aligned)
        notes = [word("flow.real", language, n=len(aligned), open=still)]
    ax = style.start(ax, language, 4.4)
    style.titled(ax, word("flow", language), word("flow.wide", language))
    ends = _ends(ways, top)
    columns = [place for place in range(len(_PHASES)) if any(way.through[place] for way in ways)]
    places = [_stacked(ways, column) for column in columns]
    last = _at_the_end(ways, ends, places[-1])
    for (place, here), there in zip(enumerate(places), [*places[1:], last], strict=True):
        for number, way in enumerate(ways):
            _band(ax, place, (here[number], there[number]), way.share, _BANDS[way.last(columns[place])])
    for place, (column, here) in enumerate(zip(columns, places, strict=True)):
        for number, way in enumerate(ways):
            if not way.through[column]:  # it passes the phase by: the band goes on
                _block(ax, place, here[number], way.share, _BANDS[way.last(column)])
        _bar(ax, (place, column), ways, here, language)
    _name_ends(ax, ways, ends, last, language)
    bottom = max(start + way.share for stack in (*places, last) for start, way in zip(stack, ways, strict=True))
    ax.set(xticks=[], yticks=[], xlim=(-0.45, len(columns) + 1.15), ylim=(bottom + 0.03, -0.26))
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    if caption:
        style.caption(ax, notes, language)
    return ax


# ---- which ways cases go -------------------------------------------------------------------------------------------------
def _ways(counted: Counter[tuple[tuple[bool, ...], Closing | None]]) -> tuple[_Way, ...]:
    ends = list(Closing)
    whole = sum(counted.values())
    found = [_Way(through, end, count / whole) for (through, end), count in counted.items()]
    return tuple(sorted(found, key=lambda way: (way.through, -1 if way.end is None else ends.index(way.end))))


def _ways_of_paths(value: Simulation) -> tuple[_Way, ...]:
    n = min(value.n, MOST_LOGGED)
    log = log_of(value.program, value.seed, 0, n, value.start.weekday())
    bits = np.array([1 << tuple(Phase).index(one.stage.phase) for one in value.program.places])
    through = np.bitwise_or.reduceat(bits[log.before()[0]], log.offsets[:-1])
    counted: Counter[tuple[tuple[bool, ...], Closing | None]] = Counter()
    wide = len(value.program.outcomes)
    keys, counts = np.unique(through * wide + value.outcome[:n], return_counts=True)
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        stood = tuple(bool(key // wide >> place & 1) for place in range(len(_PHASES)))
        counted[stood, value.program.outcomes[key % wide][0]] += count
    return _ways(counted)


def _ways_of_cases(aligned: Alignments) -> tuple[_Way, ...]:
    counted: Counter[tuple[tuple[bool, ...], Closing | None]] = Counter()
    for one in aligned:
        stood = {entry.stage.phase for entry in one.entries if isinstance(entry.stage, Stage)} | {one.case.phase}
        if one.entries:
            counted[tuple(phase in stood for phase in _PHASES), one.case.closing] += 1
    if not counted:
        msg = "there is no real case with an act to draw: none of the histories has one"
        raise SimulationError(msg)
    return _ways(counted)


# ---- where they stand on the chart ---------------------------------------------------------------------------------------
def _stacked(ways: tuple[_Way, ...], column: int) -> list[float]:
    """Return where each way begins in a column: first those that pass the phase by, then those that stood in it."""
    tops = [0.0] * len(ways)
    y = 0.0
    for stood in (False, True):
        mine = [number for number, way in enumerate(ways) if way.through[column] is stood]
        for number in mine:
            tops[number] = y
            y += ways[number].share
        if mine and not stood:
            y += _GAP
    return tops


def _ends(ways: tuple[_Way, ...], top: int) -> dict[Closing | None, int]:
    """Return for each end the number of its place; those that stand together share the last one."""
    shares: dict[Closing | None, float] = {}
    for way in ways:
        shares[way.end] = shares.get(way.end, 0.0) + way.share
    ranked = sorted(shares, key=lambda end: (-shares[end], list(shares).index(end)))
    if len(ranked) <= top + 1:
        return {end: place for place, end in enumerate(ranked)}
    return {end: min(place, top) for place, end in enumerate(ranked)}


def _at_the_end(ways: tuple[_Way, ...], ends: dict[Closing | None, int], before: list[float]) -> list[float]:
    """Return where each way begins in the last column: ends in the order in which the bands arrive."""
    groups: dict[int, list[int]] = {}
    for number, way in enumerate(ways):
        groups.setdefault(ends[way.end], []).append(number)

    def middle(place: int) -> float:
        share = sum(ways[number].share for number in groups[place])
        return sum((before[number] + ways[number].share / 2) * ways[number].share for number in groups[place]) / share

    tops = [0.0] * len(ways)
    y = 0.0
    for place in sorted(groups, key=middle):
        share = sum(ways[number].share for number in groups[place])
        inner = y + max(0.0, _ROOM - share) / 2
        for number in sorted(groups[place], key=lambda number: before[number]):
            tops[number] = inner
            inner += ways[number].share
        y += max(share, _ROOM) + _GAP / 2
    return tops


# ---- drawing -------------------------------------------------------------------------------------------------------------
def _band(ax: Axes, column: int, ends: tuple[float, float], share: float, color: str) -> None:
    here, there = ends
    left, right = column + _WIDE, column + 1 - _WIDE
    middle = (left + right) / 2
    corners = [
        (left, here), (middle, here), (middle, there), (right, there),
        (right, there + share), (middle, there + share), (middle, here + share), (left, here + share), (left, here),
    ]  # fmt: skip
    curve = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    ax.add_patch(PathPatch(Path(corners, curve), facecolor=color, edgecolor=color, linewidth=0.2, zorder=2))


def _block(ax: Axes, place: int, y: float, share: float, color: str) -> None:
    box = Rectangle((place - _WIDE, y), 2 * _WIDE, share, facecolor=color, edgecolor=color, linewidth=0.2, zorder=2)
    ax.add_patch(box)


def _bar(ax: Axes, at: tuple[int, int], ways: tuple[_Way, ...], tops: list[float], language: str) -> None:
    place, column = at
    mine = [number for number, way in enumerate(ways) if way.through[column]]
    share, y = sum(ways[number].share for number in mine), min(tops[number] for number in mine)
    _block(ax, place, y, share, _BARS[column])
    told = f"{label(_PHASES[column], language)}\n{share:.0%}".replace(" de ", "\nde ").replace(" for ", "\nfor ")
    ax.text(place, -0.04, told, ha="center", va="bottom", fontsize=style.SMALL + 1, color=INK)


def _name_ends(
    ax: Axes, ways: tuple[_Way, ...], ends: dict[Closing | None, int], tops: list[float], language: str
) -> None:
    column = sum(any(way.through[place] for way in ways) for place in range(len(_PHASES)))
    for place in sorted(set(ends.values())):
        named = [end for end, its in ends.items() if its == place]
        mine = [number for number, way in enumerate(ways) if way.end in named]
        share = sum(ways[number].share for number in mine)
        y = min(tops[number] for number in mine)
        gone = [] if named == [None] else [""]
        ax.add_patch(
            Rectangle(
                (column - _WIDE, y), 2 * _WIDE, share, facecolor=INK if gone else "white", edgecolor=INK,
                linewidth=0.8, hatch="" if gone else "/////", zorder=3,
            )
        )  # fmt: skip
        name = word("rest", language, n=len(named)) if len(named) > 1 else _name(named[0], language)
        ax.text(
            column + 2 * _WIDE, y + share / 2, f"{name}  {share:.1%}", va="center", fontsize=style.SMALL + 1, color=INK
        )


def _name(end: Closing | None, language: str) -> str:
    return word("flow.open", language) if end is None else label(end, language)
