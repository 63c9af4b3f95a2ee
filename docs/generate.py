"""Write the reference pages from the law pages and the front door, and a skeleton page for each public case.

``python docs/generate.py`` writes what is missing or out of date; with ``--check`` it changes nothing, and exits with 1
where a page is out of date.
"""

from __future__ import annotations

import re
import sys
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import rrm_lifecycle as rrm
from rrm_lifecycle import histories
from rrm_lifecycle.export import FORMATS
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.provisions import PROVISIONS
from rrm_lifecycle.law.readings import NO_CHOICE, Reading, choices
from rrm_lifecycle.law.rulebook import ELSEWHERE, NOT_MODELLED
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import TERMS
from rrm_lifecycle.law.version import RULEBOOK_VERSION
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views.map.diagram import diagram
from rrm_lifecycle.views.rows import conditions, guard_text, stages_text
from rrm_lifecycle.views.timeline.draw import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrm_lifecycle.histories.alignment import Alignment
    from rrm_lifecycle.law.rows import Row
    from rrm_lifecycle.law.terms import Term
    from rrm_lifecycle.views.picture import Diagram

DOCS: Final = Path(__file__).parent
BY_HAND: Final = "<!-- by hand: what stands below this line is kept -->"
_MOST_EDGES: Final = 4
"""A row of more stages than these is one that nearly every stage has: it would hide the diagram."""

_ROOMS: Final = {
    "Deciding and folding": (
        "case.engine",
        "case.case",
        "case.agenda",
        "case.context",
        "case.register",
        "case.deadlines",
    ),
    "Who and what a case is about": ("case.claim", "law.annexes", "law.stages"),
    "What is kept, and JSON": (
        "record.entry",
        "record.filed",
        "record.docket",
        "record.kept",
        "record.course",
        "record.sealed",
        "record.chain",
        "record.proof.receipts",
        "record.proof.keys",
        "record.proof.extract",
        "record.recheck",
        "record.wire",
    ),
    "The law": ("law.table", "law.customs", "law.rows", "law.provisions", "law.terms", "law.readings", "law.wording"),
    "Counting days": ("case.calendars",),
    "Simulation": (
        "simulation.montecarlo",
        "simulation.results",
        "simulation.behaviour",
        "simulation.days",
        "simulation.answers",
        "simulation.forecasting",
        "simulation.foreseen",
        "simulation.gallery",
        "simulation.scenarios",
        "simulation.sensitivity",
        "simulation.survival",
        "simulation.recipe",
    ),
    "Pictures": ("views.map.diagram", "views.timeline.draw", "views.picture"),
    "The public record": ("histories.dataset", "histories.alignment", "case.impact", "about"),
    "Errors": ("errors",),
}
"""The headings of the page of public names, each with the modules whose names stand below it."""


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headers) + " |", "|" + " --- |" * len(headers)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


_HELD: Final = (
    "record.entry.Opening", "record.entry.EntryKind", "record.filed.Note", "record.filed.Secret", "sealing.Sealed",
    "record.past.AsOf", "record.storage.stores.Store", "record.storage.stores.Draft", "record.storage.stores.Head", "record.storage.stores.Query",
    "record.storage.standing.Standing", "record.storage.memory.MemoryStore", "record.storage.sqlite.SqliteStore", "record.storage.postgres.PostgresStore",
    "record.storage.postgres.ddl", "simulation.habits.Habit", "simulation.program.Program", "simulation.program.Place",
    "simulation.tables.Table", "simulation.durations.Durations", "simulation.agreement.Agreement", "simulation.exact.Exact", "record.filed.Confidence", "record.recheck.Differs", "law.readings.Choice",
    "law.guards.Within", "law.guards.Waited", "law.guards.Lapsed", "law.guards.BarOver", "law.guards.Ended",
    "law.guards.Fact", "law.guards.Force", "law.guards.Asks", "law.words_en.ENGLISH",
    "histories.dataset.load", "histories.dataset.from_rows", "histories.dataset.Edition",
    "histories.alignment.Statement", "histories.alignment.Remark", "histories.alignment.Deviation",
    "histories.alignment.Alternative", "histories.vocabulary.EventType", "histories.vocabulary.FinalStatus", "histories.vocabulary.Confidence",
)  # fmt: skip
"""What stands inside of the public names and modules, and people meet there."""

