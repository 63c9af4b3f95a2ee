"""What is checked of histories, however they are read: single fields, and what is said of a place that is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from attrs import fields_dict

from rrm_lifecycle.canonical import clean_text, whole
from rrm_lifecycle.case.claim import exact_day, member
from rrm_lifecycle.errors import EventError, HistoryError, RRMError
from rrm_lifecycle.histories.vocabulary import ORIGINS, EventType
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE

Made = TypeVar("Made")

Check = Callable[[object, str], object]
"""Takes a value and the name of its field; returns the value as it is kept, or raises an EventError."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TYPES: Final = tuple(kind.value for kind in EventType)
_LISTED: Final = ", ".join(_TYPES)

# A scheme that a browser would run, or open on the reader's own machine. A plain citation has none.
_FOREIGN_SCHEME: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)


def filled_text(value: object, what: str) -> str:
    """Return clean text that says something."""
    found = clean_text(value, what)
    if found.strip():
        return found
    msg = f"{what} is empty: leave it out where nothing is stated"
    raise EventError(msg)


def address(value: object, what: str) -> str:
    """Return the address of a source, or a citation; never an address that would do something when followed."""
    found = filled_text(value, what)
    if not _FOREIGN_SCHEME.match(found):
        return found
    msg = f"{what} has to be an address that begins with https:// or http://, or a citation; found {found[:60]!r}"
    raise EventError(msg)


def day_in_force(value: object, what: str) -> dt.date:
    """Return a plain day on which the USMCA was in force."""
    found = exact_day(value, what)
    if found >= ENTRY_INTO_FORCE:
        return found
    msg = f"{what} lies before {ENTRY_INTO_FORCE}, the first day of the USMCA; found {found}: check the year"
    raise EventError(msg)


def event_type(value: object, what: str) -> EventType:
    """Return a type of event."""
    if isinstance(value, str) and value in _TYPES:
        return EventType(value)
    msg = f"{what}: there is no type of event {shown(value)}: {near(value, _TYPES, f'the types are {_LISTED}')}"
    raise EventError(msg)


def origin(value: object, what: str) -> str:
    """Return an origin as the files write it."""
    if value in ORIGINS:
        return str(value)
    msg = f"{what} has to be one of {', '.join(map(repr, ORIGINS))}; found {shown(value)}"
    raise EventError(msg)


def ordinal(value: object, what: str) -> int:
    """Return a whole number of at least 1."""
    return whole(value, what, least=1)


def one_of(kind: type[Any]) -> Check:
    """Return the check for the members of an Enum and their values."""
    return lambda value, what: member(kind, value, what)


def settle(value: Any, checks: Mapping[str, Check]) -> None:  # noqa: ANN401 - any attrs value
    """Check each field of a new attrs value, and set it to what its check returns.

    None passes where it is the default: it means *not stated*.

    Raises:
        HistoryError: The first field that is wrong.
    """
    defaults = fields_dict(type(value))
    for name, check in checks.items():
        found = getattr(value, name)
        if found is None and defaults[name].default is None:
            continue
        try:
            object.__setattr__(value, name, check(found, name))
        except EventError as error:
            raise HistoryError(str(error)) from None


def made(kind: Callable[..., Made], where: str, /, **stated: Any) -> Made:  # noqa: ANN401 - the class checks them
    """Return a value of a class; what it refuses is said with the place.

    Raises:
        HistoryError: With place and cause.
    """
    try:
        return kind(**stated)
    except RRMError as error:
        msg = f"{where}: {error}"
        raise HistoryError(msg) from None


def needed(told: Mapping[str, object], names: Iterable[str], where: str) -> None:
    """Refuse what lacks a field.

    Raises:
        HistoryError: With place and field.
    """
    for name in names:
        if told.get(name) is None:
            msg = f"{where}: {name} is needed and not stated"
            raise HistoryError(msg)


def day_of(text: str) -> dt.date | None:
    """Return the day of a text such as ``2023-05-03``; None for any other spelling, and for a day that is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def shown(value: object) -> str:
    """Return what was found, short, with every character escaped that a terminal could obey."""
    try:
        found = repr(value)
    except ValueError:  # Python writes out no whole number of more than 4300 digits
        found = "a number without end"
    return found if len(found) <= 80 else found[:79] + "…"


def near(word: object, words: Iterable[str], otherwise: str) -> str:
    """Return ``did you mean …?`` where there are near words, else what to say otherwise."""
    found = get_close_matches(str(word)[:64].casefold(), tuple(words), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(map(repr, found))}?" if found else otherwise


def plain(value: object) -> object:
    """Return a value of a field as JSON holds it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
