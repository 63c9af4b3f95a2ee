"""Results that charts are drawn of, every chart by name, and what is looked at in a drawn one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from rrm_lifecycle.case.agenda import Agenda, Due, agenda
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.histories.alignment import align, align_all
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.simulation.answers import exact
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.forecasting import forecast
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.scenarios import COLUMNS, MEAN, PANEL, Comparison
from rrm_lifecycle.simulation.sensitivity import Sensitivity
from rrm_lifecycle.views.charts import plot as charts
from rrm_lifecycle.views.charts.style import GREY

if TYPE_CHECKING:
    from collections.abc import Callable

RUN: Final = simulate(n=2_000, seed=1)
ONE: Final = simulate(n=1, seed=3)
AHEAD: Final = forecast(load()["tamsa"], today=date(2025, 6, 14), draws=3)


ALIGNED: Final = align_all(load())
TAMSA: Final = agenda(align(load()["tamsa"]).case, date(2025, 6, 20))


def _of_docket(today: date) -> Agenda:
    """Return what is due in all the real cases."""
    dues: list[Due] = [due for one in ALIGNED for due in agenda(one.case, today)]
    return Agenda(today, tuple(dues))


DOCKET: Final = _of_docket(date(2025, 12, 1))


def _flip(doubt: str, days: float | None, outcomes: float | None, flip: str = "off") -> dict[str, Any]:
    return {
        "doubt": doubt, "kind": "term", "about": "A4-13", "flip": flip, "days": days, "outcomes": outcomes, "most": None,
        "most_by": None, "note": None,
    }  # fmt: skip


DOUBTS: Final = Sensitivity(
    "days", 196.7, {},
    (
        _flip("panel_within_us_decision", -23.8, 0.12, "yes: those 60 days"),
        _flip("confirmation_settles_coverage", 8.2, 0.07, "yes: out of scope can no longer be found by a later panel"),
        *(_flip("respondent_panel", 0.1 * n, 0.0, f"{n} instead of 10 days") for n in range(1, 15)),
        _flip("lot", 0.0, 0.0), _flip("course", None, None),
    ), Behaviour.default(), DEFAULT, date(2026, 2, 3),
)  # fmt: skip


def _compared(scenario: str, measure: str, difference: float, low: float | None, high: float | None) -> dict[str, Any]:
    row = (scenario, measure, 0.2, 0.2 + difference, difference, low, high, None)
    return dict(zip(COLUMNS, row, strict=True))


COMPARED: Final = Comparison(
    ("always_declines", "panel_in_time"), 2_000, 1, date(2026, 2, 3),
    (
        _compared("always_declines", MEAN, 29.4, 19.5, 32.1), _compared("always_declines", "settled", 0.07, 0.05, 0.09),
        _compared("always_declines", PANEL, 0.32, 0.29, 0.34), _compared("panel_in_time", MEAN, -2.0, None, None),
        _compared("panel_in_time", "settled", 0.0, 0.0, 0.0), _compared("panel_in_time", PANEL, 0.0, 0.0, 0.0),
    ), 0.95, Behaviour.default(), DEFAULT, {},
)  # fmt: skip

EVERY: Final[dict[str, Callable[..., Axes]]] = {
    "outcomes": lambda **more: charts.outcomes(RUN, **more),
    "outcomes of one": lambda **more: charts.outcomes(ONE, **more),
    "outcomes by phase": lambda **more: charts.outcomes(AHEAD, by="reached", **more),
    "outcomes, exact": lambda **more: charts.outcomes(exact(), **more),
    "survival": lambda **more: charts.survival(RUN, **more),
    "survival of one": lambda **more: charts.survival(ONE, **more),
    "survival, real": lambda **more: charts.survival(load(), **more),
    "incidence": lambda **more: charts.incidence(RUN, **more),
    "incidence of one": lambda **more: charts.incidence(ONE, **more),
    "occupancy": lambda **more: charts.occupancy(RUN, **more),
    "occupancy of one": lambda **more: charts.occupancy(ONE, **more),
    "durations": lambda **more: charts.durations(RUN, **more),
    "durations of one": lambda **more: charts.durations(ONE, **more),
    "tornado": lambda **more: charts.tornado(DOUBTS, **more),
    "tornado of outcomes": lambda **more: charts.tornado(DOUBTS, of="outcomes", **more),
    "differences": lambda **more: charts.differences(COMPARED, **more),
    "differences of one scenario": lambda **more: charts.differences(COMPARED, scenario="always_declines", **more),
    "no difference": lambda **more: charts.differences(COMPARED, scenario="panel_in_time", **more),
    "forecast": lambda **more: charts.forecast(AHEAD, **more),
    "flow": lambda **more: charts.flow(RUN, **more),
    "flow of one": lambda **more: charts.flow(ONE, **more),
    "flow, real": lambda **more: charts.flow(ALIGNED, **more),
    "flow, one real": lambda **more: charts.flow(ALIGNED[:1], **more),
    "calendar": lambda **more: charts.calendar(DOCKET, closing_days=Calendar.of_party("MX"), **more),
    "calendar of a case": lambda **more: charts.calendar(TAMSA, **more),
    "calendar, nothing due": lambda **more: charts.calendar(Agenda(date(2025, 12, 1), ()), **more),
}


def drawn(ax: Axes) -> Figure:
    """Return the figure of a chart, laid out."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    return figure


def said(figure: Figure) -> list[Text]:
    """Return every text of a figure that is seen; tick labels beyond the limits of an axis are not."""
    found: list[Text] = []
    for one in figure.findobj(Text):
        assert isinstance(one, Text)
        if one.get_visible() and one.get_text():
            found.append(one)
    hidden = {
        tick.label1
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        if not min(axis.get_view_interval()) - 1e-9 <= tick.get_loc() <= max(axis.get_view_interval()) + 1e-9
    }
    return [one for one in found if one not in hidden]


def names(ax: Axes) -> list[str]:
    """Return the names of the rows of a chart."""
    return [one.get_text() for one in ax.get_yticklabels()]


def caption_of(ax: Axes) -> str:
    """Return the caption of a chart."""
    return " ".join(" ".join(one.get_text() for one in said(drawn(ax)) if str(one.get_color()) == GREY).split())
