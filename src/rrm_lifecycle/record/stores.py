"""Where filed entries are kept: what a store has to do, and one that keeps them in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from threading import Lock
from typing import Protocol
from uuid import uuid4

from attrs import frozen

from rrm_lifecycle.canonical import clean_id, clean_text
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, UnknownCase
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import NO_NOTE, Filed, Note, file, utc

Clock = Callable[[], datetime]


def utc_clock() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


@frozen
class Head:
    """Where the record of a case ends.

    Attributes:
        case_id: Id of the case, as it was opened.
        seq: Number of its last entry.
        hash: Hash of its last entry.
    """

    case_id: str
    seq: int
    hash: str


class Store(Protocol):
    """What a store does: it files entries, each at the end of its case, and gives them back.

    A store alone files: it looks at its clock, links the entry to the one before, and hashes it. Two writers of one case
    are told apart by the number that each expects to follow: the first is filed, the second is told.
    """

    @property
    def log(self) -> str:
        """Name of its log; it stands in every entry, so that none can be moved to another log."""
        ...

    def append(self, entry: Entry, *, expected: int, note: Note = NO_NOTE, once: str | None = None) -> Filed:
        """File an entry as number ``expected`` of its case, and return it as it is kept.

        Args:
            entry: The entry; an opening is number 0.
            expected: The number that it takes: that of the last entry known to the writer, and 1.
            note: What is kept with it.
            once: A key of the writer's choosing, kept with the number: see :meth:`once`.

        Raises:
            DuplicateCase: An opening for an id that is held already; ids that differ in letter case alone are one.
            UnknownCase: An act in a case that is not held.
            ConcurrencyConflict: Another entry was filed as that number; nothing was written.
        """
        ...

    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on.

        Raises:
            UnknownCase: The case is not held; the message names near ids.
        """
        ...

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends.

        Raises:
            UnknownCase: The case is not held.
        """
        ...

    def heads(self) -> tuple[Head, ...]:
        """Return where the record of each case ends, in the order in which the cases were opened."""
        ...

    def in_order(self) -> Iterator[Filed]:
        """Yield every entry in the order of the log."""
        ...

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        ...


def near_ids(case_id: str, held: list[str]) -> UnknownCase:
    """Return the error for a case that is not held, with ids near to what was asked for."""
    near = get_close_matches(case_id.casefold(), [one.casefold() for one in held], 3)
    names = [one for one in held if one.casefold() in near]
    hint = f"is {' or '.join(map(repr, names))} meant?" if names else f"it holds {len(held)} cases"
    return UnknownCase(f"no case {case_id[:64]!r} is held here: {hint}")


class MemoryStore:
    """A store that keeps entries in memory, for as long as the program runs. Safe to use from several threads.

    Args:
        clock: Gives the moment in UTC; the machine's clock unless you give another.
        log: Name of the log; a random one unless you give one.
    """

    def __init__(self, *, clock: Clock | None = None, log: str | None = None) -> None:
        self._clock = clock or utc_clock
        self._log = f"memory-{uuid4().hex[:16]}" if log is None else clean_id(log, "the name of a log")
        self._lock = Lock()
        self._cases: dict[str, list[Filed]] = {}
        self._order: list[Filed] = []
        self._once: dict[tuple[str, str], int] = {}

    @property
    def log(self) -> str:
        """Name of its log."""
        return self._log

    def append(self, entry: Entry, *, expected: int, note: Note = NO_NOTE, once: str | None = None) -> Filed:
        """File an entry as number ``expected`` of its case, and return it as it is kept; see :class:`Store`."""
        key = entry.case_id.casefold()
        with self._lock:
            kept = self._cases.get(key)
            if kept is None:
                if expected != 0:
                    raise near_ids(entry.case_id, self._ids())
                prev = None
            elif expected == 0:
                msg = f"the case {kept[0].case_id} is held already (letter case makes no other id): choose another id"
                raise DuplicateCase(msg)
            else:
                prev = kept[-1].hash
                if expected != len(kept):
                    raise conflict(kept[0].case_id, expected, len(kept))
            filed = self._file(entry, expected, prev, note)
            self._cases.setdefault(key, []).append(filed)
            self._order.append(filed)
            if once is not None:
                self._once[key, clean_text(once, "once", longest=200)] = expected
        return filed

    def _file(self, entry: Entry, seq: int, prev: str | None, note: Note) -> Filed:
        now = utc(self._clock())
        recorded, clock = now, None
        if self._order:
            last = self._order[-1].recorded
            if last is not None and now < last:
                recorded, clock = last, now
        return file(entry, seq=seq, prev=prev, log=self._log, recorded=recorded, clock=clock, note=note)

    def _ids(self) -> list[str]:
        return [kept[0].case_id for kept in self._cases.values()]

    def _kept(self, case_id: str) -> list[Filed]:
        kept = self._cases.get(case_id.casefold()) if isinstance(case_id, str) else None
        if kept is None:
            raise near_ids(str(case_id), self._ids())
        return kept

    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on; see :class:`Store`."""
        with self._lock:
            return tuple(self._kept(case_id)[start:])

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends; see :class:`Store`."""
        with self._lock:
            last = self._kept(case_id)[-1]
        return Head(last.case_id, last.seq, last.hash)

    def heads(self) -> tuple[Head, ...]:
        """Return where the record of each case ends."""
        with self._lock:
            return tuple([Head(kept[-1].case_id, kept[-1].seq, kept[-1].hash) for kept in self._cases.values()])

    def in_order(self) -> Iterator[Filed]:
        """Yield every entry in the order in which it was filed."""
        with self._lock:
            order = tuple(self._order)
        return iter(order)

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        with self._lock:
            return self._once.get((case_id.casefold(), key))


def conflict(case_id: str, expected: int, held: int) -> ConcurrencyConflict:
    """Return the error for a writer that did not know all entries of a case."""
    return ConcurrencyConflict(
        f"case {case_id} has moved on: this was to be entry {expected}, and the docket holds {held} entries. Nothing was "
        f"written: take docket.case({case_id!r}), look at what was added, and record again"
    )


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
