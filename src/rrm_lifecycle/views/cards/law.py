"""Cards of the law: rows and tables, provisions, terms, readings; and of calendars, registers and facilities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rrm_lifecycle.law.annexes import ANNEX_31A
from rrm_lifecycle.law.readings import Reading, choices
from rrm_lifecycle.law.wording import cited, label, term_name, text
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Mark
from rrm_lifecycle.views.cards.case import facility_facts, stated
from rrm_lifecycle.views.pages.words import said
from rrm_lifecycle.views.rows import conditions, guard_text, stages_text

if TYPE_CHECKING:
    from datetime import date

    from rrm_lifecycle.case.calendars import Calendar
    from rrm_lifecycle.case.claim import CoveredFacility
    from rrm_lifecycle.case.register import Register
    from rrm_lifecycle.law.provisions import Provision
    from rrm_lifecycle.law.rows import Row, Rows
    from rrm_lifecycle.law.terms import Term
    from rrm_lifecycle.views.cards.blocks import Block, Cell


# ---- rows and tables -------------------------------------------------------------------------------------------------
def _to(row: Row, language: str) -> str:
    told = said("stays", language) if row.to is None else label(row.to, language)
    return told if row.closes is None else f"{told} ({label(row.closes, language)})"


def _asks(row: Row, language: str) -> tuple[str, ...]:
    return (*conditions(row, language), *(guard_text(guard, language) for guard in row.requires))


def of_row(row: Row, language: str) -> Card:
    """Return the card of a rule."""
    items: list[tuple[str, Cell]] = [
        (said("in_stage", language), stages_text(row, language)),
        (said("who", language), label(row.who, language)),
        (said("does", language), label(row.event, language)),
        (said("to", language), _to(row, language)),
        (said("provided", language), label(row.provision, language)),
        (said("rests_on", language), label(row.rests_on, language)),
    ]
    for key, cell in (
        ("requires", _asks(row, language)),
        ("starts", tuple(label(term, language) for term in row.starts)),
        ("stops", tuple(label(term, language) for term in row.stops)),
    ):
        if cell:
            items.append((said(key, language), cell if key == "requires" else ", ".join(cell)))
    return Card(said("rule", language), row.id, (Facts(tuple(items)),))


def of_rows(rows: Rows, language: str) -> Card:
    """Return the card of a table of the law, a rule a row."""
    if not rows:
        return Card(said("table", language), said("none", language), ())
    told = [
        (
            row.id, stages_text(row, language), label(row.who, language), label(row.event, language), _to(row, language),
            cited(row.provision.cite(ANNEX_31A.name), language), label(row.rests_on, language), _asks(row, language),
        )
        for row in rows
    ]  # fmt: skip
    keys = ("rule", "in_stage", "who", "does", "to", "provided", "rests_on", "requires")
    count = said("rows_title", language, count=len(rows), first=rows[0].id, last=rows[-1].id)
    grid = Grid(
        said("rows_caption", language), tuple(said(key, language) for key in keys), told,
        folded=said("all_of", language, count=len(rows)),
    )  # fmt: skip
    return Card(said("table", language), count, (grid,))


def of_provision(provision: Provision, language: str) -> Card:
    """Return the card of a provision."""
    items: tuple[tuple[str, Cell], ...] = ()
    if provision.in_31a != provision.in_31b:
        items = (
            (f"{said('annex', language)} 31-A", cited(provision.in_31a, language)),
            (f"{said('annex', language)} 31-B", cited(provision.in_31b, language)),
        )
    about = text(f"about.{provision.code}", language) or provision.about
    told = Facts(((said("about", language), about), *items))
    return Card(said("provision", language), cited(provision.in_31a, language), (told,))


# ---- terms and readings ----------------------------------------------------------------------------------------------
def _length(term: Term, language: str) -> str:
    if term.value is None or term.unit is None:
        return said("until_day", language)
    unit = text(f"unit.{term.unit.value}" + (".one" if term.value == 1 else ""), language)
    return f"{term.value} {unit}"


def of_term(term: Term, language: str) -> Card:
    """Return the card of a time limit."""
    force = said("in_force_from", language, day=term.in_force_from) if term.in_force else said("off", language)
    items: tuple[tuple[str, Cell], ...] = (
        (said("unit", language), _length(term, language)),
        (said("kind_head", language), label(term.kind, language)),
        (said("who", language), label(term.who, language)),
        (said("set_by", language), label(term.provision, language)),
        (said("number_rests", language), label(term.number, language)),
        (said("unit_rests", language), label(term.unit_rests_on, language)),
        (said("in_force", language), force),
    )
    return Card(said("term", language), term_name(term.name, language), (Facts(items),))


def of_reading(reading: Reading, language: str) -> Card:
    """Return the card of a reading: where the text leaves a choice, and what is chosen."""
    differs, plain = reading.differs, Reading()
    rows: list[tuple[Cell, ...]] = []
    for name in choices():
        same = getattr(reading, name) == getattr(plain, name)
        mark = said("default", language) if same else Mark(said("differs", language))
        chosen = "ours" if same else "other"
        said_of = [text(f"choice.{name}.{part}", language) or "" for part in ("question", chosen)]
        rows.append((name, *said_of, mark))
    heads = tuple(said(key, language) for key in ("name", "question", "reading_of", "differs"))
    items: list[tuple[str, Cell]] = []
    if reading.terms:
        items.append((said("terms_set", language), tuple(str(term) for term in reading.terms)))
    if reading.without:
        items.append((said("without", language), ", ".join(sorted(reading.without))))
    if reading.treaty_until is not None:
        items.append((said("treaty_until", language), reading.treaty_until.isoformat()))
    count = len(differs)
    title = said("reading_differs_one" if count == 1 else "reading_differs" if count else "reading_default", language,
                 count=count)  # fmt: skip
    first = Grid(said("choices_caption", language), heads, [row for row in rows if isinstance(row[3], Mark)])
    others = [row for row in rows if not isinstance(row[3], Mark)]
    told = said("as_default", language, count=len(others))
    rest = Grid(told, heads, others, folded=told)
    blocks: list[Block] = [Facts(tuple(items))] if items else []
    return Card(said("reading", language), title, (*blocks, *((first,) if first.rows else ()), rest))


# ---- calendars, registers, facilities --------------------------------------------------------------------------------
def of_calendar(calendar: Calendar, language: str) -> Card:
    """Return the card of a calendar: what it rests on, which days it knows, and its closing days by year."""
    names = said("weekdays", language).split(", ")
    items: tuple[tuple[str, Cell], ...] = (
        (said("known_days", language), said("from_to", language, first=calendar.first, last=calendar.last)),
        (said("weekend", language), ", ".join(names[day] for day in sorted(calendar.weekend))),
        (said("source", language), calendar.source),
    )
    years: dict[int, list[date]] = defaultdict(list)
    for day in sorted(calendar.closing_days):
        years[day.year].append(day)
    rows = [(str(year), ", ".join(f"{day:%m-%d}" for day in days)) for year, days in years.items()]
    grid = Grid(
        said("closing_caption", language), (said("year", language), said("days", language)), rows,
        empty=said("no_closing_days", language), folded=said("all_of", language, count=len(calendar.closing_days)),
    )  # fmt: skip
    return Card(said("calendar", language), calendar.name, (Facts(items), grid))


def of_register(register: Register, language: str) -> Card:
    """Return the card of a register: past Denials, and findings of bad faith."""
    rows = [
        (one.case_id, one.facility.name, one.on.isoformat(), one.basis.value.replace("_", " "))
        for one in register.denials
    ]
    heads = tuple(said(key, language) for key in ("case", "facility", "date", "finding_basis"))
    grid = Grid(said("denials_caption", language), heads, rows, empty=said("no_denials", language))
    faith = [(label(one.party, language), one.on.isoformat()) for one in register.bad_faith]
    other = Grid(said("bad_faith_caption", language), (said("party", language), said("date", language)), faith)
    title = said("register_title", language, denials=len(rows), bad_faith=len(faith))
    return Card(said("register", language), title, (grid, other))


def of_facility(plant: CoveredFacility, language: str) -> Card:
    """Return the card of a facility."""
    items = facility_facts(plant, language)[1:]
    items += [
        (said(name, language), stated(getattr(plant, name), language)) for name in ("goods_traded", "competes", "goods")
    ]
    return Card(said("facility_kind", language), plant.name, (Facts(tuple(items)),))
