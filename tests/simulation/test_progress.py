"""Long work tells how far it has come: to a bar, to a function of one's own, or to nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.forecasting import forecast
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.scenarios import compare
from rrm_lifecycle.simulation.sensitivity import sensitivity

Work = Callable[[Progress | bool | None], Any]


def _compared(progress: Progress | bool | None) -> Any:
    base = Behaviour.default()
    return compare(base, n=50, seed=1, progress=progress, a=base.with_course(at_most=180), b=base)


WORK: dict[str, Work] = {
    "simulate": lambda progress: simulate(n=50, seed=1, block=20, progress=progress),
    "forecast": lambda progress: forecast(load()["tamsa"], today=date(2025, 6, 14), draws=3, progress=progress),
    "compare": _compared,
}


class TestTold:
    """Each part that is done is told, with how many there are; the result is the same whether or not it is told."""

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("simulate", [(20, 50), (40, 50), (50, 50)]),
            ("forecast", [(1, 3), (2, 3), (3, 3)]),
            ("compare", [(1, 2), (2, 2)]),
        ],
    )
    def test_parts(self, name: str, parts: list[tuple[int, int]]) -> None:
        """The parts come in order, the last one with all of them."""
        told: list[tuple[int, int]] = []
        found = WORK[name](lambda done, of: told.append((done, of)))
        assert told == parts
        assert str(found) == str(WORK[name](None))

    def test_doubts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of sensitivity, each doubt that is flipped is a part."""
        monkeypatch.setattr("rrm_lifecycle.simulation.sensitivity._record", lambda *_: {"days": None})
        told: list[tuple[int, int]] = []
        found = sensitivity(progress=lambda done, of: told.append((done, of)))
        assert told == [(done, len(found.records)) for done in range(1, len(found.records) + 1)]


class TestBar:
    """``progress=True`` shows a bar of tqdm, and nothing is shown unless it is asked for."""

    def test_bar(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The bar is drawn on standard error, and is gone at the end."""
        simulate(n=50, seed=1, block=20, progress=True)
        err = capsys.readouterr().err
        assert "simulating" in err
        assert err.rpartition("\r")[2].strip() == ""

    @pytest.mark.parametrize("nothing", [None, False])
    def test_nothing(self, capsys: pytest.CaptureFixture[str], nothing: bool | None) -> None:
        """Nothing is shown unless it is asked for."""
        simulate(n=50, seed=1, progress=nothing)
        assert capsys.readouterr().err == ""

    def test_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where tqdm is missing, the line to paste is told, before any work is done."""
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        with pytest.raises(MissingExtra, match=r"rrm-lifecycle\[notebook\]"):
            simulate(n=50, seed=1, progress=True)

    @pytest.mark.parametrize("wrong", ["yes", 1, 0])
    def test_wrong(self, wrong: Any) -> None:
        """What is neither yes, no, nor a function is refused."""
        with pytest.raises(EventError, match="progress is True for a bar"):
            shown(wrong, "x")
