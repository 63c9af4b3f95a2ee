"""A picture: SVG that stands in a notebook as an image, its words for who cannot see it, and its forms as text."""

from __future__ import annotations

import os
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from rrm_lifecycle.errors import EventError

_SIZE: Final = re.compile(r'<svg\b[^>]*? width="([0-9.]+)" height="([0-9.]+)"')
_FORMS: Final[dict[str, str]] = {".svg": "SVG", ".html": "a page", ".mmd": "Mermaid", ".dot": "DOT"}


@frozen
class Diagram:
    """A picture.

    In a notebook it shows itself as an image, which runs nothing and takes nothing from the page; elsewhere as its text.

    Attributes:
        svg: The picture as SVG.
        alt: What it shows, in words.
        mermaid: The same as text for Mermaid; None where it has no such form.
        dot: The same as text for Graphviz; None where it has no such form.

    Example:
        >>> picture = Diagram('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>', "an empty page")
        >>> picture.width, picture.height, str(picture)
        (40.0, 30.0, 'an empty page')
    """

    svg: str = field(repr=False)
    alt: str
    mermaid: str | None = field(default=None, repr=False)
    dot: str | None = field(default=None, repr=False)

    def _size(self) -> tuple[float, float]:
        found = _SIZE.search(self.svg)
        if found is None:
            msg = "the picture states no size: its svg element needs width and height"
            raise EventError(msg)
        return float(found[1]), float(found[2])

    @property
    def width(self) -> float:
        """Its width, in pixels."""
        return self._size()[0]

    @property
    def height(self) -> float:
        """Its height, in pixels."""
        return self._size()[1]

    def html(self) -> str:
        """Return the picture as an image of HTML, with everything in it."""
        data = b64encode(self.svg.encode()).decode("ascii")
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}" style="max-width:100%">'

    def __str__(self) -> str:
        """Return what the picture shows, in words."""
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:  # noqa: ANN401 - include and exclude, as IPython passes them
        """Return what a notebook shows."""
        return {"text/html": self.html(), "text/plain": self.alt}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, whole or not at all, and return its path.

        Args:
            path: Where to; its ending says in which form: ``.svg``, ``.html``, and where the picture has them ``.mmd``
                (Mermaid) and ``.dot`` (Graphviz).

        Raises:
            EventError: The ending is none of these, or the picture has no such form.
            OSError: The file cannot be written; nothing was.
        """
        path = Path(path)
        _write(path, self._as(path.suffix.lower()).encode())
        return path

    def _as(self, suffix: str) -> str:
        makers: dict[str, Callable[[], str | None]] = {
            ".svg": lambda: self.svg,
            ".html": self._page,
            ".mmd": lambda: self.mermaid,
            ".dot": lambda: self.dot,
        }
        if suffix not in makers:
            known = ", ".join(f"{ending} ({what})" for ending, what in _FORMS.items())
            msg = f"a picture cannot be saved as {suffix[:20] or 'a file without an ending'!r}: end its name in {known}"
            raise EventError(msg)
        told = makers[suffix]()
        if told is None:
            has = ", ".join(ending for ending in makers if makers[ending]() is not None)
            msg = f"this picture has no form in {_FORMS[suffix]} ({suffix}): it has {has}"
            raise EventError(msg)
        return told

    def _page(self) -> str:
        return (
            f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>{escape(self.alt)}</title></head>\n'
            f"<body>{self.html()}</body>\n</html>\n"
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody meets half of it."""
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
