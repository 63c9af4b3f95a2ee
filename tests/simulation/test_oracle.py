"""Exact answers against another library: the stationary shares of a chain that begins anew when it has closed."""

from __future__ import annotations

import numpy as np
import pytest

from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.program import WHOLE, Program
from tests.simulation.programs import at_random, chain, loops


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", [chain(), loops(), at_random(0), at_random(2)])
def test_quantecon(program: Program) -> None:
    """Shares of the outcomes, visits and the mean of the days are those that quantecon finds."""
    quantecon = pytest.importorskip("quantecon")
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    share = program.units / WHOLE
    matrix = np.zeros((places, places))
    np.add.at(matrix, (source, program.target), share)
    closed = program.outcome >= 0
    matrix[closed, program.start] = 1.0
    often = quantecon.MarkovChain(matrix).stationary_distributions[0]
    rounds = often[closed].sum()
    found = solve(program)
    assert found.probabilities == pytest.approx(often[closed] / rounds, abs=1e-12)
    assert found.visits == pytest.approx(often / rounds, abs=1e-11)
    stay = np.bincount(source, weights=share * program.days, minlength=places)
    assert found.mean() == pytest.approx(often @ stay / rounds, rel=1e-12)
