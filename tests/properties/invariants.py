"""The 44 invariants of the rulebook, each as a small check over the path of a case, finished or running.

A check works out anew, from the events, days, stages and actors of ``case.acts``, what has to hold; it asks no guard, no
row and no ``decide``. Where it needs to know how long a term is, it takes the length from here, or from what the entries
themselves keep of the reading.

``inv_01(case, register)`` returns what breaks the invariant, or None. :data:`KIND` says of each whether no run of acts
breaks it, or whether each act that breaks it carries the finding that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final, Self

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import closing_days_of
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Origin,
    PanelList,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)
from rrm_lifecycle.case.register import Basis, PriorDenial, Register
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.entry import Entry, EntryKind, Outcome, Track

S, C = Stage, Closing
DOMESTIC: Final = frozenset({S.ASSESSMENT, S.PETITION_REVIEW, S.REQUEST_DUE})
REPORTS: Final[dict[type, Stage]] = {
    did.NoDenialReported: S.NO_DENIAL_REPORTED,
    did.DenialReported: S.DENIAL_REPORTED,
    did.CuredDenialReported: S.CURED_DENIAL_REPORTED,
    did.PartialDenialReported: S.PARTIAL_DENIAL_REPORTED,
}
IN_FORCE: Final = frozenset({S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED})
GOODS: Final = frozenset({Sector.MANUFACTURING, Sector.MINING})


class Breach(str):
    """What breaks an invariant, in words.

    Attributes:
        entry: The entry that would carry the finding that says so.
        code: The finding that would say so, ``code`` or ``within:term``; None where none would.
        outcome: What it would say: unmet, or not stated in the record.
    """

    __slots__ = ("code", "entry", "outcome")
    entry: Entry | None
    code: str | None
    outcome: Outcome

    def __new__(
        cls, text: str, entry: Entry | None = None, code: str | None = None, outcome: Outcome = Outcome.UNMET
    ) -> Self:
        """Make the text, with where it is to be noted."""
        one = super().__new__(cls, text if entry is None else f"{text}: {entry!r}")
        one.entry, one.code, one.outcome = entry, code, outcome
        return one


def unstated(text: str, entry: Entry | None, code: str) -> Breach:
    """Return what may break an invariant, since the record does not state what it asks."""
    return Breach(text, entry, code, Outcome.NOT_STATED)


@frozen
class Kind:
    """How the library keeps an invariant.

    Attributes:
        barred: Whether no run of acts breaks it; otherwise each act that breaks it is noted.
        noted: Codes of the findings that note a breach.
        unstated: Codes of the findings that note that the record does not state what the invariant asks.
    """

    barred: bool
    noted: frozenset[str]
    unstated: frozenset[str]


def _barred(*not_stated: str) -> Kind:
    return Kind(barred=True, noted=frozenset(), unstated=frozenset(not_stated))


def _noted(*codes: str, not_stated: tuple[str, ...] = ()) -> Kind:
    return Kind(barred=False, noted=frozenset(codes), unstated=frozenset(not_stated))


KIND: Final[dict[str, Kind]] = {
    "INV-01": _barred(),
    "INV-02": _barred(),
    "INV-03": _barred(),
    "INV-04": _barred("covered", "priority_sector"),
    "INV-05": _barred("law_named", "under_annex_23a", "order_enforced"),
    "INV-06": _barred(),
    "INV-07": _barred(),
    "INV-08": _barred(),
    "INV-09": _barred(),
    "INV-10": _barred(),
    "INV-11": _barred("goods_nexus"),
    "INV-12": _barred(),
    "INV-13": _noted("ground_borne_out", not_stated=("statutory_ground",)),
    "INV-14": _noted("hold_ended", "not_closed_remediated"),
    "INV-15": _barred(),
    "INV-16": _barred(),
    "INV-17": _barred(),
    "INV-18": _barred(),
    "INV-19": _barred("end_stated", "later_end"),
    "INV-20": _barred("ended"),
    "INV-21": _barred("ended"),
    "INV-22": _barred(),
    "INV-23": _barred(),
    "INV-24": _barred(),
    "INV-25": _noted("panel_found_denial"),
    "INV-26": _barred(),
    "INV-27": _barred("within_tier"),
    "INV-28": _barred(),
    "INV-29": _barred("entry_denial_of_goods"),
    "INV-30": _noted("remedy_ends_today", "within:lifting", "not_remediated"),
    "INV-31": _barred(),
    "INV-32": _barred("three_panelists"),
    "INV-33": _barred(),
    "INV-34": _barred("elements_found"),
    "INV-35": _barred(),
    "INV-36": _barred("both_heard"),
    "INV-37": _barred(),
    "INV-38": _barred(),
    "INV-39": _barred(),
    "INV-40": _barred(),
    "INV-41": _barred(),
    "INV-42": _barred(),
    "INV-43": _barred(),
    "INV-44": _barred(),
}
"""For each invariant of the rulebook: barred or noted, and by which findings."""

Breaches = Callable[[Case, Register], Iterator[Breach]]


@frozen
class Checker:
    """A check; call it for the first breach, or ask for all.

    Attributes:
        breaches: Yields what breaks the invariant.
    """

    breaches: Breaches

    def __call__(self, case: Case, register: Register) -> str | None:
        """Return what breaks the invariant first, or None."""
        return next(self.breaches(case, register), None)


CHECKS: Final[dict[str, Checker]] = {}
"""The checks by the ids of the rulebook."""


def _check(breaches: Breaches) -> Checker:
    checker = Checker(breaches)
    CHECKS[f"INV-{breaches.__name__.removeprefix('inv_')}"] = checker
    return checker


def _is_noted(breach: Breach, kind: Kind) -> bool:
    codes = kind.unstated if breach.outcome is Outcome.NOT_STATED else kind.noted
    if breach.code is None or breach.code not in codes or breach.entry is None:
        return False
    found = breach.entry.findings
    names = {(f"within:{one.params['term']}" if one.code == "within" else one.code, one.outcome) for one in found}
    return (breach.code, breach.outcome) in names


def unlawful(name: str, case: Case, register: Register) -> list[Breach]:
    """Return the breaches of an invariant that no finding of the kind notes; empty in every case that decide admits."""
    return [breach for breach in CHECKS[name].breaches(case, register) if not _is_noted(breach, KIND[name])]


# ---- what the checks share -------------------------------------------------------------------------------------------
def _of(case: Case, *kinds: type) -> Iterator[tuple[int, Entry, Any]]:
    for n, entry in enumerate(case.acts):
        if type(entry.event) in kinds:
            yield n, entry, entry.event


def _last(case: Case, n: int, *kinds: type, to: Stage | None = None) -> tuple[int, Entry, Any] | None:
    for k in range(n - 1, -1, -1):
        entry = case.acts[k]
        if type(entry.event) in kinds and (to is None or entry.to is to):
            return k, entry, entry.event
    return None


def _any(case: Case, first: int, last: int, *kinds: type) -> bool:
    return any(type(entry.event) in kinds for entry in case.acts[first:last])


def _under(entry: Entry, choice: str) -> Any:
    return (entry.reading or {}).get(choice)


def _length(entry: Entry, term: str, days: int) -> int | None:
    said = (_under(entry, "terms") or {}).get(term)
    if said is None:
        return days
    return int(said["value"]) if said["in_force"] else None


def _rolled(case: Case, entry: Entry, day: date) -> date:
    if _under(entry, "roll_over") and case.respondent is not None:
        calendar = closing_days_of(case.respondent)
        while not calendar.is_open(day):
            day += timedelta(1)
    return day


def _due(case: Case, k: int, n: int, term: str, days: int) -> tuple[date, date] | None:
    """Return the last day of a term that act k started, as act n finds it: counted from its day, and at the latest."""
    entry = case.acts[k]
    length = _length(entry, term, days)
    if length is None:
        return None
    for later in reversed(case.acts[k + 1 : n]):
        if isinstance(later.event, did.LimitExtended) and later.event.term == term:
            return later.event.until, later.event.until
    act = entry.act
    latest = act.known[1] if act.known else act.on
    return _rolled(case, entry, act.on + timedelta(length)), _rolled(case, entry, latest + timedelta(length))


def _earliest(act: did.Event) -> date:
    return act.known[0] if act.known else act.on


def _claims(case: Case, n: int) -> Iterator[Any]:
    for entry in case.acts[: n + 1]:
        if isinstance(entry.event, did.PetitionFiled | did.SelfInitiated | did.ReviewRequested):
            yield entry.event


def _facility(case: Case, n: int) -> CoveredFacility | None:
    """Return the facility that acts up to n name."""
    return next((one.facility for one in _claims(case, n) if one.facility is not None), None)


def _stated(case: Case, n: int, name: str) -> Any:
    """Return what acts up to n state of the claim: the first that states it; NOT_STATED where that is all they say."""
    said = [getattr(one, name) for one in _claims(case, n)]
    told = [one for one in said if one is not None]
    return next((one for one in told if one is not NOT_STATED), told[0] if told else None)


def _finding(case: Case, n: int) -> Determination | None:
    """Return what a panel found last before act n."""
    last = _last(case, n, did.DeterminationIssued)
    return None if last is None else last[2].finding


def _petition(case: Case, n: int) -> int | None:
    """Return the place of the petition for a panel that an act belongs to."""
    last = _last(case, n, did.PanelRequested)
    return None if last is None else last[0]


def _role(case: Case, by: Role | Party | None) -> Role | Party | None:
    if isinstance(by, Party):
        return {case.complainant: Role.COMPLAINANT, case.respondent: Role.RESPONDENT}.get(by, by)
    return by


def _done_by(case: Case, entry: Entry, role: Role) -> bool:
    said = _role(case, entry.act.by)
    return entry.by is role and said in {None, role}


# ---- Parties, facility, claim ----------------------------------------------------------------------------------------
@_check
def inv_01(case: Case, _: Register) -> Iterator[Breach]:
    """The Annex pair is {US, MX} for 31-A or {CA, MX} for 31-B."""
    pair = {"31-A": {Party.US, Party.MX}, "31-B": {Party.CA, Party.MX}}[case.annex.name]
    if case.annex.parties != pair:
        yield Breach(f"Annex {case.annex.name} binds {sorted(case.annex.parties)}")
    if not {case.complainant, case.respondent} - {None} <= pair:
        yield Breach(f"{case.complainant} against {case.respondent} under Annex {case.annex.name}")


@_check
def inv_02(case: Case, _: Register) -> Iterator[Breach]:
    """Complainant and respondent are different Parties; a private person is never a party."""
    if case.complainant is not None and case.complainant is case.respondent:
        yield Breach(f"{case.complainant} against itself")
    if any(one is not None and type(one) is not Party for one in (case.complainant, case.respondent)):
        yield Breach(f"{case.complainant} against {case.respondent}: not both are Parties")
    for entry in case.acts:
        if entry.by in {Role.PETITIONER, Role.FACILITY} and isinstance(_role(case, entry.act.by), Party):
            yield Breach("a private act by a Party", entry)


@_check
def inv_03(case: Case, _: Register) -> Iterator[Breach]:
    """The facility is in the respondent's territory."""
    facility = _facility(case, len(case.acts))
    if facility is not None and facility.country is not case.respondent:
        yield Breach(f"the facility lies in {facility.country}, the respondent is {case.respondent}")


