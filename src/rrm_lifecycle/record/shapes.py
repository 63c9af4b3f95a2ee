"""The shape of the body of a filed entry, version 1: which keys it can have, and what each holds.

Keys::

    v, alg             version of this shape (1), algorithm of the hash (sha256)
    log                name of the log that the entry was filed in; absent where a bare case is written
    case, seq, prev    id of the case, number of the entry (0 is the opening), hash of the one before (absent at 0)
    kind               opening | act | remark | correction | attempt | erasure
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
    changes, reason, since, acts   of a correction: what was changed (what, seq, act), why, the number of the first act that
                       was decided anew, and the course from there on, each act with the keys of an act's body
    erased, reason     of an erasure: the entry and the field whose value is gone, and why
    refused, skipped   of an attempt: every reason, and how many more attempts before it are not kept
    sealed             commitments to sealed texts, by the place that they stand in; there stands ``<sealed>``
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


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


class RefusedBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A reason why an attempt was refused."""

    code: str
    opens: date | UnsetType = UNSET
    params: dict[str, Any] | UnsetType = UNSET
    provision: str | UnsetType = UNSET
    rule: str | UnsetType = UNSET


class ErasedBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Which sealed text was erased."""

    field: str
    seq: int


class ActBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """The keys of an act; its keys are explained at the head of this page, in the order of the alphabet here."""

    by: str | UnsetType = UNSET
    calendar: dict[str, str] | UnsetType = UNSET
    closing: str | UnsetType = UNSET
    data: dict[str, Any] | UnsetType = UNSET
    effective: date | UnsetType = UNSET
    event: str | UnsetType = UNSET
    findings: list[Noted] | UnsetType = UNSET
    from_: str | UnsetType = UNSET
    implied: bool | UnsetType = UNSET
    known: tuple[date, date] | UnsetType = UNSET
    provision: str | UnsetType = UNSET
    reading: dict[str, Any] | UnsetType = UNSET
    rule: str | UnsetType = UNSET
    rulebook: Rulebook | UnsetType = UNSET
    sealed: dict[str, str] | UnsetType = UNSET
    sets: dict[str, str] | UnsetType = UNSET
    started: list[Started] | UnsetType = UNSET
    stopped: list[str] | UnsetType = UNSET
    to: str | UnsetType = UNSET
    track: str | UnsetType = UNSET


class ChangeBody(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """One change of a correction."""

    act: ActBody | UnsetType = UNSET
    seq: int
    what: str


class Body(ActBody, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """The body of a filed entry: the keys of an act, and those of its keeping."""

    acts: list[ActBody] | UnsetType = UNSET
    alg: str
    case: str
    changes: list[ChangeBody] | UnsetType = UNSET
    clock: datetime | UnsetType = UNSET
    documents: list[DocumentBody] | UnsetType = UNSET
    erased: ErasedBody | UnsetType = UNSET
    kind: str
    log: str | UnsetType = UNSET
    prev: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    recorded: datetime | UnsetType = UNSET
    recorded_by: str | UnsetType = UNSET
    refused: list[RefusedBody] | UnsetType = UNSET
    remark: str | UnsetType = UNSET
    seq: int
    since: int | UnsetType = UNSET
    skipped: int | UnsetType = UNSET
    source: SourceBody | UnsetType = UNSET
    v: int
