"""``decide`` and ``play``: the one door between an act and the table, and the only importer of ``transitions``.

One ``Machine`` is built from the table of the case, and a small one in the same way from the table of the hold. They own
the graph and the order of rows, and refuse a table that contradicts itself. No model is registered with them, they make
no automatic transitions, and nothing that matters stands in a callback. ``decide`` dispatches through a lookup that is
compiled from those machines; a property of the tests proves that a throw-away cursor moved by the machine itself gives
the same ruling for every stage and every kind of event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import attrs
from attrs import frozen
from transitions import Machine, Transition

from rrm_lifecycle.case.calendars import Calendar, Unit
from rrm_lifecycle.case.case import Case, evolve, with_parties
from rrm_lifecycle.case.claim import NotStated, Party, Role
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.deadlines import Limit, begin, new_limit
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.errors import EventError, ReadingError, RefusedError
from rrm_lifecycle.law.checking import check
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.guards import OF_EVERY_ACT, OF_EVERY_CLAIM, Asks, Fact, Force, Guard, Unmet
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import Standing
from rrm_lifecycle.law.version import RULEBOOK_VERSION
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Outcome, Reason, Refusal, Track, new_entry

# A bare step of `transitions` logs eleven times; its own logger is quietened here, not the application's.
logging.getLogger("transitions").setLevel(logging.WARNING)

ROWS: Final[tuple[Row, ...]] = (*TABLE, *CUSTOMS)
ROW_BY_ID: Final[dict[str, Row]] = {row.id: row for row in ROWS}
_CLAIM_EVENTS: Final = frozenset(kind for kind in EVENTS.values() if "facts_from" in attrs.fields_dict(kind))


# ---- the machine -----------------------------------------------------------------------------------------------------
@frozen(repr=False)
class Admission(Told):
    """The condition that a transition of the machine carries: whether its row admits an act."""

    row: Row

    def __call__(self, case: Case, event: Event, context: Context) -> bool:
        """Return whether the row admits the act: no guard of it bars."""
        plan = _plan(context.reading)
        checked = next((one for one in plan.rows[type(event)][_stands(case, event)] if one.row is self.row), None)
        return (
            checked is not None and checked.stands_for(case, event) and not _examine(checked, case, event, context)[0]
        )


def build(rows: Iterable[Row], places: type[Stage | Hold]) -> Machine:
    """Return the machine of a table.

    Raises:
        TableError: The table contradicts itself; the message names the row.
    """
    rows = tuple(rows)
    check(rows, places)
    transitions = [
        {
            "trigger": row.event.__name__,
            "source": place,
            "dest": None if row.to is None else row.to,
            "conditions": [Admission(row)],
        }
        for row in rows
        for place in row.stages
    ]
    return Machine(
        model=None, states=places, transitions=transitions, initial=None, auto_transitions=False, send_event=False
    )


MACHINE: Final[Machine] = build(TABLE, Stage)
"""The machine of the case."""
HOLD_MACHINE: Final[Machine] = build(CUSTOMS, Hold)
"""The machine of the customs hold."""


def _rows_of(machine: Machine, places: type[Stage | Hold]) -> Iterator[tuple[type[Event], Stage | Hold, Row]]:
    for name, event in machine.events.items():
        for place in places:
            transition: Transition
            for transition in event.transitions.get(place.name, ()):
                admission = transition.conditions[0].func
                if isinstance(admission, Admission):
                    yield EVENTS[name], place, admission.row


# ---- the lookup, compiled from the machine for one reading -----------------------------------------------------------
def for_complainant(row: Row, case: Case) -> bool:
    """Return whether a row stands for the complainant Party of a case; where that is not known yet, whether it may."""
    if row.only is None:
        return True
    return row.only is case.complainant if case.complainant is not None else row.only in case.annex.parties


@frozen(repr=False)
class Checked(Told):
    """A row with its guards, ready to be examined under one reading."""

    row: Row
    checks: tuple[tuple[Callable[[Case, Any, Context], Any], Guard, bool], ...]
    provisions: tuple[str, str]
    stops: frozenset[str]

    def stands_for(self, case: Case, event: Event) -> bool:
        """Return whether the row stands for this complainant and this kind of event at all."""
        row = self.row
        if not for_complainant(row, case):
            return False
        return row.having is None or getattr(event, row.having[0]) is row.having[1]


@frozen(repr=False)
class Plan(Told):
    """The lookup under one reading: the rows for each kind of event and each place, in table order."""

    reading: Reading
    rows: dict[type[Event], dict[Stage | Hold, tuple[Checked, ...]]]
    differs: dict[str, Any] | None


_PLANS: Final[dict[int, Plan]] = {}
_MOST_PLANS: Final = 256


def _plan(reading: Reading) -> Plan:
    plan = _PLANS.get(id(reading))
    if plan is None or plan.reading is not reading:
        plan = _compile(reading)
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        _PLANS[id(reading)] = plan
    return plan


def _compile(reading: Reading) -> Plan:
    for name in sorted(reading.without):
        if name not in ROW_BY_ID or ROW_BY_ID[name].rests_on is not Standing.UNCONFIRMED:
            free = ", ".join(row.id for row in ROWS if row.rests_on is Standing.UNCONFIRMED)
            msg = f"without may switch off rows that rest on nothing confirmed; found {name!r}; there are {free}"
            raise ReadingError(msg)
    checked = {row.id: _checked(row, reading) for row in ROWS}
    rows: dict[type[Event], dict[Stage | Hold, list[Checked]]] = {
        kind: {place: [] for place in (Hold if kind.of_hold else Stage)} for kind in EVENTS.values()
    }
    for machine, places in ((MACHINE, Stage), (HOLD_MACHINE, Hold)):
        for kind, place, row in _rows_of(machine, places):
            if row.id in reading.without or (row.under and getattr(reading, row.under[0]) != row.under[1]):
                continue
            rows[kind][place].append(checked[row.id])
    frozen_rows = {kind: {place: tuple(several) for place, several in one.items()} for kind, one in rows.items()}
    return Plan(reading, frozen_rows, reading.differs or None)


def _checked(row: Row, reading: Reading) -> Checked:
    guards: tuple[Guard, ...] = (
        *OF_EVERY_ACT, *(OF_EVERY_CLAIM if row.event in _CLAIM_EVENTS else ()), *row.requires
    )  # fmt: skip
    checks = tuple(
        (guard.ask if isinstance(guard, Fact) else guard.examine, guard, _bars(guard, reading)) for guard in guards
    )
    cites = (row.provision.in_31a, row.provision.in_31b)
    return Checked(row, checks, cites, frozenset(term.name for term in row.stops))


def _bars(guard: Guard, reading: Reading) -> bool:
    if guard.bars_under is not None and getattr(reading, guard.bars_under[0]) == guard.bars_under[1]:
        return True
    return guard.force is Force.BARS


def _stands(case: Case, event: Event) -> Stage | Hold:
    return case.hold if event.of_hold else case.stage


# ---- deciding --------------------------------------------------------------------------------------------------------
def decide(case: Case, event: Event, *, context: Context | None = None) -> Entry | Refusal:
    """Return what the law says of an act: an entry, or a refusal with every reason. Nothing is written.

    Args:
        case: The case as it stands.
        event: What is done, on which day, by whom.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        EventError: The event is none of this library's.
        CalendarEnd: Business days are to be counted beyond the last day that the calendar knows.
        ReadingError: The reading switches off a row that cannot be.

    Example:
        >>> from rrm_lifecycle.case import events as did
        >>> answer = decide(Case.start("SLP-2024-01"), did.ReviewAccepted(date(2024, 4, 10)))
        >>> answer.admitted, answer.no_rule
        (False, True)
    """
    if context is None:
        context = DEFAULT
    plan = _plan(context.reading)
    kind = type(event)
    try:
        place = case.hold if kind.of_hold else case.stage
        rows = plan.rows[kind][place]
    except (KeyError, AttributeError):
        msg = f"an event is one of rrm_lifecycle.events; found {kind.__name__}: {', '.join(EVENTS)}"
        raise EventError(msg) from None
    if case.complainant is None and kind in _CLAIM_EVENTS:
        case = with_parties(case, event)
    refused: list[Reason] = []
    for checked in rows:
        row = checked.row
        if (row.only is not None or row.having is not None) and not checked.stands_for(case, event):
            continue
        reasons, findings = _examine(checked, case, event, context)
        if not reasons:
            return _entry(case, event, context, checked, findings, plan)
        refused += reasons
    return _refusal(case, event, context, refused)


KEPT_IN_ORDER: Final = frozenset({"actor", "in_order"})
"""What no finding can stand for: who acted, and the order of days."""


def decide_again(case: Case, entry: Entry, *, context: Context | None = None) -> Entry | Refusal:
    """Return what the law says of an act that has happened and was recorded, where the acts before it were corrected.

    An act of history that the corrected course would have barred stays, and each reason against it becomes a finding:
    under the row that it was recorded under, if that still stands there, else under the one with the fewest reasons.

    Args:
        case: The case as it stands before the act, in the corrected course.
        entry: The act as it was recorded.
        context: Reading, calendar and register; our defaults if None.

    Returns:
        The entry; or the refusal, where no row is left for the act, or its day or its actor is out of order.
    """
    event = entry.act
    ruling = decide(case, event, context=context)
    if isinstance(ruling, Entry):
        return attrs.evolve(ruling, implied=True) if entry.implied else ruling
    context = context or DEFAULT
    plan = _plan(context.reading)
    found: list[tuple[bool, int, Checked, list[Finding]]] = []
    for checked in plan.rows[type(event)][_stands(case, event)]:
        if checked.row.extends or not checked.stands_for(case, event):
            continue
        reasons, findings = _examine(checked, case, event, context)
        if KEPT_IN_ORDER.isdisjoint(reason.code for reason in reasons):
            unmet = [Finding(one.code, Outcome.UNMET, one.provision, one.params) for one in reasons]
            found.append((checked.row.id != entry.rule, len(reasons), checked, [*unmet, *findings]))
    if not found:
        return ruling
    _, _, best, findings = min(found, key=lambda one: one[:2])
    made = _entry(case, event, context, best, findings, plan)
    return attrs.evolve(made, implied=True) if entry.implied else made


def _by(case: Case, event: Event) -> Role | Party | None:
    by = event.by
    if type(by) is Party:
        return Role.COMPLAINANT if by is case.complainant else Role.RESPONDENT if by is case.respondent else by
    return by


def _examine(
    checked: Checked, case: Case, event: Event, context: Context
) -> tuple[list[Reason], tuple[Finding, ...] | list[Finding]]:
    """Return every reason against the row, and what its guards noted."""
    reasons: list[Reason] = []
    findings: tuple[Finding, ...] | list[Finding] = ()
    if event.by is not None:
        by = _by(case, event)
        if by is not checked.row.who:
            params = {"role": checked.row.who.value, "by": by.value if by else None}
            reasons.append(Reason("actor", checked.row.id, checked.row.provision.cite(case.annex.name), params))
    for examine, guard, bars in checked.checks:
        ruling = examine(case, event, context)
        if ruling is None:
            continue
        if type(ruling) is dict:
            ruling = Unmet(ruling)
        cited = None if guard.provision is None else guard.provision.cite(case.annex.name)
        if bars and isinstance(ruling, Unmet):
            reasons.append(Reason(guard.code, checked.row.id, cited, ruling.params, ruling.opens))
            continue
        if isinstance(ruling, NotStated):
            finding = Finding(guard.code, Outcome.NOT_STATED, cited)
        else:
            finding = Finding(guard.code, Outcome.UNMET, cited, ruling.params)
        findings = [*findings, finding]
    return reasons, findings


_ACT, _HOLD, _CASE = EntryKind.ACT, Track.HOLD, Track.CASE
_DAYS, _BUSINESS_DAYS = Unit.DAYS, Unit.BUSINESS_DAYS
"""Read off their Enum once: naming a member costs as much as a call."""


def _entry(  # noqa: PLR0913, PLR0917 - one call, in one place
    case: Case, event: Event, context: Context, checked: Checked, findings: Iterable[Finding], plan: Plan
) -> Entry:
    row = checked.row
    stopped: tuple[str, ...] = ()
    started: tuple[Limit, ...] = ()
    calendar: dict[str, str] | None = None
    if case.limits and (checked.stops or row.extends):
        if row.extends:
            (old,) = [limit for limit in case.limits if limit.term == event.term]  # type: ignore[attr-defined]
            started = (Limit(old.term, old.started, event.until),)  # type: ignore[attr-defined]
            stopped = (old.term,)
        else:
            stops = checked.stops
            stopped = tuple([limit.term for limit in case.limits if limit.term in stops])
    if row.starts:
        started, calendar = _started(case, event, context, row, stopped)
    of_hold = event.of_hold
    place = case.hold if of_hold else case.stage
    return new_entry(
        case.id,
        event,
        place,
        place if row.to is None else row.to,
        _ACT,
        _HOLD if of_hold else _CASE,
        row.who,
        row.id,
        checked.provisions[case.annex.name == "31-B"],
        row.closes,
        row.sets,
        started,
        stopped,
        tuple(findings),
        plan.differs,
        calendar,
        RULEBOOK_VERSION,
    )


def _started(
    case: Case, event: Event, context: Context, row: Row, stopped: tuple[str, ...]
) -> tuple[tuple[Limit, ...], dict[str, str] | None]:
    reading = context.reading
    rolls = reading.roll_over
    used: Calendar | None = None
    started = []
    for term in row.starts:
        name = term.name
        line = reading.term(name, event.on)
        if line is None or (name not in stopped and _runs(case, name)):
            continue
        unit = line.unit
        if unit is _DAYS and event.known is None and not rolls and line.counts_from is None:
            started.append(new_limit(name, event.on, event.on + timedelta(line.value or 0)))
            continue
        calendar = None
        if unit is _BUSINESS_DAYS or (rolls and unit is not None):
            calendar = used = context.calendar_for(case.complainant, case.respondent)
        started.append(begin(line, event, calendar, rolls=rolls, from_act=reading.screening_from_submission))
    return tuple(started), None if used is None else used.describe()


def _runs(case: Case, name: str) -> bool:
    for limit in case.limits:  # noqa: SIM110 - any() costs three times as much, on the path of every act
        if limit.term == name:
            return True
    return False


def _refusal(case: Case, event: Event, context: Context, reasons: list[Reason]) -> Refusal:
    opens = None
    by_row: dict[str | None, list[Reason]] = {}
    for reason in reasons:
        by_row.setdefault(reason.rule, []).append(reason)
    for several in by_row.values():
        days = [reason.opens for reason in several]
        if all(day is not None for day in days):
            last = max(day for day in days if day is not None)
            opens = last if opens is None else min(opens, last)
    place = _stands(case, event)
    no_rule = not reasons
    if no_rule:
        reasons = [Reason("no_rule", None, None, {"event": type(event).__name__, "stage": place.value})]
    provided = provided_for(case, event.on, context=context, of_hold=event.of_hold)
    named = {reason.rule: ROW_BY_ID[reason.rule].provision.cite(case.annex.name) for reason in reasons if reason.rule}
    return Refusal(case.id, event, place, tuple(reasons), provided, opens, no_rule, case.annex.name, named)


# ---- what a stage provides for ---------------------------------------------------------------------------------------
@frozen(repr=False)
class Day(Told):
    """A day on which an act might be done: what the guards over time and over the case look at."""

    on: date
    of_hold: bool = False
    known: None = None
    by: None = None


def rows_at(case: Case, *, of_hold: bool = False, context: Context | None = None) -> Iterator[Checked]:
    """Yield the rows that stand where a case (or its hold) stands, in table order."""
    plan = _plan((context or DEFAULT).reading)
    place = case.hold if of_hold else case.stage
    for row in CUSTOMS if of_hold else TABLE:
        if place in row.stages and for_complainant(row, case):
            for checked in plan.rows[row.event][place]:
                if checked.row is row:
                    yield checked


def gates(checked: Checked, case: Case, day: date, context: Context, *, facts: bool) -> list[Reason]:
    """Return what bars a row on a day, apart from what the act itself would have to say.

    Args:
        checked: The row.
        case: The case.
        day: The day on which the act might be done.
        context: Reading, calendar and register.
        facts: Whether to look at facts of the case too, or at time alone.
    """
    asked = Day(day, checked.row.event.of_hold)
    found = []
    for examine, guard, bars in checked.checks:
        if not bars or (isinstance(guard, Fact) and (not facts or guard.asks is Asks.EVENT)):
            continue
        ruling = examine(case, asked, context)
        if isinstance(ruling, dict):
            ruling = Unmet(ruling)
        if isinstance(ruling, Unmet):
            cited = None if guard.provision is None else guard.provision.cite(case.annex.name)
            found.append(Reason(guard.code, checked.row.id, cited, ruling.params, ruling.opens))
    return found


def provided_for(case: Case, day: date, *, context: Context | None = None, of_hold: bool = False) -> tuple[str, ...]:
    """Return the names of the acts that some row admits on a day from its proper actor, facts apart, in table order."""
    context = context or DEFAULT
    names: dict[str, None] = {}
    for checked in rows_at(case, of_hold=of_hold, context=context):
        name = checked.row.event.__name__
        if name not in names and not gates(checked, case, day, context, facts=False):
            names[name] = None
    return tuple(names)


# ---- playing ---------------------------------------------------------------------------------------------------------
def play(case: Case, *events: Event, context: Context | None = None) -> Case:
    """Return the case after several acts: values, nothing recorded.

    Raises:
        RefusedError: The table refuses one of them; carries the refusal.
    """
    for event in events:
        ruling = decide(case, event, context=context)
        if isinstance(ruling, Refusal):
            raise RefusedError(ruling)
        case = evolve(case, ruling)
    return case
