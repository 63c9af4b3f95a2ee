"""A log that is written as a stream: the same bytes as the whole, in memory that does not grow with it."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from weakref import ReferenceType, ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export import FORMATS, Format, Takes, event_log, frame, objects, traces
from rrm_lifecycle.export.sorting import Sorting
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.folding import fold_all
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import Simulation
from tests.export.hostile import CASES, case_of

LOGS = [one for one in FORMATS.values() if one.takes is Takes.LOG]
each_log = pytest.mark.parametrize("log", LOGS, ids=lambda one: one.name)


class Counting(io.RawIOBase):
    """A file that keeps nothing of what is written to it but how much it was."""

    size = 0

    def write(self, data: Any) -> int:
        """Count the bytes."""
        self.size += len(data)
        return len(data)


def written(log: Format, source: object) -> bytes:
    """Return what a log writes of a source."""
    file = io.BytesIO()
    assert log.write is not None
    log.write(source, file)
    return file.getvalue()


def whole(log: Format, source: object) -> bytes:
    """Return the log of a source in one piece."""
    made = log.make(source)
    return made if isinstance(made, bytes) else made.encode()


def peak(log: Format, source: object) -> int:
    """Return how many bytes of memory writing a log takes at most, beyond what was taken before."""
    assert log.write is not None
    log.write(source, Counting())  # what is loaded and kept the first time is not counted
    tracemalloc.start()
    try:
        log.write(source, Counting())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@cache
def walked(n: int) -> Simulation:
    """Return so many simulated paths."""
    return simulate(n=n, seed=11)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write logs in small parts, so that a log of many parts is soon written."""
    for module in (event_log, traces):
        monkeypatch.setattr(module, "BLOCK", 50)
    monkeypatch.setattr(event_log, "_AT_ONCE", 100)
    monkeypatch.setattr(objects, "_AT_ONCE", 50)
    monkeypatch.setattr(objects, "Sorting", partial(Sorting, 50))


def docket_of(n: int, docket: Docket | None = None) -> Docket:
    """Return a docket with so many cases, each at a facility of its own; in memory unless one is given."""
    docket = docket or Docket.in_memory()
    for number in range(n):
        case = docket.start(f"CASE-{(number * 7) % n:04d}")
        plant = CoveredFacility(f"Plant {number}", country="MX", sector="manufacturing", goods_traded=True)
        asked = did.ReviewRequested(date(2024, 4, 1), facility=plant, laws=("a law",), basis="a basis")
        docket.record_all(case, (asked, did.ReviewAccepted(date(2024, 4, 9))))
    return docket


class TestMemory:
    """The memory that a log takes does not grow with the log."""

    @each_log
    @pytest.mark.usefixtures("small")
    def test_simulation(self, log: Format) -> None:
        """Four times as many simulated paths take no more memory than some, beside the numbers of the run itself."""
        some, many = peak(log, walked(250)), peak(log, walked(1_000))
        assert many < 1.5 * some

    @each_log
    def test_docket(self, log: Format, monkeypatch: pytest.MonkeyPatch) -> None:
        """The cases of a docket are read one at a time, and none of them is kept."""
        docket = docket_of(20)
        cases: list[ReferenceType[Case]] = []
        most = 0

        def counted(entries: Iterator[Any]) -> Case:
            nonlocal most
            found = fold_all(entries)
            cases.append(ref(found))
            most = max(most, sum(one() is not None for one in cases))
            return found

        monkeypatch.setattr("rrm_lifecycle.record.folding.fold_all", counted)
        assert log.write is not None
        log.write(docket, Counting())
        assert len(cases) == 20
        assert most <= 2

    @each_log
    def test_parts(self, log: Format) -> None:
        """Whole blocks of a simulation are never held as text: what is written at a time is a small part of the log."""
        parts: list[int] = []

        class Listening(Counting):
            def write(self, data: Any) -> int:
                parts.append(len(data))
                return super().write(data)

        assert log.write is not None
        log.write(walked(2_000), Listening())
        assert max(parts) < sum(parts) / 3


