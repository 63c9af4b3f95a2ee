"""Profiles of the property tests.

``ci`` draws the same examples every time; ``long`` draws many and anew, and is run by hand::

    HYPOTHESIS_PROFILE=long python -m pytest tests/properties tests/histories
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Cases are built by playing acts, which is slower than drawing numbers: the deadline and the check for slow data would
# measure the machine, not the library.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "long", deadline=None, max_examples=5_000, stateful_step_count=80, suppress_health_check=[HealthCheck.too_slow]
)
# Mutation runs each test twice in one process, and a few examples kill what many would.
settings.register_profile(
    "mutation",
    derandomize=True,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
