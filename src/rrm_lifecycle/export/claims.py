"""The invariants of the rulebook on order, actors and remedies, in linear temporal logic over the Promela model."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, Origin, Question, Role
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage

DONE: Final[tuple[type[Event], ...]] = (
    did.PetitionAccepted, did.ReviewRequested, did.CourseAgreed, did.RemediesNotified, did.PanelistsDrawn,
    did.PetitionConfirmed, did.VerificationAccepted,
)  # fmt: skip
"""Acts of which the model remembers that they were done, as ``done_`` and the act."""
_DENIAL: Final = f"determination == DETERMINATION_{Determination.DENIAL.name}"


@frozen
class Claim:
    """An invariant of the rulebook, in linear temporal logic.

    Attributes:
        name: Its name in the model.
        rule: Its number in the rulebook; empty for one of ours.
        says: What it says.
        formula: The formula.
        under: The choice of a reading under which it is claimed.
    """

    name: str
    rule: str
    says: str
    formula: str
    under: tuple[str, bool] | None = None


def _after(event: type[Event]) -> str:
    return f"last == DID_{event.__name__}"


def _done(event: type[Event]) -> str:
    return f"done_{event.__name__} == 1"


_IMPOSED: Final = _after(did.RemediesImposed)
_AGREED_AND_NOTIFIED: Final = f"({_done(did.CourseAgreed)} && {_done(did.RemediesNotified)})"
_NOT_IMPOSED: Final = f"(last != DID_{did.RemediesImposed.__name__})"
_DETERMINED: Final = _after(did.DeterminationIssued)
_BOTH: Final = f"actor == ROLE_{Role.BOTH.name}"
_WITHOUT_REQUEST: Final = (Stage.ASSESSMENT, Stage.PETITION_REVIEW, Stage.REQUEST_DUE, Stage.CLOSED)
_NONE_FOUND: Final = " && ".join(
    f"determination != DETERMINATION_{one.name}" for one in Determination if one is not Determination.DENIAL
)
CLAIMS: Final[tuple[Claim, ...]] = (
    Claim("closed_is_final", "", "A closed case stays closed.",
          "[] ((stage == STAGE_CLOSED) -> [] (stage == STAGE_CLOSED))", ("second_case_reopens", False)),
    Claim("one_closing", "INV-43", "A case has a closing if and only if it is closed.",
          "[] ((stage == STAGE_CLOSED) == (closing != CLOSING_NONE))"),
    Claim("closed_runs_nothing", "", "No limit runs in a closed case.",
          "[] ((stage == STAGE_CLOSED) -> (running == 0))"),
    Claim("request_before_treaty_stages", "INV-07", "No stage of the Annex is reached before the request for review.",
          f"[] ({' || '.join(f'stage == STAGE_{one.name}' for one in _WITHOUT_REQUEST)} || {_done(did.ReviewRequested)})"),
    Claim("rejected_is_not_requested", "INV-09", "No request for review follows the rejection of a petition.",
          f"[] (({_after(did.PetitionRejected)}) -> [] (last != DID_{did.ReviewRequested.__name__}))"),
    Claim("request_before_panel", "INV-06", "No panel is asked for before the request for review.",
          f"[] (({_after(did.PanelRequested)}) -> ({_done(did.ReviewRequested)}))"),
    Claim("accepted_before_request", "INV-08", "The request that follows a petition follows its acceptance.",
          f"[] (({_after(did.ReviewRequested)} && origin == ORIGIN_{Origin.PETITION.name})"
          f" -> ({_done(did.PetitionAccepted)}))"),
    Claim("request_before_hold", "INV-10", "No customs hold begins before the request for review.",
          f"[] ((hold != HOLD_NONE) -> ({_done(did.ReviewRequested)}))"),
    Claim("denial_before_hold_applied", "INV-25", "Duties are applied to held entries after a panel found a Denial.",
          f"[] (({_after(did.HoldApplied)}) -> ({_DENIAL}))"),
    Claim("report_before_consultations", "INV-18", "Consultations run on a report of a Denial, whole or in part.",
          "[] ((consultations_runs == 1) -> (stage == STAGE_DENIAL_REPORTED || stage == STAGE_PARTIAL_DENIAL_REPORTED))"),
    Claim("both_consent", "INV-19", "A course, its extension and a settlement have the consent of both Parties.",
          f"[] (({_after(did.CourseAgreed)} || {_after(did.CourseExtended)} || {_after(did.MatterSettled)})"
          f" -> ({_BOTH}))"),
    Claim("both_extend", "INV-41", "Both Parties extend a limit of the Annex.",
          f"[] (({_after(did.LimitExtended)} && stage != STAGE_{Stage.PETITION_REVIEW.name}) -> ({_BOTH}))"),
    Claim("course_ends_before_remedies", "INV-20", "No remedy is imposed before the end of an agreed course.",
          f"[] (({_after(did.CourseAgreed)} || {_after(did.CourseExtended)}) -> ({_NOT_IMPOSED} W (course_over == 1)))"),
    Claim("course_before_its_notice", "INV-21", "The notice after a course follows the agreement of a course.",
          f"[] ((stage == STAGE_COURSE_NOTICE_GIVEN) -> ({_done(did.CourseAgreed)}))"),
    Claim("notice_before_remedies", "INV-22, INV-26", "No remedy is imposed without notice.",
          f"[] (({_IMPOSED}) -> ({_done(did.RemediesNotified)}))"),
    Claim("fifteen_days_of_notice", "INV-22", "No remedy is imposed before the notice after a course is over.",
          f"[] (({_after(did.RemediesNotified)} && stage == STAGE_{Stage.COURSE_NOTICE_GIVEN.name})"
          f" -> ({_NOT_IMPOSED} W (course_notice_over == 1)))"),
    Claim("no_remedy_while_panel_is_asked", "INV-23", "While the panel that a respondent asked for is due, no remedy.",
          f"[] (({_after(did.PanelRequested)} && question == QUESTION_{Question.DOES_IT_CONTINUE.name}) -> ({_NOT_IMPOSED}"
          f" W ({_after(did.DeterminationIssued)} || {_after(did.CourseAgreed)})))"),
    Claim("five_days_of_notice", "INV-26", "No remedy is imposed before the notice after a determination is over.",
          f"[] (({_after(did.RemediesNotified)} && stage == STAGE_{Stage.REMEDIES_NOTIFIED.name})"
          f" -> ({_NOT_IMPOSED} W (remedy_notice_over == 1 || {_after(did.CourseAgreed)})))"),
    Claim("ground_of_remedies", "INV-24", "A remedy rests on a determination, or on a notice after a course.",
          f"[] (({_IMPOSED}) -> ({_DENIAL} || {_AGREED_AND_NOTIFIED}))"),
    Claim("panel_before_us_remedies", "INV-25", "The United States impose no remedy without a panel's determination.",
          f"[] (({_IMPOSED} && complainant == COMPLAINANT_US) -> ({_DENIAL}))", ("remedy_without_panel", False)),
    Claim("no_remedy_without_denial", "INV-31", "No remedy follows a finding of no Denial, or out of scope.",
          f"[] (({_IMPOSED}) -> ({_NONE_FOUND}))"),
    Claim("drawn_before_constituted", "INV-33", "A panel is constituted after its members were drawn.",
          f"[] ((stage == STAGE_PANEL_CONSTITUTED) -> ({_done(did.PanelistsDrawn)}))"),
    Claim("confirmed_before_determined", "INV-33", "A panel determines whether there is a Denial after it confirmed.",
          f"[] (({_after(did.DeterminationIssued)} && question != QUESTION_{Question.HAS_IT_BEEN_REMEDIED.name})"
          f" -> ({_done(did.PetitionConfirmed)}))"),
    Claim("consent_before_verification", "INV-35", "No verification is held without consent.",
          f"[] (({_after(did.VerificationHeld)}) -> ({_done(did.VerificationAccepted)}))"),
    Claim("one_determination", "INV-36", "A panel determines once on a petition.",
          f"[] (({_DETERMINED}) -> (({_DETERMINED}) W ((!({_DETERMINED})) W ({_after(did.PanelRequested)}))))"),
    Claim("panel_determines", "INV-37", "Only the panel determines.",
          f"[] (({_after(did.DeterminationIssued)}) -> (actor == ROLE_{Role.PANEL.name}))"),
    Claim("complainant_imposes", "INV-37", "Only the complainant Party imposes and lifts remedies.",
          f"[] (({_IMPOSED} || {_after(did.RemediesLifted)}) -> (actor == ROLE_{Role.COMPLAINANT.name}))"),
    Claim("secretariat_draws", "INV-37", "Only the Secretariat draws panelists.",
          f"[] (({_after(did.PanelistsDrawn)}) -> (actor == ROLE_{Role.SECRETARIAT.name}))"),
)  # fmt: skip
"""The claims that the model carries, of order, actors and remedies."""


def claims(reading: Reading | None = None) -> tuple[Claim, ...]:
    """Return the claims that are made under a reading.

    Args:
        reading: The reading; our default if None.
    """
    read = reading or Reading()
    return tuple(one for one in CLAIMS if one.under is None or getattr(read, one.under[0]) == one.under[1])
