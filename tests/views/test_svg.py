"""SVG by hand: text is safe and fits, elements are well-formed, numbers are the same everywhere."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font

from rrm_lifecycle.views.svg import (
    LARGE,
    NORMAL,
    SMALL,
    Markup,
    cut,
    document,
    element,
    group,
    number,
    paragraph,
    width,
    words,
    wrap,
)
from tests.export.hostile import NAMES

sizes = st.sampled_from([SMALL, NORMAL, LARGE])


def parsed(text: str) -> ET.Element:
    """Return the root of a text that we wrote ourselves."""
    return ET.fromstring(text)  # noqa: S314 - our own text


class TestElements:
    """Text is text and never markup."""

    @given(st.text())
    def test_any_text_gives_well_formed_xml(self, text: str) -> None:
        """Whatever stands in an element or an attribute, a parser reads it back, or U+FFFD for what XML cannot say."""
        read = parsed(element("text", text, class_=text))
        told = "".join(
            mark if mark in "\t\n\r" or (mark >= " " and not "\ud800" <= mark <= "\udfff" and mark < "\ufffe")
            or mark > "\uffff" else "\ufffd"
            for mark in text
        )  # fmt: skip
        assert (read.text or "", read.attrib["class"]) == (told, told)

    @pytest.mark.parametrize("mark", ["\x00", "\x0b", "\x1b", "\x1f", "\ud800", "\ufffe", "\uffff"])
    def test_what_xml_cannot_spell_is_replaced(self, mark: str) -> None:
        """A control character, a lone surrogate and a place that is no character turn into U+FFFD."""
        assert parsed(element("text", f"a{mark}b")).text == "a\ufffdb"

    def test_only_markup_is_markup(self) -> None:
        """A text that looks like an element is escaped; an element is not."""
        assert element("g", "<b/>") == "<g>&lt;b/&gt;</g>"
        assert element("g", element("b")) == "<g><b/></g>"
        assert element("g", Markup("<b/>")) == "<g><b/></g>"

    def test_names_of_attributes(self) -> None:
        """A low line is written as a hyphen, one at the end is left out, and None leaves the attribute out."""
        assert element("a", font_size=12.0, class_="x", rx=None) == '<a font-size="12" class="x"/>'

    @pytest.mark.parametrize(
        ("value", "told"), [(1.0, "1"), (-0.001, "0"), (10.5, "10.5"), (2 / 3, "0.67"), (100, "100")]
    )
    def test_numbers(self, value: float, told: str) -> None:
        """A number has at most two decimals, no needless zero, and no zero below zero."""
        assert number(value) == told

    def test_a_group_that_says_something_starts_with_it(self) -> None:
        """What a group says is its first child, where readers of SVG look for it."""
        first = next(iter(parsed(group(element("rect"), says="a & b"))))
        assert (first.tag, first.text) == ("title", "a & b")

    def test_a_document_names_itself(self) -> None:
        """A picture has a role, a title, a description and its language."""
        root = parsed(document(40, 30, "T & t", "D", language="es"))
        assert (root.attrib["role"], root.attrib["aria-label"], root.attrib["lang"]) == ("img", "T & t", "es")
        assert [(one.tag.rpartition("}")[2], one.text) for one in root][:2] == [("title", "T & t"), ("desc", "D")]
        assert (root.attrib["width"], root.attrib["viewBox"]) == ("40", "0 0 40 30")

    def test_lines_of_a_paragraph_lie_around_its_middle(self) -> None:
        """The lines of a paragraph are one below the other, and their middle is the height asked for."""
        root = parsed(f"<g>{paragraph(0, 100, ('a', 'b', 'c'), size=10)}</g>")
        heights = [float(one.attrib["y"]) for one in root]
        assert heights == sorted(heights)
        assert heights[1] == pytest.approx(103.6)
        assert {one.attrib["text-anchor"] for one in root} == {"middle"}

    def test_a_line_at_the_start_needs_no_anchor(self) -> None:
        """What is the default is not written."""
        assert "text-anchor" not in words(0, 0, "a")
        assert "font-weight" not in words(0, 0, "a")


class TestWidth:
    """The estimate is no less than what a wide sans-serif takes."""

    @pytest.mark.parametrize(
        "text",
        [
            "panel requested",
            "Denegación informada y subsanada",
            "A10-07b +2",
            "WAVE fjord 100%",
            "“quoted” — ¿qué?",
            "N.º 5",
        ],
    )
    @pytest.mark.parametrize("bold", [False, True])
    def test_no_less_than_a_wide_font(self, text: str, *, bold: bool) -> None:
        """DejaVu Sans, wider than what most machines show, takes at most a hundredth more than the estimate."""
        font = FT2Font(f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf")
        font.set_size(100, 72)
        drawn = sum(font.load_char(ord(mark)).linearHoriAdvance for mark in text) / 65536
        assert drawn * 0.99 <= width(text, 100, bold=bold) <= drawn * 1.15

    def test_other_writings(self) -> None:
        """Chinese, Arabic and pictures have a width, and marks above a letter have none."""
        assert width("工場", 10) == pytest.approx(21)
        assert width("مصنع", 10) == pytest.approx(32)
        assert width("🏭", 10) == pytest.approx(14)
        assert width("e\u0301\u200d\u202a", 10) == width("e", 10)
        assert width("👍🏽", 10) == width("👍", 10)

    def test_an_accent_takes_the_room_of_its_letter(self) -> None:
        """A letter with an accent that no table lists is as wide as the letter."""
        assert width("ẽ", 10) == width("e", 10)


class TestWrapping:
    """A text fits its box, and no character is torn."""

    @given(st.text(), st.floats(20, 200), sizes, st.integers(1, 4))
    def test_lines_fit(self, text: str, room: float, size: float, most: int) -> None:
        """No line is wider than its box, none is empty, and there are no more than asked for."""
        lines = wrap(text, room, size, lines=most)
        assert len(lines) <= most
        assert all(line and width(line, size) <= room for line in lines)

    @given(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1), st.floats(60, 200))
    def test_no_word_is_lost_where_there_is_room(self, several: list[str], room: float) -> None:
        """With lines enough, every word stands in order and whole."""
        assert " ".join(wrap(" ".join(several), room, lines=99)).split() == several

    @given(st.text(), st.floats(20, 200), sizes)
    def test_cut_fits(self, text: str, room: float, size: float) -> None:
        """A line that is cut fits, and ends in … where anything was left out."""
        told, whole = cut(text, room, size), " ".join(text.split())
        assert width(told, size) <= room
        assert told == whole or told.endswith("…")

    def test_a_long_word_is_broken(self) -> None:
        """A word wider than the box goes on in the next line."""
        assert wrap("a" * 30, 100, lines=9) == ("a" * 13, "a" * 13, "a" * 4)

    @pytest.mark.parametrize("whole", ["👩‍🏭", "👍🏽", "e\u0301"])
    def test_what_is_one_character_to_a_person_stays_whole(self, whole: str) -> None:
        """A family of emoji, a skin tone or an accent is not torn from what it belongs to."""
        assert all(line.replace(whole, "") in {"", "…"} for line in wrap(whole * 20, 50, lines=3))

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_names_fit(self, name: str) -> None:
        """A name of any kind fits a box of three lines."""
        assert all(width(line, SMALL) <= 90 for line in wrap(name, 90, SMALL))

    def test_nothing_gives_no_line(self) -> None:
        """An empty text has no lines, and blanks alone have none either."""
        assert wrap("", 50) == wrap(" \n\t ", 50) == ()
