"""Corrections: what was learned later comes in, nothing that was recorded is lost, and folding never needs a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case import engine
from rrm_lifecycle.case.case import Case, replay
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import ConcurrencyConflict, EventError, RecordDamaged, RefusedError, TermError, UnknownCase
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record import course as course_page
from rrm_lifecycle.record import docket as docket_page
from rrm_lifecycle.record.chain import dumps, loads, loads_filed, verify
from rrm_lifecycle.record.course import Preview
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry, EntryKind, Outcome
from rrm_lifecycle.record.filed import file
from rrm_lifecycle.record.kept import Alters, Change, Correction, Insert, Replace, Strike
from rrm_lifecycle.record.recheck import Differs
from tests.record.dockets import ACCEPTED, ASKED, KINDS, LOT, REPORTED, Ticking, docket_of, to_report
from tests.record.lawful import CONTEXTS, lawful_case

DAY = date(2024, 6, 1)


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield an empty docket, in memory and in a file."""
    with docket_of(request.param, tmp_path) as made:
        yield made


def correct(docket: Docket, case: Case | str, *changes: Change, reason: str = "learned later") -> Case:
    """Correct a case and return it."""
    found = docket.correct(case, *changes, reason=reason)
    assert isinstance(found, Case)
    return found


def preview(docket: Docket, case: Case | str, *changes: Change) -> Preview:
    """Return what a correction would do."""
    found = docket.correct(case, *changes, reason="to see", preview=True)
    assert isinstance(found, Preview)
    return found


def names(case: Case) -> list[str]:
    """Return the names of the acts of a case."""
    return [type(one.act).__name__ for one in case.acts]


class TestChanges:
    """An act is put in, put in the place of another, or struck; the acts behind it are decided anew."""

    def test_insert(self, docket: Docket) -> None:
        """An extension that was learned of after the report comes in where it belongs, and later acts are decided anew."""
        docket.start("A")
        late = changed(REPORTED, on=date(2024, 6, 20))
        before = docket.record_all("A", (ASKED, ACCEPTED, late))
        assert [one.code for one in before.acts[2].findings] == ["within"]
        extended = did.LimitExtended(date(2024, 5, 10), term="review", until=date(2024, 7, 1))
        after = correct(docket, before, Insert(2, extended))
        assert names(after) == ["ReviewRequested", "ReviewAccepted", "LimitExtended", "DenialReported"]
        assert after.acts[3].findings == ()
        assert after == play(Case.start("A"), ASKED, ACCEPTED, extended, late) == docket.case("A")

    def test_acceptance_learned_of_late(self, docket: Docket) -> None:
        """Acceptance and report learned of after the course was agreed come in before it: it was not late after all."""
        docket.start("A")
        agreed = did.CourseAgreed(date(2024, 5, 9), agreed_end=date(2024, 8, 1))
        case = docket.record_all("A", (ASKED, agreed))
        assert [one.code for one in case.acts[1].findings] == ["within"]
        for late in (ACCEPTED, REPORTED):
            with pytest.raises(RefusedError):
                docket.record("A", late)
        after = correct(docket, case, Insert(1, ACCEPTED), Insert(1, REPORTED))
        assert after == play(Case.start("A"), ASKED, ACCEPTED, REPORTED, agreed)
        assert (after.acts[3].findings, after.stage) == ((), Stage.COURSE_RUNNING)

    def test_replace(self, docket: Docket) -> None:
        """A wrong day is put right; limits that were counted from it move."""
        case = to_report(docket)
        after = correct(docket, case, Replace(2, changed(ACCEPTED, on=date(2024, 4, 5))), reason="read 9 for 5")
        assert after.acts[1].on == date(2024, 4, 5)
        assert after == play(Case.start("A"), ASKED, changed(ACCEPTED, on=date(2024, 4, 5)), REPORTED)

    def test_strike(self, docket: Docket) -> None:
        """A mistaken act is taken out of the course, and stays in the record."""
        case = to_report(docket)
        after = correct(docket, case, Strike(3))
        assert (names(after), after.stage) == (["ReviewRequested", "ReviewAccepted"], Stage.UNDER_REVIEW)
        assert [one.entry.event for one in docket.history("A") if type(one.entry) is Entry][-1] == REPORTED

    def test_strike_all(self, docket: Docket) -> None:
        """A case whose acts are all struck stands where it was opened."""
        case = docket.record(docket.start("A"), ASKED)
        assert correct(docket, case, Strike(1)) == Case.start("A")
        assert docket.record("A", ASKED) == play(Case.start("A"), ASKED)

    def test_several(self, docket: Docket) -> None:
        """Several changes are made at once, each numbered as the case stood before all of them, in any order."""
        case = to_report(docket)
        extended = did.LimitExtended(date(2024, 4, 20), term="review", until=date(2024, 7, 1))
        fixed = changed(REPORTED, on=date(2024, 5, 3))
        several = (Replace(3, fixed), Insert(2, extended), Replace(1, changed(ASKED, basis="union ballot")))
        after = correct(docket, case, *several)
        assert after == play(Case.start("A"), changed(ASKED, basis="union ballot"), ACCEPTED, extended, fixed)
        (kept,) = [one.entry for one in docket.history("A") if isinstance(one.entry, Correction)]
        assert (kept.changes, kept.since, len(kept.acts)) == (several, 1, 4)

    def test_several_behind_one(self, docket: Docket) -> None:
        """Acts that are put in behind the same act come in the order in which they are given."""
        docket.start("A")
        after = correct(docket, "A", Insert(0, ASKED), Insert(0, ACCEPTED))
        assert names(after) == ["ReviewRequested", "ReviewAccepted"]

    def test_behind_the_last(self, docket: Docket) -> None:
        """An act may be put in behind the last one."""
        case = docket.record(docket.start("A"), ASKED)
        assert names(correct(docket, case, Insert(1, ACCEPTED))) == ["ReviewRequested", "ReviewAccepted"]

    def test_twice(self, docket: Docket) -> None:
        """After a correction and a remark, acts are numbered by the case as it stands, not by the record."""
        case = to_report(docket)
        first = correct(docket, case, Strike(2), Strike(3))
        docket.remark(first, "the file was mixed up", on=DAY)
        second = correct(docket, docket.record(first, ACCEPTED), Replace(2, changed(ACCEPTED, on=date(2024, 4, 8))))
        assert [one.on for one in second.acts] == [date(2024, 4, 1), date(2024, 4, 8)]
        assert [one.kind for one in docket.history("A")[4:]] == [
            EntryKind.CORRECTION,
            EntryKind.REMARK,
            EntryKind.ACT,
            EntryKind.CORRECTION,
        ]
        assert docket.verify().entries == 8


