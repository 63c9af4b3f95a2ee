"""What each stage of the rulebook provides for: the rule, whose act it is, the stage after, how the case closes.

Stages are the rulebook's codes. T6 and T8 are T3 and T5 (or T5p) after their last day, and DX is a closed case.
"""

from __future__ import annotations

from typing import Any

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, NoDenialGround, Party, Role
from tests.oracle.past import Story, World, acts_of, parties

COMPLAINANT, RESPONDENT, BOTH = Role.COMPLAINANT, Role.RESPONDENT, Role.BOTH
COMMITTEE, PETITIONER, SECRETARIAT, PANEL = Role.COMMITTEE, Role.PETITIONER, Role.SECRETARIAT, Role.PANEL
BEFORE_REQUEST = ("D0", "D1", "D2")
Way = tuple[str, Role, str]


def asked(story: Story) -> str | None:
    """What the last petition for a panel asks: "denial", "continues" (A4-13) or "remedied" (A10-08)."""
    for before, act, _ in reversed(story):
        if isinstance(act, did.PanelRequested):
            return {"T10": "continues", "R1": "remedied"}.get(before, "denial")
    return None


def provided(stage: str, act: Any, story: Story, world: World) -> Way | None:
    """Rule, actor and next stage; None where the stage does not provide for the act at all."""
    if stage == "C":  # an end: a new case only, but for the other reading of AMB-16
        reopens = type(act) is did.RemediesNotified and "second_case_reopens" in world.other
        return ("X-05", COMPLAINANT, "T10") if reopens else None
    way = _of_the_stage(stage, act, story, world)
    return _of_every_stage(stage, act) if way is None else way


def _of_every_stage(stage: str, act: Any) -> Way | None:  # noqa: PLR0911 - an if a rule, as the rulebook tells them
    kind, treaty = type(act), stage not in BEFORE_REQUEST
    if kind is did.Withdrawn:
        return "X-06", COMPLAINANT, "C"
    if kind is did.CaseClosed or kind is did.CaseDropped:
        return "X-04", COMPLAINANT, "C"
    if kind is did.FacilityClosed:  # a fact that moves no stage
        return "X-04", Role.FACILITY, stage
    if kind is did.RemediationCompleted and treaty:  # a fact; the text names no actor: whoever carries the plan out
        return ("A10-07" if stage in ("R1", "R2") else "A1-01"), Role.FACILITY, stage
    if kind is did.LimitExtended and treaty:  # a period between the Parties
        return "X-03", BOTH, stage
    if kind is did.CourseAgreed and treaty:
        own = {"T5": "A4-08", "T5p": "A4-08", "T5c": "A4-10", "P8": "A9-01"}
        return own.get(stage, "A1-01"), BOTH, "T7"
    if kind is did.MatterSettled and stage != "D0":
        own = {"T1": "A4-05", "T3": "A4-05", "T4": "A4-06", "T5c": "A4-10", "T7": "A4-08", "P8": "A9-01",
               "R1": "A10-07", "R2": "A10-07"}  # fmt: skip
        return own.get(stage, "A1-01"), BOTH, "C"
    return None


def _of_the_stage(  # noqa: PLR0911, PLR0912 - an if a rule, as the rulebook tells them
    stage: str, act: Any, story: Story, world: World
) -> Way | None:
    kind = type(act)
    one, _ = parties([*acts_of(story), act], world)
    # Before the request the statute of the United States or the Canadian guidelines apply; Mexico has none of its own.
    if stage == "D0" and kind is did.PetitionFiled and one is not Party.MX:
        return ("US-01" if world.annex == "31-A" else "B-02"), PETITIONER, "D1"
    if stage == "D0" and kind is did.SelfInitiated and one in (Party.US, None) and world.annex == "31-A":
        return "US-03", COMMITTEE, "D2"
    if stage in ("D0", "D2") and kind is did.ReviewRequested:
        return "A4-01", COMPLAINANT, "T1"
    if stage == "D1" and kind is did.PetitionAccepted:
        return ("US-06" if one is Party.US else "B-03"), COMMITTEE, "D2"
    if stage == "D1" and kind is did.PetitionRejected:
        return ("US-05" if one is Party.US else "B-03"), COMMITTEE, "C"
    if stage == "D1" and kind is did.LimitExtended and one is Party.CA:  # the guideline says so of the office itself
        return "B-03", COMMITTEE, "D1"
    if stage in ("T1", "T2") and kind is did.ReviewAccepted:  # T2: late acceptance
        return "A4-03", RESPONDENT, "T3"
    if stage == "T1" and kind is did.ReviewDeclined:
        return "A4-03", RESPONDENT, "T2"
    if stage == "T3":
        reports = {did.NoDenialReported: "T4", did.DenialReported: "T5", did.CuredDenialReported: "T5c",
                   did.PartialDenialReported: "T5p"}  # fmt: skip
        if (
            kind is did.NoDenialReported
            and act.ground is NoDenialGround.SCOPE
            and "scope_objection_declines" in world.other
        ):
            return "A4-04", RESPONDENT, "T2"  # AMB-20
        if kind in reports:
            return "A4-05", RESPONDENT, reports[kind]
    if kind is did.PanelRequested:
        gate = {
            "T1": "A4-04",
            "T2": "A4-04",
            "T3": "A4-15",
            "T4": "A4-06",
            "T5": "A4-09",
            "T5c": "A4-10",
            "T5p": "A4-11",
        }
        if stage in gate:
            return gate[stage], COMPLAINANT, "P1"
        if stage == "T10":
            return "A4-13", RESPONDENT, "P1"
        if stage == "R1":
            return "A10-08", RESPONDENT, "R2"
    if stage == "T7" and kind is did.CourseExtended:
        return "A4-08", BOTH, "T7"
    if stage == "T7" and kind is did.CourseFailed:
        return "A4-12", COMPLAINANT, "T9"
    if stage == "T9" and kind is did.RemediesNotified:
        return "A4-12", COMPLAINANT, "T10"
    if stage in ("T10", "P8") and kind is did.RemediesImposed:
        return "A4-14", COMPLAINANT, "R1"
    return _of_the_panel(stage, act, story, world)


