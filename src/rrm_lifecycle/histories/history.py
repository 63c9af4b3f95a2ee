"""A history: one case as the public record tells it, patches and all. What it means in law, the alignment says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from attrs import evolve, field, frozen

from rrm_lifecycle.canonical import clean_id, whole
from rrm_lifecycle.case.claim import Impact, Party, Sector, exact_day
from rrm_lifecycle.errors import EventError, HistoryError
from rrm_lifecycle.histories.checks import Check, day_in_force, filled_text, one_of, ordinal, origin, plain, settle
from rrm_lifecycle.histories.event import HistoryEvent, Period
from rrm_lifecycle.histories.vocabulary import HOLD, SAID_BY, EventType, FinalStatus
from rrm_lifecycle.law.annexes import ANNEXES, ENTRY_INTO_FORCE
from rrm_lifecycle.show import Displayed


def _events(value: object, what: str) -> tuple[HistoryEvent, ...]:
    if isinstance(value, Iterable):
        events = tuple(value)
        if all(isinstance(one, HistoryEvent) for one in events):
            return events
    msg = f"{what} has to be a sequence of HistoryEvent; found {type(value).__name__}"
    raise EventError(msg)


_OF_HISTORY: Final[dict[str, Check]] = {
    "id": clean_id,
    "facility": filled_text,
    "company": filled_text,
    "city": filled_text,
    "state": filled_text,
    "sector": one_of(Sector),
    "subsector": filled_text,
    "complainant": one_of(Party),
    "respondent": one_of(Party),
    "petitioner": filled_text,
    "origin": origin,
    "request_number": ordinal,
    "linked_to": clean_id,
    "events": _events,
    "final_status": one_of(FinalStatus),
    "as_of": day_in_force,
    "workers_benefited": whole,
    "workers_reinstated_or_paid": whole,
    "backpay_usd": whole,
    "notes": filled_text,
}


@frozen(repr=False)
class History(Displayed):
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
        settle(self, _OF_HISTORY)
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
                msg = f"{name}: date: {first} lies after as_of ({self.as_of}), the day of the last look: correct either"
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
        firsts: list[dt.date] = []
        lasts: list[dt.date] = []
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
        told = {name: plain(getattr(self, name)) for name in _OF_HISTORY}
        told["events"] = [event.as_json() for event in self.events]
        if self.linked_to is None:
            del told["linked_to"]
        return told

    def __repr__(self) -> str:
        """Return id, number of events and status, in one line without personal data."""
        count = f"{len(self.events)} event{'' if len(self.events) == 1 else 's'}"
        status = "" if self.final_status is None else f", {self.final_status}"
        return f"<History {self.id}: {count}{status}, last look {self.as_of}>"
