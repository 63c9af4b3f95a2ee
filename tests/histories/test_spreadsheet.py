"""Histories as rows: CSV files, mappings, data frames, the template, and the order that a row gives its events.

In the cell of an event stands a day, a month, a year, a period, ``?`` (it happened, the day is not known), or nothing.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case.claim import Party, Sector
from rrm_lifecycle.errors import HistoryError
from rrm_lifecycle.histories import EventType, FinalStatus, History, from_rows, load, template, write_template
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.cells import period_of, spelt
from rrm_lifecycle.histories.event import Period
from rrm_lifecycle.histories.spreadsheet import COLUMNS, ordered, row_of
from rrm_lifecycle.histories.vocabulary import HOLD

E: Final = EventType
START: Final = date(2020, 7, 1)
LAST: Final = date(2026, 12, 31)
ROW: Final = {"id": "a-1", "facility": "Planta Uno", "as_of": "2025-12-31"}


def one(**cells: object) -> History:
    """Return the history of a row with these cells more."""
    return from_rows([{**ROW, **cells}])[0]


def kinds(history: History) -> list[EventType]:
    """Return the types of its events in order."""
    return [event.type for event in history.events]


def loaded(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[History]:
    """Write a CSV file and load it."""
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return list(load(path))


def refused(tmp_path: Path, text: str) -> str:
    """Write a CSV file, find it refused, and return the message."""
    with pytest.raises(HistoryError) as caught:
        loaded(tmp_path, text)
    return str(caught.value)


def day(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


class TestCells:
    """What stands in the cell of an event says when it happened."""

    @pytest.mark.parametrize(
        ("cell", "known"),
        [
            ("2023-05-03", ("2023-05-03", "2023-05-03")),
            (" 2023-05-03 ", ("2023-05-03", "2023-05-03")),
            ("2023-05", ("2023-05-01", "2023-05-31")),
            ("2024-02", ("2024-02-01", "2024-02-29")),
            ("2023-02", ("2023-02-01", "2023-02-28")),
            ("2023-12", ("2023-12-01", "2023-12-31")),
            ("2023", ("2023-01-01", "2023-12-31")),
            ("2023-05-03/2023-05-20", ("2023-05-03", "2023-05-20")),
            ("2023-05-03 / 2023-05-20", ("2023-05-03", "2023-05-20")),
            ("2023-05/2023-07", ("2023-05-01", "2023-07-31")),
            ("2023/2024-02", ("2023-01-01", "2024-02-29")),
            ("2023-05-03/2023-05-03", ("2023-05-03", "2023-05-03")),
            (day("2023-05-03"), ("2023-05-03", "2023-05-03")),
            (2023, ("2023-01-01", "2023-12-31")),
            (2023.0, ("2023-01-01", "2023-12-31")),
            ("?", None),
            (" ? ", None),
        ],
    )
    def test_spellings(self, cell: object, known: tuple[str, str] | None) -> None:
        """A day, a month, a year, a period and a question mark each have their spelling."""
        (event,) = one(request_for_review=cell).events
        assert event.known == (known and (day(known[0]), day(known[1])))

    @pytest.mark.parametrize("cell", ["", "  ", None, float("nan"), pd.NaT, pd.NA])
    def test_an_empty_cell_says_nothing(self, cell: object) -> None:
        """An empty cell, and what pandas puts there, mean that the event is not known to have happened."""
        assert one(request_for_review=cell, company=cell, workers_benefited=cell).events == ()

    def test_an_exact_day_is_a_day(self) -> None:
        """A day is kept as the day, a month as a period."""
        exact, month = one(petition_filed="2023-05-03", request_for_review="2023-06").events
        assert (exact.date, exact.earliest) == (day("2023-05-03"), None)
        assert (month.date, month.earliest, month.latest) == (None, day("2023-06-01"), day("2023-06-30"))

    @pytest.mark.parametrize(
        ("cell", "words"),
        [
            ("03/05/2023", "write the year first, then month and day"),
            ("5.3.23", "write the year first"),
            ("45049", "the number by which a spreadsheet keeps a day"),
            (45049, "found 45049: this looks like the number"),
            ("May 2023", "write 2023-05-03, 2023-05 (month), 2023 (year)"),
            ("2023-13", "no day is written so"),
            ("2023-00", "no day is written so"),
            ("0000", "no day is written so"),
            ("0000-01", "no day is written so"),
            ("2023-02-29", "no day is written so; found '2023-02-29'"),
            ("2023-5-3", "no day is written so"),
            ("20230503", "no day is written so"),
            ("2023-05-03/", "no day is written so"),
            ("/2023-05-03", "no day is written so"),
            ("2023-05-03/?", "no day is written so"),
            ("??", "no day is written so"),
            ("٢٠٢٣", "no day is written so"),
            ("2023-05-20/2023-05-03", "the period runs backwards, from 2023-05-20 to 2023-05-03"),
            ("2019", "latest lies before 2020-07-01"),
            ("2020-06-30", "date lies before 2020-07-01"),
            ("2026-01-01", "2026-01-01 lies after as_of (2025-12-31)"),
            (True, "has to be a text; found True"),
            (2023.5, "has to be a text; found 2023.5"),
            (["2023"], "has to be a text"),
        ],
    )
    def test_misspelt(self, cell: object, words: str) -> None:
        """Anything else is refused; the message names row, case, column, what was found, and the repair."""
        with pytest.raises(HistoryError) as caught:
            one(request_for_review=cell)
        message = str(caught.value)
        assert message.startswith("row 1 (a-1): ")
        assert "request_for_review" in message
        assert words in message

    @pytest.mark.parametrize("cell", [datetime(2023, 5, 3), pd.Timestamp("2023-05-03")])  # noqa: DTZ001 - what is tested
    def test_a_moment_is_no_day(self, cell: object) -> None:
        """A datetime and a Timestamp are refused with the repair: whose day they mean depends on a time zone."""
        with pytest.raises(HistoryError, match=r"write \.date\(\) behind it, or df\[column\]\.dt\.date"):
            one(request_for_review=cell)

    @given(first=st.dates(START, LAST), days=st.integers(0, 800))
    def test_spelt_and_read(self, first: date, days: int) -> None:
        """A period that is spelt is read as it was."""
        period = first, first + timedelta(days)
        assert period_of(spelt(period), "x") == period

    @pytest.mark.parametrize("cell", ["2024-02", "2023", "2023-05-03", "2023-05-03/2023-06-01", "?"])
    def test_read_and_spelt(self, cell: str) -> None:
        """The shortest spelling is chosen."""
        assert spelt(period_of(cell, "x")) == cell


class TestOtherColumns:
    """A row holds the facts of its case beside its events."""

    def test_all_of_them(self) -> None:
        """Each column of a case is kept under its name."""
        history = one(
            company="Uno SA", city="Puebla", state="Puebla", sector="mining", subsector="zinc", complainant="CA",
            respondent="MX", petitioner="a union", origin="hotline", request_number="7", linked_to="a-0",
            final_status="resolved", workers_benefited=" 12 ", workers_reinstated_or_paid=3, backpay_usd=1500.0,
            notes="a, b", request_for_review="2024-01-01",
        )  # fmt: skip
        assert (history.company, history.city, history.state, history.subsector) == (
            "Uno SA",
            "Puebla",
            "Puebla",
            "zinc",
        )
        assert (history.sector, history.complainant, history.respondent) == (Sector.MINING, Party.CA, Party.MX)
        assert (history.petitioner, history.origin, history.request_number) == ("a union", "hotline", 7)
        assert (history.linked_to, history.final_status, history.notes) == ("a-0", FinalStatus.RESOLVED, "a, b")
        assert (history.workers_benefited, history.workers_reinstated_or_paid, history.backpay_usd) == (12, 3, 1500)

    def test_id_and_facility_are_enough(self) -> None:
        """With an event they make a case: the United States complain against Mexico, the rest is not stated."""
        (history,) = from_rows([{"id": "a-1", "facility": "Planta Uno", "request_for_review": "2024-01-01"}])
        assert (history.complainant, history.respondent) == (Party.US, Party.MX)
        assert (history.sector, history.origin, history.final_status, history.impact) == (None, None, None, None)

    def test_the_last_look_is_at_least_the_last_day(self) -> None:
        """Where no last look is stated, it is the last day that the row names."""
        (history,) = from_rows(
            [{"id": "a", "facility": "x", "request_for_review": "2024-01-05", "matter_resolved": "2024-06"}]
        )
        assert history.as_of == day("2024-06-30")

    @pytest.mark.parametrize(
        ("cells", "words"),
        [
            (
                {"request_for_review": "2024-01-05", "matter_resolved": "?"},
                "matter_resolved: nothing bounds its day: fill as_of",
            ),
            ({"request_for_review": "?"}, "request_for_review: nothing bounds its day: fill as_of"),
            ({}, "no event is stated: fill as_of"),
        ],
    )
    def test_what_nothing_bounds_needs_a_last_look(self, cells: dict[str, str], words: str) -> None:
        """Without a last look, an event that nothing bounds is refused with the repair."""
        with pytest.raises(HistoryError, match=words):
            from_rows([{"id": "a", "facility": "x", **cells}])
        assert len(from_rows([{**ROW, **cells}])) == 1

    def test_courses(self) -> None:
        """The agreed end goes to the course, the later one to its extension."""
        first, later = one(
            course_of_remediation_agreed="2024-01-05",
            course_end="2024-03-01",
            course_extended="2024-02",
            extended_end="2024-06-01",
        ).events
        assert (first.agreed_end, later.agreed_end) == (day("2024-03-01"), day("2024-06-01"))

    @pytest.mark.parametrize("yes", ["yes", "Yes", "true", "1", "sí", True, 1])
    def test_partial(self, yes: object) -> None:
        """A yes makes the Denial found a limited one."""
        assert one(review_result_denial_found="2024-01-05", partial=yes).events[0].partial

    @pytest.mark.parametrize("no", ["no", "false", "0", False, ""])
    def test_not_partial(self, no: object) -> None:
        """A no says no more than an empty cell, with or without a finding."""
        assert not one(review_result_denial_found="2024-01-05", partial=no).events[0].partial
        assert one(partial=no).events == ()

    def test_source(self) -> None:
        """The source of a row is that of each of its events."""
        history = one(petition_filed="2024-01-05", request_for_review="2024-02", source="https://example.org/1")
        assert {address: len(events) for address, events in history.sources.items()} == {"https://example.org/1": 2}

    @pytest.mark.parametrize(
        ("cells", "words"),
        [
            ({"id": None}, ": id is needed and not stated"),
            ({"facility": "  "}, ": facility is needed and not stated"),
            ({"id": "a/1"}, "id takes letters"),
            ({"id": 1.5}, "id has to be a text; found 1.5"),
            ({"sector": "farming"}, "sector has to be one of"),
            ({"origin": "self_initiated"}, "origin has to be one of 'petition', 'hotline', 'self-initiated'"),
            ({"complainant": "USA"}, "complainant has to be one of 'US', 'MX', 'CA'"),
            ({"final_status": "closed"}, "final_status has to be one of"),
            (
                {"request_number": "seven"},
                "request_number has to be a whole number, written with digits alone; found 'seven'",
            ),
            (
                {"backpay_usd": "1,500"},
                "backpay_usd has to be a whole number, written with digits alone; found '1,500'",
            ),
            ({"backpay_usd": 1500.5}, "backpay_usd has to be a whole number"),
            ({"backpay_usd": True}, "backpay_usd has to be a whole number"),
            ({"workers_benefited": -2}, "workers_benefited has to lie between 0"),
            ({"as_of": "2024-05"}, "as_of has to be a single day such as 2023-05-03; found '2024-05'"),
            ({"as_of": "?"}, "as_of has to be a single day"),
            ({"course_end": "2024-05-01"}, "course_end is stated, and course_of_remediation_agreed is empty"),
            ({"extended_end": "2024-05-01"}, "extended_end is stated, and course_extended is empty"),
            ({"partial": "yes"}, "partial is stated, and review_result_denial_found is empty"),
            ({"partial": "perhaps"}, "partial has to be yes or no; found 'perhaps'"),
            (
                {"course_of_remediation_agreed": "2024-05-02", "course_end": "2024-05-01"},
                "course_of_remediation_agreed: agreed_end",
            ),
            ({"petition_filed": "?", "source": "file:///etc"}, "source_url has to be an address"),
            ({"notes": "line\nbreak"}, "notes holds the character U+000A"),
            ({"request": "2024-01-01"}, "there is no column 'request': "),
            ({"request_for_revue": "2024-01-01"}, "did you mean 'request_for_review'"),
            ({"zzz": ""}, "there is no column 'zzz': 'rrm template FILE.csv' writes them all"),
            ({7: "x"}, "there is no column 7"),
        ],
    )
    def test_wrong(self, cells: dict[str, Any], words: str) -> None:
        """A cell that is wrong is refused; the message begins with the row."""
        with pytest.raises(HistoryError) as caught:
            from_rows([{**ROW, **cells}])
        assert str(caught.value).startswith("row 1")
        assert words in str(caught.value)


class TestRows:
    """``from_rows`` takes mappings, such as the records of a data frame."""

    def test_rows_are_counted_from_one(self) -> None:
        """The message names the row."""
        with pytest.raises(HistoryError, match=r"^row 2 has to be a mapping from column to cell; found list"):
            from_rows([ROW, []])  # type: ignore[list-item] # what is tested
        with pytest.raises(HistoryError, match=r"^rows: case 2: id: 'A-1' is taken by case 1 \('a-1'\)"):
            from_rows([ROW, {**ROW, "id": "A-1"}])

    @pytest.mark.parametrize("rows", [ROW, "id,facility", b"id", pd.DataFrame([ROW])])
    def test_one_thing_is_no_sequence_of_rows(self, rows: Any) -> None:
        """A single mapping, a text and a data frame are refused with the repair."""
        with pytest.raises(HistoryError, match=r'rows have to be a sequence of mappings.*df.to_dict\("records"\)'):
            from_rows(rows)

    def test_no_rows(self) -> None:
        """No rows are no histories."""
        assert len(from_rows([])) == 0

    def test_records_of_a_data_frame(self) -> None:
        """A frame with empty cells gives its records as they are: whole numbers kept as floats, NaN, and days."""
        frame = pd.DataFrame({
            "id": [1, 2],
            "facility": ["Planta Uno", "Planta Dos"],
            "company": ["Uno", None],
            "workers_benefited": [12, None],
            "request_for_review": [day("2024-01-05"), None],
            "petition_filed": [2023, None],
            "as_of": ["2024-12-31", "2024-12-31"],
        })  # fmt: skip
        first, second = from_rows(frame.to_dict("records"))  # type: ignore[arg-type] # keys of a frame are hashable, here texts
        assert (first.id, first.workers_benefited, kinds(first)) == ("1", 12, [E.PETITION_FILED, E.REQUEST_FOR_REVIEW])
        assert (second.id, second.company, second.workers_benefited, second.events) == ("2", None, None, ())

    def test_known_by(self) -> None:
        """Rows can be cut off at a day like a file."""
        row = {**ROW, "petition_filed": "2024-01-01", "request_for_review": "2024-02"}
        cut = from_rows([row], known_by=day("2024-02-10"))
        assert [kinds(history) for history in cut] == [[E.PETITION_FILED]]


class TestOrder:
    """Events stand in the order of their days; where days do not tell, in that of a case."""

    @pytest.mark.parametrize(
        ("cells", "order"),
        [
            pytest.param(
                {"matter_resolved": "2024-03-01", "request_for_review": "2024-01-01", "respondent_accepts_review": "?"},
                "request_for_review respondent_accepts_review matter_resolved",
                id="no-day-between",
            ),
            pytest.param(
                {"petition_filed": "?", "request_for_review": "2024-01-01"},
                "petition_filed request_for_review",
                id="no-day-before",
            ),
            pytest.param(
                {"request_for_review": "2024-01-10", "respondent_accepts_review": "2024-01"},
                "request_for_review respondent_accepts_review",
                id="a-period-that-begins-before",
            ),
            pytest.param(
                {"review_result_no_denial": "2024-09", "matter_resolved": "2024-09-17", "request_for_review": "2024"},
                "request_for_review review_result_no_denial matter_resolved",
                id="periods-that-overlap",
            ),
            pytest.param(
                dict.fromkeys(("matter_resolved", "company_agreement", "review_result_no_denial"), "2024-08-10"),
                "review_result_no_denial company_agreement matter_resolved",
                id="one-day",
            ),
            pytest.param(
                {
                    "course_of_remediation_agreed": "2023-03-31", "facility_closed": "2023-08-19",
                    "course_failed": "2023-10-09",
                },
                "course_of_remediation_agreed facility_closed course_failed",
                id="a-plant-closes-when-it-closes",
            ),
            pytest.param(
                {
                    "request_for_review": "2023-01-01", "facility_closed": "2023-08-19", "course_failed": "2023-10-09",
                    "panel_requested": "?", "panel_constituted": "2024-01-01",
                },
                "request_for_review facility_closed course_failed panel_requested panel_constituted",
                id="a-closed-plant-pulls-nothing-forward",
            ),
            pytest.param(
                {"panel_requested": "2024-01-01", "panel_determination_denial": "?", "matter_resolved": "?"},
                "panel_requested panel_determination_denial matter_resolved",
                id="a-matter-is-resolved-last",
            ),
            pytest.param(
                {
                    "course_failed": "2024-01-01", "notice_of_intent_to_impose_remedies": "?",
                    "panel_requested": "2024-02-01", "panel_determination_no_denial": "2024-05-01",
                },
                "course_failed notice_of_intent_to_impose_remedies panel_requested panel_determination_no_denial",
                id="notice-after-a-failed-course",
            ),
            pytest.param(
                {
                    "panel_requested": "2024-02-01", "panel_determination_denial": "2024-05-01",
                    "course_failed": "2024-01-01", "notice_of_intent_to_impose_remedies": "?",
                },
                "course_failed panel_requested panel_determination_denial notice_of_intent_to_impose_remedies",
                id="notice-after-a-determination",
            ),
            pytest.param(
                {
                    "course_failed": "2024-01-01", "notice_of_intent_to_impose_remedies": "2024-01-15",
                    "panel_requested": "?", "panel_determination_denial": "2024-05-01",
                },
                "course_failed notice_of_intent_to_impose_remedies panel_requested panel_determination_denial",
                id="a-dated-notice-before-the-determination",
            ),
            pytest.param(
                {
                    "panel_requested": "2024-01-01", "panel_constituted": "?", "panel_determination_denial": "2024-03-01",
                    "course_of_remediation_agreed": "2024-04-01",
                },
                "panel_requested panel_constituted panel_determination_denial course_of_remediation_agreed",
                id="a-course-after-a-panel",
            ),
            pytest.param(
                {
                    "remedies_imposed": "2024-01-01", "remediation_completed": "?", "remedies_lifted": "2024-03-01",
                    "course_failed": "2023-06-01", "course_of_remediation_agreed": "2023-01-01",
                },
                "course_of_remediation_agreed course_failed remedies_imposed remediation_completed remedies_lifted",
                id="remediation-under-a-remedy",
            ),
        ],
    )  # fmt: skip
    def test_natural(self, cells: dict[str, str], order: str) -> None:
        """An event without a day stands where such events stand in a case."""
        assert [kind.value for kind in kinds(one(**cells))] == order.split()

    @given(data=st.data())
    def test_no_row_contradicts_itself(self, data: st.DataObject) -> None:
        """Whatever the cells, a row gives each event once, and never one before another that was wholly earlier."""
        chosen = data.draw(st.sets(st.sampled_from(E)))
        days = st.dates(START, LAST)
        periods: dict[EventType, Period | None] = {
            kind: data.draw(st.none() | st.tuples(days, days).map(lambda two: (min(two), max(two)))) for kind in chosen
        }
        order = ordered(periods)
        assert sorted(order) == sorted(chosen)
        for place, kind in enumerate(order):
            own = periods[kind]
            for later in order[place + 1 :]:
                other = periods[later]
                assert own is None or other is None or not other[1] < own[0]

    def test_every_type_has_its_place(self) -> None:
        """Each type of event can stand in a row, and without days all stand in the natural order."""
        assert sorted(ordered(dict.fromkeys(E))) == sorted(E)
        assert set(E) <= set(COLUMNS)


class TestCsv:
    """A CSV file is read however a spreadsheet wrote it."""

    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_marks_and_ends(self, tmp_path: Path, mark: str, end: str, encoding: str) -> None:
        """Commas, semicolons and tabs, ends of line of any kind, and the mark of UTF-8 are taken."""
        lines = [["id", "facility", "request_for_review", "city"], ["a", "Planta Uno", "2024-01-05", "Querétaro"]]
        (history,) = loaded(tmp_path, end.join(mark.join(cells) for cells in lines), encoding)
        assert (history.id, history.city, len(history.events)) == ("a", "Querétaro", 1)

    def test_heads_and_blank_rows(self, tmp_path: Path) -> None:
        """Capitals and spaces in a head, empty rows, short rows and empty columns at the end make no difference."""
        text = " ID ,Facility,REQUEST_FOR_REVIEW,notes,,\n\n,,,,,\na,x,2024-01-05\n  ,\nb,y,2024-01-06,,,\n"
        assert [history.id for history in loaded(tmp_path, text)] == ["a", "b"]

    def test_quoted_cells(self, tmp_path: Path) -> None:
        """A cell in quotes may hold the mark between columns."""
        (history,) = loaded(tmp_path, '"id","facility","as_of","notes"\na,"Uno, SA",2024-01-01,"he said ""no"""\n')
        assert (history.facility, history.notes) == ("Uno, SA", 'he said "no"')

    def test_head_alone(self, tmp_path: Path) -> None:
        """A head without rows holds no case."""
        assert loaded(tmp_path, "id,facility\n") == []

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "mine.csv: neither JSON nor a table with the columns id and facility; its first line is ''"),
            ("hello world", "its first line is 'hello world'"),
            ("id,petition_filed\n", "neither JSON nor a table with the columns id and facility"),
            ("id,facility,petition\n", "mine.csv: column 3: there is no column 'petition': "),
            ("id,facility,petition_file\n", "did you mean 'petition_filed'"),
            ("id,facility,id\n", "the column 'id' stands twice"),
            ("id,facility\na,x,2024-01-05\n", "mine.csv: row 2 has more cells than the first row; found '2024-01-05'"),
            ("id,facility,\na,x,y\n", "row 2: there is no column ''"),
            ("id,facility,as_of\n\na,x,2024-01-01\n,y,2024-01-01\n", "mine.csv: row 4: id is needed"),
            ("id,facility,as_of\na,x,2024-01-01\nb,y,1/1/2024\n", "mine.csv: row 3 (b): as_of: no day is written so"),
            (
                "id,facility,request_for_review\na,x,soon\n",
                "mine.csv: row 2 (a): request_for_review: no day is written so; found 'soon'",
            ),
            ("id,facility,as_of\na,x,2024-01-01\na,y,2024-01-01\n", "mine.csv: case 2: id: 'a' is taken by case 1"),
            ('id,facility\na,"x\n', "mine.csv: no CSV: "),
            ("id,facility\na," + "x" * 200_000, "mine.csv: no CSV: field larger than field limit"),
            ("id,facility,as_of\na\x00,x,2024-01-01\n", "mine.csv: row 2 (a\\x00): id takes letters"),
        ],
    )
    def test_wrong(self, tmp_path: Path, text: str, words: str) -> None:
        """A file that is wrong is refused; the message names file, row and column, on one line that can be printed."""
        message = refused(tmp_path, text)
        assert words in message
        assert message.isprintable()

    def test_rows_are_those_of_the_spreadsheet(self, tmp_path: Path) -> None:
        """A cell of two lines is one row, as in a spreadsheet."""
        message = refused(tmp_path, 'id,facility,as_of,notes\na,x,2024-01-01,"two\nlines"\n')
        assert message.startswith("mine.csv: row 2 (a): notes holds the character U+000A")

    def test_it_aligns(self, tmp_path: Path) -> None:
        """A spreadsheet of one's own plays through the table like the public record."""
        (history,) = loaded(
            tmp_path,
            "id,facility,petition_filed,request_for_review,respondent_accepts_review,course_of_remediation_agreed,course_end,"
            "matter_resolved\na,Planta Uno,?,2024-02-20,2024-03,2024-04-22,2024-08-30,2024-10\n",
        )
        aligned = align(history)
        assert aligned.deviations == ()
        assert aligned.case.closing == "course_completed"


