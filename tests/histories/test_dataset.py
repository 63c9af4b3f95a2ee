"""The files of histories: what is shipped, looked up, cut off at a day, and how strictly a file is read.

The format is that of the data page: events in order, periods clamped by their neighbours, the events of the customs
hold outside the order.
"""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

import rrm_lifecycle as rrm
from rrm_lifecycle import histories
from rrm_lifecycle.case.claim import Impact, Party, Sector
from rrm_lifecycle.errors import EventError, HistoryError, UnknownHistory
from rrm_lifecycle.histories import Confidence, EventType, FinalStatus, Histories, History, HistoryEvent, load, reading
from rrm_lifecycle.histories.vocabulary import HOLD

if TYPE_CHECKING:
    from collections.abc import Callable

E: Final = EventType
SHIPPED: Final = Path(histories.__file__).parent / "rrm_cases.json"
PUBLIC: Final = load()
START: Final = date(2020, 7, 1)


def a_file() -> dict[str, Any]:
    """Return a small file that is right."""
    return {
        "format": "rrm-case-histories/1",
        "compiled": "2024-12-31",
        "cases": [
            {
                "id": "a-1",
                "facility": "Planta Uno",
                "sector": "manufacturing",
                "complainant": "US",
                "respondent": "MX",
                "origin": "petition",
                "request_number": 7,
                "events": [
                    {"type": "petition_filed", "date": None},
                    {"type": "request_for_review", "date": "2024-02-01", "source_url": "https://example.org/1"},
                    {"type": "review_result_denial_found", "date_range": ["2024-03-01", "2024-03-31"], "partial": True},
                    {
                        "type": "course_of_remediation_agreed",
                        "date": "2024-04-10",
                        "agreed_end": "2024-10-10",
                        "agreed_end_source": "https://example.org/2",
                    },
                ],
                "final_status": "open",
                "as_of": "2024-06-30",
                "workers_benefited": 12,
                "backpay_usd": 1500,
            }
        ],
    }


def written(tmp_path: Path, data: object) -> Path:
    """Write a file and return its path."""
    path = tmp_path / "mine.json"
    text = data if isinstance(data, str) else json.dumps(data)
    path.write_text(text, encoding="utf-8")
    return path


def event(kind: EventType, *days: str | None, **more: Any) -> HistoryEvent:
    """Return an event on a day, in a period of two, or on none that is known."""
    told = [None if day is None else date.fromisoformat(day) for day in days]
    if len(told) == 2:
        return HistoryEvent(kind, earliest=told[0], latest=told[1], **more)
    return HistoryEvent(kind, *told, **more)


def a_history(*events: HistoryEvent, as_of: str = "2024-12-31", **more: Any) -> History:
    """Return a history of some events."""
    return History("a-1", "Planta Uno", events=events, as_of=date.fromisoformat(as_of), **more)


def told(*days: str) -> list[tuple[date, date]]:
    """Return periods, each from the first ten characters to the last ten."""
    return [(date.fromisoformat(one[:10]), date.fromisoformat(one[-10:])) for one in days]


class TestShipped:
    """The real cases ship with the package, unchanged, each date with its source."""

    def test_all_are_there(self) -> None:
        """The file holds 30 cases, and each has at least one event."""
        assert len(PUBLIC) == 30
        assert all(one.events for one in PUBLIC)

    def test_nothing_is_lost(self) -> None:
        """What is loaded, written as JSON, is what the file says."""
        assert PUBLIC.as_json() == json.loads(SHIPPED.read_text(encoding="utf-8"))

    def test_every_event_has_a_source(self) -> None:
        """Each event names its source and how sure it is."""
        assert all(one.source_url and one.confidence for history in PUBLIC for one in history.events)

    def test_events_can_lie_in_their_order(self) -> None:
        """Each event has a day on which it can have happened, between its neighbours."""
        for history in PUBLIC:
            assert all(START <= first <= last <= history.as_of for first, last in history.periods)

    def test_it_is_read_once(self) -> None:
        """Loading again gives the same value."""
        assert load() is load()

    def test_vocabulary_is_that_of_the_data_page(self) -> None:
        """There are 31 types of events, the first and the last as the page has them, each with its name as its value."""
        assert (len(E), next(iter(E)).value, list(E)[-1].value) == (31, "petition_filed", "facility_closed")
        assert all(kind.value == kind.name.lower() for kind in E)

    def test_front_door(self) -> None:
        """The names that people use load from the front door and from the package."""
        assert rrm.histories.load() is PUBLIC
        assert (rrm.Histories, rrm.History, rrm.HistoryEvent) == (Histories, History, HistoryEvent)
        assert all(getattr(histories, name) is not None for name in histories.__all__)


