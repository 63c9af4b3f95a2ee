"""Histories as rows: one row a case, one column a type of event; from CSV, from mappings, and back.

A row has no order of its own. Events are put in the order of their days; where days do not tell (the same day, periods
that overlap, a day that is not known), in the order in which such events follow each other in a case.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from rrm_lifecycle.errors import EventError, HistoryError
from rrm_lifecycle.histories.cells import UNKNOWN, day_cell, is_empty, number_of, period_of, spelt, text_of, yes_of
from rrm_lifecycle.histories.checks import made, near, needed, shown
from rrm_lifecycle.histories.event import HistoryEvent, Period
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.reading import check_marks
from rrm_lifecycle.histories.vocabulary import EventType

Read = TypeVar("Read")

_TEXTS: Final = (
    "id", "facility", "company", "city", "state", "sector", "subsector", "complainant", "respondent", "petitioner",
    "origin", "linked_to", "final_status", "notes",
)  # fmt: skip
_NUMBERS: Final = ("request_number", "workers_benefited", "workers_reinstated_or_paid", "backpay_usd")
_OF_EVENTS: Final = ("course_end", "extended_end", "partial", "source")

COLUMNS: Final = (
    "id", "facility", "company", "city", "state", "sector", "subsector", "complainant", "respondent", "petitioner",
    "origin", "request_number", "linked_to", *map(str, EventType), "course_end", "extended_end", "partial",
    "final_status", "as_of", "workers_benefited", "workers_reinstated_or_paid", "backpay_usd", "source", "notes",
)  # fmt: skip
"""The columns, in the order of the template. ``id`` and ``facility`` alone are needed.

