"""That the suites run: the cheap ones for one round, the dear ones at their smallest."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import appending, memory, neighbours, suites
from benchmarks import neighbours_made as made
from benchmarks.__main__ import main, run
from benchmarks.apart import apart
from benchmarks.exporting import ready
from benchmarks.lifecycle import EDGES, LOOP, Place
from rrm_lifecycle import Docket

CHEAP = ("step", "case", "replay", "verify-record", "neighbours-case", "append-neighbours")


def _steps_without_a_guard() -> made.Made:
    kept = made.by_dict()

    def step(subject: Any, name: str) -> Any:
        subject.state = {(one.name, name): two.name for name, one, two in EDGES}[subject.state, name]
        return subject

    return made.Made(kept.begin, step, kept.stands)


class TestSuites:
    """Every suite has a name, and gives a figure for each contender."""

    @pytest.mark.parametrize("name", CHEAP)
    def test_a_cheap_suite_runs_for_a_round(self, name: str) -> None:
        """Each contender has a figure above nothing, and the first one the ratio 1."""
        (suite,) = [one for one in suites.suites(quick=True) if one.name == name]
        found = suite.run(1)
        assert len({one.name for one in found}) == len(found) >= 2
        assert all(one.median > 0 for one in found)
        assert found[0].ratio == 1.0

    def test_the_command_tells_and_keeps_what_it_ran(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Only what is asked for runs; the JSON holds machine, rounds, and each round of each contender."""
        path = tmp_path / "r.json"
        assert main(["--quick", "--rounds", "2", "--only", "replay", "--json", str(path)]) == 0
        found = json.loads(path.read_text(encoding="utf-8"))
        assert list(found["suites"]) == ["replay"]
        assert found["reports"] == {}
        assert found["rounds"] == 2
        assert found["machine"]["processor"]
        assert [len(one["rounds"]) for one in found["suites"]["replay"]["figures"]] == [2, 2]
        assert "### Replay" in capsys.readouterr().out

    def test_a_suite_that_fails_is_named_and_the_others_run_on(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The figures of the others stand, the failure is told, and the program ends with 1."""

        def fails(rounds: int) -> Any:
            raise ValueError(rounds)

        several = [one for one in suites.suites(quick=True) if one.name == "replay"]
        broken = suites.Suite("broken", "Broken replay", "µs", fails)
        monkeypatch.setattr("benchmarks.__main__.suites", lambda **_: [broken, *several])
        assert main(["--quick", "--rounds", "1", "--only", "replay"]) == 1
        told = capsys.readouterr()
        assert "Failed: broken: ValueError(1)" in told.err
        assert "### Replay" in told.out

    def test_names_are_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The list names each suite and each report, and runs none."""
        assert main(["--list"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == len(suites.suites(quick=True)) + len(suites.reports(1, quick=True))

    def test_what_is_missing_is_said(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A library that is not there is named as it is installed, once, and nothing of it is measured."""
        absent = {"sqlalchemy", "automat", "django_fsm"}
        for module in (appending, neighbours):
            monkeypatch.setattr(module, "find_spec", lambda name: None if name in absent else object())
        assert {"SQLAlchemy", "automat", "django-fsm-2"} <= set(suites.missing())
        assert not {one.package for one in neighbours.there()} & {"automat", "django-fsm-2"}
        main(["--quick", "--rounds", "1", "--only", "no suite of this name"])
        assert capsys.readouterr().out.count("Not installed, and so not measured: SQLAlchemy.") == 1
        assert callable(run)


class TestNeighbours:
    """All walk the same lifecycle."""

    @pytest.mark.parametrize("one", neighbours.there(), ids=lambda one: str(one.name))
    def test_it_walks_the_loop_and_notes_each_step(self, one: neighbours.Neighbour) -> None:
        """Round the loop it comes back to where it began, with one audit record a step, again and again."""
        it = one.make()
        walk = neighbours.walker(it)
        walk()
        walk()
        subject = it.begin()
        assert it.stands(subject) == Place.REQUESTED.name
        it.end(subject)
        it.close()

    @pytest.mark.parametrize("one", neighbours.there(), ids=lambda one: str(one.name))
    def test_it_has_a_guard_unless_its_row_says_otherwise(self, one: neighbours.Neighbour) -> None:
        """A step whose field is not set is refused, but by the one library that has no guards."""
        it = one.make()
        assert neighbours.refuses(it) == (not one.lacks.startswith("guards"))
        it.close()

    def test_another_lifecycle_is_refused(self) -> None:
        """What keeps no audit is not measured beside what does."""
        with pytest.raises(RuntimeError, match="walks another lifecycle"):
            neighbours.walker(_steps_without_a_guard())

    def test_the_loop_is_lawful_in_the_table_of_moves(self) -> None:
        """Each step of the loop starts where the one before ended."""
        place = Place.UNDER_REVIEW
        for name in LOOP:
            (place,) = [two for step, one, two in EDGES if (step, one) == (name, place)]
        assert place is Place.UNDER_REVIEW

    def test_memory_is_told_for_each(self) -> None:
        """Each contender that is there has a row, ours among them."""
        text, found = neighbours.held(20)
        assert len(found) == len(neighbours.there()) + 1
        assert all(f"| {name} |" in text for name in found)


class TestDockets:
    """A docket is filled with lawful entries."""

    @pytest.mark.parametrize("entries", [1, 40, 500])
    def test_it_holds_about_as_many_as_were_asked_for_and_verifies(self, tmp_path: Path, entries: int) -> None:
        """No record is cut short; the docket verifies whole."""
        path = tmp_path / "docket.db"
        filed = memory.fill(path, entries)
        assert abs(entries - filed) <= 16
        with Docket.open(path, verify="no") as docket:
            docket.verify()
            assert sum(len(docket.history(one)) for one in docket.cases()) == filed


def _kept(size: int) -> Callable[[], object]:
    return lambda: {"size": len(bytearray(size))}


def _held(size: int) -> Callable[[], object]:
    return lambda: [bytes([number % 256]) * 1024 for number in range(size // 1024)]


class TestApart:
    """Work in a process of its own."""

    def test_what_it_tells_comes_back(self) -> None:
        """A mapping comes back, with seconds."""
        spent = apart(_kept, 10)
        assert spent.told == {"size": 10}
        assert spent.clock > 0

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is resident in this way")
    def test_what_it_holds_is_counted(self) -> None:
        """Thirty megabytes that are held are told as about that."""
        spent = apart(_held, 30_000_000)
        assert spent.held is not None
        assert spent.peak is not None
        assert 25_000_000 < spent.held < 60_000_000
        assert spent.peak >= spent.held * 0.9

    def test_an_export_is_timed_in_its_process(self) -> None:
        """The first time, the others, and the size are told."""
        told = apart(ready, "mermaid", 2).told
        assert told["bytes"] > 1_000
        assert told["first"] > 0 < told["again"]
