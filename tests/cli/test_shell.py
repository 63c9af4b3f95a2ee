"""The shell: one grammar, exit statuses, JSON of a documented shape, and one clear line where the input is bad."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rrm_lifecycle.cli import main
from rrm_lifecycle.views.text import width

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Run a command; return its status, what it printed, and what it complained of."""
    status = main(words)
    told = capsys.readouterr()
    return status, told.out, told.err


def read(capsys: Capture, *words: str) -> Any:
    """Run a command with ``--json`` and read what it printed."""
    status, out, _ = run(capsys, *words, "--json")
    assert status == 0
    return json.loads(out)


@pytest.fixture
def rrm_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which commands are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mine(tmp_path: Path, capsys: Capture) -> Path:
    """A file of one's own histories, as CSV."""
    path = tmp_path / "mine.csv"
    assert run(capsys, "template", str(path))[0] == 0
    header = path.read_text("utf-8-sig").splitlines()[0]
    names = header.split(",")
    row = {
        "id": "planta-uno",
        "facility": "Planta Uno",
        "request_for_review": "2024-04-01",
        "review_result_denial_found": "2024-05",
        "as_of": "2024-07-01",
    }
    assert set(row) <= set(names)
    path.write_text(f"{header}\n{','.join(row.get(name, '') for name in names)}\n", "utf-8")
    return path


class TestDemo:
    """``rrm demo`` tells the real cases on one screen, in a plain terminal of 80 columns."""

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_no_line_is_longer_than_80_columns(self, capsys: Capture, language: str) -> None:
        """Each line fits, in either language."""
        status, out, err = run(capsys, "demo", "--no-report", "--language", language)
        assert (status, err) == (0, "")
        assert max(map(width, out.splitlines())) <= 80

    def test_tells_thirty_cases_a_refusal_an_agenda_and_a_verified_record(self, capsys: Capture) -> None:
        """What the demo promises is there."""
        _, out, _ = run(capsys, "demo", "--no-report")
        assert "30 real cases" in out
        assert "San Martín mine" in out
        assert "PanelRequested on 2023-09-01 is refused" in out
        assert "customs hold" in out
        assert "chain unbroken" in out
        assert "0 deviations" in out

    def test_module_runs_as_the_command(self, tmp_path: Path) -> None:
        """``python -m rrm_lifecycle`` without a verb tells the demo, and writes its report where it runs."""
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(one or str(Path.cwd()) for one in sys.path)}
        words = [sys.executable, "-m", "rrm_lifecycle"]
        told = subprocess.run(words, capture_output=True, check=True, cwd=tmp_path, env=env)  # noqa: S603 - our own
        assert "30 real cases" in told.stdout.decode("utf-8")
        assert str(Path("rrm-demo") / "index.html") in told.stdout.decode("utf-8")
        assert (tmp_path / "rrm-demo" / "index.html").exists()

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_report_has_a_page_a_case(self, capsys: Capture, tmp_path: Path, language: str) -> None:
        """Each case has a page, over which stands an index, whose path is told; a second time they are written anew."""
        for _ in range(2):
            status, out, err = run(capsys, "demo", "--out", str(tmp_path / "r"), "--language", language)
            assert (status, err) == (0, "")
            assert str(tmp_path / "r" / "index.html") in out
        assert len(list((tmp_path / "r").glob("case-*.html"))) == 30
        assert f'lang="{language}"' in (tmp_path / "r" / "index.html").read_text("utf-8")

    @pytest.mark.parametrize("name", ["notes.txt", "index.html"])
    def test_folder_of_somebody_else_is_left_alone(self, capsys: Capture, tmp_path: Path, name: str) -> None:
        """Where other files lie, nothing is written, and another folder is asked for."""
        (tmp_path / name).write_text("mine", "utf-8")
        status, _, err = run(capsys, "demo", "--out", str(tmp_path))
        assert status == 3
        assert err.startswith("rrm: ")
        assert len(err.splitlines()) == 1
        assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [(name, "mine")]

    def test_json_is_no_report(self, rrm_in: Path, capsys: Capture) -> None:
        """As JSON the cases are told alone, and no page is written."""
        assert len(read(capsys, "demo")["cases"]) == 30
        assert list(rrm_in.iterdir()) == []


