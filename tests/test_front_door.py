"""The front door: what people import, that it is typed, and that it costs next to nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rrm_lifecycle as rrm


class TestNames:
    """The names people use are exported, listed and typed."""

    def test_every_listed_name_loads(self) -> None:
        """Each name of ``__all__`` is there."""
        assert all(getattr(rrm, name) is not None for name in rrm.__all__)

    def test_names_are_listed_once(self) -> None:
        """``__all__`` is sorted out: no name stands in it twice, and ``dir()`` shows each."""
        assert len(rrm.__all__) == len(set(rrm.__all__))
        assert set(rrm.__all__) <= set(dir(rrm))

    def test_every_name_is_typed(self) -> None:
        """What loads lazily is what the type checker sees under TYPE_CHECKING."""
        tree = ast.parse(Path(rrm.__file__).read_text(encoding="utf-8"))
        (block,) = [node for node in tree.body if isinstance(node, ast.If)]
        typed = {
            alias.name: (node.module or "").removeprefix("rrm_lifecycle").lstrip(".")
            for node in block.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert set(typed) == set(rrm.__all__) - {"__version__"}
        for name, module in typed.items():
            if module:
                assert getattr(sys.modules[f"rrm_lifecycle.{module}"], name) is getattr(rrm, name)

    def test_an_unknown_name_is_an_attribute_error(self) -> None:
        """A name that is none is refused as Python does."""
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = rrm.nothing


class TestWeight:
    """Importing the package loads none of what it needs later."""

    def test_import_loads_nothing_heavy(self) -> None:
        """A bare import leaves the dependencies and the heavy standard modules alone."""
        program = (
            "import sys, rrm_lifecycle; "
            "heavy = {'transitions','msgspec','numpy','pandas','matplotlib','holidays','sqlite3','attr','attrs'}; "
            "print(sorted(heavy & set(sys.modules)))"
        )
        told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
        assert told.stdout.strip() == "[]"

    def test_deciding_loads_no_calendar(self) -> None:
        """The closing days load when business days are first counted, not before."""
        program = (
            "import sys; from datetime import date; import rrm_lifecycle as rrm; from rrm_lifecycle import events as did; "
            "rrm.decide(rrm.Case.start('a'), did.ReviewAccepted(date(2024, 4, 10))); "
            "print(sorted({'numpy','pandas','matplotlib','holidays','sqlite3'} & set(sys.modules)))"
        )
        told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
        assert told.stdout.strip() == "[]"
