"""INV-22 to INV-31: notices, remedies, tiers, lifting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Determination, Party, Question, Remedy, Sector
from rrm_lifecycle.case.register import Basis, Register
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.entry import Track
from tests.properties.checkers.run import Breach, Run, invariant

IN_FORCE: Final = {Stage.REMEDIES_IN_FORCE, Stage.LIFTING_DISPUTED}


def notice_of(run: Run, n: int, to: Stage) -> int:
    """Return the place of the last notice before an act that led to a stage and no later course overtook; or -1."""
    given = [i for i, _, entry in run.of(did.RemediesNotified, before=n) if entry.to is to]
    return given[-1] if given and given[-1] > run.last(did.CourseAgreed, before=n) else -1


def found(run: Run, n: int) -> Determination | None:
    """Return what the panel found last before an act."""
    place = run.last(did.DeterminationIssued, before=n)
    return getattr(run.acts[place].event, "finding", None) if place >= 0 else None


@invariant("INV-22")
def fifteen_days(run: Run) -> Iterator[Breach]:
    """Look for remedies imposed before the 15 days of the notice after a course are over."""
    for n, event, entry in run.of(did.RemediesImposed):
        notice = notice_of(run, n, Stage.COURSE_NOTICE_GIVEN)
        due = run.due("course_notice", notice, n) if notice >= 0 else None
        if due is not None and event.on < due:
            yield Breach(entry)


@invariant("INV-23")
def none_while_a_panel_is_pending(run: Run) -> Iterator[Breach]:
    """Look for remedies imposed between the respondent's request for a panel and what ends it."""
    pending = False
    for entry in run.acts:
        if isinstance(entry.event, did.PanelRequested):
            pending = entry.stage is Stage.COURSE_NOTICE_GIVEN
        elif isinstance(entry.event, did.DeterminationIssued | did.CourseAgreed) or entry.to is Stage.CLOSED:
            pending = False
        elif isinstance(entry.event, did.RemediesImposed) and pending:
            yield Breach(entry)


@invariant("INV-24")
def on_a_ground(run: Run) -> Iterator[Breach]:
    """Look for remedies with neither a panel's Denial nor an unanswered notice after a failed course."""
    for n, _, entry in run.of(did.RemediesImposed):
        if found(run, n) is Determination.DENIAL:
            continue
        notice = notice_of(run, n, Stage.COURSE_NOTICE_GIVEN)
        answered = run.last(did.PanelRequested, before=n) > notice
        failed = run.last(did.CourseFailed, before=notice) >= 0 if notice >= 0 else False
        reopened = (
            notice >= 0 and run.acts[notice].stage is Stage.CLOSED and run.last(did.CourseAgreed, before=notice) >= 0
        )
        if notice < 0 or answered or not (failed or reopened):
            yield Breach(entry)


@invariant("INV-25")
def panel_under_us_law(run: Run) -> Iterator[Breach]:
    """Look for remedies, or duties on suspended entries, of the United States without a panel's Denial."""
    if run.parties()[0] is not Party.US:
        return
    for n, _, entry in run.of(did.RemediesImposed):
        if found(run, n) is not Determination.DENIAL:
            yield Breach(entry, "panel_found_denial")
    for n, event, entry in run.of(did.HoldApplied):
        findings = [one.finding for _, one, _ in run.of(did.DeterminationIssued, before=n) if one.on <= event.on]
        if findings[-1:] != [Determination.DENIAL]:
            yield Breach(entry)


@invariant("INV-26")
def five_business_days(run: Run) -> Iterator[Breach]:
    """Look for remedies imposed before the 5 business days of the notice after a determination are over."""
    for n, event, entry in run.of(did.RemediesImposed):
        notice = notice_of(run, n, Stage.REMEDIES_NOTIFIED)
        if notice < run.last(did.DeterminationIssued, before=n) and entry.stage is Stage.REMEDIES_NOTIFIED:
            yield Breach(entry)
        due = run.due("remedy_notice", notice, n) if notice >= 0 else None
        if due is not None and event.on < due:
            yield Breach(entry)


