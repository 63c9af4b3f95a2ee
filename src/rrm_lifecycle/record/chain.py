"""The chain: filed entries, each linked to the one before by its hash; how a record is written and how a stranger checks it.

A record in a file is JSON lines: ``{"body":…,"hash":"…"}`` for each entry, where the bytes of ``body`` are the very
bytes that were hashed, and a last line ``{"end":{"case":"…","entries":n,"head":"…","v":1}}``, so that a file which was cut
is noticed.

A hash chain alone does not stop anyone who can write the file: whoever can rewrite all of it can hash all of it anew. It
shows each change that is less than that, and it shows all of them to whoever keeps the hash of the last entry elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from attrs import field, frozen
from msgspec import UNSET, UnsetType

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError
from rrm_lifecycle.record.bodies import Body, read_body
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import (
    DIGEST,
    PREFIX,
    Confidence,
    Document,
    Filed,
    Note,
    Source,
    file,
    note_of,
)
from rrm_lifecycle.record.reader import check_text, read_line, safe
from rrm_lifecycle.record.readers import entry_from_body
from rrm_lifecycle.show import Shown

__all__ = [
    "Confidence",
    "Document",
    "Filed",
    "Note",
    "Source",
    "Verified",
    "dumps",
    "filed_of",
    "loads",
    "loads_filed",
    "verify",
]

_HEAD, _MIDDLE, _TAIL = b'{"body":', b',"hash":"', b'"}'
_BEHIND: Final = len(_MIDDLE) + DIGEST + len(_TAIL)
_END: Final = b'{"end":'


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
        cases = "1 case" if self.cases == 1 else f"{self.cases} cases"
        return (
            f"{self.entries} entries of {cases} hold together; {self.window} of them are covered by no "
            "checkpoint kept elsewhere"
        )


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

    __slots__ = ("body", "case", "data", "entry", "head", "log", "prev", "recorded", "seq")

    case: Case
    body: Body
    entry: Entry
    data: bytes
    head: str

    def __init__(self) -> None:
        self.seq = -1
        self.prev: str | None = None
        self.log: str | None = None
        self.recorded: datetime | None = None

    def take(self, data: bytes, stated: str, where: str) -> None:
        """Check the next entry; the case moves on.

        Args:
            data: The bytes of its body.
            stated: The hash that stands beside them.
            where: What to call it in a message.
        """
        body = read_body(data, where)
        seq = self.seq + 1
        if body.seq != seq:
            msg = f"{where} has the number {body.seq} in case {safe(body.case)}, where number {seq} has to follow"
            raise RecordDamaged(msg)
        found = sha256(PREFIX + data).hexdigest()
        if found != stated:
            raise _broken(body, where, "does not have the hash that stands beside it: it was altered")
        prev = None if body.prev is UNSET else body.prev
        if prev != (self.head if seq else None):
            raise _broken(body, where, "does not link to the entry before it")
        log = None if body.log is UNSET else body.log
        recorded = _moment(body.recorded, where)
        entry = entry_from_body(body, where)
        if seq:
            if log != self.log or (recorded is None) is not (self.recorded is None):
                raise _broken(body, where, "was filed in another log than the entry before it")
            if recorded is not None and self.recorded is not None and recorded < self.recorded:
                raise _broken(body, where, "was recorded before the entry before it")
            try:
                self.case = evolve(self.case, entry)
            except RecordDamaged as error:
                raise _broken(body, where, f"does not follow: {error}") from None
        else:
            self.case, self.log = replay([entry]), log
        self.seq, self.prev, self.head, self.recorded = seq, prev, found, recorded
        self.body, self.entry, self.data = body, entry, data

    def last(self, where: str) -> Filed:
        """Return the entry that was taken last, as it is kept."""
        body = self.body
        clock = _moment(body.clock, where)
        note = note_of(body, where)
        return Filed(self.entry, self.seq, self.prev, self.head, self.data, self.log, self.recorded, clock, note)


def _broken(body: Body, where: str, what: str) -> RecordDamaged:
    return RecordDamaged(f"{where} (case {safe(body.case)}, number {body.seq}) {what}")


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
        return _summary(chain for _, chain in _records(bytes(record), keep=False))
    chains: dict[str, _Chain] = {}
    for number, filed in enumerate(record, 1):
        where = f"entry {number}"
        chain = chains.setdefault(filed.entry.case_id, _Chain())
        check_text(filed.body, where)
        chain.take(filed.body, filed.hash, where)
        if chain.last(where) != filed:
            raise _broken(chain.body, where, "is shown otherwise than its bytes say")
    return _summary(chains.values())


def _summary(chains: Iterable[_Chain]) -> Verified:
    entries = 0
    heads: dict[str, str] = {}
    one_id: set[str] = set()
    for chain in chains:
        case = chain.case
        if case.id.casefold() in one_id:
            msg = f"case {case.id} stands twice: ids that differ in letter case alone are one"
            raise RecordDamaged(msg)
        one_id.add(case.id.casefold())
        entries += chain.seq + 1
        heads[case.id] = chain.head
    return Verified(entries, len(heads), entries, heads)


# ---- a record as bytes -----------------------------------------------------------------------------------------------
def dumps(record: Case | Iterable[Filed]) -> bytes:
    r"""Return the record of one case as bytes: JSON lines, ended by a line that says how many and where it ends.

    Args:
        record: A case, whose entries are written without a time of recording; or the filed entries of one case, such
            as a docket's ``history(case)``, which are written as they were filed.

    Raises:
        EventError: No entries, or entries of several cases: write each by itself.

    Example:
        >>> dumps(Case.start("SLP-2024-01")).count(b"\n")
        2
    """
    filed = tuple(filed_of(record) if isinstance(record, Case) else record)
    if not filed or len({one.case_id for one in filed}) > 1:
        several = len({one.case_id for one in filed})
        msg = f"dumps writes the record of one case; found entries of {several}: write each by itself"
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
    return _only(data, keep=False)[1].case


def loads_filed(data: bytes) -> tuple[Filed, ...]:
    """Return the filed entries of a record of one case, once all of it has been verified.

    Raises:
        RecordError: As :func:`loads`.
    """
    return _only(data, keep=True)[0]


def _only(data: bytes, *, keep: bool) -> tuple[tuple[Filed, ...], _Chain]:
    if not isinstance(data, bytes | bytearray | memoryview):
        msg = f"a record is bytes, as a file opened with 'rb' gives them; found {type(data).__name__}"
        raise RecordError(msg)
    records = list(_records(bytes(data), keep=keep))
    if len(records) != 1:
        msg = f"found the records of {len(records)} cases; one is read at a time"
        raise RecordError(msg)
    return records[0]


def _records(data: bytes, *, keep: bool) -> Iterator[tuple[tuple[Filed, ...], _Chain]]:
    """Yield each record that bytes hold: its entries as they are kept, if they are asked for, and its chain."""
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
        at = len(line) - _BEHIND
        if not (line.startswith(_HEAD) and line.endswith(_TAIL) and line[at : at + len(_MIDDLE)] == _MIDDLE):
            msg = f"{where} is no line of a record: it was altered, or put in from elsewhere"
            raise RecordDamaged(msg)
        chain.take(line[len(_HEAD) : at], line[-DIGEST - len(_TAIL) : -len(_TAIL)].decode("ascii", "replace"), where)
        if keep:
            filed.append(chain.last(where))
        else:
            note_of(chain.body, where)
    if chain.seq >= 0:
        msg = f"the record of case {chain.case.id} was cut: the line that ends it is missing behind line {len(lines)}"
        raise RecordDamaged(msg)


def _check_end(line: bytes, chain: _Chain, where: str) -> None:
    end: Any = read_line(line, where)
    if chain.seq < 0:
        msg = f"{where} ends a record that has no entries"
        raise RecordDamaged(msg)
    stated = {"case": chain.case.id, "entries": chain.seq + 1, "head": chain.head, "v": 1}
    if end != {"end": stated}:
        msg = f"{where} ends a record of {chain.seq + 1} entries otherwise than they do: some were cut off, or altered"
        raise RecordDamaged(msg)
