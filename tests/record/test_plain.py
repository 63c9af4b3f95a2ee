"""The JSON shapes of values, and their schemas."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from rrm_lifecycle import events as did
from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Impact, Panelist, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.impact import impact
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import REPLY, TERMS
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.plain import has_shape
from rrm_lifecycle.record.recheck import recheck
from rrm_lifecycle.record.wire import event_to_dict, json_schema, to_dict
from tests.record.lawful import event, lawful_case

DAY = date(2024, 4, 10)
PLANT = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, goods=("parts",))
CASE = play(
    Case.start("A"),
    did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis=NOT_STATED),
    did.ReviewAccepted(date(2024, 4, 15)),
)
REFUSAL = decide(CASE, did.PanelRequested(DAY))
DOCKET = Docket.in_memory()
DOCKET.start("A", recorded_by="me")
VALUES = [
    CASE,
    *CASE.path,
    CASE.claim,
    CASE.facts,
    *CASE.limits,
    CASE.acts[1].findings[0],
    REFUSAL,
    *REFUSAL.reasons,  # type: ignore[union-attr]  # it is refused
    agenda(CASE, DAY),
    *agenda(CASE, DAY),
    options(CASE, DAY),
    *options(CASE, DAY),
    PLANT,
    Impact(("back_pay",), 3),
    Panelist("joint_list"),
    Register([PriorDenial("B", PLANT, DAY)], [BadFaith("US", DAY)]),
    Reading(roll_over=True, terms=(REPLY.set(12),), without={"A4-14a"}),
    Calendar("office", [date(2024, 5, 10)], "a notice", date(2024, 1, 1), date(2024, 12, 31)),
    Context(),
    impact([CASE]),
    recheck(CASE),
    recheck(CASE, context=Context(Reading(terms=(REPLY.set(30),)))),
    *DOCKET.history("A"),
    DOCKET.verify(),
    *TERMS,
    *TABLE,
    *CUSTOMS,
]


def valid(value: object, cls: type) -> None:
    """Check a JSON value against the schema of a class."""
    Draft202012Validator(json_schema(cls), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


class TestShapes:
    """Each value has one shape: attributes by name, codes as values, labels and texts beside."""

    @pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_values(self, value: object, language: str) -> None:
        """Each value is JSON, the same again after a round trip, and as its schema says."""
        found = to_dict(value, language=language)
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        valid(found, type(value))

    @given(st.integers(0, 2**32))
    def test_random_cases(self, seed: int) -> None:
        """So is every random case."""
        case = lawful_case(seed)
        found = to_dict(case)
        assert json.loads(json.dumps(found)) == found
        assert [one["event"] for one in found["acts"]] == [event_to_dict(entry.act) for entry in case.acts]

    def test_case(self) -> None:
        """A case says where it stands, in codes and in words."""
        found = to_dict(CASE)
        assert (found["id"], found["annex"], found["stage"], found["phase"]) == (
            "A", "31-A", "under_review", "request_for_review",
        )  # fmt: skip
        assert (found["closing"], found["closing_label"], found["is_closed"]) == (None, None, False)
        assert found["claim"]["basis"] == "not stated"
        assert type(found["stage"]) is str
        assert to_dict(CASE, language="es")["stage_label"] != found["stage_label"]

    def test_entry(self) -> None:
        """An entry holds its event as event_from_dict takes it, its day, and its findings in words."""
        found = to_dict(CASE.acts[1])
        assert (found["event"], found["on"], found["rule"]) == (
            {"event": "ReviewAccepted", "on": "2024-04-15"}, "2024-04-15", CASE.acts[1].rule,
        )  # fmt: skip
        (finding,) = found["findings"]
        assert finding["params"]["days"] == 4
        assert finding["text"] == CASE.acts[1].findings[0].text()

    def test_refusal(self) -> None:
        """A refusal holds each reason with what it needs and what was found."""
        found = to_dict(REFUSAL)
        assert found["admitted"] is False
        assert all(reason["needs"] and reason["found"] for reason in found["reasons"])
        assert found["text"] == str(REFUSAL)

    def test_limit(self) -> None:
        """A limit holds its days and the label of its term."""
        assert to_dict(Limit("reply", date(2024, 4, 1), date(2024, 4, 11))) == {
            "term": "reply",
            "term_label": to_dict(agenda(CASE.until(date(2024, 4, 2)), DAY)[0])["term_label"],
            "started": "2024-04-01",
            "due": "2024-04-11",
            "latest": None,
        }

    def test_term_that_is_gone(self) -> None:
        """A limit of an old record whose term is in no table any more still has a shape; a missing language has none."""
        assert to_dict(Limit("by_gone", DAY, None), language="es")["term_label"] == "by gone"
        with pytest.raises(EventError, match="no catalogue"):
            to_dict(Limit("by_gone", DAY, None), language="xx")

    def test_no_shape(self) -> None:
        """A value without a shape says how to give it one, and what is registered is used."""

        @frozen
        class Mine:
            """A value of mine."""

            number: int

        with pytest.raises(TypeError, match=r"to_dict\.register"):
            to_dict(Mine(3))
        with pytest.raises(TypeError, match="no JSON shape for Mine"):
            json_schema(Mine)
        with pytest.raises(TypeError, match="float"):
            to_dict(1.5)

        @to_dict.register(Mine)
        def _mine(value: Mine, *, language: str = "en") -> dict[str, Any]:
            return {"number": value.number, "language": language}

        assert to_dict([Mine(3)], language="es") == [{"number": 3, "language": "es"}]


class TestEventSchemas:
    """From the schema of an event a form can be built: it takes what event_to_dict writes, and no more."""

    @given(st.sampled_from(sorted(did.EVENTS)), st.integers(0, 2**32))
    def test_every_event(self, name: str, seed: int) -> None:
        """Each event validates against the schema of its class."""
        valid(event_to_dict(event(did.EVENTS[name], Random(seed), DAY)), did.EVENTS[name])

    @pytest.mark.parametrize("name", sorted(did.EVENTS))
    def test_schema(self, name: str) -> None:
        """Each schema is one, names the event, and refuses a field that there is not."""
        schema = json_schema(did.EVENTS[name])
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["properties"]["event"] == {"const": name}
        assert schema["properties"]["on"]["description"] == "The day on which it was done."
        for wrong in (
            {"event": name},
            {"event": name, "on": "2024-04-10", "surplus": 1},
            {"event": "X", "on": "2024-04-10"},
        ):
            with pytest.raises(ValidationError):
                valid(wrong, did.EVENTS[name])

    def test_choices(self) -> None:
        """A field with choices lists them, and says where NOT_STATED is one."""
        fields = json_schema(did.HoldReleased)["properties"]
        assert {"const": "not stated"} in fields["ground"]["anyOf"]
        assert "course_completed" in fields["ground"]["anyOf"][0]["enum"]
        assert json_schema(did.PanelRequested)["properties"]["verification"]["default"] is True
        assert json_schema(did.DeterminationIssued)["required"] == ["event", "on", "finding", "heard"]
        assert json_schema(did.ReviewRequested)["$defs"]["CoveredFacility"]["required"] == ["name", "country", "sector"]

    def test_bounds(self) -> None:
        """A form for a whole number takes what every reader of JSON holds exactly, and nothing beyond."""
        checks = Draft202012Validator(json_schema(Impact)["properties"]["back_pay_cents"])
        for number in (-(2**53) + 1, 0, 2**53 - 1):
            checks.validate(number)
        for number in (-(2**53), 2**53):
            with pytest.raises(ValidationError):
                checks.validate(number)

    def test_any_event(self) -> None:
        """The schema of Event takes each event, and the schema of an Enum its values."""
        valid({"event": "ReviewAccepted", "on": "2024-04-10"}, did.Event)
        with pytest.raises(ValidationError):
            valid({"event": "ReviewAccepted"}, did.Event)
        assert json_schema(Sector)["enum"] == ["manufacturing", "services", "mining", "other"]
        assert "under_review" in json_schema(Stage)["enum"]
        with pytest.raises(TypeError, match="no event"):
            json_schema(type("Mine", (did.Event,), {}))

    def test_every_value(self) -> None:
        """Each value that a schema is tested with has a shape that follows the rule."""
        assert all(has_shape(type(value)) for value in VALUES)
