"""The quick ways of reading, checking and listing a record find what the careful ways find."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.canonical import canonical, clean_id
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Claim, CoveredFacility, Impact, Panelist
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record import fields
from rrm_lifecycle.record.chain import filed_of, verify
from rrm_lifecycle.record.fields import read_fields, write_fields
from rrm_lifecycle.record.filed import Filed, file
from rrm_lifecycle.record.folding import fold, fold_all
from rrm_lifecycle.record.links import Chain
from rrm_lifecycle.record.storage import standing as standing_module
from rrm_lifecycle.record.storage.standing import Standing
from tests.strategies import Walk, case_at, walks

_VALUES = st.sampled_from([
    None, True, False, 0, 1, 10**20, "", "MX", "US", "manufacturing", "not stated", "Planta Uno", "2024-04-10", "joint_list",
    "x\u202e", ["a"], ["a", 1], [], {"a": 1}, ["union_election", "nothing"], 1.5,
])  # fmt: skip
_NAMES = sorted({one.name for kind in (CoveredFacility, Claim, Panelist, Impact) for one in attrs.fields(kind)})
OBJECTS = st.dictionaries(st.sampled_from([*_NAMES, "other"]), _VALUES, max_size=6)


def told_by(read: Any, kind: type, found: dict[str, Any]) -> tuple[str, Any]:
    """Return what reading gives: a value, or the words of the refusal."""
    try:
        return "value", read(kind, found, "data.it")
    except EventError as error:
        return "refused", str(error)


class TestFieldsOfAValue:
    """A value is read from an object of JSON in one go; what is wrong in it is told as when it is read field by field."""

    @given(st.sampled_from([CoveredFacility, Claim, Panelist, Impact]), OBJECTS)
    def test_both_ways_read_alike(self, kind: type, found: dict[str, Any]) -> None:
        """Whatever the object holds, both ways give the same value, or refuse it in the same words."""
        quick, slow = told_by(read_fields, kind, found), told_by(fields._read_in_order, kind, found)
        assert quick == slow
        assert repr(quick) == repr(slow)  # 1 equals True, and reads otherwise

    def test_the_place_of_the_wrong_one_of_several_is_told(self) -> None:
        """Of two facilities it is the second that lacks its country, and the message says so."""
        kind = fields.Many(fields.Inside(CoveredFacility))
        good = {"name": "Planta Uno", "country": "MX", "sector": "mining"}
        with pytest.raises(EventError, match=re.escape("data.reach[1] lacks the field 'country'")):
            kind.read([good, {"name": "Planta Dos", "sector": "mining"}], "data.reach")


_BEFORE = re.compile(
    r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}",
    re.ASCII | re.IGNORECASE,
)
"""An id, said in another way: character by character."""


@given(
    st.one_of(
        st.text("conprnauxltCONPRNAUXLT0129._-A", max_size=70),
        st.text(max_size=12),
        st.builds(
            "{}{}{}".format,
            st.sampled_from(["con", "LPT1", "nul", "com0"]),
            st.sampled_from(["", ".", "x"]),
            st.text("a.", max_size=70),
        ),
    )
)
def test_ids_are_those_of_the_rule_said_character_by_character(value: str) -> None:
    """An id is taken if and only if letters, digits, dots and dashes stand as they may, and it names no device."""
    try:
        taken = clean_id(value) == value
    except EventError:
        taken = False
    assert taken is (_BEFORE.fullmatch(value) is not None)


def chain_of(several: list[Filed], until: int | None = None) -> Chain:
    """Return the chain that has taken entries; the case is asked for behind one of them, if that is said."""
    chain = Chain()
    for number, one in enumerate(several):
        chain.take(one.body, one.hash, f"entry {number}")
        if number == until:
            assert chain.case is not None
    return chain


class TestChain:
    """Acts are checked as they come, and folded when the case is asked for."""

    @given(walks(), st.data())
    def test_the_case_is_the_fold_of_the_entries(self, walk: Walk, data: st.DataObject) -> None:
        """Whenever it is asked for, and in between too, the case is what folding entry by entry gives."""
        several = list(filed_of(walk.case))
        case: Case | None = None
        for one in several:
            case = fold(case, one.entry)
        until = data.draw(st.integers(0, len(several) - 1))
        assert chain_of(several).case == chain_of(several, until).case == case
        assert fold_all([one.entry for one in several]) == case
        head = fold_all([one.entry for one in several[: until + 1]])
        assert fold_all([one.entry for one in several[until + 1 :]], head) == case

    def test_an_act_that_does_not_follow_is_refused_where_it_stands(self) -> None:
        """A well-hashed entry that starts elsewhere than the case stands is named, although folding comes later."""
        path = case_at(Stage.COURSE_RUNNING).path
        for place in range(1, len(path)):
            linked: list[Filed] = []
            for number, entry in enumerate(path):
                made = attrs.evolve(entry, stage=Stage.PANEL_DRAWN) if number == place else entry
                linked.append(file(made, seq=number, prev=linked[-1].hash if linked else None))
            with pytest.raises(
                RecordDamaged, match=rf"entry {place + 1} .*does not follow: entry {place} of case .* starts in"
            ):
                verify(linked)

    def test_a_record_that_begins_with_an_act_is_refused(self) -> None:
        """The first entry has to be an opening."""
        act = case_at(Stage.REVIEW_REQUESTED).acts[0]
        with pytest.raises(RecordDamaged, match="starts with the opening"):
            verify([file(act, seq=0, prev=None)])


class TestWhereACaseStands:
    """The row of a case is written from its values straight."""

    @given(walks())
    def test_the_row_holds_what_the_fields_write(self, walk: Walk) -> None:
        """Facts, claim and facility stand in the row in the very bytes in which their fields are written one by one."""
        case = walk.case
        for value in (case.facts, case.claim, case.facility):
            if value is not None:
                assert canonical(standing_module._stated(value)) == canonical(write_fields(value))

    @given(walks())
    def test_the_row_gives_back_denials_and_case(self, walk: Walk) -> None:
        """What the row was made of comes out of it again: its Denials, and the case without its acts."""
        row = Standing.of(walk.case, 1, "0" * 64)
        assert row.denials == Register.of([walk.case]).denials
        assert row.case() == attrs.evolve(walk.case, acts=())
