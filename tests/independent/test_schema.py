"""The types that scjson has generated from the schema of the W3C take the exported SCXML, and no other spelling of it."""

from __future__ import annotations

import re

import pytest

from rrm_lifecycle.export.statecharts import scxml
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from tests.independent import tools

MISSPELT = (
    ("<transition", "<transit"),
    (' cond="', ' condition="'),
    ('version="1.0" datamodel', 'version="2.0" datamodel'),
    ("</datamodel>", "<onentry/></datamodel>"),
)
"""An element, an attribute, a fixed value, and an element where it does not belong."""


def problems(text: str) -> list[str]:
    """Return what the schema does not know of a document."""
    return list(tools.ask_python("scjson", {"scxml": text})["problems"])


class TestSchema:
    """A document is what the schema of the W3C describes: elements, where they stand, attributes and their values."""

    @pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B], ids=str)
    def test_is_read(self, annex: Annex) -> None:
        """The export is read without a problem, and every state in it."""
        text = scxml(annex)
        found = tools.ask_python("scjson", {"scxml": text})
        written = re.findall(r'<(?:state|parallel|final) id="([^"]+)"', text)
        assert found == {"problems": [], "states": sorted(written)}
        assert found["states"]

    @pytest.mark.parametrize(("right", "wrong"), MISSPELT)
    def test_misspelt(self, right: str, wrong: str) -> None:
        """What is misspelt once is named."""
        text = scxml()
        assert right in text
        assert problems(text.replace(right, wrong, 1).replace("</transition>", "</transit>", int("transit" in wrong)))
