"""The schemas of documents, held against what the library writes and reads, by the package ``jsonschema``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import EVENTS, ReviewAccepted
from rrm_lifecycle.errors import HistoryError
from rrm_lifecycle.export.schemas import history_schema, wire_schema
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.histories.reading import read_json
from rrm_lifecycle.record.wire import event_to_dict, to_dict
from tests.export.hostile import CASES

Change = Callable[[dict[str, Any]], object]


def validator(text: str) -> Draft202012Validator:
    """Return the validator of a schema that is one."""
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


class TestWire:
    """The wire schema admits what the library writes, and little else."""

    def test_values(self) -> None:
        """Acts, cases, entries, refusals, agendas and options are valid as they are written."""
        wire = validator(wire_schema())
        for case in CASES:
            wire.validate(to_dict(case))
            for entry in case.acts:
                wire.validate(event_to_dict(entry.act))
                wire.validate(to_dict(entry))
        wire.validate(to_dict(decide(Case.start("a-1"), ReviewAccepted(date(2024, 4, 10)))))
        for language in ("en", "es"):
            wire.validate(to_dict(agenda(CASES[0], date(2024, 4, 10)), language=language))
            wire.validate(to_dict(options(CASES[0], date(2024, 4, 10)), language=language))

    def test_every_event_is_defined(self) -> None:
        """Each act has its schema, and every reference leads somewhere."""
        schema = json.loads(wire_schema())
        assert set(EVENTS) <= set(schema["$defs"])
        told = json.dumps(schema)
        for name in {part.split('"')[0] for part in told.split("#/$defs/")[1:]}:
            assert name in schema["$defs"]

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"event": "ReviewAccepted", "on": "2024-04-10", "more": 1},
            {"event": "NoSuchAct", "on": "2024-04-10"},
            {"event": "ReviewAccepted"},
            {"event": "ReviewAccepted", "on": "x"},
        ],
    )
    def test_refused(self, document: dict[str, Any]) -> None:
        """What is no act and no value is refused."""
        with pytest.raises(ValidationError):
            validator(wire_schema()).validate(document)


class TestHistories:
    """The schema of histories admits the shipped file, and refuses what the reader refuses of a single field."""

    def shipped(self) -> dict[str, Any]:
        """Return the shipped histories as a file holds them."""
        found: dict[str, Any] = json.loads(json.dumps(load().as_json()))
        return found

    def test_shipped(self) -> None:
        """The shipped histories are valid."""
        validator(history_schema()).validate(self.shipped())

    @pytest.mark.parametrize(
        "change",
        [
            lambda file: file.update(format="other/1"),
            lambda file: file.update(more=1),
            lambda file: file.pop("cases"),
            lambda file: file["cases"][0].update(id="a b"),
            lambda file: file["cases"][0].update(facility=" "),
            lambda file: file["cases"][0].update(sector="toys"),
            lambda file: file["cases"][0].update(backpay_usd=1.5),
            lambda file: file["cases"][0].update(request_number=0),
            lambda file: file["cases"][0].pop("as_of"),
            lambda file: file["cases"][0].update(nickname="x"),
            lambda file: file["cases"][0]["events"][0].update(type="party"),
            lambda file: file["cases"][0]["events"][0].update(date="10/04/2024"),
            lambda file: file["cases"][0]["events"][0].update(date_range=["2024-04-10"], date=None),
            lambda file: file["cases"][0]["events"][0].update(
                date="2024-04-10", date_range=["2024-04-10", "2024-04-11"]
            ),
            lambda file: file["cases"][0]["events"][0].update(partial=True),
            lambda file: file["cases"][0]["events"][0].update(agreed_end="2024-04-10"),
            lambda file: file["cases"][0]["events"][0].update(confidence="sure"),
        ],
    )
    def test_refused_as_the_reader_refuses(self, change: Change) -> None:
        """A file with one wrong field is refused by the schema and by the reader."""
        file = self.shipped()
        change(file)
        with pytest.raises(ValidationError):
            validator(history_schema()).validate(file)
        with pytest.raises(HistoryError):
            read_json(json.dumps(file), "file")

    @pytest.mark.parametrize(
        "change",
        [
            lambda file: file.update(compiled=None),
            lambda file: file["cases"][0].update(company=None, sector=None),
            lambda file: file["cases"][0]["events"][0].update(note="x", confidence=None),
        ],
    )
    def test_admitted_as_the_reader_admits(self, change: Change) -> None:
        """Null says the same as a field that is left out, for the schema and for the reader."""
        file = self.shipped()
        change(file)
        validator(history_schema()).validate(file)
        read_json(json.dumps(file), "file")
