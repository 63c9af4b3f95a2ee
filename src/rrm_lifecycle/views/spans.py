"""How long a case stood in each stage and phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.entry import Track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rrm_lifecycle.case.case import Case


def stays(case: Case, until: date) -> Iterator[tuple[Stage, date, date]]:
    """Yield each stage that a case stood in after its first act, from which day to which; the last one to ``until``."""
    stage = first = None
    for entry in case.acts:
        if entry.track is Track.HOLD or not isinstance(entry.to, Stage):
            continue
        day = entry.act.on
        if stage is not None and first is not None and entry.to is not stage:
            yield stage, first, day
        if entry.to is not stage:
            stage, first = entry.to, day
    if stage is not None and first is not None and stage is not Stage.CLOSED:
        yield stage, first, max(first, until)


def days_in_phases(case: Case, until: date) -> dict[Phase, int | None]:
    """Return the days that a case stood in each phase; None for a phase that it never reached."""
    days: dict[Phase, int | None] = dict.fromkeys(Phase)
    for stage, first, last in stays(case, until):
        days[stage.phase] = (days[stage.phase] or 0) + (last - first).days
    return days
