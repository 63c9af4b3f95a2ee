"""What is read, told and compared the quick way is what the plain way gives."""

from __future__ import annotations

import subprocess
import sys
from itertools import accumulate, pairwise
from typing import Any

import attr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.case.register import Basis, denials_among, denials_in
from rrm_lifecycle.errors import RecordDamaged, RecordError
from rrm_lifecycle.record.chain import dumps, verify
from rrm_lifecycle.record.proof.notes import Checkpoint, CheckpointWalk
from rrm_lifecycle.record.proof.tree import root
from rrm_lifecycle.record.reader import DEEPEST, check_text
from rrm_lifecycle.record.storage.sql import head_of_row, recorded_in
from tests.strategies import Walk, walks

_OPEN, _SHUT = b"{[", b"}]"


def depth_of(line: bytes) -> int:
    """Return how deep a line without strings is nested, counted byte by byte."""
    steps = [(one in _OPEN) - (one in _SHUT) for one in line]
    return max(accumulate(steps), default=0)


class TestDepthOfALine:
    """At most 32 objects and arrays lie within one another; how many there are is no matter."""

    @given(st.lists(st.sampled_from([b"{", b"[", b"}", b"]", b"1", b","]), max_size=150).map(b"".join))
    def test_as_counted(self, line: bytes) -> None:
        """A line is refused for its depth if and only if it is deeper than that, counted byte by byte."""
        if depth_of(line) > DEEPEST:
            with pytest.raises(RecordError, match="nested deeper"):
                check_text(line, "the line")
        else:
            check_text(line, "the line")

    @pytest.mark.parametrize("opens", [b"{", b"[", b"{["])
    def test_boundary(self, opens: bytes) -> None:
        """The 32nd is taken, and the 33rd refused, be they objects, arrays or both."""
        line = opens * (DEEPEST + 1)
        check_text(line[:DEEPEST], "the line")
        with pytest.raises(RecordError, match="nested deeper"):
            check_text(line[: DEEPEST + 1], "the line")

    def test_many_beside_one_another(self) -> None:
        """A hundred objects beside one another are no depth, and braces within a text are none."""
        check_text(b"[" + b",".join([b"{}"] * 100) + b"]", "the line")
        check_text(b'"' + b"{[" * 100 + b'"', "the line")

    @pytest.mark.parametrize("line", [b'"a\x7fb"', b'"a\\tb"'])
    def test_bytes_asked_by_number(self, line: bytes) -> None:
        """The delete character and a needless escape are found in a line of plain ASCII."""
        with pytest.raises(RecordError):
            check_text(line, "the line")


class TestFrameOfALine:
    """A line of a record has a body, a hash, and nothing else."""

    LINES = dumps(Case.start("A")).split(b"\n")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b',"hash":"', b',"hush":"'),
            (b',"hash":"', b', "hash":"'),
            (b'"}', b'"} '),
            (b'"}', b"'}"),
            (b'"}', b'"]'),
            (b'{"body":', b'{"bode":'),
        ],
    )
    def test_another_frame(self, old: bytes, new: bytes) -> None:
        """A byte changed in the frame makes it no line of a record, wherever in the frame it lies."""
        first, *rest = self.LINES
        head, _, tail = first.rpartition(old)
        altered = head + new + tail
        with pytest.raises(RecordDamaged, match="line 2 is no line of a record"):
            verify(b"\n".join([first, altered, *rest]))

    @pytest.mark.parametrize("length", range(8, 90, 7))
    def test_short_lines(self, length: int) -> None:
        """A line that begins as one of a record and is shorter than its frame is none."""
        with pytest.raises(RecordDamaged):
            verify(self.LINES[0] + b"\n" + self.LINES[0][:length] + b"\n" + self.LINES[1] + b"\n")


class TestDenialsOfARow:
    """Where a case stands is written with the Denials that its acts leave."""

    @given(walks())
    def test_acts_alone_say(self, walk: Walk) -> None:
        """The acts of a case leave the Denials that its whole path leaves: the opening leaves none."""
        case = walk.case
        if case.facility is not None:
            assert denials_among(case.acts) == denials_among(case.path) == denials_in(case)
        assert {basis for _, basis in denials_in(case)} <= set(Basis)


