"""A behaviour from cases: what was done next in each stage, and after how long."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from math import fsum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import field, frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import BehaviourError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import OPEN
from rrm_lifecycle.law.terms import COURSE
from rrm_lifecycle.record.entry import Entry, Track
from rrm_lifecycle.simulation.acts import COURSE_DAYS
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import Days, positive
from rrm_lifecycle.simulation.habits import Habit, rows_in, usual_days
from rrm_lifecycle.simulation.periods import Floats, Period, likely_stays

if TYPE_CHECKING:
    from rrm_lifecycle.record.docket import Docket

SMOOTHING: Final = 0.15
"""How far an observed length spreads over its neighbours, as a part of itself."""
ROUNDS: Final = 3
"""How often what is known of the stays is taken to tell of those of which only periods are known."""
EVERYWHERE: Final = 0.1
"""How much of the prior an act gets that the law provides for at more than half of the stages, beside 1 for another."""
_COURSE_SPREAD: Final = 0.5
COURSE_STEP: Final = 15
"""Steps of days in which a course is told: how long it runs, and when an act is done that leaves it running."""


@frozen
class _Told:
    """A case with the day of its last look; None where that is not known."""

    case: Case
    last_look: date | None


@frozen
class _Course:
    """The acts of a case that tell how long stays are.

    Attributes:
        keys: For each act its stage and its row; None where it tells nothing.
        periods: The first and the last day on which each can have been done.
    """

    keys: tuple[tuple[Stage, str] | None, ...]
    periods: tuple[Period, ...]


@frozen
class _Seen:
    """What was seen.

    Attributes:
        told: The acts of each case.
        still: For each stage, how long cases have stood there that stand there still.
        courses: How long each agreed course was to run.
        cases: How many cases there were.
    """

    told: list[_Course] = field(factory=list)
    still: dict[Stage, list[int]] = field(factory=dict)
    courses: list[int] = field(factory=list)
    cases: list[str] = field(factory=list)


def fit(
    source: Iterable[Any] | Docket, *, prior: float = 0.5, context: Context | None = None, without: Iterable[str] = ()
) -> Behaviour:
    """Return the behaviour that is fitted to cases.

    Shares: the count of each act in a stage, with a Dirichlet prior of ``prior`` observations split over the acts that
    the law provides for there under the reading, so that a lawful act never seen keeps a small chance. Acts of the
    stage's own count alike; those that the law provides for at nearly every stage (to settle, to withdraw, to drop the
    case, to close it with the facility) count a tenth of them (:data:`EVERYWHERE`), since the public record shows them
    rarely, or never. Acts that move nothing (a fact told, a limit or a course extended, a panelist replaced) get no
    prior: they count as seen.

    Days: each observation spreads over its neighbours (:data:`SMOOTHING`). Where only periods of acts are known, the days of
    a case are taken together (:func:`~rrm_lifecycle.simulation.periods.likely_stays`): in proportion to what the acts with
    known days, and our guess, leave likely for all of its stays at once, so that they add up to the days that there were.
    A case that still stands in a stage counts for the days alone: its weight goes to the acts of that stage that
    took longer, as in the estimator of Kaplan and Meier; where none did, or where the day of the last look is not known
    (cases and dockets), it tells nothing. To the observations of a row our guess
    (:func:`~rrm_lifecycle.simulation.habits.usual_days`) is added with the weight of one of them. A course is told in
    steps of 15 days (:data:`COURSE_STEP`): how long it runs, and when an act is done that leaves it running. That keeps
    the program small.

    Args:
        source: Histories, alignments, cases, or a docket.
        prior: Pseudo-count of the prior; above 0.
        context: Reading, calendar and register; our defaults if None.
        without: Ids of cases to leave out.

    Raises:
        BehaviourError: The source is none of these, or the prior is no number above 0.

    Example:
        >>> from rrm_lifecycle.histories import load
        >>> from rrm_lifecycle.law.stages import Stage
        >>> round(fit(load()).stages[Stage.REVIEW_REQUESTED]["A4-03a"].share, 2)
        0.77
    """
    prior = positive(prior, "prior")
    context = context or DEFAULT
    left_out = frozenset(without)
    seen = _Seen()
    for told in _told(source, context):
        if told.case.id not in left_out:
            _look(told, seen)
    stays, counts = _stays(seen.told), Counter(key for course in seen.told for key in course.keys)
    stages = {
        stage: _habits(stage, stays, counts, seen.still.get(stage, ()), prior, context.reading)
        for stage in Stage
        if stage is not Stage.CLOSED
    }
    guess = Days.lognormal(COURSE_DAYS, _COURSE_SPREAD)
    observed = len(seen.courses)
    course = guess
    if observed:
        course = Days.empirical(seen.courses, smoothing=SMOOTHING).mixed(guess, 1.0 / (1.0 + observed))
    return Behaviour(
        stages, course=course.thinned(24).in_steps(COURSE_STEP), course_seen=observed, prior=prior,
        rests_on=_rests_on(source, seen, left_out),
    )  # fmt: skip


SHIPPED: Final = "behaviour.json"
"""The file beside this module that holds the behaviour fitted to the shipped histories; a test fits it anew."""


@cache
def fitted_to_shipped() -> Behaviour:
    """Return the behaviour fitted to the shipped histories, as it was fitted once and shipped with them.

    Fitting takes a second; and a number that was fitted on another machine may differ in its last bit, which would make
    other paths of the same seed.
    """
    text = files("rrm_lifecycle.simulation").joinpath(SHIPPED).read_text("utf-8")
    return Behaviour.from_json(json.loads(text))


def _rests_on(source: object, seen: _Seen, left_out: frozenset[str]) -> str:
    edition = getattr(source, "edition", None)
    told = f"fitted to {len(seen.cases)} case{'' if len(seen.cases) == 1 else 's'}"
    if edition is not None:
        told += f" ({edition})"
    return told + (f", without {', '.join(sorted(left_out))}" if left_out else "")


# ---- looking -----------------------------------------------------------------------------------------------------
def _told(source: Any, context: Context) -> list[_Told]:  # noqa: ANN401 - any of the sources
    from rrm_lifecycle.histories.aligned import Alignment  # noqa: PLC0415 - read when histories are asked about
    from rrm_lifecycle.histories.alignment import align  # noqa: PLC0415
    from rrm_lifecycle.histories.history import History  # noqa: PLC0415

    several = source.cases() if hasattr(source, "cases") and callable(source.cases) else source
    if isinstance(several, str | bytes | Mapping) or not isinstance(several, Iterable):
        msg = f"a behaviour is fitted to histories, alignments, cases or a docket; found {type(source).__name__}"
        raise BehaviourError(msg)
    found = []
    for one in several:
        if isinstance(one, History):
            found.append(_Told(align(one, context=context).case, one.as_of))
        elif isinstance(one, Alignment):
            found.append(_Told(one.case, one.history.as_of))
        elif isinstance(one, Case):
            found.append(_Told(one, None))
        else:
            msg = f"a behaviour is fitted to histories, alignments or cases; found {type(one).__name__} among them"
            raise BehaviourError(msg)
    return found


def _period(entry: Entry) -> tuple[date, date]:
    act = entry.act
    return act.known or (act.on, act.on)


def _look(told: _Told, seen: _Seen) -> None:
    seen.cases.append(told.case.id)
    keys: list[tuple[Stage, str] | None] = []
    periods: list[Period] = []
    for entry in told.case.acts:
        if entry.track is Track.HOLD or entry.rule is None or not isinstance(entry.stage, Stage):
            continue
        keys.append((entry.stage, entry.rule) if entry.stage is not Stage.CLOSED and entry.rule in ROW_BY_ID else None)
        periods.append(_period(entry))
        end = getattr(entry.act, "agreed_end", None)
        if isinstance(end, date):
            seen.courses.append(max(0, (end - entry.act.on).days))
    seen.told.append(_Course(tuple(keys), tuple(periods)))
    before = periods[-1] if periods else None
    if told.last_look is not None and before is not None and not told.case.is_closed:
        seen.still.setdefault(told.case.stage, []).append(max(0, (told.last_look - before[1]).days))


# ---- shares and days ---------------------------------------------------------------------------------------------
def lawful(stage: Stage, reading: Reading) -> tuple[Row, ...]:
    """Return the rows that the law provides for in a stage under a reading, whoever the complainant Party is."""
    return tuple(
        row
        for row in rows_in(stage)
        if row.id not in reading.without and (row.under is None or getattr(reading, row.under[0]) == row.under[1])
    )


def _moves(row: Row) -> bool:
    """Return whether a row has a prior: it leads on, or it ends an answer that is waited for."""
    return row.to is not None or (bool(row.stops) and not row.starts)


def _guessed(row: Row) -> float:
    """Return the weight of a row in the prior."""
    if not _moves(row):
        return 0.0
    return EVERYWHERE if len(row.stages) > len(OPEN) // 2 else 1.0


def _habits(  # noqa: PLR0913, PLR0917 - one call, in one place
    stage: Stage,
    stays: Weights,
    counted: Mapping[tuple[Stage, str] | None, int],
    still: Iterable[int],
    prior: float,
    reading: Reading,
) -> dict[str, Habit]:
    rows = lawful(stage, reading)
    guessed = {row.id: _guessed(row) for row in rows}
    whole = fsum(guessed.values())
    counts = {row.id: counted.get((stage, row.id), 0) for row in rows}
    total = sum(counts.values()) + prior
    weights = {row.id: dict(stays[stage, row.id]) for row in rows if counts[row.id]}
    _redistribute(weights, still)
    habits = {}
    for row in rows:
        count, guess = counts[row.id], usual_days(row)
        share = (count + prior * guessed[row.id] / whole) / total
        if not share:
            continue
        days = guess
        if count:
            days = Days.smoothed(weights[row.id], SMOOTHING).mixed(guess, 1.0 / (1.0 + count))
        if stage is Stage.COURSE_RUNNING and COURSE not in row.stops:
            days = days.in_steps(COURSE_STEP)
        habits[row.id] = Habit(share, days, count)
    return habits


Weights = dict[tuple[Stage, str], dict[int, float]]
"""For each stage and row the weight of each length of the stay before it: 1 for each observation in all."""


def _stays(told: Iterable[_Course]) -> Weights:
    """Return the weights of stays: first of those that are known to the day, then, by what these tell, of all."""
    several = tuple(told)
    known: Weights = {}
    for course in several:
        _add(known, course, _exact(course.periods))
    for _ in range(ROUNDS):
        found: Weights = {}
        by_key = {key: _guess(key, known) for key in {key for course in several for key in course.keys[1:]}}
        for course in several:
            if not course.periods:
                continue
            guesses = [by_key[key] for key in course.keys[1:]]
            _add(found, course, [{0: 1.0}, *likely_stays(course.periods, guesses)])
        known = found
    return known


def _exact(periods: Sequence[Period]) -> list[dict[int, float]]:
    """Return each stay that is known to the day; the first act is the start of the path."""
    found: list[dict[int, float]] = []
    for number, (first, last) in enumerate(periods):
        before = periods[number - 1] if number else (first, first)
        exact = first == last and before[0] == before[1]
        found.append({max(0, (first - before[0]).days) if number else 0: 1.0} if exact or not number else {})
    return found


def _add(weights: Weights, course: _Course, stays: Sequence[Mapping[int, float]]) -> None:
    for key, stay in zip(course.keys, stays, strict=True):
        if key is not None:
            held = weights.setdefault(key, {})
            for day, weight in stay.items():
                held[day] = held.get(day, 0.0) + weight


def _guess(key: tuple[Stage, str] | None, known: Weights) -> Floats:
    """Return how likely each number of days is before an act, by what is known, and our guess as one observation."""
    if key is None:
        return np.ones(1)
    guess = usual_days(ROW_BY_ID[key[1]], coarse=False)
    held = known.get(key)
    if held:
        guess = Days.smoothed(held, SMOOTHING).mixed(guess, 1.0 / (1.0 + fsum(held.values())))
    return np.asarray(guess.probabilities, dtype=np.float64)


def _redistribute(weights: dict[str, dict[int, float]], still: Iterable[int]) -> None:
    """Give the weight of each case that still stands in a stage to the acts there that took longer."""
    for gone in sorted(still, reverse=True):
        later = [(name, day) for name, days in weights.items() for day in days if day > gone]
        total = fsum(weights[name][day] for name, day in later)
        for name, day in later:
            weights[name][day] += weights[name][day] / total
