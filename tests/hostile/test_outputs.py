"""What the library shows of hostile and of seldom texts: readable, as they were recorded, and no order to a terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.canonical import UNTRUSTED
from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.errors import RefusedError, RRMError
from rrm_lifecycle.histories import HistoryEvent, load
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import Histories, from_rows
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.spreadsheet import COLUMNS, row_of, template, write_template
from rrm_lifecycle.histories.vocabulary import EventType
from rrm_lifecycle.law.annexes import ANNEX_31A
from rrm_lifecycle.record.chain import dumps, loads, loads_filed, verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Refusal
from rrm_lifecycle.record.plain import to_dict
from rrm_lifecycle.views import rows
from rrm_lifecycle.views.text import table
from tests.hostile.corpus import KEPT_TEXTS

NAMES: Final = tuple(KEPT_TEXTS)
FORMULAS: Final = ("=1+1", "+1", "-1", "@SUM(1)", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201")
STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet would compute."""
TODAY: Final = date(2024, 4, 12)


def allowed(text: str) -> None:
    """Assert that a text holds nothing that a terminal could obey, line feeds apart."""
    found = UNTRUSTED.search(text.replace("\n", ""))
    assert found is None, ascii(text[max(0, found.start() - 20) : found.end() + 20])


def plant(name: str) -> CoveredFacility:
    """Return a facility of a name, with an owner and a place of that name too."""
    text = KEPT_TEXTS[name]
    return CoveredFacility(text, country="MX", sector="manufacturing", goods_traded=True, owner=text, place=text)


def case_of(name: str) -> Case:
    """Return a case about a facility of a name, whose basis says the same."""
    text = KEPT_TEXTS[name]
    requested = did.ReviewRequested(date(2024, 4, 1), facility=plant(name), laws=(text,), basis=text)
    return play(Case.start("SLP-2024-01"), requested, did.ReviewAccepted(date(2024, 4, 10)))


def history_of(name: str) -> History:
    """Return a history about a facility of a name, whose notes say the same."""
    text = KEPT_TEXTS[name]
    asked = HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2024, 4, 1), note=text, source_url=text)
    return History(
        "slp-1", text, company=text, city=text, petitioner=text, notes=text, events=(asked,), as_of=date(2024, 5, 1)
    )


def shown_of(name: str) -> Iterator[str]:
    """Yield every text that the library makes of a case about a facility of a name."""
    case, history = case_of(name), history_of(name)
    refused = decide(
        case, did.ReviewRequested(date(2024, 4, 12), facility=plant(name), laws=(KEPT_TEXTS[name],), basis="x")
    )
    assert isinstance(refused, Refusal)
    many: list[Any] = [
        case,
        case.facility,
        refused,
        history,
        align(history),
        Histories([history]),
        *case.path,
        *case.limits,
    ]
    many += [*agenda(case, TODAY), *options(case, TODAY), agenda(case, TODAY), options(case, TODAY), *history.events]
    for one in many:
        yield from (str(one), repr(one))
        for language in ("en", "es"):
            if hasattr(one, "text"):
                yield one.text(language)
    for language in ("en", "es"):
        yield rows.agenda_table(agenda(case, TODAY), language)
        yield rows.options_table(options(case, TODAY), language)
        yield rows.law_text(ANNEX_31A, language)
        yield rows.law_markdown(ANNEX_31A, language)


@pytest.mark.parametrize("name", NAMES)
class TestTexts:
    """A text that looks dangerous, or is seldom met, is shown and kept as it was written."""

    def test_shown(self, name: str) -> None:
        """Nothing that is shown holds a control character, a bidi override or half a character."""
        told = list(shown_of(name))
        assert len(told) > 60
        for text in told:
            allowed(text)
            assert text.encode("utf-8").decode() == text

    def test_readable(self, name: str) -> None:
        """The name of the facility stands in the text of an alignment, joiners and marks included."""
        assert KEPT_TEXTS[name] in align(history_of(name)).text()

    def test_recorded(self, name: str) -> None:
        """What is recorded comes back from the bytes of the record, from an export, and as JSON."""
        case, text = case_of(name), KEPT_TEXTS[name]
        assert loads(dumps(case)) == case
        docket = Docket.in_memory()
        opened = docket.start("SLP-2024-01", recorded_by="clerk-7")
        docket.record(opened, case.acts[0].act, source=text, remark=text)
        docket.remark("SLP-2024-01", text, on=TODAY, source=text)
        with pytest.raises(RefusedError):
            docket.record("SLP-2024-01", case.acts[0].act, remark=text)
        file = io.BytesIO()
        docket.export_jsonl(file)
        assert verify(file.getvalue()).cases == 1
        other = Docket.in_memory()
        other.import_jsonl(io.BytesIO(file.getvalue()))
        assert other.history("SLP-2024-01") == docket.history("SLP-2024-01")
        assert other.case("SLP-2024-01").facility == plant(name)
        kept = loads_filed(dumps(docket.history("SLP-2024-01")))
        assert kept[1].remark == text
        assert json.loads(json.dumps(to_dict(case), ensure_ascii=False))["facility"]["name"] == text

    def test_frames(self, name: str) -> None:
        """A data frame holds the text as it is."""
        pytest.importorskip("pandas")
        histories = Histories([history_of(name)])
        assert list(histories.to_frame()["facility"]) == [KEPT_TEXTS[name]]
        allowed(agenda(case_of(name), TODAY).to_frame().to_string())

    def test_table(self, name: str) -> None:
        """A table of text holds a cell as it is, and one line a row."""
        told = table(["case", "facility"], [["a-1", KEPT_TEXTS[name]], ["a-2", "x"]])
        assert KEPT_TEXTS[name] in told
        assert len(told.split("\n")) == 4