class TestLookingUp:
    """Histories are a sequence by number, and are looked up by id."""

    def test_by_id_and_by_number(self) -> None:
        """An id, a number and a slice give what stands there."""
        assert PUBLIC["gm-silao"] is PUBLIC[0]
        assert PUBLIC[-1].id == "freixenet"
        assert PUBLIC[:2].ids == ("gm-silao", "tridonex")
        assert isinstance(PUBLIC[:2], Histories)

    def test_order_is_that_of_the_file(self) -> None:
        """Iteration and ``ids`` follow the file."""
        assert tuple(one.id for one in PUBLIC) == PUBLIC.ids
        assert PUBLIC.ids[:3] == ("gm-silao", "tridonex", "teksid-hierro")

    def test_a_miss_names_near_ids(self) -> None:
        """An id that is none is a KeyError whose message names near ones."""
        with pytest.raises(KeyError, match=r"^there is no history 'goodyear' among 30: did you mean 'goodyear-slp'\?$"):
            _ = PUBLIC["goodyear"]

    def test_a_miss_far_from_all_says_where_they_are(self) -> None:
        """Where no id is near, the message says where they are listed."""
        with pytest.raises(UnknownHistory, match=r"\.ids lists them"):
            _ = PUBLIC["zzz"]

    def test_membership(self) -> None:
        """An id is in, and so is a history; anything else is not."""
        assert "atento" in PUBLIC
        assert PUBLIC["atento"] in PUBLIC
        assert "nothing" not in PUBLIC
        assert 7 not in PUBLIC

    def test_a_number_beyond_is_an_index_error(self) -> None:
        """A number beyond the end is refused as Python does."""
        with pytest.raises(IndexError):
            _ = PUBLIC[30]

    @pytest.mark.parametrize("other", ["a-1", "A-1"])
    def test_an_id_stands_once(self, other: str) -> None:
        """Two histories of one id, letter case apart, make no histories."""
        one = a_history(event(E.PETITION_FILED, "2024-01-01"))
        with pytest.raises(HistoryError, match=r"case 2: id: '.-1' is taken by case 1 \('a-1'\): give each its own"):
            Histories((one, attrs.evolve(one, id=other)))

    def test_they_are_values(self) -> None:
        """Histories survive copying and pickling, are equal by content, and cannot be changed."""
        assert copy.deepcopy(PUBLIC) == PUBLIC
        assert pickle.loads(pickle.dumps(PUBLIC)) == PUBLIC  # noqa: S301 - our own bytes
        assert hash(PUBLIC[0]) == hash(copy.deepcopy(PUBLIC[0]))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            PUBLIC[0].facility = "other"  # type: ignore[misc] # what is tested

    def test_reprs_are_one_line_without_personal_data(self) -> None:
        """A repr is one line of at most 120 characters and names no petitioner."""
        for one in PUBLIC:
            assert all(len(repr(each)) <= 120 and "\n" not in repr(each) for each in (one, *one.events))
            assert one.petitioner is None or one.petitioner not in repr(one)
        assert repr(PUBLIC).startswith("<Histories: compiled 2026-11-24, 30 cases, sha256 ")
        assert repr(PUBLIC["atento"].events[0]) == "<HistoryEvent petition_filed, day not known>"


class TestFinding:
    """``find`` looks in id, facility, company, city, state, petitioner and sector."""

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("matamoros", ("tridonex", "vdo")),
            ("SAN MARTÍN", ("san-martin",)),
            ("san martin", ("san-martin",)),
            ("mining", ("san-martin", "tizapa")),
            ("manufacturas coahuila", ("vu-1", "vu-2")),
            ("liga obrera fronterizas vu", ()),
        ],
    )
    def test_every_word_counts_and_accents_do_not(self, text: str, ids: tuple[str, ...]) -> None:
        """A history is found if it holds every word, whatever the letter case and accents."""
        assert PUBLIC.find(text).ids == ids

    def test_an_empty_text_finds_all(self) -> None:
        """Without a word nothing is left out."""
        assert PUBLIC.find(" ") == PUBLIC

    @given(one=st.sampled_from(PUBLIC.ids))
    def test_each_is_found_by_its_own_words(self, one: str) -> None:
        """Each history is found by its facility, in capitals."""
        assert one in PUBLIC.find(PUBLIC[one].facility.upper())


class TestSources:
    """``sources`` gives the distinct addresses in order, each with the events that rest on it."""

    def test_in_order_with_events(self) -> None:
        """Addresses stand in the order of the events; one address carries several events."""
        found = PUBLIC.sources("vu-1")
        assert list(found) == list(dict.fromkeys(one.source_url for one in PUBLIC["vu-1"].events))
        assert [one.type for one in list(found.values())[-1]] == [E.MATTER_RESOLVED, E.LIQUIDATION_RESUMED]

    def test_the_source_of_an_agreed_end_counts(self) -> None:
        """The end of a course may rest on a source of its own, which is listed with the course."""
        agreed = event(
            E.COURSE_OF_REMEDIATION_AGREED, "2024-01-01", agreed_end=date(2024, 3, 1), agreed_end_source="letter"
        )
        assert a_history(agreed).sources == {"letter": (agreed,)}

    def test_without_sources_there_are_none(self) -> None:
        """People's own files need no sources."""
        assert a_history(event(E.PETITION_FILED, "2024-01-01")).sources == {}

    def test_a_miss_is_unknown(self) -> None:
        """An id that is none names near ones here too."""
        with pytest.raises(UnknownHistory, match="did you mean 'vu-2' or 'vu-1'"):
            PUBLIC.sources("vu-9")


