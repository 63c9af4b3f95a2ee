"""The oracle: what the rulebook says of one more act, found by reading all earlier acts anew.

Written from the rulebook's text alone, and compared only then; what it had misread was mended by the text. It shares
nothing with the library but the acts and the values that they hold: no table, no guards, no terms, no counting of days.
Where the text leaves a point open, a comment says so, and the oracle follows the library.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    Determination,
    Element,
    PanelList,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)
from tests.oracle.limits import limits
from tests.oracle.past import Answer, Story, World, acts_of, last, parties, stated
from tests.oracle.stages import COMPLAINANT, RESPONDENT, asked, closed_as, closing, hold, provided, stands, told

CLAIM = ("facility", "laws", "basis", "under_annex_23a", "enforced_order", "facts_from")
STATES_CLAIM = (did.PetitionFiled, did.SelfInitiated, did.ReviewRequested)
NOT_OF_CONSENT = ("screening", "self_initiation", "panel_decision", "course", "lifting")
GOODS = (Sector.MANUFACTURING, Sector.MINING)
ANSWERS = {
    did.PetitionAccepted: ("screening", "claim_screening"), did.PetitionRejected: ("screening", "claim_screening"),
    did.ReviewRequested: ("self_initiation",), did.ReviewAccepted: ("reply",), did.ReviewDeclined: ("reply",),
    did.NoDenialReported: ("review",), did.DenialReported: ("review",), did.CuredDenialReported: ("review",),
    did.PartialDenialReported: ("review",), did.PanelistsDrawn: ("lot",), did.PetitionConfirmed: ("confirmation",),
    did.PetitionNotConfirmed: ("confirmation",), did.VerificationAccepted: ("verification_reply",),
    did.VerificationRefused: ("verification_reply",), did.VerificationHeld: ("verification",),
    did.RemediesLifted: ("lifting",),
    # Acts that leave the respondent's answer or report, or the lifting, undone when its day is over: the text only says
    # that it is over, and the library notes it with the act that ends it.
    did.CourseAgreed: ("reply", "review", "lifting", "consultations"), did.CaseClosed: ("reply", "review", "lifting"),
    did.MatterSettled: ("reply", "review", "lifting"), did.CaseDropped: ("reply", "review", "lifting"),
    did.Withdrawn: ("reply", "review", "lifting"),
}  # fmt: skip
"""Which limits an act is done within."""


def no(value: Any) -> bool:
    """Whether it is said, and says no; what is not stated never bars."""
    return value is not NOT_STATED and not value


def claim_gates(story: Story, act: Any, world: World) -> set[str]:
    """A4-01: what a request for review needs."""
    why, said = set(), [*acts_of(story), act]
    plant, (one, two) = stated(said, "facility"), parties(said, world)
    if plant is not None:
        if plant.sector is Sector.OTHER:
            why.add("sector")  # A15-02, INV-04
        competes = plant.competes is not False and "trade_link_required" not in world.other  # AMB-18
        if plant.goods_traded is False and not competes:
            why.add("trade")  # A15-01, INV-04
    if no(stated(said, "laws")):
        why.add("laws")  # A2-02, INV-05
    if no(stated(said, "basis")):
        why.add("basis")  # A2-01
    if two is Party.MX and stated(said, "under_annex_23a") is False:
        why.add("annex 23-A")  # A2-02
    if two is Party.US and no(stated(said, "enforced_order")):
        why.add("enforced order")  # A2-02; B-05 (Canada) is unconfirmed: never a constant, so it is noted
    if "second_case_reopens" in world.other and any(one.linked_to for one in said if isinstance(one, STATES_CLAIM)):
        why.add("reopening")  # AMB-16
    facts = stated(said, "facts_from")
    if isinstance(facts, date) and facts < date(2020, 7, 1) and "only_facts_since_entry" in world.other:
        why.add("facts")  # AMB-10: warn, do not block
    for party, on in world.bad_faith:
        if party is one and on <= act.on <= date(on.year + 2, on.month, on.day):
            why.add("barred")  # A11-01, INV-44
    return why


def naming_gates(story: Story, act: Any, world: World) -> set[str]:
    """What every act that states a claim needs."""
    why, said = set(), [*acts_of(story), act]
    plant, (_, two) = stated(said, "facility"), parties(said, world)
    if plant is None:
        why.add("facility")  # US-01, B-02, A4-01; of US-03 the text does not say it, our reading does
    elif plant.country is not two:
        why.add("territory")  # A15-01, INV-03
    if not isinstance(act, did.PetitionFiled) and world.origin == "petition" and stands(story) == "D0":
        why.add("origin")  # INV-08
    if isinstance(act, did.PetitionFiled) and world.origin not in (None, "petition"):
        why.add("origin")
    if act.linked_to == world.case_id:
        why.add("id")  # INV-42
    for (
        name
    ) in CLAIM:  # the text does not say whether a claim may change on its way; the library holds it to what was said
        old, new = stated(acts_of(story), name), getattr(act, name)
        if old is not None and old is not NOT_STATED and new is not None and new != old:
            why.add("claim changed")
    return why


def remedy_gates(story: Story, act: Any, world: World) -> set[str]:
    """A10-02 to A10-04, INV-27, INV-29: what a remedy may be."""
    why, said = set(), acts_of(story)
    plant, (one, _) = stated(said, "facility"), parties(said, world)
    prior = {
        case
        for case, where, on in world.denials
        if case != world.case_id and on < act.on and (where.is_same(plant) or where.has_owner_of(plant))
    }
    tier = 1 if act.tier is NOT_STATED else act.tier
    if act.reach:
        tier = max(tier, 2)  # A10-03: what a remedy does counts, not what it is called
    if act.measure is Remedy.ENTRY_DENIED:
        tier = 3  # A10-04
        if plant.sector not in (*GOODS, NOT_STATED):
            why.add("goods")  # INV-29
    if len(prior) < tier - 1:
        why.add("tier")
    if any(not other.has_owner_of(plant) for other in act.reach):
        why.add("reach")  # A10-03
    if one is Party.US:
        found = last(story, did.DeterminationIssued)
        if "remedy_without_panel" in world.other and (found is None or found.finding is not Determination.DENIAL):
            why.add("US law")  # AMB-08
        if "services_have_no_measure" in world.other and plant.sector is Sector.SERVICES:
            why.add("services")  # AMB-22
    # INV-30 says that no remedy survives remediation. Whether it bars one that begins after remediation was completed, a
    # fact that the complainant may dispute, is left open: the library notes it. Nor does the text say what it means to
    # suspend preference for a facility of services (A10-02 speaks of goods): the library lets it by.
    return why


def panel_gates(story: Story, act: Any, world: World) -> set[str]:
    """A5 to A8: what a panel's acts need."""
    why, kind = set(), type(act)
    if kind in (did.PanelistsDrawn, did.PanelistReplaced) and act.panelists is not NOT_STATED:
        pair = parties(acts_of(story), world)
        lists = sorted(one.drawn_from for one in act.panelists)
        joint = [one for one in act.panelists if one.drawn_from is PanelList.JOINT]
        if lists != sorted(PanelList) or any(one.national_of in pair for one in joint):
            why.add("panelists")  # A5-02, INV-32
    if kind is did.PetitionConfirmed and act.elements is not NOT_STATED and set(act.elements) != set(Element):
        why.add("elements")  # A6-01, INV-34
    if kind is did.PetitionNotConfirmed and no(act.missing):
        why.add("elements")  # A6-02
    if kind is did.VerificationRequested and no(last(story, did.PanelRequested).verification):
        why.add("not asked")  # A7-01
    if kind is did.DeterminationIssued:
        if no(act.heard):
            why.add("heard")  # A8-01, INV-36
        if act.finding is Determination.OUT_OF_SCOPE and "confirmation_settles_coverage" in world.other:
            why.add("scope")  # AMB-05
    return why


