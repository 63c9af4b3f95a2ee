"""Patchy histories are played through the table: what fits, what is implied, what deviates."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories import EventType, FinalStatus, History, HistoryEvent, load
from rrm_lifecycle.histories.acts import Step, step_for
from rrm_lifecycle.histories.alignment import align, align_all, silence
from rrm_lifecycle.histories.search import place
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.plain import to_dict


def _history(*events: HistoryEvent, **more: object) -> History:
    return History("one", "Planta Uno", events=events, as_of=date(2024, 12, 31), **more)  # type: ignore[arg-type]


class TestShippedHistories:
    """The real cases play through the table."""

    def test_all_align(self) -> None:
        """No shipped history deviates, none has a tie, and each case replays."""
        aligned = align_all(load())
        assert [one.history.id for one in aligned if one.deviations or one.alternatives] == []
        assert all(replay(one.case.path) == one.case for one in aligned)

    def test_json(self) -> None:
        """The JSON has the promised keys."""
        told = json.loads(json.dumps(to_dict(align_all(load()))))
        keys = {"id", "stage", "phase", "closing", "entries", "remarks", "deviations", "alternatives"}
        assert keys <= set(told["cases"][0])
        assert told["summary"]["cases"] == len(told["cases"])

    def test_closed_plant(self) -> None:
        """The second case of Manufacturas VU ends by an implied close, since its plant had closed."""
        last = align(load()["vu-2"]).entries[-1]
        assert (type(last.act).__name__, last.implied) == ("CaseClosed", True)
        assert last.act.known == (date(2023, 10, 9), date(2023, 10, 10))


class TestRules:
    """The rules, one by one."""

    def test_first_in_table_order(self) -> None:
        """Of runs that cost the same the first is entered, and the others are named."""
        one = align(
            _history(
                HistoryEvent(EventType.RESPONDENT_ACCEPTS_REVIEW, date(2024, 2, 1)),
                HistoryEvent(EventType.COURSE_FAILED, date(2024, 6, 1)),
            )
        )
        assert not one.deviations
        names = [type(entry.act).__name__ for entry in one.implied]
        assert names == ["ReviewRequested", "DenialReported", "CourseAgreed"]
        assert [other.acts[0] for other in one.alternatives] == ["CuredDenialReported", "PartialDenialReported"]

    def test_silence(self) -> None:
        """A panel asked for after a silence says that no answer is on record."""
        one = align(
            _history(
                HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2024, 2, 1)),
                HistoryEvent(EventType.PANEL_REQUESTED, date(2024, 2, 20)),
            )
        )
        assert [entry.rule for entry in one.entries] == ["A4-01a", "A4-04a"]
        assert silence(one.entries[-1]) == "no answer on record"

    def test_an_act_instead_of_an_answer_says_so(self) -> None:
        """A course agreed where no answer is on record says so beside its lateness; one after a report does not."""
        public = load()
        assert silence(align(public["akwel"]).entries[-1]) == "no answer on record"
        course = next(
            one for one in align(public["goodyear-slp"]).entries if type(one.event).__name__ == "CourseAgreed"
        )
        assert silence(course) is None

    def test_end_said_again(self) -> None:
        """What says the end of a closed case again is a remark."""
        one = align(
            _history(
                HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2024, 2, 1)),
                HistoryEvent(EventType.MATTER_RESOLVED, date(2024, 6, 1)),
                HistoryEvent(EventType.REMEDIATION_COMPLETED, date(2024, 7, 1)),
            )
        )
        assert [remark.event.type for remark in one.remarks if remark.event] == [EventType.REMEDIATION_COMPLETED]

    def test_deviation(self) -> None:
        """An acceptance after the close is reported with its refusal, and the play goes on."""
        one = align(
            _history(
                HistoryEvent(EventType.CASE_WITHDRAWN, date(2024, 2, 1)),
                HistoryEvent(EventType.RESPONDENT_ACCEPTS_REVIEW, date(2024, 6, 1)),
            )
        )
        assert [found.refusal.no_rule for found in one.deviations] == [True]

    def test_status(self) -> None:
        """A case that is said to be resolved, and left open by its last event, is settled by an implied act."""
        request = HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2024, 2, 1))
        one = align(_history(request, final_status=FinalStatus.RESOLVED))
        assert one.case.is_closed
        assert one.entries[-1].implied

    def test_a_shorter_wait_chooses_the_dearer_run(self) -> None:
        """Remedies five days after the notice follow a panel: after a course their notice would be too short."""
        notice = HistoryEvent(EventType.NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES, date(2022, 11, 27))
        assert align(_history(notice)).implied[-1].to.value == "course_disputed"
        one = align(_history(notice, HistoryEvent(EventType.REMEDIES_IMPOSED, date(2022, 12, 2))))
        assert not one.deviations
        assert one.implied[-1].to.value == "denial_determined"

    def test_an_act_that_is_admitted_at_once_may_belong_later(self) -> None:
        """A panel that the complainant could have asked for follows remedies, where these end five days later."""
        events = (
            HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2022, 1, 19)),
            HistoryEvent(EventType.PANEL_REQUESTED, date(2022, 10, 21)),
        )
        assert not align(_history(*events)).implied
        one = align(_history(*events, HistoryEvent(EventType.REMEDIES_LIFTED, date(2022, 10, 26))))
        assert not one.deviations
        assert one.implied

    def test_a_run_goes_around_a_fact(self) -> None:
        """Of two implied acts one may lie before a completed remediation and one behind it, where a wait asks for it."""
        one = align(
            _history(
                HistoryEvent(EventType.COURSE_FAILED, date(2022, 10, 9)),
                HistoryEvent(EventType.REMEDIATION_COMPLETED, date(2022, 10, 15)),
                HistoryEvent(EventType.REMEDIES_LIFTED, date(2022, 10, 27)),
            )
        )
        assert not one.deviations
        names = [type(entry.act).__name__ for entry in one.entries[-5:]]
        assert names == [
            "CourseFailed",
            "RemediesNotified",
            "RemediationCompleted",
            "RemediesImposed",
            "RemediesLifted",
        ]

    def test_a_premature_notice_stays_a_deviation(self) -> None:
        """A notice before the agreed end that the record tells is reported, not explained away."""
        one = align(
            _history(
                HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2022, 1, 3)),
                HistoryEvent(EventType.COURSE_OF_REMEDIATION_AGREED, date(2022, 2, 1), agreed_end=date(2022, 9, 1)),
                HistoryEvent(EventType.COURSE_FAILED, date(2022, 5, 1)),
                HistoryEvent(EventType.NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES, date(2022, 5, 2)),
            )
        )
        assert [found.event.type for found in one.deviations] == [EventType.NOTICE_OF_INTENT_TO_IMPOSE_REMEDIES]

    def test_release_alone(self) -> None:
        """A release without a start implies the start, and the request on which a hold stands."""
        one = align(_history(HistoryEvent(EventType.LIQUIDATION_RESUMED, date(2024, 2, 1))))
        assert not one.deviations
        assert [type(entry.act).__name__ for entry in one.implied] == ["ReviewRequested", "HoldBegun"]


def _exhaustive(case: Case, steps: tuple[Step, ...]) -> bool:
    if not steps:
        return True
    day = steps[0].first
    while day <= steps[0].last:
        ruling = decide(case, steps[0].on(day))
        if isinstance(ruling, Entry) and _exhaustive(evolve(case, ruling), steps[1:]):
            return True
        day += timedelta(1)
    return False


@pytest.mark.parametrize("seed", range(60))
def test_search_finds_days_wherever_there_are_any(seed: int) -> None:
    """The few days that the search tries find a choice of days wherever trying every day finds one."""
    random = Random(seed)
    kinds = random.choice((
        (did.ReviewRequested, did.PanelRequested, did.PanelistsDrawn),
        (did.ReviewRequested, did.CourseAgreed, did.CourseFailed, did.RemediesNotified, did.PanelRequested),
        (did.ReviewRequested, did.CourseAgreed, did.CourseFailed, did.RemediesNotified, did.RemediesImposed),
    ))  # fmt: skip
    history, first = _history(), date(2024, 2, 1)
    steps = []
    for kind in kinds:
        first += timedelta(random.randint(0, 9))
        steps.append(step_for(history, kind, first, first + timedelta(random.randint(0, 5))))
    start = Case.start("one", complainant="US", respondent="MX")
    assert (place(start, tuple(steps), None) is not None) is _exhaustive(start, tuple(steps))
