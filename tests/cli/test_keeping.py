"""The verbs over dockets and records, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rrm_lifecycle.cli import main

Capture = pytest.CaptureFixture[str]
FACILITY = 'facility={"name":"Planta Uno","country":"MX","sector":"mining","goods_traded":true}'
REQUEST = ("ReviewRequested", "--on", "2024-04-01", FACILITY, 'laws=["LFT art. 390 bis"]', "basis=dismissals")


class Shell:
    """A folder, and commands that are run in it.

    Args:
        capsys: What catches the output.
    """

    def __init__(self, capsys: Capture) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run a command that ends with a status, and return what it printed, errors too."""
        found = main(words)
        told = self._capsys.readouterr()
        assert found == status, told.out + told.err
        return told.out + told.err

    def json(self, *words: str, status: int = 0) -> Any:
        """Run a command with ``--json``, and read what it printed."""
        return json.loads(self(*words, "--json", status=status))


@pytest.fixture
def rrm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Shell:
    """A shell in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Shell(capsys)


@pytest.fixture
def docket(rrm: Shell) -> Shell:
    """A shell in a folder with a docket, in which a review was requested in case A."""
    rrm("open", "d.db")
    rrm("open", "d.db", "A", "--origin", "hotline", "--recorded-by", "clerk-7")
    rrm("record", "d.db", "A", *REQUEST, "--remark", "by courier", "--source", "https://example.org", "--once", "k1")
    return rrm


class TestRecording:
    """``open``, ``record``: a docket is made, cases are opened, acts recorded."""

    def test_opened(self, rrm: Shell) -> None:
        """``open`` makes a docket, and checks it the next time."""
        assert "0 entries" in rrm("open", "d.db")
        assert rrm.json("open", "d.db", "B", "--annex", "31-B")["annex"] == "31-B"
        assert rrm.json("open", "d.db")["entries"] == 1

    def test_recorded(self, docket: Shell) -> None:
        """What was recorded is kept, with who recorded it and why."""
        (opening, act) = docket.json("history", "d.db", "A")
        assert opening["note"]["recorded_by"] == "clerk-7"
        assert (act["note"]["remark"], act["note"]["source"]["url"]) == ("by courier", "https://example.org")
        assert "by courier" in docket("history", "d.db", "A")

    def test_repeat(self, docket: Shell) -> None:
        """A repeat with the same key does no harm."""
        docket("record", "d.db", "A", *REQUEST, "--once", "k1")
        assert docket.json("open", "d.db")["entries"] == 2

    def test_refused(self, docket: Shell) -> None:
        """A refused act gives every reason and exits with 1; the attempt is kept beside the case."""
        told = docket("record", "d.db", "A", "PanelRequested", "--on", "2024-04-05", status=1)
        assert "opens 2024-04-12" in told
        assert (
            docket.json("record", "d.db", "A", "PanelRequested", "--on", "2024-04-05", status=1)["opens"]
            == "2024-04-12"
        )
        assert docket.json("open", "d.db")["heads"].keys() == {"A", "A/attempts"}

    @pytest.mark.parametrize(
        ("words", "status", "says"),
        [
            (("record", "none.db", "A", "Withdrawn", "--on", "2024-04-05"), 3, "make it with `rrm open none.db`"),
            (("record", "d.db", "B", "Withdrawn", "--on", "2024-04-05"), 2, "no case 'B' is held here"),
            (("record", "d.db", "A", "Zzz", "--on", "2024-04-05"), 2, "no event 'Zzz'"),
            (("record", "d.db", "A", "Withdrawn", "--on", "soon"), 2, "a day is written as"),
            (("record", "d.db", "A", "Withdrawn", "--on", "2024-04-05", "x"), 2, "name=value"),
            (("open", "d.db", "a"), 2, "held already"),
            (("history", "d.db", "A", "--as-of", "noon"), 2, "a moment is written as"),
            (("history", "d.db", "A", "--as-of", "2020-01-01"), 2, "opened later"),
        ],
    )
    def test_wrong(self, docket: Shell, words: tuple[str, ...], status: int, says: str) -> None:
        """What is wrong is said in one line, with the repair."""
        told = docket(*words, status=status)
        assert says in told
        assert told.count("\n") == 1


class TestLooking:
    """``agenda``, ``ask``, ``options``, ``history`` answer from a docket as they do from histories."""

    def test_agenda(self, docket: Shell) -> None:
        """What is due, in all cases or one, within so many days."""
        assert len(docket.json("agenda", "d.db", "--today", "2024-04-05")["due"]) == 2
        (due,) = docket.json("agenda", "d.db", "--today", "2024-04-05", "--within", "7")["due"]
        assert (due["term"], due["days_left"]) == ("reply", 6)

    def test_ask(self, docket: Shell) -> None:
        """A question is answered for the day of the act."""
        assert docket.json("ask", "d.db", "A", "PanelRequested", "--on", "2024-04-12")["admitted"]
        docket("ask", "d.db", "A", "PanelRequested", "--on", "2024-04-11", status=1)
        assert docket.json("options", "d.db", "A", "--today", "2024-04-05")["stage"] == "review_requested"

    def test_record_file(self, docket: Shell) -> None:
        """A record answers as the docket does that it was written from."""
        docket("export", "d.db", "--to", "jsonl", "--output", "r.jsonl")
        for words in (("agenda", "SOURCE", "--today", "2024-04-05"), ("history", "SOURCE", "A"), ("recheck", "SOURCE")):
            here, there = ([one if one != "SOURCE" else source for one in words] for source in ("d.db", "r.jsonl"))
            assert docket(*here) == docket(*there)


class TestWhole:
    """``verify``, ``key``, ``checkpoint``, ``extract``, ``import``, ``export``, ``recheck``, ``schema``."""

    def test_verified(self, docket: Shell) -> None:
        """A docket and its record verify; a changed byte does not, and exits with 1."""
        assert docket.json("verify", "d.db")["verified"] is True
        docket("export", "d.db", "--to", "jsonl", "--output", "r.jsonl")
        assert "2 entries of 1 case" in docket("verify", "r.jsonl")
        record = Path("r.jsonl")
        record.write_bytes(record.read_bytes().replace(b"2024-04-01", b"2024-04-02"))
        assert docket.json("verify", "r.jsonl", status=1) == {
            "verified": False,
            "error": "line 2 (case A, number 1) does not have the hash that stands beside it: it was altered",
        }

    def test_signed(self, docket: Shell) -> None:
        """A checkpoint kept elsewhere closes the window; a docket that was cut behind it is noticed."""
        shown = docket.json("key", "clerk", "k.key")
        Path("k.pub").write_text(shown["verifier"], "utf-8")
        docket("checkpoint", "d.db", "--key", "k.key", "--to", "away")
        assert docket.json("verify", "d.db", "--checkpoint", "away", "--key", "k.pub")["window"] == 0
        docket("open", "d.db", "B")
        assert docket.json("verify", "d.db", "--checkpoint", "away", "--key", shown["verifier"])["window"] == 1
        docket("open", "other.db", "A")
        assert "--key" in docket("verify", "d.db", "--checkpoint", "away", status=2)
        assert "k.key" in docket("key", "clerk", "k.key", status=2)

    def test_extract(self, docket: Shell) -> None:
        """An extract holds one case, and is never written over."""
        docket("key", "clerk", "k.key")
        docket("open", "d.db", "SECRET")
        assert docket.json("extract", "d.db", "A", "--to", "A.extract", "--key", "k.key")["entries"] == 2
        assert "SECRET" not in Path("A.extract").read_text("utf-8")
        assert "A.extract" in docket("extract", "d.db", "A", "--to", "A.extract", status=2)

    def test_imported(self, docket: Shell) -> None:
        """Histories and records are taken up; what is there already is not."""
        assert len(docket.json("import", "d.db", "public", "--recorded-by", "clerk-7")["cases"]) == 30
        docket("export", "d.db", "--to", "jsonl", "--output", "r.jsonl")
        assert len(docket.json("import", "e.db", "r.jsonl")["cases"]) == 31
        assert docket.json("verify", "e.db")["heads"] == docket.json("verify", "d.db")["heads"]
        assert "held already" in docket("import", "e.db", "r.jsonl", status=2)
        assert "there already" in docket("export", "d.db", "--to", "jsonl", "--output", "r.jsonl", status=3)
        assert "rrm import" in docket("verify", "public", status=2)

    def test_rechecked(self, docket: Shell) -> None:
        """Cases are decided anew under today's law pages."""
        assert docket("recheck", "d.db", "A") == "A: nothing would differ\n"
        assert docket.json("recheck", "d.db")[0]["agrees"] is True

    def test_schema(self, rrm: Shell) -> None:
        """The tables for PostgreSQL are printed, under a name that can be one."""
        assert "CREATE" in rrm("schema", "postgresql", "--schema", "labor", "--role", "app")
        assert "labor" in rrm.json("schema", "postgresql", "--schema", "labor")["ddl"]
        rrm("schema", "postgresql", "--schema", 'x"; DROP', status=2)
