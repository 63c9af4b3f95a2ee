"""The Markov chain in PRISM's language, read back by a small reader of our own and solved anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from rrm_lifecycle.export.prism import prism
from rrm_lifecycle.simulation.compiling import compile_program
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.program import WHOLE, Program
from tests.simulation.programs import program_of

HALF = WHOLE // 2
State = tuple[int, int]
Chain = Mapping[State, Mapping[State, Fraction]]


@cache
def usual() -> Program:
    """Return the program of the default behaviour."""
    return compile_program()


@cache
def usual_text() -> str:
    """Return the model of that program."""
    return prism(usual())


def weekly() -> Program:
    """Return a program of which one place reads the weekday: it stands twice as long from a Friday on."""
    stays = [[(8, 1 + day, WHOLE)] for day in range(7)]
    return program_of([[(1, 3, HALF), (1, 4, HALF)], *stays, []], weekly=[1])


@cache
def read(text: str) -> tuple[State, dict[State, dict[State, Fraction]], dict[str, set[int]], dict[int, Fraction]]:
    """Return start, chain, labels and expected days of a model, as its text says them."""
    start = int(re.search(r"place : \[0\.\.\d+\] init (\d+);", text)[1])  # type: ignore[index]
    week = re.search(r"weekday : \[0\.\.6\] init (\d)", text)
    begin = (start, int(week[1]) if week else 0)
    moves = dict(re.findall(r"^  \[\] place=(\d+) -> (.*);$", text, re.MULTILINE))
    chain: dict[State, dict[State, Fraction]] = {}
    left = [begin]
    while left:
        state = left.pop()
        if state in chain:
            continue
        chain[state] = {}
        for one in moves[str(state[0])].split(" + "):
            share, _, to = one.partition(" : ")
            after = _after(to, state[1])
            chain[state][after] = chain[state].get(after, Fraction(0)) + Fraction(share)
        left += chain[state]
    labels = {name: _places(told) for name, told in re.findall(r'^label "(\w+)" = (.*);$', text, re.MULTILINE)}
    days = text.split('rewards "days"')[1].split("endrewards", maxsplit=1)[0]
    rewards = {int(place): Fraction(share) for place, share in re.findall(r"place=(\d+) : (\S+);", days)}
    return begin, chain, labels, rewards


def _after(told: str, weekday: int) -> State:
    found: dict[str, int] = {}
    for name, value in re.findall(r"\((\w+)'=((?:[^()]|\([^()]*\))*)\)", told):
        plain = re.sub(r"mod\(weekday\+(\d+),7\)", lambda one: str((weekday + int(one[1])) % 7), value)
        found[name] = sum(map(int, plain.split("+")))
    return found["place"], found.get("weekday", 0)


def _places(told: str) -> set[int]:
    found: set[int] = set()
    for one in told.split(" | "):
        ends = [int(number) for number in re.findall(r"\d+", one)]
        found |= set(range(ends[0], ends[-1] + 1))
    return found


def solved(chain: Chain, value: Mapping[State, float], closed: set[int]) -> dict[State, float]:
    """Return what is gathered on the way to the close, from each state."""
    states = {state: number for number, state in enumerate(chain)}
    matrix, gains = np.eye(len(states)), np.zeros(len(states))
    for state, ways in chain.items():
        gains[states[state]] = value.get(state, 0.0)
        if state[0] not in closed:
            for to, share in ways.items():
                matrix[states[state], states[to]] -= float(share)
    return dict(zip(states, np.linalg.solve(matrix, gains).tolist(), strict=True))


class TestChain:
    """The chain is the program: exact shares, expected days, outcomes."""

    def test_shares_are_exact(self) -> None:
        """The shares of each state add up to one, exactly."""
        _, chain, _, _ = read(usual_text())
        assert {sum(ways.values()) for ways in chain.values()} == {Fraction(1)}

    def test_outcomes(self) -> None:
        """Solved anew, each outcome has the share of the exact answer, and the expected days are the same."""
        begin, chain, labels, rewards = read(usual_text())
        exact = solve(usual())
        closed = labels["closed"]
        for number in np.argsort(exact.raw[0])[-3:].tolist():
            closing, phase = usual().outcomes[number]
            ends = {state: 1.0 for state in chain if state[0] in labels[f"{closing.value}__{phase.value}"]}
            assert solved(chain, ends, closed)[begin] == pytest.approx(exact.raw[0][number], abs=1e-9)
        days = solved(chain, {state: float(rewards.get(state[0], 0)) for state in chain}, closed)[begin]
        assert days == pytest.approx(exact.raw[1].sum(), abs=1e-6)

    def test_labels(self) -> None:
        """Each open place is at its stage, each closed one is closed, and the outcomes of a closing make up the closing."""
        _, _, labels, rewards = read(usual_text())
        places = range(len(usual().places))
        assert labels["closed"] == {place for place in places if usual().outcome[place] >= 0}
        assert set(rewards) == set(places) - labels["closed"]
        for closing, _ in usual().outcomes:
            parts = [told for name, told in labels.items() if name.startswith(f"{closing.value}__")]
            assert labels[closing.value] == set().union(*parts)
        assert set().union(*(told for name, told in labels.items() if name.startswith("at_"))) == set(rewards)

    @pytest.mark.parametrize("weekday", range(7))
    def test_weekday(self, weekday: int) -> None:
        """A place that reads the weekday is entered on the day of arrival."""
        program = weekly()
        begin, chain, labels, rewards = read(prism(program, weekday=weekday))
        days = solved(chain, {state: float(rewards.get(state[0], 0)) for state in chain}, labels["closed"])[begin]
        assert days == pytest.approx(solve(program, weekday=weekday).raw[1].sum())
        arrivals = [(weekday + 3) % 7, (weekday + 4) % 7]
        assert days == pytest.approx(3.5 + sum(1 + day for day in arrivals) / 2)

    def test_without_weekday(self) -> None:
        """Where nothing reads the weekday, the model has none."""
        assert "weekday" not in prism(program_of([[(1, 2, WHOLE)], []]))
