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
from tests.oracle.limits import Days, limits
from tests.oracle.past import Answer, Story, World, acts_of, all_of, any_of, last, of, parties, stated
from tests.oracle.stages import asked, closed_as, closing, hold, provided, stands, told

CLAIM = ("facility", "laws", "basis", "under_annex_23a", "enforced_order", "facts_from")
STATES_CLAIM = (did.PetitionFiled, did.SelfInitiated, did.ReviewRequested)
NOT_OF_CONSENT = ("screening", "self_initiation", "panel_decision", "course", "lifting")
GOODS = (Sector.MANUFACTURING, Sector.MINING)
SETTLES = (did.CourseAgreed, did.MatterSettled, did.CaseClosed, did.CaseDropped, did.Withdrawn)
WITHIN = {
    "screening": (did.PetitionAccepted, did.PetitionRejected), "self_initiation": (did.ReviewRequested,),
    "claim_screening": (did.PetitionAccepted, did.PetitionRejected),
    # Acts that leave the respondent's answer or report, or the lifting, undone when its day is over: the text only says
    # that it is over, and the library notes it with the act that ends it.
    "reply": (did.ReviewAccepted, did.ReviewDeclined, *SETTLES),
    "lifting": (did.RemediesLifted, did.DeterminationIssued, *SETTLES),
    "review": (did.NoDenialReported, did.DenialReported, did.CuredDenialReported, did.PartialDenialReported, *SETTLES),
    "consultations": (did.CourseAgreed,), "course": (did.MatterSettled,), "lot": (did.PanelistsDrawn,),
    "confirmation": (did.PetitionConfirmed, did.PetitionNotConfirmed), "verification": (did.VerificationHeld,),
    "verification_reply": (did.VerificationAccepted, did.VerificationRefused),
    "determination": (did.DeterminationIssued,), "verified_determination": (did.DeterminationIssued,),
    "panel_decision": (did.PanelRequested,), "respondent_panel": (did.PanelRequested,),
}  # fmt: skip
"""Which acts have to be done within a limit."""
REMEDIED = ("resolved_in_review", "course_completed", "remediated_after_determination", "remediated_after_remedy")
ENDS_HOLD = (*REMEDIED, "no_denial_agreed", "no_denial_panel")
ENDED_OTHERWISE = ("withdrawn", "facility_closed", "not_pursued", "out_of_scope", "petition_not_confirmed")


def ask(acts: list[Any], act: Any, world: World) -> Answer:
    """What the rulebook says of one more act after these, all admitted."""
    story = told([one for one in acts if not one.of_hold], world)
    return _of_the_hold(acts, act, story, world) if act.of_hold else _of_the_case(acts, act, story, world)


def _of_the_case(acts: list[Any], act: Any, story: Story, world: World) -> Answer:
    way = provided(stands(story), act, story, world)
    if way is None:
        return Answer(None, stands(story), why={"no rule"})
    rule, who, to = way
    answer, run, said = Answer(rule, to), limits(story, world), acts_of(story)
    of_every_act(answer, act, who, said, parties([*said, act], world), world)
    of_time(answer, story, act, run, world)
    of_lateness(answer, story, act, run, world)
    of_panels(answer, story, act, world)
    if isinstance(act, STATES_CLAIM):
        of_claims(answer, story, act, world)
    if isinstance(act, did.ReviewRequested):
        of_requests(answer, story, act, world)
    if isinstance(act, did.RemediesImposed):
        of_remedies(answer, story, act, world)
    if isinstance(act, did.DeterminationIssued | did.RemediesImposed):
        answer.needs("still covered", act.still_covered, bars="coverage_must_last" in world.other)  # AMB-13
    if isinstance(act, did.CaseClosed):
        answer.needs("plant open", last(story, did.FacilityClosed) is not None)
        answer.needs("closure", "closure_ends_case" not in world.other)  # AMB-14
    if isinstance(act, did.RemediationCompleted):  # INV-30: a remedy that is in force has to end that day
        answer.needs("ends today", rule != "A10-07", bars=False)
    if answer.why:
        answer.stage = stands(story)
    elif to == "C":
        answer.closing = closing(stands(story), act, world)
        # INV-14; in history a release comes on the day of the close, or later.
        answer.needs("hold ended", hold(acts) != "H1" or answer.closing not in ENDS_HOLD, bars=False)
    return answer


