"""INV-15 to INV-21: reply, review, consultations, course of remediation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Role
from rrm_lifecycle.law.stages import Stage
from tests.properties.checkers.run import Breach, Run, invariant, noted

REPORTS: Final[dict[type[did.Event], set[Stage]]] = {
    did.NoDenialReported: {Stage.NO_DENIAL_REPORTED, Stage.REVIEW_DECLINED},
    did.DenialReported: {Stage.DENIAL_REPORTED},
    did.CuredDenialReported: {Stage.CURED_DENIAL_REPORTED},
    did.PartialDenialReported: {Stage.PARTIAL_DENIAL_REPORTED},
}


@invariant("INV-15")
def reply_in_ten_days(run: Run) -> Iterator[Breach]:
    """Look for an answer that is noted as late in time, or is late and not noted."""
    for n, _, entry in run.of(did.ReviewAccepted, did.ReviewDeclined):
        if entry.stage is Stage.REVIEW_REQUESTED:
            late = run.is_late(n, "reply", run.last(did.ReviewRequested, before=n))
            if late is not noted(entry, "within", "reply"):
                yield Breach(entry)


@invariant("INV-16")
def review_runs_from_the_request(run: Run) -> Iterator[Breach]:
    """Look for 45 days that do not run from the request alone, and for a report told late in time or the reverse."""
    for n, _, entry in run.of(did.ReviewRequested):
        started = [limit.due for limit in entry.started if limit.term == "review"]
        if started != [due for due in [run.due("review", n, n)] if due is not None]:
            yield Breach(entry)
    for _, _, entry in run.of(did.ReviewAccepted, did.ReviewDeclined):
        if "review" in {*entry.stopped, *(limit.term for limit in entry.started)}:
            yield Breach(entry)
    for n, _, entry in run.of(*REPORTS):
        late = run.is_late(n, "review", run.last(did.ReviewRequested, before=n))
        if late is not noted(entry, "within", "review"):
            yield Breach(entry)


@invariant("INV-17")
def outcomes_of_a_review(run: Run) -> Iterator[Breach]:
    """Look for a review that ends in none of the five outcomes; no report is one after the last day alone."""
    for n, entry in enumerate(run.acts):
        leads = REPORTS.get(type(entry.act))
        if leads is not None and (entry.stage is not Stage.UNDER_REVIEW or entry.to not in leads):
            yield Breach(entry)
        if entry.stage is not Stage.UNDER_REVIEW or entry.to is entry.stage:
            continue
        if entry.by is Role.RESPONDENT and leads is None:
            yield Breach(entry)
        if isinstance(entry.event, did.PanelRequested):
            due = run.due("review", run.last(did.ReviewRequested, before=n), n)
            if due is None or entry.act.on <= due:
                yield Breach(entry)


@invariant("INV-18")
def consultations_on_a_report(run: Run) -> Iterator[Breach]:
    """Look for consultations that something else than a report of a Denial starts."""
    for entry in run.acts:
        for limit in entry.started:
            if limit.term == "consultations" and not isinstance(
                entry.event,
                did.DenialReported | did.CuredDenialReported | did.PartialDenialReported | did.LimitExtended,
            ):
                yield Breach(entry)


@invariant("INV-19")
def course_by_consent(run: Run) -> Iterator[Breach]:
    """Look for a course without the consent of both, or without one end."""
    for _, event, entry in run.of(did.CourseAgreed, did.CourseExtended):
        ends = [limit.due for limit in entry.started if limit.term == "course"]
        if entry.by is not Role.BOTH or event.by not in {None, Role.BOTH} or len(ends) != 1:
            yield Breach(entry)
        elif event.agreed_end is NOT_STATED:
            yield Breach(entry, "end_stated" if isinstance(event, did.CourseAgreed) else "later_end")
        elif ends != [event.agreed_end] or (event.agreed_end < event.on and isinstance(event, did.CourseAgreed)):
            yield Breach(entry)


@invariant("INV-20")
def no_remedy_in_a_course(run: Run) -> Iterator[Breach]:
    """Look for remedies imposed up to the agreed end of the course agreed last."""
    for n, event, entry in run.of(did.RemediesImposed):
        course = run.last(did.CourseAgreed, did.CourseExtended, before=n)
        end = getattr(run.acts[course].event, "agreed_end", NOT_STATED) if course >= 0 else NOT_STATED
        if end is not NOT_STATED and event.on <= end:
            yield Breach(entry)


@invariant("INV-21")
def notice_after_the_course(run: Run) -> Iterator[Breach]:
    """Look for a notice of 15 days without a course, or up to the agreed end of it."""
    for n, event, entry in run.of(did.RemediesNotified):
        if entry.to is not Stage.COURSE_NOTICE_GIVEN:
            continue
        course = run.last(did.CourseAgreed, did.CourseExtended, before=n)
        end = getattr(run.acts[course].event, "agreed_end", None) if course >= 0 else None
        if end is None or end is NOT_STATED or event.on <= end:
            yield Breach(entry, "ended" if end is NOT_STATED else None)
