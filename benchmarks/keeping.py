"""The record: verification, against a bare loop over SHA-256."""

from __future__ import annotations

from hashlib import sha256

from benchmarks.harness import Contender, Figure, race
from benchmarks.lifecycle import ACTS
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.record.chain import dumps, verify


def verification(rounds: int) -> list[Figure]:
    """Measure the verification of a record, in microseconds an entry."""
    case = play(Case.start("SLP-2024-01"), *ACTS)
    record = dumps(case)
    lines = record.splitlines()

    def bare() -> None:
        for line in lines:
            sha256(line).digest()

    return race(
        [
            Contender("a bare loop over SHA-256", bare, len(lines)),
            Contender("verify: hashes, links, canonical bytes, folding", lambda: verify(record), len(lines)),
        ],
        rounds=rounds,
    )
