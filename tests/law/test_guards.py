"""Guards: what each lets by, and what it alone bars or notes."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Panelist
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROWS, decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import BadFaith, Register
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.guards import BOTH_HEARD, FACTS, OF_EVERY_ACT, OF_EVERY_CLAIM, REMEDY_ENDS_TODAY, Fact, Unmet
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import BAD_FAITH, COURSE
from rrm_lifecycle.record.entry import Entry, Outcome, Refusal
from tests.law import cases as c
from tests.law.cases import at, codes, day, under
from tests.law.pairs import PAIRS, Pair, key

GUARDS = (*OF_EVERY_ACT, *OF_EVERY_CLAIM, *(guard for row in ROWS for guard in row.requires))


def _code(pair: Pair) -> str:
    return pair.guard.partition(":")[0]


class TestPairs:
    """Each guard has an act that it lets by, and the same act with one field changed so that it alone rules."""

    @pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.guard}")
    def test_lets_by(self, pair: Pair) -> None:
        """The guard says nothing of the first act of its pair, which is admitted."""
        ruling = decide(pair.case, pair.event, context=pair.context)
        assert isinstance(ruling, Entry), codes(ruling)
        if _code(pair) != REMEDY_ENDS_TODAY.code:  # it notes whatever its row admits: its first act is another row's
            assert ruling.rule == pair.rule
        assert _code(pair) not in codes(ruling)

    @pytest.mark.parametrize(
        "pair", [pair for pair in PAIRS if pair.bars], ids=lambda pair: f"{pair.rule} {pair.guard}"
    )
    def test_alone_bars(self, pair: Pair) -> None:
        """The guard alone bars the second act of its pair."""
        case, event, context = pair.other()
        ruling = decide(case, event, context=context)
        assert isinstance(ruling, Refusal)
        assert codes(ruling, pair.rule) == [_code(pair)]

    @pytest.mark.parametrize(
        "pair", [pair for pair in PAIRS if not pair.bars], ids=lambda pair: f"{pair.rule} {pair.guard}"
    )
    def test_alone_notes(self, pair: Pair) -> None:
        """The guard alone notes the second act of its pair."""
        before = codes(decide(pair.case, pair.event, context=pair.context))
        case, event, context = pair.other()
        ruling = decide(case, event, context=context)
        assert isinstance(ruling, Entry), codes(ruling)
        assert ruling.rule == pair.rule
        assert codes(ruling) == [*before, _code(pair)]
        assert ruling.findings[-1].outcome is Outcome.UNMET

    def test_no_guard_lacks_a_pair(self) -> None:
        """Every guard of the table has a pair, and no pair is of a guard that no row carries."""
        assert {key(guard) for guard in GUARDS} == {pair.guard for pair in PAIRS}

    @pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.guard}")
    def test_pair_names_a_row_that_carries_it(self, pair: Pair) -> None:
        """The row that a pair names carries the guard."""
        (row,) = [row for row in ROWS if row.id == pair.rule]
        assert pair.guard in {key(guard) for guard in (*OF_EVERY_ACT, *OF_EVERY_CLAIM, *row.requires)}

    def test_a_fact_examines_what_it_asks(self) -> None:
        """A fact examined says what its question answers: nothing, 'not stated', or what was found."""
        case, context = at(S.DELIBERATING), Context()
        assert BOTH_HEARD.examine(case, c.found(100), context) is None
        assert BOTH_HEARD.examine(case, c.found(100, heard=NOT_STATED), context) is NOT_STATED
        assert BOTH_HEARD.examine(case, c.found(100, heard=False), context) == Unmet({})

    def test_every_fact_is_asked(self) -> None:
        """Every fact of the page is asked by some row, and their codes are all different."""
        assert {id(guard) for guard in GUARDS if isinstance(guard, Fact)} == {id(fact) for fact in FACTS}
        assert len({fact.code for fact in FACTS}) == len(FACTS)


_REQUEST = c.request()

_AT_NOTICE = at(S.REMEDIES_NOTIFIED)
_UNSTATED_ACTS: tuple[tuple[str, Case, Event, dict[str, Any]], ...] = (
    ("filer_of_a_party", Case.start("T"), c.petition(), {"filer_of": NOT_STATED}),
    ("filer_of_canada", Case.start("T", annex=ANNEX_31B), c.petition(filer_of="CA"), {"filer_of": NOT_STATED}),
    ("covered", Case.start("T"), _REQUEST, {"facility": attrs.evolve(c.PLANT, goods_traded=NOT_STATED)}),
    ("covered", Case.start("T"), _REQUEST, {"facility": attrs.evolve(c.PLANT, goods_traded=False,
     competes=NOT_STATED)}),
    ("priority_sector", Case.start("T"), _REQUEST, {"facility": attrs.evolve(c.PLANT, sector=NOT_STATED)}),
    ("law_named", Case.start("T"), _REQUEST, {"laws": NOT_STATED}),
    ("under_annex_23a", Case.start("T"), _REQUEST, {"under_annex_23a": NOT_STATED}),
    ("order_enforced", Case.start("T"), c.request(facility=c.IN_US, enforced_order="x"),
     {"enforced_order": NOT_STATED}),
    ("basis_stated", Case.start("T"), _REQUEST, {"basis": NOT_STATED}),
    ("facts_since_entry", Case.start("T"), _REQUEST, {"facts_from": NOT_STATED}),
    ("end_stated", at(S.DENIAL_REPORTED), did.CourseAgreed(day(50), agreed_end=day(90)), {"agreed_end": NOT_STATED}),
    ("later_end", at(S.COURSE_RUNNING), did.CourseExtended(day(60), agreed_end=day(300)), {"agreed_end": NOT_STATED}),
    ("three_panelists", at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE),
     {"panelists": NOT_STATED}),
    ("three_panelists", at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE),
     {"panelists": (*c.THREE[:2], Panelist("joint_list", NOT_STATED))}),
    ("elements_found", at(S.PANEL_CONSTITUTED), did.PetitionConfirmed(day(66), elements=c.ELEMENTS),
     {"elements": NOT_STATED}),
    ("element_missing", at(S.PANEL_CONSTITUTED), did.PetitionNotConfirmed(day(66), missing=("laws",)),
     {"missing": NOT_STATED}),
    ("both_heard", at(S.DELIBERATING), c.found(100), {"heard": NOT_STATED}),
    ("still_covered", at(S.DELIBERATING), c.found(100), {"still_covered": NOT_STATED}),
    ("within_tier", _AT_NOTICE, c.imposed(130), {"tier": NOT_STATED}),
    ("statutory_ground", c.held(at(S.UNDER_REVIEW, did.RemediationCompleted(day(20)))),
     did.HoldReleased(day(30), ground="otherwise_remedied"), {"ground": NOT_STATED}),
)  # fmt: skip


class TestNotStated:
    """Where the field asked about is not stated, a guard neither holds nor fails: it notes that, and never bars."""

    @pytest.mark.parametrize(
        ("code", "case", "event", "change"), _UNSTATED_ACTS, ids=lambda value: value if isinstance(value, str) else ""
    )
    def test_noted(self, code: str, case: Case, event: Event, change: dict[str, Any]) -> None:
        """An act that leaves the field unstated is admitted, with the finding 'not stated' alone."""
        assert codes(decide(case, event)) == []
        ruling = decide(case, attrs.evolve(event, **change))
        assert isinstance(ruling, Entry), codes(ruling)
        assert [(one.code, one.outcome) for one in ruling.findings] == [(code, Outcome.NOT_STATED)]

    def test_facility_of_unknown_sector(self) -> None:
        """A hold on a facility of unknown sector, and a denial of entry, are noted."""
        case = c.with_facility(at(S.REVIEW_REQUESTED), sector=NOT_STATED)
        assert c.noted(case, did.HoldBegun(day(1))) == ["goods_nexus"]
        case = c.with_facility(_AT_NOTICE, sector=NOT_STATED)
        ruling = decide(case, c.imposed(130, measure="entry_denied"))
        assert codes(ruling) == ["within_tier"]  # no prior Denials: the tier bars, the sector does not

    def test_verification_not_stated(self) -> None:
        """Whether the petition asks for a verification may be unknown: the panel's call is noted."""
        case = c.with_facts(at(S.PETITION_CONFIRMED), verification_asked=NOT_STATED)
        assert c.noted(case, did.VerificationRequested(day(67))) == ["verification_asked"]

    def test_course_without_a_stated_end(self) -> None:
        """A course without a stated end lets the notice by, and notes it; nothing is late over it."""
        case = at(S.DENIAL_REPORTED, did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        assert c.due(case, "course") is None
        assert c.noted(case, did.MatterSettled(day(900))) == []
        assert c.noted(case, did.CourseFailed(day(60))) == ["ended"]
        case = play(case, did.CourseFailed(day(60)))
        ruling = c.entry(case, did.RemediesNotified(day(61)))
        assert [(one.code, one.outcome) for one in ruling.findings] == [("ended", Outcome.NOT_STATED)]

    def test_any_new_end_is_later_than_none(self) -> None:
        """A course whose end was not stated may be extended to any day."""
        case = at(S.DENIAL_REPORTED, did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        assert c.noted(case, did.CourseExtended(day(60), agreed_end=day(61))) == []


class TestOverNothing:
    """Over a limit that does not run, to be in time or to have waited holds, and a lapse does not."""

    def test_lapse_of_nothing(self) -> None:
        """No lapse opens over a limit that has been stopped, and time alone will not open it."""
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(70)))
        ruling = c.refusal(c.with_facts(case, verification_refused=False), did.NoVerificationAsked(day(400)))
        assert codes(ruling, "A7-04b") == ["lapsed"]
        assert ruling.opens is None

    def test_waiting_for_nothing(self) -> None:
        """Remedies after a determination wait for no notice of 15 days where none runs."""
        assert c.entry(_AT_NOTICE, c.imposed(119)).rule == "A10-01b"

    def test_end_of_nothing(self) -> None:
        """Where a reading switches the course's end off, it bars nothing and notes nothing."""
        context = under(terms=[COURSE.off()])
        case = at(S.COURSE_DISPUTED, context=context)
        assert c.running(case) == set()
        assert c.noted(case, did.RemediesNotified(day(202)), context) == []

    def test_an_act_known_to_a_period(self) -> None:
        """An act known to a period is late only if every day of the period is late."""
        case = at(S.REVIEW_REQUESTED)
        assert c.noted(case, did.ReviewAccepted(day(12), known=(day(9), day(12)))) == []
        assert c.noted(case, did.ReviewAccepted(day(12), known=(day(11), day(12)))) == ["within"]

    def test_a_start_known_to_a_period(self) -> None:
        """A limit that starts in a period is counted, for lateness, from the latest known day of the start."""
        case = c.case_of(c.request(known=(day(0), day(5))))
        assert c.noted(case, did.ReviewAccepted(day(15))) == []
        assert c.noted(case, did.ReviewAccepted(day(16))) == ["within"]


