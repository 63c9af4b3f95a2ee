"""What was known at a moment: the records as far as they had been filed by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from attrs import evolve

from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.agenda import options as options_of
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import EventError, UnknownCase
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.folding import fold_all
from rrm_lifecycle.record.kept import ATTEMPTS
from rrm_lifecycle.record.storage.stores import Store


class AsOf:
    """A docket as it was known at a moment. A correction recorded later has not happened yet; nothing is written.

    Args:
        store: Where entries are kept.
        moment: The moment, with its time zone.
        context: Reading, calendar and register.
    """

    def __init__(self, store: Store, moment: datetime, context: Context) -> None:
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            msg = f"a moment has a time zone, such as datetime(2024, 4, 10, 12, tzinfo=UTC); found {moment!r}"[:300]
            raise EventError(msg)
        self._store = store
        self.moment = moment.astimezone(UTC)
        self._context = context

    def history(self, case: Case | str) -> tuple[Filed, ...]:
        """Return the entries of a case that had been filed.

        Raises:
            UnknownCase: The docket did not hold the case then.
        """
        name = case.id if isinstance(case, Case) else case
        kept = [one for one in self._store.read(name) if one.recorded is None or one.recorded <= self.moment]
        if not kept:
            msg = f"no case {name!r} was held at {self.moment.isoformat()}; it was opened later"
            raise UnknownCase(msg)
        return tuple(kept)

    def case(self, id: str) -> Case:  # noqa: A002 - the word that people use for it
        """Return a case as it was known.

        Raises:
            UnknownCase: The docket did not hold it then.
        """
        return fold_all(one.entry for one in self.history(id))

    def cases(self) -> tuple[Case, ...]:
        """Return the cases that were held, as they were known."""
        return tuple(self._cases())

    def _cases(self) -> Iterator[Case]:
        for head in self._store.heads():
            if not head.case_id.endswith(ATTEMPTS):
                try:
                    yield self.case(head.case_id)
                except UnknownCase:
                    continue

    def agenda(self, today: date) -> Agenda:
        """Return what was due on a day, as things were known at the moment."""
        due = [one for case in self._cases() for one in agenda_of(case, today, context=self._context)]
        due.sort(key=lambda one: (one.due is None, one.due or today))
        return Agenda(today, tuple(due))

    def options(self, case: Case | str, today: date) -> Options:
        """Return what might have been done in a case on a day, as things were known at the moment."""
        name = case.id if isinstance(case, Case) else case
        return options_of(self.case(name), today, context=self.context_now())

    def context_now(self) -> Context:
        """Return the context with the Denials in the docket's own cases, as far as they were known."""
        own = Register.of(self._cases()).denials
        known = self._context.register
        return (
            evolve(self._context, register=Register((*known.denials, *own), known.bad_faith)) if own else self._context
        )

    def __repr__(self) -> str:
        """Return the moment, in a line."""
        return f"<AsOf {self.moment.isoformat()} of {self._store.log}>"
