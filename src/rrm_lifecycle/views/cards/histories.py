"""Cards of the public record: histories as it tells them, and as the table reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rrm_lifecycle.histories.acts import KINDS
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Link, Mark, Para
from rrm_lifecycle.views.cards.case import (
    ACT_HEADS,
    MOST_ACTS,
    acts_row,
    case_facts,
    late_marks,
    over_in,
    phase_steps,
    stands,
    stated,
)
from rrm_lifecycle.views.pages.words import said
from rrm_lifecycle.views.spans import days_in_phases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrm_lifecycle.histories.aligned import Alignment, Alignments
    from rrm_lifecycle.histories.dataset import Histories
    from rrm_lifecycle.histories.event import HistoryEvent
    from rrm_lifecycle.histories.history import History
    from rrm_lifecycle.histories.vocabulary import EventType
    from rrm_lifecycle.views.cards.blocks import Block, Cell, Piece

MOST_HISTORIES: Final = 40
"""How many cases the card of many shows."""
_FACTS: Final = ("facility", "company", "place", "sector", "petitioner", "origin")
_PHASES: Final = {
    Phase.REQUEST_FOR_REVIEW: "review_days",
    Phase.REMEDIATION: "remediation_days",
    Phase.PANEL: "panel_days",
    Phase.SANCTIONS: "sanctions_days",
}


# ---- parts -----------------------------------------------------------------------------------------------------------
def event_name(kind: EventType, language: str) -> str:
    """Return what happened: the name of the act, where it is one."""
    act = KINDS.get(kind)
    return label(act, language) if act is not None else kind.value.replace("_", " ")


def event_days(event: HistoryEvent, language: str) -> str:
    """Return on which day something happened, as far as the record states it."""
    if event.known is None:
        return said("day_not_known", language)
    first, last = event.known
    return first.isoformat() if first == last else said("between_days", language, first=first, last=last)


def host_of(address: str | None) -> Piece:
    """Return the site of an address, which leads to the address."""
    if not address:
        return ""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    return Link((host or address).removeprefix("www."), address)


def event_row(event: HistoryEvent, language: str) -> tuple[Cell, ...]:
    """Return the row of an event: when, what, who says so and where, and the compiler's note."""
    sure = "" if event.confidence is None else said(f"confidence.{event.confidence.value}", language)
    return (
        event_days(event, language),
        event_name(event.type, language),
        sure,
        host_of(event.source_url),
        event.note or "",
    )


EVENT_HEADS: Final = ("date", "what_happened", "confidence", "source_head", "note_head")


def events_grid(events: Sequence[HistoryEvent], language: str) -> Grid:
    """Return what the public record says, event by event."""
    heads = tuple(said(key, language) for key in EVENT_HEADS)
    return Grid(said("events_caption", language), heads, [event_row(one, language) for one in events])


def history_facts(history: History, language: str, *, whole: bool = True) -> list[tuple[str, Cell]]:
    """Return the facts of a history as they are stated."""
    values = {
        "facility": history.facility,
        "company": history.company,
        "place": ", ".join(one for one in (history.city, history.state) if one) or None,
        "sector": history.sector,
        "petitioner": history.petitioner,
        "origin": history.origin,
    }
    names = _FACTS if whole else ("company", "petitioner")
    told: list[tuple[str, Cell]] = [
        (said(name, language), stated(values[name], language)) for name in names if values[name] is not None
    ]
    if history.final_status is not None:
        told.append((said("status", language), label(history.final_status, language)))
    told.append((said("as_of", language), history.as_of.isoformat()))
    told += [
        (said(key, language), f"{value:,}")
        for key, value in (
            ("benefited", history.workers_benefited),
            ("reinstated", history.workers_reinstated_or_paid),
            ("backpay", history.backpay_usd),
        )
        if value is not None
    ]
    return told


def overdue(one: Alignment) -> int:
    """Return how many limits of an aligned case are over on the day of the last look."""
    from rrm_lifecycle.case.agenda import agenda  # noqa: PLC0415 - a history by itself asks no engine

    return over_in(one.case, agenda(one.case, one.history.as_of).items, one.history.as_of)


def remarks_grid(one: Alignment, language: str) -> Grid:
    """Return what stands on record beside the acts."""
    rows = []
    for remark in one.remarks:
        first, last = remark.known
        days = first.isoformat() if first == last else said("between_days", language, first=first, last=last)
        what = "" if remark.event is None else event_name(remark.event.type, language)
        source = host_of(None if remark.event is None else remark.event.source_url)
        rows.append((days, what, remark.note or "", source))
    heads = tuple(said(key, language) for key in ("date", "what_happened", "note_head", "source_head"))
    return Grid(said("remarks_caption", language), heads, rows)


