"""Mutants of the readings and of the wording: a default the other way round, a text left out, a text that says another's."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Final

Mutation = Callable[[], None]
READING: Final = "reading "
WORDING: Final = "wording "
"""How the names of these mutants begin."""
_OTHER: Final = {"True": "False", "False": "True", "RESPONDENT": "EITHER"}


def page(name: str) -> ModuleType:
    """Return a law page, imported anew where it was put away."""
    __import__(f"rrm_lifecycle.law.{name}")
    return sys.modules[f"rrm_lifecycle.law.{name}"]


def _said_otherwise(name: str) -> Mutation:
    """Return what reads the page of readings anew with another default; whoever uses it imports it later."""

    def mutate() -> None:
        readings = page("readings")
        source = inspect.getsource(readings)
        begins = re.compile(rf"^    {name}: \w+ = (?:_choice\(\s*|field\(\s*default=ClosingDays\.)(\w+)", re.MULTILINE)
        found = begins.search(source)
        if found is None:
            msg = f"the page of readings has no choice {name!r} whose default can be turned"
            raise LookupError(msg)
        source = source[: found.start(1)] + _OTHER[found[1]] + source[found.end(1) :]
        exec(compile(source, readings.__file__ or "readings", "exec"), readings.__dict__)  # noqa: S102 - our own page

    return mutate


def _worded(language: str, key: str, as_in: str | None) -> Mutation:
    """Return what leaves a text out, or puts that of another key in its place."""

    def mutate() -> None:
        name, catalogue = {"en": ("words_en", "ENGLISH"), "es": ("words_es", "SPANISH")}[language]
        words: dict[str, str] = getattr(page(name), catalogue)
        if as_in is None:
            del words[key]
        else:
            words[key] = words[as_in]

    return mutate


def of_readings() -> Iterator[tuple[str, Mutation]]:
    """Yield each mutant of the readings by name."""
    for choice in page("readings").choices():
        yield f"{READING}{choice}: the other way", _said_otherwise(choice)


def of_wording() -> Iterator[tuple[str, Mutation]]:
    """Yield each mutant of the wording by name: every text left out, and as that of the next key of its group."""
    for language, name, catalogue in (("en", "words_en", "ENGLISH"), ("es", "words_es", "SPANISH")):
        words: dict[str, str] = getattr(page(name), catalogue)
        groups: dict[str, list[str]] = {}
        for key in words:
            groups.setdefault(key.split(".")[0], []).append(key)
        for key, value in words.items():
            yield f"{WORDING}{language} {key}: left out", _worded(language, key, None)
            group = groups[key.split(".")[0]]
            other = group[(group.index(key) + 1) % len(group)]
            if words[other] != value:
                yield f"{WORDING}{language} {key}: as {other}", _worded(language, key, other)
