"""Certified extracts: one case in a stranger's hands, checked by this library and by a program that does without it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Impact
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.record.chain import dumps, loads
from rrm_lifecycle.record.filed import PREFIX, Filed, file
from rrm_lifecycle.record.proof import verify_extract
from rrm_lifecycle.record.proof.extract import Extract, certification, read_extract, write_extract
from rrm_lifecycle.record.proof.keys import SigningKey
from rrm_lifecycle.record.proof.notes import Checkpoint, sign
from rrm_lifecycle.record.proof.receipts import Proof, Receipt
from rrm_lifecycle.record.proof.tree import inclusions, root

PLANT = CoveredFacility("Planta Únö", country="MX", sector="manufacturing", goods_traded=True)
CASE = play(
    Case.start("SLP-2024-01"),
    did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis='dis"missals\\'),
    did.ReviewAccepted(date(2024, 4, 15)),
    did.DenialReported(date(2024, 5, 2)),
    did.CourseAgreed(date(2024, 5, 9), agreed_end=NOT_STATED, outcome=Impact(("back_pay",), 12)),
)
KEY = SigningKey("docket.example", bytes(range(32)))
OTHER = SigningKey("docket.example", bytes(32))
LOG = "docket-2024"
SCRIPT = Path(verify_extract.__file__)


def filed_in(log: str, case: Case = CASE) -> tuple[Filed, ...]:
    """Return the entries of a case as a docket files them."""
    found: list[Filed] = []
    for seq, entry in enumerate(case.path):
        moment = datetime(2024, 5, 10, 9, 0, seq, tzinfo=UTC)
        found.append(file(entry, seq=seq, prev=found[-1].hash if found else None, log=log, recorded=moment))
    return tuple(found)


FILED = filed_in(LOG)
# The case among others: an entry of another case before each of its own, and some behind.
HASHES = [one for filed in FILED for one in (sha256(filed.hash.encode()).digest(), bytes.fromhex(filed.hash))] + [
    sha256(bytes([number])).digest() for number in range(9)
]
PLACES = [HASHES.index(bytes.fromhex(one.hash)) for one in FILED]


def proofs_at(size: int, hashes: list[bytes] = HASHES, filed: tuple[Filed, ...] = FILED) -> list[Proof]:
    """Return the proofs of all entries that a log of this size holds."""
    places = [place for place in PLACES if place < size]
    top, paths = inclusions(places, hashes[:size])
    return [
        Proof(Receipt(LOG, one.case_id, one.seq, one.hash), place, size, tuple(node.hex() for node in path), top.hex())
        for one, place, path in zip(filed, places, paths, strict=False)
    ]


def note_at(size: int, *, key: SigningKey = KEY, origin: str = LOG) -> bytes:
    """Return the signed checkpoint of the log at a size."""
    return sign(Checkpoint(origin, size, root(HASHES[:size])), key)


def extract_at(size: int, entries: int = len(FILED)) -> bytes:
    """Return the extract of the case, or of its first entries, under the checkpoint at a size."""
    return write_extract(FILED[:entries], proofs_at(size)[:entries], note_at(size), KEY.verifier.text)


EXTRACT = extract_at(len(HASHES))


def ended(data: bytes) -> bytes:
    """Return an extract whose last line was made to fit what stands before it."""
    at = data.rindex(b"\n", 0, -1) + 1
    mark = b'"sha256":"'
    start = data.rindex(mark, at) + len(mark)
    return data[:start] + sha256(data[:at]).hexdigest().encode() + data[start + 64 :]


def both_refuse(data: bytes) -> None:
    """Assert that our reader and the program refuse an extract, each with an error of its own."""
    with pytest.raises(RecordError):
        read_extract(data, KEY.verifier)
    with pytest.raises(verify_extract.BrokenError):
        verify_extract.check(data, KEY.verifier.text)


def changed(line: int, change: Any) -> bytes:
    """Return the extract with the value of one line changed, canonical again, its last line made to fit."""
    lines = EXTRACT.split(b"\n")
    value = json.loads(lines[line])
    value = change(value) or value
    lines[line] = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return ended(b"\n".join(lines))


class TestHolds:
    """An extract that was written is read, by us and by the program."""

    def test_read(self) -> None:
        """It gives the entries with their bytes, the checkpoint and how large the log was."""
        found = read_extract(EXTRACT, [OTHER.verifier, KEY.verifier])
        assert [(one.seq, one.hash, one.body) for one in found.entries] == [(e.seq, e.hash, e.body) for e in FILED]
        assert (found.case, found.log, found.size, found.window) == ("SLP-2024-01", LOG, len(HASHES), 0)
        assert (found.head, found.verifier) == (FILED[-1].hash, KEY.verifier)
        assert found.sha256 == sha256(EXTRACT).hexdigest()
        assert all(proof.holds() for proof in found.proofs)

    def test_record(self) -> None:
        """Its entries are the record of the case, byte for byte, and fold to the case."""
        found = read_extract(EXTRACT, KEY.verifier)
        assert found.record == dumps(FILED)
        assert loads(found.record).path[-1].to == CASE.stage

    @pytest.mark.parametrize("size", range(2, len(HASHES) + 1))
    def test_every_checkpoint(self, size: int) -> None:
        """Under every checkpoint that covers an entry both read it, and tell how many entries are younger."""
        data = extract_at(size)
        found = read_extract(data, KEY.verifier)
        late = len([place for place in PLACES if place >= size])
        assert found.window == late
        assert f"no proof shows {late} there" in str(found)
        assert f"\n{late} of them no proof shows there" in verify_extract.check(
            data, KEY.verifier.text, note_at(size).decode()
        )

    def test_not_signed(self) -> None:
        """One that is not signed is read where no key is given, and says so; the program refuses it."""
        data = write_extract(FILED, (), None, None)
        found = read_extract(data)
        assert (found.window, found.size, found.verifier) == (len(FILED), None, None)
        assert str(found).endswith("nothing is signed")
        both_refuse(data)

    def test_witness(self) -> None:
        """A signature that somebody else added to the checkpoint does no harm."""
        size = len(HASHES)
        witness = SigningKey("witness.example", bytes(32))
        note = sign(Checkpoint(LOG, size, root(HASHES)), KEY, witness)
        data = write_extract(FILED, proofs_at(size), note, KEY.verifier.text)
        assert read_extract(data, KEY.verifier).window == 0
        assert verify_extract.check(data, KEY.verifier.text).startswith("HOLDS")


class TestAltered:
    """What was altered is refused, by us and by the program."""

    @pytest.mark.parametrize(("size", "entries", "step"), [(len(HASHES), 1, 1), (5, 2, 3), (len(HASHES), 5, 7)])
    def test_every_byte(self, size: int, entries: int, step: int) -> None:
        """Every changed byte is refused, also where the digest in the last line was made to fit."""
        data = extract_at(size, entries)
        last = data.rindex(b"\n", 0, -1) + 1
        for at in range(0, len(data), step):
            wrong = data[:at] + bytes([data[at] ^ 1 << at % 7]) + data[at + 1 :]
            both_refuse(wrong)
            if at < last - 1:
                both_refuse(ended(wrong))

    def test_taken_out_and_put_in(self) -> None:
        """Every byte and every line that is taken out, doubled or moved is refused; so is a file that was cut."""
        for at in range(0, len(EXTRACT), 3):
            both_refuse(EXTRACT[:at] + EXTRACT[at + 1 :])
            both_refuse(EXTRACT[:at])
        lines = EXTRACT.splitlines(keepends=True)
        for at, line in enumerate(lines):
            rest = lines[:at] + lines[at + 1 :]
            for one in (b"".join(rest), b"".join([*rest[:2], line, line, *rest[2:]]), EXTRACT + line):
                both_refuse(one)
            if at < len(lines) - 3:  # without its last proof an extract holds, see below
                both_refuse(ended(b"".join(rest)))
        both_refuse(EXTRACT + b"\n")
        both_refuse(b"\xef\xbb\xbf" + EXTRACT)
        both_refuse(EXTRACT.replace(b"\n", b"\r\n"))

    def test_last_proof(self) -> None:
        """Where the last proof is kept back, one more entry is told to rest on the file alone; none is passed over."""
        lines = EXTRACT.splitlines(keepends=True)
        data = ended(b"".join((*lines[:-3], *lines[-2:])))
        assert read_extract(data, KEY.verifier).window == 1
        assert "\n1 of them no proof shows there" in verify_extract.check(data, KEY.verifier.text)

    @pytest.mark.parametrize(
        ("line", "change"),
        [
            (0, lambda v: v.update(entries=True)),
            (0, lambda v: v.update(entries=4)),
            (0, lambda v: v.update(entries=6)),
            (0, lambda v: v.update(entries=10**9)),
            (0, lambda v: v.update(extract=True)),
            (0, lambda v: v.update(extract=2)),
            (0, lambda v: v.update(case="SLP-2024-02")),
            (0, lambda v: v.update(log="docket-2025")),
            (0, lambda v: v.update(case="\u202eevil")),
            (0, lambda v: v.update(verifier=OTHER.verifier.text)),
            (0, lambda v: v.update(verifier=None)),
            (0, lambda v: v.pop("verifier") and None),
            (0, lambda v: v.update(more=1)),
            (0, lambda _: [1]),
            (1, lambda v: v.update(more=1)),
            (1, lambda v: v.update(body=[])),
            (2, lambda v: v["body"].update(seq=True)),
            (6, lambda v: v["proof"].update(seq=1)),
            (7, lambda v: v["proof"].update(seq=True)),
            (6, lambda v: v["proof"].update(index=0)),
            (6, lambda v: v["proof"].update(index=-1)),
            (6, lambda v: v["proof"].update(index=True)),
            (6, lambda v: v["proof"].update(size=18)),
            (6, lambda v: v["proof"].update(size=True)),
            (6, lambda v: v["proof"].update(path=None)),
            (6, lambda v: v["proof"].update(path=[])),
            (6, lambda v: v["proof"]["path"].append("00" * 32)),
            (6, lambda v: v["proof"]["path"].insert(0, 7)),
            (6, lambda v: v["proof"]["path"].insert(0, "AB" * 32)),
            (6, lambda v: v["proof"].update(root="00" * 32)),
            (6, lambda v: v["proof"].update(root=7)),
            (6, lambda v: v["proof"].pop("root") and None),
            (6, lambda v: v.update(proof=[1])),
            (6, lambda v: v.update(proof="1")),
            (6, lambda v: v.update(more=1)),
            (11, lambda v: v.update(checkpoint="a")),
            (11, lambda v: v.update(checkpoint=[])),
            (11, lambda v: v.update(checkpoint=[1])),
            (11, lambda v: v.update(more=1)),
            (11, lambda v: v["checkpoint"].append(v["checkpoint"][-1])),
            (11, lambda v: v["checkpoint"].append("")),
            (11, lambda v: v["checkpoint"].insert(3, "more")),
            (12, lambda v: v["end"].update(entries=True)),
            (12, lambda v: v["end"].update(entries=4)),
            (12, lambda v: v["end"].update(head="00" * 32)),
            (12, lambda v: v["end"].update(more=1)),
        ],
    )
    def test_values(self, line: int, change: Any) -> None:
        """A value of another kind or content is refused, in canonical form and with a digest that fits."""
        both_refuse(changed(line, change))

    def test_written_anew(self) -> None:
        """A history that was written anew, with hashes and digest that fit, is refused: the proofs are of another."""
        forged = filed_in(
            LOG,
            play(
                Case.start("SLP-2024-01"),
                did.ReviewRequested(date(2024, 4, 2), facility=PLANT, laws=("LFT",), basis="another"),
            ),
        )
        lines = EXTRACT.split(b"\n")
        lines[1:6] = [b'{"body":%b,"hash":"%b"}' % (one.body, one.hash.encode()) for one in forged]
        head = {"case": "SLP-2024-01", "entries": 2, "extract": 1, "log": LOG, "verifier": KEY.verifier.text}
        lines[0] = json.dumps(head, separators=(",", ":")).encode()
        del lines[5:8]
        end = {"end": {"entries": 2, "head": forged[-1].hash, "sha256": "00" * 32}}
        lines[-2] = json.dumps(end, separators=(",", ":")).encode()
        both_refuse(ended(b"\n".join(lines)))

    def test_beyond_the_log(self) -> None:
        """A place behind the last of the log is refused, also in a log of one, where the way to its root is the same."""
        first = FILED[:1]
        only = [bytes.fromhex(first[0].hash)]
        note = sign(Checkpoint(LOG, 1, root(only)), KEY)
        proof = Proof(Receipt(LOG, first[0].case_id, 0, first[0].hash), 0, 1, (), root(only).hex())
        data = write_extract(first, [proof], note, KEY.verifier.text)
        assert read_extract(data, KEY.verifier).size == 1
        assert verify_extract.check(data, KEY.verifier.text)
        both_refuse(ended(data.replace(b'"index":0,', b'"index":1,')))

    def test_links(self) -> None:
        """An entry that is hashed rightly and links to another is refused, whatever its proof."""
        body = FILED[2].body.replace(FILED[1].hash.encode(), FILED[0].hash.encode())
        digest = sha256(PREFIX + body).hexdigest()
        lines = EXTRACT.split(b"\n")
        lines[3] = b'{"body":%b,"hash":"%b"}' % (body, digest.encode())
        data = ended(b"\n".join(lines))
        with pytest.raises(RecordDamaged, match=r"line 4 .* its prev is another"):
            read_extract(data, KEY.verifier)
        with pytest.raises(verify_extract.BrokenError, match="line 4, entry 2: does not link"):
            verify_extract.check(data, KEY.verifier.text)

    def test_line_and_cause(self) -> None:
        """The first broken line is named, and nothing that a terminal could obey is repeated."""
        for data, line in [
            (EXTRACT.replace(b"2024-04-15", b"2024-04-16"), "line 4"),
            (EXTRACT.replace(b'"index":1,', b'"index":3,'), "line 7"),
            (EXTRACT.replace(b"SLP-2024-01", b"SLP\x1b[31m", 1), "line 1"),
        ]:
            with pytest.raises(RecordError, match=line) as ours:
                read_extract(data, KEY.verifier)
            with pytest.raises(verify_extract.BrokenError, match=line) as theirs:
                verify_extract.check(data, KEY.verifier.text)
            assert "\x1b" not in str(ours.value) + str(theirs.value)

    def test_no_extract(self) -> None:
        """A record, something else, and an extract of a later version are each told for what they are."""
        with pytest.raises(RecordError, match="no certified extract"):
            read_extract(dumps(FILED))
        with pytest.raises(RecordError):
            read_extract(b"")
        with pytest.raises(RecordTooNew, match="version 2"):
            read_extract(changed(0, lambda v: v.update(extract=2)), KEY.verifier)
        deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
        both_refuse(EXTRACT.replace(b"\n", b"\n" + deep + b"\n", 1))
        both_refuse(EXTRACT.replace(b"\n", b'\n{"a":' + b"1" * 5_000 + b"}\n", 1))
        both_refuse(EXTRACT.replace(b"\n", b'\n{"a":"' + b"1" * 300_000 + b'"}\n', 1))


class TestKeys:
    """A signature counts if it is by a key that the reader has from elsewhere."""

    def test_another_key(self) -> None:
        """An extract that somebody else signed, with a key that it names itself, is refused."""
        size = len(HASHES)
        data = write_extract(FILED, proofs_at(size), note_at(size, key=OTHER), OTHER.verifier.text)
        assert read_extract(data, OTHER.verifier).window == 0
        both_refuse(data)
        both_refuse(ended(data.replace(OTHER.verifier.text.encode(), KEY.verifier.text.encode())))

    def test_no_key(self) -> None:
        """A signed extract is not read without a key, and one that lost its signature not with one."""
        with pytest.raises(EventError, match="give the verifier"):
            read_extract(EXTRACT)
        with pytest.raises(RecordDamaged, match="nothing is signed"):
            read_extract(write_extract(FILED, (), None, None), KEY.verifier)


class TestWriting:
    """What does not hold together is not written."""

    def test_refused(self) -> None:
        """Proofs of another size, order or log, a note of another log, and parts that are missing are refused."""
        size, verifier = len(HASHES), KEY.verifier.text
        proofs, note = proofs_at(size), note_at(size)
        for filed, shown, signed in [
            (FILED, proofs_at(9), note),
            (FILED, proofs[::-1], note),
            (FILED, proofs[1:], note),
            (FILED[:-1], proofs, note),
            (FILED[1:], proofs, note),
            (FILED[::-1], proofs, note),
            (FILED, proofs, note_at(size, origin="another")),
            (FILED, proofs, note_at(size, key=OTHER)),
            (FILED, proofs, note[:-1]),
            (FILED, proofs, b"\xff"),
            (filed_in("another"), proofs, note),
        ]:
            with pytest.raises(RecordError):
                write_extract(filed, shown, signed, verifier)
        parts: list[tuple[list[Proof], bytes | None, str | None]] = [
            (proofs, None, None),
            ([], note, verifier),
            (proofs, note, None),
        ]
        for some, with_note, key in parts:
            with pytest.raises(EventError, match="make one first"):
                write_extract(FILED, some, with_note, key)
        with pytest.raises(EventError, match="entries of 0"):
            write_extract((), proofs, note, verifier)
        bare = file(CASE.path[0], seq=0, prev=None)
        with pytest.raises(EventError, match="filed in no log"):
            write_extract((bare,), (), None, None)


class TestProgram:
    """The program stands alone."""

    def test_depends_on_nothing(self) -> None:
        """It imports the standard library and an Ed25519 check alone, and is about 150 lines of code."""
        text = SCRIPT.read_text(encoding="utf-8")
        names = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        }
        assert names - sys.stdlib_module_names == {"cryptography"}
        assert len([line for line in text.splitlines() if line.strip()]) <= 170

    def test_run(self, tmp_path: Path) -> None:
        """Run by itself, it exits 0 and says what holds; 1 and says what is broken; 2 where a file is missing."""
        case, key, kept = tmp_path / "case.extract", tmp_path / "key.txt", tmp_path / "kept.checkpoint"
        case.write_bytes(EXTRACT)
        key.write_text(KEY.verifier.text + "\n")
        kept.write_bytes(note_at(len(HASHES)))
        script = tmp_path / "verify_extract.py"
        script.write_bytes(SCRIPT.read_bytes())

        def run(*arguments: object) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-I", str(script), *map(str, arguments)]
            return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)  # noqa: S603 - our own program

        good = run(case, "--key", key, "--checkpoint", kept)
        assert (good.returncode, good.stderr) == (0, "")
        assert good.stdout.startswith("HOLDS: 5 entries of case SLP-2024-01 in log docket-2024")
        case.write_bytes(EXTRACT.replace(b"2024-05-09", b"2024-05-10"))
        bad = run(case, "--key", KEY.verifier.text)
        assert (bad.returncode, bad.stderr) == (1, "")
        assert bad.stdout.startswith("BROKEN: line 6, entry 4: it was altered")
        assert run(tmp_path / "none", "--key", key).returncode == 2

    def test_kept_checkpoint(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A checkpoint that was kept has to be the one in the extract: same log, same size, same history, same key."""
        case, kept = tmp_path / "case.extract", tmp_path / "kept"
        case.write_bytes(EXTRACT)
        size = len(HASHES)
        forged = sign(Checkpoint(LOG, size, root(HASHES[::-1])), KEY)
        for note, status in [
            (note_at(size), 0),
            (note_at(size - 1), 1),
            (note_at(size, origin="another"), 1),
            (note_at(size, key=OTHER), 1),
            (forged, 1),
            (b"\xff", 1),
            (b"", 1),
        ]:
            kept.write_bytes(note)
            arguments = [str(case), "--key", KEY.verifier.text, "--checkpoint", str(kept)]
            assert verify_extract.main(arguments) == status
        assert capsys.readouterr().out.count("BROKEN") == 6

    @pytest.mark.parametrize("key", ["a+b+c", "a+00000000+" + "A" * 44, "++", "docket.example+2c5b6c25+AQ=="])
    def test_no_key(self, tmp_path: Path, key: str) -> None:
        """What is no key is refused."""
        (tmp_path / "case.extract").write_bytes(EXTRACT)
        assert verify_extract.main([str(tmp_path / "case.extract"), "--key", key]) == 1


