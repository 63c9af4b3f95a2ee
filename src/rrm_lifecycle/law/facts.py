"""The small functions that answer the yes/no questions of the guards, from case, event and context.

Each returns None where the condition holds, :data:`~rrm_lifecycle.case.claim.NOT_STATED` where the record does not
state what is asked, or what was found where the condition is not met.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    NotStated,
    PanelList,
    Party,
    Question,
    ReleaseGround,
    Remedy,
    Sector,
)
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.law.terms import EXTENDABLE

if TYPE_CHECKING:
    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.case.context import Context

Act = Any
"""An event: each question reads the fields of the events whose rows ask it."""
Answer = dict[str, Any] | NotStated | None
HOLDS: Final = None

_REMEDIATED: Final = frozenset(
    {
        Closing.RESOLVED_IN_REVIEW,
        Closing.COURSE_COMPLETED,
        Closing.REMEDIATED_AFTER_DETERMINATION,
        Closing.REMEDIATED_AFTER_REMEDY,
    }
)
_SETTLED: Final = frozenset({Closing.SETTLED, Closing.SETTLED_BEFORE_REQUEST})
_ENDED_OTHERWISE: Final = frozenset(
    {
        Closing.WITHDRAWN,
        Closing.FACILITY_CLOSED,
        Closing.NOT_PURSUED,
        Closing.OUT_OF_SCOPE,
        Closing.PETITION_NOT_CONFIRMED,
    }
)
MUST_END_HOLD: Final = _REMEDIATED | {Closing.NO_DENIAL_AGREED, Closing.NO_DENIAL_PANEL}
"""Closings after which no customs hold may stay open (rulebook INV-14)."""
_GOODS: Final = frozenset({Sector.MANUFACTURING, Sector.MINING})
_EXTENDABLE: Final = frozenset(term.name for term in EXTENDABLE)
_TIER_2: Final = 2
_TIER_3: Final = 3


# ---- of every act ----------------------------------------------------------------------------------------------------
def in_force(_: Case, event: Act, context: Context) -> Answer:
    """Ask whether the USMCA is in force on the day of the act."""
    on: date = event.on
    until = context.reading.treaty_until
    if on >= ENTRY_INTO_FORCE and (until is None or on <= until):
        return HOLDS
    return {"on": on.isoformat(), "since": ENTRY_INTO_FORCE.isoformat(), "until": until and until.isoformat()}


def in_order(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the act is dated no earlier than the last act of its track."""
    last = case.hold_day if event.of_hold else case.last_day
    if last is None or event.on >= last:
        return HOLDS
    return {"on": event.on.isoformat(), "last": last.isoformat()}


def _differs(old: Any, new: Any) -> bool:  # noqa: ANN401 - any field of a claim
    return old is not None and new is not None and old is not NOT_STATED and old != new


