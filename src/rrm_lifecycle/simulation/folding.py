"""From places and moves to the arrays of a program: equal places merged, every path shown to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.program import Place, Program

_CLOSINGS: Final = tuple(Closing)
_PHASES: Final = tuple(Phase)


@frozen(eq=False)
class Moves:
    """The moves of a place, to numbers of nodes, in an order that equal places share.

    Attributes:
        target: The node that a move leads to.
        days: Whole days that it takes.
        units: Its weight.
        rule: Number of its row.
    """

    target: NDArray[np.int64]
    days: NDArray[np.int64]
    units: NDArray[np.int64]
    rule: NDArray[np.int64]

    @classmethod
    def none(cls) -> Self:
        """Return the moves of a closed place: none."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, nothing)

    @classmethod
    def of(cls, chunks: Sequence[tuple[int, NDArray[np.int64], NDArray[np.int64], int]]) -> Self:
        """Return the moves of several chunks of target, days, units and rule."""
        lengths = [len(days) for _, days, _, _ in chunks]
        return cls(
            np.repeat([target for target, _, _, _ in chunks], lengths),
            np.concatenate([days for _, days, _, _ in chunks]),
            np.concatenate([units for _, _, units, _ in chunks]),
            np.repeat([rule for _, _, _, rule in chunks], lengths),
        )


@frozen(eq=False)
class Node:
    """A place with its moves, or seven in a row that read the weekday.

    Attributes:
        places: The place, or the seven, Monday first.
        moves: The moves of each.
    """

    places: tuple[Place, ...]
    moves: list[Moves] = field(factory=list)


def fold(nodes: Sequence[Node], rules: tuple[str, ...]) -> Program:
    """Return the program of places that were found; the first node is the start.

    Places in one stage that lead on alike are one place; it shows the facts of the one that was found first.

    Raises:
        SimulationError: A path can go round for ever; the message names the stages and rows of the circle.
    """
    _check_ends(nodes, rules)
    blocks = _merged(nodes)
    first: dict[int, int] = {}
    for number, block in enumerate(blocks.tolist()):
        first.setdefault(block, number)
    kept = list(first.values())
    begins = np.cumsum([0, *(len(nodes[number].places) for number in kept)])
    new = np.zeros(len(first), dtype=np.int64)
    new[list(first)] = begins[:-1]
    places = tuple(place for number in kept for place in nodes[number].places)
    moves = [_folded(one, new[blocks[one.target]]) for number in kept for one in nodes[number].moves]
    outcomes = tuple(sorted(
        {(place.closing, place.reached) for place in places if place.closing is not None},
        key=lambda one: (_CLOSINGS.index(one[0]), _PHASES.index(one[1])),
    ))  # fmt: skip
    number_of = {outcome: number for number, outcome in enumerate(outcomes)}
    return Program(
        places=places,
        start=0,
        offsets=np.cumsum([0, *(len(one.target) for one in moves)], dtype=np.int64),
        target=np.concatenate([one.target for one in moves]).astype(np.int32),
        days=np.concatenate([one.days for one in moves]).astype(np.uint16),
        units=np.concatenate([one.units for one in moves]).astype(np.int64),
        rule=np.concatenate([one.rule for one in moves]).astype(np.int16),
        rules=rules,
        outcome=np.array(
            [-1 if place.closing is None else number_of[place.closing, place.reached] for place in places],
            dtype=np.int16,
        ),
        outcomes=outcomes,
    )


def _folded(moves: Moves, target: NDArray[np.int64]) -> Moves:
    """Return the moves to merged places, in the order that the draws rely on; moves that became one are added up."""
    if not len(target):
        return moves
    order = np.lexsort((moves.rule, moves.days, target))
    target, days, rule, units = target[order], moves.days[order], moves.rule[order], moves.units[order]
    news = np.ones(len(target), dtype=bool)
    news[1:] = (np.diff(target) != 0) | (np.diff(days) != 0) | (np.diff(rule) != 0)
    begins = np.flatnonzero(news)
    return Moves(target[begins], days[begins], np.add.reduceat(units, begins), rule[begins])


# ---- equal places ------------------------------------------------------------------------------------------------
def _merged(nodes: Sequence[Node]) -> NDArray[np.int64]:
    """Return a number for each node, the same for nodes that lead on alike: partition refinement to its fixed point."""
    known: dict[object, int] = {}

    def number(of: object) -> int:
        return known.setdefault(of, len(known))

    shapes = [
        number(
            (
                len(node.places),
                *((place.stage, place.reached, place.closing) for place in node.places[:1]),
                *(number((m.days.tobytes(), m.units.tobytes(), m.rule.tobytes())) for m in node.moves),
            )
        )
        for node in nodes
    ]
    blocks = _numbered(shapes)
    flat = np.concatenate([one.target for node in nodes for one in node.moves])
    ends = np.cumsum([0, *(sum(len(one.target) for one in node.moves) for node in nodes)])
    while True:
        towards = blocks[flat].astype(np.int32).tobytes()
        refined = _numbered([(int(blocks[n]), towards[4 * ends[n] : 4 * ends[n + 1]]) for n in range(len(nodes))])
        if refined.max() == blocks.max():
            return blocks
        blocks = refined


def _numbered(of: Sequence[object]) -> NDArray[np.int64]:
    known: dict[object, int] = {}
    return np.array([known.setdefault(one, len(known)) for one in of], dtype=np.int64)


# ---- every path ends ---------------------------------------------------------------------------------------------
def _check_ends(nodes: Sequence[Node], rules: tuple[str, ...]) -> None:
    before: list[set[int]] = [set() for _ in nodes]
    leads: dict[int, set[int]] = {}  # by the id of moves, which places share: where they lead
    for number, node in enumerate(nodes):
        for moves in node.moves:
            if id(moves) not in leads:
                leads[id(moves)] = _different(moves.target)
            for target in leads[id(moves)]:
                before[target].add(number)
    ends = {number for number, node in enumerate(nodes) if node.places[0].stage is Stage.CLOSED}
    left = list(ends)
    while left:
        for number in before[left.pop()] - ends:
            ends.add(number)
            left.append(number)
    shut = [number for number in range(len(nodes)) if number not in ends]
    if shut:
        msg = (
            f"a path can go round for ever: {_circle(nodes, rules, shut[0])}; the behaviour leaves no way out that the "
            "law admits there: give an act that leads out a share"
        )
        raise SimulationError(msg)


def _different(target: NDArray[np.int64]) -> set[int]:
    """Return the different ones among nodes of which many stand beside their like."""
    return {*target[:1].tolist(), *target[1:][target[1:] != target[:-1]].tolist()}


def _circle(nodes: Sequence[Node], rules: tuple[str, ...], number: int) -> str:
    """Return the circle that a path comes to from a node without a way out, by its likeliest moves."""
    walked: dict[int, str] = {}
    while number not in walked:
        moves = nodes[number].moves[0]
        best = int(np.argmax(moves.units))
        walked[number] = f"'{nodes[number].places[0].stage.value}' by {rules[moves.rule[best]]}"
        number = int(moves.target[best])
    steps = list(walked.items())
    circle = [told for _, told in steps[[one for one, _ in steps].index(number) :]]
    return ", ".join([*dict.fromkeys(circle), f"and again '{nodes[number].places[0].stage.value}'"])
