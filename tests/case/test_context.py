"""Reading, calendar and register: what a ruling depends on besides case and act."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from rrm_lifecycle.case import engine
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Calendar, closing_days_of
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import TermError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import REPLY
from tests.law.cases import at, day, due, entry, petition, under

OWN: Final = Calendar.of_days(
    "office", days=[date(2024, 5, 31)], source="a notice", first=date(2024, 1, 1), last=date(2024, 12, 31)
)
EITHER: Final = Reading(closing_days="either")


class TestFields:
    """A context holds values of the three classes, and nothing else."""

    @pytest.mark.parametrize(
        "fields", [{"reading": {}}, {"reading": None}, {"calendar": "MX"}, {"register": ()}, {"register": None}]
    )
    def test_other_types_are_refused(self, fields: dict[str, Any]) -> None:
        """Another type is refused when the context is made, not when it is used."""
        with pytest.raises(TypeError):
            Context(**fields)

    def test_defaults(self) -> None:
        """It starts with our default reading, no calendar of its own and an empty register."""
        assert Context() == DEFAULT == Context(Reading(), None, Register())


class TestCalendar:
    """Business days are counted with the closing days of the respondent's side, of either, or with yours."""

    def test_respondent(self) -> None:
        """By default the closing days are the respondent's."""
        assert DEFAULT.calendar_for(Party.US, Party.MX) is closing_days_of("MX")
        assert DEFAULT.calendar_for(Party.MX, Party.US) is closing_days_of("US")

    def test_either(self) -> None:
        """Under the second reading of AMB-04 they are those of both Parties."""
        calendar = Context(EITHER).calendar_for(Party.US, Party.MX)
        assert calendar == Calendar.either(closing_days_of("US"), closing_days_of("MX"))

    def test_own(self) -> None:
        """A calendar that is given goes before either, and needs no Parties."""
        context = Context(EITHER, OWN)
        assert context.calendar_for(None, None) is OWN
        assert context.calendar_for(Party.US, Party.MX) is OWN

    @pytest.mark.parametrize("parties", [(None, None), (Party.US, None), (None, Party.MX)])
    def test_unknown_parties(self, parties: tuple[Party | None, Party | None]) -> None:
        """Without a calendar and without both Parties there is nothing to count with."""
        with pytest.raises(TermError, match="which office's closing days apply"):
            DEFAULT.calendar_for(*parties)

    def test_entry_names_the_calendar(self) -> None:
        """A limit of business days is counted with the calendar of the context, and the entry says which."""
        case = at(S.NO_DENIAL_REPORTED)
        asked = did.PanelRequested(day(58))  # Wednesday 29 May 2024
        with_own = entry(case, asked, Context(calendar=OWN))
        assert with_own.calendar == OWN.describe()
        assert with_own.started[0].due == date(2024, 6, 4)
        assert entry(case, asked).started[0].due == date(2024, 6, 3)

    def test_no_calendar_is_loaded_for_days(self) -> None:
        """Where no business day is counted, the entry names no calendar."""
        assert entry(at(S.ASSESSMENT), petition()).calendar is None


class TestReading:
    """A reading changes rulings and nothing else."""

    def test_entry_says_what_differs(self) -> None:
        """The entry says how the reading differs from the default; for the default it says nothing."""
        case = at(S.REVIEW_DECLINED)
        assert entry(case, did.ReviewAccepted(day(9))).reading is None
        assert entry(case, did.ReviewAccepted(day(9)), under(roll_over=True)).reading == {"roll_over": True}

    def test_many_readings(self) -> None:
        """A sweep over many readings is decided under each, and the lookups kept for them stay bounded."""
        first = engine._PLANS.copy()
        for n in range(engine._MOST_PLANS + 40):
            context = under(terms=[REPLY.set(n)])
            case = at(S.REVIEW_REQUESTED, context=context)
            assert due(case, "reply") == day(n)
            assert len(engine._PLANS) <= engine._MOST_PLANS
        assert len(first) <= engine._MOST_PLANS

    def test_default_context(self) -> None:
        """Left out, the context is our default."""
        case = Case.start("TEST-1")
        assert decide(case, petition()) == decide(case, petition(), context=Context())
