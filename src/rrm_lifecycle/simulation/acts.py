"""An act for a row: what a simulated act says, so that the table admits it by that very row.

Only what a row asks for is said, and nothing is made up beyond it. Acts are those of the table of the case: a customs
hold runs beside the case, bars nothing in its table, and is left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    NoDenialGround,
    Panelist,
    Party,
    Remedy,
    Sector,
)
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.deadlines import last_day
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.annexes import ANNEX_31A
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.terms import EXTENDABLE

CASE_ID: Final = "SIMULATED"
"""Id of the case that a path is, unless another is given."""
COURSE_DAYS: Final = 180
"""How long a course runs where nobody asks: no source sets a length."""

_PLANTS: Final = {
    Party.MX: CoveredFacility("Simulated facility", country=Party.MX, sector=Sector.MANUFACTURING, goods_traded=True),
    Party.US: CoveredFacility("Simulated facility", country=Party.US, sector=Sector.MANUFACTURING, goods_traded=True),
    Party.CA: CoveredFacility("Simulated facility", country=Party.CA, sector=Sector.MANUFACTURING, goods_traded=True),
}
_THREE: Final = (Panelist("complainant_list"), Panelist("respondent_list"), Panelist("joint_list"))
_EXTENDABLE: Final = frozenset(term.name for term in EXTENDABLE)
_MOST_TIER: Final = 3


def opening(case_id: str = CASE_ID) -> Case:
    """Return the case that a path starts as: under Annex 31-A, the United States as the complainant Party.

    Example:
        >>> opening()
        <Case SIMULATED: assessment, 0 acts, Annex 31-A>
    """
    return Case.start(case_id, annex=ANNEX_31A, complainant=Party.US)


def facility_of(case: Case) -> CoveredFacility:
    """Return the facility of a case, or the one that a simulated request names: of the respondent Party, as goods."""
    return case.facility or _PLANTS[case.respondent or Party.MX]


def act_of(row: Row, on: date, case: Case, context: Context | None = None, course_days: int | None = None) -> Event:
    """Return an act on a day that says what a row asks for.

    Whether the day is one on which the row admits it is for ``decide`` to say.

    Args:
        row: The row.
        on: Day of the act.
        case: The case as it stands.
        context: Reading, calendar and register; our defaults if None.
        course_days: Days that a course runs, where the act agrees or extends one: from the day of the act.

    Example:
        >>> from rrm_lifecycle.case.engine import ROW_BY_ID, decide
        >>> act = act_of(ROW_BY_ID["US-01"], date(2024, 3, 1), opening())
        >>> decide(opening(), act).rule
        'US-01'
    """
    context = context or DEFAULT
    kind = row.event
    course = on + timedelta(COURSE_DAYS if course_days is None else course_days)
    said: dict[str, Any]
    if kind in {did.PetitionFiled, did.SelfInitiated, did.ReviewRequested}:
        said = _claim(case)
        if kind is did.PetitionFiled:
            said["filer_of"] = Party.US if row.only is None else row.only
    elif kind is did.LimitExtended:
        said = _extension(on, case, context)
    elif kind is did.RemediesImposed:
        said = {"tier": _tier(on, case, context), "measure": Remedy.PENALTY}
    else:
        said = dict(_SAID.get(kind, {}))
        if kind in {did.CourseAgreed, did.CourseExtended}:
            said["agreed_end"] = course
    if row.having is not None:
        said[row.having[0]] = row.having[1]
    return kind(on, **said)


_SAID: Final[dict[type[Event], dict[str, Any]]] = {
    did.NoDenialReported: {"ground": NoDenialGround.FACTS},
    did.PanelistsDrawn: {"panelists": _THREE},
    did.PanelistReplaced: {"panelists": _THREE},
    did.PetitionConfirmed: {"elements": tuple(Element)},
    did.PetitionNotConfirmed: {"missing": (Element.LAWS,)},
    did.DeterminationIssued: {"finding": Determination.DENIAL, "heard": True},
}


def _claim(case: Case) -> dict[str, Any]:
    claim, respondent = case.claim, facility_of(case).country
    asks_order = respondent is not Party.MX and claim.enforced_order in {None, NOT_STATED}
    return {
        "facility": facility_of(case),
        "laws": ("a law of the respondent Party",) if claim.laws in {None, NOT_STATED} else None,
        "basis": "a basis of the good faith belief" if claim.basis in {None, NOT_STATED} else None,
        "enforced_order": "an enforced order" if asks_order else None,
    }


def _extension(on: date, case: Case, context: Context) -> dict[str, Any]:
    """Extend the first running limit that consent can extend, by its own length from the day of the act."""
    for limit in case.limits:
        line = context.reading.term(limit.term, limit.started) if limit.term in _EXTENDABLE else None
        if line is not None and limit.due is not None:
            calendar = context.calendar_for(case.complainant, case.respondent)
            return {"term": limit.term, "until": last_day(line, on, calendar)}
    return {"term": _no_limit(), "until": on}


def _no_limit() -> str:
    return EXTENDABLE[0].name


def _tier(on: date, case: Case, context: Context) -> int:
    """Return the highest tier that the register allows: one more than there are prior Denials, and at most three."""
    prior = 0
    if case.facility is not None:
        prior = len(context.register.prior(case.id, case.facility, on, context.reading))
    return min(_MOST_TIER, 1 + prior)
