"""The chain: what is filed can be checked by a stranger, and what was altered never yields a case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve as changed
from hypothesis import given, settings
from hypothesis import strategies as st

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Impact
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew, RefusedError
from rrm_lifecycle.record.chain import dumps, filed_of, loads, loads_filed, verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import PREFIX, Confidence, Document, Note, Source, file
from tests.record.lawful import lawful_case

PLANT = CoveredFacility("Planta Únö", country="MX", sector="manufacturing", goods_traded=True)
CASE = play(
    Case.start("SLP-2024-01"),
    did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis="dismissals"),
    did.ReviewAccepted(date(2024, 4, 15)),
    did.DenialReported(date(2024, 5, 2)),
    did.CourseAgreed(date(2024, 5, 9), agreed_end=NOT_STATED, outcome=Impact(("back_pay",), 12)),
)
RECORD = dumps(CASE)
LINES = RECORD.split(b"\n")[:-1]
GOLDEN = Path(__file__).parent / "golden" / "record-v1.jsonl"


def joined(lines: list[bytes]) -> bytes:
    """Return lines as a file."""
    return b"".join(line + b"\n" for line in lines)


def rehashed(line: bytes, old: bytes, new: bytes) -> bytes:
    """Return a line with its body changed and its hash made to fit."""
    body = line[len(b'{"body":') : line.rindex(b',"hash":"')].replace(old, new)
    return b'{"body":' + body + b',"hash":"' + sha256(PREFIX + body).hexdigest().encode() + b'"}'


class TestRoundTrip:
    """A record that is written and read back yields the case, equal in every attribute."""

    @given(st.integers(0, 2**32))
    def test_random_cases(self, seed: int) -> None:
        """Every random lawful case comes back, and its record verifies."""
        case = lawful_case(seed)
        assert loads(dumps(case)) == case
        assert verify(dumps(case)).entries == len(case.path)

    def test_filed(self) -> None:
        """Filed entries come back with all that was kept beside the law."""
        docket = Docket.in_memory()
        case = docket.start("SLP-2024-01", recorded_by="clerk-7")
        scan = Document("request.pdf", sha256(b"x").hexdigest(), 1, "application/pdf")
        docket.record(
            case,
            did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis="x"),
            recorded_by="clerk-7",
            source=Source("https://example.org/a", "Press release", Confidence.OFFICIAL),
            remark="as told by the Ministry",
            documents=[scan],
        )
        history = docket.history(case)
        assert loads_filed(dumps(history)) == history
        assert loads(dumps(history)) == docket.case("SLP-2024-01")
        kept = history[1]
        assert (kept.recorded_by, kept.remark, kept.documents) == ("clerk-7", "as told by the Ministry", (scan,))
        assert kept.source is not None
        assert kept.source.confidence is Confidence.OFFICIAL

    def test_one_case(self) -> None:
        """A record is of one case: none and several are refused, and several read together too."""
        other = tuple(filed_of(Case.start("B")))
        for wrong in ((), (*filed_of(CASE), *other)):
            with pytest.raises(EventError, match="one case"):
                dumps(wrong)
        both = RECORD + dumps(Case.start("B"))
        assert verify(both).cases == 2
        with pytest.raises(RecordError, match="2 cases"):
            loads(both)
        with pytest.raises(RecordDamaged, match="twice"):
            verify(RECORD + dumps(Case.start("slp-2024-01")))

    def test_same_bytes(self) -> None:
        """The same case gives the same bytes, and the bytes of a case as read give them again."""
        assert dumps(CASE) == RECORD == dumps(loads(RECORD))


class TestHash:
    """The hash is SHA-256 over a prefix and the body, and the body holds the hash before it."""

    def test_by_hand(self) -> None:
        """A stranger with a JSON reader and SHA-256 can check the chain."""
        prev = None
        for line in LINES[:-1]:
            body = line[len(b'{"body":') : -len(b',"hash":"') - 64 - 2]
            found = json.loads(line)
            assert json.loads(body) == found["body"]
            assert sha256(b"rrm-lifecycle/entry/v1\n" + body).hexdigest() == found["hash"]
            assert found["body"].get("prev") == prev
            prev = found["hash"]
        assert json.loads(LINES[-1]) == {"end": {"case": "SLP-2024-01", "entries": 5, "head": prev, "v": 1}}

    def test_what_stands_under_it(self) -> None:
        """Each thing that is kept changes the hash."""
        entry, now = CASE.acts[0], datetime(2024, 4, 1, 12, tzinfo=UTC)
        base = file(entry, seq=1, prev="a" * 64, log="l", recorded=now)
        others = [
            file(entry, seq=2, prev="a" * 64, log="l", recorded=now),
            file(entry, seq=1, prev="b" * 64, log="l", recorded=now),
            file(entry, seq=1, prev="a" * 64, log="m", recorded=now),
            file(entry, seq=1, prev="a" * 64, log="l", recorded=now + timedelta(microseconds=1)),
            file(entry, seq=1, prev="a" * 64, log="l", recorded=now, clock=now),
            file(entry, seq=1, prev="a" * 64, log="l", recorded=now, note=Note.of("me")),
            file(entry, seq=1, prev="a" * 64, log="l", recorded=now, note=Note.of(remark="me")),
            file(entry, seq=1, prev="a" * 64, log="l", recorded=now, note=Note.of(source="me")),
            file(changed(entry, rule="A4-01z"), seq=1, prev="a" * 64, log="l", recorded=now),
        ]
        assert len({base.hash, *(one.hash for one in others)}) == len(others) + 1

    def test_clock_in_utc(self) -> None:
        """A moment without a time zone, or in another than UTC, is refused."""
        for zone in (None, timezone(timedelta(hours=-6))):
            with pytest.raises(EventError, match="UTC"):
                file(CASE.opening, seq=0, prev=None, recorded=datetime(2024, 4, 1, tzinfo=zone))

    def test_too_long(self) -> None:
        """An entry that no reader would read is not written."""
        laws = tuple("x" * 19_000 for _ in range(20))
        entry = changed(CASE.acts[0], event=did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=laws, basis="x"))
        with pytest.raises(EventError, match="an entry may take"):
            file(entry, seq=1, prev="a" * 64)


class TestTampering:
    """What was altered, cut or put together never yields a case."""

    def test_every_byte(self) -> None:
        """No byte of a record can be changed."""
        for at in range(len(RECORD)):
            for flip in (0x01, 0x20):
                altered = bytearray(RECORD)
                altered[at] ^= flip
                with pytest.raises(RecordError):
                    loads(bytes(altered))

    def test_every_cut(self) -> None:
        """A record cut at any place yields no case."""
        for at in range(len(RECORD)):
            with pytest.raises(RecordError):
                loads(RECORD[:at])

    @pytest.mark.parametrize("at", range(len(LINES)))
    def test_lines(self, at: int) -> None:
        """A line that is dropped, doubled, or put in another place is noticed."""
        for lines in (
            LINES[:at] + LINES[at + 1 :],
            LINES[: at + 1] + LINES[at:],
            [*LINES[:at], *LINES[at + 1 : at + 2], LINES[at], *LINES[at + 2 :]] if at + 1 < len(LINES) else LINES[::-1],
            [*LINES[:at], b"", *LINES[at:]],
            [*LINES[:at], LINES[at] + b"\r", *LINES[at + 1 :]],
        ):
            with pytest.raises(RecordError):
                loads(joined(lines))

    @pytest.mark.parametrize("at", range(1, len(LINES) - 1))
    def test_rehashed_line(self, at: int) -> None:
        """A line whose body and hash were both changed does not fit the line behind it."""
        line = rehashed(LINES[at], b'"effective":"2024', b'"effective":"2023')
        assert line != LINES[at]
        with pytest.raises(RecordDamaged, match=r"link|otherwise"):
            loads(joined([*LINES[:at], line, *LINES[at + 1 :]]))

    @settings(max_examples=60)
    @given(st.integers(0, 2**32), st.data())
    def test_random_cases(self, seed: int, data: st.DataObject) -> None:
        """In random records, too, no byte can be changed, put in or taken out."""
        record = dumps(lawful_case(seed, most=5))
        at = data.draw(st.integers(0, len(record) - 1))
        byte = data.draw(st.integers(0, 255).filter(lambda one: one != record[at]))
        for altered in (
            record[:at] + bytes([byte]) + record[at + 1 :],
            record[:at] + bytes([byte]) + record[at:],
            record[:at] + record[at + 1 :],
        ):
            if altered != record:
                with pytest.raises(RecordError):
                    loads(altered)

    def test_names_the_place(self) -> None:
        """The message names line, case, number and what is broken."""
        flipped = LINES[2].replace(b'"to":"under_review"', b'"to":"denial_reported"')
        with pytest.raises(RecordDamaged, match=r"line 3 \(case SLP-2024-01, number 2\) does not have the hash"):
            loads(joined([*LINES[:2], flipped, *LINES[3:]]))
        with pytest.raises(RecordDamaged, match="line 3 has the number 3 in case SLP-2024-01, where number 2"):
            loads(joined([*LINES[:2], *LINES[3:]]))
        with pytest.raises(RecordDamaged, match="line 6 ends a record of 5 entries otherwise"):
            loads(joined([*LINES[:5], LINES[5].replace(b":5", b":6")]))
        with pytest.raises(RecordDamaged, match="the line that ends it is missing"):
            loads(joined(LINES[:-1]))

    def test_does_not_fold(self) -> None:
        """Entries that are hashed and linked well, but do not follow one another in law, are no record."""
        first, request, accepted, *_ = CASE.path
        opening = file(first, seq=0, prev=None)
        skipped = file(accepted, seq=1, prev=opening.hash)
        with pytest.raises(
            RecordDamaged,
            match=r"number 1\) does not follow: .* starts in review_requested, but the case stands in assessment",
        ):
            loads(dumps([opening, skipped]))
        strange = file(changed(request, case_id="OTHER"), seq=1, prev=opening.hash)
        with pytest.raises((RecordDamaged, EventError)):
            loads(dumps([opening, strange]))
        bad_id = file(changed(first, case_id="../x"), seq=0, prev=None)
        with pytest.raises(RecordDamaged, match="id of a case"):
            loads(dumps([bad_id]))
        with pytest.raises(RecordDamaged, match=r"starts with the opening"):
            loads(dumps([file(request, seq=0, prev=None)]))

    def test_second_opening(self) -> None:
        """A case is opened once: a second opening that is hashed and linked well does not follow the first, and is named."""
        opening = file(CASE.opening, seq=0, prev=None)
        again = file(CASE.opening, seq=1, prev=opening.hash)
        for data in (dumps([opening, again]), dumps([opening, again, file(CASE.acts[0], seq=2, prev=again.hash)])):
            with pytest.raises(RecordDamaged, match=r"line 2 \(case SLP-2024-01, number 1\) does not follow"):
                verify(data)

    def test_logs_and_times(self) -> None:
        """An entry of another log, or recorded before the one before it, is noticed."""
        now = datetime(2024, 4, 1, 12, tzinfo=UTC)
        first = file(CASE.opening, seq=0, prev=None, log="a", recorded=now)
        for log, recorded in (("b", now), (None, now), ("a", None), ("a", now - timedelta(1))):
            then = file(CASE.acts[0], seq=1, prev=first.hash, log=log, recorded=recorded)
            with pytest.raises(RecordDamaged, match=r"another log|recorded before"):
                verify([first, then])

    @pytest.mark.parametrize(
        ("new", "says"),
        [
            (b'"recorded":"2024-04-01T12:00:00+02:00","seq":0', "not in UTC"),
            (b'"recorded":"2024-04-01T12:00:00","seq":0', "not in UTC"),
            (b'"recorded":"2024-04-01","seq":0', "no body"),
            (b'"seq":0,"source":{"confidence":"sure"}', "no note can hold"),
        ],
    )
    def test_what_the_store_adds(self, new: bytes, says: str) -> None:
        """A moment of recording or a source that no store writes is noticed, although the hash fits."""
        line = rehashed(LINES[0], b'"seq":0', new)
        with pytest.raises(RecordDamaged, match=says):
            loads(joined([line]))

    def test_document_of_no_store(self) -> None:
        """A document whose digest is none is noticed, although the hash fits."""
        line = rehashed(LINES[0], b'"from"', b'"documents":[{"name":"a","sha256":"b","size":1}],"from"')
        with pytest.raises(RecordDamaged, match="no note can hold: sha256"):
            loads(joined([line]))

    def test_shown_otherwise(self) -> None:
        """A filed value that shows another entry than its bytes hold does not verify."""
        filed = list(filed_of(CASE))
        entry = filed[2].entry
        assert isinstance(entry, Entry)
        filed[2] = changed(filed[2], entry=changed(entry, rule="A4-03z"))
        with pytest.raises(RecordDamaged, match=r"entry 3 \(case SLP-2024-01, number 2\) is shown otherwise"):
            verify(filed)


class TestForeign:
    """What is no record at all is refused as that."""

    @pytest.mark.parametrize(
        "found",
        [
            b"",
            b"\n",
            b"{}\n",
            b"[1]\n",
            b"hello",
            b'{"format": "rrm-case-histories/1"}',
            b"\x00" * 100,
            LINES[-1] + b"\n",
        ],
    )
    def test_bytes(self, found: bytes) -> None:
        """Other files are told apart from damaged records."""
        with pytest.raises(RecordError, match="no record"):
            loads(found)

    def test_text(self) -> None:
        """A text is no bytes, and the message says how to get them."""
        with pytest.raises(RecordError, match="'rb'"):
            loads(RECORD.decode())  # type: ignore[arg-type]  # wrong on purpose

    def test_attempts(self) -> None:
        """A record of refused attempts holds, and is no case."""
        docket = Docket.in_memory()
        docket.start("A")
        with pytest.raises(RefusedError):
            docket.record("A", did.ReviewAccepted(date(2024, 4, 9)))
        record = dumps(docket.attempts("A"))
        assert verify(record).entries == 1
        assert loads_filed(record) == docket.attempts("A")
        with pytest.raises(RecordError, match="attempts that were refused, not of a case"):
            loads(record)

    def test_later_version(self) -> None:
        """A record of a later version says so."""
        line = rehashed(LINES[0], b'"v":1', b'"v":2')
        with pytest.raises(RecordTooNew, match="upgrade"):
            loads(joined([line]))

    def test_long_line(self) -> None:
        """A huge line is refused before it is decoded."""
        with pytest.raises(RecordError, match="at most"):
            loads(b'{"body":' + b"[" * 300_000 + b"\n")


class TestGolden:
    """Records of every released shape are read for ever."""

    def test_read(self) -> None:
        """The records of version 1 verify, and each yields its case."""
        data = GOLDEN.read_bytes()
        found = verify(data)
        assert (found.cases, found.entries) == (22, data.count(b'"kind":'))
        record = b""
        for line in data.splitlines(keepends=True):
            record += line
            if line.startswith(b'{"end":'):
                case = loads(record)
                assert dumps(case) == record
                assert found.heads[case.id] == json.loads(line)["end"]["head"]
                record = b""

    def test_every_act(self) -> None:
        """The records of version 1 hold every kind of act at least once."""
        data = GOLDEN.read_bytes()
        missing = [name for name in did.EVENTS if f'"event":"{name}"'.encode() not in data]
        assert not missing


class TestDocuments:
    """Sources and documents are checked when they are made."""

    def test_digest(self) -> None:
        """A digest is 64 hexadecimal digits in lower case."""
        for wrong in ("", "A" * 64, "a" * 63, 3):
            with pytest.raises(EventError, match="hexadecimal"):
                Document("a", wrong, 1)  # type: ignore[arg-type]  # some are wrong on purpose

    def test_display(self) -> None:
        """An entry shows itself in a line of at most 120 characters, however long its case's id is."""
        filed = file(
            play(Case.start("A" * 64), did.CaseDropped(date(2024, 4, 9))).acts[0], seq=12_345_678, prev="a" * 64
        )
        assert len(repr(filed)) == 120
        assert repr(filed).startswith(f"<Filed {'A' * 64} 12345678: {filed.hash[:12]}…, CaseDropped on ")

    def test_note(self) -> None:
        """A source given as text is an address or a citation; what is none is refused."""
        assert Note.of(source="https://example.org").source == Source(url="https://example.org")
        assert Note.of(source="DOF 1 July 2024").source == Source(text="DOF 1 July 2024")
        with pytest.raises(EventError, match="documents hold Document"):
            Note.of(documents=["a"])  # type: ignore[list-item]  # wrong on purpose
        with pytest.raises(EventError, match="confidence"):
            Source(confidence="sure")


