"""A history: one case as the public record tells it, patches and all. Facts as written; their meaning is the alignment's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from attrs import evolve, field, frozen

from rrm_lifecycle.canonical import clean_id, clean_text, whole
from rrm_lifecycle.case.claim import Impact, Party, Sector, exact_day, flag, member
from rrm_lifecycle.errors import EventError, HistoryError
from rrm_lifecycle.histories.vocabulary import (
    COURSES,
    FINDINGS,
    HOLD,
    ORIGINS,
    SAID_BY,
    Confidence,
    EventType,
    FinalStatus,
)
from rrm_lifecycle.law.annexes import ANNEXES, ENTRY_INTO_FORCE

Period = tuple[dt.date, dt.date]
"""Earliest and latest day."""

Check = Callable[[object, str], object]

# An address of a scheme that a browser would run or open on the reader's own machine; a plain citation has none.
_FOREIGN_SCHEME: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)


def _text(value: object, what: str) -> str:
    text = clean_text(value, what)
    if text.strip():
        return text
    msg = f"{what} is empty: leave it out where nothing is stated"
    raise EventError(msg)


def _address(value: object, what: str) -> str:
    text = _text(value, what)
    if not _FOREIGN_SCHEME.match(text):
        return text
    msg = f"{what} has to be an address that begins with https:// or http://, or a citation; found {text[:60]!r}"
    raise EventError(msg)


def _day(value: object, what: str) -> dt.date:
    day = exact_day(value, what)
    if day >= ENTRY_INTO_FORCE:
        return day
    msg = f"{what} lies before {ENTRY_INTO_FORCE}, the first day of the USMCA; found {day}: check the year"
    raise EventError(msg)


def _origin(value: object, what: str) -> str:
    if value in ORIGINS:
        return str(value)
    msg = f"{what} has to be one of {', '.join(map(repr, ORIGINS))}; found {value!r}"[:400]
    raise EventError(msg)


def _events(value: object, what: str) -> tuple[HistoryEvent, ...]:
    if isinstance(value, Iterable):
        events = tuple(value)
        if all(isinstance(one, HistoryEvent) for one in events):
            return events
    msg = f"{what} has to be a sequence of HistoryEvent; found {type(value).__name__}"
    raise EventError(msg)


def _one_of(kind: type[Any]) -> Check:
    return lambda value, what: member(kind, value, what)


def _settle(value: object, checks: Mapping[str, Check]) -> None:
    """Check each field of a new value, and set it to what the check returns; None means not stated."""
    for name, check in checks.items():
        found = getattr(value, name)
        if found is None and name not in _NEEDED:
            continue
        try:
            object.__setattr__(value, name, check(found, name))
        except EventError as error:
            raise HistoryError(str(error)) from None


_NEEDED: Final = frozenset({"type", "partial", "id", "facility", "complainant", "respondent", "events", "as_of"})

_OF_EVENT: Final[dict[str, Check]] = {
    "type": _one_of(EventType),
    "date": _day,
    "earliest": exact_day,
    "latest": _day,
    "agreed_end": _day,
    "agreed_end_source": _address,
    "partial": flag,
    "note": _text,
    "source_url": _address,
    "confidence": _one_of(Confidence),
}


@frozen(repr=False)
class HistoryEvent:
    """Something that happened in a case, as the record tells it.

    Attributes:
        type: What happened.
        date: On which day, where the day is known.
        earliest: First day of the period, where only a period is known.
        latest: Last day of that period.
        agreed_end: Until when an agreed course runs, where it is stated.
        agreed_end_source: What states that end, where it is another source.
        partial: Whether a finding is limited to a part of what was alleged.
        note: A note, in the words of whoever compiled the record.
        source_url: The address of the source.
        confidence: How sure the source is.

    Raises:
        HistoryError: A field is wrong, or two of them contradict each other; the message names them.

    Example:
        >>> HistoryEvent(EventType.MATTER_RESOLVED, earliest=dt.date(2024, 8, 23), latest=dt.date(2024, 8, 26))
        <HistoryEvent matter_resolved, 2024-08-23 to 2024-08-26>
    """

    type: EventType
    date: dt.date | None = None
    earliest: dt.date | None = field(default=None, kw_only=True)
    latest: dt.date | None = field(default=None, kw_only=True)
    agreed_end: dt.date | None = field(default=None, kw_only=True)
    agreed_end_source: str | None = field(default=None, kw_only=True)
    partial: bool = field(default=False, kw_only=True)
    note: str | None = field(default=None, kw_only=True)
    source_url: str | None = field(default=None, kw_only=True)
    confidence: Confidence | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check the fields, then what they say together."""
        _settle(self, _OF_EVENT)
        wrong = self._contradiction()
        if wrong:
            raise HistoryError(wrong)

    def _contradiction(self) -> str | None:
        first, last = self.earliest, self.latest
        if (first is None) is not (last is None):
            return "a period has two ends: state both earliest and latest, or neither"
        if first is not None and last is not None and self.date is not None:
            return f"the day ({self.date}) and a period ({first} to {last}) are both stated: state one of them"
        if first is not None and last is not None and first > last:
            return f"the period runs backwards, from {first} to {last}: put the earlier day first"
        if self.agreed_end is not None and self.type not in COURSES:
            return f"agreed_end belongs to {' and '.join(sorted(COURSES))}; found with {self.type}: take it out"
        if self.agreed_end is None and self.agreed_end_source is not None:
            return "agreed_end_source states where an agreed_end comes from, and there is none: state both"
        if self.agreed_end is not None and self.known is not None and self.agreed_end < self.known[0]:
            return f"agreed_end ({self.agreed_end}) lies before the course is agreed ({self.known[0]}): correct one of them"
        if self.partial and self.type not in FINDINGS:
            return f"partial belongs to the findings of a review or a panel; found with {self.type}: take it out"
        return None

    @property
    def known(self) -> Period | None:
        """The earliest and the latest day that the record states; None where it states neither day nor period."""
        if self.date is not None:
            return self.date, self.date
        if self.earliest is not None and self.latest is not None:
            return self.earliest, self.latest
        return None

    def as_json(self) -> dict[str, object]:
        """Return the event as the files write it; what is not stated is left out, the day apart."""
        told = {name: _plain(getattr(self, name)) for name in _OF_EVENT}
        period = [told.pop("earliest"), told.pop("latest")]
        told = {name: value for name, value in told.items() if name == "date" or (value is not None and value is not False)}
        return told | ({} if None in period else {"date_range": period})

    def __repr__(self) -> str:
        """Return type and day, in one line."""
        days = "day not known" if self.known is None else " to ".join(map(str, dict.fromkeys(self.known)))
        return f"<HistoryEvent {self.type}, {days}>"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, str) else value


