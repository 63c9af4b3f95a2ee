"""HTML in small pieces is escaped, well formed, and carries its own style."""

from __future__ import annotations

import html5lib
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.views.cards.blocks import Card, Facts, Figure, Grid, Link, Mark, Para, Steps, Verbatim, card_text
from rrm_lifecycle.views.markup import Html, block, card_html, escape, is_safe, join, piece, tag
from tests.views.reading_html import Read

HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "' onmouseover='alert(1)",
    "</td></table><img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "]]>--><!--",
    "مصنع",
    "🏭👩‍👩‍👧",
    "a\x00b\x1b[31mc",
    "\ud800 half",
    "\u202egnp.exe",
]


def _card(text: str) -> Card:
    """Return a card in which a text stands everywhere."""
    return Card(
        text,
        text,
        (
            Para((text, Mark(text, "late"), Link(text, text))),
            Facts(((text, text), (text, (text, Mark(text))))),
            Grid(text, (text, text), [[text, text]], more=text, folded=text),
            Grid(text, (text,), [], empty=text),
            Steps(text, ((text, "passed"), (text, "here"), (text, "ahead"))),
            Figure("<svg/>", text, text),
            Verbatim(text),
        ),
    )


class TestEscaping:
    """Whatever stands in a value stands on the page as text, and as nothing else."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_makes_no_element(self, text: str) -> None:
        """A card of a hostile text has the elements and attributes of a card of a plain one."""
        hostile, plain = Read(card_html(_card(text))), Read(card_html(_card("x")))
        assert [name for name, _ in hostile.tags] == [name for name, _ in plain.tags]
        assert [set(one) for _, one in hostile.tags] == [set(one) for _, one in plain.tags]

    @given(st.text())
    def test_any_text_is_shown_as_it_is(self, text: str) -> None:
        """An escaped text reads as the text, but for characters that no page may hold; and it can be encoded."""
        shown = Read(tag("p", text, title=text))
        if all(one.isprintable() for one in text):
            assert shown.words == text
            assert shown.all("p")[0]["title"] == text
        assert Html(escape(text)).encode().decode() == escape(text)

    @given(st.text())
    def test_a_strict_parser_takes_it(self, text: str) -> None:
        """A strict HTML 5 parser finds no error in a card of any text."""
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(f"<!doctype html><title>x</title><body>{card_html(_card(text))}</body>")

    def test_markup_is_escaped_once(self) -> None:
        """What is markup already stays so."""
        assert join(["<", tag("b", "&")], ">") == "&lt;&gt;<b>&amp;</b>"
        assert isinstance(join(["<"]), Html)

    @pytest.mark.parametrize(
        "target",
        [
            "javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//x.org", "https:", "http://a b", "../x",
            " https://x.org", "https://x.org/\n", "case-A.html", "http://[x",
        ],
    )  # fmt: skip
    def test_link_that_leads_astray_is_text(self, target: str) -> None:
        """A link leads to a page beside it or to an address on the web; any other is text."""
        assert not is_safe(target)
        assert piece(Link("there", target), leads=True) == "there"

    def test_link_leads_on_a_page_alone(self) -> None:
        """On a page a link leads somewhere and tells the other site nothing; in a display it is text."""
        link = Link("USTR", "https://ustr.gov/a?b=1&c=2")
        (found,) = Read(piece(link, leads=True)).all("a")
        assert found["href"] == "https://ustr.gov/a?b=1&c=2"
        assert set(found["rel"].split()) == {"noopener", "noreferrer", "nofollow"}
        assert piece(link) == "USTR"


class TestLooks:
    """Each piece carries its own style, takes the colour of the page, and is told by words too."""

    def test_no_colour_of_text_is_set(self) -> None:
        """Text takes the colour around it, and each background lets the page shine through: dark and light both do."""
        told = card_html(_card("x"))
        for style in (one["style"] for _, one in Read(told).tags if "style" in one):
            rules = dict(rule.split(":", 1) for rule in style.split(";"))
            assert rules.get("color", "inherit") == "inherit"
            assert rules.get("background-color", "rgba(").startswith("rgba(")
            if "background-color" in rules:
                assert rules["color"] == "inherit"

    def test_tables_tell_a_screen_reader_what_they_are(self) -> None:
        """A table has a caption, and heads that say of what they are heads; where it scrolls it can be reached."""
        read = Read(block(Grid("What", ("a", "b"), [["1", "2"]])))
        assert {"caption", "thead", "tbody"} <= read.names
        assert [one["scope"] for one in read.all("th")] == ["col", "col", "row"]
        assert (read.all("div")[0]["tabindex"], read.all("div")[0]["aria-label"]) == ("0", "What")

    def test_picture_has_words(self) -> None:
        """A picture is carried along as data, with its words."""
        (image,) = Read(block(Figure("<svg/>", "a map", "Map"))).all("img")
        assert image["src"].startswith("data:image/svg+xml;base64,")
        assert image["alt"] == "a map"

    def test_empty_column_is_left_out(self) -> None:
        """A column in which nothing stands is not shown; the first one is."""
        read = Read(block(Grid("What", ("a", "b", "c"), [["", "", "1"]], right=(2,))))
        assert [one for one in ("A", "B", "C") if one in read.words] == ["A", "C"]
        assert "text-align:right" in read.all("td")[0]["style"]

    def test_phase_where_a_case_stands_is_told(self) -> None:
        """Where a case stands is marked for the eye and for a screen reader, and as text in brackets."""
        steps = Steps("Phases", (("one", "passed"), ("two", "here"), ("three", "ahead")))
        assert [one.get("aria-current") for one in Read(block(steps)).all("li")] == [None, "step", None]
        assert "one > [two] > three" in card_text(Card("case", "a", (steps,)))


class TestText:
    """A card as plain text."""

    def test_lines_fit(self) -> None:
        """No line is longer than 100 columns, whatever stands in it; a line break in a cell breaks no line."""
        card = _card("long " * 60 + "\nnext")
        told = card_text(evolve(card, blocks=card.blocks[:-1]))
        assert max(map(len, told.splitlines())) <= 100

    def test_table_without_rows_says_so(self) -> None:
        """An empty table is a sentence."""
        assert card_text(Card("agenda", "2024-04-09", (Grid("Due", ("a",), [], empty="Nothing is due."),))).endswith(
            "Nothing is due."
        )
