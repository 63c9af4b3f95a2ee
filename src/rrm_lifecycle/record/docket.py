"""The door for applications: start a case, ask, record, correct, see what is due and what may be done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Origin, Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import ConcurrencyConflict, EventError, RefusedError
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.record.adopting import Aligned, drafts_of, each
from rrm_lifecycle.record.audit import Audit
from rrm_lifecycle.record.course import Preview, course
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.filed import Document, Filed, Note, Source
from rrm_lifecycle.record.keeper import Held, Keeper, Observer
from rrm_lifecycle.record.kept import Change, Erasure, Remark
from rrm_lifecycle.record.looking import id_of
from rrm_lifecycle.record.proof.receipts import Receipt
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.places import store_at, store_on
from rrm_lifecycle.record.storage.stores import Clock, Draft, Store, clean_once
from rrm_lifecycle.record.whole import Whole

if TYPE_CHECKING:
    from rrm_lifecycle.record.proof.keys import SigningKey, Verifier

_DEFAULT: Final = Context()
_TRIES: Final = 8
"""How often a writer that knows the acts of a case tries again when only remarks were added meanwhile."""


class Docket(Whole):
    """Cases and their records, behind one door. Safe to use from several threads, and from several processes.

    A docket decides under one context. To it, it adds the Denials in its own cases, which count as prior ones where
    they are dated before the act.

    Args:
        store: Where entries are kept; :meth:`open`, :meth:`on` and :meth:`in_memory` make one.
        context: Reading, calendar and register; our defaults if None.
        key: Signs checkpoints.
        checkpoints: The folder in which they are kept.
        observers: Each is called with every entry once it is kept for good; what it raises is logged and harms nothing.

    Example:
        >>> from rrm_lifecycle import events as did
        >>> docket = Docket.in_memory()
        >>> case = docket.start("SLP-2024-01")
        >>> docket.ask(case, did.ReviewAccepted(date(2024, 4, 10))).admitted
        False
        >>> docket.verify().entries
        1
    """

    def __init__(  # noqa: PLR0913 - what a docket is made of
        self,
        store: Store,
        *,
        context: Context | None = None,
        key: SigningKey | None = None,
        checkpoints: str | os.PathLike[str] | None = None,
        verifiers: Iterable[Verifier] = (),
        observers: Iterable[Observer] = (),
        in_transaction: bool = False,
    ) -> None:
        keeper = Keeper(store, context or _DEFAULT, observers, in_transaction=in_transaction)
        folder = None if checkpoints is None else Path(checkpoints)
        super().__init__(store, keeper, Audit(store, key, folder, tuple(verifiers)))

    # ---- opening -----------------------------------------------------------------------------------------------------
    @classmethod
    def in_memory(
        cls, *, context: Context | None = None, clock: Clock | None = None, observers: Iterable[Observer] = ()
    ) -> Docket:
        """Return a docket whose records last as long as the program.

        Args:
            context: Reading, calendar and register; our defaults if None.
            clock: Gives the moment of recording in UTC; the machine's clock if None.
            observers: Each is called with every entry once it is kept.
        """
        return cls(MemoryStore(clock=clock), context=context, observers=observers)

    @classmethod
    def open(  # noqa: PLR0913 - what an application may want to say
        cls,
        target: str | os.PathLike[str],
        *,
        context: Context | None = None,
        key: SigningKey | None = None,
        checkpoints: str | os.PathLike[str] | None = None,
        verifiers: Iterable[Verifier] = (),
        schema: str = "rrm",
        create: bool | None = None,
        wal: bool = False,
        verify: Literal["full", "head", "no"] = "full",
        observers: Iterable[Observer] = (),
        clock: Clock | None = None,
    ) -> Docket:
        """Return a docket that lasts: in a file, or in PostgreSQL.

        Args:
            target: Path of a SQLite file, which is made where there is none; or ``"postgresql://…"``.
            context: Reading, calendar and register; our defaults if None.
            key: Signs checkpoints; keep it away from the docket.
            checkpoints: A folder for checkpoints: written on each closing, every 100 entries and on ``close()`` where a key
                is named, and compared by :meth:`verify`. Keep it away from the docket too.
            verifiers: Keys whose checkpoints count; that of ``key`` if none are given.
            schema: Name of the schema in PostgreSQL.
            create: Whether to make what is not there; None makes a file, and nothing in PostgreSQL.
            wal: Use SQLite's write-ahead log, where this SQLite is free of its known fault.
            verify: What is checked first: everything, the ends alone (for large logs), or nothing.
            observers: Each is called with every entry once it is kept for good.
            clock: Gives the moment of recording in UTC; the machine's clock if None.

        Raises:
            StorageError: The target cannot be opened; the message says what stands in the way.
            RecordDamaged: What is kept does not hold.
            RecordTooNew: A later version of this library made it.
            MissingExtra: PostgreSQL, or signing, needs an extra that is not installed.
        """
        store = store_at(os.fspath(target), schema=schema, create=create, wal=wal, clock=clock)
        made = cls(store, context=context, key=key, checkpoints=checkpoints, verifiers=verifiers, observers=observers)
        try:
            if verify == "full":
                made.verify()
            elif verify == "head":
                made._audit.verify_heads()
        except BaseException:
            store.close()
            raise
        return made

    @classmethod
    def on(
        cls,
        connection: Any,  # noqa: ANN401 - a connection of sqlite3 or psycopg
        *,
        schema: str = "rrm",
        context: Context | None = None,
        clock: Clock | None = None,
    ) -> Docket:
        """Return a docket in the caller's database, inside of the caller's own transaction: both rows or neither.

        It sets savepoints alone, and never commits, rolls back or changes a setting. Entries wait in :meth:`pending` for
        the caller's hook behind the commit.

        Args:
            connection: A live connection of ``sqlite3`` or ``psycopg``; or a ``psycopg_pool`` pool, for transactions of
                the docket's own.
            schema: Name of the schema in PostgreSQL.
            context: Reading, calendar and register; our defaults if None.
            clock: Gives the moment of recording in UTC; the machine's clock if None.

        Raises:
            StorageError: A mode or an isolation level that a record cannot rely on; the message says what to set.
        """
        store, in_transaction = store_on(connection, schema=schema, clock=clock)
        return cls(store, context=context, in_transaction=in_transaction)

    # ---- writing -----------------------------------------------------------------------------------------------------
    def start(  # noqa: PLR0913 - what the opening of a case says
        self,
        id: str,  # noqa: A002 - the word that people use for it
        *,
        annex: Annex = ANNEX_31A,
        origin: Origin | str | None = None,
        complainant: Party | str | None = None,
        respondent: Party | str | None = None,
        recorded_by: str | None = None,
    ) -> Case:
        """Open a case, file its opening, and return it.

        Args:
            id: Letters, digits, ``.``, ``_`` and ``-``; at most 64.
            annex: Annex 31-A or 31-B.
            origin: Petition, hotline or self-initiated, where it is known.
            complainant: The complainant Party; follows from the facility unless given.
            respondent: The respondent Party; likewise.
            recorded_by: The person or system at the keyboard: an id of your choosing.

        Raises:
            DuplicateCase: The docket holds a case of that id; ids that differ in letter case alone are one.
            EventError: The id cannot be used, or the Annex does not bind the two Parties.
        """
        case = Case.start(id, annex=annex, origin=origin, complainant=complainant, respondent=respondent)
        held = self._keeper.open(case, [Draft(case.opening, Note.of(recorded_by))])
        self._audit.wrote(1, closed=False)
        return held.case

    def record(  # noqa: PLR0913 - what is kept with an act
        self,
        case: Case | str,
        event: Event,
        *,
        recorded_by: str | None = None,
        source: Source | str | None = None,
        remark: str | None = None,
        documents: Iterable[Document] = (),
        once: str | None = None,
    ) -> Case:
        """Record an act and return the case after it. The entry is filed before the new case is shown.

        An act learned of after later ones is no act of today: it comes in with :meth:`correct` and ``Insert``.

        Args:
            case: The case as you know it, or its id, for the case as the docket holds it.
            event: What was done, on which day, by whom.
            recorded_by: The person or system at the keyboard: an id of your choosing.
            source: Where it is stated.
            remark: Your own words.
            documents: Digests of files that stay with you.
            once: A key of your choosing. Asked again with it for the same act, the docket records nothing and returns
                the case as it stands: a repeat after a lost answer does no harm. The same act is the same event; a
                text that is sealed anew makes another one.

        Raises:
            RefusedError: The table refuses the act; carries the refusal. The attempt is kept beside the case.
            ConcurrencyConflict: Somebody recorded in the case since you took it; nothing was written.
            UnknownCase: The docket holds no such case.
            EventError: The key was used for another act, or a value is not what it has to be.
            StorageError: The storage cannot keep it; nothing was written.
        """
        return self._record(case, (event,), Note.of(recorded_by, source, remark, documents), clean_once(once))

    def record_all(  # noqa: PLR0913 - as record
        self,
        case: Case | str,
        events: Iterable[Event],
        *,
        recorded_by: str | None = None,
        source: Source | str | None = None,
        remark: str | None = None,
        documents: Iterable[Document] = (),
        once: str | None = None,
    ) -> Case:
        """Record several acts in one commit, all or none, and return the case after them; as :meth:`record`."""
        several = tuple(events)
        if not several:
            return self._check_same(case, self._keeper.current(id_of(case)))
        return self._record(case, several, Note.of(recorded_by, source, remark, documents), clean_once(once))

    def _record(self, case: Case | str, events: tuple[Event, ...], note: Note, once: str | None) -> Case:
        for _ in range(_TRIES):
            held = self._keeper.current(id_of(case))
            if once is not None and self._is_done(held, events, once):
                return held.case
            now = self._check_same(case, held)
            drafts = []
            for event in events:
                ruling = decide(now, event, context=self._keeper.context_for(now, event))
                if isinstance(ruling, Refusal):
                    raise self._refused(ruling, note)
                drafts.append(Draft(ruling, note))
                now = evolve(now, ruling)
            try:
                made = self._keeper.file(held, drafts, now, once)
            except ConcurrencyConflict:
                if self._keeper.current(held.case.id).case.acts == held.case.acts:
                    continue  # a remark came between
                if once is not None and self._is_done(self._keeper.current(held.case.id), events, once):
                    return self._keeper.current(held.case.id).case
                raise
            self._audit.wrote(len(events), closed=any(one.closing is not None for one in now.acts[-len(events) :]))
            return made.case
        msg = f"others wrote in case {id_of(case)} {_TRIES} times in a row, each time first: record again"
        raise ConcurrencyConflict(msg)

    def _refused(self, refusal: Refusal, note: Note) -> RefusedError:
        error = RefusedError(refusal)
        if any(reason.code == "in_order" for reason in refusal.reasons):
            error.add_note(
                "an act learned of after later ones comes in with docket.correct(case, Insert(after, event), reason=…)"
            )
        missed = self._keeper.attempt(refusal, note)
        if missed is not None:
            error.add_note(f"the attempt could not be kept: {missed}")
        return error

    def _is_done(self, held: Held, events: tuple[Event, ...], once: str) -> bool:
        seq = self._store.once(held.case.id, once)
        if seq is None:
            return False
        found = tuple(
            one.entry.event
            for one in self._store.read(held.case.id, seq)[: len(events)]
            if isinstance(one.entry, Entry)
        )
        if found != events:
            msg = (
                f"the key {once!r} was used for {', '.join(map(str, found)) or 'something else'} in case {held.case.id}: "
                "take a key for each act"
            )
            raise EventError(msg)
        return True

    def _check_same(self, case: Case | str, held: Held) -> Case:
        now = held.case
        if not isinstance(case, Case) or case is now:
            return now
        if case.id == now.id and case.acts == now.acts and case.opened_with == now.opened_with:
            return now
        if now.acts[: case.seq] == case.acts:
            msg = (
                f"case {now.id} has moved on: you hold it as of act {case.seq}, the docket as of act {now.seq}. Nothing "
                f"was written: take docket.case({now.id!r}), look at what was added, and record again"
            )
        else:
            msg = (
                f"the case {case.id} that you hold has acts that the docket does not hold, as after a what-if with play, "
                f"or a correction. Nothing was written: take docket.case({now.id!r}) and record each act"
            )
        raise ConcurrencyConflict(msg)

    def remark(  # noqa: PLR0913 - what is kept with it
        self,
        case: Case | str,
        text: str,
        *,
        on: date,
        recorded_by: str | None = None,
        source: Source | str | None = None,
        documents: Iterable[Document] = (),
    ) -> Receipt:
        """Keep words of your own about a case, which change no stage, and return the receipt.

        Args:
            case: The case, or its id.
            text: The words.
            on: The day that they are about.
            recorded_by: The person or system at the keyboard.
            source: Where it is stated.
            documents: Digests of files that stay with you.

        Raises:
            UnknownCase: The docket holds no such case.
            EventError: A value is not what it has to be.
        """
        note = Note.of(recorded_by, source, None, documents)
        return self._keep(id_of(case), lambda held: Draft(Remark(held.case.id, text, on), note))

    def _keep(self, case_id: str, draft: Any) -> Receipt:  # noqa: ANN401 - makes a draft for a case as it is held
        for _ in range(_TRIES):
            held = self._keeper.current(case_id)
            try:
                receipt = self._receipt_of(self._keeper.file(held, [draft(held)], held.case).head)
            except ConcurrencyConflict:
                continue
            self._audit.wrote(1, closed=False)
            return receipt
        msg = f"others wrote in case {case_id} {_TRIES} times in a row, each time first: try again"
        raise ConcurrencyConflict(msg)

    @overload
    def correct(
        self, case: Case | str, *changes: Change, reason: str, recorded_by: str | None = ..., preview: Literal[True]
    ) -> Preview: ...
    @overload
    def correct(
        self,
        case: Case | str,
        *changes: Change,
        reason: str,
        recorded_by: str | None = ...,
        preview: Literal[False] = ...,
    ) -> Case: ...
    def correct(
        self,
        case: Case | str,
        *changes: Change,
        reason: str,
        recorded_by: str | None = None,
        preview: bool = False,
    ) -> Case | Preview:
        """Correct the course of a case and return the case after it. Nothing that was recorded is edited or lost.

        The entry of a correction holds its changes, its reason, and the course from the first change on, decided anew. An
        act of history that the corrected course would have barred stays, with a finding.

        Args:
            case: The case as you know it, or its id.
            changes: ``Replace(seq, event)``, ``Insert(after, event)``, ``Strike(seq)``, numbered by ``case.path``.
            reason: Why.
            recorded_by: The person or system at the keyboard.
            preview: Write nothing, and return what would change: stages, limits, findings.

        Raises:
            RefusedError: A new act is refused where it is put, or no row is left for an act behind it: mend that in the same
                call.
            ConcurrencyConflict: Somebody recorded in the case since you took it; nothing was written.
            EventError: The changes name no act of the case.
        """
        note = Note.of(recorded_by)
        held = self._keeper.current(id_of(case))
        self._check_same(case, held)
        found = course(held.case, changes, reason, self._keeper.context_for)
        if preview:
            return found
        made = self._keeper.file(held, [Draft(found.correction, note)], found.after)
        self._audit.wrote(1, closed=found.after.is_closed)
        return made.case

    def adopt(
        self,
        alignments: Iterable[Aligned],
        *,
        recorded_by: str | None = None,
        deviations: Literal["refuse", "remark"] = "refuse",
    ) -> tuple[Case, ...]:
        """Take up aligned histories as cases, each whole or not at all, and return them.

        Acts are kept as aligned, those that are implied marked as such with the interval in which they lie; remarks and
        sources are kept beside them.

        Args:
            alignments: Several of :func:`rrm_lifecycle.align`, or what ``align_all`` gives.
            recorded_by: The person or system at the keyboard.
            deviations: What becomes of an event that the table refuses: ``"refuse"`` takes up nothing at all,
                ``"remark"`` keeps it as a remark.

        Raises:
            EventError: A history deviates, and deviations are to be refused; no such choice; or no alignments.
            DuplicateCase: The docket holds one of the cases; those before it in the order given have been taken up.
        """
        several = [(one.case, drafts_of(one, recorded_by, deviations)) for one in each(alignments)]
        taken = []
        for case, drafts in several:
            taken.append(self._keeper.open(case, drafts).case)
            self._audit.wrote(len(drafts), closed=False)
        return tuple(taken)

    def erase(self, case: Case | str, seq: int, field: str, *, reason: str, recorded_by: str | None = None) -> Receipt:
        """Erase the value of a sealed text for good. The chain still holds; views go on showing ``<sealed>``.

        Args:
            case: The case, or its id.
            seq: Number of the entry in the record: see :meth:`history` and :meth:`reveal`.
            field: Where it stands, such as ``"remark"`` or ``"data.basis"``.
            reason: Why.
            recorded_by: The person or system at the keyboard.

        Raises:
            EventError: No sealed value stands there; the message names those that do.
            UnknownCase: The docket holds no such case.
        """
        case_id = self._keeper.current(id_of(case)).case.id
        held = {(number, one.place) for number, one in self._store.secrets(case_id)}
        if (seq, field) not in held:
            there = ", ".join(f"{place} of entry {number}" for number, place in sorted(held)) or "nothing"
            msg = f"no sealed value stands in {field!r} of entry {seq} of case {case_id}; sealed there: {there}"
            raise EventError(msg)
        note = Note.of(recorded_by)
        return self._keep(case_id, lambda _: Draft(Erasure(case_id, seq, field, reason), note))

    def pending(self) -> tuple[Filed, ...]:
        """Return the entries filed in the caller's transaction since the last call: for the hook behind the commit."""
        return self._keeper.take_pending()
