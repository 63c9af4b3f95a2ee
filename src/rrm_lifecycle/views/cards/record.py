"""Cards of what is kept: a docket, a filed entry, a verification; and the record of a case as a table."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.record.entry import Entry, EntryKind
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Link, Mark, Para
from rrm_lifecycle.views.cards.case import act_of, max_day, of_entry, stands
from rrm_lifecycle.views.pages.words import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.record.filed import Filed, Source
    from rrm_lifecycle.record.links import Verified
    from rrm_lifecycle.record.looking import Looking
    from rrm_lifecycle.views.cards.blocks import Block, Cell, Piece

MOST_CASES: Final = 10
"""How many cases a card shows, the latest."""
MOST_ROWS: Final = 200
"""How many rows of a page stand open; what is more is folded."""
_SHORT: Final = 12
"""Digits of a hash that tell two entries of a record apart for the eye."""


# ---- parts -----------------------------------------------------------------------------------------------------------
def source_of(source: Source | None) -> Piece:
    """Return where something is stated; an address leads there."""
    if source is None:
        return ""
    if source.url is not None:
        return Link(str(source.text or source.url), str(source.url))
    return str(source.text or "")


def kept_of(kept: Any, language: str) -> str:  # noqa: ANN401 - whatever a record keeps
    """Return what was kept, in words."""
    if kept.kind is EntryKind.ACT:
        return f"{kept.on}: {act_of(kept.act, language)}"
    if kept.kind is EntryKind.OPENING:
        return f"{label(kept.kind, language)}, {kept.event.annex}"
    return f"{label(kept.kind, language)}: {kept!s}"


def _filed_row(filed: Filed, language: str) -> tuple[Cell, ...]:
    moment = "" if filed.recorded is None else f"{filed.recorded:%Y-%m-%d %H:%M} UTC"
    beside = [source_of(filed.source), "" if filed.remark is None else str(filed.remark)]
    beside += [str(one.name) for one in filed.documents]
    who = "" if filed.recorded_by is None else str(filed.recorded_by)
    return (
        str(filed.seq), kept_of(filed.entry, language), moment, who, tuple(one for one in beside if one != ""),
        f"{filed.hash[:_SHORT]}…",
    )  # fmt: skip


_FILED: Final = ("number", "what", "recorded", "recorded_by", "source_head", "hash")


def folded(grid: Grid, key: str, language: str) -> tuple[Grid, ...]:
    """Return a table in two, where it is long: the earlier rows folded away, the latest ones open."""
    early = len(grid.rows) - MOST_ROWS
    if early <= 0:
        return (grid,)
    told = said(key, language, count=f"{early:,}")
    first = Grid(told, grid.heads, grid.rows[:early], grid.right, folded=told)
    return first, Grid(grid.caption, grid.heads, grid.rows[early:], grid.right)


def record_grids(record: Sequence[Filed], language: str) -> tuple[Grid, ...]:
    """Return a record entry by entry."""
    heads = tuple(said(key, language) for key in _FILED)
    rows = [_filed_row(one, language) for one in record]
    return folded(Grid(said("record_caption", language), heads, rows), "earlier_entries", language)


# ---- cards -----------------------------------------------------------------------------------------------------------
def of_filed(filed: Filed, language: str) -> Card:
    """Return the card of an entry as it is kept."""
    items: list[tuple[str, Cell]] = [(said("number", language), str(filed.seq)), (said("hash", language), filed.hash)]
    if filed.prev is not None:
        items.append((said("prev", language), filed.prev))
    if filed.recorded is not None:
        items.append((said("recorded", language), f"{filed.recorded:%Y-%m-%d %H:%M:%S} UTC"))
    if filed.log is not None:
        items.append((said("log", language), filed.log))
    for key, value in (("recorded_by", filed.recorded_by), ("remark_head", filed.remark)):
        if value is not None:
            items.append((said(key, language), str(value)))
    if filed.source is not None:
        items.append((said("source_head", language), source_of(filed.source)))
    if filed.documents:
        items.append((said("documents", language), tuple(str(one.name) for one in filed.documents)))
    told: tuple[Block, ...] = (Para((kept_of(filed.entry, language),)),)
    if isinstance(filed.entry, Entry) and filed.kind is EntryKind.ACT:
        told = of_entry(filed.entry, language).blocks
    return Card(said("record", language), f"{filed.case_id}, {filed.seq}", (*told, Facts(tuple(items))))


def of_kept(kept: Any, language: str) -> Card:  # noqa: ANN401 - a remark, a correction, an erasure, an attempt
    """Return the card of what a record keeps besides acts."""
    return Card(label(kept.kind, language), kept.case_id, (Para((str(kept),)),))


def of_verified(verified: Verified, language: str) -> Card:
    """Return the card of a check: how much holds, and how far a checkpoint reaches that was kept elsewhere."""
    shown = list(verified.heads.items())[-MOST_CASES:]
    more = len(verified.heads) - len(shown)
    point = said("no_checkpoint", language) if verified.checkpoint is None else f"{verified.checkpoint:,}"
    items: list[tuple[str, Cell]] = [
        (said("entries", language), f"{verified.entries:,}"),
        (said("cases", language), f"{verified.cases:,}"),
        (said("checkpoint", language), point),
        (said("window", language), f"{verified.window:,}"),
    ]
    heads = Grid(
        said("heads", language), (said("case", language), said("head", language)), shown,
        more=said("more_rows", language, count=f"{more:,}") if more else "",
    )  # fmt: skip
    title = said("holds_title", language, entries=f"{verified.entries:,}")
    mark = Para((Mark(f"✓ {said('holds', language)}", "good"),))
    return Card(said("verified", language), title, (mark, Facts(tuple(items)), heads))


def case_row(case: Case, language: str) -> tuple[Cell, ...]:
    """Return the row of a case among many."""
    day, plant = max_day(case), case.facility
    due = min((limit.due for limit in case.limits if limit.due is not None), default=None)
    return (
        case.id,
        said("not_known", language) if plant is None else plant.name,
        stands(case, language),
        day.isoformat() if day else said("no_today", language),
        due.isoformat() if due else "",
    )


CASE_HEADS: Final = ("case", "facility", "stage", "last_day", "due")


def of_docket(docket: Looking, language: str) -> Card:
    """Return the card of a docket: how many cases stand in each phase, and the latest ones."""
    phases: Counter[Phase] = Counter()
    latest: deque[Any] = deque(maxlen=MOST_CASES)
    for standing in docket._store.standings():  # noqa: SLF001 - a view of the docket: where cases stand, without acts
        phases[standing.phase] += 1
        latest.append(standing)
    count = phases.total()
    title = said("docket_title_one" if count == 1 else "docket_title", language, count=f"{count:,}")
    if not count:
        return Card(said("record", language), title, (Para((said("docket_empty", language),)),))
    items: tuple[tuple[str, Cell], ...] = tuple(
        (label(phase, language), f"{phases[phase]:,}") for phase in Phase if phases[phase]
    )
    rows = [case_row(one.case(), language) for one in reversed(latest)]
    more = count - len(rows)
    heads = tuple(said(key, language) for key in CASE_HEADS)
    told = said("more_rows", language, count=f"{more:,}") if more else ""
    return Card(
        said("record", language), title, (Facts(items), Grid(said("newest_cases", language), heads, rows, more=told))
    )
