"""Attacks of somebody who can write the file of a docket, and knows exactly how it is made.

Each drops the triggers, does its work, and makes the triggers anew. Two things stay out of reach: the key that signs
checkpoints, and the folder in which the honest copies of them are kept.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from attrs import define, frozen

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import PREFIX
from rrm_lifecycle.record.proof.keys import SigningKey
from rrm_lifecycle.record.proof.notes import SUFFIX, Checkpoint, sign, write_checkpoint
from rrm_lifecycle.record.proof.tree import Frontier
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from tests.reliability.work import ACTS

KEY: Final = SigningKey("docket.example", bytes(range(32)))
OTHER_KEY: Final = SigningKey("docket.example", bytes(range(1, 33)))
SIGNED_AT: Final = (5, 10)
ENTRIES: Final = 12
LOG: Final = "docket-2024"
NAME: Final = "Juana Pérez"


@define
class Row:
    """A row of the table of entries, as an attacker holds it."""

    case_key: str
    seq: int
    prev: str | None
    hash: str
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """What the body says."""
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    def say(self, **changes: Any) -> None:
        """Put other values into the body, and nothing else."""
        self.body = canonical(self.said | changes)

    def rehash(self) -> None:
        """Hash it anew."""
        self.hash = sha256(PREFIX + self.body).hexdigest()


@frozen
class Scene:
    """A docket that was kept honestly, and what lies about it.

    Attributes:
        path: The file.
        beside: A folder of checkpoints that the attacker can write.
        outside: One that the attacker cannot.
        older: A copy of the file and its folder as they were at the first checkpoint.
    """

    path: Path
    beside: Path
    outside: Path
    older: Path


class _Clock:
    """Goes on by a minute each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2024, 6, 3, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def _docket(path: Path) -> Docket:
    clock = _Clock()
    SqliteStore(path, clock=clock, log=LOG).close()
    return Docket.open(path, key=KEY, clock=clock)


def _record(docket: Docket) -> Iterator[int]:
    """Record twelve entries of two cases in turns, the third with a sealed name; yield how many there are."""
    docket.start("A")
    docket.start("B")
    docket.remark("A", sealed(NAME), on=date(2024, 1, 8))
    yield 3
    for number in range(4):
        docket.record("A", ACTS[number])
        yield 4 + 2 * number
        docket.record("B", ACTS[number])
        yield 5 + 2 * number
    docket.remark("A", "the last", on=date(2024, 2, 1))
    yield 12


def make_scene(folder: Path) -> Scene:
    """Return a docket of twelve entries, with checkpoints at five and at ten."""
    scene = Scene(folder / "docket.db", folder / "beside", folder / "outside", folder / "older")
    for one in (scene.beside, scene.outside, scene.older):
        one.mkdir()
    docket = _docket(scene.path)
    for entries in _record(docket):
        if entries in SIGNED_AT:
            note = docket.checkpoint()
            write_checkpoint(scene.beside, note)
            write_checkpoint(scene.outside, note)
        if entries == SIGNED_AT[0]:
            docket.backup(scene.older / "docket.db")
            shutil.copytree(scene.beside, scene.older / "beside")
    docket.close()
    return scene


