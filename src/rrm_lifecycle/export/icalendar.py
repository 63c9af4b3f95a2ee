"""An agenda as a calendar in iCalendar (RFC 5545): an all-day event for each last day, with reminders before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from rrm_lifecycle.canonical import whole
from rrm_lifecycle.case.agenda import Due
from rrm_lifecycle.law.wording import due_text, label, term_name

_FOLD: Final = 75
"""The most octets of a line, its end not counted."""
_MOST: Final = 3_650


def icalendar(agenda: Iterable[Due], *, alarms: Iterable[int] = (7, 1), language: str = "en") -> str:
    """Return an agenda as a calendar, for any program that takes up ``.ics`` files.

    Each limit keeps its UID, which follows from case, term and the day on which the limit started: who takes the file up
    anew updates what is there, since a later day of looking gives a higher ``SEQUENCE`` and a later ``DTSTAMP``. What has no
    last day is left out. Limits run to the end of a day, so that every event is an all-day one, without a time zone. A limit
    that was met leaves the agenda and not the calendar that took it up: it is for its owner to delete.

    Args:
        agenda: An agenda, or the limits of several.
        alarms: How many days before the last day to remind of it; none for no reminder.
        language: Language of the texts.

    Raises:
        EventError: A reminder is no whole number of days from 0 to 3650.

    Example:
        >>> icalendar([]).splitlines()[:2]
        ['BEGIN:VCALENDAR', 'VERSION:2.0']
    """
    before = sorted({whole(days, "a reminder", most=_MOST) for days in alarms}, reverse=True)
    stamp = _stamp(agenda)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//rrm-lifecycle//agenda//EN",
        "CALSCALE:GREGORIAN",
    ]
    for due in agenda if not isinstance(agenda, Iterator) else list(agenda):
        if due.due is not None:
            lines += _event(due, due.due, before, stamp, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _stamp(agenda: Iterable[Due]) -> date | None:
    today = getattr(agenda, "today", None)
    return today if isinstance(today, date) else None


def _event(due: Due, last: date, before: Iterable[int], stamp: date | None, language: str) -> Iterator[str]:
    summary = text(f"{due.case_id}: {term_name(due.term, language)} ({label(due.who, language)})")
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(due)}"
    # No clock is asked: the day of looking, or else the day on which the limit started.
    yield f"DTSTAMP:{_day(stamp or due.started)}T000000Z"
    # Of two files, programs keep what has the higher number: the one of the later day of looking.
    yield f"SEQUENCE:{max(0, (stamp - due.started).days) if stamp else 0}"
    yield f"DTSTART;VALUE=DATE:{_day(last)}"
    if last < date.max:
        yield f"DTEND;VALUE=DATE:{_day(last + timedelta(1))}"
    yield f"SUMMARY:{summary}"
    yield f"DESCRIPTION:{text(f'{due_text(due, language)} ({due.provision})')}"
    yield f"CATEGORIES:{text(due.term)}"
    yield "TRANSP:TRANSPARENT"
    for days in before:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{summary}"
        yield f"TRIGGER:-P{days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def uid(due: Due) -> str:
    """Return the UID of a limit: the same for the same case, term and first day, wherever it is looked at.

    Example:
        >>> from rrm_lifecycle.case.claim import Role
        >>> from rrm_lifecycle.law.terms import Standing
        >>> due = Due("a-1", "reply", "Art. 31-A.4", date(2024, 4, 1), None, None, Role.RESPONDENT, (), None, Standing.TEXT)
        >>> uid(due) == uid(due), uid(due).endswith("@rrm-lifecycle.invalid")
        (True, True)
    """
    known = sha256(f"{due.case_id}\n{due.term}\n{due.started}".encode()).hexdigest()[:32]
    return f"{known}@rrm-lifecycle.invalid"


def text(value: str) -> str:
    r"""Return text as a value of iCalendar.

    Example:
        >>> print(text("a;b,c"))
        a\;b\,c
    """
    plain = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    return "".join(mark for mark in plain if mark == "\t" or (mark >= " " and mark != "\x7f"))


def folded(line: str) -> str:
    """Return a line folded so that none of its parts is longer than 75 octets, and no character is cut."""
    if len(line.encode()) <= _FOLD:
        return line
    parts, part, size = [], "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part += mark
        size += octets
    return "\r\n".join([*parts, part])
