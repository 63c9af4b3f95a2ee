"""HTML as a strict reader finds it: elements that are closed in order, their attributes, their text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"br", "img", "meta"})


class Read(HTMLParser):
    """What stands in a text of HTML; an element that is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute of <{tag}> stands twice: {names}"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take note of text."""
        self.text.append(data)

    @property
    def names(self) -> set[str]:
        """Names of the elements."""
        return {name for name, _ in self.tags}

    def all(self, name: str) -> list[dict[str, str]]:
        """Return the attributes of each element of a name."""
        return [attributes for found, attributes in self.tags if found == name]

    @property
    def words(self) -> str:
        """The text."""
        return "".join(self.text)
