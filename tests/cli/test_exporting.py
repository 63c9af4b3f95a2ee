"""``rrm export``: a source in the format of another tool, whole or not at all, and never over what it should not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from rrm_lifecycle.cli import main
from rrm_lifecycle.export import FORMATS, Takes, export
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.simulation.montecarlo import simulate

Capture = pytest.CaptureFixture[str]
OF_TABLE = [name for name, one in FORMATS.items() if one.takes in {Takes.TABLE, Takes.PROGRAM, Takes.NOTHING}]
OF_CASES = [name for name, one in FORMATS.items() if one.takes is Takes.LOG]


class Shell:
    """A folder, and commands that are run in it.

    Args:
        capsys: What catches the output.
    """

    def __init__(self, capsys: Capture) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run a command that ends with a status, and return what it printed; of one that fails, its one line."""
        found = main(words)
        told = self._capsys.readouterr()
        assert found == status, told.err
        assert told.err.count("\n") == (1 if status else 0)
        return told.err if status else told.out


@pytest.fixture
def rrm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Shell:
    """A shell in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Shell(capsys)


def told(name: str, *source: Any, **options: Any) -> str:
    """Return what the library gives for a format."""
    made = export(name, *source, **options)
    return made.decode() if isinstance(made, bytes) else made


class TestEveryFormat:
    """Each format is written of each source that it is made of, as the library writes it."""

    @pytest.mark.parametrize("name", [name for name in OF_TABLE if name != "prism"])
    def test_table(self, rrm: Shell, name: str) -> None:
        """The table is exported without a source, by its word, and into a file: the same each time."""
        assert rrm("export", "--to", name) == rrm("export", "table", "--to", name) == told(name)
        assert FORMATS[name].says in rrm("export", "--to", name, "--out", "x")
        assert Path("x").read_bytes().decode() == told(name)

    def test_annex_and_language(self, rrm: Shell) -> None:
        """Of what is made of the table, Annex and language can be chosen."""
        assert "Annex 31-B" in rrm("export", "--to", "dot", "--annex", "31-B")
        assert "en revisión" in rrm("export", "--to", "dot", "--language", "es")
        assert len(rrm("export", "--to", "pnml", "--no-customs")) < len(rrm("export", "--to", "pnml"))

    @pytest.mark.parametrize("name", OF_CASES)
    def test_histories(self, rrm: Shell, name: str) -> None:
        """Histories are exported as they align, all of them or one."""
        found = load()
        assert rrm("export", "public", "--to", name) == told(name, align_all(found))
        assert rrm("export", "public", "--to", name, "--case", "tamsa") == told(name, align_all([found["tamsa"]]))

    @pytest.mark.parametrize("name", OF_CASES)
    def test_docket(self, rrm: Shell, name: str) -> None:
        """A docket and its record are exported alike, all cases or one."""
        rrm("import", "d.db", "public")
        rrm("export", "d.db", "--to", "jsonl", "--out", "r.jsonl")
        assert rrm("export", "d.db", "--to", name) == rrm("export", "r.jsonl", "--to", name)
        one = rrm("export", "d.db", "--to", name, "--case", "tamsa")
        assert "tamsa" in one
        assert "tridonex" not in one

    @pytest.mark.parametrize("name", [*OF_CASES, "prism"])
    def test_simulation(self, rrm: Shell, name: str) -> None:
        """A saved simulation is made anew, and its paths or its program exported."""
        run = simulate(n=30, seed=5)
        run.save("run.json")
        more = {"weekday": run.start.weekday()} if name == "prism" else {}
        assert rrm("export", "run.json", "--to", name) == told(name, run.program if name == "prism" else run, **more)

    def test_opening(self, rrm: Shell) -> None:
        """A simulated path begins with its start where that is asked for."""
        simulate(n=30, seed=5).save("run.json")
        assert rrm("export", "run.json", "--to", "csv", "--opening").count("Opening") == 30
        assert "Opening" not in rrm("export", "run.json", "--to", "csv")

    def test_calendar(self, rrm: Shell) -> None:
        """An agenda is that of a day, with the reminders that are asked for, in the language that is asked for."""
        words = ("export", "public", "--to", "icalendar", "--case", "goodyear-slp", "--today", "2023-06-05")
        assert rrm(*words).count("BEGIN:VALARM") == 4
        assert rrm(*words, "--alarms", "14,7,1").count("BEGIN:VALARM") == 6
        assert rrm(*words, "--alarms", "none").count("BEGIN:VALARM") == 0
        assert "SUMMARY:goodyear-slp: revisión" in rrm(*words, "--language", "es")
        rrm("import", "d.db", "public")
        assert "UID:" in rrm("export", "d.db", "--to", "icalendar", "--today", "2023-06-05")

    def test_list(self, rrm: Shell) -> None:
        """The list tells each format with what it is made of; with a source, those of the source."""
        every = json.loads(rrm("export", "--list", "--json"))
        assert {one["format"] for one in every} == {*FORMATS, "jsonl"}
        of_public = json.loads(rrm("export", "public", "--list", "--json"))
        assert [one["format"] for one in of_public] == [*OF_CASES, "icalendar"]
        assert "a calendar (RFC 5545)" in rrm("export", "--list")


class TestWhole:
    """A file holds all of it or is not there, and nothing is written over unless that was asked for."""

    def test_json_tells_what_was_written(self, rrm: Shell) -> None:
        """With ``--json``, file, format and size are told; the format itself stays as it is."""
        found = json.loads(rrm("export", "public", "--to", "xes", "--out", "x.xes", "--json"))
        assert found == {"written": "x.xes", "format": "xes", "bytes": Path("x.xes").stat().st_size}
        assert ET.parse("x.xes").getroot().tag.endswith("log")  # noqa: S314 - our own text

    def test_overwritten_when_told(self, rrm: Shell) -> None:
        """A file that is there stays, unless it was said to write over it."""
        Path("x.mmd").write_text("mine", "utf-8")
        assert "x.mmd is there already" in rrm("export", "--to", "mermaid", "--out", "x.mmd", status=3)
        assert Path("x.mmd").read_text("utf-8") == "mine"
        rrm("export", "--to", "mermaid", "--out", "x.mmd", "--overwrite")
        assert Path("x.mmd").read_text("utf-8") == told("mermaid")

    def test_never_over_what_is_kept(self, rrm: Shell) -> None:
        """Nothing is written over a docket, a folder, or what is read."""
        rrm("import", "d.db", "public")
        rrm("export", "d.db", "--to", "jsonl", "--out", "r.jsonl")
        before = Path("d.db").read_bytes(), Path("r.jsonl").read_bytes()
        assert "a docket" in rrm("export", "public", "--to", "xes", "--out", "d.db", "--overwrite", status=3)
        assert "what is read" in rrm("export", "r.jsonl", "--to", "xes", "--out", "r.jsonl", "--overwrite", status=3)
        assert "a folder" in rrm("export", "public", "--to", "xes", "--out", ".", "--overwrite", status=3)
        assert before == (Path("d.db").read_bytes(), Path("r.jsonl").read_bytes())

    def test_nothing_is_left_of_what_fails(self, rrm: Shell) -> None:
        """Where making it fails, there is no file, nor half of one."""
        rrm("import", "d.db", "public")
        before = set(Path().iterdir())
        rrm("export", "d.db", "--to", "xes", "--case", "nobody", "--out", "x.xes", status=2)
        rrm("export", "public", "--to", "icalendar", "--today", "2024-04-09", "--alarms=-4", "--out", "x.ics", status=2)
        assert set(Path().iterdir()) == before

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has neither named pipes nor links for everybody")
    def test_pipes_and_links(self, rrm: Shell) -> None:
        """A named pipe is written to and not replaced by a file; what a link points to is written over, not the link."""
        os.mkfifo("pipe")
        reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
        rrm("export", "--to", "history-schema", "--out", "pipe")
        assert os.read(reader, 1 << 16).decode() == told("history-schema")
        os.close(reader)
        assert Path("pipe").is_fifo()
        Path("real.mmd").write_text("old", "utf-8")
        Path("link.mmd").symlink_to("real.mmd")
        rrm("export", "--to", "mermaid", "--out", "link.mmd", "--overwrite")
        assert Path("link.mmd").is_symlink()
        assert Path("real.mmd").read_text("utf-8") == told("mermaid")


class TestBadInput:
    """What cannot be exported is said in one line, with what can be."""

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("--to", "pdf"), "cannot be exported to 'pdf'"),
            (("public",), "--to FORMAT is missing. Of histories there are xes, csv, ocel, icalendar"),
            (("public", "--to", "mermaid"), "that is made of the law (table)"),
            (("public", "--to", "jsonl"), "made of a docket, a record"),
            (("table", "--to", "xes"), "Of the law (table) there are mermaid"),
            (("nowhere.db", "--to", "xes"), "nowhere.db"),
            (("public", "--to", "icalendar"), "--today DAY"),
            (("public", "--to", "icalendar", "--today", "2024-04-09", "--alarms", "soon"), "7,1"),
            (("public", "--to", "xes", "--today", "2024-04-09"), "--today means nothing"),
            (("public", "--to", "xes", "--annex", "31-B"), "--annex means nothing"),
            (("--to", "mermaid", "--case", "A"), "--case means nothing"),
            (("--to", "mermaid", "--disclose"), "--disclose means nothing"),
            (("--to", "scxml", "--no-customs"), "--no-customs means nothing"),
            (("public", "--to", "xes", "--case", "nobody"), "nobody"),
            (("forecast.json", "--to", "xes"), "'forecast'"),
        ],
    )
    def test_one_line(self, rrm: Shell, words: tuple[str, ...], says: str) -> None:
        """The line tells what was asked, and what there is."""
        Path("forecast.json").write_text('{"rrm_recipe": 1, "kind": "forecast"}', "utf-8")
        assert says in rrm("export", *words, status=2)

    def test_no_folder(self, rrm: Shell) -> None:
        """A folder that there is not is named."""
        assert "make it first" in rrm("export", "--to", "mermaid", "--out", "none/x.mmd", status=3)

    def test_other_verbs(self, rrm: Shell) -> None:
        """What a verb cannot take is told by what it is."""
        simulate(n=30, seed=5).save("run.json")
        assert "a saved simulation" in rrm("align", "run.json", status=2)
        assert "holds no case" in rrm("history", "run.json", "A", status=2)