@_check
def inv_04(case: Case, _: Register) -> Iterator[Breach]:
    """The facility meets at least one trade limb and the Priority Sector test on the date of the request."""
    for n, entry, _act in _of(case, did.ReviewRequested):
        facility = _facility(case, n)
        if facility is None:
            yield Breach("no facility", entry)
            continue
        limbs = {facility.goods_traded}
        if not _under(entry, "trade_link_required"):
            limbs.add(facility.competes)
        if True not in limbs:
            text = "no trade limb is met"
            yield unstated(text, entry, "covered") if NOT_STATED in limbs else Breach(text, entry)
        if facility.sector is NOT_STATED:
            yield unstated("the sector is not stated", entry, "priority_sector")
        elif facility.sector is Sector.OTHER:
            yield Breach("no Priority Sector", entry)


@_check
def inv_05(case: Case, _: Register) -> Iterator[Breach]:
    """Every case names a law; for Mexico it is tied to Annex 23-A; for the US an enforced NLRB order exists."""
    for n, entry, _act in _of(case, did.ReviewRequested):
        laws, tied, order = (_stated(case, n, name) for name in ("laws", "under_annex_23a", "enforced_order"))
        if laws is NOT_STATED:
            yield unstated("the laws are not stated", entry, "law_named")
        elif not laws:
            yield Breach("no law is named", entry)
        if case.respondent is Party.MX and tied is NOT_STATED:
            yield unstated("it is not stated whether the laws comply with Annex 23-A", entry, "under_annex_23a")
        elif case.respondent is Party.MX and tied is False:
            yield Breach("the laws do not comply with Annex 23-A", entry)
        if case.respondent is Party.US and order is NOT_STATED:
            yield unstated("the order is not stated", entry, "order_enforced")
        elif case.respondent is Party.US and not order:
            yield Breach("no enforced order", entry)


