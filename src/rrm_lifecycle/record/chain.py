"""What is kept: filed entries, each linked to the one before by its hash, and how a stranger checks them.

The hash of an entry is ``SHA-256("rrm-lifecycle/entry/v1\\n" || body)``, and the hash of the entry before lies inside the
body. A record in a file is JSON lines: ``{"body":…,"hash":"…"}`` for each entry, where the bytes of ``body`` are the very
bytes that were hashed, and a last line ``{"end":{"case":"…","entries":n,"head":"…","v":1}}``, so that a file which was cut
is noticed.

A hash chain alone does not stop anyone who can write the file: whoever can rewrite all of it can hash all of it anew. It
shows each change that is less than that, and it shows all of them to whoever keeps the hash of the last entry elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from attrs import asdict, field, frozen
from msgspec import UNSET, UnsetType

from rrm_lifecycle.canonical import canonical, clean_text, whole
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.claim import member
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError
from rrm_lifecycle.record.bodies import (
    Body,
    body_of,
    encode_body,
    entry_from_body,
    read_body,
)
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.reader import LONGEST, check_text, read_line, safe
from rrm_lifecycle.show import Shown

PREFIX: Final = b"rrm-lifecycle/entry/v1\n"
_DIGEST: Final = 64
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
_HEAD, _MIDDLE, _TAIL = b'{"body":', b',"hash":"', b'"}'
_FRAME: Final = len(_HEAD) + len(_MIDDLE) + _DIGEST + len(_TAIL)
_END: Final = b'{"end":'


class Confidence(StrEnum):
    """How well a source stands behind what was recorded."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    INFERRED = "inferred"


def _text_or_none(value: str | None) -> str | None:
    return None if value is None else clean_text(value, "a text of a source or document", longest=4_000)


def _name(value: str) -> str:
    return clean_text(value, "the name of a document", longest=400)


def _confidence(value: Confidence | str | None) -> Confidence | None:
    return None if value is None else member(Confidence, value, "confidence")


def _size(value: int) -> int:
    return whole(value, "the size of a document")


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == _DIGEST and _HEXADECIMAL.issuperset(value)


def _digest(value: str) -> str:
    if not _is_digest(value):
        msg = "sha256 has to be 64 hexadecimal digits in lower case: hashlib.sha256(data).hexdigest()"
        raise EventError(msg)
    return value


@frozen
class Source:
    """Where what was recorded is stated.

    Attributes:
        url: An address.
        text: A citation.
        confidence: Official, secondary or inferred.
    """

    url: str | None = field(default=None, converter=_text_or_none)
    text: str | None = field(default=None, converter=_text_or_none)
    confidence: Confidence | None = field(default=None, converter=_confidence)


@frozen
class Document:
    """A file that stays with you; the record keeps its digest.

    Attributes:
        name: Its name.
        sha256: The SHA-256 of its bytes, as 64 hexadecimal digits.
        size: How many bytes it has.
        media_type: Such as ``"application/pdf"``.
    """

    name: str = field(converter=_name)
    sha256: str = field(converter=_digest)
    size: int = field(converter=_size)
    media_type: str | None = field(default=None, converter=_text_or_none)


@frozen
class Note:
    """What is kept with an entry besides the law: who recorded it, where it is stated, in whose words.

    Attributes:
        recorded_by: The person or system at the keyboard: an id of your choosing, rather than a name.
        source: Where it is stated; a text is taken as an address or a citation.
        remark: Your own words.
        documents: Digests of files.
    """

    recorded_by: str | None = None
    source: Source | None = None
    remark: str | None = None
    documents: tuple[Document, ...] = ()

    @classmethod
    def of(
        cls,
        recorded_by: str | None = None,
        source: Source | str | None = None,
        remark: str | None = None,
        documents: Iterable[Document] = (),
    ) -> Note:
        """Return the note for what a caller gave.

        Raises:
            EventError: One of them is not what it has to be.
        """
        if recorded_by is None and source is None and remark is None and documents == ():
            return NO_NOTE
        if isinstance(source, str):
            source = Source(url=source) if source.startswith(("http://", "https://")) else Source(text=source)
        kept = tuple(documents)
        if not all(isinstance(one, Document) for one in kept) or not isinstance(source, Source | None):
            msg = "source has to be a Source or a text, and documents hold Document values"
            raise EventError(msg)
        return cls(
            None if recorded_by is None else clean_text(recorded_by, "recorded_by", longest=200),
            source,
            None if remark is None else clean_text(remark, "remark"),
            kept,
        )


NO_NOTE: Final = Note()