def _of_the_panel(  # noqa: PLR0911, PLR0912 - an if a rule, as the rulebook tells them
    stage: str, act: Any, story: Story, world: World
) -> Way | None:
    kind = type(act)
    if stage == "P1" and kind is did.PanelistsDrawn:
        return "A5-02", SECRETARIAT, ("P3" if "constituted_by_lot" in world.other else "P2")  # AMB-06
    if stage == "P3" and kind is did.PanelConstituted and "constituted_by_lot" in world.other:
        return "A5-02", PANEL, "P3"
    if stage == "P2" and kind is did.PanelistReplaced:
        return "A5-03", SECRETARIAT, "P2"
    if stage == "P2" and kind is did.PanelConstituted:
        return "A5-02", PANEL, "P3"
    if stage == "P3" and kind is did.PetitionConfirmed:
        return "A6-01", PANEL, "P4"
    if stage == "P3" and kind is did.PetitionNotConfirmed:
        return "A6-02", PANEL, "PX"
    if stage == "PX" and kind is did.PetitionAmended:  # by whoever petitioned
        return "A6-02", (RESPONDENT if asked(story) == "continues" else COMPLAINANT), "P3"
    if stage == "PX" and kind is did.PetitionDismissed:
        return "A6-02", PANEL, "C"
    if stage == "P4" and kind is did.VerificationRequested:
        return "A7-01", PANEL, "P5"
    if stage == "P5" and kind is did.VerificationAccepted:
        return "A7-02", RESPONDENT, "P6"
    if stage == "P5" and kind is did.VerificationRefused:  # the case waits for the complainant's choice, A7-04
        return "A7-02", RESPONDENT, "P5"
    if stage == "P5" and kind is did.NoVerificationAsked:
        return "A7-04", COMPLAINANT, "P7"
    if stage == "P6" and kind is did.VerificationHeld:
        return "A7-03", PANEL, "P7"
    # P4: "straight to determination", even where the petition asks for a verification; no text bars it.
    if stage in ("P4", "P7") and kind is did.DeterminationIssued:
        if act.finding is not Determination.DENIAL:
            return "A8-06", PANEL, "C"
        return ("A8-03" if stage == "P4" else "A8-02"), PANEL, "P8"
    if stage == "P8" and kind is did.RemediesNotified:
        return "A10-01", COMPLAINANT, "R0"
    if stage == "R0" and kind is did.RemediesImposed:
        return "A10-01", COMPLAINANT, "R1"
    # A10-07 needs "Denial remediated". Whether lifting itself says so is left open: the library asks for no earlier fact.
    if stage in ("R1", "R2") and kind is did.RemediesLifted:
        return "A10-07", COMPLAINANT, "C"
    if stage == "R2" and kind is did.DeterminationIssued:
        return "A10-08", PANEL, ("R1" if act.finding is Determination.DENIAL else "C")
    return None


def closing(stage: str, act: Any, world: World) -> str:
    """How an act closes a case from this stage: every closed case has exactly one reason (INV-43)."""
    kind = type(act)
    if kind is did.MatterSettled:
        return {
            "T1": "resolved_in_review", "T3": "resolved_in_review", "T5c": "resolved_in_review",
            "T4": "no_denial_agreed", "T7": "course_completed", "P8": "remediated_after_determination",
            "R1": "remediated_after_remedy", "R2": "remediated_after_remedy",
            "D1": "settled_before_request", "D2": "settled_before_request",
        }.get(stage, "settled")  # fmt: skip
    if kind is did.DeterminationIssued:
        if act.finding is Determination.OUT_OF_SCOPE:
            return "no_denial_panel" if "out_of_scope_is_no_denial" in world.other else "out_of_scope"  # AMB-11
        return "remediated_after_remedy" if stage == "R2" else "no_denial_panel"
    return {
        did.PetitionRejected: "petition_rejected", did.PetitionDismissed: "petition_not_confirmed",
        did.RemediesLifted: "remediated_after_remedy", did.CaseClosed: "facility_closed",
        did.CaseDropped: "not_pursued", did.Withdrawn: "withdrawn",
    }[kind]  # fmt: skip


def told(acts: list[Any], world: World) -> Story:
    """The acts of the case, each with the stage before and after."""
    stage = "D0"
    story: Story = []
    for act in acts:
        way = provided(stage, act, story, world)
        after = stage if way is None else way[2]
        story.append((stage, act, after))
        stage = after
    return story


def stands(story: Story) -> str:
    """The stage after these acts."""
    return story[-1][2] if story else "D0"


def hold(acts: list[Any]) -> str:
    """Where the customs hold stands."""
    for act in reversed(acts):
        if isinstance(act, did.HoldBegun):
            return "H1"  # US-08
        if isinstance(act, did.HoldReleased):
            return "H2"  # US-09
        if isinstance(act, did.HoldApplied):
            return "H3"  # US-10
    return "H0"


def closed_as(story: Story, world: World) -> str | None:
    """How the case is closed, if it is."""
    return closing(story[-1][0], story[-1][1], world) if stands(story) == "C" else None
