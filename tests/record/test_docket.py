"""The docket: the door for applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Origin, Panelist, PanelList, Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.case.register import PriorDenial, Register
from rrm_lifecycle.errors import (
    ConcurrencyConflict,
    DuplicateCase,
    EventError,
    RecordDamaged,
    RefusedError,
    StorageFull,
    UnknownCase,
)
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.terms import REPLY
from rrm_lifecycle.record.chain import dumps, verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Refusal
from rrm_lifecycle.record.filed import Filed, Note
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Draft, Head
from tests.record.lawful import lawful_case

PLANT = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Dueño")
ASKED = did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis="dismissals")
ACCEPTED = did.ReviewAccepted(date(2024, 4, 9))
LOT = (Panelist(PanelList.JOINT), Panelist(PanelList.COMPLAINANT), Panelist(PanelList.RESPONDENT))


def to_denial(docket: Docket, case_id: str, facility: CoveredFacility, year: int) -> Case:
    """Record a case up to a panel's Denial and the notice of remedies."""
    docket.start(case_id)
    for event in (
        changed(ASKED, on=date(year, 1, 8), facility=facility),
        did.ReviewDeclined(date(year, 1, 9)),
        did.PanelRequested(date(year, 1, 20)),
        did.PanelistsDrawn(date(year, 1, 22), panelists=LOT),
        did.PanelConstituted(date(year, 1, 23)),
        did.PetitionConfirmed(date(year, 1, 24), elements=("facility", "laws", "basis")),
        did.VerificationRequested(date(year, 1, 25)),
        did.VerificationRefused(date(year, 1, 26)),
        did.NoVerificationAsked(date(year, 1, 29)),
        did.DeterminationIssued(date(year, 2, 10), finding="denial", heard=True),
        did.RemediesNotified(date(year, 2, 12)),
    ):
        docket.record(case_id, event)
    return docket.case(case_id)


class TestStart:
    """A case is opened under an id of its own, and its opening is filed."""

    def test_filed(self) -> None:
        """The opening is the first entry, recorded by whoever was at the keyboard."""
        docket = Docket.in_memory(clock=lambda: datetime(2024, 4, 1, 9, tzinfo=UTC))
        case = docket.start("SLP-2024-01", annex=ANNEX_31B, origin="hotline", respondent="MX", recorded_by="clerk-7")
        (opening,) = docket.history(case)
        assert (opening.seq, opening.prev, opening.recorded_by) == (0, None, "clerk-7")
        assert opening.recorded == datetime(2024, 4, 1, 9, tzinfo=UTC)
        assert (case.origin, case.complainant, case.stage) == (Origin.HOTLINE, Party.CA, Stage.ASSESSMENT)
        assert docket.case("slp-2024-01") is docket.case("SLP-2024-01")
        assert repr(opening) == f"<Filed SLP-2024-01 0: {opening.hash[:12]}…, opening>"

    @pytest.mark.parametrize("wrong", ["", "a b", "../x", "a..b", "con", "é", "-a", "a" * 65, "a/b", "a\n", None, 3])
    def test_ids(self, wrong: object) -> None:
        """An id that cannot be used in a file name, an address and a terminal is refused, and nothing is filed."""
        docket = Docket.in_memory()
        with pytest.raises(EventError):
            docket.start(wrong)  # type: ignore[arg-type]  # some are wrong on purpose
        assert docket.cases() == ()

    def test_twice(self) -> None:
        """An id is taken once, letter case apart."""
        docket = Docket.in_memory()
        docket.start("Slp-1")
        with pytest.raises(DuplicateCase, match="Slp-1"):
            docket.start("sLP-1")