def of_every_act(  # noqa: PLR0917 - what stands before an act
    answer: Answer, act: Any, who: Role, before: list[Any], pair: tuple[Any, Any], world: World
) -> None:
    """Whose act it is, when the treaty is in force, and the order of days; of a period, the day that is chosen in it."""
    role = {pair[0]: Role.COMPLAINANT, pair[1]: Role.RESPONDENT}.get(act.by) if isinstance(act.by, Party) else act.by
    answer.needs("actor", act.by is None or role is who)  # INV-37
    answer.needs("treaty", date(2020, 7, 1) <= act.on <= world.treaty_until)  # INV-39, X-07
    answer.needs("order", not before or act.on >= before[-1].on)


def of_claims(answer: Answer, story: Story, act: Any, world: World) -> None:
    """What every act that states a claim needs."""
    said = [*acts_of(story), act]
    plant, (_, two) = stated(said, "facility"), parties(said, world)
    answer.needs("facility", plant is not None)  # US-01, B-02, A4-01; of US-03 our reading says it, not the text
    answer.needs("territory", plant is None or plant.country is two)  # A15-01, INV-03
    if isinstance(act, did.PetitionFiled):
        answer.needs("origin", world.origin in (None, "petition"))
        people = tuple(Party) if answer.rule == "US-01" else (Party.CA,)
        answer.needs("filer", of(act.filer_of, lambda filer: filer in people))  # US-01, B-02
    else:
        answer.needs("origin", world.origin != "petition" or stands(story) != "D0")  # INV-08
    answer.needs("id", act.linked_to != world.case_id)  # INV-42
    for name in CLAIM:  # whether a claim may change on its way the text does not say; the library holds it to the first
        old, new = stated(acts_of(story), name), getattr(act, name)
        answer.needs("claim changed", old in (None, NOT_STATED) or new in (None, old))


def of_requests(answer: Answer, story: Story, act: Any, world: World) -> None:
    """A4-01: what a request for review needs."""
    said = [*acts_of(story), act]
    plant, (one, two) = stated(said, "facility"), parties(said, world)
    if plant is not None:
        answer.needs("sector", of(plant.sector, lambda sector: sector is not Sector.OTHER))  # A15-02, INV-04
        limbs = (plant.goods_traded, plant.competes)
        answer.needs("trade", any_of(*limbs[: 1 if "trade_link_required" in world.other else 2]))  # A15-01, AMB-18
    answer.needs("laws", of(stated(said, "laws")))  # A2-02, INV-05
    answer.needs("basis", of(stated(said, "basis")))  # A2-01
    if two is Party.MX:
        tied = stated(said, "under_annex_23a")
        answer.needs("annex 23-A", True if tied is None else tied)  # A2-02: no is to be said
    if two is Party.US:
        answer.needs("enforced order", of(stated(said, "enforced_order")))  # A2-02
    if two is Party.CA:
        answer.needs("board order", of(stated(said, "enforced_order")), bars=False)  # B-05: unconfirmed
    linked = any(one.linked_to for one in said if isinstance(one, STATES_CLAIM))
    answer.needs("reopening", not linked or "second_case_reopens" not in world.other)  # AMB-16
    facts = stated(said, "facts_from")
    later = of(facts, lambda day: day is None or day >= date(2020, 7, 1))
    answer.needs("facts", later, bars="only_facts_since_entry" in world.other)  # AMB-10: warn, do not block
    for party, on in world.bad_faith:
        barred = party is one and on <= act.on <= date(on.year + 2, on.month, on.day)
        answer.needs("barred", not barred)  # A11-01, INV-44


