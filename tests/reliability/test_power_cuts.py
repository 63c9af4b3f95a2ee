"""R2: the power is cut at any moment of any append, and what was not synchronized is lost or torn.

The store of the library runs on a simulated disk, with its own tables and statements. The disk is worth something only if
it finds what weaker modes lose: they are the negative controls.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

import pytest
from attrs import define

from rrm_lifecycle.record.docket import Docket
from tests.reliability.work import portions, sized

pytest.importorskip("apsw", reason="apsw is not installed: the disk that loses power is a file system of its own")

from tests.reliability.power import Disk, store_on

STATES: Final = sized(5_000, 20_000)
CONTROL: Final = sized(600, 5_000)
WHOLE: Final = 250
"""One crash state of so many is opened as a docket and verified in full."""
MODES: Final[dict[str, dict[str, str]]] = {
    "TRUNCATE/EXTRA, as shipped": {},
    "DELETE/FULL": {
        "PRAGMA synchronous = EXTRA": "PRAGMA synchronous = FULL",
        "PRAGMA journal_mode = truncate": "PRAGMA journal_mode = delete",
    },
    "WAL/NORMAL": {
        "PRAGMA synchronous = EXTRA": "PRAGMA synchronous = NORMAL",
        "PRAGMA journal_mode = truncate": "PRAGMA journal_mode = wal",
    },
}


@define
class Cuts:
    """A run in which the power is cut again and again, each time with another outcome, and the writer goes on.

    Attributes:
        disk: The disk.
        folder: Where a crash state is opened.
        chance: Which outcome.
        each: Outcomes that are tried at each moment.
        acknowledged: Hashes of the entries that were acknowledged.
        states: How many crash states were opened.
        lost: In how many an acknowledged entry was missing.
        corrupt: In how many the file did not hold together, or could not be opened.
        longest: What was found beyond what was acknowledged, to be compared when it is.
        in_the_middle: In how many an entry stood that was not acknowledged yet.
    """

    disk: Disk
    folder: Path
    chance: Random
    each: int
    acknowledged: list[str]
    states: int = 0
    lost: int = 0
    corrupt: int = 0
    longest: tuple[str, ...] = ()
    in_the_middle: int = 0

    def cut(self) -> None:
        """Cut the power now, as often as outcomes are tried, and look at each."""
        for _ in range(self.each):
            self.states += 1
            self._open(self.disk.after_cut(self.chance))

    def _open(self, files: Mapping[str, bytes]) -> None:
        for old in self.folder.iterdir():
            old.unlink()
        for name, data in files.items():
            (self.folder / Path(name).name).write_bytes(data)
        path = self.folder / "docket.db"
        try:
            found = _hashes(path)
            if self.states % WHOLE == 0 and path.exists():
                with Docket.open(path) as docket:
                    assert docket.verify().entries == len(found)
        except (sqlite3.DatabaseError, AssertionError):
            self.corrupt += 1
            return
        known = tuple(self.acknowledged)
        common = min(len(known), len(found))
        if found[:common] != known[:common]:
            self.corrupt += 1
        elif len(found) < len(known):
            self.lost += 1
        if len(found) > len(known):
            self.in_the_middle += 1
            assert not self.longest or len(found) == len(self.longest)
            self.longest = found

    def tell(self, hash_: str) -> None:
        """Take note of an entry that is acknowledged; it is what crash states held before it was."""
        if self.longest:
            assert self.longest[len(self.acknowledged)] == hash_
        self.acknowledged.append(hash_)
        if len(self.longest) == len(self.acknowledged):
            self.longest = ()


def _hashes(path: Path) -> tuple[str, ...]:
    """Return what a file holds after a power cut, as its next opening finds it."""
    if not path.exists():
        return ()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        found = db.execute("PRAGMA integrity_check").fetchall()
        assert found == [("ok",)]
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rrm_entry'").fetchall():
            return ()
        return tuple(one for (one,) in db.execute("SELECT hash FROM rrm_entry ORDER BY idx"))


def cuts_of(mode: str, states: int, folder: Path, each: int = 2) -> Cuts:
    """Record cases on a disk whose power is cut at each write, until there were so many crash states."""
    disk, opened = Disk(), folder / "opened"
    opened.mkdir()
    run = Cuts(disk, opened, Random(20), each, [])
    disk.before = run.cut  # also while the tables are made
    store, vfs = store_on(disk, folder / "docket.db", f"cuts-{mode}", MODES[mode])
    chance = Random(7)
    number = 0
    docket = Docket(store, observers=(lambda filed: run.tell(filed.hash),))
    try:
        while run.states < states:
            number += 1
            case = docket.start(f"C{number}")
            for acts in portions(chance):
                if run.states < states:
                    case = docket.record_all(case, acts)
    finally:
        disk.before = bool
        docket.close()
        vfs.unregister()
    return run


class TestPowerCuts:
    """What was acknowledged is on the disk when the power is cut, in the mode that is shipped."""

    def test_shipped_mode(self, quick: Path) -> None:
        """In no crash state is an acknowledged entry missing, and in none does the file not hold together."""
        run = cuts_of("TRUNCATE/EXTRA, as shipped", STATES, quick)
        print(
            f"R2: {run.states} crash states, {len(run.acknowledged)} acknowledged, {run.lost} lost, {run.corrupt} corrupt"
        )
        assert (run.lost, run.corrupt) == (0, 0)
        assert run.states >= STATES
        assert run.in_the_middle > 0

    @pytest.mark.parametrize("mode", ["DELETE/FULL", "WAL/NORMAL"])
    def test_weaker_modes_lose(self, mode: str, quick: Path) -> None:
        """The same disk finds that weaker modes lose what was acknowledged."""
        run = cuts_of(mode, CONTROL, quick)
        print(f"R2, {mode}: {run.states} crash states, {run.lost} lost, {run.corrupt} corrupt")
        assert run.lost > 0
        assert run.corrupt == 0
