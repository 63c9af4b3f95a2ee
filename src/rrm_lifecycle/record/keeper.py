"""What stands between a docket's door and its store: cases folded once, contexts, attempts, and whoever looks on."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from threading import Lock
from typing import Final

import attrs
from attrs import frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, RRMError, UnknownCase
from rrm_lifecycle.record.entry import Refusal
from rrm_lifecycle.record.filed import Filed, Note, file
from rrm_lifecycle.record.folding import fold, fold_all
from rrm_lifecycle.record.kept import ATTEMPTS, Attempt
from rrm_lifecycle.record.links import without_values
from rrm_lifecycle.record.storage.stores import Draft, Head, Store

Observer = Callable[[Filed], object]
"""Sees each entry once it is kept for good; what it raises is logged, and harms nothing."""

MOST_HELD: Final = 10_000
"""The most cases that are held folded; others are read again when they are asked for."""
MOST_ATTEMPTS: Final = 1_000
"""The most refused attempts that are kept of a case."""
MOST_AT_ONCE: Final = 20
"""The most refused attempts that are kept of a case within a minute; more are counted in the next that is kept."""
_MINUTE: Final = timedelta(minutes=1)
_TRIES: Final = 5

_log: Final = logging.getLogger("rrm_lifecycle")


@frozen
class Held:
    """A case as the record has it, and where its record ends."""

    case: Case
    head: Head


class Keeper:
    """Cases and their record over one store. Safe to use from several threads.

    Args:
        store: Where entries are kept.
        context: Reading, calendar and register.
        observers: See each entry once it is kept.
        in_transaction: Whether the store works in a transaction of the caller's: then observers see nothing, and
            :meth:`take_pending` hands the entries over.
    """

    def __init__(
        self, store: Store, context: Context, observers: Iterable[Observer] = (), *, in_transaction: bool = False
    ) -> None:
        self.store = store
        self.context = context
        self._observers = tuple(observers)
        self._in_transaction = in_transaction
        self._pending: list[Filed] = []
        self._lock = Lock()
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._skipped: dict[str, int] = {}

    # ---- cases -------------------------------------------------------------------------------------------------------
    def current(self, case_id: str) -> Held:
        """Return a case as its record folds now.

        Raises:
            UnknownCase: It is not held.
            RecordDamaged: Its record does not hold.
        """
        if case_id.endswith(ATTEMPTS):
            msg = f"{case_id!r} is a chain of refused attempts, no case: see docket.attempts(case)"
            raise UnknownCase(msg)
        head = self.store.head(case_id)
        with self._lock:
            held = self._held.get(head.case_id)
        if held is not None and held.head.hash == head.hash:
            return held
        case: Case | None = None
        rest: tuple[Filed, ...] = ()
        if held is not None and held.head.seq < head.seq:
            rest = self.store.read(head.case_id, held.head.seq + 1)
            case = held.case if rest and rest[0].prev == held.head.hash else None  # else what was held was rolled back
        if case is None:
            rest = self.store.read(head.case_id)
        if not rest:
            msg = f"case {case_id!r} has no entries"
            raise UnknownCase(msg)
        return self._hold(Held(fold_all([one.entry for one in rest], case), Head.of(rest[-1])))

    def _hold(self, held: Held) -> Held:
        with self._lock:
            self._held[held.case.id] = held
            self._held.move_to_end(held.case.id)
            if len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
        return held

    def context_for(self, case: Case, event: Event | None = None) -> Context:
        """Return the context, with the Denials in the docket's own cases that may count for an act."""
        facility: CoveredFacility | None = case.facility or getattr(event, "facility", None)
        if facility is None:
            return self.context
        denials = [denial for one in self.store.near(facility) for denial in one.denials]
        if not denials:
            return self.context
        known = self.context.register
        return attrs.evolve(self.context, register=Register((*known.denials, *denials), known.bad_faith))

    # ---- filing ------------------------------------------------------------------------------------------------------
    def open(self, case: Case, drafts: Sequence[Draft]) -> Held:
        """File a new case, and return it as it is held."""
        return self._filed(None, case, self.store.append(drafts, after=None, case=case))

    def file(self, held: Held, drafts: Sequence[Draft], case: Case, once: str | None = None) -> Held:
        """File entries behind a case, and return it as it is held then."""
        return self._filed(held.case, case, self.store.append(drafts, after=held.head, case=case, once=once))

    def _filed(self, before: Case | None, case: Case, filed: Sequence[Filed]) -> Held:
        if any(one.secrets for one in filed):
            # What is held, and told, shows no value behind a sealed text: else an erased one would stay, and a correction
            # would file it again.
            filed = tuple(map(without_values, filed))
            for one in filed:
                before = fold(before, one.entry)
            case = before or case
        held = self._hold(Held(case, Head.of(filed[-1])))
        self._tell(filed)
        return held

    def taken_up(self, case_id: str) -> int:
        """Tell of a record that was taken up from elsewhere; return how many entries it has."""
        filed = self.store.read(case_id)
        self._tell(filed)
        return len(filed)

    def _tell(self, filed: Sequence[Filed]) -> None:
        if self._in_transaction:
            self._pending += filed
            return
        for observe in self._observers:
            for one in filed:
                try:
                    observe(one)
                except Exception:  # noqa: BLE001 - whatever it is, the entry is kept
                    _log.exception("an observer failed at entry %d of case %s; the entry is kept", one.seq, one.case_id)

    def take_pending(self) -> tuple[Filed, ...]:
        """Return the entries filed in the caller's transaction since the last call, and forget them.

        Those that were rolled back meanwhile are left out.
        """
        taken, self._pending = self._pending, []
        return tuple(one for one in taken if self._is_held(one))

    def _is_held(self, filed: Filed) -> bool:
        try:
            held = self.store.read(filed.case_id, filed.seq)
        except UnknownCase:
            return False
        return bool(held) and held[0].hash == filed.hash

    # ---- attempts ----------------------------------------------------------------------------------------------------
    def attempt(self, refusal: Refusal, note: Note) -> str | None:
        """Keep a refused attempt beside its case, within bounds.

        Returns:
            Why it is not kept, if it is not.
        """
        chain = refusal.case_id + ATTEMPTS
        try:
            for _ in range(_TRIES):
                head = self._attempts(chain)
                if head is not None and self._is_over(chain, head):
                    return None
                skipped = self._skipped.get(chain, 0)
                draft = _without_values(Attempt(chain, refusal.event, refusal.stage, refusal.reasons, skipped), note)
                try:
                    filed = self.store.append([draft], after=head, case=None)
                except (ConcurrencyConflict, DuplicateCase):
                    continue  # another attempt came first
                self._skipped.pop(chain, None)
                self._tell(filed)
                return None
        except RRMError as error:
            return str(error)
        return "others kept attempts at the same time"

    def _attempts(self, chain: str) -> Head | None:
        try:
            return self.store.head(chain)
        except UnknownCase:
            return None

    def _is_over(self, chain: str, head: Head) -> bool:
        """Count an attempt that is one too many, in all or within a minute."""
        over = head.seq + 1 >= MOST_ATTEMPTS
        if not over and head.seq + 1 >= MOST_AT_ONCE:
            late = self.store.read(chain, head.seq + 1 - MOST_AT_ONCE)
            first, now = late[0].recorded, self.store.now()
            over = first is not None and now - first < _MINUTE
        if over:
            self._skipped[chain] = self._skipped.get(chain, 0) + 1
        return over


def _without_values(kept: Attempt, note: Note) -> Draft:
    """Return what is to be filed of an attempt: sealed texts without values, since none is erased among attempts."""
    bare = without_values(file(kept, seq=0, prev=None, note=note))
    return Draft(bare.entry, bare.note)