class TestAlign:
    """``rrm align SOURCE [--case ID]`` plays histories through the table."""

    def test_shape(self, capsys: Capture) -> None:
        """The JSON is that of the issue of the format: cases with entries, remarks, deviations, alternatives."""
        told = read(capsys, "align", "public", "--case", "san-martin")
        (case,) = told["cases"]
        assert set(case) >= {"id", "stage", "phase", "closing", "entries", "remarks", "deviations", "alternatives"}
        assert (case["id"], case["stage"], case["phase"], case["closing"]) == (
            "san-martin",
            "closed",
            "resolved",
            "out_of_scope",
        )
        for entry in case["entries"]:
            assert set(entry) == {"event", "on", "known", "stage", "rule", "implied", "notes"}
        assert case["entries"][0]["event"] == "PetitionFiled"
        assert told["summary"]["deviations"] == 0

    def test_own_file(self, capsys: Capture, mine: Path) -> None:
        """A CSV file of one's own aligns; what must have happened is implied."""
        (case,) = read(capsys, "align", str(mine))["cases"]
        assert [(one["event"], one["implied"]) for one in case["entries"]] == [
            ("ReviewRequested", False),
            ("ReviewAccepted", True),
            ("DenialReported", False),
        ]

    def test_strict_deviation_is_status_1(self, capsys: Capture, tmp_path: Path) -> None:
        """With ``--strict`` a deviating event ends in 1; without it in 0."""
        case = {
            "id": "odd", "facility": "Planta Uno", "complainant": "US", "respondent": "MX", "as_of": "2024-07-01",
            "events": [
                {"type": "case_withdrawn", "date": "2024-05-01"},
                {"type": "panel_requested", "date": "2024-06-01"},
            ],
        }  # fmt: skip
        path = tmp_path / "odd.json"
        path.write_text(
            json.dumps({"format": "rrm-case-histories/1", "compiled": "2024-07-01", "cases": [case]}), "utf-8"
        )
        assert run(capsys, "align", str(path))[0] == 0
        assert run(capsys, "align", str(path), "--strict")[0] == 1


class TestAgendaAndOptions:
    """What is due, and what may be done, on a day."""

    def test_agenda_of_one_case(self, capsys: Capture) -> None:
        """The limits that run are told with their due day; over many cases the first due comes first."""
        told = read(capsys, "agenda", "public", "--case", "tamsa", "--today", "2025-06-20")
        due = {one["term"]: one["due"] for one in told["due"]}
        assert due["reply"] == "2025-06-23"
        assert due["review"] == "2025-07-28"
        every = read(capsys, "agenda", "public", "--today", "2025-06-20")["due"]
        days = [one["due"] for one in every if one["due"]]
        assert days == sorted(days)
        assert len(every) > len(told["due"])

    def test_agenda_of_the_past_knows_nothing_later(self, capsys: Capture) -> None:
        """On a past day, what came later is left out."""
        status, out, _ = run(capsys, "agenda", "public", "--case", "goodyear-slp", "--today", "2023-05-25")
        assert status == 0
        assert "2023-06-01" in out
        assert "course" not in out

    def test_options(self, capsys: Capture) -> None:
        """Each act is told with whose it is, and when it opens."""
        told = read(capsys, "options", "public", "tamsa", "--today", "2025-06-14")
        panel = next(one for one in told["options"] if one["event"] == "PanelRequested")
        assert (panel["is_open"], panel["opens"]) == (False, "2025-06-24")
        assert told["stage"] == "review_requested"