class TestBytes:
    """What is written as a stream is what the whole would be."""

    @each_log
    @pytest.mark.usefixtures("small")
    @pytest.mark.parametrize(
        "source", [CASES, [*CASES, *CASES[:3]], (), CASES[0]], ids=["many", "twice", "none", "one"]
    )
    def test_cases(self, log: Format, source: Any) -> None:
        """Of cases, whatever their names, and however often they come, with small parts and with large ones."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(objects, "Sorting", partial(Sorting, 3))
            assert written(log, source) == whole(log, source)
        assert written(log, source) == whole(log, source)

    @each_log
    def test_blocks(self, log: Format, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of a simulation the size of the blocks changes nothing."""
        run = walked(1_000)
        at_once = whole(log, run)
        for module in (event_log, traces):
            monkeypatch.setattr(module, "BLOCK", 77)
        monkeypatch.setattr(event_log, "_AT_ONCE", 1)
        monkeypatch.setattr(objects, "_AT_ONCE", 1)
        monkeypatch.setattr(objects, "_MOST_TOLD", 0)
        monkeypatch.setattr(objects, "Sorting", partial(Sorting, 13))
        assert written(log, run) == at_once

    def test_case_told_twice(self) -> None:
        """Of a case that comes twice OCEL tells what was told last, of a facility what was told first."""
        later = Case.start("a-0")
        found = objects.ocel([case_of("Plant"), later])
        assert found.count('"id":"case:a-0"') == 1
        assert '"outcome"' not in found.split('"id":"case:a-0"')[1].split("}")[0]
        assert '"id":"facility:MX:plant"' in found

    @each_log
    def test_refused(self, log: Format) -> None:
        """A source that is none is refused and named, as text too."""
        with pytest.raises(EventError, match="made of cases, alignments, a docket, or a simulation; found int"):
            written(log, 3)


class TestDocket:
    """A docket is a source: its cases, in the order in which they were opened."""

    @each_log
    def test_same(self, log: Format, tmp_path: Path) -> None:
        """A docket makes the log of its cases."""
        with docket_of(3, Docket.open(tmp_path / "docket.db")) as docket:
            assert written(log, docket) == whole(log, docket.cases()) == whole(log, docket)

    def test_memory(self) -> None:
        """So does one in memory; and one without a case makes an empty log."""
        docket = Docket.in_memory()
        assert event_log.csv(docket) == event_log.csv([])
        docket.start("SLP-2024-01")
        assert event_log.xes(docket) == event_log.xes(docket.cases())

    def test_frame(self) -> None:
        """A frame is made of a docket as of its cases."""
        docket = docket_of(3)
        assert list(frame(docket, "rows")) == list(frame(docket.cases(), "rows"))


class TestSorting:
    """Lines are sorted by their keys, and those of one key stay in the order in which they were added."""

    @given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9).map(str))), st.integers(1, 5))
    def test_as_sorted(self, lines: list[tuple[str, str]], most: int) -> None:
        """Whatever the keys, and however few lines are held in memory."""
        several = Sorting(most)
        for line in lines:
            several.add(*line)
        assert list(several) == sorted(lines, key=lambda one: one[0])

    def test_many_files(self) -> None:
        """However many times files were merged into one."""
        lines = [(str(number * 37 % 11), str(number)) for number in range(700)]
        several = Sorting(2)
        for line in lines:
            several.add(*line)
        assert list(several) == sorted(lines, key=lambda one: one[0])

    def test_files_are_few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Few files are open at a time, and none once all was read."""
        opened: list[Any] = []

        def counted(*how: Any, **more: Any) -> Any:
            opened.append(TemporaryFile(*how, **more))  # noqa: SIM115 - closed by whoever asked
            assert sum(not one.closed for one in opened) <= 40
            return opened[-1]

        monkeypatch.setattr("rrm_lifecycle.export.sorting.TemporaryFile", counted)
        several = Sorting(1)
        for number in range(1_000):
            several.add(str(number), "")
        assert len(list(several)) == 1_000
        assert len(opened) > 1_000
        assert all(one.closed for one in opened)

    def test_closed_when_it_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A source that breaks off leaves no file open."""
        opened: list[Sorting] = []

        def kept() -> Sorting:
            opened.append(Sorting(1))
            return opened[-1]

        def broken() -> Iterator[Case]:
            yield from CASES
            msg = "broken off"
            raise OSError(msg)

        monkeypatch.setattr(objects, "Sorting", kept)
        with pytest.raises(OSError, match="broken off"):
            objects.write_ocel(broken(), Counting())  # type: ignore[arg-type]
        assert [list(one) for one in opened] == [[], []]
