"""What is due in a case, and what may be done in it: read off the table, for a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, overload

from attrs import field, frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Role, exact_day
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.engine import Checked, gates, rows_at
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law import wording
from rrm_lifecycle.law.guards import Asks, Ended, Fact, Lapsed, Waited
from rrm_lifecycle.law.provisions import A4_3
from rrm_lifecycle.law.stages import Hold
from rrm_lifecycle.law.terms import TERMS, Kind, Standing, Term
from rrm_lifecycle.record.entry import Reason
from rrm_lifecycle.show import Shown

CUSTOMS_HOLD: Final = "customs_hold"
"""Stands in :attr:`Due.term` for a customs hold that is open: it has no last day, and has to end."""

_WEAKEST: Final = (Standing.UNCONFIRMED, Standing.SECONDARY, Standing.TEXT)
_LINES: Final[dict[str, Term]] = {term.name: term for term in TERMS}


@frozen
class Due(Shown):
    """A time limit that runs, as seen from a day.

    Attributes:
        case_id: Id of the case.
        term: Name of the term, or ``"customs_hold"`` for an open hold.
        provision: What sets it, as printed under the case's Annex.
        started: Day of the act that started it.
        due: Last day in time; None where no last day is stated. Where only a period is known in which the limit began, the
            earliest day that it may be; once that is past, the latest, so that nobody is called late before it is certain.
        days_left: Days from the day of looking to the last day; negative when it is over.
        who: Who has to act, or has to wait.
        opens: Names of the acts that its end opens in the stage where the case stands.
        kind: What the limit does; None for the hold.
        standing: What its number and unit rest on, the weaker of the two.
    """

    case_id: str
    term: str
    provision: str
    started: date
    due: date | None
    days_left: int | None
    who: Role
    opens: tuple[str, ...]
    kind: Kind | None
    standing: Standing

    def text(self, language: str = "en") -> str:
        """Return the limit as a line."""
        return wording.due_text(self, language)

    def __str__(self) -> str:
        """Return the limit as a line in English."""
        return self.text()


@frozen
class Option(Shown):
    """An act that the table provides for where the case stands.

    Attributes:
        event: The class of the act.
        who: Whose act it is.
        rule: Id of the row.
        provision: What provides for it, as printed under the case's Annex.
        is_open: Whether neither time nor the case as it stands bars it on the day of looking.
        opens: First day on which time alone will open it; the day of looking where it is open.
        needs: Codes of the conditions that the act itself has to meet by what it says.
        reasons: What bars it on the day of looking.
        having: The field and value of the act for which the row stands, where it stands for some alone.
    """

    event: type[Event]
    who: Role
    rule: str
    provision: str
    is_open: bool
    opens: date | None
    needs: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    having: tuple[str, Any] | None = None

    def text(self, language: str = "en") -> str:
        """Return the option as a line."""
        return wording.option_text(self, language)

    def __str__(self) -> str:
        """Return the option as a line in English."""
        return self.text()


@frozen
class Agenda(Shown, Sequence[Due]):
    """What is due, first what is due first; what has no last day comes last.

    Attributes:
        today: The day of looking.
        items: The limits.
    """

    today: date
    items: tuple[Due, ...] = field(repr=False)

    @overload
    def __getitem__(self, index: int) -> Due: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Due]: ...
    def __getitem__(self, index: int | slice) -> Due | Sequence[Due]:
        """Return a limit, or several."""
        return self.items[index]

    def __len__(self) -> int:
        """Return how many limits run."""
        return len(self.items)

    def __iter__(self) -> Iterator[Due]:
        """Yield the limits."""
        return iter(self.items)

    def text(self, language: str = "en") -> str:
        """Return the agenda as text, a line a limit."""
        return "\n".join(due.text(language) for due in self.items)

    def __str__(self) -> str:
        """Return the agenda as text in English."""
        return self.text()


@frozen
class Options(Shown, Sequence[Option]):
    """What the table provides for, in table order.

    Attributes:
        today: The day of looking.
        items: The options.
    """

    today: date
    items: tuple[Option, ...] = field(repr=False)

    @overload
    def __getitem__(self, index: int) -> Option: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Option]: ...
    def __getitem__(self, index: int | slice) -> Option | Sequence[Option]:
        """Return an option, or several."""
        return self.items[index]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)

    def __iter__(self) -> Iterator[Option]:
        """Yield the options."""
        return iter(self.items)

    def text(self, language: str = "en") -> str:
        """Return the options as text, a line an option."""
        return "\n".join(option.text(language) for option in self.items)

    def __str__(self) -> str:
        """Return the options as text in English."""
        return self.text()


def agenda(case: Case, today: date, *, context: Context | None = None) -> Agenda:
    """Return the limits that run in a case, as things stood at the end of a day.

    Args:
        case: The case; on a past day, its later acts are left out.
        today: The day of looking.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        EventError: ``today`` is no plain ``datetime.date``.

    Example:
        >>> agenda(Case.start("SLP-2024-01"), date(2024, 4, 9)).items
        ()
    """
    exact_day(today, "today")
    case = case.until(today)
    context = context or DEFAULT
    here = tuple(rows_at(case, context=context))
    items = [_due(case, limit, today, context, here) for limit in case.limits]
    items.sort(key=lambda due: (due.due is None, due.due or today))
    if case.hold is Hold.SUSPENDED and case.hold_day is not None:
        cited = A4_3.cite(case.annex.name)
        ends = ("HoldReleased",)
        items.append(
            Due(case.id, CUSTOMS_HOLD, cited, case.hold_day, None, None, Role.COMPLAINANT, ends, None, Standing.TEXT)
        )
    return Agenda(today, tuple(items))


def _due(case: Case, limit: Limit, today: date, context: Context, here: tuple[Checked, ...]) -> Due:
    line = context.reading.term(limit.term, limit.started) or _LINES[limit.term]
    opens: dict[str, None] = {}
    for checked in here:
        for _, guard, _ in checked.checks:
            if isinstance(guard, Lapsed | Waited | Ended) and guard.term.name == limit.term:
                opens[checked.row.event.__name__] = None
    standing = next(one for one in _WEAKEST if one in (line.number, line.unit_rests_on))
    last = limit.due
    if last is not None and limit.latest is not None and today > last:
        last = limit.latest
    left = None if last is None else (last - today).days
    cited = line.provision.cite(case.annex.name)
    return Due(
        case.id, limit.term, cited, limit.started, last, left, line.who, tuple(opens), line.kind, standing
    )  # fmt: skip


def options(case: Case, today: date, *, context: Context | None = None) -> Options:
    """Return which acts the table provides for where a case stands, by whom, which are open, and which open when.

    Args:
        case: The case.
        today: The day of looking.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        EventError: ``today`` is no plain ``datetime.date``.

    Example:
        >>> first = options(Case.start("SLP-2024-01"), date(2024, 4, 1))[0]
        >>> first.event.__name__, first.who.value, first.is_open
        ('PetitionFiled', 'petitioner', True)
    """
    exact_day(today, "today")
    context = context or DEFAULT
    found = (
        _option(checked, case, today, context)
        for of_hold in (False, True)
        for checked in rows_at(case, of_hold=of_hold, context=context)
    )
    return Options(today, tuple(found))


def _option(checked: Checked, case: Case, today: date, context: Context) -> Option:
    row = checked.row
    reasons = tuple(gates(checked, case, today, context, facts=True))
    days = [reason.opens for reason in reasons]
    opens = today if not reasons else None
    if reasons and all(day is not None for day in days):
        opens = max(day for day in days if day is not None)
    needs = tuple(
        guard.code for _, guard, bars in checked.checks if bars and isinstance(guard, Fact) and guard.asks is Asks.EVENT
    )
    cited = row.provision.cite(case.annex.name)
    return Option(row.event, row.who, row.id, cited, not reasons, opens, needs, reasons, row.having)