WAYS: Final[dict[str, Callable[[Path], object]]] = {
    "missing": lambda path: Docket.open(path, create=False),
    "no folder": lambda path: Docket.open(path / "x.db"),
    "no database": Docket.open,
}
"""Ways in which a docket cannot be opened."""


class TestFiles:
    """Files for spreadsheets hold no formula, and files of any name are told apart safely."""

    def test_template(self, tmp_path: Path) -> None:
        """The template holds names of columns alone: no cell of it begins as a formula does."""
        path = tmp_path / "mine.csv"
        write_template(path)
        (told,) = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        assert tuple(told) == COLUMNS
        assert not any(cell.startswith(STARTS) for cell in told)
        assert template().isascii()

    @pytest.mark.parametrize("text", FORMULAS)
    def test_rows(self, text: str) -> None:
        """A row keeps the text as it was written, so that it can be read again: whoever writes the file escapes it."""
        event = HistoryEvent(EventType.REQUEST_FOR_REVIEW, date(2024, 4, 1))
        history = History("a-1", text, events=(event,), as_of=date(2024, 5, 1))
        assert row_of(history)["facility"] == text
        assert from_rows([row_of(history)])["a-1"].facility == text

    def test_writers(self) -> None:
        """No module writes rows of its own to a CSV file: the template is the one such file, and its text is ours."""
        source = Path(sys.modules["rrm_lifecycle"].__file__ or "").parent
        writers = [path.name for path in source.rglob("*.py") if _writes_csv(path.read_text(encoding="utf-8"))]
        assert writers == [], "escape the cells of a new writer (CWE-1236), and test it here"

    @pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
    @pytest.mark.parametrize("name", ["\x1b[31mred.json", "a\u202eb.csv", "a\nb.json", "a\x9bb.csv"])
    def test_names_of_files(self, name: str, tmp_path: Path) -> None:
        """The name of a file is shown with every character escaped that a terminal could obey."""
        path = tmp_path / name
        path.write_bytes(b"{")
        with pytest.raises(RRMError) as caught:
            load(path)
        assert UNTRUSTED.search(str(caught.value)) is None

    @pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
    @pytest.mark.parametrize("name", ["no\x1b[31m.db", "a\u202eb.db", "a\nb.db"])
    @pytest.mark.parametrize("way", WAYS)
    def test_names_of_dockets(self, way: str, name: str, tmp_path: Path) -> None:
        """The name of a docket's file is shown so in every message, too."""
        path = tmp_path / name
        if way == "no database":
            path.write_bytes(b"no database at all " * 100)
        with pytest.raises(RRMError) as caught:
            WAYS[way](path)
        assert UNTRUSTED.search(str(caught.value)) is None, ascii(str(caught.value))

    @pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
    @pytest.mark.parametrize("name", ["no\x1b[31m.jsonl", "a\u202eb.jsonl"])
    def test_names_of_exports(self, name: str, tmp_path: Path) -> None:
        """The name of an export is shown so, too."""
        path = tmp_path / name
        path.touch()
        with pytest.raises(RRMError) as caught:
            Docket.in_memory().export_jsonl(path)
        assert UNTRUSTED.search(str(caught.value)) is None, ascii(str(caught.value))


def _writes_csv(text: str) -> bool:
    return any(word in text for word in ("csv.writer", "csv.DictWriter", "to_csv", "to_excel", "writerow"))


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the shell in a folder of its own, and gives exit status and both outputs."""

    def run(*words: str) -> tuple[int, str, str]:
        env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-m", "rrm_lifecycle", *words]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)  # noqa: S603
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.mark.skipif(os.name == "nt", reason="no such words on a command line of Windows")
class TestShell:
    """The shell shows nothing that was typed, or that a file is called, as an order to the terminal."""

    @pytest.mark.parametrize(
        "words",
        [
            ("align", "\x1b[31mred.csv"),
            ("align", "public", "--case", "\x1b[31m"),
            pytest.param(("verify", "a\u202eb.jsonl")),
            ("history", "no\x1b.db", "a"),
            ("\x1b[31m",),
            ("agenda", "public", "--today", "\x1b[31m"),
            ("open", "x.db", "\x1b[31m"),
            ("ask", "public", "goodyear-slp", "\x1b[31m"),
            ("table", "--language", "\x1b[31m"),
            ("align", "public", "--language", "\u202e"),
        ],
    )
    def test_words(self, words: tuple[str, ...], shell: Callable[..., tuple[int, str, str]]) -> None:
        """A word that no reader could trust is refused, and its message is safe to show."""
        status, out, told = shell(*words)
        assert status in {1, 2, 3}
        allowed(out)
        allowed(told)
        assert "Traceback" not in told
