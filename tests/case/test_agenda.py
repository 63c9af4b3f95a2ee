"""What is due in a case, and what may be done in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import attrs
import pandas as pd
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.agenda import CUSTOMS_HOLD, Agenda, Options, agenda, options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, NoDenialGround, Role
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import REPLY, Kind, Standing
from tests.law.cases import at, day, request, under

REQUESTED: Final = at(S.REVIEW_REQUESTED)
NO_DAYS: Final = (datetime(2024, 4, 1), pd.Timestamp("2024-04-01"), pd.NaT, "2024-04-01", None)  # noqa: DTZ001 - refused


class TestAgenda:
    """The limits that run, as seen from a day."""

    def test_limits(self) -> None:
        """After a request, the respondent's reply is due on day 10 and its review on day 45, in that order."""
        reply, review = agenda(REQUESTED, day(3))
        assert (reply.term, reply.due, reply.days_left, reply.who) == ("reply", day(10), 7, Role.RESPONDENT)
        assert (review.term, review.due, review.days_left, review.started) == ("review", day(45), 42, day(0))
        assert (reply.case_id, reply.provision, reply.kind) == ("TEST-1", "Art. 31-A.4", Kind.AT_MOST)

    @pytest.mark.parametrize(("n", "left"), [(9, 1), (10, 0), (11, -1), (40, -30)])
    def test_days_left(self, n: int, left: int) -> None:
        """Days are left up to the last day; after it they are negative."""
        assert agenda(REQUESTED, day(n))[0].days_left == left

    @pytest.mark.parametrize(("n", "due", "left"), [(8, 8, 0), (9, 10, 1), (10, 10, 0), (11, 10, -1)])
    def test_nobody_is_late_before_it_is_certain(self, n: int, due: int, left: int) -> None:
        """Where a limit began between two days, the earliest last day is shown until it is past, and then the latest."""
        case = play(Case.start("TEST-1"), request(-2, known=(day(-2), day(0))))
        reply = agenda(case, day(n))[0]
        assert (reply.due, reply.days_left) == (day(due), left)

    def test_opens(self) -> None:
        """A limit names the acts that its end opens where the case stands, and none where it opens nothing there."""
        reply, review = agenda(REQUESTED, day(3))
        assert (reply.opens, review.opens) == (("PanelRequested",), ())
        (review,) = agenda(at(S.UNDER_REVIEW), day(20))
        assert review.opens == ("PanelRequested",)
        notice = agenda(at(S.REMEDIES_NOTIFIED), day(113))
        assert [(due.term, due.opens) for due in notice] == [("remedy_notice", ("RemediesImposed",))]
        (course,) = agenda(at(S.COURSE_DISPUTED), day(201))
        assert course.opens == ("RemediesNotified",)

    def test_past_day(self) -> None:
        """On a past day the agenda is that of the case as it stood at the end of that day."""
        case = at(S.NO_DENIAL_REPORTED)
        assert len(agenda(case, day(45))) == 0
        assert [due.term for due in agenda(case, day(44))] == ["review"]
        assert [due.term for due in agenda(case, day(0))] == ["reply", "review"]
        assert agenda(case, day(-1)).items == ()

    def test_first_what_is_due_first(self) -> None:
        """The order is that of the last days, whatever the order in which the limits began."""
        turned = attrs.evolve(REQUESTED, limits=REQUESTED.limits[::-1])
        assert agenda(turned, day(0)).items == agenda(REQUESTED, day(0)).items

    def test_no_last_day_comes_last(self) -> None:
        """A course without a stated end has no last day and no days left, and comes after what has one."""
        acts = (request(), did.ReviewDeclined(day(3)), did.CourseAgreed(day(4), agreed_end=NOT_STATED))
        course = agenda(at(S.ASSESSMENT, *acts), day(5))[0]
        assert (course.term, course.due, course.days_left) == ("course", None, None)
        petitioned = at(S.REQUEST_DUE, request(), did.ReviewDeclined(day(3)), acts[-1])
        assert [due.term for due in agenda(petitioned, day(5))] == ["panel_decision", "course"]

    def test_open_hold(self) -> None:
        """An open customs hold stands on the agenda, without a last day and after the limits, until it is released."""
        case = at(S.REVIEW_REQUESTED, did.HoldBegun(day(1)))
        hold = agenda(case, day(3))[-1]
        assert (hold.term, hold.due, hold.days_left, hold.kind) == (CUSTOMS_HOLD, None, None, None)
        assert (hold.who, hold.opens, hold.provision) == (Role.COMPLAINANT, ("HoldReleased",), "Art. 31-A.4.3")
        assert CUSTOMS_HOLD not in [due.term for due in agenda(case, day(0))]
        released = at(
            S.REVIEW_REQUESTED,
            did.HoldBegun(day(1)),
            did.RemediationCompleted(day(2)),
            did.HoldReleased(day(4), ground="otherwise_remedied"),
        )
        assert [due.term for due in agenda(released, day(5))] == ["reply", "review"]

    def test_standing(self) -> None:
        """A limit tells the weaker of what its number and its unit rest on."""
        assert agenda(REQUESTED, day(1))[0].standing is Standing.SECONDARY
        assert agenda(at(S.DENIAL_REPORTED), day(46))[0].standing is Standing.UNCONFIRMED
        confirmation = agenda(at(S.PANEL_CONSTITUTED), day(66))[0]
        assert (confirmation.term, confirmation.standing) == ("confirmation", Standing.TEXT)

    def test_a_term_switched_off_since(self) -> None:
        """A limit that runs is told even under a reading that has its term off."""
        (reply, _) = agenda(REQUESTED, day(3), context=under(terms=[REPLY.off()]))
        assert (reply.term, reply.due) == ("reply", day(10))

    def test_under_the_other_annex(self) -> None:
        """Under Annex 31-B the provisions are those of that Annex."""
        case = at(S.REVIEW_REQUESTED, annex=ANNEX_31B)
        assert agenda(case, day(3))[0].provision == "Art. 31-B.4"

    def test_sequence(self) -> None:
        """An agenda is a sequence of limits, and prints one a line in English and in Spanish."""
        found = agenda(REQUESTED, day(3))
        assert isinstance(found, Agenda)
        assert (len(found), list(found), found[0:1]) == (2, list(found.items), found.items[:1])
        assert str(found).splitlines() == [str(due) for due in found]
        assert found.text("es").splitlines() == [due.text("es") for due in found]
        assert found.text("es") != found.text("en")
        assert str(day(10)) in str(found[0])

    @pytest.mark.parametrize("today", NO_DAYS)
    def test_no_days_are_refused(self, today: Any) -> None:
        """What is no plain day is refused, for the agenda and for the options."""
        with pytest.raises(EventError, match=r"today has to be a datetime\.date"):
            agenda(REQUESTED, today)
        with pytest.raises(EventError, match=r"today has to be a datetime\.date"):
            options(REQUESTED, today)


