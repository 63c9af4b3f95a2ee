"""Every time limit: its value, its unit, its kind, the provision that sets it, and what number and unit rest on.

A term with standing UNCONFIRMED is a setting: a :class:`~rrm_lifecycle.law.readings.Reading` may set any term
otherwise. When the law changes, add a line with its first day in force and keep the earlier one: the line in force on
the day of the act that starts the limit applies to the end of that limit.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import attrs
from attrs import frozen

from rrm_lifecycle.canonical import whole
from rrm_lifecycle.case.calendars import Unit
from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.errors import TermError
from rrm_lifecycle.law import provisions as p
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE
from rrm_lifecycle.show import Displayed, WebType


class Standing(StrEnum):
    """What our knowledge rests on."""

    TEXT = "text"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


class Kind(StrEnum):
    """What a time limit does.

    AT_MOST: its lapse opens another Party's option. ALARM: its lapse raises an alarm and nothing else. AT_LEAST: an act
    is barred before it is over. BAR: an act is barred while it runs. UNTIL: it runs to a day that the act names.
    """

    AT_MOST = "at_most"
    ALARM = "alarm"
    AT_LEAST = "at_least"
    BAR = "bar"
    UNTIL = "until"


@frozen
class Term(WebType, Displayed):
    """A time limit as a text sets it.

    Attributes:
        name: Our name for it.
        value: Its length, in ``unit``; None where the act names the last day.
        unit: Days, business days or years; None likewise.
        kind: What it does.
        provision: What sets it.
        number: What the number rests on.
        unit_rests_on: What the unit rests on.
        rule: The rulebook's rule.
        who: Who has to act in it, or has to wait.
        in_force_from: First day on which this line applies.
        in_force: False where the term is off unless a reading switches it on.
        counts_from: Field of the starting act that may name another day than the act's own.
        runs_to: Field of the starting act that names the last day.
    """

    name: str
    value: int | None
    unit: Unit | None
    kind: Kind
    provision: p.Provision
    number: Standing
    unit_rests_on: Standing
    rule: str
    who: Role
    in_force_from: date = ENTRY_INTO_FORCE
    in_force: bool = True
    counts_from: str | None = None
    runs_to: str | None = None

    def set(self, value: int | None = None, unit: Unit | str | None = None) -> Term:
        """Return the term with another value or unit, in force, for use in a reading.

        Raises:
            TermError: The term runs to a day that the act names, or the value is no whole number of at least 0.
        """
        if self.runs_to:
            msg = f"the term '{self.name}' runs to the day that the act names ({self.runs_to}): set it there"
            raise TermError(msg)
        try:
            length = self.value if value is None else whole(value, f"the term '{self.name}'", most=36_500)
            kind = self.unit if unit is None else Unit(unit)
        except ValueError as error:
            raise TermError(str(error)) from error
        return attrs.evolve(self, value=length, unit=kind, in_force=True)

    def off(self) -> Term:
        """Return the term as not in force, for use in a reading."""
        return attrs.evolve(self, in_force=False)

    def __str__(self) -> str:
        """Return the term in a few words, such as ``reply: 10 days (at most), Art. 31-A.4``."""
        length = f"until the day in {self.runs_to}" if self.runs_to else f"{self.value} {str(self.unit).replace('_', ' ')}"
        off = "" if self.in_force else ", off unless a reading sets it"
        return f"{self.name}: {length} ({self.kind.replace('_', ' ')}), {self.provision.in_31a}{off}"


_TEXT, _SECONDARY, _UNCONFIRMED = Standing.TEXT, Standing.SECONDARY, Standing.UNCONFIRMED
_DAYS, _BUSINESS, _YEARS = Unit.DAYS, Unit.BUSINESS_DAYS, Unit.YEARS
_COMPLAINANT, _RESPONDENT, _BOTH = Role.COMPLAINANT, Role.RESPONDENT, Role.BOTH
_COMMITTEE, _SECRETARIAT, _PANEL = Role.COMMITTEE, Role.SECRETARIAT, Role.PANEL

#                            name                      value  unit     kind           set by       number        unit rests on rule     who
# ---- before the request ----------------------------------------------------------------------------------------------------------------------
SCREENING           = Term("screening",                   30, _DAYS,     Kind.ALARM,    p.US_4646B1, _TEXT,        _SECONDARY,   "US-04", _COMMITTEE,
                           counts_from="received")
CLAIM_SCREENING     = Term("claim_screening",             30, _DAYS,     Kind.ALARM,    p.NAO,       _TEXT,        _SECONDARY,   "B-03",  _COMMITTEE,
                           counts_from="received")
SELF_INITIATION     = Term("self_initiation",             60, _DAYS,     Kind.ALARM,    p.US_4645,   _TEXT,        _SECONDARY,   "US-03", _COMPLAINANT)
PANEL_DECISION      = Term("panel_decision",              60, _DAYS,     Kind.ALARM,    p.US_4646B4, _TEXT,        _SECONDARY,   "US-07", _COMPLAINANT)
# ---- review ----------------------------------------------------------------------------------------------------------------------------------
REPLY               = Term("reply",                       10, _DAYS,     Kind.AT_MOST,  p.A4,        _SECONDARY,   _SECONDARY,   "A4-03", _RESPONDENT)
REVIEW              = Term("review",                      45, _DAYS,     Kind.AT_MOST,  p.A4,        _SECONDARY,   _SECONDARY,   "A4-05", _RESPONDENT)
# ---- remediation -----------------------------------------------------------------------------------------------------------------------------
CONSULTATIONS       = Term("consultations",               10, _DAYS,     Kind.AT_MOST,  p.A4,        _SECONDARY,   _UNCONFIRMED, "A4-07", _BOTH)
COURSE              = Term("course",                    None, None,      Kind.UNTIL,    p.A4,        _UNCONFIRMED, _UNCONFIRMED, "A4-08", _RESPONDENT,
                           runs_to="agreed_end")
COURSE_NOTICE       = Term("course_notice",               15, _DAYS,     Kind.AT_LEAST, p.A4,        _SECONDARY,   _UNCONFIRMED, "A4-12", _COMPLAINANT)
RESPONDENT_PANEL    = Term("respondent_panel",            10, _DAYS,     Kind.AT_MOST,  p.A4,        _UNCONFIRMED, _UNCONFIRMED, "A4-13", _RESPONDENT)
# ---- panel -----------------------------------------------------------------------------------------------------------------------------------
LOT                 = Term("lot",                          3, _BUSINESS, Kind.ALARM,    p.A5,        _SECONDARY,   _UNCONFIRMED, "A5-02", _SECRETARIAT)
CONFIRMATION        = Term("confirmation",                 5, _BUSINESS, Kind.AT_MOST,  p.A6,        _TEXT,        _TEXT,        "A6-01", _PANEL)
VERIFICATION_CALL   = Term("verification_call",            2, _BUSINESS, Kind.ALARM,    p.A7,        _UNCONFIRMED, _UNCONFIRMED, "A7-01", _PANEL,
                           in_force=False)  # "promptly" is our default: no source for the 2
VERIFICATION_REPLY  = Term("verification_reply",           7, _BUSINESS, Kind.AT_MOST,  p.A7,        _SECONDARY,   _UNCONFIRMED, "A7-02", _RESPONDENT)
VERIFICATION        = Term("verification",                30, _DAYS,     Kind.ALARM,    p.A7,        _SECONDARY,   _SECONDARY,   "A7-03", _PANEL)
VERIFICATION_VISIT  = Term("verification_visit",          30, _DAYS,     Kind.ALARM,    p.A7,        _SECONDARY,   _SECONDARY,   "A7-03", _PANEL,
                           in_force=False)  # counted from the consent instead of the request: no source fixes which
DETERMINATION       = Term("determination",               30, _DAYS,     Kind.ALARM,    p.A8,        _SECONDARY,   _SECONDARY,   "A8-03", _PANEL)
VERIFIED_DETERMINATION = Term("verified_determination",   30, _DAYS,     Kind.ALARM,    p.A8,        _SECONDARY,   _SECONDARY,   "A8-02", _PANEL)
# ---- remedies --------------------------------------------------------------------------------------------------------------------------------
REMEDY_NOTICE       = Term("remedy_notice",                5, _BUSINESS, Kind.AT_LEAST, p.A10,       _SECONDARY,   _SECONDARY,   "A10-01", _COMPLAINANT)
LIFTING             = Term("lifting",                      0, _DAYS,     Kind.AT_MOST,  p.A1_2,      _TEXT,        _TEXT,        "A10-07", _COMPLAINANT)
LIFTING_BAR         = Term("lifting_bar",                180, _DAYS,     Kind.AT_LEAST, p.A10,       _UNCONFIRMED, _UNCONFIRMED, "A10-08", _RESPONDENT,
                           in_force=False)  # no source for the 180 days
BAD_FAITH           = Term("bad_faith",                    2, _YEARS,    Kind.BAR,      p.A11,       _UNCONFIRMED, _UNCONFIRMED, "A11-01", _COMPLAINANT)

EXTENDABLE: Final = (
    CLAIM_SCREENING, REPLY, REVIEW, CONSULTATIONS, COURSE_NOTICE, RESPONDENT_PANEL, LOT, CONFIRMATION, VERIFICATION_CALL,
    VERIFICATION_REPLY, VERIFICATION, VERIFICATION_VISIT, DETERMINATION, VERIFIED_DETERMINATION, REMEDY_NOTICE,
)  # fmt: skip
"""What consent can extend: the Annex's own limits (X-03) and the Canadian office's (B-03). No statute of the United States,
no bar, not the end of a course (which the Parties agree anew), and not the lifting of remedies, which is due at once."""

TERMS: Final[tuple[Term, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Term))
"""Every term, in the order of this page; several lines of one name are told apart by their first day in force."""