def of_panels(answer: Answer, story: Story, act: Any, world: World) -> None:
    """A5 to A8: what a panel's acts need."""
    if isinstance(act, did.PanelistsDrawn | did.PanelistReplaced):
        pair = parties(acts_of(story), world)
        answer.needs("panelists", of(act.panelists, lambda three: _one_of_each(three, pair)))  # A5-02, INV-32
    if isinstance(act, did.PetitionConfirmed):
        answer.needs("elements", of(act.elements, lambda found: set(found) == set(Element)))  # A6-01, INV-34
    if isinstance(act, did.PetitionNotConfirmed):
        answer.needs("elements", of(act.missing))  # A6-02
    if isinstance(act, did.VerificationRequested):
        answer.needs("not asked", last(story, did.PanelRequested).verification)  # A7-01
    if isinstance(act, did.DeterminationIssued):
        answer.needs("heard", act.heard)  # A8-01, INV-36
        beyond = act.finding is Determination.OUT_OF_SCOPE and "confirmation_settles_coverage" in world.other
        answer.needs("scope", not beyond)  # AMB-05


def _one_of_each(panelists: Any, pair: tuple[Any, Any]) -> object:
    lists = sorted(one.drawn_from for one in panelists) == sorted(PanelList)
    joint = [one.national_of for one in panelists if one.drawn_from is PanelList.JOINT]
    return all_of(lists, *(of(one, lambda party: party not in pair) for one in joint))


def of_remedies(answer: Answer, story: Story, act: Any, world: World) -> None:
    """A10-02 to A10-04, INV-27, INV-29: what a remedy may be."""
    said = acts_of(story)
    plant, (one, _) = stated(said, "facility"), parties(said, world)
    counts = ("panel", "respondent_report", "course") if "own_findings_count" in world.other else ("panel",)  # AMB-15
    prior = {
        case
        for case, where, on, basis in world.denials
        if basis in counts and case != world.case_id and on < act.on
        and (where.is_same(plant) or where.has_owner_of(plant))
    }  # fmt: skip
    # What a remedy does counts, not what it is called: to reach another facility is tier 2, to deny entry is tier 3.
    does = 3 if act.measure is Remedy.ENTRY_DENIED else 2 if act.reach else 1
    said_tier = does if act.tier is NOT_STATED and does > 1 else act.tier
    answer.needs("tier", of(said_tier, lambda tier: len(prior) >= max(tier, does) - 1))  # A10-03, A10-04
    other_measure = of(act.measure, lambda measure: measure is not Remedy.ENTRY_DENIED)
    answer.needs("goods", any_of(other_measure, of(plant.sector, GOODS.__contains__)))  # INV-29
    answer.needs("reach", all(other.has_owner_of(plant) for other in act.reach))  # A10-03
    # "Same or related goods" is unconfirmed: noted. Where no goods are stated the library notes them as others, too.
    alike = all(set(other.goods) & set(plant.goods) for other in act.reach)
    answer.needs("related", alike, bars=False)
    if one is Party.US:
        found = last(story, did.DeterminationIssued)
        by_panel = found is not None and found.finding is Determination.DENIAL
        answer.needs("US law", by_panel, bars="remedy_without_panel" in world.other)  # AMB-08
        if "services_have_no_measure" in world.other:
            answer.needs("services", of(plant.sector, lambda sector: sector is not Sector.SERVICES))  # AMB-22
    # INV-30 says that no remedy survives remediation. Whether it bars one that begins after remediation was completed, a
    # fact that the complainant may dispute, is left open: the library notes it. Nor does the text say what it means to
    # suspend preference for a facility of services (A10-02 speaks of goods): the library lets it by.
    answer.needs("remediated", not _remediated(said), bars=False)


