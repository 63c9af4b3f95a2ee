"""Settings of a reading: terms set otherwise, rows switched off, the end of the treaty; what an entry says of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Unit
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import ROWS, decide, play
from rrm_lifecycle.errors import ReadingError, TermError
from rrm_lifecycle.law.readings import ClosingDays, Reading
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import (
    CONFIRMATION,
    CONSULTATIONS,
    COURSE,
    LIFTING_BAR,
    LOT,
    REPLY,
    REVIEW,
    TERMS,
    VERIFICATION_CALL,
    VERIFICATION_VISIT,
    Standing,
)
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, under


class TestTerms:
    """A term may be set to another value or unit, or off."""

    def test_set_otherwise(self) -> None:
        """A reply of twelve days is due on the twelfth."""
        assert due(at(S.REVIEW_REQUESTED, context=under(terms=[REPLY.set(12)])), "reply") == day(12)

    def test_unit_set_otherwise(self) -> None:
        """Ten business days of consultations end on 30 May, past the weekends."""
        context = under(terms=[CONSULTATIONS.set(unit="business_days")])
        assert due(at(S.DENIAL_REPORTED, context=context), "consultations") == date(2024, 5, 30)

    def test_off(self) -> None:
        """Over a term that is off nothing is late, and nothing lapses."""
        context = under(terms=[CONSULTATIONS.off()])
        case = at(S.DENIAL_REPORTED, context=context)
        assert c.running(case) == set()
        assert c.noted(case, did.CourseAgreed(day(90), agreed_end=day(99)), context) == []
        assert codes(c.refusal(case, did.PanelRequested(day(90)), context)) == ["lapsed"]

    def test_what_has_started_keeps_its_end(self) -> None:
        """A limit that has started keeps its last day, whatever a later act is decided under."""
        case = play(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(3)), context=under(terms=[REVIEW.set(60)]))
        assert due(case, "review") == day(45)

    @pytest.mark.parametrize(("term", "stage"), [(VERIFICATION_CALL, S.PETITION_CONFIRMED), (VERIFICATION_VISIT,
        S.VERIFYING), (LIFTING_BAR, S.LIFTING_DISPUTED)])  # fmt: skip
    def test_off_by_default(self, term: Any, stage: S) -> None:
        """The term does not run under the default reading, and runs where a reading sets it."""
        more = (c.found(160),) if stage is S.LIFTING_DISPUTED else ()
        assert term.name not in c.running(at(stage, *more))
        assert term.name in c.running(at(stage, *more, context=under(terms=[term.set()])))

    def test_lifting_bar_off(self) -> None:
        """Without the bar of 180 days a new request about lifting may follow at once."""
        assert c.entry(at(S.LIFTING_DISPUTED, c.found(160)), did.PanelRequested(day(160))).rule == "A10-08a"

    def test_lifting_bar_opens(self) -> None:
        """With the bar, a new request opens on day 180 after the finding."""
        context = under(terms=[LIFTING_BAR.set()])
        assert c.refusal(
            at(S.LIFTING_DISPUTED, c.found(160), context=context), did.PanelRequested(day(161)), context
        ).opens == day(340)

    def test_course_is_set_by_the_act(self) -> None:
        """The course runs to the day that the act names, and takes no length."""
        with pytest.raises(TermError, match="agreed_end"):
            COURSE.set(30)

    @pytest.mark.parametrize("value", [-1, 2.5, True, "10"])
    def test_lengths(self, value: Any) -> None:
        """A length is a whole number of at least 0."""
        with pytest.raises(TermError):
            REPLY.set(value)

    def test_units(self) -> None:
        """A unit is days, business days or years."""
        with pytest.raises(TermError):
            REPLY.set(unit="weeks")
        assert REPLY.set(unit=Unit.YEARS).unit is Unit.YEARS

    def test_terms_of_ours_once(self) -> None:
        """A reading takes our terms, each once."""
        with pytest.raises(ReadingError, match="reply twice"):
            Reading(terms=[REPLY.set(12), REPLY.off()])
        with pytest.raises(ReadingError, match="terms takes terms"):
            Reading(terms=["reply"])  # type: ignore[list-item]
        with pytest.raises(ReadingError, match="terms takes terms"):
            Reading(terms=[attrs.evolve(REPLY, name="replies")])

    def test_before_it_is_in_force(self) -> None:
        """Before its first day a line does not apply; set by a reading it applies on every day."""
        early = date(2020, 6, 30)
        assert Reading().term("reply", early) is None
        line = Reading(terms=[REPLY.set(12)]).term("reply", early)
        assert line is not None
        assert line.value == 12

    def test_units_as_said(self) -> None:
        """Under AMB-01's other reading an unconfirmed business day is a calendar day, a confirmed one stays."""
        reading = Reading(business_only_where_said=True)
        lot, confirmation = reading.term(LOT.name, day(0)), reading.term(CONFIRMATION.name, day(0))
        assert lot is not None
        assert confirmation is not None
        assert (lot.unit, confirmation.unit) == (Unit.DAYS, Unit.BUSINESS_DAYS)

    def test_in_words(self) -> None:
        """A term tells itself in a few words."""
        assert str(REPLY) == "reply: 10 days (at most), Art. 31-A.4"
        assert str(COURSE) == "course: until the day in agreed_end (until), Art. 31-A.4"
        assert str(LIFTING_BAR).endswith(", off unless a reading sets it")
        assert len({str(term) for term in TERMS}) == len(TERMS)


