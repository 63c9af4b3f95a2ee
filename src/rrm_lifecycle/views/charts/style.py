"""What all charts share: colours with dashes, marks and hatches, axes and captions."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from rrm_lifecycle import __version__
from rrm_lifecycle.errors import EventError, MissingExtra

try:
    import numpy as np
    from matplotlib import pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.ticker import FuncFormatter, MaxNLocator
except ImportError:  # numpy is part of the extra too
    raise MissingExtra(extra="notebook", feature="charts") from None

from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.law.version import RULEBOOK_VERSION
from rrm_lifecycle.law.wording import label, languages
from rrm_lifecycle.simulation.answers import Answers
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.results import Simulation
from rrm_lifecycle.simulation.scenarios import MEAN, MEDIAN, TIER, Comparison
from rrm_lifecycle.simulation.sensitivity import Sensitivity
from rrm_lifecycle.views.charts.words import edition_of, spoken, word

INK: Final = "#26323d"
GREY: Final = "#6b7680"
FAINT: Final = "#dfe3e6"
PALE: Final = "#dbe7f0"
MID: Final = "#8fb3cc"
BLUE: Final = "#2f6690"
OCHRE: Final = "#d9a441"
Look = tuple[str, Any, str]
LINES: Final[tuple[Look, ...]] = (
    (BLUE, "-", ""), (INK, "--", ""), ("#b5502f", "-", "s"), ("#3f7d5a", "-.", "^"), (OCHRE, ":", "D"),
    ("#7a5c99", (0, (5, 1, 1, 1)), "P"), ("#8a949c", (0, (1, 1)), "v"), (GREY, "-", "x"),
)  # fmt: skip
"""Colour, dashes and mark of each line: any of the three tells them apart."""
AREAS: Final = ((PALE, ""), (MID, "///"), (OCHRE, "..."), ("#a3472c", "xxx"), ("#eef0ee", ""))
"""Colour and hatch of the five phases."""
SMALL, NORMAL, LARGE = 7.0, 9.0, 10.5
_WIDE: Final = 7.0
_CHARACTERS: Final = 17
"""Characters of the small text that an inch holds."""
LONGEST: Final = 44
"""Characters of a flip that are shown."""
UPTO: Final = 0.99
"""The share of the paths that have closed by the last day of a chart, where no last day is given."""
IN_NUMBERS: Final = frozenset({MEAN, MEDIAN, TIER})
"""The measures that are no shares."""


# ---- the frame of every chart ----------------------------------------------------------------------------------------
def start(ax: Axes | None, language: str, inches: float = 3.6) -> Axes:
    """Return axes in the style of all charts: those given, or new ones in a figure so many inches high."""
    if language not in languages():
        msg = f"there is no catalogue for the language {language!r}; there are {', '.join(languages())}: add_catalogue"
        raise EventError(msg[:400])
    if ax is None:
        _, ax = plt.subplots(figsize=(_WIDE, inches), layout="constrained")
    elif not isinstance(ax, Axes):
        msg = f"ax is the matplotlib axes to draw on, as plt.subplots() makes them; found {type(ax).__name__}"
        raise TypeError(msg)
    for side, spine in ax.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(GREY)
    ax.tick_params(labelsize=SMALL + 1, colors=GREY, labelcolor=INK, length=3)
    ax.set_axisbelow(True)
    return ax


def titled(ax: Axes, title: str, across: str, up: str = "") -> None:
    """Write title and names of the axes."""
    ax.set_title(title, loc="left", fontsize=LARGE, color=INK, wrap=True)
    ax.set_xlabel(across, fontsize=NORMAL - 0.5, color=INK)
    ax.set_ylabel(up, fontsize=NORMAL - 0.5, color=INK)


def caption(ax: Axes, notes: Sequence[str], language: str, *, below: Axes | None = None) -> None:
    """Write below the axes what the chart rests on: in a figure of its own from edge to edge, else as wide as the axes."""
    edition = edition_of(load(), language)
    told = [
        *notes,
        *([] if any(edition in one for one in notes) else [word("edition", language, edition=edition)]),
        word("version", language, version=__version__, law=RULEBOOK_VERSION),
        word("sources", language),
    ]
    figure = ax.figure
    alone = len(figure.axes) == (1 if below is None else 2) and figure.get_layout_engine() is not None
    width = figure.bbox.width / figure.dpi * (0.98 if alone else ax.get_position().width)
    text = textwrap.fill(". ".join(told) + ".", max(20, int(width * _CHARACTERS)))
    if alone:
        figure.supxlabel(text, x=0.01, ha="left", fontsize=SMALL, color=GREY)
        return
    under = below or ax
    under.annotate(
        text, (0.0, 0.0), xycoords=(under.transAxes, under.xaxis.label), xytext=(0, -5), textcoords="offset points",
        va="top", fontsize=SMALL, color=GREY, annotation_clip=False,
    )  # fmt: skip


def legend(ax: Axes, *, where: str = "upper right", outside: bool = False, reverse: bool = False) -> None:
    """Write the legend, inside or to the right."""
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)} if outside else {"loc": where}
    ax.legend(frameon=False, fontsize=SMALL + 1, labelcolor=INK, handlelength=3.2, reverse=reverse, **place)


def whole_of(value: object, name: str) -> int:
    """Return a whole number of at least 1, or refuse."""
    if type(value) is int and value >= 1:
        return value
    msg = f"{name} is a whole number of at least 1; found {value!r}"
    raise EventError(msg[:400])


def last_day(asked: int | None, found: float) -> float:
    """Return the last day of a chart: the one asked for, or the one found."""
    return found if asked is None else whole_of(asked, "days, the last day shown,")


def counted_by(by: str) -> str:
    """Return by what outcomes are counted, or refuse."""
    if by not in {"closing", "reached"}:
        msg = f"by has to be 'closing' or 'reached'; found {by!r}"
        raise EventError(msg[:400])
    return by


def needs(value: object, *kinds: type) -> None:
    """Refuse a value that the chart is not drawn of."""
    if not isinstance(value, kinds):
        msg = f"this chart is drawn of: {', '.join(one.__name__ for one in kinds)}; found {type(value).__name__}"
        raise TypeError(msg)


def share_axis(ax: Axes, *, up: bool) -> None:
    """Tell shares in percent, with a faint grid."""
    axis = ax.yaxis if up else ax.xaxis
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{round(100 * share, 3):g}%"))
    ax.grid(visible=True, axis="y" if up else "x", color=FAINT, linewidth=0.8)


def days(ax: Axes, last: float) -> None:
    """Show the days from 0 to the last one."""
    ax.set_xlim(0, 1.03 * max(last, 1))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=(1, 2, 5, 10), integer=True))


def bars(ax: Axes, names: Sequence[str], sizes: Sequence[float], told: Sequence[str], **style: Any) -> Any:  # noqa: ANN401 - matplotlib's
    """Draw bars from the top down, each with its number in a column at the right edge; return them."""
    rows(ax, names, told)
    return ax.barh(range(len(names)), sizes, height=0.62, **style)


def rows(ax: Axes, names: Sequence[str], told: Sequence[str]) -> None:
    """Name rows from the top down, each with its number in a column at the right edge."""
    places = range(len(names))
    ax.set_yticks(places, names)
    ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    for place, text in zip(places, told, strict=True):
        ax.annotate(
            text, (1.0, place), xycoords=ax.get_yaxis_transform(), xytext=(6, 0), textcoords="offset points",
            va="center", fontsize=SMALL + 1, color=INK, annotation_clip=False,
        )  # fmt: skip


def whole_numbers() -> MaxNLocator:
    """Return ticks at whole numbers."""
    return MaxNLocator(nbins=6, steps=(1, 2, 5, 10), integer=True)


def shares(ax: Axes, rows: Sequence[Mapping[str, Any]], by: str, language: str) -> None:
    """Draw a bar for each outcome, a line for its interval where it has one, and the share in figures."""
    kind: Callable[[str], object] = Closing if by == "closing" else Phase
    sizes = np.array([row["share"] for row in rows])
    names = [label(kind(row[by]), language) for row in rows]
    bars(ax, names, sizes.tolist(), [f"{one:.1%}" for one in sizes], color=BLUE)
    low, high = (np.array([row.get(name, row["share"]) for row in rows]) for name in ("low", "high"))
    if "low" in rows[0]:
        # The pale edge keeps the part of a line that lies on its bar visible.
        for color, wide in ((PALE, 3.0), (INK, 1.1)):
            ax.hlines(range(len(rows)), low, high, color=color, linewidth=wide, zorder=3)
    ax.set_xlim(0, min(1.0, max(high.max(), sizes.max()) * 1.05))
    share_axis(ax, up=False)


def run_notes(value: Simulation | Forecast | Answers | Comparison | Sensitivity, language: str) -> list[str]:
    """Return what a caption says of a run: how many, from which seed, and what its behaviour rests on."""
    if isinstance(value, Answers):
        return [word("exact", language)]
    notes = [word("behaviour", language, rests_on=spoken(value.behaviour.rests_on, language))]
    if isinstance(value, Sensitivity):
        return [word("exact", language), word("base", language, days=value.mean_days), *notes]
    if isinstance(value, Forecast):
        return [word("drawn", language, n=value.n, level=value.level), *notes]
    if value.from_case is not None:
        notes = [word("case", language, case=value.from_case.id), *notes]
    drawn = {"n": value.n, "seed": value.seed, "start": value.start}
    if isinstance(value, Comparison):
        return [word("paired", language, level=value.level, **drawn), *notes]
    return [word("n", language, **drawn), *notes]
