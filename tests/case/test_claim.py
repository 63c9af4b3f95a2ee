"""Facility, claim, panelists and impact: values that refuse what they are not."""

from __future__ import annotations

from typing import Any, Final

import attrs
import pytest

from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Impact,
    Measure,
    Panelist,
    PanelList,
    Party,
    Sector,
)
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.sealed import sealed

PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", owner="Owner")
BAD_FACILITIES: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"name": 3}, "the name of the facility has to be a text; found int"),
    ({"name": "a\nb"}, r"holds the character U\+000A at place 1"),
    ({"name": "x" * 20_001}, "may hold 20000 characters; found 20001"),
    ({"country": "GT"}, "the country of the facility has to be one of 'US', 'MX', 'CA'; found 'GT'"),
    ({"country": None}, "the country of the facility has to be one of"),
    ({"country": "mx"}, "the country of the facility has to be one of"),
    ({"sector": "farming"}, "the sector of the facility has to be one of 'manufacturing'"),
    ({"sector": None}, "the sector of the facility has to be one of"),
    ({"goods_traded": "yes"}, "has to be True or False; found 'yes'"),
    ({"competes": None}, "has to be True or False; found None"),
    ({"goods": "gearboxes"}, r"goods has to be a sequence of texts; found 'gearboxes'"),
    ({"owner": 3}, "owner has to be a text; found int"),
    ({"place": b"x"}, "place has to be a text; found bytes"),
)


class TestFacility:
    """A Covered Facility as the complainant Party describes it (Art. 31-A.15)."""

    @pytest.mark.parametrize(("changes", "message"), BAD_FACILITIES)
    def test_bad_fields_are_refused(self, changes: dict[str, Any], message: str) -> None:
        """The field is refused, and the message says why."""
        with pytest.raises(EventError, match=message):
            CoveredFacility(**{"name": "Planta Uno", "country": "MX", "sector": "mining", **changes})

    def test_sector_is_asked_for(self) -> None:
        """The sector has to be given, be it as not stated: a default would be a guess about coverage."""
        with pytest.raises(TypeError):
            CoveredFacility("Planta Uno", country="MX")  # type: ignore[call-arg]
        assert CoveredFacility("Planta Uno", country="MX", sector=NOT_STATED).sector is NOT_STATED

    def test_values_become_members(self) -> None:
        """Country and sector are members of their Enums, whatever they were given as."""
        assert (PLANT.country, PLANT.sector) == (Party.MX, Sector.MANUFACTURING)

    def test_same_facility(self) -> None:
        """Two facilities are one where name and country agree, letter case apart, whatever else is said."""
        assert PLANT.is_same(attrs.evolve(PLANT, name="PLANTA UNO", sector="mining", owner=None))
        assert not PLANT.is_same(attrs.evolve(PLANT, country="US"))
        assert not PLANT.is_same(attrs.evolve(PLANT, name="Planta Dos"))

    def test_same_owner(self) -> None:
        """Two facilities have one owner where both name it, letter case apart; unknown owners are never one."""
        assert PLANT.has_owner_of(attrs.evolve(PLANT, name="Planta Dos", owner="OWNER"))
        unknown = attrs.evolve(PLANT, owner=None)
        assert not PLANT.has_owner_of(unknown)
        assert not unknown.has_owner_of(PLANT)
        assert not unknown.has_owner_of(unknown)
        assert not PLANT.has_owner_of(attrs.evolve(PLANT, owner="Other"))


class TestPanelist:
    """A panelist is drawn from one of three lists."""

    def test_members(self) -> None:
        """The list and the Party are members of their Enums; a national of neither Party has none."""
        assert Panelist("joint_list").drawn_from is PanelList.JOINT
        assert Panelist("joint_list").national_of is None
        assert Panelist("joint_list", "CA", "p-1").national_of is Party.CA
        assert Panelist("joint_list", NOT_STATED).national_of is NOT_STATED

    @pytest.mark.parametrize("fields", [("fourth_list",), (None,), ("joint_list", "GT"), ("joint_list", "US", 3)])
    def test_bad_fields_are_refused(self, fields: tuple[Any, ...]) -> None:
        """Another list, another country, and a reference that is no text are refused."""
        with pytest.raises(EventError):
            Panelist(*fields)


class TestImpact:
    """What remediation brought: nothing stated is None, never zero."""

    def test_nothing_is_stated_by_default(self) -> None:
        """An impact states nothing unless it is told."""
        assert Impact() == Impact((), None, None, None, None)

    def test_measures_become_members(self) -> None:
        """Measures are members of their Enum."""
        assert Impact(["training"]).measures == (Measure.TRAINING,)

    @pytest.mark.parametrize(
        "fields",
        [
            {"measures": ("a party",)},
            {"workers_benefited": -1},
            {"workers_reinstated": 1.5},
            {"back_pay_cents": True},
            {"back_pay_cents": 2**53},
            {"source": 3},
        ],
    )
    def test_bad_fields_are_refused(self, fields: dict[str, Any]) -> None:
        """Unknown measures, negative numbers, fractions, truth values and numbers beyond JSON are refused."""
        with pytest.raises(EventError):
            Impact(**fields)


class TestSealed:
    """A text that no rule reads may be sealed."""

    def test_reference_and_source(self) -> None:
        """The reference of a panelist and the source of an impact are taken sealed, the owner of a facility is not."""
        hidden = sealed("Ana")
        assert Panelist("joint_list", reference=hidden).reference is hidden
        assert Impact(source=hidden).source is hidden
        with pytest.raises(EventError, match="owner cannot be sealed"):
            attrs.evolve(PLANT, owner=hidden)
