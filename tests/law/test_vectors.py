"""The rulebook's test vectors: days of real cases, each with its source as keyed in ``tests/data/rulebook.json``."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import codes, due, under
from tests.law.rulebook import RULEBOOK


def requested(on: date) -> Case:
    """Return a case with its request delivered on a day."""
    return c.case_of(attrs.evolve(c.request(), on=on))


class TestVectors:
    """Public cases whose days are known."""

    def test_there_are_nine(self) -> None:
        """Each vector of the rulebook has a test here, named after it."""
        named = {name.partition("_tv_")[2].partition("_")[0] for name in vars(TestVectors) if "_tv_" in name}
        assert named == {one["id"].removeprefix("TV-") for one in RULEBOOK["test_vectors"]}

    def test_tv_1_gonzalez(self) -> None:
        """Servicios Industriales González: received 1 April 2024, accepted on the tenth day, in time (QUAD, REUT24)."""
        case = requested(date(2024, 4, 1))
        assert due(case, "reply") == date(2024, 4, 11)
        case = play(case, did.ReviewAccepted(date(2024, 4, 11)))
        assert codes(case.acts[-1]) == []

    @pytest.mark.parametrize(
        ("on", "last", "left", "admission"),
        [(date(2023, 10, 26), date(2023, 12, 10), 37, date(2023, 11, 3))],
    )
    def test_tv_2_tecnologia_modificada(self, on: date, last: date, left: int, admission: date) -> None:
        """Tecnología Modificada: 37 days left at admission on day 8; the 45th day is a Sunday and counts (EXPAN)."""
        case = requested(on)
        assert due(case, "review") == last
        assert last.weekday() == 6
        assert last - timedelta(left) == admission
        assert codes(play(case, did.ReviewAccepted(admission)).acts[-1]) == []

    def test_tv_3_asiaway(self) -> None:
        """Asiaway: received 23 October 2023; 36 days left at admission on day 9 (ASIA)."""
        case = requested(date(2023, 10, 23))
        assert due(case, "review") == date(2023, 12, 7)
        assert due(play(case, did.ReviewAccepted(date(2023, 11, 1))), "review") == date(2023, 11, 1) + timedelta(36)

    def test_tv_4_san_martin_review(self) -> None:
        """San Martín: request 16 June, report 31 July 2023, day 45 exactly and in time (KD, IELP2310)."""
        case = play(requested(date(2023, 6, 16)), did.ReviewAccepted(date(2023, 6, 26)))
        assert due(case, "review") == date(2023, 7, 31)
        case = play(case, did.NoDenialReported(date(2023, 7, 31), ground="scope"))
        assert (case.stage, codes(case.acts[-1])) == (S.NO_DENIAL_REPORTED, [])

    def test_tv_5_manufacturas_vu(self) -> None:
        """Manufacturas VU II: finding on day 45; consultations to Sunday 26 March; plan on day 15 (USTRVU3, ITTVU)."""
        case = play(
            requested(date(2023, 1, 30)), did.ReviewAccepted(date(2023, 2, 9)), did.DenialReported(date(2023, 3, 16))
        )
        assert codes(case.acts[-1]) == []
        assert due(case, "consultations") == date(2023, 3, 26)
        case = play(case, did.CourseAgreed(date(2023, 3, 31), agreed_end=NOT_STATED))
        assert case.stage is S.COURSE_RUNNING
        late, unstated = case.acts[-1].findings
        assert (late.code, late.params["days"]) == ("within", 5)
        assert unstated.code == "end_stated"

    def test_tv_6_san_martin_panel(self) -> None:
        """San Martín: petition 22 August, work from 30 August 2023, out of scope 240 days later (KD, IELP2310)."""
        case = play(
            requested(date(2023, 6, 16)), did.ReviewAccepted(date(2023, 6, 26)),
            did.NoDenialReported(date(2023, 7, 31), ground="scope"), did.PanelRequested(date(2023, 8, 22)),
        )  # fmt: skip
        assert due(case, "lot") == date(2023, 8, 25)
        case = play(
            case, did.PanelistsDrawn(date(2023, 8, 25), panelists=c.THREE), did.PanelConstituted(date(2023, 8, 30))
        )
        assert due(case, "confirmation") == date(2023, 9, 6)
        case = play(case, did.PetitionConfirmed(date(2023, 9, 6), elements=c.ELEMENTS))
        case = play(case, did.DeterminationIssued(date(2024, 4, 26), finding="out_of_scope", heard=True))
        assert case.closing is Closing.OUT_OF_SCOPE
        (finding,) = case.acts[-1].findings
        assert finding.params["days"] == 240 - 30

    @pytest.mark.parametrize("context", [under(closing_days="either"), Context(calendar=Calendar.of_party("US"))])
    def test_tv_6_with_labor_day(self, context: Context) -> None:
        """San Martín's confirmation is due a day later where Labor Day of the United States is a holiday."""
        case = play(
            requested(date(2023, 6, 16)), did.ReviewDeclined(date(2023, 6, 20)), did.PanelRequested(date(2023, 8, 22)),
            did.PanelistsDrawn(date(2023, 8, 25), panelists=c.THREE), did.PanelConstituted(date(2023, 8, 30)),
            context=context,
        )  # fmt: skip
        assert due(case, "confirmation") == date(2023, 9, 7)
        assert case.acts[-1].calendar is not None

    def test_tv_7_atento(self) -> None:
        """Atento: request 18 January 2024, the 45th day a Sunday; a cure contested on day 89 (AZT, USTRAT, IELPAT)."""
        case = c.case_of(
            attrs.evolve(c.petition(facility=c.CALL_CENTRE), on=date(2023, 11, 28)), did.PetitionAccepted(date(2024,
                1, 18)),
            attrs.evolve(c.request(facility=None), on=date(2024, 1, 18)),
        )  # fmt: skip
        assert [finding.params["days"] for finding in case.acts[1].findings] == [51 - 30]
        assert due(case, "review") == date(2024, 3, 3)
        case = play(case, did.ReviewAccepted(date(2024, 1, 26)), did.CuredDenialReported(date(2024, 3, 3)))
        case = play(case, did.PanelRequested(date(2024, 4, 16)))
        assert case.acts[-1].rule == "A4-10b"
        assert (date(2024, 4, 16) - date(2024, 1, 18)).days == 89
        assert [finding.params["term"] for finding in case.acts[-1].findings] == ["panel_decision"]

    def test_tv_8_camino_rojo(self) -> None:
        """Camino Rojo: the 45th day is Sunday 13 October 2024; a panel on day 105 (AJOT, USTRCR)."""
        mine = attrs.evolve(c.PLANT, sector="mining")
        case = c.case_of(
            attrs.evolve(c.petition(facility=mine), on=date(2024, 6, 24)), did.PetitionAccepted(date(2024, 8, 29)),
            attrs.evolve(c.request(facility=mine), on=date(2024, 8, 29)),
        )  # fmt: skip
        assert due(case, "review") == date(2024, 10, 13)
        case = play(case, did.ReviewAccepted(date(2024, 9, 6)), did.DenialReported(date(2024, 10, 13)))
        case = play(case, did.PanelRequested(date(2024, 12, 12)))
        assert (case.acts[-1].rule, (date(2024, 12, 12) - date(2024, 8, 29)).days) == ("A4-09", 105)

    def test_tv_9_silao(self) -> None:
        """GM Silao: the 45th day is Saturday 26 June 2021; plan on day 57, two days late (COURSE)."""
        case = play(requested(date(2021, 5, 12)), did.ReviewAccepted(date(2021, 5, 22)))
        assert due(case, "review") == date(2021, 6, 26)
        case = play(case, did.DenialReported(date(2021, 6, 26)))
        assert due(case, "consultations") == date(2021, 7, 6)
        case = play(case, did.CourseAgreed(date(2021, 7, 8), agreed_end=date(2021, 9, 20)))
        assert [finding.params["days"] for finding in case.acts[-1].findings] == [2]