class TestEdition:
    """An edition names the data that a result rests on."""

    def test_anybody_can_check_the_digest(self) -> None:
        """The digest is the SHA-256 of the canonical JSON (RFC 8785) of the shipped file."""
        canonical = rfc8785.dumps(json.loads(SHIPPED.read_text(encoding="utf-8")))
        assert PUBLIC.edition.digest == sha256(canonical).hexdigest()[:16]
        assert (PUBLIC.edition.compiled, PUBLIC.edition.cases) == (date(2026, 11, 24), 30)

    def test_it_is_told_in_a_line(self) -> None:
        """An edition prints day, number, cut and digest."""
        cut = load(known_by=date(2022, 12, 31)).edition
        assert str(cut) == f"compiled 2026-11-24, 5 cases as known by 2022-12-31, sha256 {cut.digest}"
        assert str(Histories((PUBLIC[0],)).edition).startswith("1 case, sha256 ")

    def test_other_content_is_another_edition(self) -> None:
        """A cut, a choice and a changed number each have another digest; the layout of the file changes nothing."""
        changed = Histories((attrs.evolve(PUBLIC[0], backpay_usd=1), *PUBLIC[1:]), PUBLIC.compiled)
        editions = {one.edition.digest for one in (PUBLIC, PUBLIC[:3], changed, PUBLIC.cut(date(2024, 1, 1)))}
        assert len(editions) == 4


class TestPeriods:
    """A period may begin before the event that precedes it or end after the one that follows: it is clamped."""

    @pytest.mark.parametrize(
        ("events", "periods"),
        [
            pytest.param(
                (
                    event(E.REQUEST_FOR_REVIEW, "2024-06-06"),
                    event(E.RESPONDENT_ACCEPTS_REVIEW, "2024-06-01", "2024-06-30"),
                ),
                told("2024-06-06", "2024-06-06/2024-06-30"),
                id="begins-before-the-event-before",
            ),
            pytest.param(
                (event(E.REVIEW_RESULT_NO_DENIAL, "2024-09-01", "2024-09-30"), event(E.MATTER_RESOLVED, "2024-09-17")),
                told("2024-09-01/2024-09-17", "2024-09-17"),
                id="ends-after-the-event-behind",
            ),
            pytest.param(
                (event(E.PETITION_FILED), event(E.REQUEST_FOR_REVIEW, "2024-01-18")),
                told("2020-07-01/2024-01-18", "2024-01-18"),
                id="no-day-at-the-start",
            ),
            pytest.param(
                (event(E.REQUEST_FOR_REVIEW, "2024-01-18"), event(E.MATTER_RESOLVED)),
                told("2024-01-18", "2024-01-18/2024-12-31"),
                id="no-day-at-the-end",
            ),
            pytest.param(
                (
                    event(E.PETITION_FILED, "2020-01-01", "2020-12-31"),
                    event(E.REQUEST_FOR_REVIEW, "2024-01-01", "2025-12-31"),
                ),
                told("2020-07-01/2020-12-31", "2024-01-01/2024-12-31"),
                id="no-earlier-than-the-usmca-no-later-than-the-last-look",
            ),
            pytest.param(
                (
                    event(E.REQUEST_FOR_REVIEW, "2024-03-01"),
                    event(E.LIQUIDATION_RESUMED, "2024-01-01"),
                    event(E.LIQUIDATION_SUSPENDED),
                    event(E.RESPONDENT_ACCEPTS_REVIEW),
                    event(E.MATTER_RESOLVED, "2024-05-01"),
                ),
                told("2024-03-01", "2024-01-01", "2020-07-01/2024-12-31", "2024-03-01/2024-05-01", "2024-05-01"),
                id="the-hold-neither-clamps-nor-is-clamped",
            ),
        ],
    )  # fmt: skip
    def test_clamped(self, events: tuple[HistoryEvent, ...], periods: list[tuple[date, date]]) -> None:
        """Each event lies between its neighbours, the first day of the USMCA, and the last look."""
        assert list(a_history(*events).periods) == periods

    @given(data=st.data())
    def test_days_can_be_chosen_in_order(self, data: st.DataObject) -> None:
        """Events told of days in order, however blurred, are taken, and the days lie in their periods."""
        days = sorted(data.draw(st.lists(st.dates(START, date(2024, 12, 31)), max_size=8)))
        kinds = data.draw(st.lists(st.sampled_from(sorted(set(E) - HOLD)), min_size=len(days), max_size=len(days)))
        blur = st.integers(0, 300).map(timedelta)
        events = []
        for kind, day in zip(kinds, days, strict=True):
            told_as = data.draw(st.sampled_from(["day", "period", "nothing"]))
            if told_as == "period":
                events.append(HistoryEvent(kind, earliest=day - data.draw(blur), latest=day + data.draw(blur)))
            else:
                events.append(HistoryEvent(kind, day if told_as == "day" else None))
        history = a_history(*events)
        assert all(first <= day <= last for day, (first, last) in zip(days, history.periods, strict=True))
        assert all(
            one[0] <= other[0] and one[1] <= other[1]
            for one, other in zip(history.periods, history.periods[1:], strict=False)
        )

    @pytest.mark.parametrize(
        "events",
        [
            (event(E.REQUEST_FOR_REVIEW, "2024-03-02"), event(E.MATTER_RESOLVED, "2024-03-01")),
            (
                event(E.REQUEST_FOR_REVIEW, "2024-03-02"),
                event(E.PANEL_REQUESTED),
                event(E.MATTER_RESOLVED, "2024-03-01"),
            ),
            (event(E.REQUEST_FOR_REVIEW, "2024-04-01"), event(E.MATTER_RESOLVED, "2024-03-01", "2024-03-31")),
            (event(E.REQUEST_FOR_REVIEW, "2024-04-01", "2024-04-30"), event(E.MATTER_RESOLVED, "2024-03-01")),
        ],
    )
    def test_out_of_order(self, events: tuple[HistoryEvent, ...]) -> None:
        """Events of which no days in order can be chosen are refused, with both named and the repair."""
        with pytest.raises(
            HistoryError, match=r"event \d \(matter_resolved\): date: .* lies before .*\(request_for_review\)"
        ):
            a_history(*events)

    def test_the_boundary_day(self) -> None:
        """Two events on one day stand in order; one day apart the other way round, they do not."""
        same = a_history(event(E.REQUEST_FOR_REVIEW, "2024-03-02"), event(E.MATTER_RESOLVED, "2024-03-02"))
        assert same.periods[0] == same.periods[1]

    def test_the_hold_stands_outside_the_order(self) -> None:
        """A release of the hold may stand anywhere."""
        free = a_history(event(E.MATTER_RESOLVED, "2024-03-02"), event(E.LIQUIDATION_RESUMED, "2024-03-01"))
        assert free.periods == tuple(told("2024-03-02", "2024-03-01"))

    @pytest.mark.parametrize("kind", [E.MATTER_RESOLVED, E.LIQUIDATION_RESUMED])
    def test_nothing_is_known_after_the_last_look(self, kind: EventType) -> None:
        """An event of the day of the last look is taken; one of the day after is refused, of the hold too."""
        assert len(a_history(event(kind, "2024-05-01"), as_of="2024-05-01").events) == 1
        with pytest.raises(HistoryError, match=r"date: 2024-05-02 lies after as_of \(2024-05-01\)"):
            a_history(event(kind, "2024-05-02"), as_of="2024-05-01")