# ---- from the petition to the request --------------------------------------------------------------------------------
@_check
def inv_06(case: Case, _: Register) -> Iterator[Breach]:
    """A treaty case has exactly one Art. 4 request, and no panel petition precedes it."""
    requests = 0
    for entry in case.acts:
        requests += isinstance(entry.event, did.ReviewRequested)
        if requests > 1:
            yield Breach("more than one request", entry)
        if not requests and (isinstance(entry.event, did.PanelRequested) or entry.track is Track.HOLD):
            yield Breach("before any request", entry)
        if not requests and entry.track is Track.CASE and entry.to not in DOMESTIC | {S.CLOSED}:
            yield Breach("a treaty stage without a request", entry)


@_check
def inv_07(case: Case, _: Register) -> Iterator[Breach]:
    """A petition, tip or ILC determination alone changes no treaty state."""
    own = {"screening", "claim_screening", "self_initiation", "panel_decision"}
    for _n, entry, act in _of(case, did.PetitionFiled, did.PetitionAccepted, did.PetitionRejected, did.SelfInitiated):
        after = {S.CLOSED} if isinstance(act, did.PetitionRejected) else DOMESTIC
        if entry.stage not in DOMESTIC or entry.to not in after or {one.term for one in entry.started} - own:
            yield Breach("an act of domestic law moves a treaty state", entry)


@_check
def inv_08(case: Case, _: Register) -> Iterator[Breach]:
    """If origin is petition, an affirmative determination precedes the request."""
    for n, entry, _act in _of(case, did.ReviewRequested):
        petitioned = case.opened_with.origin is Origin.PETITION or _any(case, 0, n, did.PetitionFiled)
        if petitioned and not _any(case, 0, n, did.PetitionAccepted):
            yield Breach("a request on a petition that was not found for", entry)


@_check
def inv_09(case: Case, _: Register) -> Iterator[Breach]:
    """After a negative determination no request may cite that petition."""
    for n, entry, _act in _of(case, did.ReviewRequested):
        if _any(case, 0, n, did.PetitionRejected):
            yield Breach("a request on a petition that was rejected", entry)


# ---- customs hold ----------------------------------------------------------------------------------------------------
@_check
def inv_10(case: Case, _: Register) -> Iterator[Breach]:
    """A customs hold never starts before delivery of the request."""
    for n, entry, act in _of(case, did.HoldBegun):
        request = _last(case, n, did.ReviewRequested)
        if request is None or act.on < request[2].on:
            yield Breach("a hold before the request", entry)


@_check
def inv_11(case: Case, _: Register) -> Iterator[Breach]:
    """A customs hold needs a goods nexus; a services-only case has none. A sector of goods will do."""
    for n, entry, _act in _of(case, did.HoldBegun):
        facility = _facility(case, n)
        if facility is None or (facility.sector is not NOT_STATED and facility.sector not in GOODS):
            yield Breach("a hold without goods", entry)
        elif facility.sector is NOT_STATED:
            yield unstated("the sector is not stated", entry, "goods_nexus")
        elif facility.goods_traded is False:
            yield Breach("a hold where no goods are traded", entry)


