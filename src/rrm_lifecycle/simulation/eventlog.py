"""The event log of simulated paths: made anew from seed and number of the path, so that no path has to be kept.

Days are those of the program, which counts weekends and no public holidays; :meth:`.Simulation.case` dates one path by
the calendar.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import MissingExtra, SimulationError
from rrm_lifecycle.simulation import lanes
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.scalar import entered
from rrm_lifecycle.simulation.tables import TEXT, WHOLE

MOMENT: Final = "datetime64[s, UTC]"
EVENTS: Final = {
    "case:concept:name": TEXT,
    "concept:name": TEXT,
    "time:timestamp": MOMENT,
    "start_timestamp": MOMENT,
    "lifecycle:transition": TEXT,
    "org:resource": TEXT,
    "case:outcome": TEXT,
    "case:seed": TEXT,
    "rule": TEXT,
    "stage": TEXT,
    "step": WHOLE,
}
"""The columns of an event log, one row an event; the names with a colon are those of XES and of pm4py.

``case:concept:name`` is the number of the path, with zeros before it so that text sorts as numbers do.
``time:timestamp`` is the day of the act at midnight UTC, ``start_timestamp`` the day of the act before it: the case
stood in its stage from one to the other. ``org:resource`` is the role whose act it is, by its row (``rule``); ``stage``
is where the case stands after. The first event of a path, ``Opening``, is no act: it dates the start, without which the
time until the first act would be lost. Rows are sorted by path, and within a path by ``step``.
"""
OPENING: Final = "Opening"
KINDS: Final = ("pandas", "polars", "arrow", "rows")
_COMPLETE: Final = "complete"
BLOCK: Final = 100_000
"""How many paths of an event log are made at a time."""


@frozen(eq=False)
class Log:
    """The steps of paths that follow one another.

    The steps of the n-th of them are ``offsets[n]:offsets[n + 1]``.

    Attributes:
        program: The program that they walk.
        start: The place where they start.
        first: Number of the first path.
        offsets: Where the steps of each path begin, and where those of the last one end.
        rule: The row of each step, as a number in ``program.rules``.
        place: Where the path stands after it.
        day: Day of the act, counted from the start of the path.
    """

    program: Program
    start: int
    first: int
    offsets: NDArray[np.int64]
    rule: NDArray[np.int16]
    place: NDArray[np.int32]
    day: NDArray[np.int32]

    @property
    def paths(self) -> int:
        """How many paths there are."""
        return len(self.offsets) - 1

    @property
    def path(self) -> NDArray[np.int64]:
        """For each step the place of its path among them."""
        return np.repeat(np.arange(self.paths), np.diff(self.offsets))

    def before(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return for each step where the path stood before, and since which day."""
        place, day = np.roll(self.place, 1), np.roll(self.day, 1)
        begins = self.offsets[:-1]
        place[begins], day[begins] = self.start, 0
        return place, day


def log_of(program: Program, seed: int, first: int, n: int, weekday: int) -> Log:
    """Return the log of paths that follow one another.

    Args:
        program: The program.
        seed: The seed.
        first: Number of the first path.
        n: How many paths.
        weekday: Day of the week on which each path starts; Monday is 0.
    """
    found = lanes.log(program, np.arange(first, first + n), key_of(seed), weekday)
    wide = (
        found.offsets.astype(np.int64), found.rule.astype(np.int16), found.place.astype(np.int32),
        found.day.astype(np.int32),
    )  # fmt: skip
    return Log(program, entered(program, weekday), first, *wide)


# ---- events ----------------------------------------------------------------------------------------------------------
@frozen(eq=False)
class Source:
    """Which paths an event log tells.

    Attributes:
        program: The program that they walk.
        seed: The seed.
        n: How many paths.
        start: First day of each path.
        width: How many digits the number of a path has.
    """

    program: Program
    seed: int
    n: int
    start: date
    width: int

    def blocks(self, block: int = BLOCK) -> Iterator[Log]:
        """Yield the log, so many paths at a time."""
        for first in range(0, self.n, block):
            yield log_of(self.program, self.seed, first, min(block, self.n - first), self.start.weekday())