class TestKnownBy:
    """``known_by`` gives what had surely happened by the end of a day; later acts are censored."""

    @pytest.mark.parametrize(
        ("day", "kept"),
        [
            ("2024-01-17", None),
            ("2024-01-18", 2),  # the petition has no day, but came before the request
            ("2024-01-29", 2),
            ("2024-01-30", 3),
            ("2024-03-30", 3),  # the report came in March; it may have come on the 31st
            ("2024-03-31", 4),
            ("2025-08-20", 7),
            ("2025-08-21", 8),
        ],
    )
    def test_an_event_stays_if_it_must_have_happened(self, day: str, kept: int | None) -> None:
        """Of Atento stays what the clamped periods put at the day or before it."""
        found = PUBLIC["atento"].known_by(date.fromisoformat(day))
        assert (found and len(found.events)) == kept

    def test_a_period_is_bounded_by_what_follows(self) -> None:
        """A report of September counts as known by the 17th, where the matter was resolved on the 17th."""
        cut = PUBLIC["impro"].known_by(date(2024, 9, 17))
        assert cut is PUBLIC["impro"]
        earlier = PUBLIC["impro"].known_by(date(2024, 9, 16))
        assert earlier is not None
        assert earlier.first(E.REVIEW_RESULT_NO_DENIAL) is None

    def test_an_event_without_a_day_at_the_end_is_known_at_the_last_look_alone(self) -> None:
        """What nothing bounds stays only where the whole history does."""
        history = a_history(event(E.REQUEST_FOR_REVIEW, "2024-01-18"), event(E.MATTER_RESOLVED))
        cut = history.known_by(date(2024, 12, 30))
        assert cut is not None
        assert [one.type for one in cut.events] == [E.REQUEST_FOR_REVIEW]
        assert history.known_by(date(2024, 12, 31)) is history

    def test_the_last_look_is_that_day(self) -> None:
        """The last look moves back to the day, never forward."""
        assert [one.as_of for one in PUBLIC.cut(date(2022, 12, 31))] == [
            min(one.as_of, date(2022, 12, 31)) for one in PUBLIC[:5]
        ]
        cut = PUBLIC["akwel"].known_by(date(2025, 1, 1))
        assert cut is not None
        assert cut.as_of == date(2025, 1, 1)

    def test_cases_without_events_are_left_out(self) -> None:
        """By the end of 2022 five of the cases had begun."""
        assert load(known_by=date(2022, 12, 31)).ids == (
            "gm-silao",
            "tridonex",
            "teksid-hierro",
            "vu-1",
            "bbb-industries",
        )
        assert len(load(known_by=START)) == 0

    @pytest.mark.parametrize(
        ("id", "day", "status"),
        [
            ("goodyear-slp", "2024-02-05", FinalStatus.RESOLVED),
            ("goodyear-slp", "2024-02-04", FinalStatus.OPEN),
            ("san-martin", "2024-04-25", FinalStatus.OPEN),
            ("vu-2", "2023-10-09", FinalStatus.OPEN),  # that the case had ended was stated at the last look alone
            ("vu-2", "2023-10-10", FinalStatus.CLOSED_FACILITY),
            ("tecnos", "2024-12-18", FinalStatus.PANEL_PENDING),
            ("tecnos", "2024-12-17", FinalStatus.OPEN),
            ("akwel", "2025-01-01", FinalStatus.OPEN),
        ],
    )
    def test_a_status_is_kept_where_an_event_says_it(self, id: str, day: str, status: FinalStatus) -> None:  # noqa: A002
        """A status that no event that stays says by itself turns to open."""
        cut = PUBLIC[id].known_by(date.fromisoformat(day))
        assert cut is not None
        assert cut.final_status is status

    def test_a_resolution_stays_one_where_later_news_are_cut(self) -> None:
        """A resolved case is resolved on the day of the resolution, though its hold was released later."""
        history = a_history(
            event(E.MATTER_RESOLVED, "2024-02-01"),
            event(E.LIQUIDATION_RESUMED, "2024-03-01"),
            final_status=FinalStatus.RESOLVED,
        )
        cut = history.known_by(date(2024, 2, 10))
        assert cut is not None
        assert (cut.final_status, len(cut.events)) == (FinalStatus.RESOLVED, 1)

    def test_no_status_stays_none(self) -> None:
        """Where no status was stated, none is made up."""
        cut = a_history(event(E.PETITION_FILED, "2024-01-01")).known_by(date(2024, 2, 1))
        assert cut is not None
        assert cut.final_status is None

    def test_what_was_stated_later_goes(self) -> None:
        """Numbers and notes were stated at the last look; the number of a request comes with the request."""
        cut = PUBLIC["goodyear-slp"].known_by(date(2023, 4, 30))
        assert cut is not None
        assert (cut.workers_benefited, cut.backpay_usd, cut.notes, cut.impact, cut.request_number) == (None,) * 5
        later = PUBLIC["goodyear-slp"].known_by(date(2023, 5, 22))
        assert later is not None
        assert later.request_number == 8

    def test_a_day_is_a_plain_day(self) -> None:
        """A datetime is refused with the repair, though it is a date to Python."""
        with pytest.raises(EventError, match=r"known_by has to be a datetime.date; found datetime: write \.date\(\)"):
            load(known_by=datetime(2024, 1, 1))  # noqa: DTZ001 - what is tested

    @given(
        one=st.dates(START, date(2026, 12, 31)),
        other=st.dates(START, date(2026, 12, 31)),
    )  # fmt: skip
    def test_looking_back_twice_is_looking_back_once(self, one: date, other: date) -> None:
        """A cut of a cut is the cut at the earlier day; nothing that stays can lie after it."""
        cut = PUBLIC.cut(one)
        assert cut.cut(other) == PUBLIC.cut(min(one, other))
        assert all(last <= min(one, history.as_of) for history in cut for _, last in history.periods)
        kept = {history.id: history.periods for history in PUBLIC}
        assert all(
            history.periods == kept[history.id][: len(history.periods)] for history in cut if not _hold_in(history)
        )


