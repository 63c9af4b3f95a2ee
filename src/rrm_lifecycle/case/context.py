"""What a ruling depends on besides the case and the act: the reading, the calendar, the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen
from attrs.validators import instance_of, optional

from rrm_lifecycle.case.calendars import Calendar, closing_days_of
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import TermError
from rrm_lifecycle.law.readings import ClosingDays, Reading
from rrm_lifecycle.show import WebType

if TYPE_CHECKING:
    from rrm_lifecycle.case.claim import Party


@frozen(repr=False)
class Context(Told, WebType):
    """What varies between users and is no part of the case.

    Attributes:
        reading: Our reading of what the text leaves open, or yours.
        calendar: Closing days; None for those of the respondent's side (or of either, as the reading says), loaded
            when business days are first counted.
        register: Past determinations and findings of bad faith.
    """

    reading: Reading = field(factory=Reading, validator=instance_of(Reading))
    calendar: Calendar | None = field(default=None, validator=optional(instance_of(Calendar)))
    register: Register = field(factory=Register, validator=instance_of(Register))

    def calendar_for(self, complainant: Party | None, respondent: Party | None) -> Calendar:
        """Return the calendar that business days are counted with in a case.

        Raises:
            TermError: No calendar is given, and the Parties are not known yet.
        """
        if self.calendar is not None:
            return self.calendar
        if respondent is None or complainant is None:
            msg = "business days need a calendar: which office's closing days apply?"
            raise TermError(msg)
        if self.reading.closing_days is ClosingDays.EITHER:
            return Calendar.either(closing_days_of(complainant), closing_days_of(respondent))
        return closing_days_of(respondent)


DEFAULT = Context()
"""Our default reading, the respondent's closing days, an empty register."""