class TestTemplate:
    """An empty file has every column, and never takes the place of a file that is there."""

    def test_every_column(self) -> None:
        """The line of the template names each column once, the id first."""
        (line,) = csv.reader(io.StringIO(template()))
        assert tuple(line) == COLUMNS
        assert len(set(COLUMNS)) == len(COLUMNS)

    def test_it_is_written_and_read(self, tmp_path: Path) -> None:
        """A template is a file that loads, and a row appended to it is a case."""
        path = tmp_path / "mine.csv"
        write_template(path)
        assert len(load(path)) == 0
        with path.open("a", encoding="utf-8") as file:
            file.write("a,Planta Uno" + "," * (COLUMNS.index("as_of") - 1) + "2024-01-01\n")
        assert load(path).ids == ("a",)

    def test_a_file_that_is_there_is_kept(self, tmp_path: Path) -> None:
        """A template is never written over a file."""
        path = tmp_path / "mine.csv"
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(FileExistsError, match="it is kept: choose another name"):
            write_template(path)
        assert path.read_text(encoding="utf-8") == "mine"


ids = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True).filter(
    lambda text: text not in {"con", "prn", "aux", "nul"}
)
words = st.text(
    st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\u2028\u2029"), min_size=1, max_size=20
)
texts = words.map(str.strip).filter(bool)


