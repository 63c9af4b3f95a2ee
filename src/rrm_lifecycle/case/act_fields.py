"""What the fields of an act take: each function returns the value as it is kept, or refuses it with the repair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from rrm_lifecycle.canonical import clean_text, whole
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    Impact,
    NoDenialGround,
    NotStated,
    Panelist,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    exact_day,
    flag,
    member,
    several,
    texts,
)
from rrm_lifecycle.errors import EventError

_PERIOD: Final = 2
_TIERS: Final = 3
_WRITTEN: Final = NOT_STATED.value
"""As NOT_STATED is written in JSON."""
_ELEMENTS: Final = tuple(Element)
"""Told once: to go over an Enum costs more than to check what was named."""


def to_on(value: date) -> date:
    return exact_day(value, "on, the day of an act,")


def to_by(value: Role | Party | str | None) -> Role | Party | None:
    if value is None or type(value) is Role or type(value) is Party:
        return value
    try:
        return Party(value)
    except ValueError:
        return member(Role, value, "by, who acted,")


def to_known(value: tuple[date, date] | None) -> tuple[date, date] | None:
    if value is None:
        return None
    days = several(value, "known")
    if len(days) != _PERIOD:
        msg = f"known has to be the earliest and the latest day; found {len(days)} values"
        raise EventError(msg)
    return exact_day(days[0], "the earliest known day"), exact_day(days[1], "the latest known day")


def to_facility(value: CoveredFacility) -> CoveredFacility:
    if not isinstance(value, CoveredFacility):
        msg = f"facility has to be a CoveredFacility; found {type(value).__name__}: CoveredFacility(name, country=…, …)"
        raise EventError(msg)
    return value


def to_facility_or_none(value: CoveredFacility | None) -> CoveredFacility | None:
    return None if value is None else to_facility(value)


def to_laws(value: Iterable[str] | NotStated | None) -> tuple[str, ...] | NotStated | None:
    return value if value is None or value is NOT_STATED else texts(value, "laws")


def _words(value: object, what: str) -> str | NotStated | None:
    if value == _WRITTEN:
        return NOT_STATED
    return value if value is None or value is NOT_STATED else clean_text(value, what, may_be_sealed=True)


def _yes_no(value: object, what: str) -> bool | NotStated:
    return value if value is NOT_STATED else flag(value, what)


def to_basis(value: str | NotStated | None) -> str | NotStated | None:
    return _words(value, "basis")


def to_enforced_order(value: str | NotStated | None) -> str | NotStated | None:
    return _words(value, "enforced_order")


def to_under_annex_23a(value: bool | NotStated | None) -> bool | NotStated | None:  # noqa: FBT001 - a converter
    return None if value is None else _yes_no(value, "under_annex_23a")


def to_verification(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "verification")


def to_on_site(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "on_site")


def to_heard(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "heard")


def to_still_covered(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "still_covered")


def to_follow_up(value: bool) -> bool:  # noqa: FBT001 - a converter takes the value alone
    return flag(value, "follow_up")


def to_received(value: date | None) -> date | None:
    return None if value is None else exact_day(value, "received")


def to_until(value: date) -> date:
    return exact_day(value, "until")


def to_claim_day(value: date | NotStated | None) -> date | NotStated | None:
    return value if value is None or value is NOT_STATED else exact_day(value, "facts_from")


def to_end(value: date | NotStated) -> date | NotStated:
    return value if value is NOT_STATED else exact_day(value, "agreed_end")


def to_id_or_none(value: str | None) -> str | None:
    return None if value is None else clean_text(value, "linked_to", longest=64)


def to_outcome(value: Impact | None) -> Impact | None:
    if value is not None and not isinstance(value, Impact):
        msg = f"outcome has to be an Impact; found {type(value).__name__}: Impact(measures=…, workers_benefited=…, …)"
        raise EventError(msg)
    return value


def to_ground(value: NoDenialGround | str | NotStated) -> NoDenialGround | NotStated:
    return value if value is NOT_STATED else member(NoDenialGround, value, "ground")


def to_release(value: ReleaseGround | str | NotStated) -> ReleaseGround | NotStated:
    return value if value is NOT_STATED else member(ReleaseGround, value, "ground")


def to_finding(value: Determination | str) -> Determination:
    return member(Determination, value, "finding")


def to_country(value: Party | str | NotStated) -> Party | str | NotStated:
    """Return the country of a filer: a Party, or the name of any other country."""
    if value is NOT_STATED or isinstance(value, Party):
        return value
    if value == _WRITTEN:
        return NOT_STATED
    try:
        return Party(value)
    except ValueError:
        return clean_text(value, "filer_of", longest=64)


def to_panelists(value: Iterable[Panelist] | NotStated) -> tuple[Panelist, ...] | NotStated:
    if value is NOT_STATED:
        return value
    drawn = several(value, "panelists")
    if not all(isinstance(one, Panelist) for one in drawn):
        msg = "panelists has to hold Panelist values: Panelist('joint_list'), …"
        raise EventError(msg)
    return drawn


def to_elements(value: Iterable[Element | str] | NotStated) -> tuple[Element, ...] | NotStated:
    if value is NOT_STATED:
        return value
    named = {
        member(Element, one, "an element of the petition") for one in several(value, "what a petition holds or lacks")
    }
    return tuple([one for one in _ELEMENTS if one in named])


def to_tier(value: int | NotStated) -> int | NotStated:
    return value if value is NOT_STATED else whole(value, "tier", least=1, most=_TIERS)


def to_measure(value: Remedy | str | NotStated) -> Remedy | NotStated:
    return value if value is NOT_STATED else member(Remedy, value, "measure")


def to_reach(value: Iterable[CoveredFacility]) -> tuple[CoveredFacility, ...]:
    return tuple(to_facility(one) for one in several(value, "reach"))


def to_term(value: str) -> str:
    return clean_text(value, "term", longest=64)