class TestLogInParts:
    """A log is compared with its checkpoints, however many entries are handed over at a time."""

    LOG = tuple(bytes([number]) * 32 for number in range(40))

    @given(st.sets(st.integers(0, 40), max_size=5), st.lists(st.integers(0, 15), max_size=6), st.booleans())
    def test_parts(self, sizes: set[int], cuts: list[int], wrong: bool) -> None:
        """In parts of any size, a walk covers, and refuses, what it does entry by entry, and has the same tree."""
        points = [Checkpoint("log", size, root(self.LOG[:size])) for size in sorted(sizes)]
        if wrong and points and points[-1].size:
            points[-1] = Checkpoint("log", points[-1].size, root([b"another"]))
        bounds = sorted({min(one, 40) for one in accumulate(cuts)} | {0, 40})
        parts = [self.LOG[start:end] for start, end in pairwise(bounds)]
        told: list[tuple[int, int, Any]] = []
        for several in ([(one,) for one in self.LOG], parts, [iter(self.LOG)]):
            walk = CheckpointWalk(points)
            try:
                for one in several:
                    walk.extend(one)
                told.append((walk.close(), walk.log.size, walk.log.root()))
            except RecordDamaged as error:
                told.append((walk.covered, walk.log.size, str(error)))
        assert told[0] == told[1] == told[2]


class TestTimeOfARow:
    """Over a whole log, the time of recording is read from the bytes of each entry and nothing else is."""

    @pytest.mark.parametrize("body", [b'{"recorded":"2025-06-02T09:00:00Z","log":"a"}', b'{"log":"a"}'])
    def test_the_same_time(self, body: bytes) -> None:
        """It is the time that a head of the same row shows."""
        row = ("A", 1, "0" * 64, body)
        assert recorded_in(row) == head_of_row(row).recorded

    @pytest.mark.parametrize("body", [b"", b"{", b'{"recorded":1}', b'{"recorded":"soon"}', None, "text"])
    def test_damage(self, body: Any) -> None:
        """Bytes that say no time are refused, in the words of a head that cannot be read."""
        row = ("A", 1, "0" * 64, body)
        words = []
        for read in (recorded_in, head_of_row):
            with pytest.raises(RecordDamaged, match="number 1 of case 'A' cannot be read") as raised:
                read(row)
            words.append(str(raised.value))
        assert words[0] == words[1]


def told_in(value: Any) -> list[Told]:
    """Return the values in a value that tell their fields by :class:`Told`, itself among them."""
    if isinstance(value, tuple):
        return [one for inside in value for one in told_in(inside)]
    if not attr.has(type(value)):
        return []
    inside = [one for part in attr.fields(type(value)) for one in told_in(getattr(value, part.name))]
    return [value, *inside] if isinstance(value, Told) else inside


class TestTold:
    """A value shows its fields as attrs would have it."""

    @given(walks())
    def test_as_attrs_writes_it(self, walk: Walk) -> None:
        """What a value shows is, to the letter, what attrs writes out for a class of the same fields."""
        found = told_in((walk.case, *walk.case.path))
        assert found
        for value in found:
            kind: Any = type(value)
            written: Any = attr.s(
                type(kind.__name__, (kind,), {"__slots__": ()}), these={}, repr=True, eq=False, init=False
            )
            assert repr(value) == written.__repr__(value)

    def test_within_a_function(self) -> None:
        """A class within a function shows its own name alone; a field may be left out, or shown in a way of its own."""

        @attr.frozen(repr=False)
        class Small(Told):
            a: int = 1
            b: int = attr.field(default=2, repr=False)
            c: int = attr.field(default=255, repr=hex)

        assert repr(Small()) == "Small(a=1, c=0xff)"


def test_a_ruling_loads_no_words() -> None:
    """An act is ruled on without its words being loaded; whoever asks what was found loads them."""
    program = (
        "import sys; from datetime import date; import rrm_lifecycle as rrm; from rrm_lifecycle import events as did\n"
        "found = rrm.decide(rrm.Case.start('A'), did.ReviewAccepted(date(2024, 4, 10)))\n"
        "print('rrm_lifecycle.law.wording' in sys.modules)\n"
        "print('A: ReviewAccepted' in found.text(), 'rrm_lifecycle.law.wording' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["False", "True", "True"]
