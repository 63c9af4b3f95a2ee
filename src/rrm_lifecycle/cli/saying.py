"""How the shell prints, and reads what was typed."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Final

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.wording import languages
from rrm_lifecycle.views.colour import coloured, wants_colour

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_WIDE: Final = 120
_LEAST: Final = 40


def say(text: str) -> None:
    """Print a text."""
    sys.stdout.write(text + "\n")


def say_text(text: str, language: str) -> None:
    """Print a text about cases, entries or refusals, in colour where a person looks at it on a terminal."""
    say(coloured(text, language) if colours() else text)


def colours() -> bool:
    """Return whether what is printed for a person is coloured."""
    return wants_colour(sys.stdout, os.environ)


def columns() -> int:
    """Return how wide a table may be: as wide as the terminal, or 120 columns in a pipe."""
    return max(_LEAST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDE


def say_json(value: object) -> None:
    """Print a value as JSON."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    say(json.dumps(value, ensure_ascii=not encoding.lower().startswith("utf"), indent=2))


def language_of(chosen: argparse.Namespace) -> str:
    """Return the language that was asked for.

    Raises:
        EventError: There is no catalogue for it.
    """
    language: str = chosen.language
    if language not in languages():
        msg = f"there is no catalogue for the language {language!r}: choose one of {', '.join(languages())}"
        raise EventError(msg)
    return language


def fields_of(words: list[str]) -> Mapping[str, str]:
    """Return the fields of an act, written as ``name=value``.

    Raises:
        EventError: A word is no field.
    """
    fields: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            msg = f"a field is written as name=value, such as heard=true; found {word!r}"
            raise EventError(msg)
        fields[name] = value
    return fields