def _hold_in(history: History) -> bool:
    return any(one.type in HOLD for one in history.events)


class TestImpact:
    """What remediation brought, as far as the record states it."""

    def test_numbers_in_cents(self) -> None:
        """Back pay is whole US dollars in the file, and whole cents in the impact."""
        assert PUBLIC["tridonex"].impact == Impact(
            workers_benefited=154, workers_reinstated=154, back_pay_cents=60_000_000, source="history tridonex"
        )
        assert PUBLIC["tridonex"].back_pay_cents == 60_000_000

    def test_silence_is_none(self) -> None:
        """A history that states nothing has no impact, never a zero."""
        assert PUBLIC["gm-silao"].impact is None
        assert PUBLIC["gm-silao"].back_pay_cents is None
        assert a_history(event(E.PETITION_FILED, "2024-01-01"), workers_benefited=0).impact == Impact(
            workers_benefited=0, source="history a-1"
        )

    def test_sum_over_histories(self) -> None:
        """``impact`` sums the real histories, and says how many state nothing."""
        found = rrm.impact(PUBLIC)
        assert (found.cases, found.workers_benefited, found.back_pay_cents) == (30, 1454, 480_000_000)
        assert found.silent == sum(one.impact is None for one in PUBLIC)


def _cases(data: dict[str, Any]) -> Any:
    return data["cases"][0]


def _event(data: dict[str, Any], number: int) -> Any:
    return data["cases"][0]["events"][number - 1]


