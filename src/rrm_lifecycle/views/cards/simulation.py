"""Cards of simulated cases: tables of results, a simulation, a forecast, a comparison, a behaviour."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.scenarios import MEAN, MEDIAN, TIER
from rrm_lifecycle.simulation.tables import NUMBER, WHOLE
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Mark, Para
from rrm_lifecycle.views.cards.case import stated
from rrm_lifecycle.views.charts.words import spoken
from rrm_lifecycle.views.pages.words import PAGE_WORDS, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrm_lifecycle.simulation.behaviour import Behaviour
    from rrm_lifecycle.simulation.foreseen import Forecast
    from rrm_lifecycle.simulation.results import Simulation
    from rrm_lifecycle.simulation.scenarios import Comparison
    from rrm_lifecycle.simulation.tables import Tabular
    from rrm_lifecycle.views.cards.blocks import Block, Cell

MOST_LINES: Final = 20
"""How many rows of a table of results a card shows."""
_SHARES: Final = frozenset({"share", "upto"})
_BOUNDS: Final = frozenset({"low", "high"})
_NUMBERS: Final = frozenset({MEAN, MEDIAN, TIER})
_MOVES: Final = 5e-4
"""From where on a difference of shares is shown."""


# ---- parts -----------------------------------------------------------------------------------------------------------
def _name(name: str, language: str) -> str:
    key = f"col.{name}"
    return said(key, language) if key in PAGE_WORDS["en"] else name.replace("_", " ")


def _value(value: Any, name: str, language: str, *, percent: bool) -> str:  # noqa: ANN401 - any cell
    if value is None:
        return "-"
    if isinstance(value, date | bool):
        return stated(value, language)
    if isinstance(value, float):
        return f"{value:g}" if name == "quantile" else f"{value:.1%}" if percent else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    for kind, column in ((Closing, "closing"), (Phase, "reached"), (Phase, "phase")):
        if name == column and value in set(kind):
            return label(kind(value), language)
    return label(value, language) if name == "act" else f"{value!s}"


def grid_of(
    columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], caption: str, language: str, more: int = 0
) -> Grid:
    """Return rows of results: numbers to the right, shares in percent.

    Bounds of a share are shares; where the table has no share, low and high are bounds of a number.
    """
    percent = _SHARES | _BOUNDS if _SHARES & columns.keys() and "days" not in columns else _SHARES
    cells = [[_value(row[name], name, language, percent=name in percent) for name in columns] for row in rows]
    right = tuple(place for place, kind in enumerate(columns.values()) if kind in {WHOLE, NUMBER})
    heads = tuple(_name(name, language) for name in columns)
    told = said("more_rows", language, count=f"{more:,}") if more > 0 else ""
    return Grid(caption, heads, cells, right, empty=said("none", language), more=told)


def _table(table: Tabular, caption: str, language: str, most: int = MOST_LINES) -> Grid:
    rows = table.rows()
    return grid_of(table.columns(), rows[:most], caption, language, len(rows) - most)


# ---- cards -----------------------------------------------------------------------------------------------------------
def of_tabular(value: Tabular, language: str) -> Card:
    """Return the card of a table of results."""
    title = str(getattr(value, "name", type(value).__name__))
    return Card(said("results", language), title, (_table(value, title, language),))


def of_simulation(value: Simulation, language: str) -> Card:
    """Return the card of a simulation: what it rests on, how long cases take, how they end."""
    some = value.durations()
    low, middle, high = (some.quantile(share) for share in (0.1, 0.5, 0.9))
    days = said("median_of", language, median=middle, low=low, high=high, mean=f"{some.mean:.1f}")
    items: list[tuple[str, Cell]] = [
        (said("median", language), days),
        (said("start", language), value.start.isoformat()),
        (said("seed", language), str(value.seed)),
        (said("rests", language), spoken(value.behaviour.rests_on, language)),
    ]
    if value.from_case is not None:
        items.insert(0, (said("case", language), value.from_case.id))
    title = f"{value.n:,} {said('paths', language).lower()}"
    outcomes = _table(value.outcomes(by="closing"), said("outcomes_caption", language), language)
    return Card(said("simulation", language), title, (Facts(tuple(items)), outcomes))


def of_forecast(value: Forecast, language: str) -> Card:
    """Return the card of a forecast: how long, how it may close, what comes next."""
    low, high = (f"{one:.0f}" for one in value.mean_interval)
    days = said("chance_of", language, mean=f"{value.mean_days:.0f}", low=low, high=high, median=value.median_days)
    since = said("days_ago", language, days=value.spent) if value.last_day else said("no_today", language)
    items: tuple[tuple[str, Cell], ...] = (
        (said("stage", language), label(value.stage, language)),
        (said("last_act", language), since),
        (said("median", language), days),
        (said("rests", language), spoken(value.behaviour.rests_on, language)),
    )
    blocks: list[Block] = [Facts(items)]
    if value.overdue:
        blocks.insert(0, Para((Mark(said("overdue_note", language), "late"),)))
    blocks.append(_table(value.outcomes("closing"), said("outcomes_caption", language), language, 8))
    blocks.append(_table(value.next_acts(), said("next_caption", language), language, 8))
    return Card(said("forecast", language), f"{value.case_id}, {value.today}", tuple(blocks))


def of_comparison(value: Comparison, language: str) -> Card:
    """Return the card of a comparison: for each scenario what changes."""
    items: tuple[tuple[str, Cell], ...] = (
        (said("paths", language), f"{value.n:,}"),
        (said("seed", language), str(value.seed)),
    )
    blocks: list[Block] = [Facts(items)]
    for name in value.names:
        rows = [one for one in value.records if one["scenario"] == name]
        moved = [one for one in rows if abs(one["difference"]) > _MOVES]
        still = len(rows) - len(moved)
        heads = tuple(_name(key, language) for key in ("measure", "base", "value", "difference", "low", "high"))
        told = said("still", language, count=still) if moved and still else ""
        shown = name.replace("_", " ")
        blocks.append(
            Grid(
                said("moved_caption", language, scenario=shown),
                heads,
                [_moved(one, language) for one in moved],
                right=(1, 2, 3, 4, 5),
                empty=said("nothing_moves", language, scenario=shown),
                more=told,
            )
        )
    return Card(said("comparison", language), ", ".join(value.names).replace("_", " "), tuple(blocks))


def _moved(row: Mapping[str, Any], language: str) -> tuple[str, ...]:
    measure = row["measure"]
    told = label(Closing(measure), language) if measure in set(Closing) else str(measure)
    cells = [told]
    for name, sign in (("base", ""), ("value", ""), ("difference", "+"), ("low", "+"), ("high", "+")):
        value = row[name]
        if value is None:
            cells.append("-")
        else:
            cells.append(f"{value:{sign}.1f}" if measure in _NUMBERS else f"{100 * value:{sign}.1f} %")
    return tuple(cells)


def of_behaviour(value: Behaviour, language: str) -> Card:
    """Return the card of a behaviour: what comes next in each stage, how often, after how many days, on what it rests."""
    rows = []
    for stage, habits in value.stages.items():
        for name, habit in habits.items():
            seen = said("given", language) if habit.given else f"{habit.seen:,}"
            rows.append((
                label(stage, language), label(ROW_BY_ID[name].event, language), name, f"{habit.share:.1%}",
                str(habit.days.quantile(0.5)), seen,
            ))  # fmt: skip
    keys = ("in_stage", "act", "rule_head", "share", "median_days", "observations")
    heads = tuple(said(key, language) for key in keys)
    grid = Grid(said("habits_caption", language), heads, rows, right=(3, 4, 5),
                folded=said("all_of", language, count=len(rows)))  # fmt: skip
    rests = spoken(value.rests_on, language)
    return Card(said("behaviour", language), rests, (Facts(((said("rests", language), rests),)), grid))
