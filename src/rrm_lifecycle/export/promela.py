"""The table as a Promela model for Spin, with claims of the rulebook in linear temporal logic.

A limit is abstracted to a counter of two values: it is over or not, and while it runs it may be over at any moment.
What an act says is left free, so that an act whose own words could bar it may happen or not: what holds of every run of
the model holds of every case. Of what claims ask of it the model remembers whether it is met. Registers are bounded. A
case ends where it is closed; a model that came to a stand anywhere else would be reported as an invalid end state, and a
row that no run reaches as unreached. An assertion says that some row closes the case wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, frozen

from rrm_lifecycle.case.claim import Determination, Role
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.export.claims import DONE, TOLD, Claim, claims
from rrm_lifecycle.export.conditions import ALWAYS, Condition, Every, Is, IsNot, Value, either, every, written
from rrm_lifecycle.export.escaping import identifier
from rrm_lifecycle.export.model import Copy, Model, Move, model_of
from rrm_lifecycle.export.variables import Sort, Variable, over, runs, variable_of
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.terms import EXTENDABLE, TERMS

COMPLAINANT: Final = "complainant"
_ASKED_OF_THE_MODEL: Final[dict[str, Condition]] = {
    "request_delivered": Is("done_ReviewRequested"),
    "determined_by_panel": Is("determination", Determination.DENIAL.value),
}
"""What is told to a statechart and follows here from what the model remembers."""


def promela(annex: Annex = ANNEX_31A, reading: Reading | None = None, *, more: Iterable[Claim] = ()) -> str:
    """Return the table as a Promela model, with its claims.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.
        more: Claims beside :func:`~rrm_lifecycle.export.claims.claims`.

    Example:
        >>> "ltl closed_is_final" in promela()
        True
    """
    model = model_of(annex, reading)
    return "\n".join([*_Spelling(model, (*claims(model.reading), *more)).lines(), ""])


@frozen
class _Spelling:
    """A model being spelt, with the claims that it has to answer."""

    model: Model
    claims: tuple[Claim, ...]
    words: dict[str, Variable] = field(init=False)
    bits: dict[str, int] = field(init=False)
    told: dict[str, int] = field(init=False)

    @words.default
    def _(self) -> dict[str, Variable]:
        found = {
            one.name: one
            for one in self.model.variables.values()
            if len(one.values) > len(("no", "yes")) and one.sort is Sort.REGISTER
        }
        return {COMPLAINANT: variable_of(COMPLAINANT, self.model.reading), **found}

    @bits.default
    def _(self) -> dict[str, int]:
        ends = [over(term.name) for term in TERMS]
        found = {
            one.name: int(one.initial)
            for one in self.model.variables.values()
            if one.values == (0, 1) and (one.sort is not Sort.TOLD or one.name in ends)
        }
        return found | {f"done_{kind.__name__}": 0 for kind in DONE}

    @told.default
    def _(self) -> dict[str, int]:
        asked = {name for one in self.claims for name in re.findall(r"\b[a-z_0-9]+\b", one.formula)}
        return {name: 0 for name in TOLD if name in asked}

    def lines(self) -> Iterator[str]:
        """Yield the lines of the model."""
        yield f"/* The Rapid Response Labor Mechanism, Annex {self.model.annex.name}: its table, for Spin. */"
        yield from self.constants()
        yield from self.variables()
        yield ""
        yield "active proctype mechanism() {"
        yield f"  if {' '.join(self.parties())} fi;"
        yield "  do"
        yield from self.rows()
        yield from self.time()
        yield from self.ends()
        yield "  :: stage == STAGE_CLOSED -> break"
        yield "  od"
        yield "}"
        yield ""
        for one in self.claims:
            if not self.asks_of(one) <= {*self.bits, *self.told}:
                continue  # a reading without the rows that start or ask for a limit has nothing of it to claim
            yield f"/* {one.rule + ': ' if one.rule else ''}{one.says} */"
            yield f"ltl {one.name} {{ {one.formula} }}"

    @staticmethod
    def asks_of(claim: Claim) -> set[str]:
        """Return the limits that a claim speaks of, by the names of their variables."""
        return set(re.findall(r"\b[a-z_]+_(?:runs|over)\b", claim.formula))

    def parties(self) -> Iterator[str]:
        """Yield the choices of who complains of whom."""
        for one in sorted(self.model.annex.parties):
            for two in sorted(self.model.annex.parties - {one}):
                yield f":: atomic {{ complainant = COMPLAINANT_{one.name}; respondent = RESPONDENT_{two.name} }}"

    # ---- declarations ------------------------------------------------------------------------------------------------
    def constants(self) -> Iterator[str]:
        """Yield what the words are as numbers."""
        yield from _numbered("STAGE", (one.value for one in Stage))
        yield from _numbered("HOLD", (one.value for one in Hold))
        yield from _numbered("ROLE", ("nobody", *(one.value for one in Role)))
        yield from (f"#define DID_{name} {number}" for number, name in enumerate(("nothing", *EVENTS)))
        for one in self.words.values():
            yield from _numbered(one.name, [str(value) for value in one.values])
        yield from _numbered("RESPONDENT", [str(value) for value in self.words[COMPLAINANT].values])

    def variables(self) -> Iterator[str]:
        """Yield the declarations."""
        yield "byte stage = STAGE_ASSESSMENT;"
        yield "byte hold = HOLD_NONE;"
        yield "byte last = DID_nothing;   /* the act done last; nothing where a limit ended since */"
        yield "byte actor = ROLE_NOBODY;"
        for one in self.words.values():
            yield f"byte {one.name} = {_constant(one.name, str(one.initial))};"
        yield "byte respondent = RESPONDENT_UNKNOWN;"
        yield from (f"bit {name} = {initial};" for name, initial in (self.bits | self.told).items())
        yield f"#define running ({' + '.join(self.running)})"

    @property
    def running(self) -> tuple[str, ...]:
        """The registers that say whether a limit runs."""
        return tuple(name for name in self.bits if name.endswith("_runs"))

    # ---- rows --------------------------------------------------------------------------------------------------------
    def freed(self, condition: Condition) -> Condition:
        """Return a condition without what an act is free to say."""
        if isinstance(condition, Is | IsNot):
            if condition.name in _ASKED_OF_THE_MODEL:
                return _ASKED_OF_THE_MODEL[condition.name]
            return condition if condition.name in self.words or condition.name in self.bits else ALWAYS
        several = [self.freed(one) for one in condition.several]
        if isinstance(condition, Every):
            return every(*several)
        return ALWAYS if ALWAYS in several else either(*several)

    def rows(self) -> Iterator[str]:
        """Yield an option for each row from each place."""
        for move in self.model.all_moves:
            yield f"  :: atomic {{ {self.asked(move)} ->  /* {move.row.id} */"
            yield f"       {'; '.join(self.effects(move))} }}"

    def asked(self, move: Move) -> str:
        """Return what has to hold for a row to apply from a place."""
        where = "hold" if isinstance(move.place, Hold) else "stage"
        return written(every(Is(where, move.place.value), *map(self.freed, move.when)), _atom)

    def effects(self, move: Move) -> Iterator[str]:
        """Yield what a row does."""
        row = move.row
        if row.extends:
            yield self.extension()
        for name, value in move.sets:
            if isinstance(value, Copy):
                yield f"if :: {name} = 0 :: {name} = 1 fi"
            else:
                yield f"{name} = {value if isinstance(value, int) else _constant(name, value)}"
        for name in self.told:
            if row.event in TOLD[name]:
                yield f"{name} = 1" if Is(name) in move.when else f"if :: {name} = 0 :: {name} = 1 fi"
        if row.event in DONE:
            yield f"done_{row.event.__name__} = 1"
        if row.to is not None:
            yield f"{'hold' if isinstance(move.to, Hold) else 'stage'} = {_place(move.to)}"
        yield f"actor = ROLE_{row.who.name}"
        yield f"last = DID_{row.event.__name__}"

    def extension(self) -> str:
        """Return the choice of the limit that consent extends: one that runs, and is not over then."""
        found = []
        for term in EXTENDABLE:
            if runs(term.name) in self.bits:
                effect = f"{over(term.name)} = 0" if over(term.name) in self.bits else "skip"
                found.append(f":: {runs(term.name)} == 1 -> {effect}")
        return f"if {' '.join(found)} fi"

    def time(self) -> Iterator[str]:
        """Yield an option for each limit that can be over."""
        started = {name for move in self.model.all_moves for name, value in move.sets if value == 1}
        for term in TERMS:
            if over(term.name) in self.bits and runs(term.name) in started:
                asked = f"{runs(term.name)} == 1 && {over(term.name)} == 0"
                yield f"  :: atomic {{ {asked} -> {over(term.name)} = 1; actor = ROLE_NOBODY; last = DID_nothing }}"

    def ends(self) -> Iterator[str]:
        """Yield the assertion that every case can end: wherever it stands, some row closes it then and there."""
        closes = [f"({self.asked(move)})" for move in self.model.all_moves if move.row.closes is not None]
        yield f"  :: stage != STAGE_CLOSED && !({' || '.join(closes)}) -> assert(false)  /* every case can end */"


def _numbered(name: str, values: Iterable[str]) -> Iterator[str]:
    for number, value in enumerate(values):
        yield f"#define {_constant(name, value)} {number}"


def _constant(name: str, value: str) -> str:
    return f"{name}_{identifier(value)}".upper()


def _place(place: Stage | Hold) -> str:
    return _constant("HOLD" if isinstance(place, Hold) else "STAGE", place.value)


def _atom(name: str, sign: str, value: Value) -> str:
    return f"{name} {sign} {value if isinstance(value, int) else _constant(name, value)}"
