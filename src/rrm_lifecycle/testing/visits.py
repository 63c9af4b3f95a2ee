"""What examples visit: a report of rows and stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import ROWS
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.testing.courses import Course
from rrm_lifecycle.testing.drawing import hypothesis

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@frozen
class Visits:
    """What some examples visited.

    Attributes:
        examples: How many examples there were.
        rows: In how many of them each row was used, by its id.
        stages: How many of them went through each stage.
        acts: How many acts they have together.
    """

    examples: int
    rows: Mapping[str, int] = field(repr=False)
    stages: Mapping[Stage, int] = field(repr=False)
    acts: int

    @property
    def unused(self) -> tuple[str, ...]:
        """The rows that no example used, in the order of the table."""
        return tuple(row.id for row in ROWS if not self.rows.get(row.id))

    def __str__(self) -> str:
        """Return the report: a line a stage, a line a row, counted to a thousand examples."""
        per = 1000 / max(1, self.examples)
        lines = [f"{self.examples} examples, {self.acts} acts; visits per 1,000 examples:"]
        lines += [f"  {stage.value:<24} {self.stages.get(stage, 0) * per:7.1f}" for stage in Stage]
        lines += [f"  {row.id:<24} {self.rows.get(row.id, 0) * per:7.1f}" for row in ROWS]
        return "\n".join([*lines, f"never used: {', '.join(self.unused) or 'none'}"])


def visited(drawn: SearchStrategy[Case] | SearchStrategy[Course], *, examples: int = 1000) -> Visits:
    """Return which rows and stages the examples of a strategy visit: the same each time.

    Args:
        drawn: A strategy for cases or courses.
        examples: How many examples are drawn.
    """
    rows: Counter[str] = Counter()
    stages: Counter[Stage] = Counter()
    counts = [0, 0]

    @hypothesis.settings(
        max_examples=examples, database=None, deadline=None, derandomize=True, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(drawn)
    def look(one: Case | Course) -> None:
        case = one.case if isinstance(one, Course) else one
        counts[0] += 1
        counts[1] += len(case.acts)
        rows.update({entry.rule for entry in case.acts if entry.rule})
        stages.update({Stage.ASSESSMENT, *(entry.to for entry in case.acts if isinstance(entry.to, Stage))})

    look()
    return Visits(counts[0], dict(rows), dict(stages), counts[1])
