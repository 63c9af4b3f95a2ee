"""Where a case stands now, in a row: what lists and agendas read instead of folding every case.

It is made from the fold and thrown away at will: ``verify`` folds and compares, ``rebuild`` makes it anew.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final

import msgspec
from attrs import field, frozen

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.case.case import NO_CLAIM, NO_FACTS, Case, Facts
from rrm_lifecycle.case.claim import Claim, CoveredFacility, Origin, Party
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.making import swift
from rrm_lifecycle.case.register import PriorDenial, denials_among
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.stages import Closing, Hold, Phase, Stage
from rrm_lifecycle.record.entry import Opening
from rrm_lifecycle.record.fields import read_fields, shape_of

_DECODE: Final = msgspec.json.Decoder().decode


@frozen
class Standing:
    """Where a case stands, and which entry of its record says so.

    Attributes:
        case_id: Id of the case, as it was opened.
        stage: Its stage.
        closing: How it closed; None while it is open.
        country: Where its facility lies; None while none is known.
        facility: Name of its facility with letter case folded; likewise.
        owner: The facility's owner, likewise.
        seq: Number of the last entry of its record.
        hash: Hash of that entry.
        has_denials: Whether it leaves a Denial that may count for later cases.
        snapshot: The case without its acts, and the Denials that it leaves, as canonical JSON.
    """

    case_id: str
    stage: Stage
    closing: Closing | None
    country: Party | None
    facility: str | None
    owner: str | None
    seq: int
    hash: str
    has_denials: bool
    snapshot: bytes = field(repr=False)

    @classmethod
    def of(cls, case: Case, seq: int, hash: str) -> Standing:  # noqa: A002 - the word for it everywhere here
        """Return where a case stands behind an entry of its record."""
        plant = case.facility
        denials = [] if plant is None else denials_among(case.acts)
        held = _snapshot(case)
        held["denials"] = [[case.id, held["facility"], on, basis] for on, basis in denials]
        return _standing(
            case.id,
            case.stage,
            case.closing,
            None if plant is None else plant.country,
            None if plant is None else plant.name.casefold(),
            None if plant is None or plant.owner is None else plant.owner.casefold(),
            seq,
            hash,
            bool(denials),
            canonical(held),
        )

    @property
    def phase(self) -> Phase:
        """The phase of its stage."""
        return self.stage.phase

    @property
    def acts(self) -> int:
        """How many acts the case has."""
        return int(self._held()["acts"])

    @property
    def denials(self) -> tuple[PriorDenial, ...]:
        """The Denials that it leaves."""
        if not self.has_denials:
            return ()
        return tuple(
            PriorDenial(one, read_fields(CoveredFacility, plant, "facility"), date.fromisoformat(on), basis)
            for one, plant, on, basis in self._held()["denials"]
        )

    def case(self, *, brief: bool = False) -> Case:
        """Return the case without its acts: enough for an agenda and for options, not for a history.

        Args:
            brief: Leave out facility and claim too: enough for an agenda.

        Raises:
            RecordDamaged: The row does not hold what a case can hold: rebuild it.
        """
        held = self._held()
        try:
            opening = held["opening"]
            annex = ANNEXES[held["annex"]]
            said = Opening(
                annex, _or_none(Origin, opening[0]), _or_none(Party, opening[1]), _or_none(Party, opening[2])
            )
            plant, claim = held["facility"], held["claim"]
            return Case(
                self.case_id,
                annex,
                _or_none(Origin, held["origin"]),
                _or_none(Party, held["complainant"]),
                _or_none(Party, held["respondent"]),
                said,
                None if plant is None or brief else read_fields(CoveredFacility, plant, "facility"),
                NO_CLAIM if not claim or brief else read_fields(Claim, claim, "claim"),
                _or_none(Stage, held["stage"]),
                _or_none(Hold, held["hold"]),
                _or_none(Closing, held["closing"]),
                _day(held["opened"]),
                _day(held["last_day"]),
                _day(held["hold_day"]),
                tuple(
                    [Limit(term, date.fromisoformat(on), _day(due), _day(to)) for term, on, due, to in held["limits"]]
                ),
                read_fields(Facts, held["facts"], "facts") if held["facts"] else NO_FACTS,
                tuple(held["links"]),
            )
        except (KeyError, ValueError, TypeError, EventError) as error:
            raise _damaged(self.case_id) from error

    def _held(self) -> dict[str, Any]:
        try:
            held: dict[str, Any] = _DECODE(self.snapshot)
        except msgspec.DecodeError as error:
            raise _damaged(self.case_id) from error
        return held


def _damaged(case_id: str) -> RecordDamaged:
    return RecordDamaged(
        f"the row that says where case {case_id} stands cannot be read; its record is not touched by that: "
        "make the row anew with docket.rebuild()"
    )


def _or_none(kind: Any, value: str | None) -> Any:  # noqa: ANN401 - a class of Enum, and its member
    return None if value is None else kind(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


_standing: Final = swift(Standing)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - a class; the cache wants to know no more
    return tuple((slot.name, slot.default) for slot in shape_of(kind).slots.values())


def _stated(value: Any) -> dict[str, Any]:  # noqa: ANN401 - facts, a claim, or a facility
    """Return the fields of a value that do not equal their default: what ``write_fields`` gives, once it is encoded."""
    found = {}
    kind: Any = type(value)
    for name, default in _defaults(kind):
        one = getattr(value, name)
        if one is not default and one != default:
            found[name] = one
    return found


def _snapshot(case: Case) -> dict[str, Any]:
    said = case.opened_with
    return {
        "acts": len(case.acts),
        "annex": case.annex.name,
        "claim": _stated(case.claim),
        "closing": case.closing,
        "complainant": case.complainant,
        "facility": None if case.facility is None else _stated(case.facility),
        "facts": _stated(case.facts),
        "hold": case.hold,
        "hold_day": case.hold_day,
        "last_day": case.last_day,
        "limits": [[one.term, one.started, one.due, one.latest] for one in case.limits],
        "links": case.links,
        "opened": case.opened,
        "opening": [said.origin, said.complainant, said.respondent],
        "origin": case.origin,
        "respondent": case.respondent,
        "stage": case.stage,
    }
