"""The demo: real cases on one screen, one of them act by act, a refusal, an agenda, a verified record, and a report."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rrm_lifecycle import events as did
from rrm_lifecycle import histories
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.impact import impact
from rrm_lifecycle.errors import StorageError
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.views.rows import agenda_table
from rrm_lifecycle.views.spans import days_in_phases
from rrm_lifecycle.views.text import fold, table
from rrm_lifecycle.views.words import word

if TYPE_CHECKING:
    from rrm_lifecycle.histories.alignment import Alignment, Alignments

PLAYED = "goodyear-slp"
DAY = date(2023, 9, 1)
_PHASES = (Phase.REQUEST_FOR_REVIEW, Phase.REMEDIATION, Phase.PANEL, Phase.SANCTIONS)


def demo(aligned: Alignments, language: str = "en") -> str:
    """Return the demo as text, at most 80 columns wide.

    Args:
        aligned: The shipped histories, as they align.
        language: ``"en"`` or ``"es"``.
    """
    public = histories.load()
    one = aligned[PLAYED]
    blocks = [
        word("demo_title", language, count=len(public)),
        _overview(tuple(aligned), language),
        _sum(tuple(aligned), language),
        _heading(word("demo_play", language, facility=one.history.facility)),
        one.text(language),
        _heading(word("demo_ask", language)),
        decide(one.case.until(DAY), did.PanelRequested(DAY)).text(language),
        _heading(word("demo_agenda", language, today=DAY.isoformat())),
        agenda_table(agenda(one.case, DAY), language, columns=80),
        word("demo_verify", language, entries=_filed(one)),
        _heading(word("demo_impact", language)),
        str(impact(public)),
        _heading(word("demo_next", language)),
        word("demo_steps", language),
        word("not_advice", language),
    ]
    return fold("\n\n".join(blocks))


def report(aligned: Alignments, folder: str | os.PathLike[str], language: str = "en") -> str:
    """Write the real cases as pages, with an index over them, and return where the index is, in words.

    Raises:
        StorageError: The folder holds something else, or cannot be written.
    """
    goal = Path(folder)
    if goal.is_dir() and any(goal.iterdir()) and not (goal / "index.html").exists():
        msg = (
            f"{goal} holds other files and no report: name another folder with --out, or ask for none with --no-report"
        )
        raise StorageError(msg)
    return word("demo_report", language, path=aligned.to_html(goal, language=language))


def _heading(text: str) -> str:
    return f"{text}\n{'-' * min(len(text), 80)}"


def _overview(aligned: tuple[Alignment, ...], language: str) -> str:
    rows = []
    for one in aligned:
        days = days_in_phases(one.case, one.history.as_of)
        case = one.case
        outcome = (
            label(case.closing, language) if case.closing else word("open", language, stage=label(case.stage, language))
        )
        cells = [str(days[phase]) if days[phase] is not None else word("none", language) for phase in _PHASES]
        rows.append((one.history.facility, *cells, outcome, str(len(one.notes))))
    headers = [
        word(key, language) for key in ("facility", "review", "remediation", "panel", "sanctions", "outcome", "notes")
    ]
    return table(headers, rows, right=(1, 2, 3, 4, 6))


def _sum(aligned: tuple[Alignment, ...], language: str) -> str:
    implied = sum(len(one.implied) for one in aligned)
    acts = sum(len(one.entries) for one in aligned) - implied
    notes = sum(len(one.notes) for one in aligned)
    deviations = sum(len(one.deviations) for one in aligned)
    told = word("demo_sum", language, acts=acts, implied=implied, notes=notes, deviations=deviations)
    return f"{told}\n{word('demo_notes', language)}"


def _filed(one: Alignment) -> int:
    """File the acts of an aligned case in a docket and verify it; return the number of entries."""
    docket = Docket.in_memory()
    case = docket.start(one.case.id, annex=one.case.annex, origin=one.case.opened_with.origin)
    for entry in one.case.acts:
        case = docket.record(case, entry.act)
    return docket.verify().entries