class TestAsk:
    """``rrm ask SOURCE CASE EVENT --on DAY`` says whether an act may be done, and if not, why."""

    def test_refused_is_status_1(self, capsys: Capture) -> None:
        """A refusal tells its reason and ends in 1."""
        status, out, _ = run(capsys, "ask", "public", "tamsa", "PanelRequested", "--on", "2025-06-20")
        assert status == 1
        assert "opens 2025-06-24" in out

    def test_admitted_is_status_0(self, capsys: Capture) -> None:
        """An act that a row admits ends in 0, and tells the row."""
        status, out, _ = run(capsys, "ask", "public", "tamsa", "ReviewAccepted", "--on", "2025-06-20")
        assert status == 0
        assert "A4-03a" in out

    def test_fields_and_actor(self, capsys: Capture) -> None:
        """Fields are given as name=value, the actor as a role or a Party."""
        words = (
            "ask",
            "public",
            "tamsa",
            "CourseAgreed",
            "--on",
            "2025-06-20",
            "--by",
            "both",
            "agreed_end=2025-12-31",
        )
        assert run(capsys, *words)[0] == 0
        assert run(capsys, *words[:6], "--by", "MX", "agreed_end=2025-12-31")[0] == 1

    def test_spanish(self, capsys: Capture) -> None:
        """The reasons come in Spanish where that is asked for."""
        words = ("ask", "public", "tamsa", "PanelRequested", "--on", "2025-06-20", "--language", "es")
        assert "requiere que venzan los 10 días naturales" in run(capsys, *words)[1]


class TestTable:
    """``rrm table`` shows the law, row by row."""

    @pytest.mark.parametrize("form", ["text", "markdown", "json"])
    def test_forms(self, capsys: Capture, form: str) -> None:
        """Each form names the rows and prints provisions by the Annex."""
        status, out, _ = run(capsys, "table", "--annex", "31-B", "--format", form)
        assert status == 0
        assert "A4-03a" in out
        assert "31-B.4" in out
        assert "US-01" not in out


class TestBadInput:
    """Bad input ends in 2 with one clear line."""

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((), "VERB"),
            (("dance",), "invalid choice"),
            (("align", "nowhere.json"), "nowhere.json"),
            (("align", "public", "--case", "goodyear"), "goodyear-slp"),
            (("agenda", "public", "--today", "tomorrow"), "2024-04-09"),
            (("ask", "public", "tamsa", "Panel", "--on", "2025-06-20"), "PanelRequested"),
            (("ask", "public", "tamsa", "CourseAgreed", "--on", "2025-06-20", "agreed"), "name=value"),
            (("ask", "public", "tamsa", "CourseAgreed", "--on", "2025-06-20", "end=1"), "agreed_end"),
            (("align", "public", "--language", "fr"), "en, es"),
            (("align", "nowhere/x.json"), "nowhere/x.json: "),
            (("options", "table", "A", "--today", "2024-04-09"), "holds no case"),
            (("completion", "fish"), "bash"),
        ],
    )
    def test_one_clear_line(self, capsys: Capture, words: tuple[str, ...], told: str) -> None:
        """The line names what is wrong and what would be right."""
        status, out, err = run(capsys, *words)
        assert (status, out) == (2, "")
        assert err.startswith("rrm: ")
        assert len(err.splitlines()) == 1
        assert told in err

    def test_template_never_overwrites(self, capsys: Capture, tmp_path: Path) -> None:
        """A file that is there stays as it is."""
        path = tmp_path / "mine.csv"
        path.write_text("keep", "utf-8")
        status, _, err = run(capsys, "template", str(path))
        assert status == 2
        assert "mine.csv" in err
        assert path.read_text("utf-8") == "keep"

    def test_not_json_not_csv(self, capsys: Capture, tmp_path: Path) -> None:
        """A file that is neither is refused, and named."""
        path = tmp_path / "x.bin"
        path.write_bytes(b"\x00\xff\x00")
        status, _, err = run(capsys, "align", str(path))
        assert status == 2
        assert "x.bin" in err
