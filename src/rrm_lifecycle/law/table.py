"""The transition table of a case: in a stage, who does what, then in which stage, as provided in which provision.

Rows are tried from the top; the first whose conditions hold applies. Every row also requires what
:data:`~rrm_lifecycle.law.guards.OF_EVERY_ACT` lists: the treaty in force, and days in order. A row without a new stage
(``STAYS``) records a fact. Ids are the rulebook's, with a letter where one rule needs several rows; they are never
reused, since people's records hold them. Provisions print by the case's Annex: 31-A.4 or its twin 31-B.4.
"""

from __future__ import annotations

from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, NoDenialGround, Origin, Party, Question, Role
from rrm_lifecycle.law.guards import (
    ASKED_BY_COMPLAINANT,
    ASKED_BY_RESPONDENT,
    BASIS_STATED,
    BOARD_ORDER_ENFORCED,
    BOTH_HEARD,
    BY_PETITION,
    CLOSED_ON_COURSE,
    CLOSURE_ENDS_CASE,
    COVERED,
    CURE_CONTESTABLE,
    ELEMENT_MISSING,
    ELEMENTS_FOUND,
    END_STATED,
    ENTRY_DENIAL_OF_GOODS,
    FACILITY_NAMED,
    FACTS_SINCE_ENTRY,
    FILER_OF_A_PARTY,
    FILER_OF_CANADA,
    FOUND_TO_CONTINUE,
    HOLD_ENDED,
    IN_TERRITORY,
    LATER_DAY,
    LATER_END,
    LAW_NAMED,
    LIMIT_RUNS,
    NEW_ID,
    NO_BAD_FAITH,
    NOT_A_REOPENING,
    NOT_BY_PETITION,
    NOT_REMEDIATED,
    ORDER_ENFORCED,
    PANEL_FOUND_DENIAL,
    PLANT_CLOSED,
    PRIORITY_SECTOR,
    REACH_RELATED_GOODS,
    REACH_SAME_OWNER,
    REMEDIATED_IN_REVIEW,
    REMEDY_ENDS_TODAY,
    SCOPE_OPEN,
    SERVICES_MEASURE,
    STILL_COVERED,
    THREE_PANELISTS,
    UNDER_ANNEX_23A,
    VERIFICATION_ASKED,
    VERIFICATION_REFUSED,
    WITHIN_TIER,
    Ended,
    Force,
    Lapsed,
    Waited,
    Within,
)
from rrm_lifecycle.law.provisions import (
    A1,
    A1_2,
    A4,
    A4_2,
    A5,
    A6,
    A7,
    A8,
    A9,
    A10,
    NAO,
    PRACTICE,
    US_4645,
    US_4646A,
    US_4646B2,
    US_4646B3,
)
from rrm_lifecycle.law.rows import EVERY_TERM, Row, Rows
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import (
    CLAIM_SCREENING,
    CONFIRMATION,
    CONSULTATIONS,
    COURSE,
    COURSE_NOTICE,
    DETERMINATION,
    LIFTING,
    LIFTING_BAR,
    LOT,
    PANEL_DECISION,
    REMEDY_NOTICE,
    REPLY,
    RESPONDENT_PANEL,
    REVIEW,
    SCREENING,
    SELF_INITIATION,
    VERIFICATION,
    VERIFICATION_CALL,
    VERIFICATION_REPLY,
    VERIFICATION_VISIT,
    VERIFIED_DETERMINATION,
    Standing,
    Term,
)

STAYS: Final = None
COMPLAINANT, RESPONDENT, BOTH = Role.COMPLAINANT, Role.RESPONDENT, Role.BOTH
PETITIONER, COMMITTEE, SECRETARIAT, PANEL, FACILITY = (
    Role.PETITIONER, Role.COMMITTEE, Role.SECRETARIAT, Role.PANEL, Role.FACILITY,
)  # fmt: skip
TEXT, SECONDARY, UNCONFIRMED = Standing.TEXT, Standing.SECONDARY, Standing.UNCONFIRMED
US, CA = Party.US, Party.CA

