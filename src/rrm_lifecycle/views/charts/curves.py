"""Charts of what happens by day: how many cases are still open, and how many have closed in which way.

The functions are those of :mod:`rrm_lifecycle.views.charts.plot`, which says what they have in common.
"""

from __future__ import annotations

from collections.abc import Mapping

from rrm_lifecycle.views.charts import style  # first: it says which extra is needed where matplotlib is missing

# isort: split
import attrs
import numpy as np
from matplotlib.axes import Axes

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.aligned import Alignments
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import Histories, load
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.results import Simulation
from rrm_lifecycle.simulation.survival import Curve, Floats, kaplan_meier
from rrm_lifecycle.views.charts.style import INK
from rrm_lifecycle.views.charts.words import word


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
        last, notes = value.durations().quantile(style.UPTO), style.run_notes(value, language)
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
    last = style.last_day(days, max(last, *ends[1:], 0.0) if last else max(ends))
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
    last = style.last_day(days, value.durations().quantile(style.UPTO))
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
