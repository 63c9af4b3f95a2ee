"""Reports: pages that need nothing else, for one case and for many, written whole or not at all."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import html5lib
import pytest

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.views.pages.reports import names_of
from tests.views.reading_html import Read
from tests.views.test_cards import docket_of, facility, request

DAY = date(2024, 4, 20)


def read_page(text: str) -> Read:
    """Check what holds of every page, and return it as it is read."""
    html5lib.HTMLParser(strict=True).parse(text)
    read = Read(text.removeprefix("<!doctype html>\n"))
    assert {"header", "main", "footer", "title"} <= read.names
    assert "script" not in read.names
    assert "svg" not in read.names
    assert len(read.all("main")) == len(read.all("h1")) == 1
    levels = [int(name[1]) for name, _ in read.tags if re.fullmatch(r"h[1-6]", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(image["alt"] and image["src"].startswith("data:") for image in read.all("img"))
    ids = [one["id"] for _, one in read.tags if "id" in one]
    assert len(ids) == len(set(ids))
    assert not any(key.startswith("on") for _, one in read.tags for key in one)
    assert all(
        link["href"].startswith(("https://", "http://")) or link["href"].endswith(".html") for link in read.all("a")
    )
    assert "No legal advice" in read.words or "No es asesoría jurídica" in read.words
    return read


class TestCasePage:
    """A newcomer understands a case from its page: what it is, where it stands, what is due, what is late, what shows it."""

    def test_page_tells_the_case(self) -> None:
        """It begins with what the Mechanism is, and goes on to stage, due acts, lateness, pictures, acts and record."""
        read = read_page(docket_of().case("SLP-2024-01").to_html(today=DAY))
        for told in (
            "The Rapid Response Labor Mechanism is",
            "Planta Uno",
            "review requested (phase: request for review)",
            "1 limit is over",
            "late by 9 days",
            "the respondent Party (Mexico)",
            "A4-01a (Art. 31-A.4.2)",
            "What may be done next",
            "2 entries hold together",
        ):
            assert told in read.words
        assert len(read.all("img")) == 2

    def test_page_of_a_docket_tells_what_is_kept(self, tmp_path: Path) -> None:
        """It tells who recorded what, with its source, and that the record was verified."""
        docket = docket_of()
        with pytest.raises(rrm.RefusedError):
            docket.record("SLP-2024-01", did.PanelRequested(date(2024, 4, 9)))
        docket.to_html(tmp_path, today=DAY)
        read = read_page((tmp_path / "case-slp-2024-01.html").read_text("utf-8"))
        assert {"href": "https://ustr.gov/x"}.items() <= read.all("a")[1].items()
        assert "1 attempts that were refused" in read.words
        assert "are covered by no checkpoint kept elsewhere" in read.words

    def test_history_tells_each_source(self) -> None:
        """The page of a history leads to the source of each event, and marks what is implied and what is a claim."""
        history = rrm.histories.load()["san-martin"]
        read = read_page(history.to_html())
        links = {link["href"] for link in read.all("a")}
        assert {event.source_url for event in history.events if event.source_url} <= links
        assert "implied, not on record" in read.words
        assert "is its own claim" in read.words

    def test_earlier_day_shows_the_case_as_it_stood(self) -> None:
        """Seen from an earlier day, the page tells nothing of what came later; before the first event it cannot be told."""
        history = rrm.histories.load()["goodyear-slp"]
        words = read_page(history.to_html(today=date(2023, 9, 1))).words
        assert "course running (phase: remediation)" in words
        assert "2024-02-05" not in words.partition("The record and its verification")[0]
        with pytest.raises(rrm.EventError, match=r"nothing was on record of goodyear-slp by 2021-01-01"):
            history.to_html(today=date(2021, 1, 1))

    def test_first_stage(self) -> None:
        """A case in which nothing was done has a page without pictures."""
        read = read_page(rrm.Case.start("a").to_html())
        assert "Nothing has been done in it yet." in read.words
        assert read.all("img") == []

    def test_spanish(self) -> None:
        """In Spanish the page says so to a screen reader, and no English sentence of ours is left."""
        text = docket_of().case("SLP-2024-01").to_html(language="es", today=DAY)
        read = read_page(text)
        assert read.all("html")[0]["lang"] == "es"
        assert "Mecanismo Laboral de Respuesta Rápida" in read.words
        assert not re.search(r"\b(The|which|holds|stage|What|due)\b", read.words.rpartition("}")[2])

    @pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "مصنع", "🏭"])
    def test_names_are_text(self, name: str) -> None:
        """A hostile name, or one in another script, is shown as it is and makes no element."""
        read = read_page(docket_of(name).case("SLP-2024-01").to_html())
        assert name in read.words

    def test_source_that_runs_something_is_text(self, tmp_path: Path) -> None:
        """A source that is no address on the web leads nowhere."""
        docket = rrm.Docket.in_memory()
        source = rrm.Source(url="javascript:alert(1)", text="click")
        docket.record(docket.start("a"), request(), source=source)
        docket.to_html(tmp_path)
        read = read_page((tmp_path / "case-a.html").read_text("utf-8"))
        assert [link["href"] for link in read.all("a")] == ["index.html"]

    def test_long_case_is_told_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page shows all acts of a long case, the earlier ones folded away."""
        case = docket_of().case("SLP-2024-01")
        note = rrm.play(case, did.RemediationCompleted(date(2024, 4, 2))).acts[-1]
        monkeypatch.setattr("rrm_lifecycle.views.pages.case._pictures", lambda *_: [])
        long = attrs.evolve(case, acts=(*case.acts, *(note,) * 2_000))
        read = read_page(long.to_html())
        assert "The 1,801 earlier acts" in read.words
        assert len(read.all("details")) == 2
        assert len(read.all("tr")) > 4_000

    def test_same_case_same_bytes(self) -> None:
        """A page is the same each time."""
        history = rrm.histories.load()["akwel"]
        assert history.to_html() == history.to_html()

    def test_any_value_has_a_page(self) -> None:
        """A term, a refusal or a table of the law is written as a page too."""
        docket = docket_of()
        for value in (rrm.TERMS[0], rrm.TABLE, docket.ask("SLP-2024-01", did.PanelRequested(date(2024, 4, 9)))):
            read_page(value.to_html())


