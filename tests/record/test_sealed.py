"""Sealed texts: the record commits to them without holding them; they are shown on request, and can be erased."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Panelist, PanelList
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordError, RefusedError, TextError
from rrm_lifecycle.record.chain import dumps, loads, loads_filed, verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import PREFIX, Document, Source, file
from rrm_lifecycle.record.kept import Correction, Erasure, Insert, Remark, Replace
from rrm_lifecycle.record.plain import to_dict
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.sealing import SEALED, Sealed, commitment
from tests.record.dockets import ACCEPTED, ASKED, KINDS, PLANT, docket_of

NAME = "Juana Pérez"
RAW = NAME.encode()
DAY = date(2024, 4, 3)
DIGEST = "ab" * 32


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield an empty docket, in memory and in a file."""
    with docket_of(request.param, tmp_path) as made:
        yield made


def everywhere(docket: Docket) -> Case:
    """Record a case with a sealed text in every place that takes one."""
    docket.start("A", recorded_by=sealed(f"1 {NAME}"))
    docket.record(
        "A",
        changed(ASKED, basis=sealed(f"2 {NAME}"), enforced_order=sealed(f"3 {NAME}")),
        recorded_by=sealed(f"4 {NAME}"),
        source=Source(url=sealed(f"https://example.org/5 {NAME}"), text=sealed(f"6 {NAME}")),
        remark=sealed(f"7 {NAME}"),
        documents=[Document(sealed(f"8 {NAME}"), DIGEST, 1), Document("plain.pdf", DIGEST, 2)],
    )
    docket.record("A", did.ReviewDeclined(date(2024, 4, 9)), source=sealed(f"9 {NAME}"))
    docket.record("A", did.PanelRequested(date(2024, 4, 20)))
    lot = (
        Panelist(PanelList.JOINT, reference=sealed(f"10 {NAME}")),
        *map(Panelist, (PanelList.COMPLAINANT, PanelList.RESPONDENT)),
    )
    docket.record("A", did.PanelistsDrawn(date(2024, 4, 22), panelists=lot))
    docket.remark("A", sealed(f"11 {NAME}"), on=DAY)
    return docket.case("A")


PLACES = {
    (0, "recorded_by"): f"1 {NAME}",
    (1, "data.basis"): f"2 {NAME}",
    (1, "data.enforced_order"): f"3 {NAME}",
    (1, "recorded_by"): f"4 {NAME}",
    (1, "source.url"): f"https://example.org/5 {NAME}",
    (1, "source.text"): f"6 {NAME}",
    (1, "remark"): f"7 {NAME}",
    (1, "documents.0.name"): f"8 {NAME}",
    (2, "source.text"): f"9 {NAME}",
    (4, "data.panelists.0.reference"): f"10 {NAME}",
    (5, "remark"): f"11 {NAME}",
}


def known_values(docket: Docket, case_id: str = "A") -> list[str]:
    """Return every value that can still be had from what the docket shows of a case."""
    found: list[str] = []

    def look(value: Any) -> None:
        if isinstance(value, Sealed):
            found.extend(one for one in (value.value,) if one is not None)
        elif isinstance(value, tuple | list):
            for one in value:
                look(one)
        elif hasattr(value, "__attrs_attrs__"):
            for one in value.__attrs_attrs__:
                look(getattr(value, one.name))

    look((docket.case(case_id), docket.history(case_id), docket.attempts(case_id)))
    return found


