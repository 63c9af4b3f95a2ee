"""A behaviour that was changed says so, and how, wherever it goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.histories import load
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.forecasting import forecast
from rrm_lifecycle.simulation.gallery import gallery
from rrm_lifecycle.simulation.habits import Habit
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.recipe import rerun
from rrm_lifecycle.simulation.scenarios import compare
from tests.simulation.coarse import coarse

BASE = Behaviour.default()
HOW: list[tuple[Callable[[Behaviour], Behaviour], str]] = [
    (lambda one: one.with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.25),
     "share of MatterSettled in under_review 0.25"),
    (lambda one: one.with_share("under_review", "A4-05e", 1 / 3), "share of MatterSettled in under_review 0.333333"),
    (lambda one: one.with_share("petition_review", "US-06", 0.5), "share of US-06 in petition_review 0.5"),
    (lambda one: one.with_days(Stage.DELIBERATING, did.DeterminationIssued, at_most=30),
     "days of DeterminationIssued in deliberating at most 30"),
    (lambda one: one.with_days("deliberating", "DeterminationIssued", at_least=3),
     "days of DeterminationIssued in deliberating at least 3"),
    (lambda one: one.with_days("deliberating", "DeterminationIssued", exactly=3),
     "days of DeterminationIssued in deliberating exactly 3"),
    (lambda one: one.with_days("deliberating", "DeterminationIssued", scale=1.5),
     "days of DeterminationIssued in deliberating times 1.5"),
    (lambda one: one.with_days("deliberating", "DeterminationIssued", distribution=Days.uniform(10, 20)),
     "days of DeterminationIssued in deliberating given by hand (mean 15)"),
    (lambda one: one.with_course(at_most=200), "days of courses at most 200"),
    (lambda one: one.draw(7), "shares drawn with seed 7"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "how"), HOW, ids=[how for _, how in HOW])
def test_each_change_is_told(change: Callable[[Behaviour], Behaviour], how: str) -> None:
    """What it was fitted to is told as before, and after it what was changed."""
    assert change(BASE).rests_on == f"{BASE.rests_on}; changed: {how}"


def test_several_changes() -> None:
    """Several changes are told in the order in which they were made."""
    changed = BASE.with_course(exactly=90).draw(1).with_course(scale=2)
    told = "days of courses exactly 90, shares drawn with seed 1, days of courses times 2"
    assert changed.rests_on == f"{BASE.rests_on}; changed: {told}"


def test_what_was_never_fitted() -> None:
    """A behaviour that was given by hand, and then changed, says both."""
    given = Behaviour({"under_review": {"A4-05a": Habit(1.0, Days.exactly(45))}})
    assert given.rests_on == "given by hand"
    changed = given.with_days("under_review", "A4-05a", at_most=30)
    assert changed.rests_on == "given by hand; changed: days of A4-05a in under_review at most 30"


def test_scenarios() -> None:
    """Each behaviour of the gallery says how it differs from its base; so does each that is compared with it."""
    found = {name: one.rests_on for name, one in gallery(BASE).items() if isinstance(one, Behaviour)}
    assert len(found) == 4
    for told in found.values():
        assert told.startswith(f"{BASE.rests_on}; changed: ")
    assert len(set(found.values())) == 4
    assert found["panel_at_once"].endswith("; changed: panel asked for on the first day that the law admits")


def test_unchanged() -> None:
    """A behaviour that was only fitted, without a case or with all, says nothing of a change."""
    assert "changed" not in BASE.rests_on
    found = forecast(load()["tamsa"], today=date(2025, 6, 14), draws=1)
    assert "changed" not in found.behaviour.rests_on


def test_json_and_back(tmp_path: Path) -> None:
    """A file of a behaviour holds what was changed; reading it back makes the same behaviour."""
    changed = BASE.with_course(at_most=180)
    changed.save(tmp_path / "changed.json")
    assert json.loads((tmp_path / "changed.json").read_text("utf-8"))["rests_on"] == changed.rests_on
    assert Behaviour.load(tmp_path / "changed.json") == changed


def test_recipe(tmp_path: Path) -> None:
    """A recipe holds what was changed, and what it says of the result is made again to the bit."""
    changed = coarse().with_course(at_most=180)
    run = simulate(changed, n=300, seed=4)
    assert run.recipe["behaviour"]["rests_on"].endswith(", days of courses at most 180")
    run.save(tmp_path / "run.json")
    again = rerun(tmp_path / "run.json")
    assert again.digest == run.digest
    assert again.behaviour == changed
    assert "days of courses at most 180" in str(again)


def test_older_recipe(tmp_path: Path) -> None:
    """A recipe of a changed behaviour that does not say so is made again all the same."""
    run = simulate(coarse().with_course(at_most=180), n=300, seed=4)
    recipe = json.loads(json.dumps(run.recipe))
    recipe["behaviour"]["rests_on"] = coarse().rests_on
    (tmp_path / "run.json").write_text(json.dumps(recipe), encoding="utf-8")
    assert rerun(tmp_path / "run.json").digest == run.digest


def test_comparison() -> None:
    """The recipe of a comparison says of base and scenario how each was changed."""
    base = coarse()
    found = compare(base, n=200, seed=1, short=base.with_course(at_most=180)).recipe
    told = "; changed: days of courses exactly 180"
    assert found["behaviour"]["rests_on"].endswith(told)
    assert found["scenarios"][0]["behaviour"]["rests_on"].endswith(f"{told}, days of courses at most 180")


def test_forecast() -> None:
    """The text of a forecast says it too."""
    changed = BASE.with_course(at_most=180)
    told = str(forecast(load()["tamsa"], changed, today=date(2025, 6, 14), draws=1))
    assert "\nchanged: days of courses at most 180\n" in told


def test_lines() -> None:
    """In text many changes stand on lines of their own, none of which is longer than 120 characters; none is lost."""
    changed = coarse()
    for number in range(20):
        changed = changed.with_days("deliberating", "DeterminationIssued", at_most=400 - number)
    assert str(changed).splitlines()[1].startswith("changed: days of courses exactly 180, days of Determ")
    told = str(simulate(changed, n=10, seed=1))
    assert max(map(len, told.splitlines())) <= 120
    assert all(f"at most {400 - number}" in " ".join(told.split()) for number in range(20))
