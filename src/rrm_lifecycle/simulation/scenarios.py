"""What changes if: scenarios beside a base, the exact difference, and what the same number of cases would show."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.record.chain import loads
from rrm_lifecycle.simulation.acts import facility_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.draws import seed_of
from rrm_lifecycle.simulation.exact import Exact, solve
from rrm_lifecycle.simulation.gallery import gallery as gallery
from rrm_lifecycle.simulation.intervals import LEVEL, level_of, normal
from rrm_lifecycle.simulation.montecarlo import count_of, default_start, drawn_seed, program_of, start_of, walked
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.recipe import context_of, described, recipe_of, write
from rrm_lifecycle.simulation.tables import NUMBER, TEXT, Table, Tabular

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rrm_lifecycle.simulation.results import Simulation

Floats = NDArray[np.float64]
Scenario = Behaviour | Context | Reading | tuple[Behaviour, Context | Reading]
"""What differs from the base: the behaviour, the context, the reading alone, or behaviour and one of the two."""

COLUMNS: Final = {
    "scenario": TEXT, "measure": TEXT, "base": NUMBER, "value": NUMBER, "difference": NUMBER,
    "low": NUMBER, "high": NUMBER, "saved": NUMBER,
}  # fmt: skip
"""The columns of a comparison. ``base``, ``value`` and ``difference`` are exact; shares are fractions of 1. ``low`` and
``high`` are the interval that the paired paths give for the difference. ``saved`` is how many times as many paths it would
take without shared draws; empty where no path differs, or where pairs tell nothing."""
PANEL: Final = "a panel is asked for"
SANCTIONS: Final = "remedies are notified"
MEAN: Final = "mean days"
MEDIAN: Final = "median days"
TIER: Final = "highest tier of remedies"
_BATCHES: Final = 20
_T_BATCHES: Final = 2.093024
"""The 97.5 % point of Student's distribution with 19 degrees of freedom, for 20 batches."""


