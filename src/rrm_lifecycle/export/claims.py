"""The invariants of the rulebook in linear temporal logic over the Promela model: 40 of the 44.

Of what an act says the model remembers whether the conditions in ``TOLD`` are met: they are, or are not stated, where the
row asks for them, and may be or not where it does not. So a claim about them holds where every way to the act asks.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, Origin, Question, Role
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage

DONE: Final[tuple[type[Event], ...]] = (
    did.PetitionAccepted, did.ReviewRequested, did.CourseAgreed, did.RemediesNotified, did.PanelistsDrawn,
    did.PetitionConfirmed, did.VerificationAccepted, did.RemediesImposed,
)  # fmt: skip
"""Acts of which the model remembers that they were done, as ``done_`` and the act."""
_CLAIM_STATED: Final = (did.PetitionFiled, did.SelfInitiated, did.ReviewRequested)
_REQUEST: Final = (did.ReviewRequested,)
_IMPOSE: Final = (did.RemediesImposed,)
TOLD: Final[dict[str, tuple[type[Event], ...]]] = {
    "in_force": tuple(EVENTS.values()), "in_territory": _CLAIM_STATED, "new_id": _CLAIM_STATED,
    "covered": _REQUEST, "priority_sector": _REQUEST, "law_named": _REQUEST, "under_annex_23a": _REQUEST,
    "order_enforced": _REQUEST, "bar_over": _REQUEST,
    "goods_nexus": (did.HoldBegun,), "statutory_ground": (did.HoldReleased,),
    "end_stated": (did.CourseAgreed,), "three_panelists": (did.PanelistsDrawn, did.PanelistReplaced),
    "elements_found": (did.PetitionConfirmed,), "both_heard": (did.DeterminationIssued,),
    "within_tier": _IMPOSE, "entry_denial_of_goods": _IMPOSE,
}  # fmt: skip
"""Conditions that an act tells, by the code of the guard, and the acts that tell them."""
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


_REQUESTED: Final = _after(did.ReviewRequested)
_IMPOSED: Final = _after(did.RemediesImposed)
_AGREED_AND_NOTIFIED: Final = f"({_done(did.CourseAgreed)} && {_done(did.RemediesNotified)})"
_NOT_IMPOSED: Final = f"(last != DID_{did.RemediesImposed.__name__})"
_NOT_ASKED: Final = f"last != DID_{did.PanelRequested.__name__}"
_DETERMINED: Final = _after(did.DeterminationIssued)
_BOTH: Final = f"actor == ROLE_{Role.BOTH.name}"
_OF_THE_PARTIES: Final = (
    did.ReviewRequested, did.ReviewAccepted, did.ReviewDeclined, did.CourseAgreed, did.MatterSettled, did.PanelRequested,
    did.RemediesNotified, did.RemediesImposed, did.RemediesLifted, did.HoldBegun, did.HoldReleased,
)  # fmt: skip
_PAIRS: Final = (("us", "mx"), ("mx", "us"), ("ca", "mx"), ("mx", "ca"))
_REPORTS: Final[tuple[tuple[type[Event], Stage], ...]] = (
    (did.NoDenialReported, Stage.NO_DENIAL_REPORTED), (did.DenialReported, Stage.DENIAL_REPORTED),
    (did.CuredDenialReported, Stage.CURED_DENIAL_REPORTED), (did.PartialDenialReported, Stage.PARTIAL_DENIAL_REPORTED),
)  # fmt: skip
_GATES: Final[dict[Stage, str]] = {
    Stage.REVIEW_REQUESTED: "reply_over == 1", Stage.REVIEW_DECLINED: "", Stage.UNDER_REVIEW: "review_over == 1",
    Stage.NO_DENIAL_REPORTED: "", Stage.DENIAL_REPORTED: "consultations_over == 1", Stage.CURED_DENIAL_REPORTED: "",
    Stage.PARTIAL_DENIAL_REPORTED: "", Stage.COURSE_NOTICE_GIVEN: "respondent_panel_over == 0",
    Stage.REMEDIES_IN_FORCE: "",
}  # fmt: skip
"""Where a panel may be asked for, and what has to be over, or not over, for it."""
_WITHOUT_REQUEST: Final = (Stage.ASSESSMENT, Stage.PETITION_REVIEW, Stage.REQUEST_DUE, Stage.CLOSED)
_NONE_FOUND: Final = " && ".join(
    f"determination != DETERMINATION_{one.name}" for one in Determination if one is not Determination.DENIAL
)
_OPEN: Final = " || ".join(
    f"(stage == STAGE_{stage.name}{f' && {asked}' if asked else ''})" for stage, asked in _GATES.items()
)
_SHUT: Final = f"({_NOT_ASKED} && !({_OPEN}))"


def _any_of(events: tuple[type[Event], ...]) -> str:
    return " || ".join(_after(one) for one in events)


CLAIMS: Final[tuple[Claim, ...]] = (
    Claim("closed_is_final", "", "A closed case stays closed.",
          "[] ((stage == STAGE_CLOSED) -> [] (stage == STAGE_CLOSED))", ("second_case_reopens", False)),
    Claim("one_closing", "INV-43", "A case has a closing if and only if it is closed.",
          "[] ((stage == STAGE_CLOSED) == (closing != CLOSING_NONE))"),
    Claim("closed_runs_nothing", "", "No limit runs in a closed case.",
          "[] ((stage == STAGE_CLOSED) -> (running == 0))"),
    Claim("parties_of_the_annex", "INV-01", "The Parties are the United States and Mexico, or Canada and Mexico.",
          "[] (complainant == COMPLAINANT_UNKNOWN || " + " || ".join(
              f"(complainant == COMPLAINANT_{one.upper()} && respondent == RESPONDENT_{two.upper()})" for one, two in _PAIRS
          ) + ")"),
    Claim("no_private_party", "INV-02", "What the Parties do is done by one of them or both, never by a private person.",
          f"[] (({_any_of(_OF_THE_PARTIES)}) -> (complainant != respondent && actor != ROLE_{Role.PETITIONER.name}"
          f" && actor != ROLE_{Role.FACILITY.name}))"),
    Claim("facility_in_territory", "INV-03", "A request is made of a facility in the respondent's territory.",
          f"[] (({_REQUESTED}) -> (in_territory == 1))"),
    Claim("facility_covered", "INV-04", "A request is made of a Covered Facility in a Priority Sector.",
          f"[] (({_REQUESTED}) -> (covered == 1 && priority_sector == 1))"),
    Claim("law_relied_on", "INV-05", "A request names a law: one that complies with Annex 23-A, or an enforced order.",
          f"[] (({_REQUESTED}) -> (law_named == 1 && under_annex_23a == 1 && order_enforced == 1))"),
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
    Claim("hold_of_goods", "INV-11", "A customs hold needs goods.",
          f"[] (({_after(did.HoldBegun)}) -> (goods_nexus == 1))"),
    Claim("hold_is_no_remedy", "INV-12", "Remedies are in force after they were imposed, never by a customs hold.",
          f"[] ((stage == STAGE_{Stage.REMEDIES_IN_FORCE.name} || stage == STAGE_{Stage.LIFTING_DISPUTED.name})"
          f" -> ({_done(did.RemediesImposed)}))"),
    Claim("hold_ends_on_a_ground", "INV-13", "A customs hold is released on a ground.",
          f"[] (({_after(did.HoldReleased)}) -> (statutory_ground == 1))"),
    Claim("review_from_the_request", "INV-16", "The limit of the review runs from the request.",
          f"[] (({_REQUESTED}) -> (review_runs == 1))"),
    Claim("review_starts_once", "INV-16", "The limit of the review is not begun anew, whenever the review is accepted.",
          f"[] ((review_over == 1) -> ((review_over == 1) W (review_runs == 0 || {_after(did.LimitExtended)})))"),
    Claim("outcome_of_the_review", "INV-17", "Each report of the respondent has a place of its own.",
          "[] (" + " && ".join(f"(({_after(one)}) -> (stage == STAGE_{to.name}))" for one, to in _REPORTS) + ")",
          ("scope_objection_declines", False)),
    Claim("denial_before_hold_applied", "INV-25", "Duties are applied to held entries after a panel found a Denial.",
          f"[] (({_after(did.HoldApplied)}) -> ({_DENIAL}))"),
    Claim("report_before_consultations", "INV-18", "Consultations run on a report of a Denial, whole or in part.",
          "[] ((consultations_runs == 1) -> (stage == STAGE_DENIAL_REPORTED || stage == STAGE_PARTIAL_DENIAL_REPORTED))"),
    Claim("both_consent", "INV-19", "A course, its extension and a settlement have the consent of both Parties.",
          f"[] (({_after(did.CourseAgreed)} || {_after(did.CourseExtended)} || {_after(did.MatterSettled)})"
          f" -> ({_BOTH}))"),
    Claim("end_of_the_course", "INV-19", "The end of a course is stated as no day before the agreement, or is not stated.",
          f"[] (({_after(did.CourseAgreed)}) -> (end_stated == 1))"),
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
    Claim("prior_denials_of_tiers", "INV-27", "A remedy has as many prior Denials as its tier asks for.",
          f"[] (({_IMPOSED}) -> (within_tier == 1))"),
    Claim("denial_by_determination", "INV-28", "No Denial is determined but by a panel: by no course, and no settlement.",
          f"(determination != DETERMINATION_{Determination.DENIAL.name}) W ({_DETERMINED})"),
    Claim("entry_denied_to_goods", "INV-29", "Entry is denied to goods alone.",
          f"[] (({_IMPOSED}) -> (entry_denial_of_goods == 1))"),
    Claim("no_remedy_without_denial", "INV-31", "No remedy follows a finding of no Denial, or out of scope.",
          f"[] (({_IMPOSED}) -> ({_NONE_FOUND}))"),
    Claim("three_of_three_lists", "INV-32", "Three panelists are drawn, one of each list, the joint one a non-national.",
          f"[] (({_any_of(TOLD['three_panelists'])}) -> (three_panelists == 1))"),
    Claim("three_elements", "INV-34", "A petition is confirmed on all three elements.",
          f"[] (({_after(did.PetitionConfirmed)}) -> (elements_found == 1))"),
    Claim("drawn_before_constituted", "INV-33", "A panel is constituted after its members were drawn.",
          f"[] ((stage == STAGE_PANEL_CONSTITUTED) -> ({_done(did.PanelistsDrawn)}))"),
    Claim("confirmed_before_determined", "INV-33", "A panel determines whether there is a Denial after it confirmed.",
          f"[] (({_after(did.DeterminationIssued)} && question != QUESTION_{Question.HAS_IT_BEEN_REMEDIED.name})"
          f" -> ({_done(did.PetitionConfirmed)}))"),
    Claim("consent_before_verification", "INV-35", "No verification is held without consent.",
          f"[] (({_after(did.VerificationHeld)}) -> ({_done(did.VerificationAccepted)}))"),
    Claim("one_determination", "INV-36", "A panel determines once on a petition.",
          f"[] (({_DETERMINED}) -> (({_DETERMINED}) W ((!({_DETERMINED})) W ({_after(did.PanelRequested)}))))"),
    Claim("both_are_heard", "INV-36", "A panel determines after both Parties could be heard.",
          f"[] (({_DETERMINED}) -> (both_heard == 1))"),
    Claim("one_open_gate", "INV-38", "A panel is asked for where a gate is open.",
          f"[] ({_SHUT} -> !({_SHUT} U ({_after(did.PanelRequested)})))"),
    Claim("treaty_in_force", "INV-39", "Nothing is done while the USMCA is not in force.",
          "[] ((last == DID_nothing) || (in_force == 1))"),
    Claim("case_of_its_own", "INV-42", "A request for a second case at a facility has an id of its own.",
          f"[] (({_REQUESTED}) -> (new_id == 1))"),
    Claim("no_bar_runs", "INV-44", "No case is begun while a bar for bad faith runs.",
          f"[] (({_REQUESTED}) -> (bar_over == 1))"),
    Claim("panel_determines", "INV-37", "Only the panel determines.",
          f"[] (({_after(did.DeterminationIssued)}) -> (actor == ROLE_{Role.PANEL.name}))"),
    Claim("complainant_imposes", "INV-37", "Only the complainant Party imposes and lifts remedies.",
          f"[] (({_IMPOSED} || {_after(did.RemediesLifted)}) -> (actor == ROLE_{Role.COMPLAINANT.name}))"),
    Claim("secretariat_draws", "INV-37", "Only the Secretariat draws panelists.",
          f"[] (({_after(did.PanelistsDrawn)}) -> (actor == ROLE_{Role.SECRETARIAT.name}))"),
)  # fmt: skip
"""The claims that the model carries."""


def claims(reading: Reading | None = None) -> tuple[Claim, ...]:
    """Return the claims that are made under a reading.

    Args:
        reading: The reading; our default if None.
    """
    read = reading or Reading()
    return tuple(one for one in CLAIMS if one.under is None or getattr(read, one.under[0]) == one.under[1])