class TestHidden:
    """The value stands in no body, no display, no log and no export."""

    def test_values(self) -> None:
        """Whoever made it can look at the value; as a text it says that it is sealed."""
        one = sealed(NAME)
        assert (one.value, str(one), repr(one), f"{one}", one[:7]) == (NAME, SEALED, SEALED, SEALED, "<sealed")
        assert one.salt is not None
        assert len(one.salt) >= 22
        assert one.commitment == commitment(one.salt, NAME)
        assert json.dumps(one) == '"<sealed>"'

    def test_salted(self) -> None:
        """Two sealed texts of one value have different commitments, and are not equal."""
        one, other = sealed(NAME), sealed(NAME)
        assert one.commitment != other.commitment
        assert one != other
        assert one == Sealed(one.commitment)
        assert len({one, other, Sealed(one.commitment)}) == 2
        assert (one == SEALED) is False
        assert len({one, SEALED}) == 2

    def test_nowhere(self, docket: Docket, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
        """The value is in no body, repr, str, JSON, frame, log, or export of what the docket shows."""
        with caplog.at_level(logging.DEBUG):
            case = everywhere(docket)
            with pytest.raises(RefusedError) as caught:
                docket.record(
                    "A", changed(ACCEPTED, on=date(2024, 5, 1)), remark=sealed(NAME), recorded_by=sealed(NAME)
                )
        assert docket.verify().entries == 7
        history = docket.history("A")
        shown: list[str] = [repr(case), str(case), json.dumps(to_dict(case)), str(caught.value), repr(caught.value)]
        for one in (*history, *docket.attempts("A")):
            shown += [
                repr(one),
                str(one),
                repr(one.entry),
                str(one.entry),
                repr(one.note),
                str(one.note),
                repr(one.secrets),
            ]
            shown += [one.body.decode(), json.dumps(to_dict(one))]
            if isinstance(one.entry, Entry):
                shown += [repr(one.entry.event), str(one.entry.event), one.entry.text("es")]
        shown += [
            repr(docket.agenda(date(2024, 5, 1))),
            str(docket.options("A", date(2024, 5, 1))),
            repr(docket),
            caplog.text,
        ]
        assert [one for one in shown if "Juana" in one or "P\\u00e9rez" in one] == []
        assert RAW not in dumps(history)
        assert RAW not in dumps(case)
        docket.export_jsonl(tmp_path / "all.jsonl")
        assert RAW not in (tmp_path / "all.jsonl").read_bytes()
        assert RAW not in pickle.dumps([one.body for one in history])
        assert history[1].body.count(b"<sealed>") == 7

    def test_frames(self, docket: Docket) -> None:
        """Frames show nothing that is sealed."""
        pytest.importorskip("pandas")
        case = everywhere(docket)
        for one in (docket.agenda(date(2024, 4, 22)), docket.options(case, date(2024, 4, 22))):
            assert "Juana" not in one.to_frame().to_csv()

    def test_read_again(self, docket: Docket) -> None:
        """What was read from a record says that a text is sealed, and is equal to what was filed."""
        case = everywhere(docket)
        data = dumps(docket.history("A"))
        again = loads(data)
        assert again == case
        assert again.claim.basis == SEALED or isinstance(again.claim.basis, Sealed)
        assert isinstance(again.claim.basis, Sealed)
        assert again.claim.basis.value is None
        assert loads_filed(data) == docket.history("A")
        assert dumps(loads_filed(data)) == data
        assert verify(docket.history("A")).entries == 6

    def test_shown_case_has_no_value(self, docket: Docket) -> None:
        """The cases and entries that a docket shows hold no value: to see it, one asks for it by name."""
        everywhere(docket)
        assert known_values(docket) == []

    def test_plain_text(self, docket: Docket) -> None:
        """A user's own text that reads "<sealed>" stays a text, also beside one that is sealed."""
        docket.start("A")
        docket.record(
            "A", changed(ASKED, basis=SEALED, enforced_order=sealed("x")), remark=SEALED, recorded_by=sealed("y")
        )
        docket.remark("A", SEALED, on=DAY)
        docket.record("A", ACCEPTED, remark=SEALED)
        again = loads(dumps(docket.history("A")))
        assert again == docket.case("A")
        assert type(again.claim.basis) is str
        assert isinstance(again.claim.enforced_order, Sealed)
        assert [type(one.remark) for one in docket.history("A")[1:]] == [str, type(None), str]
        assert set(docket.reveal("A")) == {(1, "data.enforced_order"), (1, "recorded_by")}
        with pytest.raises(EventError, match="no sealed value stands in 'remark' of entry 1"):
            docket.erase("A", 1, "remark", reason="x")

    def test_pickle(self) -> None:
        """A sealed text survives pickling, with its value where that is at hand."""
        one = sealed(NAME)
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
        assert (again, again.value, again.salt) == (one, NAME, one.salt)
        bare = pickle.loads(pickle.dumps(Sealed(one.commitment)))  # noqa: S301 - made here
        assert (bare, bare.value, bare.salt) == (one, None, None)


class TestReveal:
    """The values can be seen by whoever asks for them."""

    def test_all(self, docket: Docket) -> None:
        """Each value is shown by the number of its entry and its place."""
        everywhere(docket)
        assert docket.reveal("a") == PLACES

    def test_other_cases(self, docket: Docket) -> None:
        """The values of one case are not those of another."""
        everywhere(docket)
        docket.start("B", recorded_by=sealed("somebody"))
        assert docket.reveal("B") == {(0, "recorded_by"): "somebody"}
        assert docket.reveal("A") == PLACES


class TestErase:
    """An erased value is gone for good; the chain still verifies."""

    @pytest.mark.parametrize("place", PLACES)
    def test_each(self, docket: Docket, place: tuple[int, str]) -> None:
        """Each of them can be erased by itself; the others stay; the record says that it was done and why."""
        everywhere(docket)
        before = docket.history("A")
        receipt = docket.erase("A", *place, reason="asked for by the person", recorded_by="clerk-7")
        assert docket.reveal("A") == {key: one for key, one in PLACES.items() if key != place}
        last = docket.history("A")[-1]
        assert (receipt.seq, receipt.hash) == (6, last.hash)
        assert last.entry == Erasure("A", *place, "asked for by the person")
        assert str(last.entry) == f"erased: {place[1]} of entry {place[0]} (asked for by the person)"
        assert docket.history("A")[:-1] == before
        assert docket.verify().entries == 7

    def test_twice(self, docket: Docket) -> None:
        """A second erasure is refused, with what is still sealed."""
        docket.start("A", recorded_by=sealed("x"))
        docket.record("A", ASKED, remark=sealed("y"))
        docket.erase("A", 1, "remark", reason="asked for")
        with pytest.raises(
            EventError, match=r"no sealed value stands in 'remark' of entry 1 .*: recorded_by of entry 0"
        ):
            docket.erase("A", 1, "remark", reason="asked for")
        docket.erase("A", 0, "recorded_by", reason="asked for")
        with pytest.raises(EventError, match="sealed there: nothing"):
            docket.erase("A", 0, "recorded_by", reason="asked for")
        assert docket.verify().entries == 4

    @pytest.mark.parametrize("reason", ["", None, "\x1b"])
    def test_reason(self, docket: Docket, reason: Any) -> None:
        """An erasure needs a reason."""
        docket.start("A", recorded_by=sealed("x"))
        with pytest.raises(EventError, match="reason"):
            docket.erase("A", 0, "recorded_by", reason=reason)
        assert docket.reveal("A")

    def test_case_stays(self, docket: Docket) -> None:
        """The case goes on as before, and may be recorded in."""
        case = everywhere(docket)
        docket.erase("A", 1, "data.basis", reason="asked for")
        assert docket.case("A") == case
        assert docket.record(case, did.PanelConstituted(date(2024, 4, 23))).seq == 5

    def test_gone_from_memory(self, docket: Docket) -> None:
        """After an erasure nothing that the docket shows or holds gives the value any more."""
        everywhere(docket)
        for place in PLACES:
            docket.erase("A", *place, reason="asked for")
        assert docket.reveal("A") == {}
        assert known_values(docket) == []
        assert b"Juana" not in pickle.dumps((docket.case("A"), docket.history("A")))

    def test_does_not_come_back(self, docket: Docket) -> None:
        """A correction behind an erasure, which decides the erased act anew, does not bring its value back."""
        docket.start("A")
        docket.record_all("A", (changed(ASKED, basis=sealed(NAME)), ACCEPTED))
        docket.erase("A", 1, "data.basis", reason="asked for")
        docket.correct("A", Insert(0, did.SelfInitiated(date(2024, 3, 1), facility=PLANT)), reason="learned later")
        assert docket.reveal("A") == {}
        assert known_values(docket) == []

    def test_with_correction(self, docket: Docket) -> None:
        """A correction that decides a sealed act anew makes no second copy of its value."""
        docket.start("A")
        docket.record_all("A", (changed(ASKED, basis=sealed(NAME)), ACCEPTED))
        docket.correct("A", Insert(0, did.SelfInitiated(date(2024, 3, 1), facility=PLANT)), reason="learned later")
        assert docket.reveal("A") == {(1, "data.basis"): NAME}
        docket.erase("A", 1, "data.basis", reason="asked for")
        assert docket.reveal("A") == {}
        assert docket.verify().entries == 5

    def test_in_correction(self, docket: Docket) -> None:
        """A sealed text that a correction itself brings in can be erased from it."""
        docket.start("A")
        case = docket.record("A", ASKED)
        docket.correct(case, Replace(1, changed(ASKED, basis=sealed(NAME))), reason="x", recorded_by=sealed("clerk"))
        places = [place for place in docket.reveal("A") if place[1] != "recorded_by"]
        assert {docket.reveal("A")[one] for one in places} == {NAME}
        assert RAW not in docket.history("A")[-1].body
        kept = docket.history("A")[-1].entry
        assert isinstance(kept, Correction)
        assert loads(dumps(docket.history("A"))) == docket.case("A")
        for place in places:
            docket.erase("A", *place, reason="asked for")
        assert list(docket.reveal("A")) == [(2, "recorded_by")]
        docket.verify()

    def test_attempt(self, docket: Docket) -> None:
        """An attempt that was refused keeps no value: nobody could erase it there."""
        docket.start("A")
        with pytest.raises(RefusedError):
            docket.record(
                "A", did.DeterminationIssued(date(2024, 5, 1), finding="denial", heard=True), remark=sealed(NAME)
            )
        (attempt,) = docket.attempts("A")
        assert isinstance(attempt.remark, Sealed)
        assert docket._store.secrets("A/attempts") == ()
        assert known_values(docket) == []
        docket.verify()

    def test_never_sealed(self, docket: Docket) -> None:
        """An erasure of what was never sealed does not verify, although its hash fits."""
        docket.start("A", recorded_by=sealed("x"))
        docket.record("A", ASKED)
        history = docket.history("A")
        last = history[-1]
        for wrong in (
            Erasure("A", 1, "remark", "x"),
            Erasure("A", 0, "remark", "x"),
            Erasure("A", 2, "recorded_by", "x"),
        ):
            made = file(wrong, seq=2, prev=last.hash, log=last.log, recorded=last.recorded)
            with pytest.raises(RecordDamaged, match="which was never sealed"):
                verify([*history, made])
        right = file(Erasure("A", 0, "recorded_by", "x"), seq=2, prev=last.hash, log=last.log, recorded=last.recorded)
        assert verify([*history, right]).entries == 3


class TestPlacesOfFields:
    """A text can be sealed where no rule reads it, and nowhere else."""

    def test_refused(self, docket: Docket) -> None:
        """The name and the owner of a facility, its sector, the laws, ids and keys cannot be sealed."""
        one = sealed(NAME)
        docket.start("A")
        for make in (
            lambda: CoveredFacility(one, country="MX", sector="mining"),
            lambda: CoveredFacility("x", country="MX", sector="mining", owner=one),
            lambda: docket.start(one),
            lambda: changed(ASKED, laws=(one,)),
            lambda: changed(ASKED, linked_to=one),
            lambda: docket.record("A", ASKED, once=one),
            lambda: docket.erase("A", 0, "remark", reason=one),
            lambda: docket.correct("A", Insert(0, ASKED), reason=one),
        ):
            with pytest.raises(EventError) as caught:
                make()
            assert "Juana" not in str(caught.value)
        assert docket.verify().entries == 1

    @pytest.mark.parametrize("text", ["", "\x1b[2J", "a\u202eb", SEALED, None, 3])
    def test_text(self, text: Any) -> None:
        """What is no text, an empty one, and one that no reader could trust cannot be sealed."""
        with pytest.raises(TextError):
            sealed(text)

    def test_twice(self) -> None:
        """What is sealed cannot be sealed again."""
        with pytest.raises(TextError):
            sealed(sealed(NAME))

    def test_normal_form(self) -> None:
        """The value is kept in Unicode's form NFC."""
        assert sealed("Cafe\u0301").value == "Café"

    def test_sealed_place_without_a_text(self) -> None:
        """A record that names a place as sealed where a text can be read is refused."""
        case = Case.start("A")
        opening = file(case.opening, seq=0, prev=None, log="log", recorded=None)
        body = opening.body.replace(b'"seq":0', b'"sealed":{"remark":"' + b"x" * 43 + b'"},"seq":0')
        body = body.replace(b'"sealed":', b'"remark":"for all to read","sealed":')
        found = sha256(PREFIX + body).hexdigest()
        data = b'{"body":' + body + b',"hash":"' + found.encode() + b'"}\n'
        end = b'{"end":{"case":"A","entries":1,"head":"' + found.encode() + b'","v":1}}\n'
        with pytest.raises(RecordDamaged, match="sealed"):
            loads(data + end)


class TestMoved:
    """An export shows values when asked, and then they can be taken up elsewhere."""

    def test_disclosed(self, docket: Docket) -> None:
        """With disclose=True the values go along; the docket that takes them up reveals them, and can erase them."""
        everywhere(docket)
        kept = BytesIO()
        docket.export_jsonl(kept, disclose=True)
        assert kept.getvalue().count(b'{"sealed":') == len(PLACES)
        other = Docket.in_memory()
        kept.seek(0)
        other.import_jsonl(kept)
        assert other.reveal("A") == PLACES
        assert other.history("A") == docket.history("A")
        other.erase("A", 1, "data.basis", reason="asked for")
        assert (1, "data.basis") not in other.reveal("A")
        other.verify()
        docket.verify()

    def test_not_disclosed(self, docket: Docket) -> None:
        """Without, the record goes along and the values stay."""
        everywhere(docket)
        kept = BytesIO()
        docket.export_jsonl(kept)
        other = Docket.in_memory()
        kept.seek(0)
        other.import_jsonl(kept)
        assert other.reveal("A") == {}
        assert other.case("A") == docket.case("A")

    def test_erased_is_not_shown(self, docket: Docket) -> None:
        """An erased value goes nowhere."""
        docket.start("A", recorded_by=sealed(NAME))
        docket.erase("A", 0, "recorded_by", reason="asked for")
        kept = BytesIO()
        docket.export_jsonl(kept, disclose=True)
        assert RAW not in kept.getvalue()

    def test_other_value(self, docket: Docket) -> None:
        """A value that is not the one that the record commits to is refused, and so is one of a place that is not sealed."""
        docket.start("A", recorded_by=sealed(NAME))
        kept = BytesIO()
        docket.export_jsonl(kept, disclose=True)
        data = kept.getvalue()
        assert loads(data) == docket.case("A")
        for old, new in (
            (RAW, b"Juana Peral"),
            (b'"place":"recorded_by"', b'"place":"remark"'),
            (b'"seq":0,"value"', b'"seq":1,"value"'),
            (b'"seq":0,"value"', b'"seq":false,"value"'),
            (b'{"sealed":{"place"', b'{"sealed":{"pla"'),
        ):
            assert data.count(old) == 1
            with pytest.raises(RecordError, match="line 2"):
                loads(data.replace(old, new))

    def test_bare_case(self) -> None:
        """The record of a bare case that was played with a sealed text shows that it is sealed."""
        docket = Docket.in_memory()
        played = docket.record(docket.start("A"), changed(ASKED, basis=sealed(NAME)))
        data = dumps(played)
        assert RAW not in data
        other = Docket.in_memory()
        other.import_jsonl(BytesIO(data))
        assert other.case("A") == played
        assert isinstance(other.case("A").claim.basis, Sealed)


def test_remark() -> None:
    """A remark may be sealed as a whole, and says so."""
    assert str(Remark("A", sealed(NAME), DAY)) == "2024-04-03: <sealed>"
