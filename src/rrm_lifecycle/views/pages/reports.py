"""Reports: a page for a value, and for several cases a folder of pages with an index; written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.errors import EventError, RecordDamaged, StorageError
from rrm_lifecycle.law.wording import text
from rrm_lifecycle.views.cards.blocks import Facts, Grid, Link, Mark, Para
from rrm_lifecycle.views.cards.card import card
from rrm_lifecycle.views.pages.case import Told, case_page
from rrm_lifecycle.views.pages.page import GENERATOR, Page, Section, html_of
from rrm_lifecycle.views.pages.words import said

if TYPE_CHECKING:
    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.histories.aligned import Alignment, Alignments
    from rrm_lifecycle.record.docket import Docket
    from rrm_lifecycle.record.filed import Filed
    from rrm_lifecycle.views.cards.blocks import Block, Cell

INDEX: Final = "index.html"
_MOST_DUE: Final = 50
"""How many limits the index of a docket shows, first what is due first."""
_START: Final = 2_000
"""Bytes of a file in which a page of ours names its maker."""
_MADE_HERE: Final = f'<meta name="generator" content="{GENERATOR}">'.encode()


def write(
    value: object, path: str | os.PathLike[str] | None = None, *, today: date | None = None, language: str = "en"
) -> str | Path:
    """Write a value as a page, or as a folder of pages, and return where; without a path, return the page.

    Args:
        value: A case, a history or an alignment; several of them, or a docket, for a folder; or any value with a display.
        path: The file, or the folder.
        today: The day from which cases are seen; the last day that is known if None.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: There is no such language, ``today`` means nothing here, or a folder is needed.
        StorageError: It cannot be written there, or something else would be overwritten.
    """
    text("word.none", language)  # says which languages there are
    if today is not None:
        exact_day(today, "today")
    several = _maker(value, _SEVERAL)
    if several is not None:
        if path is None:
            kind = type(value).__name__
            msg = f"a {kind} is written as a page a case, with an index over them: name a folder, to_html('report')"
            raise EventError(msg)
        return write_folder(path, several(value, today, language))
    one = _maker(value, _ONE)
    if one is None and today is not None:
        msg = f"today says from which day a case is seen; a {type(value).__name__} is seen from none: leave it out"
        raise EventError(msg)
    page = html_of(_card_page(value, language) if one is None else one(value, today, language))
    if path is None:
        return page
    goal = Path(path)
    if goal.is_dir():
        msg = f"{goal.name or goal} is a folder, and one page is to be written: name a file in it, such as case.html"
        raise StorageError(msg)
    _write(goal, page)
    return goal


# ---- one page --------------------------------------------------------------------------------------------------------
def _card_page(value: object, language: str) -> Page:
    told = card(value, language)
    heading = told.title or told.kind
    intro = (said("mechanism", language), said("this_value", language))
    parts = (Section("value", told.kind.capitalize() or heading, told.blocks),)
    return Page(heading, heading, intro, parts, language)


def _told(case: Case, today: date | None, alignment: Alignment | None = None) -> Told:
    """Return what the page of a case tells that no docket keeps."""
    from rrm_lifecycle.case.agenda import agenda, options  # noqa: PLC0415 - the engine is loaded for cases alone
    from rrm_lifecycle.record.chain import filed_of, verify  # noqa: PLC0415 - likewise
    from rrm_lifecycle.views.cards.case import seen_on  # noqa: PLC0415 - likewise

    record = tuple(filed_of(case))
    broken = None
    try:
        verify(record)
    except RecordDamaged as error:
        broken = str(error)
    day = today or (seen_on(case) if alignment is None else alignment.history.as_of)
    if day is None:
        return Told(case, None, None, None, record, broken=broken)
    if alignment is not None and day < alignment.history.as_of:
        alignment = _known_by(alignment, day)
    return Told(
        case.until(day), day, agenda(case, day), options(case.until(day), day), record, broken=broken,
        alignment=alignment,
    )  # fmt: skip


def _known_by(one: Alignment, day: date) -> Alignment:
    """Return an alignment without what the record tells of later days; its case goes on as it is."""
    history = one.history.known_by(day)
    if history is None:
        msg = f"nothing was on record of {one.history.id} by {day}: its first event is later"
        raise EventError(msg)
    remarks = tuple(each for each in one.remarks if each.known[0] <= day)
    deviations = tuple(each for each in one.deviations if each.refusal.event.on <= day)
    return evolve(one, history=history, remarks=remarks, deviations=deviations)


def _of_case(case: Case, today: date | None, language: str) -> Page:
    return case_page(_told(case, today), language)


def _of_alignment(one: Alignment, today: date | None, language: str, up: str | None = None) -> Page:
    return case_page(_told(one.case, today, one), language, up)


def _of_history(history: Any, today: date | None, language: str) -> Page:  # noqa: ANN401 - a history, found by its name
    from rrm_lifecycle.histories.alignment import align  # noqa: PLC0415 - a history is aligned when it is told

    return _of_alignment(align(history), today, language)


# ---- several cases ---------------------------------------------------------------------------------------------------
Pages = Iterator[tuple[str, str]]
"""Names of files with what stands in them; the index comes last."""


def names_of(ids: Iterable[str]) -> list[str]:
    """Return a name of a file for each id: safe on every system, and never one name twice, letter case apart.

    Example:
        >>> names_of(["SLP-1", "slp-1", "../etc"])
        ['case-slp-1.html', 'case-slp-1-3f407f89.html', 'case-etc-f7f9121f.html']
    """
    taken: set[str] = set()
    names = []
    for id_ in ids:
        plain = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in id_.lower())
        stem = plain.strip("-.")[:80]
        if stem != id_.lower() or stem in taken:
            stem = f"{stem}-{sha256(id_.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".strip("-")
            while stem in taken:
                stem += "-"
        taken.add(stem)
        names.append(f"case-{stem}.html")
    return names


def _of_alignments(several: Alignments, today: date | None, language: str) -> Pages:
    from rrm_lifecycle.views.cards.histories import alignments_grid  # noqa: PLC0415 - for histories alone

    names = names_of(one.history.id for one in several)
    for one, name in zip(several, names, strict=True):
        yield name, html_of(_of_alignment(one, today, language, INDEX))
    links = [Link(one.history.facility, name) for one, name in zip(several, names, strict=True)]
    grid = alignments_grid(tuple(several), links, language)
    counts = Para((several.summary_text(language),))
    yield INDEX, _index(len(several), (counts, grid), language, said("public_index", language))


def _of_histories(found: Any, today: date | None, language: str) -> Pages:  # noqa: ANN401 - histories, found by name
    from rrm_lifecycle.histories.alignment import align_all  # noqa: PLC0415 - histories are aligned when they are told

    return _of_alignments(align_all(found), today, language)


def _index(count: int, blocks: tuple[Block, ...], language: str, *more: str) -> str:
    intro = (said("mechanism", language), said("this_index", language, count=f"{count:,}"), *more)
    title = said("index_title", language)
    return html_of(Page(title, title, intro, (Section("cases", said("index", language), blocks),), language))


def _of_docket(docket: Docket, today: date | None, language: str) -> Pages:
    from rrm_lifecycle.views.cards.case import due_grid, max_day  # noqa: PLC0415 - for cases alone
    from rrm_lifecycle.views.cards.record import CASE_HEADS, case_row  # noqa: PLC0415 - likewise

    standings = list(docket._store.standings())  # noqa: SLF001 - a view of the docket: where cases stand
    names = names_of(one.case_id for one in standings)
    day = today or max((last for one in standings if (last := max_day(one.case(brief=True))) is not None), default=None)
    broken, window = _verified(docket)
    rows: list[tuple[Cell, ...]] = []
    for standing, name in zip(standings, names, strict=True):
        try:
            told = _kept(docket, standing.case_id, day, window)
        except RecordDamaged as error:
            mark = Mark(said("broken", language), "late")
            rows.append((standing.case_id, (mark, str(error)), "", "", ""))
            continue
        rows.append((Link(told.case.id, name), *case_row(told.case, language)[1:]))
        yield name, html_of(case_page(told, language, INDEX))
    heads = tuple(said(key, language) for key in CASE_HEADS)
    grid = Grid(said("cases_caption", language), heads, rows, empty=said("docket_empty", language))
    blocks: list[Block] = [_verdict(broken, window, language)]
    if day is not None:
        due = docket.agenda(day).items
        more = len(due) - _MOST_DUE
        shown = due_grid(due[:_MOST_DUE], day, language)
        told_more = said("more_rows", language, count=f"{more:,}") if more > 0 else ""
        blocks.append(Grid(shown.caption, shown.heads, shown.rows, empty=shown.empty, more=told_more))
    yield INDEX, _index(len(standings), (grid, *reversed(blocks)), language)


def _verified(docket: Docket) -> tuple[str | None, int | None]:
    try:
        return None, docket.verify().window
    except RecordDamaged as error:
        return str(error), None


def _verdict(broken: str | None, window: int | None, language: str) -> Facts:
    cell: tuple[Any, ...] = (Mark(f"✓ {said('holds', language)}", "good"),)
    if broken is not None:
        cell = (Mark(f"✗ {said('broken', language)}", "late"), said("broken_text", language, error=broken))
    elif window:
        cell = (*cell, said("window_text", language, window=f"{window:,}"))
    return Facts(((said("verification", language), cell),))


def _kept(docket: Docket, case_id: str, day: date | None, window: int | None) -> Told:
    """Return what the page of a case tells that a docket keeps."""
    from rrm_lifecycle.record.chain import verify  # noqa: PLC0415 - for dockets alone

    case = docket.case(case_id)
    record: tuple[Filed, ...] = docket.history(case)
    broken = None
    try:
        verify(record)
    except RecordDamaged as error:
        broken = str(error)
    attempts = len(docket.attempts(case))
    if day is None or not case.acts:
        return Told(case, None, None, None, record, kept=True, broken=broken, window=window, attempts=attempts)
    then = case.until(day)
    due, may = docket.agenda(day, case=case), docket.options(then, day)
    return Told(then, day, due, may, record, kept=True, broken=broken, window=window, attempts=attempts)


_ONE: Final[dict[str, Callable[..., Page]]] = {
    "case.case.Case": _of_case,
    "histories.aligned.Alignment": _of_alignment,
    "histories.history.History": _of_history,
}
_SEVERAL: Final[dict[str, Callable[..., Pages]]] = {
    "record.docket.Docket": _of_docket,
    "histories.aligned.Alignments": _of_alignments,
    "histories.dataset.Histories": _of_histories,
}


def _maker(value: object, where: dict[str, Any]) -> Any:  # noqa: ANN401 - a function of the tables above
    names = (f"{cls.__module__}.{cls.__qualname__}".removeprefix("rrm_lifecycle.") for cls in type(value).__mro__)
    return next((where[name] for name in names if name in where), None)


# ---- files -----------------------------------------------------------------------------------------------------------
def write_folder(path: str | os.PathLike[str], pages: Pages) -> Path:
    """Write pages into a folder, the index last, and return the index. What else lies in the folder stays as it is.

    Raises:
        StorageError: It is no folder, cannot be written, or holds another file under the name of a page.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        msg = f"{folder.name} is a file, and a folder is needed for a page a case: name another place"
        raise StorageError(msg) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    _check_ours(folder / INDEX)  # before any page: a folder of somebody else's is left as it is
    for name, page in pages:
        _check_ours(folder / name)
        _write(folder / name, page)
    return folder / INDEX


def _check_ours(path: Path) -> None:
    try:
        with path.open("rb") as file:
            ours = _MADE_HERE in file.read(_START)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error
    if not ours:
        msg = f"the folder holds a {path.name} that is no report of this library; it is left alone: name another folder"
        raise StorageError(msg)


def _write(path: Path, page: str) -> None:
    """Write a file beside its place and move it there, so that nobody meets half of it."""
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"no report can be written to {path}: {error.strerror or error}; name a place that can be written"
    )
