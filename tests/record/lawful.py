"""Random lawful cases: acts that the table provides for, with fields drawn from their types, kept where admitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from rrm_lifecycle.case.agenda import Option, options
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Impact, Panelist, PanelList, Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.terms import CONSULTATIONS, REPLY
from rrm_lifecycle.record.fields import Day, Inside, Kind, Many, Maybe, OneOf, Plain, shape_of

TEXTS: Final = (
    "LFT art. 390 bis",
    "Planta Uno",
    "Útil \u00f1",
    'a "quoted" \\ text',
    "工場",
    "न्‍य \U0001f468‍\U0001f469‍\U0001f467",
    "=1+1",
    "</script>",
)
CONTEXTS: Final = (
    Context(),
    Context(),
    Context(
        Reading(roll_over=True, terms=(REPLY.set(12), CONSULTATIONS.off()), without={"A4-14a"}), Calendar.of_party("MX")
    ),
    Context(Reading(constituted_by_lot=True, closing_days="either", own_findings_count=True)),
)
_DULL: Final = frozenset(
    {
        "Withdrawn",
        "CaseDropped",
        "MatterSettled",
        "FacilityClosed",
        "CaseClosed",
        "PetitionRejected",
        "RemediationCompleted",
    }
)
_DAYS: Final = (0, 0, 1, 3, 9, 10, 11, 16, 46)


def _facility(rng: Random, country: Party) -> CoveredFacility:
    stated: dict[str, Any] = {
        "sector": rng.choice(["manufacturing", "services", "mining", NOT_STATED]),
        "goods_traded": rng.choice([True, True, NOT_STATED]),
        "competes": rng.choice([True, False, NOT_STATED]),
    }
    return CoveredFacility(
        rng.choice(TEXTS),
        country=country,
        **stated,
        owner=rng.choice([None, "Owner"]),
        goods=rng.choice([(), ("parts", "gearboxes")]),
        place=rng.choice([None, "San Luis Potosí"]),
    )


def _panelists() -> tuple[Panelist, ...]:
    return (
        Panelist(PanelList.JOINT, NOT_STATED, "p-1"),
        Panelist(PanelList.COMPLAINANT, Party.US),
        Panelist(PanelList.RESPONDENT),
    )


def _impact(rng: Random) -> Impact:
    return Impact(
        rng.choice([(), ("back_pay", "training")]),
        rng.choice([None, 0, 12]),
        None,
        rng.choice([None, 2**53 - 1]),
        "https://example.org/a",
    )


def value(kind: Kind, rng: Random, day: date, country: Party) -> Any:  # noqa: PLR0911 - a value of any kind
    """Return a random value of a kind of field."""
    match kind:
        case Maybe():
            if kind.none and rng.random() < 0.25:
                return None
            if kind.not_stated and rng.random() < 0.25:
                return NOT_STATED
            return value(kind.kind, rng, day, country)
        case Plain():
            return rng.choice({str: TEXTS, bool: (True, False), int: (1, 1, 2, 3)}[kind.type])
        case Day():
            return day + timedelta(rng.choice(_DAYS))
        case OneOf():
            members = [one for each in kind.kinds for one in each]
            return rng.choice([*members, "Guatemala"]) if kind.free else rng.choice(members)
        case Many(item=Inside(type=inside)):
            return _panelists() if inside is Panelist else ()
        case Many(item=OneOf(kinds=kinds)):
            return tuple(one for each in kinds for one in each)
        case Many():
            return tuple(value(kind.item, rng, day, country) for _ in range(kind.exact or rng.randint(1, 3)))
        case Inside(type=inside):
            return _facility(rng, country) if inside is CoveredFacility else _impact(rng)


def event(kind: type[Event], rng: Random, day: date, country: Party = Party.MX) -> Event:
    """Return a random event of a class, on a day."""
    fields = {
        name: value(slot.kind, rng, day, country)
        for name, slot in shape_of(kind).slots.items()
        if name not in {"on", "by", "known"} and (slot.required or rng.random() < 0.8)
    }
    if "term" in fields:
        fields["term"] = rng.choice(["reply", "review", "consultations"])
    known = (day - timedelta(2), day + timedelta(3)) if rng.random() < 0.1 else None
    return kind(day, known=known, **fields)


def lawful_case(seed: int, most: int = 14) -> Case:
    """Return the case that a walk of random admitted acts leads to; the same for the same seed."""
    rng = Random(seed)
    context = rng.choice(CONTEXTS)
    annex, country = rng.choice([(ANNEX_31A, Party.MX), (ANNEX_31A, Party.MX), (ANNEX_31B, Party.MX)])
    stated: dict[str, Any] = rng.choice([{}, {}, {"respondent": country}, {"origin": "hotline"}])
    case = Case.start(f"Case-{seed}", annex=annex, **stated)
    day = date(2023, 1, 2) + timedelta(rng.randint(0, 300))
    for _ in range(most):
        offered: Sequence[Option] = options(case, day, context=context)
        if not offered:
            break
        if rng.random() < 0.95:
            offered = [one for one in offered if one.event.__name__ not in _DULL] or offered
        for _ in range(20):
            on = day + timedelta(rng.choice(_DAYS))
            ruling = decide(case, event(rng.choice(offered).event, rng, on, country), context=context)
            if ruling.admitted:
                case, day = evolve(case, ruling), on
                break
    return case
