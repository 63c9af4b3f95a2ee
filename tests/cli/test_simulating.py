"""The verbs over simulation, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rrm_lifecycle.cli import main
from rrm_lifecycle.simulation.behaviour import Behaviour

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: str, status: int = 0) -> str:
    """Run a command that ends with a status, and return what it printed, errors too."""
    found = main(words)
    told = capsys.readouterr()
    assert found == status, told.out + told.err
    return told.out + told.err


def read(capsys: Capture, *words: str) -> Any:
    """Run a command with ``--json``, and read what it printed."""
    return json.loads(run(capsys, *words, "--json"))


class TestSimulate:
    """``rrm simulate`` tells how and when paths close; the same seed gives the same bytes."""

    def test_workers(self, capsys: Capture) -> None:
        """The bytes are the same whatever the number of processes."""
        words = ("simulate", "--n", "3000", "--seed", "5", "--json")
        one = run(capsys, *words)
        assert one == run(capsys, *words, "--workers", "2")
        found = json.loads(one)
        assert (found["n"], found["seed"]) == (3000, 5)
        assert sum(row["count"] for row in found["rows"]) == 3000

    def test_kept(self, capsys: Capture, tmp_path: Path) -> None:
        """A behaviour is read from a file, and the recipe is kept, but never over another file."""
        Behaviour.default().save(tmp_path / "ours.json")
        recipe = tmp_path / "recipe.json"
        words = (
            "simulate",
            "--n",
            "500",
            "--seed",
            "5",
            "--behaviour",
            str(tmp_path / "ours.json"),
            "--save",
            str(recipe),
        )
        assert "500 paths" in run(capsys, *words)
        assert json.loads(recipe.read_text("utf-8"))["seed"] == 5

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("--n", "0"), "at least 1"),
            (("--n", "x"), "invalid int value"),
            (("--workers", "0"), "--workers"),
            (("--start", "2019-01-01"), "entered into force"),
            (("--seed", "-1"), "seed"),
            (("--behaviour", "none.json"), "none.json"),
        ],
    )
    def test_wrong(self, capsys: Capture, words: tuple[str, ...], says: str) -> None:
        """What cannot be used is said in one line."""
        told = run(capsys, "simulate", *words, status=2)
        assert says in told
        assert told.count("\n") == 1


class TestForecast:
    """``rrm forecast SOURCE CASE --today DAY`` looks ahead from a day."""

    def test_public(self, capsys: Capture) -> None:
        """A public case is forecast from what was known on the day, in words and as JSON."""
        words = ("forecast", "public", "atento", "--today", "2025-03-01")
        assert "atento" in run(capsys, *words)
        found = read(capsys, *words)
        assert sum(row["share"] for row in found["rows"]) == pytest.approx(1.0)
        assert found["next"]
        assert [row["quantile"] for row in found["days"]] == [0.1, 0.5, 0.9]

    def test_closed(self, capsys: Capture) -> None:
        """Of a case that is closed there is nothing left to forecast."""
        assert "was closed on" in run(capsys, "forecast", "public", "tridonex", "--today", "2025-03-01", status=2)


class TestCompare:
    """``rrm compare`` and ``rrm sensitivity`` say what changes, and which doubt matters."""

    def test_scenarios(self, capsys: Capture) -> None:
        """One scenario of the gallery is compared; one that there is not is named with those that there are."""
        found = read(capsys, "compare", "--scenario", "always_declines", "--n", "2000", "--seed", "3")
        assert {row["scenario"] for row in found["rows"]} == {"always_declines"}
        assert "panel_in_time" in run(capsys, "compare", "--scenario", "x", status=2)
