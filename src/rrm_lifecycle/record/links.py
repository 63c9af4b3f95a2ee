"""The links of a chain: each entry checked against its bytes, its hash, and the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from attrs import field, frozen
from msgspec import UNSET, UnsetType, json

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import RecordDamaged
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.bodies import read_body
from rrm_lifecycle.record.entry import Entry, EntryKind, Track
from rrm_lifecycle.record.filed import PREFIX, Filed, note_of
from rrm_lifecycle.record.folding import fold, fold_all
from rrm_lifecycle.record.kept import Erasure, Kept
from rrm_lifecycle.record.reader import check_text, safe, shown
from rrm_lifecycle.record.readers import kept_from_body
from rrm_lifecycle.record.shapes import Body
from rrm_lifecycle.sealing import SEALED
from rrm_lifecycle.show import Shown

_COMMITMENT: Final = 43
"""Characters of base64url of a commitment."""
_ANY: Final = json.Decoder()


@frozen
class Verified(Shown):
    """What a check of a record found to hold.

    Attributes:
        entries: How many entries hold.
        cases: How many cases.
        window: How many of the entries no checkpoint outside of the record covers: they are only as safe as the file.
        heads: Hash of the last entry of each case, by its id; of attempts that were refused, by the id and ``/attempts``.
        checkpoint: How many entries the youngest checkpoint covers that was kept elsewhere; None where none was given.
    """

    entries: int
    cases: int
    window: int
    heads: dict[str, str] = field(hash=False, repr=False)
    checkpoint: int | None = None

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


def _text_at(data: bytes, place: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands in a body at a place such as ``data.panelists.0.reference``; None where nothing does."""
    found = _ANY.decode(data)
    for part in place.split("."):
        if isinstance(found, list):
            found = found[int(part)] if part.isdecimal() and int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found


_ACT, _ATTEMPT, _ERASURE, _HOLD = EntryKind.ACT, EntryKind.ATTEMPT, EntryKind.ERASURE, Track.HOLD
"""Read off their Enum once: naming a member costs as much as a call."""


class Chain:
    """The record of one case as its entries are checked, one after the other; or that of attempts refused in it."""

    __slots__ = (
        "_acts",
        "_case",
        "_hold",
        "_stage",
        "body",
        "case_id",
        "data",
        "entry",
        "head",
        "log",
        "prev",
        "recorded",
        "sealed",
        "seq",
    )

    body: Body
    entry: Kept
    data: bytes
    head: str

    def __init__(self) -> None:
        self.seq = -1
        self._case: Case | None = None
        self._stage: Stage | Hold | None = None
        self._hold: Stage | Hold | None = None
        self._acts: list[Entry] = []
        self.case_id = ""
        self.prev: str | None = None
        self.log: str | None = None
        self.recorded: datetime | None = None
        self.sealed: dict[tuple[int, str], str] | None = None

    @property
    def case(self) -> Case | None:
        """The case that the entries fold to; None where they are attempts, or none was taken yet."""
        if self._acts:
            self._case, self._acts = fold_all(self._acts, self._case), []
        return self._case

    def _follow(self, body: Body, act: Entry, where: str) -> None:
        """Check that an act follows where the case stands, as the fold does; acts are folded when the case is asked for."""
        if act.stage is not (self._hold if act.track is _HOLD else self._stage):
            self._fold(body, act, where)  # which says in its own words what does not follow
            return
        self._acts.append(act)
        if type(act.to) is Hold:
            self._hold = act.to
        else:
            self._stage = act.to

    def _fold(self, body: Body, kept: Kept, where: str) -> None:
        try:
            self._case = case = fold(self.case, kept)
        except RecordDamaged as error:
            raise broken(body, where, f"does not follow: {error}") from None
        self._stage, self._hold = case.stage, case.hold

    def take(self, data: bytes, stated: str, where: str) -> None:  # noqa: C901 - one check after the other
        """Check the next entry; the case moves on.

        Args:
            data: The bytes of its body.
            stated: The hash that stands beside them.
            where: What to call it in a message.

        Raises:
            RecordDamaged: It does not hold, or does not follow the one before.
            RecordTooNew: It is of a later version.
        """
        body = read_body(data, where)
        seq = self.seq + 1
        if body.seq != seq:
            msg = f"{where} has the number {body.seq} in case {safe(body.case)}, where number {seq} has to follow"
            raise RecordDamaged(msg)
        found = sha256(PREFIX + data).hexdigest()
        if found != stated:
            raise broken(body, where, "does not have the hash that stands beside it: it was altered")
        prev = None if body.prev is UNSET else body.prev
        if prev != (self.head if seq else None):
            raise broken(body, where, "does not link to the entry before it")
        log = None if body.log is UNSET else body.log
        recorded = None if body.recorded is UNSET else _moment(body.recorded, where)
        clock = None if body.clock is UNSET else _moment(body.clock, where)
        if clock is not None and (recorded is None or clock >= recorded):
            raise broken(body, where, "says what the clock said, where that was not earlier than its recording")
        kept = kept_from_body(body, where)
        if seq:
            if log != self.log or (recorded is None) is not (self.recorded is None):
                raise broken(body, where, "was filed in another log than the entry before it")
            if recorded is not None and self.recorded is not None and recorded < self.recorded:
                raise broken(body, where, "was recorded before the entry before it")
            if kept.case_id != self.case_id:
                raise broken(body, where, "belongs to another case than the entry before it")
        else:
            self.log, self.case_id = log, kept.case_id
        if type(kept) is Entry and kept.kind is _ACT:
            self._follow(body, kept, where)
        elif kept.kind is not _ATTEMPT or self._case is not None:
            self._fold(body, kept, where)
        if body.sealed or kept.kind is _ERASURE:
            self._check_seals(body, kept, data, where)
        self.seq, self.prev, self.head, self.recorded = seq, prev, found, recorded
        self.body, self.entry, self.data = body, kept, data

    def _check_seals(self, body: Body, kept: Kept, data: bytes, where: str) -> None:
        if self.sealed is None:
            self.sealed = {}
        for place, held in (body.sealed or {}).items():
            if len(held) != _COMMITMENT:
                raise broken(body, where, f"holds no commitment for {shown(place)}")
            if _text_at(data, place) != SEALED:
                raise broken(body, where, f"names {shown(place)} as sealed, and no sealed text stands there")
            self.sealed[body.seq, place] = held
        if isinstance(kept, Erasure) and (kept.seq, kept.place) not in self.sealed:
            raise broken(body, where, f"erases {shown(kept.place)} of entry {kept.seq}, which was never sealed")

    def last(self, where: str) -> Filed:
        """Return the entry that was taken last, as it is kept."""
        body = self.body
        clock = _moment(body.clock, where)
        note = note_of(body, where)
        return Filed(self.entry, self.seq, self.prev, self.head, self.data, self.log, self.recorded, clock, note)


