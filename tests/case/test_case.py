"""A case as a value: how it starts, how it stands on a day, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import attrs
import pandas as pd
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve, evolve_all, replay, with_parties
from rrm_lifecycle.case.claim import NOT_STATED, Origin, Party, Question, Role
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.case.engine import decide, play, provided_for
from rrm_lifecycle.errors import EventError, RecordDamaged, RefusedError
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.stages import Closing, Hold, Phase
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.record.entry import Entry
from tests.law.cases import (
    CLAIM,
    IN_CANADA,
    IN_US,
    PLANT,
    at,
    case_of,
    codes,
    day,
    entry,
    petition,
    refusal,
    request,
    under,
)

OPEN: Final = Case.start("TEST-1")
BAD_IDS: Final = (
    "", " ", "a b", "a/b", "../a", "a..b", ".a", "-a", "_a", "x" * 65, "é", "con", "NUL.txt", "a\n", "a\x00", "\uff11",
)  # fmt: skip


class TestStart:
    """A case starts in assessment, under an Annex that binds its Parties."""

    def test_defaults(self) -> None:
        """It starts under Annex 31-A with nothing known."""
        assert (OPEN.stage, OPEN.phase, OPEN.annex) == (S.ASSESSMENT, Phase.REQUEST_FOR_REVIEW, ANNEX_31A)
        assert (OPEN.origin, OPEN.complainant, OPEN.respondent, OPEN.facility, OPEN.opened) == (None,) * 5
        assert (OPEN.acts, OPEN.limits, OPEN.seq, OPEN.is_closed) == ((), (), 0, False)

    @pytest.mark.parametrize(
        ("annex", "given", "parties"),
        [
            (ANNEX_31A, {"complainant": "US"}, ("US", "MX")),
            (ANNEX_31A, {"complainant": "MX"}, ("MX", "US")),
            (ANNEX_31A, {"respondent": "MX"}, ("US", "MX")),
            (ANNEX_31A, {"complainant": "MX", "respondent": "US"}, ("MX", "US")),
            (ANNEX_31B, {"complainant": "CA"}, ("CA", "MX")),
            (ANNEX_31B, {"respondent": Party.CA}, ("MX", "CA")),
        ],
    )
    def test_other_party_follows(self, annex: Any, given: dict[str, Any], parties: tuple[str, str]) -> None:
        """The other Party follows from the Annex."""
        case = Case.start("TEST-1", annex=annex, **given)
        assert (case.complainant, case.respondent) == parties

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"complainant": "CA"}, "Annex 31-A binds MX and US; found CA"),
            ({"respondent": "CA"}, "Annex 31-A binds MX and US; found CA"),
            ({"complainant": "US", "respondent": "CA"}, "complainant US and respondent CA are no pair of Annex 31-A"),
            ({"complainant": "US", "respondent": "US"}, "complainant US and respondent US are no pair of Annex 31-A"),
            ({"annex": ANNEX_31B, "complainant": "US"}, "Annex 31-B binds CA and MX; found US"),
            ({"complainant": "GT"}, "complainant has to be one of 'US', 'MX', 'CA'; found 'GT'"),
            ({"respondent": 3}, "respondent has to be one of 'US', 'MX', 'CA'; found 3"),
            ({"origin": "rumour"}, "origin has to be one of 'petition', 'hotline', 'self_initiated'; found 'rumour'"),
            ({"annex": "31-A"}, "annex has to be ANNEX_31A or ANNEX_31B; found '31-A'"),
        ],
    )
    def test_bad_starts_are_refused(self, given: dict[str, Any], message: str) -> None:
        """Parties that the Annex does not bind, an unknown origin and an unknown Annex are refused."""
        with pytest.raises(EventError, match=message):
            Case.start("TEST-1", **given)

    def test_an_error_is_bounded(self) -> None:
        """What is told of a start that is refused ends after 400 characters, whatever was given."""
        with pytest.raises(EventError) as caught:
            Case.start("TEST-1", annex="x" * 1000)  # type: ignore[arg-type]
        assert len(str(caught.value)) == 400

    @pytest.mark.parametrize("case_id", BAD_IDS)
    def test_bad_ids_are_refused(self, case_id: str) -> None:
        """An id that is unsafe in a file name, an address or a terminal is refused, and a spelling is shown."""
        with pytest.raises(EventError, match="write '") as caught:
            Case.start(case_id)
        spelling = str(caught.value).rpartition("write '")[2].rstrip("'")
        assert Case.start(spelling).id == spelling

    @pytest.mark.parametrize("case_id", ["A", "SLP-2024-01", "a.b_c-d", "0", "x" * 64])
    def test_ids(self, case_id: str) -> None:
        """Letters, digits, dots, underscores and hyphens make an id, up to 64 of them."""
        assert Case.start(case_id).id == case_id

    def test_an_id_is_a_text(self) -> None:
        """A number is no id."""
        with pytest.raises(EventError, match="has to be a text; found int"):
            Case.start(3)  # type: ignore[arg-type]

    def test_origin(self) -> None:
        """The origin is a member, whatever it was given as; the opening says it."""
        case = Case.start("TEST-1", origin="hotline")
        assert case.origin is Origin.HOTLINE
        assert case.opened_with.origin is Origin.HOTLINE

    def test_openings_are_shared(self) -> None:
        """Cases that open with nothing but the Annex share one opening value, and are no less cases of their own."""
        other = Case.start("TEST-2")
        assert other.opened_with is OPEN.opened_with
        assert other != OPEN


class TestActs:
    """A case refuses acts out of order, out of the treaty, out of territory and by the wrong actor."""

    def test_before_entry_into_force(self) -> None:
        """A request on 30 June 2020 is refused and opens on no later day by itself; on 1 July 2020 it is admitted."""
        first = date(2020, 7, 1)
        early = refusal(OPEN, did.ReviewRequested(first - timedelta(1), **CLAIM))
        assert "in_force" in codes(early)
        assert decide(OPEN, did.ReviewRequested(first, **CLAIM)).admitted

    def test_days_out_of_order(self) -> None:
        """An act that is dated before the last one is refused, on the same day it is admitted."""
        case = at(S.UNDER_REVIEW)
        assert codes(refusal(case, did.NoDenialReported(day(9)))) == ["in_order"]
        assert decide(case, did.NoDenialReported(day(10))).admitted

    @pytest.mark.parametrize(
        ("start", "facility"),
        [({}, IN_CANADA), ({"respondent": "MX"}, IN_US), ({"respondent": "US"}, PLANT), ({"annex": ANNEX_31B}, IN_US)],
    )
    def test_facility_outside_the_territory(self, start: dict[str, Any], facility: Any) -> None:
        """A facility outside the respondent's territory is refused, and the case learns no Party from it."""
        ruling = refusal(Case.start("TEST-1", **start), request(facility=facility))
        assert "in_territory" in codes(ruling, "A4-01a")

    @pytest.mark.parametrize("by", [Role.COMPLAINANT, Role.PANEL, Role.BOTH, Party.US, Party.CA])
    def test_wrong_actor(self, by: Role | Party) -> None:
        """A reply by anybody but the respondent is refused, with who has to act."""
        (reason,) = refusal(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(3), by=by)).reasons
        assert (reason.code, reason.params["role"]) == ("actor", "respondent")

    @pytest.mark.parametrize("by", [None, Role.RESPONDENT, Party.MX, "MX"])
    def test_right_actor(self, by: Any) -> None:
        """The respondent may be named by role or by Party, or not at all."""
        assert entry(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(3), by=by)).by is Role.RESPONDENT

    def test_a_party_before_the_parties_are_known(self) -> None:
        """Where nothing tells the Parties, a Party that acts is nobody's role."""
        ruling = refusal(OPEN, did.CaseDropped(day(0), by=Party.US))
        assert [(reason.code, reason.params["by"]) for reason in ruling.reasons] == [("actor", "US")]

    def test_play_raises(self) -> None:
        """``play`` raises the first refusal, which says what was asked."""
        with pytest.raises(RefusedError, match="ReviewAccepted") as caught:
            play(OPEN, did.ReviewAccepted(day(0)))
        assert caught.value.refusal.no_rule

    @pytest.mark.parametrize("stage", S)
    def test_provided_for(self, stage: S) -> None:
        """What a stage provides for is the same under our defaults, said or not."""
        case = at(stage)
        assert provided_for(case, day(300)) == provided_for(case, day(300), context=DEFAULT)

    def test_provided_for_under_a_reading(self) -> None:
        """A row that a reading switches off provides for nothing."""
        case = at(S.COURSE_NOTICE_GIVEN)
        assert "RemediesImposed" in provided_for(case, day(300))
        assert "RemediesImposed" not in provided_for(case, day(300), context=under(without={"A4-14a"}))

    @pytest.mark.parametrize("event", ["ReviewAccepted", None, did.ReviewAccepted, date(2024, 4, 1), object()])
    def test_what_is_no_act(self, event: Any) -> None:
        """What is no act of the library is refused with the list of those that are."""
        with pytest.raises(EventError, match=r"an event is one of rrm_lifecycle\.events; found \w+: PetitionFiled"):
            decide(OPEN, event)

    def test_a_subclass_of_an_act(self) -> None:
        """A subclass of an act is no act of the library: no row names it."""

        class Mine(did.ReviewAccepted):
            __slots__ = ()

        with pytest.raises(EventError, match="found Mine"):
            decide(at(S.REVIEW_REQUESTED), Mine(day(1)))

    def test_parties_follow_from_the_facility(self) -> None:
        """The Parties follow from the facility's country, once; a country that the Annex does not bind tells none."""
        assert with_parties(OPEN, request()).complainant is Party.US
        assert with_parties(OPEN, request(facility=IN_US)).complainant is Party.MX
        assert with_parties(OPEN, request(facility=IN_CANADA)) is OPEN
        known = Case.start("TEST-1", complainant="US")
        assert with_parties(known, request(facility=IN_US)) is known
        assert with_parties(OPEN, did.Withdrawn(day(0))) is OPEN

    def test_claim_is_kept_from_the_first_act(self) -> None:
        """What an earlier act stated of the claim is kept; what it did not state is filled in."""
        case = case_of(petition(laws=NOT_STATED, basis=None), did.PetitionAccepted(day(-10)), request(facility=None))
        assert (case.facility, case.claim.laws, case.claim.basis) == (PLANT, CLAIM["laws"], CLAIM["basis"])

    def test_links(self) -> None:
        """Earlier cases are linked once each, in order."""
        case = case_of(petition(linked_to="OLD-1"), did.PetitionAccepted(day(-10)), request(linked_to="OLD-1"))
        assert case.links == ("OLD-1",)
        other = case_of(petition(linked_to="OLD-1"), did.PetitionAccepted(day(-10)), request(linked_to="OLD-2"))
        assert other.links == ("OLD-1", "OLD-2")


