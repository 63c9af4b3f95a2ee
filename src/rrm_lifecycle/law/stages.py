"""Where a case can stand: five phases, the stages in them, how a case closes, and where a customs hold stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Phase(StrEnum):
    """The five phases of a case, in order."""

    REQUEST_FOR_REVIEW = "request_for_review"
    REMEDIATION = "remediation"
    PANEL = "panel"
    SANCTIONS = "sanctions"
    RESOLVED = "resolved"


class Stage(StrEnum):
    """Where a case can stand.

    Attributes:
        phase: The phase that the stage belongs to.
        code: The stage's code in the rulebook.
    """

    phase: Phase
    code: str

    __hash__ = str.__hash__  # members equal their values; this hash is the fast one

    def __new__(cls, value: str, phase: Phase, code: str) -> Self:
        """Make a member: its value, its phase, its code in the rulebook."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.phase = phase
        member.code = code
        return member

    # ---- request for review ----------------------------------------------------------------------------------------
    ASSESSMENT              = "assessment",              Phase.REQUEST_FOR_REVIEW, "D0"
    PETITION_REVIEW         = "petition_review",         Phase.REQUEST_FOR_REVIEW, "D1"
    REQUEST_DUE             = "request_due",             Phase.REQUEST_FOR_REVIEW, "D2"
    REVIEW_REQUESTED        = "review_requested",        Phase.REQUEST_FOR_REVIEW, "T1"
    REVIEW_DECLINED         = "review_declined",         Phase.REQUEST_FOR_REVIEW, "T2"
    UNDER_REVIEW            = "under_review",            Phase.REQUEST_FOR_REVIEW, "T3"
    NO_DENIAL_REPORTED      = "no_denial_reported",      Phase.REQUEST_FOR_REVIEW, "T4"
    # ---- remediation -----------------------------------------------------------------------------------------------
    DENIAL_REPORTED         = "denial_reported",         Phase.REMEDIATION,        "T5"
    CURED_DENIAL_REPORTED   = "cured_denial_reported",   Phase.REMEDIATION,        "T5c"
    PARTIAL_DENIAL_REPORTED = "partial_denial_reported", Phase.REMEDIATION,        "T5p"
    COURSE_RUNNING          = "course_running",          Phase.REMEDIATION,        "T7"
    COURSE_DISPUTED         = "course_disputed",         Phase.REMEDIATION,        "T9"
    COURSE_NOTICE_GIVEN     = "course_notice_given",     Phase.REMEDIATION,        "T10"
    # ---- panel -----------------------------------------------------------------------------------------------------
    PANEL_REQUESTED         = "panel_requested",         Phase.PANEL,              "P1"
    PANEL_DRAWN             = "panel_drawn",             Phase.PANEL,              "P2"
    PANEL_CONSTITUTED       = "panel_constituted",       Phase.PANEL,              "P3"
    PETITION_NOT_CONFIRMED  = "petition_not_confirmed",  Phase.PANEL,              "PX"
    PETITION_CONFIRMED      = "petition_confirmed",      Phase.PANEL,              "P4"
    VERIFICATION_REQUESTED  = "verification_requested",  Phase.PANEL,              "P5"
    VERIFYING               = "verifying",               Phase.PANEL,              "P6"
    DELIBERATING            = "deliberating",            Phase.PANEL,              "P7"
    DENIAL_DETERMINED       = "denial_determined",       Phase.PANEL,              "P8"
    # ---- sanctions -------------------------------------------------------------------------------------------------
    REMEDIES_NOTIFIED       = "remedies_notified",       Phase.SANCTIONS,          "R0"
    REMEDIES_IN_FORCE       = "remedies_in_force",       Phase.SANCTIONS,          "R1"
    LIFTING_DISPUTED        = "lifting_disputed",        Phase.SANCTIONS,          "R2"
    # ---- resolved --------------------------------------------------------------------------------------------------
    CLOSED                  = "closed",                  Phase.RESOLVED,           "C"


class Closing(StrEnum):
    """How a case closed; every closed case has exactly one."""

    RESOLVED_IN_REVIEW             = "resolved_in_review"
    COURSE_COMPLETED               = "course_completed"
    NO_DENIAL_AGREED               = "no_denial_agreed"
    NO_DENIAL_PANEL                = "no_denial_panel"
    OUT_OF_SCOPE                   = "out_of_scope"
    REMEDIATED_AFTER_DETERMINATION = "remediated_after_determination"
    REMEDIATED_AFTER_REMEDY        = "remediated_after_remedy"
    FACILITY_CLOSED                = "facility_closed"
    WITHDRAWN                      = "withdrawn"
    NOT_PURSUED                    = "not_pursued"
    PETITION_REJECTED              = "petition_rejected"
    PETITION_NOT_CONFIRMED         = "petition_not_confirmed"
    SETTLED                        = "settled"
    SETTLED_BEFORE_REQUEST         = "settled_before_request"


class Hold(StrEnum):
    """Where the customs hold stands, which runs beside the case and is no remedy."""

    code: str

    __hash__ = str.__hash__  # members equal their values; this hash is the fast one

    def __new__(cls, value: str, code: str) -> Self:
        """Make a member: its value and its code in the rulebook."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code = code
        return member

    NONE      = "none",      "H0"
    SUSPENDED = "suspended", "H1"
    RESUMED   = "resumed",   "H2"
    APPLIED   = "applied",   "H3"
