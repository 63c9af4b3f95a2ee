"""The blocks of code in a page of the documentation, and the sessions in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)


@frozen
class Block:
    """A block of code.

    Attributes:
        path: The page.
        line: Line of the page on which its text starts.
        language: What its fence says.
        text: Its text.
    """

    path: Path
    line: int
    language: str
    text: str


@frozen
class Command:
    """A command of the shell, and what a page shows below it.

    Attributes:
        words: The words after ``rrm``.
        shown: What is shown.
    """

    words: tuple[str, ...]
    shown: str


def taught() -> list[Path]:
    """Return the pages whose code is run: the README in both languages, the tutorial, the how-tos."""
    pages = [
        ROOT / "README.md",
        ROOT / "README.es.md",
        *sorted((ROOT / "docs" / "tutorial").glob("*.md")),
        *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    ]
    return [page for page in pages if page.name != "index.md"]


def blocks(path: Path, *languages: str) -> Iterator[Block]:
    """Yield the blocks of a page in some languages."""
    page = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(page):
        if found["language"] in languages:
            yield Block(path, page.count("\n", 0, found.start("text")) + 1, found["language"], found["text"])


def session(path: Path) -> str:
    """Return the Python sessions of a page as one text for doctest, each line where it stands in the page."""
    lines = [""] * path.read_text(encoding="utf-8").count("\n")
    for block in blocks(path, "python", "pycon"):
        if ">>>" not in block.text:
            continue
        text = block.text.rstrip("\n").split("\n")
        for place, line in enumerate(text):
            ends = line == "" and text[place + 1].startswith(">>> ")
            lines[block.line - 1 + place] = line or ("" if ends else "<BLANKLINE>")
    return "\n".join(lines) + "\n"


def commands(path: Path) -> Iterator[Command]:
    """Yield the commands of the shell that a page shows, with what it shows below each."""
    for block in blocks(path, "console"):
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            words = shlex.split(line)
            if words[0] == "rrm":
                yield Command(tuple(words[1:]), shown)
