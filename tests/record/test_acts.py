"""Events as JSON and as text, both ways."""

from __future__ import annotations

import json
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle import events as did
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Determination, Impact, Party, Role
from rrm_lifecycle.errors import EventError, TextError
from rrm_lifecycle.record.fields import kind_of
from rrm_lifecycle.record.wire import event_from_dict, event_from_text, event_to_dict
from tests.record.lawful import event

DAY = date(2024, 4, 10)
KINDS = sorted(did.EVENTS)


class TestBothWays:
    """An event that is written as JSON and read back is the same event."""

    @given(st.sampled_from(KINDS), st.integers(0, 2**32))
    def test_every_event(self, name: str, seed: int) -> None:
        """Every class of events comes back from JSON text, whatever its fields hold."""
        said = event(did.EVENTS[name], Random(seed), DAY)
        assert event_from_dict(json.loads(json.dumps(event_to_dict(said)))) == said

    def test_defaults_are_left_out(self) -> None:
        """A field that equals its default is left out; one that does not stands there."""
        assert event_to_dict(did.PanelRequested(DAY)) == {"event": "PanelRequested", "on": "2024-04-10"}
        assert event_to_dict(did.PanelRequested(DAY, verification=False))["verification"] is False

    def test_by_and_known(self) -> None:
        """Who acted and a period of days come back as what they are."""
        said = event_from_dict(
            {
                "event": "ReviewAccepted",
                "on": "2024-04-10",
                "by": "MX",
                "known": ["2024-04-08", "2024-04-12"],
            }
        )
        assert said == did.ReviewAccepted(DAY, by=Party.MX, known=(date(2024, 4, 8), date(2024, 4, 12)))
        assert event_from_dict({"event": "ReviewAccepted", "on": "2024-04-10", "by": "panel"}).by is Role.PANEL

    def test_not_stated(self) -> None:
        """The text 'not stated' stands for NOT_STATED where the field admits it."""
        said = event_from_dict({"event": "CourseAgreed", "on": "2024-04-10", "agreed_end": "not stated"})
        assert said == did.CourseAgreed(DAY, agreed_end=NOT_STATED)

    @pytest.mark.parametrize("name", ["basis", "enforced_order"])
    def test_text_that_says_not_stated(self, name: str) -> None:
        """A text of a claim that reads 'not stated' is NOT_STATED from the start, so that JSON cannot confuse the two."""
        assert (
            getattr(event_from_dict({"event": "ReviewRequested", "on": "2024-04-10", name: "not stated"}), name)
            is NOT_STATED
        )

    def test_filer_that_is_not_stated(self) -> None:
        """A filer given as 'not stated' is NOT_STATED."""
        assert did.PetitionFiled(DAY, filer_of="not stated").filer_of is NOT_STATED

    def test_nested(self) -> None:
        """Facilities, panelists and outcomes are objects."""
        said = event_from_dict(
            {
                "event": "PetitionFiled",
                "on": "2024-04-10",
                "filer_of": "Guatemala",
                "facility": {"name": "Planta Uno", "country": "MX", "sector": "mining", "goods": ["ore"]},
            }
        )
        plant = CoveredFacility("Planta Uno", country="MX", sector="mining", goods=("ore",))
        assert said == did.PetitionFiled(DAY, filer_of="Guatemala", facility=plant)

    def test_foreign_class(self) -> None:
        """A class of events that is not this library's is refused."""

        class ReviewAccepted(did.Event):
            """Not ours, though of the same name."""

        with pytest.raises(EventError, match="no event 'ReviewAccepted'"):
            event_to_dict(ReviewAccepted(DAY))