class TestFolder:
    """Several cases are written as a folder: a page a case, and an index that leads to each."""

    def test_index_leads_to_each_case(self, tmp_path: Path) -> None:
        """Each link of the index leads to a page, and each page back."""
        docket = docket_of("<b>Uno</b>")
        docket.record(docket.start("x-2"), request("Dos", date(2024, 3, 1)))
        docket.start("first")
        index = docket.to_html(tmp_path / "deep" / "report", today=DAY)
        assert index == tmp_path / "deep" / "report" / "index.html"
        read = read_page(index.read_text("utf-8"))
        links = [link["href"] for link in read.all("a")]
        assert links == ["case-slp-2024-01.html", "case-x-2.html", "case-first.html"]
        for link in links:
            back = read_page((index.parent / link).read_text("utf-8"))
            assert back.all("a")[0]["href"] == "index.html"
        assert "late by 40 days" in read.words

    def test_histories_and_alignments(self, tmp_path: Path) -> None:
        """Histories are told through their alignment."""
        some = rrm.histories.load()[:2]
        index = some.to_html(tmp_path / "a")
        again = align_all(some).to_html(tmp_path / "b")
        assert [path.read_bytes() for path in sorted(index.parent.iterdir())] == [
            path.read_bytes() for path in sorted(again.parent.iterdir())
        ]
        assert len(read_page(index.read_text("utf-8")).all("a")) == 2

    def test_empty_docket(self, tmp_path: Path) -> None:
        """An empty docket is an index that says so."""
        index = rrm.Docket.in_memory().to_html(tmp_path)
        assert "No case has been opened yet." in read_page(index.read_text("utf-8")).words

    def test_damaged_record_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A record that does not hold is no reason to write nothing: the pages say what does not hold."""
        docket = docket_of()

        def broken(*_: object, **__: object) -> None:
            msg = "entry 1 was altered"
            raise rrm.RecordDamaged(msg)

        monkeypatch.setattr("rrm_lifecycle.record.chain.verify", broken)
        monkeypatch.setattr(type(docket), "verify", broken)
        index = docket.to_html(tmp_path)
        for path in (index, tmp_path / "case-slp-2024-01.html"):
            assert "The record does not hold: entry 1 was altered" in read_page(path.read_text("utf-8")).words

    @pytest.mark.parametrize(
        "ids",
        [
            ["a", "A"],
            ["../../etc/passwd"],
            ["CON", "nul"],
            ["", "."],
            ["a/b", "a-b"],
            ["x" * 500],
            ["é", "e"],
            ["\ud800"],
        ],
    )
    def test_names_of_files_are_safe(self, ids: list[str]) -> None:
        """A name of a file stays in its folder, works on every system, and stands once, letter case apart."""
        names = names_of(ids)
        assert len({name.casefold() for name in names}) == len(ids)
        assert all(re.fullmatch(r"case-[a-z0-9._-]{0,110}\.html", name) for name in names)

    def test_one_id_twice(self) -> None:
        """Two cases of one id have pages of their own."""
        assert len(set(names_of(["a"] * 5))) == 5


class TestWriting:
    """A report is written whole or not at all, and overwrites nothing of somebody else's."""

    @pytest.mark.parametrize("name", ["index.html", "case-slp-2024-01.html"])
    def test_somebody_elses_file_is_left_alone(self, tmp_path: Path, name: str) -> None:
        """A file under the name of a page that is no report stays as it is, and the message names it."""
        (tmp_path / name).write_text("mine", "utf-8")
        with pytest.raises(rrm.StorageError, match=f"holds a {re.escape(name)} that is no report"):
            docket_of().to_html(tmp_path)
        assert (tmp_path / name).read_text("utf-8") == "mine"

    def test_folder_keeps_what_else_it_holds(self, tmp_path: Path) -> None:
        """Other files stay; an earlier report is written anew."""
        (tmp_path / "notes.txt").write_text("mine", "utf-8")
        docket = docket_of()
        docket.to_html(tmp_path)
        docket.to_html(tmp_path, language="es")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["case-slp-2024-01.html", "index.html", "notes.txt"]
        assert 'lang="es"' in (tmp_path / "index.html").read_text("utf-8")

    def test_failed_write_leaves_the_old_page(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the disk fails in the middle, the page of before stands, and nothing half lies beside it."""
        goal = tmp_path / "case.html"
        case = docket_of().case("SLP-2024-01")
        case.to_html(goal)
        before = goal.read_bytes()

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(rrm.StorageError, match=r"no report can be written to .*No space left"):
            case.to_html(goal, language="es")
        assert goal.read_bytes() == before
        assert list(tmp_path.iterdir()) == [goal]

    def test_place_that_cannot_be_written(self, tmp_path: Path) -> None:
        """A folder for one page, a file for many, and a folder that is not there are told apart."""
        (tmp_path / "file").write_text("mine", "utf-8")
        docket = docket_of()
        with pytest.raises(rrm.StorageError, match="is a folder, and one page is to be written"):
            docket.case("SLP-2024-01").to_html(tmp_path)
        with pytest.raises(rrm.StorageError, match="file is a file, and a folder is needed"):
            docket.to_html(tmp_path / "file")
        with pytest.raises(rrm.StorageError, match="no report can be written to"):
            rrm.TERMS[0].to_html(tmp_path / "nowhere" / "page.html")

    def test_what_makes_no_sense_is_refused(self, tmp_path: Path) -> None:
        """A docket without a folder, a day that is none, a day for a term, an unknown language: each is named."""
        docket = docket_of()
        wrong: list[tuple[Any, dict[str, Any], str]] = [
            (docket, {}, "a Docket is written as a page a case"),
            (docket.case("SLP-2024-01"), {"today": "2024-04-20"}, "today has to be a datetime.date; found str"),
            (rrm.TERMS[0], {"today": DAY}, "a Term is seen from none"),
            (rrm.TERMS[0], {"language": "xx-none"}, "no catalogue for the language 'xx-none'"),
        ]
        for value, options, told in wrong:
            with pytest.raises(rrm.EventError, match=re.escape(told)):
                value.to_html(**options)
        assert list(tmp_path.iterdir()) == []

    def test_facility_has_no_say_over_the_path(self, tmp_path: Path) -> None:
        """Names in a value never reach the name of a file."""
        docket = rrm.Docket.in_memory()
        event = did.ReviewRequested(date(2024, 4, 1), facility=facility("../../x"), laws=("l",), basis="b")
        docket.record(docket.start("a"), event)
        docket.to_html(tmp_path / "in")
        assert {path.name for path in tmp_path.rglob("*")} == {"in", "index.html", "case-a.html"}
