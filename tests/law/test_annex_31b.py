"""Annex 31-B: the same procedure between Canada and Mexico."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Panelist, Party
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import ROUTES, at, codes, day, due, noted, refusal

_BY_CANADA = (Panelist("complainant_list", "CA"), Panelist("respondent_list", "MX"), Panelist("joint_list", "US"))
TREATY = [stage for stage in S if stage not in {S.PETITION_REVIEW, S.REQUEST_DUE}]


def against_canada(*acts: did.Event, **changes: Any) -> Case:
    """Return a case that Mexico brings about a facility in Canada."""
    stated: dict[str, Any] = {
        "facility": c.IN_CANADA,
        "enforced_order": "order of the Canada Industrial Relations Board",
        **changes,
    }
    return play(Case.start("T", annex=ANNEX_31B), c.request(**stated), *acts)


class TestSameProcedure:
    """The Annex runs as its twin does (B-01, B-04, B-06)."""

    @pytest.mark.parametrize("stage", TREATY)
    def test_same_routes(self, stage: S) -> None:
        """The same acts lead to the same stage, and each cites the twin of its provision."""
        case = at(stage, annex=ANNEX_31B)
        assert case.stage is stage
        for entry, twin in zip(case.acts, at(stage).acts, strict=True):
            assert entry.provision is not None
            assert twin.provision is not None
            assert entry.provision == twin.provision.replace("31-A", "31-B")
            assert (entry.rule, entry.started, entry.stopped) == (twin.rule, twin.started, twin.stopped)

    def test_parties(self) -> None:
        """Canada is the complainant Party about a facility in Mexico."""
        case = at(S.REVIEW_REQUESTED, annex=ANNEX_31B)
        assert (case.complainant, case.respondent) == (Party.CA, Party.MX)

    def test_no_pair_with_the_united_states(self) -> None:
        """The United States and Canada have no such Annex between them (INV-01)."""
        with pytest.raises(EventError, match="31-B"):
            Case.start("T", annex=ANNEX_31B, complainant="US", respondent="CA")

    def test_provisions_in_refusals(self) -> None:
        """Reasons cite Annex 31-B, a statute of the United States as it stands."""
        told = refusal(at(S.REVIEW_REQUESTED, annex=ANNEX_31B), did.PanelRequested(day(5)))
        assert [one.provision for one in told.reasons] == ["Art. 31-B.4"]
        assert told.annex == "31-B"

    def test_joint_panelist(self) -> None:
        """A national of the United States may sit for the joint list, one of Canada may not (INV-32)."""
        case = at(S.PANEL_REQUESTED, annex=ANNEX_31B)
        assert noted(case, did.PanelistsDrawn(day(61), panelists=_BY_CANADA)) == []
        wrong = did.PanelistsDrawn(day(61), panelists=(*_BY_CANADA[:2], Panelist("joint_list", "CA")))
        assert codes(refusal(case, wrong)) == ["three_panelists"]

    def test_no_doubt_under_us_law(self) -> None:
        """Canada's remedy without a panel meets no statute of the United States."""
        assert noted(at(S.COURSE_NOTICE_GIVEN, annex=ANNEX_31B), c.imposed(225)) == []


class TestAgainstCanada:
    """Against a facility in Canada a claim is said to rest on an enforced order of the board (B-05, unconfirmed)."""

    def test_with_an_order(self) -> None:
        """With an order nothing is noted."""
        assert codes(against_canada().acts[0]) == []

    def test_without_an_order(self) -> None:
        """Without one it is noted, not barred: no source was found."""
        assert codes(against_canada(enforced_order=None).acts[0]) == ["board_order_enforced"]

    def test_closing_days_of_canada(self) -> None:
        """Business days are those of the respondent: Canada Day is none."""
        case = against_canada(did.ReviewDeclined(day(8)), did.PanelRequested(date(2024, 6, 28)))
        assert due(case, "lot") == date(2024, 7, 4)

    def test_routes_of_a_canadian_claim(self) -> None:
        """A claim to the Canadian office leads to the request that is due."""
        acts = (c.petition(filer_of=Party.CA), *ROUTES[S.REQUEST_DUE][1:], c.request())
        case = play(Case.start("T", annex=ANNEX_31B, complainant="CA"), *acts)
        assert [entry.rule for entry in case.acts] == ["B-02", "B-03b", "A4-01b"]
