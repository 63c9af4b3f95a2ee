"""JSON Schemas (2020-12) of whole documents: events and values as the library writes them, and files of histories."""

from __future__ import annotations

import json
from typing import Any, Final

from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Impact, Panelist, Party, Sector
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.histories.reading import FORMAT
from rrm_lifecycle.histories.vocabulary import COURSES, FINDINGS, ORIGINS, Confidence, EventType, FinalStatus
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.schema import DIALECT, json_schema

_VALUES: Final[tuple[type, ...]] = (Case, Entry, Refusal, Agenda, Options)
_PARTS: Final[tuple[type, ...]] = (CoveredFacility, Impact, Panelist)
_DAY: Final[dict[str, Any]] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_FILLED: Final[dict[str, Any]] = {"type": "string", "pattern": r"\S", "maxLength": 20_000}
_ID: Final[dict[str, Any]] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
_COUNT: Final[dict[str, Any]] = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}


# ---- events and values -----------------------------------------------------------------------------------------------
def wire_schema() -> str:
    """Return the JSON Schema of the wire format: each event, and the values that the library writes.

    A document is an act, or one of these values; each has its own schema under ``$defs``, by the name of its class.
    ``AnyEvent`` holds every act with its fields.

    Example:
        >>> json.loads(wire_schema())["$defs"]["ReviewAccepted"]["required"]
        ['event', 'on']
    """
    defs: dict[str, Any] = {}
    for kind in (*EVENTS.values(), *_VALUES, *_PARTS):
        one = json_schema(kind)
        one.pop("$schema")
        for name, inside in one.pop("$defs", {}).items():
            defs.setdefault(name, inside)
        defs[kind.__name__] = one
    defs["AnyEvent"] = {"title": "AnyEvent", "oneOf": [_ref(name) for name in EVENTS]}
    return _document({
        "title": "Events and values of the Rapid Response Labor Mechanism",
        "anyOf": [_ref("AnyEvent"), *(_ref(kind.__name__) for kind in _VALUES)],
        "$defs": {name: defs[name] for name in sorted(defs)},
    })  # fmt: skip


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _document(found: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **found}, indent=1) + "\n"


# ---- histories -------------------------------------------------------------------------------------------------------
def history_schema() -> str:
    """Return the JSON Schema of a file of histories.

    What needs more than one field to be seen (events out of order, a day after the last look) is left to the reader.

    Example:
        >>> json.loads(history_schema())["properties"]["format"]
        {'const': 'rrm-case-histories/1'}
    """
    return _document({
        "title": "Case histories of the Rapid Response Labor Mechanism",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "compiled": _or_null(_DAY),
            "cases": {"type": "array", "items": _ref("History")},
        },
        "required": ["format", "cases"],
        "additionalProperties": False,
        "$defs": {"History": _history(), "HistoryEvent": _event()},
    })  # fmt: skip


def _or_null(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "null"}]}


def _one_of(values: object) -> dict[str, Any]:
    return {"enum": [str(one) for one in values]}  # type: ignore[attr-defined]


def _history() -> dict[str, Any]:
    stated: dict[str, dict[str, Any]] = dict.fromkeys(
        ("company", "city", "state", "subsector", "petitioner", "notes"), _FILLED
    )  # fmt: skip
    stated |= dict.fromkeys(("workers_benefited", "workers_reinstated_or_paid", "backpay_usd"), _COUNT)
    stated |= {
        "sector": _one_of(Sector),
        "complainant": _one_of(Party),
        "respondent": _one_of(Party),
        "origin": _one_of(ORIGINS),
        "request_number": {**_COUNT, "minimum": 1},
        "linked_to": _ID,
        "final_status": _one_of(FinalStatus),
    }
    return {
        "title": "History",
        "type": "object",
        "properties": {
            "id": _ID,
            "facility": _FILLED,
            **{name: _or_null(one) for name, one in stated.items()},
            "events": {"type": "array", "items": _ref("HistoryEvent")},
            "as_of": _DAY,
        },
        "required": ["id", "facility", "events", "as_of"],
        "additionalProperties": False,
    }


def _event() -> dict[str, Any]:
    stated: dict[str, dict[str, Any]] = {
        "date": _DAY,
        "date_range": {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2},
        "agreed_end": _DAY,
        "agreed_end_source": _FILLED,
        "partial": {"type": "boolean"},
        "note": _FILLED,
        "source_url": _FILLED,
        "confidence": _one_of(Confidence),
    }
    return {
        "title": "HistoryEvent",
        "type": "object",
        "properties": {"type": _one_of(EventType), **{name: _or_null(one) for name, one in stated.items()}},
        "required": ["type"],
        "additionalProperties": False,
        "allOf": [
            _only_of(COURSES, "agreed_end", {"type": "string"}),
            _only_of(FINDINGS, "partial", {"const": True}),
            {"not": {"properties": {name: {"not": {"type": "null"}} for name in ("date", "date_range")},
                     "required": ["date", "date_range"]}},
        ],
    }  # fmt: skip


def _only_of(types: frozenset[EventType], name: str, stated: dict[str, Any]) -> dict[str, Any]:
    """Return that a field is stated with events of these types alone."""
    return {
        "if": {"properties": {name: stated}, "required": [name]},
        "then": {"properties": {"type": {"enum": sorted(one.value for one in types)}}},
    }
