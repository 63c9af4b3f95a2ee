"""Exports: the table, simulations, cases, agendas and schemas in the formats of other tools.

    >>> from rrm_lifecycle.export import FORMATS, export
    >>> sorted(FORMATS)[:3]
    ['csv', 'dot', 'history-schema']
    >>> export("mermaid").splitlines()[0]
    'stateDiagram-v2'

Each function gives the same text or bytes for the same input, and writes every value so that the format takes it for
nothing else. It is imported when it is first called.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import Any, Final

from attrs import frozen

__all__ = ["FORMATS", "Format", "Takes", "export", "frame"]


class Takes(StrEnum):
    """What a format is made of."""

    TABLE = "table"
    PROGRAM = "program"
    LOG = "log"
    AGENDA = "agenda"
    NOTHING = "nothing"


@frozen
class Format:
    """A format.

    Attributes:
        name: Its name, as the shell takes it.
        module: The module of its function, in this room.
        function: The name of the function.
        takes: What it is made of: the table (``annex`` and more by keyword), a compiled simulation, whatever an event
            log is made of (cases, alignments, a docket, or a simulation), an agenda, or nothing.
        options: The keywords that it takes.
        suffix: The usual ending of a file.
        says: What it is.
        writes: The name of the function that writes it to a binary file bit by bit; None where there is none.
    """

    name: str
    module: str
    function: str
    takes: Takes
    options: tuple[str, ...]
    suffix: str
    says: str
    writes: str | None = None

    @property
    def make(self) -> Callable[..., str | bytes]:
        """The function that makes it."""
        found: Callable[..., str | bytes] = getattr(import_module(f"{__name__}.{self.module}"), self.function)
        return found

    @property
    def write(self) -> Callable[..., None] | None:
        """The function that writes it to a binary file; None where there is none."""
        if self.writes is None:
            return None
        found: Callable[..., None] = getattr(import_module(f"{__name__}.{self.module}"), self.writes)
        return found


_OF_TABLE: Final = ("annex", "reading")
_DRAWN: Final = ("annex", "language", "reading")

FORMATS: Final[dict[str, Format]] = {
    one.name: one
    for one in (
        Format("mermaid", "graphs", "mermaid", Takes.TABLE, _DRAWN, ".mmd", "a state diagram of Mermaid"),
        Format("dot", "graphs", "dot", Takes.TABLE, _DRAWN, ".dot", "a graph for Graphviz"),
        Format("scxml", "statecharts", "scxml", Takes.TABLE, _OF_TABLE, ".scxml", "a state chart (SCXML 1.0)"),
        Format("xstate", "statecharts", "xstate", Takes.TABLE, _OF_TABLE, ".json", "a machine for XState 5"),
        Format("pnml", "nets", "pnml", Takes.TABLE, (*_DRAWN, "customs"), ".pnml", "a Petri net (ISO/IEC 15909-2)"),
        Format("promela", "promela", "promela", Takes.TABLE, _OF_TABLE, ".pml", "a model for Spin, with claims"),
        Format("prism", "prism", "prism", Takes.PROGRAM, ("weekday",), ".prism", "a Markov chain for PRISM and Storm"),
        Format("xes", "event_log", "xes", Takes.LOG, ("opening",), ".xes", "an event log (IEEE 1849)", "write_xes"),
        Format("csv", "event_log", "csv", Takes.LOG, ("opening",), ".csv", "an event log as a table", "write_csv"),
        Format(
            "ocel", "objects", "ocel", Takes.LOG, (), ".json", "an object-centric event log (OCEL 2.0)", "write_ocel"
        ),
        Format(
            "icalendar", "icalendar", "icalendar", Takes.AGENDA, ("alarms", "language"), ".ics", "a calendar (RFC 5545)"
        ),
        Format("wire-schema", "schemas", "wire_schema", Takes.NOTHING, (), ".json", "JSON Schema of events and values"),
        Format("history-schema", "schemas", "history_schema", Takes.NOTHING, (), ".json", "JSON Schema of histories"),
    )
}
"""Every format by its name."""


def export(name: str, *source: Any, **options: Any) -> str | bytes:  # noqa: ANN401 - what the format takes
    """Return a source in a format.

    Args:
        name: Name of the format, a key of :data:`FORMATS`.
        source: What it is made of; the table and the schemas need none.
        options: The keywords of its function.

    Raises:
        EventError: There is no such format, or it takes another source.

    Example:
        >>> export("dot", language="es").splitlines()[0]
        'digraph "Annex 31-A" {'
    """
    from rrm_lifecycle.errors import EventError  # noqa: PLC0415 - so that the list of formats loads by itself

    found = FORMATS.get(name)
    if found is None:
        msg = f"there is no format {name!r}"[:80] + f": there are {', '.join(FORMATS)}"
        raise EventError(msg)
    needs = 0 if found.takes in {Takes.TABLE, Takes.NOTHING} else 1
    if len(source) != needs:
        what = f"needs one source ({found.takes.value})" if needs else f"takes no source but keywords: {found.options}"
        msg = f"the format {name!r} {what}; found {len(source)}"
        raise EventError(msg)
    foreign = [one for one in options if one not in found.options]
    if foreign:
        msg = f"the format {name!r} takes {', '.join(found.options) or 'no keywords'}; found {', '.join(foreign)}"
        raise EventError(msg[:400])
    return found.make(*source, **options)


def frame(source: Any, kind: str = "pandas") -> Any:  # noqa: ANN401 - what an event log is made of, and what the kind says
    """Return cases, alignments, a docket or a simulation as an event log in a data frame; see :func:`.frames.frame`.

    Args:
        source: What the log is made of.
        kind: ``"pandas"``, ``"polars"``, ``"arrow"`` or ``"rows"``.

    Raises:
        EventError: Another kind, or another source.
        MissingExtra: The library is not installed.
    """
    return import_module(f"{__name__}.frames").frame(source, kind)
