"""What a map tells: the ways between stages, by which rules, which of them a case went and which stand open to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import attrs
from attrs import field, frozen

from rrm_lifecycle.case.agenda import options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.export.graphs import edges
from rrm_lifecycle.export.model import stands
from rrm_lifecycle.law.annexes import Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.wording import cited, label
from rrm_lifecycle.record.entry import Entry, Track
from rrm_lifecycle.views.map.places import MAIN
from rrm_lifecycle.views.map.words import say

Pair = tuple[Stage, Stage]
_FEW: Final = 3
"""A row of more stages than this stands at nearly every stage, and is drawn quietly."""
TELLS: Final = 0.01
"""A share below this is drawn faintly, and told in the tooltip alone."""
MOST: Final = 60
"""How many acts of a case are listed; of more, the last ones."""


def is_general(row: Row) -> bool:
    """Return whether a row stands at nearly every stage: a course or settlement agreed, a withdrawal, and the like."""
    return len(row.stages) > _FEW


@frozen
class Way:
    """A line of the map: every row that leads from one stage to another.

    Attributes:
        one: The stage it leaves.
        other: The stage where it arrives.
        rows: The rows.
        says: What shows when a pointer rests on it: rules, acts and provisions.
        numbers: On the path of a case, the numbers of the acts that went it.
        is_open: Whether an act that stands open to the case goes it.
        share: In a simulation, the share of paths that go it; None elsewhere.
    """

    one: Stage
    other: Stage
    rows: tuple[Row, ...]
    says: str
    numbers: tuple[int, ...] = ()
    is_open: bool = False
    share: float | None = None

    @property
    def pair(self) -> Pair:
        """Where it leaves and where it arrives."""
        return self.one, self.other

    @property
    def is_main(self) -> bool:
        """Whether it belongs to the main course."""
        return self.pair in MAIN

    @property
    def is_quiet(self) -> bool:
        """Whether it stands for nothing but what stands at nearly every stage."""
        return bool(self.rows) and all(map(is_general, self.rows))

    @property
    def label(self) -> str:
        """Its rules in short: the id of the only one, the rule that all are rows of, or the first and how many more."""
        own = [row for row in self.rows if not is_general(row)]
        if not own:
            return ""
        if len(own) == 1:
            return own[0].id
        return own[0].rule if len({row.rule for row in own}) == 1 else f"{own[0].id} +{len(own) - 1}"


@frozen
class Step:
    """An act on the path of a case.

    Attributes:
        number: Its number on the map; None where the act moved no stage.
        act: The day and the act.
        under: Rule, provision, and what is to be noted.
    """

    number: int | None
    act: str
    under: str


@frozen
class Ending:
    """A way to close.

    Attributes:
        closing: The closing.
        rules: The rules by which cases close so, in short.
        says: Those rows, with act and provision.
        share: In a simulation, the share of paths; None elsewhere.
    """

    closing: Closing
    rules: str
    says: str
    share: float | None = None


@frozen
class Map:
    """What a map tells.

    Attributes:
        title: Its heading.
        subtitle: The line below it.
        alt: What it shows, in words.
        language: Its language.
        ways: The lines, in table order.
        endings: The ways to close.
        passed: Stages that the case has been in.
        here: Where the case stands.
        closing: How the case closed.
        start: Where simulated paths start.
        steps: The acts of the case.
        doors: The day for which open acts are marked; None where none are.
    """

    title: str
    subtitle: str
    alt: str
    language: str
    ways: tuple[Way, ...] = field(repr=False)
    endings: tuple[Ending, ...] = field(repr=False)
    passed: frozenset[Stage] = frozenset()
    here: Stage | None = None
    closing: Closing | None = None
    start: Stage | None = None
    steps: tuple[Step, ...] = ()
    doors: date | None = None

    @property
    def is_weighted(self) -> bool:
        """Whether its lines carry shares."""
        return any(way.share is not None for way in self.ways)


# ---- the table -------------------------------------------------------------------------------------------------------
def told(row: Row, annex: Annex, language: str) -> str:
    """Return a row as a line: its id, the act, whose act it is, and the provision."""
    return say(
        "by",
        language,
        rule=row.id,
        act=label(row.event, language),
        who=label(row.who, language),
        provision=cited(row.provision.cite(annex.name), language),
    )


def _says(one: Stage, other: Stage, lines: Iterable[str], language: str) -> str:
    return "\n".join([f"{label(one, language)} → {label(other, language)}", *lines])


def ways_of(annex: Annex, reading: Reading, language: str) -> tuple[Way, ...]:
    """Return the ways that the table provides for."""
    found = []
    for (one, other), ids in edges(annex, reading).items():
        rows = tuple(ROW_BY_ID[name] for name in ids)
        found.append(Way(one, other, rows, _says(one, other, (told(row, annex, language) for row in rows), language)))
    return tuple(found)


def endings_of(annex: Annex, reading: Reading, language: str) -> tuple[Ending, ...]:
    """Return the closings that the table provides for."""
    found = []
    for closing in Closing:
        rows = [row for row in TABLE if row.closes is closing and stands(row, annex, reading)]
        if rows:
            rules = ", ".join(dict.fromkeys(row.rule for row in rows))
            says = "\n".join([label(closing, language), *(told(row, annex, language) for row in rows)])
            found.append(Ending(closing, rules, says))
    return tuple(found)


def of_table(annex: Annex, reading: Reading, language: str) -> Map:
    """Return the map of the table."""
    ways = ways_of(annex, reading, language)
    alt = say("table_alt", language, annex=annex.name, stages=len(Stage), edges=len(ways))
    return Map(say("table", language, annex=annex.name), "", alt, language, ways, endings_of(annex, reading, language))


# ---- a case ----------------------------------------------------------------------------------------------------------
def moves(case: Case) -> Iterator[Entry]:
    """Yield the entries of a case that led from a stage to one; a course agreed anew leads back to where it stands."""
    for entry in case.acts:
        row = ROW_BY_ID.get(entry.rule or "")
        if entry.track is Track.CASE and (entry.to is not entry.stage or (row is not None and row.to is not None)):
            yield entry


def _steps(case: Case, language: str) -> Iterator[Step]:
    moved = {id(entry): number for number, entry in enumerate(moves(case), start=1)}
    for entry in case.acts:
        if entry.track is Track.CASE:
            notes = [say("implied", language)] if entry.implied else []
            notes += [say("late", language)] if any("days" in one.params for one in entry.findings) else []
            under = " · ".join(filter(None, (entry.rule, cited(entry.provision or "", language), *notes)))
            yield Step(moved.get(id(entry)), f"{entry.act.on}  {label(entry.event, language)}", under)


def _now(case: Case, language: str) -> str:
    if case.closing is not None:
        return say("closed_as", language, closing=label(case.closing, language))
    return say("stands", language, stage=label(case.stage, language))


def _case_alt(case: Case, language: str, doors: Sequence[str], today: date | None) -> str:
    steps = [
        say("step", language, number=number, act=label(entry.event, language), day=entry.act.on,
            stage=label(entry.to, language))
        for number, entry in enumerate(moves(case), start=1)
    ]  # fmt: skip
    path = "; ".join(steps) or say("no_acts", language)
    alt = say("case_alt", language, case=case.id, annex=case.annex.name, path=path, now=_now(case, language))
    if today is not None and doors:
        alt += " " + say("doors_alt", language, day=today, acts=", ".join(doors))
    return alt


def of_case(case: Case, context: Context, today: date | None, language: str) -> Map:
    """Return the map of a case: its path, where it stands, and with a day to look on the acts that are open.

    Args:
        case: The case.
        context: Reading, calendar and register.
        today: The day of looking; None for that of the last act, and no open acts where there is none.
        language: The language.
    """
    today = today or case.last_day
    if today is not None:
        case = case.until(today)
    ways = {way.pair: way for way in ways_of(case.annex, context.reading, language)}
    for number, entry in enumerate(moves(case), start=1):
        one, other = entry.stage, entry.to
        if isinstance(one, Stage) and isinstance(other, Stage):
            cite = cited(entry.provision or "", language)
            line = " · ".join(filter(None, (entry.rule, label(entry.event, language), cite)))
            way = ways.get((one, other)) or Way(one, other, (), _says(one, other, (line,), language))
            says = f"{way.says}\n{number}. {entry.act.on}: {line}"
            ways[one, other] = attrs.evolve(way, numbers=(*way.numbers, number), says=says)
    doors: dict[str, None] = {}
    for option in () if today is None else options(case, today, context=context):
        to = ROW_BY_ID[option.rule].to
        if option.is_open and isinstance(to, Stage):
            doors[label(option.event, language)] = None
            ways[case.stage, to] = attrs.evolve(ways[case.stage, to], is_open=True)
    facility = case.facility.name if case.facility is not None else ""
    listed = tuple(_steps(case, language))
    rest = len(listed) - MOST
    return Map(
        say("case", language, case=case.id) + (f" · {facility}" if facility else ""),
        _now(case, language) + (f" · {say('unlisted', language, n=rest)}" if rest > 0 else ""),
        _case_alt(case, language, tuple(doors), today),
        language,
        tuple(ways.values()),
        endings_of(case.annex, context.reading, language),
        passed=frozenset(stage for entry in case.path for stage in (entry.stage, entry.to) if isinstance(stage, Stage)),
        here=case.stage,
        closing=case.closing,
        steps=listed,
        doors=today if doors else None,
    )


# ---- shares ----------------------------------------------------------------------------------------------------------
def percent(share: float) -> str:
    """Return a share in words: whole percents, and how little below one.

    Example:
        >>> percent(0.379), percent(0.004), percent(0.0), percent(1.0)
        ('38%', '<1%', '0%', '100%')
    """
    if 0.0 < share < TELLS:
        return "<1%"
    return ">99%" if 0.99 < share < 1.0 else f"{share:.0%}"


def weighted(shown: Map, shares: Mapping[Pair, float], endings: Mapping[Closing, float]) -> Map:
    """Return a map of the table with the share of each way and of each closing."""
    ways = []
    for way in shown.ways:
        share = shares.get(way.pair, 0.0)
        says = f"{way.says}\n{say('share', shown.language, share=percent(share))}"
        ways.append(attrs.evolve(way, share=share, says=says))
    ends = tuple(attrs.evolve(one, share=endings.get(one.closing, 0.0)) for one in shown.endings)
    return attrs.evolve(shown, ways=tuple(ways), endings=ends)
