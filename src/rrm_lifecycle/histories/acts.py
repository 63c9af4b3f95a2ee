"""What the words of the public record mean in law: each type of event as the act that the table knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Determination, Origin, Party
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.vocabulary import EventType

_E = EventType

REMARKS: Final = frozenset({
    _E.COMPANY_AGREEMENT, _E.CONSULTATIONS_STARTED, _E.PANEL_HEARING, _E.PANEL_DETERMINATION_PUBLISHED,
})  # fmt: skip
"""Events of the public record that are no acts under the table."""
SAYS_END_AGAIN: Final = frozenset({
    _E.MATTER_RESOLVED, _E.REMEDIATION_COMPLETED, _E.REMEDIES_LIFTED, _E.FACILITY_CLOSED,
})  # fmt: skip
"""Events that say the end of a closed case again."""
PART_OF_DISPUTE: Final = frozenset({_E.PANEL_CONSTITUTED, _E.PANEL_VERIFICATION})
"""Events for which the table has no row where the lifting of remedies is disputed: no stage tells them apart there."""

KINDS: Final[dict[EventType, type[did.Event]]] = {
    _E.PETITION_FILED: did.PetitionFiled,
    _E.PETITION_ACCEPTED: did.PetitionAccepted,
    _E.PETITION_REJECTED: did.PetitionRejected,
    _E.REQUEST_FOR_REVIEW: did.ReviewRequested,
    _E.RESPONDENT_ACCEPTS_REVIEW: did.ReviewAccepted,
    _E.RESPONDENT_DECLINES_REVIEW: did.ReviewDeclined,
    _E.REVIEW_RESULT_DENIAL_FOUND: did.DenialReported,
    _E.REVIEW_RESULT_NO_DENIAL: did.NoDenialReported,
    _E.REVIEW_RESULT_RESOLVED: did.CuredDenialReported,
    _E.COURSE_OF_REMEDIATION_AGREED: did.CourseAgreed,
    _E.COURSE_EXTENDED: did.CourseExtended,
    _E.COURSE_FAILED: did.CourseFailed,
    _E.REMEDIATION_COMPLETED: did.RemediationCompleted,
    _E.MATTER_RESOLVED: did.MatterSettled,
    _E.PANEL_REQUESTED: did.PanelRequested,
    _E.PANEL_CONSTITUTED: did.PanelConstituted,
    _E.PANEL_VERIFICATION: did.VerificationHeld,
    _E.PANEL_DETERMINATION_DENIAL: did.DeterminationIssued,
    _E.PANEL_DETERMINATION_NO_DENIAL: did.DeterminationIssued,
    _E.PANEL_DETERMINATION_NO_JURISDICTION: did.DeterminationIssued,
    _E.NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES: did.RemediesNotified,
    _E.REMEDIES_IMPOSED: did.RemediesImposed,
    _E.REMEDIES_LIFTED: did.RemediesLifted,
    _E.CASE_WITHDRAWN: did.Withdrawn,
    _E.FACILITY_CLOSED: did.FacilityClosed,
    _E.LIQUIDATION_SUSPENDED: did.HoldBegun,
    _E.LIQUIDATION_RESUMED: did.HoldReleased,
}
FINDINGS: Final = {
    _E.PANEL_DETERMINATION_DENIAL: Determination.DENIAL,
    _E.PANEL_DETERMINATION_NO_DENIAL: Determination.NO_DENIAL,
    _E.PANEL_DETERMINATION_NO_JURISDICTION: Determination.OUT_OF_SCOPE,
}
_UNKNOWN: Final[dict[type[did.Event], dict[str, Any]]] = {
    did.NoDenialReported: {"ground": NOT_STATED},
    did.CourseAgreed: {"agreed_end": NOT_STATED},
    did.CourseExtended: {"agreed_end": NOT_STATED},
    did.PanelRequested: {"verification": NOT_STATED},
    did.PanelistsDrawn: {"panelists": NOT_STATED},
    did.PanelistReplaced: {"panelists": NOT_STATED},
    did.PetitionConfirmed: {"elements": NOT_STATED},
    did.PetitionNotConfirmed: {"missing": NOT_STATED},
    did.VerificationHeld: {"on_site": NOT_STATED},
    did.DeterminationIssued: {"heard": NOT_STATED, "still_covered": NOT_STATED},
    did.RemediesImposed: {"tier": NOT_STATED, "measure": NOT_STATED, "still_covered": NOT_STATED},
    did.HoldReleased: {"ground": NOT_STATED},
}
_CLAIMS: Final = (did.PetitionFiled, did.SelfInitiated, did.ReviewRequested)


def origin_of(history: History) -> Origin | None:
    """Return where a case comes from, as the core says it."""
    return None if history.origin is None else Origin(history.origin.replace("-", "_"))


def facility_of(history: History) -> CoveredFacility:
    """Return the facility as far as the record states it."""
    return CoveredFacility(
        history.facility,
        country=history.respondent,
        sector=history.sector or NOT_STATED,
        goods_traded=NOT_STATED,
        owner=history.company,
        place=history.city,
    )  # fmt: skip


@frozen
class Step:
    """An act to be placed on a day.

    Attributes:
        make: Makes the act for a day and the period in which it is known to lie.
        kind: Class of the act.
        first: First day on which it can lie.
        last: Last day.
        implied: Whether it is implied, not recorded.
        finding: What a determination finds.
        agreed_end: Agreed end that it states.
    """

    make: Callable[[date, tuple[date, date] | None], did.Event]
    kind: type[did.Event]
    first: date
    last: date
    implied: bool = False
    finding: Determination | None = None
    agreed_end: date | None = None

    def on(self, day: date) -> did.Event:
        """Return the act on a day, with its period where the day is not exact."""
        exact = self.first == self.last and not self.implied
        return self.make(day, None if exact else (self.first, self.last))


def step_for(  # noqa: PLR0913 - an act is told by its kind, its period, and what is known of it
    history: History,
    kind: type[did.Event],
    first: date,
    last: date,
    *,
    implied: bool = False,
    finding: Determination | None = None,
    **stated: Any,  # noqa: ANN401 - fields of the act
) -> Step:
    """Return an act with what the record does not tell set to NOT_STATED."""
    fields = {**_UNKNOWN.get(kind, {}), **stated}
    if finding is not None:
        fields["finding"] = finding
    if kind in _CLAIMS:
        fields |= {"facility": facility_of(history), "laws": NOT_STATED, "basis": NOT_STATED}
        fields["linked_to"] = history.linked_to
        if history.respondent is not Party.MX:
            fields["enforced_order"] = NOT_STATED
    if kind is did.PetitionFiled:
        fields["filer_of"] = NOT_STATED

    def make(day: date, known: tuple[date, date] | None) -> did.Event:
        return kind(day, known=known, **fields)

    end = fields.get("agreed_end")
    return Step(make, kind, first, last, implied, finding, end if isinstance(end, date) else None)


def step_of(history: History, event: HistoryEvent, first: date, last: date, **stated: Any) -> Step:  # noqa: ANN401
    """Return the act that an event of a history is; not for a remark."""
    kind = KINDS[event.type]
    if event.type is _E.REVIEW_RESULT_DENIAL_FOUND and event.partial:
        kind = did.PartialDenialReported
    if event.agreed_end is not None:
        stated["agreed_end"] = event.agreed_end
    return step_for(history, kind, first, last, finding=FINDINGS.get(event.type), **stated)