def priors(run: Run, before: date) -> int:
    """Return how many earlier cases count for the tiers."""
    facility = run.facility(len(run.acts))
    return len(
        {
            one.case_id
            for one in run.context.register.denials
            if facility is not None
            and one.case_id != run.case.id
            and one.on < before
            and (one.basis is Basis.PANEL or run.context.reading.own_findings_count)
            and (
                (one.facility.name.lower(), one.facility.country) == (facility.name.lower(), facility.country)
                or (facility.owner is not None and (one.facility.owner or "").lower() == facility.owner.lower())
            )
        }
    )


@invariant("INV-27")
def tiers(run: Run) -> Iterator[Breach]:
    """Look for a remedy of a tier for which there are too few prior Denials."""
    for _, event, entry in run.of(did.RemediesImposed):
        reached = 3 if event.measure is Remedy.ENTRY_DENIED else 2 if event.reach else 1
        if event.tier is NOT_STATED and reached == 1:
            yield Breach(entry, "within_tier")
        elif priors(run, event.on) < max(reached, 1 if event.tier is NOT_STATED else event.tier) - 1:
            yield Breach(entry)


@invariant("INV-28")
def settlements_are_no_priors(run: Run) -> Iterator[Breach]:
    """Look for a prior Denial that this case leaves by our default reading without a panel's Denial in it."""
    left = run.left or Register.of([run.case])
    question, panels = None, 0
    for entry in run.acts:
        question = (entry.sets or {}).get("question", question)
        denial = getattr(entry.event, "finding", None) is Determination.DENIAL
        panels += denial and question == Question.IS_THERE_A_DENIAL
    facility = run.facility(len(run.acts))
    if facility is not None and len(left.prior("ANOTHER", facility, date(8999, 1, 1), Reading())) > min(panels, 1):
        yield Breach(run.case.path[-1])


@invariant("INV-29")
def entry_denied_to_goods(run: Run) -> Iterator[Breach]:
    """Look for entry denied to anything but goods."""
    for n, event, entry in run.of(did.RemediesImposed):
        facility = run.facility(n)
        sector = facility and facility.sector
        if event.measure is Remedy.ENTRY_DENIED and sector not in {Sector.MANUFACTURING, Sector.MINING}:
            yield Breach(entry, "entry_denial_of_goods" if sector is NOT_STATED else None)


@invariant("INV-30")
def none_survives_remediation(run: Run) -> Iterator[Breach]:
    """Look for a remedy in force after remediation: established while it is, before it is, or lifted on a later day."""
    last: date | None = None
    for n, entry in enumerate(run.acts):
        if entry.track is Track.HOLD:
            continue
        remediated = run.last(did.RemediationCompleted, before=n)
        if isinstance(entry.event, did.RemediesImposed) and remediated > run.last(did.DeterminationIssued, before=n):
            yield Breach(entry, "not_remediated")
        if entry.stage not in IN_FORCE:
            last = None
        elif isinstance(entry.event, did.RemediationCompleted):
            yield Breach(entry, "remedy_ends_today")
            last = last or (entry.event.known[1] if entry.event.known else entry.event.on)
        elif isinstance(entry.event, did.DeterminationIssued) and entry.to in IN_FORCE:
            last = None
        elif entry.to not in IN_FORCE and last is not None:
            ended = entry.act.known[0] if entry.act.known else entry.act.on
            if ended > last:
                yield Breach(entry, "within")


@invariant("INV-31")
def none_without_a_denial(run: Run) -> Iterator[Breach]:
    """Look for remedies imposed after a panel found no Denial, or a claim out of scope."""
    for n, _, entry in run.of(did.RemediesImposed):
        if found(run, n) in {Determination.NO_DENIAL, Determination.OUT_OF_SCOPE}:
            yield Breach(entry)
