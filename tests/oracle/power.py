"""Break the law pages one place at a time, and see that the comparison with the oracle tells it.

    python -m tests.oracle.power [--match TEXT] [--every 1] [--sequences 5000]

The mutants are those of :mod:`tests.mutants.law`. Each is compared until the two disagree, and is printed with the number
of sequences that it took, or as not told. The oracle looks at rules, stages, limits, notes and reasons; mutants of the
wording, and of terms that are off, can change nothing of these and are left out.
"""

from __future__ import annotations

import argparse
import os
import sys
from random import Random

from tests.mutants.law import CONTROL, _named, _names

SEED = 1
UNSEEN, ERROR = 250, 251
OFF = ("verification_call", "verification_visit", "lifting_bar")
"""Terms that no reading of the oracle switches on."""


def _can_be_told(name: str) -> bool:
    return not name.startswith("wording ") and not any(term in name for term in OFF)


def _sequences_until_told(name: str, sequences: int) -> int:
    """Return after which part of the sequences the two disagree, in UNSEEN parts; UNSEEN where they never do."""
    try:
        _named(name)()
        from tests.oracle.comparison import Counts, compare  # noqa: PLC0415 - not before the mutant is in place

        for number in range(sequences):
            if compare(Random(f"{SEED}:{number}"), Counts()) is not None:
                return number * (UNSEEN - 1) // sequences
    except Exception:  # noqa: BLE001 - a page that breaks is told too
        return ERROR
    return UNSEEN


def _in_a_child(name: str, sequences: int) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_sequences_until_told(name, sequences))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> int:
    """Run the mutants; exit status 1 where one of them is not told."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.power")
    parser.add_argument("--match", default="")
    parser.add_argument("--every", type=int, default=1, help="every n-th mutant alone")
    parser.add_argument("--sequences", type=int, default=5000)
    chosen = parser.parse_args()
    if _in_a_child(CONTROL, 200) != UNSEEN:
        print("the two disagree without a mutant: see python -m tests.oracle.run")
        return 1
    names = [name for name in _names() if chosen.match in name and _can_be_told(name)][:: chosen.every]
    unseen = 0
    for name in names:
        told = _in_a_child(name, chosen.sequences)
        unseen += told == UNSEEN
        upto = -(-(told + 1) * chosen.sequences // (UNSEEN - 1))
        said = {UNSEEN: "not told", ERROR: "told: an error"}.get(told, f"told within {upto} sequences")
        print(f"{name}: {said}", flush=True)
    print(f"{len(names)} mutants, {len(names) - unseen} told, {unseen} not told")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
