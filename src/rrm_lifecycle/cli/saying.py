"""How the shell prints, and reads what was typed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.wording import languages

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping


def say(text: str) -> None:
    """Print a text."""
    sys.stdout.write(text + "\n")


def say_json(value: object) -> None:
    """Print a value as JSON."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


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