@_check
def inv_12(case: Case, _: Register) -> Iterator[Breach]:
    """A customs hold is not a remedy and never counts as one: it moves nothing of the case."""
    stage: Stage | Hold = S.ASSESSMENT
    for entry in case.acts:
        if entry.track is Track.CASE and entry.act.of_hold:
            yield Breach("an act of the hold moves the case", entry)
        if entry.track is Track.CASE:
            stage = entry.to
        elif not entry.act.of_hold or not isinstance(entry.to, Hold) or entry.closing or entry.sets:
            yield Breach("an act of the hold that is more", entry)
        elif entry.started or entry.stopped:
            yield Breach("an act of the hold starts or stops a limit of the case", entry)
    if case.stage is not stage:
        yield Breach(f"the acts lead to {stage}, the case stands in {case.stage}")
    if case.facts.tier is not None and not _any(case, 0, len(case.acts), did.RemediesImposed):
        yield Breach("a tier without a remedy")


@_check
def inv_13(case: Case, _: Register) -> Iterator[Breach]:
    """A customs hold ends on a no-denial determination, agreed absence, completed course, or other remediation."""
    for n, entry in enumerate(case.acts):
        act: Any = entry.event
        if entry.stage is not Hold.SUSPENDED:
            continue
        if isinstance(act, did.HoldApplied):
            continue
        if not isinstance(act, did.HoldReleased):
            yield Breach("the hold ends otherwise", entry)
        elif act.ground is NOT_STATED:
            yield unstated("the ground is not stated", entry, "statutory_ground")
        elif act.ground is ReleaseGround.REQUEST_ENDED:
            if not _under(entry, "hold_lapses_with_request"):
                yield Breach("the hold ends on no ground of the statute", entry)
        elif not _bears_out(case, n, act.ground):
            yield Breach("nothing in the case bears out the ground", entry, "ground_borne_out")


def _bears_out(case: Case, n: int, ground: Any) -> bool:
    before = case.acts[:n]
    if ground is ReleaseGround.NO_DENIAL_DETERMINED:
        return _finding(case, n) is Determination.NO_DENIAL
    if ground is ReleaseGround.ABSENCE_AGREED:
        return any(entry.closing is C.NO_DENIAL_AGREED for entry in before)
    if ground is ReleaseGround.COURSE_COMPLETED:
        return _any(case, 0, n, did.CourseAgreed) and _any(case, 0, n, did.RemediationCompleted, did.MatterSettled)
    lifted = any(entry.closing is C.REMEDIATED_AFTER_REMEDY for entry in before)
    return lifted or _any(case, 0, n, did.RemediationCompleted, did.MatterSettled)


@_check
def inv_14(case: Case, _: Register) -> Iterator[Breach]:
    """A hold is never open in a case closed as remediated or no-denial."""
    ends = {
        C.RESOLVED_IN_REVIEW, C.COURSE_COMPLETED, C.REMEDIATED_AFTER_DETERMINATION, C.REMEDIATED_AFTER_REMEDY,
        C.NO_DENIAL_AGREED, C.NO_DENIAL_PANEL,
    }  # fmt: skip
    hold, closing = Hold.NONE, None
    for entry in case.acts:
        if isinstance(entry.to, Hold):
            hold = entry.to
            if isinstance(entry.event, did.HoldBegun) and closing in ends:
                yield Breach("a hold begins in a closed case", entry, "not_closed_remediated")
            continue
        if entry.closing in ends and entry.to is S.CLOSED and hold is Hold.SUSPENDED:
            yield Breach("a hold is left open", entry, "hold_ended")
        closing = entry.closing if entry.to is S.CLOSED else None


# ---- review ----------------------------------------------------------------------------------------------------------
@_check
def inv_15(case: Case, _: Register) -> Iterator[Breach]:
    """Respondent's answer is due 10 days after the request; an answer on day 10 is timely."""
    for k, request, _act in _of(case, did.ReviewRequested):
        due = _due(case, k, k, "reply", 10)
        if [one.due for one in request.started if one.term == "reply"] != [due and due[0]]:
            yield Breach(f"the answer is due {due}", request)
        for n, entry, act in _of(case, did.ReviewAccepted, did.ReviewDeclined):
            if n < k or entry.stage is not S.REVIEW_REQUESTED:
                continue
            last = _due(case, k, n, "reply", 10)
            late = last is not None and _earliest(act) > last[1]
            noted = any(one.code == "within" and one.params["term"] == "reply" for one in entry.findings)
            if late is not noted:
                yield Breach(f"the answer is due {last and last[1]}, and {'' if noted else 'not '}noted as late", entry)


@_check
def inv_16(case: Case, _: Register) -> Iterator[Breach]:
    """The 45 days run from the request whatever the acceptance date."""
    requested: date | None = None
    for n, entry in enumerate(case.acts):
        if isinstance(entry.event, did.ReviewRequested):
            requested = entry.event.on
            due = _due(case, n, n, "review", 45)
            if [(one.started, one.due) for one in entry.started if one.term == "review"] != [
                (requested, due and due[0])
            ]:
                yield Breach(f"the review has until {due}", entry)
            continue
        for limit in entry.started:
            if limit.term != "review":
                continue
            if not isinstance(entry.event, did.LimitExtended) or limit.started != requested:
                yield Breach("the 45 days run from elsewhere", entry)


@_check
def inv_17(case: Case, _: Register) -> Iterator[Breach]:
    """A review outcome is one of NO_DENIAL, DENIAL, DENIAL_CURED, PARTIAL, NONE_REPORTED."""
    reports = 0
    for entry in case.acts:
        if entry.track is not Track.CASE or entry.to is entry.stage:
            continue
        to = REPORTS.get(type(entry.event))
        if to is not None:
            if entry.to is S.REVIEW_DECLINED and _under(entry, "scope_objection_declines"):
                continue
            reports += 1
            if entry.stage is not S.UNDER_REVIEW or entry.to is not to or reports > 1:
                yield Breach("no outcome, or a second outcome, of a review", entry)
        elif entry.to in REPORTS.values():
            yield Breach("an outcome without a report", entry)
        elif entry.stage is S.UNDER_REVIEW and entry.to not in {S.PANEL_REQUESTED, S.COURSE_RUNNING, S.CLOSED}:
            yield Breach("a review ends otherwise", entry)