@frozen
class Filed(Shown):
    """An entry as it is kept.

    Attributes:
        entry: What the law says.
        seq: Its number in the case; the opening is 0.
        prev: Hash of the entry before; None for the opening.
        hash: Its own hash, 64 hexadecimal digits.
        body: The very bytes that were hashed.
        log: Name of the log that it was filed in; None for the record of a bare case.
        recorded: When it was filed, in UTC; None likewise.
        clock: What the clock said, where that was earlier than the entry before.
        note: Who recorded it, source, remark, documents.
    """

    entry: Entry
    seq: int
    prev: str | None
    hash: str
    body: bytes = field(repr=False)
    log: str | None = None
    recorded: datetime | None = None
    clock: datetime | None = None
    note: Note = NO_NOTE

    @property
    def case_id(self) -> str:
        """Id of the case."""
        return self.entry.case_id

    @property
    def recorded_by(self) -> str | None:
        """Who sat at the keyboard."""
        return self.note.recorded_by

    @property
    def source(self) -> Source | None:
        """Where it is stated."""
        return self.note.source

    @property
    def remark(self) -> str | None:
        """The user's own words."""
        return self.note.remark

    @property
    def documents(self) -> tuple[Document, ...]:
        """Digests of files."""
        return self.note.documents

    def __repr__(self) -> str:
        """Return one line without personal data."""
        return f"<Filed {self.case_id} {self.seq}: {self.hash[:12]}…, {self.entry.event}>"[:120]


@frozen
class Verified(Shown):
    """What a check of a record found to hold.

    Attributes:
        entries: How many entries hold.
        cases: How many cases.
        window: How many of the entries no checkpoint outside of the record covers: they are only as safe as the file.
        heads: Hash of the last entry of each case, by its id.
    """

    entries: int
    cases: int
    window: int
    heads: dict[str, str] = field(hash=False, repr=False)

    def __str__(self) -> str:
        """Return what holds in a line."""
        return (
            f"{self.entries} entries of {self.cases} cases hold together; {self.window} of them are covered by no "
            "checkpoint kept elsewhere"
        )


# ---- filing ----------------------------------------------------------------------------------------------------------
def utc(moment: datetime) -> datetime:
    """Return a moment in UTC as it is, or refuse it.

    Raises:
        EventError: The moment has no time zone, or another than UTC.
    """
    if moment.tzinfo is not UTC:
        msg = f"the clock of a store has to give a moment in UTC: datetime.now(UTC); found {moment!r}"
        raise EventError(msg)
    return moment


def file(  # noqa: PLR0913 - the parts of what is kept
    entry: Entry,
    *,
    seq: int,
    prev: str | None,
    log: str | None = None,
    recorded: datetime | None = None,
    clock: datetime | None = None,
    note: Note = NO_NOTE,
) -> Filed:
    """Return an entry as it is kept: canonical bytes, link to the one before, hash. Only stores call this.

    Args:
        entry: The entry.
        seq: Its number in the case; the opening is 0.
        prev: Hash of the entry before; None for the opening.
        log: Name of the log.
        recorded: When it is filed, in UTC.
        clock: What the clock said, where ``recorded`` was moved so that it is never earlier than the one before.
        note: Who recorded it, source, remark, documents.

    Raises:
        EventError: The entry is too long, or of an event that no record can hold.
    """
    body = body_of(entry, seq, prev, log)
    if recorded is not None:
        body["recorded"] = utc(recorded)
        if clock is not None:
            body["clock"] = utc(clock)
    if note is not NO_NOTE:
        _add_note(body, note)
    data = encode_body(body)
    if len(data) > LONGEST - _FRAME:
        msg = f"an entry may take {LONGEST - _FRAME} bytes; this takes {len(data)}: keep the documents and cite them"
        raise EventError(msg)
    return Filed(entry, seq, prev, sha256(PREFIX + data).hexdigest(), data, log, recorded, clock, note)


def _add_note(body: dict[str, Any], note: Note) -> None:
    if note.recorded_by is not None:
        body["recorded_by"] = note.recorded_by
    if note.remark is not None:
        body["remark"] = note.remark
    if note.source is not None:
        body["source"] = _stated(note.source)
    if note.documents:
        body["documents"] = [_stated(one) for one in note.documents]


def _stated(value: Source | Document) -> dict[str, Any]:
    return {name: one for name, one in asdict(value).items() if one is not None}


