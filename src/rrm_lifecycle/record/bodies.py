"""The body of a filed entry: canonical JSON, stored as the very bytes that are hashed.

A body holds all that folding needs, and neither this page nor the readers look at the table: an entry keeps its meaning
under later tables, also where its row or term is gone. What is absent is left out; what a field of an event says is written
out even where it equals a default, so that a later default changes no record.

The shape stands in :mod:`rrm_lifecycle.record.shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import msgspec

from rrm_lifecycle.canonical import plain_text
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RecordTooNew
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.record.entry import Entry, Finding, Opening, Reason, Track
from rrm_lifecycle.record.fields import Inside, Kind, Many, Maybe, shape_of
from rrm_lifecycle.record.kept import Attempt, Correction, Erasure, Kept, Remark
from rrm_lifecycle.record.reader import NumberTrap, no_float, safe, shown
from rrm_lifecycle.record.shapes import Body
from rrm_lifecycle.sealing import Sealed

VERSION: Final = 1
"""The version of the shape that is written; every earlier one is read for ever."""
ALGORITHM: Final = "sha256"


_ENCODER: Final = msgspec.json.Encoder(order="sorted", enc_hook=plain_text)
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


def body_of(kept: Kept, seq: int, prev: str | None, log: str | None) -> dict[str, Any]:
    """Return the body of what is kept, ready to be encoded, without what a store adds to it.

    Raises:
        EventError: It is of an event, or under an Annex, that no record can hold.
    """
    body: dict[str, Any] = {
        "alg": ALGORITHM,
        "case": kept.case_id,
        "kind": kept.kind,
        "seq": seq,
        "v": VERSION,
    }
    if prev is not None:
        body["prev"] = prev
    if log is not None:
        body["log"] = log
    if type(kept) is not Entry:
        body.update(_KEEPERS[type(kept)](kept))
        return body
    if isinstance(kept.event, Opening):
        body["from"], body["to"] = kept.stage, kept.to
        body["data"] = _opening_data(kept.event)
        return body
    _write_act(body, kept)
    return body


def _event_keys(body: dict[str, Any], act: Any) -> None:  # noqa: ANN401 - an event
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


_HOLD: Final = Track.HOLD
"""Read off its Enum once: naming a member costs as much as a call."""


def _write_act(body: dict[str, Any], entry: Entry) -> None:  # noqa: C901, PLR0912 - a line for each key that may be absent
    """Add the keys of an act. Written out key by key: it stands between an act and its record, and this is the fast way."""
    _event_keys(body, entry.event)
    body["from"] = entry.stage
    body["to"] = entry.to
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
    if entry.track is _HOLD:
        body["track"] = _HOLD
    if entry.implied:
        body["implied"] = True


# ---- what keepers say ------------------------------------------------------------------------------------------------
def _remark(kept: Remark) -> dict[str, Any]:
    return {"effective": kept.on, "remark": kept.text}


def _correction(kept: Correction) -> dict[str, Any]:
    acts = [_sealed_act(_write_act, one) for one in kept.acts]
    changes: list[dict[str, Any]] = []
    for one in kept.changes:
        change: dict[str, Any] = {"seq": one.seq, "what": one.what}
        if one.event is not None:
            change["act"] = _sealed_act(_event_keys, one.event)
        changes.append(change)
    return {
        "acts": acts, "changes": changes, "from": kept.stage, "reason": kept.reason, "since": kept.since, "to": kept.to
    }  # fmt: skip


def _sealed_act(write: Any, value: Any) -> dict[str, Any]:  # noqa: ANN401 - one of two writers, and what it writes
    body: dict[str, Any] = {}
    write(body, value)
    seals = dict(seals_of(body))
    if seals:
        body["sealed"] = {place: one.commitment for place, one in seals.items()}
    return body


def _erasure(kept: Erasure) -> dict[str, Any]:
    return {"erased": {"field": kept.place, "seq": kept.seq}, "reason": kept.reason}


def _attempt(kept: Attempt) -> dict[str, Any]:
    body: dict[str, Any] = {"from": kept.stage, "to": kept.stage, "refused": [_refused(one) for one in kept.reasons]}
    _event_keys(body, kept.event)
    if kept.event.of_hold:
        body["track"] = Track.HOLD
    if kept.skipped:
        body["skipped"] = kept.skipped
    return body


def _refused(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = {"code": reason.code}
    for name in ("opens", "params", "provision", "rule"):
        stated = getattr(reason, name)
        if stated:
            found[name] = stated
    return found


_KEEPERS: Final[dict[type, Any]] = {
    Remark: _remark, Correction: _correction, Erasure: _erasure, Attempt: _attempt
}  # fmt: skip


def seals_of(value: Any, place: str = "") -> Iterator[tuple[str, Sealed]]:  # noqa: ANN401 - a body or a part of one
    """Yield each sealed text of a body, and where it stands, such as ``data.basis`` or ``data.panelists.0.reference``."""
    if isinstance(value, Sealed):
        yield place, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from seals_of(one, f"{place}.{key}" if place else key)
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from seals_of(one, f"{place}.{number}")


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
