"""The words of a history: what can have happened, how a case can have ended, and how sure a source is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class EventType(StrEnum):
    """What the public record can tell of a case. What each means in law is said by the alignment, not here."""

    PETITION_FILED = "petition_filed"
    PETITION_ACCEPTED = "petition_accepted"
    PETITION_REJECTED = "petition_rejected"
    REQUEST_FOR_REVIEW = "request_for_review"
    LIQUIDATION_SUSPENDED = "liquidation_suspended"
    RESPONDENT_ACCEPTS_REVIEW = "respondent_accepts_review"
    RESPONDENT_DECLINES_REVIEW = "respondent_declines_review"
    REVIEW_RESULT_DENIAL_FOUND = "review_result_denial_found"
    REVIEW_RESULT_NO_DENIAL = "review_result_no_denial"
    REVIEW_RESULT_RESOLVED = "review_result_resolved"
    CONSULTATIONS_STARTED = "consultations_started"
    COMPANY_AGREEMENT = "company_agreement"
    COURSE_OF_REMEDIATION_AGREED = "course_of_remediation_agreed"
    COURSE_EXTENDED = "course_extended"
    COURSE_FAILED = "course_failed"
    REMEDIATION_COMPLETED = "remediation_completed"
    MATTER_RESOLVED = "matter_resolved"
    PANEL_REQUESTED = "panel_requested"
    PANEL_CONSTITUTED = "panel_constituted"
    PANEL_VERIFICATION = "panel_verification"
    PANEL_HEARING = "panel_hearing"
    PANEL_DETERMINATION_DENIAL = "panel_determination_denial"
    PANEL_DETERMINATION_NO_DENIAL = "panel_determination_no_denial"
    PANEL_DETERMINATION_NO_JURISDICTION = "panel_determination_no_jurisdiction"
    PANEL_DETERMINATION_PUBLISHED = "panel_determination_published"
    NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES = "notice_of_intent_to_impose_remedies"
    REMEDIES_IMPOSED = "remedies_imposed"
    REMEDIES_LIFTED = "remedies_lifted"
    LIQUIDATION_RESUMED = "liquidation_resumed"
    CASE_WITHDRAWN = "case_withdrawn"
    FACILITY_CLOSED = "facility_closed"


class FinalStatus(StrEnum):
    """What the record states about where a case stood at the last look."""

    RESOLVED = "resolved"
    OPEN = "open"
    PANEL_PENDING = "panel_pending"
    NO_DENIAL = "no_denial"
    NO_JURISDICTION = "no_jurisdiction"
    CLOSED_FACILITY = "closed_facility"
    REJECTED = "rejected"


class Confidence(StrEnum):
    """Where a day comes from: an official source, another, or what can be inferred from one."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    INFERRED = "inferred"


ORIGINS: Final = ("petition", "hotline", "self-initiated")
"""How a case can have begun, as the files write it."""

HOLD: Final = frozenset({EventType.LIQUIDATION_SUSPENDED, EventType.LIQUIDATION_RESUMED})
"""The events of the customs hold, which stand outside the order of the others."""

COURSES: Final = frozenset({EventType.COURSE_OF_REMEDIATION_AGREED, EventType.COURSE_EXTENDED})
"""The events that can state until when a course of remediation runs."""

FINDINGS: Final = frozenset({
    EventType.REVIEW_RESULT_DENIAL_FOUND,
    EventType.REVIEW_RESULT_NO_DENIAL,
    EventType.REVIEW_RESULT_RESOLVED,
    EventType.PANEL_DETERMINATION_DENIAL,
    EventType.PANEL_DETERMINATION_NO_DENIAL,
    EventType.PANEL_DETERMINATION_NO_JURISDICTION,
})  # fmt: skip
"""The events whose finding can be limited to a part of what was alleged."""

SAID_BY: Final[dict[FinalStatus, frozenset[EventType]]] = {
    FinalStatus.RESOLVED: frozenset({EventType.MATTER_RESOLVED, EventType.REMEDIES_LIFTED, EventType.CASE_WITHDRAWN}),
    FinalStatus.NO_DENIAL: frozenset({EventType.MATTER_RESOLVED, EventType.PANEL_DETERMINATION_NO_DENIAL}),
    FinalStatus.NO_JURISDICTION: frozenset({EventType.PANEL_DETERMINATION_NO_JURISDICTION}),
    FinalStatus.REJECTED: frozenset({EventType.PETITION_REJECTED}),
    FinalStatus.PANEL_PENDING: frozenset({EventType.PANEL_REQUESTED}),
}
"""The events that by themselves say a status: from their day on it was known. The closing of a plant ends no case."""
