"""Data frames: the same columns and types however little there is to show, and facts that agree with the values."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest

from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.histories import from_rows, load
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.show import Shown
from rrm_lifecycle.views import frames
from rrm_lifecycle.views.frames import DOCKET, FILED

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLIC: Final = load()
ALIGNED: Final = align_all(PUBLIC)
NOTHING: Final = from_rows([])
CASES: Final = PUBLIC.to_frame().set_index("id")
GOODYEAR: Final = ALIGNED["goodyear-slp"].case
TODAY: Final = date(2023, 9, 1)


def row(id: str) -> dict[str, Any]:  # noqa: A002 - the word of the field
    """Return the row of a case, empty cells as None."""
    found = CASES.loc[id]
    return {str(name): None if pd.isna(cell) else cell for name, cell in found.items()}


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a frame."""
    return frame.to_dict("records")


class TestColumns:
    """Columns are always there, with types that do not depend on the rows."""

    @pytest.mark.parametrize(
        ("make", "columns"),
        [
            (PUBLIC.to_frame, frames.CASES),
            (NOTHING.to_frame, frames.CASES),
            (lambda: PUBLIC.to_frame(kind="events"), frames.EVENTS),
            (lambda: NOTHING.to_frame(kind="events"), frames.EVENTS),
            (ALIGNED.to_frame, frames.CASES),
            (lambda: ALIGNED.to_frame(kind="acts"), frames.ACTS),
            (lambda: ALIGNED[:0].to_frame(kind="acts"), frames.ACTS),
            (ALIGNED["vu-2"].to_frame, frames.ACTS),
            (lambda: agenda(GOODYEAR, TODAY).to_frame(), frames.AGENDA),
            (lambda: agenda(GOODYEAR, date(2030, 1, 1)).to_frame(), frames.AGENDA),
            (lambda: options(GOODYEAR, TODAY).to_frame(), frames.OPTIONS),
        ],
    )
    def test_names_and_types(self, make: Callable[[], pd.DataFrame], columns: dict[str, str]) -> None:
        """Each frame has the columns that are documented for it, in their order, with their types."""
        assert {name: str(kind) for name, kind in make().dtypes.items()} == columns

    def test_kinds(self) -> None:
        """A kind that is none is refused with what there is."""
        with pytest.raises(EventError, match="kind has to be one of 'cases', 'events'; found 'acts'"):
            PUBLIC.to_frame(kind="acts")
        with pytest.raises(EventError, match="kind has to be one of 'cases', 'acts', 'event_log'; found 'events'"):
            ALIGNED.to_frame(kind="events")

    def test_what_has_no_frame(self) -> None:
        """A value without a frame says so."""
        with pytest.raises(TypeError, match=r"^there is no data frame of a Shown: "):
            Shown().to_frame()
        with pytest.raises(TypeError, match=r"^there is no data frame of a Shown with kind: "):
            Shown().to_frame(kind="cases")

    def test_without_pandas(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where pandas is missing, the error is an ImportError with the line to paste."""
        monkeypatch.setitem(sys.modules, "pandas", None)
        with pytest.raises(MissingExtra, match=r"python -m pip install 'rrm-lifecycle\[notebook\]'"):
            PUBLIC.to_frame()


class TestCases:
    """Histories one row a case: what the record states, and how the table reads it."""

    def test_one_row_a_case_in_order(self) -> None:
        """There is a row for each history, in the order of the file; alignments give the same frame."""
        assert tuple(CASES.index) == PUBLIC.ids
        assert ALIGNED.to_frame().set_index("id").equals(CASES)

    def test_goodyear(self) -> None:
        """The course at Goodyear ended 259 days after the request, 17 days after its agreed end."""
        found = row("goodyear-slp")
        assert (found["petition"], found["request"], found["closing"]) == tuple(
            map(pd.Timestamp, ("2023-04-20", "2023-05-22", "2024-02-05"))
        )
        assert (found["days"], found["closed"], found["stage"], found["phase"]) == (259, True, "closed", "resolved")
        assert (found["outcome"], found["final_status"], found["backpay_usd"]) == (
            "course_completed",
            "resolved",
            4_200_000,
        )
        assert (found["days_panel"], found["days_sanctions"]) == (None, None)
        assert (
            found["days_request_for_review"] + found["days_remediation"] == (date(2024, 2, 5) - date(2023, 4, 20)).days
        )

    def test_an_open_case_runs_to_the_last_look(self) -> None:
        """The case of Akwel is open, and counted to the last look."""
        found = row("akwel")
        assert (found["closing"], found["closed"], found["outcome"]) == (None, False, None)
        assert (found["days"], found["stage"], found["days_remediation"]) == (438, "course_running", 0)

    def test_without_a_request_there_are_no_days(self) -> None:
        """A petition that was rejected, and a matter settled before a request, have no days from a request."""
        assert (row("bbb-industries")["request"], row("bbb-industries")["days"]) == (None, None)
        assert (row("fraenkische-ca")["request"], row("fraenkische-ca")["days"]) == (None, None)
        assert row("fraenkische-ca")["outcome"] == "settled_before_request"

    def test_a_petition_without_a_day_is_empty(self) -> None:
        """The petition in the case of Atento is recorded without a day; that of Bader is not recorded."""
        assert row("atento")["petition"] is None
        assert row("bader")["petition"] is None

    def test_days_are_those_of_the_alignment(self) -> None:
        """For every case days, closing and stage agree with one another and with the aligned case."""
        for one in ALIGNED:
            found = row(one.history.id)
            assert (found["stage"], found["closed"]) == (one.case.stage.value, one.case.is_closed)
            end = found["closing"] or pd.Timestamp(one.history.as_of)
            assert found["days"] == (None if found["request"] is None else (end - found["request"]).days)
            assert found["days"] is None or found["days"] >= 0

    def test_a_late_act_is_counted_once(self) -> None:
        """Late acts are acts with a finding of lateness, however many limits they missed."""
        for one in ALIGNED:
            late = sum(any(found.code == "within" for found in entry.findings) for entry in one.entries)
            assert row(one.history.id)["late_acts"] == late
        assert CASES["late_acts"].sum() > 0

    def test_a_refused_request_has_no_day(self) -> None:
        """A request that the table refuses leaves its day empty rather than guessed."""
        own = {"id": "a", "facility": "x", "petition_rejected": "2024-01-05", "request_for_review": "2024-02-01"}
        (found,) = _records(from_rows([own]).to_frame())
        assert pd.isna(found["request"])
        assert pd.isna(found["days"])


class TestEvents:
    """Histories one row an event, as the record tells it."""

    def test_one_row_an_event(self) -> None:
        """There is a row for each event, in order, with its period clamped by its neighbours."""
        found = PUBLIC.to_frame(kind="events")
        assert len(found) == sum(len(one.events) for one in PUBLIC)
        exact = found[found["date"].notna()]
        assert (exact["earliest"] == exact["date"]).all()
        assert (exact["latest"] == exact["date"]).all()
        assert (found["earliest"] <= found["latest"]).all()

    def test_a_period(self) -> None:
        """The acceptance at Teksid has no day; it lies between the request and the end of the month."""
        events = PUBLIC.to_frame(kind="events")
        (found,) = _records(events[events["id"].eq("teksid-hierro") & events["date"].isna()])
        assert found["event"] == "respondent_accepts_review"
        assert pd.isna(found["date"])
        assert (found["earliest"], found["latest"]) == (pd.Timestamp("2022-06-06"), pd.Timestamp("2022-06-30"))
        assert found["confidence"] == "secondary"


class TestActs:
    """Alignments one row an act."""

    def test_one_row_an_act(self) -> None:
        """There is a row for each act, implied ones too, and the acts of the hold have no phase."""
        found = ALIGNED.to_frame(kind="acts")
        assert len(found) == sum(len(one.entries) for one in ALIGNED)
        assert found["implied"].sum() == sum(len(one.implied) for one in ALIGNED)
        assert found["notes"].sum() == sum(len(one.notes) for one in ALIGNED)
        assert set(found[found["phase"].isna()]["event"]) == {"HoldBegun", "HoldReleased"}

    def test_an_act_on_a_known_day(self) -> None:
        """The course at the second case of Manufacturas VU was agreed on day 15 of 10."""
        found = ALIGNED["vu-2"].to_frame().set_index("event")
        assert found.loc["CourseAgreed", "late_days"] == 5
        assert (found["earliest"] <= found["on"]).all()
        assert (found["on"] <= found["latest"]).all()
        assert found["closing"].dropna().tolist() == ["facility_closed"]


class TestAgendaAndOptions:
    """An agenda and options as frames."""

    def test_agenda(self) -> None:
        """Each limit is a row, with names of acts as text."""
        due = agenda(GOODYEAR, TODAY)
        found = due.to_frame()
        assert found["term"].tolist() == [one.term for one in due]
        assert found["days_left"].isna().tolist() == [one.days_left is None for one in due]
        assert found["who"].tolist() == [one.who.value for one in due]
        assert found["opens"].tolist() == [", ".join(one.opens) for one in due]

    def test_options(self) -> None:
        """Each act that is provided for is a row."""
        may = options(GOODYEAR.until(TODAY), TODAY)
        found = may.to_frame()
        assert found["event"].tolist() == [one.event.__name__ for one in may]
        assert found["is_open"].tolist() == [one.is_open for one in may]

    def test_days_far_off(self) -> None:
        """Days that nanoseconds could not hold are days all the same."""
        far = date(2500, 1, 1)
        assert frames.frame_of([{"on": far}], {"on": frames.DAY})["on"][0] == pd.Timestamp(far)


class TestDocket:
    """A docket as a frame: its cases, or the entries that are kept."""

    def test_cases(self) -> None:
        """One row a case, with the columns that are told, however few cases there are."""
        docket = Docket.in_memory()
        assert list(docket.to_frame().columns) == list(DOCKET)
        docket.adopt(align_all(load()), deviations="remark")
        frame = docket.to_frame()
        assert len(frame) == 30
        row = frame.set_index("id").loc["tamsa"]
        assert (row["stage"], row["phase"]) == ("review_requested", "request_for_review")
        assert str(row["next_due"])[:10] == "2025-06-23"

    def test_entries(self) -> None:
        """One row an entry; what is sealed shows as such."""
        docket = Docket.in_memory()
        case = docket.start("A", recorded_by=sealed("Juana"))
        docket.remark(case, sealed("told by Juana"), on=date(2024, 4, 2))
        frame = docket.to_frame(kind="entries")
        assert list(frame.columns) == list(FILED)
        assert frame["kind"].tolist() == ["opening", "remark"]
        assert frame["recorded_by"].iloc[0] == "<sealed>"
        assert "Juana" not in frame.to_csv()
        with pytest.raises(EventError, match="entries"):
            docket.to_frame(kind="x")
