"""The sample embedder runs, and uses every public name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rrm_lifecycle as rrm
from tests.embedder import sample


def test_the_sample_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """What an embedder writes works: the tracker tells its case, a refusal, a branch, and a verified record."""
    sample.main()
    told = capsys.readouterr().out
    assert "review 2024-05-16 34 respondent ('PanelRequested',)" in told
    assert "opens 2024-05-17" in told
    assert told.rstrip().endswith("False")


def test_the_sample_uses_every_public_name() -> None:
    """No public name is left without a use in the sample."""
    tree = ast.parse(Path(sample.__file__).read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(rrm.__all__) <= used
