"""Agenda, options and the table of the law as tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.guards import Fact, Force, Guard
from rrm_lifecycle.law.table import OPEN, TABLE
from rrm_lifecycle.law.wording import cited, label, needs, term_name
from rrm_lifecycle.views.colour import Tone, paint, tone_of_days
from rrm_lifecycle.views.text import paragraph, table
from rrm_lifecycle.views.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrm_lifecycle.case.agenda import Due, Option
    from rrm_lifecycle.law.annexes import Annex
    from rrm_lifecycle.law.rows import Row
    from rrm_lifecycle.record.entry import Entry

_DUE: Final = (2, 3)
"""The columns of an agenda that say when a limit is due, and how many days are left."""
_NOW: Final = 2
"""The column of options that says whether an act is open."""


def agenda_table(items: Iterable[Due], language: str = "en", *, columns: int = 120, colour: bool = False) -> str:
    """Return an agenda over one or many cases as a table; lateness is marked in words, and in colour too if asked."""
    rows = []
    tones = []
    for due in items:
        tones.append(tone_of_days(due.days_left))
        left = word("none", language) if due.days_left is None else str(due.days_left)
        if due.days_left is not None and due.days_left < 0:
            left = f"{left} ({word('late', language)})"
        last = due.due.isoformat() if due.due else word("none", language)
        opens = ", ".join(due.opens) or word("none", language)
        rows.append((due.case_id, term_name(due.term, language), last, left, label(due.who, language), opens))
    if not rows:
        return word("nothing_due", language)
    headers = [word(key, language) for key in ("case", "what", "due", "left", "who", "then")]

    def painted(row: int, place: int, cell: str) -> str:
        return paint(cell, tones[row]) if place in _DUE else cell

    return table(headers, rows, columns=columns, right=(3,), paint=painted if colour else None)


def options_table(items: Iterable[Option], language: str = "en", *, columns: int = 120, colour: bool = False) -> str:
    """Return what may be done as a table; what is open is told in words, and in colour too if asked."""
    rows = []
    is_open = []
    for one in items:
        is_open.append(one.is_open)
        opens = word("none", language) if one.opens is None else one.opens.isoformat()
        now = word("yes" if one.is_open else "no", language)
        act = one.event.__name__
        if one.having:
            act += f" ({one.having[1]})"
        rows.append(
            (act, label(one.who, language), now, opens, one.rule, ", ".join(one.needs) or word("none", language))
        )
    headers = [word(key, language) for key in ("act", "who", "now", "opens", "rule", "needs")]

    def painted(row: int, place: int, cell: str) -> str:
        return paint(cell, Tone.OPEN if is_open[row] else Tone.FAINT) if place == _NOW else cell

    return table(headers, rows, columns=columns, paint=painted if colour else None)


def guard_text(guard: Guard, language: str = "en") -> str:
    """Return what a guard needs, in words; marked where lacking it is noted alone."""
    params: dict[str, object] = {}
    if not isinstance(guard, Fact):
        term = guard.term
        params = {"term": term.name, "value": term.value, "unit": term.unit and term.unit.value}
    text = needs(guard.code, params, language)
    return f"{text} [{word('noted', language)}]" if guard.force is Force.NOTES else text


def conditions(row: Row, language: str = "en") -> list[str]:
    """Return what narrows a row down: complainant, reading, field of the event."""
    found = []
    if row.only is not None:
        found.append(word("only", language, party=label(row.only, language)))
    if row.having is not None:
        found.append(word("having", language, field=row.having[0], value=label(row.having[1], language)))
    if row.under is not None:
        found.append(word("under", language, field=row.under[0], value=row.under[1]))
    return found


def stages_text(row: Row, language: str = "en") -> str:
    """Return the stages of a row in words."""
    if row.stages == OPEN:
        return word("every", language)
    return ", ".join(label(stage, language) for stage in row.stages)


def by_rule(one: Entry | Option, language: str) -> str:
    """Return the rule of an act that was done or may be done, with its provision."""
    return f"{one.rule} ({cited(one.provision or '', language)})"


def rows_of(annex: Annex) -> tuple[Row, ...]:
    """Return the rows that stand under an Annex: those of another complainant Party are left out."""
    return tuple(row for row in (*TABLE, *CUSTOMS) if row.only is None or row.only in annex.parties)


def law_text(annex: Annex, language: str = "en") -> str:
    """Return the table of the case and the one of the hold as text, a block a row."""
    blocks = []
    for row in rows_of(annex):
        to = word("stays", language) if row.to is None else label(row.to, language)
        cite = cited(row.provision.cite(annex.name), language)
        lines = [
            f"{row.id}  {row.event.__name__} ({label(row.who, language)})",
            paragraph(f"{word('stage', language)}: {stages_text(row, language)} -> {to}", indent="  "),
            f"  {word('provision', language)}: {cite} [{label(row.rests_on, language)}]",
        ]
        lines += [f"  {text}" for text in conditions(row, language)]
        lines += [paragraph(f"- {guard_text(guard, language)}", indent="    ") for guard in row.requires]
        if row.starts:
            lines.append(f"  {word('starts', language)}: " + ", ".join(label(term, language) for term in row.starts))
        if row.closes:
            lines.append(f"  {word('closes', language)}: {label(row.closes, language)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def law_markdown(annex: Annex, language: str = "en") -> str:
    """Return both tables as one Markdown table."""
    keys = ("rule", "stage", "who", "does", "to", "provision", "standing", "requires")
    lines = ["| " + " | ".join(word(key, language) for key in keys) + " |", "|" + " --- |" * len(keys)]
    for row in rows_of(annex):
        to = word("stays", language) if row.to is None else label(row.to, language)
        if row.closes:
            to += f" ({label(row.closes, language)})"
        asks = [*conditions(row, language), *(guard_text(guard, language) for guard in row.requires)]
        cells = (
            row.id,
            stages_text(row, language),
            label(row.who, language),
            row.event.__name__,
            to,
            cited(row.provision.cite(annex.name), language),
            label(row.rests_on, language),
            "; ".join(asks),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
