"""What a simulation answers: how paths end, how long they take, where they stand by day, and each of them as a case."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.simulation import eventlog, intervals
from rrm_lifecycle.simulation.acts import opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.changing import in_lines
from rrm_lifecycle.simulation.dating import dated, steps_of
from rrm_lifecycle.simulation.durations import Durations
from rrm_lifecycle.simulation.intervals import LEVEL
from rrm_lifecycle.simulation.likeliest import likeliest
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.recipe import recipe_of, write
from rrm_lifecycle.simulation.survival import Curve, incidence_of_counts, kaplan_meier_of_counts
from rrm_lifecycle.simulation.tables import DAY, NUMBER, TEXT, WHOLE, Table, Tabular

if TYPE_CHECKING:
    from rrm_lifecycle.simulation.agreement import Agreement

GROUPS: Final[Mapping[str, frozenset[Closing]]] = {
    "resolved": frozenset({
        Closing.RESOLVED_IN_REVIEW, Closing.COURSE_COMPLETED, Closing.REMEDIATED_AFTER_DETERMINATION,
        Closing.REMEDIATED_AFTER_REMEDY, Closing.SETTLED, Closing.SETTLED_BEFORE_REQUEST,
    }),
    "no_denial": frozenset({Closing.NO_DENIAL_AGREED, Closing.NO_DENIAL_PANEL}),
}  # fmt: skip
"""Groups of closings by the words of the histories: the matter was resolved, or there was no Denial."""
PATHS: Final = {"path": WHOLE, "closing": TEXT, "reached": TEXT, "days": WHOLE, "last_day": DAY}
"""The columns of a simulation, one row a path: its number, how it closed, the furthest phase that it had been in, the
days that it took, and the day on which it closed if no public holiday moved it."""
OUTCOMES: Final = {"closing": TEXT, "reached": TEXT, "count": WHOLE, "share": NUMBER, "low": NUMBER, "high": NUMBER}
"""The columns of outcomes: the closing, the furthest phase that paths had been in, how many, their share and its bounds."""
PHASES: Final = {
    "phase": TEXT, "count": WHOLE, "share": NUMBER, "low": NUMBER, "high": NUMBER,
    "mean_days": NUMBER, "p10": WHOLE, "median": WHOLE, "p90": WHOLE,
}  # fmt: skip
"""The columns of phases: how many paths stood in it, their share and its bounds, and the days that those stood there."""
LIKELIEST: Final = {"share": NUMBER, "closing": TEXT, "rules": TEXT, "acts": TEXT}
"""The columns of the most probable paths: the exact share, the closing, row ids and acts, set apart by ``>``."""
MOST_LOGGED: Final = 100_000
"""How many paths, the first ones, the answers rest on that need to know each act."""
_AT_ONCE: Final = 1 << 22
_OPEN: Final = tuple(phase for phase in Phase if phase is not Phase.RESOLVED)


@frozen(eq=False, repr=False, slots=False)
class Simulation(Tabular):
    """Simulated paths: three bytes for each, and all that is needed to make each of them anew.

    Attributes:
        program: The program that they walk.
        behaviour: What people do.
        seed: The seed: what is drawn follows from it and from the number of the path alone.
        n: How many paths.
        start: First day of each path.
        context: Reading, calendar and register.
        outcome: For each path the number of its outcome in ``program.outcomes``.
        days: For each path the days from its start to its close.
        from_case: The case from which paths start; None for a new one.
        spent: Days from the last act of that case to the start.
    """

    program: Program
    behaviour: Behaviour
    seed: int
    n: int
    start: date
    context: Context
    outcome: NDArray[np.uint8] = field(repr=False)
    days: NDArray[np.uint16] = field(repr=False)
    from_case: Case | None = None
    spent: int = 0

    # ---- how paths end -----------------------------------------------------------------------------------------------
    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        """How many paths ended in each outcome (a row) after so many days (a column)."""
        width = int(self.days.max()) + 1
        counts = np.zeros(len(self.program.outcomes) * width, dtype=np.int64)
        for first in range(0, self.n, _AT_ONCE):  # so that counting takes little room beside the paths themselves
            some = slice(first, first + _AT_ONCE)
            counts += np.bincount(self.outcome[some].astype(np.int64) * width + self.days[some], minlength=len(counts))
        return counts.reshape(-1, width)

    def outcomes(self, by: str | None = None, *, level: float = LEVEL) -> Table:
        """Return how paths end, the most frequent first, with Wilson intervals. Columns: :data:`OUTCOMES`.

        Args:
            by: ``"closing"`` or ``"reached"`` to count by that alone; both if None. The other column is left out.
            level: How often an interval holds the true share.

        Raises:
            SimulationError: Counted by anything else.
        """
        if by not in {None, "closing", "reached"}:
            msg = f"outcomes are counted by 'closing', by 'reached' (the furthest phase), or by both; found {by!r}"
            raise SimulationError(msg[:400])
        counted: dict[tuple[str, ...], int] = {}
        for (closing, phase), count in zip(self.program.outcomes, self._counts.sum(axis=1).tolist(), strict=True):
            key = {None: (closing.value, phase.value), "closing": (closing.value,), "reached": (phase.value,)}[by]
            counted[key] = counted.get(key, 0) + count
        names = ("closing", "reached") if by is None else (by,)
        rows = []
        for key, count in sorted(counted.items(), key=lambda item: -item[1]):
            low, high = intervals.wilson(count, self.n, level)
            share = {"count": count, "share": count / self.n, "low": float(low), "high": float(high)}
            rows.append({**dict(zip(names, key, strict=True)), **share})
        kinds = {name: kind for name, kind in OUTCOMES.items() if name in names or name not in {"closing", "reached"}}
        return Table("how paths end", kinds, rows)

    def _of(self, closing: Closing | Phase | str | None) -> NDArray[np.bool_]:
        """Return which outcomes are those of a closing or of a group."""
        if closing is None:
            return np.ones(len(self.program.outcomes), dtype=bool)
        wanted = GROUPS.get(str(closing)) or {one for one in Closing if one == closing}
        if not wanted:
            names = ", ".join([*GROUPS, *(one.value for one in Closing)])
            msg = f"there is no closing and no group of closings {closing!r}"[:200] + f"; there are {names}"
            raise SimulationError(msg)
        return np.array([one in wanted for one, _ in self.program.outcomes], dtype=bool)

    def durations(self, closing: Closing | str | None = None, *, level: float = LEVEL) -> Durations:
        """Return how many days paths take from their start to their close.

        Args:
            closing: Those that closed so: a closing, ``"resolved"`` or ``"no_denial"`` (:data:`GROUPS`); all if None.
            level: How often an interval holds the true value.

        Raises:
            SimulationError: There is no such closing or group, or no path of this run closed so.
        """
        name = "all paths" if closing is None else str(closing)
        return Durations(name, self._counts[self._of(closing)].sum(axis=0), level)

    def survival(self, *, level: float = LEVEL) -> Curve:
        """Return how many paths are still open, by day."""
        return kaplan_meier_of_counts(self._counts.sum(axis=0), level=level)

    def incidence(self, *, level: float = LEVEL) -> dict[str, Curve]:
        """Return how many paths have closed in which way, by day: a curve a closing."""
        closings = dict.fromkeys(closing for closing, _ in self.program.outcomes)
        ended = {one.value: self._counts[self._of(one)].sum(axis=0) for one in closings}
        return incidence_of_counts(ended, level=level)

    # ---- where paths stand -------------------------------------------------------------------------------------------
    @property
    def _source(self) -> eventlog.Source:
        return eventlog.Source(self.program, self.seed, self.n, self.start, len(str(self.n - 1)))

    @cached_property
    def _log(self) -> eventlog.Log:
        return eventlog.log_of(self.program, self.seed, 0, min(self.n, MOST_LOGGED), self.start.weekday())

    @cached_property
    def _stays(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """For each step of the log: the phase in which the path stood before, from which day to which."""
        place, since = self._log.before()
        phase = np.array([tuple(Phase).index(one.stage.phase) for one in self.program.places])
        return phase[place], since, self._log.day

    def phases(self, *, level: float = LEVEL) -> Table:
        """Return how many paths stand in each phase, and for how many days in all. Columns: :data:`PHASES`.

        Counted on the first 100,000 paths. Days of those alone that stood in the phase, if only for part of a day.
        """
        phase, since, until = self._stays
        path, paths = self._log.path, self._log.paths
        rows = []
        for number, one in enumerate(_OPEN):
            mine = phase == number
            stood = np.bincount(path[mine], minlength=paths) > 0
            count = int(stood.sum())
            low, high = intervals.wilson(count, paths, level)
            days = np.bincount(path[mine], weights=(until - since)[mine], minlength=paths)[stood].astype(np.int64)
            found = Durations(one.value, np.bincount(days)) if count else None
            rows.append({
                "phase": one.value, "count": count, "share": count / paths, "low": float(low), "high": float(high),
                "mean_days": found and found.mean, "p10": found and found.quantile(0.1),
                "median": found and found.median, "p90": found and found.quantile(0.9),
            })  # fmt: skip
        return Table("days by phase", PHASES, rows)

    def occupancy(self) -> Table:
        """Return which share of the paths stands in which phase at the end of each day.

        Counted on the first 100,000 paths. Columns: ``day``, and one for each phase; each row adds up to 1.
        """
        phase, since, until = self._stays
        days, size = int(until.max(initial=0)) + 1, len(Phase)
        change = np.zeros((days + 1, size))
        np.add.at(change, (since, phase), 1.0)
        np.add.at(change, (until, phase), -1.0)
        share = np.cumsum(change[:days], axis=0) / self._log.paths
        share[:, -1] = 1.0 - share[:, :-1].sum(axis=1)
        names = [one.value for one in Phase]
        rows = [{"day": day, **dict(zip(names, row, strict=True))} for day, row in enumerate(share.tolist())]
        return Table("share of paths in each phase, by day", {"day": WHOLE, **dict.fromkeys(names, NUMBER)}, rows)

    def paths(self, top: int = 10) -> Table:
        """Return the most probable paths, whatever their days, the most probable first. Columns: :data:`LIKELIEST`.

        Their shares are exact: added up over the program, not counted on the paths of this run.

        Args:
            top: How many.
        """
        found = likeliest(self.program, top, self.start.weekday())
        rows = [
            {
                "acts": " > ".join(ROW_BY_ID[rule].event.__name__ for rule in one.rules),
                "rules": " > ".join(one.rules),
                "closing": one.closing.value,
                "share": one.mass,
            }
            for one in found
        ]
        return Table("the most probable paths", LIKELIEST, rows)

    # ---- one path ----------------------------------------------------------------------------------------------------
    def case(self, number: int) -> Case:
        """Return a path as a case, each of its acts decided under the reading and the calendar of the run.

        The program counts no public holidays. Where one moves the last day of a limit, and an act with it, that act and
        all later ones come later by the same days.

        Args:
            number: Number of the path, from 0.

        Raises:
            SimulationError: There is no such path; or what a program cannot know of bars an act: the end of the treaty,
                a finding of bad faith, or the end of the calendar.
        """
        if type(number) is not int or not 0 <= number < self.n:
            msg = f"the paths of this run have the numbers 0 to {self.n - 1}; found {number!r}"
            raise SimulationError(msg[:400])
        log = eventlog.log_of(self.program, self.seed, number, 1, self.start.weekday())
        case = opening(f"SIMULATED-{number}") if self.from_case is None else self.from_case
        return dated(case, steps_of(log), self.start, self.context)

    def check(self, *, level: float = 1e-6) -> Agreement:
        """Return how well the paths agree with the exact answer of the same program, by three tests.

        A correct program is blamed once in ``1 / level`` runs by each of them. ``str()`` tells the tests.

        Args:
            level: How improbable what was found has to be so that the two are said to differ.
        """
        # Imported when it is asked for: the tests need scipy, which takes longer to load than a run takes.
        from rrm_lifecycle.simulation.agreement import agreement_of_counts  # noqa: PLC0415 - see above
        from rrm_lifecycle.simulation.exact import solve  # noqa: PLC0415 - see above

        return agreement_of_counts(solve(self.program, weekday=self.start.weekday()), self._counts, level)

    # ---- the whole run -----------------------------------------------------------------------------------------------
    def columns(self) -> Mapping[str, str]:
        """Return the columns, a row a path: :data:`PATHS`."""
        return PATHS

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        closings = np.array([closing.value for closing, _ in self.program.outcomes], dtype=object)
        phases = np.array([phase.value for _, phase in self.program.outcomes], dtype=object)
        last = np.datetime64(self.start, "s") + self.days.astype(np.int64) * np.timedelta64(86_400, "s")
        return {
            "path": np.arange(self.n),
            "closing": closings[self.outcome],
            "reached": phases[self.outcome],
            "days": self.days,
            "last_day": last,
        }

    def to_event_log(self, kind: str = "pandas") -> Any:  # noqa: ANN401 - what the kind says
        """Return each act of each path as an event. Columns: :data:`rrm_lifecycle.simulation.eventlog.EVENTS`.

        Args:
            kind: ``"pandas"``, ``"polars"`` or ``"arrow"`` for a frame or table of that library; ``"rows"`` for an
                iterator over dictionaries, which holds a block of paths at a time.

        Raises:
            SimulationError: Another kind.
            MissingExtra: The library is not installed.
        """
        makers = {"pandas": eventlog.to_pandas, "polars": eventlog.to_polars, "arrow": eventlog.to_arrow}
        makers["rows"] = eventlog.rows
        if kind not in makers:
            msg = f"an event log is made as {', '.join(map(repr, makers))}; found {kind!r}"
            raise SimulationError(msg[:400])
        return makers[kind](self._source)

    def to_parquet(self, path: str | os.PathLike[str], *, block: int = eventlog.BLOCK) -> None:
        """Write the event log to a Parquet file, a block of paths at a time, so that it may be larger than memory.

        Raises:
            SimulationError: There is a file of that name that is no such event log.
            MissingExtra: pyarrow is not installed.
        """
        eventlog.to_parquet(self._source, path, self.recipe, block)

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes of the result; outcome and days of each path."""
        found = sha256(self.outcome.data)
        found.update(self.days.astype("<u2", copy=False).data)
        return found.hexdigest()

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """All that the result follows from, ready for JSON, with the digest of the result. Not to be changed."""
        return recipe_of(self, "simulate")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recipe to a file; :func:`.recipe.rerun` makes the same result from it.

        Raises:
            SimulationError: There is a file of that name that is no such recipe; it is left alone.
        """
        write(self.recipe, path)

    def __len__(self) -> int:
        """Return how many paths there are."""
        return self.n

    def __repr__(self) -> str:
        """Return how many paths, the seed, the first day, and the median."""
        median = self.durations().median
        return f"<Simulation: {self.n} paths from {self.start}, seed {self.seed}, median {median} days>"[:120]

    def __str__(self) -> str:
        """Return seed and start, how paths end, and how long they take, as text."""
        of = "" if self.from_case is None else f" of case {self.from_case.id}"
        head = f"{self.n:,} paths{of} from {self.start}, seed {self.seed}; {self.behaviour.rests_on}"
        some = self.durations()
        low, mid, high = (some.quantile(share) for share in (0.1, 0.5, 0.9))
        days = f"days to the close: median {mid}, eight of ten between {low} and {high}, mean {some.mean:.1f}"
        return f"{in_lines(head)}\n\n{self.outcomes(by='closing')}\n\n{days}"
