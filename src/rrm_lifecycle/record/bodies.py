"""The body of a filed entry: canonical JSON, stored as the very bytes that are hashed.

A body holds all that folding needs, and neither this page nor the readers look at the table: an entry keeps its meaning
under later tables, also where its row or term is gone. What is absent is left out; what a field of an event says is written
out even where it equals a default, so that a later default changes no record. Keys::

    v, alg             version of this shape (1), algorithm of the hash (sha256)
    log                name of the log that the entry was filed in; absent where a bare case is written
    case, seq, prev    id of the case, number of the entry (0 is the opening), hash of the one before (absent at 0)
    kind               opening | act
    recorded           when a store filed it: UTC with ``Z``, six digits behind the second unless they are zero; never
                       earlier than the one before
    clock              what the store's clock said, where that was earlier
    recorded_by        who sat at the keyboard
    event, data        name of the act, its fields; of an opening: data alone (annex, origin, complainant, respondent)
    track              hold, where the act is one of the customs hold
    from, to, closing  where the case (or the hold) stood, where it stands, how it closed
    sets               facts that the row decides
    rule, provision    the row that applied, and what provides for it, as printed under the case's Annex
    by, effective      who acted in law; the day of the act
    known              the earliest and the latest day, where only a period is known
    rulebook           version of the law pages and the first digits of their digest
    reading            what differs from the default reading
    calendar           what business days were counted with
    started, stopped   limits with their days (term, started, due, latest); names of the terms whose limits were stopped
    findings           what guards noted (code, outcome, provision, params)
    implied            true where it was implied by later acts
    source, remark, documents   what the user added: where it is stated, in own words, digests of files
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Opening, Track
from rrm_lifecycle.record.fields import Inside, Kind, Many, Maybe, shape_of
from rrm_lifecycle.record.reader import NumberTrap, no_float, safe, shown

VERSION: Final = 1
"""The version of the shape that is written; every earlier one is read for ever."""
ALGORITHM: Final = "sha256"


# ---- the shape, version 1 --------------------------------------------------------------------------------------------
class Started(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A limit that an entry starts."""

    due: date | UnsetType = UNSET
    latest: date | UnsetType = UNSET
    started: date
    term: str


