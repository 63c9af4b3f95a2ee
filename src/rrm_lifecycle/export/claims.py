"""The invariants of the rulebook on order, actors and remedies, in linear temporal logic over the Promela model."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, Origin, Question, Role
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.readings import Reading

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
    Claim("request_before_panel", "INV-06", "No panel is asked for before the request for review.",
          f"[] (({_after(did.PanelRequested)}) -> ({_done(did.ReviewRequested)}))"),
    Claim("accepted_before_request", "INV-08", "The request that follows a petition follows its acceptance.",
          f"[] (({_after(did.ReviewRequested)} && origin == ORIGIN_{Origin.PETITION.name})"
          f" -> ({_done(did.PetitionAccepted)}))"),
    Claim("request_before_hold", "INV-10", "No customs hold begins before the request for review.",
          f"[] ((hold != HOLD_NONE) -> ({_done(did.ReviewRequested)}))"),
    Claim("course_before_its_notice", "INV-21", "The notice after a course follows the agreement of a course.",
          f"[] ((stage == STAGE_COURSE_NOTICE_GIVEN) -> ({_done(did.CourseAgreed)}))"),
    Claim("notice_before_remedies", "INV-22, INV-26", "No remedy is imposed without notice.",
          f"[] (({_IMPOSED}) -> ({_done(did.RemediesNotified)}))"),
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
