"""R20: several threads on one docket, round by round, with conflicts, refusals, readings and checks in between."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from rrm_lifecycle.record.docket import Docket
from tests.reliability.conftest import MEMORY
from tests.reliability.threads import ROUNDS, Threads


class InMemory(Threads):
    """Threads on a docket in memory."""

    def opened(self) -> Docket:
        """Return an empty docket in memory."""
        return Docket.in_memory()


class InFile(Threads):
    """Threads on a docket in a file."""

    def opened(self) -> Docket:
        """Return an empty docket in a file of a new folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="rrm-", dir=MEMORY)
        return Docket.open(Path(self._folder.name) / "docket.db")

    def again(self) -> Docket:
        """Return the docket in the file."""
        return Docket.open(Path(self._folder.name) / "docket.db")

    def teardown(self) -> None:
        """Close, and take the folder away."""
        super().teardown()
        self._folder.cleanup()


@pytest.mark.parametrize("machine", [InMemory, InFile])
def test_threads(machine: type[Threads]) -> None:
    """Nothing is lost and nothing is there twice; numbers have no gap; every error is a loss or a refusal."""
    run_state_machine_as_test(machine, settings=ROUNDS)
