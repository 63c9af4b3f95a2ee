"""Who is faster at what, and by how much, neighbour by neighbour: made from the figures of a run, where we lose included.

The numbers are medians over rounds of the ratio in one round. Within a tenth, two are called level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from benchmarks.measured import Result, ratio_of, row, rows_of, told

_LEVEL: Final = 1.1


@frozen
class Match:
    """Work at which we are compared with neighbours.

    Attributes:
        work: What is done.
        suite: The suite, or the report, that measures it.
        ours: What the name of our contender begins with.
        part: The part of the report; empty for a suite.
        rivals: What the name of a neighbour's contender begins with; any, if empty.
        variant: What is said of each rival; what its name says, if empty.
    """

    work: str
    suite: str
    ours: str
    part: str = ""
    rivals: str = ""
    variant: str = ""


MATCHES: Final = (
    Match("an act, ruled and folded", "neighbours-step", "ours: decide + evolve, real acts"),
    Match("an act, ruled, folded and filed", "neighbours-step", "ours: decide + evolve + file"),
    Match("a new case", "neighbours-case", "ours: Case.start"),
    Match("start of a process, ours with a first ruling", "startup", "import rrm_lifecycle and first decide",
          rivals="import "),
    Match("an append to SQLite", "append-neighbours", "ours: store.append"),
    Match("an append to SQLite, 100 a commit", "append-neighbours-100", "ours: store.append"),
    Match("an append to PostgreSQL", "append-postgres", "ours: store.append"),
    Match("an append to PostgreSQL, 100 a commit", "append-postgres-100", "ours: store.append"),
    Match("verifying a record", "verify-record", "verify:"),
    Match("paths of the chain", "paths", "ours: lanes", "chain"),
    Match("paths of the fitted program", "paths", "ours: lanes", "fitted"),
    Match("exact answers, chain", "exact", "ours: everything, chain", rivals="numpy, the mean alone by (I - Q)^-1, chain",
          variant="the mean alone"),
    Match("exact answers, fitted program", "exact", "ours: everything, fitted",
          rivals="numpy, the mean alone by (I - Q)^-1, fitted", variant="the mean alone"),
)  # fmt: skip
_LOG: Final = "event log of simulated cases, as CSV"
_SHARE: Final = "four writers, commits in all"
_MEMORY: Final = "memory of a case"

_NAMES: Final = (
    ("import attrs", ""), ("import rrm", ""), ("import transitions", "transitions"), ("import automat", "automat"),
    ("import django_fsm", "django-fsm-2"), ("import eventsourcing", "eventsourcing"), ("import sismic", "sismic"),
    ("import statemachine", "python-statemachine"), ("import xstate", "xstate-statemachine"),
    ("transitions", "transitions"), ("floor: a dict", "a dictionary"), ("floor: frozen attrs", "attrs"),
    ("automat", "automat"), ("django-fsm-2", "django-fsm-2"), ("eventsourcing", "eventsourcing"),
    ("xstate-statemachine", "xstate-statemachine"), ("sismic", "sismic"), ("python-statemachine", "python-statemachine"),
    ("sqlite3", "sqlite3"), ("bare sqlite3", "sqlite3"), ("SQLAlchemy", "SQLAlchemy"), ("psycopg", "psycopg"),
    ("a bare loop over SHA-256", "hashlib"), ("csv.writer", "csv"), ("numpy", "numpy"), ("plain Python", "plain Python"),
    ("simpy", "simpy"), ("numba", "numba"), ("quantecon", "quantecon"), ("cimba", "cimba"), ("heormodel", "heormodel"),
    ("mesa", "mesa"), ("salabim", "salabim"), ("ciw", "ciw"), ("pydtmc", "pydtmc"), ("pm4py", "pm4py"),
    ("prosimos", "prosimos"), ("ours", ""), ("decide", ""), ("a bare interpreter", ""),
)  # fmt: skip
"""To which neighbour a contender belongs, by what its name begins with; to none where it is ours, or no neighbour."""


def neighbour_of(contender: str) -> str:
    """Return the neighbour to which a contender belongs; empty where it is none.

    Raises:
        KeyError: The contender is not known: the table above needs a line for it.

    Example:
        >>> neighbour_of("transitions: locked"), neighbour_of("simpy, a process a case"), neighbour_of("ours: lanes")
        ('transitions', 'simpy', '')
    """
    for begins, name in _NAMES:
        if contender.startswith(begins):
            return name
    raise KeyError(contender)


def _variant(contender: str, neighbour: str) -> str:
    """Return what tells a contender from others of its neighbour; empty where its name says no more."""
    if contender.startswith(("import ", "a bare loop", "floor: ", "bare sqlite3")):
        return ""
    rest = re.sub(r"^[\s:,]+", "", contender.removeprefix(neighbour))
    return "" if rest == contender else rest


@frozen
class Verdict:
    """How many times as long, or as much, a neighbour takes as we do.

    Attributes:
        neighbour: The neighbour.
        work: What is done.
        variant: What tells its contender from others of the neighbour; empty where there is nothing to tell.
        times: What it takes, in what we take: above 1 we are faster.
    """

    neighbour: str
    work: str
    variant: str
    times: float


def verdicts(result: Result) -> Iterator[Verdict]:
    """Yield every comparison that a result holds."""
    for match in MATCHES:
        ours = row(result, match.suite, match.ours, match.part)
        if ours is None:
            continue
        for one in rows_of(result, match.suite, match.part):
            name = _rival(one)
            if name and one["name"].startswith(match.rivals):
                yield Verdict(name, match.work, match.variant or _variant(one["name"], name), ratio_of(ours, one))
    yield from _others(result)


def _rival(one: Mapping[str, Any]) -> str:
    """Return the neighbour of a figure; empty where the figure is ours."""
    return "" if one["name"].startswith("verify:") else neighbour_of(one["name"])


def _others(result: Result) -> Iterator[Verdict]:
    """Yield what reports of another shape hold: memory, writers, event logs."""
    held = told(result, "neighbours-memory") or {}
    ours = held.get("ours: Case.start")
    for contender, size in held.items():
        if ours and (name := neighbour_of(contender)):
            yield Verdict(name, _MEMORY, _variant(contender, name), size / ours)
    queue = told(result, "writers", "ours, in a queue", "commits a second")
    bare = told(result, "writers", "bare sqlite3, waiting for the lock", "commits a second")
    if queue and bare:
        yield Verdict("sqlite3", _SHARE, "", queue / bare)
    logs = {name: told(result, "event-log", name, "points") for name in ("csv", "csv.writer, rows that are there")}
    if all(logs.values()):
        mine, theirs = (points[-1]["seconds"] for points in logs.values())
        yield Verdict("csv", _LOG, "", theirs / mine)


def table(result: Result) -> str | None:
    """Return who is faster at what, a neighbour a row, in Markdown; None where nothing was compared.

    Args:
        result: A result.
    """
    found: dict[str, tuple[list[Verdict], list[Verdict], list[Verdict]]] = {}
    for one in verdicts(result):
        cells = found.setdefault(one.neighbour, ([], [], []))
        cells[2 if 1 / _LEVEL <= one.times <= _LEVEL else 0 if one.times > 1 else 1].append(one)
    if not found:
        return None
    lines = ["| neighbour | we are faster, or smaller | it is faster, or smaller | level, within a tenth |",
             "| --- | --- | --- | --- |"]  # fmt: skip
    lines += [
        f"| {name} | {_cell(won, exact=True)} | {_cell(lost, exact=True)} | {_cell(level, exact=False)} |"
        for name, (won, lost, level) in found.items()
    ]
    return "\n".join(lines)


def _cell(several: list[Verdict], *, exact: bool) -> str:
    """Return a cell: each work once, with how many times for each contender, or with their names alone."""
    by_work: dict[str, list[str]] = {}
    for one in several:
        words = [times(max(one.times, 1 / one.times))] if exact else []
        words += [f"({one.variant})"] if one.variant else []
        by_work.setdefault(one.work, []).append(" ".join(words))
    return "; ".join(f"{work}{': ' if exact else ' '}{', '.join(words)}".strip() for work, words in by_work.items())


def times(value: float) -> str:
    """Return how many times, with two figures that count.

    Example:
        >>> times(1.52), times(26.4), times(1534.0)
        ('1.5 times', '26 times', '1,500 times')
    """
    return f"{float(f'{value:.2g}'):,.0f} times" if value >= 10 else f"{value:.1f} times"
