"""Acts: what they take, and what they refuse with the repair."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

import attrs
import pandas as pd
import pytest

from rrm_lifecycle import events
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Element, Impact, Panelist, Party, Role
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, TextError
from rrm_lifecycle.record.sealed import sealed
from tests.law.cases import PLANT, THREE

DAY: Final = date(2024, 4, 10)
NO_DAYS: Final[dict[str, tuple[Any, str]]] = {
    "datetime": (datetime(2024, 4, 10, 12, tzinfo=UTC), r"found datetime: write \.date\(\) behind it"),
    "Timestamp": (pd.Timestamp("2024-04-10"), r"found Timestamp: write \.date\(\) behind it"),
    "NaT": (pd.NaT, r"found NaTType: write datetime\.date\(year, month, day\)"),
    "text": ("2024-04-10", r"found str: write date\.fromisoformat\('2024-04-10'\)"),
    "None": (None, r"found NoneType: write datetime\.date\(year, month, day\)"),
    "number": (20240410, r"found int: write datetime\.date\(year, month, day\)"),
    "year 9000": (date(9000, 1, 1), "lies in the year 9000: check the year"),
}
BAD: Final[tuple[tuple[type[Event], dict[str, Any], str], ...]] = (
    (did.PetitionFiled, {"filer_of": 3}, "filer_of has to be a text; found int"),
    (did.ReviewRequested, {"facility": "Planta Uno"}, "facility has to be a CoveredFacility; found str"),
    (did.ReviewRequested, {"laws": "LFT"}, r"laws has to be a sequence of texts; found 'LFT': write \('LFT',\)"),
    (did.ReviewRequested, {"laws": 3}, "laws has to be a sequence of texts; found 3"),
    (did.ReviewRequested, {"laws": (3,)}, "laws has to be a text; found int"),
    (did.ReviewRequested, {"basis": 3}, "basis has to be a text; found int"),
    (did.ReviewRequested, {"basis": "a\u202eb"}, r"holds the character U\+202E at place 1"),
    (did.ReviewRequested, {"under_annex_23a": 1}, "has to be True or False; found 1"),
    (did.ReviewRequested, {"facts_from": "2022"}, r"facts_from has to be a datetime\.date"),
    (did.ReviewRequested, {"linked_to": "x" * 65}, "linked_to may hold 64 characters; found 65"),
    (did.NoDenialReported, {"ground": "doubt"}, "ground has to be one of 'facts', 'scope'; found 'doubt'"),
    (did.CuredDenialReported, {"outcome": 12}, "outcome has to be an Impact; found int"),
    (did.CourseAgreed, {"agreed_end": None}, r"agreed_end has to be a datetime\.date; found NoneType"),
    (did.PanelRequested, {"verification": "yes"}, "has to be True or False; found 'yes'"),
    (did.PanelRequested, {"verification": None}, "has to be True or False; found None"),
    (did.PanelistsDrawn, {"panelists": ("joint_list",)}, "panelists has to hold Panelist values"),
    (did.PetitionConfirmed, {"elements": ("roof",)}, "an element of the petition has to be one of 'facility'"),
    (did.DeterminationIssued, {"finding": NOT_STATED, "heard": True}, "finding has to be one of 'denial'"),
    (did.DeterminationIssued, {"finding": "denial", "heard": 0}, "has to be True or False; found 0"),
    (did.RemediesImposed, {"tier": 4, "measure": "penalty"}, "tier has to lie between 1 and 3; found 4"),
    (did.RemediesImposed, {"tier": True, "measure": "penalty"}, r"tier has to be a whole number; found True \(bool\)"),
    (did.RemediesImposed, {"tier": 1, "measure": "fine"}, "measure has to be one of 'preference_suspended'"),
    (did.RemediesImposed, {"tier": 1, "measure": "penalty", "reach": ("Planta Dos",)}, "facility has to be a Covered"),
    (did.LimitExtended, {"term": 3, "until": DAY}, "term has to be a text; found int"),
    (did.LimitExtended, {"term": "reply", "until": None}, r"until has to be a datetime\.date"),
    (did.CaseClosed, {"follow_up": NOT_STATED}, "has to be True or False; found NOT_STATED"),
    (did.HoldReleased, {"ground": "mercy"}, "ground has to be one of 'no_denial_determined'"),
    (did.ReviewAccepted, {"by": "judge"}, "by, who acted, has to be one of 'complainant'"),
    (did.ReviewAccepted, {"known": (DAY,)}, "known has to be the earliest and the latest day; found 1 values"),
    (did.ReviewAccepted, {"known": (date(2024, 4, 11), date(2024, 4, 12))}, r"on \(2024-04-10\) has to lie in known"),
    (did.ReviewAccepted, {"known": ("2024-04-01", DAY)}, r"the earliest known day has to be a datetime\.date"),
)


class TestDays:
    """A day is exactly a ``datetime.date``: an hour or a time zone would have to be somebody's guess."""

    @pytest.mark.parametrize("name", list(NO_DAYS))
    def test_no_days_are_refused(self, name: str) -> None:
        """What is no day is refused as the day of an act, with the repair."""
        value, message = NO_DAYS[name]
        with pytest.raises(EventError, match=message):
            did.ReviewAccepted(value)

    @pytest.mark.parametrize("name", [one for one in NO_DAYS if one != "None"])
    def test_no_days_are_refused_in_fields(self, name: str) -> None:
        """What is no day is refused in every field that takes one."""
        value, _ = NO_DAYS[name]
        for make in (
            lambda: did.PetitionFiled(DAY, filer_of="US", received=value),
            lambda: did.ReviewRequested(DAY, facts_from=value),
            lambda: did.CourseAgreed(DAY, agreed_end=value),
            lambda: did.LimitExtended(DAY, term="reply", until=value),
            lambda: did.ReviewAccepted(DAY, known=(DAY, value)),
        ):
            with pytest.raises(EventError):
                make()

    def test_a_subclass_of_date_is_refused(self) -> None:
        """A subclass of ``date`` is refused, since it may carry more than a day."""

        class Day(date):
            pass

        with pytest.raises(EventError, match="found Day"):
            did.ReviewAccepted(Day(2024, 4, 10))


