"""Compare the library with the oracle on many random sequences of acts, and tell what was met.

    python -m tests.oracle.run [--sequences 100000] [--seed 1] [--processes 1]

Prints how often each row was taken and refused, each stage and each reason met, and every disagreement up to ten. Exit
status 1 where the two disagree.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from rrm_lifecycle.case.engine import ROWS
from tests.oracle.comparison import Counts, Disagreement, compare_many

BLOCK = 500
SHOWN = 10
Met = tuple[Counts, list[Disagreement]]


def one_block(seed: int, numbers: range) -> Met:
    """Play a block of sequences."""
    counts = Counts()
    return counts, list(islice(compare_many(seed, numbers, counts), SHOWN))


def blocks(sequences: int) -> list[range]:
    """The numbers of the sequences, in blocks."""
    return [range(first, min(first + BLOCK, sequences)) for first in range(0, sequences, BLOCK)]


def play(seed: int, sequences: int, processes: int = 1, *, telling: bool = False) -> Met:
    """Play sequences in one process or several: the same counts and disagreements whatever their number."""
    numbers = blocks(sequences)
    if processes == 1:
        return gathered((one_block(seed, block) for block in numbers), telling=telling)
    with ProcessPoolExecutor(processes) as pool:
        return gathered(pool.map(one_block, [seed] * len(numbers), numbers), telling=telling)


def gathered(parts: Iterable[Met], *, telling: bool = False) -> Met:
    """Put blocks together; on request tell on stderr how far it has come."""
    counts = Counts()
    found: list[Disagreement] = []
    for part, disagreements in parts:
        counts.add(part)
        found += disagreements
        if telling:
            met = f"{counts.sequences} sequences, {counts.acts} acts, {len(found)} disagreements"
            print(met, file=sys.stderr, flush=True)
    return counts, found


def not_met(counts: Counts) -> tuple[list[str], list[str]]:
    """Rows that were never taken, and rows that were never refused."""
    rows = [row.id for row in ROWS]
    return [one for one in rows if not counts.admitted[one]], [one for one in rows if not counts.refused[one]]


def report(counts: Counts) -> str:
    """Return the counts as lines."""
    lines = [f"{counts.sequences} sequences, {counts.acts} acts: {counts.admitted.total()} admitted"]
    lines += ["", "row       taken  refused"]
    lines += [f"{row.id:8} {counts.admitted[row.id]:6} {counts.refused[row.id]:8}" for row in ROWS]
    lines += ["", "stage  admitted  refused"]
    for stage in sorted({stage for stage, _ in counts.stages}):
        lines.append(f"{stage:5} {counts.stages[stage, 'admitted']:9} {counts.stages[stage, 'refused']:8}")
    lines += ["", "reason, times"] + [f"{name}: {times}" for name, times in sorted(counts.reasons.items())]
    lines += ["", "noted, times"] + [f"{name}: {times}" for name, times in sorted(counts.noted.items())]
    taken, refused = not_met(counts)
    lines += ["", f"never taken: {', '.join(taken) or 'none'}", f"never refused: {', '.join(refused) or 'none'}"]
    return "\n".join(lines)


def main() -> int:
    """Play, print, and tell by the exit status whether the two agree."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.run")
    parser.add_argument("--sequences", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    counts, found = play(chosen.seed, chosen.sequences, chosen.processes, telling=True)
    print(report(counts))
    print(f"\n{len(found)} disagreements" + (f", the first {SHOWN} of them:" if len(found) > SHOWN else ""))
    for one in found[:SHOWN]:
        print(f"\n{one}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
