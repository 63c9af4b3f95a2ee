"""Which doubt about the text matters: each contested reading and each unconfirmed term flipped alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import attrs
from attrs import field, frozen

from rrm_lifecycle.case.calendars import Unit
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.errors import RRMError, SimulationError
from rrm_lifecycle.law.readings import ClosingDays, Reading, choices
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.terms import TERMS, Standing, Term
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.simulation.acts import opening
from rrm_lifecycle.simulation.ahead import look_ahead, standing
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.compiling import compile_program
from rrm_lifecycle.simulation.montecarlo import default_start, start_of
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.recipe import recipe_of, write
from rrm_lifecycle.simulation.representing import undated
from rrm_lifecycle.simulation.reweighing import Weighing
from rrm_lifecycle.simulation.tables import NUMBER, TEXT, Tabular

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rrm_lifecycle.simulation.results import Simulation

COLUMNS: Final = {
    "doubt": TEXT, "kind": TEXT, "about": TEXT, "flip": TEXT, "days": NUMBER, "outcomes": NUMBER, "most": TEXT,
    "most_by": NUMBER, "note": TEXT,
}  # fmt: skip
"""The columns: the field of the reading, or the term; ``reading`` or ``term``; its ambiguity or rule; to what it is flipped;
how many days longer cases take in the mean; the share of the cases that close otherwise; the closing that changes most,
and by which share; and a note where something is to be said. Empty where no program follows from the flip."""
_ZERO: Final = 1e-9
_ALARM: Final = "no rule that can bar an act asks about it: its lapse is noted, and moves nothing"
_LEFT_ASIDE: Final = {
    "closing_days": "a program counts no public holidays: it shows in dated cases alone",
    "own_findings_count": "past findings change the tier of remedies alone, which moves no case",
    "bad_faith": "a program leaves findings of bad faith aside, since they hang on the date",
    "hold_lapses_with_request": "the customs hold runs beside a case and bars nothing in it",
}
"""Doubts that no program asks about, each with the reason; so none is built for them."""
_NOTES: Final = {
    "only_facts_since_entry": "simulated claims state no day of their facts",
    "coverage_must_last": "simulated facilities stay covered",
    "trade_link_required": "simulated facilities trade goods of their own",
    "services_have_no_measure": "simulated facilities trade goods, not services",
    "second_case_reopens": "a path ends where a case closes",
    "screening_from_submission": _ALARM,
}


@frozen(eq=False, repr=False)
class Sensitivity(Tabular):
    """What each doubt about the text changes, the largest first.

    Attributes:
        of: What the rows are sorted by: ``days`` or ``outcomes``.
        mean_days: The mean days of the base.
        closings: The share of each closing in the base.
        records: The rows; columns: :data:`COLUMNS`.
        behaviour: What people do.
        context: Reading, calendar and register of the base.
        start: First day of the paths.
    """

    of: Literal["days", "outcomes"]
    mean_days: float
    closings: Mapping[Closing, float]
    records: tuple[Mapping[str, Any], ...] = field(repr=False)
    behaviour: Behaviour
    context: Context
    start: date
    from_case: None = None
    spent: int = 0
    seed: int = 0
    n: int = 0

    def columns(self) -> Mapping[str, str]:
        """Return the columns: :data:`COLUMNS`."""
        return COLUMNS

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        return {name: [row[name] for row in self.records] for name in COLUMNS}

    @property
    def matters(self) -> tuple[Mapping[str, Any], ...]:
        """The rows in which days or outcomes change."""
        return tuple(row for row in self.records if row["days"] or row["outcomes"])

    @property
    def changes_nothing(self) -> tuple[Mapping[str, Any], ...]:
        """The rows in which neither changes."""
        return tuple(row for row in self.records if row["days"] == 0.0 and row["outcomes"] == 0.0)

    @property
    def not_compiled(self) -> tuple[Mapping[str, Any], ...]:
        """The rows of which no program could be built; their note says why."""
        return tuple(row for row in self.records if row["days"] is None)

    @property
    def digest(self) -> str:
        """SHA-256 of the differences, to nine digits; what a result that is made anew has to equal."""
        rounded = [(row["doubt"], row["flip"], row["days"], row["outcomes"]) for row in self.records]
        told = sorted((a, b, None if c is None else round(c, 9) + 0.0, None if d is None else round(d, 9) + 0.0)
                      for a, b, c, d in rounded)  # fmt: skip
        return sha256(json.dumps(told).encode()).hexdigest()

    @property
    def recipe(self) -> dict[str, Any]:
        """All that the result follows from, ready for JSON; nothing is drawn, so that seed and n are 0."""
        # A recipe asks for what this result has too: behaviour, context, day, case, seed, number and digest.
        return {**recipe_of(cast("Simulation", self), "sensitivity"), "of": self.of}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recipe to a file."""
        write(self.recipe, path)

    def __repr__(self) -> str:
        """Return how many doubts matter."""
        return f"<Sensitivity of {self.of}: {len(self.matters)} of {len(self.records)} flips change something>"[:120]

    def __str__(self) -> str:
        """Return what changes something as a table, and below it what changes nothing."""
        told = [f"base: {self.mean_days:.1f} days in the mean; each doubt flipped alone, exact differences", ""]
        told.append(f"{'doubt':<30} {'about':<7} {'days':>7} {'outcomes':>9}  flip")
        told += [_line(row) for row in self.matters]
        still = dict.fromkeys(row["doubt"] for row in self.changes_nothing)
        if still:
            told += ["", "change nothing: " + ", ".join(f"{name}" for name in still)]
        told += [f"no program: {row['doubt']} ({row['flip']}): {row['note']}" for row in self.not_compiled]
        return "\n".join(told)


