"""The map: the stages by phase and the ways between them, drawn in pure Python, as a picture and as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export.graphs import Marks, dot, mermaid
from rrm_lifecycle.histories.aligned import Alignment
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.views.map.content import Map, Pair, of_case, of_table, percent
from rrm_lifecycle.views.map.foot import heading, height_of, key, steps
from rrm_lifecycle.views.map.labels import labels
from rrm_lifecycle.views.map.lines import lines
from rrm_lifecycle.views.map.parts import boxes, endings, grounds
from rrm_lifecycle.views.map.routes import WIDE
from rrm_lifecycle.views.picture import Diagram
from rrm_lifecycle.views.svg import document

if TYPE_CHECKING:
    from rrm_lifecycle.simulation.results import Simulation


def diagram(
    of: object = TABLE,
    *,
    language: str = "en",
    annex: Annex | None = None,
    context: Context | None = None,
    today: date | None = None,
) -> Diagram:
    """Return the map of stages: of the table, of a case or an alignment, or of a simulation.

    A case shows its path, numbered by act, where it stands, and which acts are open. A simulation shows which share of
    its paths goes each way at least once, counted on the first 100,000 paths. Which rules, acts and provisions stand
    behind a line shows where a pointer rests on it, once the SVG is opened by itself; an image in a page is still.

    Args:
        of: The table; a :class:`.Case`; an :class:`.Alignment`; or a :class:`.Simulation`.
        language: ``"en"`` or ``"es"``.
        annex: The Annex whose table is drawn, Annex 31-A if None; for the table alone.
        context: What the table is read with; our defaults if None. A simulation has its own.
        today: For a case, the day of looking: its later acts are left out, and what is open on that day is marked. The
            day of its last act if None.

    Raises:
        EventError: There is no map of such a value, an argument is given that does not belong to it, there are no words
            in the language, or the day is no plain ``datetime.date``.

    Example:
        >>> diagram().width
        900.0
        >>> diagram(Case.start("SLP-2024-01")).alt
        'Map of case SLP-2024-01 under Annex 31-A: no act yet; stands in: assessment.'
    """
    if today is not None:
        exact_day(today, "today")
    if isinstance(of, Alignment):
        of = of.case
    given = {"annex": annex, "context": context, "today": today}
    if isinstance(of, Case):
        _only(given, "a case", "context", "today")
        return _drawn(of_case(of, context or DEFAULT, today, language), of.annex, context or DEFAULT)
    if of is TABLE:
        _only(given, "the table", "annex", "context")
        chosen, context = annex or ANNEX_31A, context or DEFAULT
        return _drawn(of_table(chosen, context.reading, language), chosen, context)
    simulation = _simulation(of)
    if simulation is None:
        msg = f"diagram draws the table, a case, an alignment or a simulation; found {type(of).__name__}"
        raise EventError(msg)
    _only(given, "a simulation")
    from rrm_lifecycle.views.map.shares import of_simulation  # noqa: PLC0415 - needs numpy, which the simulation brought

    case = simulation.from_case
    return _drawn(of_simulation(simulation, language), ANNEX_31A if case is None else case.annex, simulation.context)


def _simulation(of: object) -> Simulation | None:
    """Return the simulation, or None: what is none is told apart without loading numpy."""
    if type(of).__module__ != "rrm_lifecycle.simulation.results":
        return None
    from rrm_lifecycle.simulation.results import Simulation  # noqa: PLC0415 - loaded already

    return of if isinstance(of, Simulation) else None


def _only(given: Mapping[str, Any], what: str, *names: str) -> None:
    foreign = [name for name, value in given.items() if value is not None and name not in names]
    if foreign:
        msg = f"the map of {what} takes {', '.join(names) or 'none of these'}; found {', '.join(foreign)}"
        raise EventError(msg)


def _drawn(shown: Map, annex: Annex, context: Context) -> Diagram:
    svg = document(
        WIDE,
        height_of(shown),
        shown.title,
        shown.alt,
        *grounds(shown.language),
        *lines(shown),
        *boxes(shown),
        *labels(shown),
        *endings(shown),
        *heading(shown),
        *key(shown),
        *steps(shown),
        language=shown.language,
    )
    marks = _marks(shown)
    texts = (form(annex, shown.language, context.reading, marks) for form in (mermaid, dot))
    return Diagram(svg, shown.alt, *texts)


def _marks(shown: Map) -> Marks:
    """Return the marks of the map for its forms as text: numbers of acts before the rules, or shares."""
    gone = {way.pair: ", ".join(map(str, way.numbers)) for way in shown.ways if way.numbers}
    told = {pair: f"{numbers}: {_rules(shown, pair)}" for pair, numbers in gone.items()}
    told |= {way.pair: percent(way.share) for way in shown.ways if way.share is not None}
    return Marks(frozenset(gone), shown.here, told)


def _rules(shown: Map, pair: Pair) -> str:
    return ", ".join(row.id for way in shown.ways if way.pair == pair for row in way.rows)