class TestWithout:
    """A reading may switch off rows that rest on nothing confirmed."""

    def test_switched_off(self) -> None:
        """Without A4-14a no remedy follows an unanswered notice."""
        context = under(without={"A4-14a"})
        assert codes(c.refusal(at(S.COURSE_NOTICE_GIVEN), c.imposed(230), context)) == ["no_rule"]

    @pytest.mark.parametrize("row", [row.id for row in ROWS if row.rests_on is not Standing.UNCONFIRMED] + ["A99"])
    def test_confirmed_rows_stand(self, row: str) -> None:
        """A row that rests on a text or on a secondary source cannot be switched off, nor one that is none."""
        with pytest.raises(ReadingError, match=row):
            decide(Case.start("T"), c.request(), context=under(without={row}))

    def test_which_can_be_switched_off(self) -> None:
        """The error names the rows that can be, in the order of the tables, and none besides."""
        free = [row.id for row in ROWS if row.rests_on is Standing.UNCONFIRMED]
        with pytest.raises(ReadingError) as caught:
            decide(Case.start("T"), c.request(), context=under(without={"A4-03a"}))
        assert str(caught.value).rpartition("there are ")[2].split(", ") == free

    def test_takes_a_set(self) -> None:
        """A single text is refused, where a set of ids is meant."""
        with pytest.raises(ReadingError, match="A4-14a"):
            Reading(without="A4-14a")


class TestTreatyUntil:
    """No act is lawful before the treaty is in force, nor after it has ended."""

    @pytest.mark.parametrize(("last", "admitted"), [(0, True), (-1, False), (1, True)])
    def test_last_day(self, last: int, admitted: bool) -> None:
        """The last day of the treaty is a day of the treaty, the day after is none."""
        assert decide(Case.start("T"), c.request(), context=under(treaty_until=day(last))).admitted is admitted

    @pytest.mark.parametrize(("on", "admitted"), [(date(2020, 7, 1), True), (date(2020, 6, 30), False)])
    def test_first_day(self, on: date, admitted: bool) -> None:
        """1 July 2020 is the first day."""
        assert decide(Case.start("T"), attrs.evolve(c.request(), on=on)).admitted is admitted

    def test_exact_day(self) -> None:
        """The last day is a plain date."""
        with pytest.raises(ReadingError, match="treaty_until"):
            Reading(treaty_until="2026-07-01")  # type: ignore[arg-type]


class TestDiffers:
    """An entry says under which reading it was decided."""

    def test_default_is_silent(self) -> None:
        """An entry decided under the default reading says nothing of it."""
        assert Reading().differs == {}
        assert c.entry(Case.start("T"), c.request()).reading is None

    def test_all_that_differs(self) -> None:
        """An entry keeps each field that differs, ready for JSON."""
        context = under(
            roll_over=True, closing_days=ClosingDays.EITHER, terms=[REPLY.set(12), CONSULTATIONS.off()],
            without={"A4-14b", "A4-14a"}, treaty_until=date(2036, 7, 1),
        )  # fmt: skip
        assert c.entry(Case.start("T"), c.request(), context).reading == {
            "roll_over": True,
            "closing_days": "either",
            "terms": {
                "consultations": {"value": 10, "unit": "days", "in_force": False},
                "reply": {"value": 12, "unit": "days", "in_force": True},
            },
            "without": ["A4-14a", "A4-14b"],
            "treaty_until": "2036-07-01",
        }

    def test_one_line(self) -> None:
        """A reading shows what differs, in one line."""
        assert repr(Reading()) == "Reading()"
        assert repr(Reading(roll_over=True)) == "Reading(roll_over=True)"
        long = Reading(terms=[REPLY.set(12), CONSULTATIONS.off()], without={"A4-14a"}, treaty_until=date(2036, 7, 1))
        assert len(repr(long)) <= 120
        assert repr(long).endswith("…)")