class TestUntil:
    """A case as it stood at the end of a day."""

    CASE: Final = at(S.NO_DENIAL_REPORTED, did.HoldBegun(day(1)))

    @pytest.mark.parametrize(
        ("n", "stage"),
        [
            (-1, S.ASSESSMENT),
            (0, S.REVIEW_REQUESTED),
            (9, S.REVIEW_REQUESTED),
            (10, S.UNDER_REVIEW),
            (44, S.UNDER_REVIEW),
            (45, S.NO_DENIAL_REPORTED),
        ],
    )
    def test_stage_on_a_day(self, n: int, stage: S) -> None:
        """On the day, the case stood in the stage."""
        assert self.CASE.until(day(n)).stage is stage

    def test_later_days_are_the_case_itself(self) -> None:
        """From its last act on, the case as of a day is the case."""
        assert self.CASE.until(day(45)) is self.CASE
        assert OPEN.until(day(0)) is OPEN

    def test_the_hold_goes_by_its_own_days(self) -> None:
        """The hold is recorded after later acts and stands from its own day on."""
        assert self.CASE.until(day(0)).hold is Hold.NONE
        assert self.CASE.until(day(1)).hold is Hold.SUSPENDED

    @pytest.mark.parametrize("value", [datetime(2024, 4, 1), pd.Timestamp("2024-04-01"), pd.NaT, "2024-04-01", None])  # noqa: DTZ001 - what is refused
    def test_no_days_are_refused(self, value: Any) -> None:
        """What is no plain day is refused."""
        with pytest.raises(EventError, match=r"the day has to be a datetime\.date"):
            self.CASE.until(value)


