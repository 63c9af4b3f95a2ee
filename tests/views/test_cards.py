"""Every value that people meet shows itself: as HTML that needs nothing else, and as readable text."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs
import pytest

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.views.cards.blocks import card_text
from rrm_lifecycle.views.cards.card import _WHERE, card
from rrm_lifecycle.views.markup import card_html
from rrm_lifecycle.views.pages.words import PAGE_WORDS, said
from tests.views.reading_html import Read

DAY = date(2024, 4, 9)
FORBIDDEN = frozenset({"script", "style", "svg", "link", "iframe", "object", "a", "form", "input"})


def facility(name: str = "Planta Uno") -> rrm.CoveredFacility:
    """Return a facility of a name."""
    return rrm.CoveredFacility(name, country="MX", sector=rrm.Sector.MANUFACTURING, goods_traded=True)


def request(name: str = "Planta Uno", on: date = date(2024, 4, 1)) -> did.ReviewRequested:
    """Return a request for review at a facility."""
    return did.ReviewRequested(on, facility=facility(name), laws=("LFT art. 390 bis",), basis="dismissals")


def docket_of(name: str = "Planta Uno") -> rrm.Docket:
    """Return a docket with one case, in which a review was asked for."""
    docket = rrm.Docket.in_memory()
    case = docket.start("SLP-2024-01")
    docket.record(case, request(name), recorded_by=name, source="https://ustr.gov/x", remark=name)
    return docket


def values(name: str = "Planta Uno") -> Iterator[tuple[str, Any]]:
    """Yield a value of each kind, made of a facility of a name."""
    docket = docket_of(name)
    case = docket.case("SLP-2024-01")
    may, due = docket.options(case, DAY), docket.agenda(date(2024, 5, 30))
    made = [
        case, rrm.Case.start("first"), docket, rrm.Docket.in_memory(), due, due[0], rrm.Docket.in_memory().agenda(DAY),
        may, may[0], case.opening, docket.ask(case, did.PanelRequested(DAY)), case.acts[0], docket.history(case)[1],
        docket.verify(), facility(name), rrm.Register(), rrm.Register.of([case]),
        docket.correct(case, rrm.Strike(1), reason=name, preview=True),
    ]  # fmt: skip
    docket.remark(case, name, on=DAY)
    made.append(docket.history(case)[-1].entry)
    for number, one in enumerate(made):
        yield f"{number}-{type(one).__name__}", one


def law_and_record() -> Iterator[tuple[str, Any]]:
    """Yield a value of each kind that the library ships."""
    public = rrm.histories.load()
    made = [
        rrm.TABLE, rrm.CUSTOMS, rrm.TABLE[0], rrm.PROVISIONS[0], rrm.TERMS[0], rrm.Reading(), rrm.Reading(roll_over=True),
        rrm.Calendar.of_party("MX"), public, public[0], public[0].events[0], rrm.align(public["san-martin"]),
        align_all(public[:5]), rrm.impact(public),
    ]  # fmt: skip
    for number, one in enumerate(made):
        yield f"{number}-{type(one).__name__}", one


@pytest.fixture(scope="module")
def simulated() -> list[Any]:
    """Values of a simulation."""
    sim = rrm.simulate(n=300, seed=7)
    case = docket_of().case("SLP-2024-01")
    gallery = dict(list(rrm.gallery().items())[:1])
    forecast = rrm.forecast(case, today=DAY)
    return [
        sim,
        forecast,
        rrm.compare(n=200, seed=1, **gallery),
        rrm.Behaviour.default(),
        sim.outcomes(),
        sim.durations(),
    ]


PLAIN = list(values())
SHIPPED = list(law_and_record())
HOSTILE = list(values("<script>alert(1)</script>"))


def check_display(value: Any) -> Read:
    """Check what holds of every display, and return it as it is read."""
    found = value._repr_mimebundle_()
    assert list(found) == ["text/html", "text/plain"]
    assert found["text/plain"] == str(value)
    read = Read(found["text/html"])
    assert not read.names & FORBIDDEN
    for name, attributes in read.tags:
        assert not {"class", "id", "href", "srcset"} & set(attributes)
        assert not any(key.startswith("on") for key in attributes)
        assert "url(" not in attributes.get("style", "")
        assert attributes.get("src", "data:").startswith("data:")
        if name == "th":
            assert attributes["scope"] in {"row", "col"}
    return read


class TestDisplays:
    """A display survives an untrusted notebook without a network: inline styles, no script, no sheet, no address."""

    @pytest.mark.parametrize(
        "value", [one for _, one in (*PLAIN, *SHIPPED)], ids=[name for name, _ in (*PLAIN, *SHIPPED)]
    )
    def test_every_value_shows_itself(self, value: Any) -> None:
        """Each value has a display of both types, and its text is no bare repr of fields."""
        read = check_display(value)
        assert read.words.strip()
        assert not re.match(r"\w+\(\w+=", str(value))

    @pytest.mark.parametrize(("name", "value"), HOSTILE, ids=[name for name, _ in HOSTILE])
    def test_hostile_name_is_text(self, name: str, value: Any) -> None:
        """A facility that is named like a script makes the same elements as any other."""
        read = check_display(value)
        plain = Read(dict(PLAIN)[name]._repr_mimebundle_()["text/html"])
        assert [one for one, _ in read.tags] == [one for one, _ in plain.tags]

    @pytest.mark.parametrize("name", ["مصنع", "🏭", "Ñandú & Söhne"])
    def test_names_of_all_scripts_are_shown(self, name: str) -> None:
        """A name in Arabic, an emoji or an accent is shown as it is, in a cell that finds its own direction."""
        html = docket_of(name).case("SLP-2024-01")._repr_mimebundle_()["text/html"]
        assert name in Read(html).words
        assert all(one.get("dir") == "auto" for one in Read(html).all("td"))

    def test_simulated_values_show_themselves(self, simulated: list[Any]) -> None:
        """Simulation, forecast, comparison, behaviour and tables of results have displays too."""
        for value in simulated:
            read = check_display(value)
            assert "table" in read.names

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_cards_speak_both_languages(self, language: str, simulated: list[Any]) -> None:
        """Each card is made in either language."""
        for value in (*(one for _, one in (*PLAIN, *SHIPPED)), *simulated):
            assert Read(card_html(card(value, language))).words
            assert card_text(card(value, language))

    def test_same_value_same_bytes(self) -> None:
        """A display is the same each time."""
        case = docket_of().case("SLP-2024-01")
        assert case._repr_mimebundle_() == docket_of().case("SLP-2024-01")._repr_mimebundle_()

    def test_types_that_are_not_asked_for_are_left_out(self) -> None:
        """A notebook names the types that it wants, or does not want."""
        term = rrm.TERMS[0]
        assert list(term._repr_mimebundle_(include={"text/plain"})) == ["text/plain"]
        assert list(term._repr_mimebundle_(exclude={"text/plain"})) == ["text/html"]

    def test_every_card_is_of_a_class_that_is_there(self) -> None:
        """The table of cards names classes and functions that exist."""
        for name, (module, function) in _WHERE.items():
            place, _, cls = name.rpartition(".")
            for part, one in ((f"rrm_lifecycle.{place}", cls), (f"rrm_lifecycle.views.{module}", function)):
                __import__(part)
                assert hasattr(sys.modules[part], one)

    def test_showing_a_case_loads_nothing_heavy(self) -> None:
        """The display of a case loads no numpy, pandas or matplotlib."""
        program = (
            "import sys, rrm_lifecycle as rrm; rrm.Case.start('a')._repr_mimebundle_(); str(rrm.TABLE); "
            "print(sorted({'numpy', 'scipy', 'pandas', 'matplotlib', 'holidays', 'sqlite3'} & set(sys.modules)))"
        )
        told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
        assert told.stdout.strip() == "[]"


class TestCase:
    """One glance at a case gives the stage, what is due, and what is late."""

    def test_stage_due_and_late(self) -> None:
        """Stage, phase, limits with who has to act, and a limit that is over are told in words."""
        docket = docket_of()
        case = docket.record("SLP-2024-01", did.ReviewAccepted(date(2024, 4, 15)))
        read = check_display(case)
        assert "under review (phase: request for review)" in read.words
        assert "late by 4 days: reply" in read.words
        assert "1 act was late" in read.words
        assert "2024-05-16" in read.words
        assert "the respondent Party (Mexico)" in read.words

    def test_limit_that_is_over_is_told(self) -> None:
        """An agenda tells lateness in words, not by colour alone."""
        words = check_display(docket_of().agenda(date(2024, 4, 20))).words
        assert "late by 9 days" in words
        assert "1 limit is over" in words

    def test_first_stage(self) -> None:
        """A case in which nothing was done says so."""
        words = check_display(rrm.Case.start("a")).words
        assert "assessment" in words
        assert "Nothing has been done in it yet." in words

    def test_long_case_shows_its_latest_acts(self) -> None:
        """Of a case of 10,000 acts the latest are shown, and it is said how many more there are."""
        case = docket_of().case("SLP-2024-01")
        note = rrm.play(case, did.RemediationCompleted(date(2024, 4, 2))).acts[-1]
        long = attrs.evolve(case, acts=(*case.acts, *(note,) * 9_999))
        read = check_display(long)
        assert "Earlier acts that are not shown here: 9,992." in read.words
        assert len(read.all("tr")) < 40

    def test_empty_docket(self) -> None:
        """An empty docket says that it holds no case."""
        assert "No case has been opened yet." in check_display(rrm.Docket.in_memory()).words


class TestTable:
    """The table of the law shows itself, and stays a tuple."""

    def test_rows_are_a_tuple(self) -> None:
        """A table equals the tuple of its rows, joins with others, and is pickled as what it is."""
        assert tuple(rrm.TABLE) == rrm.TABLE
        assert isinstance(rrm.TABLE, tuple)
        assert len((*rrm.TABLE, *rrm.CUSTOMS)) == len(rrm.TABLE) + len(rrm.CUSTOMS)
        again = pickle.loads(pickle.dumps(rrm.CUSTOMS))  # noqa: S301 - our own
        assert again == rrm.CUSTOMS
        assert repr(again) == "<Rows: 3, A4-02 to US-10>"

    def test_every_row_is_shown(self) -> None:
        """Each row has a line in the display and in the text."""
        words, text = check_display(rrm.TABLE).words, str(rrm.TABLE)
        assert all(row.id in words and row.id in text for row in rrm.TABLE)


class TestWords:
    """Cards and pages speak English and Spanish."""

    def test_both_languages_have_the_same_keys(self) -> None:
        """Each sentence is there in both languages, with the same places to fill."""
        english, spanish = PAGE_WORDS["en"], PAGE_WORDS["es"]
        assert list(english) == list(spanish)
        for key, text in english.items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", spanish[key])), key

    def test_other_language_falls_back_to_english(self) -> None:
        """A language of a user's own has our sentences in English."""
        assert said("case", "xx") == "case"
