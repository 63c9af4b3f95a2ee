"""What a docket shows: cases, what is due, what may be done, what was kept, and what was known when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.agenda import options as options_of
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, exact_day, member
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import EventError, UnknownCase
from rrm_lifecycle.law.stages import Hold, Phase, Stage
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.keeper import Keeper
from rrm_lifecycle.record.kept import ATTEMPTS
from rrm_lifecycle.record.past import AsOf
from rrm_lifecycle.record.proof.receipts import Receipt
from rrm_lifecycle.record.storage.stores import Head, Query, Store
from rrm_lifecycle.show import Shown


class Looking(Shown):
    """The part of a docket that writes nothing.

    Args:
        store: Where entries are kept.
        keeper: The cases over it.
    """

    def __init__(self, store: Store, keeper: Keeper) -> None:
        self._store = store
        self._keeper = keeper

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
        return decide(stands, event, context=self._keeper.context_for(stands, event))

    def options(self, case: Case | str, today: date) -> Options:
        """Return which acts the table provides for in a case, by whom, which are open, and which open when."""
        stands = self._stands(case)
        return options_of(stands, today, context=self._keeper.context_for(stands))

    def agenda(self, today: date, *, case: Case | str | None = None) -> Agenda:
        """Return what is due, in all cases or in one, as things stood at the end of a day; first what is due first."""
        exact_day(today, "today")
        context = self._keeper.context
        if case is not None:
            return agenda_of(self._stands(case), today, context=context)
        due = [one for held in self._open_on(today) for one in agenda_of(held, today, context=context)]
        due.sort(key=lambda one: (one.due is None, one.due or today))
        return Agenda(today, tuple(due))

    def _open_on(self, today: date) -> Iterator[Case]:
        """Yield the cases in which something can be due, without their acts where the day lies behind all of them."""
        for standing in self._store.standings():
            brief = standing.case(brief=True)
            late = max((day for day in (brief.last_day, brief.hold_day) if day is not None), default=today)
            if late > today:
                yield self._keeper.current(standing.case_id).case
            elif brief.limits or standing.stage is not Stage.CLOSED or brief.hold is Hold.SUSPENDED:
                yield brief

    # ---- reading -----------------------------------------------------------------------------------------------------
    def case(self, id: str) -> Case:  # noqa: A002 - the word that people use for it
        """Return a case as the docket holds it.

        Raises:
            UnknownCase: The docket holds no case of that id; the message names near ids.
        """
        return self._keeper.current(id_of(id)).case

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
        query = Query(
            None if stage is None else member(Stage, stage, "stage"),
            None if phase is None else member(Phase, phase, "phase"),
            _name(facility),
            facility.country if isinstance(facility, CoveredFacility) else None,
            owner and owner.casefold(),
        )
        return tuple(self._keeper.current(one.case_id).case for one in list(self._store.standings(query)))

    def history(self, case: Case | str) -> tuple[Filed, ...]:
        """Return the filed entries of a case, in order: what was kept, when, and by whom.

        Raises:
            UnknownCase: The docket holds no such case.
        """
        return self._store.read(id_of(case))

    def attempts(self, case: Case | str) -> tuple[Filed, ...]:
        """Return the attempts in a case that were refused, in order.

        Raises:
            UnknownCase: The docket holds no such case.
        """
        head = self._store.head(id_of(case))
        try:
            return self._store.read(head.case_id + ATTEMPTS)
        except UnknownCase:
            return ()

    def reveal(self, case: Case | str) -> dict[tuple[int, str], str]:
        """Return the values behind the sealed texts of a case that are not erased, by number of entry and place."""
        return {(seq, one.place): one.value for seq, one in self._store.secrets(self._store.head(id_of(case)).case_id)}

    def as_of(self, recorded_at: datetime) -> AsOf:
        """Return the docket as it was known at a moment: what had been recorded by then, and nothing later.

        Args:
            recorded_at: The moment, with its time zone.

        Raises:
            EventError: Not a moment with a time zone.
        """
        return AsOf(self._store, recorded_at, self._keeper.context)

    def receipt(self, case: Case | str, seq: int | None = None) -> Receipt:
        """Return the receipt of an entry: in another's hands it is an anchor.

        Args:
            case: The case, or its id.
            seq: Number of the entry in the record; the last one if None.

        Raises:
            UnknownCase: The docket holds no such case.
            EventError: It has no such entry.
        """
        head = self._store.head(id_of(case))
        if seq is None or seq == head.seq:
            return self._receipt_of(head)
        found = self._store.read(head.case_id, seq)[:1] if 0 <= seq < head.seq else ()
        if not found:
            msg = f"case {head.case_id} has entries 0 to {head.seq}; found {seq}"
            raise EventError(msg)
        return self._receipt_of(Head.of(found[0]))

    def _receipt_of(self, head: Head) -> Receipt:
        return Receipt(head.log or self._store.log, head.case_id, head.seq, head.hash)

    def __repr__(self) -> str:
        """Return its log and how many cases it holds, in a line."""
        return f"<Docket {self._store.log}: {sum(1 for _ in self._store.standings())} cases>"

    # ---- inside ------------------------------------------------------------------------------------------------------
    def _stands(self, case: Case | str) -> Case:
        return case if isinstance(case, Case) else self._keeper.current(id_of(case)).case


def _name(facility: CoveredFacility | str | None) -> str | None:
    if isinstance(facility, CoveredFacility):
        return facility.name.casefold()
    return facility and facility.casefold()


def id_of(case: Any) -> str:  # noqa: ANN401 - checked here
    """Return the id of a case that is given as one, or by its id.

    Raises:
        EventError: Neither.
    """
    if isinstance(case, Case):
        return case.id
    if isinstance(case, str):
        return case
    msg = f"a case is given as a Case or by its id; found {type(case).__name__}"
    raise EventError(msg)
