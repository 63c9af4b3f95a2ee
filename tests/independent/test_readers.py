"""Graphviz reads the DOT export, and mermaid's own parser the Mermaid export: every stage and arrow of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from rrm_lifecycle.export.graphs import dot, edges, mermaid
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.stages import Stage
from tests.independent import tools
from tests.independent.readers import dot_arrows, mermaid_arrows

both = pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B], ids=str)
ENDS = {"root_start", "root_end"}


def arrows(annex: Annex) -> set[tuple[str, str]]:
    """Return the arrows between stages, by our own enumeration."""
    return {(one.value, other.value) for one, other in edges(annex)}


class TestGraphs:
    """What is drawn is the table."""

    @both
    def test_dot(self, annex: Annex) -> None:
        """Graphviz sees each stage and each arrow."""
        nodes, found = dot_arrows(dot(annex, "es"))
        assert nodes == {stage.value for stage in Stage}
        assert found == arrows(annex)

    @both
    def test_mermaid(self, annex: Annex, tmp_path: Path) -> None:
        """Mermaid sees each stage and each arrow, beside the start and the end."""
        tools.node_modules("mermaid")
        states, found = mermaid_arrows(mermaid(annex, "es"), tmp_path)
        assert {stage.value for stage in Stage} <= states
        assert {one for one in found if not ENDS & set(one)} == arrows(annex)
