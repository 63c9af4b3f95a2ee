"""The chain: filed entries, each linked to the one before by its hash; how a record is written and how a stranger checks it.

A record in a file is JSON lines: ``{"body":…,"hash":"…"}`` for each entry, where the bytes of ``body`` are the very
bytes that were hashed, and a last line ``{"end":{"case":"…","entries":n,"head":"…","v":1}}``, so that a file which was cut
is noticed.

A hash chain alone does not stop anyone who can write the file: whoever can rewrite all of it can hash all of it anew. It
shows each change that is less than that, and it shows all of them to whoever keeps the hash of the last entry elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from attrs import frozen

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError
from rrm_lifecycle.record.filed import DIGEST, FRAME, Confidence, Document, Filed, Note, Secret, Source, file, note_of
from rrm_lifecycle.record.links import Chain, Verified, check_filed, filed_from, summary
from rrm_lifecycle.record.reader import LONGEST, check_text, read_line
from rrm_lifecycle.sealing import commitment

__all__ = [
    "Confidence",
    "Document",
    "Filed",
    "Note",
    "Source",
    "Verified",
    "dumps",
    "filed_from",
    "filed_of",
    "loads",
    "loads_filed",
    "records_in",
    "verify",
]

_HEAD, _MIDDLE, _TAIL = b'{"body":', b',"hash":"', b'"}'
_BEFORE: Final = len(_HEAD)
_BEHIND: Final = len(_MIDDLE) + DIGEST + len(_TAIL)
_BODY: Final = slice(_BEFORE, -_BEHIND)
_BETWEEN: Final = slice(-_BEHIND, -DIGEST - len(_TAIL))
_HASH: Final = slice(-DIGEST - len(_TAIL), -len(_TAIL))
"""Where a line of a record has what."""
_END: Final = b'{"end":'
_SECRET: Final = b'{"sealed":'


# ---- checking --------------------------------------------------------------------------------------------------------
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
        return summary(one.chain for one in records_in(io.BytesIO(record), keep=False))
    chains: dict[str, Chain] = {}
    for number, filed in enumerate(record, 1):
        check_filed(chains.setdefault(filed.entry.case_id, Chain()), filed, f"entry {number}")
    return summary(chains.values())


# ---- a record as bytes -----------------------------------------------------------------------------------------------
def dumps(record: Case | Iterable[Filed], secrets: Iterable[tuple[int, Secret]] = ()) -> bytes:
    r"""Return the record of one case as bytes: JSON lines, ended by a line that says how many and where it ends.

    Args:
        record: A case, whose entries are written without a time of recording; or the filed entries of one case, such
            as a docket's ``history(case)``, which are written as they were filed.
        secrets: Values behind sealed texts that are to be shown in the file, each with the number of its entry.

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
    told = [
        canonical({"sealed": {"place": one.place, "salt": one.salt, "seq": seq, "value": one.value}})
        for seq, one in secrets
    ]
    return b"\n".join((*lines, *told, canonical(end), b""))


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
    case = _only(data, keep=False).chain.case
    if case is None:
        msg = "this is the record of attempts that were refused, not of a case"
        raise RecordError(msg)
    return case


def loads_filed(data: bytes) -> tuple[Filed, ...]:
    """Return the filed entries of a record of one case, once all of it has been verified.

    Raises:
        RecordError: As :func:`loads`.
    """
    return _only(data, keep=True).filed


def _only(data: bytes, *, keep: bool) -> Record:
    if not isinstance(data, bytes | bytearray | memoryview):
        msg = f"a record is bytes, as a file opened with 'rb' gives them; found {type(data).__name__}"
        raise RecordError(msg)
    records = list(records_in(io.BytesIO(data), keep=keep))
    if len(records) != 1:
        msg = f"found the records of {len(records)} cases; one is read at a time"
        raise RecordError(msg)
    return records[0]