_VALUES: Final = {
    "ANNEX_31A": "Annex 31-A: the United States and Mexico.",
    "ANNEX_31B": "Annex 31-B: Canada and Mexico.",
    "CUSTOMS": "The table of the customs hold.",
    "ENGLISH": "The English catalogue: text by key.",
    "NOT_STATED": "What a field holds where the record does not state it. It is asked about, and never bars.",
    "PROVISIONS": "Every provision that the pages cite.",
    "TABLE": "The transition table of a case.",
    "TERMS": "Every time limit.",
}
"""What the public names are that are neither a class nor a function."""


def _words(text: object) -> str:
    """Return text with everything escaped that Markdown would take for its own."""
    return re.sub(r"([\\`*_\[\]<>#~$])", r"\\\1", str(text))


def _made(title: str, text: str, *parts: str) -> str:
    note = "Made by `docs/generate.py` from the law pages; edit those, not this page."
    return "\n\n".join((f"# {title}", note, text, *parts)) + "\n"


def _after(row: Row) -> str:
    """Return where a case stands after a row, how it closed, and what the row sets."""
    told = [label(row.to) if row.to is not None else "stays"]
    if row.closes:
        told.append(f"closes as {label(row.closes)}")
    if row.sets:
        told += [f"sets {name.replace('_', ' ')}: {value.replace('_', ' ')}" for name, value in row.sets.items()]
    return "; ".join(told)


def _terms(terms: Sequence[Term]) -> str:
    return "every limit" if set(terms) == set(TERMS) else ", ".join(label(term) for term in terms)


def _heading(row: Row) -> str:
    place = row.stages[0]
    if isinstance(place, Hold):
        return "The customs hold"
    if len(row.stages) > _MOST_EDGES or place is Stage.CLOSED:
        return "At any stage"
    return label(place.phase).capitalize()


def table_page(annex: str) -> str:
    """Return the page of the transition table under an Annex, a table for each phase."""
    text = (
        f"Law pages of version `{RULEBOOK_VERSION}`. In a stage, who does what; then in which stage. Rows are tried "
        "from the top; the first whose conditions hold applies. A condition marked *noted* never refuses an act: it "
        "leaves a finding. Every row also needs the treaty to be in force, and the days of a case to be in order. "
        "What each row rests on: *text*, *secondary*, or *unconfirmed* (a setting: `Reading(without={...})` switches it "
        "off)."
    )
    headers = ("rule", "in stage", "who", "does", "then", "requires", "starts", "stops", "as provided in", "rests on")
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in (*TABLE, *CUSTOMS):
        if row.only is not None and row.only not in ANNEXES[annex].parties:
            continue
        asks = [*conditions(row), *(guard_text(guard) for guard in row.requires)]
        cells = (
            f"`{row.id}`", stages_text(row), label(row.who), f"`{row.event.__name__}`", _after(row), "; ".join(asks),
            _terms(row.starts), _terms(row.stops), row.provision.cite(annex), label(row.rests_on),
        )  # fmt: skip
        found.setdefault(_heading(row), []).append(cells)
    parts = [part for heading, rows in found.items() for part in (f"## {heading}", _table(headers, rows))]
    return _made(f"The table under Annex {annex}", text, *parts)