def rules(found: Options, *, is_open: bool) -> set[str]:
    """Return the ids of the rows that are open, or shut."""
    return {option.rule for option in found if option.is_open is is_open}


class TestOptions:
    """The acts that the table provides for, by whom, which are open, and which open when."""

    def test_open_and_shut(self) -> None:
        """While the reply runs, the respondent may answer and the complainant may not ask for a panel yet."""
        found = options(REQUESTED, day(3))
        assert {"A4-03a", "A4-03b", "X-06", "A4-02"} <= rules(found, is_open=True)
        (panel,) = [option for option in found if option.event is did.PanelRequested]
        assert (panel.rule, panel.who, panel.is_open, panel.opens) == ("A4-04a", Role.COMPLAINANT, False, day(11))
        assert [reason.code for reason in panel.reasons] == ["lapsed"]

    @pytest.mark.parametrize("n", [10, 11, 60])
    def test_options_agree_with_rulings(self, n: int) -> None:
        """An act without conditions of its own is admitted on a day if and only if its option is open then."""
        found = options(REQUESTED, day(n))
        panel = next(option for option in found if option.event is did.PanelRequested)
        assert decide(REQUESTED, did.PanelRequested(day(n))).admitted is panel.is_open
        assert panel.opens == day(max(n, 11))

    def test_facts_of_the_case(self) -> None:
        """An option that a fact of the case bars tells the fact, and no day on which it opens."""
        found = options(at(S.UNDER_REVIEW), day(20))
        (closed,) = [option for option in found if option.event is did.CaseClosed]
        assert (closed.is_open, closed.opens) == (False, None)
        assert [reason.code for reason in closed.reasons] == ["plant_closed"]

    def test_two_reasons(self) -> None:
        """Barred by two limits, an option opens when the later one is over; by a fact too, on no day."""
        both = at(S.COURSE_NOTICE_GIVEN)
        imposed = next(one for one in options(both, day(211)) if one.event is did.RemediesImposed)
        assert imposed.opens == day(225)
        strict = options(both, day(211), context=under(remedy_without_panel=False))
        imposed = next(one for one in strict if one.event is did.RemediesImposed)
        assert (imposed.opens, len(imposed.reasons)) == (None, 2)

    def test_needs(self) -> None:
        """An option names the conditions that the act itself has to meet."""
        found = {option.rule: option.needs for option in options(at(S.PANEL_REQUESTED), day(61))}
        assert found["A5-02a"] == ("three_panelists",)
        assert found["X-03"] == ("limit_runs", "later_day")
        assert found["X-06"] == ()

    def test_having(self) -> None:
        """Where a row stands for one value of a field alone, the option says which."""
        found = options(at(S.UNDER_REVIEW), day(20), context=under(scope_objection_declines=True))
        assert [one.having for one in found if one.rule == "A4-04c"] == [("ground", NoDenialGround.SCOPE)]

    def test_before_the_last_act(self) -> None:
        """On a day before the last act of a case nothing of its own track is open, since days run forward."""
        found = options(at(S.UNDER_REVIEW), day(9))
        assert rules(found, is_open=True) == {"A4-02"}
        assert all("in_order" in [reason.code for reason in one.reasons] for one in found if not one.event.of_hold)

    def test_open_hold(self) -> None:
        """While a hold is open, its release is among the options, and another hold is not."""
        found = options(at(S.UNDER_REVIEW, did.HoldBegun(day(1))), day(20))
        assert "A4-16" in rules(found, is_open=True)
        assert "A4-02" not in {option.rule for option in found}

    def test_closed(self) -> None:
        """In a closed case there is nothing to do but in the hold."""
        assert {option.event.of_hold for option in options(at(S.CLOSED), day(20))} == {True}

    def test_before_the_parties_are_known(self) -> None:
        """Before the Parties are known, the options are those of either Party of the Annex."""
        assert {"US-01", "US-03"} <= {one.rule for one in options(Case.start("TEST-1"), day(0))}
        by_canada = {one.rule for one in options(Case.start("TEST-1", annex=ANNEX_31B), day(0))}
        assert "B-02" in by_canada
        assert "US-01" not in by_canada
        assert not {"US-01", "B-02"} & {one.rule for one in options(Case.start("TEST-1", complainant="MX"), day(0))}

    def test_before_entry_into_force(self) -> None:
        """Before the treaty was in force nothing is open."""
        assert rules(options(Case.start("TEST-1"), date(2020, 6, 30)), is_open=True) == set()

    def test_sequence(self) -> None:
        """Options are a sequence, in table order, and print one a line in English and in Spanish."""
        found = options(REQUESTED, day(3))
        assert isinstance(found, Options)
        assert (len(found), list(found), found[0:2]) == (len(found.items), list(found.items), found.items[:2])
        assert found[0].rule == "A4-03a"
        assert str(found).splitlines() == [str(option) for option in found]
        assert found.text("es").splitlines() == [option.text("es") for option in found]
        assert found.text("es") != found.text("en")