@frozen(eq=False, repr=False)
class Comparison(Tabular):
    """Scenarios beside a base.

    Attributes:
        names: The scenarios, in the order given.
        n: How many paths were walked for each.
        seed: The seed that they share.
        start: First day of each path.
        records: The rows; columns: :data:`COLUMNS`.
        level: How often an interval holds.
        behaviour: What people do in the base.
        context: Reading, calendar and register of the base.
        scenarios: For each scenario its behaviour and its context.
        from_case: The case from which paths start; None for a new one.
    """

    names: tuple[str, ...]
    n: int
    seed: int
    start: date
    records: tuple[Mapping[str, Any], ...] = field(repr=False)
    level: float
    behaviour: Behaviour
    context: Context
    scenarios: Mapping[str, tuple[Behaviour, Context]]
    from_case: Case | None = None
    spent: int = 0

    def columns(self) -> Mapping[str, str]:
        """Return the columns: :data:`COLUMNS`."""
        return COLUMNS

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        return {name: [row[name] for row in self.records] for name in COLUMNS}

    def of(self, scenario: str, measure: str | None = None) -> Table:
        """Return the rows of a scenario, or the one of a measure.

        Raises:
            SimulationError: There is no such scenario or measure.
        """
        found = [one for one in self.records if one["scenario"] == scenario and measure in {None, one["measure"]}]
        if not found:
            measures = ", ".join(dict.fromkeys(str(one["measure"]) for one in self.records))
            msg = f"no scenario {scenario!r} with {measure!r} was compared; there are {', '.join(self.names)}"[:250]
            raise SimulationError(f"{msg}, each with {measures}")
        return Table(scenario, COLUMNS, found)

    @property
    def digest(self) -> str:
        """SHA-256 of the rows, to nine digits; what a comparison that is made anew has to equal."""
        rounded = [{k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()} for row in self.records]
        return sha256(json.dumps(rounded, sort_keys=True).encode()).hexdigest()

    @property
    def recipe(self) -> dict[str, Any]:
        """All that the comparison follows from, ready for JSON; :func:`.recipe.rerun` makes it anew."""
        # A recipe asks for what a comparison has too: behaviour, context, day, case, seed, number and digest.
        both = [{"name": k, "behaviour": b.to_json(), **described(c)} for k, (b, c) in self.scenarios.items()]
        return {**recipe_of(cast("Simulation", self), "compare"), "scenarios": both, "level": self.level}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recipe to a file."""
        write(self.recipe, path)

    def __repr__(self) -> str:
        """Return the scenarios in one line."""
        return f"<Comparison: {', '.join(self.names)}, {self.n} paths each, seed {self.seed}>"[:120]

    def __str__(self) -> str:
        """Return the rows in which something differs, as text; days as days and shares in percent."""
        lines = [
            f"{self.n} paired paths a scenario, seed {self.seed}; values and differences are exact,",
            "low and high are what the pairs show, saved is how many times as many paths it takes without pairs",
        ]
        for name in self.names:
            rows = [one for one in self.records if one["scenario"] == name]
            moved = [one for one in rows if abs(one["difference"]) > 5e-4]
            lines += ["", name if moved else f"{name}: nothing changes"]
            lines += [_line(one) for one in moved]
            still = len(rows) - len(moved)
            if moved and still:
                lines.append(f"  {still} other measures change by less than 0.05 points")
        return "\n".join(lines)


def _line(row: Mapping[str, Any]) -> str:
    if row["measure"] in {MEAN, MEDIAN, TIER}:
        base, value, difference, low, high = (
            "-" if row[name] is None else f"{row[name]:{sign}.1f}"
            for name, sign in (("base", ""), ("value", ""), ("difference", "+"), ("low", "+"), ("high", "+"))
        )
    else:
        base, value, difference, low, high = (
            "-" if row[name] is None else f"{100 * row[name]:{sign}.1f}%"
            for name, sign in (("base", ""), ("value", ""), ("difference", "+"), ("low", "+"), ("high", "+"))
        )
    saved = "" if row["saved"] is None else f"  saved x{row['saved']:.1f}"
    return f"  {row['measure']:<31} {base:>7} -> {value:>7}  {difference:>8} ({low} to {high}){saved}"


# ---- comparing -------------------------------------------------------------------------------------------------------
@frozen(eq=False)
class _Run:
    """A scenario: exact answers, and paths."""

    program: Program
    exact: Exact
    outcome: NDArray[np.uint8]
    days: NDArray[np.uint16]
    tier: int


def compare(  # noqa: PLR0913 - what varies between comparisons, by name
    base: Behaviour | None = None,
    *,
    n: int = 100_000,
    seed: int | None = None,
    context: Context | None = None,
    start: date | Case | None = None,
    level: float = LEVEL,
    progress: Progress | bool | None = None,
    **scenarios: Scenario,
) -> Comparison:
    """Return what changes in each scenario, against the base.

    Values and differences are exact. Beside them stand the intervals that ``n`` cases give, each walked once under the
    base and once under the scenario with the same draws: what a study of so many cases could see.

    Args:
        base: What people do; fitted to the shipped histories if None.
        n: How many paths to walk for each.
        seed: A whole number of at least 0; drawn if None.
        context: Reading, calendar and register of the base; our defaults if None.
        start: First day of each path, or an open case that paths go on from; the last look of the histories if None.
        level: How often an interval holds.
        progress: True for a bar of tqdm, or a function that is called with the scenarios done so far and their number.
        **scenarios: A behaviour, a context, a reading, or behaviour and context; see :func:`gallery`.

    Raises:
        SimulationError: No scenario is given, one is none, or no program follows from it.
        EventError: ``progress`` is neither.
        MissingExtra: A bar is asked for, and tqdm is not installed.

    Example:
        >>> base = Behaviour.default()
        >>> found = compare(base, n=1_000, seed=1, short=base.with_course(at_most=180))
        >>> found.of("short", "mean days")[0]["difference"] < 0
        True
    """
    n, level = count_of(n, "n, the number of paths,"), level_of(level)
    number = drawn_seed() if seed is None else seed_of(seed)
    context = context or DEFAULT
    base = Behaviour.default() if base is None else base
    if not scenarios:
        msg = (
            "a comparison needs a scenario beside the base, by name: compare(base, short=base.with_course(at_most=180))"
        )
        raise SimulationError(msg)
    case = start if isinstance(start, Case) else None
    day = start if case is None else case.last_day
    first = default_start() if day is None else start_of(day)
    both = {name: _both(name, one, base, context) for name, one in scenarios.items()}
    shows = shown(progress, "comparing", " scenarios")
    ours = _run(base, context, case, first, n, number)
    records = []
    for done, (name, (behaviour, other)) in enumerate(both.items(), 1):
        theirs = _run(behaviour, other, case, first, n, number)
        records += [{"scenario": name, **row} for row in _rows(ours, theirs, level)]
        if shows is not None:
            shows(done, len(both))
    return Comparison(tuple(scenarios), n, number, first, tuple(records), level, base, context, both, case)


def again(recipe: Mapping[str, Any], context: Context, executor: Executor | None = None) -> Comparison:
    """Return the comparison that a recipe describes. See :func:`.recipe.rerun`, which also compares the two.

    Raises:
        SimulationError: A scenario had a register or a calendar of its own, of which a recipe holds the digest alone.
    """
    del executor  # the paths of a comparison are few
    start = date.fromisoformat(recipe["start"]) if recipe["case"] is None else loads(recipe["case"].encode())
    scenarios: dict[str, Any] = {}
    for one in recipe["scenarios"]:
        same = all(one[name] == recipe[name] for name in ("reading", "calendar", "register"))
        scenarios[one["name"]] = (Behaviour.from_json(one["behaviour"]), context if same else context_of(one))
    base = Behaviour.from_json(recipe["behaviour"])
    given = {"n": recipe["n"], "seed": recipe["seed"], "level": recipe["level"]}
    return compare(base, context=context, start=start, **given, **scenarios)


def _both(name: str, scenario: object, base: Behaviour, context: Context) -> tuple[Behaviour, Context]:
    behaviour, other = scenario if isinstance(scenario, tuple) and len(scenario) == 2 else (base, scenario)
    if isinstance(other, Behaviour) and not isinstance(scenario, tuple):
        return other, context
    if isinstance(other, Reading):
        other = attrs.evolve(context, reading=other)
    if isinstance(behaviour, Behaviour) and isinstance(other, Context):
        return behaviour, other
    msg = (
        f"the scenario {name!r} is a Behaviour, a Context, a Reading, or a behaviour with one of the two; found "
        f"{type(scenario).__name__}"
    )
    raise SimulationError(msg)


def _run(  # noqa: PLR0913, PLR0917 - one call, in one place
    behaviour: Behaviour, context: Context, case: Case | None, first: date, n: int, seed: int
) -> _Run:
    program = program_of(behaviour, context, case)
    exact = solve(program, weekday=first.weekday())
    return _Run(program, exact, *walked(program, n, seed, first.weekday()), _tier(context, case, first))


def _tier(context: Context, case: Case | None, first: date) -> int:
    """Return the highest tier of remedies that the past determinations of the register allow."""
    case = opening() if case is None else case
    prior = context.register.prior(case.id, facility_of(case), first, context.reading)
    return min(3, 1 + len(prior))


def _rows(ours: _Run, theirs: _Run, level: float) -> list[dict[str, Any]]:
    closings = dict.fromkeys(closing for run in (ours, theirs) for closing, _ in run.program.outcomes)
    measures = {one.value: {(one, phase) for phase in Phase} for one in closings}
    for name, phases in ((PANEL, {Phase.PANEL, Phase.SANCTIONS}), (SANCTIONS, {Phase.SANCTIONS})):
        measures[name] = {(closing, phase) for closing in closings for phase in phases}
    rows = []
    for name, wanted in measures.items():
        chosen = [[one in wanted for one in run.program.outcomes] for run in (ours, theirs)]
        exact = [float(run.exact.probabilities[some].sum()) for run, some in zip((ours, theirs), chosen, strict=True)]
        paths = [np.array(some)[run.outcome].astype(float) for run, some in zip((ours, theirs), chosen, strict=True)]
        rows.append(_row(name, exact, *_paired(paths[0], paths[1], level)))
    days = (ours.days.astype(float), theirs.days.astype(float))
    rows += [
        _row(MEAN, [ours.exact.mean(), theirs.exact.mean()], *_paired(*days, level)),
        _row(MEDIAN, [ours.exact.quantile(0.5), theirs.exact.quantile(0.5)], *_medians(*days, level)),
        _row(TIER, [ours.tier, theirs.tier], theirs.tier - ours.tier, theirs.tier - ours.tier, None),
    ]
    return rows


def _row(name: str, exact: list[float], low: float | None, high: float | None, saved: float | None) -> dict[str, Any]:
    base, value = (float(one) for one in exact)
    return {
        "measure": name, "base": base, "value": value, "difference": value - base, "low": low, "high": high, "saved": saved
    }  # fmt: skip


def _paired(one: Floats, other: Floats, level: float) -> tuple[float | None, float | None, float | None]:
    """Return the interval of the difference of means, and the variance without pairs over that with them."""
    if len(one) < 2:
        return None, None, None
    difference = other - one
    mean, variance = float(difference.mean()), float(difference.var(ddof=1))
    half = normal(level) * (variance / len(one)) ** 0.5
    alone = float(one.var(ddof=1) + other.var(ddof=1))
    return mean - half, mean + half, alone / variance if variance else None


def _medians(one: Floats, other: Floats, level: float) -> tuple[float | None, float | None, float | None]:
    """Return the same of the medians, from twenty batches of paths."""
    size = len(one) // _BATCHES
    if size < _BATCHES:
        return None, None, None
    middle = [np.median(run[: size * _BATCHES].reshape(_BATCHES, size), axis=1) for run in (one, other)]
    difference = middle[1] - middle[0]
    mean, variance = float(difference.mean()), float(difference.var(ddof=1))
    half = _T_BATCHES * normal(level) / normal(LEVEL) * (variance / _BATCHES) ** 0.5
    alone = float(middle[0].var(ddof=1) + middle[1].var(ddof=1))
    # Medians are whole days: the interval is rounded outward, so that it can hold the exact difference.
    return float(np.floor(mean - half)), float(np.ceil(mean + half)), alone / variance if variance else None