REPLAY = """
import sys
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.plain import to_dict
docket = Docket.in_memory()
digest = sha256()
for case in docket.import_jsonl(Path(sys.argv[1])):
    digest.update(canonical(to_dict(case)))
    digest.update(docket._store.standing(case.id).snapshot)
digest.update(str(docket.verify().heads).encode())
digest.update(canonical(to_dict(docket.agenda(date(2023, 9, 1)))))
out = BytesIO()
docket.export_jsonl(out)
digest.update(out.getvalue())
print(docket.verify().entries, digest.hexdigest())
"""


class TestReplay:
    """A record folds to the same cases everywhere."""

    def test_anywhere(self, tmp_path: Path) -> None:
        """Two thousand entries replay to one digest under any seed of hashes and any time zone."""
        docket = Docket.in_memory(clock=lambda: datetime(2024, 6, 1, 12, tzinfo=UTC))
        entries = seed = 0
        with (tmp_path / "bare.jsonl").open("wb") as bare:
            while entries < 2_000:
                case = lawful_case(seed)
                bare.write(dumps(case))
                entries, seed = entries + len(case.path), seed + 1
        docket.import_jsonl(tmp_path / "bare.jsonl")
        docket.export_jsonl(tmp_path / "filed.jsonl")
        told = set()
        for number, zone in enumerate(("UTC", "America/Mexico_City", "Asia/Kathmandu")):
            surroundings = {**os.environ, "PYTHONHASHSEED": str(number * 7_919), "TZ": zone}
            command = [sys.executable, "-c", REPLAY, str(tmp_path / "filed.jsonl")]
            done = subprocess.run(  # noqa: S603 - the program above
                command, env=surroundings, capture_output=True, text=True, timeout=300, check=False
            )
            assert done.returncode == 0, done.stderr
            told.add(done.stdout)
        assert len(told) == 1
        assert told.pop().startswith(f"{entries} ")