def terms_page() -> str:
    """Return the page of the terms."""
    rows = [
        (
            f"`{term.name}`",
            label(term),
            "the day in the act" if term.runs_to else f"{term.value} {label(term.unit)}" if term.unit else "",
            label(term.kind),
            label(term.who),
            term.provision.in_31a,
            term.rule,
            label(term.number),
            label(term.unit_rests_on),
            term.in_force_from.isoformat() if term.in_force else "off unless a reading sets it",
        )
        for term in TERMS
    ]
    headers = (
        "name",
        "words",
        "length",
        "kind",
        "who",
        "provision",
        "rule",
        "number rests on",
        "unit rests on",
        "in force from",
    )
    text = (
        "The day of the act that starts a limit is not counted: day 1 is the day after, and the last day counts even "
        "on a Sunday. A reading may set any term otherwise: `Reading(terms=[REPLY.set(12)])`."
    )
    return _made("Time limits", text, _table(headers, rows))


def provisions_page() -> str:
    """Return the page of the provisions with the rules that cite them."""
    rows = []
    for one in PROVISIONS:
        cited = [row.id for row in (*TABLE, *CUSTOMS) if row.provision is one]
        asked = [row.id for row in (*TABLE, *CUSTOMS) if any(guard.provision is one for guard in row.requires)]
        terms = [term.name for term in TERMS if term.provision is one]
        rows.append((one.in_31a, one.in_31b, one.about, ", ".join(cited), ", ".join(asked), ", ".join(terms)))
    headers = ("Annex 31-A", "Annex 31-B", "about", "rows", "conditions in rows", "terms")
    not_modelled = [(rule, reason) for rule, reason in NOT_MODELLED.items()]
    elsewhere = [(rule, where) for rule, where in ELSEWHERE.items()]
    return _made(
        "Provisions",
        "Each provision with the rows, conditions and terms that cite it.",
        _table(headers, rows),
        "## Rules of the rulebook whose home is not a row of their own",
        _table(("rule", "where"), elsewhere),
        "## Rules of the rulebook that are not modelled",
        _table(("rule", "why"), not_modelled),
    )


def readings_page() -> str:
    """Return the page of the readings."""
    default = Reading()

    def shown(name: str) -> str:
        value = getattr(default, name)
        return f"`{name}={str(value)!r}`" if isinstance(value, str) else f"`{name}={value}`"

    rows = [
        (one.ambiguity, one.question, shown(name), one.readings[0], one.readings[1], one.why)
        for name, one in choices().items()
    ]
    headers = ("ambiguity", "question", "field and default", "our default", "the other reading", "why")
    none = [(name, reason) for name, reason in NO_CHOICE.items()]
    text = "Where the text leaves a choice. `Reading()` is our default; each entry keeps what differs from it."
    return _made(
        "Readings",
        text,
        _table(headers, rows),
        "## Ambiguities that change nothing here",
        _table(("ambiguity", "why"), none),
    )


def _picture(name: str, drawn: Diagram) -> str:
    return f"![{_words(drawn.alt)}]({name}.svg)"


def stages_page() -> str:
    """Return the page of phases, stages, closings and the hold, with a diagram."""
    stages = [(label(one.phase), f"`{one.name}`", one.code, label(one), label(one, "es")) for one in Stage]
    closings = [(f"`{one.name}`", label(one), label(one, "es")) for one in Closing]
    holds = [(f"`{one.name}`", one.code, label(one), label(one, "es")) for one in Hold]
    text = (
        "Where a case can stand, and the ways between, each by its rule. `rrm.diagram()` draws this map, in English or Spanish, "
        "as SVG, Mermaid or DOT; of a case it shows the way that was taken, of a simulation the share of each way."
    )
    return _made(
        "Phases and stages",
        text,
        _table(("phase", "stage", "code in the rulebook", "English", "Spanish"), stages),
        _picture("map", diagram()),
        "## How a case closes",
        _table(("closing", "English", "Spanish"), closings),
        "## The customs hold",
        _table(("hold", "code in the rulebook", "English", "Spanish"), holds),
    )


def _documented(module: str, name: str) -> str:
    home = f"rrm_lifecycle.{module}"
    value = getattr(import_module(home), name)
    if isinstance(value, type):
        members = ["   :members:"]
        if issubclass(value, Enum):
            members.append("   :undoc-members:")
        return "\n".join((f".. autoclass:: {value.__module__}.{name}", *members))
    if callable(value):
        return f".. autofunction:: {value.__module__}.{value.__name__}"
    return f".. py:data:: {home}.{name}\n\n   {_VALUES[name]}"


