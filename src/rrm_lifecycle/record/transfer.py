"""Records out of a store and into another, byte for byte, one case at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO, Final

from rrm_lifecycle.errors import RecordDamaged, StorageError
from rrm_lifecycle.record.chain import Record, dumps, records_in
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.reader import safe
from rrm_lifecycle.record.storage.stores import Draft, Store

AHEAD: Final = timedelta(hours=1)
"""How far the clock of the log that a record comes from may go ahead of ours."""


def export_records(store: Store, target: str | os.PathLike[str] | BinaryIO, *, disclose: bool = False) -> int:
    """Write every record of a store, attempts too, one behind the other; return how many entries.

    Raises:
        StorageError: The file is there already, or cannot be written.
    """
    entries = 0
    with _opened(target, "xb") as file:
        for head in list(store.heads()):
            filed = store.read(head.case_id)
            file.write(dumps(filed, store.secrets(head.case_id) if disclose else ()))
            entries += len(filed)
        file.flush()
    return entries


def import_records(
    store: Store,
    source: str | os.PathLike[str] | BinaryIO,
    *,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[str]:
    """Take up records, each verified to its last line before anything of it is kept; yield the id of each.

    A record that was filed keeps its bytes and hashes, and the name of the log that it was filed in. One that was written
    from a bare case was never filed: its entries are filed now.
    """
    entries = 0
    with _opened(source, "rb") as file:
        size = _size(file)
        for record in records_in(file):
            case_id = record.chain.case_id
            _take_up(store, record)
            entries += len(record.filed)
            if progress is not None:
                progress(file.tell() if size else entries, size or 0)
            yield case_id


def _take_up(store: Store, record: Record) -> None:
    filed: tuple[Filed, ...] = record.filed
    last = filed[-1].recorded
    if last is None:
        store.append([Draft(one.entry, one.note) for one in filed], after=None, case=record.chain.case)
    elif last > store.now() + AHEAD:
        # No entry is recorded earlier than the one before it: one of the future would move all that follow there.
        msg = f"the record of case {record.chain.case_id} says that it was filed at {last}, which is not yet: set the clock"
        raise RecordDamaged(msg)
    else:
        store.put(filed, record.secrets, record.chain.case)


def _size(file: BinaryIO) -> int | None:
    try:
        at = file.tell()
        size = file.seek(0, os.SEEK_END)
        file.seek(at)
    except OSError:
        return None
    return size


@contextmanager
def _opened(target: str | os.PathLike[str] | BinaryIO, mode: str) -> Iterator[BinaryIO]:
    if not isinstance(target, str | os.PathLike):
        yield target
        return
    try:
        with open(target, mode) as file:  # noqa: PTH123 - a mode that is given, of a file that may be any path
            yield file  # type: ignore[misc]  # the mode is binary
    except FileExistsError:
        msg = f"{safe(os.fspath(target))} is there already, and nothing is written over: choose another name"
        raise StorageError(msg) from None
    except OSError as error:
        msg = f"{safe(os.fspath(target))} cannot be used: {error.strerror or error}"
        raise StorageError(msg) from error
