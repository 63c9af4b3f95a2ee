"""A compiled simulation as a discrete-time Markov chain in the language of PRISM, with exact fractions.

A step is an act, not a day: days stand in the rewards, as what an act takes on average from a place. The weights are the
integers that the simulation itself walks on, over 2^32, so that a checker's exact answer is that of ``exact``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rrm_lifecycle.simulation.program import WHOLE, Program

_WEEK = 7


def prism(program: Program, *, weekday: int = 0) -> str:
    """Return a program as a ``dtmc`` of PRISM.

    Labels: ``closed``; each closing by its value; each outcome as ``closing__furthest_phase``; and ``at_`` with an open
    stage. Rewards: ``days`` and ``acts``, both until the close.

    Args:
        program: The program, as :func:`~rrm_lifecycle.simulation.compiling.compile_program` makes it.
        weekday: Day of the week on which paths start; Monday is 0.

    Example:
        >>> from rrm_lifecycle.simulation.compiling import compile_program
        >>> prism(compile_program()).splitlines()[0]
        'dtmc'
    """
    by_weekday = bool(program.reads_weekday.any())
    lines = ["dtmc", "", "module cases", *_variables(program, weekday, by_weekday=by_weekday)]
    lines += _moves(program, by_weekday=by_weekday)
    lines += ["endmodule", "", *_labels(program), "", *_rewards(program)]
    return "\n".join(lines) + "\n"


def _variables(program: Program, weekday: int, *, by_weekday: bool) -> Iterator[str]:
    start = program.start + (weekday % _WEEK if program.reads_weekday[program.start] else 0)
    yield f"  place : [0..{len(program.places) - 1}] init {start};"
    if by_weekday:
        yield f"  weekday : [0..6] init {weekday % _WEEK};  // of the day of the last act; Monday is 0"


def _moves(program: Program, *, by_weekday: bool) -> Iterator[str]:
    places, outcomes, reads = len(program.places), program.outcome.tolist(), program.reads_weekday.tolist()
    source, target = np.repeat(np.arange(places), np.diff(program.offsets)), program.target.astype(np.int64)
    shift = np.where(program.outcome[target] < 0, program.days % _WEEK, 0) if by_weekday else np.zeros_like(target)
    # Moves of one place to one other, and of one shift of the weekday, are one; as numbers they stand in their order.
    to = places * _WEEK
    moves = source * to + target * _WEEK + shift
    order = np.argsort(moves, kind="stable")
    moves, units = moves[order], program.units[order]
    begins = np.flatnonzero(np.diff(moves, prepend=-1))
    weights = np.add.reduceat(units, begins)
    moves, weights = moves[begins[weights > 0]], weights[weights > 0]
    told: dict[int, str] = {}
    for one in set((moves % to).tolist()):
        where, turn = divmod(one, _WEEK)
        told[one] = _to(where, turn if by_weekday else None, outcomes[where] >= 0, reads[where])
    texts = [
        f"{weight}/{WHOLE} : {told[one]}" for weight, one in zip(weights.tolist(), (moves % to).tolist(), strict=True)
    ]
    bounds = np.searchsorted(moves, np.arange(places + 1) * to).tolist()
    for place, outcome in enumerate(outcomes):
        if outcome >= 0:
            # The weekday of a close is forgotten: nothing reads it.
            yield f"  [] place={place} -> 1 : (place'={place})" + (" & (weekday'=0);" if by_weekday else ";")
        else:
            yield f"  [] place={place} -> " + " + ".join(texts[bounds[place] : bounds[place + 1]]) + ";"


def _to(target: int, shift: int | None, closed: bool, reads: bool) -> str:  # noqa: FBT001 - one call, in one place
    if shift is None:
        return f"(place'={target})"
    if closed:
        return f"(place'={target}) & (weekday'=0)"
    arrives = f"mod(weekday+{shift},7)"
    return f"(place'={f'{target}+{arrives}' if reads else target}) & (weekday'={arrives})"


def _labels(program: Program) -> Iterator[str]:
    found: dict[str, list[int]] = {}
    for number, (place, outcome) in enumerate(zip(program.places, program.outcome.tolist(), strict=True)):
        if outcome < 0:
            names = [f"at_{place.stage.value}"]
        else:
            closing, reached = program.outcomes[outcome]
            names = ["closed", closing.value, f"{closing.value}__{reached.value}"]
        for name in names:
            found.setdefault(name, []).append(number)
    for name, numbers in sorted(found.items()):
        yield f'label "{name}" = {" | ".join(_spans(numbers))};'


def _spans(numbers: list[int]) -> Iterator[str]:
    """Yield the conditions that together hold for these places, one for each run of numbers."""
    first = last = numbers[0]
    for number in [*numbers[1:], -1]:
        if number == last + 1:
            last = number
            continue
        yield f"place={first}" if first == last else f"(place>={first} & place<={last})"
        first = last = number


def _rewards(program: Program) -> Iterator[str]:
    open_places = np.flatnonzero(program.outcome < 0)
    weighed = program.days.astype(np.int64) * program.units  # of a place below 2^48 in all
    totals = np.add.reduceat(weighed, program.offsets[open_places])
    yield 'rewards "days"'
    yield from (
        f"  place={place} : {total}/{WHOLE};"
        for place, total in zip(open_places.tolist(), totals.tolist(), strict=True)
    )
    yield "endrewards"
    yield ""
    yield 'rewards "acts"'
    yield f"  {' | '.join(_spans(open_places.tolist()))} : 1;"
    yield "endrewards"
