"""How long the stays of a case were, where only periods of its acts are known: all its days together, not each by itself.

A case whose petition and request are dated, and whose acceptance lies somewhere between, has two stays that are not known
and one sum that is. Spread each by itself, they would add up to more days than there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Period = tuple[date, date]
"""The first and the last day on which an act can have been done."""

WIDEST: Final = 366
"""How many days before the last day on which it can lie the first act of a case is looked for."""
_LEAST: Final = 1e-9
"""The least that a stay is taken to be likely, so that no days which the record states are ruled out."""


def likely_stays(periods: Sequence[Period], guesses: Sequence[Floats]) -> list[dict[int, float]]:
    """Return, for each act but the first, how likely each length of the stay before it was.

    Args:
        periods: The periods of the acts of a case, in order.
        guesses: For each act but the first, how likely each number of days is before it, from 0 on, by what else is
            known; longer stays are taken to be as unlikely as can be.

    Returns:
        For each act but the first, the stays in days, with weights that add up to 1.
    """
    start = periods[0][1] - timedelta(WIDEST)  # where the first act is not dated, so far back it may lie
    periods = [(max(first, min(start, last)), last) for first, last in periods]
    zero = min(first for first, _ in periods).toordinal()
    days = [np.arange(first.toordinal() - zero, max(first, last).toordinal() - zero + 1) for first, last in periods]
    moves = [
        _likely(guess, later[None, :] - earlier[:, None])
        for guess, earlier, later in zip(guesses, days, days[1:], strict=False)
    ]
    ahead = [np.full(len(days[0]), 1.0 / len(days[0]))]
    for move in moves:
        ahead.append(_whole(ahead[-1] @ move))
    behind = [np.ones(len(days[-1]))]
    for move in reversed(moves):
        behind.append(_whole(move @ behind[-1]))
    behind.reverse()
    found = []
    for number, move in enumerate(moves):
        joint = ahead[number][:, None] * move * behind[number + 1][None, :]
        stays = np.maximum(days[number + 1][None, :] - days[number][:, None], 0)
        weights = _whole(np.bincount(stays.ravel(), weights=joint.ravel()).astype(np.float64))
        found.append({int(stay): float(weights[stay]) for stay in np.flatnonzero(weights > _LEAST)})
    return found


def _likely(guess: Floats, stays: NDArray[np.int64]) -> Floats:
    """Return how likely each stay is; an act never comes before the one before it, unless nothing else is possible."""
    within = (stays >= 0) & (stays < len(guess))
    found: Floats = np.where(stays >= 0, _LEAST, _LEAST * _LEAST)
    found[within] += guess[stays[within]]
    return found


def _whole(values: Floats) -> Floats:
    found: Floats = values / values.sum()
    return found
