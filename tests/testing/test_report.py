"""The printed report of what strategies visit."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case.engine import ROWS
from rrm_lifecycle.law.stages import Stage
from tests.testing import report


def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    """A line a stage and a line a row, a column a strategy: every closed case went to its close; speeds stand below."""
    assert report.main(["--examples", "40"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[1:]]
    assert names == [*Stage, *(row.id for row in ROWS), "rows", "acts", "cases"]
    told = {line.split()[0]: line.split()[-3:] for line in lines[1:]}
    assert told["assessment"] == ["1000.0"] * 3
    assert told["closed"][2] == "1000.0"
    assert float(told["closed"][1]) < 1000
    assert all(float(speed) > 0 for speed in told["cases"])
