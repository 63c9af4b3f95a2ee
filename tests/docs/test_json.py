"""The table of JSON shapes is what the schemas say."""

from __future__ import annotations

import re

import pytest

import rrm_lifecycle as rrm
from tests.docs.blocks import ROOT

_ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<keys>[^|]*) \| (?P<labelled>[^|]*)\|$", re.MULTILINE)
_PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8").partition("\n## Events")[0]


@pytest.mark.parametrize("row", list(_ROW.finditer(_PAGE)), ids=lambda row: row["name"])
def test_a_row_names_the_keys_of_its_shape(row: re.Match[str]) -> None:
    """A row names every key of its shape, and those that have a label beside them."""
    keys = set(rrm.json_schema(getattr(rrm, row["name"]))["properties"])
    labelled = set(re.findall(r"`(\w+)`", row["labelled"]))
    assert set(re.findall(r"`(\w+)`", row["keys"])) == {key for key in keys if not key.endswith("_label")}
    assert {f"{key}_label" for key in labelled} == {key for key in keys if key.endswith("_label")}