``course_end`` is the end agreed for the course, ``extended_end`` the one agreed later; ``partial`` says that the Denial
found is a limited one; ``source`` is an address on which the whole row rests; ``as_of`` is the day of the last look, by
default the last day that the row names.
"""

_LONGEST_HEADER: Final = 4_096
_SHOWN_BY: Final = "'rrm template FILE.csv' writes them all"

_E = EventType
_BEFORE_A_PANEL: Final = (
    _E.PETITION_FILED, _E.PETITION_ACCEPTED, _E.PETITION_REJECTED, _E.REQUEST_FOR_REVIEW, _E.LIQUIDATION_SUSPENDED,
    _E.RESPONDENT_ACCEPTS_REVIEW, _E.RESPONDENT_DECLINES_REVIEW, _E.REVIEW_RESULT_DENIAL_FOUND,
    _E.REVIEW_RESULT_NO_DENIAL, _E.REVIEW_RESULT_RESOLVED, _E.CONSULTATIONS_STARTED, _E.COMPANY_AGREEMENT,
)  # fmt: skip
_COURSE: Final = (_E.COURSE_OF_REMEDIATION_AGREED, _E.COURSE_EXTENDED, _E.COURSE_FAILED)
_NOTICE: Final = (_E.NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES,)
_PANEL: Final = (
    _E.PANEL_REQUESTED, _E.PANEL_CONSTITUTED, _E.PANEL_VERIFICATION, _E.PANEL_HEARING, _E.PANEL_DETERMINATION_DENIAL,
    _E.PANEL_DETERMINATION_NO_DENIAL, _E.PANEL_DETERMINATION_NO_JURISDICTION, _E.PANEL_DETERMINATION_PUBLISHED,
)  # fmt: skip
_LAST: Final = (
    _E.REMEDIES_IMPOSED, _E.REMEDIATION_COMPLETED, _E.REMEDIES_LIFTED, _E.MATTER_RESOLVED, _E.LIQUIDATION_RESUMED,
    _E.CASE_WITHDRAWN, _E.FACILITY_CLOSED,
)  # fmt: skip


def read_csv(text: str, name: str) -> Iterator[History]:
    """Yield the cases of a CSV text, whose columns are set apart by commas, semicolons or tabs.

    Raises:
        HistoryError: With file, row as a spreadsheet numbers it, column, what was found, and what would be right.
    """
    check_marks(text, ",;\t\n", name)
    lines = _lines(text, name)
    header = [cell.strip().casefold() for cell in next(lines, [])]
    _check_header(header, name)
    for number, cells in enumerate(lines, 2):
        where = f"{name}: row {number}"
        beyond = next((cell for cell in cells[len(header) :] if cell.strip()), None)
        if beyond is not None:
            msg = f"{where} has more cells than the first row; found {shown(beyond)}: put text with commas in quotes"
            raise HistoryError(msg)
        row = {column: cell for column, cell in zip(header, cells, strict=False) if column or cell.strip()}
        if any(cell.strip() for cell in cells):
            yield history_of(row, where)


def _lines(text: str, name: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV text, one at a time, so that they never stand in memory all at once."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    except csv.Error as error:
        msg = f"{name}: no CSV: {error}"
        raise HistoryError(msg) from None


def read_rows(rows: Iterable[Mapping[str, object]]) -> Iterator[History]:
    """Yield the cases of mappings from column to cell.

    Raises:
        HistoryError: With row, column, what was found, and what would be right.
    """
    if isinstance(rows, Mapping | str | bytes) or hasattr(rows, "to_dict"):
        way = 'a data frame has df.to_dict("records")'
        msg = f"rows have to be a sequence of mappings, one a case; found {type(rows).__name__}: {way}"
        raise HistoryError(msg)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            msg = f"row {number} has to be a mapping from column to cell; found {type(row).__name__}"
            raise HistoryError(msg)
        yield history_of(row, f"row {number}")


def history_of(row: Mapping[str, object], where: str) -> History:
    """Return the case of a row.

    Raises:
        HistoryError: With place, column, what was found, and what would be right.
    """
    for column in row:
        if column not in COLUMNS:
            msg = f"{where}: there is no column {shown(column)}: {near(column, COLUMNS, _SHOWN_BY)}"
            raise HistoryError(msg)
    cells = {str(column): value for column, value in row.items() if not is_empty(value)}
    if "id" in cells:
        where += f" ({shown(cells['id']).strip(chr(39))})"
    needed(cells, ("id", "facility"), where)
    stated: dict[str, Any] = {}
    for column, value in cells.items():
        if column in _TEXTS:
            stated[column] = _cell(text_of, value, where, column)
        elif column in _NUMBERS:
            stated[column] = _cell(number_of, value, where, column)
    events = tuple(_events(cells, where))
    stated["as_of"] = _cell(day_cell, cells["as_of"], where, "as_of") if "as_of" in cells else _last_day(events, where)
    return made(History, where, events=events, **stated)


def _cell(read: Callable[[object, str], Read], value: object, where: str, column: str) -> Read:
    try:
        return read(value, column)
    except EventError as error:
        msg = f"{where}: {error}"
        raise HistoryError(msg) from None


def _events(cells: Mapping[str, object], where: str) -> Sequence[HistoryEvent]:
    periods: dict[EventType, Period | None] = {
        kind: _cell(period_of, cells[kind], where, kind) for kind in EventType if kind in cells
    }
    more = _more(cells, periods, where)
    source = _cell(text_of, cells["source"], where, "source") if "source" in cells else None
    return [
        made(HistoryEvent, f"{where}: {kind}", type=kind, source_url=source, **_days(period), **more.get(kind, {}))
        for kind, period in ((kind, periods[kind]) for kind in ordered(periods))
    ]


def _days(period: Period | None) -> dict[str, dt.date]:
    if period is None:
        return {}
    first, last = period
    return {"date": first} if first == last else {"earliest": first, "latest": last}


def _more(cells: Mapping[str, object], kinds: Iterable[EventType], where: str) -> dict[EventType, dict[str, object]]:
    """Return what other columns say of an event; a column that speaks of an event that did not happen is refused."""
    found: dict[EventType, dict[str, object]] = {}
    for column, kind, name, read in (
        ("course_end", EventType.COURSE_OF_REMEDIATION_AGREED, "agreed_end", day_cell),
        ("extended_end", EventType.COURSE_EXTENDED, "agreed_end", day_cell),
        ("partial", EventType.REVIEW_RESULT_DENIAL_FOUND, "partial", yes_of),
    ):
        value = _cell(read, cells[column], where, column) if column in cells else None
        if value and kind not in kinds:
            msg = f"{where}: {column} is stated, and {kind} is empty: put its day there, or {UNKNOWN}"
            raise HistoryError(msg)
        if value:
            found[kind] = {name: value}
    return found


def _last_day(events: Sequence[HistoryEvent], where: str) -> dt.date:
    """Return the last day that a row names: the last look had been then, or later."""
    if not events:
        msg = f"{where}: no event is stated: fill as_of with the day of your last look, or put an event in its column"
        raise HistoryError(msg)
    if events[-1].known is None:
        msg = f"{where}: {events[-1].type}: nothing bounds its day: fill as_of with the day of your last look"
        raise HistoryError(msg)
    return max(event.known[1] for event in events if event.known is not None)


def ordered(periods: Mapping[EventType, Period | None]) -> list[EventType]:
    """Return the types of events of a row in the order in which they happened, as far as the row tells.

    What lies wholly before another event comes before it. For the rest the order is the natural one of a case: each
    event comes as early as that order has it, after all that must come before it. So the order never contradicts the
    days.

    Args:
        periods: For each event that happened its first and last day; None where the day is not known.

    Example:
        >>> day = dt.date(2023, 8, 19)
        >>> ordered({EventType.MATTER_RESOLVED: None, EventType.REQUEST_FOR_REVIEW: (day, day)})
        [<EventType.REQUEST_FOR_REVIEW: 'request_for_review'>, <EventType.MATTER_RESOLVED: 'matter_resolved'>]
    """
    order = _natural_order(periods)
    placed: dict[EventType, None] = {}

    def place(kind: EventType) -> None:
        own = periods[kind]
        for one in order:
            other = periods[one]
            if one not in placed and own is not None and other is not None and other[1] < own[0]:
                place(one)
        placed.setdefault(kind)

    for kind in order:
        place(kind)
    return list(placed)


def _natural_order(periods: Mapping[EventType, Period | None]) -> list[EventType]:
    """Return the types of events of a row as they follow each other in a case.

    Two places depend on what else happened: a course agreed after a panel was requested follows that panel, and a
    notice after a failed course comes before the panel, unless a panel's determination of a Denial may have come first.
    """
    order = [*_BEFORE_A_PANEL, *_COURSE, *_PANEL, *_NOTICE, *_LAST]
    if _surely_before(periods, _E.PANEL_REQUESTED, _E.COURSE_OF_REMEDIATION_AGREED):
        order = [*_BEFORE_A_PANEL, *_PANEL, *_COURSE, *_NOTICE, *_LAST]
    elif _E.COURSE_FAILED in periods and (
        _E.PANEL_DETERMINATION_DENIAL not in periods
        or _surely_before(periods, *_NOTICE, _E.PANEL_DETERMINATION_DENIAL)
    ):  # fmt: skip
        order = [*_BEFORE_A_PANEL, *_COURSE, *_NOTICE, *_PANEL, *_LAST]
    return [kind for kind in order if kind in periods]


def _surely_before(periods: Mapping[EventType, Period | None], one: EventType, other: EventType) -> bool:
    first, second = periods.get(one), periods.get(other)
    return first is not None and second is not None and first[1] < second[0]


def row_of(history: History) -> dict[str, str]:
    """Return a history as a row: the text of each column.

    A row holds less than a history: notes of events, their confidence, and sources are left out, unless one source is
    the source of all.

    Raises:
        HistoryError: A type of event stands twice in the history; a row has one cell for each.
    """
    row = dict.fromkeys(COLUMNS, "")
    told = history.as_json()
    row |= {name: str(told[name]) for name in (*_TEXTS, *_NUMBERS, "as_of") if told.get(name) is not None}
    for event in history.events:
        if row[event.type]:
            msg = f"{history.id}: {event.type} stands twice, and a row has one cell for it: keep this case as JSON"
            raise HistoryError(msg)
        row[event.type] = spelt(event.known)
        if event.agreed_end is not None:
            row["extended_end" if event.type is EventType.COURSE_EXTENDED else "course_end"] = str(event.agreed_end)
        if event.partial:
            row["partial"] = "yes"
    sources = {event.source_url for event in history.events}
    row["source"] = (sources.pop() or "") if len(sources) == 1 else ""
    return row


def template() -> str:
    """Return the text of an empty CSV file: the line of its columns.

    Example:
        >>> template().split(",")[:2]
        ['id', 'facility']
    """
    return ",".join(COLUMNS) + "\n"


def write_template(path: str | os.PathLike[str]) -> None:
    """Write an empty CSV file, never over a file that is there.

    Raises:
        FileExistsError: There is a file of that name.
    """
    try:
        # With the mark by which spreadsheets know UTF-8, and read accents right.
        with Path(path).open("x", encoding="utf-8-sig", newline="") as file:
            file.write(template())
    except FileExistsError:
        words = "there is such a file, and it is kept: choose another name"
        raise FileExistsError(errno.EEXIST, words, os.fspath(path)) from None


def _delimiter(text: str) -> str:
    """Return what sets the columns apart: that by which the first line gives most known columns."""
    first = text.lstrip("\r\n").partition("\n")[0].strip()[:_LONGEST_HEADER]

    def known(mark: str) -> int:
        return sum(cell.strip(' "').casefold() in COLUMNS for cell in first.split(mark))

    return max(",;\t", key=known)


def _check_header(header: Sequence[str], name: str) -> None:
    if "id" not in header or "facility" not in header:
        found = shown(", ".join(header))
        msg = f"{name}: neither JSON nor a table with the columns id and facility; its first line is {found}"
        raise HistoryError(msg)
    for place, column in enumerate(header, 1):
        if column and column not in COLUMNS:
            msg = f"{name}: column {place}: there is no column {shown(column)}: {near(column, COLUMNS, _SHOWN_BY)}"
            raise HistoryError(msg)
        if column and header.index(column) < place - 1:
            msg = f"{name}: the column {column!r} stands twice: keep one; a case with two such events is kept as JSON"
            raise HistoryError(msg)
