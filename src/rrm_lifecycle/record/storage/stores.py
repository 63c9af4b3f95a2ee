"""Where filed entries are kept: what a store has to do, and what stores share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Final, Protocol

from attrs import frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, UnknownCase
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.filed import NO_NOTE, Filed, Note, Secret, file
from rrm_lifecycle.record.kept import Kept
from rrm_lifecycle.record.storage.standing import Standing

Clock = Callable[[], datetime]


def utc_clock() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


@frozen
class Head:
    """Where the record of a case ends.

    Attributes:
        case_id: Id of the case, as it was opened; of attempts, that and ``/attempts``.
        seq: Number of its last entry.
        hash: Hash of its last entry.
        log: Name of the log that its entries name.
        recorded: When its last entry was recorded.
    """

    case_id: str
    seq: int
    hash: str
    log: str | None = None
    recorded: datetime | None = None

    @classmethod
    def of(cls, filed: Filed) -> Head:
        """Return the head that an entry is."""
        return cls(filed.case_id, filed.seq, filed.hash, filed.log, filed.recorded)


@frozen
class Draft:
    """What is to be filed.

    Attributes:
        kept: An entry, or what keepers say.
        note: What is kept with it.
    """

    kept: Kept
    note: Note = NO_NOTE


@frozen
class Query:
    """Which cases are asked for. What is None does not narrow.

    Attributes:
        stage: Those that stand there.
        phase: Those in that phase.
        facility: Those about a facility of that name, letter case folded.
        country: Those about a facility there.
        owner: Those about a facility of that owner, letter case folded.
        open_only: Those that are not closed, or whose customs hold is open.
    """

    stage: Stage | None = None
    phase: Phase | None = None
    facility: str | None = None
    country: str | None = None
    owner: str | None = None
    open_only: bool = False

    def admits(self, one: Standing) -> bool:
        """Return whether a case is one of those."""
        return (
            (self.stage is None or one.stage is self.stage)
            and (self.phase is None or one.phase is self.phase)
            and (self.facility is None or one.facility == self.facility)
            and (self.country is None or one.country == self.country)
            and (self.owner is None or one.owner == self.owner)
            and not (self.open_only and one.stage is Stage.CLOSED and b'"hold":"suspended"' not in one.snapshot)
        )


class Store(Protocol):
    """What a store does: it files entries, each at the end of its case, and gives them back.

    A store alone files: it looks at its clock, links the entry to the one before, and hashes it. Two writers of one case
    are told apart by the head that each follows: the first is filed, the second is told.

    Log order is the order in which a log took up its entries, each under a number from 0 on, without a gap.
    """

    @property
    def log(self) -> str:
        """Name of its log; it stands in every entry, so that none can be moved to another log."""
        ...

    def now(self) -> datetime:
        """Return the moment by the store's clock, in UTC."""
        ...

    # ---- writing
    def append(
        self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
    ) -> tuple[Filed, ...]:
        """File entries of one case (or one chain of attempts) behind its head, all or none, and return them.

        Args:
            drafts: What is to be filed, in order; at least one.
            after: The head that the writer knows; None for a new chain.
            case: The case as it stands behind them; None for attempts. Kept with the entries, for lists and agendas.
            once: A key of the writer's choosing, kept with the number of the first of them: see :meth:`once`.

        Raises:
            DuplicateCase: A new chain for an id that is held already; ids that differ in letter case alone are one.
            ConcurrencyConflict: Another entry was filed behind that head; nothing was written.
            StorageFull: No room is left; nothing was written.
            ReadOnlyStore: The store cannot be written; nothing was written.
        """
        ...

    def put(self, filed: Sequence[Filed], secrets: Iterable[tuple[int, Secret]], case: Case | None) -> None:
        """Take up a whole record as it was filed elsewhere, byte for byte; it has been verified.

        Raises:
            DuplicateCase: The case is held already.
        """
        ...

    def restand(self, standing: Standing) -> None:
        """Write anew where a case stands."""
        ...

    # ---- reading the record
    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on.

        Raises:
            UnknownCase: The case is not held; the message names near ids.
        """
        ...

    def bodies(self, case_id: str) -> Iterator[tuple[bytes, str]]:
        """Yield the bytes and the stated hash of each entry of a case in order, unread: whoever verifies reads them once.

        Raises:
            UnknownCase: The case is not held.
            RecordDamaged: The storage holds something else in its place.
        """
        ...

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends.

        Raises:
            UnknownCase: The case is not held.
        """
        ...

    def heads(self) -> Iterator[Head]:
        """Yield where each record ends, attempts too, in the order in which they were begun."""
        ...

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        ...

    def secrets(self, case_id: str, seq: int | None = None) -> tuple[tuple[int, Secret], ...]:
        """Return the values behind sealed texts that are still held, each with the number of its entry."""
        ...

    # ---- log order
    def number(self) -> int:
        """Give every entry its place in log order that has none yet, and return how many have one."""
        ...

    def in_order(self, start: int = 0) -> Iterator[Filed]:
        """Yield the entries in log order, from a place on."""
        ...

    def hashes(self, start: int = 0) -> Iterator[bytes]:
        """Yield the hashes of the entries in log order, 32 bytes each, from a place on."""
        ...

    def recordings(self) -> Iterator[tuple[bytes, datetime | None]]:
        """Yield hash and time of recording of each entry in log order; None where times do not follow that order."""
        ...

    def place(self, case_id: str, seq: int) -> int | None:
        """Return the place of an entry in log order; None if it has none yet, or is not held."""
        ...

    # ---- where cases stand
    def standing(self, case_id: str) -> Standing | None:
        """Return where a case stands; None where no row says so."""
        ...

    def standings(self, query: Query = Query()) -> Iterator[Standing]:
        """Yield where cases stand, in the order in which they were opened."""
        ...

    def near(self, facility: CoveredFacility) -> Iterator[Standing]:
        """Yield where cases stand that leave a Denial at a facility, or at one of its owner."""
        ...

    # ---- the store itself
    def backup(self, target: str) -> None:
        """Write a copy that holds together, while others write.

        Raises:
            StorageError: The store has no copy to write, or the target is there already.
        """
        ...

    def check(self) -> None:
        """Check what the storage itself can check.

        Raises:
            RecordDamaged: It does not hold.
        """
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