_FACTS: Final[dict[str, st.SearchStrategy[str]]] = {
    "company": texts,
    "notes": texts,
    "sector": st.sampled_from(Sector).map(str),
    "origin": st.sampled_from(("petition", "hotline", "self-initiated")),
    "final_status": st.sampled_from(FinalStatus).map(str),
    "backpay_usd": st.integers(0, 10**9).map(str),
    "request_number": st.integers(1, 99).map(str),
}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    """Draw a row: facts of a case, and events on days, in periods, or on days that are not known."""
    days = st.dates(START, LAST)
    spans = st.tuples(days, days).map(lambda two: spelt((min(two), max(two))))
    months = days.map(lambda one: f"{one:%Y-%m}")
    cells = draw(st.dictionaries(st.sampled_from(E), st.one_of(days.map(str), spans, months, st.just("?"))))
    row: dict[str, str] = {"id": draw(ids), "facility": draw(texts), "as_of": str(LAST)}
    row |= {kind.value: cell for kind, cell in cells.items()}
    for column, cell in _FACTS.items():
        if draw(st.booleans()):
            row[column] = draw(cell)
    if E.COURSE_EXTENDED in cells:
        row["extended_end"] = str(LAST)
    if E.REVIEW_RESULT_DENIAL_FOUND in cells and draw(st.booleans()):
        row["partial"] = "yes"
    if draw(st.booleans()) and cells:
        row["source"] = "https://example.org/" + draw(ids)
    return row


