"""Runs put together by hand, each breaking one invariant: entries that no ruling gave, folded all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.claim import Origin, Party, Role, Sector
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31A
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.entry import Entry, EntryKind, Opening, Track
from tests.properties.checkers.run import Run
from tests.strategies import PLANTS, THREE, case_at

S = Stage
PLANT: Final = PLANTS[Party.MX]
CLAIM: Final[dict[str, Any]] = {"facility": PLANT, "laws": ("LFT",), "basis": "dismissals"}


def last(case: Case) -> date:
    """Return the day of the last act, or a day to begin with."""
    return case.last_day or date(2023, 3, 1)


def after(case: Case, kind: type[Event], days: int = 1, **fields: Any) -> Event:
    """Return an act some days after the last."""
    return kind(last(case) + timedelta(days), **fields)


def forge(case: Case, event: Event, to: Stage | Hold | None = None, **entry: Any) -> Case:
    """Return the case after an act that leads where one says, whatever the table says."""
    place = case.hold if event.of_hold else case.stage
    track = Track.HOLD if event.of_hold else Track.CASE
    said = {"by": Role.BOTH, "rule": "FORGED", "provision": "none", **entry}
    return evolve(case, Entry(case.id, event, place, to or place, EntryKind.ACT, track, **said))


def opened(*parties: Party | None, origin: Origin | None = None) -> Case:
    """Return a case that opens as one says, whatever the Annex says."""
    return replay(
        (Entry("WALK-1", Opening(ANNEX_31A, origin, *parties), S.ASSESSMENT, S.ASSESSMENT, EntryKind.OPENING),)
    )


def requested(case: Case | None = None, on: date = date(2023, 3, 2), **claim: Any) -> Case:
    """Return a case with a request that states what one says."""
    case = case or opened()
    return forge(case, did.ReviewRequested(on, **{**CLAIM, **claim}), S.REVIEW_REQUESTED, by=Role.COMPLAINANT)


def imposed(case: Case, days: int = 60, **fields: Any) -> Case:
    """Return a case with remedies imposed."""
    event = after(case, did.RemediesImposed, days, **{"tier": 1, "measure": "penalty", **fields})
    return forge(case, event, S.REMEDIES_IN_FORCE, by=Role.COMPLAINANT)


def found(case: Case, to: Stage = S.DENIAL_DETERMINED, finding: str = "denial", **fields: Any) -> Case:
    """Return a case with a determination."""
    event = after(case, did.DeterminationIssued, finding=finding, **{"heard": True, **fields})
    return forge(case, event, to, by=Role.PANEL)


def notified(stage: Stage, to: Stage) -> Case:
    """Return the case at a stage, with a notice."""
    case = case_at(stage)
    return forge(case, after(case, did.RemediesNotified, 0), to, by=Role.COMPLAINANT)


def _pair() -> Run:
    return Run(opened(Party.US, Party.CA))


def _one_party() -> Run:
    return Run(opened(Party.MX, Party.MX))


def _abroad() -> Run:
    return Run(requested(opened(Party.US, Party.MX), facility=PLANTS[Party.US]))


def _no_priority() -> Run:
    return Run(requested(facility=attrs.evolve(PLANT, sector=Sector.OTHER)))


def _no_law() -> Run:
    return Run(requested(laws=()))


def _two_requests() -> Run:
    return Run(requested(requested()))


def _moved_by_committee() -> Run:
    return Run(forge(requested(), did.PetitionAccepted(date(2023, 3, 3)), S.UNDER_REVIEW, by=Role.COMMITTEE))


def _not_accepted() -> Run:
    return Run(requested(opened(origin=Origin.PETITION)))


def _rejected() -> Run:
    case = forge(opened(), did.PetitionRejected(date(2023, 3, 1)), by=Role.COMMITTEE)
    return Run(requested(case))


def _held_early() -> Run:
    return Run(forge(requested(), did.HoldBegun(date(2023, 3, 1)), Hold.SUSPENDED))


def _held_services() -> Run:
    case = requested(facility=attrs.evolve(PLANT, sector=Sector.SERVICES))
    return Run(forge(case, after(case, did.HoldBegun), Hold.SUSPENDED))


def _hold_as_remedy() -> Run:
    case = case_at(S.DENIAL_DETERMINED)
    return Run(forge(case, after(case, did.HoldBegun), Hold.SUSPENDED, started=(Limit("reply", last(case), None),)))


def _released_for_nothing() -> Run:
    case = requested()
    case = forge(case, after(case, did.HoldBegun), Hold.SUSPENDED)
    return Run(forge(case, after(case, did.HoldReleased, 2, ground="request_ended"), Hold.RESUMED))


def _closed_with_hold() -> Run:
    case = requested()
    case = forge(case, after(case, did.HoldBegun), Hold.SUSPENDED)
    return Run(forge(case, after(case, did.MatterSettled), S.CLOSED, closing=Closing.RESOLVED_IN_REVIEW))


def _late_reply() -> Run:
    case = requested()
    return Run(forge(case, after(case, did.ReviewAccepted, 11), S.UNDER_REVIEW, by=Role.RESPONDENT))


def _late_report() -> Run:
    case = case_at(S.UNDER_REVIEW)
    return Run(forge(case, after(case, did.DenialReported, 50), S.DENIAL_REPORTED, by=Role.RESPONDENT))


def _other_outcome() -> Run:
    case = case_at(S.UNDER_REVIEW)
    return Run(forge(case, after(case, did.DenialReported), S.NO_DENIAL_REPORTED, by=Role.RESPONDENT))


def _consultations() -> Run:
    case = requested()
    started = (Limit("consultations", last(case), last(case) + timedelta(10)),)
    return Run(forge(case, after(case, did.ReviewAccepted), S.UNDER_REVIEW, by=Role.RESPONDENT, started=started))


def _one_sided_course() -> Run:
    case = case_at(S.DENIAL_REPORTED)
    event = after(case, did.CourseAgreed, agreed_end=last(case) + timedelta(30))
    started = (Limit("course", event.on, last(case) + timedelta(30)),)
    return Run(forge(case, event, S.COURSE_RUNNING, by=Role.COMPLAINANT, started=started))


def _remedy_in_course() -> Run:
    return Run(imposed(case_at(S.COURSE_RUNNING), 1))


def _early_notice() -> Run:
    return Run(notified(S.COURSE_RUNNING, S.COURSE_NOTICE_GIVEN))


def _fourteen_days() -> Run:
    return Run(imposed(case_at(S.COURSE_NOTICE_GIVEN), 14))


def _panel_pending() -> Run:
    case = case_at(S.COURSE_NOTICE_GIVEN)
    case = forge(case, after(case, did.PanelRequested), S.PANEL_REQUESTED, by=Role.RESPONDENT)
    return Run(imposed(case))


def _no_ground() -> Run:
    return Run(imposed(case_at(S.DENIAL_REPORTED)))


def _no_panel() -> Run:
    return Run(imposed(case_at(S.COURSE_NOTICE_GIVEN)))


def _four_days() -> Run:
    return Run(imposed(notified(S.DENIAL_DETERMINED, S.REMEDIES_NOTIFIED), 1))


def _tier_2() -> Run:
    return Run(imposed(case_at(S.REMEDIES_NOTIFIED), tier=2))


def _settlement_counts() -> Run:
    case = case_at(S.COURSE_RUNNING)
    return Run(case, DEFAULT, Register([PriorDenial(case.id, PLANT, last(case))]))


def _services_denied() -> Run:
    case = requested(facility=attrs.evolve(PLANT, sector=Sector.SERVICES))
    return Run(imposed(case, measure="entry_denied"))


def _remedy_survives() -> Run:
    case = case_at(S.REMEDIES_IN_FORCE)
    case = forge(case, after(case, did.RemediationCompleted), by=Role.FACILITY)
    return Run(forge(case, after(case, did.RemediesLifted, 9), S.CLOSED, closing=Closing.REMEDIATED_AFTER_REMEDY))


def _no_denial() -> Run:
    return Run(imposed(found(case_at(S.DELIBERATING), finding="no_denial")))


def _two_panelists() -> Run:
    case = case_at(S.PANEL_REQUESTED)
    event = after(case, did.PanelistsDrawn, panelists=THREE[:2])
    return Run(forge(case, event, S.PANEL_DRAWN, by=Role.SECRETARIAT))


def _out_of_turn() -> Run:
    case = case_at(S.PETITION_CONFIRMED)
    return Run(forge(case, after(case, did.PanelistsDrawn, panelists=THREE), S.PANEL_DRAWN, by=Role.SECRETARIAT))


def _two_elements() -> Run:
    case = case_at(S.PANEL_CONSTITUTED)
    event = after(case, did.PetitionConfirmed, elements=("laws", "basis"))
    return Run(forge(case, event, S.PETITION_CONFIRMED, by=Role.PANEL))


def _without_consent() -> Run:
    case = case_at(S.VERIFICATION_REQUESTED)
    return Run(forge(case, after(case, did.VerificationHeld), S.DELIBERATING, by=Role.PANEL))


def _unheard() -> Run:
    return Run(found(case_at(S.DELIBERATING), heard=False))


def _lifted_by_respondent() -> Run:
    case = case_at(S.REMEDIES_IN_FORCE)
    event = after(case, did.RemediesLifted, by=Party.MX)
    closing = Closing.REMEDIATED_AFTER_REMEDY
    return Run(forge(case, event, S.CLOSED, by=Role.COMPLAINANT, closing=closing))


def _closed_gate() -> Run:
    case = requested()
    return Run(forge(case, after(case, did.PanelRequested), S.PANEL_REQUESTED, by=Role.COMPLAINANT, rule="A4-04a"))


def _after_the_treaty() -> Run:
    return Run(requested(), Context(Reading(treaty_until=date(2023, 3, 1))))


def _moved_by_itself() -> Run:
    case = attrs.evolve(requested(), stage=S.REVIEW_DECLINED)
    return Run(forge(case, after(case, did.FacilityClosed), by=Role.FACILITY))


def _extended_alone() -> Run:
    case = case_at(S.UNDER_REVIEW)
    return Run(forge(case, after(case, did.LimitExtended, term="review", until=date(2024, 1, 1)), by=Role.RESPONDENT))


def _linked_to_itself() -> Run:
    return Run(requested(linked_to="walk-1"))


def _no_closing() -> Run:
    case = requested()
    return Run(forge(case, after(case, did.Withdrawn), S.CLOSED, by=Role.COMPLAINANT))


def _barred() -> Run:
    return Run(requested(), Context(register=Register((), [BadFaith("US", date(2021, 3, 2))])))


RUNS: Final[dict[str, Callable[[], Run]]] = {
    "INV-01": _pair, "INV-02": _one_party, "INV-03": _abroad, "INV-04": _no_priority, "INV-05": _no_law,
    "INV-06": _two_requests, "INV-07": _moved_by_committee, "INV-08": _not_accepted, "INV-09": _rejected,
    "INV-10": _held_early, "INV-11": _held_services, "INV-12": _hold_as_remedy, "INV-13": _released_for_nothing,
    "INV-14": _closed_with_hold, "INV-15": _late_reply, "INV-16": _late_report, "INV-17": _other_outcome,
    "INV-18": _consultations, "INV-19": _one_sided_course, "INV-20": _remedy_in_course, "INV-21": _early_notice,
    "INV-22": _fourteen_days, "INV-23": _panel_pending, "INV-24": _no_ground, "INV-25": _no_panel,
    "INV-26": _four_days, "INV-27": _tier_2, "INV-28": _settlement_counts, "INV-29": _services_denied,
    "INV-30": _remedy_survives, "INV-31": _no_denial, "INV-32": _two_panelists, "INV-33": _out_of_turn,
    "INV-34": _two_elements, "INV-35": _without_consent, "INV-36": _unheard, "INV-37": _lifted_by_respondent,
    "INV-38": _closed_gate, "INV-39": _after_the_treaty, "INV-40": _moved_by_itself, "INV-41": _extended_alone,
    "INV-42": _linked_to_itself, "INV-43": _no_closing, "INV-44": _barred,
}  # fmt: skip
"""A run that breaks each invariant, by its id."""
