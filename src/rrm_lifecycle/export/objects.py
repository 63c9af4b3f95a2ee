"""Event logs with several kinds of objects: OCEL 2.0 as JSON, with cases, facilities and Parties."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, BinaryIO, Final

from rrm_lifecycle.export.event_log import MIDNIGHT
from rrm_lifecycle.export.sorting import Sorting
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
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_AT_ONCE: Final = 500
_MOST_TOLD: Final = 10_000
"""How many facilities are remembered as told; one that is told again is left out at the end."""


def ocel(source: Source) -> str:
    """Return an event log in OCEL 2.0 (JSON): each act is about a case, its facility and its two Parties.

    An act that only one Party does is told as ``by`` that Party; of the other it is told as ``about``. Events are sorted by
    time, objects by their ids.

    Args:
        source: Cases, alignments, a docket, or a simulation.

    Raises:
        EventError: The source is none of these.

    Example:
        >>> from rrm_lifecycle.case.case import Case
        >>> [one["id"] for one in json.loads(ocel(Case.start("SLP-2024-01")))["objects"]]
        ['case:SLP-2024-01']
    """
    return "".join(_ocel(source))


def write_ocel(source: Source, file: BinaryIO) -> None:
    """Write an event log in OCEL 2.0 (JSON) to a binary file, a few events at a time.

    What is sorted waits in temporary files, which have no name and are gone afterwards.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        file: The file.

    Raises:
        EventError: The source is none of these. Nothing was written then.
    """
    file.writelines(part.encode() for part in _ocel(source))


def _ocel(source: Source) -> Iterator[str]:
    with closing(Sorting()) as events, closing(Sorting()) as objects:
        kinds: set[str] = set()
        told: set[str] = set()
        for trace in traces(source):
            ids = _ids(trace)
            for one in _objects(trace, ids):
                if one["id"] not in told:
                    objects.add(one["id"], _encode(one))
                    if one["type"] != "case":
                        told.add(one["id"])
            if len(told) > _MOST_TOLD:
                told.clear()
            for number, step in enumerate(trace.steps):
                kinds.add(step.name)
                event = _event(trace, step, number, ids)
                events.add(event["time"], _encode(event))
        yield _encode(_types(kinds))[:-1]
        yield from _listed("objects", _once(objects))
        yield from _listed("events", (line for _, line in events))
        yield "}\n"


def _types(kinds: set[str]) -> dict[str, Any]:
    """Return the part of a log that says which kinds of objects and of events there are."""
    return {
        "objectTypes": [
            {"name": name, "attributes": [{"name": one, "type": "string"} for one in of]}
            for name, of in _OF_OBJECT.items()
        ],
        "eventTypes": [
            {"name": name, "attributes": [{"name": one, "type": kind} for one, kind in _OF_EVENT]}
            for name in sorted(kinds)
        ],
    }


def _listed(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a list of objects or of events, a part at a time."""
    yield f',"{name}":['
    between = ""
    while some := list(islice(lines, _AT_ONCE)):
        yield between + ",".join(some)
        between = ","
    yield "]"


def _once(objects: Sorting) -> Iterator[str]:
    """Yield each object once: of a case that comes twice what was told last, of anything else what was told first."""
    for name, several in groupby(objects, key=itemgetter(0)):
        _, line = next(several)
        if name.startswith("case:"):
            for _, later in several:
                line = later
        yield line


def _ids(trace: Trace) -> dict[str, str]:
    """Return the ids of the objects that a case is about, each by how the case is related to it."""
    found = {}
    if trace.facility is not None:
        found["facility"] = f"facility:{trace.facility.country.value}:{trace.facility.name.casefold()}"
    for role, party in (("complainant", trace.complainant), ("respondent", trace.respondent)):
        if party is not None:
            found[role] = f"party:{party.value}"
    return found


def _objects(trace: Trace, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the objects that a case is about, the case first."""
    case = _object(
        f"case:{trace.id}", "case", outcome=trace.outcome, seed=None if trace.seed is None else str(trace.seed)
    )
    case["relationships"] = [{"objectId": name, "qualifier": role} for role, name in ids.items()]
    yield case
    facility = trace.facility
    if facility is not None:
        yield _object(
            ids["facility"], "facility", name=facility.name, country=facility.country.value,
            sector=facility.sector.value, owner=facility.owner,
        )  # fmt: skip
    for party in (trace.complainant, trace.respondent):
        if party is not None:
            yield _object(f"party:{party.value}", "party", name=party.value)


def _object(name: str, kind: str, /, **values: str | None) -> dict[str, Any]:
    told = [{"name": one, "time": _BEGINNING, "value": value} for one, value in values.items() if value is not None]
    return {"id": name, "type": kind, "attributes": told, "relationships": []}


def _event(trace: Trace, step: Step, number: int, ids: dict[str, str]) -> dict[str, Any]:
    values = {"rule": step.rule, "stage": step.stage, "org:resource": step.who, "implied": step.implied, "step": number}
    related = [{"objectId": f"case:{trace.id}", "qualifier": "case"}]
    for role, name in ids.items():
        by = step.who in {role, "both"} and role != "facility"
        related.append({"objectId": name, "qualifier": "by" if by or step.who == role else "about"})
    return {
        "id": f"{trace.id}:{number}",
        "type": step.name,
        "time": f"{step.on}{MIDNIGHT}",
        "attributes": [{"name": name, "value": value} for name, value in values.items() if value is not None],
        "relationships": related,
    }