@frozen
class Record:
    """The record of one case as it was read, verified to its last line.

    Attributes:
        filed: Its entries as they are kept, if they were asked for.
        chain: Its chain: the case, the head.
        secrets: The values behind sealed texts that the file shows, each with the number of its entry.
    """

    filed: tuple[Filed, ...]
    chain: Chain
    secrets: tuple[tuple[int, Secret], ...]


def records_in(file: BinaryIO, *, keep: bool = True) -> Iterator[Record]:
    """Yield each record that a file holds, once it has been verified to its last line; one is held at a time.

    Args:
        file: A file opened with ``"rb"``.
        keep: Whether the entries as they are kept are asked for, or the case alone.

    Raises:
        RecordTooNew: A later version of this library wrote it.
        RecordDamaged: It was altered, cut or put together; the message names the first broken line.
        RecordError: It is no record at all.
    """
    filed: list[Filed] = []
    secrets: list[tuple[int, Secret]] = []
    chain = Chain()
    number = 0
    for number, line in enumerate(_lines(file), 1):
        where = f"line {number}"
        check_text(line, where)
        if line.startswith(_HEAD):
            if line[_BETWEEN] != _MIDDLE or not line.endswith(_TAIL):
                raise _no_line(where)
            chain.take(line[_BODY], line[_HASH].decode("ascii", "replace"), where)
            if keep:
                filed.append(chain.last(where))
            else:
                note_of(chain.body, where)
        elif line.startswith(_END):
            _check_end(line, chain, where)
            yield Record(tuple(filed), chain, tuple(secrets))
            filed, secrets, chain = [], [], Chain()
        elif line.startswith(_SECRET):
            secrets.append(_secret(line, chain, where))
        else:
            raise _no_line(where)
    if chain.seq >= 0:
        msg = f"the record of case {chain.case_id} was cut: the line that ends it is missing behind line {number}"
        raise RecordDamaged(msg)


def _no_line(where: str) -> RecordDamaged:
    return RecordDamaged(f"{where} is no line of a record: it was altered, or put in from elsewhere")


_MOST: Final = LONGEST + FRAME


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file without their line feeds; never more than a line is held."""
    number = 0
    while line := file.readline(_MOST):
        number += 1
        if number == 1 and not line.startswith(_HEAD):
            msg = 'this is no record: its first line has to begin with {"body":'
            raise RecordError(msg)
        if line[-1:] != b"\n":
            if len(line) >= _MOST:
                msg = f"line {number} has more than {LONGEST} bytes; at most {LONGEST} are read"
                raise RecordError(msg)
            msg = f"the record was cut: line {number} does not end"
            raise RecordDamaged(msg)
        yield line[:-1]
    if number == 0:
        msg = "this is no record: it is empty"
        raise RecordError(msg)


def _secret(line: bytes, chain: Chain, where: str) -> tuple[int, Secret]:
    """Return the value behind a sealed text, once it is seen to be the one that the record commits to."""
    told: Any = read_line(line, where)
    stated = told.get("sealed") if len(told) == 1 else None
    if not isinstance(stated, dict) or sorted(stated) != ["place", "salt", "seq", "value"]:
        msg = f"{where} shows no value behind a sealed text: it was altered"
        raise RecordDamaged(msg)
    seq, place, salt, value = stated["seq"], stated["place"], stated["salt"], stated["value"]
    held = (chain.sealed or {}).get((seq, place)) if type(seq) is int and type(place) is str else None
    if held is None or type(salt) is not str or type(value) is not str or commitment(salt, value) != held:
        msg = f"{where} shows another value than the one that the record commits to"
        raise RecordDamaged(msg)
    return seq, Secret(place, salt, value)


def _check_end(line: bytes, chain: Chain, where: str) -> None:
    end: Any = read_line(line, where)
    if chain.seq < 0:
        msg = f"{where} ends a record that has no entries"
        raise RecordDamaged(msg)
    stated = {"case": chain.case_id, "entries": chain.seq + 1, "head": chain.head, "v": 1}
    if end != {"end": stated}:
        msg = f"{where} ends a record of {chain.seq + 1} entries otherwise than they do: some were cut off, or altered"
        raise RecordDamaged(msg)