class TestReceipts:
    """A receipt is one line in another's hands."""

    RECEIPT = Receipt(LOG, "SLP-2024-01", 4, FILED[4].hash)

    def test_text(self) -> None:
        """It is read back from its line, of a case and of the attempts in it."""
        tries = Receipt(LOG, "SLP-2024-01/attempts", 0, FILED[4].hash)
        for receipt in (self.RECEIPT, tries):
            assert Receipt.parse(f"{receipt}\n") == receipt
            assert "\n" not in str(receipt)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("receipt/1", "receipt/2"),
            (" 4 ", " 04 "),
            (" 4 ", " -1 "),
            (" 4 ", " ٤ "),
            ("SLP-", "SLP "),
            ("SLP-", "../"),
        ],
    )
    def test_refused(self, old: str, new: str) -> None:
        """A line with another mark, number or id is none."""
        with pytest.raises(EventError):
            Receipt.parse(str(self.RECEIPT).replace(old, new))

    def test_hash(self) -> None:
        """A hash that is short, or in capital letters, is none."""
        for wrong in ("ab", "AB" * 32, "", "zz" * 32):
            with pytest.raises(EventError, match="64 hexadecimal digits"):
                Receipt(LOG, "SLP-2024-01", 4, wrong)

    def test_proof(self) -> None:
        """A proof holds for its receipt alone."""
        first, second = proofs_at(len(HASHES))[:2]
        assert first.holds()
        assert str(first) == f"entry 0 of case SLP-2024-01 stands at place 1 of {len(HASHES)}"
        assert not Proof(second.receipt, first.index, first.size, first.path, first.root).holds()


class TestCertification:
    """The certification is a template under Rules 902(13) and 902(14)."""

    def test_text(self) -> None:
        """It names the extract by its digest, the process, the key and the window, and says that it is a template."""
        found = read_extract(extract_at(5), KEY.verifier)
        text = certification(found)
        for part in (
            "902(13) AND 902(14)",
            "a template and no legal advice",
            "28 U.S.C. 1746",
            found.sha256,
            found.head,
            KEY.verifier.text,
            "checkpoint of the log at 5 entries",
            "Entries 0 to 1",
            "3 later entries were not",
        ):
            assert part in text
        assert max(map(len, text.splitlines())) <= 125
        assert "{" not in text

    def test_not_signed(self) -> None:
        """Where nothing is signed, it says so and names no key."""
        found: Extract = read_extract(write_extract(FILED, (), None, None))
        assert "Nothing is signed" in certification(found)
        assert "Ed25519" not in certification(found)

    def test_language(self) -> None:
        """It is written in English alone."""
        with pytest.raises(EventError, match="written in English"):
            certification(read_extract(EXTRACT, KEY.verifier), "es")
