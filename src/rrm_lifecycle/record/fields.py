"""The fields of events and values, compiled from their types once: how each is written, read from JSON, and described."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from enum import Enum
from functools import cache
from inspect import cleandoc
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from rrm_lifecycle.canonical import MOST
from rrm_lifecycle.case.claim import NOT_STATED, NotStated
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.reader import shown
from rrm_lifecycle.sealing import Sealed

NOT_STATED_TEXT: Final = NOT_STATED.value
"""What stands in JSON for NOT_STATED, where a field admits it."""

_LENGTH: Final = len("2024-04-10")
_WHOLE: Final = re.compile(r"-?[0-9]{1,16}")
_LISTS: Final = (list, tuple)
_PLAIN: Final = {str: "a text", bool: "true or false", int: "a whole number"}
_JSON_NAMES: Final = {str: "string", bool: "boolean", int: "integer"}


def wrong(where: str, says: str, found: object) -> EventError:
    """Return the error of a field that is not what it has to be."""
    return EventError(f"{where} has to be {says}; found {shown(found)}")


# ---- the kinds of fields ---------------------------------------------------------------------------------------------
@frozen
class Plain:
    """A text, a whole number, or true and false."""

    type: type

    @property
    def says(self) -> str:
        """What it has to be, in words."""
        return _PLAIN[self.type]

    def write(self, value: Any) -> Any:  # noqa: ANN401 - a value of this kind
        """Return the JSON of a value."""
        return value

    def read(self, found: Any, where: str) -> Any:  # noqa: ANN401 - JSON in, a value out
        """Return the value for JSON, or refuse it."""
        if type(found) is not self.type and not (type(found) is Sealed and self.type is str):
            raise wrong(where, self.says, found)
        return found

    def parse(self, text: str, where: str) -> Any:  # noqa: ANN401 - JSON out
        """Return the JSON for text that a person typed."""
        if self.type is bool and text in {"true", "false"}:
            return text == "true"
        if self.type is int and _WHOLE.fullmatch(text):
            return int(text)
        if self.type is not str:
            raise wrong(where, self.says, text)
        return text

    def schema(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind."""
        found: dict[str, Any] = {"type": _JSON_NAMES[self.type]}
        return found | {"minimum": -MOST, "maximum": MOST} if self.type is int else found