def _ordinal(value: object, what: str) -> int:
    return whole(value, what, least=1)


_OF_HISTORY: Final[dict[str, Check]] = {
    "id": clean_id,
    "facility": _text,
    "company": _text,
    "city": _text,
    "state": _text,
    "sector": _one_of(Sector),
    "subsector": _text,
    "complainant": _one_of(Party),
    "respondent": _one_of(Party),
    "petitioner": _text,
    "origin": _origin,
    "request_number": _ordinal,
    "linked_to": clean_id,
    "events": _events,
    "final_status": _one_of(FinalStatus),
    "as_of": _day,
    "workers_benefited": whole,
    "workers_reinstated_or_paid": whole,
    "backpay_usd": whole,
    "notes": _text,
}


@frozen(repr=False)
class History:
    """One case as the record tells it: its facts as written, its events in order. None means not stated, never no.

    Attributes:
        id: A short name that is safe in a file name.
        facility: The facility.
        company: The company behind it.
        city: Where it lies.
        state: In which state of the country.
        sector: Its sector.
        subsector: Its branch, in free words.
        complainant: The complainant Party.
        respondent: The respondent Party.
        petitioner: Who petitioned, as the sources say it.
        origin: ``petition``, ``hotline`` or ``self-initiated``.
        request_number: The complainant's own count of its requests.
        linked_to: Id of an earlier case at the facility; it need not be among the histories at hand.
        events: What happened, in order; the events of the customs hold stand outside it.
        final_status: Where the case stood at the last look, as the record states it.
        as_of: Day of the last look.
        workers_benefited: Workers who benefited.
        workers_reinstated_or_paid: Workers reinstated, or paid off.
        backpay_usd: Back pay in whole US dollars.
        notes: Notes on the case.

    Raises:
        HistoryError: A field is wrong, events stand out of order, or a day lies after the last look.

    Example:
        >>> filed = HistoryEvent(EventType.PETITION_FILED, dt.date(2024, 3, 4))
        >>> History("a-1", "Planta Uno", events=(filed,), as_of=dt.date(2024, 3, 5))
        <History a-1: 1 event, last look 2024-03-05>
    """

    id: str
    facility: str
    company: str | None = field(default=None, kw_only=True)
    city: str | None = field(default=None, kw_only=True)
    state: str | None = field(default=None, kw_only=True)
    sector: Sector | None = field(default=None, kw_only=True)
    subsector: str | None = field(default=None, kw_only=True)
    complainant: Party = field(default=Party.US, kw_only=True)
    respondent: Party = field(default=Party.MX, kw_only=True)
    petitioner: str | None = field(default=None, kw_only=True)
    origin: str | None = field(default=None, kw_only=True)
    request_number: int | None = field(default=None, kw_only=True)
    linked_to: str | None = field(default=None, kw_only=True)
    events: tuple[HistoryEvent, ...] = field(kw_only=True)
    final_status: FinalStatus | None = field(default=None, kw_only=True)
    as_of: dt.date = field(kw_only=True)
    workers_benefited: int | None = field(default=None, kw_only=True)
    workers_reinstated_or_paid: int | None = field(default=None, kw_only=True)
    backpay_usd: int | None = field(default=None, kw_only=True)
    notes: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check the fields, then what they say together."""
        _settle(self, _OF_HISTORY)
        if not any({self.complainant, self.respondent} == annex.parties for annex in ANNEXES.values()):
            pairs = " or ".join(" and ".join(sorted(annex.parties)) for annex in ANNEXES.values())
            msg = f"complainant and respondent have to be {pairs}; found {self.complainant} and {self.respondent}"
            raise HistoryError(msg)
        if self.linked_to == self.id:
            msg = f"linked_to names the case itself ({self.id!r}): name the earlier case, or leave it out"
            raise HistoryError(msg)
        self._check_order()

    def _check_order(self) -> None:
        """Refuse events on which no days in order can be chosen: the first that lies wholly before an earlier one."""
        reached, by = ENTRY_INTO_FORCE, ""
        for number, event in enumerate(self.events, 1):
            name = f"event {number} ({event.type})"
            first, last = event.known or (ENTRY_INTO_FORCE, self.as_of)
            if first > self.as_of:
                msg = f"{name}: date: {first} lies after as_of ({self.as_of}), the day of the last look: correct one of them"
                raise HistoryError(msg)
            if event.type in HOLD:
                continue
            if last < reached:
                msg = (
                    f"{name}: date: {last} lies before {reached}, the day of {by}: events stand in order, so move the "
                    "event or correct a day"
                )
                raise HistoryError(msg)
            if first > reached:
                reached, by = first, name

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """For each event the earliest and the latest day on which it can have happened, clamped by its neighbours.

        A period may begin before the event that precedes it and end after the one that follows; an event without any
        day lies between its neighbours. The events of the customs hold neither clamp nor are clamped. None lies before
        the first day of the USMCA or after the last look.
        """
        stated = [event.known or (ENTRY_INTO_FORCE, self.as_of) for event in self.events]
        firsts, lasts = [], []
        after, before = ENTRY_INTO_FORCE, self.as_of
        for event, (first, _) in zip(self.events, stated, strict=True):
            firsts.append(max(first, ENTRY_INTO_FORCE if event.type in HOLD else after))
            after = after if event.type in HOLD else firsts[-1]
        for event, (_, last) in zip(reversed(self.events), reversed(stated), strict=True):
            lasts.append(min(last, self.as_of if event.type in HOLD else before))
            before = before if event.type in HOLD else lasts[-1]
        return tuple(zip(firsts, reversed(lasts), strict=True))

    @property
    def back_pay_cents(self) -> int | None:
        """Back pay in whole US cents."""
        return None if self.backpay_usd is None else self.backpay_usd * 100

    @property
    def impact(self) -> Impact | None:
        """What remediation brought, as far as the record states it; None where it states nothing.

        The record counts workers reinstated and workers paid off together.
        """
        numbers = (self.workers_benefited, self.workers_reinstated_or_paid, self.back_pay_cents)
        if numbers == (None, None, None):
            return None
        benefited, reinstated, cents = numbers
        return Impact(
            workers_benefited=benefited,
            workers_reinstated=reinstated,
            back_pay_cents=cents,
            source=f"history {self.id}",
        )  # fmt: skip

    @property
    def sources(self) -> dict[str, tuple[HistoryEvent, ...]]:
        """The distinct addresses of the sources, in order, each with the events that rest on it."""
        found: dict[str, dict[HistoryEvent, None]] = {}
        for event in self.events:
            for address in (event.source_url, event.agreed_end_source):
                if address is not None:
                    found.setdefault(address, {})[event] = None
        return {address: tuple(events) for address, events in found.items()}

    def first(self, *types: EventType) -> HistoryEvent | None:
        """Return the first event of any of these types, or None."""
        return next((event for event in self.events if event.type in types), None)

    def known_by(self, day: dt.date) -> History | None:
        """Return what had happened by the end of a day, as if the last look had been then; None where nothing had.

        An event stays only if it must have happened by then: the latest day on which it can lie, clamped by the events
        that follow it, is that day or an earlier one. An event without a day thus stays if a later one surely had
        happened, and none stays that may have come after the day. Whatever was stated at the later look alone goes:
        numbers, notes, and a status that no event that stays says by itself (it turns to *open*).

        Args:
            day: The day.

        Raises:
            EventError: The day is no plain ``datetime.date``.
        """
        exact_day(day, "known_by")
        if day >= self.as_of:
            return self
        kept = tuple(event for event, (_, last) in zip(self.events, self.periods, strict=True) if last <= day)
        if not kept:
            return None
        types = {event.type for event in kept}
        status = self.final_status
        if status is not None and not types & SAID_BY.get(status, frozenset()):
            status = FinalStatus.OPEN
        return evolve(
            self,
            events=kept,
            as_of=day,
            final_status=status,
            request_number=self.request_number if EventType.REQUEST_FOR_REVIEW in types else None,
            workers_benefited=None,
            workers_reinstated_or_paid=None,
            backpay_usd=None,
            notes=None,
        )

    def as_json(self) -> dict[str, object]:
        """Return the case as the files write it."""
        told = {name: _plain(getattr(self, name)) for name in _OF_HISTORY}
        told["events"] = [event.as_json() for event in self.events]
        if self.linked_to is None:
            del told["linked_to"]
        return told

    def __repr__(self) -> str:
        """Return id, number of events and status, in one line without personal data."""
        count = f"{len(self.events)} event{'' if len(self.events) == 1 else 's'}"
        status = "" if self.final_status is None else f", {self.final_status}"
        return f"<History {self.id}: {count}{status}, last look {self.as_of}>"