OPEN: Final[tuple[S, ...]] = tuple(stage for stage in S if stage is not S.CLOSED)
"""Every stage but CLOSED."""
TREATY: Final[tuple[S, ...]] = OPEN[3:]
"""Every stage from the request for review on, but CLOSED."""
SETTLED_BY_OWN_ROW: Final = (
    S.REVIEW_REQUESTED, S.UNDER_REVIEW, S.NO_DENIAL_REPORTED, S.CURED_DENIAL_REPORTED, S.COURSE_RUNNING,
    S.DENIAL_DETERMINED, S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED,
)  # fmt: skip
COURSE_BY_OWN_ROW: Final = (
    S.DENIAL_REPORTED, S.CURED_DENIAL_REPORTED, S.PARTIAL_DENIAL_REPORTED, S.DENIAL_DETERMINED,
)  # fmt: skip
ELSEWHERE_A_COURSE: Final = tuple(stage for stage in TREATY if stage not in COURSE_BY_OWN_ROW)
ELSEWHERE_SETTLED: Final = tuple(stage for stage in TREATY if stage not in SETTLED_BY_OWN_ROW)

ALL: Final[tuple[Term, ...]] = EVERY_TERM
ALL_BUT_DECISION: Final[tuple[Term, ...]] = tuple(term for term in ALL if term is not PANEL_DECISION)
"""What a course stops: nothing but a request for a panel or a close stops the 60 days of US-07."""
PANEL_TERMS: Final = (
    CONFIRMATION, VERIFICATION_CALL, VERIFICATION_REPLY, VERIFICATION, VERIFICATION_VISIT, DETERMINATION,
    VERIFIED_DETERMINATION,
)  # fmt: skip
DECIDED: Final = Within(PANEL_DECISION, bars_under=("panel_within_us_decision", True))
ANSWERED: Final = (Within(REPLY), Within(REVIEW))
"""Over the respondent's two limits, wherever an act may stop them unanswered."""
LIFTED: Final = (*ANSWERED, Within(LIFTING))
"""The same, and that a remedy ends on the day of remediation."""
CLAIM: Final = (
    FACILITY_NAMED, IN_TERRITORY, COVERED, PRIORITY_SECTOR, LAW_NAMED, UNDER_ANNEX_23A, ORDER_ENFORCED,
    BOARD_ORDER_ENFORCED, BASIS_STATED, FACTS_SINCE_ENTRY, NEW_ID, NOT_A_REOPENING, NO_BAD_FAITH,
)  # fmt: skip
"""What a request for review has to state (A2-01, A2-02, A15-01, A15-02), and that no bar runs (A11-01)."""
IMPOSED: Final = (
    PANEL_FOUND_DENIAL, NOT_REMEDIATED, WITHIN_TIER, ENTRY_DENIAL_OF_GOODS, SERVICES_MEASURE, REACH_SAME_OWNER,
    REACH_RELATED_GOODS, STILL_COVERED,
)  # fmt: skip
"""What every remedy has to keep to (A10-02 to A10-04, US-10)."""
IN_TIME: Final = (
    Within(DETERMINATION, bars_under=("late_panel_loses_authority", True)),
    Within(VERIFIED_DETERMINATION, bars_under=("late_panel_loses_authority", True)),
)
DETERMINED: Final = (*IN_TIME, BOTH_HEARD, STILL_COVERED)
ASKS_WHETHER: Final = {"question": Question.IS_THERE_A_DENIAL.value}
LOT_MARKS: Final = ("constituted_by_lot", True)
ACCEPTANCE_MARKS: Final = ("constituted_by_lot", False)

