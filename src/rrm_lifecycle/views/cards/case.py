"""Cards of a case and of an entry; and the parts of them that a page of a case is made of too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from rrm_lifecycle.case.claim import NOT_STATED, Role
from rrm_lifecycle.law.stages import Hold, Phase, Stage
from rrm_lifecycle.law.terms import TERMS, Kind
from rrm_lifecycle.law.wording import cited, label, term_name
from rrm_lifecycle.record.entry import Opening, Outcome, Track
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Mark, Para, Steps
from rrm_lifecycle.views.pages.words import said
from rrm_lifecycle.views.rows import by_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rrm_lifecycle.case.agenda import Due
    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.case.claim import CoveredFacility
    from rrm_lifecycle.case.events import Event
    from rrm_lifecycle.record.entry import Entry
    from rrm_lifecycle.views.cards.blocks import Block, Cell, Piece

MOST_ACTS: Final = 8
"""How many acts a card shows, the latest."""
_LATE: Final = "within"
"""Code of the guards that an act be done in time."""
WAITING: Final = frozenset({Kind.AT_LEAST, Kind.BAR})
"""Limits in which somebody waits: nobody is late when they are over."""
_LINES: Final = {term.name: term for term in TERMS}


# ---- words -----------------------------------------------------------------------------------------------------------
def stated(value: Any, language: str) -> str:  # noqa: ANN401 - any field of a value
    """Return a field in words: what is not stated, a yes or no, a name from the catalogue, or the text as it stands."""
    if value is None or value is NOT_STATED:
        return said("not_stated", language)
    if isinstance(value, bool):
        return said("yes" if value else "no", language)
    if isinstance(value, tuple):
        return ", ".join(stated(one, language) for one in value) or said("none", language)
    return label(value, language) if hasattr(value, "name") and hasattr(value, "value") else f"{value!s}"


def actor(role: Role | None, case: Case | None, language: str) -> str:
    """Return who acts, with the Party where it is known."""
    if role is None:
        return ""
    party = None
    if case is not None and role in {Role.COMPLAINANT, Role.RESPONDENT}:
        party = case.complainant if role is Role.COMPLAINANT else case.respondent
    told = label(role, language)
    return told if party is None else f"{told} ({label(party, language)})"


def stands(case: Case, language: str) -> str:
    """Return where a case stands, in words."""
    if case.closing is not None:
        return said("closed_as", language, closing=label(case.closing, language))
    return said("stands", language, stage=label(case.stage, language), phase=label(case.phase, language))


def seen_on(case: Case) -> date | None:
    """Return the last day on which something was done in a case; None where nothing was."""
    return max((entry.act.on for entry in case.acts), default=max_day(case))


def max_day(case: Case) -> date | None:
    """Return the last day that a case names without looking at its acts."""
    return max((day for day in (case.last_day, case.hold_day, case.opened) if day is not None), default=None)


def act_of(event: Event, language: str) -> str:
    """Return what was done, with what it found or until when it runs."""
    told = label(event, language)
    finding, end = getattr(event, "finding", None), getattr(event, "agreed_end", None)
    if finding is not None:
        told += f": {stated(finding, language)}"
    if end is not None and end is not NOT_STATED:
        told += f" → {end}"
    return told


def to_of(entry: Entry, language: str) -> str:
    """Return where an entry leaves the case, or its hold."""
    if entry.closing is not None:
        return said("closed_as", language, closing=label(entry.closing, language))
    told = label(entry.to, language)
    return f"{said('hold', language)}: {told}" if entry.track is Track.HOLD and isinstance(entry.to, Hold) else told


def days_of(entry: Entry, language: str) -> str:
    """Return the day of an act, or the days between which it lies."""
    first, last = entry.act.known or (entry.act.on, entry.act.on)
    return first.isoformat() if first == last else said("between_days", language, first=first, last=last)


def by_days(key: str, days: int, language: str) -> str:
    """Return a sentence about a number of days, one day apart."""
    return said(f"{key}_one" if days == 1 else key, language, days=days)


# ---- what is late ----------------------------------------------------------------------------------------------------
def late_marks(entry: Entry, language: str) -> tuple[Mark, ...]:
    """Return by how much an act was late, a mark for each limit that it missed."""
    return tuple(
        Mark(f"{by_days('late_by', found.params.get('days', 0), language)}: "
             f"{term_name(str(found.params.get('term', '')), language)}", "late")
        for found in entry.findings
        if found.code == _LATE and found.outcome is Outcome.UNMET
    )  # fmt: skip


def due_mark(left: int | None, kind: Kind | None, language: str) -> Piece:
    """Return the days that are left of a limit, or by how many it is late."""
    if left is None:
        return said("no_last_day", language)
    if left < 0 and kind in WAITING:
        return Mark(said("over", language, days=-left))
    if left < 0:
        return Mark(by_days("late_by", -left, language), "late")
    return said("today" if left == 0 else "day_left" if left == 1 else "days_left", language, days=left)


def lateness(case: Case, over: int, language: str) -> Cell:
    """Return how much is late in a case: acts that were done late, and limits that are over."""
    acts = sum(bool(late_marks(entry, language)) for entry in case.acts)
    told = [
        Mark(said(f"{key}_one" if count == 1 else key, language, count=count), "late")
        for key, count in (("late_acts", acts), ("overdue", over))
        if count
    ]
    return tuple(told) or said("nothing_late", language)


def last_days(case: Case | None, term: str, due: date) -> tuple[date, date]:
    """Return the earliest and the latest last day of a limit: two where the day on which it began is not known exactly."""
    running = () if case is None else case.limits
    latest = next((one.latest for one in running if one.term == term and one.due == due), None)
    return due, latest or due


def left_of(case: Case | None, term: str, due: date | None, today: date) -> int | None:
    """Return the days that are left of a limit; nobody is called late unless every day that it may end on is over."""
    return None if due is None else (last_days(case, term, due)[1] - today).days


def last_of(case: Case | None, term: str, due: date | None, language: str) -> str:
    """Return the last day of a limit, or the days between which it lies."""
    if due is None:
        return said("no_last_day", language)
    first, last = last_days(case, term, due)
    return first.isoformat() if first == last else said("between_days", language, first=first, last=last)


def over_in(case: Case, items: Sequence[Due], today: date) -> int:
    """Return how many limits of a case are surely over on a day."""
    return sum(is_over(left_of(case, one.term, one.due, today), one.kind) for one in items)


def is_over(left: int | None, kind: Kind | None) -> bool:
    """Return whether a limit is over in which somebody had to act."""
    return left is not None and left < 0 and kind not in WAITING


# ---- parts -----------------------------------------------------------------------------------------------------------
def facility_facts(plant: CoveredFacility | None, language: str) -> list[tuple[str, Cell]]:
    """Return what is known of a facility."""
    if plant is None:
        return [(said("facility", language), said("not_known", language))]
    told: list[tuple[str, Cell]] = [(said("facility", language), plant.name)]
    told += [
        (said(name, language), stated(getattr(plant, name), language))
        for name in ("owner", "place", "country", "sector")
        if getattr(plant, name) not in {None, NOT_STATED}
    ]
    return told


def case_facts(case: Case, over: int, language: str) -> Facts:
    """Return what a case is about and where it stands; what is late comes first behind the stage."""
    items = facility_facts(case.facility, language)
    items.append((said("stage", language), stands(case, language)))
    items.append((said("late_count", language), lateness(case, over, language)))
    if case.hold is not Hold.NONE:
        items.append((said("hold", language), label(case.hold, language)))
    if case.complainant is not None and case.respondent is not None:
        both = {"complainant": label(case.complainant, language), "respondent": label(case.respondent, language)}
        items.append((said("parties", language), said("between", language, **both)))
    items.append((said("annex", language), case.annex.name))
    if case.origin is not None:
        items.append((said("origin", language), label(case.origin, language)))
    for name in ("opened", "last_day"):
        day = case.opened if name == "opened" else max_day(case)
        items.append((said(name, language), day.isoformat() if day else said("no_today", language)))
    if case.links:
        items.append((said("links", language), ", ".join(case.links)))
    return Facts(tuple(items))


def claim_facts(case: Case, language: str) -> list[tuple[str, Cell]]:
    """Return what is alleged, as a statement of the complainant Party."""
    told: list[tuple[str, Cell]] = []
    if case.claim.laws not in {None, NOT_STATED, ()}:
        told.append((said("laws", language), stated(case.claim.laws, language)))
    if case.claim.basis not in {None, NOT_STATED}:
        told.append((said("basis", language), said("alleged", language, basis=case.claim.basis)))
    return told


def phase_steps(case: Case, language: str) -> Steps:
    """Return the phases: those that were passed, the one in which the case stands, and those ahead."""
    been = {entry.to.phase for entry in case.acts if isinstance(entry.to, Stage)}

    def how(phase: Phase) -> Literal["passed", "here", "ahead"]:
        return "here" if phase is case.phase else "passed" if phase in been else "ahead"

    return Steps(said("passed", language), tuple((label(phase, language), how(phase)) for phase in Phase))


def limits_grid(case: Case, today: date, language: str) -> Grid:
    """Return the limits that run in a case, seen from a day, as its own entries started them."""
    rows: list[tuple[Cell, ...]] = []
    for limit in sorted(case.limits, key=lambda one: (one.due is None, one.due or today)):
        term = _LINES.get(limit.term)
        left = left_of(case, limit.term, limit.due, today)
        last = last_of(case, limit.term, limit.due, language)
        who = "" if term is None else actor(term.who, case, language)
        rows.append(
            (term_name(limit.term, language), last, due_mark(left, None if term is None else term.kind, language), who)
        )
    heads = tuple(said(key, language) for key in ("limit", "due", "left", "who"))
    return Grid(
        said("due_caption_on", language, today=today), heads, rows, empty=said("nothing_due", language),
        more=said("for_a_day", language) if rows else "",
    )  # fmt: skip


def due_grid(items: Sequence[Due], today: date, language: str, case: Case | None = None) -> Grid:
    """Return an agenda: what is due by whom until when, and what then opens; over many cases each with its case."""
    rows = []
    for one in items:
        left = one.days_left if case is None else left_of(case, one.term, one.due, today)
        last = last_of(case, one.term, one.due, language)
        opens = ", ".join(label(act, language) for act in one.opens)
        cells: tuple[Cell, ...] = (
            term_name(one.term, language),
            last,
            due_mark(left, one.kind, language),
            actor(one.who, case, language),
            opens,
            cited(one.provision, language),
        )
        rows.append(cells if case is not None else (one.case_id, *cells))
    keys = ("limit", "due", "left", "who", "then", "set_by")
    heads = tuple(said(key, language) for key in (keys if case is not None else ("case", *keys)))
    return Grid(said("due_caption_on", language, today=today), heads, rows, empty=said("nothing_due", language))


def acts_row(entry: Entry, case: Case | None, language: str, *, full: bool) -> tuple[Cell, ...]:
    """Return the row of an act.

    Args:
        entry: The act.
        case: The case, for the names of the Parties.
        language: The language.
        full: Whether each finding is told in full, or counted alone unless something was late.
    """
    told = act_of(entry.act, language)
    what: Cell = (told, Mark(said("implied", language))) if entry.implied else told
    notes: tuple[Piece, ...] = late_marks(entry, language)
    if full:
        notes += tuple(one.text(language) for one in entry.findings)
    elif len(entry.findings) > len(notes):
        notes += (f"{len(entry.findings) - len(notes)} {said('noted', language)}",)
    rule = by_rule(entry, language)
    return (
        days_of(entry, language), what, actor(entry.by, case, language), to_of(entry, language), rule, notes
    )  # fmt: skip


ACT_HEADS: Final = ("date", "act", "by", "to", "rule_head", "findings")


# ---- cards -----------------------------------------------------------------------------------------------------------
def of_case(case: Case, language: str) -> Card:
    """Return the card of a case: where it stands, what is due, what was late, and the latest acts."""
    today = seen_on(case)
    blocks: list[Block] = [phase_steps(case, language)]
    over = 0
    if today is not None:
        kinds = {name: term.kind for name, term in _LINES.items()}
        over = sum(is_over(left_of(case, limit.term, limit.due, today), kinds.get(limit.term)) for limit in case.limits)
    blocks.append(case_facts(case, over, language))
    if today is None:
        return Card(said("case", language), case.id, (*blocks, Para((said("no_acts", language),))))
    if not case.is_closed or case.limits:
        blocks.append(limits_grid(case, today, language))
    rows = [acts_row(entry, case, language, full=False) for entry in case.acts[: -MOST_ACTS - 1 : -1]]
    more = len(case.acts) - len(rows)
    heads = tuple(said(key, language) for key in ACT_HEADS)
    told = said("more_acts", language, count=f"{more:,}") if more else ""
    blocks.append(Grid(said("acts_latest", language), heads, rows, more=told))
    return Card(said("case", language), case.id, tuple(blocks))


def of_entry(entry: Entry, language: str) -> Card:
    """Return the card of an entry: what the law says of an act."""
    items: list[tuple[str, Cell]] = [(said("case", language), entry.case_id)]
    if isinstance(entry.event, Opening):
        title = label(entry.kind, language)
        items.append((said("annex", language), entry.event.annex.name))
        return Card(said("entry", language), title, (Facts(tuple(items)),))
    act = entry.act
    items += [
        (said("date", language), days_of(entry, language)),
        (said("by", language), actor(entry.by, None, language)),
        (said("stage", language), f"{label(entry.stage, language)} → {to_of(entry, language)}"),
        (said("rule_head", language), by_rule(entry, language)),
    ]
    for limit in entry.started:
        last = limit.due.isoformat() if limit.due else said("no_last_day", language)
        items.append((said("starts", language), f"{term_name(limit.term, language)}: {last}"))
    if entry.stopped:
        items.append((said("stops", language), ", ".join(term_name(name, language) for name in entry.stopped)))
    if entry.findings:
        notes: tuple[Piece, ...] = (*late_marks(entry, language), *(one.text(language) for one in entry.findings))
        items.append((said("findings", language), notes))
    if entry.reading:
        items.append((said("reading_head", language), ", ".join(f"{k}={v}" for k, v in entry.reading.items())))
    mark = Mark(said("implied" if entry.implied else "admitted", language), "note" if entry.implied else "good")
    return Card(said("entry", language), act_of(act, language), (Para((mark,)), Facts(tuple(items))))
