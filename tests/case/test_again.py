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
from rrm_lifecycle.record.entry import Entry, Outcome, Refusal

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


class TestTries:
    """A search for the day on which a row opens ends."""

    def test_no_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where no day is tried any more, there is none."""
        case = play(Case.start("A"), ASKED)
        assert paths.use(ROW_BY_ID["A4-04a"], case, DEFAULT) is not None
        monkeypatch.setattr(paths, "_TRIES", 0)
        assert paths.use(ROW_BY_ID["A4-04a"], case, DEFAULT) is None
