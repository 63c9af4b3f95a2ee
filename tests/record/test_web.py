"""Events and values as web types: pydantic reads, writes and describes them, and the how-to's application serves them."""

from __future__ import annotations

import importlib.util
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pydantic
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.record.plain import has_shape
from rrm_lifecycle.show import WebType
from tests.docs.blocks import ROOT, blocks
from tests.record.lawful import event
from tests.record.test_plain import VALUES

DAY = date(2024, 4, 10)
PAGE = ROOT / "docs" / "how-to" / "embed-in-a-web-application.md"
SHAPES = [one for one in (getattr(rrm, name) for name in rrm.__all__) if isinstance(one, type) and has_shape(one)]
STATED = [
    rrm.CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True),
    rrm.Impact(("back_pay",), 3),
    rrm.Panelist("joint_list"),
    rrm.Source(text="a letter"),
    rrm.Document("letter.pdf", "0" * 64, 12),
]
HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["2024-04-10", "not stated", *EVENTS]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)


def check_refs(document: dict[str, Any]) -> None:
    """Check that every reference in a document leads to a part of it."""
    for ref in set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(document))):
        part: Any = document
        for step in ref.removeprefix("#/").split("/"):
            part = part[step]
        assert isinstance(part, dict)
        assert part


class TestReading:
    """Events, and what a person states, are read from JSON; mistakes are told in our words."""

    @pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
    def test_event(self, kind: type[rrm.Event]) -> None:
        """Each class of events takes its own JSON, from text and from Python, and so does Event; values pass as they are."""
        for seed in range(5):
            act = event(kind, Random(seed), DAY)
            written = rrm.event_to_dict(act)
            for cls in (kind, rrm.Event):
                adapter = pydantic.TypeAdapter(cls)
                assert adapter.validate_python(written) == act
                assert adapter.validate_json(json.dumps(written)) == act
                assert adapter.validate_python(act) is act
                assert adapter.dump_python(act) is act
                assert adapter.dump_python(act, mode="json") == written
                assert json.loads(adapter.dump_json(act)) == written
                Draft202012Validator(adapter.json_schema()).validate(written)

    @pytest.mark.parametrize(
        ("cls", "found", "said"),
        [
            (rrm.Event, {"event": "ReviewAcepted", "on": "2024-04-10"}, "is 'ReviewAccepted' or"),
            (rrm.Event, {"on": "2024-04-10"}, "an event lacks 'event', its name"),
            (rrm.Event, [1], "an event has to be an object"),
            (did.ReviewAccepted, {"event": "ReviewAccepted"}, "ReviewAccepted lacks the field 'on'"),
            (
                did.ReviewAccepted,
                {"event": "ReviewDeclined"},
                "here 'event' has to be 'ReviewAccepted'; found 'ReviewD",
            ),
            (did.ReviewAccepted, {"event": "ReviewAccepted", "on": "10 April"}, "ReviewAccepted.on has to be a day"),
            (did.ReviewAccepted, did.ReviewDeclined(DAY), "an event has to be an object"),
            (rrm.CoveredFacility, {"name": "A", "contry": "MX"}, "is 'country' meant?"),
            (rrm.CoveredFacility, "Planta Uno", "CoveredFacility has to be an object with its fields"),
            (rrm.Annex, "31-C", "an Annex is one of '31-A', '31-B'; found '31-C'"),
            (rrm.Case, {"id": "A"}, "Case is not read from JSON"),
        ],
    )
    def test_mistake(self, cls: type, found: object, said: str) -> None:
        """A mistake is a ValidationError with our message, at the place where the value stands."""
        with pytest.raises(pydantic.ValidationError) as raised:
            pydantic.TypeAdapter(list[cls]).validate_python([found])  # type: ignore[valid-type]  # a class of the table
        (error,) = raised.value.errors()
        assert said in error["msg"]
        assert error["loc"] == (0,)

    @pytest.mark.parametrize("value", STATED, ids=lambda value: type(value).__name__)
    def test_stated_value(self, value: object) -> None:
        """A value that a person states is read from what was written of it."""
        adapter = pydantic.TypeAdapter(type(value))
        assert adapter.validate_json(adapter.dump_json(value)) == value

    def test_what_has_a_default_may_be_left_out(self) -> None:
        """A source is read without its url, and described so for a request; a response has every key."""
        adapter = pydantic.TypeAdapter(rrm.Source)
        assert adapter.validate_python({"text": "a letter"}) == rrm.Source(text="a letter")
        assert adapter.json_schema()["required"] != adapter.json_schema(mode="serialization")["required"]
        assert set(adapter.json_schema()["properties"]) == set(rrm.to_dict(rrm.Source(text="a letter")))

    def test_annex(self) -> None:
        """An Annex is read by its name, and written by it."""
        adapter = pydantic.TypeAdapter(rrm.Annex)
        assert adapter.validate_python("31-B") is rrm.ANNEX_31B
        assert adapter.dump_json(rrm.ANNEX_31B) == b'"31-B"'

    @given(HOSTILE, st.sampled_from(sorted(EVENTS)), st.integers(0, 2**32), st.data())
    def test_hostile(self, found: Any, name: str, seed: int, data: st.DataObject) -> None:
        """Whatever stands for an event, or for one of its fields, is read or is a ValidationError that JSON can carry."""
        written = rrm.event_to_dict(event(EVENTS[name], Random(seed), DAY))
        changed = {**written, data.draw(st.sampled_from(sorted(written))): found}
        for body in (found, changed):
            try:
                assert isinstance(ANY_EVENT.validate_python(body), rrm.Event)
            except pydantic.ValidationError as error:
                json.dumps(error.errors(), allow_nan=False, ensure_ascii=False).encode()

    def test_deep(self) -> None:
        """What is nested without end is a ValidationError."""
        found: list[Any] = []
        for _ in range(100_000):
            found = [found]
        with pytest.raises(pydantic.ValidationError, match="Event is nested too deep to be read"):
            ANY_EVENT.validate_python(found)
        while found:  # taken apart by hand: Python 3.11 takes long structures apart by recursion
            found = found.pop()


