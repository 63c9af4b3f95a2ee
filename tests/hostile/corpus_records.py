"""Hostile records: forged, cut, put together, of later versions. Their hashes fit, so that the reader has to see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Any, Final

from rrm_lifecycle import events as did
from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.record.chain import dumps, filed_of
from rrm_lifecycle.record.filed import PREFIX
from rrm_lifecycle.record.reader import LONGEST
from tests.hostile.corpus import IDS, Item, bad_tokens

PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True)
CASE: Final = play(
    Case.start("SLP-2024-01"),
    did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis="dismissals"),
    did.ReviewAccepted(date(2024, 4, 10)),
    did.DenialReported(date(2024, 5, 2)),
)
RECORD: Final = dumps(CASE)
BODIES: Final = tuple(one.body for one in filed_of(CASE))
_PREV: Final = re.compile(rb'"prev":"[^"]*"')


def chained(bodies: Iterable[bytes], case_id: str = CASE.id) -> bytes:
    """Return a record of bodies with every link and hash made to fit: what a forger who can rewrite all would write."""
    prev, told = "", []
    for number, one in enumerate(bodies):
        body = _PREV.sub(b'"prev":"' + prev.encode() + b'"', one, count=1) if number else one
        prev = sha256(PREFIX + body).hexdigest()
        told.append(b'{"body":' + body + b',"hash":"' + prev.encode() + b'"}\n')
    end = {"end": {"case": case_id, "entries": len(told), "head": prev, "v": 1}}
    return b"".join((*told, canonical(end), b"\n"))


def forged(old: bytes, new: bytes, number: int = 1) -> bytes:
    """Return the record of the case with one body changed, and all hashes made to fit."""
    bodies = list(BODIES)
    if old not in bodies[number]:
        msg = f"{old!r} is not in body {number}"
        raise ValueError(msg)
    bodies[number] = bodies[number].replace(old, new, 1)
    return chained(bodies)


def with_key(number: int, key: str, value: Any) -> bytes:
    """Return the record of the case with one key of a body set, in canonical form, and all hashes made to fit."""
    bodies = list(BODIES)
    bodies[number] = canonical({**json.loads(bodies[number]), key: value})
    return chained(bodies)


def _twin(case_id: str) -> bytes:
    return dumps(Case.start(case_id))


def records() -> Iterator[Item]:
    """Yield records for ``loads`` and ``verify``: each hash fits, so that the reader itself has to see what is wrong."""
    for one in bad_tokens():
        yield Item(f"text-{one.name}", forged(b'"dismissals"', one.data), f"line 2.*({one.says})|line 2 is no line")
    yield from _texts_of_records()
    yield from _ends()
    yield from _bodies()


def _texts_of_records() -> Iterator[Item]:
    yield Item("empty", b"", "empty")
    yield Item("binary", bytes(range(256)) * 4, "no record: its first line")
    yield Item("sqlite", b"SQLite format 3\x00" + b"\x00" * 100, "no record: its first line")
    yield Item("one-huge-line", b'{"body":' + b"a" * (LONGEST * 4), "line 1 has more than")
    yield Item("no-line-feed", b"[" * (8 * 1024 * 1024), "no record: its first line")
    yield Item("mark-utf-8", b"\xef\xbb\xbf" + RECORD, "no record: its first line")
    yield Item("utf-16", RECORD.decode().encode("utf-16"), "no record: its first line")
    yield Item("carriage-returns", RECORD.replace(b"\n", b"\r\n"), "line 1", RecordDamaged)
    yield Item("blank-first-line", b"\n" + RECORD, "no record: its first line")
    yield Item("blank-line", RECORD.replace(b"\n", b"\n\n", 1), "line 2 is no line", RecordDamaged)
    yield Item("blank-last-line", RECORD + b"\n", "line 6 is no line", RecordDamaged)
    yield Item("text-behind", RECORD + b"x", "line 6 does not end", RecordDamaged)
    yield Item("indented", json.dumps(json.loads(BODIES[0]), indent=1).encode(), "no record: its first line")
    yield Item("array", b"[" + RECORD + b"]", "no record: its first line")


def _ends() -> Iterator[Item]:
    told = RECORD.splitlines(keepends=True)
    other = dumps(Case.start("OTHER")).splitlines(keepends=True)
    yield Item("cut-in-a-line", RECORD[: len(told[0]) + 40], "line 2 does not end", RecordDamaged)
    yield Item("cut-one-byte", RECORD[:-1], "line 5 does not end", RecordDamaged)
    yield Item("no-end", b"".join(told[:-1]), "was cut.*line 4", RecordDamaged)
    yield Item("only-end", told[-1], "no record: its first line")
    yield Item("last-entry-gone", b"".join((*told[:-2], told[-1])), "line 4 ends.*cut off, or altered", RecordDamaged)
    yield Item("middle-entry-gone", b"".join((*told[:2], *told[3:])), "line 3 has the number 3", RecordDamaged)
    yield Item(
        "two-lines-swapped", b"".join((told[0], told[2], told[1], *told[3:])), "line 2 has the number", RecordDamaged
    )
    yield Item("line-twice", b"".join((*told[:2], *told[1:])), "line 3 has the number 1", RecordDamaged)
    yield Item("two-ends", RECORD + told[-1], "line 6 ends a record that has no entries", RecordDamaged)
    yield Item("from-another-case", b"".join((other[0], *told[1:])), "line 2.*does not link", RecordDamaged)
    yield Item("end-of-another", b"".join((*told[:-1], other[-1])), "line 5 ends", RecordDamaged)
    for key, value in (
        ("entries", 10**9),
        ("entries", 2**53 - 1),
        ("entries", -1),
        ("v", 2),
        ("head", "0" * 64),
        ("more", 1),
    ):
        end = json.loads(told[-1])["end"] | {key: value}
        yield Item(
            f"end-{key}-{value}", b"".join((*told[:-1], canonical({"end": end}), b"\n")), "line 5", RecordDamaged
        )
    yield Item("end-huge-number", b"".join((*told[:-1], b'{"end":' + b"9" * 5_000 + b"}\n")), "line 5")
    log = chained([BODIES[0].replace(b'"seq"', b'"log":"a","recorded":"2024-04-01T00:00:00Z","seq"'), *BODIES[1:]])
    yield Item("from-another-log", log, "line 2.*another log", RecordDamaged)
    yield Item(
        "hash-altered", RECORD.replace(told[1][-67:-3], b"0" * 64, 1), "line 2.*does not have the hash", RecordDamaged
    )
    yield Item(
        "hash-upper-case", told[0] + told[1][:-67] + told[1][-67:].upper() + b"".join(told[2:]), "line 2", RecordDamaged
    )
    yield Item(
        "text-altered", RECORD.replace(b"dismissals", b"dismissal5"), "line 2.*does not have the hash", RecordDamaged
    )
    yield Item(
        "secret-of-nothing",
        told[0] + b'{"sealed":{"place":"remark","salt":"a","seq":0,"value":"b"}}\n',
        "line 2",
        RecordDamaged,
    )
    yield Item(
        "secret-of-lists", told[0] + b'{"sealed":{"place":[],"salt":[],"seq":{},"value":1}}\n', "line 2", RecordDamaged
    )
    yield Item("secret-with-more", told[0] + b'{"sealed":{"a":1},"z":1}\n', "line 2", RecordDamaged)


def _bodies() -> Iterator[Item]:
    yield Item("newer-version", with_key(1, "v", 2), "line 2 was written in version 2.*upgrade", RecordTooNew)
    yield Item("newest-version", with_key(0, "v", 2**53 - 1), "line 1 was written in version", RecordTooNew)
    newer = canonical({"v": 7, "anything": [1], "else": {"a": None}})
    yield Item("newer-shape", chained([newer]), "line 1 was written in version 7", RecordTooNew)
    for number in (0, -1):
        yield Item(f"version-{number}", with_key(1, "v", number), "line 2 names version", RecordDamaged)
    for value in ("md5", "", "SHA256", "sha256 "):
        yield Item(
            f"algorithm-{value!r}", with_key(1, "alg", value), "line 2 names version 1 and algorithm", RecordDamaged
        )
    for key in ("zzz", "__class__", "$ref", "", "V", "from_"):
        yield Item(f"unknown-key-{key!r}", with_key(1, key, 1), "line 2 is no body", RecordDamaged)
    for name, value in IDS.items():
        if "\ud800" in value:
            continue
        body = canonical({**json.loads(BODIES[0]), "case": value})
        yield Item(f"id-{name}", chained([body], value), "line 1", RecordError)
    yield Item("case-twins", _twin("A-1") + _twin("a-1"), "twice|2 cases", RecordError)
    yield Item("case-changes", with_key(2, "case", "OTHER"), "line 3.*another case", RecordDamaged)
    yield Item("case-twin-inside", with_key(2, "case", CASE.id.lower()), "line 3.*another case", RecordDamaged)
    for number in (10**9, 2**53 - 1, -1, True, 2**60):
        yield Item(f"seq-{number}", with_key(1, "seq", number), "line 2")
    yield Item("act-unknown", with_key(1, "event", "__import__"), "line 2 names the act", RecordDamaged)
    yield Item("stage-unknown", with_key(1, "to", "nirvana"), "line 2 holds the stage", RecordDamaged)
    yield Item("stage-jumps", with_key(2, "from", "closed"), "line 3", RecordDamaged)
    for value in ("2024-13-01", "2024-02-30", "0000-01-01", "20240401", "2024-04-01T00:00:00Z", "\u0662024-04-01"):
        yield Item(f"day-{value}", with_key(1, "effective", value), "line 2", RecordDamaged)
    for value in (
        "2024-04-01T00:00:00",
        "2024-04-01T00:00:00+01:00",
        "2024-04-01T00:00:60Z",
        "2024-04-01T00:00:00.000000Z",
    ):
        yield Item(f"moment-{value}", with_key(0, "recorded", value), "line 1", RecordDamaged)
    size = [{"name": "a", "sha256": "0" * 64, "size": 2**53}]
    yield Item("document-size-past-2-53", with_key(1, "documents", size), "line 2")
    yield Item("document-size-below-zero", with_key(1, "documents", [{**size[0], "size": -1}]), "line 2", RecordDamaged)