def time_gates(  # noqa: PLR0912 - an if a rule
    story: Story, act: Any, run: dict[str, date | None], world: World
) -> set[str]:
    """Acts that are too early or, where a right is lost or a reading says so, too late."""
    why, on, kind, stage = set(), act.on, type(act), stands(story)
    over = {term for term, due in run.items() if due is not None and on > due}
    if kind is did.PanelRequested:
        silent = {"T1": "reply", "T3": "review", "T5": "consultations"}.get(stage)  # A4-04, A4-15, A4-09
        if silent is not None and silent not in over:
            why.add("early")
        if stage == "T10" and "respondent_panel" in over:
            why.add("late")  # A4-13: the right is lost
        if "panel_within_us_decision" in world.other and "panel_decision" in over and stage not in ("T10", "R1"):
            why.add("late")  # AMB-17
        if stage == "T5c" and "cure_ends_claim" in world.other:
            why.add("cured")  # AMB-09
    # A4-12: the notice waits for the end of the course (INV-21). That the complainant considers the Denial not remediated
    # may be said before; the text leaves that open, and our reading notes it.
    if kind is did.RemediesNotified and stage == "C":  # AMB-16
        if closed_as(story, world) != "course_completed":
            why.add("no course")
        course = last(story, did.CourseAgreed, did.CourseExtended)
        if course is not None and course.agreed_end is not NOT_STATED and on <= course.agreed_end:
            why.add("early")
    if kind is did.RemediesNotified and stage == "T9" and run.get("course") is not None and "course" not in over:
        why.add("early")
    refused = last(story, did.VerificationRefused) is not None
    # A7-03 says that the panel determines without a verification that was not held in time; it is unconfirmed, the states
    # lead from P6 to P7 alone, and the library has no such row.
    if kind is did.NoVerificationAsked and not refused and "verification_reply" not in over:
        why.add("early")  # A7-04
    panel_late = bool(over & {"determination", "verified_determination"})
    if kind is did.DeterminationIssued and panel_late and "late_panel_loses_authority" in world.other:
        why.add("late")  # AMB-07
    if kind is did.RemediesImposed:
        waits = [run.get("course_notice"), run.get("remedy_notice")]  # A4-14 and INV-22; A10-01 and INV-26
        if any(due is not None and on < due for due in waits):
            why.add("early")
        if stage == "P8" and asked(story) != "continues":
            why.add("continues")  # A4-14
    if kind in (did.CourseAgreed, did.CourseExtended) and act.agreed_end is not NOT_STATED:
        if kind is did.CourseAgreed and act.agreed_end < on:
            why.add("end")  # of an extension the text does not say it, and the library does not ask
        before = run.get("course")
        if kind is did.CourseExtended and before is not None and act.agreed_end <= before:
            why.add("end")
    if kind is did.LimitExtended:
        if act.term not in run or act.term in NOT_OF_CONSENT:
            why.add("term")  # what the Parties can consent to is a period of the Annex
        due = run.get(act.term)
        if due is not None and act.until <= due:
            why.add("until")
    return why


