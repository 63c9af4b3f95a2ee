"""The invariants of the rulebook that are not claimed of the Promela model, each with the reason.

    python -m tests.independent.unclaimed

prints the table of docs/explanation/testing.md.
"""

from __future__ import annotations

import re
from typing import Final

from rrm_lifecycle.export.claims import CLAIMS

NOT_CLAIMED: Final[dict[str, str]] = {
    "INV-14": "noted, and barred under no reading: the model leaves out what bars nothing",
    "INV-15": "asks for the tenth day: a limit of the model is over or not, and has no days; a reply due a day later is"
    " seen by Storm",
    "INV-30": "noted, and barred under no reading",
    "INV-40": "holds of how the model is written, not of the table: a limit that is over changes nothing but that it is",
}
"""Beside these every invariant is claimed; the law, the case and the oracle's tests look at all."""


def claimed() -> frozenset[str]:
    """Return the invariants of which the model has a claim, under our default reading or another."""
    return frozenset(name for one in CLAIMS for name in re.findall(r"INV-\d\d", one.rule))


def table() -> str:
    """Return the table of the documentation."""
    lines = ["| invariant | why it is not claimed of the model |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {why} |" for name, why in NOT_CLAIMED.items())])


if __name__ == "__main__":
    print(table())
