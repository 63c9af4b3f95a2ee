"""The table as a picture in text: Mermaid and DOT, the stages grouped by phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from attrs import frozen

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


@frozen
class Marks:
    """What is marked on the picture of the table.

    Attributes:
        path: The ways gone, each from a stage to one; one that the table does not provide for is drawn as well.
        here: Where the case stands; None where it is no case that is drawn.
        labels: What stands on a way instead of the ids of its rows.
    """

    path: AbstractSet[tuple[Stage, Stage]] = frozenset()
    here: Stage | None = None
    labels: Mapping[tuple[Stage, Stage], str] | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages on the path, and where the case stands."""
        gone = {stage for pair in self.path for stage in pair} | ({self.here} if self.here is not None else set())
        return tuple(stage for stage in Stage if stage in gone)


_NOTHING: Final = Marks()


def _drawn(annex: Annex, reading: Reading | None, marks: Marks) -> Iterator[tuple[Stage, Stage, str]]:
    """Yield each way that is drawn, with its label."""
    found = edges(annex, reading)
    extra = sorted((pair for pair in marks.path if pair not in found), key=lambda pair: _order(*pair))
    for pair in (*found, *extra):
        told = ", ".join(found.get(pair, ()))
        yield *pair, told if marks.labels is None else marks.labels.get(pair, told)


# ---- Mermaid ---------------------------------------------------------------------------------------------------------
def mermaid(
    annex: Annex = ANNEX_31A, language: str = "en", reading: Reading | None = None, marks: Marks = _NOTHING
) -> str:
    """Return the table as a state diagram of Mermaid; the ids of the rows stand on the arrows.

    Args:
        annex: The Annex.
        language: Language of the names of stages and phases.
        reading: The reading; our default if None.
        marks: What is marked: the path of a case, shares of a simulation.

    Example:
        >>> mermaid().splitlines()[0]
        'stateDiagram-v2'
    """
    return "\n".join([*_mermaid(annex, language, reading, marks), ""])


def _mermaid(annex: Annex, language: str, reading: Reading | None, marks: Marks) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"  [*] --> {Stage.ASSESSMENT.value}"
    for phase in Phase:
        yield f'  state "{for_mermaid(label(phase, language))}" as phase_{phase.value} {{'
        for stage in _of(phase):
            yield f'    state "{for_mermaid(label(stage, language))}" as {stage.value}'
        yield "  }"
    for one, other, told in _drawn(annex, reading, marks):
        yield f"  {one.value} --> {other.value}" + (f" : {for_mermaid(told)}" if told else "")
    yield f"  {Stage.CLOSED.value} --> [*]"
    if marks.stages:
        yield "  classDef path stroke:#2f6690,stroke-width:3px"
        yield f"  class {','.join(stage.value for stage in marks.stages)} path"
    if marks.here is not None:
        yield "  classDef here fill:#2f6690,color:#ffffff,stroke:#2f6690,stroke-width:3px"
        yield f"  class {marks.here.value} here"


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
def dot(annex: Annex = ANNEX_31A, language: str = "en", reading: Reading | None = None, marks: Marks = _NOTHING) -> str:
    """Return the table as a graph in DOT, the language of Graphviz; the ids of the rows stand on the arrows.

    Args:
        annex: The Annex.
        language: Language of the names of stages and phases.
        reading: The reading; our default if None.
        marks: What is marked: the path of a case, shares of a simulation.

    Example:
        >>> dot().splitlines()[0]
        'digraph "Annex 31-A" {'
    """
    return "\n".join([*_dot(annex, language, reading, marks), ""])


def _dot(annex: Annex, language: str, reading: Reading | None, marks: Marks) -> Iterator[str]:
    yield f"digraph {for_dot(str(annex))} {{"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style=rounded, fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=10];'
    for phase in Phase:
        yield f"  subgraph cluster_{phase.value} {{"
        yield f"    label={for_dot(label(phase, language))};"
        for stage in _of(phase):
            shape = ", peripheries=2" if stage is Stage.CLOSED else ""
            shape += ", penwidth=3" if stage in marks.stages else ""
            shape += ', style="rounded,filled", fillcolor="#2f6690", fontcolor="#ffffff"' if stage is marks.here else ""
            yield f"    {stage.value} [label={for_dot(label(stage, language))}{shape}];"
        yield "  }"
    for one, other, told in _drawn(annex, reading, marks):
        gone = ", penwidth=3" if (one, other) in marks.path else ""
        yield f"  {one.value} -> {other.value} [label={for_dot(told)}{gone}];"
    yield "}"


def for_dot(text: str) -> str:
    r"""Return text as a quoted string of DOT, in which no escape has a meaning.

    Example:
        >>> print(for_dot('a "b" \\N'))
        "a \"b\" \\N"
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("\n", " ").replace("\r", " ") + '"'