class TestHistoryStays:
    """An act that has happened and that the corrected course would have barred stays, with a finding."""

    def test_finding(self, docket: Docket) -> None:
        """A panel that was asked for once the reply had lapsed stays where the request turns out to be of a later day."""
        docket.start("A")
        panel = did.PanelRequested(date(2024, 4, 15))
        case = docket.record_all("A", (ASKED, panel))
        later = changed(ASKED, on=date(2024, 4, 10))
        assert not docket.ask(play(Case.start("A"), later), panel).admitted
        shown = preview(docket, case, Replace(1, later))
        after = correct(docket, case, Replace(1, later))
        (finding,) = [one for one in after.acts[1].findings if one not in case.acts[1].findings]
        assert (finding.code, finding.outcome) == ("lapsed", Outcome.UNMET)
        assert (after.acts[1].rule, after.stage) == (case.acts[1].rule, case.stage)
        assert [(one.seq, one.what, one.about) for one in shown.differences] == [(2, Differs.FINDING, "lapsed: reply")]
        assert docket.case("A").acts[1].findings == after.acts[1].findings
        docket.verify()

    def test_new_act_gets_no_finding(self, docket: Docket) -> None:
        """An act that the correction itself brings in has to be admitted: it did not happen in the record."""
        case = docket.record(docket.start("A"), changed(ASKED, on=date(2024, 4, 10)))
        with pytest.raises(RefusedError):
            docket.correct(case, Insert(1, did.PanelRequested(date(2024, 4, 15))), reason="x")

    def test_no_row_left(self, docket: Docket) -> None:
        """Where no row is left for an act behind it, the correction is refused and nothing is written."""
        case = to_report(docket)
        with pytest.raises(RefusedError) as caught:
            docket.correct(case, Strike(2), reason="it was another case")
        assert caught.value.refusal.event == REPORTED
        assert docket.case("A") == case
        assert docket.verify().entries == 4

    def test_mended_in_the_same_call(self, docket: Docket) -> None:
        """The same correction goes through where it says what becomes of the act for which no row is left."""
        case = to_report(docket)
        after = correct(docket, case, Strike(2), Strike(3))
        assert names(after) == ["ReviewRequested"]

    def test_out_of_order(self, docket: Docket) -> None:
        """A day that puts a later act out of order is refused, and goes through where the later act is moved too."""
        case = to_report(docket)
        moved = changed(ACCEPTED, on=date(2024, 5, 20))
        with pytest.raises(RefusedError, match="needs a day no earlier"):
            docket.correct(case, Replace(2, moved), reason="x")
        after = correct(docket, case, Replace(2, moved), Replace(3, changed(REPORTED, on=date(2024, 5, 30))))
        assert [one.on for one in after.acts[1:]] == [date(2024, 5, 20), date(2024, 5, 30)]

    def test_new_act_refused(self, docket: Docket) -> None:
        """A new act that the table refuses where it is put is refused, and nothing is written."""
        case = to_report(docket)
        with pytest.raises(RefusedError):
            docket.correct(
                case, Insert(1, did.DeterminationIssued(date(2024, 4, 2), finding="denial", heard=True)), reason="x"
            )
        assert docket.verify().entries == 4
        assert docket.attempts("A") == ()

    def test_implied(self, docket: Docket) -> None:
        """An act that was implied stays marked as such."""
        docket.start("A")
        case = docket.record_all("A", (ASKED, ACCEPTED))
        marked = replay((case.opening, case.acts[0], changed(case.acts[1], implied=True)))
        found = course_page.course(marked, [Replace(1, changed(ASKED, basis="y"))], "x", lambda *_: None)  # type: ignore[arg-type]  # no context
        assert [one.implied for one in found.after.acts] == [False, True]


