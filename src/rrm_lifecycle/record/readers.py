"""Readers of bodies: the strict way back from bytes to an entry, one reader for each version that was ever released.

No reader looks at the table: an entry reads although its row, its term or its guard is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

from msgspec import UNSET, UnsetType

from rrm_lifecycle.canonical import clean_id, whole
from rrm_lifecycle.case.claim import Origin, Party, Question, Role
from rrm_lifecycle.case.deadlines import Limit, new_limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.bodies import NOT_DATA, other_version
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Opening, Outcome, Reason, Track, new_entry
from rrm_lifecycle.record.fields import shape_of
from rrm_lifecycle.record.kept import ATTEMPTS, Alters, Attempt, Change, Correction, Erasure, Kept, Remark
from rrm_lifecycle.record.reader import NumberTrap, check_json, safe, shown
from rrm_lifecycle.record.shapes import ActBody, Body, ChangeBody, Noted, Started
from rrm_lifecycle.sealing import SEALED, Sealed

E = TypeVar("E", bound=Enum)
P = TypeVar("P", bound=Stage | Hold)


def kept_from_body(body: Body, where: str = "the entry") -> Kept:
    """Return what a body keeps: the strict inverse of :func:`body_of`. The table is never read.

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
_SETS: Final = {"question": frozenset(map(str, Question)), "origin": frozenset(map(str, Origin))}


_ACT, _HOLD, _CASE = EntryKind.ACT, Track.HOLD, Track.CASE
"""Read off their Enum once: naming a member costs as much as a call."""


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


def _read_v1(body: Body, where: str) -> Kept:
    reader = _KINDS.get(body.kind)
    if reader is None:
        msg = f"{where} is of the kind {shown(body.kind)}, which this library does not know: altered, or of a later version"
        raise RecordDamaged(msg)
    _check_keys(body, _KEYS[body.kind], where)
    return reader(body, where)


_KEPT_KEYS: Final = frozenset({
    "v", "alg", "log", "case", "seq", "prev", "kind", "recorded", "clock", "recorded_by", "source", "documents", "sealed"
})  # fmt: skip
_ACT_KEYS: Final = frozenset(ActBody.__struct_fields__)
_KEYS: Final = {
    "opening": _KEPT_KEYS | {"from_", "to", "data", "remark"},
    "act": _KEPT_KEYS | _ACT_KEYS | {"remark"},
    "remark": _KEPT_KEYS | {"effective", "remark"},
    "correction": _KEPT_KEYS | {"from_", "to", "acts", "changes", "reason", "since", "remark"},
    "erasure": _KEPT_KEYS | {"erased", "reason", "remark"},
    "attempt": _KEPT_KEYS
    | {"from_", "to", "data", "effective", "event", "known", "refused", "skipped", "track", "remark"},
}
_FIELDS: Final = Body.__struct_fields__


def _check_keys(body: Body, allowed: frozenset[str], where: str) -> None:
    if body.kind == "act" and (
        body.acts is body.changes is body.erased is body.refused is body.skipped is body.since is body.reason is UNSET
    ):
        return  # the way of nearly all entries, without a look at every key
    told = [name for name in _FIELDS if name not in allowed and getattr(body, name) is not UNSET]
    if told:
        what = f"an {body.kind}" if body.kind[0] in "aeo" else f"a {body.kind}"
        raise RecordDamaged(f"{where} is {what} and holds what {what} cannot hold: {', '.join(told)}")


def _read_act(body: Body, where: str) -> Entry:
    return _entry(body.case, body, where)


def _entry(case_id: str, body: ActBody, where: str) -> Entry:
    name, on = body.event, body.effective
    if type(name) is not str or on is UNSET:
        raise _lacks(where, "event", "effective")
    hold = body.track is not UNSET and _is_hold(body, where)
    places: Mapping[Any, Stage | Hold] = _HOLDS if hold else _STAGES
    sets, reading, calendar, by, closing = body.sets, body.reading, body.calendar, body.by, body.closing
    if sets and not all(value in _SETS.get(key, ()) for key, value in sets.items()):
        raise RecordDamaged(f"{where} sets {shown(sets)}, which this library does not know")
    if reading:
        check_json(reading, f"{where}, reading,")
    if calendar:
        check_json(calendar, f"{where}, calendar,")
    rulebook: str | None = None
    if body.rulebook:
        rulebook = body.rulebook.version
        if body.rulebook.sha256 is not UNSET:
            rulebook = f"{rulebook}+{body.rulebook.sha256}"
    return new_entry(
        case_id,
        _read_event(name, on, body, where),
        places.get(body.from_) or _place(places, body.from_, where),
        places.get(body.to) or _place(places, body.to, where),
        _ACT,
        _HOLD if hold else _CASE,
        (_ROLES.get(by) or _member(_ROLES, by, "role", where)) if by else None,
        body.rule or None,
        body.provision or None,
        _member(_CLOSINGS, closing, "closing", where) if closing else None,
        sets or None,
        tuple([_read_limit(one) for one in body.started]) if body.started else (),
        tuple(body.stopped) if body.stopped else (),
        tuple([_read_finding(one, where) for one in body.findings]) if body.findings else (),
        reading or None,
        calendar or None,
        rulebook,
        body.implied is True,
    )


def _is_hold(body: ActBody, where: str) -> bool:
    if body.track is UNSET:
        return False
    if body.track != "hold":
        raise RecordDamaged(f"{where} names the track {shown(body.track)}, which there is not")
    return True


