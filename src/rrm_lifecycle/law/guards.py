"""Conditions as data: what an act needs, under which provision, and whether lacking it bars the act or is noted.

A guard is one of a closed set: :class:`Within`, :class:`Waited`, :class:`Lapsed`, :class:`BarOver`, :class:`Ended`, each
over a term; or a :class:`Fact`, a named yes/no question that one small function in :mod:`rrm_lifecycle.law.facts`
answers. Its words complete "this needs …" and stand in the catalogues under its code.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from rrm_lifecycle.case.calendars import day_after
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NotStated
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.law import facts
from rrm_lifecycle.law import provisions as p
from rrm_lifecycle.law.provisions import Provision
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import BAD_FAITH, COURSE, Term


class Force(StrEnum):
    """What lacking a condition does: BARS refuses the act, NOTES records a finding with it."""

    BARS = "bars"
    NOTES = "notes"


class Asks(StrEnum):
    """What a fact is about: the case as it stands on a day, or what the act itself says."""

    CASE = "case"
    EVENT = "event"


@frozen
class Unmet:
    """A condition that is not met.

    Attributes:
        params: What was asked and what was found, ready for JSON.
        opens: First day on which it will hold, where time alone will make it hold.
    """

    params: dict[str, Any]
    opens: date | None = None


Ruling = Unmet | NotStated | None
Choice = tuple[str, Any]


def _running(case: Case, term: Term) -> Limit | None:
    name = term.name
    for limit in case.limits:
        if limit.term == name:
            return limit
    return None


def _params(term: Term, limit: Limit | None, context: Context, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    line = term if limit is None else (context.reading.term(term.name, limit.started) or term)
    return {"term": term.name, "value": line.value, "unit": line.unit and line.unit.value, **more}


class _OverATerm:
    """What the guards over a term share: the provision is that of the term."""

    __slots__ = ()
    term: Term

    @property
    def provision(self) -> Provision:
        """What sets the term."""
        return self.term.provision


@frozen
class Within(_OverATerm):
    """To be done in time. Holds up to and on the last day, and over a limit that does not run; a late act is noted.

    Attributes:
        term: The term.
        force: NOTES, but for the one limit by whose lapse a right is lost.
        bars_under: The choice of a reading under which it bars.
    """

    term: Term
    force: Force = Force.NOTES
    bars_under: Choice | None = None

    code: str = field(default="within", init=False)

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, else by how many days the act is late."""
        limit = _running(case, self.term)
        if limit is None:
            return None
        due = limit.latest or limit.due
        day = event.known[0] if event.known else event.on
        if due is None or day <= due:
            return None
        return Unmet(_params(self.term, limit, context, on=day.isoformat(), due=due.isoformat(), days=(day - due).days))


@frozen
class Waited(_OverATerm):
    """To have waited. Opens on the last day of the term; holds over a limit that does not run.

    Attributes:
        term: The term.
    """

    term: Term

    code: str = field(default="waited", init=False)
    force: Force = field(default=Force.BARS, init=False)
    bars_under: Choice | None = field(default=None, init=False)

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, else the day on which it opens."""
        limit = _running(case, self.term)
        if limit is None or limit.due is None or event.on >= limit.due:
            return None
        found = _params(self.term, limit, context, on=event.on.isoformat(), due=limit.due.isoformat())
        return Unmet(found, limit.due)


@frozen
class Lapsed(_OverATerm):
    """The time of another Party to be over. Opens on the day after the last day; fails over a limit that does not run.

    Attributes:
        term: The term.
    """

    term: Term

    code: str = field(default="lapsed", init=False)
    force: Force = field(default=Force.BARS, init=False)
    bars_under: Choice | None = field(default=None, init=False)

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, else the day on which it opens."""
        limit = _running(case, self.term)
        if limit is None or limit.due is None:
            return Unmet(_params(self.term, limit, context, on=event.on.isoformat(), due=None))
        if event.on > limit.due:
            return None
        found = _params(self.term, limit, context, on=event.on.isoformat(), due=limit.due.isoformat())
        return Unmet(found, limit.due + timedelta(1))


