"""The certified extract: one case out of a log, with proofs, so that a stranger can check it without seeing the others.

An extract is lines of canonical JSON, in this order::

    {"case":"…","entries":n,"extract":1,"log":"…","verifier":"…"}   what it is; verifier is left out where nothing is signed
    {"body":…,"hash":"…"}                                           each entry, framed as in a record
    {"proof":{"index":…,"path":[…],"root":"…","seq":…,"size":…}}    for the first entries, all that the checkpoint covers
    {"checkpoint":["…","…",…]}                                      the lines of the signed note
    {"end":{"entries":n,"head":"…","sha256":"…"}}                   hash of the last entry; SHA-256 of all lines before

The verifier in the first line names the key; it shows nothing by itself. Whoever checks an extract has to have the key from
elsewhere. Whoever made the file may keep the last proofs back, so that every reader tells how many entries have none. The
digest in the last line finds an accident, such as a file that was cut; the signature finds the rest.

``verify_extract.py`` beside this page checks an extract without this library.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from attrs import field, frozen

from rrm_lifecycle.canonical import canonical, clean_id
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.record.filed import DIGEST, PREFIX, Filed
from rrm_lifecycle.record.proof.certificate import NOT_SIGNED, SIGNED, TEMPLATE
from rrm_lifecycle.record.proof.keys import Verifier
from rrm_lifecycle.record.proof.notes import Checkpoint, open_note
from rrm_lifecycle.record.proof.receipts import Proof, Receipt, clean_case
from rrm_lifecycle.record.reader import read_line, safe
from rrm_lifecycle.show import Shown

__all__ = ["Extract", "Extracted", "certification", "read_extract", "write_extract"]

VERSION: Final = 1
_HEAD, _MIDDLE, _TAIL = b'{"body":', b',"hash":"', b'"}'
_PROOF: Final = frozenset({"index", "path", "root", "seq", "size"})


@frozen
class Extracted:
    """An entry as an extract holds it.

    Attributes:
        seq: Its number in the case.
        hash: Its hash.
        body: The bytes that were hashed.
    """

    seq: int
    hash: str
    body: bytes = field(repr=False)


@frozen
class Extract(Shown):
    """A certified extract whose bytes, hashes, links, proofs and signature were checked.

    Attributes:
        log: Name of the log.
        case: Id of the case.
        entries: Its entries.
        proofs: A proof for each entry that the checkpoint covers; they are the first ones.
        checkpoint: Size and root of the log, as they were signed; None where nothing is signed.
        verifier: Whose signature it is; None likewise.
        sha256: Digest of all bytes of the extract.
    """

    log: str
    case: str
    entries: tuple[Extracted, ...] = field(repr=False)
    proofs: tuple[Proof, ...] = field(repr=False)
    checkpoint: Checkpoint | None
    verifier: Verifier | None
    sha256: str

    @property
    def head(self) -> str:
        """Hash of the last entry."""
        return self.entries[-1].hash

    @property
    def size(self) -> int | None:
        """How many entries the log had at the checkpoint; None where nothing is signed."""
        return None if self.checkpoint is None else self.checkpoint.size

    @property
    def window(self) -> int:
        """How many entries, the last ones, no proof shows to be covered; they are only as safe as the file."""
        return len(self.entries) - len(self.proofs)

    @property
    def record(self) -> bytes:
        """The entries as a record, for :func:`rrm_lifecycle.record.chain.loads`: whether the case folds is seen there."""
        end = {"end": {"case": self.case, "entries": len(self.entries), "head": self.head, "v": 1}}
        return b"\n".join((*(_framed(one.body, one.hash) for one in self.entries), canonical(end), b""))

    def __str__(self) -> str:
        """Return what holds, and what is not covered, in a sentence or two."""
        text = f"{len(self.entries)} entries of case {self.case} in log {self.log} hold together"
        if self.checkpoint is None or self.verifier is None:
            return f"{text}; nothing is signed"
        text += f"; {len(self.proofs)} stand in the log of {self.size} entries that {self.verifier.name} signed"
        return f"{text}; no proof shows {self.window} there: the last ones rest on the extract alone"


def _framed(body: bytes, digest: str) -> bytes:
    return _HEAD + body + _MIDDLE + digest.encode() + _TAIL


# ---- writing ---------------------------------------------------------------------------------------------------------
def write_extract(
    filed: Sequence[Filed], proofs: Sequence[Proof], checkpoint_note: bytes | None, verifier_text: str | None
) -> bytes:
    """Return the extract of one case as bytes, once it was read back and holds.

    Args:
        filed: All entries of the case.
        proofs: A proof for each entry that the checkpoint covers, in order, at its size.
        checkpoint_note: The signed note of the checkpoint; None where nothing is signed.
        verifier_text: The verifier of the key that signed it; None likewise.

    Raises:
        EventError: Entries of no case, of several, or without a log; or proofs, note and verifier do not come together.
        RecordDamaged: What was given does not hold together; the message names the first broken line.
        MissingExtra: The extra ``signing`` is not installed.
    """
    if len({one.case_id for one in filed}) != 1:
        msg = f"an extract is of one case; found entries of {len({one.case_id for one in filed})}"
        raise EventError(msg)
    if not (bool(proofs) == (checkpoint_note is not None) == (verifier_text is not None)):
        msg = (
            "a signed extract needs proofs, checkpoint and verifier, one that is not signed has none of them; "
            "where no checkpoint covers the case yet, make one first"
        )
        raise EventError(msg)
    log = read_line(filed[0].body, "the first entry").get("log")
    if log is None:
        msg = (
            f"case {filed[0].case_id} was filed in no log, so that no extract can be made: write its record with dumps"
        )
        raise EventError(msg)
    header = {"case": filed[0].case_id, "entries": len(filed), "extract": VERSION, "log": log}
    if verifier_text is not None:
        header["verifier"] = verifier_text
    lines = [canonical(header), *(_framed(one.body, one.hash) for one in filed), *map(_proof_line, proofs)]
    if checkpoint_note is not None:
        lines.append(canonical({"checkpoint": checkpoint_note.decode("utf-8", "replace").split("\n")[:-1]}))
    text = b"\n".join((*lines, b""))
    data = text + canonical(_end(len(filed), filed[-1].hash, text)) + b"\n"
    read_extract(data, () if verifier_text is None else Verifier.parse(verifier_text))
    return data


def _proof_line(proof: Proof) -> bytes:
    stated = {"index": proof.index, "path": proof.path, "root": proof.root, "size": proof.size}
    return canonical({"proof": {**stated, "seq": proof.receipt.seq}})


def _end(entries: int, head: str, text: bytes) -> dict[str, Any]:
    return {"end": {"entries": entries, "head": head, "sha256": sha256(text).hexdigest()}}


# ---- reading ---------------------------------------------------------------------------------------------------------
class _Lines:
    """The lines of an extract, taken one after the other."""

    __slots__ = ("_lines", "number", "raw")

    raw: bytes

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")
        if self._lines.pop():
            msg = f"the extract was cut: line {len(self._lines) + 1} does not end"
            raise RecordDamaged(msg)
        self.number = 0

    @property
    def where(self) -> str:
        """What to call the line that was taken last."""
        return f"line {self.number}"

    def next(self) -> Any:  # noqa: ANN401 - any JSON
        """Return the value of the next line."""
        if self.number == len(self._lines):
            msg = f"the extract was cut: nothing follows line {self.number}"
            raise RecordDamaged(msg)
        self.raw = self._lines[self.number]
        self.number += 1
        return read_line(self.raw, self.where)

    def left(self) -> int:
        """Return how many lines follow."""
        return len(self._lines) - self.number

    def broken(self, what: str) -> RecordDamaged:
        """Return the error for the line that was taken last."""
        return RecordDamaged(f"{self.where} of the extract {what}")


def read_extract(data: bytes, verifiers: Verifier | Sequence[Verifier] = ()) -> Extract:
    """Return a certified extract, once all of it has been checked.

    Args:
        data: What :func:`write_extract` gave.
        verifiers: The keys whose signature counts, from elsewhere than the extract. Without one, only an extract that
            is not signed is read; with one, only one that is.

    Raises:
        RecordTooNew: A later version of this library wrote it.
        RecordDamaged: It was altered, cut, put together, or is not signed by one of the keys.
        RecordError: The bytes are no extract at all.
        EventError: It is signed and no key was given.
        MissingExtra: The extra ``signing`` is not installed.
    """
    lines = _Lines(bytes(data))
    header = _header(lines)
    entries = _entries(lines, header)
    value = lines.next()
    proofs: list[Proof] = []
    while _is(value, "proof"):
        proofs.append(_proof(lines, value["proof"], header, entries, proofs))
        value = lines.next()
    checkpoint = verifier = None
    if _is(value, "checkpoint"):
        checkpoint, verifier = _checkpoint(lines, value["checkpoint"], header, proofs, verifiers)
        value = lines.next()
    elif proofs or "verifier" in header or verifiers:
        raise lines.broken("should be the signed checkpoint: there is none, and nothing is signed")
    text = data[: len(data) - len(lines.raw) - 1]
    if lines.left() or lines.raw != canonical(_end(len(entries), entries[-1].hash, text)):
        raise lines.broken("ends it otherwise than it is: something was altered, cut off or put behind")
    digest = sha256(data).hexdigest()
    return Extract(header["log"], header["case"], entries, tuple(proofs), checkpoint, verifier, digest)


def _is(value: Any, key: str) -> bool:  # noqa: ANN401 - any JSON
    return type(value) is dict and value.keys() == {key}


def _header(lines: _Lines) -> dict[str, Any]:
    header: dict[str, Any] = lines.next()
    version = header.get("extract") if type(header) is dict else None
    if type(version) is not int or version < VERSION:
        msg = 'this is no certified extract: its first line has to hold "extract":1'
        raise RecordError(msg)
    if version > VERSION:
        msg = f"the extract was written in version {version}; this library reads up to {VERSION}: upgrade it"
        raise RecordTooNew(msg)
    if header.keys() - {"verifier"} != {"case", "entries", "extract", "log"}:
        raise lines.broken("has other keys than the first line of an extract")
    try:
        clean_case(header["case"])
        clean_id(header["log"], "the name of a log")
    except EventError as error:
        raise lines.broken(f"was altered: {safe(error)}") from None
    count = header["entries"]
    if type(count) is not int or not 1 <= count <= lines.left():
        raise lines.broken("names more entries than there are lines, or none")
    return header


def _entries(lines: _Lines, header: dict[str, Any]) -> tuple[Extracted, ...]:
    found: list[Extracted] = []
    for seq in range(header["entries"]):
        value = lines.next()
        if type(value) is not dict or value.keys() != {"body", "hash"} or type(value["body"]) is not dict:
            raise lines.broken(f"is not entry {seq}: it was altered, cut out, or put in")
        body = lines.raw[len(_HEAD) : -DIGEST - len(_MIDDLE) - len(_TAIL)]
        digest = sha256(PREFIX + body).hexdigest()
        if lines.raw != _framed(body, digest):
            raise lines.broken("does not have the hash that stands beside it: it was altered")
        stated = value["body"]
        due = {"case": header["case"], "log": header["log"], "seq": seq, "alg": "sha256"}
        if seq:
            due["prev"] = found[-1].hash
        for key, one in due.items():
            if type(stated.get(key)) is not type(one) or stated[key] != one:
                raise lines.broken(f"is not entry {seq} of this case in this log: its {key} is another")
        if not seq and "prev" in stated:
            raise lines.broken("is no opening: it has an entry before it")
        found.append(Extracted(seq, digest, body))
    return tuple(found)


def _proof(
    lines: _Lines,
    stated: Any,  # noqa: ANN401 - any JSON
    header: dict[str, Any],
    entries: tuple[Extracted, ...],
    before: Sequence[Proof],
) -> Proof:
    seq = len(before)
    if type(stated) is not dict or stated.keys() != _PROOF or stated["seq"] is True or stated["seq"] != seq:
        raise lines.broken(f"is not the proof of entry {seq}")
    if seq >= len(entries):
        raise lines.broken("is a proof of no entry")
    try:
        receipt = Receipt(header["log"], header["case"], seq, entries[seq].hash)
        path: Any = stated["path"] if type(stated["path"]) is list else (None,)
        proof = Proof(receipt, stated["index"], stated["size"], path, stated["root"])
    except EventError as error:
        raise lines.broken(f"is no proof: {safe(error)}") from None
    if not proof.holds():
        raise lines.broken(f"does not show that entry {seq} stands in the log")
    if before and proof.index <= before[-1].index:
        raise lines.broken(f"shows entry {seq} before the entry before it")
    return proof


def _checkpoint(
    lines: _Lines,
    stated: Any,  # noqa: ANN401 - any JSON
    header: dict[str, Any],
    proofs: list[Proof],
    verifiers: Verifier | Sequence[Verifier],
) -> tuple[Checkpoint, Verifier]:
    if type(stated) is not list or not all(type(one) is str for one in stated):
        raise lines.broken("is no checkpoint")
    known = (verifiers,) if isinstance(verifiers, Verifier) else tuple(verifiers)
    signer = [one for one in known if one.text == header.get("verifier")]
    if known and not signer:
        raise lines.broken("is signed by another key than those that were given")
    try:
        checkpoint = open_note("\n".join((*stated, "")).encode(), signer)
    except RecordDamaged as error:
        raise lines.broken(f"does not hold: {error}") from None
    if checkpoint.origin != header["log"]:
        raise lines.broken("is of another log")
    if not proofs:
        raise lines.broken("covers no entry of the case: nothing of it is signed")
    for proof in proofs:
        if (proof.size, proof.root) != (checkpoint.size, checkpoint.root.hex()):
            raise lines.broken(f"is not the one that entry {proof.receipt.seq} was shown to stand in")
    return checkpoint, signer[0]


# ---- the certification -----------------------------------------------------------------------------------------------
def certification(extract: Extract, language: str = "en") -> str:
    """Return a certification under FRE 902(13) and (14) for an extract, with blanks to be filled in: a template.

    Args:
        extract: What is certified.
        language: ``en``; the rules are of United States courts, whose language is English.

    Raises:
        EventError: Another language.
    """
    if language != "en":
        msg = (
            f"the certification is for courts of the United States and is written in English, 'en'; found {language!r}"
        )
        raise EventError(msg)
    signed = NOT_SIGNED
    if extract.checkpoint is not None and extract.verifier is not None:
        signed = SIGNED.format(
            size=extract.size,
            root=extract.checkpoint.root.hex(),
            verifier=extract.verifier,
            last=len(extract.proofs) - 1,
            window=extract.window or "No",
        )
    return TEMPLATE.format(
        case=extract.case,
        log=extract.log,
        entries=len(extract.entries),
        sha256=extract.sha256,
        head=extract.head,
        signed=signed,
    )