def api_page() -> str:
    """Return the page of the public names, each below the heading of its module."""
    names: dict[str, list[str]] = {}
    for name in rrm.__all__:
        value = getattr(rrm, name)
        module = rrm._WHERE.get(name)  # noqa: SLF001 - the list of where names live is the package's own
        if module is not None and value is not None:
            names.setdefault(module, []).append(name)
    parts = []
    left = set(names)
    for heading, modules in _ROOMS.items():
        parts.append(f"## {heading}")
        for module in modules:
            left.discard(module)
            parts += [f"```{{eval-rst}}\n{_documented(module, name)}\n```" for name in names.get(module, ())]
    events = "```{eval-rst}\n.. automodule:: rrm_lifecycle.case.events\n   :members:\n```"
    left.discard("case.events")
    parts.append("## What stands inside of these")
    for path in _HELD:
        module, _, name = path.rpartition(".")
        parts.append(f"```{{eval-rst}}\n{_documented(module, name)}\n```")
    if left:
        msg = f"public names of {', '.join(sorted(left))} have no heading: add their modules to _ROOMS"
        raise ValueError(msg)
    text = (
        "The front door is `import rrm_lifecycle as rrm`; events stand in `rrm_lifecycle.events`. Each name loads on "
        "first use. What does not stand here is no part of what we [keep stable](../explanation/stability.md)."
    )
    return _made("Public names", text, *parts, "## Events", events).replace(
        "from the law pages; edit those", "from the code; edit that"
    )


_CHECKED: Final = {
    "mermaid": "mermaid's own parser", "dot": "Graphviz", "scxml": "python-statemachine", "xstate": "XState 5 on Node",
    "pnml": "pm4py", "promela": "Spin", "prism": "Storm", "xes": "pm4py", "csv": "pandas", "ocel": "pm4py",
    "icalendar": "icalendar", "wire-schema": "jsonschema", "history-schema": "jsonschema",
}  # fmt: skip
"""By format: the tool that reads it back in our tests."""


def exports_page() -> str:
    """Return the page of the formats of other tools."""
    rows = [
        (f"`{one.name}`", one.says, one.takes.value, f"`{one.suffix}`", ", ".join(one.options), _CHECKED[one.name])
        for one in FORMATS.values()
    ]
    text = (
        "`rrm export SOURCE --to FORMAT` in the shell, `rrm_lifecycle.export.export(format, source, ...)` in code. The same "
        "source gives the same bytes, and each value is written so that the format takes it for nothing else. *Made of*: the "
        "table; a program, which a behaviour compiles to; a log, of cases, alignments, a docket or a simulation; an agenda; or "
        "nothing. What each was checked with is told in [How the suite is built](../explanation/testing.md)."
    )
    return _made(
        "Exports",
        text,
        _table(("format", "is", "made of", "ending", "options", "read back by"), rows),
        "```{eval-rst}\n.. autofunction:: rrm_lifecycle.export.export\n```",
        "```{eval-rst}\n.. autofunction:: rrm_lifecycle.export.frames.frame\n```",
    ).replace("from the law pages; edit those", "from the code; edit that")


def testing_page() -> str:
    """Return the page of the kit for whoever tests what is built on the library."""
    named = (
        "cases.case_at", "asserts.assert_admitted", "asserts.assert_refused", "machine.CaseMachine", "contract.StoreContract",
        "visits.visited", "visits.Visits",
    )  # fmt: skip
    parts = [
        f"```{{eval-rst}}\n{_documented('testing.' + module, name)}\n```"
        for module, name in (one.split(".") for one in named)
    ]
    return _made(
        "The testing kit",
        "`from rrm_lifecycle import testing`; it needs the extra `test`. See [Test your tracker](../how-to/test-your-tracker.md).",
        *parts,
        "## Strategies",
        "```{eval-rst}\n.. automodule:: rrm_lifecycle.testing.strategies\n   :members:\n   :imported-members:\n```",
        "## Courses",
        *(
            f"```{{eval-rst}}\n{_documented('case.paths', name)}\n```"
            for name in ("shortest", "paths", "simple", "covering")
        ),
    ).replace("from the law pages; edit those", "from the code; edit that")


