"""What SOURCE means: histories, a docket, or a record; told apart by how they begin, never by their names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal

from rrm_lifecycle import histories
from rrm_lifecycle.errors import EventError, StorageError
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.reader import safe
from rrm_lifecycle.record.storage.places import POSTGRESQL

PUBLIC: Final = "public"
"""The word for the histories that the library ships, where a file could stand."""
_SQLITE: Final = b"SQLite format 3\x00"
_RECORD: Final = b'{"body":'


class Kind(Enum):
    """What a source is."""

    HISTORIES = "histories"
    DOCKET = "docket"
    RECORD = "record"


def kind_of(source: str) -> Kind:
    """Return what a source is, by how it begins.

    Raises:
        OSError: There is no such file, or it cannot be read.
    """
    if source.startswith(POSTGRESQL):
        return Kind.DOCKET
    if source == PUBLIC:
        return Kind.HISTORIES
    with Path(source).open("rb") as file:
        start = file.read(len(_SQLITE))
    if start == _SQLITE:
        return Kind.DOCKET
    return Kind.RECORD if start.startswith(_RECORD) else Kind.HISTORIES


def load(source: str, **options: Any) -> Histories:  # noqa: ANN401 - passed on
    """Return the histories of a source."""
    return histories.load(None if source == PUBLIC else Path(source), **options)


@contextmanager
def docket_of(source: str, *, verify: Literal["full", "head", "no"] = "no", **options: Any) -> Iterator[Docket]:  # noqa: ANN401 - passed on
    """Open a docket that is there, or the docket in memory that a record makes.

    Raises:
        EventError: The source holds histories, which no docket keeps yet.
        StorageError: There is no such docket.
    """
    if not source.startswith(POSTGRESQL):
        if source != PUBLIC and not Path(source).exists():
            told = safe(source)
            msg = f"there is no docket {told}: make it with `rrm open {told}`"
            raise StorageError(msg)
        kind = kind_of(source)
        if kind is Kind.RECORD:
            docket = Docket.in_memory()
            docket.import_jsonl(source, progress=progress(f"reading {source}"))
            yield docket
            return
        if kind is not Kind.DOCKET:
            msg = f"{source} holds histories, no docket: take them up with `rrm import DB {source}`"
            raise EventError(msg)
    with Docket.open(source, verify=verify, **options) as docket:
        yield docket


def progress(what: str) -> Callable[[int, int], None] | None:
    """Return what shows how far long work has come, on a terminal; None in a pipe."""
    if not sys.stderr.isatty():
        return None
    last = -1

    def show(done: int, of: int) -> None:
        nonlocal last
        share = 100 * done // of if of else 0
        if share != last:
            last = share
            end = "\r\x1b[K" if done >= of else ""
            sys.stderr.write(f"\r{what}: {share} %{end}")
            sys.stderr.flush()

    return show
