"""The event log tells each act of each path, in every form alike."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import MissingExtra, SimulationError
from rrm_lifecycle.simulation import eventlog, scalar
from rrm_lifecycle.simulation.eventlog import EVENTS, OPENING
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import Simulation

SEED = 7
N = 1_200


@pytest.fixture(scope="module")
def run() -> Simulation:
    """Return paths of the default behaviour."""
    return simulate(n=N, seed=SEED, start=date(2024, 3, 14))


@pytest.fixture(scope="module")
def events(run: Simulation) -> list[dict[str, Any]]:
    """Return their events as rows."""
    return list(run.to_event_log("rows"))


class TestRows:
    """What an event says."""

    def test_acts_are_those_of_the_paths(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """Rows, stages and days of the events are those of the scalar reference, behind an opening."""
        for number in (0, 5, N - 1):
            mine = [row for row in events if row["case:concept:name"] == f"{number:04d}"]
            moves = list(scalar.path(run.program, SEED, number, weekday=run.start.weekday()))
            assert [row["rule"] for row in mine] == [None, *(run.program.rules[move.rule] for move in moves)]
            assert [row["stage"] for row in mine[1:]] == [run.program.places[move.place].stage.value for move in moves]
            days = np.cumsum([move.days for move in moves]).tolist()
            assert [row["time:timestamp"].date() for row in mine[1:]] == [run.start + timedelta(day) for day in days]

    def test_opening_dates_the_start(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """Each path begins with an opening on the first day, which nobody does and no row admits."""
        openings = [row for row in events if row["concept:name"] == OPENING]
        assert len(openings) == N
        start = datetime(run.start.year, run.start.month, run.start.day, tzinfo=UTC)
        for row in openings:
            assert row["time:timestamp"] == row["start_timestamp"] == start
            assert (row["step"], row["rule"], row["org:resource"], row["stage"]) == (0, None, None, "assessment")

    def test_an_event_starts_where_the_one_before_ended(self, events: list[dict[str, Any]]) -> None:
        """The stay before an act runs from the act before it, so that no day of a path is lost."""
        for before, row in pairwise(events):
            if row["step"]:
                assert row["start_timestamp"] == before["time:timestamp"] <= row["time:timestamp"]
                assert row["case:concept:name"] == before["case:concept:name"]
                assert row["step"] == before["step"] + 1

    def test_names_and_roles_are_those_of_the_row(self, events: list[dict[str, Any]]) -> None:
        """Act and role of an event are those of the row that admits it."""
        for row in events:
            if row["rule"] is not None:
                assert row["concept:name"] == ROW_BY_ID[row["rule"]].event.__name__
                assert row["org:resource"] == ROW_BY_ID[row["rule"]].who.value
            assert row["lifecycle:transition"] == "complete"
            assert row["case:seed"] == str(SEED)

    def test_outcome_is_that_of_the_path(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """Each event of a path names how the path closed; the last one stands in the closed stage."""
        for row in events:
            closing, _ = run.program.outcomes[run.outcome[int(row["case:concept:name"])]]
            assert row["case:outcome"] == closing.value
        last = {row["case:concept:name"]: row["stage"] for row in events}
        assert set(last.values()) == {"closed"}

    def test_sorted(self, events: list[dict[str, Any]]) -> None:
        """Events are sorted by path, as text too, and within a path by step and by day."""
        keys = [(row["case:concept:name"], row["step"]) for row in events]
        assert keys == sorted(keys)
        days = [(row["case:concept:name"], row["time:timestamp"]) for row in events]
        assert days == sorted(days)

    def test_blocks_make_no_difference(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """The events are the same whatever the block, and held a block at a time."""
        assert list(eventlog.rows(run._source, block=97)) == events
        stream = run.to_event_log("rows")
        assert next(iter(stream)) == events[0]


class TestForms:
    """Frames and tables."""

    def test_pandas(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """The pandas frame holds the rows, with the columns that are documented; moments are in UTC."""
        frame = run.to_event_log()
        assert list(frame.columns) == list(EVENTS)
        assert str(frame["time:timestamp"].dtype) == str(frame["start_timestamp"].dtype) == "datetime64[s, UTC]"
        assert str(frame["step"].dtype) == "Int64"
        assert len(frame) == len(events)
        for name in EVENTS:
            known = frame[name].notna()
            assert known.tolist() == [row[name] is not None for row in events]
            assert frame[name][known].tolist() == [row[name] for row in events if row[name] is not None]

    def test_arrow(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """The Arrow table holds the rows."""
        pytest.importorskip("pyarrow")
        assert run.to_event_log("arrow").to_pylist() == events

    def test_polars(self, run: Simulation, events: list[dict[str, Any]]) -> None:
        """The polars frame holds the rows."""
        pytest.importorskip("polars")
        assert run.to_event_log("polars").to_dicts() == events

    def test_another_form(self, run: Simulation) -> None:
        """Another form is refused with those that there are."""
        with pytest.raises(SimulationError, match="'pandas', 'polars', 'arrow', 'rows'; found 'xes'"):
            run.to_event_log("xes")

    @pytest.mark.parametrize(
        ("kind", "module", "extra"),
        [("pandas", "pandas", "notebook"), ("polars", "polars", "frames"), ("arrow", "pyarrow", "frames")],
    )
    def test_missing_library(
        self, run: Simulation, kind: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the library is not installed the error names the extra that brings it."""
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingExtra) as caught:
            run.to_event_log(kind)
        assert caught.value.extra == extra


class TestParquet:
    """The file."""

    def test_holds_the_rows_and_the_recipe(self, run: Simulation, events: list[dict[str, Any]], tmp_path: Path) -> None:
        """The file holds the rows, written a block at a time, and the recipe of the run."""
        parquet = pytest.importorskip("pyarrow.parquet")
        goal = tmp_path / "log.parquet"
        run.to_parquet(goal, block=500)
        assert parquet.read_table(goal).to_pylist() == events
        file = parquet.ParquetFile(goal)
        assert file.num_row_groups == 3
        assert json.loads(file.schema_arrow.metadata[b"rrm_recipe"]) == run.recipe
        assert [one.name for one in tmp_path.iterdir()] == ["log.parquet"]

    def test_replaces_its_like_alone(self, run: Simulation, tmp_path: Path) -> None:
        """A file of the same kind is replaced; any other is left alone, and told."""
        pytest.importorskip("pyarrow")
        goal = tmp_path / "log.parquet"
        run.to_parquet(goal)
        run.to_parquet(goal)
        goal.write_text("mine")
        with pytest.raises(SimulationError, match="is there already and is no event log"):
            run.to_parquet(goal)
        assert goal.read_text() == "mine"

    def test_nothing_is_left_of_what_fails(
        self, run: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the writing fails in the middle no file is left, not even in part."""
        pytest.importorskip("pyarrow")
        made, batch = [], eventlog._batch

        def failing(*args: Any) -> Any:
            made.append(args)
            if len(made) == 3:
                raise OSError("disk full")
            return batch(*args)

        monkeypatch.setattr(eventlog, "_batch", failing)
        with pytest.raises(OSError, match="disk full"):
            run.to_parquet(tmp_path / "log.parquet", block=300)
        assert list(tmp_path.iterdir()) == []
