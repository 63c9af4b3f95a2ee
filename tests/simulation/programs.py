"""Programs made by hand, and others drawn at random, to walk and to solve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import erf, log, sqrt
from typing import Final

import numpy as np

from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.program import WHOLE, Place, Program

Step = tuple[int, int, int]
"""A move: the place that it leads to, its days, and its units."""

_ENDS: Final = tuple((closing, phase) for closing in Closing for phase in Phase)


def program_of(
    moves: Sequence[Sequence[Step]], *, start: int = 0, weekly: Sequence[int] = (), phases: Sequence[Phase] = ()
) -> Program:
    """Return a program of these places; one without moves is closed, and its outcome is counted on.

    Args:
        moves: For each place its moves.
        start: Where paths start.
        weekly: The places that are the first of seven that read the weekday.
        phases: For each place its phase; the first one if not given.
    """
    stages, of_seven = list(Stage), {first + day: day for first in weekly for day in range(7)}
    places: list[Place] = []
    outcome: list[int] = []
    ends: list[tuple[Closing, Phase]] = []
    for number, here in enumerate(moves):
        phase = phases[number] if phases else next(iter(Phase))
        closing = None
        if not here:
            closing, _ = _ENDS[len(ends)]
            outcome.append(len(ends))
            ends.append((closing, phase))
        else:
            outcome.append(-1)
        places.append(Place(stages[number % len(stages)], phase, closing, (("number", number),), of_seven.get(number)))
    flat = [step for here in moves for step in here]
    return Program(
        places=tuple(places),
        start=start,
        offsets=np.cumsum([0, *(len(here) for here in moves)]).astype(np.int64),
        target=np.array([step[0] for step in flat], dtype=np.int32),
        days=np.array([step[1] for step in flat], dtype=np.uint16),
        units=np.array([step[2] for step in flat], dtype=np.int64),
        rule=np.arange(len(flat)).astype(np.int16) % 7,
        rules=tuple(f"R-{number}" for number in range(7)),
        outcome=np.array(outcome, dtype=np.int16),
        outcomes=tuple(ends),
    )


def units_of(shares: Sequence[float]) -> list[int]:
    """Return shares as units that add up to 2^32."""
    edges = np.rint(np.cumsum(shares) / np.sum(shares) * WHOLE).astype(np.int64)
    return [int(one) for one in np.diff(edges, prepend=0)]


def place_of(steps: Mapping[tuple[int, int], float]) -> list[Step]:
    """Return the moves of a place from shares by target and days, in the order of the contract."""
    keys = sorted(steps)
    units = units_of([steps[key] for key in keys])
    return [(target, days, unit) for (target, days), unit in zip(keys, units, strict=True) if unit]


def _capped(median: float, spread: float, cap: int) -> dict[int, float]:
    """Return a log-normal number of days, rounded up, and at most a cap."""
    below = [0.0, *(0.5 * (1 + erf((log(day) - log(median)) / (spread * sqrt(2)))) for day in range(1, cap)), 1.0]
    return {day: below[day] - below[day - 1] for day in range(1, cap + 1)}


def _even(first: int, last: int) -> dict[int, float]:
    return dict.fromkeys(range(first, last + 1), 1.0 / (last - first + 1))


_CHAIN: Final[tuple[tuple[dict[int, float], dict[int, float]], ...]] = (
    ({1: 0.9, 11: 0.1}, _even(20, 30)),
    ({2: 0.7, 6: 0.18, 10: 0.12}, _capped(30, 0.4, 45)),
    ({3: 0.75, 6: 0.2, 9: 0.05}, _capped(10, 0.5, 20)),
    ({4: 0.85, 6: 0.1, 9: 0.05}, _capped(90, 0.6, 365)),
    ({9: 0.65, 3: 0.2, 6: 0.15}, {10: 0.2, 15: 0.5, 30: 0.3}),
    ({9: 0.7, 8: 0.3}, _even(15, 45)),
    ({7: 0.85, 2: 0.1, 10: 0.05}, {3: 0.5, 5: 0.3, 10: 0.2}),
    ({8: 0.5, 10: 0.3, 9: 0.2}, _capped(60, 0.5, 240)),
    ({5: 0.7, 9: 0.3}, _capped(120, 0.7, 720)),
    ({}, {}),
    ({}, {}),
    ({}, {}),
)
"""Petition, review, consultation, plan, verification, compliance review, panel asked for, panel, sanctions, three ends."""


@cache
def chain(*, longest_review: int = 45) -> Program:
    """Return the chain of twelve places that speed is measured on.

    Args:
        longest_review: Days that a review takes at most.
    """
    places = []
    for number, (onward, stay) in enumerate(_CHAIN):
        days = {min(day, 45): 0.0 for day in stay} if number == 1 else stay
        if number == 1:
            days = {day if day < 45 else longest_review: share for day, share in stay.items()}
        steps = {(to, day): share * part for to, share in onward.items() for day, part in days.items()}
        places.append(place_of(steps) if steps else [])
    phases = list(Phase)
    return program_of(places, phases=[phases[number % len(phases)] for number in range(12)])


def coin() -> Program:
    """Return a program of one toss: half of the paths close after 1 day, the others after 2."""
    return program_of([[(1, 1, WHOLE // 2), (2, 2, WHOLE // 2)], [], []])


def loops() -> Program:
    """Return a program with loops: one that takes no day, and one that takes a day, through two places."""
    quarter = WHOLE // 4
    return program_of(
        [
            [(0, 0, quarter), (1, 0, quarter), (1, 3, quarter), (2, 5, quarter)],
            [(0, 0, quarter), (0, 1, quarter), (1, 0, quarter), (3, 2, quarter)],
            [],
            [],
        ]
    )


def weekdays() -> Program:
    """Return a program with a place that reads the weekday, to which paths come back from a loop.

    From it a path goes on after five days of business: seven whole days, or more from a weekend.
    """
    half = WHOLE // 2
    seven = [[(8, days, half), (9, days + 1, half)] for days in (7, 7, 7, 7, 7, 6, 5)]
    return program_of(
        [
            [(1, 0, WHOLE // 4), (1, 1, WHOLE // 4), (1, 4, WHOLE // 4), (9, 2, WHOLE // 4)],
            *seven,
            [(0, 3, half), (1, 2, WHOLE // 4), (10, 0, WHOLE // 4)],
            [],
            [],
        ],
        weekly=(1,),
    )  # fmt: skip


def at_random(seed: int, *, places: int = 6, most: int = 12, longest: int = 40, weekly: bool = False) -> Program:
    """Return a program drawn at random, with loops, steps of no day and moves of very few units."""
    rng = np.random.default_rng(seed)
    ends, sevens = 3, [0] * places
    if weekly:
        sevens[int(rng.integers(1, places))] = 1
    begins = np.cumsum([0, *(7 if seven else 1 for seven in sevens)]).tolist()
    closed = begins[places]
    found: list[list[Step]] = []
    for seven in sevens:
        for _ in range(7 if seven else 1):
            count = int(rng.integers(1, most))
            steps: dict[tuple[int, int], float] = {(closed + int(rng.integers(ends)), int(rng.integers(longest))): 1.0}
            for _ in range(count):
                to = begins[int(rng.integers(places))] if rng.random() < 0.7 else closed + int(rng.integers(ends))
                steps[to, int(rng.integers(longest))] = float(rng.choice([1.0, 0.3, 1e-4, 1e-9]))
            found.append(place_of(steps))
    found += [[] for _ in range(ends)]
    return program_of(found, weekly=[begins[number] for number in range(places) if sevens[number]])