class TestRepr:
    """A case prints as one line without personal data."""

    def test_open(self) -> None:
        """An open case tells id, stage, number of acts and Annex."""
        assert repr(at(S.UNDER_REVIEW)) == "<Case TEST-1: under_review, 2 acts, Annex 31-A>"

    def test_closed_with_a_hold(self) -> None:
        """A closed case tells how it closed, and where the hold stands."""
        case = at(S.UNDER_REVIEW, did.HoldBegun(day(1)), did.Withdrawn(day(20)))
        assert repr(case) == "<Case TEST-1: closed (withdrawn), hold suspended, 4 acts, Annex 31-A>"

    def test_longest(self) -> None:
        """With the longest id, closing and hold it takes no more than 120 characters."""
        case = attrs.evolve(
            at(S.CLOSED, case_id="x" * 64), closing=Closing.REMEDIATED_AFTER_DETERMINATION, hold=Hold.SUSPENDED
        )
        assert len(repr(case)) == 120


class TestFolding:
    """``evolve`` folds an entry that starts where the case stands, and no other."""

    def test_an_entry_of_another_case(self) -> None:
        """An entry of another case is refused."""
        ruling = entry(Case.start("TEST-2"), request())
        with pytest.raises(RecordDamaged, match="an entry of case TEST-2 cannot be folded into case TEST-1"):
            evolve(OPEN, ruling)

    def test_an_entry_from_elsewhere(self) -> None:
        """An entry that starts in another stage, or another standing of the hold, is refused."""
        case = at(S.REVIEW_REQUESTED)
        ruling = entry(case, did.ReviewAccepted(day(3)))
        with pytest.raises(RecordDamaged, match="entry 1 of case TEST-1 starts in review_requested, but the case"):
            evolve(OPEN, ruling)
        begun = entry(case, did.HoldBegun(day(1)))
        with pytest.raises(RecordDamaged, match="starts in none, but the case stands in suspended"):
            evolve(evolve(case, begun), begun)
        with pytest.raises(RecordDamaged, match="entry 3 of case TEST-1 starts in review_requested"):
            evolve_all(case, (ruling, ruling))

    def test_what_an_entry_sets(self) -> None:
        """What an entry sets is folded whatever its act is, since folding reads the entry alone."""
        case = at(S.REVIEW_REQUESTED)
        asks = attrs.evolve(entry(case, did.ReviewAccepted(day(3))), sets={"question": "does_it_continue"})
        assert evolve(case, asks).facts.question is Question.DOES_IT_CONTINUE

    def test_a_facility_outside_the_annex(self) -> None:
        """An entry that names a facility outside the Annex is folded as it stands, and tells no Party."""
        foreign = attrs.evolve(entry(OPEN, request()), event=request(facility=IN_CANADA))
        after = evolve(OPEN, foreign)
        assert (after.facility, after.complainant, after.respondent) == (IN_CANADA, None, None)

    def test_a_second_opening(self) -> None:
        """An opening stands first in a record, and once."""
        with pytest.raises(RecordDamaged, match="case TEST-1 is opened already"):
            replay((OPEN.opening, OPEN.opening))

    def test_no_opening(self) -> None:
        """A record without an opening is refused, and an empty one."""
        with pytest.raises(RecordDamaged, match="found nothing"):
            replay(())
        with pytest.raises(RecordDamaged, match=r"found <Entry TEST-1: ReviewRequested on 2024-04-01 by rule A4-01a"):
            replay((entry(OPEN, request()),))

    def test_an_opening_is_no_act(self) -> None:
        """The opening has no day and no act, and prints as what it is."""
        opening = OPEN.opening
        assert (opening.on, repr(opening)) == (None, "<Entry TEST-1: opened under Annex 31-A>")
        with pytest.raises(TypeError, match="an opening is no act"):
            _ = opening.act

    def test_path(self) -> None:
        """The path of a case is its opening and its acts; they are numbered from 0."""
        case = at(S.UNDER_REVIEW)
        assert case.path == (case.opening, *case.acts)
        assert (case.seq, len(case.path)) == (2, 3)
        assert all(isinstance(one, Entry) for one in case.path)

    def test_a_reopened_case_is_open(self) -> None:
        """A closing is told while the case is closed, and no longer."""
        case = attrs.evolve(at(S.CLOSED), closing=Closing.COURSE_COMPLETED)
        ruling = attrs.evolve(
            entry(at(S.COURSE_DISPUTED), did.RemediesNotified(day(210))), stage=S.CLOSED, started=(), stopped=()
        )
        assert evolve(case, ruling).closing is None

    def test_an_entry_that_leads_nowhere(self) -> None:
        """An entry that leads to no place moves neither case nor hold: folding decides nothing."""
        case = at(S.REVIEW_REQUESTED)
        nowhere: Any = None
        after = evolve(case, attrs.evolve(entry(case, did.ReviewAccepted(day(3))), to=nowhere))
        assert (after.stage, after.hold, after.last_day) == (case.stage, case.hold, case.last_day)

    def test_course_without_an_end(self) -> None:
        """The end of a course that is not stated is no day that later acts could ask about."""
        case = at(S.DENIAL_REPORTED, did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        assert case.facts.course_end is None
        assert case.limits[-1].due is None


class TestReplayOfAnOpening:
    """A record of the opening alone rebuilds what the opening said."""

    @pytest.mark.parametrize(
        "case",
        [
            Case.start("A-1"),
            Case.start("A-1", origin=Origin.HOTLINE),
            Case.start("A-1", complainant=Party.MX),
            Case.start("A-1", annex=ANNEX_31B, respondent=Party.CA, origin=Origin.PETITION),
        ],
    )
    def test_rebuilds(self, case: Case) -> None:
        """Origin, Parties and Annex come back, and so does the opening itself."""
        again = replay(case.path)
        assert again == case
        assert again.opening == case.opening
        assert (again.origin, again.complainant, again.respondent) == (case.origin, case.complainant, case.respondent)


class TestKept:
    """What was said first stays said."""

    def test_opened_is_the_day_of_the_first_act(self) -> None:
        """The first act dates the case, and no later one does."""
        assert Case.start("A-1").opened is None
        case = at(S.UNDER_REVIEW)
        assert case.opened == case.acts[0].act.on
        assert case.opened < case.acts[-1].act.on

    def test_a_request_that_repeats_nothing_keeps_the_claim(self) -> None:
        """What the petition stated of the claim stands where the request leaves it out."""
        stated = {"laws": ("LFT art. 390 bis",), "basis": "dismissals", "under_annex_23a": True, "facts_from": day(-9)}
        case = play(
            case_of(petition(0, **stated)),
            did.PetitionAccepted(day(20)),
            did.ReviewRequested(day(30)),
        )
        assert {name: getattr(case.claim, name) for name in stated} == stated
        assert case.facility is not None

    @pytest.mark.parametrize(("one", "two"), [(Party.US, None), (None, Party.MX), (Party.US, Party.MX)])
    def test_the_opening_says_both_parties(self, one: Party | None, two: Party | None) -> None:
        """Where one Party is said at the start, the opening holds the pair, under its Annex."""
        said = Case.start("A-1", complainant=one, respondent=two, origin="hotline").opened_with
        assert (said.annex, said.origin, said.complainant, said.respondent) == (
            ANNEX_31A,
            Origin.HOTLINE,
            Party.US,
            Party.MX,
        )