class TestBarOver:
    """A bar after a finding of bad faith runs against the Party found, to its last day."""

    def test_bar_of_another_party(self) -> None:
        """A finding against Mexico bars no request of the United States."""
        context = Context(register=Register(bad_faith=(BadFaith("MX", date(2024, 1, 1)),)))
        assert c.entry(Case.start("T"), c.request(), context).rule == "A4-01a"

    def test_opens_after_the_longer_bar(self) -> None:
        """Of several bars the one that ends last decides when the request opens."""
        context = Context(
            register=Register(bad_faith=(BadFaith("US", date(2023, 6, 1)), BadFaith("US", date(2023, 1, 1))))
        )
        assert c.refusal(Case.start("T"), c.request(), context).opens == date(2025, 6, 2)

    def test_bar_switched_off(self) -> None:
        """A reading may switch the bar off: no source was found for its length."""
        faith = Register(bad_faith=(BadFaith("US", date(2024, 1, 1)),))
        context = Context(under(terms=[BAD_FAITH.off()]).reading, register=faith)
        assert c.entry(Case.start("T"), c.request(), context).rule == "A4-01a"

    def test_finding_after_the_act(self) -> None:
        """A finding of a later day bars nothing before it."""
        context = Context(register=Register(bad_faith=(BadFaith("US", day(1)),)))
        assert c.entry(Case.start("T"), c.request(), context).rule == "A4-01a"
