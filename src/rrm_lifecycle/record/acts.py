"""Events as JSON, both ways: ``{"event": "ReviewAccepted", "on": "2024-04-10"}``, and as text from a shell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.fields import read_fields, shape_of, write_fields
from rrm_lifecycle.record.reader import shown


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as JSON: ``event``, its name, and its fields; a field that equals its default is left out.

    Days stand as ``"2024-04-10"``, members of an Enum as their values, NOT_STATED as ``"not stated"``, facilities,
    panelists and outcomes as objects.

    Raises:
        EventError: None of this library's events.

    Example:
        >>> from rrm_lifecycle import events as did
        >>> event_to_dict(did.ReviewAccepted(date(2024, 4, 10)))
        {'event': 'ReviewAccepted', 'on': '2024-04-10'}
    """
    name = type(event).__name__
    if EVENTS.get(name) is not type(event):
        raise _unknown(name)
    return {"event": name, **write_fields(event)}


def event_from_dict(found: Mapping[str, Any]) -> Event:
    """Return the event for JSON, the inverse of :func:`event_to_dict`.

    Args:
        found: ``{"event": "ReviewAccepted", "on": "2024-04-10", "by": …, "known": [first, last], field: value, …}``.

    Raises:
        EventError: An event or a field that there is not, a field that is missing or not what it has to be; the
            message names event, field, what was found, and the repair.

    Example:
        >>> event_from_dict({"event": "ReviewAccepted", "on": "2024-04-10"}).on
        datetime.date(2024, 4, 10)
    """
    if not isinstance(found, Mapping):
        msg = f'an event has to be an object such as {{"event": "ReviewAccepted", "on": "2024-04-10"}}; found {shown(found)}'
        raise EventError(msg)
    if "event" not in found:
        msg = f"an event lacks 'event', its name; found the fields {shown(sorted(map(str, found)))}"
        raise EventError(msg)
    kind = _kind(found["event"])
    event: Event = read_fields(kind, {key: one for key, one in found.items() if key != "event"}, kind.__name__)
    return event


def event_from_text(name: str, on: date | str, by: str | None = None, fields: Mapping[str, str] | None = None) -> Event:
    """Return the event for what a person typed.

    Args:
        name: Name of the event, such as ``"DeterminationIssued"``.
        on: The day, or its text.
        by: Who acted, if it was not whoever the table names.
        fields: Text for each field: ``true`` and ``false``, whole numbers, days, values of an Enum, ``not stated``;
            lists with commas (or as JSON); facilities, panelists and outcomes as JSON.

    Raises:
        EventError: As :func:`event_from_dict`.

    Example:
        >>> event_from_text("DeterminationIssued", "2024-04-10", fields={"finding": "denial", "heard": "true"}).heard
        True
    """
    kind = _kind(name)
    slots = shape_of(kind).slots
    found: dict[str, Any] = {"event": name, "on": on}
    if by is not None:
        found["by"] = by
    for key, text in (fields or {}).items():
        if key in found:
            msg = f"{name}.{key} is given twice: leave it out of the fields"
            raise EventError(msg)
        found[key] = slots[key].kind.parse(text, f"{name}.{key}") if key in slots else text
    return event_from_dict(found)


def _kind(name: object) -> type[Event]:
    kind = EVENTS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise _unknown(name)
    return kind


def _unknown(name: object) -> EventError:
    near = get_close_matches(name[:64], EVENTS, 3, 0.5) if isinstance(name, str) else []
    hint = f"is {' or '.join(map(repr, near))} meant?" if near else f"there are {', '.join(EVENTS)}"
    return EventError(f"there is no event {shown(name)}: {hint}")