@_check
def inv_18(case: Case, _: Register) -> Iterator[Breach]:
    """Consultations follow only a DENIAL, DENIAL_CURED or PARTIAL report."""
    after: tuple[type, ...] = (did.DenialReported, did.CuredDenialReported, did.PartialDenialReported)
    for n, entry in enumerate(case.acts):
        if not any(one.term == "consultations" for one in entry.started):
            continue
        more = isinstance(entry.event, did.LimitExtended) and _any(case, 0, n, *after)
        if not more and type(entry.event) not in after:
            yield Breach("consultations without a report of a Denial", entry)


# ---- course of remediation -------------------------------------------------------------------------------------------
@_check
def inv_19(case: Case, _: Register) -> Iterator[Breach]:
    """A course of remediation has both Parties' consent and one end date."""
    for _n, entry, act in _of(case, did.CourseAgreed, did.CourseExtended):
        if not _done_by(case, entry, Role.BOTH):
            yield Breach("a course without the consent of both", entry)
        if act.agreed_end is NOT_STATED:
            code = "end_stated" if isinstance(act, did.CourseAgreed) else "later_end"
            yield unstated("the end of the course is not stated", entry, code)
        elif act.agreed_end < act.on and isinstance(act, did.CourseAgreed):
            yield Breach("the course ends before it is agreed", entry)
        elif [one.due for one in entry.started if one.term == "course"] != [act.agreed_end]:
            yield Breach("the course has not the one end that is agreed", entry)


def _course_end(case: Case, n: int) -> Any:
    """Return the end of the course agreed last before act n, NOT_STATED where it has none; None without a course."""
    course = _last(case, n, did.CourseAgreed, did.CourseExtended)
    return None if course is None else course[2].agreed_end


@_check
def inv_20(case: Case, _: Register) -> Iterator[Breach]:
    """No remedy is in force before the end date of an agreed course."""
    for n, entry, act in _of(case, did.RemediesImposed):
        end = _course_end(case, n)
        if end is NOT_STATED:
            notice = _last(case, n, did.RemediesNotified, to=S.COURSE_NOTICE_GIVEN)
            yield unstated("the end of the course is not stated", notice and notice[1], "ended")
        elif end is not None and act.on < end:
            yield Breach(f"a remedy before the end of the course, {end}", entry)


@_check
def inv_21(case: Case, _: Register) -> Iterator[Breach]:
    """A 15-day notice exists only after a course's end date."""
    for n, entry, act in _of(case, did.RemediesNotified):
        if entry.to is not S.COURSE_NOTICE_GIVEN:
            continue
        end = _course_end(case, n)
        if end is None:
            yield Breach("a notice without a course", entry)
        elif end is NOT_STATED:
            yield unstated("the end of the course is not stated", entry, "ended")
        elif act.on <= end:
            yield Breach(f"a notice not after the end of the course, {end}", entry)


@_check
def inv_22(case: Case, _: Register) -> Iterator[Breach]:
    """No remedy starts less than 15 days after that notice."""
    for n, entry, act in _of(case, did.RemediesImposed):
        notice = _last(case, n, did.RemediesNotified, to=S.COURSE_NOTICE_GIVEN)
        if notice is None:
            continue
        due = _due(case, notice[0], n, "course_notice", 15)
        if due is not None and act.on < due[0]:
            yield Breach(f"a remedy before {due[0]}, when the notice of 15 days is over", entry)


@_check
def inv_23(case: Case, _: Register) -> Iterator[Breach]:
    """While a timely respondent panel request is pending, no remedy starts."""
    ends = (did.DeterminationIssued, did.PetitionDismissed, did.CourseAgreed)
    for n, entry, _act in _of(case, did.RemediesImposed):
        petition = _last(case, n, did.PanelRequested)
        if petition is None or petition[1].by is not Role.RESPONDENT:
            continue
        if not _any(case, petition[0], n, *ends):
            yield Breach("a remedy while the respondent's petition is pending", entry)


# ---- remedies --------------------------------------------------------------------------------------------------------
@_check
def inv_24(case: Case, _: Register) -> Iterator[Breach]:
    """No remedy is in force without a positive determination or an unanswered notice after a failed course."""
    for n, entry in enumerate(case.acts):
        if entry.to not in IN_FORCE or entry.stage in IN_FORCE:
            continue
        if not isinstance(entry.event, did.RemediesImposed):
            yield Breach("a remedy that nobody imposed", entry)
        if _finding(case, n) is Determination.DENIAL:
            continue
        notice = _last(case, n, did.RemediesNotified, to=S.COURSE_NOTICE_GIVEN)
        if notice is None or _any(case, notice[0], n, did.PanelRequested):
            yield Breach("a remedy without determination, and without an unanswered notice", entry)
        elif notice[1].stage is not S.CLOSED and not _any(case, 0, notice[0], did.CourseFailed):
            yield Breach("a remedy after a course that has not failed", entry)


