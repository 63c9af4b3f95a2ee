"""Event logs: XES (IEEE 1849-2023) and CSV, written a few cases at a time, so that a log may exceed memory.

The keys are those of :mod:`rrm_lifecycle.simulation.eventlog`; days are midnights in UTC. Of an aligned history, an act
that is not on record is marked as implied, and an act of which only a period is known carries both days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, BinaryIO, Final

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.export.escaping import cell, xml
from rrm_lifecycle.export.traces import BLOCK, OPENING, Source, Step, Trace, is_simulation, simulated, traces
from rrm_lifecycle.law.version import RULEBOOK_VERSION

if TYPE_CHECKING:
    from rrm_lifecycle.simulation import eventlog
    from rrm_lifecycle.simulation.eventlog import Log

MIDNIGHT: Final = "T00:00:00+00:00"
_AT_ONCE: Final = 2_000
"""How many events of simulated paths are held as text, or a few more: those of a path stay together."""
_NAMESPACE: Final = "http://www.xes-standard.org/"
_EXTENSIONS: Final = (
    ("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"),
)  # fmt: skip


# ---- XES -------------------------------------------------------------------------------------------------------------
def xes(source: Source, *, opening: bool = False) -> bytes:
    """Return an event log in XES (IEEE 1849-2023), with the extensions concept, time, lifecycle and organizational.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        opening: Whether a simulated path begins with its start as an event, although that is no act.

    Raises:
        EventError: The source is none of these.

    Example:
        >>> from rrm_lifecycle.case.case import Case
        >>> b'value="SLP-2024-01"' in xes(Case.start("SLP-2024-01"))
        True
    """
    return b"".join(_xes(source, opening=opening))


def write_xes(source: Source, file: BinaryIO, *, opening: bool = False) -> None:
    """Write an event log in XES to a binary file, a few cases at a time.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        file: The file.
        opening: Whether a simulated path begins with its start as an event, although that is no act.

    Raises:
        EventError: The source is none of these.
    """
    file.writelines(_xes(source, opening=opening))


def _xes(source: Source, *, opening: bool) -> Iterator[bytes]:
    yield "".join(_head()).encode()
    if is_simulation(source):
        found = simulated(source)
        for log in found.blocks(BLOCK):
            yield from (part.encode() for part in _xes_block(found, log, opening=opening))
    else:
        for trace in traces(source):
            yield _xes_trace(trace).encode()
    yield b"</log>\n"


def _head() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<log xes.version="1849-2023" xes.features="" xmlns="{_NAMESPACE}">\n'
    for name, prefix in _EXTENSIONS:
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{_NAMESPACE}{prefix}.xesext"/>\n'
    yield '  <global scope="trace"><string key="concept:name" value=""/></global>\n'
    yield (
        '  <global scope="event"><string key="concept:name" value=""/>'
        f'<date key="time:timestamp" value="1970-01-01{MIDNIGHT}"/>'
        '<string key="lifecycle:transition" value="complete"/></global>\n'
    )
    yield '  <classifier name="Activity" keys="concept:name"/>\n'
    yield f'  <string key="concept:name" value="cases"/><string key="rulebook" value="{xml(RULEBOOK_VERSION)}"/>\n'


def _text(key: str, value: str | None) -> str:
    return "" if value is None else f'<string key="{key}" value="{xml(value)}"/>'


def _day(key: str, value: date) -> str:
    return f'<date key="{key}" value="{value.isoformat()}{MIDNIGHT}"/>'


def _xes_trace(trace: Trace) -> str:
    about = [_text("concept:name", trace.id), _text("outcome", trace.outcome)]
    if trace.facility is not None:
        about.append(_text("facility", trace.facility.name))
    about += [
        _text("complainant", trace.complainant and trace.complainant.value),
        _text("respondent", trace.respondent and trace.respondent.value),
        _text("seed", None if trace.seed is None else str(trace.seed)),
    ]
    events = "".join(_xes_event(step, number) for number, step in enumerate(trace.steps))
    return f"  <trace>{''.join(about)}\n{events}  </trace>\n"


def _xes_event(step: Step, number: int) -> str:
    told = [
        _text("concept:name", step.name), _day("time:timestamp", step.on), _day("start_timestamp", step.since),
        _text("lifecycle:transition", "complete"), _text("org:resource", step.who), _text("org:role", step.who),
        _text("rule", step.rule), _text("stage", step.stage), f'<int key="step" value="{number}"/>',
    ]  # fmt: skip
    if step.implied:
        told.append('<boolean key="implied" value="true"/>')
    if step.known is not None:
        told += [_day("earliest", step.known[0]), _day("latest", step.known[1])]
    return f"    <event>{''.join(told)}</event>\n"


# ---- CSV -------------------------------------------------------------------------------------------------------------
COLUMNS: Final = (
    "case:concept:name", "concept:name", "time:timestamp", "start_timestamp", "lifecycle:transition", "org:resource",
    "case:outcome", "case:seed", "rule", "stage", "step", "implied", "earliest", "latest", "case:facility",
)  # fmt: skip
"""The columns of a CSV file: those of the event log of a simulation, and what an aligned history tells beside them."""


def csv(source: Source, *, opening: bool = False) -> str:
    """Return an event log as CSV (RFC 4180, UTF-8), a row an event. Columns: :data:`COLUMNS`.

    No cell is taken for a formula by a spreadsheet: a ``'`` stands before what could be one.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        opening: Whether a simulated path begins with its start as an event, although that is no act.

    Raises:
        EventError: The source is none of these.
    """
    return "".join(_csv(source, opening=opening))


def write_csv(source: Source, file: BinaryIO, *, opening: bool = False) -> None:
    """Write an event log as CSV to a binary file, a few cases at a time.

    Args:
        source: Cases, alignments, a docket, or a simulation.
        file: The file.
        opening: Whether a simulated path begins with its start as an event, although that is no act.

    Raises:
        EventError: The source is none of these.
    """
    file.writelines(part.encode() for part in _csv(source, opening=opening))


def _csv(source: Source, *, opening: bool) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    if is_simulation(source):
        found = simulated(source)
        for log in found.blocks(BLOCK):
            yield from _csv_block(found, log, opening=opening)
    else:
        for trace in traces(source):
            yield "".join(_csv_trace(trace))


def _csv_trace(trace: Trace) -> Iterator[str]:
    facility = "" if trace.facility is None else trace.facility.name
    for number, step in enumerate(trace.steps):
        known = ("", "") if step.known is None else (step.known[0].isoformat(), step.known[1].isoformat())
        cells = (
            trace.id, step.name, f"{step.on}{MIDNIGHT}", f"{step.since}{MIDNIGHT}", "complete", step.who or "",
            trace.outcome or "", "", step.rule or "", step.stage, str(number), "true" if step.implied else "false", *known,
            facility,
        )  # fmt: skip
        yield ",".join(map(cell, cells)) + "\r\n"


# ---- blocks of simulated paths: what is told of a rule, a place and a day is made once, and put together by number -------
def _days(source: eventlog.Source, log: Log) -> list[str]:
    return [f"{source.start + timedelta(day)}{MIDNIGHT}" for day in range(int(log.day.max(initial=0)) + 1)]


def _xes_block(source: eventlog.Source, log: Log, *, opening: bool) -> Iterator[str]:
    program = source.program
    rows = [ROW_BY_ID[name] for name in program.rules]
    of_rule = [
        "    <event>"
        + _text("concept:name", row.event.__name__)
        + _text("lifecycle:transition", "complete")
        + _text("org:resource", row.who.value)
        + _text("org:role", row.who.value)
        + _text("rule", row.id)
        for row in rows
    ]
    of_place = [_text("stage", place.stage.value) for place in program.places]
    days = _days(source, log)
    on = [f'<date key="time:timestamp" value="{day}"/>' for day in days]
    since = [f'<date key="start_timestamp" value="{day}"/>' for day in days]
    closings = [_text("outcome", closing.value) for closing, _ in program.outcomes]
    first = ""
    if opening:
        begins = Step(OPENING, source.start, source.start, None, None, program.places[log.start].stage.value)
        first = _xes_event(begins, 0)
    place, rule, day, offsets = log.place.tolist(), log.rule.tolist(), log.day.tolist(), log.offsets.tolist()
    before = log.before()[1].tolist()
    outcome = program.outcome.tolist()
    seed = _text("seed", str(source.seed))
    steps = [f'<int key="step" value="{number}"/></event>\n' for number in range(_longest(log) + 1)]
    told: list[str] = []
    for number in range(log.paths):
        begin, end = offsets[number], offsets[number + 1]
        name = f"{log.first + number:0{source.width}d}"
        told.append(
            f'  <trace><string key="concept:name" value="{name}"/>{closings[outcome[place[end - 1]]]}{seed}\n{first}'
        )
        told += [
            f"{of_rule[rule[at]]}{of_place[place[at]]}{on[day[at]]}{since[before[at]]}{steps[at - begin + opening]}"
            for at in range(begin, end)
        ]
        told.append("  </trace>\n")
        if len(told) >= _AT_ONCE:
            yield "".join(told)
            told.clear()
    yield "".join(told)


def _longest(log: Log) -> int:
    return int((log.offsets[1:] - log.offsets[:-1]).max(initial=0)) + 1


def _csv_block(source: eventlog.Source, log: Log, *, opening: bool) -> Iterator[str]:
    program = source.program
    rows = [ROW_BY_ID[name] for name in program.rules]
    names, who, ids = [row.event.__name__ for row in rows], [row.who.value for row in rows], [row.id for row in rows]
    stages, days = [place.stage.value for place in program.places], _days(source, log)
    place, rule, day, offsets = log.place.tolist(), log.rule.tolist(), log.day.tolist(), log.offsets.tolist()
    before, outcome = log.before()[1].tolist(), program.outcome.tolist()
    told: list[str] = []
    for number in range(log.paths):
        begin, end = offsets[number], offsets[number + 1]
        name = f"{log.first + number:0{source.width}d}"
        closing = f"{program.outcomes[outcome[place[end - 1]]][0].value},{source.seed}"
        if opening:
            told.append(f"{name},{OPENING},{days[0]},{days[0]},complete,,{closing},,{stages[log.start]},0,false,,,\r\n")
        told += [
            f"{name},{names[rule[at]]},{days[day[at]]},{days[before[at]]},complete,{who[rule[at]]},{closing},"
            f"{ids[rule[at]]},{stages[place[at]]},{at - begin + opening},false,,,\r\n"
            for at in range(begin, end)
        ]
        if len(told) >= _AT_ONCE:
            yield "".join(told)
            told.clear()
    yield "".join(told)