TABLE: Final = Rows((
    #   id         in stage                   who          does                       then in stage              as provided in  rests on
    # ---- before the request ---------------------------------------------------------------------------------------------------------------
    Row("US-01",   S.ASSESSMENT,              PETITIONER,  did.PetitionFiled,         S.PETITION_REVIEW,         US_4646A,   TEXT,
        requires=(BY_PETITION, FILER_OF_A_PARTY, FACILITY_NAMED, IN_TERRITORY, NEW_ID), starts=(SCREENING,), sets={"origin": Origin.PETITION.value}, only=US),
    Row("B-02",    S.ASSESSMENT,              PETITIONER,  did.PetitionFiled,         S.PETITION_REVIEW,         NAO,        TEXT,
        requires=(BY_PETITION, FILER_OF_CANADA, FACILITY_NAMED, IN_TERRITORY, NEW_ID), starts=(CLAIM_SCREENING,), sets={"origin": Origin.PETITION.value}, only=CA),
    Row("US-05",   S.PETITION_REVIEW,         COMMITTEE,   did.PetitionRejected,      S.CLOSED,                  US_4646B2,  TEXT,
        requires=(Within(SCREENING),), stops=ALL, closes=Closing.PETITION_REJECTED, only=US),
    Row("B-03a",   S.PETITION_REVIEW,         COMMITTEE,   did.PetitionRejected,      S.CLOSED,                  NAO,        TEXT,
        requires=(Within(CLAIM_SCREENING),), stops=ALL, closes=Closing.PETITION_REJECTED, only=CA),
    Row("US-06",   S.PETITION_REVIEW,         COMMITTEE,   did.PetitionAccepted,      S.REQUEST_DUE,             US_4646B3,  TEXT,
        requires=(Within(SCREENING),), starts=(PANEL_DECISION,), stops=(SCREENING,), only=US),
    Row("B-03b",   S.PETITION_REVIEW,         COMMITTEE,   did.PetitionAccepted,      S.REQUEST_DUE,             NAO,        TEXT,
        requires=(Within(CLAIM_SCREENING),), stops=(CLAIM_SCREENING,), only=CA),
    Row("B-03c",   S.PETITION_REVIEW,         COMMITTEE,   did.LimitExtended,         STAYS,                     NAO,        TEXT,
        requires=(LIMIT_RUNS, LATER_DAY), extends=True, only=CA),
    Row("US-03",   S.ASSESSMENT,              COMMITTEE,   did.SelfInitiated,         S.REQUEST_DUE,             US_4645,    TEXT,
        requires=(NOT_BY_PETITION, FACILITY_NAMED, IN_TERRITORY, NEW_ID), starts=(SELF_INITIATION,), sets={"origin": Origin.SELF_INITIATED.value}, only=US),
    Row("A1-01c",  (S.PETITION_REVIEW, S.REQUEST_DUE), BOTH, did.MatterSettled,       S.CLOSED,                  A1,         TEXT,
        stops=ALL, closes=Closing.SETTLED_BEFORE_REQUEST),
    Row("A4-01a",  S.ASSESSMENT,              COMPLAINANT, did.ReviewRequested,       S.REVIEW_REQUESTED,        A4_2,       SECONDARY,
        requires=(NOT_BY_PETITION, *CLAIM), starts=(REPLY, REVIEW)),
    Row("A4-01b",  S.REQUEST_DUE,             COMPLAINANT, did.ReviewRequested,       S.REVIEW_REQUESTED,        A4_2,       SECONDARY,
        requires=(Within(SELF_INITIATION), *CLAIM), starts=(REPLY, REVIEW), stops=(SELF_INITIATION,)),
    # ---- review ---------------------------------------------------------------------------------------------------------------------------
    Row("A4-03a",  S.REVIEW_REQUESTED,        RESPONDENT,  did.ReviewAccepted,        S.UNDER_REVIEW,            A4,         SECONDARY,
        requires=(Within(REPLY),), stops=(REPLY,)),
    Row("A4-03b",  S.REVIEW_REQUESTED,        RESPONDENT,  did.ReviewDeclined,        S.REVIEW_DECLINED,         A4,         SECONDARY,
        requires=(Within(REPLY),), stops=(REPLY,)),
    Row("A4-03c",  S.REVIEW_DECLINED,         RESPONDENT,  did.ReviewAccepted,        S.UNDER_REVIEW,            A4,         SECONDARY),
    Row("A4-04a",  S.REVIEW_REQUESTED,        COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         UNCONFIRMED,
        requires=(Lapsed(REPLY), DECIDED), starts=(LOT,), stops=(REPLY, REVIEW, PANEL_DECISION), sets=ASKS_WHETHER),
    Row("A4-04b",  S.REVIEW_DECLINED,         COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         UNCONFIRMED,
        requires=(DECIDED,), starts=(LOT,), stops=(REVIEW, PANEL_DECISION), sets=ASKS_WHETHER),
    Row("A4-04c",  S.UNDER_REVIEW,            RESPONDENT,  did.NoDenialReported,      S.REVIEW_DECLINED,         A4,         UNCONFIRMED,
        requires=(Within(REVIEW),), having=("ground", NoDenialGround.SCOPE), under=("scope_objection_declines", True)),
    Row("A4-05a",  S.UNDER_REVIEW,            RESPONDENT,  did.NoDenialReported,      S.NO_DENIAL_REPORTED,      A4,         SECONDARY,
        requires=(Within(REVIEW),), stops=(REVIEW,)),
    Row("A4-05b",  S.UNDER_REVIEW,            RESPONDENT,  did.DenialReported,        S.DENIAL_REPORTED,         A4,         SECONDARY,
        requires=(Within(REVIEW),), starts=(CONSULTATIONS,), stops=(REVIEW,)),
    Row("A4-05c",  S.UNDER_REVIEW,            RESPONDENT,  did.CuredDenialReported,   S.CURED_DENIAL_REPORTED,   A4,         SECONDARY,
        requires=(Within(REVIEW),), stops=(REVIEW,)),
    Row("A4-05d",  S.UNDER_REVIEW,            RESPONDENT,  did.PartialDenialReported, S.PARTIAL_DENIAL_REPORTED, A4,         SECONDARY,
        requires=(Within(REVIEW),), starts=(CONSULTATIONS,), stops=(REVIEW,)),
    Row("A4-05e",  (S.REVIEW_REQUESTED, S.UNDER_REVIEW), BOTH, did.MatterSettled,     S.CLOSED,                  A4,         SECONDARY,
        requires=(*ANSWERED, HOLD_ENDED), stops=ALL, closes=Closing.RESOLVED_IN_REVIEW),
    Row("A4-15",   S.UNDER_REVIEW,            COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         UNCONFIRMED,
        requires=(Lapsed(REVIEW), DECIDED), starts=(LOT,), stops=(REVIEW, PANEL_DECISION), sets=ASKS_WHETHER),
    Row("A4-06a",  S.NO_DENIAL_REPORTED,      BOTH,        did.MatterSettled,         S.CLOSED,                  A4,         SECONDARY,
        requires=(HOLD_ENDED,), stops=ALL, closes=Closing.NO_DENIAL_AGREED),
    Row("A4-06b",  S.NO_DENIAL_REPORTED,      COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         SECONDARY,
        requires=(DECIDED,), starts=(LOT,), stops=(PANEL_DECISION,), sets=ASKS_WHETHER),
    # ---- remediation ----------------------------------------------------------------------------------------------------------------------
    Row("A4-08a",  (S.DENIAL_REPORTED, S.PARTIAL_DENIAL_REPORTED), BOTH, did.CourseAgreed, S.COURSE_RUNNING,     A4,         SECONDARY,
        requires=(Within(CONSULTATIONS), END_STATED, REMEDIATED_IN_REVIEW), starts=(COURSE,), stops=(CONSULTATIONS,)),
    Row("A4-09",   S.DENIAL_REPORTED,         COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         SECONDARY,
        requires=(Lapsed(CONSULTATIONS), DECIDED), starts=(LOT,), stops=(CONSULTATIONS, PANEL_DECISION), sets=ASKS_WHETHER),
    Row("A4-10a",  S.CURED_DENIAL_REPORTED,   BOTH,        did.MatterSettled,         S.CLOSED,                  A4,         SECONDARY,
        requires=(HOLD_ENDED,), stops=ALL, closes=Closing.RESOLVED_IN_REVIEW),
    Row("A4-10b",  S.CURED_DENIAL_REPORTED,   COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         SECONDARY,
        requires=(CURE_CONTESTABLE, DECIDED), starts=(LOT,), stops=(PANEL_DECISION,), sets=ASKS_WHETHER),
    Row("A4-10c",  S.CURED_DENIAL_REPORTED,   BOTH,        did.CourseAgreed,          S.COURSE_RUNNING,          A4,         SECONDARY,
        requires=(END_STATED, REMEDIATED_IN_REVIEW), starts=(COURSE,)),
    Row("A4-11",   S.PARTIAL_DENIAL_REPORTED, COMPLAINANT, did.PanelRequested,        S.PANEL_REQUESTED,         A4,         SECONDARY,
        requires=(DECIDED,), starts=(LOT,), stops=(CONSULTATIONS, PANEL_DECISION), sets=ASKS_WHETHER),
    Row("A4-08b",  S.COURSE_RUNNING,          BOTH,        did.CourseExtended,        STAYS,                     A4,         SECONDARY,
        requires=(LATER_END,), starts=(COURSE,), stops=(COURSE,)),
    Row("A4-08c",  S.COURSE_RUNNING,          BOTH,        did.MatterSettled,         S.CLOSED,                  A4,         SECONDARY,
        requires=(Within(COURSE), HOLD_ENDED), stops=ALL, closes=Closing.COURSE_COMPLETED),
    Row("A4-12a",  S.COURSE_RUNNING,          COMPLAINANT, did.CourseFailed,          S.COURSE_DISPUTED,         A4,         SECONDARY,
        requires=(Ended(Force.NOTES),)),
    Row("A4-12b",  S.COURSE_DISPUTED,         COMPLAINANT, did.RemediesNotified,      S.COURSE_NOTICE_GIVEN,     A4,         SECONDARY,
        requires=(Ended(),), starts=(COURSE_NOTICE, RESPONDENT_PANEL), stops=(COURSE,)),
    Row("A4-13",   S.COURSE_NOTICE_GIVEN,     RESPONDENT,  did.PanelRequested,        S.PANEL_REQUESTED,         A4,         UNCONFIRMED,
        requires=(Within(RESPONDENT_PANEL, Force.BARS),), starts=(LOT,), stops=(RESPONDENT_PANEL, PANEL_DECISION),
        sets={"question": Question.DOES_IT_CONTINUE.value}),
    Row("A4-14a",  S.COURSE_NOTICE_GIVEN,     COMPLAINANT, did.RemediesImposed,       S.REMEDIES_IN_FORCE,       A4,         UNCONFIRMED,
        requires=(Waited(COURSE_NOTICE), *IMPOSED), stops=(COURSE_NOTICE, RESPONDENT_PANEL)),
    # ---- panel ----------------------------------------------------------------------------------------------------------------------------
    Row("A5-02a",  S.PANEL_REQUESTED,         SECRETARIAT, did.PanelistsDrawn,        S.PANEL_DRAWN,             A5,         SECONDARY,
        requires=(Within(LOT), THREE_PANELISTS), stops=(LOT,), under=ACCEPTANCE_MARKS),
    Row("A5-02b",  S.PANEL_REQUESTED,         SECRETARIAT, did.PanelistsDrawn,        S.PANEL_CONSTITUTED,       A5,         SECONDARY,
        requires=(Within(LOT), THREE_PANELISTS), starts=(CONFIRMATION, DETERMINATION), stops=(LOT,), under=LOT_MARKS),
    Row("A5-03",   S.PANEL_DRAWN,             SECRETARIAT, did.PanelistReplaced,      STAYS,                     A5,         UNCONFIRMED,
        requires=(THREE_PANELISTS,)),
    Row("A5-02c",  S.PANEL_DRAWN,             PANEL,       did.PanelConstituted,      S.PANEL_CONSTITUTED,       A5,         SECONDARY,
        starts=(CONFIRMATION, DETERMINATION)),
    Row("A5-02d",  S.PANEL_CONSTITUTED,       PANEL,       did.PanelConstituted,      STAYS,                     A5,         SECONDARY,
        under=LOT_MARKS),
    Row("A6-01",   S.PANEL_CONSTITUTED,       PANEL,       did.PetitionConfirmed,     S.PETITION_CONFIRMED,      A6,         TEXT,
        requires=(Within(CONFIRMATION), ELEMENTS_FOUND), starts=(VERIFICATION_CALL,), stops=(CONFIRMATION,)),
    Row("A6-02a",  S.PANEL_CONSTITUTED,       PANEL,       did.PetitionNotConfirmed,  S.PETITION_NOT_CONFIRMED,  A6,         UNCONFIRMED,
        requires=(Within(CONFIRMATION), ELEMENT_MISSING), stops=(CONFIRMATION,)),
    Row("A6-02b",  S.PETITION_NOT_CONFIRMED,  COMPLAINANT, did.PetitionAmended,       S.PANEL_CONSTITUTED,       A6,         UNCONFIRMED,
        requires=(ASKED_BY_COMPLAINANT,), starts=(CONFIRMATION,)),
    Row("A6-02c",  S.PETITION_NOT_CONFIRMED,  RESPONDENT,  did.PetitionAmended,       S.PANEL_CONSTITUTED,       A6,         UNCONFIRMED,
        requires=(ASKED_BY_RESPONDENT,), starts=(CONFIRMATION,)),
    Row("A6-02d",  S.PETITION_NOT_CONFIRMED,  PANEL,       did.PetitionDismissed,     S.CLOSED,                  A6,         UNCONFIRMED,
        stops=ALL, closes=Closing.PETITION_NOT_CONFIRMED),
    Row("A7-01",   S.PETITION_CONFIRMED,      PANEL,       did.VerificationRequested, S.VERIFICATION_REQUESTED,  A7,         UNCONFIRMED,
        requires=(VERIFICATION_ASKED, Within(VERIFICATION_CALL)), starts=(VERIFICATION_REPLY, VERIFICATION), stops=(VERIFICATION_CALL,)),
    Row("A7-02a",  S.VERIFICATION_REQUESTED,  RESPONDENT,  did.VerificationAccepted,  S.VERIFYING,               A7,         SECONDARY,
        requires=(Within(VERIFICATION_REPLY),), starts=(VERIFICATION_VISIT,), stops=(VERIFICATION_REPLY,)),
    Row("A7-02b",  S.VERIFICATION_REQUESTED,  RESPONDENT,  did.VerificationRefused,   STAYS,                     A7,         SECONDARY,
        requires=(Within(VERIFICATION_REPLY),), stops=(VERIFICATION_REPLY,)),
    Row("A7-04a",  S.VERIFICATION_REQUESTED,  COMPLAINANT, did.NoVerificationAsked,   S.DELIBERATING,            A7,         UNCONFIRMED,
        requires=(VERIFICATION_REFUSED,), stops=(VERIFICATION_REPLY, VERIFICATION)),
    Row("A7-04b",  S.VERIFICATION_REQUESTED,  COMPLAINANT, did.NoVerificationAsked,   S.DELIBERATING,            A7,         UNCONFIRMED,
        requires=(Lapsed(VERIFICATION_REPLY),), stops=(VERIFICATION_REPLY, VERIFICATION)),
    Row("A7-03",   S.VERIFYING,               PANEL,       did.VerificationHeld,      S.DELIBERATING,            A7,         SECONDARY,
        requires=(Within(VERIFICATION), Within(VERIFICATION_VISIT)), starts=(VERIFIED_DETERMINATION,),
        stops=(VERIFICATION, VERIFICATION_VISIT, DETERMINATION)),
    Row("A8-02",   S.DELIBERATING,            PANEL,       did.DeterminationIssued,   S.DENIAL_DETERMINED,       A8,         SECONDARY,
        requires=DETERMINED, stops=PANEL_TERMS, having=("finding", Determination.DENIAL)),
    Row("A8-03",   S.PETITION_CONFIRMED,      PANEL,       did.DeterminationIssued,   S.DENIAL_DETERMINED,       A8,         SECONDARY,
        requires=DETERMINED, stops=PANEL_TERMS, having=("finding", Determination.DENIAL)),
    Row("A8-06a",  (S.PETITION_CONFIRMED, S.DELIBERATING), PANEL, did.DeterminationIssued, S.CLOSED,             A8,         SECONDARY,
        requires=(*DETERMINED, HOLD_ENDED), stops=ALL, closes=Closing.NO_DENIAL_PANEL, having=("finding", Determination.NO_DENIAL)),
    Row("A8-06b",  (S.PETITION_CONFIRMED, S.DELIBERATING), PANEL, did.DeterminationIssued, S.CLOSED,             A8,         SECONDARY,
        requires=(*DETERMINED, SCOPE_OPEN), stops=ALL, closes=Closing.OUT_OF_SCOPE, having=("finding", Determination.OUT_OF_SCOPE),
        under=("out_of_scope_is_no_denial", False)),
    Row("A8-06c",  (S.PETITION_CONFIRMED, S.DELIBERATING), PANEL, did.DeterminationIssued, S.CLOSED,             A8,         SECONDARY,
        requires=(*DETERMINED, SCOPE_OPEN, HOLD_ENDED), stops=ALL, closes=Closing.NO_DENIAL_PANEL,
        having=("finding", Determination.OUT_OF_SCOPE), under=("out_of_scope_is_no_denial", True)),
    Row("A9-01a",  S.DENIAL_DETERMINED,       BOTH,        did.CourseAgreed,          S.COURSE_RUNNING,          A9,         UNCONFIRMED,
        requires=(END_STATED,), starts=(COURSE,), stops=ALL_BUT_DECISION),
    Row("A9-01b",  S.DENIAL_DETERMINED,       BOTH,        did.MatterSettled,         S.CLOSED,                  A9,         UNCONFIRMED,
        requires=(HOLD_ENDED,), stops=ALL, closes=Closing.REMEDIATED_AFTER_DETERMINATION),
    # ---- remedies -------------------------------------------------------------------------------------------------------------------------
    Row("A10-01a", S.DENIAL_DETERMINED,       COMPLAINANT, did.RemediesNotified,      S.REMEDIES_NOTIFIED,       A10,        SECONDARY,
        starts=(REMEDY_NOTICE,)),
    Row("A4-14b",  S.DENIAL_DETERMINED,       COMPLAINANT, did.RemediesImposed,       S.REMEDIES_IN_FORCE,       A4,         UNCONFIRMED,
        requires=(FOUND_TO_CONTINUE, Waited(COURSE_NOTICE), *IMPOSED), stops=(COURSE_NOTICE,)),
    Row("A10-01b", S.REMEDIES_NOTIFIED,       COMPLAINANT, did.RemediesImposed,       S.REMEDIES_IN_FORCE,       A10,        SECONDARY,
        requires=(Waited(REMEDY_NOTICE), Waited(COURSE_NOTICE), *IMPOSED), stops=(REMEDY_NOTICE, COURSE_NOTICE)),
    Row("A10-07a", (S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED), FACILITY, did.RemediationCompleted, STAYS,          A1_2,       TEXT,
        requires=(REMEDY_ENDS_TODAY,), starts=(LIFTING,)),
    Row("A10-07b", (S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED), COMPLAINANT, did.RemediesLifted, S.CLOSED,          A1_2,       TEXT,
        requires=(Within(LIFTING), HOLD_ENDED), stops=ALL, closes=Closing.REMEDIATED_AFTER_REMEDY),
    Row("A10-07c", (S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED), BOTH, did.MatterSettled, S.CLOSED,                 A1_2,       TEXT,
        requires=(Within(LIFTING), HOLD_ENDED), stops=ALL, closes=Closing.REMEDIATED_AFTER_REMEDY),
    Row("A10-08a", S.REMEDIES_IN_FORCE,       RESPONDENT,  did.PanelRequested,        S.LIFTING_DISPUTED,        A10,        UNCONFIRMED,
        requires=(Waited(LIFTING_BAR),), stops=(LIFTING_BAR, PANEL_DECISION), sets={"question": Question.HAS_IT_BEEN_REMEDIED.value}),
    Row("A10-08b", S.LIFTING_DISPUTED,        PANEL,       did.DeterminationIssued,   S.REMEDIES_IN_FORCE,       A10,        UNCONFIRMED,
        requires=(BOTH_HEARD, STILL_COVERED), starts=(LIFTING_BAR,), stops=(LIFTING,), having=("finding", Determination.DENIAL)),
    Row("A10-08c", S.LIFTING_DISPUTED,        PANEL,       did.DeterminationIssued,   S.CLOSED,                  A10,        UNCONFIRMED,
        requires=(BOTH_HEARD, STILL_COVERED, Within(LIFTING), HOLD_ENDED), stops=ALL, closes=Closing.REMEDIATED_AFTER_REMEDY,
        having=("finding", Determination.NO_DENIAL)),
    Row("A10-08d", S.LIFTING_DISPUTED,        PANEL,       did.DeterminationIssued,   S.CLOSED,                  A10,        UNCONFIRMED,
        requires=(BOTH_HEARD, STILL_COVERED, SCOPE_OPEN, Within(LIFTING)), stops=ALL, closes=Closing.OUT_OF_SCOPE,
        having=("finding", Determination.OUT_OF_SCOPE), under=("out_of_scope_is_no_denial", False)),
    Row("A10-08e", S.LIFTING_DISPUTED,        PANEL,       did.DeterminationIssued,   S.CLOSED,                  A10,        UNCONFIRMED,
        requires=(BOTH_HEARD, STILL_COVERED, SCOPE_OPEN, Within(LIFTING), HOLD_ENDED), stops=ALL, closes=Closing.NO_DENIAL_PANEL,
        having=("finding", Determination.OUT_OF_SCOPE), under=("out_of_scope_is_no_denial", True)),
    # ---- at every stage -------------------------------------------------------------------------------------------------------------------
    Row("A1-01a",  ELSEWHERE_A_COURSE,        BOTH,        did.CourseAgreed,          S.COURSE_RUNNING,          A1,         TEXT,
        requires=(*LIFTED, END_STATED, REMEDIATED_IN_REVIEW), starts=(COURSE,), stops=ALL_BUT_DECISION),
    Row("A1-01b",  ELSEWHERE_SETTLED,         BOTH,        did.MatterSettled,         S.CLOSED,                  A1,         TEXT,
        requires=ANSWERED, stops=ALL, closes=Closing.SETTLED),
    Row("A1-01d",  tuple(stage for stage in TREATY if stage not in (S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED)),
                                              FACILITY,    did.RemediationCompleted,  STAYS,                     A1,         TEXT),
    Row("X-03",    TREATY,                    BOTH,        did.LimitExtended,         STAYS,                     PRACTICE,   UNCONFIRMED,
        requires=(LIMIT_RUNS, LATER_DAY), extends=True),
    Row("X-04a",   OPEN,                      FACILITY,    did.FacilityClosed,        STAYS,                     PRACTICE,   SECONDARY),
    Row("X-04b",   OPEN,                      COMPLAINANT, did.CaseClosed,            S.CLOSED,                  PRACTICE,   SECONDARY,
        requires=(PLANT_CLOSED, CLOSURE_ENDS_CASE, *LIFTED), stops=ALL, closes=Closing.FACILITY_CLOSED),
    Row("X-04c",   OPEN,                      COMPLAINANT, did.CaseDropped,           S.CLOSED,                  PRACTICE,   SECONDARY,
        requires=LIFTED, stops=ALL, closes=Closing.NOT_PURSUED),
    Row("X-06",    OPEN,                      COMPLAINANT, did.Withdrawn,             S.CLOSED,                  PRACTICE,   UNCONFIRMED,
        requires=LIFTED, stops=ALL, closes=Closing.WITHDRAWN),
    Row("X-05",    S.CLOSED,                  COMPLAINANT, did.RemediesNotified,      S.COURSE_NOTICE_GIVEN,     PRACTICE,   SECONDARY,
        requires=(CLOSED_ON_COURSE, Ended()), starts=(COURSE_NOTICE, RESPONDENT_PANEL), under=("second_case_reopens", True)),
))