@_check
def inv_25(case: Case, _: Register) -> Iterator[Breach]:
    """Under US law entry denial, duties and penalties need a panel determination."""
    for n, entry, act in _of(case, did.RemediesImposed, did.HoldApplied):
        found = [
            one.finding for _k, _e, one in _of(case, did.DeterminationIssued) if _k < n and one.on <= act.on
        ]  # fmt: skip
        if case.complainant is not Party.US or (found and found[-1] is Determination.DENIAL):
            continue
        code = "panel_found_denial" if isinstance(act, did.RemediesImposed) else None
        yield Breach("a measure of the United States without a panel's determination", entry, code)


@_check
def inv_26(case: Case, _: Register) -> Iterator[Breach]:
    """No remedy starts less than 5 business days after written notice following a determination."""
    for n, entry, act in _of(case, did.RemediesImposed):
        found = _last(case, n, did.DeterminationIssued)
        if found is None or case.respondent is None or entry.stage is S.COURSE_NOTICE_GIVEN:
            continue
        notice = _last(case, n, did.RemediesNotified, to=S.REMEDIES_NOTIFIED)
        if notice is None or notice[0] < found[0]:
            petition = _petition(case, found[0])
            if petition is None or case.acts[petition].stage is not S.COURSE_NOTICE_GIVEN:
                yield Breach("a remedy without written notice", entry)
            continue
        calendar = closing_days_of(case.respondent)
        days = (act.on - notice[2].on).days
        if sum(calendar.is_open(notice[2].on + timedelta(one)) for one in range(1, days + 1)) < 5:
            yield Breach(f"a remedy less than 5 business days after the notice of {notice[2].on}", entry)


def _needed(act: did.RemediesImposed) -> int:
    """Return the tier that a remedy is of, at the least."""
    tier = 1 if act.tier is NOT_STATED else int(act.tier)
    return max(tier, 3 if act.measure is Remedy.ENTRY_DENIED else 1, 2 if act.reach else 1)


def _prior(case: Case, n: int, register: Register) -> tuple[list[PriorDenial], int]:
    """Return the findings on the facility or its owner in other cases before act n, and in how many a panel made them."""
    facility, day = _facility(case, n), case.acts[n].act.on
    if facility is None:
        return [], 0
    name, owner = facility.name.casefold(), facility.owner and facility.owner.casefold()
    found = [
        one
        for one in register.denials
        if one.case_id != case.id
        and one.on < day
        and (
            (one.facility.name.casefold() == name and one.facility.country is facility.country)
            or (owner is not None and (one.facility.owner or "").casefold() == owner)
        )
    ]
    return found, len({one.case_id for one in found if one.basis is Basis.PANEL})


@_check
def inv_27(case: Case, register: Register) -> Iterator[Breach]:
    """Tier 2 needs at least one, tier 3 two prior Denial determinations for the facility or same owner."""
    for n, entry, act in _of(case, did.RemediesImposed):
        found, by_panel = _prior(case, n, register)
        prior = len({one.case_id for one in found}) if _under(entry, "own_findings_count") else by_panel
        if prior < _needed(act) - 1:
            yield Breach(f"tier {_needed(act)} after {prior} prior determinations", entry)
        elif act.tier is NOT_STATED and _needed(act) == 1:
            yield unstated("the tier is not stated", entry, "within_tier")


@_check
def inv_28(case: Case, register: Register) -> Iterator[Breach]:
    """A settlement or course of remediation never counts as a prior Denial determination."""
    denied = {act.on for _n, _entry, act in _of(case, did.DeterminationIssued) if act.finding is Determination.DENIAL}
    for one in Register.of([case]).denials:
        if one.basis is Basis.PANEL and one.on not in denied:
            yield Breach(f"a determination that no panel made, of {one.on}")
    for n, entry, act in _of(case, did.RemediesImposed):
        found, by_panel = _prior(case, n, register)
        if not _under(entry, "own_findings_count") and by_panel < _needed(act) - 1 <= len(found):
            yield Breach("a course or a report counts for the tier", entry)


@_check
def inv_29(case: Case, _: Register) -> Iterator[Breach]:
    """Entry denial applies to goods only."""
    for n, entry, act in _of(case, did.RemediesImposed):
        facility = _facility(case, n)
        if act.measure is not Remedy.ENTRY_DENIED or facility is None or facility.sector in GOODS:
            continue
        if facility.sector is NOT_STATED:
            yield unstated("the sector is not stated", entry, "entry_denial_of_goods")
        else:
            yield Breach("entry is denied to services", entry)


@_check
def inv_30(case: Case, _: Register) -> Iterator[Breach]:
    """A remedy ends on the day remediation is established; none survives it."""
    remediated: Entry | None = None
    in_force = False
    for entry in case.acts:
        if entry.track is not Track.CASE:
            continue
        act: Any = entry.event
        since = None if remediated is None else max(remediated.act.known or (remediated.act.on,))
        if isinstance(act, did.DeterminationIssued) and act.finding is Determination.DENIAL:
            remediated = None
        elif isinstance(act, did.RemediationCompleted) and (remediated is None or not in_force):
            remediated = entry
        elif isinstance(act, did.RemediesImposed) and remediated is not None:
            yield Breach("a remedy after remediation", entry, "not_remediated")
            remediated = None  # noted there
        elif in_force and entry.to not in IN_FORCE and since is not None and _earliest(act) > since:
            yield Breach(f"a remedy that outlasts remediation on {since}", entry, "within:lifting")
        in_force = entry.to in IN_FORCE
    if in_force and remediated is not None:
        yield Breach("a remedy in force after remediation", remediated, "remedy_ends_today")


@_check
def inv_31(case: Case, _: Register) -> Iterator[Breach]:
    """No remedy follows NO_DENIAL or OUT_OF_SCOPE."""
    for n, entry, _act in _of(case, did.RemediesImposed):
        if _finding(case, n) in {Determination.NO_DENIAL, Determination.OUT_OF_SCOPE}:
            yield Breach("a remedy after a panel found none to be due", entry)