def _line(row: Mapping[str, Any]) -> str:
    flip = row["flip"] if len(row["flip"]) <= 60 else row["flip"][:59].rstrip() + "…"
    return f"{row['doubt']:<30} {row['about']:<7} {row['days']:>+7.2f} {row['outcomes']:>9.1%}  {flip}"


@frozen
class _Flip:
    """A doubt flipped: its name and kind, what it is about, to what, and the reading in which it is."""

    name: str
    kind: Literal["reading", "term"]
    about: str
    to: str
    reading: Reading


# ---- flipping --------------------------------------------------------------------------------------------------------
def flips(reading: Reading | None = None) -> tuple[_Flip, ...]:
    """Return every doubt flipped alone: each choice of a reading, and each term of which something is unconfirmed.

    Of a term whose unit is unconfirmed: the other unit, calendar or business days. Of one whose number is: half of it, half
    as much again, and off; of one that is off unless a reading sets it: on.
    """
    reading = reading or Reading()
    return (*_choices(reading), *_terms(reading))


def _choices(reading: Reading) -> Iterator[_Flip]:
    for name, choice in choices().items():
        now = getattr(reading, name)
        if isinstance(now, ClosingDays):
            other: Any = next(one for one in ClosingDays if one is not now)
        else:
            other = not now
        ours = now == getattr(attrs.fields(Reading), name).default
        yield _Flip(
            name, "reading", choice.ambiguity, choice.readings[int(ours)], attrs.evolve(reading, **{name: other})
        )


def _terms(reading: Reading) -> Iterator[_Flip]:
    for name in dict.fromkeys(term.name for term in TERMS):
        line = next((term for term in reading.terms if term.name == name), None)
        term = line or next(one for one in reversed(TERMS) if one.name == name)
        for told, other in _alternatives(term):
            terms = [*(one for one in reading.terms if one.name != name), other]
            yield _Flip(name, "term", term.rule, told, attrs.evolve(reading, terms=terms))


def _alternatives(term: Term) -> Iterator[tuple[str, Term]]:
    doubtful = Standing.UNCONFIRMED
    if term.unit in {Unit.DAYS, Unit.BUSINESS_DAYS} and term.unit_rests_on is doubtful and term.in_force:
        other = Unit.DAYS if term.unit is Unit.BUSINESS_DAYS else Unit.BUSINESS_DAYS
        yield f"{term.value} {other.value.replace('_', ' ')} instead of {_unit(term)}", term.set(unit=other)
    if not term.in_force:
        yield f"on: {term.value} {_unit(term)}", term.set()
        return
    if term.number is doubtful:
        for told, factor in (("half", 0.5), ("half as much again", 1.5)):
            if term.value is not None:
                value = round(term.value * factor)
                yield f"{value} instead of {term.value} {_unit(term)} ({told})", term.set(value)
        yield "off", term.off()


def _unit(term: Term) -> str:
    return "days" if term.unit is None else term.unit.value.replace("_", " ")