class TestRecord:
    """An act is filed before the new case is shown; a refusal writes nothing."""

    def test_filed_first(self) -> None:
        """The case returned, the case held and the record agree."""
        docket = Docket.in_memory()
        case = docket.record(docket.start("A"), ASKED, recorded_by="me", source="https://example.org", remark="so told")
        assert case == play(Case.start("A"), ASKED) == docket.case("A")
        assert [filed.entry for filed in docket.history(case)] == list(case.path)
        assert docket.history("A")[1].remark == "so told"

    def test_store_that_fails(self) -> None:
        """Where the store fails, no new case is shown."""

        class Full(MemoryStore):
            """A store without room."""

            def append(
                self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
            ) -> tuple[Filed, ...]:
                """File the opening alone."""
                if after is not None:
                    msg = "no room"
                    raise StorageFull(msg)
                return super().append(drafts, after=after, case=case, once=once)

        docket = Docket(Full())
        case = docket.start("A")
        with pytest.raises(StorageFull, match="no room"):
            docket.record(case, ASKED)
        assert docket.case("A") == case

    def test_refused(self) -> None:
        """A refusal is raised with its reasons, and nothing is written."""
        docket = Docket.in_memory()
        case = docket.start("A")
        with pytest.raises(RefusedError) as caught:
            docket.record(case, ACCEPTED)
        assert caught.value.refusal.no_rule
        assert len(docket.history("A")) == 1

    def test_stale(self) -> None:
        """Whoever holds an old case is told what to do, and nothing is written."""
        docket = Docket.in_memory()
        old = docket.start("A")
        docket.record(old, ASKED)
        with pytest.raises(ConcurrencyConflict, match=r"as of act 0, the docket as of act 1.*docket\.case\('A'\)"):
            docket.record(old, ASKED)
        assert docket.verify().entries == 2

    def test_what_if(self) -> None:
        """A case that was played on is no case of the docket, even where it is as long."""
        docket = Docket.in_memory()
        old = docket.start("A")
        docket.record(old, ASKED)
        for branch in (play(docket.case("A"), ACCEPTED), play(old, changed(ASKED, on=date(2024, 4, 2)))):
            with pytest.raises(ConcurrencyConflict, match="what-if"):
                docket.record(branch, ACCEPTED)
        with pytest.raises(UnknownCase):
            docket.record(Case.start("B"), ASKED)

    def test_by_id(self) -> None:
        """By its id, an act is recorded in the case as it is held."""
        docket = Docket.in_memory()
        docket.start("A")
        docket.record("a", ASKED)
        assert docket.record("A", ACCEPTED).stage is Stage.UNDER_REVIEW
        with pytest.raises(EventError, match="by its id"):
            docket.record(3, ACCEPTED)  # type: ignore[arg-type]  # wrong on purpose

    def test_wrong_event(self) -> None:
        """What is no event is an error, not a refusal."""
        docket = Docket.in_memory()
        with pytest.raises(EventError, match=r"rrm_lifecycle\.events"):
            docket.record(docket.start("A"), "ReviewAccepted")  # type: ignore[arg-type]  # wrong on purpose


class Overtaken(MemoryStore):
    """A store in which another writer files the same act just before."""

    def __init__(self, once: str | None) -> None:
        super().__init__()
        self.other = once

    def append(
        self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
    ) -> tuple[Filed, ...]:
        """File the act for the other writer, then try for this one."""
        if after is not None and after.seq == 0:
            super().append(drafts, after=after, case=case, once=self.other)
        return super().append(drafts, after=after, case=case, once=once)


