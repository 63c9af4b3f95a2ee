"""A compiled simulation as a discrete-time Markov chain in the language of PRISM, with exact fractions.

A step is an act, not a day: days stand in the rewards, as what an act takes on average from a place. The weights are the
integers that the simulation itself walks on, over 2^32, so that a checker's exact answer is that of ``exact``.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    offsets, reads = program.offsets.tolist(), program.reads_weekday.tolist()
    targets, days, units = program.target.tolist(), program.days.tolist(), program.units.tolist()
    outcomes = program.outcome.tolist()
    for place in range(len(program.places)):
        if outcomes[place] >= 0:
            # The weekday of a close is forgotten: nothing reads it.
            yield f"  [] place={place} -> 1 : (place'={place})" + (" & (weekday'=0);" if by_weekday else ";")
            continue
        merged: dict[tuple[int, int], int] = {}
        for move in range(offsets[place], offsets[place + 1]):
            target = targets[move]
            shift = days[move] % _WEEK if by_weekday and outcomes[target] < 0 else 0
            merged[target, shift] = merged.get((target, shift), 0) + units[move]
        told = (
            f"{weight}/{WHOLE} : {_to(target, shift if by_weekday else None, outcomes[target] >= 0, reads[target])}"
            for (target, shift), weight in sorted(merged.items())
            if weight
        )
        yield f"  [] place={place} -> " + " + ".join(told) + ";"


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
    offsets, outcomes = program.offsets.tolist(), program.outcome.tolist()
    days, units = program.days.tolist(), program.units.tolist()
    open_places = [place for place in range(len(program.places)) if outcomes[place] < 0]
    yield 'rewards "days"'
    for place in open_places:
        total = sum(days[move] * units[move] for move in range(offsets[place], offsets[place + 1]))
        yield f"  place={place} : {total}/{WHOLE};"
    yield "endrewards"
    yield ""
    yield 'rewards "acts"'
    yield f"  {' | '.join(_spans(open_places))} : 1;"
    yield "endrewards"
