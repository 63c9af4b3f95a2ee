"""The strict reader of JSON files of histories: bounded, known fields alone; every error says where, what and how."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

from attrs import fields_dict

from rrm_lifecycle.errors import HistoryError
from rrm_lifecycle.histories.checks import day_of, made, near, needed, shown
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History

FORMAT: Final = "rrm-case-histories/1"
"""Name and version of the format."""

LARGEST: Final = 4 * 1024 * 1024
"""The most bytes of a file: some two thousand cases as full as the shipped ones."""

MOST: Final = 400_000
"""The most marks of a file that set values apart: so many values fit in little room, whatever they are."""

_DEEPEST: Final = 16
_TOP: Final = ("format", "compiled", "cases")
_OF_CASE: Final = tuple(fields_dict(History))
_OF_EVENT: Final = (*(name for name in fields_dict(HistoryEvent) if name not in {"earliest", "latest"}), "date_range")
# Strings, closed or not, and what opens and closes; without a way back, so that its time grows with the text alone.
_MARKS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def decoded(data: bytes, name: str) -> str:
    """Return the bytes of a file as text.

    Raises:
        HistoryError: More than :data:`LARGEST` bytes, or no UTF-8.
    """
    if len(data) > LARGEST:
        msg = f"{name} has more than {LARGEST} bytes: split it into several files"
        raise HistoryError(msg)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{name} is no UTF-8 (byte {error.start}): save it as UTF-8; in a spreadsheet as 'CSV UTF-8'"
        raise HistoryError(msg) from None


def check_marks(text: str, marks: str, name: str) -> None:
    """Refuse a text that holds more values than :data:`MOST`, before any of them is made.

    Raises:
        HistoryError: With the bound.
    """
    if sum(map(text.count, marks)) > MOST:
        msg = f"{name} has more than {MOST} of the marks that set values apart: split it into several files"
        raise HistoryError(msg)


def is_json(text: str) -> bool:
    """Return whether a text means to be JSON; a spreadsheet otherwise."""
    return text.lstrip()[:1] in {"{", "["}


def read_json(text: str, name: str) -> tuple[list[History], dt.date | None]:
    """Return the cases of a JSON text, and the day on which they were compiled.

    An absent field and null say the same: not stated.

    Raises:
        HistoryError: With file, case, event, field, what was found, and what would be right.
    """
    top = _object(_parsed(text, name), name)
    _known_fields(top, _TOP, name)
    if top.get("format") != FORMAT:
        msg = f"{name}: format has to be {FORMAT!r}; found {shown(top.get('format'))}: this library reads no other"
        raise HistoryError(msg)
    compiled = _day(top.get("compiled"), f"{name}: compiled")
    cases = _list(top.get("cases"), f"{name}: cases")
    return [_case(case, f"{name}: case {number}") for number, case in enumerate(cases, 1)], compiled


def _case(raw: object, where: str) -> History:
    told = _object(raw, where)
    if isinstance(told.get("id"), str):
        where += f" ({shown(told['id'])[1:-1]})"
    _known_fields(told, _OF_CASE, where)
    needed(told, ("id", "facility", "events", "as_of"), where)
    listed = _list(told["events"], f"{where}: events")
    events = tuple(_event(event, f"{where}: event {number}") for number, event in enumerate(listed, 1))
    stated = {name: value for name, value in told.items() if value is not None and name != "events"}
    stated["as_of"] = _day(stated["as_of"], f"{where}: as_of")
    return made(History, where, events=events, **stated)


def _event(raw: object, where: str) -> HistoryEvent:
    told = _object(raw, where)
    if isinstance(told.get("type"), str):
        where += f" ({shown(told['type'])[1:-1]})"
    _known_fields(told, _OF_EVENT, where)
    needed(told, ("type",), where)
    stated = {name: value for name, value in told.items() if value is not None}
    for name in ("date", "agreed_end"):
        if name in stated:
            stated[name] = _day(stated[name], f"{where}: {name}")
    if "date_range" in stated:
        stated |= _period(stated.pop("date_range"), f"{where}: date_range")
    return made(HistoryEvent, where, **stated)


def _day(value: object, where: str) -> dt.date | None:
    if value is None:
        return None
    found = day_of(value) if isinstance(value, str) else None
    if found is None:
        msg = f"{where}: a day is written as 2023-05-03 (year, month, day); found {shown(value)}"
        raise HistoryError(msg)
    return found


def _period(value: object, where: str) -> dict[str, dt.date | None]:
    ends = _list(value, where)
    if len(ends) != 2 or None in ends:
        msg = f"{where}: a period is written as [earliest, latest]; found {shown(value)}"
        raise HistoryError(msg)
    return {"earliest": _day(ends[0], where), "latest": _day(ends[1], where)}


def _object(value: object, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    msg = f"{where} has to be an object with named fields; found {_kind(value)}"
    raise HistoryError(msg)


def _list(value: object, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    msg = f"{where} has to be a list; found {_kind(value)}"
    raise HistoryError(msg)


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", type(None): "nothing"}.get(type(value)) or shown(value)


def _known_fields(told: Mapping[str, object], known: Iterable[str], where: str) -> None:
    known = tuple(known)
    for name in told:
        if name not in known:
            fields = f"the fields are {', '.join(known)}"
            msg = f"{where}: there is no field {shown(name)}: {near(name, known, fields)}"
            raise HistoryError(msg)


def _parsed(text: str, name: str) -> object:
    check_marks(text, "[{,", name)
    if any(depth > _DEEPEST for depth in _depths(text)):
        msg = f"{name} is nested deeper than {_DEEPEST}: it is no file of histories"
        raise HistoryError(msg)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_no_fraction, parse_constant=_no_fraction)
    except json.JSONDecodeError as error:
        msg = f"{name}, line {error.lineno}, column {error.colno}: no JSON: {error.msg}"
        raise HistoryError(msg) from None
    except ValueError as error:
        msg = f"{name}: {error}"
        raise HistoryError(msg) from None


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for mark in _MARKS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        yield depth


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"the field {shown(twice)} stands twice in one object: keep one"
        raise ValueError(msg)
    return found


def _no_fraction(text: str) -> NoReturn:
    msg = f"numbers are whole here; found {shown(text)[1:-1]}"
    raise ValueError(msg)
