r"""An entry as it is kept: canonical bytes, the link to the one before, its hash, and what its recorder added.

The hash of an entry is ``SHA-256("rrm-lifecycle/entry/v1\n" || body)``, and the hash of the entry before lies inside the
body.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from attrs import asdict, field, frozen
from msgspec import UNSET, UnsetType

from rrm_lifecycle.canonical import clean_text, whole
from rrm_lifecycle.case.claim import member
from rrm_lifecycle.case.making import swift
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.record.bodies import body_of, encode_body, seals_of
from rrm_lifecycle.record.entry import EntryKind
from rrm_lifecycle.record.kept import Kept, said_of
from rrm_lifecycle.record.reader import LONGEST, safe
from rrm_lifecycle.record.shapes import Body
from rrm_lifecycle.sealing import SEALED, Sealed
from rrm_lifecycle.show import Shown, WebType

PREFIX: Final = b"rrm-lifecycle/entry/v1\n"
"""Stands before the body under the hash, so that no other bytes have the hash of an entry."""
FRAME: Final = 128
"""Bytes that the line of a file may take beside the body."""
DIGEST: Final = 64
"""Hexadecimal digits of a hash."""
_MARK: Final = SEALED.encode()
_HEXADECIMAL: Final = frozenset("0123456789abcdef")


class Confidence(StrEnum):
    """How well a source stands behind what was recorded."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    INFERRED = "inferred"


def _text_or_none(value: str | None) -> str | None:
    what = "a text of a source or document"
    return None if value is None else clean_text(value, what, longest=4_000, may_be_sealed=True)


def _name(value: str) -> str:
    return clean_text(value, "the name of a document", longest=400, may_be_sealed=True)


def _confidence(value: Confidence | str | None) -> Confidence | None:
    return None if value is None else member(Confidence, value, "confidence")


def _size(value: int) -> int:
    return whole(value, "the size of a document")


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == DIGEST and _HEXADECIMAL.issuperset(value)


def _digest(value: str) -> str:
    if not _is_digest(value):
        msg = "sha256 has to be 64 hexadecimal digits in lower case: hashlib.sha256(data).hexdigest()"
        raise EventError(msg)
    return value


@frozen
class Source(WebType):
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
class Document(WebType):
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
class Note(WebType):
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
        if isinstance(source, Sealed):
            source = Source(text=source)
        elif isinstance(source, str):
            source = Source(url=source) if source.startswith(("http://", "https://")) else Source(text=source)
        kept = tuple(documents)
        if not all(isinstance(one, Document) for one in kept) or not isinstance(source, Source | None):
            msg = "source has to be a Source or a text, and documents hold Document values"
            raise EventError(msg)
        return cls(
            None if recorded_by is None else clean_text(recorded_by, "recorded_by", longest=200, may_be_sealed=True),
            source,
            None if remark is None else clean_text(remark, "remark", may_be_sealed=True),
            kept,
        )


NO_NOTE: Final = Note()


@frozen
class Secret:
    """The value behind a sealed text, kept beside the record, where it can be erased.

    Attributes:
        place: Where in the body the commitment stands, such as ``remark`` or ``data.basis``.
        salt: Its salt.
        value: The text.
    """

    place: str
    salt: str
    value: str = field(repr=False)


@frozen
class Filed(Shown):
    """An entry as it is kept.

    Attributes:
        entry: What the law says of an act; of another kind, what the record keeps: a remark, a correction, an erasure, an
            attempt.
        seq: Its number in the record of the case; the opening is 0.
        prev: Hash of the entry before; None for the opening.
        hash: Its own hash, 64 hexadecimal digits.
        body: The very bytes that were hashed.
        log: Name of the log that it was filed in; None for the record of a bare case.
        recorded: When it was filed, in UTC; None likewise.
        clock: What the clock said, where that was earlier than the entry before.
        note: Who recorded it, source, remark, documents.
        secrets: The values behind its sealed texts, where they are at hand: in the moment of filing.
    """

    entry: Kept
    seq: int
    prev: str | None
    hash: str
    body: bytes = field(repr=False)
    log: str | None = None
    recorded: datetime | None = None
    clock: datetime | None = None
    note: Note = NO_NOTE
    secrets: tuple[Secret, ...] = field(default=(), repr=False, eq=False)

    @property
    def kind(self) -> EntryKind:
        """What kind of entry it is."""
        return self.entry.kind

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
        return f"<Filed {self.case_id} {self.seq}: {self.hash[:12]}…, {said_of(self.entry)}>"[:120]


new_filed: Final = swift(Filed)
"""Makes an entry as it is kept: one for each act that is recorded."""


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
    entry: Kept,
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
        entry: The entry, or whatever else is kept.
        seq: Its number in the record of the case; the opening is 0.
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
    secrets: tuple[Secret, ...] = ()
    if data.find(_MARK) >= 0:
        seals = dict(seals_of(body))
        if seals:
            body["sealed"] = {place: one.commitment for place, one in seals.items()}
            data = encode_body(body)
            secrets = _secrets(seals)
    if len(data) > LONGEST - FRAME:
        msg = f"an entry may take {LONGEST - FRAME} bytes; this takes {len(data)}: keep the documents and cite them"
        raise EventError(msg)
    return new_filed(entry, seq, prev, sha256(PREFIX + data).hexdigest(), data, log, recorded, clock, note, secrets)


def _secrets(seals: dict[str, Sealed]) -> tuple[Secret, ...]:
    """Return the values at hand, one for each commitment: erased in one place, a value is gone."""
    found: dict[str, Secret] = {}
    for place, one in seals.items():
        if one.salt is not None and one.value is not None:
            found.setdefault(one.commitment, Secret(place, one.salt, one.value))
    return tuple(found.values())


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


def note_of(body: Body, where: str) -> Note:
    """Return the note that a body holds.

    Raises:
        RecordDamaged: It holds what no note can hold.
    """
    if body.recorded_by is UNSET and body.source is UNSET and body.remark is UNSET and body.documents is UNSET:
        return NO_NOTE
    seals = body.sealed or {}

    def text(value: str | UnsetType, place: str) -> str | None:
        held = seals.get(place)
        if held is None or value != SEALED:
            return value or None
        return Sealed(held)

    try:
        source = None
        if body.source:
            kept = body.source
            source = Source(text(kept.url, "source.url"), text(kept.text, "source.text"), kept.confidence or None)
        documents = [
            Document(text(one.name, f"documents.{n}.name") or "", one.sha256, one.size, one.media_type or None)
            for n, one in enumerate(body.documents or ())
        ]
        remark = None if body.kind == EntryKind.REMARK else text(body.remark, "remark")
        return Note(text(body.recorded_by, "recorded_by"), source, remark, tuple(documents))
    except EventError as error:
        msg = f"{where} holds what no note can hold: {safe(error)}"
        raise RecordDamaged(msg) from None
