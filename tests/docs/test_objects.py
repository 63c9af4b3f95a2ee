"""The table of what objects tell is what they tell."""

from __future__ import annotations

import inspect
import re

import attrs
import pytest

import rrm_lifecycle as rrm
from tests.docs.blocks import ROOT

_ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<attributes>[^|]*) \| (?P<methods>[^|]*)\|$", re.MULTILINE)
_PAGE = (ROOT / "docs" / "reference" / "objects.md").read_text(encoding="utf-8")
_ROWS = {row["name"]: row for row in _ROW.finditer(_PAGE)}


def _named(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def _told(cls: type) -> tuple[set[str], set[str]]:
    fields = {one.name for one in attrs.fields(cls)}
    attributes, methods = set(fields), set()
    for kind in cls.__mro__:
        for name, value in vars(kind).items():
            if name.startswith("_") or name in fields or kind is object:
                continue
            if inspect.isfunction(value) or isinstance(value, classmethod | staticmethod):
                methods.add(name)
            else:
                attributes.add(name)
    return attributes, methods


@pytest.mark.parametrize("name", ["Case", "Entry", "Refusal", "Filed", "Due", "Option"])
def test_the_table_has_the_values_that_people_meet(name: str) -> None:
    """Each value that people meet has a row."""
    assert name in _ROWS


@pytest.mark.parametrize("name", _ROWS)
def test_a_row_names_what_the_class_tells(name: str) -> None:
    """A row names every public attribute and method of its class, and no other."""
    attributes, methods = _told(getattr(rrm, name))
    assert _named(_ROWS[name]["attributes"]) == attributes
    assert _named(_ROWS[name]["methods"]) == methods