class TestStrictLoader:
    """The loader is strict; each error names file, case, event and field, what was found, and what would be right."""

    def test_the_small_file_is_right(self, tmp_path: Path) -> None:
        """What the other tests of this class break is whole."""
        (one,) = load(written(tmp_path, a_file()))
        assert (one.sector, one.complainant, one.respondent) == (Sector.MANUFACTURING, Party.US, Party.MX)
        assert one.events[2] == event(E.REVIEW_RESULT_DENIAL_FOUND, "2024-03-01", "2024-03-31", partial=True)
        assert one.events[2].known == (date(2024, 3, 1), date(2024, 3, 31))
        assert one.events[0].known is None
        assert one.events[3].agreed_end == date(2024, 10, 10)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            # ---- the file ------------------------------------------------------------------------------------------
            (lambda f: f.update(format="rrm-case-histories/2"), ["has to be 'rrm-case-histories/1'", "histories/2"]),
            (lambda f: f.pop("format"), ["format has to be 'rrm-case-histories/1'", "found None"]),
            (lambda f: f.update(compiled="24 November"), ["compiled", "2023-05-03", "'24 November'"]),
            (lambda f: f.update(case=[]), ["there is no field 'case'", "did you mean 'cases'?"]),
            (lambda f: f.update(cases={}), ["cases has to be a list", "found an object"]),
            (lambda f: f.pop("cases"), ["cases has to be a list", "found nothing"]),
            (lambda f: f["cases"].append(7), ["case 2 has to be an object", "found 7"]),
            (lambda f: f["cases"].append(f["cases"][0]), ["case 2: id: 'a-1' is taken by case 1"]),
            # ---- a case --------------------------------------------------------------------------------------------
            (lambda f: _cases(f).update(facilty="x"), ["case 1 (a-1)", "no field 'facilty'", "'facility'"]),
            (lambda f: _cases(f).update(zzz="x"), ["no field 'zzz'", "the fields are id, facility"]),
            (lambda f: _cases(f).pop("id"), ["case 1: id is needed"]),
            (lambda f: _cases(f).update(id=7), ["case 1: id has to be a text", "found int"]),
            (lambda f: _cases(f).update(id="a/1"), ["case 1 (a/1): id takes letters", "write 'a-1'"]),
            (lambda f: _cases(f).update(facility=None), ["case 1 (a-1): facility is needed"]),
            (lambda f: _cases(f).update(facility=" "), ["facility is empty"]),
            (lambda f: _cases(f).update(company=["x"]), ["company has to be a text", "found list"]),
            (lambda f: _cases(f).update(sector="farming"), ["sector has to be one of 'manufacturing'", "'farming'"]),
            (lambda f: _cases(f).update(origin="rumour"), ["origin has to be one of 'petition', ", "'rumour'"]),
            (lambda f: _cases(f).update(origin=["petition"]), ["origin has to be one of", "['petition']"]),
            (lambda f: _cases(f).update(complainant="BR"), ["complainant has to be one of 'US', 'MX', 'CA'", "'BR'"]),
            (lambda f: _cases(f).update(respondent="CA"), ["have to be MX and US or CA and MX", "found US and CA"]),
            (lambda f: _cases(f).update(respondent="US"), ["found US and US"]),
            (lambda f: _cases(f).update(request_number=0), ["request_number has to lie between 1", "found 0"]),
            (lambda f: _cases(f).update(request_number=True), ["request_number has to be a whole number", "bool"]),
            (lambda f: _cases(f).update(linked_to="a-1"), ["linked_to names the case itself"]),
            (lambda f: _cases(f).update(linked_to="a 1"), ["linked_to takes letters", "write 'a-1'"]),
            (lambda f: _cases(f).update(final_status="done"), ["final_status has to be one of 'resolved'", "'done'"]),
            (lambda f: _cases(f).update(as_of=None), ["as_of is needed"]),
            (lambda f: _cases(f).update(as_of="2024-6-30"), ["as_of: a day is written as 2023-05-03", "'2024-6-30'"]),
            (lambda f: _cases(f).update(as_of="2024-04-09"), ["event 4", "2024-04-10 lies after as_of (2024-04-09)"]),
            (lambda f: _cases(f).update(as_of="2020-06-30"), ["as_of lies before 2020-07-01"]),
            (lambda f: _cases(f).update(backpay_usd="12"), ["backpay_usd has to be a whole number", "'12'"]),
            (lambda f: _cases(f).update(workers_benefited=-1), ["workers_benefited has to lie between 0", "found -1"]),
            (lambda f: _cases(f).update(notes="a\u202eb"), ["notes holds the character U+202E at place 1"]),
            (lambda f: _cases(f).update(notes="a\ud800b"), ["notes holds the character U+D800"]),
            (lambda f: _cases(f).update(events=None), ["events is needed"]),
            (lambda f: _cases(f).update(events={}), ["events has to be a list"]),
            # ---- an event ------------------------------------------------------------------------------------------
            (lambda f: _cases(f)["events"].append("x"), ["event 5 has to be an object", "found 'x'"]),
            (lambda f: _event(f, 2).pop("type"), ["event 2: type is needed"]),
            (lambda f: _event(f, 2).update(type="panel_request"), ["event 2 (panel_request): type: ", "'panel_requested'"]),
            (lambda f: _event(f, 2).update(type=["x"]), ["event 2: type: there is no type of event ['x']"]),
            (lambda f: _event(f, 2).update(day="2024-02-01"), ["event 2 (request_for_review): there is no field"]),
            (lambda f: _event(f, 2).update(earliest="2024-02-01"), ["no field 'earliest'"]),
            (lambda f: _event(f, 2).update(date="2024-02-30"), ["date: a day is written as", "'2024-02-30'"]),
            (lambda f: _event(f, 2).update(date="20240201"), ["date: a day is written as", "'20240201'"]),
            (lambda f: _event(f, 2).update(date="2024-W05-4"), ["date: a day is written as", "'2024-W05-4'"]),
            (lambda f: _event(f, 2).update(date=20240201), ["date: a day is written as", "found 20240201"]),
            (lambda f: _event(f, 2).update(date="2020-06-30"), ["date lies before 2020-07-01", "check the year"]),
            (lambda f: _event(f, 2).update(date="9001-01-01"), ["date lies in the year 9001"]),
            (lambda f: _event(f, 2).update(date="2024-04-11"), ["event 3", "lies before 2024-04-11", "event 2"]),
            (lambda f: _event(f, 2).update(date_range=["2024-02-01", "2024-02-02"]), ["date (2024-02-01) and a"]),
            (lambda f: _event(f, 3).update(date_range=["2024-03-31", "2024-03-01"]), ["the period runs backwards"]),
            (lambda f: _event(f, 3).update(date_range=["2024-03-31"]), ["date_range: a period is written as [e"]),
            (lambda f: _event(f, 3).update(date_range=["2024-03-31", None]), ["date_range: a period is written as"]),
            (lambda f: _event(f, 3).update(date_range="2024-03"), ["date_range has to be a list", "'2024-03'"]),
            (lambda f: _event(f, 3).update(date_range=["March", "April"]), ["date_range: a day is written", "'March'"]),
            (lambda f: _event(f, 3).update(date_range=["2019-01-01", "2020-06-30"]), ["latest lies before 2020-07-01"]),
            (lambda f: _event(f, 3).update(partial="yes"), ["partial has to be True or False", "'yes'"]),
            (lambda f: _event(f, 2).update(partial=True), ["partial belongs to the findings", "request_for_review"]),
            (lambda f: _event(f, 2).update(agreed_end="2024-10-10"), ["agreed_end belongs to course_extended and"]),
            (lambda f: _event(f, 4).update(agreed_end="2024-04-09"), ["agreed_end (2024-04-09) lies before the"]),
            (lambda f: _event(f, 4).pop("agreed_end"), ["agreed_end_source states where", "there is none"]),
            (lambda f: _event(f, 2).update(confidence="sure"), ["confidence has to be one of 'official'", "'sure'"]),
            (lambda f: _event(f, 2).update(source_url="javascript:alert(1)"), ["source_url has to be an address that"]),
            (lambda f: _event(f, 2).update(source_url=1), ["source_url has to be a text"]),
            (lambda f: _event(f, 2).update(note="tab\there"), ["note holds the character U+0009"]),
        ],
    )  # fmt: skip
    def test_wrong(self, tmp_path: Path, change: Callable[[Any], Any], words: list[str]) -> None:
        """A file with one thing wrong is refused; the message has the file first and fits a line."""
        data = a_file()
        change(data)
        with pytest.raises(HistoryError) as caught:
            load(written(tmp_path, data))
        message = str(caught.value)
        assert message.startswith("mine.json: ")
        assert [word for word in words if word not in message] == []
        assert "\n" not in message
        assert message.isprintable()

    @pytest.mark.parametrize("place", range(1, 5))
    def test_the_event_is_named(self, tmp_path: Path, place: int) -> None:
        """The message counts events from 1 and gives the type."""
        data = a_file()
        _event(data, place)["note"] = 7
        kind = _event(data, place)["type"]
        with pytest.raises(
            HistoryError, match=rf"^mine.json: case 1 \(a-1\): event {place} \({kind}\): note has to be"
        ):
            load(written(tmp_path, data))

    def test_absent_and_null_say_the_same(self, tmp_path: Path) -> None:
        """A field that is null and one that is absent are both not stated."""
        data = a_file()
        bare = {"id": "a-1", "facility": "Planta Uno", "events": [{"type": "petition_filed"}], "as_of": "2024-01-01"}
        nulls = dict.fromkeys(
            ("company", "city", "sector", "origin", "final_status", "backpay_usd", "notes", "linked_to")
        )
        data["cases"] = [bare | nulls]
        one = load(written(tmp_path, data))
        data["cases"] = [bare]
        assert load(written(tmp_path, data)) == one
        assert (one[0].complainant, one[0].respondent, one[0].sector) == (Party.US, Party.MX, None)

    def test_a_citation_is_a_source(self, tmp_path: Path) -> None:
        """A source may be cited without an address."""
        data = a_file()
        _event(data, 2)["source_url"] = "Official Gazette, 3 May 2023"
        assert load(written(tmp_path, data))[0].events[1].source_url == "Official Gazette, 3 May 2023"

    def test_text_is_kept_composed(self, tmp_path: Path) -> None:
        """Text is kept in Unicode's form NFC, so that equal words are equal."""
        data = a_file()
        _cases(data)["city"] = "Quere\u0301taro"
        assert load(written(tmp_path, data))[0].city == "Querétaro"

    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        """Histories written as JSON are read back as they were."""
        for one in (PUBLIC, load(written(tmp_path, a_file())), Histories(())):
            assert load(written(tmp_path, one.as_json())) == one

    def test_every_type_is_read(self, tmp_path: Path) -> None:
        """Each type of the vocabulary, each status and each confidence is taken."""
        for kind in E:
            data = a_file()
            _cases(data)["events"] = [{"type": kind.value, "date": "2024-02-01"}]
            assert load(written(tmp_path, data))[0].events[0].type is kind
        for status in FinalStatus:
            data = a_file()
            _cases(data)["final_status"] = status.value
            assert load(written(tmp_path, data))[0].final_status is status
        for sure in Confidence:
            data = a_file()
            _event(data, 1)["confidence"] = sure.value
            assert load(written(tmp_path, data))[0].events[0].confidence is sure