def filed_from(data: bytes, stated: str, where: str) -> Filed:
    """Return an entry as it is kept, from the bytes of its body: they are whole, and have the hash that stands beside them.

    Whether it follows the one before is for :class:`Chain` to say.

    Args:
        data: The bytes of its body.
        stated: The hash that stands beside them.
        where: What to call it in a message.

    Raises:
        RecordDamaged: It does not hold.
        RecordTooNew: It is of a later version.
    """
    check_text(data, where)
    body = read_body(data, where)
    if sha256(PREFIX + data).hexdigest() != stated:
        raise broken(body, where, "does not have the hash that stands beside it: it was altered")
    return Filed(
        kept_from_body(body, where),
        body.seq,
        body.prev or None,
        stated,
        data,
        body.log or None,
        _moment(body.recorded, where),
        _moment(body.clock, where),
        note_of(body, where),
    )


def without_values(filed: Filed) -> Filed:
    """Return an entry as a record gives it back: its sealed texts without their values, which the store alone keeps."""
    if not filed.secrets:
        return filed
    return filed_from(filed.body, filed.hash, f"entry {filed.seq} of case {filed.case_id}")


def broken(body: Body, where: str, what: str) -> RecordDamaged:
    """Return the error for an entry that does not hold."""
    return RecordDamaged(f"{where} (case {safe(body.case)}, number {body.seq}) {what}")


def check_filed(chain: Chain, filed: Filed, where: str) -> None:
    """Check an entry as it is shown against its bytes, and that it follows in its chain.

    Raises:
        RecordDamaged: It does not.
    """
    check_text(filed.body, where)
    chain.take(filed.body, filed.hash, where)
    if chain.last(where) != filed:
        raise broken(chain.body, where, "is shown otherwise than its bytes say")


def summary(chains: Iterable[Chain]) -> Verified:
    """Return what holds, once every entry of some chains has been taken.

    Raises:
        RecordDamaged: Two of them are of one case.
    """
    entries = cases = 0
    heads: dict[str, str] = {}
    one_id: set[str] = set()
    for chain in chains:
        if chain.case_id.casefold() in one_id:
            msg = f"case {chain.case_id} stands twice: ids that differ in letter case alone are one"
            raise RecordDamaged(msg)
        one_id.add(chain.case_id.casefold())
        entries += chain.seq + 1
        cases += chain.case is not None
        heads[chain.case_id] = chain.head
    return Verified(entries, cases, entries, heads)