ANY_EVENT = pydantic.TypeAdapter(rrm.Event)


class TestWriting:
    """Every value with a shape is written and described as to_dict and json_schema say."""

    @pytest.mark.parametrize("cls", SHAPES, ids=lambda cls: cls.__name__)
    def test_shape(self, cls: type) -> None:
        """Each class with a shape is a web type whose description is json_schema's, each part under its name."""
        assert issubclass(cls, WebType)
        found = pydantic.TypeAdapter(cls).json_schema(mode="serialization")
        check_refs(found)
        Draft202012Validator.check_schema(found)
        ours = rrm.json_schema(cls)
        for key in ("title", "description", "required", "additionalProperties"):
            assert found[key] == ours[key]
        assert set(found["properties"]) == set(ours["properties"])

    @pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
    def test_value(self, value: object) -> None:
        """Each value is written as to_dict writes it, alone and within others, and as its description says."""
        kind: Any = type(value)
        adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(dict[str, list[kind]])
        inside = adapter.validate_python({"a": [value]})
        assert inside["a"][0] is value
        written = json.loads(adapter.dump_json(inside))
        assert written == {"a": [rrm.to_dict(value)]}
        Draft202012Validator(adapter.json_schema(mode="serialization")).validate(written)

    def test_entry_or_refusal(self) -> None:
        """A union of two values writes whichever it is."""
        case = rrm.Case.start("A")
        ruling = rrm.decide(case, did.ReviewAccepted(DAY))
        adapter = pydantic.TypeAdapter(rrm.Entry | rrm.Refusal)
        assert json.loads(adapter.dump_json(ruling)) == rrm.to_dict(ruling)

    def test_no_shape(self) -> None:
        """A value without a shape says so when it is asked for."""
        with pytest.raises(TypeError, match="no JSON shape for Preview"):
            pydantic.TypeAdapter(type("Preview", (WebType,), {}))

    def test_pydantic_is_not_loaded(self) -> None:
        """No name of the front door loads pydantic."""
        code = (
            "import sys, rrm_lifecycle as rrm\n"
            "for name in rrm.__all__: getattr(rrm, name)\n"
            "import rrm_lifecycle.record.web\n"
            "print([name for name in sys.modules if name.partition('.')[0] in ('pydantic', 'pydantic_core', 'fastapi')])"
        )
        found = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )
        assert found.stdout.strip() == "[]"


