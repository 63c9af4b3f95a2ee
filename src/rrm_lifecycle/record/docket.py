"""The door for applications: start a case, ask, record, see what is due and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Any, Final

import attrs

from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.agenda import options as options_of
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.claim import CoveredFacility, Origin, Party, exact_day, member
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import PriorDenial, Register
from rrm_lifecycle.errors import ConcurrencyConflict, EventError, RecordDamaged, RefusedError
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.chain import Verified, verify
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.filed import Document, Filed, Note, Source
from rrm_lifecycle.record.stores import Clock, MemoryStore, Store, clean_once

_DEFAULT: Final = Context()


class _Register:
    """Past Denials in the docket's own cases, found by facility or owner, so that a ruling looks at few."""

    def __init__(self) -> None:
        self._of_case: dict[str, tuple[PriorDenial, ...]] = {}
        self._near: dict[tuple[str, str], set[str]] = {}

    def add(self, case: Case) -> None:
        """Take up what a case leaves."""
        denials = Register.of([case]).denials
        if denials and denials != self._of_case.get(case.id):
            for key in self._keys(denials[0].facility):
                self._near.setdefault(key, set()).add(case.id)
            self._of_case[case.id] = denials

    def near(self, facility: CoveredFacility | None) -> tuple[PriorDenial, ...]:
        """Return the Denials at a facility, or at one of its owner."""
        if facility is None or not self._of_case:
            return ()
        ids = set().union(*(self._near.get(key, ()) for key in self._keys(facility)))
        return tuple(denial for one in sorted(ids) for denial in self._of_case[one])

    @staticmethod
    def _keys(facility: CoveredFacility) -> Iterable[tuple[str, str]]:
        yield facility.country.value, facility.name.casefold()
        if facility.owner is not None:
            yield "owner", facility.owner.casefold()