def of_time(answer: Answer, story: Story, act: Any, run: dict[str, Days], world: World) -> None:
    """Acts that are too early."""
    on, kind, stage = act.on, type(act), stands(story)
    over = {term for term, days in run.items() if days is not None and on > days[0]}
    if kind is did.PanelRequested:
        silent = {"T1": "reply", "T3": "review", "T5": "consultations"}.get(stage)  # A4-04, A4-15, A4-09
        answer.needs("early", silent is None or silent in over)
        answer.needs("cured", stage != "T5c" or "cure_ends_claim" not in world.other)  # AMB-09
    if kind is did.RemediesNotified and stage == "C":  # AMB-16
        answer.needs("no course", closed_as(story, world) == "course_completed")
    # A4-12: the notice waits for the end of the course (INV-21). That the complainant considers the Denial not remediated
    # may be said before; the text leaves that open, and our reading notes it. An end that nobody stated bars nothing.
    if (kind is did.RemediesNotified and stage in ("T9", "C")) or kind is did.CourseFailed:
        course = last(story, did.CourseAgreed, did.CourseExtended)
        ended = course is None or of(course.agreed_end, lambda end: on > end)
        answer.needs("early", ended, bars=kind is did.RemediesNotified)
    # A7-03 says that the panel determines without a verification that was not held in time; it is unconfirmed, the states
    # lead from P6 to P7 alone, and the library has no such row.
    if kind is did.NoVerificationAsked:
        refused = isinstance(last(story, did.PanelRequested, did.VerificationRefused), did.VerificationRefused)
        answer.needs("early", refused or "verification_reply" in over)  # A7-04
    if kind is did.RemediesImposed:  # A4-14 and INV-22; A10-01 and INV-26
        waits = [run.get("course_notice"), run.get("remedy_notice")]
        answer.needs("early", not any(days is not None and on < days[0] for days in waits))
        answer.needs("continues", stage != "P8" or asked(story) == "continues")  # A4-14
    if kind is did.CourseAgreed:
        answer.needs("end", of(act.agreed_end, lambda end: end >= on))
    # That the new end lies after the extension the text does not say, and the library does not ask. An old end that was
    # not stated is noted with the agreement; the library does not note it again.
    if kind is did.CourseExtended:
        old = run["course"]
        answer.needs("end", of(act.agreed_end, lambda end: old is None or end > old[0]))
    if kind is did.LimitExtended:
        answer.needs("term", act.term in run and act.term not in NOT_OF_CONSENT)  # a period of the Annex
        days = run.get(act.term)
        answer.needs("until", days is None or act.until > days[0])


def of_lateness(answer: Answer, story: Story, act: Any, run: dict[str, Days], world: World) -> None:
    """The limits that the act is done within and that are over: noted, or barred where a right is lost.

    An act of which only a period is known is late if every day of it is, counted from the latest day that its limit may
    have started on (our reading).
    """
    stage, earliest = stands(story), act.on if act.known is None else act.known[0]
    for term, days in run.items():
        of_course = term != "course" or stage == "T7"  # US-09: completed in the agreed time
        of_states = term != "panel_decision" or stage not in ("T10", "R1")  # US-07: the decision of the United States
        of_lifting = term != "lifting" or getattr(act, "finding", None) is not Determination.DENIAL
        if not (type(act) in WITHIN.get(term, ()) and of_course and of_states and of_lifting):
            continue
        lost = {
            "respondent_panel": True,  # A4-13
            "panel_decision": "panel_within_us_decision" in world.other,  # AMB-17
            "determination": "late_panel_loses_authority" in world.other,  # AMB-07
            "verified_determination": "late_panel_loses_authority" in world.other,
        }.get(term, False)
        in_time = days is None or earliest <= days[1]  # an end that was not stated is noted with the agreement
        answer.needs("late" if lost else f"late {term}", in_time, bars=lost)
    counted = answer.rule != "A9-01" and "review_includes_remediation" in world.other  # AMB-03: on day 45 both end
    if isinstance(act, did.CourseAgreed) and counted:
        ran = [limits(story[:n], world) for n in range(len(story) + 1)]
        review = [one["review"] for one in ran if one.get("review")][-1]
        answer.needs("remediation", review is not None and earliest <= review[1], bars=False)


