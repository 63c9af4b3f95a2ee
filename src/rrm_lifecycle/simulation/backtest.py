"""How good the forecasts would have been: each case left out, looked at from each dated entry on, beside naive ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.forecasting import behaviour_without, forecast
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.results import GROUPS
from rrm_lifecycle.simulation.tables import DAY as A_DAY
from rrm_lifecycle.simulation.tables import NUMBER, TEXT, WHOLE, Table, Tabular

CLASSES: Final = ("agreed", "panel", "other")
"""How a case ends, for this test: ``agreed``, resolved or found to be no Denial without a panel; ``panel``, a panel was
asked for, however it closed; ``other``, everything else without a panel: rejected, dropped, withdrawn, the plant closed."""
COLUMNS: Final = {
    "case": TEXT, "today": A_DAY, "stage": TEXT, "spent": WHOLE, "overdue": TEXT, "ended": TEXT,
    "agreed": NUMBER, "panel": NUMBER, "other": NUMBER,
    "brier": NUMBER, "brier_climate": NUMBER, "brier_usual": NUMBER,
    "days": WHOLE, "median_days": WHOLE, "crps": NUMBER, "crps_climate": NUMBER, "crps_usual": NUMBER, "upto": NUMBER,
}  # fmt: skip
"""The columns, a row a forecast: the case and the day of looking, where it stood, for how many days, whether longer than the
behaviour knows; how it ended (:data:`CLASSES`) and the forecast share of each; the Brier scores of the forecast, of the
climate and of the usual end; the true days to the close and the forecast median; the CRPS of the three; and the forecast
chance of as few days as it took. Empty where it was settled already, or is not known yet."""
SCORES: Final = {
    "score": TEXT, "cases": WHOLE, "forecasts": WHOLE, "forecast": NUMBER, "climate": NUMBER, "usual": NUMBER,
}  # fmt: skip
"""The columns of scores: less is better, and each case counts once, whatever the number of its forecasts."""
CALIBRATION: Final = {"from": NUMBER, "to": NUMBER, "forecasts": WHOLE, "said": NUMBER, "came": NUMBER}
"""The columns of a calibration: of the shares forecast between two bounds, how many, their mean, and how often it came."""
COVERAGE: Final = {"interval": NUMBER, "forecasts": WHOLE, "held": NUMBER}
"""The columns of coverage: a central interval of the days, and how often the true days lay in it."""
_EDGES: Final = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
_INTERVALS: Final = (0.5, 0.8, 0.9)
_PANEL: Final = (Phase.PANEL, Phase.SANCTIONS)
_AGREED: Final = GROUPS["resolved"] | {Closing.NO_DENIAL_AGREED}


# ---- scores ----------------------------------------------------------------------------------------------------------
def brier(shares: Mapping[str, float], ended: str) -> float:
    """Return the Brier score of several classes: the sum of the squared differences, from 0 to 2; less is better.

    Example:
        >>> round(brier({"agreed": 0.7, "panel": 0.2, "other": 0.1}, "agreed"), 2)
        0.14
    """
    return float(sum((share - (name == ended)) ** 2 for name, share in shares.items()))


def crps(by_day: Sequence[float] | NDArray[np.number], days: int) -> float:
    """Return the continuous ranked probability score of a distribution over whole days, in days; less is better.

    The sum over the days of the squared difference between the chance of having closed by then, and whether it had. Of a
    forecast of one day alone it is the days by which it errs.

    Args:
        by_day: The chance of 0, 1, 2, … days.
        days: The days that it took.

    Example:
        >>> crps([0.0, 1.0], 4), crps([0.5, 0.0, 0.5], 2)
        (3.0, 0.5)
    """
    upto = np.cumsum(np.asarray(by_day, dtype=np.float64))
    if days >= len(upto):
        upto = np.append(upto, np.full(days + 1 - len(upto), upto[-1]))
    came = np.arange(len(upto)) >= days
    return float(((upto - came) ** 2).sum())


# ---- the result ------------------------------------------------------------------------------------------------------
@frozen(eq=False, repr=False)
class Backtest(Tabular):
    """Forecasts of cases whose end is known, each made without the case, and what they score.

    Attributes:
        cases: How many cases were looked at.
        closed: How many of them are closed; days are scored for these alone.
        records: A row a forecast; columns: :data:`COLUMNS`.
    """

    cases: int
    closed: int
    records: tuple[Mapping[str, Any], ...] = field(repr=False)

    def columns(self) -> Mapping[str, str]:
        """Return the columns: :data:`COLUMNS`."""
        return COLUMNS

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        return {name: [row[name] for row in self.records] for name in COLUMNS}

    def scores(self, stage: Stage | str | None = None) -> Table:
        """Return Brier score and CRPS beside those of the naive forecasts. Columns: :data:`SCORES`.

        Args:
            stage: Of the forecasts made in a stage alone; of all if None.
        """
        rows = []
        for score, told in (("brier", "Brier score of the end"), ("crps", "CRPS of the days")):
            some = [one for one in self.records if one[score] is not None and stage in {None, one["stage"]}]
            if not some:
                continue
            means = {name: _by_case(some, f"{score}{rest}") for name, rest in _CONTENDERS.items()}
            rows.append({"score": told, "cases": len({one["case"] for one in some}), "forecasts": len(some), **means})
        return Table("scores", SCORES, rows)

    def by_stage(self) -> Table:
        """Return the scores for each stage in which forecasts were made. Columns: ``stage`` and :data:`SCORES`."""
        stages = [one for one in Stage if one in {row["stage"] for row in self.records}]
        rows = [{"stage": one.value, **row} for one in stages for row in self.scores(one)]
        return Table("scores by stage", {"stage": TEXT, **SCORES}, rows)

    def calibration(self) -> Table:
        """Return how often came what was forecast with which share, all classes together. Columns: :data:`CALIBRATION`."""
        said = np.array([[one[name] for name in CLASSES] for one in self.records if one["brier"] is not None])
        came = np.array(
            [[one["ended"] == name for name in CLASSES] for one in self.records if one["brier"] is not None]
        )
        rows = []
        for low, high in pairwise(_EDGES):
            here = (said >= low) & ((said < high) | (high == 1.0))
            if here.any():
                told = {"said": float(said[here].mean()), "came": float(came[here].mean())}
                rows.append({"from": low, "to": high, "forecasts": int(here.sum()), **told})
        return Table("calibration", CALIBRATION, rows)

    def coverage(self) -> Table:
        """Return how often the true days lay in central intervals of the forecast. Columns: :data:`COVERAGE`."""
        upto = np.array([one["upto"] for one in self.records if one["upto"] is not None])
        rows = [
            {"interval": one, "forecasts": len(upto), "held": float((np.abs(upto - 0.5) <= one / 2).mean())}
            for one in _INTERVALS
            if len(upto)
        ]
        return Table("coverage", COVERAGE, rows)

    def __repr__(self) -> str:
        """Return how many forecasts of how many cases."""
        return f"<Backtest: {len(self.records)} forecasts of {self.cases} cases, {self.closed} of them closed>"[:120]

    def __str__(self) -> str:
        """Return scores, calibration and coverage as text."""
        return "\n".join([
            f"{len(self.records)} forecasts of {self.cases} cases, {self.closed} of them closed: few; less is better",
            "", _plain(self.scores()), "", _plain(self.by_stage()),
            "", "shares forecast, and how often it came:", _plain(self.calibration()),
            "", "central intervals of the days, and how often they held:", _plain(self.coverage()),
        ])  # fmt: skip


_CONTENDERS: Final = {"forecast": "", "climate": "_climate", "usual": "_usual"}


def _plain(table: Table) -> str:
    """Return a table as text with two decimals: what is compared here differs in the second."""
    told = [{name: f"{one:.2f}" if isinstance(one, float) else str(one) for name, one in row.items()} for row in table]
    wide = {name: max(len(name), *(len(row[name]) for row in told)) for name in table.kinds}
    lines = [{name: name for name in table.kinds}, *told]
    return "\n".join(
        "  ".join(
            row[name].ljust(wide[name]) if table.kinds[name] == TEXT else row[name].rjust(wide[name]) for name in wide
        )
        for row in lines
    )


def _by_case(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    cases: dict[str, list[float]] = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row[name])
    return float(np.mean([np.mean(several) for several in cases.values()]))


# ---- testing ---------------------------------------------------------------------------------------------------------
@frozen
class _Truth:
    """A history with what became of it: how it ended, when it began and closed, and since when a panel is asked for."""

    history: History
    ended: str | None
    began: date
    closed: date | None
    panel: date | None

    @property
    def total(self) -> int | None:
        """Days from the first entry to the close."""
        return None if self.closed is None else (self.closed - self.began).days


def backtest(
    histories: Iterable[History] | None = None,
    *,
    behaviour_for: Callable[[History], Behaviour] | None = None,
    only: Iterable[str] | None = None,
) -> Backtest:
    """Return how forecasts from each dated entry of each history would have done, without the case itself.

    The end is scored until a panel is asked for, since from then on it is no question; the days are scored to the close,
    for closed cases. What was known on the day of looking is used of the case, and all of the other cases, later ones
    too: the test asks whether cases are alike, and not what could have been said in that year.

    Two naive forecasts stand beside. The *climate*: the shares of the ends of the other cases, one of each added, and the
    days of those other closed cases that took longer than this one has, less the days that it has. The *usual*: the most
    frequent end of the others as certain, and the median of these days as certain.

    Args:
        histories: Histories; the shipped ones if None.
        behaviour_for: For a history, the behaviour to forecast it with; fitted to the other histories if None.
        only: Ids of the cases to forecast; all whose end is known if None. The naive forecasts rest on all the same.

    Raises:
        SimulationError: There are fewer than two histories, or none whose end is known.
    """
    given = tuple(load() if histories is None else histories)
    if behaviour_for is None:
        shipped = histories is None
        behaviour_for = (
            (lambda one: behaviour_without(one.id)) if shipped else (lambda one: Behaviour.fit(given, without={one.id}))
        )
    truths = [_truth(one) for one in given]
    wanted = None if only is None else frozenset(only)
    known = [one for one in truths if one.ended is not None and (wanted is None or one.history.id in wanted)]
    if len(truths) < 2 or not known:
        msg = (
            f"a back-test needs two histories or more, and one whose end is known; found {len(truths)} histories, "
            f"{len(known)} of them asked for and known"
        )
        raise SimulationError(msg)
    records: list[dict[str, Any]] = []
    for truth in known:
        others = [one for one in truths if one is not truth]
        behaviour = behaviour_for(truth.history)
        records += [_looked(truth, day, others, behaviour) for day in _days(truth)]
    cases = {row["case"] for row in records}
    closed = {one.history.id for one in known if one.closed is not None}
    return Backtest(len(cases), len(cases & closed), tuple(records))


def _truth(history: History) -> _Truth:
    case = align(history).case
    asked = next((entry.act.on for entry in case.acts if _phase(entry.to) in _PANEL), None)
    closed = case.last_day if case.is_closed else None
    return _Truth(history, _ended(case, asked), history.periods[0][0], closed, asked)


def _phase(stage: object) -> Phase | None:
    return stage.phase if isinstance(stage, Stage) else None


def _ended(case: Case, asked: date | None) -> str | None:
    if asked is not None:
        return "panel"
    if case.closing is None:
        return None
    return "agreed" if case.closing in _AGREED else "other"


def _days(truth: _Truth) -> list[date]:
    """Return the days of the entries whose day is known, before the close; and until a panel if it is not closed."""
    days = {event.known[0] for event in truth.history.events if event.known and event.known[0] == event.known[1]}
    last = truth.closed or truth.panel
    return sorted(day for day in days if last is not None and day < last and truth.history.known_by(day) is not None)


def _looked(truth: _Truth, day: date, others: Sequence[_Truth], behaviour: Behaviour) -> dict[str, Any]:
    found = forecast(truth.history, behaviour, today=day, draws=1)
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"case": truth.history.id, "today": day, "stage": found.stage.value, "spent": found.spent}
    row |= {"overdue": "yes" if found.overdue else "no", "ended": truth.ended, **_classes(found)}
    if truth.ended is not None and (truth.panel is None or day < truth.panel):
        ends = [one.ended for one in others if one.ended is not None]
        climate = {name: (ends.count(name) + 1) / (len(ends) + len(CLASSES)) for name in CLASSES}
        usual = {name: float(name == max(CLASSES, key=ends.count)) for name in CLASSES}
        row["brier"] = brier({name: row[name] for name in CLASSES}, truth.ended)
        row |= {"brier_climate": brier(climate, truth.ended), "brier_usual": brier(usual, truth.ended)}
    if truth.closed is not None:
        took = (truth.closed - day).days
        left = _left((day - truth.began).days, [one.total for one in others if one.total is not None])
        middle = np.bincount([int(np.median(left))])
        row |= {"days": took, "median_days": found.median_days, "crps": crps(found.by_day.sum(axis=0), took)}
        row |= {"crps_climate": crps(np.bincount(left) / len(left), took), "crps_usual": crps(middle, took)}
        # Half of the chance of the day itself, so that a day that is certain stands in the middle of its interval.
        row["upto"] = (found.within(took) + (found.within(took - 1) if took else 0.0)) / 2.0
    return row


def _classes(found: Forecast) -> dict[str, float]:
    panel = found.share(lambda _, reached: reached in _PANEL)
    agreed = found.share(lambda closing, reached: reached not in _PANEL and closing in _AGREED)
    return {"agreed": agreed, "panel": panel, "other": max(0.0, 1.0 - panel - agreed)}


def _left(gone: int, totals: Sequence[int]) -> list[int]:
    """Return the days left of those that took longer; where none did, the days of all, as if it began anew."""
    return [total - gone for total in totals if total > gone] or list(totals) or [0]
