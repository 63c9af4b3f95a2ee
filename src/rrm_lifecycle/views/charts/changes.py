"""Charts of what changes, and of where one case goes: doubts about the text, scenarios beside a base, a forecast.

The functions are those of :mod:`rrm_lifecycle.views.charts.plot`, which says what they have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from rrm_lifecycle.views.charts import style  # first: it says which extra is needed where matplotlib is missing

# isort: split
from matplotlib.axes import Axes

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.readings import choices
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.wording import label, term_name
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.scenarios import MEAN, Comparison
from rrm_lifecycle.simulation.sensitivity import Sensitivity
from rrm_lifecycle.simulation.tables import Table
from rrm_lifecycle.views.charts.style import BLUE, FAINT, GREY, INK, MID, PALE
from rrm_lifecycle.views.charts.words import doubt_of, spoken, word

_MOVES: Final = 5e-4
"""From where on a difference of shares is drawn."""


# ---- what changes --------------------------------------------------------------------------------------------------------
def tornado(  # noqa: PLR0913 - what varies between charts, by name
    value: Sensitivity,
    *,
    of: str | None = None,
    top: int = 12,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of what each doubt about the text changes, flipped alone, the largest first.

    Args:
        value: A sensitivity.
        of: ``"days"`` or ``"outcomes"``; what the value is sorted by if None.
        top: How many bars at most; how many flips move less, or nothing, is told below.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: It is told of something else, or ``top`` is no whole number of at least 1.
    """
    style.needs(value, Sensitivity)
    of = value.of if of is None else of
    if of not in {"days", "outcomes"}:
        msg = f"of has to be 'days' or 'outcomes'; found {of!r}"
        raise EventError(msg[:400])
    moved = sorted((row for row in value.records if row[of]), key=lambda row: -abs(row[of]))
    shown = moved[: style.whole_of(top, "top, the number of bars,")]
    in_days = of == "days"
    ax = style.start(ax, language, 1.6 + 0.38 * max(len(shown), 1))
    not_built = len(value.not_compiled)
    still = {
        "n": len(moved) - len(shown), "none": len(value.records) - len(moved) - not_built, "not_built": not_built
    }  # fmt: skip
    across = word("moved" if in_days else "otherwise", language) + "\n" + word("still", language, **still)
    style.titled(ax, word(f"tornado.{of}", language), across)
    told = [f"{row[of]:+.1f}" if in_days else f"{row[of]:.1%}" for row in shown]
    made = style.bars(ax, [_doubt(row, language) for row in shown], [row[of] for row in shown], told)
    for bar, row in zip(made, shown, strict=True):
        less = row[of] < 0
        bar.set(facecolor=PALE if less else BLUE, edgecolor=BLUE, hatch="////" if less else "")
    _around_zero(ax, bool(shown), language)
    if shown and not in_days:
        style.share_axis(ax, up=False)
    if caption:
        style.caption(ax, style.run_notes(value, language), language)
    return ax


def _doubt(row: Mapping[str, Any], language: str) -> str:
    if row["doubt"] not in choices():
        name, flip = term_name(row["doubt"], language), spoken(row["flip"], language)
    else:
        name, flip = doubt_of(row["doubt"], row["flip"], language)
    flip = flip if len(flip) <= style.LONGEST else flip[: style.LONGEST - 1].rstrip() + "…"
    return f"{name} ({row['about']})\n{flip}"


