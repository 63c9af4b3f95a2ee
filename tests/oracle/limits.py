"""Which time limits run after some acts, and their last days, read off the rules' "time limit" column."""

from __future__ import annotations

from datetime import date

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Party
from tests.oracle.past import Story, World, acts_of, business_days_after, days_after, parties

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


def limits(story: Story, world: World) -> dict[str, date | None]:  # noqa: PLR0912 - an if a rule
    """The limits that run, each with its last day (None where the Parties stated none)."""
    run: dict[str, date | None] = {}
    one, _ = parties(acts_of(story), world)
    for before, act, after in story:
        on, kind = act.on, type(act)

        def days(n: int, start: date = on) -> date:
            return days_after(start, n, world)

        def business(n: int, start: date = on) -> date:
            return business_days_after(start, n, world)

        # AMB-01: of these business days the unit is unconfirmed.
        unconfirmed = days if "business_only_where_said" in world.other else business

        if kind is did.PetitionFiled:  # US-04, B-03; AMB-21: from receipt
            first = on if act.received is None or "screening_from_submission" in world.other else act.received
            run["screening" if one is Party.US else "claim_screening"] = days(30, first)
        if kind is did.SelfInitiated:
            run["self_initiation"] = days(60)  # US-03
        if kind is did.PetitionAccepted and one is Party.US:
            run["panel_decision"] = days(60)  # US-07
        if kind is did.PanelRequested:
            run.pop("panel_decision", None)
        if kind is did.ReviewRequested:
            run["reply"] = days(10)  # A4-03
            run["review"] = days(45)  # A4-05: from the request
        if kind in (did.DenialReported, did.PartialDenialReported):
            run["consultations"] = days(10)  # A4-07
        if kind in (did.CourseAgreed, did.CourseExtended):
            run["course"] = None if act.agreed_end is NOT_STATED else act.agreed_end  # A4-08
        if kind is did.RemediesNotified and after == "T10":  # from T9, or from C under AMB-16
            run["course_notice"] = days(15)  # A4-12
            run["respondent_panel"] = days(10)  # A4-13; it does not stop the 15 days
        if kind is did.PanelRequested and after == "P1":
            run["lot"] = unconfirmed(3)  # A5-02
        if (before, after) in (("P2", "P3"), ("P1", "P3")):  # P1: under the other reading of AMB-06
            run["determination"] = days(30)  # A8-03
        if after == "P3" and before != "P3":
            # A6-01. The text counts from the constitution and does not speak of an amended petition (A6-02, unknown);
            # the library starts the 5 days anew, or an amended petition would be late before it came.
            run["confirmation"] = business(5)
        if kind is did.VerificationRequested:
            run["verification_reply"] = unconfirmed(7)  # A7-02
            run["verification"] = days(
                30
            )  # A7-03: from request or consent, no source fixes which; our reading: request
        if kind is did.VerificationRefused:
            run.pop("verification_reply", None)  # it was answered
        if kind is did.VerificationHeld:
            run["verified_determination"] = days(30)  # A8-02
            run.pop("determination", None)  # A8-03 is for panels that held none
        if kind is did.RemediesNotified and before == "P8":
            run["remedy_notice"] = business(5)  # A10-01
        if kind is did.RemediationCompleted and after in ("R1", "R2"):
            run.setdefault("lifting", on)  # A10-07: immediately, so no day on which it could roll forward
        if kind is did.DeterminationIssued and before == "R2":
            run.pop("lifting", None)  # A10-08: found not remediated
        if kind is did.LimitExtended:
            run[act.term] = act.until
        for name in list(run):
            if after == "C" or (name in WHERE and after not in WHERE[name]):
                del run[name]
    return run