class Noted(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What a guard noted."""

    code: str
    outcome: str
    params: dict[str, Any] | UnsetType = UNSET
    provision: str | UnsetType = UNSET


class Rulebook(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Which law pages an act was decided under."""

    sha256: str | UnsetType = UNSET
    version: str


class SourceBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Where what was recorded is stated."""

    confidence: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class DocumentBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """The digest of a file that stays with the user."""

    media_type: str | UnsetType = UNSET
    name: str
    sha256: str
    size: int


class Body(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """The body of a filed entry; its keys are explained at the head of this page, in the order of the alphabet here."""

    alg: str
    by: str | UnsetType = UNSET
    calendar: dict[str, str] | UnsetType = UNSET
    case: str
    clock: datetime | UnsetType = UNSET
    closing: str | UnsetType = UNSET
    data: dict[str, Any] | UnsetType = UNSET
    documents: list[DocumentBody] | UnsetType = UNSET
    effective: date | UnsetType = UNSET
    event: str | UnsetType = UNSET
    findings: list[Noted] | UnsetType = UNSET
    from_: str
    implied: bool | UnsetType = UNSET
    kind: str
    known: tuple[date, date] | UnsetType = UNSET
    log: str | UnsetType = UNSET
    prev: str | UnsetType = UNSET
    provision: str | UnsetType = UNSET
    reading: dict[str, Any] | UnsetType = UNSET
    recorded: datetime | UnsetType = UNSET
    recorded_by: str | UnsetType = UNSET
    remark: str | UnsetType = UNSET
    rule: str | UnsetType = UNSET
    rulebook: Rulebook | UnsetType = UNSET
    seq: int
    sets: dict[str, str] | UnsetType = UNSET
    source: SourceBody | UnsetType = UNSET
    started: list[Started] | UnsetType = UNSET
    stopped: list[str] | UnsetType = UNSET
    to: str
    track: str | UnsetType = UNSET
    v: int


_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(Body, float_hook=no_float)
_ANY: Final = msgspec.json.Decoder()
encode_body: Final = _ENCODER.encode
"""Return the canonical bytes of a body."""


# ---- writing ---------------------------------------------------------------------------------------------------------
NOT_DATA: Final = frozenset({"on", "known"})
"""Fields of an event that stand in the body under names of their own: effective, known."""


_WRITERS: Final[dict[type, tuple[tuple[str, Any], ...]]] = {}


def _writers(kind: type[Event]) -> tuple[tuple[str, Any], ...]:
    if EVENTS.get(kind.__name__) is not kind:
        msg = f"an event is one of rrm_lifecycle.events; found {kind.__name__}"
        raise EventError(msg)
    slots = [slot for slot in shape_of(kind).slots.values() if slot.name not in NOT_DATA]
    found = _WRITERS[kind] = tuple((slot.name, _full if _is_inside(slot.kind) else None) for slot in slots)
    return found


def _is_inside(kind: Kind) -> bool:
    if isinstance(kind, Maybe):
        return _is_inside(kind.kind)
    return _is_inside(kind.item) if isinstance(kind, Many) else isinstance(kind, Inside)


def _full(value: Any) -> Any:  # noqa: ANN401 - a facility, a panelist, an outcome, several, or NOT_STATED
    if isinstance(value, tuple):
        return [_full(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    found = {}
    for name in shape_of(type(value)).slots:
        stated = getattr(value, name)
        if stated is not None and stated != ():
            found[name] = stated
    return found


def _opening_data(said: Opening) -> dict[str, Any]:
    if ANNEXES.get(said.annex.name) != said.annex:
        msg = f"a record can be kept under {' or '.join(map(str, ANNEXES.values()))}; found {said.annex}"
        raise EventError(msg)
    stated = {"origin": said.origin, "complainant": said.complainant, "respondent": said.respondent}
    return {"annex": said.annex.name} | {name: one for name, one in stated.items() if one is not None}


_RULEBOOKS: Final[dict[str, dict[str, str]]] = {}


def _rulebook(text: str) -> dict[str, str]:
    version, plus, digest = text.partition("+")
    found = _RULEBOOKS[text] = {"sha256": digest, "version": version} if plus else {"version": version}
    return found


def _started(limit: Limit) -> dict[str, Any]:
    found = {"started": limit.started, "term": limit.term}
    if limit.due is not None:
        found["due"] = limit.due
    if limit.latest is not None:
        found["latest"] = limit.latest
    return found


def _noted(finding: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {"code": finding.code, "outcome": finding.outcome}
    if finding.params:
        found["params"] = finding.params
    if finding.provision is not None:
        found["provision"] = finding.provision
    return found


def body_of(entry: Entry, seq: int, prev: str | None, log: str | None) -> dict[str, Any]:  # noqa: C901, PLR0912 - a line for each key that may be absent
    """Return the body of an entry, ready to be encoded, without what a store adds to it.

    Written out key by key: it stands between an act and its record, and this is the fast way.

    Raises:
        EventError: The entry is of an event, or under an Annex, that no record can hold.
    """
    body: dict[str, Any] = {
        "alg": ALGORITHM,
        "case": entry.case_id,
        "from": entry.stage,
        "kind": entry.kind,
        "seq": seq,
        "to": entry.to,
        "v": VERSION,
    }
    if prev is not None:
        body["prev"] = prev
    if log is not None:
        body["log"] = log
    act: Any = entry.event
    if entry.kind is EntryKind.OPENING:
        body["data"] = _opening_data(act)
        return body
    kind = type(act)
    body["effective"] = act.on
    body["event"] = kind.__name__
    data = {}
    for name, write in _WRITERS.get(kind) or _writers(kind):
        stated = getattr(act, name)
        if stated is not None and stated != ():
            data[name] = stated if write is None else write(stated)
    if data:
        body["data"] = data
    if act.known is not None:
        body["known"] = act.known
    if entry.by is not None:
        body["by"] = entry.by
    if entry.rule is not None:
        body["rule"] = entry.rule
    if entry.provision is not None:
        body["provision"] = entry.provision
    if entry.rulebook is not None:
        body["rulebook"] = _RULEBOOKS.get(entry.rulebook) or _rulebook(entry.rulebook)
    if entry.started:
        body["started"] = [_started(one) for one in entry.started]
    if entry.stopped:
        body["stopped"] = entry.stopped
    if entry.findings:
        body["findings"] = [_noted(one) for one in entry.findings]
    if entry.sets:
        body["sets"] = entry.sets
    if entry.closing is not None:
        body["closing"] = entry.closing
    if entry.reading:
        body["reading"] = entry.reading
    if entry.calendar:
        body["calendar"] = entry.calendar
    if entry.track is Track.HOLD:
        body["track"] = entry.track
    if entry.implied:
        body["implied"] = True
    return body


# ---- reading ---------------------------------------------------------------------------------------------------------
def read_body(data: bytes, where: str) -> Body:
    """Return the body that bytes hold; the text in them was checked by the bounded reader before.

    Raises:
        RecordTooNew: A body of a later version.
        RecordDamaged: No body, or not in canonical form.
    """
    try:
        body = _DECODER.decode(data)
    except (msgspec.DecodeError, NumberTrap, RecursionError, UnicodeDecodeError) as error:
        raise _no_body(data, where, error) from None
    if body.v != VERSION or body.alg != ALGORITHM:
        raise other_version(body.v, body.alg, where)
    if _ENCODER.encode(body) != data:
        msg = f"{where} is not in canonical form: altered, or written by another program"
        raise RecordDamaged(msg)
    return body


def _no_body(data: bytes, where: str, error: Exception) -> RecordError:
    try:
        found = _ANY.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return RecordDamaged(f"{where} is no JSON: {safe(error)}")
    version = found.get("v") if isinstance(found, dict) else None
    if type(version) is int and version > VERSION:
        return other_version(version, ALGORITHM, where)
    return RecordDamaged(f"{where} is no body of an entry: {safe(error)}")


def other_version(version: int, algorithm: str, where: str) -> RecordError:
    """Return the error for a body of another version than this page writes."""
    if version > VERSION:
        return RecordTooNew(
            f"{where} was written in version {version} of the record; this library reads up to {VERSION}: upgrade it"
        )
    return RecordDamaged(f"{where} names version {version} and algorithm {shown(algorithm)}, which there never was")
