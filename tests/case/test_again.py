"""An act of history that is decided again, where the acts before it were corrected."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case import paths
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.case.engine import ROW_BY_ID, decide, decide_again, play
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import REPLY
from rrm_lifecycle.record.entry import Entry, Outcome, Refusal
from tests.law import cases as c
from tests.law.cases import at, held

PLANT = CoveredFacility("Planta Uno", country="MX", sector="mining", goods_traded=True)
ASKED = did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis="dismissals")


def entry_of(case: Case, event: did.Event) -> Entry:
    """Return the entry of an act that is admitted."""
    ruling = decide(case, event)
    assert isinstance(ruling, Entry)
    return ruling


class TestAgain:
    """An act that the corrected course would have barred stays with a finding; one without a row is refused."""

    def test_admitted(self) -> None:
        """An act that is still admitted is decided as ever, and stays implied where it was."""
        case = play(Case.start("A"), ASKED)
        entry = entry_of(case, did.ReviewAccepted(date(2024, 4, 9)))
        assert decide_again(case, entry) == entry
        implied = changed(entry, implied=True)
        assert decide_again(case, implied) == implied

    def test_barred(self) -> None:
        """A request for a panel that came too early in the corrected course stays, under its row, and says so."""
        case = play(Case.start("A"), ASKED)
        entry = entry_of(case, did.PanelRequested(date(2024, 4, 15)))
        later = play(Case.start("A"), changed(ASKED, on=date(2024, 4, 8)))
        for one in (entry, changed(entry, implied=True)):
            found = decide_again(later, one)
            assert isinstance(found, Entry)
            assert (found.rule, found.implied) == ("A4-04a", one.implied)
            assert [(note.code, note.outcome) for note in found.findings] == [("lapsed", Outcome.UNMET)]

    def test_without_a_row(self) -> None:
        """Where no row is left, the day is out of order, or the limit that was extended does not run, it is refused."""
        case = play(Case.start("A"), ASKED)
        accepted = entry_of(case, did.ReviewAccepted(date(2024, 4, 9)))
        extended = entry_of(case, did.LimitExtended(date(2024, 4, 9), term="reply", until=date(2024, 5, 1)))
        assert isinstance(decide_again(Case.start("A"), accepted), Refusal)
        late = play(Case.start("A"), changed(ASKED, on=date(2024, 4, 10)))
        assert isinstance(decide_again(late, accepted), Refusal)
        declined = play(case, did.ReviewDeclined(date(2024, 4, 8)))
        assert isinstance(decide_again(declined, extended), Refusal)

    def test_rows_that_fail_alike(self) -> None:
        """Of rows that as many reasons bar and that it was not recorded under, the first of the table is taken."""
        case = at(S.VERIFICATION_REQUESTED)
        asked = changed(case.acts[-1], event=did.NoVerificationAsked(case.acts[-1].act.on))
        found = decide_again(case, asked)
        assert isinstance(found, Entry)
        assert (found.rule, [note.code for note in found.findings]) == ("A7-04a", ["verification_refused"])
        kept = decide_again(case, changed(asked, rule="A7-04b"))
        assert isinstance(kept, Entry)
        assert (kept.rule, [note.code for note in kept.findings]) == ("A7-04b", ["lapsed"])

    def test_behind_a_row_for_another_finding(self) -> None:
        """A row that stands for another finding is passed by: the one behind it holds the act, and what it lacks."""
        case = at(S.DELIBERATING)
        found = decide_again(held(case), entry_of(case, c.found(110, "no_denial")))
        assert isinstance(found, Entry)
        assert (found.rule, [note.code for note in found.findings]) == ("A8-06a", ["hold_ended"])

    def test_under_a_reading(self) -> None:
        """The context of the correction holds: what it switches off is refused, and its reading is written down."""
        notice = at(S.COURSE_NOTICE_GIVEN)
        imposed = entry_of(notice, c.imposed(230))
        assert isinstance(decide_again(notice, imposed, context=c.under(without={"A4-14a"})), Refusal)
        asked = entry_of(play(Case.start("A"), ASKED), did.PanelRequested(date(2024, 4, 15)))
        longer = c.under(terms=[REPLY.set(20)])
        found = decide_again(play(Case.start("A"), ASKED, context=longer), asked, context=longer)
        assert isinstance(found, Entry)
        assert (found.rule, found.reading) == ("A4-04a", longer.reading.differs)


class TestTries:
    """A search for the day on which a row opens ends."""

    def test_no_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where no day is tried any more, there is none."""
        case = play(Case.start("A"), ASKED)
        assert paths.use(ROW_BY_ID["A4-04a"], case, DEFAULT) is not None
        monkeypatch.setattr(paths, "_TRIES", 0)
        assert paths.use(ROW_BY_ID["A4-04a"], case, DEFAULT) is None
