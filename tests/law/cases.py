"""Cases played to a stage, for the tests of the law: a plant in Mexico, a request on Monday 1 April 2024."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Determination, Element, Panelist, Party, Remedy, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.record.entry import Entry, Refusal

REQUEST_DAY: Final = date(2024, 4, 1)
PLANT: Final = CoveredFacility(
    "Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Owner", goods=("gearboxes",)
)
CALL_CENTRE: Final = attrs.evolve(PLANT, sector=Sector.SERVICES, goods_traded=False, competes=True)
IN_US: Final = attrs.evolve(PLANT, name="Plant One", country=Party.US)
IN_CANADA: Final = attrs.evolve(PLANT, name="Plant Two", country=Party.CA)
SISTER: Final = attrs.evolve(PLANT, name="Planta Dos")
CLAIM: Final[dict[str, Any]] = {
    "facility": PLANT,
    "laws": ("LFT art. 390 bis",),
    "basis": "dismissals after a union vote",
}
THREE: Final = (Panelist("complainant_list", "US"), Panelist("respondent_list", "MX"), Panelist("joint_list"))
ELEMENTS: Final = tuple(Element)


def day(n: int) -> date:
    """Return the n-th day after the request."""
    return REQUEST_DAY + timedelta(n)


def request(n: int = 0, **changes: Any) -> did.ReviewRequested:
    """Return a request for review on the n-th day, with fields changed."""
    return did.ReviewRequested(day(n), **{**CLAIM, **changes})


def petition(n: int = -40, **changes: Any) -> did.PetitionFiled:
    """Return a petition to the committee, with fields changed."""
    return did.PetitionFiled(day(n), **{**CLAIM, "filer_of": Party.US, **changes})


def found(n: int, finding: Determination | str = Determination.DENIAL, **changes: Any) -> did.DeterminationIssued:
    """Return a determination on the n-th day."""
    return did.DeterminationIssued(day(n), finding=finding, **{"heard": True, **changes})


def imposed(n: int, **changes: Any) -> did.RemediesImposed:
    """Return remedies of tier 1 on the n-th day, with fields changed."""
    return did.RemediesImposed(day(n), **{"tier": 1, "measure": Remedy.PENALTY, **changes})


def panel(start: int) -> tuple[Event, ...]:
    """Return the acts from a petition for a panel to its confirmation."""
    return (
        did.PanelRequested(day(start)),
        did.PanelistsDrawn(day(start + 1), panelists=THREE),
        did.PanelConstituted(day(start + 5)),
        did.PetitionConfirmed(day(start + 6), elements=ELEMENTS),
    )


_REVIEW: Final[tuple[Event, ...]] = (request(), did.ReviewAccepted(day(10)))
_COURSE: Final[tuple[Event, ...]] = (
    *_REVIEW, did.DenialReported(day(45)), did.CourseAgreed(day(50), agreed_end=day(200)),
    did.CourseFailed(day(201)), did.RemediesNotified(day(210)),
)  # fmt: skip
_PANEL: Final[tuple[Event, ...]] = (
    *_REVIEW, did.NoDenialReported(day(45)), *panel(60),
    did.VerificationRequested(day(67)), did.VerificationAccepted(day(68)), did.VerificationHeld(day(90)),
    found(100), did.RemediesNotified(day(112)), imposed(130), did.PanelRequested(day(140)),
)  # fmt: skip
_START: Final = len(_REVIEW)
CONTINUES: Final[tuple[Event, ...]] = (*_COURSE, *panel(215), found(240))
"""A course that failed, a notice, and the respondent's panel, which found that the Denial continues."""
ROUTES: Final[dict[S, tuple[Event, ...]]] = {
    S.ASSESSMENT: (),
    S.PETITION_REVIEW: (petition(),),
    S.REQUEST_DUE: (petition(), did.PetitionAccepted(day(-10))),
    S.REVIEW_REQUESTED: _REVIEW[:1],
    S.REVIEW_DECLINED: (request(), did.ReviewDeclined(day(8))),
    S.UNDER_REVIEW: _REVIEW,
    S.NO_DENIAL_REPORTED: (*_REVIEW, did.NoDenialReported(day(45))),
    S.DENIAL_REPORTED: (*_REVIEW, did.DenialReported(day(45))),
    S.CURED_DENIAL_REPORTED: (*_REVIEW, did.CuredDenialReported(day(45))),
    S.PARTIAL_DENIAL_REPORTED: (*_REVIEW, did.PartialDenialReported(day(45))),
    S.COURSE_RUNNING: _COURSE[:4],
    S.COURSE_DISPUTED: _COURSE[:5],
    S.COURSE_NOTICE_GIVEN: _COURSE,
    S.PANEL_REQUESTED: _PANEL[:4],
    S.PANEL_DRAWN: _PANEL[:5],
    S.PANEL_CONSTITUTED: _PANEL[:6],
    S.PETITION_NOT_CONFIRMED: (*_PANEL[:6], did.PetitionNotConfirmed(day(66), missing=(Element.LAWS,))),
    S.PETITION_CONFIRMED: _PANEL[:7],
    S.VERIFICATION_REQUESTED: _PANEL[:8],
    S.VERIFYING: _PANEL[:9],
    S.DELIBERATING: _PANEL[:10],
    S.DENIAL_DETERMINED: _PANEL[:11],
    S.REMEDIES_NOTIFIED: _PANEL[:12],
    S.REMEDIES_IN_FORCE: _PANEL[:13],
    S.LIFTING_DISPUTED: _PANEL,
    S.CLOSED: (request(), did.Withdrawn(day(5))),
}
"""A run of acts to each stage, without a finding."""


