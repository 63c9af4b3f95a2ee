"""Every stage is visited and every row taken: no row of either table is dead."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random
from typing import Any, Final

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, ROWS, decide, rows_at
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry
from tests.strategies import World, days_of, likely

UNDER: Final[dict[str, Any]] = {row.under[0]: row.under[1] for row in ROWS if row.under is not None and row.under[1]}
WORLDS: Final = (
    World({}),
    World({}, Context(Reading(**UNDER))),
    World({"annex": ANNEX_31B, "complainant": "CA"}),
    World({"respondent": "US"}),
)
WALKS: Final = 2_000
STEPS: Final = 25


def _rows(case: Case, context: Context, rng: Random, times: Counter[str]) -> list[Row]:
    """Return the rows where a case and its hold stand, in random order, what was taken less often sooner."""
    rows = [checked.row for of_hold in (False, True) for checked in rows_at(case, of_hold=of_hold, context=context)]
    place = {row.id: rng.random() * (1 + times[row.id]) for row in rows}
    return sorted(rows, key=lambda row: place[row.id])


@cache
def walked() -> tuple[frozenset[str], frozenset[Stage | Hold]]:
    """Return the rows taken and the places visited by a seeded walk."""
    rng = Random(20240401)
    times = Counter[str]()
    visited: set[Stage | Hold] = {Stage.ASSESSMENT, Hold.NONE}
    for n in range(WALKS):
        world = WORLDS[n % len(WORLDS)]
        case = world.case()
        for _ in range(STEPS):
            rows = _rows(case, world.context, rng, times)
            entry = _first_admitted(case, rows, world.context, rng)
            if entry is None:
                break
            case = evolve(case, entry)
            times[entry.rule or ""] += 1
            visited |= {case.stage, case.hold}
    return frozenset(times), frozenset(visited)


def _first_admitted(case: Case, rows: list[Row], context: Context, rng: Random) -> Entry | None:
    for row in rows:
        for day in rng.sample(days := days_of(case, 0, 1, 5), len(days)):
            ruling = decide(case, likely(row.event, case, day, row), context=context)
            if isinstance(ruling, Entry):
                return ruling
    return None


class TestNothingIsDead:
    """The tables hold no row that no course of acts takes, and no stage to which none leads."""

    def test_every_row_is_taken(self) -> None:
        """A seeded walk takes every row of the case and of the hold, under the readings for which it stands."""
        taken, _ = walked()
        assert set(ROW_BY_ID) - taken == set()
        assert taken <= set(ROW_BY_ID)

    def test_every_place_is_visited(self) -> None:
        """It visits every stage of the case and of the hold."""
        _, visited = walked()
        assert visited == {*Stage, *Hold}
