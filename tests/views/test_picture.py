"""A picture: what a notebook shows of it, and what a file holds."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.views.picture import Diagram
from rrm_lifecycle.views.svg import document, words

SVG = document(120, 80.5, "A picture", "Of nothing", words(1, 2, "año 工場 🏭"))
PICTURE = Diagram(SVG, 'a "quoted" <name>', mermaid="stateDiagram-v2\n", dot="digraph {}\n")
PLAIN = Diagram(SVG, "a timeline")


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return the tags of a page."""
    reader = _Images()
    reader.feed(html)
    return reader.tags


class TestInANotebook:
    """A picture shows itself as an image, and as words where there are none."""

    def test_it_is_an_image_that_holds_everything(self) -> None:
        """The image carries the whole SVG, so that a saved notebook shows it offline."""
        ((tag, told),) = tags_of(PICTURE._repr_mimebundle_()["text/html"])
        assert tag == "img"
        head, _, data = (told["src"] or "").partition(",")
        assert head == "data:image/svg+xml;base64"
        assert b64decode(data).decode() == SVG
        assert told["style"] == "max-width:100%"

    def test_its_words_are_the_alternative(self) -> None:
        """What it shows stands in words for who cannot see it, escaped in the page and plain elsewhere."""
        ((_, told),) = tags_of(PICTURE.html())
        assert told["alt"] == PICTURE.alt == PICTURE._repr_mimebundle_()["text/plain"] == str(PICTURE)
        assert "<name>" not in PICTURE.html()

    def test_what_is_asked_of_the_bundle_is_no_matter(self) -> None:
        """A notebook may say what it includes and excludes."""
        assert PICTURE._repr_mimebundle_(include=None, exclude=None) == PICTURE._repr_mimebundle_()

    def test_its_repr_is_a_line(self) -> None:
        """The SVG does not flood a terminal."""
        assert repr(PICTURE) == """Diagram(alt='a "quoted" <name>')"""


class TestValue:
    """A picture is a value."""

    def test_its_size(self) -> None:
        """Width and height are those that the SVG states."""
        assert (PICTURE.width, PICTURE.height) == (120.0, 80.5)

    def test_a_picture_without_a_size_says_so(self) -> None:
        """An SVG that states no size has none that could be told."""
        with pytest.raises(EventError, match="states no size: its svg element needs width and height"):
            _ = Diagram("<svg/>", "nothing").width

    def test_it_cannot_be_changed(self) -> None:
        """Another picture is another value."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            PICTURE.alt = "other"  # type: ignore[misc]
        assert Diagram(SVG, "a timeline") == PLAIN


class TestSaving:
    """A file holds the whole picture, in the form that its ending names, or is not written."""

    @pytest.mark.parametrize(("ending", "form"), [(".svg", SVG), (".mmd", PICTURE.mermaid), (".dot", PICTURE.dot)])
    def test_the_ending_names_the_form(self, ending: str, form: str, tmp_path: Path) -> None:
        """Each form is written as it is, in UTF-8, and the path comes back."""
        path = PICTURE.save(str(tmp_path / f"map{ending}"))
        assert path.read_bytes().decode() == form
        assert PICTURE.save(tmp_path / f"map{ending.upper()}").read_bytes() == path.read_bytes()

    def test_a_page_holds_the_image(self, tmp_path: Path) -> None:
        """A page opens in a browser by itself."""
        page = PICTURE.save(tmp_path / "map.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert [tag for tag, _ in tags_of(page)] == ["html", "head", "meta", "title", "body", "img"]
        assert PICTURE.html() in page

    @pytest.mark.parametrize("name", ["map.png", "map.pdf", "map"])
    def test_another_ending_is_refused(self, name: str, tmp_path: Path) -> None:
        """The message names the endings there are, and nothing is written."""
        with pytest.raises(EventError, match=re.escape(".svg (SVG), .html (a page), .mmd (Mermaid), .dot (DOT)")):
            PICTURE.save(tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("ending", [".mmd", ".dot"])
    def test_a_form_that_it_lacks_is_refused(self, ending: str, tmp_path: Path) -> None:
        """A picture without such a form says which it has, and leaves a file that is there alone."""
        there = tmp_path / f"map{ending}"
        there.write_text("mine")
        with pytest.raises(EventError, match=rf"no form in \w+ \({ending}\): it has \.svg, \.html$"):
            PLAIN.save(there)
        assert there.read_text() == "mine"

    def test_whole_or_not_at_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where moving into place fails, the earlier file stands and no half of a new one lies about."""
        path = PLAIN.save(tmp_path / "map.svg")
        before = path.read_bytes()

        def fails(*_: object, **__: object) -> None:
            msg = "the disk is full"
            raise OSError(msg)

        monkeypatch.setattr(Path, "replace", fails)
        with pytest.raises(OSError, match="the disk is full"):
            attrs.evolve(PLAIN, svg=SVG + " ").save(path)
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == ["map.svg"]

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        """A path into nowhere is the system's own error."""
        with pytest.raises(FileNotFoundError):
            PLAIN.save(tmp_path / "no" / "map.svg")
