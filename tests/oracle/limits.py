"""Which time limits run after some acts, and their last days, read off the rules' "time limit" column."""

from __future__ import annotations

from datetime import date

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Party
from tests.oracle.past import Story, World, acts_of, business_days_after, days_after, parties

DAYS, BUSINESS, UNCONFIRMED = "days", "business days", "business days of which the unit is unconfirmed"
STARTS = {
    ("PetitionFiled", "D1"): (("screening", 30, DAYS),),  # US-04, B-03
    ("SelfInitiated", "D2"): (("self_initiation", 60, DAYS),),  # US-03
    ("PetitionAccepted", "D2"): (("panel_decision", 60, DAYS),),  # US-07
    ("ReviewRequested", "T1"): (("reply", 10, DAYS), ("review", 45, DAYS)),  # A4-03; A4-05, from the request
    ("DenialReported", "T5"): (("consultations", 10, DAYS),),  # A4-07
    ("PartialDenialReported", "T5p"): (("consultations", 10, DAYS),),
    # A4-12, from T9, or from C under AMB-16; A4-13, which does not stop the 15 days.
    ("RemediesNotified", "T10"): (("course_notice", 15, DAYS), ("respondent_panel", 10, DAYS)),
    ("PanelRequested", "P1"): (("lot", 3, UNCONFIRMED),),  # A5-02
    ("PanelConstituted", "P3"): (("determination", 30, DAYS), ("confirmation", 5, BUSINESS)),  # A8-03, A6-01
    ("PanelistsDrawn", "P3"): (("determination", 30, DAYS), ("confirmation", 5, BUSINESS)),  # AMB-06
    # A6-01 counts from the constitution and does not speak of an amended petition (A6-02, unknown); the library starts
    # the 5 days anew, or an amended petition would be late before it came.
    ("PetitionAmended", "P3"): (("confirmation", 5, BUSINESS),),
    # A7-02; A7-03: from request or consent, no source fixes which; our reading: request.
    ("VerificationRequested", "P5"): (("verification_reply", 7, UNCONFIRMED), ("verification", 30, DAYS)),
    ("VerificationHeld", "P7"): (("verified_determination", 30, DAYS),),  # A8-02
    ("RemediesNotified", "R0"): (("remedy_notice", 5, BUSINESS),),  # A10-01
}
WHERE = {
    "screening": ("D1",), "claim_screening": ("D1",), "self_initiation": ("D2",),
    "reply": ("T1",), "review": ("T1", "T2", "T3"), "consultations": ("T5", "T5p"), "course": ("T7", "T9"),
    "course_notice": ("T10", "P1", "P2", "P3", "PX", "P4", "P5", "P6", "P7", "P8", "R0"),
    "respondent_panel": ("T10",), "lot": ("P1",), "confirmation": ("P3",),
    "verification_reply": ("P5",), "verification": ("P5", "P6"),
    "determination": ("P3", "PX", "P4", "P5", "P6", "P7"), "verified_determination": ("P7",),
    "remedy_notice": ("R0",), "lifting": ("R1", "R2"),
}  # fmt: skip
"""A limit runs as long as the case stands where what it waits for can be done."""
ENDED_BY = {
    did.PanelRequested: "panel_decision",
    did.VerificationRefused: "verification_reply",  # it was answered
    did.VerificationHeld: "determination",  # A8-03 is for panels that held none
}
Days = tuple[date, date] | None
"""The last day, and the last day counted from the latest day of a period; None where the Parties stated none."""


def limits(story: Story, world: World) -> dict[str, Days]:
    """The limits that run, each with its last days."""
    run: dict[str, Days] = {}
    one, _ = parties(acts_of(story), world)
    for before, act, after in story:
        kind = type(act)
        run.pop(ENDED_BY.get(kind, ""), None)
        for term, n, unit in STARTS.get((kind.__name__, after), ()):
            if (term == "panel_decision" and one is not Party.US) or (before == after == "P3"):
                continue  # the decision is the United States'; the panel was constituted by the lot (AMB-06)
            name = "claim_screening" if term == "screening" and one is Party.CA else term
            starts = (act.on, act.on if act.known is None else act.known[1])
            if term == "screening" and act.received and "screening_from_submission" not in world.other:
                starts = (act.received, act.received)  # AMB-21
            bare = unit == DAYS or (unit == UNCONFIRMED and "business_only_where_said" in world.other)  # AMB-01
            count = days_after if bare else business_days_after
            run[name] = (count(starts[0], n, world), count(starts[1], n, world))
        if kind in (did.CourseAgreed, did.CourseExtended):  # A4-08
            run["course"] = None if act.agreed_end is NOT_STATED else (act.agreed_end, act.agreed_end)
        if kind is did.RemediationCompleted and after in ("R1", "R2"):
            # A10-07: immediately, so no day on which it could roll forward
            run.setdefault("lifting", (act.on, act.on if act.known is None else act.known[1]))
        if kind is did.DeterminationIssued and before == "R2":
            run.pop("lifting", None)  # A10-08: found not remediated
        if kind is did.LimitExtended:
            run[act.term] = (act.until, act.until)
        for name in list(run):
            if after == "C" or (name in WHERE and after not in WHERE[name]):
                del run[name]
    return run
