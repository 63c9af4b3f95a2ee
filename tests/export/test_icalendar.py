"""An agenda as a calendar, read back by the package ``icalendar``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from rrm_lifecycle.case.agenda import Agenda, Due, agenda
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export.icalendar import folded, icalendar, text, uid
from tests.export.hostile import CASES, NAMES

ics = pytest.importorskip("icalendar")
CASE = CASES[0]


def events(told: str) -> list[Any]:
    """Return the events of a calendar."""
    return list(ics.Calendar.from_ical(told).walk("VEVENT"))


class TestReadBack:
    """Another reader finds each limit, on its last day, with its reminders."""

    def test_limits(self) -> None:
        """Each limit with a last day is an all-day event of one day, and what has none is left out."""
        seen = agenda(CASE, date(2024, 4, 10))
        found = events(icalendar(seen))
        assert [one.decoded("DTSTART") for one in found] == [due.due for due in seen if due.due]
        assert all(one.decoded("DTEND") - one.decoded("DTSTART") == timedelta(1) for one in found)
        assert len(found) == 1
        open_ended = attrs.evolve(seen, items=tuple(attrs.evolve(due, due=None, days_left=None) for due in seen))
        assert events(icalendar(open_ended)) == []

    def test_alarms(self) -> None:
        """The reminders are so many days before the last day, the earliest first, each once."""
        (one,) = events(icalendar(agenda(CASE, date(2024, 4, 10)), alarms=(1, 14, 1, 0)))
        assert [each.decoded("TRIGGER") for each in one.walk("VALARM")] == [timedelta(-14), timedelta(-1), timedelta(0)]

    @pytest.mark.parametrize("alarm", [-1, 4_000, 1.5, "7"])
    def test_wrong_alarms(self, alarm: Any) -> None:
        """A reminder is a whole number of days."""
        with pytest.raises(EventError, match="a reminder"):
            icalendar([], alarms=[alarm])

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_text(self, name: str) -> None:
        """Whatever a text means elsewhere, it is read back as it was written, over folded lines too."""
        due = attrs.evolve(agenda(CASE, date(2024, 4, 10))[0], case_id=name, term=name, provision=name)
        told = icalendar(Agenda(date(2024, 4, 10), (due,)))
        (one,) = events(told)
        assert str(one["SUMMARY"]).startswith(f"{name}: ")
        assert str(one["DESCRIPTION"]).endswith(f"({name})")
        assert all(len(line) <= 75 for line in told.encode().split(b"\r\n"))

    def test_no_injection(self) -> None:
        """A line end in a text ends no line of the calendar."""
        assert text("a\r\nEND:VEVENT\nx\x00\x1b") == "a\\nEND:VEVENT\\nx"


class TestIdentity:
    """A limit keeps its UID, so that taking up the file anew updates it."""

    def test_uid(self) -> None:
        """The UID outlasts another day of looking, an extension, and another language; another case has another."""
        first, later = (agenda(CASE, day)[0] for day in (date(2024, 4, 10), date(2024, 4, 20)))
        assert uid(first) == uid(later) == uid(attrs.evolve(first, due=date(2025, 1, 1)))
        others = [attrs.evolve(first, case_id="b"), attrs.evolve(first, term="reply"), _started(first)]
        assert len({uid(first), *map(uid, others)}) == 4

    def test_sequence(self) -> None:
        """A file of a later day of looking is the newer one, and the same day gives the same bytes."""
        seen = [agenda(CASE, day) for day in (date(2024, 4, 10), date(2024, 4, 20))]
        first, later = (events(icalendar(one))[0] for one in seen)
        assert first["UID"] == later["UID"]
        assert (first["SEQUENCE"], later["SEQUENCE"]) == (9, 19)
        assert first.decoded("DTSTAMP") < later.decoded("DTSTAMP")
        assert icalendar(seen[0]) == icalendar(agenda(CASE, date(2024, 4, 10)))
        assert events(icalendar(iter(seen[0])))[0]["SEQUENCE"] == 0

    def test_taken_up(self) -> None:
        """What is taken up is no invitation: a calendar without a method, whose events have neither host nor guest."""
        told = icalendar(agenda(CASE, date(2024, 4, 10)))
        assert "METHOD" not in ics.Calendar.from_ical(told)
        assert "ORGANIZER" not in told

    def test_stamp(self) -> None:
        """No clock is asked: the stamp is the day of looking, or the first day of the limit where that is not known."""
        seen = agenda(CASE, date(2024, 4, 10))
        assert "DTSTAMP:20240410T000000Z" in icalendar(seen)
        assert "DTSTAMP:20240401T000000Z" in icalendar(iter(seen))


def _started(due: Due) -> Due:
    return attrs.evolve(due, started=due.started + timedelta(1))


class TestFolding:
    """Lines are folded at 75 octets, between characters."""

    @pytest.mark.parametrize("line", ["x" * 75, "x" * 76, "é" * 200, "🏭" * 80, "a" + "مصنع" * 60])
    def test_folded(self, line: str) -> None:
        """No part is longer than 75 octets, each is text by itself, and unfolding gives the line."""
        parts = folded(line).encode().split(b"\r\n")
        assert all(len(part) <= 75 for part in parts)
        assert all(part.decode() for part in parts)
        assert folded(line).replace("\r\n ", "") == line
        assert (len(parts) > 1) == (len(line.encode()) > 75)