def _note_of(body: Body, where: str) -> Note:
    if body.recorded_by is UNSET and body.source is UNSET and body.remark is UNSET and body.documents is UNSET:
        return NO_NOTE
    try:
        source = None
        if body.source:
            source = Source(body.source.url or None, body.source.text or None, body.source.confidence or None)
        documents = [
            Document(one.name, one.sha256, one.size, one.media_type or None) for one in body.documents or ()
        ]
        return Note(body.recorded_by or None, source, body.remark or None, tuple(documents))
    except EventError as error:
        msg = f"{where} holds what no note can hold: {safe(error)}"
        raise RecordDamaged(msg) from None


# ---- checking --------------------------------------------------------------------------------------------------------
def _moment(moment: datetime | UnsetType, where: str) -> datetime | None:
    if moment is UNSET:
        return None
    if moment.tzinfo is not UTC:
        msg = f"{where} was recorded at a moment that is not in UTC"
        raise RecordDamaged(msg)
    return moment


class _Chain:
    """One case as its entries are checked, one after the other."""

    __slots__ = ("case", "head", "log", "recorded", "seq")

    def __init__(self) -> None:
        self.case: Case | None = None
        self.seq = -1
        self.head: str | None = None
        self.log: str | None = None
        self.recorded: datetime | None = None

    def take(self, data: bytes, stated: str, where: str) -> Filed:
        """Return the entry that bytes hold, if it follows; the case moves on."""
        body = read_body(data, where)
        seq = self.seq + 1
        if body.seq != seq:
            msg = f"{where} has the number {body.seq} in case {safe(body.case)}, where number {seq} has to follow"
            raise RecordDamaged(msg)
        found = sha256(PREFIX + data).hexdigest()
        if found != stated:
            msg = f"{where} (case {safe(body.case)}, number {seq}) does not have the hash that stands beside it: it was altered"
            raise RecordDamaged(msg)
        prev = None if body.prev is UNSET else body.prev
        if prev != self.head:
            msg = f"{where} (case {safe(body.case)}, number {seq}) does not link to the entry before it"
            raise RecordDamaged(msg)
        log = None if body.log is UNSET else body.log
        recorded = _moment(body.recorded, where)
        clock = _moment(body.clock, where)
        entry = entry_from_body(body, where)
        case = self.case
        if case is None:
            self.log = log
            self.case = replay([entry])
        else:
            if log != self.log or (recorded is None) is not (self.recorded is None):
                msg = f"{where} (case {case.id}, number {seq}) was filed in another log than the entry before it"
                raise RecordDamaged(msg)
            if recorded is not None and self.recorded is not None and recorded < self.recorded:
                msg = f"{where} (case {case.id}, number {seq}) was recorded before the entry before it"
                raise RecordDamaged(msg)
            try:
                self.case = evolve(case, entry)
            except RecordDamaged as error:
                msg = f"{where} (case {case.id}, number {seq}) does not follow: {error}"
                raise RecordDamaged(msg) from None
        self.seq, self.head, self.recorded = seq, found, recorded
        return Filed(entry, seq, prev, found, data, log, recorded, clock, _note_of(body, where))


def verify(record: bytes | Iterable[Filed]) -> Verified:
    """Check a record and return what holds: bytes, canonical form, hashes, links, numbers, and that each case folds.

    Args:
        record: What :func:`dumps` gave, one record or several behind one another; or filed entries, of one case or of
            many in any order that keeps each case's own.

    Raises:
        RecordTooNew: A later version of this library wrote it.
        RecordDamaged: It was altered, cut or put together; the message names the first broken place.
        RecordError: The bytes are no record at all.
    """
    if isinstance(record, bytes | bytearray | memoryview):
        return _summary(chain for _, chain in _records(bytes(record)))
    chains: dict[str, _Chain] = {}
    for number, filed in enumerate(record, 1):
        where = f"entry {number}"
        chain = chains.setdefault(filed.entry.case_id, _Chain())
        check_text(filed.body, where)
        found = chain.take(filed.body, filed.hash, where)
        if found != filed:
            msg = f"{where} (case {filed.case_id}, number {filed.seq}) is shown otherwise than its bytes say"
            raise RecordDamaged(msg)
    return _summary(chains.values())


def _summary(chains: Iterable[_Chain]) -> Verified:
    entries = 0
    heads: dict[str, str] = {}
    one_id: set[str] = set()
    for chain in chains:
        case, head = chain.case, chain.head
        if case is None or head is None or case.id.casefold() in one_id:
            msg = f"case {case.id if case else ''} stands twice: ids that differ in letter case alone are one"
            raise RecordDamaged(msg)
        one_id.add(case.id.casefold())
        entries += chain.seq + 1
        heads[case.id] = head
    return Verified(entries, len(heads), entries, heads)


