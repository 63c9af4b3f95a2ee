"""R8: a file is damaged at random, and either that is seen or nothing of its history has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from rrm_lifecycle.errors import RRMError, StorageError
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.proof.keys import SigningKey
from rrm_lifecycle.record.sealed import sealed
from tests.reliability.work import fill, sized

TIMES: Final = sized(300)
SECTOR: Final = 512
KEY: Final = SigningKey("docket.example", bytes(range(32)))


def _flip(data: bytearray, chance: Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _zero(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data) // SECTOR) * SECTOR
    data[start : start + SECTOR] = bytes(SECTOR)


def _cut(data: bytearray, chance: Random) -> None:
    del data[chance.randrange(1, len(data)) :]


DAMAGES: Final[dict[str, Callable[[bytearray, Random], None]]] = {
    "a flipped bit": _flip,
    "a zeroed sector": _zero,
    "a cut file": _cut,
}


def _history(docket: Docket) -> list[Any]:
    """Return the history: bytes and hashes of each entry, attempts too, where cases stand, and the sealed values."""
    found: list[Any] = []
    for case in docket.cases():
        entries = [(one.hash, one.body) for one in docket.history(case.id)]
        found.append((case.id, case.stage, case.path, entries, docket.attempts(case.id), docket.reveal(case.id)))
    return found


class TestDamage:
    """A damaged file does not pass as another history."""

    @pytest.mark.parametrize("damage", DAMAGES)
    def test_random_damage(self, damage: str, quick: Path) -> None:
        """After each damage the docket is refused with a typed error, or shows the whole history as it was."""
        path = quick / "docket.db"
        with Docket.open(path) as docket:
            fill(docket, 4)
            docket.remark("case-0", sealed("Juana Pérez"), on=date(2024, 2, 1))
            whole = _history(docket)
        data, chance, refused = path.read_bytes(), Random(8), 0
        for _ in range(TIMES):
            altered = bytearray(data)
            DAMAGES[damage](altered, chance)
            path.write_bytes(altered)
            try:
                docket = Docket.open(path)
            except RRMError:
                refused += 1
                continue
            found = _history(docket)
            docket.close()
            assert found == whole
        print(
            f"R8, {damage}: {TIMES} times, {refused} refused, {TIMES - refused} harmless, 0 passed as another history"
        )
        assert refused > TIMES // 20

    def test_a_file_cut_to_nothing(self, tmp_path: Path) -> None:
        """An empty file is what a new docket begins as: no checkpoint kept elsewhere covers any entry of it."""
        path, elsewhere = tmp_path / "docket.db", tmp_path / "elsewhere"
        with Docket.open(path, key=KEY, checkpoints=elsewhere) as docket:
            fill(docket, 1)
            assert docket.verify().entries > 0
            log = docket._store.log
        path.write_bytes(b"")
        with pytest.raises(StorageError, match="is empty"):
            Docket.open(path, create=False)
        with Docket.open(path, checkpoints=elsewhere, verifiers=[KEY.verifier]) as docket:
            found = docket.verify()
            assert docket._store.log != log
        assert (found.entries, found.window, found.checkpoint) == (0, 0, 0)
