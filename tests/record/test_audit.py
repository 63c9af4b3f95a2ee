"""A log as a whole: what is signed and kept elsewhere, what is proved, and what is noticed when it was altered."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.errors import EventError, RecordDamaged, RefusedError, StorageError, UnknownCase
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.audit import Audit
from rrm_lifecycle.record.chain import loads
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.kept import Strike
from rrm_lifecycle.record.proof import verify_extract
from rrm_lifecycle.record.proof.extract import read_extract
from rrm_lifecycle.record.proof.keys import SigningKey, load_key, new_key
from rrm_lifecycle.record.proof.notes import open_note, read_checkpoints
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Head
from tests.record.dockets import ACCEPTED, ASKED, KEY, KINDS, REPORTED, Ticking, docket_of, to_report


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield an empty docket that signs checkpoints into a folder beside."""
    with docket_of(request.param, tmp_path, key=KEY, checkpoints=tmp_path / "kept") as made:
        yield made


@pytest.fixture
def store() -> MemoryStore:
    """Return an empty store in memory."""
    return MemoryStore(clock=Ticking())


def sizes(folder: Path) -> list[int]:
    """Return the sizes that the checkpoints of a folder cover."""
    return [one.size for one in read_checkpoints(folder, KEY.verifier)] if folder.is_dir() else []