def alternatives(one: Alignment, language: str) -> Facts:
    """Return which other acts could be implied, and what the record states of the end where it says otherwise."""
    told: list[tuple[str, Cell]] = []
    for other in one.alternatives:
        acts = {"acts": ", ".join(other.acts), "instead": ", ".join(other.instead)}
        told.append((said("alternatives", language), said("instead_of", language, **acts)))
    status = one.statement.status
    if one.statement.agrees is False and status is not None:
        both = {"status": label(status, language), "stands": stands(one.case, language)}
        told.append((said("status", language), said("statement", language, **both)))
    return Facts(tuple(told))


def alignment_row(one: Alignment, language: str, name: Piece) -> tuple[Cell, ...]:
    """Return the row of an aligned case among many: days in each phase, where it stands, how much was late."""
    days = days_in_phases(one.case, one.history.as_of)
    late = sum(bool(late_marks(entry, language)) for entry in one.entries)
    cells: list[Cell] = [name]
    cells += ["-" if days[phase] is None else str(days[phase]) for phase in _PHASES]
    cells.append(stands(one.case, language))
    mark: Cell = ""
    if late:
        mark = Mark(said("late_acts_one" if late == 1 else "late_acts", language, count=late), "late")
    cells.append(mark)
    return tuple(cells)


def alignments_grid(items: Sequence[Alignment], names: Sequence[Piece], language: str, more: int = 0) -> Grid:
    """Return aligned cases, one a row."""
    heads = (
        said("facility", language), *(said(key, language) for key in _PHASES.values()), said("outcome", language),
        said("late", language),
    )  # fmt: skip
    rows = [alignment_row(one, language, name) for one, name in zip(items, names, strict=True)]
    told = said("more_rows", language, count=f"{more:,}") if more else ""
    return Grid(said("phases_caption", language), heads, rows, right=(1, 2, 3, 4), more=told)


# ---- cards -----------------------------------------------------------------------------------------------------------
def of_event(event: HistoryEvent, language: str) -> Card:
    """Return the card of an event."""
    days, what, sure, source, note = event_row(event, language)
    pairs = (("date", days), ("confidence", sure), ("source_head", source), ("note_head", note))
    items = tuple((said(key, language), cell) for key, cell in pairs if cell != "")
    return Card(said("event", language), str(what), (Facts(items),))


def of_history(history: History, language: str) -> Card:
    """Return the card of a history: its facts, and its events with what says so."""
    blocks: tuple[Block, ...] = (Facts(tuple(history_facts(history, language))), events_grid(history.events, language))
    return Card(said("history", language), history.id, blocks)


def of_histories(found: Histories, language: str) -> Card:
    """Return the card of many histories, one a row."""
    rows = [
        (one.id, one.facility, "" if one.final_status is None else label(one.final_status, language),
         one.as_of.isoformat(), str(len(one.events)))
        for one in found.items[:MOST_HISTORIES]
    ]  # fmt: skip
    heads = tuple(said(key, language) for key in ("id", "facility", "status", "as_of", "events"))
    more = len(found) - len(rows)
    told = said("more_rows", language, count=f"{more:,}") if more else ""
    title = said("histories_title", language, count=len(found))
    grid = Grid(said("cases_caption", language), heads, rows, right=(4,), more=told)
    items = () if found.compiled is None else ((said("compiled", language), found.compiled.isoformat()),)
    return Card(said("history", language), title, (Facts(items), grid))


def of_alignment(one: Alignment, language: str) -> Card:
    """Return the card of a history as the table reads it."""
    counts = (("implied", one.implied), ("remarks_caption", one.remarks), ("deviations", one.deviations))
    found = [f"{len(several)} {said(key, language)}" for key, several in counts if several]
    blocks: list[Block] = [phase_steps(one.case, language), case_facts(one.case, overdue(one), language)]
    if found:
        blocks.append(Facts(((said("counts", language), tuple(found)),)))
    rows = [acts_row(entry, one.case, language, full=False) for entry in one.entries[: -MOST_ACTS - 1 : -1]]
    more = len(one.entries) - len(rows)
    heads = tuple(said(key, language) for key in ACT_HEADS)
    told = said("more_acts", language, count=more) if more else ""
    blocks.append(Grid(said("acts_latest", language), heads, rows, empty=said("no_acts", language), more=told))
    blocks += [Para((Mark(said("deviation", language), "late"), str(each.refusal))) for each in one.deviations]
    blocks.append(alternatives(one, language))
    return Card(said("alignment", language), one.history.id, tuple(blocks))


def of_alignments(several: Alignments, language: str) -> Card:
    """Return the card of many aligned cases, one a row."""
    shown = several.items[:MOST_HISTORIES]
    grid = alignments_grid(shown, [one.history.facility for one in shown], language, len(several) - len(shown))
    title = said("alignments_title", language, count=len(several))
    return Card(said("alignment", language), title, (Para((several.summary_text(language),)), grid))
