"""What SOURCE means: histories, a docket, a record, a saved simulation; told apart by how they begin, not by names."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal

from rrm_lifecycle import histories
from rrm_lifecycle.cli import QUIET
from rrm_lifecycle.errors import EventError, MissingExtra, StorageError
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.reader import safe
from rrm_lifecycle.record.storage.places import POSTGRESQL

PUBLIC: Final = "public"
"""The word for the histories that the library ships, where a file could stand."""
TABLE: Final = "table"
"""The word for the law pages, where a file could stand."""
_SQLITE: Final = b"SQLite format 3\x00"
_RECORD: Final = b'{"body":'
_RECIPE: Final = re.compile(rb'\s*\{\s*"rrm_recipe"')
_START: Final = 64


class Kind(Enum):
    """What a source is."""

    HISTORIES = "histories"
    DOCKET = "docket"
    RECORD = "record"
    RECIPE = "recipe"
    TABLE = "table"


_TOLD: Final = {
    Kind.DOCKET: "a docket",
    Kind.RECORD: "a record",
    Kind.RECIPE: "a saved simulation",
    Kind.TABLE: "the word for the law pages",
}


def kind_of(source: str) -> Kind:
    """Return what a source is, by how it begins.

    Raises:
        OSError: There is no such file, or it cannot be read.
    """
    if source.startswith(POSTGRESQL):
        return Kind.DOCKET
    if source in {PUBLIC, TABLE}:
        return Kind.HISTORIES if source == PUBLIC else Kind.TABLE
    with Path(source).open("rb") as file:
        start = file.read(_START)
    if start.startswith(_SQLITE):
        return Kind.DOCKET
    if start.startswith(_RECORD):
        return Kind.RECORD
    return Kind.RECIPE if _RECIPE.match(start) else Kind.HISTORIES


def load(source: str, **options: Any) -> Histories:  # noqa: ANN401 - passed on
    """Return the histories of a source.

    Raises:
        EventError: It holds something else.
    """
    if source != PUBLIC and Path(source).is_file():
        kind = kind_of(source)
        if kind is not Kind.HISTORIES:
            msg = (
                f"{safe(source)} is {_TOLD[kind]}, and this is asked of histories: a file of them, or the word {PUBLIC}"
            )
            raise EventError(msg)
    return histories.load(None if source == PUBLIC else Path(source), **options)


@contextmanager
def docket_of(source: str, *, verify: Literal["full", "head", "no"] = "no", **options: Any) -> Iterator[Docket]:  # noqa: ANN401 - passed on
    """Open a docket that is there, or the docket in memory that a record makes.

    Raises:
        EventError: The source holds histories, which no docket keeps yet; or it is no case at all.
        StorageError: There is no such docket.
    """
    if not source.startswith(POSTGRESQL):
        if source not in {PUBLIC, TABLE} and not Path(source).exists():
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
            if kind is not Kind.HISTORIES:
                msg = f"{safe(source)} is {_TOLD[kind]}, which holds no case: name histories, a docket or a record"
            raise EventError(msg)
    with Docket.open(source, verify=verify, **options) as docket:
        yield docket


def progress(what: str) -> Progress | None:
    """Return what shows how far long work has come, on a terminal; None in a pipe, and where it was asked to be quiet.

    A bar of tqdm where that is installed, and a share of a hundred on the bare install.
    """
    if QUIET.get() or not sys.stderr.isatty():
        return None
    try:
        return shown(progress=True, what=what)
    except MissingExtra:
        return _share(what)


def _share(what: str) -> Progress:
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