# ---- the application of the how-to -----------------------------------------------------------------------------------
REQUEST: dict[str, Any] = {
    "event": "ReviewRequested",
    "on": "2024-04-01",
    "facility": {"name": "Planta Uno", "country": "MX", "sector": "manufacturing", "goods_traded": True},
    "laws": ["LFT"],
    "basis": "a strike was broken",
}
ACCEPTED = {"event": "ReviewAccepted", "on": "2024-04-10"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the application that the how-to shows, behind a live server."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("web")
        patch.chdir(folder)
        app = load(folder / "app.py")
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 30
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started, "the server does not start"
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False) as found:
            yield found
        server.should_exit = True
        thread.join(30)
        listening.close()
        assert not thread.is_alive()
        with rrm.Docket.open(folder / "docket.db") as kept:  # what was answered has been kept, and holds
            assert kept.verify().entries > 0


def load(path: Path) -> Any:
    """Return the application of the page, loaded from a file as a server would load it."""
    (block,) = [one for one in blocks(PAGE, "python") if "FastAPI(" in one.text]
    path.write_text(block.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("app_of_the_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # pydantic looks up the names of a class in its module
    spec.loader.exec_module(module)
    return module.app


def started(client: httpx.Client, id: str) -> None:  # noqa: A002 - the word for it everywhere
    """Open a case whose review has been requested."""
    assert client.post("/cases", json={"id": id}).status_code == 201
    assert client.post(f"/cases/{id}/acts", json={"event": REQUEST}).status_code == 200


class TestApplication:
    """The application of the how-to, asked over HTTP."""

    def test_a_case(self, client: httpx.Client) -> None:
        """A case is opened, an act recorded, and the case read again, with its source."""
        made = client.post("/cases", json={"id": "A-1", "origin": "hotline"})
        assert (made.status_code, made.json()["stage"], made.json()["origin"]) == (201, "assessment", "hotline")
        act = {"event": REQUEST, "seen": 0, "source": {"text": "a letter"}}
        answer = client.post("/cases/A-1/acts", json=act)
        assert (answer.status_code, answer.json()["stage"]) == (200, "review_requested")
        assert client.get("/cases/A-1").json() == answer.json()
        assert [one["id"] for one in client.get("/cases", params={"stage": "review_requested"}).json()] == ["A-1"]

    def test_the_act_of_the_page(self, client: httpx.Client) -> None:
        """The act that the page sends is recorded, and a repeat of it does no harm."""
        (block,) = blocks(PAGE, "json")
        client.post("/cases", json={"id": "NAY-2024-07"})
        answers = [client.post("/cases/NAY-2024-07/acts", json=json.loads(block.text)) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert [len(one.json()["acts"]) for one in answers] == [1, 1]

    def test_agenda_and_options(self, client: httpx.Client) -> None:
        """What is due and what may be done are answers for a day; a day that is none is told."""
        started(client, "A-2")
        due = client.get("/agenda", params={"today": "2024-04-02"}).json()["items"]
        assert next(one["due"] for one in due if one["case_id"] == "A-2") == "2024-04-11"
        open_now = client.get("/cases/A-2/options", params={"today": "2024-04-02"}).json()["items"]
        assert "ReviewAccepted" in [one["event"] for one in open_now]
        assert client.get("/agenda", params={"today": "tomorrow"}).status_code == 422

    def test_refusal(self, client: httpx.Client) -> None:
        """A refused act is a 422 whose body is the refusal with every reason; nothing was written."""
        client.post("/cases", json={"id": "A-3"})
        farm = {"name": "Campo", "country": "MX", "sector": "other", "goods_traded": False}
        act = {"event": "ReviewRequested", "on": "2024-04-01", "by": "respondent", "facility": farm, "laws": ["LFT"]}
        answer = client.post("/cases/A-3/acts", json={"event": act})
        assert answer.status_code == 422
        expected = rrm.decide(rrm.Case.start("A-3"), rrm.event_from_dict(act))
        assert answer.json() == rrm.to_dict(expected)
        assert len(answer.json()["reasons"]) == 4
        assert client.get("/cases/A-3").json()["acts"] == []
        asked = client.post("/cases/A-3/ask", json=act)
        assert (asked.status_code, asked.json()) == (200, answer.json())

    def test_conflict(self, client: httpx.Client) -> None:
        """Whoever has not seen the last act gets a 409, as does whoever takes an id that is taken."""
        started(client, "A-4")
        answer = client.post("/cases/A-4/acts", json={"event": ACCEPTED, "seen": 0})
        assert answer.status_code == 409
        assert "Nothing was written" in answer.json()["detail"]
        assert len(client.get("/cases/A-4").json()["acts"]) == 1
        assert client.post("/cases/A-4/acts", json={"event": ACCEPTED, "seen": 1}).status_code == 200
        assert client.post("/cases", json={"id": "a-4"}).status_code == 409

    def test_unknown(self, client: httpx.Client) -> None:
        """A case that the docket does not hold is a 404, wherever it is asked for."""
        answers = [
            client.get("/cases/Z-9"),
            client.post("/cases/Z-9/acts", json={"event": ACCEPTED}),
            client.post("/cases/Z-9/ask", json=ACCEPTED),
            client.get("/cases/Z-9/options", params={"today": "2024-04-02"}),
        ]
        assert [one.status_code for one in answers] == [404] * 4
        assert all("Z-9" in one.json()["detail"] for one in answers)

    @pytest.mark.parametrize(
        "event",
        [
            b"NaN", b"null", b'"\\ud800"', b"[[[[[[]]]]]]", b"[" * 900 + b"]" * 900, b"{}", b'{"event": NaN}',
            b'{"event": "ReviewAccepted", "on": "\\ud800"}', b'{"event": "ReviewAccepted", "on": 1e999}',
            b'{"event": "ReviewAccepted", "on": "2024-04-10", "\\ud800": NaN}',
            b'{"event": "PetitionFiled", "on": "2024-04-10", "filer_of": "\\u202e"}',
        ],
    )  # fmt: skip
    def test_no_act(self, client: httpx.Client, event: bytes) -> None:
        """A body that is no act is a 422 with our message at its place, whatever it holds; the server stands."""
        client.post("/cases", json={"id": "A-5"})
        body = b'{"event": ' + event + b"}"
        answer = client.post("/cases/A-5/acts", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["detail"]
        assert error["loc"] == ["body", "event"]
        assert error["msg"].isprintable()

    @pytest.mark.parametrize("body", [b'{"source": NaN}', b"NaN", b"{", b"[" * 100_000, b'{"seen": -1}', b"\xff"])
    def test_no_body(self, client: httpx.Client, body: bytes) -> None:
        """A body that is no JSON, or not of the shape asked for, is the sender's mistake."""
        answer = client.post("/cases/A-5/acts", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {400, 422}, answer.text

    def test_document(self, client: httpx.Client) -> None:
        """The OpenAPI document is whole: each reference leads somewhere, and answers are as it says."""
        document = client.get("/openapi.json").json()
        check_refs(document)
        parts = document["components"]["schemas"]
        for part in parts.values():
            Draft202012Validator.check_schema(part)
        assert {"Event", "Case", "Refusal", "Agenda", "Options", "Entry", *EVENTS} <= set(parts)
        assert parts["Case"]["description"] == rrm.json_schema(rrm.Case)["description"]
        assert [one["$ref"].rpartition("/")[2] for one in parts["Event"]["oneOf"]] == list(EVENTS)
        act = document["paths"]["/cases/{id}/acts"]["post"]
        assert act["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Act")
        started(client, "A-6")
        answers = {
            "Case": client.get("/cases/A-6"),
            "Refusal": client.post("/cases/A-6/ask", json={"event": "PetitionAccepted", "on": "2024-04-10"}),
            "Entry": client.post("/cases/A-6/ask", json=ACCEPTED),
            "Agenda": client.get("/agenda", params={"today": "2024-04-02"}),
            "Options": client.get("/cases/A-6/options", params={"today": "2024-04-02"}),
        }
        for name, answer in answers.items():
            Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"}).validate(answer.json())
        Draft202012Validator({**document, "$ref": "#/components/schemas/Act"}).validate({"event": REQUEST, "seen": 1})