class TestFields:
    """A field of the wrong type is refused when the act is made; the message names field and repair."""

    @pytest.mark.parametrize(("kind", "fields", "message"), BAD)
    def test_bad_fields_are_refused(self, kind: type[Event], fields: dict[str, Any], message: str) -> None:
        """The field is refused, and the message says why."""
        with pytest.raises(EventError, match=message):
            kind(DAY, **fields)

    def test_required_fields_have_names(self) -> None:
        """Fields of an act are given by name, and what it cannot do without is required."""
        agreed: Any = did.CourseAgreed
        with pytest.raises(TypeError):
            agreed(DAY, DAY)
        with pytest.raises(TypeError):
            agreed(DAY)

    def test_text_is_normalised(self) -> None:
        """Text is brought to NFC, so that two spellings of one letter are one."""
        assert did.ReviewRequested(DAY, basis="Cafe\u0301").basis == "Café"

    def test_text_errors_are_event_errors(self) -> None:
        """Untrusted text raises the error of texts, whose message does not repeat the character."""
        with pytest.raises(TextError) as caught:
            did.ReviewRequested(DAY, laws=("a\x00",))
        assert "\x00" not in str(caught.value)

    def test_values_become_members(self) -> None:
        """Values are taken for the members of their Enums; elements are put in order, each once."""
        act = did.PetitionConfirmed(DAY, elements=("basis", "facility", Element.BASIS))
        assert act.elements == (Element.FACILITY, Element.BASIS)
        assert did.HoldReleased(DAY, ground="absence_agreed").ground == "absence_agreed"

    def test_actors(self) -> None:
        """Who acted is a Party, a role, or a value of either."""
        given: tuple[Any, ...] = (None, Party.MX, Role.PANEL, "MX", "panel")
        assert [did.ReviewAccepted(DAY, by=one).by for one in given] == [
            None, Party.MX, Role.PANEL, Party.MX, Role.PANEL,
        ]  # fmt: skip

    def test_filers(self) -> None:
        """A filer is of a Party or of any other country, or it is not stated; as it is written in JSON, too."""
        given: tuple[Any, ...] = ("US", Party.CA, "Guatemala", NOT_STATED, "not stated")
        assert [did.PetitionFiled(DAY, filer_of=one).filer_of for one in given] == [
            Party.US, Party.CA, "Guatemala", NOT_STATED, NOT_STATED,
        ]  # fmt: skip

    def test_sealed_basis(self) -> None:
        """What rests on no rule may be sealed: the basis of a request is one such text."""
        basis = sealed("what a worker said")
        assert did.ReviewRequested(DAY, facility=PLANT, basis=basis).basis is basis

    def test_longest_country(self) -> None:
        """The country of a filer may hold 64 characters, and no more."""
        assert did.PetitionFiled(DAY, filer_of="x" * 64).filer_of == "x" * 64
        with pytest.raises(EventError, match="filer_of may hold 64 characters; found 65"):
            did.PetitionFiled(DAY, filer_of="x" * 65)

    def test_not_stated(self) -> None:
        """NOT_STATED is taken where a record may be silent, and is written so."""
        request = did.ReviewRequested(
            DAY, laws=NOT_STATED, basis="not stated", under_annex_23a=NOT_STATED, facts_from=NOT_STATED
        )
        assert {request.laws, request.basis, request.under_annex_23a, request.facts_from} == {NOT_STATED}
        silent: tuple[Any, ...] = (
            did.NoDenialReported(DAY, ground=NOT_STATED).ground,
            did.CourseExtended(DAY, agreed_end=NOT_STATED).agreed_end,
            did.PanelistReplaced(DAY, panelists=NOT_STATED).panelists,
            did.PetitionNotConfirmed(DAY, missing=NOT_STATED).missing,
            did.VerificationHeld(DAY, on_site=NOT_STATED).on_site,
            did.RemediesImposed(DAY, tier=NOT_STATED, measure=NOT_STATED).tier,
            did.HoldReleased(DAY, ground=NOT_STATED).ground,
        )
        assert set(silent) == {NOT_STATED}
        assert repr(NOT_STATED) == "NOT_STATED"