class TestWhatIsTold:
    """What an agenda and options tell rests on the reading and prints by the case's Annex."""

    def test_a_row_that_is_switched_off_opens_nothing(self) -> None:
        """Where the gate of silence is switched off, the lapse of the reply opens nothing."""
        case = at(S.REVIEW_REQUESTED)
        reply = next(due for due in agenda(case, day(1)) if due.term == "reply")
        assert reply.opens == ("PanelRequested",)
        shut = agenda(case, day(1), context=under(without={"A4-04a"}))
        assert next(due for due in shut if due.term == "reply").opens == ()

    def test_an_open_hold_is_told_by_its_annex(self) -> None:
        """An open hold names its case, and the provision of the Annex that the case is under."""
        case = play(Case.start("CA-1", annex=ANNEX_31B, complainant="CA"), request(0), did.HoldBegun(day(1)))
        (hold,) = (due for due in agenda(case, day(2)) if due.term == CUSTOMS_HOLD)
        assert (hold.case_id, hold.provision, hold.started) == ("CA-1", "Art. 31-B.4.3", day(1))

    def test_options_cite_by_the_annex(self) -> None:
        """An option names the provision of the Annex that the case is under."""
        case = play(Case.start("CA-1", annex=ANNEX_31B, complainant="CA"), request(0))
        assert options(case, day(1))[0].provision == "Art. 31-B.4"

    def test_the_first_due_comes_first(self) -> None:
        """Limits stand in the order of their last days, and what has none comes last."""
        acts = (did.DenialReported(day(45)), did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        case = at(S.UNDER_REVIEW, *acts)
        later = play(case, did.FacilityClosed(day(60)))
        assert [due.due for due in agenda(later, day(61))] == [None]
        days = [due.due for due in agenda(at(S.REVIEW_REQUESTED), day(1))]
        assert days == [day(10), day(45)]

    def test_refusal_opens_by_the_row_that_time_opens(self) -> None:
        """Of several rows of an act, the one that time alone opens says from which day on."""
        case = at(S.VERIFICATION_REQUESTED)
        answer = decide(case, did.NoVerificationAsked(case.last_day or day(0)))
        assert not answer.admitted
        (limit,) = (limit for limit in case.limits if limit.term == "verification_reply")
        assert limit.due is not None
        assert answer.opens == limit.due + timedelta(1)

    def test_the_day_of_looking_is_told(self) -> None:
        """An agenda and options say on which day one looked; an open hold says what it rests on."""
        case = at(S.REVIEW_REQUESTED, did.HoldBegun(day(1)))
        assert agenda(case, day(2)).today == options(case, day(2)).today == day(2)
        assert agenda(case, day(2))[-1].standing is Standing.TEXT