_LONGEST_ID: Final = 64
_MOST_COMPARED: Final = 2_000
"""The most ids that are compared with one that is not held: the youngest."""


def near_ids(case_id: str, held: Iterable[str]) -> UnknownCase:
    """Return the error for a case that is not held, with ids near to what was asked for."""
    ids = list(held)
    asked = case_id.casefold()[:_LONGEST_ID]
    near = get_close_matches(asked, [one.casefold() for one in ids[-_MOST_COMPARED:]], 3)
    names = [one for one in ids if one.casefold() in near]
    hint = f"is {' or '.join(map(repr, names))} meant?" if names else f"it holds {len(ids)} cases"
    return UnknownCase(f"no case {case_id[:64]!r} is held here: {hint}")


def duplicate(held: str) -> DuplicateCase:
    """Return the error for a case that is held already."""
    return DuplicateCase(f"the case {held} is held already (letter case makes no other id): choose another id")


def conflict(case_id: str, expected: int, held: int) -> ConcurrencyConflict:
    """Return the error for a writer that did not know all entries of a case."""
    return ConcurrencyConflict(
        f"case {case_id} has moved on: this was to be entry {expected}, and the docket holds {held} entries. Nothing was "
        f"written: take docket.case({case_id!r}), look at what was added, and record again"
    )


def link(
    drafts: Sequence[Draft], *, after: Head | None, log: str, now: datetime, last: datetime | None = None
) -> tuple[Filed, ...]:
    """Return drafts as they are kept behind a head: numbered, linked, hashed, none recorded earlier than the one before.

    Args:
        drafts: What is to be filed.
        after: The head that they follow.
        log: Name of the log, for a new chain; a chain keeps the name that it began with.
        now: What the clock says, in UTC.
        last: When the entry before in the whole log was recorded, where the store knows.
    """
    seq = 0 if after is None else after.seq + 1
    prev = None if after is None else after.hash
    name = log if after is None else after.log
    floor = max((one for one in (last, after and after.recorded) if one), default=now)
    recorded, clock = (floor, now) if now < floor else (now, None)
    filed = []
    for number, draft in enumerate(drafts, seq):
        made = file(draft.kept, seq=number, prev=prev, log=name, recorded=recorded, clock=clock, note=draft.note)
        prev = made.hash
        filed.append(made)
    return tuple(filed)


def clean_once(key: str | None) -> str | None:
    """Return a key for ``once``, or refuse it.

    Raises:
        EventError: No text, or an empty one.
    """
    if key is None:
        return None
    if not clean_text(key, "once", longest=200):
        msg = "once has to be a text of your choosing, such as the id of the message that asks to record"
        raise EventError(msg)
    return clean_text(key, "once", longest=200)
