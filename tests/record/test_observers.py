"""Whoever looks on sees each entry once it is kept, and harms nothing."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.errors import DuplicateCase, RefusedError
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import EntryKind
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.kept import Insert
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.record.storage.memory import MemoryStore
from tests.record.dockets import ACCEPTED, ASKED, KINDS, REPORTED, docket_of

REPLIED = did.ReviewDeclined(date(2024, 4, 9))


class Seen(list[Filed]):
    """What an observer was shown."""

    def kinds(self) -> list[EntryKind]:
        """Return what kinds of entries they were."""
        return [one.kind for one in self]


@pytest.fixture
def seen() -> Seen:
    """Return what was shown: nothing yet."""
    return Seen()


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path, seen: Seen) -> Iterator[Docket]:
    """Yield an empty docket with an observer."""
    with docket_of(request.param, tmp_path, observers=[seen.append]) as made:
        yield made


class TestSees:
    """An observer sees whatever is kept, in order, once it is kept."""

    def test_all_kinds(self, docket: Docket, seen: Seen) -> None:
        """It sees openings, acts, remarks, corrections, erasures and attempts."""
        docket.start("A", recorded_by=sealed("Juana"))
        docket.record("A", ASKED)
        with pytest.raises(RefusedError):
            docket.record("A", REPORTED)
        docket.remark("A", "a word", on=date(2024, 4, 2))
        docket.correct("A", Insert(1, ACCEPTED), reason="learned later")
        docket.erase("A", 0, "recorded_by", reason="asked for")
        kinds = (
            EntryKind.OPENING,
            EntryKind.ACT,
            EntryKind.ATTEMPT,
            EntryKind.REMARK,
            EntryKind.CORRECTION,
            EntryKind.ERASURE,
        )
        assert seen.kinds() == list(kinds)
        assert [one for one in seen if one.kind is not EntryKind.ATTEMPT] == list(docket.history("A"))
        assert [one for one in seen if one.kind is EntryKind.ATTEMPT] == list(docket.attempts("A"))

    def test_kept_first(self, tmp_path: Path) -> None:
        """When it is shown an entry, the docket holds it already; it may ask the docket."""
        for kind in KINDS:
            stages: list[str] = []
            watched: list[Docket] = []

            def look(one: Filed, watched: list[Docket] = watched, stages: list[str] = stages) -> None:
                stages.append(watched[0].case(one.case_id).stage.value)

            docket = docket_of(kind, tmp_path, observers=[look])
            watched.append(docket)
            docket.start("A")
            docket.record_all("A", (ASKED, ACCEPTED))
            assert stages == ["assessment", "under_review", "under_review"]
            docket.close()

    def test_nothing_kept(self, docket: Docket, seen: Seen) -> None:
        """Of what is not kept it sees nothing."""
        docket.start("A")
        seen.clear()
        with pytest.raises(DuplicateCase):
            docket.start("a")
        docket.ask("A", ASKED)
        docket.correct("A", Insert(0, ASKED), reason="x", preview=True)
        docket.record_all("A", ())
        assert seen == []
        docket.record("A", ASKED, once="k")
        docket.record("A", ASKED, once="k")
        assert seen.kinds() == [EntryKind.ACT]

    def test_no_values(self, docket: Docket, seen: Seen) -> None:
        """It sees that a text is sealed, and no value: what it hands on can be kept."""
        docket.start("A", recorded_by=sealed("Juana"))
        docket.record("A", ASKED, remark=sealed("Juana"))
        assert b"Juana" not in pickle.dumps(list(seen))
        assert seen == list(docket.history("A"))


class TestFails:
    """An observer that fails harms nothing."""

    def test_raises(self, tmp_path: Path, caplog: pytest.LogCaptureFixture, seen: Seen) -> None:
        """What it raises is logged; the entry is kept, and other observers see it."""

        def bad(_: Filed) -> None:
            msg = "no network"
            raise RuntimeError(msg)

        for kind in KINDS:
            seen.clear()
            caplog.clear()
            with docket_of(kind, tmp_path, observers=[bad, seen.append]) as docket:
                case = docket.record(docket.start("A"), ASKED)
                assert case == docket.case("A")
                assert seen.kinds() == [EntryKind.OPENING, EntryKind.ACT]
                assert "an observer failed at entry 1 of case A; the entry is kept" in caplog.text
                assert "no network" in caplog.text
                assert docket.verify().entries == 2

    def test_records_itself(self, seen: Seen) -> None:
        """One that records in the docket is served, and sees its own entries too."""
        watched: list[Docket] = []

        def remark(one: Filed) -> None:
            if one.kind is EntryKind.ACT:
                watched[0].remark(one.case_id, f"seen {one.hash[:8]}", on=date(2024, 4, 2))

        docket = Docket(MemoryStore(), observers=[remark, seen.append])
        watched.append(docket)
        case = docket.record(docket.start("A"), ASKED)
        assert sorted(seen.kinds()) == ["act", "opening", "remark"]
        assert docket.record(case, ACCEPTED).seq == 2
        assert docket.verify().entries == 5


class TestPending:
    """In the caller's transaction, entries wait for the caller's hook behind the commit."""

    def test_none(self, docket: Docket) -> None:
        """A docket with transactions of its own has none pending."""
        docket.start("A")
        assert docket.pending() == ()

    def test_handed_over(self, tmp_path: Path) -> None:
        """They are handed over once, in order, without values of sealed texts; nothing is shown before."""
        path = tmp_path / "app.db"
        Docket.open(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            docket = Docket.on(connection)
            docket.start("A", recorded_by=sealed("Juana"))
            docket.record("A", ASKED)
            waiting = docket.pending()
            assert [one.kind for one in waiting] == [EntryKind.OPENING, EntryKind.ACT]
            assert b"Juana" not in pickle.dumps(waiting)
            assert docket.pending() == ()
            connection.execute("COMMIT")
        with Docket.open(path) as docket:
            assert docket.history("A") == waiting

    def test_rolled_back(self, tmp_path: Path) -> None:
        """Of a transaction that was rolled back nothing is handed over, and the docket goes on from what is there."""
        path = tmp_path / "app.db"
        Docket.open(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            docket = Docket.on(connection)
            connection.execute("BEGIN IMMEDIATE")
            docket.start("A")
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            docket.start("B")
            docket.record("B", ASKED)
            connection.execute("COMMIT")
            assert [(one.case_id, one.seq) for one in docket.pending()] == [("B", 0), ("B", 1)]
            connection.execute("BEGIN IMMEDIATE")
            docket.record("B", ACCEPTED)
            connection.execute("ROLLBACK")
            assert docket.case("B").seq == 1
            assert docket.pending() == ()
            connection.execute("BEGIN IMMEDIATE")
            docket.record("B", REPLIED)
            connection.execute("COMMIT")
            assert [(one.case_id, one.seq) for one in docket.pending()] == [("B", 2)]
            connection.execute("BEGIN IMMEDIATE")
            docket.record("B", did.Withdrawn(date(2024, 4, 11)))
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            other = Docket.on(connection)
            other.remark("B", "so told", on=date(2024, 4, 10))
            expected = other.record("B", did.PanelRequested(date(2024, 4, 12)))
            connection.execute("COMMIT")
            assert docket.case("B") == expected
        with Docket.open(path) as docket:
            assert docket.verify().entries == 5
