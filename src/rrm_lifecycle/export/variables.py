"""The variables of the exported machines, who gives them their values, and what they are at the start.

A yes or no is 1 or 0. A condition that nobody tells otherwise is met at the start, and no limit is over.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from attrs import frozen

from rrm_lifecycle.case.claim import Determination, NoDenialGround, Origin, Party, Question, Role
from rrm_lifecycle.export.conditions import Value
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.terms import EXTENDABLE, TERMS

NONE: Final = "none"
UNKNOWN: Final = "unknown"
AS_PROVIDED: Final = "as_provided"
"""What ``by`` says where whoever the table names acted."""


class Sort(Enum):
    """Who gives a variable its values."""

    REGISTER = "register"
    TOLD = "told"
    SETTLED = "settled"


@frozen
class Variable:
    """A declared variable.

    Attributes:
        name: Its name: a word that every language of the exports takes as one.
        values: What it can be.
        initial: What it is at the start.
        sort: Who gives it its values.
    """

    name: str
    values: tuple[Value, ...]
    initial: Value
    sort: Sort


_YES_NO: Final = (0, 1)
_WORDS: Final[dict[str, tuple[tuple[str, ...], Value, Sort]]] = {
    "by": ((AS_PROVIDED, *(role.value for role in Role)), AS_PROVIDED, Sort.TOLD),
    "complainant": ((UNKNOWN, *(party.value.lower() for party in Party)), UNKNOWN, Sort.TOLD),
    "origin": ((UNKNOWN, *(origin.value for origin in Origin)), UNKNOWN, Sort.REGISTER),
    "term": (tuple(term.name for term in EXTENDABLE), EXTENDABLE[0].name, Sort.TOLD),
    "finding": ((NONE, *(one.value for one in Determination)), NONE, Sort.TOLD),
    "determination": ((NONE, *(one.value for one in Determination)), NONE, Sort.REGISTER),
    "question": ((NONE, *(one.value for one in Question)), NONE, Sort.REGISTER),
    "closing": ((NONE, *(one.value for one in Closing)), NONE, Sort.REGISTER),
    "ground": ((NONE, *(one.value for one in NoDenialGround)), NONE, Sort.TOLD),
}
_REGISTERS: Final[dict[str, int]] = {"verification_asked": 1, "verification_refused": 0, "facility_closed": 0}
"""Registers that are yes or no, and what they are at the start."""
_SETTLED: Final[dict[str, Callable[[Reading], bool]]] = {
    "cure_contestable": lambda reading: not reading.cure_ends_claim,
    "closure_ends_case": lambda reading: reading.closure_ends_case,
    "scope_open": lambda reading: not reading.confirmation_settles_coverage,
}
ASKS: Final = "asks_verification"
"""Told with a request for a panel: whether it asks for a verification, or does not say."""


def runs(term: str) -> str:
    """Return the name of the register that says whether a limit runs."""
    return f"{term}_runs"


def over(term: str) -> str:
    """Return the name of the variable that says whether a limit is over.

    A limit that has to be waited for is over on its last day, any other on the day after; one without a last day is over.
    """
    return f"{term}_over"


def variable_of(name: str, reading: Reading) -> Variable:
    """Return the variable of a name, as a reading settles it."""
    if name in _WORDS:
        values, initial, sort = _WORDS[name]
        return Variable(name, values, initial, sort)
    if name in _SETTLED:
        return Variable(name, _YES_NO, int(_SETTLED[name](reading)), Sort.SETTLED)
    if name in _REGISTERS:
        return Variable(name, _YES_NO, _REGISTERS[name], Sort.REGISTER)
    term = name.rpartition("_")[0] if name.endswith(("_runs", "_over")) else ""
    if any(one.name == term for one in TERMS):
        return Variable(name, _YES_NO, 0, Sort.REGISTER if name == runs(term) else Sort.TOLD)
    return Variable(name, _YES_NO, 1, Sort.TOLD)
