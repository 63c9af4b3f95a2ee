"""The page of a case, for somebody who has never heard of the Mechanism: where it stands, what is late, what shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from rrm_lifecycle.views.cards.blocks import Facts, Figure, Grid, Mark, Para
from rrm_lifecycle.views.cards.case import (
    ACT_HEADS,
    acts_row,
    case_facts,
    claim_facts,
    days_of,
    due_grid,
    late_marks,
    over_in,
    phase_steps,
)
from rrm_lifecycle.views.cards.record import folded, record_grids, source_of
from rrm_lifecycle.views.cards.rulings import options_grid
from rrm_lifecycle.views.pages.page import Page, Section
from rrm_lifecycle.views.pages.words import said

if TYPE_CHECKING:
    from datetime import date

    from rrm_lifecycle.case.agenda import Agenda, Options
    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.histories.aligned import Alignment
    from rrm_lifecycle.record.filed import Filed
    from rrm_lifecycle.views.cards.blocks import Block, Cell


@frozen
class Told:
    """All that the page of a case is made of.

    Attributes:
        case: The case, as it stood on the day of looking.
        today: The day of looking; None for a case in which nothing was done.
        agenda: What is due on that day.
        options: What may be done on it.
        record: Its entries as they are kept, or as they would be.
        kept: Whether a docket keeps them.
        broken: Why the record does not hold; None where it does.
        window: How many entries of the log no checkpoint kept elsewhere covers; None where there is no log.
        attempts: How many attempts were refused.
        alignment: The history behind it, where there is one.
    """

    case: Case
    today: date | None
    agenda: Agenda | None
    options: Options | None
    record: tuple[Filed, ...] = field(repr=False)
    kept: bool = False
    broken: str | None = None
    window: int | None = None
    attempts: int = 0
    alignment: Alignment | None = None


def case_page(told: Told, language: str, up: str | None = None) -> Page:
    """Return the page of a case.

    Args:
        told: What it is made of.
        language: The language.
        up: The file of the page over it.
    """
    case = told.case
    name = case.id
    if told.alignment is not None:
        name = f"{told.alignment.history.facility} ({case.id})"
    elif case.facility is not None:
        name = f"{case.id}: {case.facility.name}"
    today = told.today.isoformat() if told.today else said("no_today", language)
    intro = (said("mechanism", language), said("this_page", language, today=today))
    parts = [_where(told, language)]
    if case.acts:
        parts += [*_pictures(told, language), _acts(told, language)]
    if told.options is not None and not case.is_closed and told.today is not None:
        parts.append(
            Section(
                "may", said("may_heading", language), (options_grid(told.options.items, told.today, language, case),)
            )
        )
    parts += [*_beside(told, language), _sources(told, language), _record(told, language)]
    return Page(said("page_title", language, case=name), name, intro, tuple(parts), language, up)


# ---- parts -----------------------------------------------------------------------------------------------------------
def _where(told: Told, language: str) -> Section:
    case = told.case
    over = 0 if told.agenda is None else over_in(case, told.agenda.items, told.agenda.today)
    facts = list(case_facts(case, over, language).items)
    if told.alignment is not None:
        from rrm_lifecycle.views.cards.histories import history_facts  # noqa: PLC0415 - for histories alone

        facts = [one for one in facts if one[0] != said("facility", language)]
        facts.insert(0, (said("facility", language), told.alignment.history.facility))
        facts += history_facts(told.alignment.history, language, whole=False)
    facts += claim_facts(case, language)
    blocks: list[Block] = [
        phase_steps(case, language), Para((said(f"phase.{case.phase.value}", language),)), Facts(tuple(facts))
    ]  # fmt: skip
    if told.agenda is not None and told.today is not None and (told.agenda.items or not case.is_closed):
        blocks.append(due_grid(told.agenda.items, told.today, language, case))
    late = [(days_of(entry, language), acts_row(entry, case, language, full=False)[1], late_marks(entry, language))
            for entry in case.acts if late_marks(entry, language)]  # fmt: skip
    if late:
        heads = tuple(said(key, language) for key in ("date", "act", "late"))
        blocks.append(Grid(said("late_caption", language), heads, late))
    if not case.acts:
        blocks.append(Para((said("no_acts", language),)))
    return Section("where", said("where", language), tuple(blocks))


def _pictures(told: Told, language: str) -> list[Section]:
    from rrm_lifecycle.views.map.diagram import diagram  # noqa: PLC0415 - a page without acts has no picture
    from rrm_lifecycle.views.timeline.draw import timeline  # noqa: PLC0415 - likewise

    line = timeline(told.case if told.alignment is None else told.alignment, today=told.today, language=language)
    plan = diagram(told.case, today=told.today, language=language)
    return [
        Section(name, said(name, language), (Figure(drawn.svg, drawn.alt, said(name, language)),))
        for name, drawn in (("timeline", line), ("map", plan))
    ]


def _acts(told: Told, language: str) -> Section:
    case = told.case
    rows = [acts_row(entry, case, language, full=True) for entry in case.acts]
    heads = tuple(said(key, language) for key in ACT_HEADS)
    grid = Grid(said("acts_caption", language), heads, rows)
    return Section("acts", said("acts_heading", language), folded(grid, "earlier_acts", language))


def _beside(told: Told, language: str) -> list[Section]:
    if told.alignment is None:
        return []
    from rrm_lifecycle.views.cards.histories import alternatives, remarks_grid  # noqa: PLC0415 - for histories alone

    one = told.alignment
    blocks: list[Block] = [Para((Mark(said("deviation", language), "late"), each.refusal.text(language)))
                           for each in one.deviations]  # fmt: skip
    remarks, others = remarks_grid(one, language), alternatives(one, language)
    blocks += [each for each, rows in ((remarks, remarks.rows), (others, others.items)) if rows]
    return [Section("beside", said("beside_heading", language), tuple(blocks))] if blocks else []


def _sources(told: Told, language: str) -> Section:
    blocks: list[Block] = [Para((said("sources_note", language),))]
    if told.alignment is not None:
        from rrm_lifecycle.views.cards.histories import events_grid  # noqa: PLC0415 - for histories alone

        blocks.append(events_grid(told.alignment.history.events, language))
    else:
        rows: list[tuple[Cell, ...]] = [
            (str(one.seq), "" if one.remark is None else str(one.remark), source_of(one.source))
            for one in told.record
            if one.source is not None
        ]
        heads = tuple(said(key, language) for key in ("number", "remark_head", "source_head"))
        blocks += folded(
            Grid(said("sources_caption", language), heads, rows, empty=said("no_sources", language)), "earlier_entries",
            language,
        )  # fmt: skip
    return Section("sources", said("sources", language), tuple(blocks))


def _record(told: Told, language: str) -> Section:
    blocks: list[Block] = []
    if told.broken is not None:
        blocks.append(Para((Mark(f"✗ {said('broken', language)}", "late"),)))
        blocks.append(Para((said("broken_text", language, error=told.broken),)))
    elif told.record:
        values = {"entries": f"{len(told.record):,}", "head": told.record[-1].hash}
        blocks.append(Para((Mark(f"✓ {said('holds', language)}", "good"),)))
        blocks.append(Para((said("verified_text", language, **values),)))
    if not told.kept:
        blocks.append(Para((said("bare_text", language),)))
    if told.window:
        blocks.append(Para((said("window_text", language, window=f"{told.window:,}"),)))
    if told.attempts:
        blocks.append(Para((said("attempts", language, count=f"{told.attempts:,}"),)))
    blocks += record_grids(told.record, language)
    return Section("record", said("record_heading", language), tuple(blocks))
