"""Import: a fresh interpreter each time, against a bare one."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from benchmarks.harness import Contender, Figure, race

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_DECIDE = (
    "from datetime import date; import rrm_lifecycle as rrm; from rrm_lifecycle import events as did; "
    "rrm.decide(rrm.Case.start('a'), did.ReviewAccepted(date(2024, 4, 10)))"
)
_PROGRAMS = {
    "a bare interpreter": "pass",
    "import rrm_lifecycle": "import rrm_lifecycle",
    "import attrs, transitions, msgspec": "import attrs, transitions, msgspec",
    "import rrm_lifecycle and first decide": _FIRST_DECIDE,
}


_NEIGHBOURS = (
    "transitions", "automat", "django_fsm", "eventsourcing.application", "sismic.interpreter", "statemachine",
    "xstate_statemachine",
)  # fmt: skip
"""What users of the neighbours import, where it is installed."""


_KEEPS_BYTECODE = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Bytecode is kept, as pip leaves it: the first round, which is not counted, compiles what was not."""


def _runner(program: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", program], check=True, env=_KEEPS_BYTECODE)  # noqa: S603 - our own words


def startup(rounds: int) -> list[Figure]:
    """Measure the start of a process, in microseconds."""
    there = {f"import {one}": f"import {one}" for one in _NEIGHBOURS if find_spec(one.partition(".")[0])}
    contenders = [Contender(name, _runner(program)) for name, program in {**_PROGRAMS, **there}.items()]
    return race(contenders, rounds=rounds, least=0)