class TestActs:
    """An act is a frozen value of a class of its own."""

    def test_frozen(self) -> None:
        """No field of an act can be set, in a class with fields of its own or without."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            did.ReviewAccepted(DAY).on = DAY  # type: ignore[misc]
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            did.CaseClosed(DAY).follow_up = True  # type: ignore[misc]

    def test_classes_are_told_apart(self) -> None:
        """Acts of two classes are never equal, though their fields are."""
        accepted: Event = did.ReviewAccepted(DAY)
        declined: Event = did.ReviewDeclined(DAY)
        assert accepted == did.ReviewAccepted(DAY)
        assert accepted != declined

    def test_text(self) -> None:
        """An act prints as its class and its day."""
        assert str(did.ReviewAccepted(DAY)) == "ReviewAccepted on 2024-04-10"

    def test_pickle(self) -> None:
        """An act comes back from a pickle equal and with an equal hash."""
        for act in (did.ReviewAccepted(DAY), did.PanelistsDrawn(DAY, panelists=THREE), did.HoldBegun(DAY)):
            back = pickle.loads(pickle.dumps(act))  # noqa: S301 - our own bytes
            assert (back, hash(back)) == (act, hash(act))

    def test_names(self) -> None:
        """EVENTS holds each class under its name, all of them exported; three are of the customs hold."""
        assert all(kind.__name__ == name and getattr(events, name) is kind for name, kind in EVENTS.items())
        assert set(EVENTS) == {name for name in did.__all__ if name not in {"EVENTS", "NOT_STATED", "Event"}}
        assert {name for name, kind in EVENTS.items() if kind.of_hold} == {"HoldBegun", "HoldReleased", "HoldApplied"}

    def test_outcome_is_kept(self) -> None:
        """An act may say what remediation brought."""
        outcome = Impact(("back_pay",), 3)
        assert did.RemediationCompleted(DAY, outcome=outcome).outcome == outcome

    def test_reach(self) -> None:
        """A remedy may name the facilities that it reaches, as a list too."""
        act = did.RemediesImposed(DAY, tier=2, measure="penalty", reach=[PLANT])
        assert act.reach == (PLANT,)

    def test_panelists(self) -> None:
        """Panelists may come as a list."""
        assert did.PanelistsDrawn(DAY, panelists=[Panelist("joint_list")]).panelists == (Panelist("joint_list"),)


class TestErrorsNameTheField:
    """An error of a field names it, so that a form can say where the mistake is."""

    GOOD: ClassVar[dict[str, object]] = {
        "on": date(2024, 4, 9),
        "filer_of": Party.US,
        "agreed_end": date(2024, 9, 30),
        "panelists": NOT_STATED,
        "elements": NOT_STATED,
        "missing": NOT_STATED,
        "finding": "denial",
        "heard": True,
        "tier": 1,
        "measure": "penalty",
        "term": "review",
        "until": date(2024, 9, 30),
        "ground": NOT_STATED,
    }
    WORDS: ClassVar[dict[str, str]] = {
        "elements": "what a petition holds or lacks",
        "missing": "what a petition holds or lacks",
    }

    @pytest.mark.parametrize(
        ("kind", "name"),
        [(kind, one.name) for kind in did.EVENTS.values() for one in attrs.fields(kind)],
    )
    def test_each_field_of_each_act(self, kind: type[did.Event], name: str) -> None:
        """Whatever is no value of the field is refused under the field's name."""
        fields = {one.name: self.GOOD[one.name] for one in attrs.fields(kind) if one.name in self.GOOD}
        kind(**fields)  # type: ignore[arg-type]
        with pytest.raises(EventError, match=rf"^{self.WORDS.get(name, name)}\b"):
            kind(**{**fields, name: 3.5})  # type: ignore[arg-type]
