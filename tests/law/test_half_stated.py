"""What the record leaves open never bars and is noted; what it states still counts (A10-04, AMB-22, INV-11)."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Sector
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.record.entry import Outcome
from tests.law import cases as c
from tests.law.cases import at, codes, day, entry, noted, refusal, under


def _notes(case: Case, **changes: object) -> dict[str, Outcome]:
    found = entry(case, c.imposed(130, **changes))
    return {one.code: one.outcome for one in found.findings}


class TestRemedies:
    """What is not stated never bars, and is noted."""

    def test_measure_against_services(self) -> None:
        """Where the facility serves and the measure is not stated, whether entry is denied to goods is not stated."""
        case = c.with_facility(at(S.REMEDIES_NOTIFIED), sector=Sector.SERVICES)
        assert _notes(case, measure=NOT_STATED) == {"entry_denial_of_goods": Outcome.NOT_STATED}
        assert _notes(case) == {}

    def test_measure_against_goods(self) -> None:
        """Where the facility makes goods, there is nothing to note: entry may be denied to them."""
        assert _notes(at(S.REMEDIES_NOTIFIED), measure=NOT_STATED) == {}

    def test_sector_where_services_have_no_measure(self) -> None:
        """Under AMB-22's other reading, that the sector is not stated is noted: services would have no measure."""
        case = c.with_facility(at(S.REMEDIES_NOTIFIED), sector=NOT_STATED)
        found = entry(case, c.imposed(130), under(services_have_no_measure=True))
        assert {one.code: one.outcome for one in found.findings} == {"services_measure": Outcome.NOT_STATED}


class TestHold:
    """A customs hold needs goods of the facility that cross the border (INV-11, US-08)."""

    def test_goods_are_not_traded(self) -> None:
        """Where the facility's goods are stated not to be traded, there is no hold, though its sector is not stated."""
        case = c.with_facility(at(S.REVIEW_REQUESTED), sector=NOT_STATED, goods_traded=False)
        assert codes(refusal(case, did.HoldBegun(day(1)))) == ["goods_nexus"]

    @pytest.mark.parametrize("traded", [True, NOT_STATED])
    def test_sector_is_not_stated(self, traded: object) -> None:
        """Where the sector alone is not stated, or the trade neither, that is noted."""
        case = c.with_facility(at(S.REVIEW_REQUESTED), sector=NOT_STATED, goods_traded=traded)
        assert noted(case, did.HoldBegun(day(1))) == ["goods_nexus"]