class TestHold:
    """The customs hold beside the case keeps its acts."""

    def test_kept(self, docket: Docket) -> None:
        """Acts of the hold count in the numbers of the path, and are the same after a correction before them."""
        docket.start("A")
        held = did.HoldBegun(date(2024, 4, 3))
        case = docket.record_all("A", (ASKED, held, ACCEPTED))
        assert case.hold is Hold.SUSPENDED
        after = correct(docket, case, Replace(3, changed(ACCEPTED, on=date(2024, 4, 8))))
        assert (after.hold, after.acts[1]) == (Hold.SUSPENDED, case.acts[1])
        again = correct(docket, after, Strike(2))
        assert (again.hold, names(again)) == (Case.start("x").hold, ["ReviewRequested", "ReviewAccepted"])
        first = correct(docket, again, Insert(1, held))
        assert (first.hold, first.hold_day) == (Hold.SUSPENDED, date(2024, 4, 3))
        docket.verify()


class TestPreview:
    """A preview writes nothing and tells what would differ."""

    def test_tells(self, docket: Docket) -> None:
        """It tells stages, due days and findings that would differ, and both cases."""
        docket.start("A")
        case = docket.record_all("A", (ASKED, ACCEPTED, changed(REPORTED, on=date(2024, 6, 20))))
        moved = changed(ASKED, on=date(2024, 3, 20))
        found = preview(docket, case, Replace(1, moved))
        assert found.before == case
        assert found.after.acts[0].act == moved
        assert {one.what for one in found.differences} >= {Differs.FINDING}
        assert all(one.seq in {2, 3} for one in found.differences)
        text = str(found)
        assert "put ReviewRequested on 2024-03-20 in place of act 1" in text
        assert "A: " in text
        assert docket.verify().entries == 4
        assert docket.case("A") == case

    def test_numbers(self, docket: Docket) -> None:
        """A difference is numbered by the course as it would stand."""
        docket.start("A")
        late = changed(REPORTED, on=date(2024, 6, 20))
        case = docket.record_all("A", (ASKED, ACCEPTED, late))
        extended = did.LimitExtended(date(2024, 5, 10), term="review", until=date(2024, 7, 1))
        found = preview(docket, case, Insert(2, extended))
        assert [(one.seq, one.event, one.what) for one in found.differences] == [(4, late, Differs.FINDING)]

    def test_same_as_done(self, docket: Docket) -> None:
        """What a preview shows is what the correction does."""
        case = to_report(docket)
        moved = changed(ACCEPTED, on=date(2024, 4, 8))
        found = preview(docket, case, Replace(2, moved))
        assert correct(docket, case, Replace(2, moved), reason="to see") == found.after
        assert docket.history("A")[-1].entry == found.correction

    def test_nothing_else(self, docket: Docket) -> None:
        """Where nothing else would differ it says so."""
        case = to_report(docket)
        assert "nothing else would differ" in str(preview(docket, case, Strike(3)))


