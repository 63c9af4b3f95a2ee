"""The body of an entry: written once, read for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
import rfc8785
from attrs import evolve as changed
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Party, Role
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.errors import EventError, RecordDamaged, RecordTooNew
from rrm_lifecycle.law.annexes import ANNEX_31B, Annex
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.bodies import body_of, encode_body, read_body
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Outcome, Track
from rrm_lifecycle.record.kept import Alters, Change, Correction
from rrm_lifecycle.record.readers import kept_from_body
from tests.record.lawful import lawful_case

DAY = date(2024, 4, 10)
ENTRY = Entry(
    "SLP-2024-01",
    did.ReviewAccepted(DAY, known=(DAY, date(2024, 4, 12))),
    Stage.REVIEW_REQUESTED,
    Stage.UNDER_REVIEW,
    EntryKind.ACT,
    Track.CASE,
    Role.RESPONDENT,
    "A4-03a",
    "Art. 31-A.4",
    None,
    None,
    (Limit("review", DAY, date(2024, 5, 25), date(2024, 5, 27)), Limit("course", DAY, None)),
    ("reply",),
    (Finding("within", Outcome.UNMET, "Art. 31-A.4", {"days": 4}), Finding("covered", Outcome.NOT_STATED, None)),
    {"roll_over": True},
    {"name": "MX"},
    "1+0123456789abcdef",
    implied=True,
)


def data(entry: Entry, **more: Any) -> bytes:
    """Return the bytes of a body, with some keys set otherwise (None: taken out)."""
    body = msgspec.to_builtins(body_of(entry, 3, "a" * 64, "log-1"), enc_hook=str) | more
    return encode_body({key: one for key, one in body.items() if one is not None})


def read(found: bytes) -> Entry:
    """Return the entry that bytes hold."""
    kept = kept_from_body(read_body(found, "line 1"), "line 1")
    assert isinstance(kept, Entry)
    return kept


class TestShape:
    """The shape of version 1 cannot be changed any more."""

    def test_bytes(self) -> None:
        """These are the bytes of an entry, whatever the table says."""
        assert data(ENTRY).decode() == (
            '{"alg":"sha256","by":"respondent","calendar":{"name":"MX"},"case":"SLP-2024-01","effective":"2024-04-10",'
            '"event":"ReviewAccepted","findings":[{"code":"within","outcome":"unmet","params":{"days":4},'
            '"provision":"Art. 31-A.4"},{"code":"covered","outcome":"not_stated"}],"from":"review_requested",'
            '"implied":true,"kind":"act","known":["2024-04-10","2024-04-12"],"log":"log-1","prev":"' + "a" * 64 + '",'
            '"provision":"Art. 31-A.4","reading":{"roll_over":true},"rule":"A4-03a",'
            '"rulebook":{"sha256":"0123456789abcdef","version":"1"},"seq":3,'
            '"started":[{"due":"2024-05-25","latest":"2024-05-27","started":"2024-04-10","term":"review"},'
            '{"started":"2024-04-10","term":"course"}],"stopped":["reply"],"to":"under_review","v":1}'
        )

    def test_opening(self) -> None:
        """An opening says its Annex, and what else was said."""
        case = Case.start("SLP-2024-01", annex=ANNEX_31B, origin="hotline", respondent=Party.MX)
        assert encode_body(body_of(case.opening, 0, None, None)).decode() == (
            '{"alg":"sha256","case":"SLP-2024-01","data":{"annex":"31-B","complainant":"CA","origin":"hotline",'
            '"respondent":"MX"},"from":"assessment","kind":"opening","seq":0,"to":"assessment","v":1}'
        )

    def test_defaults_are_written(self) -> None:
        """What a field of an event says is written even where it equals a default, so that no later default changes it."""
        entry = changed(ENTRY, event=did.DeterminationIssued(DAY, finding="denial", heard=NOT_STATED))
        assert b'"data":{"finding":"denial","heard":"not stated","still_covered":true}' in data(entry)
        plant = CoveredFacility("Planta", country="MX", sector="mining")
        asked = changed(ENTRY, event=did.ReviewRequested(DAY, facility=plant))
        assert b'{"competes":false,"country":"MX","goods_traded":false,"name":"Planta","sector":"mining"}' in data(
            asked
        )

    def test_rule_and_term_that_are_gone(self) -> None:
        """An entry reads although its row, its term and its guard are in no table."""
        old = changed(ENTRY, rule="Z9-99z", stopped=("bygone",), started=(Limit("bygone", DAY, DAY),))
        old = changed(old, findings=(Finding("forgotten", Outcome.UNMET, "Art. 0"),), rulebook="0")
        assert read(data(old)) == old

    def test_foreign(self) -> None:
        """An Annex or an event that no record can hold is refused when it is written."""
        with pytest.raises(EventError, match=r"Annex 31-A or Annex 31-B"):
            body_of(Case.start("x", annex=Annex("31-C", frozenset({Party.US, Party.CA}))).opening, 0, None, None)
        with pytest.raises(EventError, match=r"one of rrm_lifecycle\.events"):
            body_of(changed(ENTRY, event=did.Event(DAY)), 1, None, None)


class TestBothWays:
    """An entry read back equals the entry written, and its bytes are canonical."""

    @given(st.integers(0, 2**32))
    def test_random_cases(self, seed: int) -> None:
        """Each entry of a random lawful case comes back as it was, in bytes that rfc8785 gives too."""
        for number, entry in enumerate(lawful_case(seed).path):
            written = encode_body(body_of(entry, number, None, None))
            assert read(written) == entry
            assert rfc8785.dumps(msgspec.json.decode(written)) == written

    def test_hold(self) -> None:
        """An act of the customs hold comes back on its track."""
        plant = CoveredFacility("Planta", country="MX", sector="mining", goods_traded=True)
        asked = did.ReviewRequested(DAY, facility=plant, laws=("LFT",), basis="x")
        entry = decide(play(Case.start("x"), asked), did.HoldBegun(DAY))
        assert isinstance(entry, Entry)
        assert read(data(entry)) == entry
        assert read(data(entry)).to is Hold.SUSPENDED


class TestRefused:
    """What no entry can hold is refused with the place and the cause."""

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"surplus": 1}, "unknown field `surplus`"),
            ({"to": None}, "lacks from or to"),
            ({"to": "nowhere"}, "holds the stage 'nowhere'"),
            ({"from": "suspended"}, "holds the stage 'suspended'"),
            ({"track": "hold"}, "holds the stage"),
            ({"track": "rail"}, "names the track 'rail'"),
            ({"by": "them"}, "holds the role 'them'"),
            ({"closing": "happily"}, "holds the closing 'happily'"),
            ({"kind": "remark"}, "is a remark and holds what a remark cannot hold: by,"),
            ({"kind": "rumour"}, "kind 'rumour'"),
            ({"acts": []}, "is an act and holds what an act cannot hold: acts"),
            ({"changes": []}, "is an act and holds what an act cannot hold: changes"),
            ({"erased": {"field": "remark", "seq": 1}}, "is an act and holds what an act cannot hold: erased"),
            ({"refused": []}, "is an act and holds what an act cannot hold: refused"),
            ({"skipped": 1}, "is an act and holds what an act cannot hold: skipped"),
            ({"since": 1}, "is an act and holds what an act cannot hold: since"),
            ({"reason": "so told"}, "is an act and holds what an act cannot hold: reason"),
            (
                {"acts": [], "changes": [], "since": 1},
                "is an act and holds what an act cannot hold: acts, changes, since",
            ),
            ({"event": "Vanished"}, "names the act 'Vanished'"),
            ({"event": None}, "lacks event or effective"),
            ({"effective": None}, "lacks event or effective"),
            ({"effective": "2024-4-10"}, "no body"),
            ({"effective": "2024-04-20"}, "has to lie in known"),
            ({"data": {"tier": 1}}, "states 'tier', which ReviewAccepted has not"),
            ({"data": {"by": "them"}}, "by has to be one of"),
            ({"event": "DeterminationIssued", "data": {"finding": "denial"}}, "lacks heard or still_covered"),
            ({"event": "DeterminationIssued"}, "lacks finding or heard"),
            ({"sets": {"mood": "good"}}, "sets"),
            ({"reading": {"a": 2**53}}, "not every reader"),
            ({"findings": [{"code": "x", "outcome": "met"}]}, "holds the outcome 'met'"),
            ({"findings": [{"code": "x", "outcome": "unmet", "params": {"n": 2**60}}]}, "not every reader"),
            ({"findings": [{"code": "x", "outcome": "unmet", "params": {"n": 1.5}}]}, "numbers are whole"),
            ({"started": [{"term": "reply"}]}, "missing required field `started`"),
            ({"implied": False}, None),
            ({"seq": "3"}, "Expected `int`"),
            ({"v": 0}, "there never was"),
            ({"alg": "md5"}, "there never was"),
        ],
    )
    def test_damaged(self, more: dict[str, Any], says: str | None) -> None:
        """Each is refused; a spelling with the same meaning but other bytes, too, unless it is what we write."""
        found = data(ENTRY, **more)
        if says is None:
            assert read(found) == changed(ENTRY, implied=False)
            return
        with pytest.raises(RecordDamaged, match=says):
            read(found)

    def test_opening_with_more(self) -> None:
        """An opening holds nothing of an act, and stands in assessment."""
        opening = Case.start("x").opening
        wrong: tuple[dict[str, Any], ...] = (
            {"rule": "A4-01a"}, {"data": {"annex": "31-C"}}, {"data": {"annex": 1}}, {"to": "closed"}, {"data": {}},
        )  # fmt: skip
        for more in wrong:
            with pytest.raises(RecordDamaged):
                read(data(opening, **more))

    @pytest.mark.parametrize("other", [b'{ "alg"', b'{"al\\u0067"'])
    def test_other_bytes(self, other: bytes) -> None:
        """The same body in a spelling that is not ours is refused: it would have another hash."""
        found = data(ENTRY)
        assert found.startswith(b'{"alg"')
        with pytest.raises(RecordDamaged, match="line 1 is not in canonical form"):
            read(found.replace(b'{"alg"', other, 1))

    def test_change_without_its_act(self) -> None:
        """A correction that puts an act in, or in the place of another, says which; one that strikes an act names none."""
        for what, act in (("insert", None), ("replace", None), ("strike", did.ReviewAccepted(DAY))):
            event = did.ReviewAccepted(DAY) if act is None else None
            kept = Correction("SLP-2024-01", (Change(Alters(what), 1, event),), "x", 1, (), Stage.CLOSED, Stage.CLOSED)
            body = msgspec.to_builtins(body_of(kept, 3, "a" * 64, "log-1"), enc_hook=str)
            (change,) = body["changes"]
            if act is None:
                del change["act"]
            else:
                change["act"] = {"effective": DAY.isoformat(), "event": "ReviewAccepted"}
            with pytest.raises(RecordDamaged, match=r"line 1 lacks (the act of a change|event or effective)"):
                kept_from_body(read_body(encode_body(body), "line 1"), "line 1")

    def test_later_version(self) -> None:
        """A body of a later version says so, whatever else it holds."""
        with pytest.raises(RecordTooNew, match="upgrade"):
            read(data(ENTRY, v=2))
        with pytest.raises(RecordTooNew, match="upgrade"):
            read(data(ENTRY, v=2, unheard_of=[1]))
        with pytest.raises(RecordTooNew):
            kept_from_body(changed_version())


def changed_version() -> Any:
    """Return a body that names a later version."""
    body = read_body(data(ENTRY), "line 1")
    body.v = 9
    return body
