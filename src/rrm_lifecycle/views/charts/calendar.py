"""A calendar of due days: months as a grid, each day with the number of limits that fall due on it.

The function is one of those of :mod:`rrm_lifecycle.views.charts.plot`, which says what they have in common.
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from rrm_lifecycle.views.charts import style  # first: it says which extra is needed where matplotlib is missing

# isort: split
from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from rrm_lifecycle.case.agenda import Agenda, Due
from rrm_lifecycle.case.calendars import SATURDAY_AND_SUNDAY, Calendar
from rrm_lifecycle.law.terms import Kind
from rrm_lifecycle.law.wording import term_name
from rrm_lifecycle.views.charts.style import BLUE, FAINT, GREY, INK
from rrm_lifecycle.views.charts.words import word

Month = tuple[int, int]
_ACROSS: Final = 3
"""Months beside each other."""
_WIDE, _HIGH = 8.2, 8.4
"""Room of a month, in days."""
_MOST: Final = 12
_LISTED: Final = 10
"""How many due days, those nearest to the day of looking, are told in words below."""
_WAITING: Final = frozenset({Kind.AT_LEAST, Kind.BAR})
"""Limits in which somebody waits: nobody is late when they are over."""
_LATE: Final = "#a3472c"
_SHUT: Final = "#b4bec6"
_SIGNS: Final = {"due": ("o", BLUE, "white"), "late": ("D", _LATE, "white"), "over": ("o", "white", INK)}
"""The sign of a day, its colour, and the colour of the number in it."""


@frozen
class _Seen:
    """What the days of a calendar show.

    Attributes:
        today: The day of looking.
        by_day: What falls due on each day.
        closing_days: The closing days of an office, where they are known.
    """

    today: date
    by_day: Mapping[date, Sequence[Due]]
    closing_days: Calendar | None


def calendar(  # noqa: PLR0913 - what varies between charts, by name
    value: Agenda,
    *,
    closing_days: Calendar | None = None,
    months: int = _MOST,
    ax: Axes | None = None,
    caption: bool = False,
    language: str = "en",
) -> Axes:
    """Return a calendar of the days on which limits fall due, each with how many.

    A disc marks a last day to come, a diamond one that is over and late, a ring a waiting time that is over. The first of
    them are told in words below. Months without anything are left out where the others would not fit.

    Args:
        value: An agenda, of one case or of a docket.
        closing_days: The closing days of an office, shaded; weekends alone are if None.
        months: How many months at most, those nearest to the day of looking.
        ax: Axes to draw on; a figure is made if None.
        caption: Whether to write below what the chart rests on.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: ``months`` is no whole number of at least 1.
        TypeError: The closing days are no calendar.
    """
    style.needs(value, Agenda)
    if not isinstance(closing_days, Calendar | None):
        msg = f"closing_days is a Calendar; found {type(closing_days).__name__}"
        raise TypeError(msg)
    shown = _months(value, style.whole_of(months, "months, the number of months,"))
    rows = -(-len(shown) // _ACROSS)
    ax = style.start(ax, language, 2.0 + 2.4 * rows + 0.14 * min(_LISTED + 3, len(value)))
    cases = {due.case_id for due in value}
    by_day: dict[date, list[Due]] = {}
    for due in value:
        if due.due is not None:
            by_day.setdefault(due.due, []).append(due)
    seen = _Seen(value.today, by_day, closing_days)
    for place, month in enumerate(shown):
        corner = (place % _ACROSS * _WIDE, place // _ACROSS * _HIGH)
        _month(ax, corner, month, seen, language)
    ax.set(xticks=[], yticks=[], xlim=(-0.3, _ACROSS * _WIDE - 0.9), ylim=(rows * _HIGH - 0.4, -0.4), aspect="equal")
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel(_told(value, by_day, shown, language), fontsize=style.SMALL + 0.5, color=INK, loc="left")
    lines = _legend(ax, seen, language)
    title = word(
        "calendar.one" if len(cases) == 1 else "calendar", language, case=min(cases, default=""), today=seen.today
    )
    ax.set_title(title, loc="left", fontsize=style.LARGE, color=INK, pad=10 + 13 * lines)
    if caption:
        style.caption(ax, [word("calendar.note", language, n=len(value), cases=len(cases))], language)
    return ax


def _months(value: Agenda, most: int) -> list[Month]:
    """Return the months that are shown: all from the first to the last, or those alone in which something is due."""
    today = value.today
    due = {(one.due.year, one.due.month) for one in value if one.due is not None} | {(today.year, today.month)}
    first, last = min(due), max(due)
    between = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    if between <= most:
        return [(first[0] + (first[1] - 1 + n) // 12, (first[1] - 1 + n) % 12 + 1) for n in range(between)]

    def far(month: Month) -> int:
        return abs((month[0] - today.year) * 12 + month[1] - today.month)

    return sorted(sorted(due, key=far)[:most])


def _kind(due: Due) -> str:
    if due.days_left is None or due.days_left >= 0:
        return "due"
    return "over" if due.kind in _WAITING else "late"


def _sign(dues: Sequence[Due]) -> str:
    """Return the sign of a day: the gravest of its limits."""
    return max(map(_kind, dues), key=("due", "over", "late").index)


def _month(ax: Axes, corner: tuple[float, float], month: Month, seen: _Seen, language: str) -> None:
    left, top = corner
    name = word("months", language).split()[month[1] - 1]
    ax.text(left, top + 0.35, f"{name} {month[0]}", fontsize=style.SMALL + 1.5, color=INK, va="center", weight="bold")
    for place, weekday in enumerate(word("weekdays", language).split()):
        ax.text(left + place + 0.5, top + 1.35, weekday, fontsize=style.SMALL, color=GREY, ha="center", va="center")
    for row, week in enumerate(months_of.monthcalendar(*month)):
        for place, number in enumerate(week):
            if number:
                _day(ax, left + place, top + 1.8 + row, date(*month, number), seen)


def _day(ax: Axes, x: float, y: float, day: date, seen: _Seen) -> None:
    closing_days = seen.closing_days
    weekend = day.weekday() in (SATURDAY_AND_SUNDAY if closing_days is None else closing_days.weekend)
    shut = closing_days is not None and day in closing_days.closing_days
    ax.add_patch(
        Rectangle(
            (x, y), 1, 1, facecolor="#eef1f3" if weekend or shut else "white", edgecolor=_SHUT if shut else FAINT,
            hatch="////" if shut else "", linewidth=0.6, zorder=1,
        )
    )  # fmt: skip
    if day == seen.today:
        ax.add_patch(Rectangle((x, y), 1, 1, fill=False, edgecolor=INK, linewidth=1.8, zorder=4))
    dues = seen.by_day.get(day, ())
    if not dues:
        ax.text(
            x + 0.5, y + 0.5, str(day.day), fontsize=style.SMALL, color=GREY if weekend and not shut else INK, ha="center",
            va="center", zorder=3,
        )  # fmt: skip
        return
    mark, color, ink = _SIGNS[_sign(dues)]
    ax.plot([x + 0.5], [y + 0.5], mark, color=color, markeredgecolor=INK, markeredgewidth=0.8, markersize=14, zorder=2)
    ax.text(
        x + 0.5, y + 0.5, str(len(dues)), fontsize=style.SMALL + 0.5, color=ink, ha="center", va="center", weight="bold",
        zorder=3,
    )  # fmt: skip


def _told(value: Agenda, by_day: Mapping[date, Sequence[Due]], shown: Sequence[Month], language: str) -> str:
    """Return in words what is due first, and what the calendar does not show."""
    alone = len({due.case_id for due in value}) == 1
    lines = []
    for day in sorted(sorted(by_day, key=lambda day: abs(day - value.today))[:_LISTED]):
        names = [term_name(due.term, language) + ("" if alone else f" ({due.case_id})") for due in by_day[day]]
        told = "; ".join(names)
        told = told if len(told) <= 2 * style.LONGEST else told[: 2 * style.LONGEST - 1].rstrip() + "…"
        lines.append(f"{day}: {told}" + _late_by(by_day[day], language))
    left = len(by_day) - len(lines)
    if left:
        lines.append(word("calendar.further", language, n=left))
    without = sum(due.due is None for due in value)
    if without:
        lines.append(word("calendar.no_day", language, n=without))
    outside = sum(len(dues) for day, dues in by_day.items() if (day.year, day.month) not in shown)
    if outside:
        lines.append(word("calendar.more", language, n=outside))
    return "\n".join(lines) or word("calendar.none", language)


def _late_by(dues: Sequence[Due], language: str) -> str:
    kind, left = _sign(dues), dues[0].days_left or 0
    if kind == "due":
        return ""
    return f" ({word(f'calendar.{kind}', language, days=-left)})"


def _legend(ax: Axes, seen: _Seen, language: str) -> int:
    """Write what the signs mean above the months, and return in how many lines."""
    there = {_sign(dues) for dues in seen.by_day.values()}
    handles: list[Line2D | Patch] = [
        Line2D([], [], marker=mark, color=color, markeredgecolor=INK, markersize=9, linestyle="none",
               label=word(f"calendar.key.{kind}", language))
        for kind, (mark, color, _) in _SIGNS.items() if kind in there
    ]  # fmt: skip
    handles.append(
        Patch(
            facecolor="white",
            edgecolor=INK,
            linewidth=1.8,
            label=f"{word('calendar.key.today', language)} ({seen.today})",
        )
    )
    name = word("calendar.key.weekend", language)
    handles.append(Patch(facecolor="#eef1f3", edgecolor=FAINT, label=name))
    if seen.closing_days is not None:
        name = word("calendar.key.shut", language, calendar=seen.closing_days.name)
        handles.append(Patch(facecolor="#eef1f3", edgecolor=_SHUT, hatch="////", label=name))
    ax.legend(
        handles=handles, frameon=False, fontsize=style.SMALL + 0.5, labelcolor=INK, ncols=2, loc="lower left",
        bbox_to_anchor=(-0.01, 1.0), borderaxespad=0.2, handlelength=1.6,
    )  # fmt: skip
    return -(-len(handles) // 2)
