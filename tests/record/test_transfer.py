"""Records move out of one docket and into another, byte for byte, and nothing half, forged or doubled comes in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve as changed

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import (
    DuplicateCase,
    RecordDamaged,
    RecordError,
    RecordTooNew,
    RefusedError,
    StorageError,
    UnknownCase,
)
from rrm_lifecycle.record.chain import dumps
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import PREFIX
from rrm_lifecycle.record.kept import Strike
from tests.record.dockets import ACCEPTED, ASKED, KINDS, REPORTED, Ticking, docket_of, to_report
from tests.record.lawful import lawful_case


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield a docket with two cases: one corrected and remarked upon, with an attempt; one just opened."""
    with docket_of(request.param, tmp_path) as made:
        to_report(made)
        made.correct("A", Strike(3), reason="wrong file")
        made.remark("A", "so it was", on=date(2024, 6, 1))
        made.start("B", recorded_by="clerk-7")
        with pytest.raises(RefusedError):
            made.record("B", ACCEPTED)
        yield made


@pytest.fixture(params=KINDS)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield another docket, empty, whose clock is that of a later day."""
    with docket_of(request.param, tmp_path, clock=Ticking(datetime(2024, 9, 1, tzinfo=UTC)), name="other") as made:
        yield made


def exported(docket: Docket) -> bytes:
    """Return what a docket exports."""
    file = BytesIO()
    docket.export_jsonl(file)
    return file.getvalue()


class TestRoundTrip:
    """What is exported comes in elsewhere as it was."""

    def test_bytes(self, docket: Docket, other: Docket, tmp_path: Path) -> None:
        """Every entry keeps its bytes, hash, time and log; attempts come along; a second export gives the same bytes."""
        assert docket.export_jsonl(tmp_path / "out.jsonl") == docket.verify().entries == 8
        cases = other.import_jsonl(tmp_path / "out.jsonl")
        assert [one.id for one in cases] == ["A", "B"]
        assert [other.case(one.id) for one in cases] == [docket.case("A"), docket.case("B")] == list(cases)
        for name in ("A", "B", "B/attempts"):
            assert other.history(name) == docket.history(name)
        assert exported(other) == (tmp_path / "out.jsonl").read_bytes() == exported(docket)
        assert other.verify().heads == docket.verify().heads

    def test_goes_on(self, docket: Docket, other: Docket) -> None:
        """An imported case goes on in its new docket, under the name of the log that it began in."""
        other.import_jsonl(BytesIO(exported(docket)))
        case = other.record("A", REPORTED)
        last = other.history("A")[-1]
        assert (case.seq, last.log, last.prev) == (3, docket.history("A")[0].log, docket.history("A")[-1].hash)
        assert [one.id for one in other.cases()] == ["A", "B"]
        with pytest.raises(RefusedError):
            other.record("B", ACCEPTED)
        assert len(other.attempts("B")) == 2
        assert other.verify().entries == 10

    def test_into_a_docket_with_cases(self, docket: Docket, other: Docket) -> None:
        """A docket that holds cases of its own takes up older ones behind them, and its log verifies."""
        other.start("C")
        other.import_jsonl(BytesIO(exported(docket)))
        other.record("C", ASKED)
        assert other.verify().entries == 10
        assert [one.id for one in other.cases()] == ["C", "A", "B"]

    def test_listed(self, docket: Docket, other: Docket) -> None:
        """Lists, agendas and what was known when follow."""
        other.import_jsonl(BytesIO(exported(docket)))
        assert other.cases(facility="planta uno") == docket.cases(facility="planta uno") != ()
        assert other.agenda(date(2024, 5, 1)) == docket.agenda(date(2024, 5, 1))
        moment = docket.history("A")[2].recorded
        assert moment is not None
        assert other.as_of(moment).case("A") == docket.as_of(moment).case("A")

    def test_progress(self, docket: Docket, other: Docket) -> None:
        """Progress is told record by record, up to the size of the file."""
        data = exported(docket)
        told: list[tuple[int, int]] = []
        other.import_jsonl(BytesIO(data), progress=lambda done, of: told.append((done, of)))
        assert len(told) == 3
        assert told == sorted(told)
        assert told[-1] == (len(data), len(data))

    def test_pipe(self, docket: Docket, other: Docket) -> None:
        """A pipe, which cannot tell its size, is read all the same; progress counts entries."""

        class Pipe(RawIOBase):
            """Bytes that can be read once."""

            def __init__(self, data: bytes) -> None:
                self.left = data

            def readable(self) -> bool:
                """Return True."""
                return True

            def readinto(self, room: Any) -> int:
                """Give the next bytes."""
                part, self.left = self.left[: len(room)], self.left[len(room) :]
                room[: len(part)] = part
                return len(part)

        told: list[tuple[int, int]] = []
        other.import_jsonl(BufferedReader(Pipe(exported(docket))), progress=lambda *one: told.append(one))
        assert told == [(6, 0), (7, 0), (8, 0)]
        assert exported(other) == exported(docket)

    def test_empty(self, other: Docket, tmp_path: Path) -> None:
        """An empty docket exports an empty file, and an empty file is no record."""
        assert other.export_jsonl(tmp_path / "none.jsonl") == 0
        with pytest.raises(RecordError, match="it is empty"):
            other.import_jsonl(tmp_path / "none.jsonl")


class TestBare:
    """Records of bare cases were never filed: they are filed now."""

    def test_filed_anew(self, other: Docket) -> None:
        """Each entry gets the moment and the log of the docket; the case is the same."""
        cases = [lawful_case(seed) for seed in range(20)]
        found = other.import_jsonl(BytesIO(b"".join(map(dumps, cases))))
        assert list(found) == cases
        for case in cases:
            assert {one.log for one in other.history(case)} == {other.history(cases[0])[0].log}
            assert all(one.recorded is not None for one in other.history(case))
        assert other.verify().cases == 20
        assert Docket(other._store).cases() == tuple(cases)

    def test_beside_filed(self, docket: Docket, other: Docket) -> None:
        """A file may hold both."""
        bare = play(Case.start("bare"), ASKED)
        found = other.import_jsonl(BytesIO(exported(docket) + dumps(bare)))
        assert [one.id for one in found] == ["A", "B", "bare"]
        other.verify()


class TestRefused:
    """What does not hold is refused at its line; records before it have been taken up, whole."""

    def test_file_there(self, docket: Docket, tmp_path: Path) -> None:
        """An export writes over nothing."""
        target = tmp_path / "out.jsonl"
        target.write_bytes(b"mine")
        with pytest.raises(StorageError, match="there already"):
            docket.export_jsonl(target)
        assert target.read_bytes() == b"mine"
        with pytest.raises(StorageError, match="cannot be used"):
            docket.export_jsonl(tmp_path / "nowhere" / "out.jsonl")
        with pytest.raises(StorageError, match="cannot be used"):
            docket.import_jsonl(tmp_path / "nowhere.jsonl")

    def test_cut(self, docket: Docket, other: Docket) -> None:
        """A file that was cut anywhere is refused, and no case comes in half."""
        data = exported(docket)
        ends = [at + 1 for at, one in enumerate(data) if one == 10]
        whole = {end for end in ends if b'{"end":' in data[:end].rpartition(b"\n")[0].rpartition(b"\n")[2]}
        for cut in {*range(1, len(data), 397), *ends, *(end - 1 for end in ends)} - whole - {len(data)}:
            fresh = Docket.in_memory()
            with pytest.raises(RecordError):
                fresh.import_jsonl(BytesIO(data[:cut]))
            for case in fresh.cases():
                assert fresh.history(case) == docket.history(case)
            if fresh.cases():
                fresh.verify()
        with pytest.raises(RecordDamaged, match="cut"):
            other.import_jsonl(BytesIO(data[: ends[2]]))
        assert other.verify().entries == 0

    def test_altered(self, docket: Docket, other: Docket) -> None:
        """A changed byte is refused with the number of its line."""
        data = exported(docket)
        with pytest.raises(RecordDamaged, match="line 2 "):
            other.import_jsonl(BytesIO(data.replace(b"dismissals", b"dismissalz", 1)))
        assert other.verify().entries == 0
        with pytest.raises(RecordDamaged, match="line 8 "):
            other.import_jsonl(BytesIO(data.replace(b"clerk-7", b"clerk-8", 1)))
        assert [one.id for one in other.cases()] == ["A"]
        other.verify()

    @pytest.mark.parametrize("where", range(6))
    def test_taken_out(self, docket: Docket, other: Docket, where: int) -> None:
        """A line that was taken out, or stands twice, is refused."""
        lines = exported(docket).splitlines(keepends=True)
        for wrong in (lines[:where] + lines[where + 1 :], [*lines[: where + 1], *lines[where:]]):
            with pytest.raises(RecordError):
                other.import_jsonl(BytesIO(b"".join(wrong)))
            assert other.verify().entries == 0

    def test_ended_twice(self, docket: Docket, other: Docket) -> None:
        """A line that ends a record once more is refused; the record before it is in."""
        lines = exported(docket).splitlines(keepends=True)
        with pytest.raises(RecordDamaged, match="line 8 "):
            other.import_jsonl(BytesIO(b"".join([*lines[:7], *lines[6:]])))
        assert [one.id for one in other.cases()] == ["A"]

    def test_no_record(self, other: Docket) -> None:
        """What is no record is refused."""
        for wrong in (b"hello", b"{}\n", b"\xff\xfe", b"[1]\n" * 9, b'{"body":{}}\n', b'{"body":' + b"[" * 99 + b"\n"):
            with pytest.raises(RecordError):
                other.import_jsonl(BytesIO(wrong))
        assert other.verify().entries == 0

    def test_later_version(self, docket: Docket, other: Docket) -> None:
        """A record of a later version is refused as such."""
        first = docket.history("A")[0]
        body = first.body.replace(b'"v":1', b'"v":2')
        line = b'{"body":' + body + b',"hash":"' + sha256(PREFIX + body).hexdigest().encode() + b'"}\n'
        with pytest.raises(RecordTooNew, match="upgrade"):
            other.import_jsonl(BytesIO(line))

    def test_duplicate(self, docket: Docket, other: Docket) -> None:
        """A case that is held already is refused, letter case apart; those before it have been taken up."""
        other.start("b")
        with pytest.raises(DuplicateCase, match="b is held already"):
            other.import_jsonl(BytesIO(exported(docket)))
        assert [one.id for one in other.cases()] == ["b", "A"]
        assert other.case("b").acts == ()
        with pytest.raises(DuplicateCase):
            other.import_jsonl(BytesIO(exported(docket)))
        other.verify()

    def test_later_moment(self, docket: Docket, other: Docket) -> None:
        """A record from the future would push every later moment of the log there: it is refused."""
        future = docket_of("memory", Path(), clock=Ticking(datetime(2199, 1, 1, tzinfo=UTC)))
        future.start("Z")
        with pytest.raises(RecordError, match="filed at 2199"):
            other.import_jsonl(BytesIO(exported(future)))
        assert other.verify().entries == 0
        other.import_jsonl(BytesIO(exported(docket)))
        assert other.verify().entries == 8

    def test_forged_attempts(self, docket: Docket, other: Docket) -> None:
        """A chain of attempts under a name that no case can have is refused."""
        (attempt,) = docket.attempts("B")
        body = attempt.body.replace(b'"case":"B/attempts"', b'"case":"../b/attempts"')
        wrong = changed(attempt, body=body, hash=sha256(PREFIX + body).hexdigest())
        data = dumps([wrong]).replace(b'"case":"B/attempts"', b'"case":"../b/attempts"')
        with pytest.raises(RecordDamaged):
            other.import_jsonl(BytesIO(data))
        with pytest.raises(UnknownCase):
            other.history("../b/attempts")

    def test_attempts_alone(self, docket: Docket, other: Docket) -> None:
        """A chain of attempts whose case is not held comes in as a record, and makes no case."""
        found = other.import_jsonl(BytesIO(dumps(docket.attempts("B"))))
        assert (found, other.cases()) == ((), ())
        assert other.verify().cases == 0