@frozen
class BarOver(_OverATerm):
    """No bar to run against the complainant Party; opens on the day after the last day of the bar.

    Attributes:
        term: The term; it runs from a finding in the register.
    """

    term: Term

    code: str = field(default="bar_over", init=False)
    force: Force = field(default=Force.BARS, init=False)
    bars_under: Choice | None = field(default=None, init=False)

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, else the day on which it opens."""
        last = None
        for finding in context.register.bad_faith:
            line = context.reading.term(self.term.name, finding.on)
            if line is None or line.value is None or line.unit is None or finding.party is not case.complainant:
                continue
            due = day_after(finding.on, line.value, line.unit, context.calendar)
            if finding.on <= event.on <= due and (last is None or due > last):
                last = due
        if last is None:
            return None
        found = _params(self.term, None, context, on=event.on.isoformat(), due=last.isoformat())
        return Unmet(found, last + timedelta(1))


@frozen
class Ended(_OverATerm):
    """The agreed end of the course to have passed; opens on the day after. Holds, and is noted, where none is stated.

    In a closed case the end that was agreed last counts, although its limit was stopped by the close.

    Attributes:
        force: BARS the notice, NOTES the statement that the course failed.
        term: The course.
    """

    force: Force = Force.BARS
    term: Term = COURSE

    code: str = field(default="ended", init=False)
    bars_under: Choice | None = field(default=None, init=False)

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, else the day on which it opens."""
        limit = _running(case, self.term)
        if limit is not None:
            due = limit.due
        elif case.stage is Stage.CLOSED and context.reading.term(self.term.name, event.on) is not None:
            due = case.facts.course_end  # the close stopped the limit; the agreed end stands
        else:
            return None
        if due is None:
            return NotStated.NOT_STATED
        if event.on > due:
            return None
        found = _params(self.term, limit, context, on=event.on.isoformat(), due=due.isoformat())
        return Unmet(found, due + timedelta(1))


@frozen
class Fact:
    """A named yes/no question.

    Attributes:
        code: Its name; the catalogues hold its words.
        provision: What sets the condition; None for a rule of keeping.
        ask: The function that answers it.
        asks: Whether it is about the case as it stands, or about what the act says.
        force: What lacking it does.
        bars_under: The choice of a reading under which it bars.
    """

    code: str
    provision: Provision | None
    ask: Callable[[Case, Any, Context], facts.Answer] = field(repr=False)
    asks: Asks = Asks.EVENT
    force: Force = Force.BARS
    bars_under: Choice | None = None

    def examine(self, case: Case, event: facts.Act, context: Context) -> Ruling:
        """Return None where it holds, NOT_STATED where the record does not state it, else what was found."""
        answer = self.ask(case, event, context)
        return Unmet(answer) if isinstance(answer, dict) else answer


Guard = Within | Waited | Lapsed | BarOver | Ended | Fact
_CASE, _NOTES = Asks.CASE, Force.NOTES

#                             code                       set by       answered by                     about   lacking it
# ---- of every act --------------------------------------------------------------------------------------------------------------
IN_FORCE               = Fact("in_force",               p.ART_34_7,  facts.in_force,                 _CASE)
IN_ORDER               = Fact("in_order",               None,        facts.in_order,                 _CASE)
SAME_CLAIM             = Fact("same_claim",             p.A2,        facts.same_claim)
# ---- before the request, and the request ---------------------------------------------------------------------------------------
NOT_BY_PETITION        = Fact("not_by_petition",        p.US_4646B3, facts.not_by_petition,          _CASE)
BY_PETITION            = Fact("by_petition",            p.US_4646A,  facts.by_petition,              _CASE)
FILER_OF_A_PARTY       = Fact("filer_of_a_party",       p.US_4646A,  facts.filer_of_a_party)
FILER_OF_CANADA        = Fact("filer_of_canada",        p.NAO,       facts.filer_of_canada)
FACILITY_NAMED         = Fact("facility_named",         p.A15,       facts.facility_named)
IN_TERRITORY           = Fact("in_territory",           p.A15,       facts.in_territory)
COVERED                = Fact("covered",                p.A15,       facts.covered)
PRIORITY_SECTOR        = Fact("priority_sector",        p.A15,       facts.priority_sector)
LAW_NAMED              = Fact("law_named",              p.A2,        facts.law_named)
UNDER_ANNEX_23A        = Fact("under_annex_23a",        p.A2_FN,     facts.under_annex_23a)
ORDER_ENFORCED         = Fact("order_enforced",         p.A2_FN,     facts.order_enforced)
BOARD_ORDER_ENFORCED   = Fact("board_order_enforced",   p.A2_FN,     facts.board_order_enforced,     force=_NOTES)
BASIS_STATED           = Fact("basis_stated",           p.A2,        facts.basis_stated)
FACTS_SINCE_ENTRY      = Fact("facts_since_entry",      p.A2,        facts.facts_since_entry,        force=_NOTES,
                              bars_under=("only_facts_since_entry", True))
