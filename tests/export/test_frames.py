"""Event logs as data frames: the columns of process miners, whatever the library of the frame."""

from __future__ import annotations

import csv as reader
import io
import sys
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.export import frame
from rrm_lifecycle.export.event_log import COLUMNS, csv
from rrm_lifecycle.export.frames import KINDS
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.simulation.montecarlo import simulate
from tests.export.hostile import CASES

ALIGNED = align_all(load())
REQUIRED = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition")
"""What process miners ask of a log."""


class TestFrames:
    """Each act of each case is a row."""

    def test_pandas(self) -> None:
        """The types are those that pm4py asks for: names are text, moments have a time zone."""
        found = frame(ALIGNED)
        assert list(found) == list(COLUMNS)
        assert set(REQUIRED) <= set(found)
        assert len(found) == sum(len(one.case.acts) for one in ALIGNED)
        assert str(found["time:timestamp"].dt.tz) == "UTC"
        assert all(isinstance(one, str) for one in found["case:concept:name"])
        assert found["implied"].dtype == bool
        assert found["implied"].sum() == sum(len(one.implied) for one in ALIGNED)

    def test_as_csv(self) -> None:
        """A frame holds what the CSV log holds, to the cell."""
        rows = list(reader.DictReader(io.StringIO(csv(ALIGNED))))
        for row, told in zip(frame(ALIGNED, "rows"), rows, strict=True):
            assert {name: _cell(name, value) for name, value in row.items()} == told

    def test_libraries_agree(self) -> None:
        """Arrow and polars hold the same rows as Python."""
        rows = list(frame(CASES, "rows"))
        assert frame(CASES, "arrow").to_pylist() == rows
        assert frame(CASES, "polars").to_dicts() == rows
        shown = frame(CASES).astype(object)
        assert shown.where(shown.notna(), None).to_dict("records") == rows

    @pytest.mark.parametrize("source", [[], Case.start("a-1")])
    def test_no_act(self, source: Any) -> None:
        """A log without an act has the same columns, with the same types."""
        assert frame(source).shape == (0, len(COLUMNS))
        assert list(frame(source)) == list(frame(source, "arrow").column_names)
        types = frame(source).dtypes.astype(str)
        assert types.to_dict() == frame(ALIGNED).dtypes.astype(str).to_dict()

    def test_simulation(self) -> None:
        """A simulation gives its own event log, in each kind."""
        run = simulate(n=20, seed=5)
        pd.testing.assert_frame_equal(frame(run), run.to_event_log())
        for kind in KINDS[1:3]:
            assert frame(run, kind).equals(run.to_event_log(kind))
        assert list(frame(run, "rows")) == list(run.to_event_log("rows"))

    def test_methods(self) -> None:
        """Alignments and a docket give their event log as one of their frames."""
        pd.testing.assert_frame_equal(ALIGNED.to_frame(kind="event_log"), frame(ALIGNED))
        docket = Docket.in_memory()
        docket.adopt(ALIGNED)
        pd.testing.assert_frame_equal(docket.to_frame(kind="event_log"), frame(docket.cases()))


class TestWrong:
    """What cannot be made is said."""

    def test_kind(self) -> None:
        """Another kind is refused with those that there are."""
        with pytest.raises(EventError, match="'pandas', 'polars', 'arrow', 'rows'; found 'dask'"):
            frame(ALIGNED, "dask")

    @pytest.mark.parametrize("source", ["a-1", 7, [7]])
    def test_source(self, source: Any) -> None:
        """What is neither case, alignment nor simulation is refused."""
        with pytest.raises(EventError, match="an event log is made of cases"):
            list(frame(source, "rows"))

    @pytest.mark.parametrize(
        ("kind", "module", "extra"),
        [("pandas", "pandas", "notebook"), ("arrow", "pyarrow", "frames"), ("polars", "polars", "frames")],
    )
    def test_missing(self, monkeypatch: pytest.MonkeyPatch, kind: str, module: str, extra: str) -> None:
        """Where the library of a frame is missing, the line to paste is told."""
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingExtra, match=rf"rrm-lifecycle\[{extra}\]"):
            frame(CASES, kind)


def _cell(name: str, value: Any) -> str:
    """Return a value as a CSV log writes it."""
    if isinstance(value, datetime):
        assert value.tzinfo is UTC
        return value.date().isoformat() if name in {"earliest", "latest"} else value.isoformat()
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
