"""Event logs with several kinds of objects: OCEL 2.0 as JSON, with cases, facilities and Parties."""

from __future__ import annotations

import json
from typing import Any, Final

from rrm_lifecycle.export.event_log import MIDNIGHT
from rrm_lifecycle.export.traces import Source, Step, Trace, traces

_BEGINNING: Final = f"1970-01-01{MIDNIGHT}"
"""When an attribute of an object holds that never changes, as OCEL asks."""
_OF_EVENT: Final = (
    ("rule", "string"), ("stage", "string"), ("org:resource", "string"), ("implied", "boolean"), ("step", "integer"),
)  # fmt: skip
_OF_OBJECT: Final = {
    "case": ("outcome", "seed"),
    "facility": ("name", "country", "sector", "owner"),
    "party": ("name",),
}


def ocel(source: Source) -> str:
    """Return an event log in OCEL 2.0 (JSON): each act is about a case, its facility and its two Parties.

    An act that only one Party does is told as ``by`` that Party; of the other it is told as ``about``.

    Args:
        source: Cases, alignments, or a simulation.

    Raises:
        EventError: The source is none of these.

    Example:
        >>> from rrm_lifecycle.case.case import Case
        >>> [one["id"] for one in json.loads(ocel(Case.start("SLP-2024-01")))["objects"]]
        ['case:SLP-2024-01']
    """
    objects: dict[str, dict[str, Any]] = {}
    events: list[dict[str, Any]] = []
    kinds: dict[str, None] = {}
    for trace in traces(source):
        _objects(trace, objects)
        for number, step in enumerate(trace.steps):
            kinds[step.name] = None
            events.append(_event(trace, step, number))
    events.sort(key=lambda one: str(one["time"]))
    found = {
        "objectTypes": [
            {"name": name, "attributes": [{"name": one, "type": "string"} for one in of]}
            for name, of in _OF_OBJECT.items()
        ],
        "eventTypes": [
            {"name": name, "attributes": [{"name": one, "type": kind} for one, kind in _OF_EVENT]}
            for name in sorted(kinds)
        ],
        "objects": [objects[name] for name in sorted(objects)],
        "events": events,
    }
    return json.dumps(found, separators=(",", ":")) + "\n"


def _ids(trace: Trace) -> dict[str, str]:
    """Return the ids of the objects that a case is about, each by how the case is related to it."""
    found = {}
    if trace.facility is not None:
        found["facility"] = f"facility:{trace.facility.country.value}:{trace.facility.name.casefold()}"
    for role, party in (("complainant", trace.complainant), ("respondent", trace.respondent)):
        if party is not None:
            found[role] = f"party:{party.value}"
    return found


def _objects(trace: Trace, objects: dict[str, dict[str, Any]]) -> None:
    ids = _ids(trace)
    case = _object(
        f"case:{trace.id}", "case", outcome=trace.outcome, seed=None if trace.seed is None else str(trace.seed)
    )
    case["relationships"] = [{"objectId": name, "qualifier": role} for role, name in ids.items()]
    objects[case["id"]] = case
    facility = trace.facility
    if facility is not None:
        objects.setdefault(
            ids["facility"],
            _object(
                ids["facility"], "facility", name=facility.name, country=facility.country.value,
                sector=facility.sector.value, owner=facility.owner,
            ),
        )  # fmt: skip
    for party in (trace.complainant, trace.respondent):
        if party is not None:
            objects.setdefault(f"party:{party.value}", _object(f"party:{party.value}", "party", name=party.value))


def _object(name: str, kind: str, /, **values: str | None) -> dict[str, Any]:
    told = [{"name": one, "time": _BEGINNING, "value": value} for one, value in values.items() if value is not None]
    return {"id": name, "type": kind, "attributes": told, "relationships": []}


def _event(trace: Trace, step: Step, number: int) -> dict[str, Any]:
    values = {"rule": step.rule, "stage": step.stage, "org:resource": step.who, "implied": step.implied, "step": number}
    related = [{"objectId": f"case:{trace.id}", "qualifier": "case"}]
    for role, name in _ids(trace).items():
        by = step.who in {role, "both"} and role != "facility"
        related.append({"objectId": name, "qualifier": "by" if by or step.who == role else "about"})
    return {
        "id": f"{trace.id}:{number}",
        "type": step.name,
        "time": f"{step.on}{MIDNIGHT}",
        "attributes": [{"name": name, "value": value} for name, value in values.items() if value is not None],
        "relationships": related,
    }