class TestRefused:
    """What is no event is refused with a message that names event, field, what was found, and the repair."""

    @pytest.mark.parametrize(
        ("found", "says"),
        [
            ({"event": "ReviewAcepted", "on": "2024-04-10"}, r"no event 'ReviewAcepted': is 'ReviewAccepted'"),
            ({"event": "Zzz", "on": "2024-04-10"}, r"no event 'Zzz': there are PetitionFiled, "),
            ({"event": 3, "on": "2024-04-10"}, r"no event 3"),
            ({"on": "2024-04-10"}, r"lacks 'event'"),
            ([], r"has to be an object"),
            ({"event": "ReviewAccepted"}, r"ReviewAccepted lacks the field 'on'"),
            ({"event": "ReviewAccepted", "on": "2024-4-1"}, r"ReviewAccepted\.on .*year-month-day.*'2024-4-1'"),
            ({"event": "ReviewAccepted", "on": "20240410"}, r"ReviewAccepted\.on"),
            ({"event": "ReviewAccepted", "on": "2024-02-30"}, r"ReviewAccepted\.on"),
            ({"event": "ReviewAccepted", "on": "2024-04-10T00:00"}, r"ReviewAccepted\.on"),
            ({"event": "ReviewAccepted", "on": 20240410}, r"ReviewAccepted\.on"),
            ({"event": "ReviewAccepted", "on": None}, r"ReviewAccepted\.on"),
            (
                {"event": "ReviewAccepted", "on": "2024-04-10", "bye": "MX"},
                r"no field 'bye' \(is 'by' meant\?\); its fields are on, by",
            ),
            ({"event": "ReviewAccepted", "on": "2024-04-10", "by": "them"}, r"ReviewAccepted\.by has to be one of"),
            (
                {"event": "ReviewAccepted", "on": "2024-04-10", "known": ["2024-04-10"]},
                r"ReviewAccepted\.known .*list of 2",
            ),
            (
                {"event": "ReviewAccepted", "on": "2024-04-10", "known": ["2024-05-01", "2024-05-02"]},
                r"ReviewAccepted: on .* has to lie in known",
            ),
            (
                {"event": "CourseAgreed", "on": "2024-04-10"},
                r"CourseAgreed lacks the field 'agreed_end': state a day .*'not stated'",
            ),
            (
                {"event": "DeterminationIssued", "on": "2024-04-10", "finding": "denial", "heard": 1},
                r"heard has to be true or false",
            ),
            (
                {"event": "DeterminationIssued", "on": "2024-04-10", "finding": "deniel", "heard": True},
                r"is 'denial' meant",
            ),
            (
                {"event": "DeterminationIssued", "on": "2024-04-10", "finding": "not stated", "heard": True},
                r"finding has to be one of",
            ),
            (
                {"event": "RemediesImposed", "on": "2024-04-10", "tier": 7, "measure": "penalty"},
                r"RemediesImposed\.tier.*between 1 and 3",
            ),
            (
                {"event": "RemediesImposed", "on": "2024-04-10", "tier": True, "measure": "penalty"},
                r"tier has to be a whole number",
            ),
            (
                {"event": "RemediesImposed", "on": "2024-04-10", "tier": 1.0, "measure": "penalty"},
                r"tier has to be a whole number",
            ),
            (
                {
                    "event": "ReviewRequested",
                    "on": "2024-04-10",
                    "facility": {"name": "x", "country": "MX", "sector": "mines"},
                },
                r"ReviewRequested\.facility\.sector",
            ),
            (
                {"event": "ReviewRequested", "on": "2024-04-10", "facility": {"name": "x"}},
                r"facility lacks the field 'country'",
            ),
            (
                {"event": "ReviewRequested", "on": "2024-04-10", "facility": "x"},
                r"facility has to be an object with the fields of",
            ),
            ({"event": "ReviewRequested", "on": "2024-04-10", "laws": "LFT"}, r"laws has to be a list"),
            ({"event": "ReviewRequested", "on": "2024-04-10", "laws": ["a", 3]}, r"laws\[1\] has to be a text"),
        ],
    )
    def test_message(self, found: object, says: str) -> None:
        """Each mistake has its own message."""
        with pytest.raises(EventError, match=says):
            event_from_dict(found)  # type: ignore[arg-type]  # some are wrong on purpose

    def test_control_characters(self) -> None:
        """A control character is refused and never repeated."""
        with pytest.raises(EventError, match=r"ReviewRequested\.basis.*U\+001B") as caught:
            event_from_dict({"event": "ReviewRequested", "on": "2024-04-10", "basis": "\x1b[31m"})
        assert "\x1b" not in str(caught.value)
        assert isinstance(caught.value.__cause__, TextError)