# ---- panel -----------------------------------------------------------------------------------------------------------
@_check
def inv_32(case: Case, _: Register) -> Iterator[Breach]:
    """A panel has three members: one per national list, one joint-list non-national of both Parties."""
    for _n, entry, act in _of(case, did.PanelistsDrawn, did.PanelistReplaced):
        if act.panelists is NOT_STATED:
            yield unstated("the panelists are not stated", entry, "three_panelists")
            continue
        joint = [one for one in act.panelists if one.drawn_from is PanelList.JOINT]
        if len(act.panelists) != 3 or {one.drawn_from for one in act.panelists} != set(PanelList):
            yield Breach("not one panelist of each list", entry)
        elif joint[0].national_of is NOT_STATED:
            yield unstated("the nationality of the joint panelist is not stated", entry, "three_panelists")
        elif joint[0].national_of in {case.complainant, case.respondent}:
            yield Breach("the joint panelist is a national of a Party of the case", entry)


_RANK: Final[dict[type, int]] = {
    did.PanelistsDrawn: 0,
    did.PanelistReplaced: 0,
    did.PanelConstituted: 1,
    did.PetitionConfirmed: 2,
    did.VerificationRequested: 3,
    did.VerificationAccepted: 4,
    did.VerificationRefused: 4,
    did.VerificationHeld: 5,
    did.DeterminationIssued: 6,
}
_AFTER: Final[dict[type, type]] = {
    did.PanelConstituted: did.PanelistsDrawn,
    did.PetitionConfirmed: did.PanelistsDrawn,
    did.VerificationRequested: did.PetitionConfirmed,
    did.VerificationAccepted: did.VerificationRequested,
    did.VerificationRefused: did.VerificationRequested,
    did.VerificationHeld: did.VerificationAccepted,
    did.DeterminationIssued: did.PetitionConfirmed,
}


@_check
def inv_33(case: Case, _: Register) -> Iterator[Breach]:
    """Drawn, constituted, confirmed, verification requested, answered, held, determined: in this order."""
    for n, entry, act in _of(case, *_RANK):
        start = _petition(case, n)
        if start is None:
            yield Breach("a step of a panel without a petition", entry)
            continue
        after = _AFTER.get(type(act))
        on_lifting = case.acts[start].stage is S.REMEDIES_IN_FORCE
        if after is not None and not on_lifting and not _any(case, start, n, after):
            yield Breach(f"a step of a panel before {after.__name__}", entry)
        for earlier in case.acts[start:n]:
            rank = _RANK.get(type(earlier.event), -1)
            if rank > _RANK[type(act)] or (rank >= 0 and earlier.act.on > act.on):
                yield Breach(f"a step of a panel after {earlier.event}", entry)


@_check
def inv_34(case: Case, _: Register) -> Iterator[Breach]:
    """Confirmation records all three elements."""
    for _n, entry, act in _of(case, did.PetitionConfirmed):
        if act.elements is NOT_STATED:
            yield unstated("the elements are not stated", entry, "elements_found")
        elif {str(one) for one in act.elements} != {"facility", "laws", "basis"}:
            yield Breach("an element is missing", entry)


@_check
def inv_35(case: Case, _: Register) -> Iterator[Breach]:
    """No on-site verification without the respondent's consent."""
    for n, entry, act in _of(case, did.VerificationHeld):
        consents = [
            one
            for k, one, _act in _of(case, did.VerificationAccepted)
            if (_petition(case, n) or 0) < k < n and _done_by(case, one, Role.RESPONDENT)
        ]
        if act.on_site is not False and not consents:
            yield Breach("a verification without consent", entry)


@_check
def inv_36(case: Case, _: Register) -> Iterator[Breach]:
    """A panel determines once per petition and only after both Parties could be heard."""
    for n, entry, act in _of(case, did.DeterminationIssued):
        start = _petition(case, n)
        if start is None or _any(case, start, n, did.DeterminationIssued):
            yield Breach("a second determination, or one without a petition", entry)
        if act.heard is NOT_STATED:
            yield unstated("it is not stated whether both could be heard", entry, "both_heard")
        elif not act.heard:
            yield Breach("a Party could not be heard", entry)


_ACTORS: Final[dict[type, Role]] = {
    did.DeterminationIssued: Role.PANEL,
    did.RemediesNotified: Role.COMPLAINANT,
    did.RemediesImposed: Role.COMPLAINANT,
    did.RemediesLifted: Role.COMPLAINANT,
    did.PanelistsDrawn: Role.SECRETARIAT,
    did.PanelistReplaced: Role.SECRETARIAT,
    did.HoldBegun: Role.COMPLAINANT,
    did.HoldReleased: Role.COMPLAINANT,
    did.HoldApplied: Role.COMPLAINANT,
}


@_check
def inv_37(case: Case, _: Register) -> Iterator[Breach]:
    """Only the panel determines; only the complainant imposes or lifts remedies; only the Secretariat draws lots."""
    for _n, entry, act in _of(case, *_ACTORS):
        if not _done_by(case, entry, _ACTORS[type(act)]):
            yield Breach("done by another", entry)


