"""Charts of results with matplotlib: one calm style, legible in grey print, with a caption that says what they rest on.

Each function takes ``ax`` (axes to draw on; a figure is made if None), ``caption`` (whether to write below how many, the
seed, the edition of the histories, the version, and the sources) and ``language`` (``"en"`` or ``"es"``), and returns the
axes. ``plot`` methods find :func:`plot` by name. Axes of your own come best in a figure with ``layout="constrained"``,
which keeps room for names and captions. A language that there is no catalogue for is an ``EventError``, a value that the
chart is not drawn of a ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rrm_lifecycle.views.charts import style  # first: it says which extra is needed where matplotlib is missing

# isort: split
import numpy as np
from matplotlib.axes import Axes

from rrm_lifecycle.case.agenda import Agenda
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.aligned import Alignments
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.answers import Answers
from rrm_lifecycle.simulation.durations import Durations
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.intervals import LEVEL
from rrm_lifecycle.simulation.results import Simulation
from rrm_lifecycle.simulation.scenarios import Comparison
from rrm_lifecycle.simulation.sensitivity import Sensitivity
from rrm_lifecycle.simulation.survival import Curve
from rrm_lifecycle.views.charts.calendar import calendar
from rrm_lifecycle.views.charts.changes import differences, forecast, tornado
from rrm_lifecycle.views.charts.curves import incidence, survival
from rrm_lifecycle.views.charts.flow import flow
from rrm_lifecycle.views.charts.style import BLUE, INK, PALE
from rrm_lifecycle.views.charts.words import word

__all__ = [
    "calendar", "differences", "durations", "flow", "forecast", "incidence", "occupancy", "outcomes", "plot", "survival",
    "tornado",
]  # fmt: skip
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
    rows = value.outcomes(style.counted_by(by)).rows()
    ax = style.start(ax, language, 1.3 + 0.24 * len(rows))
    style.titled(ax, word("outcomes", language), word("share", language))
    style.shares(ax, rows, by, language)
    if caption:
        note = [word("wilson", language, level=LEVEL)] if isinstance(value, Simulation) else []
        style.caption(ax, [*style.run_notes(value, language), *note], language)
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
    last = style.last_day(days, (value.durations() if isinstance(value, Simulation) else value).quantile(style.UPTO))
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
    last = style.last_day(days, found.quantile(style.UPTO))
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
        of = (
            [] if isinstance(value, Simulation) and closing is None else [f"{_told(found.name, language)}: {found.n:,}"]
        )
        style.caption(ax, [*notes, *of], language)
    return ax


def _told(name: str, language: str) -> str:
    return label(Closing(name), language) if name in set(Closing) else word(name, language)


# ---- the chart of a value ------------------------------------------------------------------------------------------------
_OF: Final[dict[type, dict[str, Callable[..., Axes]]]] = {
    Simulation: {
        "outcomes": outcomes, "survival": survival, "incidence": incidence, "occupancy": occupancy, "durations": durations,
        "flow": flow,
    },
    Forecast: {"forecast": forecast, "outcomes": outcomes},
    Answers: {"outcomes": outcomes, "occupancy": occupancy},
    Comparison: {"differences": differences},
    Sensitivity: {"tornado": tornado},
    Durations: {"durations": durations},
    Curve: {"survival": survival},
    Histories: {"survival": survival, "flow": flow},
    Alignments: {"survival": survival, "flow": flow},
    Agenda: {"calendar": calendar},
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
        >>> from rrm_lifecycle.histories.dataset import load
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