# ---- what an attacker has at hand
@contextmanager
def _tampering(scene: Scene) -> Iterator[sqlite3.Connection]:
    """Yield a connection without triggers and checks; behind it the triggers stand again, word for word."""
    with closing(sqlite3.connect(scene.path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for _, statement in triggers:
            db.execute(statement)


@contextmanager
def _rows(scene: Scene) -> Iterator[list[Row]]:
    """Yield all rows in log order; whatever they are behind the block is what the file holds."""
    with _tampering(scene) as db:
        held = db.execute("SELECT case_key, seq, prev, hash, body FROM rrm_entry ORDER BY idx").fetchall()
        rows = [Row(*one) for one in held]
        ids = {one.case_key: one.said["case"] for one in rows}
        yield rows
        db.execute("DELETE FROM rrm_entry")
        for idx, one in enumerate(rows):
            before = one.seq - 1 if one.seq else None
            recorded = datetime.fromisoformat(one.said["recorded"]).isoformat()
            row = (idx, ids[one.case_key], one.case_key, one.seq, before, one.prev, one.hash, recorded, one.body)
            db.execute("INSERT INTO rrm_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _relink(rows: list[Row]) -> None:
    """Number, date, link and hash every entry anew, so that each chain and the order of the log hold."""
    heads: dict[str, Row] = {}
    moments = sorted(one.said["recorded"] for one in rows)
    for one, moment in zip(rows, moments, strict=True):
        last = heads.get(one.case_key)
        one.seq, one.prev = (0, None) if last is None else (last.seq + 1, last.hash)
        one.say(seq=one.seq, recorded=moment, **({} if one.prev is None else {"prev": one.prev}))
        one.rehash()
        heads[one.case_key] = one


def _drop(scene: Scene, behind: int = 0) -> None:
    """Drop the checkpoints within reach that cover more entries than are named."""
    for one in scene.beside.glob(f"*{SUFFIX}"):
        if int(one.stem.rpartition("-")[2]) > behind:
            one.unlink()


def _rebuild(scene: Scene) -> None:
    """Make the lists of cases anew, with the docket's own help."""
    with closing(Docket.open(scene.path, verify="no")) as docket:
        docket.rebuild()


def _of(rows: list[Row], key: str, seq: int) -> Row:
    return next(one for one in rows if (one.case_key, one.seq) == (key, seq))


# ---- the attacks
def _edit(scene: Scene, *, rehash: bool) -> None:
    with _rows(scene) as rows:
        one = _of(rows, "a", 3)
        one.say(effective="2024-01-10")
        if rehash:
            _relink(rows)


def _delete_middle(scene: Scene, *, relink: bool) -> None:
    if not relink:
        with _tampering(scene) as db:
            db.execute("DELETE FROM rrm_entry WHERE case_key = 'a' AND seq = 1")
        return
    with _rows(scene) as rows:
        rows.remove(_of(rows, "a", 1))
        _relink(rows)
    with _tampering(scene) as db:
        db.execute("DELETE FROM rrm_sealed")


def _truncate(scene: Scene, left: int) -> None:
    with _rows(scene) as rows:
        del rows[left:]


def _delete_case(scene: Scene) -> None:
    with _rows(scene) as rows:
        rows[:] = [one for one in rows if one.case_key != "b"]
        _relink(rows)
    with _tampering(scene) as db:
        db.execute("DELETE FROM rrm_current WHERE case_key = 'b'")


def _swap_naive(scene: Scene) -> None:
    with _rows(scene) as rows:
        one, other = _of(rows, "b", 2), _of(rows, "b", 3)
        one.body, other.body, one.hash, other.hash = other.body, one.body, other.hash, one.hash


def _swap_across(scene: Scene) -> None:
    with _rows(scene) as rows:
        rows[3], rows[4] = rows[4], rows[3]
        _relink(rows)


def _insert(scene: Scene) -> None:
    with _rows(scene) as rows:
        put_in = Row("a", 0, None, "", _of(rows, "a", 1).body)
        put_in.body = canonical({key: one for key, one in put_in.said.items() if key != "sealed"})
        put_in.say(remark="always said so")
        rows.insert(rows.index(_of(rows, "a", 2)), put_in)
        _relink(rows)


def _backdate(scene: Scene) -> None:
    """Append an entry to B that says it was recorded before the last of A, which stands before it in the log."""
    with _rows(scene) as rows:
        last = _of(rows, "b", 4)
        moment = datetime.fromisoformat(last.said["recorded"]) + timedelta(seconds=1)
        late = Row("b", 5, last.hash, "", _of(rows, "a", 6).body)
        late.say(case="B", seq=5, prev=last.hash, recorded=moment.isoformat().replace("+00:00", "Z"))
        late.rehash()
        rows.append(late)


def _change_sealed(scene: Scene) -> None:
    with _tampering(scene) as db:
        assert db.execute("UPDATE rrm_sealed SET value = 'Pedro Páramo'").rowcount == 1


def _erase(scene: Scene) -> None:
    with closing(Docket.open(scene.path)) as docket:
        docket.erase("A", 1, "remark", reason="asked for")


def _weaken(scene: Scene) -> None:
    with _rows(scene) as rows:
        _of(rows, "a", 6).say(alg="md5")
        _of(rows, "a", 6).rehash()


def _duplicate_key(scene: Scene) -> None:
    with _rows(scene) as rows:
        last = _of(rows, "a", 6)
        last.body = last.body.replace(b'"alg":"sha256"', b'"alg":"sha256","alg":"sha256"')
        last.rehash()


def _forge(scene: Scene, key: SigningKey) -> None:
    """Write checkpoints of what the file holds now in place of those within reach."""
    _drop(scene)
    with closing(Docket.open(scene.path, verify="no")) as docket:
        hashes = list(docket._store.hashes())
    for size in SIGNED_AT:
        tree = Frontier()
        for one in hashes[:size]:
            tree.append(one)
        write_checkpoint(scene.beside, sign(Checkpoint(LOG, size, tree.root()), key))


def _roll_back(scene: Scene) -> None:
    shutil.copy(scene.older / "docket.db", scene.path)
    shutil.rmtree(scene.beside)
    shutil.copytree(scene.older / "beside", scene.beside)


def _fork(scene: Scene) -> None:
    """Put a docket of another history in place of ours, signed by our key: its holder tells two stories."""
    scene.path.unlink()
    docket = _docket(scene.path)
    docket.start("A0")
    for _ in _record(docket):
        pass
    docket.close()
    _forge(scene, KEY)


def _then(*steps: Callable[[Scene], object]) -> Callable[[Scene], None]:
    def attack(scene: Scene) -> None:
        for step in steps:
            step(scene)

    return attack


def _edit_all(scene: Scene) -> None:
    _edit(scene, rehash=True)


def _delete_all(scene: Scene) -> None:
    _delete_middle(scene, relink=True)


ATTACKS: Final[dict[str, Callable[[Scene], None]]] = {
    "edit one field, naive": lambda scene: _edit(scene, rehash=False),
    "edit one field, rehash to the end": _then(_edit_all, _rebuild),
    "edit one field, rehash, drop the file's checkpoints": _then(_edit_all, _rebuild, _drop),
    "delete a middle entry, naive": lambda scene: _delete_middle(scene, relink=False),
    "delete a middle entry, relink": _then(_delete_all, _rebuild),
    "delete a middle entry, relink, drop checkpoints": _then(_delete_all, _rebuild, _drop),
    "truncate tail after the last checkpoint (11,12)": _then(lambda scene: _truncate(scene, 10), _rebuild),
    "truncate tail across a checkpoint (9..12)": _then(lambda scene: _truncate(scene, 8), _rebuild),
    "truncate tail across, drop later checkpoints": _then(
        lambda scene: _truncate(scene, 8), _rebuild, lambda scene: _drop(scene, behind=8)
    ),
    "delete one whole case, relink, drop checkpoints": _then(_delete_case, _rebuild, _drop),
    "reorder two entries of one case, naive": _swap_naive,
    "reorder across cases, relink": _then(_swap_across, _rebuild),
    "reorder across cases, relink, drop checkpoints": _then(_swap_across, _rebuild, _drop),
    "insert an entry in the past, relink": _then(_insert, _rebuild),
    "insert in the past, relink, drop checkpoints": _then(_insert, _rebuild, _drop),
    "append with a backdated recorded time": _then(_backdate, _rebuild),
    "change the sealed value (petitioner name)": _change_sealed,
    "erase the sealed value (lawful erasure: must pass)": _erase,
    "weaken the algorithm tag, rehash": _weaken,
    "duplicate JSON key in one body, rehash that row": _duplicate_key,
    "forge a checkpoint with another key": _then(_edit_all, _rebuild, lambda scene: _forge(scene, OTHER_KEY)),
    "roll the whole file back to an older honest copy": _roll_back,
    "fork: a second honest-looking file, signed by the same key": _fork,
}
"""Each attack, by the name that it has in the table of what catches it."""