def late(story: Story, act: Any, run: dict[str, date | None]) -> set[str]:
    """The limits that the act is done within, and that are over: recorded and noted."""
    kind, stage = type(act), stands(story)
    terms = ANSWERS.get(kind, ())
    if kind is did.PanelRequested and stage not in ("T10", "R1"):
        terms = ("panel_decision",)  # US-07: the decision of the United States
    if kind is did.DeterminationIssued:
        terms = ("lifting",) if stage == "R2" and act.finding is not Determination.DENIAL else ()
        terms = ("determination", "verified_determination") if stage != "R2" else terms
    if kind is did.MatterSettled and stage == "T7":
        terms = (*terms, "course")  # US-09: completed in the agreed time
    return {term for term in terms if run.get(term) is not None and act.on > run[term]}


def ask(acts: list[Any], act: Any, world: World) -> Answer:
    """What the rulebook says of one more act after these, all admitted."""
    story = told([one for one in acts if not one.of_hold], world)
    return _of_the_hold(acts, act, story, world) if act.of_hold else _of_the_case(act, story, world)


def _of_every_act(act: Any, who: Role, before: list[Any], pair: tuple[Any, Any]) -> set[str]:
    why = set()
    role = {pair[0]: COMPLAINANT, pair[1]: RESPONDENT}.get(act.by) if isinstance(act.by, Party) else act.by
    if act.by is not None and role is not who:
        why.add("actor")  # INV-37
    if act.on < date(2020, 7, 1):
        why.add("treaty")  # INV-39, X-07
    if before and act.on < before[-1].on:
        why.add("order")
    return why