class TestRace:
    """Whoever is overtaken between asking and filing is told, or shown that it is done."""

    def test_told(self) -> None:
        """Without a key, or with another, the later writer gets a conflict."""
        for key in (None, "mine"):
            docket = Docket(Overtaken("theirs"))
            docket.start("A")
            with pytest.raises(ConcurrencyConflict, match="has moved on"):
                docket.record("A", ASKED, once=key)
            assert docket.case("A").seq == 1

    def test_done(self) -> None:
        """With the same key, the later writer is shown the case after the act."""
        docket = Docket(Overtaken("mine"))
        assert docket.record(docket.start("A"), ASKED, once="mine").seq == 1
        assert docket.verify().entries == 2

    def test_always_first(self) -> None:
        """Where others are first each time, the writer of an act or of a remark is told so in the end."""

        class Crowded(MemoryStore):
            """A store in which somebody else's remark always comes first."""

            def append(
                self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
            ) -> tuple[Filed, ...]:
                """File a remark of another, then try."""
                if after is not None:
                    remark = Draft(Remark("A", "first", date(2024, 4, 1)))
                    super().append([remark], after=self.head("A"), case=Case.start("A"))
                return super().append(drafts, after=after, case=case, once=once)

        docket = Docket(Crowded())
        docket.start("A")
        with pytest.raises(
            ConcurrencyConflict, match="others wrote in case A 8 times in a row, each time first: try again"
        ):
            docket.remark("A", "so told", on=date(2024, 4, 2))
        with pytest.raises(ConcurrencyConflict, match="8 times in a row, each time first: record again"):
            docket.record("A", ASKED)
        assert docket.case("A").seq == 0
        assert [one.entry.text for one in docket.history("A") if isinstance(one.entry, Remark)] == ["first"] * 16


