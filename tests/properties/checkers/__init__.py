"""The 44 invariants of the rulebook, each as a function that looks for what breaks it in a finished run of acts.

None of them asks the table or its guards: each reads days, stages and what the acts say, and counts again.
"""

from tests.properties.checkers import hold, panel, remedies, request, review
from tests.properties.checkers.run import CHECKERS

__all__ = ["CHECKERS", "hold", "panel", "remedies", "request", "review"]
