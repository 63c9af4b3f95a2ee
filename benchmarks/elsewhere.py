"""Libraries that walk paths in a Python of their own: their dependencies clash with ours, or their licence keeps them out.

Each is asked through a pipe, by ``ask_walker.py``; its CPU seconds are counted where it runs. A variable names the Python:
``RRM_CIMBA_PYTHON``, ``RRM_PM4PY_PYTHON``, ``RRM_PROSIMOS_PYTHON``, ``RRM_PYDTMC_PYTHON``; without it, this one is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np

from rrm_lifecycle.simulation.program import WHOLE, Program

VARIABLES: Final = {
    "cimba": "RRM_CIMBA_PYTHON", "pm4py": "RRM_PM4PY_PYTHON", "prosimos": "RRM_PROSIMOS_PYTHON",
    "pydtmc": "RRM_PYDTMC_PYTHON",
}  # fmt: skip
"""For each library the variable that names a Python which has it."""
_SCRIPT: Final = Path(__file__).with_name("ask_walker.py")
_LONGEST: Final = 60
"""Seconds that a Python is given to say whether it has a library."""


class ElsewhereError(RuntimeError):
    """The other Python ended before it answered."""


@cache
def version_of(name: str, python: str | None = None) -> str | None:
    """Return the version of a library in its Python; None where that has none, or where there is no such Python.

    Args:
        name: The library.
        python: The Python that is asked, unless the variable of the library names it.
    """
    asked = [python or python_of(name), "-c", f"from importlib.metadata import version; print(version({name!r}))"]
    try:
        done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=_LONGEST)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def python_of(name: str) -> str:
    """Return the Python that is asked for a library."""
    return os.environ.get(VARIABLES[name]) or sys.executable


def has(name: str) -> bool:
    """Return whether the Python of a library has it."""
    return version_of(name, python_of(name)) is not None


def versions() -> dict[str, str]:
    """Return the versions of those that are there."""
    found = {name: version_of(name, python_of(name)) for name in VARIABLES}
    return {name: version for name, version in found.items() if version is not None}


def plain(program: Program) -> dict[str, Any]:
    """Return a program whose places do not read the weekday as plain values: for each place its moves, and their days."""
    onward: list[list[tuple[int, float]]] = []
    stay: list[list[tuple[list[int], list[float]]]] = []
    cuts = program.offsets[1:-1]
    rows = zip(*(np.split(one, cuts) for one in (program.target, program.days, program.units)), strict=True)
    for target, days, units in rows:
        places = sorted(set(target.tolist()))
        onward.append([(to, float(units[target == to].sum() / WHOLE)) for to in places])
        stay.append([(days[target == to].tolist(), (units[target == to] / WHOLE).tolist()) for to in places])
    return {"start": program.start, "onward": onward, "stay": stay}


class Elsewhere:
    """A walk in another Python.

    Attributes:
        seconds: CPU seconds of the last walk, counted there.
    """

    def __init__(self, name: str, program: Program) -> None:
        """Begin the other Python, and tell it the program."""
        self.seconds = 0.0
        self._name = name
        self._running = subprocess.Popen(  # noqa: S603 - our own script
            [python_of(name), "-I", str(_SCRIPT), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        self._tell(json.dumps(plain(program)))

    def __call__(self, n: int) -> float:
        """Walk so many paths, and return the mean of their days.

        Raises:
            ElsewhereError: The other Python ended.
        """
        self._tell(str(n))
        line = cast("IO[str]", self._running.stdout).readline()
        if not line:
            self._fail()
        told = json.loads(line)
        self.seconds = float(told["seconds"])
        return float(told["mean"])

    def close(self) -> None:
        """End the other Python."""
        self._running.kill()
        self._running.communicate()

    def _tell(self, line: str) -> None:
        given = cast("IO[str]", self._running.stdin)
        try:
            given.write(line + "\n")
            given.flush()
        except BrokenPipeError:
            self._fail()

    def _fail(self) -> None:
        last = self._running.communicate()[1].splitlines()[-3:]
        raise ElsewhereError(f"{self._name} ended with {self._running.returncode}: {' '.join(last)}")


def walker(name: str) -> Callable[[Program], Elsewhere]:
    """Return what makes the walk of a library."""
    return lambda program: Elsewhere(name, program)