NEW_ID                 = Fact("new_id",                 p.PRACTICE,  facts.new_id)
NOT_A_REOPENING        = Fact("not_a_reopening",        p.PRACTICE,  facts.not_a_reopening)
NO_BAD_FAITH           = BarOver(BAD_FAITH)
# ---- review and remediation ----------------------------------------------------------------------------------------------------
REMEDIATED_IN_REVIEW   = Fact("remediated_in_review",   p.A4,        facts.remediated_in_review,     _CASE, _NOTES)
END_STATED             = Fact("end_stated",             p.A4,        facts.end_stated)
LATER_END              = Fact("later_end",              p.A4,        facts.later_end)
CURE_CONTESTABLE       = Fact("cure_contestable",       p.A4,        facts.cure_contestable,         _CASE)
REMEDY_ENDS_TODAY      = Fact("remedy_ends_today",      p.A1_2,      facts.remedy_ends_today,        _CASE, _NOTES)
# ---- panel ---------------------------------------------------------------------------------------------------------------------
THREE_PANELISTS        = Fact("three_panelists",        p.A5,        facts.three_panelists)
ELEMENTS_FOUND         = Fact("elements_found",         p.A6,        facts.elements_found)
ELEMENT_MISSING        = Fact("element_missing",        p.A6,        facts.element_missing)
ASKED_BY_COMPLAINANT   = Fact("asked_by_complainant",   p.A6,        facts.asked_by_complainant,     _CASE)
ASKED_BY_RESPONDENT    = Fact("asked_by_respondent",    p.A6,        facts.asked_by_respondent,      _CASE)
VERIFICATION_ASKED     = Fact("verification_asked",     p.A7,        facts.verification_asked,       _CASE)
VERIFICATION_REFUSED   = Fact("verification_refused",   p.A7,        facts.verification_refused,     _CASE)
BOTH_HEARD             = Fact("both_heard",             p.A8,        facts.both_heard)
SCOPE_OPEN             = Fact("scope_open",             p.A6,        facts.scope_open,               _CASE)
STILL_COVERED          = Fact("still_covered",          p.A15,       facts.still_covered,            force=_NOTES,
                              bars_under=("coverage_must_last", True))
# ---- remedies ------------------------------------------------------------------------------------------------------------------
FOUND_TO_CONTINUE      = Fact("found_to_continue",      p.A4,        facts.found_to_continue,        _CASE)
NOT_REMEDIATED         = Fact("not_remediated",         p.A1_2,      facts.not_remediated,           _CASE, _NOTES)
PANEL_FOUND_DENIAL     = Fact("panel_found_denial",     p.US_4693A,  facts.panel_found_denial,       _CASE, _NOTES,
                              bars_under=("remedy_without_panel", False))
WITHIN_TIER            = Fact("within_tier",            p.A10,       facts.within_tier)
ENTRY_DENIAL_OF_GOODS  = Fact("entry_denial_of_goods",  p.A10,       facts.entry_denial_of_goods)
SERVICES_MEASURE       = Fact("services_measure",       p.US_4693A,  facts.services_measure,         _CASE)
REACH_SAME_OWNER       = Fact("reach_same_owner",       p.A10,       facts.reach_same_owner)
REACH_RELATED_GOODS    = Fact("reach_related_goods",    p.A10,       facts.reach_related_goods,      force=_NOTES)
# ---- at any stage --------------------------------------------------------------------------------------------------------------
LIMIT_RUNS             = Fact("limit_runs",             p.PRACTICE,  facts.limit_runs)
LATER_DAY              = Fact("later_day",              p.PRACTICE,  facts.later_day)
PLANT_CLOSED           = Fact("plant_closed",           p.PRACTICE,  facts.plant_closed,             _CASE)
CLOSURE_ENDS_CASE      = Fact("closure_ends_case",      p.PRACTICE,  facts.closure_ends_case,        _CASE)
HOLD_ENDED             = Fact("hold_ended",             p.A4,        facts.hold_ended,               _CASE, _NOTES)
CLOSED_ON_COURSE       = Fact("closed_on_course",       p.PRACTICE,  facts.closed_on_course,         _CASE)
# ---- customs hold --------------------------------------------------------------------------------------------------------------
REQUEST_DELIVERED      = Fact("request_delivered",      p.A4_3,      facts.request_delivered,        _CASE)
GOODS_NEXUS            = Fact("goods_nexus",            p.US_4692A,  facts.goods_nexus,              _CASE)
OPEN_THAT_DAY          = Fact("open_that_day",          p.A4_3,      facts.open_that_day,            _CASE)
NOT_CLOSED_REMEDIATED  = Fact("not_closed_remediated",  p.A4,        facts.not_closed_by_remediation, _CASE, _NOTES)
STATUTORY_GROUND       = Fact("statutory_ground",       p.US_4692B,  facts.statutory_ground)
GROUND_BORNE_OUT       = Fact("ground_borne_out",       p.US_4692B,  facts.ground_borne_out,         force=_NOTES)
DETERMINED_BY_PANEL    = Fact("determined_by_panel",    p.US_4693A,  facts.determined_by_panel,      _CASE)

FACTS: Final[tuple[Fact, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Fact))
"""Every fact, in the order of this page."""

OF_EVERY_ACT: Final[tuple[Fact, ...]] = (IN_FORCE, IN_ORDER)
"""What every row requires."""
OF_EVERY_CLAIM: Final[tuple[Fact, ...]] = (SAME_CLAIM,)
"""What every row requires of an act that states facility and claim."""
