"""The default behaviour with few different days, so that its program is built in a moment."""

from __future__ import annotations

from functools import cache

import attrs

from rrm_lifecycle.simulation.behaviour import Behaviour


@cache
def coarse() -> Behaviour:
    """Return the default behaviour with three lengths for each act, and courses of 180 days."""
    fitted = Behaviour.default().with_course(exactly=180)
    stages = {
        stage: {name: attrs.evolve(habit, days=habit.days.thinned(3)) for name, habit in habits.items()}
        for stage, habits in fitted.stages.items()
    }
    return attrs.evolve(fitted, stages=stages)