class TestAsked:
    """What is asked has to name acts of the case, and say why."""

    @pytest.mark.parametrize("reason", ["", None, 3, "\x1b"])
    def test_reason(self, docket: Docket, reason: Any) -> None:
        """A correction needs a reason; nothing is written without one."""
        case = to_report(docket)
        with pytest.raises(EventError, match="reason"):
            docket.correct(case, Strike(3), reason=reason)
        assert docket.verify().entries == 4

    @pytest.mark.parametrize(
        "change", [Replace(4, ACCEPTED), Replace(0, ACCEPTED), Strike(9), Strike(0), Insert(4, ACCEPTED)]
    )
    def test_numbers(self, docket: Docket, change: Change) -> None:
        """A number that no act has is refused, with the numbers that there are."""
        case = to_report(docket)
        with pytest.raises(EventError, match=rf"acts 1 to 3 in case\.path; the change names {change.seq}"):
            docket.correct(case, change, reason="x")

    def test_wrong(self, docket: Docket) -> None:
        """No changes, two changes of one act, and what is no change are refused."""
        case = to_report(docket)
        for changes in ((), (Strike(3), Replace(3, REPORTED)), (Strike(3), Strike(3)), (ACCEPTED,)):
            with pytest.raises(EventError, match="change"):
                docket.correct(case, *changes, reason="x")
        with pytest.raises(EventError, match=r"rrm_lifecycle\.events"):
            Replace(1, "ReviewAccepted")  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(EventError, match="whole number"):
            Strike(True)
        for what, event in ((Alters.REPLACE, None), (Alters.INSERT, None), (Alters.STRIKE, ACCEPTED)):
            with pytest.raises(EventError, match="Strike"):
                Change(what, 1, event)
        assert docket.verify().entries == 4

    def test_stale(self, docket: Docket) -> None:
        """Whoever holds an old case is told, and so is whoever holds the case as it stood before a correction."""
        old = docket.record(docket.start("A"), ASKED)
        case = docket.record(old, ACCEPTED)
        with pytest.raises(ConcurrencyConflict, match="has moved on"):
            docket.correct(old, Strike(1), reason="x")
        correct(docket, case, Replace(2, changed(ACCEPTED, on=date(2024, 4, 8))))
        with pytest.raises(ConcurrencyConflict, match="correction"):
            docket.record(case, REPORTED)
        with pytest.raises(UnknownCase):
            docket.correct("B", Strike(1), reason="x")

    def test_hint(self, docket: Docket) -> None:
        """An act learned of late is refused with the way in which it comes in."""
        case = to_report(docket)
        with pytest.raises(RefusedError) as caught:
            docket.record(case, did.LimitExtended(date(2024, 4, 20), term="review", until=date(2024, 7, 1)))
        assert any("docket.correct(case, Insert(after, event)" in one for one in caught.value.__notes__)


