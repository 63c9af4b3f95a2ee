"""A docket that is opened under a reading of one's own decides under it."""

from __future__ import annotations

from pathlib import Path

from rrm_lifecycle.case.context import Context
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.record.docket import Docket
from tests.law.cases import request


def test_a_docket_in_a_file_decides_under_its_context(tmp_path: Path) -> None:
    """What differs from the default reading stands in each entry that the docket files."""
    with Docket.open(tmp_path / "docket.db", context=Context(reading=Reading(only_facts_since_entry=True))) as docket:
        docket.start("TEST-1")
        case = docket.record("TEST-1", request())
    assert "only_facts_since_entry" in str(case.acts[-1].reading)
