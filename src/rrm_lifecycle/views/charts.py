"""Charts of results with matplotlib: one calm style, legible in grey print, with a caption that says what they rest on.

Each function takes ``ax`` (axes to draw on; a figure is made if None), ``caption`` (whether to write below how many, the
seed, the edition of the histories, the version, and the sources) and ``language`` (``"en"`` or ``"es"``), and returns the
axes. ``plot`` methods find :func:`plot` by name. Axes of your own come best in a figure with ``layout="constrained"``,
which keeps room for names and captions. A language that there is no catalogue for is an ``EventError``, a value that the
chart is not drawn of a ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from rrm_lifecycle.views import chart_style as style  # first: it says which extra is needed where matplotlib is missing

# isort: split
import numpy as np
from matplotlib.axes import Axes

from rrm_lifecycle.errors import EventError, SimulationError
from rrm_lifecycle.histories.aligned import Alignments
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import Histories, load
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.answers import Answers
from rrm_lifecycle.simulation.durations import Durations
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.intervals import LEVEL
from rrm_lifecycle.simulation.results import Simulation
from rrm_lifecycle.simulation.scenarios import Comparison
from rrm_lifecycle.simulation.sensitivity import Sensitivity
from rrm_lifecycle.simulation.survival import Curve, Floats, kaplan_meier
from rrm_lifecycle.views.chart_changes import differences, forecast, tornado
from rrm_lifecycle.views.chart_style import BLUE, INK, PALE, word

__all__ = [
    "differences", "durations", "forecast", "incidence", "occupancy", "outcomes", "plot", "survival", "tornado",
]  # fmt: skip
_UPTO: Final = 0.99
"""The share of the paths that have closed by the last day of a chart, where no last day is given."""
_QUANTILES: Final = ((0.1, ":"), (0.5, "-"), (0.9, "--"))


# ---- how cases end ---------------------------------------------------------------------------------------------------
def outcomes(
    value: Simulation | Forecast | Answers,
    *,
    by: str = "closing",
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of how cases end: a bar for each way, with its interval where the value has one.

    Args:
        value: A simulation, a forecast or exact answers.
        by: ``"closing"``, or ``"reached"`` for the furthest phase.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: The outcomes are not told by that.

    Example:
        >>> from rrm_lifecycle.simulation.montecarlo import simulate
        >>> outcomes(simulate(n=100, seed=1)).get_title(loc="left")
        'How cases end'
    """
    style.needs(value, Simulation, Forecast, Answers)
    if by not in {"closing", "reached"}:
        msg = f"by has to be 'closing' or 'reached'; found {by!r}"
        raise EventError(msg[:400])
    rows = value.outcomes(by).rows()
    ax = style.start(ax, language, 1.3 + 0.24 * len(rows))
    style.titled(ax, word("outcomes", language), word("share", language))
    style.shares(ax, rows, by, language)
    if caption:
        note = [word("wilson", language, level=LEVEL)] if isinstance(value, Simulation) else []
        style.caption(ax, [*style.run_notes(value, language), *note], language)
    return ax


