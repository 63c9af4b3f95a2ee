"""Strategies for values: facilities, claims, readings, calendars, registers, contexts, starts of cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.case.calendars import Calendar, Unit
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Claim, CoveredFacility, Party, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.readings import Reading, choices
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import TERMS, Standing
from rrm_lifecycle.testing.drawing import st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NAMES: Final = ("Planta Uno", "Planta Dos", "Nave Ñandú", "Plant 3")
OWNERS: Final = (None, "Owner", "OWNER", "Dueño, S.A. de C.V.")
LAW: Final = "a law on free association"
BASIS: Final = "dismissals after a union vote"
ORDER: Final = "an enforced order of the board"
_FLAGS: Final = (True, False, NOT_STATED)
_FIRST, _LAST = date(2020, 1, 1), date(2060, 12, 31)


def days(first: date = date(2021, 1, 4), last: date = date(2028, 12, 31)) -> SearchStrategy[date]:
    """Draw days; they shrink to the first."""
    return st.integers(0, (last - first).days).map(lambda number: first + timedelta(number))


def facilities(country: Party | str | None = None, *, covered: bool = False) -> SearchStrategy[CoveredFacility]:
    """Draw facilities; they shrink to a plant that is covered.

    Args:
        country: The Party in whose territory it lies; any if None, Mexico first.
        covered: Whether each is to be covered: in a Priority Sector, with goods that are traded.
    """
    lies = (Party.MX, Party.US, Party.CA) if country is None else (Party(country),)
    sectors: tuple[Any, ...] = (Sector.MANUFACTURING, Sector.MINING)
    if not covered:
        sectors = (*sectors, Sector.SERVICES, Sector.OTHER, NOT_STATED)
    return st.builds(
        CoveredFacility,
        st.sampled_from(NAMES),
        st.sampled_from(lies),
        sector=st.sampled_from(sectors),
        goods_traded=st.sampled_from((True,)) if covered else st.sampled_from(_FLAGS),
        competes=st.sampled_from((False, True, NOT_STATED)),
        owner=st.sampled_from(OWNERS),
        goods=st.sampled_from(((), ("gearboxes",), ("gearboxes", "ore"))),
    )


def claims() -> SearchStrategy[Claim]:
    """Draw claims, as far as they are stated; they shrink to one of which nothing is."""
    return st.builds(
        Claim,
        st.sampled_from((None, NOT_STATED, (), (LAW,))),
        st.sampled_from((None, NOT_STATED, BASIS)),
        st.sampled_from((None, *_FLAGS)),
        st.sampled_from((None, NOT_STATED, ORDER)),
        st.sampled_from((None, NOT_STATED, date(2022, 1, 3), date(2020, 6, 30))),
    )


# ---- what a ruling depends on ----------------------------------------------------------------------------------------
_SETTABLE: Final = tuple(term for term in TERMS if not term.runs_to)
_SWITCHABLE: Final = tuple(row.id for row in TABLE if row.rests_on is Standing.UNCONFIRMED)
_CHOICES: Final = tuple(choices())


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Draw readings; they shrink to ours."""
    said: dict[str, Any] = {}
    default = Reading()
    for name in draw(st.lists(st.sampled_from(_CHOICES), max_size=4, unique=True)):
        said[name] = "either" if name == "closing_days" else not getattr(default, name)
    terms = {}
    for term in draw(st.lists(st.sampled_from(_SETTABLE), max_size=2)):
        length, unit = draw(st.sampled_from((None, 0, 5, 20))), draw(st.sampled_from((Unit.DAYS, Unit.BUSINESS_DAYS)))
        terms[term.name] = term.off() if length is None else term.set(length, unit)
    off = draw(st.lists(st.sampled_from(_SWITCHABLE), max_size=2))
    until = draw(st.sampled_from((None, None, date(2024, 6, 30))))
    return Reading(**said, terms=list(terms.values()), without=frozenset(off), treaty_until=until)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Draw calendars that know the days from 2020 to 2060; they shrink to one in which weekends alone are closed."""
    closed = draw(st.lists(days(), max_size=6, unique=True))
    weekend = draw(st.sampled_from(((5, 6), (6,), (), (4, 5))))
    return Calendar.of_days("drawn", closed, source="drawn", first=_FIRST, last=_LAST, weekend=weekend)


def registers() -> SearchStrategy[Register]:
    """Draw registers of past Denials and findings of bad faith; they shrink to an empty one."""
    early = days(date(2021, 1, 4), date(2023, 12, 31))
    denial = st.builds(
        PriorDenial, st.sampled_from(("OLD-1", "OLD-2", "OLD-3")), facilities(), early,
        st.sampled_from(("panel", "respondent_report", "course")),
    )  # fmt: skip
    found = st.builds(BadFaith, st.sampled_from(Party), early)
    return st.builds(Register, st.lists(denial, max_size=3), st.lists(found, max_size=1))


def contexts() -> SearchStrategy[Context]:
    """Draw what a ruling depends on besides case and act; it shrinks to our defaults."""
    return st.builds(Context, readings(), st.none() | calendars(), registers())


# ---- starts ----------------------------------------------------------------------------------------------------------
_STARTS: Final[tuple[dict[str, Any], ...]] = (
    {}, {"complainant": "US"}, {"complainant": "MX"}, {"origin": "petition"}, {"origin": "hotline"},
    {"annex": ANNEX_31B}, {"annex": ANNEX_31B, "respondent": "CA"},
)  # fmt: skip


def starts(case_id: str = "CASE-1", annex: Annex | None = None) -> SearchStrategy[Case]:
    """Draw new cases: by either Party, under either Annex or one.

    Args:
        case_id: Their id.
        annex: The Annex; either if None.
    """
    said = [one for one in _STARTS if annex is None or one.get("annex", ANNEX_31A) is annex]
    return st.sampled_from([Case.start(case_id, **one) for one in said])