def _around_zero(ax: Axes, shown: bool, language: str) -> None:  # noqa: FBT001 - one call a chart
    if shown:
        ax.axvline(0, color=INK, linewidth=1.0, zorder=2)
        ax.grid(visible=True, axis="x", color=FAINT, linewidth=0.8)
    else:
        ax.set(xticks=[], yticks=[])
        ax.annotate(word("nothing", language), (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)


def differences(  # noqa: PLR0913 - what varies between charts, by name
    value: Comparison,
    *,
    scenario: str | None = None,
    measure: str | None = None,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of the differences from the base: exact as points, the intervals of the pairs as lines.

    Args:
        value: A comparison.
        scenario: Draw the shares that change in this scenario.
        measure: Or draw this measure of every scenario; ``"mean days"`` if both are None.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: Both a scenario and a measure are given.
        SimulationError: There is no such scenario or measure.
    """
    style.needs(value, Comparison)
    if scenario is not None and measure is not None:
        msg = "one chart shows one scenario, or one measure of all of them: leave one of the two out"
        raise EventError(msg)
    if scenario is not None:
        found = value.of(scenario).rows()
        rows = [row for row in found if row["measure"] not in style.IN_NUMBERS and abs(row["difference"]) > _MOVES]
        names = [_measure(row["measure"], language) for row in rows]
        title, across = scenario.replace("_", " "), word("difference", language, measure=word("share", language))
    else:
        measure = MEAN if measure is None else measure
        rows = [row for name in value.names for row in value.of(name, measure).rows()]
        names = [row["scenario"].replace("_", " ") for row in rows]
        title = _measure(measure, language)
        across = word("difference", language, measure=title)
    in_numbers = measure in style.IN_NUMBERS
    ax = style.start(ax, language, 1.3 + 0.34 * max(len(rows), 1))
    style.titled(ax, title, across)
    told = [f"{row['difference']:+.1f}" if in_numbers else f"{100 * row['difference']:+.1f}" for row in rows]
    style.rows(ax, names, told)
    for place, row in enumerate(rows):
        if row["low"] is not None:
            ax.hlines(place, row["low"], row["high"], color=BLUE, linewidth=2.2)
    ax.plot(
        [row["difference"] for row in rows], range(len(rows)), "D", color=INK, markersize=5, linestyle="none", zorder=3
    )
    _around_zero(ax, bool(rows), language)
    if rows and not in_numbers:
        style.share_axis(ax, up=False)
    if caption:
        style.caption(ax, style.run_notes(value, language), language)
    return ax


def _measure(name: str, language: str) -> str:
    return label(Closing(name), language) if name in set(Closing) else word(name, language)


# ---- where one case goes -------------------------------------------------------------------------------------------------
def forecast(
    value: Forecast,
    *,
    by: str = "closing",
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a chart of how a case may end, and below it in how many days: eight of ten chances, half, and the median.

    The days stand in axes of their own, the last ones of the figure.

    Args:
        value: A forecast.
        by: ``"closing"``, or ``"reached"`` for the furthest phase.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: The outcomes are not told by that, or the axes stand in no grid that could be parted.
    """
    style.needs(value, Forecast)
    rows = value.outcomes(style.counted_by(by)).rows()
    ax = style.start(ax, language, 2.9 + 0.24 * len(rows))
    spec = ax.get_subplotspec()
    if spec is None:
        msg = "a forecast stands in two axes, one above the other: pass axes of a grid, as plt.subplots() makes them"
        raise EventError(msg)
    grid = spec.subgridspec(2, 1, height_ratios=(0.24 * len(rows) + 0.4, 0.8))
    ax.set_subplotspec(grid[0])
    title = word("forecast", language, case=value.case_id, today=value.today)
    style.titled(ax, title, word("chance", language))
    style.shares(ax, rows, by, language)
    fan = style.start(ax.figure.add_subplot(grid[1]), language)
    _fan(fan, value, language)
    if caption:
        style.caption(ax, style.run_notes(value, language), language, below=fan)
    return ax


def _fan(ax: Axes, value: Forecast, language: str) -> None:
    some = value.quantile((0.1, 0.25, 0.5, 0.75, 0.9))
    low, first, middle, third, high = (row["days"] for row in cast("Table", some))
    ends = value.mean_interval
    for (begin, end), tall, color, hatch, name in (
        ((low, high), 0.5, PALE, "", "eight"), ((first, third), 0.5, MID, "////", "half"),
    ):  # fmt: skip
        told = word(name, language, low=begin, high=end)
        ax.barh(
            0, end - begin, left=begin, height=tall, color=color, edgecolor=BLUE, hatch=hatch, linewidth=0.5, label=told
        )
    ax.plot([middle, middle], [-0.32, 0.32], color=INK, linewidth=2.2, label=word("median", language, day=middle))
    told = word("mean", language, mean=value.mean_days, low=ends[0], high=ends[1])
    ax.plot(ends, [-0.5, -0.5], color=INK, linewidth=1.1)
    ax.plot([value.mean_days], [-0.5], "D", color=INK, markersize=4, label=told)
    ax.set(yticks=[], ylim=(-0.75, 0.45))
    ax.spines["left"].set_visible(False)
    style.days(ax, 1.08 * max(high, ends[1]))
    ax.set_xlabel(word("from", language, today=value.today), fontsize=style.NORMAL - 0.5, color=INK)
    ax.legend(
        frameon=False, fontsize=style.SMALL + 0.5, labelcolor=INK, ncols=2, loc="lower left", bbox_to_anchor=(-0.02, 1.0),
        borderaxespad=0.2,
    )  # fmt: skip