def _of_the_hold(acts: list[Any], act: Any, story: Story, world: World) -> Answer:
    stage, kind, said = hold(acts), type(act), acts_of(story)
    pair, plant, closed = parties(said, world), stated(said, "facility"), closed_as(story, world)
    if stage == "H0" and kind is did.HoldBegun:
        answer = Answer("A4-02", "H1")
        request = last(story, did.ReviewRequested)
        answer.needs("request", request is not None and act.on >= request.on)  # INV-10
        sector = NOT_STATED if plant is None else of(plant.sector, GOODS.__contains__)
        answer.needs("goods", sector if plant is None else all_of(sector, plant.goods_traded))  # INV-11, US-08
        # The text says nothing of a hold that begins after a close; the library begins none. One that begins by a day on
        # which the case was open is noted where the close should have ended it (INV-14), as history has it.
        answer.needs("closed", closed is None or act.on <= story[-1][1].on)
        answer.needs("closed remediated", closed not in ENDS_HOLD, bars=False)
    elif stage == "H1" and kind is did.HoldReleased:
        answer = Answer("A4-16", "H2")
        lapses = "hold_lapses_with_request" in world.other and closed in ENDED_OTHERWISE
        by_law = of(act.ground, lambda ground: lapses or ground is not ReleaseGround.REQUEST_ENDED)
        answer.needs("ground", by_law)  # US-09, AMB-12
        answer.needs("borne out", _borne_out(act, story, closed), bars=False)
    elif stage == "H1" and kind is did.HoldApplied and pair[0] is Party.US:
        answer = Answer("US-10", "H3")
        found = [one for one in said if isinstance(one, did.DeterminationIssued) and one.on <= act.on]
        answer.needs("determination", bool(found) and found[-1].finding is Determination.DENIAL)  # US-10
    else:
        return Answer(None, stage, why={"no rule"})
    of_every_act(answer, act, Role.COMPLAINANT, [one for one in acts if one.of_hold], pair, world)
    answer.stage = stage if answer.why else answer.stage
    return answer


def _borne_out(act: Any, story: Story, closed: str | None) -> object:
    """US-09, A4-16: whether the case bears out the ground on which a hold ends."""
    if act.ground is NOT_STATED:
        return True  # that is asked above
    by_then = [one for one in acts_of(story) if one.on <= act.on]
    found = [one.finding for one in by_then if isinstance(one, did.DeterminationIssued)]
    closed = closed if by_then == acts_of(story) else None
    # "Completed in the agreed time" (US-09): the library asks for a course with an end, and for remediation at any time.
    ends = [one.agreed_end for one in by_then if isinstance(one, did.CourseAgreed | did.CourseExtended)]
    course = bool(ends) and ends[-1] is not NOT_STATED
    return {
        ReleaseGround.NO_DENIAL_DETERMINED: found[-1:] == [Determination.NO_DENIAL],
        ReleaseGround.ABSENCE_AGREED: closed == "no_denial_agreed",
        ReleaseGround.COURSE_COMPLETED: closed == "course_completed" or (course and _remediated(by_then)),
        # Whether a settlement says that the Denial is remediated is open: the library takes it so.
        ReleaseGround.OTHERWISE_REMEDIED: _remediated(by_then) or closed in (*REMEDIED, "settled"),
        ReleaseGround.REQUEST_ENDED: closed in ENDED_OTHERWISE,  # AMB-12
    }[act.ground]


def _remediated(acts: list[Any]) -> bool:
    """Whether remediation was completed, and no panel found a Denial since."""
    facts = [one for one in acts if isinstance(one, did.RemediationCompleted)
             or getattr(one, "finding", None) is Determination.DENIAL]  # fmt: skip
    return bool(facts) and isinstance(facts[-1], did.RemediationCompleted)
