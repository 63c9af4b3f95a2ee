"""The notebooks: kept as text, each begins with what a reader will be able to do; building the pages runs them."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from tests.docs.blocks import ROOT

FOLDER = ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))


class TestNotebooks:
    """Six of them, listed in order."""

    def test_all_are_listed(self) -> None:
        """The page that lists the notebooks names each of them, and no other."""
        listed = (FOLDER / "index.md").read_text("utf-8").partition("```{toctree}")[2].split("```")[0].split()
        assert sorted(listed[2:]) == [path.stem for path in NOTEBOOKS]
        assert len(NOTEBOOKS) == 6

    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_opens_with_what_a_reader_will_be_able_to_do(self, path: Path) -> None:
        """The first cell has the title, and a sentence on what one can do after it."""
        first = jupytext.read(path).cells[0]
        title, _, text = first.source.partition("\n")
        assert first.cell_type == "markdown"
        assert title.startswith("# ")
        assert "you can" in text.split(".")[0]

    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_is_kept_as_text_without_outputs(self, path: Path) -> None:
        """It reads as cells of text and code, and holds no outputs and no place of a machine."""
        cells = jupytext.read(path).cells
        assert {cell.cell_type for cell in cells} == {"markdown", "code"}
        assert not any(cell.get("outputs") for cell in cells)