# ---- how many are still open, and how many have closed in which way ------------------------------------------------------
def survival(  # noqa: PLR0913 - what varies between charts, by name
    value: Simulation | Histories | Alignments | Curve | Mapping[str, Curve],
    *,
    real: bool = True,
    days: int | None = None,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of how many cases are still open, by day, with bands.

    Args:
        value: A simulation; real cases; a curve, or several by their names.
        real: Whether the shipped real cases stand over a simulation of new cases; open ones are cut off at the last look.
        days: The last day shown; if None, the one by which 99 of 100 paths have closed, or the last real one.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``days`` is no whole number of at least 1.
        SimulationError: There is no case, or no curve.
    """
    style.needs(value, Simulation, Histories, Alignments, Curve, Mapping)
    lines: list[tuple[str, Curve]] = []
    cut: list[int] = []
    notes: list[str] = []
    last = 0.0
    if isinstance(value, Simulation):
        curve = value.survival()
        lines.append((word("simulated", language, n=value.n, median=_day(curve.median)), curve))
        last, notes = value.durations().quantile(_UPTO), style.run_notes(value, language)
        value = load() if real and value.from_case is None else {}
    if isinstance(value, Histories | Alignments):
        curve, cut = _real(align_all(value) if isinstance(value, Histories) else value)
        told = {"n": int(curve.at_risk[0]), "open": len(cut), "median": _day(curve.median)}
        lines.append((word("real", language, **told), curve))
        notes.append(word("censored", language))
    else:
        named = {value.name: value} if isinstance(value, Curve) else value
        lines += [(word("curve", language, name=name, median=_day(one.median)), one) for name, one in named.items()]
    if not lines:
        msg = "there is no curve to draw: the mapping is empty"
        raise SimulationError(msg)
    ends = [float(one.days[-1]) for _, one in lines]
    last = _last(days, max(last, *ends[1:], 0.0) if last else max(ends))
    ax = style.start(ax, language)
    style.titled(ax, word("survival", language), word("days", language), word("share", language))
    for number, (name, one) in enumerate(lines):
        _steps(ax, one, style.LINES[number % len(style.LINES)], name, last)
    if cut:
        ax.plot(cut, [lines[-1][1].at(day) for day in cut], "|", color=INK, markersize=8, zorder=4)
    ax.set_ylim(0, 1.02)
    style.days(ax, last)
    style.share_axis(ax, up=True)
    style.legend(ax)
    if caption:
        style.caption(ax, [*notes, word("band", language, level=lines[0][1].level)], language)
    return ax


def _real(aligned: Alignments) -> tuple[Curve, list[int]]:
    """Return the curve of real cases, from their first act, and the days after which open ones were cut off."""
    closed: list[int] = []
    cut: list[int] = []
    for one in aligned:
        if one.case.opened is None:
            continue
        end = next((entry.on for entry in one.entries if entry.closing is not None), None)
        (cut if end is None else closed).append(((end or one.history.as_of) - one.case.opened).days)
    if not closed and not cut:
        msg = "there is no real case with an act to draw: none of the histories has one"
        raise SimulationError(msg)
    return kaplan_meier([*closed, *cut], [True] * len(closed) + [False] * len(cut)), sorted(cut)


def _last(asked: int | None, found: float) -> float:
    return found if asked is None else style.whole_of(asked, "days, the last day shown,")


def _day(found: float | None) -> str:
    return "-" if found is None else f"{found:g}"


def _steps(ax: Axes, curve: Curve, look: style.Look, name: str, last: float, *, band: bool = True) -> None:  # noqa: PLR0913 - one line of a chart
    begin = 1.0 if curve.falls else 0.0
    # What has come to its end stays there; the curve of cases that were cut off ends with the last of them.
    more = not curve.falls or curve.estimate[-1] == 0.0
    day = np.concatenate(([0.0], curve.days, [2.0 * max(last, curve.days[-1])] if more else []))

    def whole(part: Floats) -> Floats:
        return np.concatenate(([begin], part, part[-1:] if more else []))

    color, dashes, mark = look
    # Marks a seventh of the chart apart, a little off from line to line, so that they do not hide each other.
    off = 0.05 + 0.14 * style.LINES.index(look) / len(style.LINES)
    shown = np.searchsorted(day, np.arange(off, 1.0, 0.14) * last, side="right") - 1
    ax.plot(
        day, whole(curve.estimate), drawstyle="steps-post", color=color, linestyle=dashes, marker=mark,
        markevery=np.unique(shown).tolist(), markersize=4, linewidth=1.7, label=name, zorder=3,
    )  # fmt: skip
    if band:
        ax.fill_between(day, whole(curve.low), whole(curve.high), step="post", color=color, alpha=0.16, linewidth=0)


def incidence(  # noqa: PLR0913 - what varies between charts, by name
    value: Simulation,
    *,
    top: int = 6,
    days: int | None = None,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of how many paths have closed in which way, by day, with bands.

    Args:
        value: A simulation.
        top: How many ways have a line of their own, at most 7; the others stand together, without a band.
        days: The last day shown; if None, the one by which 99 of 100 paths have closed.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``top`` or ``days`` is no whole number of at least 1.
    """
    style.needs(value, Simulation)
    top = min(style.whole_of(top, "top, the number of lines,"), len(style.LINES) - 1)
    found = [(name, one) for name, one in value.incidence().items() if one.estimate[-1] > 0.0]
    curves = sorted(found, key=lambda one: -one[1].estimate[-1])
    last = _last(days, value.durations().quantile(_UPTO))
    ax = style.start(ax, language)
    style.titled(ax, word("incidence", language), word("days", language), word("share", language))
    for (name, one), look in zip(curves[:top], style.LINES, strict=False):
        _steps(ax, one, look, label(Closing(name), language), last)
    rest = [one for _, one in curves[top:]]
    if rest:
        together = attrs.evolve(rest[0], estimate=np.sum([one.estimate for one in rest], axis=0))
        _steps(ax, together, style.LINES[-1], word("rest", language, n=len(rest)), last, band=False)
    ax.set_ylim(bottom=0)
    style.days(ax, last)
    style.share_axis(ax, up=True)
    style.legend(ax, outside=True)
    if caption:
        style.caption(
            ax, [*style.run_notes(value, language), word("band", language, level=curves[0][1].level)], language
        )
    return ax


# ---- where they stand, and how long they take ----------------------------------------------------------------------------
def occupancy(
    value: Simulation | Answers,
    *,
    days: int | None = None,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of the share of cases in each phase, day by day, as stacked areas.

    Args:
        value: A simulation or exact answers.
        days: The last day shown; if None, the one by which 99 of 100 paths have closed.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``days`` is no whole number of at least 1.
    """
    style.needs(value, Simulation, Answers)
    last = _last(days, (value.durations() if isinstance(value, Simulation) else value).quantile(_UPTO))
    table = value.occupancy().arrays()
    ax = style.start(ax, language)
    style.titled(ax, word("occupancy", language), word("days", language), word("share", language))
    # The last day once more at the edge, where the share of a day is a step.
    day = np.append(table["day"], max(table["day"][-1] + 1, 2 * last))
    shares = [np.append(table[phase.value], table[phase.value][-1]) for phase in Phase]
    areas = ax.stackplot(day, *shares, step="post", labels=[label(phase, language) for phase in Phase])
    for area, (color, hatch) in zip(areas, style.AREAS, strict=True):
        area.set(facecolor=color, edgecolor=INK, hatch=hatch, linewidth=0.4)
    ax.set_ylim(0, 1)
    style.days(ax, last)
    style.share_axis(ax, up=True)
    style.legend(ax, outside=True, reverse=True)
    if caption:
        style.caption(ax, style.run_notes(value, language), language)
    return ax


def durations(  # noqa: PLR0913 - what varies between charts, by name
    value: Simulation | Durations,
    *,
    closing: Closing | str | None = None,
    days: int | None = None,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a histogram of the days that paths take, with three quantiles.

    Args:
        value: A simulation, or the durations of some of its paths.
        closing: Of a simulation, those that closed so, as in :meth:`.Simulation.durations`.
        days: The last day shown; if None, the one by which 99 of 100 paths have closed.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``days`` is no whole number of at least 1, or durations are given and a closing too.
        SimulationError: There is no such closing, or no path of the run closed so.
    """
    style.needs(value, Simulation, Durations)
    if isinstance(value, Durations) and closing is not None:
        msg = f"these are the durations of {value.name} alone: ask the simulation for those of {closing!r}"
        raise EventError(msg[:400])
    found = value.durations(closing) if isinstance(value, Simulation) else value
    last = _last(days, found.quantile(_UPTO))
    counts = found.counts[: int(last) + 1]
    wide = next(one for one in (1, 2, 5, 7, 14, 28, 56, 112, 100_000) if len(counts) <= 45 * one)
    heights = np.add.reduceat(counts, np.arange(0, len(counts), wide))
    ax = style.start(ax, language)
    across, later = word("days", language), 1.0 - counts.sum() / found.n
    if later > 0.0:
        across += "\n" + word("later", language, share=later)
    style.titled(ax, word("durations", language), across, word("path" if wide == 1 else "paths", language, wide=wide))
    ax.bar(np.arange(len(heights)) * wide, heights, width=wide, align="edge", color=PALE, edgecolor=BLUE, linewidth=0.6)
    for share, dashes in _QUANTILES:
        day = found.quantile(share)
        name = word("mark", language, share=share, day=day)
        ax.axvline(day, color=INK, linestyle=dashes, linewidth=1.4, label=name)
    style.days(ax, len(heights) * wide)
    ax.yaxis.set_major_locator(style.whole_numbers())
    style.legend(ax, where="best")
    if caption:
        notes = style.run_notes(value, language) if isinstance(value, Simulation) else []
        of = [] if isinstance(value, Simulation) and closing is None else [f"{found.name}: {found.n:,}"]
        style.caption(ax, [*notes, *of], language)
    return ax


# ---- the chart of a value ------------------------------------------------------------------------------------------------
_OF: Final[dict[type, dict[str, Callable[..., Axes]]]] = {
    Simulation: {
        "outcomes": outcomes, "survival": survival, "incidence": incidence, "occupancy": occupancy, "durations": durations,
    },
    Forecast: {"forecast": forecast, "outcomes": outcomes},
    Answers: {"outcomes": outcomes, "occupancy": occupancy},
    Comparison: {"differences": differences},
    Sensitivity: {"tornado": tornado},
    Durations: {"durations": durations},
    Curve: {"survival": survival},
    Histories: {"survival": survival},
    Alignments: {"survival": survival},
}  # fmt: skip
"""The charts of each class, the usual one first."""


def plot(value: object, *, kind: str | None = None, **options: Any) -> Axes:  # noqa: ANN401 - those of the chart
    """Return the chart of a value.

    Args:
        value: What to draw.
        kind: Name of the chart, as the functions here; the usual one of its class if None.
        **options: Those of the chart.

    Raises:
        EventError: There is no such chart of the value.
        TypeError: There is no chart of such a value.

    Example:
        >>> plot(load(), kind="survival").get_title(loc="left")
        'Cases still open'
    """
    charts = next((found for cls, found in _OF.items() if isinstance(value, cls)), None)
    if charts is None:
        have = ", ".join(cls.__name__ for cls in _OF)
        msg = f"there is no chart of a {type(value).__name__}: there are charts of {have}"
        raise TypeError(msg)
    name = next(iter(charts)) if kind is None else kind
    if name not in charts:
        msg = f"kind has to be one of {', '.join(map(repr, charts))} for a {type(value).__name__}; found {kind!r}"
        raise EventError(msg[:400])
    return charts[name](value, **options)