def same_claim(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether what the act states of facility and claim is what earlier acts stated."""
    changed = [name for name in ("facility",) if _differs(case.facility, event.facility)]
    changed += [
        name
        for name in ("laws", "basis", "under_annex_23a", "enforced_order", "facts_from")
        if _differs(getattr(case.claim, name), getattr(event, name))
    ]
    return {"fields": changed} if changed else HOLDS


# ---- before the request, and the request -----------------------------------------------------------------------------
def not_by_petition(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the case comes from elsewhere than a petition."""
    return {"origin": case.origin.value} if case.origin is not None and case.origin == "petition" else HOLDS


def by_petition(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the case comes from a petition, or from where is not known."""
    return HOLDS if case.origin is None or case.origin == "petition" else {"origin": case.origin.value}


def filer_of_a_party(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether the filer is a person of a Party."""
    if isinstance(event.filer_of, NotStated):
        return NOT_STATED
    return HOLDS if isinstance(event.filer_of, Party) else {"country": event.filer_of}


def filer_of_canada(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether the filer is of Canada."""
    if isinstance(event.filer_of, NotStated):
        return NOT_STATED
    return HOLDS if event.filer_of is Party.CA else {"country": str(event.filer_of)}


def _facility(case: Case, event: Act) -> CoveredFacility | None:
    facility: CoveredFacility | None = event.facility if case.facility is None else case.facility
    return facility


def _claimed(case: Case, event: Act, name: str) -> Any:  # noqa: ANN401 - any field of a claim
    old = getattr(case.claim, name)
    new = getattr(event, name)
    return new if old is None or (old is NOT_STATED and new is not None) else old


def facility_named(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether a facility is named, by this act or an earlier one."""
    return HOLDS if _facility(case, event) is not None else {}


def in_territory(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the facility lies in the respondent Party's territory."""
    facility = _facility(case, event)
    if facility is None or facility.country is case.respondent:
        return HOLDS
    respondent = case.respondent or " or ".join(sorted(case.annex.parties))
    return {"country": facility.country.value, "party": str(respondent)}


def covered(case: Case, event: Act, context: Context) -> Answer:
    """Ask whether the facility's good or service is traded between the Parties, or competes with one."""
    facility = _facility(case, event)
    if facility is None:
        return HOLDS
    competes = False if context.reading.trade_link_required else facility.competes
    if facility.goods_traded is True or competes is True:
        return HOLDS
    if facility.goods_traded is NOT_STATED or competes is NOT_STATED:
        return NOT_STATED
    return {"goods_traded": False, "competes": facility.competes is True}


def priority_sector(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the facility is in a Priority Sector."""
    facility = _facility(case, event)
    if facility is None:
        return HOLDS
    if isinstance(facility.sector, NotStated):
        return NOT_STATED
    return {"sector": facility.sector.value} if facility.sector is Sector.OTHER else HOLDS


def law_named(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether at least one law is named."""
    laws = _claimed(case, event, "laws")
    if isinstance(laws, NotStated):
        return NOT_STATED
    return HOLDS if laws else {}


def under_annex_23a(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the laws are legislation that complies with Annex 23-A, where Mexico is the respondent."""
    if case.respondent is not Party.MX:
        return HOLDS
    stated = _claimed(case, event, "under_annex_23a")
    if isinstance(stated, NotStated):
        return NOT_STATED
    return {} if stated is False else HOLDS


def _order(case: Case, event: Act, respondent: Party) -> Answer:
    if case.respondent is not respondent:
        return HOLDS
    order = _claimed(case, event, "enforced_order")
    if isinstance(order, NotStated):
        return NOT_STATED
    return HOLDS if order else {}


def order_enforced(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether an enforced NLRB order is relied on, where the United States is the respondent."""
    return _order(case, event, Party.US)


def board_order_enforced(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether an enforced order of the Canadian board is relied on, where Canada is the respondent."""
    return _order(case, event, Party.CA)


def basis_stated(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the basis of the good-faith belief is stated."""
    basis = _claimed(case, event, "basis")
    if isinstance(basis, NotStated):
        return NOT_STATED
    return HOLDS if basis else {}


def facts_since_entry(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the facts alleged lie after the USMCA entered into force."""
    first = _claimed(case, event, "facts_from")
    if isinstance(first, NotStated):
        return NOT_STATED
    if first is None or first >= ENTRY_INTO_FORCE:
        return HOLDS
    return {"on": first.isoformat(), "since": ENTRY_INTO_FORCE.isoformat()}


def new_id(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether a second case at the facility has an id of its own."""
    linked = event.linked_to
    return {"case": linked} if linked is not None and linked.casefold() == case.id.casefold() else HOLDS


def not_a_reopening(case: Case, event: Act, context: Context) -> Answer:
    """Ask whether the complaint may be a new case although an earlier one at the facility is linked."""
    if not context.reading.second_case_reopens:
        return HOLDS
    linked = event.linked_to or (case.links[-1] if case.links else None)
    return {"case": linked} if linked is not None else HOLDS


# ---- review and remediation ------------------------------------------------------------------------------------------
def remediated_in_review(case: Case, event: Act, context: Context) -> Answer:
    """Ask whether remediation is agreed before the review's last day, where the review includes it."""
    if not context.reading.review_includes_remediation:
        return HOLDS
    for entry in reversed(case.acts):
        for limit in entry.started:
            if limit.term == "review" and limit.due is not None:
                first = event.known[0] if event.known else event.on
                last = limit.latest or limit.due
                return HOLDS if first <= last else {"on": first.isoformat(), "due": last.isoformat()}
    return HOLDS


def end_stated(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether the course has an end date that does not lie before the agreement."""
    end = event.agreed_end
    if isinstance(end, NotStated):
        return NOT_STATED
    return HOLDS if end >= event.on else {"on": event.on.isoformat(), "due": end.isoformat()}


def later_end(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the new end of the course lies after the old one."""
    end = event.agreed_end
    if isinstance(end, NotStated):
        return NOT_STATED
    old = case.facts.course_end
    return HOLDS if old is None or end > old else {"due": old.isoformat(), "until": end.isoformat()}


def cure_contestable(_: Case, __: Act, context: Context) -> Answer:
    """Ask whether a cure may be contested."""
    return {} if context.reading.cure_ends_claim else HOLDS


def remedy_ends_today(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether no remedy is left in force on the day on which remediation is established."""
    return {"stage": case.stage.value}


# ---- panel -----------------------------------------------------------------------------------------------------------
def three_panelists(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether there are three panelists, one of each list, the joint one a national of neither Party of the case."""
    drawn = event.panelists
    if isinstance(drawn, NotStated):
        return NOT_STATED
    lists = sorted(one.drawn_from.value for one in drawn)
    if lists != sorted(one.value for one in PanelList):
        return {"lists": lists, "country": None}
    joint = next(one for one in drawn if one.drawn_from is PanelList.JOINT)
    if isinstance(joint.national_of, NotStated):
        return NOT_STATED
    return {"lists": lists, "country": str(joint.national_of)} if joint.national_of in case.annex.parties else HOLDS


def elements_found(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether facility, laws and basis were all found in the petition."""
    if isinstance(event.elements, NotStated):
        return NOT_STATED
    missing = [one.value for one in Element if one not in event.elements]
    return {"elements": missing} if missing else HOLDS


def element_missing(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether something is missing in the petition."""
    if isinstance(event.missing, NotStated):
        return NOT_STATED
    return HOLDS if event.missing else {}


def asked_by_complainant(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the complainant Party petitioned for the panel."""
    return HOLDS if case.facts.question is Question.IS_THERE_A_DENIAL else {"question": str(case.facts.question)}


def asked_by_respondent(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the respondent Party petitioned for the panel."""
    return {"question": str(case.facts.question)} if case.facts.question is Question.IS_THERE_A_DENIAL else HOLDS


def verification_asked(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the petition asks for a verification."""
    asked = case.facts.verification_asked
    if isinstance(asked, NotStated):
        return NOT_STATED
    return {} if asked is False else HOLDS


def verification_refused(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the respondent Party refused the verification."""
    return HOLDS if case.facts.verification_refused else {}


def both_heard(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether both Parties could be heard."""
    if isinstance(event.heard, NotStated):
        return NOT_STATED
    return HOLDS if event.heard else {}


def scope_open(_: Case, __: Act, context: Context) -> Answer:
    """Ask whether the scope is open after the petition was confirmed."""
    return {} if context.reading.confirmation_settles_coverage else HOLDS


def still_covered(_: Case, event: Act, __: Context) -> Answer:
    """Ask whether the facility is a Covered Facility still."""
    if isinstance(event.still_covered, NotStated):
        return NOT_STATED
    return HOLDS if event.still_covered else {}


# ---- remedies --------------------------------------------------------------------------------------------------------
def not_remediated(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the Denial has not been remediated by then."""
    remediated = case.facts.remediated
    return HOLDS if remediated is None else {"on": remediated.isoformat()}


def found_to_continue(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the panel was asked, after a course, whether the Denial continues."""
    question = case.facts.question
    return HOLDS if question is Question.DOES_IT_CONTINUE else {"question": str(question)}


def panel_found_denial(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether a panel determined a Denial, where the United States imposes."""
    if case.complainant is not Party.US or case.facts.determination is Determination.DENIAL:
        return HOLDS
    return {}


def within_tier(case: Case, event: Act, context: Context) -> Answer:
    """Ask whether there are as many prior Denials as the tier needs: none, one, two."""
    if isinstance(event.tier, NotStated) and isinstance(event.measure, NotStated) and not event.reach:
        return NOT_STATED
    asked = 1 if isinstance(event.tier, NotStated) else event.tier
    if event.measure is Remedy.ENTRY_DENIED:
        asked = _TIER_3
    elif event.reach:
        asked = max(asked, _TIER_2)
    if case.facility is None or asked == 1:
        return HOLDS if not isinstance(event.tier, NotStated) else NOT_STATED
    prior = len(context.register.prior(case.id, case.facility, event.on, context.reading))
    return HOLDS if prior >= asked - 1 else {"tier": asked, "least": asked - 1, "prior": prior}


def entry_denial_of_goods(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether entry is denied to goods, not to services."""
    denied = event.measure is Remedy.ENTRY_DENIED or isinstance(event.measure, NotStated)
    if not denied or case.facility is None or case.facility.sector in _GOODS:
        return HOLDS
    if isinstance(event.measure, NotStated) or isinstance(case.facility.sector, NotStated):
        return NOT_STATED
    return {"sector": case.facility.sector.value}


def services_measure(case: Case, _: Act, context: Context) -> Answer:
    """Ask whether there is a measure that the United States can carry out against services."""
    if not context.reading.services_have_no_measure or case.complainant is not Party.US or case.facility is None:
        return HOLDS
    if isinstance(case.facility.sector, NotStated):
        return NOT_STATED
    return {"sector": case.facility.sector.value} if case.facility.sector is Sector.SERVICES else HOLDS


def reach_same_owner(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether every other facility that the remedy reaches has the same owner."""
    if case.facility is None:
        return HOLDS
    strangers = [one.name for one in event.reach if not one.has_owner_of(case.facility)]
    return {"facilities": strangers} if strangers else HOLDS


def reach_related_goods(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether every other facility that the remedy reaches has a good or service in common with the first."""
    if case.facility is None:
        return HOLDS
    own = {good.casefold() for good in case.facility.goods}
    apart = [one.name for one in event.reach if not own & {good.casefold() for good in one.goods}]
    return {"facilities": apart} if apart else HOLDS


# ---- at any stage ----------------------------------------------------------------------------------------------------
def limit_runs(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the limit to be extended runs, and is one that consent can extend."""
    running = [limit.term for limit in case.limits if limit.term in _EXTENDABLE]
    return HOLDS if event.term in running else {"name": event.term, "terms": running}


def later_day(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the new last day lies after the old one."""
    for limit in case.limits:
        if limit.term == event.term and limit.due is not None and event.until <= limit.due:
            return {"due": limit.due.isoformat(), "until": event.until.isoformat()}
    return HOLDS


def plant_closed(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the facility has ceased operations."""
    return HOLDS if case.facts.facility_closed is not None else {}


def closure_ends_case(_: Case, __: Act, context: Context) -> Answer:
    """Ask whether the closing of the plant ends the case."""
    return HOLDS if context.reading.closure_ends_case else {}


def hold_ended(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether no customs hold is left open."""
    return {"hold": case.hold.value} if case.hold is Hold.SUSPENDED else HOLDS


def closed_on_course(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the case closed on a completed course."""
    return HOLDS if case.closing is Closing.COURSE_COMPLETED else {"closing": str(case.closing)}


# ---- customs hold ----------------------------------------------------------------------------------------------------
def request_delivered(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the request for review was delivered, on or before the day of the act."""
    requested = case.facts.requested
    if requested is not None and event.on >= requested:
        return HOLDS
    return {"on": event.on.isoformat(), "requested": requested and requested.isoformat()}


def goods_nexus(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the facility has goods whose customs accounts could be held."""
    facility = case.facility
    if facility is None:
        return HOLDS
    unknown = isinstance(facility.sector, NotStated)
    if facility.goods_traded is False or not (unknown or facility.sector in _GOODS):
        return {"sector": facility.sector.value, "goods_traded": facility.goods_traded is True}
    return NOT_STATED if unknown or isinstance(facility.goods_traded, NotStated) else HOLDS


def open_that_day(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the case was open on the day of the act."""
    if case.stage is not Stage.CLOSED or case.last_day is None or event.on <= case.last_day:
        return HOLDS
    return {"on": event.on.isoformat(), "last": case.last_day.isoformat()}


def not_closed_by_remediation(case: Case, _: Act, __: Context) -> Answer:
    """Ask whether the hold begins in a case that is not closed as remediated or without a Denial."""
    return {"closing": case.closing.value} if case.closing in MUST_END_HOLD and case.closing else HOLDS


def statutory_ground(case: Case, event: Act, context: Context) -> Answer:
    """Ask whether the ground is one on which a hold ends."""
    if isinstance(event.ground, NotStated):
        return NOT_STATED
    if event.ground is not ReleaseGround.REQUEST_ENDED:
        return HOLDS
    lapsed = context.reading.hold_lapses_with_request and case.closing in _ENDED_OTHERWISE
    return HOLDS if lapsed else {"ground": event.ground.value}


def ground_borne_out(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether the case, as it stood on the day of the release, bears out the ground on which the hold ends."""
    ground = event.ground
    if isinstance(ground, NotStated):
        return HOLDS  # statutory_ground notes it
    if case.last_day is not None and event.on < case.last_day:  # the hold is dated beside the case
        case = case.until(event.on)
    closing = case.closing
    borne_out = {
        ReleaseGround.NO_DENIAL_DETERMINED: case.facts.determination is Determination.NO_DENIAL,
        ReleaseGround.ABSENCE_AGREED: closing is Closing.NO_DENIAL_AGREED,
        ReleaseGround.COURSE_COMPLETED: closing is Closing.COURSE_COMPLETED
        or (case.facts.course_end is not None and case.facts.remediated is not None),
        ReleaseGround.OTHERWISE_REMEDIED: case.facts.remediated is not None
        or closing in _REMEDIATED
        or closing in _SETTLED,
        ReleaseGround.REQUEST_ENDED: closing in _ENDED_OTHERWISE,
    }[ground]
    return (
        HOLDS
        if borne_out
        else {"ground": ground.value, "stage": case.stage.value, "closing": closing and closing.value}
    )


def determined_by_panel(case: Case, event: Act, _: Context) -> Answer:
    """Ask whether a panel had determined a Denial by the day of the act: the hold is dated beside the case."""
    found = None
    for entry in case.acts:
        finding = getattr(entry.event, "finding", None)
        if finding is not None and entry.act.on <= event.on:
            found = finding
    return HOLDS if found is Determination.DENIAL else {"finding": found and found.value}