def _of_the_case(act: Any, story: Story, world: World) -> Answer:
    stage, kind = stands(story), type(act)
    way = provided(stage, act, story, world)
    if way is None:
        return Answer(None, stage, why={"no rule"})
    rule, who, to = way
    run, said = limits(story, world), acts_of(story)
    why = _of_every_act(act, who, said, parties([*said, act], world))
    why |= time_gates(story, act, run, world) | panel_gates(story, act, world)
    if isinstance(act, STATES_CLAIM):
        why |= naming_gates(story, act, world)
    people = tuple(Party) if rule == "US-01" else (Party.CA,)
    if kind is did.PetitionFiled and act.filer_of not in (*people, NOT_STATED):
        why.add("filer")  # US-01, B-02
    if kind is did.ReviewRequested:
        why |= claim_gates(story, act, world)
    if kind is did.RemediesImposed:
        why |= remedy_gates(story, act, world)
    tested_again = kind in (did.DeterminationIssued, did.RemediesImposed) and "coverage_must_last" in world.other
    if tested_again and no(act.still_covered):
        why.add("still covered")  # AMB-13: a warning under our default
    if kind is did.CaseClosed:
        if last(story, did.FacilityClosed) is None:
            why.add("plant open")
        if "closure_ends_case" in world.other:
            why.add("closure")  # AMB-14
    if why:
        return Answer(rule, stage, why=why)
    return Answer(rule, to, closing(stage, act, world) if to == "C" else None, late=late(story, act, run))


def _of_the_hold(acts: list[Any], act: Any, story: Story, world: World) -> Answer:
    stage, kind, said = hold(acts), type(act), acts_of(story)
    pair, plant, why = parties(said, world), stated(said, "facility"), set()
    if stage == "H0" and kind is did.HoldBegun:
        rule, to = "A4-02", "H1"
        request = last(story, did.ReviewRequested)
        if request is None or act.on < request.on:
            why.add("request")  # INV-10
        sector = NOT_STATED if plant is None else plant.sector
        if sector is not NOT_STATED and (sector not in GOODS or plant.goods_traded is False):
            why.add("goods")  # INV-11, US-08
        # The text says nothing of a hold that begins after a close; the library begins none. One that begins by a day on
        # which the case was open is noted where the close should have ended it (INV-14), as history has it.
        if stands(story) == "C" and act.on > story[-1][1].on:
            why.add("closed")
    elif stage == "H1" and kind is did.HoldReleased:
        rule, to = "A4-16", "H2"
        ended = ("withdrawn", "facility_closed", "not_pursued", "out_of_scope", "petition_not_confirmed")
        lapses = "hold_lapses_with_request" in world.other and closed_as(story, world) in ended
        if act.ground is ReleaseGround.REQUEST_ENDED and not lapses:
            why.add("ground")  # US-09, AMB-12; whether the case bears the ground out is noted
    elif stage == "H1" and kind is did.HoldApplied and pair[0] is Party.US:
        rule, to = "US-10", "H3"
        found = [one for one in said if isinstance(one, did.DeterminationIssued) and one.on <= act.on]
        if not found or found[-1].finding is not Determination.DENIAL:
            why.add("determination")  # US-10
    else:
        return Answer(None, stage, why={"no rule"})
    why |= _of_every_act(act, COMPLAINANT, [one for one in acts if one.of_hold], pair)
    return Answer(rule, stage if why else to, why=why)
