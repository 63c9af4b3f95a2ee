"""The real cases, and people's own: loaded, looked up, cut off at a day, and named by their edition."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final, overload
from unicodedata import combining, normalize

from attrs import evolve, field, frozen

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.errors import HistoryError, UnknownHistory
from rrm_lifecycle.histories.checks import near, plain, shown
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.reading import FORMAT, LARGEST, decoded, is_json, read_json
from rrm_lifecycle.histories.spreadsheet import read_csv, read_rows
from rrm_lifecycle.show import Shown

__all__ = ["Edition", "Histories", "History", "HistoryEvent", "from_rows", "load"]

_SHIPPED: Final = "rrm_cases.json"
_SEARCHED: Final = ("id", "facility", "company", "city", "state", "petitioner", "sector")
_DIGITS: Final = 16


@frozen
class Edition:
    """Which histories a result rests on.

    Attributes:
        compiled: Day on which they were compiled; None where it is not stated.
        cases: How many there are.
        digest: The first 16 hexadecimal digits of the SHA-256 of their canonical JSON (RFC 8785): of the file itself,
            where its cases state every field and its events only what they have to say, as the shipped one does.
        known_by: The day at which they were cut off, if they were.
    """

    compiled: dt.date | None
    cases: int
    digest: str
    known_by: dt.date | None = None

    def __str__(self) -> str:
        """Return the edition in a few words."""
        day = f"compiled {self.compiled}, " if self.compiled else ""
        cut = f" as known by {self.known_by}" if self.known_by else ""
        return f"{day}{self.cases} case{'' if self.cases == 1 else 's'}{cut}, sha256 {self.digest}"


def _items(value: Iterable[History]) -> tuple[History, ...]:
    return tuple(value)


@frozen(repr=False)
class Histories(Shown):
    """Histories in the order of their file: looked up by number or slice as in a sequence, and by id.

    Attributes:
        items: The histories.
        compiled: Day on which they were compiled, where it is stated.
        known_by: The day at which they were cut off, if they were.

    Raises:
        HistoryError: Two of them have one id, letter case apart.

    Example:
        >>> load()["goodyear-slp"]
        <History goodyear-slp: 8 events, resolved, last look 2024-02-05>
        >>> load().find("san luis tires").ids, load().find("SAN MARTIN").ids
        ((), ('san-martin',))
    """

    items: tuple[History, ...] = field(converter=_items)
    compiled: dt.date | None = None
    known_by: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        """Check that each id stands once."""
        numbers: dict[str, int] = {}
        for number, one in enumerate(self.items, 1):
            before = numbers.setdefault(one.id.casefold(), number)
            if before != number:
                other = self.items[before - 1].id
                msg = f"case {number}: id: {one.id!r} is taken by case {before} ({other!r}): give each its own"
                raise HistoryError(msg)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in order."""
        return tuple(one.id for one in self.items)

    @cached_property
    def _by_id(self) -> Mapping[str, History]:
        return {one.id: one for one in self.items}

    @overload
    def __getitem__(self, key: str | int) -> History: ...
    @overload
    def __getitem__(self, key: slice) -> Histories: ...
    def __getitem__(self, key: str | int | slice) -> History | Histories:
        """Return the history of an id or at a place, or the histories of a slice.

        Raises:
            UnknownHistory: There is no such id; the message names near ones.
        """
        if isinstance(key, slice):
            return evolve(self, items=self.items[key])
        if not isinstance(key, str):
            return self.items[key]
        found = self._by_id.get(key)
        if found is None:
            msg = f"there is no history {key[:80]!r} among {len(self)}: {near(key, self.ids, '.ids lists them')}"
            raise UnknownHistory(msg)
        return found

    def __contains__(self, key: object) -> bool:
        """Return whether a history, or one of that id, is there."""
        return key in self._by_id if isinstance(key, str) else key in self.items

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)

    def __iter__(self) -> Iterator[History]:
        """Yield the histories in order."""
        return iter(self.items)

    def find(self, text: str) -> Histories:
        """Return the histories that hold every word of a text; letter case and accents make no difference.

        Args:
            text: Words, or parts of words, of the id, facility, company, city, state, petitioner or sector.
        """
        words = _folded(text).split()
        found = (one for one in self.items if all(word in _searched(one) for word in words))
        return evolve(self, items=found)

    def sources(self, id: str) -> dict[str, tuple[HistoryEvent, ...]]:  # noqa: A002 - the word of the field
        """Return the distinct sources of a history, in order, each with the events that rest on it.

        Raises:
            UnknownHistory: There is no such id; the message names near ones.
        """
        return self[id].sources

    @cached_property
    def edition(self) -> Edition:
        """Which histories these are, so that a result can name them.

        Example:
            >>> print(load(known_by=dt.date(2021, 6, 1)).edition)  # doctest: +ELLIPSIS
            compiled 2026-11-24, 2 cases as known by 2021-06-01, sha256 ...
        """
        digest = sha256(canonical(self.as_json())).hexdigest()[:_DIGITS]
        return Edition(self.compiled, len(self), digest, self.known_by)

    def cut(self, day: dt.date) -> Histories:
        """Return what had happened by the end of a day; a case of which nothing had is left out.

        What stays and what goes is said at :meth:`.History.known_by`.

        Raises:
            EventError: The day is no plain ``datetime.date``.
        """
        exact_day(day, "known_by")
        cut = (one.known_by(day) for one in self.items)
        earlier = day if self.known_by is None else min(day, self.known_by)
        return evolve(self, items=(one for one in cut if one is not None), known_by=earlier)

    def as_json(self) -> dict[str, object]:
        """Return the histories in the format of the files, ready for ``json.dumps``."""
        return {"format": FORMAT, "compiled": plain(self.compiled), "cases": [one.as_json() for one in self.items]}

    def __repr__(self) -> str:
        """Return how many there are, in one line."""
        return f"<Histories: {self.edition}>"


