"""Old cases come in: aligned histories become records, with what is implied, remarked and cited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rrm_lifecycle.errors import DuplicateCase, EventError
from rrm_lifecycle.histories import EventType, History, HistoryEvent, load
from rrm_lifecycle.histories.aligned import Alignment
from rrm_lifecycle.histories.alignment import align, align_all
from rrm_lifecycle.record.chain import dumps, loads
from rrm_lifecycle.record.course import Preview
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry, EntryKind
from rrm_lifecycle.record.kept import Remark, Replace
from tests.record.dockets import KINDS, docket_of

HISTORIES = load()
ALIGNED = align_all(HISTORIES)


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield an empty docket, in memory and in a file."""
    with docket_of(request.param, tmp_path) as made:
        yield made


def deviating() -> Alignment:
    """Return an alignment with a deviation: an acceptance behind the close."""
    found = align(
        History(
            "late-1",
            "Planta Uno",
            events=(
                HistoryEvent(EventType.CASE_WITHDRAWN, date(2024, 2, 1)),
                HistoryEvent(EventType.RESPONDENT_ACCEPTS_REVIEW, date(2024, 6, 1), source_url="https://example.org/a"),
            ),
            as_of=date(2024, 12, 31),
        )
    )
    assert len(found.deviations) == 1
    return found


class TestAll:
    """Each shipped history comes in whole."""

    def test_come_in(self, docket: Docket) -> None:
        """All of them are taken up, in order, each equal to its alignment; the record verifies and reads again."""
        cases = docket.adopt(ALIGNED, recorded_by="import-1", deviations="remark")
        assert len(cases) == len(ALIGNED) == 30
        assert [one.id for one in docket.cases()] == [one.case.id for one in ALIGNED]
        for case, one in zip(cases, ALIGNED, strict=True):
            assert case == one.case == docket.case(one.case.id)
            assert loads(dumps(docket.history(case))) == one.case
            assert {filed.recorded_by for filed in docket.history(case)} == {"import-1"}
        found = docket.verify()
        assert (found.cases, found.entries) == (30, sum(len(docket.history(one)) for one in cases))
        assert Docket(docket._store).cases() == cases

    def test_implied(self, docket: Docket) -> None:
        """Acts that are implied are marked, with the interval in which they lie; they have no source."""
        docket.adopt(ALIGNED, deviations="remark")
        implied = 0
        for one in ALIGNED:
            filed = [kept for kept in docket.history(one.case.id) if kept.kind is EntryKind.ACT]
            for kept, entry, event in zip(filed, one.case.acts, one.told_by, strict=True):
                assert isinstance(kept.entry, Entry)
                assert kept.entry.implied is entry.implied is (event is None)
                if entry.implied:
                    implied += 1
                    assert kept.entry.act.known == entry.act.known
                    assert kept.source is None
                    assert b'"implied":true' in kept.body
        assert implied == sum(len(one.implied) for one in ALIGNED) > 0

    def test_sources(self, docket: Docket) -> None:
        """Each act that a history tells keeps its source, how well that stands behind it, and the words."""
        docket.adopt(ALIGNED, deviations="remark")
        cited = 0
        for one in ALIGNED:
            filed = [kept for kept in docket.history(one.case.id) if kept.kind is EntryKind.ACT]
            for kept, event in zip(filed, one.told_by, strict=True):
                if event is not None:
                    assert kept.remark == event.note
                    assert (kept.source and kept.source.url) == event.source_url
                    cited += event.source_url is not None
                    if kept.source is not None:
                        assert kept.source.confidence is not None
                        assert event.confidence is not None
                        assert kept.source.confidence.value == event.confidence.value
        assert cited > 100

    def test_remarks(self, docket: Docket) -> None:
        """Events that are no acts, and words beside them, stay as remarks, behind the acts."""
        docket.adopt(ALIGNED, deviations="remark")
        for one in ALIGNED:
            kept = [filed.entry for filed in docket.history(one.case.id)[1 + len(one.case.acts) :]]
            assert len(kept) == len(one.remarks) + len(one.deviations)
            assert all(isinstance(remark, Remark) for remark in kept)
        assert sum(len(one.remarks) for one in ALIGNED) > 0

    def test_goes_on(self, docket: Docket) -> None:
        """A case that was taken up is a case as any other: listed, asked about, recorded in and corrected."""
        cases = docket.adopt(ALIGNED, deviations="remark")
        (open_case, *_) = [one for one in cases if not one.is_closed] or [cases[0]]
        docket.remark(open_case, "seen again", on=date(2026, 1, 2))
        assert docket.options(open_case.id, date(2026, 1, 2))
        assert docket.agenda(date(2026, 1, 2)) == Docket(docket._store).agenda(date(2026, 1, 2))
        docket.verify()

    def test_decided_anew(self) -> None:
        """Decided anew by a correction that changes nothing, each case stands as it was told."""
        docket = Docket.in_memory()
        for case in docket.adopt(ALIGNED):
            for seq, entry in enumerate(case.acts, 1):
                if not entry.implied:
                    shown = docket.correct(case, Replace(seq, entry.act), reason="x", preview=True)
                    assert isinstance(shown, Preview)
                    assert (shown.after, shown.differences) == (case, ())