class TestKinds:
    """A field of a type that there is no kind for is noticed when it is added."""

    @pytest.mark.parametrize("hint", [float, dict[str, str], int | str, Role | date, object])
    def test_no_kind(self, hint: object) -> None:
        """Floats, mappings and mixtures have no kind."""
        with pytest.raises(TypeError, match="kind of field"):
            kind_of(hint)

    def test_values_are_taken(self) -> None:
        """Days and values that are there already are taken as they are; what is none is refused."""
        plant = CoveredFacility("Planta Uno", country="MX", sector="mining")
        said = event_from_dict({"event": "ReviewRequested", "on": DAY, "facility": plant, "basis": NOT_STATED})
        assert said == did.ReviewRequested(DAY, facility=plant, basis=NOT_STATED)
        with pytest.raises(EventError, match="finding has to be one of"):
            event_from_dict({"event": "DeterminationIssued", "on": DAY, "finding": 3, "heard": True})


class TestAsText:
    """What a person types in a shell becomes the field, by the type of the field."""

    def test_types(self) -> None:
        """True and false, whole numbers, values and days are read."""
        said = event_from_text(
            "DeterminationIssued", DAY, None, {"finding": "denial", "heard": "true", "still_covered": "not stated"}
        )
        assert said == did.DeterminationIssued(DAY, finding=Determination.DENIAL, heard=True, still_covered=NOT_STATED)
        imposed = event_from_text("RemediesImposed", "2024-04-10", "complainant", {"tier": "2", "measure": "penalty"})
        assert imposed == did.RemediesImposed(DAY, by=Role.COMPLAINANT, tier=2, measure="penalty")
        assert event_from_text("CourseAgreed", DAY, fields={"agreed_end": "2024-05-10"}).on == DAY

    def test_twice(self) -> None:
        """A field that stands twice in what was typed as JSON is refused, since either could be meant."""
        plant = '{"name": "Planta Uno", "country": "MX", "country": "US", "sector": "mining"}'
        with pytest.raises(EventError, match="no field twice"):
            event_from_text("ReviewRequested", DAY, fields={"facility": plant, "laws": "LFT", "basis": "dismissals"})

    def test_lists(self) -> None:
        """Lists are written with commas, or as JSON."""
        comma = event_from_text("PetitionConfirmed", DAY, None, {"elements": "facility, laws"})
        assert comma == event_from_text("PetitionConfirmed", DAY, None, {"elements": '["facility", "laws"]'})
        assert event_from_text("ReviewAccepted", DAY, None, {"known": "2024-04-10,2024-04-12"}).known is not None

    def test_objects(self) -> None:
        """Facilities, panelists and outcomes are written as JSON."""
        outcome = event_from_text("MatterSettled", DAY, None, {"outcome": '{"workers_benefited": 12}'})
        assert outcome == did.MatterSettled(DAY, outcome=Impact(workers_benefited=12))
        drawn = event_from_text("PanelistsDrawn", DAY, None, {"panelists": '[{"drawn_from": "joint_list"}]'})
        assert isinstance(drawn, did.PanelistsDrawn)

    def test_nothing(self) -> None:
        """An empty text is nothing, where the field admits nothing."""
        assert event_from_text("ReviewRequested", DAY, None, {"linked_to": ""}) == did.ReviewRequested(DAY)

    @pytest.mark.parametrize(
        ("name", "fields", "says"),
        [
            (
                "DeterminationIssued",
                {"finding": "denial", "heard": "yes"},
                r"DeterminationIssued\.heard has to be true or false",
            ),
            ("RemediesImposed", {"tier": "two", "measure": "penalty"}, r"tier has to be a whole number"),
            ("MatterSettled", {"outcome": "{"}, r"written as JSON"),
            ("MatterSettled", {"outcom": "x"}, r"no field 'outcom' \(is 'outcome' meant"),
            ("MatterSettled", {"on": "2024-04-11"}, r"MatterSettled\.on is given twice"),
            ("MatterSetled", {}, r"is 'MatterSettled' meant"),
        ],
    )
    def test_mistakes(self, name: str, fields: dict[str, str], says: str) -> None:
        """A mistake is named with the event and the field."""
        with pytest.raises(EventError, match=says):
            event_from_text(name, DAY, None, fields)
