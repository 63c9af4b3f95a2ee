"""The guard over the hot paths: what it compares, when it compares nothing, and what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import attrs
import pytest

from benchmarks import hot, instructions
from benchmarks.instructions import Count, grown, incomparable, per_unit, processor, table

THEN = Count("CPython 3.11.7 abc", "x86_64 AuthenticAMD family 25 def", {"replay": 1000, "verify": 2000})
CPUINFO = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nflags\t\t: fpu sse2 avx2\n"


class TestComparing:
    """A path may grow by a tenth; where interpreter or processor differ, nothing is compared."""

    def test_a_path_passes_up_to_a_tenth_more_and_fails_beyond(self) -> None:
        """1100 instructions pass where 1000 were accepted, 1101 do not; fewer always pass."""
        assert grown({"replay": 1100, "verify": 100}, THEN.paths) == []
        (told,) = grown({"replay": 1101, "verify": 2000}, THEN.paths)
        assert told == "replay: 1101 instructions, +10.1% on 1000; at most +10%"

    def test_a_path_that_only_one_of_the_two_knows_is_named(self) -> None:
        """A new path has to be taken up, and one that is gone to be dropped, by hand."""
        assert grown({"replay": 1000, "append": 1}, THEN.paths) == [
            "append: it was not counted before; take it up with --accept",
            "verify: it is not counted any more; drop it with --accept",
        ]

    def test_another_interpreter_or_processor_is_told(self) -> None:
        """The reason names what the baseline was counted with, and what this is."""
        assert incomparable(THEN, THEN) is None
        told = incomparable(attrs.evolve(THEN, interpreter="CPython 3.12.1 abc"), THEN)
        assert told is not None
        assert "CPython 3.11.7 abc, this is CPython 3.12.1 abc: nothing is compared" in told
        told = incomparable(attrs.evolve(THEN, processor="aarch64 ? family ? 0"), THEN)
        assert told is not None
        assert "this is aarch64" in told

    def test_the_table_shows_counts_beside_the_baseline(self) -> None:
        """A path without a baseline has no change."""
        told = table({"replay": 1050, "append": 7}, THEN.paths).splitlines()
        assert told[2:] == ["| replay | 1050 | 1000 | +5.0% |", "| append | 7 |  |  |"]
        assert table({"append": 7}, None).endswith("| append | 7 |  |  |")


class TestProcessor:
    """A processor is told by its family and by what it can do, not by its name or its cores."""

    def test_family_and_flags_tell_processors_apart(self) -> None:
        """Another family or another flag is another processor; the order of flags, and a second core, are not."""
        one = processor(CPUINFO)
        assert "AuthenticAMD family 25" in one
        assert one != processor(CPUINFO.replace("family\t: 25", "family\t: 23"))
        assert one != processor(CPUINFO.replace("avx2", "avx2 sha_ni"))
        assert one == processor(CPUINFO.replace("fpu sse2", "sse2 fpu")) == processor(f"{CPUINFO}\n{CPUINFO}")

    def test_a_machine_that_tells_nothing_is_told_too(self) -> None:
        """Without a word from the machine its kind is unknown, and equal to itself."""
        assert processor("") == processor("")
        assert "? family ?" in processor("")


class TestCount:
    """Three counts a path: up to its start, of n runs, of 2n runs."""

    def test_what_is_fixed_falls_out(self) -> None:
        """The difference of the two lengths, by run and unit of work, whatever every length holds besides."""
        assert per_unit([9_000, 500 + 20 * 60, 500 + 40 * 60, 7, 20 * 8, 40 * 8], [3, 4], times=20) == [20, 2]

    def test_a_count_that_is_missing_is_refused(self) -> None:
        """Where the marks were not seen, the message says what to look for."""
        with pytest.raises(ValueError, match="6 counts were to come, 5 came: is getloadavg known to callgrind"):
            per_unit([1, 2, 3, 4, 5], [1, 1])

    def test_a_count_is_read_as_it_was_written(self) -> None:
        """Written and read again it is the same; what holds no count is refused with the way out."""
        assert Count.read(THEN.written()) == THEN
        for wrong in ("[]", "{}", '{"interpreter": "a", "processor": "b", "paths": {"replay": null}}'):
            with pytest.raises(ValueError, match="--accept"):
                Count.read(wrong)


class TestCommand:
    """``python -m benchmarks.instructions``."""

    @pytest.fixture
    def baseline(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Put the baseline in a folder of its own, and count without valgrind."""
        place = tmp_path / "instructions.json"
        monkeypatch.setattr(instructions, "BASELINE", place)
        monkeypatch.setattr(instructions, "interpreter", lambda: THEN.interpreter)
        monkeypatch.setattr(instructions, "processor", lambda: THEN.processor)
        monkeypatch.setattr(instructions, "count", lambda: attrs.evolve(THEN, paths={"replay": 1200, "verify": 2000}))
        return place

    def test_check_without_a_baseline_fails(self, baseline: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The message says how to write one."""
        assert not baseline.exists()
        assert instructions.main(["--check"]) == 1
        assert "--accept" in capsys.readouterr().out

    def test_check_fails_where_a_path_grew_until_that_is_accepted(
        self, baseline: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The path is named; accepting writes the counts, and the same check passes then."""
        baseline.write_text(THEN.written(), encoding="utf-8")
        assert instructions.main(["--check"]) == 1
        assert "replay: 1200 instructions, +20.0% on 1000" in capsys.readouterr().out
        assert instructions.main([]) == 0
        assert Count.read(baseline.read_text(encoding="utf-8")) == THEN
        assert instructions.main(["--accept"]) == 0
        assert json.loads(baseline.read_text(encoding="utf-8"))["paths"]["replay"] == 1200
        assert instructions.main(["--check"]) == 0

    def test_check_elsewhere_counts_nothing_and_says_so(
        self, baseline: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """On another processor the check ends well, with the reason."""
        baseline.write_text(THEN.written(), encoding="utf-8")
        monkeypatch.setattr(instructions, "processor", lambda: "aarch64 ? family ? 0")
        monkeypatch.setattr(instructions, "count", lambda: pytest.fail("nothing was to be counted"))
        assert instructions.main(["--check"]) == 0
        assert "nothing is compared" in capsys.readouterr().out

    def test_without_valgrind_the_message_names_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where valgrind is missing, nothing else is tried."""
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with pytest.raises(RuntimeError, match="valgrind is missing"):
            instructions.count()


class TestHotPaths:
    """The five paths that are counted."""

    def test_each_path_does_its_work(self) -> None:
        """Each can be done twice over, and says how many units of work it is."""
        assert len(hot.PATHS) == 5
        for make in hot.PATHS.values():
            run, units = make()
            run()
            run()
            assert units > 1

    def test_the_baseline_holds_the_paths_that_are_counted(self) -> None:
        """The file beside the module names each of them, with more than nothing."""
        held = Count.read(instructions.BASELINE.read_text(encoding="utf-8"))
        assert held.paths.keys() == hot.PATHS.keys()
        assert min(held.paths.values()) > 0
