"""Strategies of Hypothesis for every public value. Needs the extra ``test``.

Each shrinks to what is easy to read: the shortest course without waits, our reading, a plant that is covered. The profile
``rrm`` is registered here: ``hypothesis.settings.load_profile("rrm")``.

    >>> from rrm_lifecycle.testing import strategies
    >>> strategies.cases(stage="verifying").example().stage  # doctest: +SKIP
    <Stage.VERIFYING: 'verifying'>
"""

from __future__ import annotations

from rrm_lifecycle.testing.acts import (
    any_events,
    early_events,
    events,
    late_events,
    lawful_events,
    wrong_actor_events,
)
from rrm_lifecycle.testing.courses import Course, cases, closed_cases, courses
from rrm_lifecycle.testing.drawing import PROFILE
from rrm_lifecycle.testing.records import Tampered, dockets, records, tampered_records
from rrm_lifecycle.testing.told import Told, histories, patchy_histories
from rrm_lifecycle.testing.values import (
    calendars,
    claims,
    contexts,
    days,
    facilities,
    readings,
    registers,
    starts,
)

__all__ = [
    "PROFILE",
    "Course",
    "Tampered",
    "Told",
    "any_events",
    "calendars",
    "cases",
    "claims",
    "closed_cases",
    "contexts",
    "courses",
    "days",
    "dockets",
    "early_events",
    "events",
    "facilities",
    "histories",
    "late_events",
    "lawful_events",
    "patchy_histories",
    "readings",
    "records",
    "registers",
    "starts",
    "tampered_records",
    "wrong_actor_events",
]