# ---- a record as bytes -----------------------------------------------------------------------------------------------
def dumps(record: Case | Iterable[Filed]) -> bytes:
    """Return the record of one case as bytes: JSON lines, ended by a line that says how many and where it ends.

    Args:
        record: A case, whose entries are written without a time of recording; or the filed entries of one case, such
            as a docket's ``history(case)``, which are written as they were filed.

    Raises:
        EventError: No entries, or entries of several cases: write each by itself.

    Example:
        >>> dumps(Case.start("SLP-2024-01")).count(b"\\n")
        2
    """
    filed = tuple(filed_of(record) if isinstance(record, Case) else record)
    if not filed or len({one.case_id for one in filed}) > 1:
        msg = f"dumps writes the record of one case; found entries of {len({one.case_id for one in filed})}: write each by itself"
        raise EventError(msg)
    end = {"end": {"case": filed[0].case_id, "entries": len(filed), "head": filed[-1].hash, "v": 1}}
    lines = [_HEAD + one.body + _MIDDLE + one.hash.encode() + _TAIL for one in filed]
    return b"\n".join((*lines, canonical(end), b""))


def filed_of(case: Case) -> Iterator[Filed]:
    """Yield the entries of a case as a record without a docket would keep them."""
    prev = None
    for seq, entry in enumerate(case.path):
        filed = file(entry, seq=seq, prev=prev)
        prev = filed.hash
        yield filed


def loads(data: bytes) -> Case:
    """Return the case that a record holds, once all of it has been verified.

    Raises:
        RecordTooNew: A later version of this library wrote it.
        RecordDamaged: It was altered, cut or put together; the message names the first broken place.
        RecordError: The bytes are no record at all, or hold several.

    Example:
        >>> loads(dumps(Case.start("SLP-2024-01"))).id
        'SLP-2024-01'
    """
    return _only(data)[1]


def loads_filed(data: bytes) -> tuple[Filed, ...]:
    """Return the filed entries of a record of one case, once all of it has been verified.

    Raises:
        RecordError: As :func:`loads`.
    """
    return _only(data)[0]


def _only(data: bytes) -> tuple[tuple[Filed, ...], Case]:
    if not isinstance(data, bytes | bytearray | memoryview):
        msg = f"a record is bytes, as a file opened with 'rb' gives them; found {type(data).__name__}"
        raise RecordError(msg)
    records = list(_records(bytes(data)))
    if len(records) != 1 or records[0][1].case is None:
        msg = f"found the records of {len(records)} cases; one is read at a time"
        raise RecordError(msg)
    return records[0][0], records[0][1].case


def _records(data: bytes) -> Iterator[tuple[tuple[Filed, ...], _Chain]]:
    if not data.startswith(_HEAD):
        msg = 'this is no record: its first line has to begin with {"body":'
        raise RecordError(msg)
    lines = data.split(b"\n")
    if lines.pop():
        msg = f"the record was cut: line {len(lines) + 1} does not end"
        raise RecordDamaged(msg)
    filed: list[Filed] = []
    chain = _Chain()
    for number, line in enumerate(lines, 1):
        where = f"line {number}"
        check_text(line, where)
        if line.startswith(_END):
            _check_end(line, chain, where)
            yield tuple(filed), chain
            filed, chain = [], _Chain()
            continue
        body, hash_ = _parts(line, where)
        filed.append(chain.take(body, hash_, where))
    if filed:
        msg = f"the record of case {filed[0].case_id} was cut: the line that ends it is missing behind line {len(lines)}"
        raise RecordDamaged(msg)


def _parts(line: bytes, where: str) -> tuple[bytes, str]:
    at = len(line) - len(_TAIL) - _DIGEST
    hash_ = line[at : at + _DIGEST].decode("ascii", "replace")
    framed = line.startswith(_HEAD) and line.endswith(_TAIL) and line[at - len(_MIDDLE) : at] == _MIDDLE
    if not framed or not _is_digest(hash_):
        msg = f"{where} is no line of a record: it was altered, or put in from elsewhere"
        raise RecordDamaged(msg)
    return line[len(_HEAD) : at - len(_MIDDLE)], hash_


def _check_end(line: bytes, chain: _Chain, where: str) -> None:
    end: Any = read_line(line, where)
    case = chain.case
    stated = {"case": case.id if case else None, "entries": chain.seq + 1, "head": chain.head, "v": 1}
    if case is None or end != {"end": stated}:
        msg = f"{where} ends a record of {chain.seq + 1} entries otherwise than they do: some were cut off, or altered"
        raise RecordDamaged(msg)
