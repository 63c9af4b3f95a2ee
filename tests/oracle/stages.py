"""What each stage of the rulebook provides for: the rule, whose act it is, the stage after, how the case closes.

Stages are the rulebook's codes. T6 and T8 are T3 and T5 (or T5p) after their last day, and DX is a closed case.
"""

from __future__ import annotations

from typing import Any

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, NoDenialGround, Party, Role
from tests.oracle.past import Story, World, acts_of, parties

Way = tuple[str, Role, str]
BEFORE_REQUEST = ("D0", "D1", "D2")
PROVIDED = """
D0      PetitionFiled          US-01|B-02  petitioner   D1
D0      SelfInitiated          US-03       committee    D2
D0,D2   ReviewRequested        A4-01       complainant  T1
D1      PetitionAccepted       US-06|B-03  committee    D2
D1      PetitionRejected       US-05|B-03  committee    C
T1,T2   ReviewAccepted         A4-03       respondent   T3
T1      ReviewDeclined         A4-03       respondent   T2
T3      NoDenialReported       A4-05       respondent   T4
T3      DenialReported         A4-05       respondent   T5
T3      CuredDenialReported    A4-05       respondent   T5c
T3      PartialDenialReported  A4-05       respondent   T5p
T1,T2   PanelRequested         A4-04       complainant  P1
T3      PanelRequested         A4-15       complainant  P1
T4      PanelRequested         A4-06       complainant  P1
T5      PanelRequested         A4-09       complainant  P1
T5c     PanelRequested         A4-10       complainant  P1
T5p     PanelRequested         A4-11       complainant  P1
T10     PanelRequested         A4-13       respondent   P1
R1      PanelRequested         A10-08      respondent   R2
T7      CourseExtended         A4-08       both         T7
T7      CourseFailed           A4-12       complainant  T9
T9      RemediesNotified       A4-12       complainant  T10
T10,P8  RemediesImposed        A4-14       complainant  R1
P1      PanelistsDrawn         A5-02       secretariat  P2
P2      PanelistReplaced       A5-03       secretariat  P2
P2      PanelConstituted       A5-02       panel        P3
P3      PetitionConfirmed      A6-01       panel        P4
P3      PetitionNotConfirmed   A6-02       panel        PX
PX      PetitionAmended        A6-02       complainant  P3
PX      PetitionDismissed      A6-02       panel        C
P4      VerificationRequested  A7-01       panel        P5
P5      VerificationAccepted   A7-02       respondent   P6
P5      VerificationRefused    A7-02       respondent   P5
P5      NoVerificationAsked    A7-04       complainant  P7
P6      VerificationHeld       A7-03       panel        P7
P4      DeterminationIssued    A8-03       panel        P8
P7      DeterminationIssued    A8-02       panel        P8
R2      DeterminationIssued    A10-08      panel        R1
P8      RemediesNotified       A10-01      complainant  R0
R0      RemediesImposed        A10-01      complainant  R1
R1,R2   RemediesLifted         A10-07      complainant  C
T5,T5p  CourseAgreed           A4-08       both         T7
T5c     CourseAgreed           A4-10       both         T7
P8      CourseAgreed           A9-01       both         T7
T1,T3   MatterSettled          A4-05       both         C
T4      MatterSettled          A4-06       both         C
T5c     MatterSettled          A4-10       both         C
T7      MatterSettled          A4-08       both         C
P8      MatterSettled          A9-01       both         C
R1,R2   MatterSettled          A10-07      both         C
R1,R2   RemediationCompleted   A10-07      facility     =
any     Withdrawn              X-06        complainant  C
any     CaseClosed             X-04        complainant  C
any     CaseDropped            X-04        complainant  C
any     FacilityClosed         X-04        facility     =
D1,D2   MatterSettled          A1-01       both         C
treaty  MatterSettled          A1-01       both         C
treaty  RemediationCompleted   A1-01       facility     =
treaty  LimitExtended          X-03        both         =
treaty  CourseAgreed           A1-01       both         T7
"""
"""The rule before the bar is that of Annex 31-A; ``=`` moves no stage; ``treaty`` is every stage from the request on."""
# The text leaves open: a refused verification (P5) waits for the complainant's choice, A7-04. P4 goes "straight to
# determination" even where the petition asks for a verification; no text bars it. A10-07 needs "Denial remediated", and
# the library asks for no earlier fact when remedies are lifted. Who remediates, the text does not say.
_WAYS = {(stage, act): way for line in PROVIDED.split("\n") if line
         for stages, act, *way in (line.split(),) for stage in stages.split(",")}  # fmt: skip


def asked(story: Story) -> str | None:
    """What the last petition for a panel asks: "denial", "continues" (A4-13) or "remedied" (A10-08)."""
    for before, act, _ in reversed(story):
        if isinstance(act, did.PanelRequested):
            return {"T10": "continues", "R1": "remedied"}.get(before, "denial")
    return None


def provided(stage: str, act: Any, story: Story, world: World) -> Way | None:  # noqa: PLR0911 - an if a rule
    """Rule, actor and next stage; None where the stage does not provide for the act at all."""
    kind, other = type(act), world.other
    one, _ = parties([*acts_of(story), act], world)
    if stage == "C":  # an end: a new case only, but for the other reading of AMB-16
        reopens = kind is did.RemediesNotified and "second_case_reopens" in other
        return ("X-05", Role.COMPLAINANT, "T10") if reopens else None
    # Before the request the statute of the United States or the Canadian guidelines apply; Mexico has none of its own.
    mexican = one is Party.MX and kind in (did.PetitionFiled, did.SelfInitiated)
    if mexican or (kind is did.SelfInitiated and world.annex == "31-B"):
        return None
    way = _way(stage, kind.__name__)
    if stage == "D1" and kind is did.LimitExtended and one is Party.CA:
        return "B-03", Role.COMMITTEE, "D1"  # the guideline says so of the office itself
    if kind is did.PanelistsDrawn and way is not None and "constituted_by_lot" in other:
        return "A5-02", Role.SECRETARIAT, "P3"  # AMB-06
    if stage == "P3" and kind is did.PanelConstituted and "constituted_by_lot" in other:
        return "A5-02", Role.PANEL, "P3"
    of_scope = kind is did.NoDenialReported and act.ground is NoDenialGround.SCOPE
    if stage == "T3" and of_scope and "scope_objection_declines" in other:
        return "A4-04", Role.RESPONDENT, "T2"  # AMB-20
    if kind is did.PetitionAmended and way is not None and asked(story) == "continues":
        return "A6-02", Role.RESPONDENT, "P3"  # by whoever petitioned
    if kind is did.DeterminationIssued and way is not None and act.finding is not Determination.DENIAL:
        return ("A10-08" if stage == "R2" else "A8-06"), Role.PANEL, "C"
    if way is None:
        return None
    rules, who, to = way
    return rules.split("|")[-1 if world.annex == "31-B" else 0], Role(who), stage if to == "=" else to


def _way(stage: str, act: str) -> list[str] | None:
    places = (stage, "any") if stage in BEFORE_REQUEST else (stage, "treaty", "any")
    return next((_WAYS[place, act] for place in places if (place, act) in _WAYS), None)


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
    """Where the customs hold stands: US-08, US-09, US-10."""
    after = {did.HoldBegun: "H1", did.HoldReleased: "H2", did.HoldApplied: "H3"}
    return next((after[type(act)] for act in reversed(acts) if act.of_hold), "H0")


def closed_as(story: Story, world: World) -> str | None:
    """How the case is closed, if it is."""
    return closing(story[-1][0], story[-1][1], world) if stands(story) == "C" else None