# ---- the differences -------------------------------------------------------------------------------------------------
def sensitivity(
    behaviour: Behaviour | None = None,
    *,
    of: Literal["days", "outcomes"] = "days",
    context: Context | None = None,
    start: date | None = None,
    progress: Progress | bool | None = None,
) -> Sensitivity:
    """Return what each doubt about the text changes, flipped alone: exact differences, and what changes nothing.

    What people do stays as it is: the flip changes what the law lets them do, and when. An act that the flip bars leaves
    its share to the same act under another row, or to the other acts of the stage. That a Party would act otherwise under
    another reading is no part of it.

    Args:
        behaviour: What people do; fitted to the shipped histories if None.
        of: What to sort by: ``days``, how much longer cases take in the mean; or ``outcomes``, which share of them closes
            otherwise (half the sum of the differences in the shares of the closings).
        context: Reading, calendar and register of the base; our defaults if None.
        start: First day of the paths, for its day of the week; the last look of the shipped histories if None.
        progress: True for a bar of tqdm, or a function that is called with the doubts flipped so far and their number.

    Raises:
        EventError: ``progress`` is neither.
        MissingExtra: A bar is asked for, and tqdm is not installed.
        SimulationError: Sorted by anything else, or no program follows from the base.
    """
    if of not in {"days", "outcomes"}:
        msg = f"sensitivity is told of 'days' or of 'outcomes'; found {of!r}"
        raise SimulationError(msg[:400])
    behaviour = Behaviour.default() if behaviour is None else behaviour
    context = context or DEFAULT
    start = default_start() if start is None else start_of(start)
    weekday = start.weekday()
    asked = _asked(behaviour, context)
    base = _answers(compile_program(behaviour, context=context), weekday)
    shows, doubts, records = shown(progress, "flipping", " doubts"), flips(context.reading), []
    for done, flip in enumerate(doubts, 1):
        records.append(_record(flip, behaviour, context, weekday, base, asked))
        if shows is not None:
            shows(done, len(doubts))
    records.sort(key=lambda row: (row[of] is None, -abs(row[of] or 0.0)))
    return Sensitivity(of, base[0], base[1], tuple(records), behaviour, context, start)


def again(recipe: Mapping[str, Any], context: Context, executor: Executor | None = None) -> Sensitivity:
    """Return the result that a recipe describes. See :func:`.recipe.rerun`, which also compares the two."""
    del executor  # nothing is walked
    behaviour, start = Behaviour.from_json(recipe["behaviour"]), date.fromisoformat(recipe["start"])
    return sensitivity(behaviour, of=recipe["of"], context=context, start=start)


_Answers = tuple[float, dict[Closing, float]]


def _asked(behaviour: Behaviour, context: Context) -> frozenset[str]:
    """Return the terms about whose limits some rule that can bar an act asks, from a new case on."""
    case, bare = opening(), undated(context)
    ahead = look_ahead(case, standing(behaviour.stages, case, bare), bare)
    return frozenset().union(*(one.terms for one in ahead.asked.values()))


def _answers(program: Program, weekday: int) -> _Answers:
    found = Weighing(program, weekday).expected()
    shares: dict[Closing, float] = {}
    for (closing, _), share in zip(program.outcomes, found.outcomes.tolist(), strict=True):
        shares[closing] = shares.get(closing, 0.0) + share
    return found.days, shares


def _record(  # noqa: PLR0913, PLR0917 - one call, in one place
    flip: _Flip, behaviour: Behaviour, context: Context, weekday: int, base: _Answers, asked: frozenset[str]
) -> dict[str, Any]:
    row: dict[str, Any] = {"doubt": flip.name, "kind": flip.kind, "about": flip.about, "flip": flip.to}
    now = attrs.evolve(context, reading=flip.reading)
    aside = _LEFT_ASIDE.get(flip.name)
    if aside is None and flip.kind == "term" and flip.name not in asked | _asked(behaviour, now):
        aside = _ALARM
    if aside is not None:
        return {**row, "days": 0.0, "outcomes": 0.0, "most": None, "most_by": None, "note": aside}
    try:
        days, shares = _answers(compile_program(behaviour, context=now), weekday)
    except RRMError as error:
        return {**row, "days": None, "outcomes": None, "most": None, "most_by": None, "note": str(error)}
    moved = {one: shares.get(one, 0.0) - base[1].get(one, 0.0) for one in {**base[1], **shares}}
    most = max(moved, key=lambda one: abs(moved[one]))
    longer = days - base[0] if abs(days - base[0]) > _ZERO else 0.0
    otherwise = sum(abs(one) for one in moved.values()) / 2.0
    told = otherwise > _ZERO
    return {
        **row,
        "days": longer,
        "outcomes": otherwise if told else 0.0,
        "most": most.value if told else None,
        "most_by": moved[most] if told else None,
        "note": None if told or longer else _NOTES.get(flip.name),
    }