class TestRecord:
    """Both readings stay: the case as corrected, the record as it was written."""

    def test_both(self, docket: Docket) -> None:
        """The history holds the entries as recorded and the correction behind them; the case is as corrected."""
        case = to_report(docket)
        docket.correct(case, Strike(3), reason="wrong file", recorded_by="clerk-7")
        history = docket.history("A")
        assert tuple(one.entry for one in history[:4]) == case.path
        last = history[-1]
        assert isinstance(last.entry, Correction)
        assert (last.seq, last.kind, last.recorded_by, last.entry.reason) == (
            4,
            EntryKind.CORRECTION,
            "clerk-7",
            "wrong file",
        )
        assert (last.entry.stage, last.entry.to) == (case.stage, Stage.UNDER_REVIEW)
        assert str(last.entry) == "corrected: strike act 3 (wrong file)"
        assert repr(last).endswith("correction>")
        assert docket.case("A").stage is Stage.UNDER_REVIEW

    def test_listed(self, docket: Docket) -> None:
        """Lists and agendas show the case as corrected."""
        case = to_report(docket)
        correct(docket, case, Strike(3))
        assert [one.id for one in docket.cases(stage="under_review")] == ["A"]
        assert docket.cases(stage=case.stage) == ()
        assert [one.term for one in docket.agenda(date(2024, 5, 20))] == ["review"]

    def test_as_of(self, tmp_path: Path) -> None:
        """As of a moment before the correction the case stands as it was known then."""
        for kind in KINDS:
            clock = Ticking()
            with docket_of(kind, tmp_path, clock=clock) as docket:
                case = to_report(docket)
                clock.now = datetime(2024, 7, 1, tzinfo=UTC)
                after = correct(docket, case, Strike(3))
                assert docket.as_of(datetime(2024, 6, 30, tzinfo=UTC)).case("A") == case
                assert docket.as_of(datetime(2024, 7, 2, tzinfo=UTC)).case("A") == after

    def test_no_table(self, docket: Docket, monkeypatch: pytest.MonkeyPatch) -> None:
        """Folding a corrected record decides nothing: it reads the rulings that the correction holds."""
        case = to_report(docket)
        after = correct(docket, case, Replace(2, changed(ACCEPTED, on=date(2024, 4, 8))))
        data = dumps(docket.history("A"))

        def never(*_: object, **__: object) -> None:
            msg = "the table was asked"
            raise AssertionError(msg)

        for page in (engine, course_page, docket_page):
            for name in ("decide", "decide_again"):
                if hasattr(page, name):
                    monkeypatch.setattr(page, name, never)
        monkeypatch.setattr(engine, "_plan", never)
        assert Docket(docket._store).case("A") == after
        assert loads(data) == after
        assert docket.verify().entries == 5

    def test_round_trip(self, docket: Docket) -> None:
        """A corrected record is written and read again, byte for byte."""
        docket.start("A")
        events = (ASKED, did.ReviewDeclined(date(2024, 4, 9)), did.PanelRequested(date(2024, 4, 20)))
        case = docket.record_all("A", (*events, did.PanelistsDrawn(date(2024, 4, 22), panelists=LOT)))
        after = correct(
            docket,
            case,
            Replace(4, did.PanelistsDrawn(date(2024, 4, 23), panelists=LOT)),
            Insert(1, did.HoldBegun(date(2024, 4, 2))),
        )
        data = dumps(docket.history("A"))
        assert loads(data) == after
        assert loads_filed(data) == docket.history("A")
        assert dumps(loads_filed(data)) == data
        assert verify(data).entries == 6

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b'"since":2', b'"since":1'),
            (b'"since":2', b'"since":3'),
            (b'"since":2', b'"since":9'),
            (b'"reason":"learned later"', b'"reason":""'),
            (b'"what":"replace"', b'"what":"strike"'),
            (b'"what":"replace"', b'"what":"forget"'),
            (b'"effective":"2024-04-08"', b'"effective":"2024-03-08"'),
            (b'"from":"denial_reported"', b'"from":"closed"'),
        ],
    )
    def test_tampered(self, docket: Docket, old: bytes, new: bytes) -> None:
        """A correction that was altered is noticed by its hash; one that does not follow, though its hash be made to fit."""
        case = to_report(docket)
        correct(docket, case, Replace(2, changed(ACCEPTED, on=date(2024, 4, 8))))
        history = list(docket.history("A"))
        body = history[-1].body.replace(old, new)
        assert body != history[-1].body
        history[-1] = changed(history[-1], body=body)
        with pytest.raises(RecordDamaged, match="altered"):
            verify(history)

    def test_made_to_fit(self, docket: Docket) -> None:
        """A correction that says where it leads, and whose course leads elsewhere, does not fold."""
        case = to_report(docket)
        correct(docket, case, Strike(3))
        history = list(docket.history("A"))
        kept = history[-1].entry
        assert isinstance(kept, Correction)
        for wrong in (
            changed(kept, to=Stage.CLOSED),
            changed(kept, stage=Stage.ASSESSMENT),
            changed(kept, since=6),
            changed(kept, since=0),
            changed(kept, case_id="B"),
            changed(kept, acts=(case.acts[0],)),
        ):
            last = history[-1]
            made = file(wrong, seq=last.seq, prev=last.prev, log=last.log, recorded=last.recorded, note=last.note)
            with pytest.raises(RecordDamaged):
                verify([*history[:-1], made])


class TestAnyCase:
    """Whatever is corrected in whatever case: it folds as it was shown, or is refused."""

    @pytest.mark.parametrize("seed", range(12))
    def test_any(self, seed: int) -> None:
        """Acts put in place of themselves change nothing; struck or doubled, they are refused, or lead where was shown."""
        case = lawful_case(seed)
        context = Random(seed).choice(CONTEXTS)
        docket = Docket.in_memory(context=context)
        docket.import_jsonl(BytesIO(dumps(case)))
        for seq, entry in enumerate(case.acts, 1):
            same = preview(docket, case, Replace(seq, entry.act))
            assert (same.after, same.differences) == (case, ())
            for change in (Strike(seq), Insert(seq, entry.act)):
                try:
                    shown = preview(docket, case, change)
                except (RefusedError, TermError):  # a limit in business days may start that no calendar is given for
                    continue
                other = Docket.in_memory(context=context)
                other.import_jsonl(BytesIO(dumps(case)))
                after = correct(other, case.id, change)
                assert after == shown.after
                assert loads(dumps(other.history(case.id))) == after == Docket(other._store).case(case.id)
                assert other.verify().entries == len(case.path) + 1
