"""Questions to a behaviour: a forecast of a case, what each doubt about the text changes, and what a scenario changes.

Each is asked in a process of its own, where everything is imported and nothing was asked before: the first answer is what
a person waits for who opens a notebook; the later ones find what the first one made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from time import perf_counter
from typing import Any, Final

from benchmarks.apart import apart
from benchmarks.harness import Figure, figures_of

CASE: Final = "atento"
"""The shipped history that is forecast."""
_FIRST: Final = date(2025, 3, 1)
_LATER: Final = date(2025, 3, 8)
SEED: Final = 2026
ABOUT: Final = "By the clock, in a fresh process that has imported what it needs and was asked nothing before."

Ask = Callable[[], object]


def _forecasts() -> Mapping[str, Ask]:
    import rrm_lifecycle as rrm  # noqa: PLC0415 - in the process that asks

    history = rrm.histories.load()[CASE]
    return {
        "forecast of a shipped history: the first": lambda: rrm.forecast(history, today=_FIRST),
        "the same, for a week later": lambda: rrm.forecast(history, today=_LATER),
    }


def _sensitivities() -> Mapping[str, Ask]:
    import rrm_lifecycle as rrm  # noqa: PLC0415 - in the process that asks

    return {"sensitivity of the days: the first": rrm.sensitivity}


def _comparisons() -> Mapping[str, Ask]:
    import rrm_lifecycle as rrm  # noqa: PLC0415 - in the process that asks
    from rrm_lifecycle.simulation.scenarios import gallery  # noqa: PLC0415 - likewise

    base = rrm.Behaviour.default()
    several: dict[str, Any] = dict(gallery(base))
    return {
        "compare with the gallery of scenarios: the first": lambda: rrm.compare(base, seed=SEED, **several),
        "the same, with other draws": lambda: rrm.compare(base, seed=SEED + 1, **several),
    }


_QUESTIONS: Final[Mapping[str, Callable[[], Mapping[str, Ask]]]] = {
    "forecast": _forecasts, "sensitivity": _sensitivities, "compare": _comparisons,
}  # fmt: skip


def _asking(name: str) -> Callable[[], Mapping[str, float]]:
    import rrm_lifecycle.simulation.forecasting  # noqa: PLC0415 - what everybody has imported who asks
    import rrm_lifecycle.simulation.scenarios  # noqa: PLC0415 - likewise
    import rrm_lifecycle.simulation.sensitivity  # noqa: F401, PLC0415 - likewise

    several = _QUESTIONS[name]()

    def ask() -> Mapping[str, float]:
        told = {}
        for question, one in several.items():
            begun = perf_counter()
            one()
            told[question] = (perf_counter() - begun) * 1e6
        return told

    return ask


def _asked(name: str, times: int) -> list[Figure]:
    """Return what a question takes, in microseconds, in so many processes."""
    rows = [apart(_asking, name).told for _ in range(times)]
    return figures_of({question: [float(row[question]) for row in rows] for question in rows[0]})


def forecast(rounds: int) -> list[Figure]:
    """Measure a forecast, in microseconds."""
    return _asked("forecast", max(1, min(5, rounds // 2)))


def sensitivity(rounds: int) -> list[Figure]:
    """Measure a sensitivity, in microseconds; it takes long, so that few rounds have to do."""
    return _asked("sensitivity", max(1, min(2, rounds // 5)))


def compare(rounds: int) -> list[Figure]:
    """Measure a comparison with the gallery of scenarios, in microseconds."""
    return _asked("compare", max(1, min(3, rounds // 4)))
