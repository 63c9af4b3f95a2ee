"""What a record says after it was read and filed again: nothing may be lost on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from rrm_lifecycle.record.filed import Filed, file

Path = tuple[str | int, ...]

EMPTY: Final[tuple[Any, ...]] = (None, "", [], {}, False)
UNREAD: Final[frozenset[str]] = frozenset()
"""Keys at the top of a body that a reader may pass over; ``test_bodies.TestUnread`` has a test for each."""


def is_empty(value: Any) -> bool:
    """Return whether a value says nothing: it is empty, or all that it holds is."""
    return value in EMPTY or (isinstance(value, dict) and all(map(is_empty, value.values())))


def lost(told: Any, again: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the places where a body says something that is not said once it was read and filed again.

    What is empty may be left out: absent and empty say the same.
    """
    if isinstance(told, dict) and isinstance(again, dict):
        for key, one in told.items():
            if key in again:
                yield from lost(one, again[key], (*path, key))
            elif not is_empty(one):
                yield (*path, key)
    elif isinstance(told, list) and isinstance(again, list) and len(told) == len(again):
        for number, (one, other) in enumerate(zip(told, again, strict=True)):
            yield from lost(one, other, (*path, number))
    elif told != again:
        yield path


def filed_again(one: Filed) -> Filed:
    """Return an entry as a store would file it from what was read: no key may be lost on the way, and none be added."""
    return file(
        one.entry, seq=one.seq, prev=one.prev, log=one.log, recorded=one.recorded, clock=one.clock, note=one.note
    )


def lost_of(one: Filed) -> Iterator[Path]:
    """Yield the places where the body of an entry says what its reader passed over."""
    for path in lost(json.loads(one.body), json.loads(filed_again(one).body)):
        if path[0] not in UNREAD:
            yield path
