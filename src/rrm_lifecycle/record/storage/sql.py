"""What the stores in SQLite and PostgreSQL share: columns, what rows hold, and the conditions that queries make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from rrm_lifecycle.case.claim import CoveredFacility, Party
from rrm_lifecycle.errors import RecordDamaged
from rrm_lifecycle.law.stages import Closing, Stage
from rrm_lifecycle.record.chain import filed_from
from rrm_lifecycle.record.filed import Filed, Secret
from rrm_lifecycle.record.kept import ATTEMPTS
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import Head, Query

SCHEMA: Final = 1
"""Version of the tables."""
ENTRY: Final = "case_key, seq, hash, body"
"""Columns that :func:`filed_of_row` reads."""
HEAD: Final = "case_id, seq, hash, body"
"""Columns that :func:`head_of_row` reads."""
STANDING: Final = "case_id, stage, closing, country, facility, owner, seq, hash, has_denials, snapshot"
"""Columns that :func:`standing_of_row` reads."""
CURRENT: Final = f"case_key, {STANDING}, phase, is_open"
"""Columns that :func:`row_of_standing` fills."""
_STAGES: Final = {one.value: one for one in Stage}
_OPEN_ONLY: Final = Query(open_only=True)


class _Said(msgspec.Struct):
    """What of a body a head shows; the rest is passed over."""

    log: str | None = None
    recorded: datetime | None = None


class _Recorded(msgspec.Struct):
    """The time alone, for whoever goes over a whole log."""

    recorded: datetime | None = None


_SAID: Final = msgspec.json.Decoder(_Said)
_RECORDED: Final = msgspec.json.Decoder(_Recorded)


# ---- entries ---------------------------------------------------------------------------------------------------------
def rows_of(filed: Sequence[Filed]) -> Iterator[tuple[Any, ...]]:
    """Yield what the table of entries keeps: case_id, case_key, seq, prev_seq, prev, hash, recorded, body."""
    case_id = filed[0].case_id
    key = case_id.casefold()
    for one in filed:
        before = None if one.prev is None else one.seq - 1
        recorded = None if one.recorded is None else one.recorded.isoformat()
        yield case_id, key, one.seq, before, one.prev, one.hash, recorded, one.body


def bytes_of_row(row: Sequence[Any], key: str | None = None, seq: int | None = None) -> tuple[bytes, str]:
    """Return the bytes and the stated hash that a row with the columns ``ENTRY`` holds, unread.

    Args:
        row: The row.
        key: Id of the case that was asked for, letter case folded; None for whichever the row names.
        seq: Number of the entry that has to come; None likewise.

    Raises:
        RecordDamaged: It holds something else, or is another entry than has to come.
    """
    held_key, held_seq, digest, body = row
    if not isinstance(body, bytes) or not isinstance(digest, str):
        msg = f"{_stored(row)} cannot be read: the storage holds something else in its place"
        raise RecordDamaged(msg)
    if seq not in (None, held_seq) or key not in (None, held_key):
        msg = f"{_stored(row)} stands where number {seq} of case {key!r} has to follow: entries are missing, or were moved"
        raise RecordDamaged(msg)
    return body, digest


def _stored(row: Sequence[Any]) -> str:
    return f"the entry stored as number {row[1]} of case {str(row[0])[:80]!r}"


def filed_of_row(row: Sequence[Any], key: str | None = None, seq: int | None = None) -> Filed:
    """Return the entry that a row with the columns ``ENTRY`` holds, where its columns and its bytes say the same.

    Args:
        row: The row.
        key: Id of the case that was asked for, letter case folded; None for whichever the row names.
        seq: Number of the entry that has to come; None likewise.

    Raises:
        RecordDamaged: They do not, or it is another entry than has to come.
    """
    body, digest = bytes_of_row(row, key, seq)
    filed = filed_from(body, digest, _stored(row))
    if filed.seq != row[1] or filed.case_id.casefold() != row[0]:
        msg = f"{_stored(row)} is number {filed.seq} of case {filed.case_id!r} by its bytes: it was moved"
        raise RecordDamaged(msg)
    return filed


def head_of_row(row: Sequence[Any]) -> Head:
    """Return the head that a row with the columns ``HEAD`` holds.

    Raises:
        RecordDamaged: Its bytes cannot be read.
    """
    case_id, seq, digest, body = row
    try:
        said = _SAID.decode(body)
        return Head(str(case_id), int(seq), str(digest), said.log, said.recorded)
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise _altered(row) from error


def recorded_in(row: Sequence[Any]) -> datetime | None:
    """Return when the entry of a row with the columns ``HEAD`` was recorded, by its bytes.

    Raises:
        RecordDamaged: Its bytes cannot be read.
    """
    try:
        return _RECORDED.decode(row[3]).recorded
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise _altered(row) from error


def _altered(row: Sequence[Any]) -> RecordDamaged:
    return RecordDamaged(
        f"the entry stored as number {row[1]} of case {str(row[0])[:80]!r} cannot be read: it was altered"
    )


def moment_of(value: str | datetime | None) -> datetime | None:
    """Return the moment that a column ``recorded`` holds.

    Raises:
        RecordDamaged: It holds none.
    """
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        msg = f"the moment at which the last entry was recorded cannot be read: {str(value)[:40]!r}"
        raise RecordDamaged(msg) from error


def secret_of_row(row: Sequence[Any]) -> tuple[int, Secret]:
    """Return what a row of seq, place, salt and value holds."""
    seq, place, salt, value = row
    return int(seq), Secret(str(place), str(salt), str(value))


def is_attempts(key: str) -> bool:
    """Return whether a chain is one of attempts."""
    return key.endswith(ATTEMPTS)


# ---- where cases stand -----------------------------------------------------------------------------------------------
def row_of_standing(one: Standing) -> tuple[Any, ...]:
    """Return what the columns ``CURRENT`` hold for where a case stands."""
    return (
        one.case_id.casefold(),
        one.case_id,
        one.stage.value,
        one.closing and one.closing.value,
        one.country and one.country.value,
        one.facility,
        one.owner,
        one.seq,
        one.hash,
        one.has_denials,
        one.snapshot,
        one.phase.value,
        _OPEN_ONLY.admits(one),
    )


def standing_of_row(row: Sequence[Any]) -> Standing:
    """Return where a case stands, from a row with the columns ``STANDING``.

    Raises:
        RecordDamaged: It holds what no such row can hold.
    """
    case_id, stage, closing, country, facility, owner, seq, digest, has_denials, snapshot = row
    try:
        return Standing(
            case_id,
            _STAGES[stage],
            None if closing is None else Closing(closing),
            None if country is None else Party(country),
            facility,
            owner,
            int(seq),
            digest,
            bool(has_denials),
            bytes(snapshot),
        )
    except (KeyError, ValueError, TypeError) as error:
        msg = (
            f"the row that says where case {str(case_id)[:80]} stands cannot be read; its record is not touched by that: "
            "make the row anew with docket.rebuild()"
        )
        raise RecordDamaged(msg) from error


def narrowed(query: Query, mark: str = "?", true: str = "1") -> tuple[str, list[Any]]:
    """Return the condition that a query puts on the table ``current``, and its values.

    Args:
        query: Which cases are asked for.
        mark: How the database writes a place for a value.
        true: How it writes true.
    """
    asked: dict[str, Any] = {
        "stage": query.stage and query.stage.value,
        "phase": query.phase and query.phase.value,
        "facility": query.facility,
        "country": query.country and str(query.country),
        "owner": query.owner,
    }
    parts = [f"{column} = {mark}" for column, value in asked.items() if value is not None]
    if query.open_only:
        parts.append(f"is_open = {true}")
    return " AND ".join(parts) or f"{true} = {true}", [value for value in asked.values() if value is not None]


def nearby(facility: CoveredFacility, mark: str = "?", true: str = "1") -> tuple[str, list[Any]]:
    """Return the condition for cases that leave a Denial at a facility, or at one of its owner, and its values."""
    there, values = f"(facility = {mark} AND country = {mark})", [facility.name.casefold(), facility.country.value]
    if facility.owner:
        there, values = f"({there} OR owner = {mark})", [*values, facility.owner.casefold()]
    return f"has_denials = {true} AND {there}", values
