"""R14: each attack of the table is carried out on a real file, and each level of protection sees what the table says.

The levels add up: a table with triggers; the chain of each case; the order of the log; checkpoints that lie where the
attacker can reach them; checkpoints that lie elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rrm_lifecycle.errors import RecordDamaged
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.links import Chain, check_filed
from rrm_lifecycle.record.proof.notes import CheckpointWalk, read_checkpoints
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.sqlite_tables import TABLES
from rrm_lifecycle.record.storage.stores import Store
from rrm_lifecycle.sealing import commitment
from tests.reliability.attacks import ATTACKS, ENTRIES, KEY, LOG, Scene, make_scene

_TABLE = Path(__file__).parent / "tamper_matrix.csv"
LEVELS = ("table_with_triggers", "case_chain", "log_order", "checkpoint_in_file", "checkpoint_outside")
WINDOW = "truncate tail after the last checkpoint (11,12)"
LAWFUL = "erase the sealed value (lawful erasure: must pass)"


def expected() -> dict[str, dict[str, str]]:
    """Return the table: which level sees which attack."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("attack"): row for row in csv.DictReader(file)}


# ---- the levels, each by what the library itself offers
def table_with_triggers(scene: Scene) -> None:
    """Check what a table guarded by triggers alone can check: its pages, and that the triggers stand."""
    with closing(SqliteStore(scene.path)) as store, store._place.reading() as cursor:
        found = cursor.execute("PRAGMA integrity_check").fetchall()
        held = dict(cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
    if found != [("ok",)] or held != TABLES:
        raise RecordDamaged("the table does not hold")


def case_chain(scene: Scene) -> None:
    """Check each case by itself: bytes, hashes, links, numbers, folds, and values against their commitments."""
    with closing(SqliteStore(scene.path)) as store:
        for head in store.heads():
            chain = Chain()
            for filed in store.read(head.case_id):
                check_filed(chain, filed, "it")
            for seq, secret in store.secrets(head.case_id):
                if (chain.sealed or {}).get((seq, secret.place)) != commitment(secret.salt, secret.value):
                    raise RecordDamaged("a value is not the one that was sealed")


def log_order(scene: Scene) -> None:
    """Check that places follow without a gap, and moments of recording never decrease."""
    with closing(SqliteStore(scene.path)) as store:
        moments = [moment for _, moment in store.recordings() if moment is not None]
        if len(moments) != store.number() or moments != sorted(moments):
            raise RecordDamaged("the log is not in order")


def _checkpoints(store: Store, folder: Path) -> None:
    walk = CheckpointWalk(read_checkpoints(folder, KEY.verifier, origin=LOG))
    for one in store.hashes():
        walk.extend((one,))
    walk.close()


def checkpoint_in_file(scene: Scene) -> None:
    """Compare with the checkpoints that the attacker can reach."""
    with closing(SqliteStore(scene.path)) as store:
        _checkpoints(store, scene.beside)


def checkpoint_outside(scene: Scene) -> None:
    """Compare with those that the attacker cannot reach."""
    with closing(SqliteStore(scene.path)) as store:
        _checkpoints(store, scene.outside)


CHECKS = (table_with_triggers, case_chain, log_order, checkpoint_in_file, checkpoint_outside)


def seen_by(scene: Scene) -> Iterator[str]:
    """Yield for each level, together with those before it, whether it sees that something is wrong."""
    caught = False
    for check in CHECKS:
        if not caught:
            try:
                check(scene)
            except RecordDamaged:
                caught = True
        yield "caught" if caught else "passes"


class TestTamperMatrix:
    """What each level of protection shows of an attack by somebody who can write the file."""

    def test_every_attack_stands_in_the_table(self) -> None:
        """The table names each attack once, and 22 of its 23 rows are attacks."""
        assert list(expected()) == list(ATTACKS)
        assert len(expected()) == 23
        assert all(set(row) == set(LEVELS) for row in expected().values())

    def test_nothing_is_seen_where_nothing_was_done(self, tmp_path: Path) -> None:
        """An honest docket passes at every level."""
        scene = make_scene(tmp_path)
        assert list(seen_by(scene)) == ["passes"] * len(LEVELS)

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_cell_for_cell(self, attack: str, quick: Path) -> None:
        """Each level sees an attack where the table says so, and nowhere else."""
        scene = make_scene(quick)
        ATTACKS[attack](scene)
        assert dict(zip(LEVELS, seen_by(scene), strict=True)) == expected()[attack]

    # Verifying does not compare sealed values with their commitments: that level is the work of ``case_chain`` above.
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_the_door_sees_it(self, attack: str, quick: Path) -> None:
        """A docket that is opened with the checkpoints kept elsewhere refuses what the last column calls caught."""
        scene = make_scene(quick)
        ATTACKS[attack](scene)
        if expected()[attack]["checkpoint_outside"] == "caught":
            with pytest.raises(RecordDamaged):
                Docket.open(scene.path, checkpoints=scene.outside, verifiers=[KEY.verifier])
        else:
            Docket.open(scene.path, checkpoints=scene.outside, verifiers=[KEY.verifier]).close()

    def test_the_window_is_told(self, quick: Path) -> None:
        """What passes everywhere is a cut behind the last checkpoint: how long that window is, verifying says."""
        scene = make_scene(quick)
        with Docket.open(scene.path, checkpoints=scene.outside, verifiers=[KEY.verifier]) as docket:
            assert docket.verify().window == ENTRIES - 10
            receipt = docket.receipt("A")
        ATTACKS[WINDOW](scene)
        with Docket.open(scene.path, checkpoints=scene.outside, verifiers=[KEY.verifier]) as docket:
            assert docket.verify().window == 0
            with pytest.raises(Exception, match="holds no entry"):
                docket.prove(receipt)

    def test_all_levels_but_the_last_pass_all_but_lawful_rows(self) -> None:
        """One attack passes at the last level, the window, and the lawful erasure passes at all."""
        assert [name for name, row in expected().items() if row["checkpoint_outside"] == "passes"] == [WINDOW, LAWFUL]
