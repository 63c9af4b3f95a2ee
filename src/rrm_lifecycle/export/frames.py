"""Event logs as data frames: a row an act, with the columns that pm4py and other process miners know.

Cases, aligned histories and dockets have the columns of the CSV log (:data:`.event_log.COLUMNS`); a simulation has those of
its own event log, which begins each path with its opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from importlib import import_module
from typing import Any, Final

from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.export.event_log import COLUMNS
from rrm_lifecycle.export.traces import Source, is_simulation, traces

KINDS: Final = ("pandas", "polars", "arrow", "rows")
"""What an event log can be made as."""
_DAYS: Final = frozenset({"time:timestamp", "start_timestamp", "earliest", "latest"})
_WHOLE: Final = "step"
_YES: Final = "implied"
_MOMENT: Final = "datetime64[s, UTC]"


def frame(source: Source, kind: str = "pandas") -> Any:  # noqa: ANN401 - what the kind says
    """Return an event log as a data frame, one row an act.

    Days are midnights in UTC. ``org:resource`` is the role of whoever acted; ``implied`` marks an act that is not on record,
    and ``earliest`` and ``latest`` are filled where only a period is known.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        kind: ``"pandas"``, ``"polars"`` or ``"arrow"`` for a frame or table of that library; ``"rows"`` for an iterator over
            dictionaries.

    Raises:
        EventError: Another kind; or the source is none of these.
        MissingExtra: The library is not installed.

    Example:
        >>> from rrm_lifecycle.histories import load
        >>> from rrm_lifecycle.histories.alignment import align
        >>> first = next(frame(align(load()), "rows"))
        >>> first["case:concept:name"], first["concept:name"], first["time:timestamp"].date()
        ('gm-silao', 'ReviewRequested', datetime.date(2021, 5, 12))
    """
    if kind not in KINDS:
        msg = f"an event log is made as {', '.join(map(repr, KINDS))}; found {kind!r}"
        raise EventError(msg[:400])
    if is_simulation(source):
        return source.to_event_log(kind)
    makers: dict[str, Callable[[Iterator[dict[str, Any]]], Any]] = {
        "pandas": _pandas, "polars": _polars, "arrow": _arrow, "rows": iter,
    }  # fmt: skip
    return makers[kind](_rows(source))


def _rows(source: Source) -> Iterator[dict[str, Any]]:
    for trace in traces(source):
        for number, step in enumerate(trace.steps):
            earliest, latest = step.known or (None, None)
            cells = (
                trace.id, step.name, _moment(step.on), _moment(step.since), "complete", step.who, trace.outcome, None,
                step.rule, step.stage, number, step.implied, _moment(earliest), _moment(latest),
                trace.facility and trace.facility.name,
            )  # fmt: skip
            yield dict(zip(COLUMNS, cells, strict=True))


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=UTC)


def _columns(rows: Iterator[dict[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for row in rows:
        for name, value in row.items():
            found[name].append(value)
    return found


def _pandas(rows: Iterator[dict[str, Any]]) -> Any:  # noqa: ANN401 - a pandas data frame
    try:
        pd = import_module("pandas")
    except ImportError:
        raise MissingExtra(extra="notebook", feature="event logs as pandas data frames") from None
    kinds = dict.fromkeys(_DAYS, _MOMENT) | {_WHOLE: "int64", _YES: "bool"}
    return pd.DataFrame(
        {name: pd.Series(values, dtype=kinds.get(name, "object")) for name, values in _columns(rows).items()}
    )


def _arrow(rows: Iterator[dict[str, Any]]) -> Any:  # noqa: ANN401 - an Arrow table
    try:
        pa = import_module("pyarrow")
    except ImportError:
        raise MissingExtra(extra="frames", feature="event logs as Arrow tables") from None
    kinds = dict.fromkeys(_DAYS, pa.timestamp("s", tz="UTC")) | {_WHOLE: pa.int64(), _YES: pa.bool_()}
    found = _columns(rows)
    return pa.table({name: pa.array(values, type=kinds.get(name, pa.string())) for name, values in found.items()})


def _polars(rows: Iterator[dict[str, Any]]) -> Any:  # noqa: ANN401 - a polars data frame
    try:
        polars = import_module("polars")
    except ImportError:
        raise MissingExtra(extra="frames", feature="event logs as polars data frames") from None
    return polars.from_arrow(_arrow(rows))