def _folded(text: str) -> str:
    return "".join(one for one in normalize("NFKD", text) if not combining(one)).casefold()


def _searched(history: History) -> str:
    stated = (getattr(history, name) for name in _SEARCHED)
    return _folded("\n".join(value for value in stated if value is not None))


def load(path: str | os.PathLike[str] | None = None, *, known_by: dt.date | None = None) -> Histories:
    """Return histories from a file: the real cases that the library ships, or your own.

    Args:
        path: A JSON file of the format ``rrm-case-histories/1``, or a CSV file, one row a case and one column a type of
            event; which of the two is told by the content. The shipped file if None.
        known_by: Only what had happened by the end of that day; all of it if None.

    Raises:
        HistoryError: The file is wrong somewhere; the message names file, case or row, event and field, what was found,
            and what would be right.
        EventError: ``known_by`` is no plain ``datetime.date``.
        OSError: The file cannot be opened.

    Example:
        >>> from datetime import date
        >>> len(load()), len(load(known_by=date(2022, 12, 31)))
        (30, 5)
    """
    found = _shipped() if path is None else _read(path)
    return found if known_by is None else found.cut(known_by)


def from_rows(rows: Iterable[Mapping[str, object]], *, known_by: dt.date | None = None) -> Histories:
    """Return histories from mappings, one a case, with the columns of the template as keys.

    Cells hold what the cells of a CSV file hold; a day may be a ``datetime.date`` too, a number an ``int``; None and
    what pandas puts into empty cells mean *not stated*.

    Args:
        rows: The rows; of a data frame, ``df.to_dict("records")``.
        known_by: Only what had happened by the end of that day; all of it if None.

    Raises:
        HistoryError: A cell is wrong; the message names row and column, what was found, and what would be right.
        EventError: ``known_by`` is no plain ``datetime.date``.

    Example:
        >>> own = from_rows([{"id": "a-1", "facility": "Planta Uno", "request_for_review": "2024-04"}])
        >>> own["a-1"].events
        (<HistoryEvent request_for_review, 2024-04-01 to 2024-04-30>,)
    """
    found = _gathered(read_rows(rows), "rows", None)
    return found if known_by is None else found.cut(known_by)


@cache
def _shipped() -> Histories:
    data = files(__package__).joinpath(_SHIPPED).read_bytes()
    cases, compiled = read_json(decoded(data, _SHIPPED), _SHIPPED)
    return _gathered(cases, _SHIPPED, compiled)


def _read(path: str | os.PathLike[str]) -> Histories:
    name = shown(Path(path).name)[1:-1]
    with Path(path).open("rb") as file:
        text = decoded(file.read(LARGEST + 1), name)
    if is_json(text):
        cases, compiled = read_json(text, name)
        return _gathered(cases, name, compiled)
    return _gathered(read_csv(text, name), name, None)


def _gathered(cases: Iterable[History], name: str, compiled: dt.date | None) -> Histories:
    found = tuple(cases)
    try:
        return Histories(found, compiled)
    except HistoryError as error:
        msg = f"{name}: {error}"
        raise HistoryError(msg) from None