@frozen(eq=False)
class _Coded:
    """A column of few distinct values: a code a row, -1 where it is empty."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def plain(self) -> list[str | None]:
        known = (*self.values, None)
        return [known[code] for code in self.codes.tolist()]


def _coded(codes: NDArray[Any], names: list[str | None]) -> _Coded:
    """Return the column of names that codes stand for, where several codes may have one name."""
    values = tuple(dict.fromkeys(name for name in names if name is not None))
    number = {name: place for place, name in enumerate(values)}
    translate = np.array([number.get(name, -1) if name is not None else -1 for name in names], dtype=np.int32)
    return _Coded(translate[codes], values)


def _events(source: Source, log: Log) -> dict[str, Any]:
    """Return the columns of the events of a block: an opening before the steps of each path."""
    program, steps = source.program, np.diff(log.offsets)
    rows = len(log.rule) + log.paths
    opens = log.offsets[:-1] + np.arange(log.paths)
    acts = np.ones(rows, dtype=bool)
    acts[opens] = False
    _, before_day = log.before()
    none = len(program.rules)
    rule = np.full(rows, none, dtype=np.int64)
    rule[acts] = log.rule
    place = np.full(rows, log.start, dtype=np.int64)
    place[acts] = log.place
    day, since = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    day[acts], since[acts] = log.day, before_day
    path = np.repeat(np.arange(log.paths), steps + 1)
    last = log.place[log.offsets[1:] - 1]  # no path starts where it is closed
    of_rows = [ROW_BY_ID[name] for name in program.rules]
    closings = [closing.value for closing, _ in program.outcomes]
    start = np.datetime64(source.start, "s")
    second = np.timedelta64(86_400, "s")
    names: list[str | None] = [one.event.__name__ for one in of_rows]
    return {
        "case:concept:name": [f"{number:0{source.width}d}" for number in range(log.first, log.first + log.paths)],
        "path": path,
        "concept:name": _coded(rule, [*names, OPENING]),
        "time:timestamp": start + day * second,
        "start_timestamp": start + since * second,
        "lifecycle:transition": _Coded(np.zeros(rows, dtype=np.int32), (_COMPLETE,)),
        "org:resource": _coded(rule, [*(one.who.value for one in of_rows), None]),
        "case:outcome": _coded(program.outcome[last][path], [*closings]),
        "case:seed": _Coded(np.zeros(rows, dtype=np.int32), (str(source.seed),)),
        "rule": _coded(rule, [*program.rules, None]),
        "stage": _coded(place, [one.stage.value for one in program.places]),
        "step": np.arange(rows) - opens[path],
    }


def rows(source: Source, block: int = BLOCK) -> Iterator[dict[str, Any]]:
    """Yield a dictionary an event, of plain Python values. Columns: :data:`EVENTS`."""
    for log in source.blocks(block):
        found = _events(source, log)
        ids, path = found["case:concept:name"], found.pop("path").tolist()
        found["case:concept:name"] = [ids[place] for place in path]
        for name, values in found.items():
            if isinstance(values, _Coded):
                found[name] = values.plain()
            elif isinstance(values, np.ndarray):
                found[name] = [_moment(one) if isinstance(one, datetime) else one for one in values.tolist()]
        for row in zip(*(found[name] for name in EVENTS), strict=True):
            yield dict(zip(EVENTS, row, strict=True))


def _moment(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def to_pandas(source: Source) -> Any:  # noqa: ANN401 - a pandas data frame
    """Return the event log as a pandas data frame. Columns: :data:`EVENTS`; text of few values is categorical."""
    try:
        import pandas as pd  # noqa: PLC0415 - loaded when the first frame is asked for
    except ImportError:
        raise MissingExtra(extra="notebook", feature="event logs as pandas data frames") from None
    parts: list[dict[str, Any]] = [_events(source, log) for log in source.blocks()]
    made: dict[str, Any] = {}
    for name in EVENTS:
        values = [part[name] for part in parts]
        if name == "case:concept:name":
            values = [np.array(part[name], dtype=object)[part["path"]] for part in parts]
        if isinstance(values[0], _Coded):
            codes: NDArray[np.int32] = np.concatenate([one.codes for one in values])
            made[name] = pd.Categorical.from_codes(codes, categories=pd.Index(values[0].values))
        elif EVENTS[name] == MOMENT:
            made[name] = pd.Series(np.concatenate(values)).dt.tz_localize("UTC")
        else:
            made[name] = pd.Series(np.concatenate(values), dtype=EVENTS[name])
    return pd.DataFrame(made)


def to_arrow(source: Source) -> Any:  # noqa: ANN401 - an Arrow table
    """Return the event log as an Arrow table. Columns: :data:`EVENTS`; text of few values is a dictionary."""
    pa = _arrow("event logs as Arrow tables")
    return pa.Table.from_batches([_batch(pa, source, log) for log in source.blocks()]).unify_dictionaries()


def to_polars(source: Source) -> Any:  # noqa: ANN401 - a polars data frame
    """Return the event log as a polars data frame. Columns: :data:`EVENTS`; text of few values is categorical."""
    try:
        polars = import_module("polars")
    except ImportError:
        raise MissingExtra(extra="frames", feature="event logs as polars data frames") from None
    return polars.from_arrow(to_arrow(source))


def to_parquet(source: Source, path: str | os.PathLike[str], recipe: Mapping[str, Any], block: int = BLOCK) -> None:
    """Write the event log to a Parquet file, a block of paths at a time, so that it may be larger than memory.

    The file holds the recipe under the key ``rrm_recipe`` of its metadata. It is put in place once it is whole.

    Raises:
        SimulationError: There is a file of that name that is no such event log; it is left alone.
        MissingExtra: pyarrow is not installed.
    """
    pa = _arrow("event logs as Parquet")
    pq = import_module("pyarrow.parquet")
    goal = Path(path)
    if goal.exists() and not _is_ours(pq, goal):
        msg = f"{goal.name} is there already and is no event log of a simulation: take another name, or remove it"
        raise SimulationError(msg)
    unfinished = goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        writer = None
        for log in source.blocks(block):
            batch = _batch(pa, source, log).replace_schema_metadata({"rrm_recipe": json.dumps(recipe)})
            if writer is None:
                writer = pq.ParquetWriter(unfinished, batch.schema, compression="zstd")
            writer.write_batch(batch)
        if writer is not None:
            writer.close()
        unfinished.replace(goal)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_ours(pq: Any, path: Path) -> bool:  # noqa: ANN401 - a module
    try:
        return b"rrm_recipe" in (pq.read_schema(path).metadata or {})
    except (OSError, ValueError):
        return False


def _arrow(feature: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module("pyarrow")
    except ImportError:
        raise MissingExtra(extra="frames", feature=feature) from None


def _batch(pa: Any, source: Source, log: Log) -> Any:  # noqa: ANN401 - a module, and a record batch
    found = _events(source, log)
    path = pa.array(found.pop("path"))
    found["case:concept:name"] = pa.array(found["case:concept:name"]).take(path)
    arrays = [_arrow_array(pa, found[name], EVENTS[name]) for name in EVENTS]
    return pa.RecordBatch.from_arrays(arrays, names=list(EVENTS))


def _arrow_array(pa: Any, values: Any, kind: str) -> Any:  # noqa: ANN401 - a module, and its arrays
    if isinstance(values, _Coded):
        codes = pa.array(values.codes, mask=values.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(values.values))
    if kind == MOMENT:
        return pa.array(values, type=pa.timestamp("s", tz="UTC"))
    return values if isinstance(values, pa.Array) else pa.array(values)
