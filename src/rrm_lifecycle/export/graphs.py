"""The table as a picture in text: Mermaid and DOT, the stages grouped by phase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.export.model import DEFAULT, stands
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.wording import label

_MARKS: Final = {
    "#": "#35;", ";": "#59;", ":": "#58;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "\n": " ", "\r": " ",
    "{": "#123;", "}": "#125;", "[": "#91;", "]": "#93;", "|": "#124;", "`": "#96;", "%": "#37;",
}  # fmt: skip


def edges(annex: Annex = ANNEX_31A, reading: Reading | None = None) -> dict[tuple[Stage, Stage], tuple[str, ...]]:
    """Return which rows lead from one stage to another; a row that stays where it is leads nowhere.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.
    """
    found: dict[tuple[Stage, Stage], list[str]] = {}
    for row in TABLE:
        if isinstance(row.to, Stage) and stands(row, annex, reading or DEFAULT):
            for stage in row.stages:
                if isinstance(stage, Stage):
                    found.setdefault((stage, row.to), []).append(row.id)
    return {pair: tuple(rows) for pair, rows in sorted(found.items(), key=lambda item: _order(*item[0]))}


def _order(one: Stage, other: Stage) -> tuple[int, int]:
    order = tuple(Stage)
    return order.index(one), order.index(other)


# ---- Mermaid ---------------------------------------------------------------------------------------------------------
def mermaid(annex: Annex = ANNEX_31A, language: str = "en", reading: Reading | None = None) -> str:
    """Return the table as a state diagram of Mermaid; the ids of the rows stand on the arrows.

    Args:
        annex: The Annex.
        language: Language of the names of stages and phases.
        reading: The reading; our default if None.

    Example:
        >>> mermaid().splitlines()[0]
        'stateDiagram-v2'
    """
    return "\n".join([*_mermaid(annex, language, reading), ""])


def _mermaid(annex: Annex, language: str, reading: Reading | None) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"  [*] --> {Stage.ASSESSMENT.value}"
    for phase in Phase:
        yield f'  state "{for_mermaid(label(phase, language))}" as phase_{phase.value} {{'
        for stage in _of(phase):
            yield f'    state "{for_mermaid(label(stage, language))}" as {stage.value}'
        yield "  }"
    for (one, other), rows in edges(annex, reading).items():
        yield f"  {one.value} --> {other.value} : {for_mermaid(', '.join(rows))}"
    yield f"  {Stage.CLOSED.value} --> [*]"


def for_mermaid(text: str) -> str:
    """Return text in which nothing has a meaning for Mermaid.

    Example:
        >>> for_mermaid('a "b": <c>')
        'a #quot;b#quot;#58; #lt;c#gt;'
    """
    return "".join(_MARKS.get(mark, mark) for mark in text)


def _of(phase: Phase) -> Iterator[Stage]:
    return (stage for stage in Stage if stage.phase is phase)


# ---- DOT -------------------------------------------------------------------------------------------------------------
def dot(annex: Annex = ANNEX_31A, language: str = "en", reading: Reading | None = None) -> str:
    """Return the table as a graph in DOT, the language of Graphviz; the ids of the rows stand on the arrows.

    Args:
        annex: The Annex.
        language: Language of the names of stages and phases.
        reading: The reading; our default if None.

    Example:
        >>> dot().splitlines()[0]
        'digraph "Annex 31-A" {'
    """
    return "\n".join([*_dot(annex, language, reading), ""])


def _dot(annex: Annex, language: str, reading: Reading | None) -> Iterator[str]:
    yield f"digraph {for_dot(str(annex))} {{"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style=rounded, fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=10];'
    for phase in Phase:
        yield f"  subgraph cluster_{phase.value} {{"
        yield f"    label={for_dot(label(phase, language))};"
        for stage in _of(phase):
            shape = ", peripheries=2" if stage is Stage.CLOSED else ""
            yield f"    {stage.value} [label={for_dot(label(stage, language))}{shape}];"
        yield "  }"
    for (one, other), rows in edges(annex, reading).items():
        yield f"  {one.value} -> {other.value} [label={for_dot(', '.join(rows))}];"
    yield "}"


def for_dot(text: str) -> str:
    r"""Return text as a quoted string of DOT, in which no escape has a meaning.

    Example:
        >>> print(for_dot('a "b" \\N'))
        "a \"b\" \\N"
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("\n", " ").replace("\r", " ") + '"'
