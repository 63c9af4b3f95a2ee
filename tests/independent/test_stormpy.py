"""Storm solves the exported Markov chain: its answers are those of our exact analysis, and our samples hold them."""

from __future__ import annotations

from functools import cache
from typing import Final

import pytest

from rrm_lifecycle.export.prism import prism
from rrm_lifecycle.simulation.answers import Answers, exact
from rrm_lifecycle.simulation.montecarlo import simulate
from tests.independent import tools

TOLERANCE: Final = 1e-9
SAMPLES: Final = 100_000
DAYS, ACTS = 'R{"days"}=? [F "closed"]', 'R{"acts"}=? [F "closed"]'


@cache
def ours() -> Answers:
    """Return our own exact answers for the usual behaviour."""
    return exact()


def formulas(answers: Answers) -> dict[str, str]:
    """Return what is asked, by name: each outcome, and the expected days and acts."""
    outcomes = [f"{closing.value}__{reached.value}" for closing, reached in answers.exact.outcomes]
    return {**{name: f'P=? [F "{name}"]' for name in outcomes}, "days": DAYS, "acts": ACTS}


@cache
def _storm(model: str, asked: tuple[str, ...]) -> list[float]:
    found: list[float] = tools.ask_python("stormpy", {"prism": model, "formulas": list(asked)})["answers"]
    return found


def storm(model: str, asked: dict[str, str]) -> dict[str, float]:
    """Return Storm's answers, by name."""
    return dict(zip(asked, _storm(model, tuple(asked.values())), strict=True))


def differing(model: str, answers: Answers) -> list[str]:
    """Return what Storm finds in a model otherwise than our exact analysis of its own program."""
    found = storm(model, formulas(answers))
    shares = answers.exact.probabilities.tolist()
    expected = dict(zip(found, [*shares, answers.mean, answers.exact.moves], strict=True))
    return [
        f"{name}: {value}, not {expected[name]}"
        for name, value in found.items()
        if abs(value - expected[name]) > TOLERANCE * max(1.0, expected[name])
    ]


def outside(model: str, answers: Answers) -> list[str]:
    """Return the closings whose exact share, as Storm finds it, lies outside of the interval of our simulation."""
    found: dict[str, float] = {}
    for name, share in storm(model, formulas(answers)).items():
        closing = name.split("__")[0]
        found[closing] = found.get(closing, 0.0) + share
    table = simulate(n=SAMPLES, seed=11).outcomes("closing", level=0.999)
    told: dict[str, tuple[float, float]] = {
        record["closing"]: (record["low"], record["high"]) for record in table.records
    }
    return [
        f"{name}: {share} is not within {told[name]}"
        for name, share in found.items()
        if name in told and not told[name][0] <= share <= told[name][1]
    ]


@pytest.fixture(scope="module")
def model() -> str:
    """Return the exported model of the usual behaviour."""
    tools.python_with("stormpy")
    answers = ours()
    return prism(answers.program, weekday=answers.start.weekday())


class TestExact:
    """A direct solver of other people on the exported chain."""

    def test_answers(self, model: str) -> None:
        """Each outcome's probability, the expected days and the expected number of acts agree to 1e-9."""
        assert differing(model, ours()) == []

    def test_samples(self, model: str) -> None:
        """Each exact share lies in the interval of 99.9 % that our simulation gives for it."""
        assert outside(model, ours()) == []
