"""What a forecast tells: how a case may close, what comes next, and when; chance and ignorance told apart."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.changing import in_lines
from rrm_lifecycle.simulation.exact import Exact
from rrm_lifecycle.simulation.intervals import LEVEL, share_of
from rrm_lifecycle.simulation.program import WHOLE as ALL
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.recipe import recipe_of, write
from rrm_lifecycle.simulation.tables import NUMBER, TEXT, WHOLE, Table, Tabular

if TYPE_CHECKING:
    from rrm_lifecycle.simulation.results import Simulation

Floats = NDArray[np.float64]

OUTCOMES: Final = {"closing": TEXT, "reached": TEXT, "share": NUMBER, "low": NUMBER, "high": NUMBER}
"""The columns of a forecast: how the case may close, the furthest phase that it will have been in, the share, and between
which shares our ignorance leaves it."""
NEXT: Final = {
    "act": TEXT, "rule": TEXT, "share": NUMBER, "low": NUMBER, "high": NUMBER,
    "p10": WHOLE, "median": WHOLE, "p90": WHOLE,
}  # fmt: skip
"""The columns of the next acts: the act, the row that admits it, its share and the bounds of it, and in how many days from
the day of looking it comes if it comes next."""
DAYS: Final = {"quantile": NUMBER, "days": WHOLE}
DISTRIBUTION: Final = {"day": WHOLE, "share": NUMBER, "upto": NUMBER}
"""The columns of the distribution: days from the day of looking, the share that closes on it, and up to it."""
GUESS: Final = "the chance that nothing comes for as many days again is one in four"
"""Our guess for a stay that is longer than what was observed: the next act is as likely as not to come within 0.4 times
the days already spent, and in the mean takes as long again."""
_TOLD: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
_MOST_OUTCOMES: Final = 8


@frozen(eq=False, repr=False, slots=False)
class Forecast(Tabular):
    """How a case may go on from a day: exact shares for the behaviour, and how far our ignorance of it reaches.

    Two doubts stand apart. *Chance*: what people will do in this case, even if the behaviour were known. The shares and
    the quantiles of the days tell it. *Ignorance*: how often acts come at all rests on few cases. ``low`` and ``high``
    tell it: between them lies the same number under nineteen of twenty behaviours that the observations leave possible.
    What is drawn is the shares of the acts; how long each act takes stays as it was fitted, so true ignorance is wider.

    Attributes:
        case_id: Id of the case.
        today: The day of looking; days are counted from it.
        stage: Where the case stands.
        last_day: Day of its last act; None before the first one.
        spent: Days since then with nothing done.
        last_look: Of a history, the last day of which it tells; what came later is taken as nothing done.
        left_out: Id of the case that the behaviour was fitted without; None where it is not one of its cases.
        program: The program that was solved.
        behaviour: What people do.
        context: Reading, calendar and register.
        from_case: The case as it was known on the day of looking.
        overdue: Whether the behaviour leaves fewer than one stay in twenty so long. Then nothing observed tells what
            comes next or when: acts keep the shares of the stage, and the days are our guess, see :data:`GUESS`.
        exact: The exact answers, in days from today.
        drawn: For each draw of the behaviour, the shares of the outcomes, the mean days, and the shares of the next acts.
        level: How often the intervals hold.
    """

    case_id: str
    today: date
    stage: Stage
    last_day: date | None
    spent: int
    last_look: date | None
    left_out: str | None
    program: Program
    behaviour: Behaviour
    context: Context
    from_case: Case
    overdue: bool
    exact: Exact = field(repr=False)
    drawn: tuple[Floats, Floats, Floats] = field(repr=False)
    level: float = LEVEL

    # ---- how it ends -------------------------------------------------------------------------------------------------
    def outcomes(self, by: str | None = None) -> Table:
        """Return how the case may close, the likeliest first. Columns: :data:`OUTCOMES`.

        Args:
            by: ``"closing"`` or ``"reached"`` to tell that alone; both if None. The other column is left out.

        Raises:
            SimulationError: Told by anything else.
        """
        if by not in {None, "closing", "reached"}:
            msg = f"outcomes are told by 'closing', by 'reached' (the furthest phase), or by both; found {by!r}"
            raise SimulationError(msg[:400])
        groups: dict[tuple[str, ...], list[int]] = {}
        for number, (closing, phase) in enumerate(self.program.outcomes):
            both = {None: (closing.value, phase.value), "closing": (closing.value,), "reached": (phase.value,)}
            groups.setdefault(both[by], []).append(number)
        names = ("closing", "reached") if by is None else (by,)
        rows = []
        for key, members in groups.items():
            low, high = self._bounds(self.drawn[0][:, members].sum(axis=1))
            share = float(self.by_day[members].sum())
            rows.append({**dict(zip(names, key, strict=True)), "share": share, "low": low, "high": high})
        rows.sort(key=lambda row: -cast("float", row["share"]))
        kinds = {name: kind for name, kind in OUTCOMES.items() if name in names or name not in {"closing", "reached"}}
        return Table("how the case may close", kinds, rows)

    def share(self, of: Callable[[Closing, Phase], bool]) -> float:
        """Return the share of the outcomes for which a function of closing and furthest phase is true."""
        return float(self.by_day[[of(*one) for one in self.program.outcomes]].sum())

    def _bounds(self, drawn: Floats) -> tuple[float, float]:
        edge = (1.0 - self.level) / 2.0
        low, high = np.quantile(drawn, (edge, 1.0 - edge)).tolist()
        return low, high

    # ---- what comes next ---------------------------------------------------------------------------------------------
    def next_acts(self) -> Table:
        """Return which act comes next, the likeliest first, and in how many days from today. Columns: :data:`NEXT`."""
        program, start = self.program, self.program.start
        here = slice(int(program.offsets[start]), int(program.offsets[start + 1]))
        rule, days, units = program.rule[here], program.days[here], program.units[here]
        rows = []
        for number in np.unique(rule).tolist():
            mine = rule == number
            counts = np.bincount(days[mine], weights=units[mine].astype(np.float64))
            low, high = self._bounds(self.drawn[2][:, number])
            name = program.rules[number]
            rows.append({
                "act": ROW_BY_ID[name].event.__name__, "rule": name,
                "share": float(units[mine].sum() / ALL), "low": low, "high": high,
                **{told: _quantile(counts, share) for told, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))},
            })  # fmt: skip
        return Table("the next act", NEXT, sorted(rows, key=lambda row: -row["share"]))

    # ---- how long it takes -------------------------------------------------------------------------------------------
    @property
    def by_day(self) -> Floats:
        """For each outcome of the program the share that closes after 0, 1, 2, … days."""
        return self.exact.by_day

    @cached_property
    def _upto(self) -> Floats:
        found: Floats = np.cumsum(self.by_day.sum(axis=0))
        return found

    @property
    def mean_days(self) -> float:
        """The mean of the days from today to the close."""
        by_day = self.by_day.sum(axis=0)
        return float(np.arange(len(by_day)) @ by_day)

    @property
    def mean_interval(self) -> tuple[float, float]:
        """Between which means our ignorance of the shares leaves it."""
        return self._bounds(self.drawn[1])

    def within(self, days: int) -> float:
        """Return the chance that the case closes within so many days from today.

        Raises:
            SimulationError: No whole number of at least 0.
        """
        if type(days) is not int or days < 0:
            msg = f"days from today are a whole number of at least 0; found {days!r}"
            raise SimulationError(msg[:400])
        return float(min(self._upto[min(days, len(self._upto) - 1)], 1.0))

    def quantile(self, share: float | Iterable[float]) -> int | Table:
        """Return the days from today by which the case has closed with this chance; of several chances, a table.

        Raises:
            SimulationError: A chance does not lie between 0 and 1.
        """
        if isinstance(share, Iterable) and not isinstance(share, str):
            rows = [{"quantile": float(one), "days": self.quantile(one)} for one in share]
            return Table("days to the close", DAYS, rows)
        return int(np.searchsorted(self._upto, share_of(share) * self._upto[-1] * (1.0 - 1e-12)))

    @property
    def median_days(self) -> int:
        """The days from today by which the case has closed as likely as not."""
        return cast("int", self.quantile(0.5))

    def distribution(self) -> Table:
        """Return the chance of each day from today to the close. Columns: :data:`DISTRIBUTION`."""
        by_day = self.by_day.sum(axis=0)
        rows = [
            {"day": day, "share": float(by_day[day]), "upto": float(self._upto[day])}
            for day in np.flatnonzero(by_day > 1e-15).tolist()
        ]
        return Table("days to the close", DISTRIBUTION, rows)

    # ---- as a table, as text, as a recipe ----------------------------------------------------------------------------
    def columns(self) -> Mapping[str, str]:
        """Return the columns: those of :meth:`outcomes`."""
        return OUTCOMES

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        return self.outcomes().arrays()

    def __repr__(self) -> str:
        """Return case, day, stage and mean in one line."""
        return f"<Forecast {self.case_id} on {self.today}: {self.stage.value}, mean {self.mean_days:.0f} days>"[:120]

    def __str__(self) -> str:
        """Return the forecast as text."""
        low, high = self.mean_interval
        days = ", ".join(f"{one:.0%} {self.quantile(one)}" for one in _TOLD)
        outcomes = self.outcomes("closing")
        some = Table(outcomes.name, outcomes.kinds, outcomes.records[:_MOST_OUTCOMES])
        acts = self.next_acts()
        return "\n".join(
            [
                f"{self.case_id} on {self.today}: {self.stage.value}, {self._since()}",
                in_lines(self.behaviour.rests_on),
                *(
                    [f"overdue: longer than the behaviour knows; for the next act, {GUESS} (our guess)"]
                    if self.overdue
                    else []
                ),
                "",
                f"days to the close: mean {self.mean_days:.0f} ({low:.0f} to {high:.0f}); by chance {days}",
                "",
                str(some),
                "",
                str(Table(acts.name, acts.kinds, acts.records[:_MOST_OUTCOMES])),
                "",
                "low and high: what few observations leave open about how often acts come; shares themselves tell chance.",
            ]
        )

    def _since(self) -> str:
        if self.last_day is None:
            return "no act yet"
        told = f"{self.spent} day{'' if self.spent == 1 else 's'} since the last act on {self.last_day}"
        if self.last_look is not None and self.last_look < self.today:
            told += f"; nothing is known after {self.last_look}, and is taken as nothing done"
        return told

    @property
    def digest(self) -> str:
        """SHA-256 of the shares, to twelve digits; what a result that is made anew has to equal."""
        rounded = [
            np.round(self.by_day.sum(axis=1), 12),
            np.round(self._upto, 9),
            *(np.round(d, 9) for d in self.drawn),
        ]
        return sha256(b"".join((one + 0.0).tobytes() for one in rounded)).hexdigest()

    seed: Final = 0
    """The draws are those of the seeds 0, 1, 2, …"""

    @property
    def n(self) -> int:
        """How many behaviours were drawn."""
        return len(self.drawn[1])

    @property
    def start(self) -> date:
        """The day of looking, as a recipe names it."""
        return self.today

    @property
    def recipe(self) -> dict[str, Any]:
        """All that the forecast follows from, ready for JSON; :func:`.recipe.rerun` makes it anew."""
        # A recipe asks for what a forecast has too: behaviour, context, day, case, seed, number and digest.
        found = recipe_of(cast("Simulation", self), "forecast")
        look = None if self.last_look is None else self.last_look.isoformat()
        return {**found, "left_out": self.left_out, "last_look": look, "level": self.level}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recipe to a file."""
        write(self.recipe, path)


def _quantile(counts: NDArray[np.number], share: float) -> int:
    upto = np.cumsum(counts)
    return int(np.searchsorted(upto, share * upto[-1] * (1.0 - 1e-12)))
