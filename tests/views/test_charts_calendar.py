"""The calendar of due days: each day with as many limits as fall due on it, and what is late by another sign."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import attrs
import pytest

from tests.views.charts_drawn import DOCKET, TAMSA

# isort: split
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from rrm_lifecycle.case.agenda import Agenda
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.law.terms import Kind
from rrm_lifecycle.views.charts import plot as charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

DAY: Final = date(2025, 12, 1)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def _signs(ax: Axes) -> list[str]:
    return [str(line.get_marker()) for line in ax.lines]


def _months(ax: Axes) -> list[str]:
    return [one.get_text() for one in ax.texts if one.get_fontweight() == "bold" and " " in one.get_text()]


def _numbers(ax: Axes) -> list[str]:
    return [one.get_text() for one in ax.texts if one.get_fontweight() == "bold" and " " not in one.get_text()]


def _on(days: int, kind: Kind = Kind.AT_MOST) -> Agenda:
    """Return an agenda with one limit that is due so many days after the day of looking."""
    due = attrs.evolve(TAMSA[0], due=DAY + timedelta(days), days_left=days, kind=kind)
    return Agenda(DAY, (due,))


def test_each_due_day_has_its_number() -> None:
    """As many signs stand in the calendar as there are due days, each with how many limits fall due."""
    ax = charts.calendar(DOCKET)
    by_day: dict[date, int] = {}
    for due in DOCKET:
        if due.due is not None:
            by_day[due.due] = by_day.get(due.due, 0) + 1
    assert len(_signs(ax)) == len(by_day)
    assert sorted(_numbers(ax)) == sorted(map(str, by_day.values()))
    assert _signs(ax).count("D") == sum(day < DOCKET.today for day in by_day)


@pytest.mark.parametrize(
    ("days", "kind", "sign", "says"),
    [
        (0, Kind.AT_MOST, "o", ""), (5, Kind.ALARM, "o", ""), (-1, Kind.AT_MOST, "D", "(late: 1 days)"),
        (-3, Kind.ALARM, "D", "(late: 3 days)"), (-3, Kind.AT_LEAST, "o", "(over for 3 days)"),
    ],
)  # fmt: skip
def test_what_is_late_has_another_sign(days: int, kind: Kind, sign: str, says: str) -> None:
    """A last day that is over is a diamond, and is told; the day itself is in time; nobody is late who waits."""
    ax = charts.calendar(_on(days, kind))
    assert _signs(ax) == [sign]
    assert ax.get_xlabel().endswith(says)
    assert ("late" in ax.get_xlabel()) is (sign == "D")


def test_months() -> None:
    """All months from the first to the last are shown; where that were too many, those alone in which something is due."""
    assert _months(charts.calendar(_on(70))) == ["December 2025", "January 2026", "February 2026"]
    far = Agenda(DAY, (*_on(70), *_on(900)))
    assert _months(charts.calendar(far)) == ["December 2025", "February 2026", "May 2028"]
    few = charts.calendar(far, months=2)
    assert _months(few) == ["December 2025", "February 2026"]
    assert "1 more fall due outside of these months" in few.get_xlabel()


def test_closing_days_are_shaded() -> None:
    """A closing day of the office is hatched; without a calendar no day is."""

    def hatched(ax: Axes) -> int:
        return sum(bool(one.get_hatch()) for one in ax.patches if isinstance(one, Rectangle))

    assert hatched(charts.calendar(_on(5), closing_days=Calendar.of_party("MX"))) == 1  # 25 December
    assert hatched(charts.calendar(_on(5))) == 0


def test_the_list_below() -> None:
    """Each due day is told in words, without the case where there is one alone; what has no last day is counted."""
    told = charts.calendar(TAMSA).get_xlabel().splitlines()
    assert told == [
        "2025-06-23: reply", "2025-07-28: review", "2025-08-12: decision whether to request a panel", "1 without a last day",
    ]  # fmt: skip
    assert "(tamsa)" in charts.calendar(DOCKET).get_xlabel()


def test_nothing_due() -> None:
    """Where nothing is due, the month of the day of looking is shown, and it is said."""
    ax = charts.calendar(Agenda(DAY, ()))
    assert _months(ax) == ["December 2025"]
    assert ax.get_xlabel() == "Nothing is due."


def test_in_spanish() -> None:
    """In Spanish months, weekdays and limits are Spanish."""
    ax = charts.calendar(TAMSA, language="es")
    assert _months(ax)[0] == "junio 2025"
    assert "2025-06-23: respuesta" in ax.get_xlabel()
    assert ax.get_title(loc="left") == "D\u00edas de vencimiento de tamsa, vistos el 2025-06-20"
