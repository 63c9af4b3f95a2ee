"""Values as JSON for people's own programs: one stable shape a class.

The rule of the shapes: each attribute stands under its name; a member of an Enum as its value, a day as
``"2024-04-10"``, NOT_STATED as ``"not stated"``, an Annex by its name, an act by the name of its class, an event as
:func:`~rrm_lifecycle.record.acts.event_to_dict` gives it. Beside a stage, phase, closing, hold, role, kind, standing,
term or act stands its label, under the name with ``_label``; texts for people stand under ``text``, ``needs``, ``found``.
Keys are added in later versions, and none is taken away or changes its meaning. :func:`json_schema` says the same to a
program. Higher rooms register the shapes of their values: ``to_dict.register``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import cache, singledispatch
from typing import Any, Final, get_type_hints

import attrs
from attrs import frozen

from rrm_lifecycle.case.agenda import Agenda, Due, Option, Options
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case, Facts
from rrm_lifecycle.case.claim import Claim, CoveredFacility, Impact, Panelist, Role
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.impact import ImpactSum
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law import wording
from rrm_lifecycle.law.annexes import Annex
from rrm_lifecycle.law.guards import BarOver, Ended, Fact, Lapsed, Waited, Within
from rrm_lifecycle.law.provisions import Provision
from rrm_lifecycle.law.readings import Choice, Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Hold, Phase, Stage
from rrm_lifecycle.law.terms import Kind, Standing, Term
from rrm_lifecycle.record.acts import event_to_dict
from rrm_lifecycle.record.entry import Entry, EntryKind, Finding, Opening, Reason, Refusal
from rrm_lifecycle.record.filed import Document, Filed, Note, Source
from rrm_lifecycle.record.kept import Attempt, Change, Correction, Erasure, Remark
from rrm_lifecycle.record.links import Verified

LABELLED: Final = (Stage, Phase, Closing, Hold, Role, Kind, Standing)
"""The Enums whose members have their label beside them."""
GUARDS: Final = (Within, Waited, Lapsed, BarOver, Ended, Fact)

_NAMES: Final = {
    "date": date, "datetime": datetime, "Mapping": Mapping, "Limit": Limit, "Event": Event, "Annex": Annex,
    "Iterable": Iterable, "Callable": Callable, "Entry": Entry,
}  # fmt: skip
"""Names that modules import for the checker of types alone."""


@singledispatch
def to_dict(value: Any, *, language: str = "en") -> Any:  # noqa: ANN401, ARG001 - any value in, JSON out
    """Return a value as JSON: objects, lists, texts, whole numbers, true, false and null, in a documented shape.

    Args:
        value: A case, entry, refusal, reason, finding, limit, event, due day, option, row, term, reading, calendar,
            register, or any part of one.
        language: Language of the labels and texts; the codes beside them stay the same.

    Raises:
        TypeError: There is no shape for the value.
        EventError: There is no catalogue for the language.

    Example:
        >>> to_dict(Limit("reply", date(2024, 4, 1), date(2024, 4, 11)))["due"]
        '2024-04-11'
    """
    if isinstance(value, type) and issubclass(value, Event):
        return value.__name__
    msg = f"there is no JSON shape for {type(value).__name__}: register one with to_dict.register"
    raise TypeError(msg)


@to_dict.register(str)
@to_dict.register(int)
@to_dict.register(type(None))
def _same(value: Any, *, language: str = "en") -> Any:  # noqa: ANN401, ARG001 - of the signature
    return value


@to_dict.register(StrEnum)  # before the text that it is, too
@to_dict.register(Enum)
def _enum(value: Enum, *, language: str = "en") -> Any:  # noqa: ANN401, ARG001 - of the signature
    return value.value


@to_dict.register
def _day(value: date, *, language: str = "en") -> str:  # noqa: ARG001 - of the signature
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat()


@to_dict.register(tuple)
@to_dict.register(list)
def _list(value: Iterable[Any], *, language: str = "en") -> list[Any]:
    return [to_dict(one, language=language) for one in value]


@to_dict.register(frozenset)
def _set(value: frozenset[Any], *, language: str = "en") -> list[Any]:
    return sorted(to_dict(one, language=language) for one in value)


@to_dict.register(Mapping)
def _mapping(value: Mapping[Any, Any], *, language: str = "en") -> dict[str, Any]:
    return {str(to_dict(key)): to_dict(one, language=language) for key, one in value.items()}


@to_dict.register
def _annex(value: Annex, *, language: str = "en") -> str:  # noqa: ARG001 - of the signature
    return value.name


@to_dict.register
def _event(value: Event, *, language: str = "en") -> dict[str, Any]:  # noqa: ARG001 - of the signature
    return event_to_dict(value)


# ---- values with attributes ------------------------------------------------------------------------------------------
Extra = tuple[Callable[[Any, str], Any], dict[str, Any]]
"""What stands in a shape beside the attributes: how it is made for a language, and its JSON Schema."""

TEXT: Final[dict[str, Any]] = {"type": "string"}
MAYBE_TEXT: Final[dict[str, Any]] = {"type": ["string", "null"]}
_FLAG: Final[dict[str, Any]] = {"type": "boolean"}


@frozen
class Outline:
    """What a shape holds.

    Attributes:
        plain: Attributes that stand under their names.
        labelled: Those of them with a label beside.
        hints: The types of all attributes.
        extras: What stands beside the attributes.
    """

    plain: tuple[str, ...]
    labelled: tuple[str, ...]
    hints: dict[str, Any]
    extras: dict[str, Extra]


_SHAPES: Final[dict[type, tuple[frozenset[str], dict[str, Extra]]]] = {}


def shape(cls: type, *, leave_out: Iterable[str] = (), extras: Mapping[str, Extra] | None = None) -> None:
    """Give a class of values the shape that follows the rule: attributes by name, labels, and some texts.

    Args:
        cls: The class, of attrs.
        leave_out: Attributes that are no part of the shape.
        extras: What stands beside the attributes.
    """
    _SHAPES[cls] = (frozenset(leave_out), dict(extras or {}))
    to_dict.register(cls, _attributes)


def has_shape(cls: type) -> bool:
    """Return whether a class has a shape that follows the rule."""
    return cls in _SHAPES


def outline(cls: Any) -> Outline:  # noqa: ANN401 - a class; the cache wants to know no more
    """Return what the shape of a class holds, compiled from its types once."""
    return _outline(cls)


@cache
def _outline(cls: type) -> Outline:
    leave_out, extras = _SHAPES[cls]
    hints = get_type_hints(cls, localns=_NAMES)
    names = tuple(one.name for one in attrs.fields(cls) if one.name not in leave_out and not one.name.startswith("_"))
    return Outline(names, tuple(name for name in names if _has_label(name, hints[name])), hints, extras)


def _has_label(name: str, hint: Any) -> bool:  # noqa: ANN401 - a type hint
    members = getattr(hint, "__args__", (hint,))
    if getattr(hint, "__origin__", None) is tuple:
        return False
    is_act = name == "event" and hint is not Any
    return is_act or (name == "term" and str in members) or any(one in LABELLED for one in members)


def _attributes(value: Any, *, language: str = "en") -> dict[str, Any]:  # noqa: ANN401 - a value of a class with a shape
    holds = outline(type(value))
    found: dict[str, Any] = {}
    for name in holds.plain:
        stated = getattr(value, name)
        found[name] = to_dict(stated, language=language)
        if name in holds.labelled:
            found[f"{name}_label"] = _label(stated, language)
    for name, (make, _) in holds.extras.items():
        found[name] = to_dict(make(value, language), language=language)
    return found


def _label(value: Any, language: str) -> str | None:  # noqa: ANN401 - what has a label
    if value is None or isinstance(value, Opening):
        return None
    if isinstance(value, Event):
        value = type(value)
    try:
        return wording.label(value, language)
    except EventError:
        if isinstance(value, str) and language in wording.languages():
            return value.replace("_", " ")  # the term of an old record, which is in no table any more
        raise


def _text(value: Any, language: str) -> str:  # noqa: ANN401 - a value with a text
    text: str = value.text(language)
    return text


def guard_params(guard: Any) -> dict[str, Any]:  # noqa: ANN401 - a guard
    """Return what the words of a guard are filled with, where nothing has been asked yet."""
    if isinstance(guard, Fact):
        return {}
    term = guard.term
    return {"term": term.name, "value": term.value, "unit": term.unit and term.unit.value}


GUARD_SCHEMA: Final[dict[str, Any]] = {
    "title": "Guard",
    "description": "A condition of a row.",
    "type": "object",
    "properties": {
        "code": TEXT, "force": {"enum": ["bars", "notes"]}, "provision": MAYBE_TEXT, "term": MAYBE_TEXT,
        "bars_under": {"type": ["array", "null"]}, "needs": TEXT,
    },
    "required": ["code", "force", "provision", "term", "bars_under", "needs"],
    "additionalProperties": False,
}  # fmt: skip


def _guard(value: Any, *, language: str = "en") -> dict[str, Any]:  # noqa: ANN401 - a guard
    return {
        "code": value.code,
        "force": value.force.value,
        "provision": None if value.provision is None else value.provision.in_31a,
        "term": None if isinstance(value, Fact) else value.term.name,
        "bars_under": to_dict(value.bars_under),
        "needs": wording.needs(value.code, guard_params(value), language),
    }


for _one in GUARDS:
    to_dict.register(_one, _guard)

_WITH_TEXT: Final[dict[str, Extra]] = {"text": (_text, TEXT)}
_ON: Final[Extra] = (lambda value, _: value.on, {"type": ["string", "null"], "format": "date"})
_REASON: Final[dict[str, Extra]] = {
    "needs": (lambda value, language: wording.needs(value.code, value.params, language), TEXT),
    "found": (lambda value, language: wording.found(value.code, value.params, language), TEXT),
}
_SAID: Final[dict[str, Extra]] = {"said": (lambda value, _: str(value), TEXT)}
_CASE: Final[dict[str, Extra]] = {
    "phase": (lambda value, _: value.phase, {"enum": [one.value for one in Phase]}),
    "phase_label": (lambda value, language: wording.label(value.phase, language), TEXT),
    "is_closed": (lambda value, _: value.is_closed, _FLAG),
}
_PLAIN: Final[tuple[type, ...]] = (
    Facts, Claim, CoveredFacility, Impact, Panelist, Opening, PriorDenial, BadFaith, Register, Provision, Choice, Context,
    Note, Source, Document,
)  # fmt: skip
for _cls in _PLAIN:
    shape(_cls)
_KIND: Final[dict[str, Extra]] = {"kind": (lambda value, _: value.kind, {"enum": [one.value for one in EntryKind]})}
shape(Filed, leave_out=("body", "secrets"), extras=_KIND)
for _cls in (Remark, Change, Correction, Erasure, Attempt):
    shape(_cls, extras=_SAID)
shape(Verified, extras={"text": (lambda value, _: str(value), TEXT)})
shape(Case, extras=_CASE)
shape(Entry, extras={"on": _ON, "admitted": (lambda *_: True, _FLAG), **_WITH_TEXT})
shape(
    Refusal, extras={"on": (lambda value, _: value.event.on, TEXT), "admitted": (lambda *_: False, _FLAG), **_WITH_TEXT}
)
shape(Reason, extras=_REASON)
shape(Finding, extras=_WITH_TEXT)
shape(Limit)
shape(Due, extras=_WITH_TEXT)
shape(Option, extras=_WITH_TEXT)
shape(Agenda)
shape(Options)
shape(ImpactSum, extras={"text": (lambda value, _: str(value), TEXT)})
shape(Term)
shape(Row, extras={"rule": (lambda value, _: value.rule, TEXT)})
shape(Reading, extras={"differs": (lambda value, _: value.differs, {"type": "object"})})
shape(Calendar, extras={"sha256": (lambda value, _: value.digest, TEXT)})
