"""Every suite and every report by its name, which is also the name of its block on the page of figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from attrs import frozen

from benchmarks import (
    aligning,
    appending,
    core,
    drawing,
    exporting,
    growing,
    growth,
    imports,
    keeping,
    memory,
    neighbours,
    questions,
    serving,
    simulating,
    storing,
    walkers,
)  # fmt: skip
from benchmarks.harness import Figure


@frozen
class Suite:
    """Contenders that run in turn, round by round.

    Attributes:
        name: Its name: lower case, with hyphens.
        title: What stands above its table.
        unit: What is measured.
        run: Takes the number of rounds, and returns a figure for each contender; none where there is nothing to measure.
        about: What a reader has to know, above the table.
    """

    name: str
    title: str
    unit: str
    run: Callable[[int], list[Figure]]
    about: str = ""


@frozen
class Report:
    """Measurements of another shape.

    Attributes:
        name: Its name: lower case, with hyphens.
        title: What it is called.
        run: Returns its text as Markdown, under a heading, and its figures.
    """

    name: str
    title: str
    run: Callable[[], tuple[str, Any]]


def suites(*, quick: bool) -> tuple[Suite, ...]:
    """Return the suites, in the order in which they run.

    Args:
        quick: Whether sizes are small.
    """
    sizes = (1_000, 10_000) if quick else (1_000, 10_000, 100_000)
    return (
        Suite("step", "A step", "µs a step", core.step),
        Suite("neighbours-step", "A step, beside the neighbours", "µs a step", neighbours.step, neighbours.ABOUT),
        Suite("case", "A new case", "µs a case", core.start),
        Suite("neighbours-case", "A new case, beside the neighbours", "µs a case", neighbours.creation),
        Suite("replay", "Replay", "µs an entry", core.folding),
        Suite("verify-record", "Verify a record", "µs an entry", keeping.verification),
        Suite("startup", "Start of a process", "ms a process", imports.startup),
        Suite("align-shipped", "Align a shipped history", "µs a history", aligning.shipped),
        Suite("align-generated", "Align a generated history", "µs a history", aligning.patchy),
        Suite("exact", "Exact answers", "ms", simulating.exact),
        Suite("first-million", "From nothing to a million paths", "ms a process", simulating.first),
        Suite("append", "Durable appends, SQLite, one act a commit", "µs an act", storing.sqlite),
        Suite("append-100", "Durable appends, SQLite, 100 acts a commit", "µs an act", storing.large),
        Suite("append-postgres", "Durable appends, PostgreSQL, one act a commit", "µs an act", serving.postgres),
        Suite("append-postgres-100", "Durable appends, PostgreSQL, 100 acts a commit", "µs an act", serving.large),
        Suite("append-neighbours", "Durable appends beside SQLAlchemy, one act a commit", "µs an act", appending.appends),
        Suite("append-neighbours-100", "Durable appends beside SQLAlchemy, 100 a commit", "µs an act", appending.large),
        Suite("verify-docket", "Verify a docket", "µs an entry", storing.verification),
        Suite("open-case", "Open a case of 50 entries", "µs a case", partial(storing.opening, sizes=sizes)),
        Suite(
            "agenda", "Agenda of a docket", "µs a case", partial(storing.due, cases=1_000 if quick else 10_000)
        ),
        Suite("drawing", "A lawful case drawn by the testing kit", "µs of CPU a case", drawing.drawing),
        Suite("forecast", "A forecast", "ms", questions.forecast, questions.ABOUT),
        Suite("sensitivity", "What each doubt about the text changes", "ms", questions.sensitivity, questions.ABOUT),
        Suite("compare", "What scenarios change", "ms", questions.compare, questions.ABOUT),
    )  # fmt: skip


def reports(rounds: int, *, quick: bool) -> tuple[Report, ...]:
    """Return the reports, in the order in which they run.

    Args:
        rounds: How many rounds those take that have some.
        quick: Whether sizes are small.
    """
    return (
        Report("memory-case", "Memory of a live case", _memory),
        Report("neighbours-memory", "Memory of a live case, beside the neighbours",
               partial(neighbours.held, 200 if quick else 2_000)),
        Report("memory-live", "Memory of many live cases", partial(memory.live, quick=quick)),
        Report("exports", "Exports, each format", partial(exporting.formats, rounds)),
        Report("event-log", "Event log of simulated cases", partial(exporting.logs, quick=quick)),
        Report("align-growth", "Alignment of generated histories", partial(aligning.growth, quick=quick)),
        Report("paths", "Paths a CPU second", partial(simulating.paths, rounds, quick=quick)),
        Report("shared-draws", "What shared draws save",
               partial(simulating.shared_draws, 100_000 if quick else 1_000_000)),
        Report("writers", "Four writing processes", partial(storing.writers, 1.0 if quick else 10.0)),
        Report("growth", "Growth", partial(growth.growth, quick=quick)),
        Report("growth-case", "Growth of a case", partial(growing.cases, quick=quick)),
        Report("growth-append", "Growth of a store", partial(growing.appends, quick=quick)),
        Report("growth-exact", "Growth of exact answers", partial(growing.exact, quick=quick)),
        Report("growth-exports", "Growth of exports", partial(growing.exports, quick=quick)),
        Report("workers", "Several workers", partial(growth.workers, quick=quick)),
        Report("docket-million", "Dockets of up to a million entries", partial(memory.million, quick=quick)),
    )  # fmt: skip


_PARTS: Final = (aligning, appending, drawing, growth, neighbours, serving, storing, walkers)


def missing() -> list[str]:
    """Return what is not there to measure against, by the name under which it is installed."""
    found = {one for part in _PARTS for one in part.missing()}
    return sorted(found, key=str.casefold)


def _memory() -> tuple[str, dict[str, float]]:
    found = core.bytes_a_case()
    lines = ["### Memory of a live case", "", "| contender | bytes |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {name} | {size:.0f} |" for name, size in found.items()]), found