def _place(places: Mapping[str, P], value: str | UnsetType, where: str) -> P:
    if value is UNSET:
        raise _lacks(where, "from", "to")
    return _member(places, value, "stage", where)


# ---- what keepers say ------------------------------------------------------------------------------------------------
def _read_remark(body: Body, where: str) -> Remark:
    if body.remark is UNSET or body.effective is UNSET:
        raise _lacks(where, "remark", "effective")
    sealed = (body.sealed or {}).get("remark")
    return Remark(body.case, body.remark if sealed is None else Sealed(sealed), body.effective)


def _read_correction(body: Body, where: str) -> Correction:
    if body.acts is UNSET or not body.changes or body.reason is UNSET or body.since is UNSET:
        raise _lacks(where, "acts", "changes", "reason", "since")
    acts = tuple([_entry(body.case, one, f"{where}, act {n},") for n, one in enumerate(body.acts, body.since)])
    changes = tuple([_read_change(one, where) for one in body.changes])
    stages = _place(_STAGES, body.from_, where), _place(_STAGES, body.to, where)
    return Correction(body.case, changes, body.reason, body.since, acts, *stages)


def _read_change(one: ChangeBody, where: str) -> Change:
    what = _member(_ALTERS, one.what, "change", where)
    if one.act is UNSET:
        if what is not Alters.STRIKE:
            raise _lacks(where, "the act of a change")
        return Change(what, one.seq)
    name, on = one.act.event, one.act.effective
    if type(name) is not str or on is UNSET or what is Alters.STRIKE:
        raise _lacks(where, "event", "effective")
    return Change(what, one.seq, _read_event(name, on, one.act, where))


def _read_erasure(body: Body, where: str) -> Erasure:
    if body.erased is UNSET or body.reason is UNSET:
        raise _lacks(where, "erased", "reason")
    return Erasure(body.case, body.erased.seq, body.erased.field, body.reason)


def _read_attempt(body: Body, where: str) -> Attempt:
    name, on = body.event, body.effective
    if type(name) is not str or on is UNSET or not body.refused:
        raise _lacks(where, "event", "effective", "refused")
    if not body.case.endswith(ATTEMPTS):
        raise RecordDamaged(f"{where} is an attempt that does not stand in a chain of attempts")
    if body.to != body.from_:
        raise RecordDamaged(f"{where} is an attempt that was refused, and does not stay where it was made")
    for one in body.refused:
        if one.params:
            check_json(one.params, f"{where}, refused,")
    places: Mapping[str, Stage | Hold] = _HOLDS if _is_hold(body, where) else _STAGES
    event = _read_event(name, on, body, where)
    reasons = [
        Reason(one.code, one.rule or None, one.provision or None, one.params or {}, one.opens or None)
        for one in body.refused
    ]
    return Attempt(
        body.case, event, _place(places, body.from_, where), tuple(reasons), whole(body.skipped or 0, "skipped")
    )


def _read_limit(one: Started) -> Limit:
    return new_limit(
        one.term, one.started, None if one.due is UNSET else one.due, None if one.latest is UNSET else one.latest
    )


def _read_finding(one: Noted, where: str) -> Finding:
    if one.params:
        check_json(one.params, f"{where}, findings,")
    outcome = _member(_OUTCOMES, one.outcome, "outcome", where)
    return Finding(one.code, outcome, one.provision or None, one.params or {})


_IN_OPENING: Final = frozenset({"annex", "origin", "complainant", "respondent"})


def _read_opening(body: Body, where: str) -> Entry:
    data = body.data or {}
    if not _IN_OPENING.issuperset(data) or not all(isinstance(one, str) for one in data.values()):
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


def _read_event(name: str, on: date, body: ActBody, where: str) -> Event:
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
    if body.sealed:
        _put_seals(body, where)
    values = {}
    for key, found in data.items():
        read = readers.get(key)
        if read is None:
            raise RecordDamaged(f"{where} states {shown(key)}, which {name} has not")
        values[key] = read(found, key)
    if not needed <= values.keys():
        raise _lacks(where, *sorted(needed - values.keys()))
    return kind(on, **values) if known is None else kind(on, known=known, **values)


def _put_seals(body: ActBody, where: str) -> None:
    """Put the sealed texts of a body's data where they stand."""
    for place, held in (body.sealed or {}).items():
        head, *rest = place.split(".")
        if head != "data" or not rest:
            continue
        inside: Any = body.data
        try:
            for one in rest[:-1]:
                inside = inside[int(one)] if isinstance(inside, list) else inside[one]
            last: Any = int(rest[-1]) if isinstance(inside, list) else rest[-1]
            inside[last] = {SEALED: Sealed(held)}[inside[last]]
        except (KeyError, IndexError, ValueError, TypeError):
            raise RecordDamaged(f"{where} names {shown(place)} as sealed, and no sealed text stands there") from None


_ALTERS: Final = {one.value: one for one in Alters}
_KINDS: Final[dict[str, Callable[[Body, str], Kept]]] = {
    "opening": _read_opening,
    "act": _read_act,
    "remark": _read_remark,
    "correction": _read_correction,
    "erasure": _read_erasure,
    "attempt": _read_attempt,
}
_READERS: Final = {1: _read_v1}
"""The reader of each version that was ever released."""