def under(**fields: Any) -> Context:
    """Return the context of a reading."""
    return Context(Reading(**fields))


def at(stage: S, *more: Event, context: Context | None = None, case_id: str = "TEST-1", **start: Any) -> Case:
    """Return a case that stands in a stage, and the acts after it played."""
    return play(Case.start(case_id, **start), *ROUTES[stage], *more, context=context)


def case_of(*acts: Event, context: Context | None = None, case_id: str = "TEST-1", **start: Any) -> Case:
    """Return a case after a run of acts."""
    return play(Case.start(case_id, **start), *acts, context=context)


def with_facts(case: Case, **changes: Any) -> Case:
    """Return the case with a fact changed."""
    return attrs.evolve(case, facts=attrs.evolve(case.facts, **changes))


def with_facility(case: Case, **changes: Any) -> Case:
    """Return the case with a field of its facility changed."""
    assert case.facility is not None
    return attrs.evolve(case, facility=attrs.evolve(case.facility, **changes))


def held(case: Case, hold: Hold = Hold.SUSPENDED) -> Case:
    """Return the case with its hold standing elsewhere."""
    return attrs.evolve(case, hold=hold)


def entry(case: Case, event: Event, context: Context | None = None) -> Entry:
    """Return the entry of an act that is admitted; fail with the refusal where it is not."""
    ruling = decide(case, event, context=context)
    assert isinstance(ruling, Entry), codes(ruling)
    return ruling


def refusal(case: Case, event: Event, context: Context | None = None) -> Refusal:
    """Return the refusal of an act; fail where it is admitted."""
    ruling = decide(case, event, context=context)
    assert isinstance(ruling, Refusal), ruling.rule
    return ruling


def codes(ruling: Entry | Refusal, rule: str | None = None) -> list[str]:
    """Return the codes of what was noted, or of every reason (of one row)."""
    if isinstance(ruling, Entry):
        return [one.code for one in ruling.findings]
    return [one.code for one in ruling.reasons if rule is None or one.rule == rule]


def noted(case: Case, event: Event, context: Context | None = None) -> list[str]:
    """Return the codes of what was noted with an act that is admitted."""
    return codes(entry(case, event, context))


def due(case: Case, term: str) -> date | None:
    """Return the last day of a limit that runs."""
    (limit,) = [one for one in case.limits if one.term == term]
    return limit.due


def running(case: Case) -> set[str]:
    """Return the names of the limits that run."""
    return {limit.term for limit in case.limits}