def case_page(one: Alignment) -> str:
    """Return the skeleton of the page of a public case: dates, what is implied, notes, sources."""
    history = one.history
    head = [
        ("facility", _words(history.facility)), ("company", _words(history.company or "not stated")),
        ("place", _words(", ".join(filter(None, (history.city, history.state))) or "not stated")),
        ("sector", label(history.sector) if history.sector else "not stated"),
        ("complainant, respondent", f"{label(history.complainant)}, {label(history.respondent)}"),
        ("petitioner", _words(history.petitioner or "not stated")), ("stage", label(one.case.stage)),
        ("closed as", label(one.case.closing) if one.case.closing else "open"),
        ("last look", history.as_of.isoformat()),
    ]  # fmt: skip
    events = [
        (
            event.type.value.replace("_", " "),
            event.date.isoformat() if event.date else " to ".join(str(day) for day in event.known or ("not known",)),
            _words(event.note or ""),
            f"<{event.source_url}>" if event.source_url else "",
            event.confidence.value if event.confidence else "",
        )
        for event in history.events
    ]
    return "\n\n".join((
        f"# {_words(history.facility)}",
        _table(("", ""), head),
        "## The public record",
        _table(("event", "day", "note", "source", "confidence"), events),
        "## The case in time",
        _picture(history.id, timeline(one)),
        "## Played through the table",
        "```text\n" + str(one) + "\n```",
        BY_HAND,
    ))  # fmt: skip


def pages() -> dict[Path, str]:
    """Return every generated page by its path."""
    made = {
        DOCS / "reference" / "table-31-a.md": table_page("31-A"),
        DOCS / "reference" / "table-31-b.md": table_page("31-B"),
        DOCS / "reference" / "terms.md": terms_page(),
        DOCS / "reference" / "provisions.md": provisions_page(),
        DOCS / "reference" / "readings.md": readings_page(),
        DOCS / "reference" / "stages.md": stages_page(),
        DOCS / "reference" / "map.svg": diagram().svg,
        DOCS / "reference" / "api.md": api_page(),
        DOCS / "reference" / "exports.md": exports_page(),
        DOCS / "reference" / "testing.md": testing_page(),
    }
    aligned = align_all(histories.load())
    for one in aligned:
        path = DOCS / "cases" / f"{one.history.id}.md"
        kept = path.read_text(encoding="utf-8").partition(BY_HAND)[2].strip() if path.exists() else ""
        made[path] = case_page(one) + "\n" + (f"\n{kept}\n" if kept else "")
        made[path.with_suffix(".svg")] = timeline(one).svg
    index = [
        (
            f"[{_words(one.history.facility)}]({one.history.id}.md)",
            label(one.case.stage),
            label(one.case.closing) if one.case.closing else "open",
            str(len(one.notes)),
            str(len(one.deviations)),
        )
        for one in aligned
    ]
    listing = "\n".join(f"{one.history.id}" for one in aligned)
    made[DOCS / "cases" / "index.md"] = (
        "# Public cases\n\nEach case of the public record: its dates with their sources, played through the table.\n\n"
        + _table(("facility", "stage", "closed as", "notes", "deviations"), index)
        + "\n\n```{toctree}\n:hidden:\n\n" + listing + "\n```\n"
    )  # fmt: skip
    return made


def main(words: Sequence[str]) -> int:
    """Write or check the pages; return the exit status."""
    made = pages()
    late = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in words:
        for path in late:
            print(f"out of date: {path.relative_to(DOCS.parent)}; run python docs/generate.py", file=sys.stderr)
        return 1 if late else 0
    for path in late:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    print(f"{len(late)} pages written, {len(made) - len(late)} up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