@frozen
class Day:
    """A day."""

    says = "a day written as year-month-day, such as '2024-04-10'"

    def write(self, value: date) -> str:
        """Return the JSON of a value."""
        return value.isoformat()

    def read(self, found: Any, where: str) -> date:  # noqa: ANN401 - JSON in
        """Return the day for JSON, or refuse it."""
        if type(found) is date:
            return found
        # Ten characters with these two dashes leave one of the ways in which a day can be written.
        if type(found) is not str or len(found) != _LENGTH or found[4] != "-" or found[7] != "-":
            raise wrong(where, self.says, found)
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise wrong(where, self.says, found) from None

    def parse(self, text: str, _: str) -> str:
        """Return the JSON for text that a person typed."""
        return text

    def schema(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@frozen
class OneOf:
    """A member of one of several Enums, or, where ``free``, any other text."""

    kinds: tuple[type[Enum], ...]
    free: bool = False
    _members: Mapping[str, Enum] = field(init=False, eq=False, repr=False)

    @_members.default
    def _by_value(self) -> Mapping[str, Enum]:
        return {one.value: one for kind in reversed(self.kinds) for one in kind}

    @property
    def values(self) -> list[str]:
        """The values of the members."""
        return [one.value for kind in self.kinds for one in kind]

    @property
    def says(self) -> str:
        """What it has to be, in words."""
        return f"one of {', '.join(map(repr, self.values))}" + (" or another text" if self.free else "")

    def write(self, value: Any) -> str:  # noqa: ANN401 - a member, or a text
        """Return the JSON of a value."""
        return str(value.value) if isinstance(value, Enum) else str(value)

    def read(self, found: Any, where: str) -> Any:  # noqa: ANN401 - JSON in, a member out
        """Return the member for JSON, or refuse it."""
        if isinstance(found, str):
            member = self._members.get(found)
            if member is not None:
                return member
            if self.free:
                return found
            near = get_close_matches(found[:64], self.values, 1)
            raise wrong(where, self.says + (f" (is {near[0]!r} meant?)" if near else ""), found)
        raise wrong(where, self.says, found)

    def parse(self, text: str, _: str) -> str:
        """Return the JSON for text that a person typed."""
        return text

    def schema(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "examples": self.values} if self.free else {"enum": self.values}


@frozen
class Many:
    """Several of one kind, in order; ``exact`` of them, where that is said."""

    item: Kind
    exact: int | None = None

    @property
    def says(self) -> str:
        """What it has to be, in words."""
        return f"a list, each {self.item.says}" if self.exact is None else f"a list of {self.exact}: {self.item.says}"

    def write(self, value: Any) -> list[Any]:  # noqa: ANN401 - values of this kind
        """Return the JSON of a value."""
        found = [self.item.write(one) for one in value]
        return sorted(found) if isinstance(value, frozenset) else found

    def read(self, found: Any, where: str) -> tuple[Any, ...]:  # noqa: ANN401 - JSON in
        """Return the values for JSON, or refuse it."""
        if not isinstance(found, _LISTS) or (self.exact is not None and len(found) != self.exact):
            raise wrong(where, self.says, found)
        read = self.item.read
        try:
            return tuple([read(one, where) for one in found])
        except EventError:  # read again, for the place of the one that is wrong
            return tuple([read(one, f"{where}[{number}]") for number, one in enumerate(found)])

    def parse(self, text: str, where: str) -> Any:  # noqa: ANN401 - JSON out
        """Return the JSON for text that a person typed: a JSON list, or a list with commas."""
        if isinstance(self.item, Inside) or text.lstrip().startswith("["):
            return _json(text, where, self.says)
        return [self.item.parse(one.strip(), where) for one in text.split(",") if one.strip()]

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind."""
        found: dict[str, Any] = {"type": "array", "items": self.item.schema(defs)}
        return found if self.exact is None else found | {"minItems": self.exact, "maxItems": self.exact}


@frozen
class Inside:
    """A value with fields of its own."""

    type: type

    @property
    def says(self) -> str:
        """What it has to be, in words."""
        return f"an object with the fields of {self.type.__name__}: {', '.join(shape_of(self.type).slots)}"

    def write(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - a value of this kind
        """Return the JSON of a value; what equals its default is left out."""
        return write_fields(value)

    def read(self, found: Any, where: str) -> Any:  # noqa: ANN401 - JSON in, a value out
        """Return the value for JSON, or refuse it."""
        if isinstance(found, self.type):
            return found
        if type(found) is not dict and not isinstance(found, Mapping):
            raise wrong(where, self.says, found)
        return read_fields(self.type, found, where)

    def parse(self, text: str, where: str) -> Any:  # noqa: ANN401 - JSON out
        """Return the JSON for text that a person typed."""
        return _json(text, where, self.says)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind, by reference."""
        name = self.type.__name__
        if name not in defs:
            defs[name] = {}
            defs[name] = fields_schema(self.type, defs)
        return {"$ref": f"#/$defs/{name}"}


@frozen
class Maybe:
    """A kind, or null, or not stated."""

    kind: Kind
    none: bool
    not_stated: bool

    @property
    def says(self) -> str:
        """What it has to be, in words."""
        return (
            self.kind.says
            + (f", or {NOT_STATED_TEXT!r}" if self.not_stated else "")
            + (", or nothing" if self.none else "")
        )

    def write(self, value: Any) -> Any:  # noqa: ANN401 - a value of this kind
        """Return the JSON of a value."""
        if value is None:
            return None
        return NOT_STATED_TEXT if value is NOT_STATED else self.kind.write(value)

    def read(self, found: Any, where: str) -> Any:  # noqa: ANN401 - JSON in, a value out
        """Return the value for JSON, or refuse it."""
        if found is None and self.none:
            return None
        if self.not_stated and (found == NOT_STATED_TEXT or found is NOT_STATED):
            return NOT_STATED
        try:
            return self.kind.read(found, where)
        except EventError as error:
            if self.not_stated and f"{where} has to be {self.kind.says};" in str(error):
                raise wrong(where, self.says, found) from None
            raise

    def parse(self, text: str, where: str) -> Any:  # noqa: ANN401 - JSON out
        """Return the JSON for text that a person typed."""
        if self.not_stated and text == NOT_STATED_TEXT:
            return text
        return None if self.none and not text else self.kind.parse(text, where)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of the kind."""
        several = [self.kind.schema(defs)]
        if self.not_stated:
            several.append({"const": NOT_STATED_TEXT})
        if self.none:
            several.append({"type": "null"})
        return {"anyOf": several}


Kind = Plain | Day | OneOf | Many | Inside | Maybe


def _json(text: str, where: str, says: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise wrong(where, says + ", written as JSON, no field twice", text) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "a field stands twice"
        raise ValueError(msg)
    return found


def kind_of(hint: Any) -> Kind:  # noqa: ANN401 - a type hint
    """Return the kind of field for a type hint.

    Raises:
        TypeError: There is none: to be noticed when a field is added, by the tests.
    """
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        rest = [one for one in inside if one not in {type(None), NotStated}]
        enums = tuple(one for one in rest if isinstance(one, type) and issubclass(one, Enum))
        core: Kind = OneOf(enums, free=str in rest) if enums else kind_of(rest[0])
        if len(rest) != max(1, len(enums) + (str in rest and bool(enums))):
            msg = f"no single kind of field for {hint}"
            raise TypeError(msg)
        none, not_stated = type(None) in inside, NotStated in inside
        return Maybe(core, none, not_stated) if none or not_stated else core
    if origin is tuple:
        return Many(kind_of(inside[0]), None if inside[-1] is ... else len(inside))
    if hint is date:
        return Day()
    if hint in _PLAIN:
        return Plain(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return OneOf((hint,))
    if isinstance(hint, type) and attrs.has(hint):
        return Inside(hint)
    msg = f"no kind of field for {hint}"
    raise TypeError(msg)


# ---- the shape of a class --------------------------------------------------------------------------------------------
@frozen
class Slot:
    """One field of a class.

    Attributes:
        name: Its name.
        kind: How it is written and read.
        default: Its default; ``attrs.NOTHING`` where it has to be stated.
        convert: What the class itself makes of a value, and by which it refuses one.
        about: What it is, from the docstring of the class.
    """

    name: str
    kind: Kind
    default: Any
    convert: Callable[[Any], Any] | None
    about: str | None

    @property
    def required(self) -> bool:
        """Whether it has to be stated."""
        return self.default is attrs.NOTHING

    @property
    def may_be_absent(self) -> bool:
        """Whether its default says nothing at all: None, or an empty tuple. Such alone is left out of a record."""
        return self.default is None or self.default == ()


@frozen
class Shape:
    """The fields of a class, by name, in order."""

    type: type
    slots: dict[str, Slot]


_ABOUT: Final = re.compile(r"^ {4}(\w+): ((?:.|\n {8})+)$", re.MULTILINE)


def about_fields(cls: type) -> dict[str, str]:
    """Return what the docstrings of a class and its parents say of each field."""
    found: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        found |= {name: " ".join(text.split()) for name, text in _ABOUT.findall(cleandoc(one.__doc__ or ""))}
    return found


def shape_of(cls: Any) -> Shape:  # noqa: ANN401 - a class; the cache wants to know no more
    """Return the fields of a class, compiled from their types once."""
    return _shape_of(cls)


@cache
def _shape_of(cls: type) -> Shape:
    hints, about = get_type_hints(cls), about_fields(cls)
    slots = {}
    for one in attrs.fields(cls):
        default = one.default.factory() if isinstance(one.default, attrs.Factory) else one.default  # type: ignore[arg-type]
        slots[one.name] = Slot(one.name, kind_of(hints[one.name]), default, one.converter, about.get(one.name))
    return Shape(cls, slots)


def write_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a value with fields
    """Return the fields of a value as JSON; those that equal their default are left out."""
    found = {}
    for slot in shape_of(type(value)).slots.values():
        stated = getattr(value, slot.name)
        if slot.required or stated != slot.default:
            found[slot.name] = slot.kind.write(stated)
    return found


@cache
def _readers(cls: type) -> dict[str, Callable[[Any, str], Any]]:
    return {name: slot.kind.read for name, slot in shape_of(cls).slots.items()}


def read_fields(cls: type, found: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - a value of the class
    """Return the value for an object of JSON.

    Raises:
        EventError: A field that there is not, one that is missing, or one that is not what it has to be.
    """
    readers = _readers(cls)
    try:
        return cls(**{name: readers[name](one, name) for name, one in found.items()})
    except (EventError, KeyError, TypeError):  # whatever it was: read slowly, each error is told with its place
        return _read_in_order(cls, found, where)


def _read_in_order(cls: type, found: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - a value of the class
    slots = shape_of(cls).slots
    for name in found:
        if name not in slots:
            near = get_close_matches(str(name)[:64], slots, 1)
            hint = f" (is {near[0]!r} meant?)" if near else ""
            msg = f"{where} has no field {shown(name)}{hint}; its fields are {', '.join(slots)}"
            raise EventError(msg)
    values = {}
    for name, slot in slots.items():
        if name in found:
            values[name] = slot.kind.read(found[name], f"{where}.{name}")
        elif slot.required:
            msg = f"{where} lacks the field {name!r}: state {slot.kind.says}"
            raise EventError(msg)
    try:
        return cls(**values)
    except EventError as error:
        raise _named(slots, values, where, error) from error


def _named(slots: Mapping[str, Slot], values: Mapping[str, Any], where: str, error: EventError) -> EventError:
    """Return the error of a class with the name of the field whose converter raised it, if it was one's."""
    for name, value in values.items():
        convert = slots[name].convert
        try:
            if convert is not None:
                convert(value)
        except EventError as found:
            return EventError(f"{where}.{name}: {found}")
    return EventError(f"{where}: {error}")


def fields_schema(cls: type, defs: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a class from its fields; the classes inside go to ``defs``."""
    properties = {}
    slots = shape_of(cls).slots.values()
    for slot in slots:
        one = slot.kind.schema(defs)
        if slot.about:
            one |= {"description": slot.about}
        if not slot.required and slot.default is not None:
            one |= {"default": slot.kind.write(slot.default)}
        properties[slot.name] = one
    return {
        "title": cls.__name__,
        "description": (cls.__doc__ or "").strip().split("\n", 1)[0],
        "type": "object",
        "properties": properties,
        "required": [slot.name for slot in slots if slot.required],
        "additionalProperties": False,
    }
