"""The body of a filed entry: canonical JSON, stored as the very bytes that are hashed, and the strict way back.

A body holds all that folding needs, and neither side of this page reads the table: an entry keeps its meaning under
later tables, also where its row or term is gone. What is absent is left out; what a field of an event says is written
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

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import UNSET, UnsetType

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.case.claim import Origin, Party, Role
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Opening, Outcome, Track
from rrm_lifecycle.record.fields import Inside, Kind, Many, Maybe, shape_of
from rrm_lifecycle.record.reader import NumberTrap, check_json, no_float, safe, shown

VERSION: Final = 1
"""The version of the shape that is written; every earlier one is read for ever."""
ALGORITHM: Final = "sha256"

E = TypeVar("E", bound=Enum)


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
_NOT_DATA: Final = frozenset({"on", "known"})
"""Fields of an event that stand in the body under names of their own: effective, known."""


_WRITERS: Final[dict[type, tuple[tuple[str, Any], ...]]] = {}


def _writers(kind: type[Event]) -> tuple[tuple[str, Any], ...]:
    if EVENTS.get(kind.__name__) is not kind:
        msg = f"an event is one of rrm_lifecycle.events; found {kind.__name__}"
        raise EventError(msg)
    slots = [slot for slot in shape_of(kind).slots.values() if slot.name not in _NOT_DATA]
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
        raise _other_version(body.v, body.alg, where)
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
        return _other_version(version, ALGORITHM, where)
    return RecordDamaged(f"{where} is no body of an entry: {safe(error)}")


def _other_version(version: int, algorithm: str, where: str) -> RecordError:
    if version > VERSION:
        return RecordTooNew(
            f"{where} was written in version {version} of the record; this library reads up to {VERSION}: upgrade it"
        )
    return RecordDamaged(f"{where} names version {version} and algorithm {shown(algorithm)}, which there never was")


def entry_from_body(body: Body, where: str = "the entry") -> Entry:
    """Return the entry that a body holds: the strict inverse of :func:`body_of`. The table is never read.

    Raises:
        RecordTooNew: The body is of a later version.
        RecordDamaged: A field is missing, or holds what no entry can hold.
    """
    reader = _READERS.get(body.v)
    if reader is None:
        raise _other_version(body.v, body.alg, where)
    try:
        return reader(body, where)
    except (EventError, NumberTrap, OverflowError) as error:
        msg = f"{where} holds what no entry can hold: {safe(error)}"
        raise RecordDamaged(msg) from None


_STAGES: Final = {one.value: one for one in Stage}
_HOLDS: Final = {one.value: one for one in Hold}
_CLOSINGS: Final = {one.value: one for one in Closing}
_ROLES: Final = {one.value: one for one in Role}
_PARTIES: Final = {one.value: one for one in Party}
_ORIGINS: Final = {one.value: one for one in Origin}
_OUTCOMES: Final = {one.value: one for one in Outcome}
_SET: Final = frozenset({"question", "origin"})


def _member(members: Mapping[str, E], value: str, key: str, where: str) -> E:
    found = members.get(value)
    if found is None:
        msg = f"{where} holds the {key} {shown(value)}, which this library does not know: altered, or of a later version"
        raise RecordDamaged(msg)
    return found


def _lacks(where: str, *keys: str) -> RecordDamaged:
    return RecordDamaged(f"{where} lacks {' or '.join(keys)}")


def _read_v1(body: Body, where: str) -> Entry:
    if body.kind == "opening":
        return _read_opening(body, where)
    if body.kind != "act":
        msg = f"{where} is of the kind {shown(body.kind)}, which this library does not know: altered, or of a later version"
        raise RecordDamaged(msg)
    name, on = body.event, body.effective
    if type(name) is not str or on is UNSET:
        raise _lacks(where, "event", "effective")
    hold = body.track is not UNSET
    if hold and body.track != "hold":
        raise RecordDamaged(f"{where} names the track {shown(body.track)}, which there is not")
    places: Mapping[str, Stage | Hold] = _HOLDS if hold else _STAGES
    if body.sets and not _SET.issuperset(body.sets):
        raise RecordDamaged(f"{where} sets {shown(sorted(body.sets))}, which this library does not know")
    if body.reading:
        check_json(body.reading, f"{where}, reading,")
    rulebook: str | None = None
    if body.rulebook:
        rulebook = body.rulebook.version
        if body.rulebook.sha256 is not UNSET:
            rulebook = f"{rulebook}+{body.rulebook.sha256}"
    return Entry(
        body.case,
        _read_event(name, on, body, where),
        places.get(body.from_) or _member(places, body.from_, "stage", where),
        places.get(body.to) or _member(places, body.to, "stage", where),
        EntryKind.ACT,
        Track.HOLD if hold else Track.CASE,
        _member(_ROLES, body.by, "role", where) if body.by else None,
        body.rule or None,
        body.provision or None,
        _member(_CLOSINGS, body.closing, "closing", where) if body.closing else None,
        body.sets or None,
        tuple([_read_limit(one) for one in body.started]) if body.started else (),
        tuple(body.stopped) if body.stopped else (),
        tuple([_read_finding(one, where) for one in body.findings]) if body.findings else (),
        body.reading or None,
        body.calendar or None,
        rulebook,
        implied=body.implied is True,
    )


def _read_limit(one: Started) -> Limit:
    return Limit(
        one.term, one.started, None if one.due is UNSET else one.due, None if one.latest is UNSET else one.latest
    )


def _read_finding(one: Noted, where: str) -> Finding:
    if one.params:
        check_json(one.params, f"{where}, findings,")
    outcome = _member(_OUTCOMES, one.outcome, "outcome", where)
    return Finding(one.code, outcome, one.provision or None, one.params or {})


_NOT_IN_OPENING: Final = (
    "by", "calendar", "closing", "effective", "event", "findings", "implied", "known", "provision", "reading", "rule",
    "rulebook", "sets", "started", "stopped", "track",
)  # fmt: skip
_IN_OPENING: Final = frozenset({"annex", "origin", "complainant", "respondent"})


def _read_opening(body: Body, where: str) -> Entry:
    data = body.data or {}
    told = [name for name in _NOT_IN_OPENING if getattr(body, name) is not UNSET]
    if told or not _IN_OPENING.issuperset(data) or not all(isinstance(one, str) for one in data.values()):
        raise RecordDamaged(f"{where} is an opening and holds what an opening cannot hold")
    annex = ANNEXES.get(data.get("annex", ""))
    if annex is None:
        raise RecordDamaged(f"{where} names the Annex {shown(data.get('annex'))}, which this library does not know")
    said = Opening(
        annex,
        _member(_ORIGINS, data["origin"], "origin", where) if "origin" in data else None,
        _member(_PARTIES, data["complainant"], "Party", where) if "complainant" in data else None,
        _member(_PARTIES, data["respondent"], "Party", where) if "respondent" in data else None,
    )
    if body.from_ != Stage.ASSESSMENT.value or body.to != Stage.ASSESSMENT.value:
        raise RecordDamaged(f"{where} is an opening that does not stand in {Stage.ASSESSMENT.value!r}")
    return Entry(clean_id(body.case), said, Stage.ASSESSMENT, Stage.ASSESSMENT, EntryKind.OPENING)


@cache
def _data_readers(kind: type[Event]) -> tuple[dict[str, Any], frozenset[str]]:
    slots = [slot for slot in shape_of(kind).slots.values() if slot.name not in _NOT_DATA]
    needed = frozenset(slot.name for slot in slots if not slot.may_be_absent)
    return {slot.name: slot.kind.read for slot in slots}, needed


def _read_event(name: str, on: date, body: Body, where: str) -> Event:
    kind = EVENTS.get(name)
    if kind is None:
        msg = f"{where} names the act {shown(name)}, which this library does not know: altered, or of a later version"
        raise RecordDamaged(msg)
    readers, needed = _data_readers(kind)
    data = body.data
    known = None if body.known is UNSET else body.known
    if not data:
        if needed:
            raise _lacks(where, *sorted(needed))
        return kind(on) if known is None else kind(on, known=known)
    values = {}
    for key, found in data.items():
        read = readers.get(key)
        if read is None:
            raise RecordDamaged(f"{where} states {shown(key)}, which {name} has not")
        values[key] = read(found, key)
    if not needed <= values.keys():
        raise _lacks(where, *sorted(needed - values.keys()))
    return kind(on, known=known, **values)


_READERS: Final = {1: _read_v1}
"""The reader of each version that was ever released."""
