"""The contract of stores, as anybody derives it; and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Store
from rrm_lifecycle.testing.contract import StoreContract


class TestMemory(StoreContract):
    """Our store in memory keeps the contract."""

    def open(self, *, clock: Callable[[], datetime] | None = None, log: str | None = None) -> Store:
        """Return a new store."""
        return MemoryStore(clock=clock, log=log)


class Careless(StoreContract):
    """A store that keeps every entry twice."""

    def open(self, *, clock: Callable[[], datetime] | None = None, log: str | None = None) -> Store:
        """Return a new store."""
        store = MemoryStore(clock=clock, log=log)
        read = store.read
        store.read = lambda case_id, after=0: read(case_id, after) * 2  # type: ignore[method-assign, assignment]
        return store


def test_finds() -> None:
    """A store that is careless fails at a clause."""
    with pytest.raises(AssertionError):
        Careless().test_chain()
