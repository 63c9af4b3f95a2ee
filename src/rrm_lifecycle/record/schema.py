"""JSON Schema of events and values, derived from the types of their attributes: so that a form can be built from it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, Union, get_args, get_origin

from rrm_lifecycle.case.claim import CoveredFacility, Impact, NotStated, Panelist
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.law.annexes import ANNEXES, Annex
from rrm_lifecycle.record.fields import NOT_STATED_TEXT, about_fields, fields_schema
from rrm_lifecycle.record.plain import GUARD_SCHEMA, GUARDS, MAYBE_TEXT, has_shape, outline

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_STATED: Final = (CoveredFacility, Impact, Panelist)
"""Values that a person states inside of an event: what has a default may be left out of them."""
_DAY: Final = {"type": "string", "format": "date"}
_PLAIN: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    date: _DAY,
    datetime: {"type": "string", "format": "date-time"},
    NotStated: {"const": NOT_STATED_TEXT},
    Annex: {"enum": list(ANNEXES)},
    Any: {},
}


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event, a value or an Enum, as ``event_to_dict`` and ``to_dict`` write them.

    Args:
        cls: A class of events (``Event`` itself for any of them), of values that
            :func:`~rrm_lifecycle.record.plain.to_dict` knows, or an Enum.

    Raises:
        TypeError: There is no JSON shape for the class.

    Example:
        >>> from rrm_lifecycle import events as did
        >>> json_schema(did.ReviewAccepted)["required"]
        ['event', 'on']
    """
    defs: dict[str, Any] = {}
    if cls is Event:
        found: dict[str, Any] = {"title": "Event", "oneOf": [_event(kind, defs) for kind in EVENTS.values()]}
    elif issubclass(cls, Event):
        found = _event(cls, defs)
    elif cls in _STATED:
        found = fields_schema(cls, defs)
    else:
        found = _value(cls, defs)
        if "$ref" in found:
            found = defs.pop(found["$ref"].rpartition("/")[2])
    return {"$schema": DIALECT, **found, **({"$defs": defs} if defs else {})}


def _event(cls: type[Event], defs: dict[str, Any]) -> dict[str, Any]:
    if EVENTS.get(cls.__name__) is not cls:
        msg = f"{cls.__name__} is no event of this library"
        raise TypeError(msg)
    found = fields_schema(cls, defs)
    found["properties"] = {"event": {"const": cls.__name__}, **found["properties"]}
    found["required"] = ["event", *found["required"]]
    return found


def _value(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401, PLR0911 - one return for each kind of type
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        several = [_value(one, defs) for one in inside]
        return {"anyOf": [one for number, one in enumerate(several) if one not in several[:number]]}
    if origin is type:
        return {"enum": list(EVENTS)}
    if origin in {tuple, frozenset}:
        if origin is tuple and inside[-1] is not ...:
            return {"type": "array", "minItems": len(inside), "maxItems": len(inside)}
        return {"type": "array", "items": _value(inside[0], defs)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _value(inside[1], defs)}
    if issubclass(hint, Enum):
        return {"title": hint.__name__, "enum": [one.value for one in hint]}
    return {"$ref": f"#/$defs/{_defined(hint, defs)}"}


def _defined(cls: type, defs: dict[str, Any]) -> str:
    name = "Guard" if cls in GUARDS else cls.__name__
    if name in defs:
        return name
    defs[name] = {}
    if cls in GUARDS:
        defs[name] = GUARD_SCHEMA
    elif issubclass(cls, Event):
        defs[name] = _any_event()
    elif cls in _STATED:
        defs[name] = fields_schema(cls, defs)
    elif has_shape(cls):
        defs[name] = _shape(cls, defs)
    else:
        msg = f"there is no JSON shape for {cls.__name__}"
        raise TypeError(msg)
    return name


def _any_event() -> dict[str, Any]:
    return {
        "title": "Event",
        "description": "An act; json_schema of its class says which fields it has.",
        "type": "object",
        "properties": {"event": {"enum": list(EVENTS)}, "on": _DAY},
        "required": ["event", "on"],
    }


def _shape(cls: type, defs: dict[str, Any]) -> dict[str, Any]:
    holds, about = outline(cls), about_fields(cls)
    properties: dict[str, Any] = {}
    for name in holds.plain:
        one = _value(holds.hints[name], defs)
        properties[name] = one | {"description": about[name]} if name in about else one
        if name in holds.labelled:
            properties[f"{name}_label"] = MAYBE_TEXT
    for name, (_, schema) in holds.extras.items():
        properties[name] = schema
    return {
        "title": cls.__name__,
        "description": (cls.__doc__ or "").strip().split("\n", 1)[0],
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
