"""Lines in the order of their keys, however many there are: what is beyond some thousands waits in temporary files.

A format that wants its events by time, across all cases, can so be written in little memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from heapq import merge
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Final

MOST: Final = 5_000
"""How many lines are held in memory."""
_MOST_FILES: Final = 16
"""How many files are merged at a time, so that few of them are open, and no line is written often."""
_KEY: Final = itemgetter(0)

Line = tuple[str, str]
"""A key and a line."""


class Sorting:
    r"""Lines that are sorted by their keys once all of them are there; those of one key stay in the order of adding.

    Args:
        most: How many lines are held in memory.

    Example:
        >>> several = Sorting()
        >>> for key, line in (("b", "1"), ("a", "2"), ("b", "0")):
        ...     several.add(key, line)
        >>> list(several)
        [('a', '2'), ('b', '1'), ('b', '0')]
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: list[Line] = []
        self._files: list[list[IO[str]]] = []  # those that were merged once are older than those that never were

    def add(self, key: str, line: str) -> None:
        """Add a line, which holds no line break, as JSON holds none."""
        self._held.append((key, line))
        if len(self._held) >= self._most:
            self._put_away(sorted(self._held, key=_KEY), 0)
            self._held.clear()

    def _put_away(self, lines: Iterable[Line], merged: int) -> None:
        """Write lines to a file of those that were merged so often; merge these once more when they are many."""
        # A file lives as long as its lines are asked for, and has no name that another could open.
        file = TemporaryFile("w+", encoding="ascii", newline="\n")  # noqa: SIM115 - see above
        self._files += [[]] if merged == len(self._files) else []
        self._files[merged].append(file)
        file.writelines(f"{json.dumps(key)}\t{line}\n" for key, line in lines)
        if len(self._files[merged]) >= _MOST_FILES:
            self._put_away(merge(*map(_read, self._files[merged]), key=_KEY), merged + 1)
            _close(self._files[merged])

    def __iter__(self) -> Iterator[Line]:
        """Yield keys and lines, and forget them; to be asked for once."""
        oldest_first = [_read(file) for files in reversed(self._files) for file in files]
        try:
            yield from merge(*oldest_first, sorted(self._held, key=_KEY), key=_KEY)
        finally:
            self.close()

    def close(self) -> None:
        """Forget all lines."""
        self._held.clear()
        for files in self._files:
            _close(files)


def _read(file: IO[str]) -> Iterator[Line]:
    file.seek(0)
    for text in file:
        key, _, line = text.partition("\t")
        yield json.loads(key), line[:-1]


def _close(files: list[IO[str]]) -> None:
    for file in files:
        file.close()
    files.clear()