class TestOnce:
    """With a key, a repeat does no harm."""

    def test_repeat(self) -> None:
        """The second call writes nothing and returns the case as it stands, also for the old case, also later on."""
        docket = Docket.in_memory()
        old = docket.start("A")
        first = docket.record(old, ASKED, once="message-1")
        assert docket.record(old, ASKED, once="message-1") == first
        later = docket.record(first, ACCEPTED, once="message-2")
        assert docket.record(old, ASKED, once="message-1") is later
        assert docket.verify().entries == 3

    def test_other_act(self) -> None:
        """The key of another act is refused; in another case it is another key."""
        docket = Docket.in_memory()
        case = docket.record(docket.start("A"), ASKED, once="k")
        with pytest.raises(EventError, match=r"used for ReviewRequested on 2024-04-01 in case A"):
            docket.record(case, ACCEPTED, once="k")
        assert docket.record(docket.start("B"), ASKED, once="k").seq == 1

    def test_refused_first(self) -> None:
        """A refusal uses no key up."""
        docket = Docket.in_memory()
        case = docket.start("A")
        with pytest.raises(RefusedError):
            docket.record(case, ACCEPTED, once="k")
        assert docket.record(case, ASKED, once="k").seq == 1

    @pytest.mark.parametrize("key", ["", "\x1b", 3])
    def test_no_key(self, key: object) -> None:
        """What is no text is no key."""
        docket = Docket.in_memory()
        with pytest.raises(EventError, match="once"):
            docket.record(docket.start("A"), ASKED, once=key)  # type: ignore[arg-type]  # some are wrong on purpose

    def test_threads(self) -> None:
        """Of eight threads that record one act with one key, one files it, and all are shown the case after it."""
        docket = Docket.in_memory()
        cases = [docket.start(f"case-{number}") for number in range(20)]
        barrier = Barrier(8)
        shown: list[Stage] = []

        def write() -> None:
            barrier.wait()
            shown.extend(docket.record(case, ASKED, once="k").stage for case in cases)

        threads = [Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert shown == [Stage.REVIEW_REQUESTED] * 160
        assert docket.verify().entries == 40


class TestAsk:
    """Asking writes nothing."""

    def test_ask(self) -> None:
        """An answer is an entry or a refusal; the record stays as it is; a what-if may be asked about."""
        docket = Docket.in_memory()
        case = docket.start("A")
        assert docket.ask(case, ASKED).admitted
        assert isinstance(docket.ask("A", ACCEPTED), Refusal)
        assert docket.ask(play(case, ASKED), ACCEPTED).admitted
        assert len(docket.history("A")) == 1

    def test_context(self) -> None:
        """A docket decides under its context."""
        docket = Docket.in_memory(context=Context(Reading(terms=(REPLY.set(20),))))
        case = docket.record(docket.start("A"), ASKED)
        assert docket.agenda(date(2024, 4, 2))[0].due == date(2024, 4, 21)
        assert [one.event for one in docket.options(case, date(2024, 4, 2)) if one.is_open]

    def test_register(self) -> None:
        """A Denial that a panel found in an earlier case of the docket counts for the tiers of a later one."""
        docket = Docket.in_memory()
        to_denial(docket, "first", PLANT, 2023)
        same_owner = CoveredFacility("Planta Dos", country="MX", sector="mining", goods_traded=True, owner="DUEÑO")
        second = to_denial(docket, "second", same_owner, 2024)
        alone = to_denial(Docket.in_memory(), "second", same_owner, 2024)
        tier_2 = did.RemediesImposed(date(2024, 3, 1), tier=2, measure="penalty")
        assert docket.ask(second, tier_2).admitted
        assert not Docket.in_memory().ask(alone, tier_2).admitted
        tier_3 = changed(tier_2, tier=3)
        assert not docket.ask(second, tier_3).admitted
        known = Register([PriorDenial("elsewhere", PLANT, date(2022, 1, 1))])
        richer = Docket(docket._store, context=Context(register=known))
        assert richer.cases() == docket.cases()
        assert richer.ask("second", tier_3).admitted

    def test_register_of_later_day(self) -> None:
        """A Denial that is dated after the act, or that stands in the same case, does not count."""
        docket = Docket.in_memory()
        to_denial(docket, "later", PLANT, 2024)
        first = to_denial(docket, "first", PLANT, 2023)
        assert not docket.ask(first, did.RemediesImposed(date(2023, 3, 1), tier=2, measure="penalty")).admitted


class TestLook:
    """What is held can be looked at: by stage, phase, facility and owner; what is due in all of it."""

    def test_cases(self) -> None:
        """Cases come in the order in which they were opened, narrowed down as asked."""
        docket = Docket.in_memory()
        docket.start("A")
        docket.record(docket.start("B"), ASKED)
        ids = [
            [case.id for case in found]
            for found in (
                docket.cases(),
                docket.cases(stage="assessment"),
                docket.cases(phase=Phase.REQUEST_FOR_REVIEW),
                docket.cases(phase="panel"),
                docket.cases(facility="planta uno"),
                docket.cases(facility=PLANT),
                docket.cases(owner="dueño"),
                docket.cases(owner="nobody"),
            )
        ]
        assert ids == [["A", "B"], ["A"], ["A", "B"], [], ["B"], ["B"], ["B"], []]
        with pytest.raises(EventError, match="stage has to be one of"):
            docket.cases(stage="nowhere")

    def test_agenda(self) -> None:
        """The agenda of a docket holds what is due in each case, first what is due first; or of one case alone."""
        docket = Docket.in_memory()
        docket.record(docket.start("B"), changed(ASKED, on=date(2024, 4, 3)))
        docket.record(docket.start("A"), ASKED)
        due = docket.agenda(date(2024, 4, 5))
        assert [(one.case_id, one.term) for one in due] == [
            ("A", "reply"),
            ("B", "reply"),
            ("A", "review"),
            ("B", "review"),
        ]
        assert [one.case_id for one in docket.agenda(date(2024, 4, 5), case="A")] == ["A", "A"]
        assert len(docket.agenda(date(2024, 4, 2))) == 2
        with pytest.raises(EventError, match="today"):
            docket.agenda("2024-04-05")  # type: ignore[arg-type]  # wrong on purpose

    def test_agenda_of_any_case(self) -> None:
        """On any day the agenda of a docket is that of its cases, although it folds no case whose acts lie behind."""
        docket = Docket.in_memory()
        docket.import_jsonl(BytesIO(b"".join(dumps(lawful_case(seed)) for seed in range(40))))
        for day in (date(2023, 1, 1) + timedelta(30 * month) for month in range(20)):
            each = [one for case in docket.cases() for one in agenda_of(case, day)]
            each.sort(key=lambda one, day=day: (one.due is None, one.due or day))  # type: ignore[misc]  # a day bound early
            assert list(docket.agenda(day)) == each

    def test_unknown(self) -> None:
        """A case that is not held is named with near ids."""
        docket = Docket.in_memory()
        docket.start("SLP-2024-01")
        for ask in (docket.case, docket.history):
            with pytest.raises(UnknownCase, match="is 'SLP-2024-01' meant"):
                ask("SLP-2024-02")
        assert repr(docket).endswith(": 1 cases>")

    def test_two_dockets(self) -> None:
        """Two dockets over one store see each other's acts."""
        store = MemoryStore()
        one, two = Docket(store), Docket(store)
        case = one.start("A")
        two.record("A", ASKED)
        assert one.case("A") == two.case("A")
        with pytest.raises(ConcurrencyConflict):
            one.record(case, ASKED)
        assert one.record("A", ACCEPTED) == two.case("A")


class TestVerify:
    """Verifying folds what is kept and compares it with what is shown."""

    def test_holds(self) -> None:
        """All entries of all cases are counted, and lie in the window while no checkpoint is kept elsewhere."""
        docket = Docket.in_memory()
        docket.record(docket.start("A"), ASKED)
        docket.start("B")
        found = docket.verify()
        assert (found.entries, found.cases, found.window) == (3, 2, 3)
        assert "3 entries of 2 cases" in str(found)
        assert Docket.in_memory().verify().entries == 0

    def test_tampered_memory(self) -> None:
        """An entry altered in the store is noticed, and so is one that was taken out at the end."""
        store = MemoryStore()
        docket = Docket(store)
        docket.record(docket.start("A"), ASKED)
        filed = store._order[1]
        store._order[1] = changed(filed, body=filed.body.replace(b"2024-04-01", b"2024-04-02"))
        store._cases["a"][1] = store._order[1]
        with pytest.raises(RecordDamaged, match=r"entry 1 of case A .* was altered"):
            docket.verify()
        del store._cases["a"][1]
        with pytest.raises(RecordDamaged, match="listed otherwise"):
            docket.verify()

    def test_shown_otherwise(self) -> None:
        """An entry of a docket in memory that is shown otherwise than the bytes under its hash is noticed."""
        store = MemoryStore()
        docket = Docket(store)
        docket.record(docket.start("A"), ASKED)
        right = store._cases["a"][1]
        for wrong in (changed(right, seq=2), changed(right, log="another"), changed(right, note=Note("somebody"))):
            store._cases["a"][1] = wrong
            with pytest.raises(RecordDamaged, match="entry 1 of case A is shown otherwise than its bytes say"):
                docket.verify()
        store._cases["a"][1] = right
        assert docket.verify().entries == 2

    def test_taken_out_of_the_log(self) -> None:
        """An entry that is in its case and not in the log is noticed."""
        store = MemoryStore()
        docket = Docket(store)
        docket.record(docket.start("A"), ASKED)
        del store._order[1]
        with pytest.raises(RecordDamaged, match="places for 1 entries, and 2 are kept"):
            docket.verify()

    def test_shown_case(self) -> None:
        """A case that is held folded is held as of its head: whatever was held before another head counts no more."""
        docket = Docket.in_memory()
        case = docket.record(docket.start("A"), ASKED)
        held = docket._keeper._held["A"]
        assert held.case is case
        docket._keeper._held["A"] = changed(
            held, case=changed(case, stage=Stage.CLOSED), head=changed(held.head, hash="0")
        )
        assert docket.case("A") == case

    def test_order_of_log(self) -> None:
        """Entries of many cases are verified in the order of the log."""
        docket = Docket.in_memory()
        docket.start("A")
        docket.start("B")
        docket.record("A", ASKED)
        docket.record("B", ASKED)
        assert verify(docket._store.in_order()).entries == 4
