"""Events and values as web types: what pydantic 2, and so FastAPI, asks of them. Loads pydantic only where it is loaded.

An event, and what a person states inside of one or beside it, is read from JSON; a case, an entry or a refusal is made by
the law alone and is only written. All are written as :func:`~rrm_lifecycle.record.plain.to_dict` writes them, and described
by :func:`~rrm_lifecycle.record.schema.json_schema`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from rrm_lifecycle.case.claim import CoveredFacility, Impact, Panelist
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, RRMError
from rrm_lifecycle.law.annexes import ANNEXES, Annex
from rrm_lifecycle.record.acts import event_from_dict
from rrm_lifecycle.record.fields import fields_schema, read_fields
from rrm_lifecycle.record.filed import Document, Source
from rrm_lifecycle.record.plain import has_shape, to_dict
from rrm_lifecycle.record.reader import shown
from rrm_lifecycle.record.schema import json_schema
from rrm_lifecycle.show import WebType

_BESIDE: Final = (Source, Document)
"""Values that a person states beside an event: read with their defaults, written in full."""
_STATED: Final = (CoveredFacility, Impact, Panelist, *_BESIDE)

_REF: Final = re.compile(r"#/\$defs/(\w+)")
_LONGEST: Final = 2000


# ---- reading ---------------------------------------------------------------------------------------------------------
def read(cls: type, found: Any) -> Any:  # noqa: ANN401 - JSON in, a value out
    """Return the value of a class for JSON; a value of the class is returned as it is.

    Args:
        cls: A class of events, ``Event`` itself for any of them, or of values that a person states.
        found: The JSON, or a value.

    Raises:
        EventError: The JSON is no such value, or values of the class are not made from JSON; the message names field, what
            was found, and the repair.

    Example:
        >>> read(Event, {"event": "ReviewAccepted", "on": "2024-04-10"}).on
        datetime.date(2024, 4, 10)
    """
    if isinstance(found, cls):
        return found
    if issubclass(cls, Event):
        if cls is not Event and isinstance(found, Mapping) and found.get("event", cls.__name__) != cls.__name__:
            msg = f"here 'event' has to be {cls.__name__!r}; found {shown(found['event'])}"
            raise EventError(msg)
        return event_from_dict(found)
    if cls is Annex and isinstance(found, str) and found in ANNEXES:
        return ANNEXES[found]
    if cls is Annex:
        msg = f"an Annex is one of {', '.join(map(repr, ANNEXES))}; found {shown(found)}"
        raise EventError(msg)
    if cls in _STATED and isinstance(found, Mapping):
        return read_fields(cls, found, cls.__name__)
    if cls in _STATED:
        msg = f"{cls.__name__} has to be an object with its fields; found {shown(found)}"
        raise EventError(msg)
    msg = (
        f"{cls.__name__} is not read from JSON, since it is what the law or the record says; found {shown(found)}: take the "
        "id of a case or an event instead, and ask the docket"
    )
    raise EventError(msg)


def core_schema_of(cls: type, handler: Any) -> Any:  # noqa: ANN401 - pydantic's own types
    """Return how pydantic reads and writes a value of a class.

    Args:
        cls: A class of events or of values with a shape.
        handler: What pydantic hands in.

    Raises:
        TypeError: There is no JSON shape for the class.
    """
    from pydantic_core import PydanticCustomError, ValidationError, core_schema  # noqa: PLC0415 - pydantic calls this

    def check(found: Any, _: Any) -> Any:  # noqa: ANN401 - JSON in, a value out
        try:
            return read(cls, found)
        except RRMError as error:
            said = str(error)
        except RecursionError:
            said = f"{cls.__name__} is nested too deep to be read"
        # What was found goes back as short, escaped text: a NaN or a lone surrogate in it would break the answer itself.
        wrong = PydanticCustomError("rrm_lifecycle", _escaped(said))
        raise ValidationError.from_exception_data(cls.__name__, [{"type": wrong, "input": _excerpt(found)}])

    # The tuple validates nothing: in it pydantic finds the classes inside, and gives each its name in the document.
    inside = core_schema.tuple_schema([handler.generate_schema(one) for one in _inside(cls).values()])
    return core_schema.no_info_wrap_validator_function(
        check,
        inside,
        ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
        serialization=core_schema.plain_serializer_function_ser_schema(_written, info_arg=True),
    )


def _written(value: Any, info: Any) -> Any:  # noqa: ANN401 - a value in, JSON out
    return to_dict(value) if info.mode_is_json() else value


def _excerpt(found: object) -> str:
    try:
        return _escaped(shown(found))
    except RecursionError:
        return "…"


def _escaped(text: str) -> str:
    """Return a text that any answer can carry."""
    return "".join(one if one.isprintable() or one == "\n" else f"\\u{ord(one):04x}" for one in text[:_LONGEST])


# ---- describing ------------------------------------------------------------------------------------------------------
def document_of(cls: type, schema: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's own types
    """Return how an OpenAPI document describes a value of a class: its JSON Schema, with the document's own references.

    Args:
        cls: The class.
        schema: What :func:`core_schema_of` returned.
        handler: What pydantic hands in.
    """
    inside = list(_inside(cls))
    found = handler(schema["schema"])["prefixItems"] if inside else []
    described = _described(cls)
    if cls in _BESIDE and handler.mode == "validation":
        described = fields_schema(cls, {})
    return _referring(described, dict(zip(inside, found, strict=True)))


@cache
def _described(cls: type) -> dict[str, Any]:
    """Return the JSON Schema of a class, where ``#/$defs/Name`` stands for each class inside."""
    if cls is Event:
        return {
            "title": "Event",
            "description": "An act or a fact of a case: one of those named, told apart by 'event'.",
            "oneOf": [{"$ref": f"#/$defs/{name}"} for name in EVENTS],
            "discriminator": {"propertyName": "event"},
        }
    found = json_schema(cls)
    conditions = {name: one for name, one in found.pop("$defs", {}).items() if name not in _classes()}
    del found["$schema"]
    described: dict[str, Any] = _referring(found, conditions)
    return described


def _inside(cls: type) -> dict[str, type]:
    """Return the classes that a description refers to, by name."""
    return {name: _classes()[name] for name in sorted(set(_REF.findall(repr(_described(cls)))))}


def _referring(found: Any, refs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return a description with its references replaced, where there is something to replace them with."""
    if isinstance(found, list):
        return [_referring(one, refs) for one in found]
    if not isinstance(found, dict):
        return found
    copied = {key: _referring(one, refs) for key, one in found.items() if key != "$ref"}
    if "$ref" in found:
        name = found["$ref"].rpartition("/")[2]
        return {**(refs[name] if name in refs else {"$ref": found["$ref"]}), **copied}
    return copied


def _classes() -> dict[str, type]:
    """Return the classes that have a name of their own in a document."""
    return {"Event": Event, **EVENTS, **{one.__name__: one for one in _below(WebType) if has_shape(one)}}


def _below(cls: type) -> Iterator[type]:
    below: list[type] = cls.__subclasses__()
    for one in below:
        yield one
        yield from _below(one)
