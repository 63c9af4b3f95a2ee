"""Errors of values begin with the name of what is wrong, so that a form can say where the mistake is."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Calendar, Unit, day_after
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Impact, Panelist, Party, Sector
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.register import BadFaith, PriorDenial
from rrm_lifecycle.errors import RRMError
from rrm_lifecycle.record.entry import Refusal

PLANT: Final = CoveredFacility("Planta Uno", country=Party.MX, sector=Sector.MINING)
CALENDAR: Final[dict[str, Any]] = {
    "name": "mine",
    "closing_days": frozenset({date(2024, 5, 1)}),
    "source": "our own list",
    "first": date(2024, 1, 1),
    "last": date(2024, 12, 31),
}
PRIOR: Final[dict[str, Any]] = {"case_id": "OLD-1", "facility": PLANT, "on": date(2024, 1, 1)}
FACILITY: Final[dict[str, Any]] = {"name": "Planta Uno", "country": "MX", "sector": "mining"}


@pytest.mark.parametrize(
    ("kind", "good", "field", "begins"),
    [
        (CoveredFacility, FACILITY, "name", "the name of the facility has to be"),
        (CoveredFacility, FACILITY, "country", "the country of the facility has to be"),
        (CoveredFacility, FACILITY, "sector", "the sector of the facility has to be"),
        (CoveredFacility, FACILITY, "goods_traded", "goods_traded has to be"),
        (CoveredFacility, FACILITY, "competes", "competes has to be"),
        (CoveredFacility, FACILITY, "owner", "owner has to be"),
        (CoveredFacility, FACILITY, "goods", "goods has to be"),
        (CoveredFacility, FACILITY, "place", "place has to be"),
        (Panelist, {"drawn_from": "joint_list"}, "drawn_from", "drawn_from has to be"),
        (Panelist, {"drawn_from": "joint_list"}, "national_of", "national_of has to be"),
        (Panelist, {"drawn_from": "joint_list"}, "reference", "reference has to be"),
        (Impact, {}, "measures", "measures has to be"),
        (Impact, {}, "workers_benefited", "workers_benefited has to be"),
        (Impact, {}, "workers_reinstated", "workers_reinstated has to be"),
        (Impact, {}, "back_pay_cents", "back_pay_cents has to be"),
        (Impact, {}, "source", "source has to be"),
        (PriorDenial, PRIOR, "case_id", "case_id has to be"),
        (PriorDenial, PRIOR, "on", "on has to be"),
        (PriorDenial, PRIOR, "basis", "basis has to be"),
        (BadFaith, {"party": "US", "on": date(2024, 1, 1)}, "party", "party has to be"),
        (BadFaith, {"party": "US", "on": date(2024, 1, 1)}, "on", "on has to be"),
        (Calendar, CALENDAR, "name", "the name of a calendar has to be"),
        (Calendar, CALENDAR, "source", "the source of a calendar has to be"),
        (Calendar, CALENDAR, "first", "first, the first day that a calendar knows, has to be"),
        (Calendar, CALENDAR, "last", "last, the last day that a calendar knows, has to be"),
    ],
)
def test_errors_begin_with_the_field(kind: Any, good: dict[str, Any], field: str, begins: str) -> None:
    """The value is made of good fields, and refused by the name of the one that is bad."""
    kind(**good)
    with pytest.raises(RRMError) as told:
        kind(**{**good, field: 3.5})
    assert str(told.value).startswith(begins)


@pytest.mark.parametrize("measures", [("reinstatement", "dancing"), ["dancing"]])
def test_each_measure_is_looked_at(measures: Any) -> None:
    """A measure that is none is refused under the name of the field."""
    with pytest.raises(RRMError, match=r"^measures has to be one of"):
        Impact(measures=measures)


def test_each_closing_day_is_looked_at() -> None:
    """A closing day that is no day is refused as such."""
    with pytest.raises(RRMError, match=r"^a closing day has to be"):
        Calendar(**{**CALENDAR, "closing_days": frozenset({"2024-05-01"})})


def test_questions_to_a_calendar_name_the_day() -> None:
    """The day asked about, the day to count from and the day to count to are named in the errors."""
    calendar = Calendar(**CALENDAR)
    nothing: Any = None
    with pytest.raises(RRMError, match=r"^the day asked about has to be"):
        calendar.is_open(nothing)
    with pytest.raises(RRMError, match=r"^the day to count from has to be"):
        calendar.business_days_between(nothing, date(2024, 5, 1))
    with pytest.raises(RRMError, match=r"^the day to count to has to be"):
        calendar.business_days_between(date(2024, 5, 1), nothing)


def test_no_rule_names_act_and_stage() -> None:
    """Where no row provides for an act, the one reason names the act and the stage."""
    answer = decide(Case.start("A-1"), did.ReviewAccepted(date(2024, 4, 9)))
    assert isinstance(answer, Refusal)
    (reason,) = answer.reasons
    assert (reason.code, reason.rule, reason.provision) == ("no_rule", None, None)
    assert reason.params == {"event": "ReviewAccepted", "stage": "assessment"}


def test_counting_names_what_is_wrong() -> None:
    """The day counted from, the count of business days and the length of a limit are named in the errors."""
    calendar = Calendar(**CALENDAR)
    nothing: Any = None
    with pytest.raises(RRMError, match=r"^the day to count from has to be"):
        calendar.add_business_days(nothing, 3)
    with pytest.raises(RRMError, match=r"^a count of business days is"):
        calendar.add_business_days(date(2024, 5, 1), nothing)
    with pytest.raises(RRMError, match=r"^the length of a time limit is"):
        day_after(date(2024, 5, 1), nothing, Unit.DAYS)
