"""Readers of bodies: the strict way back from bytes to an entry, one reader for each version that was ever released.

No reader looks at the table: an entry reads although its row, its term or its guard is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

from msgspec import UNSET

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.case.claim import Origin, Party, Role
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.bodies import NOT_DATA, Body, Noted, Started, other_version
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Opening, Outcome, Track
from rrm_lifecycle.record.fields import shape_of
from rrm_lifecycle.record.reader import NumberTrap, check_json, safe, shown

E = TypeVar("E", bound=Enum)


def entry_from_body(body: Body, where: str = "the entry") -> Entry:
    """Return the entry that a body holds: the strict inverse of :func:`body_of`. The table is never read.

    Raises:
        RecordTooNew: The body is of a later version.
        RecordDamaged: A field is missing, or holds what no entry can hold.
    """
    reader = _READERS.get(body.v)
    if reader is None:
        raise other_version(body.v, body.alg, where)
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
        msg = (
            f"{where} holds the {key} {shown(value)}, which this library does not know: altered, or of a later version"
        )
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


_DATA: Final[dict[type, tuple[dict[str, Any], frozenset[str]]]] = {}


def _data_readers(kind: type[Event]) -> tuple[dict[str, Any], frozenset[str]]:
    slots = [slot for slot in shape_of(kind).slots.values() if slot.name not in NOT_DATA]
    needed = frozenset(slot.name for slot in slots if not slot.may_be_absent)
    found = _DATA[kind] = ({slot.name: slot.kind.read for slot in slots}, needed)
    return found


def _read_event(name: str, on: date, body: Body, where: str) -> Event:
    kind = EVENTS.get(name)
    if kind is None:
        msg = f"{where} names the act {shown(name)}, which this library does not know: altered, or of a later version"
        raise RecordDamaged(msg)
    readers, needed = _DATA.get(kind) or _data_readers(kind)
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