_C, _R = Role.COMPLAINANT, Role.RESPONDENT
_GATES: Final[dict[tuple[Stage, Role], tuple[str, tuple[type, str, int] | None]]] = {
    (S.REVIEW_REQUESTED, _C): ("A4-04a", (did.ReviewRequested, "reply", 10)),
    (S.REVIEW_DECLINED, _C): ("A4-04b", None),
    (S.UNDER_REVIEW, _C): ("A4-15", (did.ReviewRequested, "review", 45)),
    (S.NO_DENIAL_REPORTED, _C): ("A4-06b", None),
    (S.DENIAL_REPORTED, _C): ("A4-09", (did.DenialReported, "consultations", 10)),
    (S.CURED_DENIAL_REPORTED, _C): ("A4-10b", None),
    (S.PARTIAL_DENIAL_REPORTED, _C): ("A4-11", None),
    (S.COURSE_NOTICE_GIVEN, _R): ("A4-13", (did.RemediesNotified, "respondent_panel", 10)),
    (S.REMEDIES_IN_FORCE, _R): ("A10-08a", None),
}


@_check
def inv_38(case: Case, _: Register) -> Iterator[Breach]:
    """Each panel petition cites one open gate."""
    for n, entry, act in _of(case, did.PanelRequested):
        by = entry.by
        gate = _GATES.get((entry.stage, by)) if isinstance(entry.stage, Stage) and by is not None else None
        if gate is None or entry.rule != gate[0] or not entry.provision or not _done_by(case, entry, by or _C):
            yield Breach("a petition through no gate", entry)
            continue
        if gate[1] is None:
            continue
        kind, term, days = gate[1]
        start = _last(case, n, kind)
        due = None if start is None else _due(case, start[0], n, term, days)
        in_time = due is not None and (_earliest(act) <= due[1] if by is _R else act.on > due[0])
        if not in_time:
            yield Breach(f"the gate is not open: {term}, {due}", entry)


# ---- time, the record, other cases -----------------------------------------------------------------------------------
@_check
def inv_39(case: Case, _: Register) -> Iterator[Breach]:
    """Events are dated on or after 1 July 2020 and while the USMCA is in force."""
    for entry in case.acts:
        until = _under(entry, "treaty_until")
        if entry.act.on < date(2020, 7, 1) or (until is not None and entry.act.on.isoformat() > until):
            yield Breach("outside the treaty", entry)


@_check
def inv_40(case: Case, _: Register) -> Iterator[Breach]:
    """A lapsed soft deadline never changes state by itself: each change of stage is an act of somebody."""
    stands: dict[Track, Stage | Hold] = {Track.CASE: S.ASSESSMENT, Track.HOLD: Hold.NONE}
    for entry in case.acts:
        if entry.stage is not stands[entry.track]:
            yield Breach(f"the stage changed from {stands[entry.track]} without an act before", entry)
        if entry.kind is not EntryKind.ACT or entry.by is None or entry.rule is None or entry.implied:
            yield Breach("the act of nobody", entry)
        if isinstance(entry.event, did.LimitExtended | did.FacilityClosed) and entry.to is not entry.stage:
            yield Breach("a fact moves the stage", entry)
        stands[entry.track] = entry.to
    later = max((limit.due for limit in case.limits if limit.due is not None), default=date(2030, 1, 1))
    then = case.until(max(later, date(2030, 1, 1)) + timedelta(1))
    if (then.stage, then.hold) != (stands[Track.CASE], stands[Track.HOLD]) or then.limits != case.limits:
        yield Breach("the case changed as time went by")


@_check
def inv_41(case: Case, _: Register) -> Iterator[Breach]:
    """Every extension has the consent of both Parties on record; the Canadian office extends its own screening alone."""
    for _n, entry, act in _of(case, did.LimitExtended, did.CourseExtended):
        own = isinstance(act, did.LimitExtended) and act.term == "claim_screening" and case.annex.name == "31-B"
        if not _done_by(case, entry, Role.COMMITTEE if own else Role.BOTH):
            yield Breach("an extension without the consent of both", entry)


@_check
def inv_42(case: Case, _: Register) -> Iterator[Breach]:
    """A second case at a facility has a new id and its own request and clocks."""
    for entry in case.acts:
        if entry.case_id != case.id:
            yield Breach(f"an act of case {entry.case_id}", entry)
        linked = getattr(entry.event, "linked_to", None)
        if linked is not None and linked.casefold() == case.id.casefold():
            yield Breach("the case is linked to itself", entry)
        if isinstance(entry.event, did.ReviewRequested):
            if any(one.started != entry.event.on for one in entry.started):
                yield Breach("a clock of another request", entry)
            if linked is not None and linked not in case.links:
                yield Breach("the earlier case is not linked", entry)


@_check
def inv_43(case: Case, _: Register) -> Iterator[Breach]:
    """Every closed case has exactly one closing reason."""
    closing: Closing | None = None
    for entry in case.acts:
        if entry.track is not Track.CASE:
            continue
        if (entry.to is S.CLOSED) is not isinstance(entry.closing, Closing):
            yield Breach("closed without a reason, or a reason without a close", entry)
        if entry.stage is S.CLOSED and entry.to is S.CLOSED:
            yield Breach("closed twice", entry)
        closing = entry.closing
    if case.closing is not closing or (case.stage is S.CLOSED) is (case.closing is None):
        yield Breach(f"the case is {case.stage}, its reason {case.closing}, its acts say {closing}")


@_check
def inv_44(case: Case, register: Register) -> Iterator[Breach]:
    """While a bad-faith bar runs, the barred Party opens no new case."""
    for _n, entry, act in _of(case, did.ReviewRequested):
        for one in register.bad_faith:
            if one.party is case.complainant and one.on <= act.on <= one.on.replace(year=one.on.year + 2):
                yield Breach(f"a request while the bar of {one.on} runs", entry)
