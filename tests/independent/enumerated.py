"""The stages, edges and simple courses that our own enumeration finds, and the acts by which another one may find them."""

from __future__ import annotations

from typing import Any, Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Determination
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.case.paths import _walk, simple
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import EXTENDABLE

LONGEST: Final = 8
"""How many acts a simple course has at most that is compared."""
TOLD: Final = {"complainant": "us"}
"""What is told of every case: whose request it is."""
_SAYS: Final[dict[type[did.Event], list[dict[str, str]]]] = {
    did.DeterminationIssued: [{"finding": one.value} for one in Determination],
    did.LimitExtended: [{"term": term.name} for term in EXTENDABLE],
}
ACTS: Final[list[dict[str, Any]]] = [
    {"act": kind.__name__, "says": says}
    for kind in sorted({row.event for row in TABLE}, key=lambda kind: kind.__name__)
    for says in _SAYS.get(kind, [{}])
]
"""Every act that moves a case, and what it says."""


def edges() -> set[str]:
    """Return *stage row stage* for each row that a lawful course uses from a stage."""
    found = set()
    for row, after in _walk(Case.start("PATH-1"), DEFAULT, hold=False):
        entry = after.acts[-1]
        found.add(f"{entry.stage.value} {row.id} {after.stage.value}")
    return found


def simple_courses() -> list[str]:
    """Return the rows of each simple course to a close."""
    return [
        " ".join(entry.rule or "" for entry in case.acts) for case in simple(Stage.CLOSED, max_length=LONGEST)
    ]  # fmt: skip