class Docket:
    """Cases and their records, behind one door. Safe to use from several threads.

    A docket decides under one context. To it, it adds the Denials in its own cases, which count as prior ones where
    they are dated before the act.

    Args:
        store: Where entries are kept; :meth:`in_memory` makes one in memory.
        context: Reading, calendar and register; our defaults if None.

    Example:
        >>> from rrm_lifecycle import events as did
        >>> docket = Docket.in_memory()
        >>> case = docket.start("SLP-2024-01")
        >>> docket.ask(case, did.ReviewAccepted(date(2024, 4, 10))).admitted
        False
        >>> docket.verify().entries
        1
    """

    def __init__(self, store: Store, *, context: Context | None = None) -> None:
        self._store = store
        self._context = context or _DEFAULT
        self._lock = Lock()
        self._cases: dict[str, Case] = {}
        self._register = _Register()

    @classmethod
    def in_memory(cls, *, context: Context | None = None, clock: Clock | None = None) -> Docket:
        """Return a docket whose records last as long as the program.

        Args:
            context: Reading, calendar and register; our defaults if None.
            clock: Gives the moment of recording in UTC; the machine's clock if None.
        """
        return cls(MemoryStore(clock=clock), context=context)

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
        self._store.append(case.opening, expected=0, note=Note.of(recorded_by))
        return self._show(case)

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

        Args:
            case: The case as you know it, or its id, for the case as the docket holds it.
            event: What was done, on which day, by whom.
            recorded_by: The person or system at the keyboard: an id of your choosing.
            source: Where it is stated.
            remark: Your own words.
            documents: Digests of files that stay with you.
            once: A key of your choosing. Asked again with it for the same act, the docket records nothing and returns
                the case as it stands: a repeat after a lost answer does no harm.

        Raises:
            RefusedError: The table refuses the act; carries the refusal, and nothing was written.
            ConcurrencyConflict: Somebody recorded in the case since you took it; nothing was written.
            UnknownCase: The docket holds no such case.
            EventError: The key was used for another act, or a value is not what it has to be.
        """
        note = Note.of(recorded_by, source, remark, documents)
        key = clean_once(once)
        now = self._current(_id(case))
        if key is not None and self._is_done(now, event, key):
            return now
        if isinstance(case, Case):
            _check_same(case, now)
        ruling = decide(now, event, context=self._context_for(now, event))
        if isinstance(ruling, Refusal):
            raise RefusedError(ruling)
        try:
            self._store.append(ruling, expected=now.seq + 1, note=note, once=key)
        except ConcurrencyConflict:
            later = self._current(now.id)
            if key is not None and self._is_done(later, event, key):
                return later
            raise
        return self._show(evolve(now, ruling))

    def _is_done(self, case: Case, event: Event, key: str) -> bool:
        seq = self._store.once(case.id, key)
        if seq is None:
            return False
        if case.path[seq].event != event:
            msg = f"the key {key!r} was used for {case.path[seq].event} in case {case.id}: take a key for each act"
            raise EventError(msg)
        return True

    # ---- asking ------------------------------------------------------------------------------------------------------
    def ask(self, case: Case | str, event: Event) -> Entry | Refusal:
        """Return what the law says of an act; nothing is written.

        Args:
            case: A case, as it stands in your hand (a what-if too), or the id of one that the docket holds.
            event: What is to be done.

        Raises:
            UnknownCase: The docket holds no case of that id.
        """
        stands = self._stands(case)
        return decide(stands, event, context=self._context_for(stands, event))

    def options(self, case: Case | str, today: date) -> Options:
        """Return which acts the table provides for in a case, by whom, which are open, and which open when."""
        stands = self._stands(case)
        return options_of(stands, today, context=self._context_for(stands))

    def agenda(self, today: date, *, case: Case | str | None = None) -> Agenda:
        """Return what is due, in all cases or in one, as things stood at the end of a day; first what is due first."""
        exact_day(today, "today")
        if case is not None:
            return agenda_of(self._stands(case), today, context=self._context)
        due = [one for held in self.cases() for one in agenda_of(held, today, context=self._context)]
        due.sort(key=lambda one: (one.due is None, one.due or today))
        return Agenda(today, tuple(due))

    # ---- reading -----------------------------------------------------------------------------------------------------
    def case(self, id: str) -> Case:  # noqa: A002 - the word that people use for it
        """Return a case as the docket holds it.

        Raises:
            UnknownCase: The docket holds no case of that id; the message names near ids.
        """
        return self._current(id)

    def cases(
        self,
        *,
        stage: Stage | str | None = None,
        phase: Phase | str | None = None,
        facility: CoveredFacility | str | None = None,
        owner: str | None = None,
    ) -> tuple[Case, ...]:
        """Return the cases, in the order in which they were opened.

        Args:
            stage: Only those that stand there.
            phase: Only those in that phase.
            facility: Only those about that facility, or about one of that name (letter case apart).
            owner: Only those about a facility of that owner (letter case apart).

        Raises:
            EventError: No stage or phase of that name.
        """
        place = None if stage is None else member(Stage, stage, "stage")
        part = None if phase is None else member(Phase, phase, "phase")
        return tuple(
            case
            for case in [self._current(head.case_id) for head in self._store.heads()]
            if (place is None or case.stage is place)
            and (part is None or case.phase is part)
            and (facility is None or _is_about(case, facility))
            and (owner is None or _is_owned(case, owner))
        )

    def history(self, case: Case | str) -> tuple[Filed, ...]:
        """Return the filed entries of a case, in order: what was kept, when, and by whom.

        Raises:
            UnknownCase: The docket holds no such case.
        """
        return self._store.read(_id(case))

    def verify(self) -> Verified:
        """Check every record that is kept, and that the cases shown are the ones that the records fold to.

        Raises:
            RecordDamaged: The first place that does not hold.
        """
        found = verify(self._store.in_order())
        for head in self._store.heads():
            if found.heads.get(head.case_id) != head.hash:
                msg = f"the record of case {head.case_id} does not end where the store says"
                raise RecordDamaged(msg)
        for case in self.cases():
            if case != replay(one.entry for one in self._store.read(case.id)[: case.seq + 1]):
                msg = f"case {case.id} is shown otherwise than its record folds"
                raise RecordDamaged(msg)
        return found

    def __repr__(self) -> str:
        """Return how many cases it holds, in a line."""
        return f"<Docket {self._store.log}: {len(self._store.heads())} cases>"

    # ---- inside ------------------------------------------------------------------------------------------------------
    def _current(self, case_id: str) -> Case:
        head = self._store.head(case_id)
        case = self._cases.get(head.case_id)
        if case is not None and case.seq >= head.seq:
            return case
        rest = [one.entry for one in self._store.read(head.case_id, 0 if case is None else case.seq + 1)]
        if case is None:
            case = replay(rest)
        else:
            for entry in rest:
                case = evolve(case, entry)
        return self._show(case)

    def _show(self, case: Case) -> Case:
        with self._lock:
            held = self._cases.get(case.id)
            if held is None or held.seq < case.seq:
                self._cases[case.id] = case
                self._register.add(case)
        return case

    def _stands(self, case: Case | str) -> Case:
        return case if isinstance(case, Case) else self._current(_id(case))

    def _context_for(self, case: Case, event: Event | None = None) -> Context:
        facility = case.facility or getattr(event, "facility", None)
        with self._lock:
            denials = self._register.near(facility)
        if not denials:
            return self._context
        known = self._context.register
        return attrs.evolve(self._context, register=Register((*known.denials, *denials), known.bad_faith))


def _id(case: Any) -> str:  # noqa: ANN401 - checked here
    if isinstance(case, Case):
        return case.id
    if isinstance(case, str):
        return case
    msg = f"a case is given as a Case or by its id; found {type(case).__name__}"
    raise EventError(msg)


def _check_same(case: Case, now: Case) -> None:
    if case is now or (case.id == now.id and case.acts == now.acts and case.opened_with == now.opened_with):
        return
    if now.acts[: case.seq] == case.acts:
        msg = (
            f"case {now.id} has moved on: you hold it as of entry {case.seq}, the docket as of entry {now.seq}. Nothing "
            f"was written: take docket.case({now.id!r}), look at what was added, and record again"
        )
    else:
        msg = (
            f"the case {case.id} that you hold has acts that the docket does not hold, as after a what-if with play. "
            f"Nothing was written: take docket.case({now.id!r}) and record each act"
        )
    raise ConcurrencyConflict(msg)


def _is_about(case: Case, facility: CoveredFacility | str) -> bool:
    if case.facility is None:
        return False
    if isinstance(facility, CoveredFacility):
        return case.facility.is_same(facility)
    return case.facility.name.casefold() == facility.casefold()


def _is_owned(case: Case, owner: str) -> bool:
    return case.facility is not None and (case.facility.owner or "").casefold() == owner.casefold()