class TestRoundTrip:
    """A row makes a history, and the history the row; by way of CSV too."""

    @given(row=rows())
    def test_row_history_row(self, row: dict[str, str]) -> None:
        """What a row says is what the row of its history says."""
        (history,) = from_rows([row])
        back = row_of(history)
        assert {column: cell for column, cell in back.items() if cell} == _normal(row)
        assert from_rows([back])[0] == history

    @given(row=rows())
    def test_history_csv_history(self, tmp_path_factory: pytest.TempPathFactory, row: dict[str, str]) -> None:
        """A history written as a line of CSV is read as it was."""
        (history,) = from_rows([row])
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerow(row_of(history))
        path = tmp_path_factory.mktemp("csv") / "mine.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        assert list(load(path)) == [history]

    @pytest.mark.parametrize("id", load().ids)
    def test_public_cases_as_rows(self, id: str) -> None:  # noqa: A002 - the word of the field
        """A public case written as a row keeps its facts and its events, in their order, with their days."""
        history = load()[id]
        back = from_rows([row_of(history)])[0]
        case_of = [event for event in history.events if event.type not in HOLD]
        assert [(event.type, event.known, event.agreed_end) for event in back.events if event.type not in HOLD] == [
            (event.type, event.known, event.agreed_end) for event in case_of
        ]
        assert (back.facility, back.as_of, back.final_status, back.impact) == (
            history.facility, history.as_of, history.final_status, history.impact,
        )  # fmt: skip

    def test_two_events_of_a_type_are_no_row(self) -> None:
        """A case in which one type stands twice is kept as JSON."""
        once = one(panel_requested="2024-01-01")
        twice = History("a-1", "Planta Uno", events=once.events * 2, as_of=once.as_of)
        with pytest.raises(
            HistoryError, match="panel_requested stands twice, and a row has one cell for it: keep this case as JSON"
        ):
            row_of(twice)


def _normal(row: dict[str, str]) -> dict[str, str]:
    """Return a row with what it does not say filled in, and periods in their shortest spelling."""
    cells = {column: spelt(period_of(cell, column)) if column in set(E) else cell for column, cell in row.items()}
    return {"complainant": "US", "respondent": "MX", **cells}