class TestBoundedReading:
    """A file is read only as far as it is a file of histories."""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('{"format": ', "line 1, column 12: no JSON"),
            ('{"format": "x", "format": "y"}', "the field 'format' stands twice in one object"),
            ('{"format": 1.5}', "numbers are whole here; found 1.5"),
            ('{"format": NaN}', "numbers are whole here; found NaN"),
            ('{"format": -Infinity}', "numbers are whole here; found -Infinity"),
            ('{"format": 1e400}', "numbers are whole here; found 1e400"),
            ('{"cases": ' + "9" * 5000 + "}", "mine.json: "),
            ("[1, 2]", "mine.json has to be an object with named fields; found a list"),
            ("[" * 17 + "]" * 17, "nested deeper than 16"),
            ("[" * 100_000, "nested deeper than 16"),
            ('{"a":' * 100_000, "nested deeper than 16"),
            ('["' + "[" * 100 + '"]', "found a list"),
            ('["' + r"\"" * 50_000, "no JSON"),
        ],
    )
    def test_no_file_of_histories(self, tmp_path: Path, text: str, words: str) -> None:
        """What is no JSON, or JSON with traps, is refused in a line."""
        with pytest.raises(HistoryError) as caught:
            load(written(tmp_path, text))
        assert words in str(caught.value)
        assert len(str(caught.value)) < 300

    def test_the_largest_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file of exactly the bound is read; one byte more is not."""
        path = written(tmp_path, a_file())
        size = path.stat().st_size
        monkeypatch.setattr(reading, "LARGEST", size)
        assert len(load(path)) == 1
        monkeypatch.setattr(reading, "LARGEST", size - 1)
        with pytest.raises(HistoryError, match=f"mine.json has more than {size - 1} bytes: split it"):
            load(path)

    def test_bytes_that_are_no_utf8(self, tmp_path: Path) -> None:
        """A file in another encoding is refused with the repair."""
        path = tmp_path / "mine.csv"
        path.write_bytes("id;facility\na;Querétaro".encode("cp1252"))
        with pytest.raises(HistoryError, match=r"mine.csv is no UTF-8 \(byte 18\): save it as UTF-8"):
            load(path)

    def test_a_mark_at_the_start_is_passed_over(self, tmp_path: Path) -> None:
        """A file that begins with the mark of UTF-8 is read."""
        path = tmp_path / "mine.json"
        path.write_text(json.dumps(a_file()), encoding="utf-8-sig")
        assert load(path).ids == ("a-1",)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        """A missing file is an OSError, as Python has it."""
        with pytest.raises(FileNotFoundError):
            load(tmp_path / "none.json")

    @given(text=st.text(max_size=60) | st.text('[]{}",:\\1ea\n', max_size=60))
    def test_any_text(self, text: str) -> None:
        """Any text is either read or refused with an error of the library."""
        try:
            cases, _ = reading.read_json(text, "x")
        except HistoryError:
            return
        assert cases == []


class TestValues:
    """Values made by hand are checked like those of a file."""

    def test_events_are_events(self) -> None:
        """A history takes nothing for an event that is none."""
        with pytest.raises(HistoryError, match="events has to be a sequence of HistoryEvent; found list"):
            History("a-1", "Planta Uno", events=["x"], as_of=date(2024, 1, 1))  # type: ignore[arg-type] # what is tested
        with pytest.raises(HistoryError, match="events has to be a sequence of HistoryEvent; found int"):
            History("a-1", "Planta Uno", events=7, as_of=date(2024, 1, 1))  # type: ignore[arg-type] # what is tested

    def test_a_period_has_two_ends(self) -> None:
        """One end alone is refused."""
        with pytest.raises(HistoryError, match="a period has two ends"):
            HistoryEvent(E.PETITION_FILED, earliest=date(2024, 1, 1))
        with pytest.raises(HistoryError, match="a period has two ends"):
            HistoryEvent(E.PETITION_FILED, latest=date(2024, 1, 1))

    def test_a_datetime_is_no_day(self) -> None:
        """A datetime is refused with the repair."""
        with pytest.raises(HistoryError, match=r"date has to be a datetime.date; found datetime: write \.date\(\)"):
            HistoryEvent(E.PETITION_FILED, datetime(2024, 1, 1))  # noqa: DTZ001 - what is tested

    def test_what_is_needed_is_needed(self) -> None:
        """None is no id, no Party and no day of the last look."""
        for name in ("id", "facility", "complainant", "respondent", "as_of", "events"):
            stated = {"id": "a-1", "facility": "x", "events": (), "as_of": date(2024, 1, 1), name: None}
            with pytest.raises(HistoryError, match=f"^{name} "):
                History(**stated)  # type: ignore[arg-type] # what is tested

    def test_words_become_members(self) -> None:
        """Values of the Enums are taken for their members."""
        one = a_history(event("petition_filed"), sector="mining", complainant="CA")  # type: ignore[arg-type] # what is tested
        assert (one.events[0].type, one.sector, one.complainant) == (E.PETITION_FILED, Sector.MINING, Party.CA)

    def test_first_of_several_types(self) -> None:
        """``first`` gives the first event of any of the types, or None."""
        one = PUBLIC["sig"]
        assert one.first(E.MATTER_RESOLVED, E.REVIEW_RESULT_NO_DENIAL) is one.events[4]
        assert one.first(E.PANEL_REQUESTED) is None

    @given(kind=st.sampled_from(E), day=st.none() | st.dates(START, date(2030, 1, 1)), blur=st.integers(0, 40))
    def test_json_of_an_event_is_that_of_the_files(self, kind: EventType, day: date | None, blur: int) -> None:
        """An event written as JSON has its type, its day or null, and nothing that is not stated."""
        exact = HistoryEvent(kind, day)
        assert exact.as_json() == {"type": kind.value, "date": None if day is None else day.isoformat()}
        if day is not None:
            last = day + timedelta(blur)
            assert HistoryEvent(kind, earliest=day, latest=last).as_json() == {
                "type": kind.value, "date": None, "date_range": [str(day), str(last)],
            }  # fmt: skip
