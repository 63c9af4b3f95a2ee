"""What several checks share: random runs of acts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import pytest

from tests.independent.walks import walks_of

collect_ignore_glob = ["ask_*.py"]  # programs for another Python, which import what this one has not
RUNS = 10_000


@cache
def _made() -> list[Any]:
    half = RUNS // 2
    with ProcessPoolExecutor(2) as two:
        return [run for several in two.map(walks_of, ((0, half), (half, RUNS))) for run in several]


@pytest.fixture(scope="session")
def runs() -> Callable[[], list[Any]]:
    """Return what makes 10,000 random runs of acts, as ``decide`` rules on them, when it is first called."""
    return _made
