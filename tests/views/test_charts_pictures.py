"""Charts look as they were accepted, whatever version of matplotlib draws them, and a missing series is noticed.

Versions of matplotlib set letters otherwise, and leave other room for them. What is compared is what tells the numbers: a
chart in axes of a fixed size, without its text. The text is looked at in the tests of the structure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.views.charts_drawn import ALIGNED, EVERY, RUN, drawn

# isort: split
from matplotlib import pyplot as plt
from matplotlib.text import Text

from rrm_lifecycle.views.charts import plot as charts
from tests.views.pictures import assert_looks_like, difference, pixels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACCEPTED = (
    "outcomes", "survival", "incidence", "occupancy", "durations", "tornado", "differences", "forecast", "flow",
    "flow, real", "calendar", "calendar of a case",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def _plain(ax: Axes) -> Figure:
    """Return the figure of a chart without its text, each of its axes of a fixed size."""
    figure = drawn(ax)
    figure.set_layout_engine("none")
    figure.set_size_inches(6, 4)
    for place, one in enumerate(figure.axes):
        one.set_position((0.05, 0.55 - 0.5 * place, 0.9, 0.4) if len(figure.axes) > 1 else (0.05, 0.05, 0.9, 0.9))
        legend = one.get_legend()
        if legend is not None:
            legend.set_visible(False)
    for text in figure.findobj(Text):
        text.set_visible(False)
    return figure


@pytest.mark.parametrize("name", ACCEPTED)
def test_as_it_was_accepted(name: str) -> None:
    """Each kind of chart looks as the one that was looked at and accepted."""
    assert_looks_like(_plain(EVERY[name]()), f"chart-{name.replace(', ', '-').replace(' ', '-')}")


def _without_line(ax: Axes) -> None:
    ax.lines[1].remove()


def _without_area(ax: Axes) -> None:
    ax.collections[2].remove()


def _without_bar(ax: Axes) -> None:
    ax.patches[1].remove()


def _without_bars(ax: Axes) -> None:
    for patch in list(ax.patches)[::2]:
        patch.remove()


@pytest.mark.parametrize(
    ("draw", "leave_out"),
    [
        (lambda: charts.outcomes(RUN), _without_bar),
        (lambda: charts.survival(ALIGNED), lambda ax: ax.collections[0].remove()),
        (lambda: charts.occupancy(RUN), _without_area),
        (lambda: charts.durations(RUN), _without_bars),
        (lambda: charts.flow(RUN), _without_bars),
    ],
    ids=["outcomes", "survival", "occupancy", "durations", "flow"],
)
def test_what_is_missing_is_noticed(draw: Callable[[], Axes], leave_out: Callable[[Any], None]) -> None:
    """A chart without one of its bars, bands, areas or ribbons differs by more than is let by."""
    whole = pixels_of(_plain(draw()))
    ax = draw()
    leave_out(ax)
    far, changed = difference(whole, pixels_of(_plain(ax)))
    assert far > 0.5 or changed > 0.0002