class TestDeviations:
    """A history that deviates is refused, or its deviations are kept as remarks."""

    def test_refused(self, docket: Docket) -> None:
        """By default nothing at all is taken up, and the error says what stands in the way and what opens it."""
        one = deviating()
        fits = next(other for other in ALIGNED if not other.deviations)
        with pytest.raises(EventError, match="deviations='remark'"):
            docket.adopt([fits, one])
        assert docket.cases() == ()
        assert docket.verify().entries == 0

    def test_remark(self, docket: Docket) -> None:
        """As remarks they say which event it was, on which day, by which code it is refused, and where it is stated."""
        one = deviating()
        (case,) = docket.adopt([one], deviations="remark")
        assert case == one.case
        last = docket.history(case)[-1]
        assert isinstance(last.entry, Remark)
        codes = {reason.code for reason in one.deviations[0].refusal.reasons}
        assert last.entry.text.startswith("respondent accepts review: refused by the table (")
        assert all(code in last.entry.text for code in codes)
        assert last.entry.on == date(2024, 6, 1)
        assert last.source is not None
        assert last.source.url == "https://example.org/a"
        assert docket.verify().cases == 1

    def test_what_is_no_alignment(self, docket: Docket) -> None:
        """One alignment alone, and histories that are not aligned, are told what to write; nothing is taken up."""
        with pytest.raises(EventError, match=r"write adopt\(\[alignment\]\); found Alignment"):
            docket.adopt(ALIGNED[0])  # type: ignore[arg-type]
        with pytest.raises(EventError, match=r"as rrm\.align\(history\) makes them; found History"):
            docket.adopt(HISTORIES)  # type: ignore[arg-type]
        assert docket.cases() == ()

    def test_choice(self, docket: Docket) -> None:
        """There are two choices."""
        with pytest.raises(EventError, match="'refuse' or 'remark'; found 'ignore'"):
            docket.adopt([ALIGNED[0]], deviations="ignore")  # type: ignore[arg-type]  # wrong on purpose


class TestWhole:
    """Each case comes in whole or not at all."""

    def test_duplicate(self, docket: Docket) -> None:
        """A case that is held already is refused; those before it have been taken up, whole; the rest have not."""
        first, second, third = [one for one in ALIGNED if not one.deviations][:3]
        docket.start(second.case.id)
        with pytest.raises(DuplicateCase, match=second.case.id):
            docket.adopt([first, second, third])
        assert [one.id for one in docket.cases()] == [second.case.id, first.case.id]
        assert docket.case(first.case.id) == first.case
        assert docket.case(second.case.id).acts == ()
        docket.verify()

    def test_twice(self, docket: Docket) -> None:
        """The same history is not taken up twice."""
        one = next(one for one in ALIGNED if not one.deviations)
        docket.adopt([one])
        entries = docket.verify().entries
        with pytest.raises(DuplicateCase):
            docket.adopt([one])
        assert docket.verify().entries == entries