class TestCheckpoints:
    """Where key and folder are named, checkpoints are written on each closing, every hundred entries, and at the end."""

    def test_closing(self, docket: Docket, tmp_path: Path) -> None:
        """An act that closes a case is followed by a checkpoint; one that does not is not."""
        docket.record(docket.start("A"), ASKED)
        assert sizes(tmp_path / "kept") == []
        docket.record("A", did.Withdrawn(date(2024, 4, 3)))
        assert sizes(tmp_path / "kept") == [3]
        docket.start("B")
        assert docket.record_all("B", (ASKED, did.Withdrawn(date(2024, 4, 3)))).is_closed
        assert sizes(tmp_path / "kept") == [3, 6]

    def test_closing_by_correction(self, docket: Docket, tmp_path: Path) -> None:
        """So is a correction that leaves a case closed."""
        case = to_report(docket)
        docket.correct(case, Strike(3), reason="x")
        assert sizes(tmp_path / "kept") == []

    def test_hundred(self, docket: Docket, tmp_path: Path) -> None:
        """A hundred entries are followed by a checkpoint, of whatever kind they are."""
        docket.start("A")
        for number in range(98):
            docket.remark("A", f"remark {number}", on=date(2024, 4, 1))
        assert sizes(tmp_path / "kept") == []
        docket.record("A", ASKED)
        assert sizes(tmp_path / "kept") == [100]
        for number in range(99):
            docket.start(f"case-{number}")
        assert sizes(tmp_path / "kept") == [100]
        docket.record("A", ACCEPTED)
        assert sizes(tmp_path / "kept") == [100, 200]
        docket.verify()

    @pytest.mark.parametrize("kind", KINDS)
    def test_close(self, kind: str, tmp_path: Path) -> None:
        """Closing the docket signs what is not signed yet, and nothing where all of it is."""
        with docket_of(kind, tmp_path, key=KEY, checkpoints=tmp_path / "kept") as docket:
            docket.start("A")
        assert sizes(tmp_path / "kept") == [1]
        with docket_of(kind, tmp_path, key=KEY, checkpoints=tmp_path / "none", name="none"):
            pass
        assert sizes(tmp_path / "none") == []

    def test_asked_for(self, docket: Docket, tmp_path: Path) -> None:
        """A checkpoint can be asked for; asked again without a new entry, it is the same one."""
        docket.start("A")
        note = docket.checkpoint()
        found = open_note(note, KEY.verifier)
        assert (found.origin, found.size, found.root) == (
            docket._store.log,
            1,
            bytes.fromhex(docket.prove(docket.receipt("A")).root),
        )
        assert docket.checkpoint() == note
        assert sizes(tmp_path / "kept") == [1]
        docket.start("B")
        assert open_note(docket.checkpoint(), KEY.verifier).size == 2

    def test_no_key(self, tmp_path: Path) -> None:
        """Without a key nothing is signed, and the error says what to do."""
        for kind in KINDS:
            with docket_of(kind, tmp_path, checkpoints=tmp_path / "kept") as docket:
                docket.record(docket.start("A"), did.CaseDropped(date(2024, 4, 1)))
                with pytest.raises(EventError, match=r"key=.*new_key"):
                    docket.checkpoint()
                assert not (tmp_path / "kept").exists()

    def test_new_key(self, tmp_path: Path) -> None:
        """A key made anew and kept in a file signs, and what it signed counts by its verifier."""
        key = new_key("court.example")
        place = key.write(tmp_path / "key")
        docket = Docket(MemoryStore(), key=load_key(place), checkpoints=tmp_path / "kept")
        docket.start("A")
        assert open_note(docket.checkpoint(), key.verifier).size == 1
        with pytest.raises(RecordDamaged, match="none of the keys"):
            open_note(docket.checkpoint(), KEY.verifier)

    def test_folder_that_cannot_be_written(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """Where no checkpoint can be kept, acts are kept all the same; it is logged, and tried again with the next entry."""
        folder = tmp_path / "kept"
        folder.write_text("in the way")
        docket = docket_of("memory", tmp_path, key=KEY, checkpoints=folder)
        docket.start("A")
        docket.record_all("A", (ASKED, did.Withdrawn(date(2024, 4, 3))))
        assert "a checkpoint is due and cannot be kept" in caplog.text
        cause = os.strerror(errno.EEXIST)
        with pytest.raises(
            StorageError, match=rf"no checkpoint can be kept in .*kept: {cause}; the record itself is kept"
        ):
            docket.checkpoint()
        folder.unlink()
        docket.start("B")
        docket.record_all("B", (ASKED, did.Withdrawn(date(2024, 4, 3))))
        assert sizes(folder) == [6]
        assert docket.verify().window == 0

    def test_threads(self, tmp_path: Path) -> None:
        """Threads that sign at the same time sign one history."""
        docket = docket_of("memory", tmp_path, key=KEY, checkpoints=tmp_path / "kept")
        barrier = Barrier(4)
        failed: list[BaseException] = []

        def write(name: int) -> None:
            barrier.wait()
            try:
                for number in range(15):
                    docket.start(f"case-{name}-{number}")
                    docket.checkpoint()
            except BaseException as error:  # noqa: BLE001 - told below
                failed.append(error)

        threads = [Thread(target=write, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert docket.verify().window == 0


class TestWindow:
    """What no checkpoint kept elsewhere covers lies in the window, and verifying says so."""

    def test_shrinks(self, docket: Docket, tmp_path: Path) -> None:
        """A checkpoint covers what is there; what comes behind it lies in the window."""
        to_report(docket)
        found = docket.verify()
        assert (found.entries, found.window, found.checkpoint) == (4, 4, 0)
        docket.checkpoint()
        found = docket.verify()
        assert (found.window, found.checkpoint) == (0, 4)
        docket.remark("A", "behind", on=date(2024, 6, 1))
        with pytest.raises(RefusedError):
            docket.record("A", ASKED)
        found = docket.verify()
        assert (found.entries, found.window, found.checkpoint) == (6, 2, 4)
        assert str(found) == "6 entries of 1 case hold together; 2 of them are covered by no checkpoint kept elsewhere"
        assert sizes(tmp_path / "kept") == [4]

    def test_none(self, tmp_path: Path) -> None:
        """Without checkpoints all entries lie in the window."""
        docket = docket_of("memory", tmp_path)
        to_report(docket)
        assert (docket.verify().window, docket.verify().checkpoint) == (4, None)

    def test_verifiers_alone(self, tmp_path: Path) -> None:
        """Whoever has the verifier alone can check, and not sign."""
        store = MemoryStore()
        to_report(Docket(store, key=KEY, checkpoints=tmp_path / "kept"))
        Docket(store, key=KEY, checkpoints=tmp_path / "kept").checkpoint()
        reader = Docket(store, checkpoints=tmp_path / "kept", verifiers=[KEY.verifier])
        assert reader.verify().window == 0
        with pytest.raises(EventError):
            reader.checkpoint()
        stranger = Docket(store, checkpoints=tmp_path / "kept", verifiers=[SigningKey("other", bytes(32)).verifier])
        with pytest.raises(RecordDamaged, match="none of the keys"):
            stranger.verify()

    def test_progress(self, docket: Docket) -> None:
        """Progress counts entries up to all of them."""
        to_report(docket)
        docket.start("B")
        told: list[tuple[int, int]] = []
        docket.verify(progress=lambda done, of: told.append((done, of)))
        assert told == [(4, 5), (5, 5)]

    def test_while_others_write(self) -> None:
        """A docket that grows while it is verified is no damaged one."""

        class Busy(MemoryStore):
            """A store in which another writer opens a case whenever the heads are looked at."""

            def heads(self) -> Iterator[Head]:
                """Open a case, then yield the heads."""
                Docket(self).start(f"busy-{self.number()}")
                return super().heads()

        docket = Docket(Busy())
        docket.start("A")
        assert docket.verify().entries == 2
        assert docket.verify().entries == 3


class TestProof:
    """A receipt is proved to stand in the log."""

    def test_holds(self, docket: Docket) -> None:
        """Each entry of each chain is proved, at the size of the log now, under the root that is signed."""
        to_report(docket)
        docket.start("B")
        with pytest.raises(RefusedError):
            docket.record("B", ACCEPTED)
        root = open_note(docket.checkpoint(), KEY.verifier).root.hex()
        receipts = [docket.receipt(name, seq) for name, last in (("A", 3), ("B", 0)) for seq in range(last + 1)]
        receipts.append(docket.receipt("B/attempts"))
        places = [docket.prove(one) for one in receipts]
        assert [one.index for one in places] == [0, 1, 2, 3, 4, 5]
        assert {one.size for one in places} == {6}
        assert {one.root for one in places} == {root}
        assert all(one.holds() for one in places)
        assert str(places[1]) == "entry 1 of case A stands at place 1 of 6"

    def test_tampered_receipt(self, docket: Docket) -> None:
        """A receipt with another hash, number, case or log is not proved."""
        to_report(docket)
        receipt = docket.receipt("A", 1)
        with pytest.raises(RecordDamaged, match="another hash than the receipt"):
            docket.prove(changed(receipt, hash="ab" * 32))
        with pytest.raises(RecordDamaged, match="another hash"):
            docket.prove(changed(receipt, seq=2))
        for wrong in (changed(receipt, seq=9), changed(receipt, case="B"), changed(receipt, log="elsewhere")):
            with pytest.raises(UnknownCase):
                docket.prove(wrong)
        assert not changed(docket.prove(receipt), receipt=changed(receipt, hash="ab" * 32)).holds()

    def test_of_remark_and_erasure(self, docket: Docket) -> None:
        """Whatever gives a receipt can be proved by it."""
        docket.start("A")
        assert docket.prove(docket.remark("A", "a word", on=date(2024, 6, 1))).holds()


class TestExtract:
    """The extract of one case is read by this library and by the program that stands alone."""

    def test_signed(self, docket: Docket, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """It holds the record of the case, a proof of each entry, and nothing of other cases."""
        docket.start("Other-case")
        case = to_report(docket)
        docket.correct(case, Strike(3), reason="x")
        data = docket.extract("a")
        found = read_extract(data, KEY.verifier)
        assert (found.case, found.window, found.size) == ("A", 0, 6)
        assert loads(found.record) == docket.case("A")
        assert b"Other-case" not in data
        (tmp_path / "a.extract").write_bytes(data)
        (tmp_path / "key.txt").write_text(KEY.verifier.text + "\n")
        (kept,) = (tmp_path / "kept").iterdir()
        arguments = [str(tmp_path / "a.extract"), "--key", str(tmp_path / "key.txt"), "--checkpoint", str(kept)]
        assert verify_extract.main(arguments) == 0
        assert "A" in capsys.readouterr().out
        (tmp_path / "b.extract").write_bytes(data.replace(b"dismissals", b"dismissalz"))
        assert verify_extract.main([str(tmp_path / "b.extract"), "--key", KEY.verifier.text]) != 0

    def test_bare(self, tmp_path: Path) -> None:
        """Without a key it is not signed, and says so."""
        docket = docket_of("memory", tmp_path)
        to_report(docket)
        assert str(read_extract(docket.extract("A"), ())).endswith("nothing is signed")
        with pytest.raises(UnknownCase):
            docket.extract("B")

    def test_taken_up(self, docket: Docket) -> None:
        """A case taken up from another log is proved in this one; its extract would name two logs, and is refused."""
        other = docket_of("memory", Path(), clock=Ticking(datetime(2024, 1, 1, tzinfo=UTC)))
        to_report(other, "Z")
        file = BytesIO()
        other.export_jsonl(file)
        file.seek(0)
        docket.start("A")
        docket.import_jsonl(file)
        assert docket.prove(docket.receipt("Z")).holds()
        with pytest.raises((EventError, RecordDamaged), match="log"):
            docket.extract("Z")


class TestCut:
    """A log that was cut, or put together otherwise, is shown by a checkpoint that was kept elsewhere."""

    def test_below_a_checkpoint(self, store: MemoryStore, tmp_path: Path) -> None:
        """A log that lacks its last entries below a checkpoint is refused, although it holds together."""
        docket = Docket(store, key=KEY, checkpoints=tmp_path / "kept")
        docket.record(docket.start("A"), ASKED)
        docket.checkpoint()
        early = Docket(store)
        del store._order[1], store._cases["a"][1], store._places["a", 1]
        early.rebuild()
        assert Docket(store).verify().entries == 1
        with pytest.raises(RecordDamaged, match="the log was cut: it has 1 entries, and a checkpoint covers 2"):
            docket.verify()
        with pytest.raises(RecordDamaged, match="the log was cut"):
            docket._audit.verify_heads()

    def test_other_history(self, tmp_path: Path) -> None:
        """A log that was written anew holds together, and its root is not the one that was signed."""
        first = MemoryStore(log="one", clock=Ticking())
        Docket(first, key=KEY, checkpoints=tmp_path / "kept").start("A", recorded_by="x")
        Docket(first, key=KEY, checkpoints=tmp_path / "kept").checkpoint()
        forged = Docket(MemoryStore(log="one", clock=Ticking()), key=KEY, checkpoints=tmp_path / "kept")
        forged.start("A", recorded_by="y")
        with pytest.raises(RecordDamaged, match="not the one that was signed"):
            forged.verify()
        with pytest.raises(RecordDamaged, match="two histories of log one"):
            forged.checkpoint()

    def test_backdated(self, store: MemoryStore) -> None:
        """An entry that is put behind a later one in the log under an earlier moment is refused."""
        docket = Docket(store)
        docket.start("A")
        early = MemoryStore(log=store.log, clock=Ticking(datetime(2024, 1, 1, tzinfo=UTC)))
        Docket(early).start("B")
        store.put(early.read("B"), (), Docket(early).case("B"))
        with pytest.raises(RecordDamaged, match="entry 1 of the log was recorded before the one before it"):
            docket.verify()

    def test_swapped(self, tmp_path: Path) -> None:
        """Two entries that changed places in the log are noticed by the checkpoint, where their moments are the same."""
        still = MemoryStore(clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))
        docket = Docket(still, key=KEY, checkpoints=tmp_path / "kept")
        docket.start("A")
        docket.start("B")
        docket.checkpoint()
        still._order.reverse()
        with pytest.raises(RecordDamaged, match="not the one that was signed"):
            docket.verify()

    def test_added(self, store: MemoryStore) -> None:
        """An entry in the log that stands in no case is noticed."""
        docket = Docket(store)
        docket.start("A")
        docket.start("B")
        del store._cases["b"], store._standings["b"]
        with pytest.raises(RecordDamaged, match="places for 2 entries, and 1 are kept"):
            docket.verify()


class TestStandings:
    """Lists are made from the records: verifying compares them, and they can be made anew."""

    @pytest.mark.parametrize("field", ["stage", "owner", "facility", "snapshot", "has_denials", "hash", "seq"])
    def test_tampered(self, store: MemoryStore, field: str) -> None:
        """A row that says otherwise than the record folds is noticed, and is right again after it was made anew."""
        docket = Docket(store)
        case = to_report(docket)
        wrong: dict[str, Any] = {
            "stage": Stage.CLOSED,
            "owner": "nobody",
            "facility": None,
            "snapshot": store._standings["a"].snapshot.replace(b"2024-05-02", b"2024-05-03"),
            "has_denials": False,
            "hash": "0" * 64,
            "seq": 1,
        }
        right = store._standings["a"]
        store._standings["a"] = changed(right, **{field: wrong[field]})
        assert store._standings["a"] != right
        with pytest.raises(RecordDamaged, match=r"docket\.rebuild\(\)"):
            docket.verify()
        assert docket.rebuild() == 1
        assert store._standings["a"] == right
        assert docket.verify().entries == 4
        assert docket.case("A") == case

    def test_missing(self, store: MemoryStore) -> None:
        """A row that is missing is noticed and made anew."""
        docket = Docket(store)
        to_report(docket)
        docket.start("B")
        store._standings.clear()
        with pytest.raises(RecordDamaged, match="listed otherwise"):
            docket.verify()
        assert Docket(store).rebuild() == 2
        docket.verify()
        assert [one.id for one in docket.cases()] == ["A", "B"]

    def test_heads(self, docket: Docket) -> None:
        """The quick check holds for a docket that holds."""
        to_report(docket)
        with pytest.raises(RefusedError):
            docket.record("A", ASKED)
        docket.checkpoint()
        docket.start("B")
        found = docket._audit.verify_heads()
        assert (found.entries, found.cases, found.window, found.checkpoint) == (6, 2, 1, 5)
        assert found.heads == docket.verify().heads

    def test_heads_tampered(self, store: MemoryStore) -> None:
        """The quick check notices a case that is listed as of another entry."""
        docket = Docket(store)
        to_report(docket)
        store._standings["a"] = changed(store._standings["a"], hash="0" * 64)
        with pytest.raises(RecordDamaged, match="another entry than its last"):
            docket._audit.verify_heads()

    def test_after_a_late_clock(self, docket: Docket) -> None:
        """Verifying twice, and with acts between, gives what is there."""
        case = to_report(docket)
        assert docket.verify() == docket.verify()
        docket.record(case, did.CourseAgreed(date(2024, 5, 9), agreed_end=date(2024, 8, 1)))
        assert docket.verify().entries == 5
        assert REPORTED in [one.act for one in docket.case("A").acts]


class TestEnds:
    """The ends alone are checked where a log is large."""

    def test_ends(self) -> None:
        """Cases that are listed as of their last entry hold; one that is listed otherwise, or not at all, does not."""
        store = MemoryStore()
        docket = Docket(store)
        docket.start("A")
        docket.start("B")
        docket.remark("A", "so told", on=date(2024, 4, 2))
        found = Audit(store).verify_heads()
        assert (found.entries, found.cases, found.window) == (3, 2, 3)
        kept = store._standings.pop("b")
        with pytest.raises(RecordDamaged, match="case B is listed as of another entry than its last, or not at all"):
            Audit(store).verify_heads()
        store._standings["b"] = changed(kept, hash="0" * 64)
        with pytest.raises(RecordDamaged, match="case B is listed as of another entry than its last, or not at all"):
            Audit(store).verify_heads()

    def test_log_and_record(self) -> None:
        """A late entry of the log that its case does not end with, or does not hold, is noticed."""
        store = MemoryStore()
        docket = Docket(store)
        docket.start("A")
        docket.remark("A", "so told", on=date(2024, 4, 2))
        store._order[-1] = changed(store._order[-1], hash="0" * 64)
        with pytest.raises(RecordDamaged, match="not in the record of its case"):
            Audit(store).verify_heads()
