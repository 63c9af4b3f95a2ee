"""An event of a history: what happened, on which day or in which period, and what says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from rrm_lifecycle.case.claim import exact_day, flag
from rrm_lifecycle.errors import HistoryError
from rrm_lifecycle.histories.checks import Check, address, day_in_force, event_type, filled_text, one_of, plain, settle
from rrm_lifecycle.histories.vocabulary import COURSES, FINDINGS, Confidence, EventType
from rrm_lifecycle.show import Displayed

Period = tuple[dt.date, dt.date]
"""Earliest and latest day."""

_OF_EVENT: Final[dict[str, Check]] = {
    "type": event_type,
    "date": day_in_force,
    "earliest": exact_day,
    "latest": day_in_force,
    "agreed_end": day_in_force,
    "agreed_end_source": address,
    "partial": flag,
    "note": filled_text,
    "source_url": address,
    "confidence": one_of(Confidence),
}


@frozen(repr=False)
class HistoryEvent(Displayed):
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
        settle(self, _OF_EVENT)
        for wrong in (*self._wrong_days(), *self._out_of_place()):
            raise HistoryError(wrong)

    def _wrong_days(self) -> Iterator[str]:
        first, last = self.earliest, self.latest
        if first is None and last is None:
            return
        if first is None or last is None:
            yield "a period has two ends: state both earliest and latest, or neither"
        elif self.date is not None:
            yield f"date ({self.date}) and a period ({first} to {last}) are both stated: state one of them"
        elif first > last:
            yield f"the period runs backwards, from {first} to {last}: put the earlier day first"

    def _out_of_place(self) -> Iterator[str]:
        if self.agreed_end is not None and self.type not in COURSES:
            yield f"agreed_end belongs to {' and '.join(sorted(COURSES))}; found with {self.type}: take it out"
        if self.agreed_end is not None and self.known is not None and self.agreed_end < self.known[0]:
            yield f"agreed_end ({self.agreed_end}) lies before the day of the course ({self.known[0]}): correct either"
        if self.agreed_end is None and self.agreed_end_source is not None:
            yield "agreed_end_source states where an agreed_end comes from, and there is none: state both"
        if self.partial and self.type not in FINDINGS:
            yield f"partial belongs to the findings of a review or a panel; found with {self.type}: take it out"

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
        told = {name: plain(getattr(self, name)) for name in _OF_EVENT}
        period = [told.pop("earliest"), told.pop("latest")]
        if None not in period:
            told["date_range"] = period
        return {name: value for name, value in told.items() if name == "date" or value not in (None, False)}

    def __repr__(self) -> str:
        """Return type and day, in one line."""
        days = "day not known" if self.known is None else " to ".join(map(str, dict.fromkeys(self.known)))
        return f"<HistoryEvent {self.type}, {days}>"
