"""INV-01 to INV-09, INV-39, INV-42, INV-44: Parties, facility, claim, request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Origin, Party, Role, Sector
from rrm_lifecycle.law.stages import Stage
from tests.properties.checkers.run import Breach, Run, invariant

PAIRS: Final = {"31-A": {Party.US, Party.MX}, "31-B": {Party.CA, Party.MX}}
DOMESTIC: Final = (Stage.ASSESSMENT, Stage.PETITION_REVIEW, Stage.REQUEST_DUE)
PRIVATE: Final = {
    Role.PETITIONER: (did.PetitionFiled,),
    Role.FACILITY: (did.RemediationCompleted, did.FacilityClosed),
}


@invariant("INV-01")
def pair_of_the_annex(run: Run) -> Iterator[Breach]:
    """Look for Parties that are no pair of the Annex."""
    known = {party for party in run.parties() if party is not None}
    if known and known != PAIRS[run.case.annex.name]:
        yield Breach(run.case.opening)


@invariant("INV-02")
def two_states(run: Run) -> Iterator[Breach]:
    """Look for one Party on both sides, and for a private person who acts as a Party."""
    complainant, respondent = run.parties()
    if complainant is not None and complainant is respondent:
        yield Breach(run.case.opening)
    for entry in run.acts:
        if entry.by in PRIVATE and not isinstance(entry.event, PRIVATE[entry.by]):
            yield Breach(entry)


@invariant("INV-03")
def in_territory(run: Run) -> Iterator[Breach]:
    """Look for a facility outside the respondent's territory."""
    _, respondent = run.parties()
    for n, _, entry in run.of(did.ReviewRequested):
        facility = run.facility(n + 1)
        if facility is None or facility.country is not respondent:
            yield Breach(entry)


@invariant("INV-04")
def covered_and_priority(run: Run) -> Iterator[Breach]:
    """Look for a request about a facility without a trade limb, or in no Priority Sector."""
    for n, _, entry in run.of(did.ReviewRequested):
        facility = run.facility(n + 1)
        if facility is None:
            yield Breach(entry)
            continue
        limbs = {facility.goods_traded, facility.competes}
        if True not in limbs:
            yield Breach(entry, "covered" if NOT_STATED in limbs else None)
        if facility.sector is NOT_STATED or facility.sector is Sector.OTHER:
            yield Breach(entry, "priority_sector" if facility.sector is NOT_STATED else None)


@invariant("INV-05")
def laws_named(run: Run) -> Iterator[Breach]:
    """Look for a request that names no law, or not the kind of law that footnote 2 asks for."""
    _, respondent = run.parties()
    for n, _, entry in run.of(did.ReviewRequested):
        laws = run.claimed("laws", n + 1)
        if not laws or laws is NOT_STATED:
            yield Breach(entry, "law_named" if laws is NOT_STATED else None)
        tied = run.claimed("under_annex_23a", n + 1)
        if respondent is Party.MX and tied in {False, NOT_STATED}:
            yield Breach(entry, "under_annex_23a" if tied is NOT_STATED else None)
        order = run.claimed("enforced_order", n + 1)
        if respondent is Party.US and (not order or order is NOT_STATED):
            yield Breach(entry, "order_enforced" if order is NOT_STATED else None)


@invariant("INV-06")
def one_request(run: Run) -> Iterator[Breach]:
    """Look for a second request, and for a treaty stage or a petition for a panel without a first one."""
    requests = 0
    for entry in run.acts:
        requests += isinstance(entry.event, did.ReviewRequested)
        treaty = isinstance(entry.to, Stage) and entry.to not in {*DOMESTIC, Stage.CLOSED}
        if requests > 1 or ((treaty or isinstance(entry.event, did.PanelRequested)) and not requests):
            yield Breach(entry)


@invariant("INV-07")
def domestic_acts_move_no_treaty_stage(run: Run) -> Iterator[Breach]:
    """Look for a domestic act that starts from a treaty stage or leads to one."""
    for _, _, entry in run.of(did.PetitionFiled, did.SelfInitiated, did.PetitionAccepted, did.PetitionRejected):
        if entry.stage not in DOMESTIC or entry.to not in {*DOMESTIC, Stage.CLOSED}:
            yield Breach(entry)


@invariant("INV-08")
def petition_is_accepted_first(run: Run) -> Iterator[Breach]:
    """Look for a request on a petition that the committee has not accepted."""
    for n, _, entry in run.of(did.ReviewRequested):
        filed = run.last(did.PetitionFiled, before=n) >= 0 or run.case.opened_with.origin is Origin.PETITION
        if filed and run.last(did.PetitionAccepted, before=n) < 0:
            yield Breach(entry)


@invariant("INV-09")
def rejected_petition_is_spent(run: Run) -> Iterator[Breach]:
    """Look for a request after the petition was rejected."""
    for n, _, entry in run.of(did.ReviewRequested):
        if run.last(did.PetitionRejected, before=n) >= 0:
            yield Breach(entry)


@invariant("INV-39")
def treaty_in_force(run: Run) -> Iterator[Breach]:
    """Look for an act dated before 1 July 2020 or after the end of the treaty."""
    until = run.context.reading.treaty_until
    for entry in run.acts:
        if entry.act.on < date(2020, 7, 1) or (until is not None and entry.act.on > until):
            yield Breach(entry)


@invariant("INV-42")
def second_case_is_new(run: Run) -> Iterator[Breach]:
    """Look for a case that is linked to itself, and for a limit that no act of the case itself started."""
    days = set[date]()
    for entry in run.acts:
        days |= {day for day in (entry.act.on, getattr(entry.act, "received", None)) if day is not None}
        linked = getattr(entry.act, "linked_to", None)
        if (linked and linked.lower() == run.case.id.lower()) or not {one.started for one in entry.started} <= days:
            yield Breach(entry)


@invariant("INV-44")
def no_case_of_a_barred_party(run: Run) -> Iterator[Breach]:
    """Look for a request within two years of a finding of bad faith against the complainant."""
    complainant, _ = run.parties()
    for _, event, entry in run.of(did.ReviewRequested):
        for finding in run.context.register.bad_faith:
            last = finding.on.replace(year=finding.on.year + 2)
            if finding.party is complainant and finding.on <= event.on <= last:
                yield Breach(entry)
