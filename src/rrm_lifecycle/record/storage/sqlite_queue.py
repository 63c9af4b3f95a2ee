"""The queue of writers: a lock on a file beside the docket, taken in the order in which writers came."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Final

from filelock import FileLock, Timeout

_POLL: Final = 0.001
"""Seconds between two looks of a waiting writer, where there is no queue but looking."""


class Waited(Exception):
    """Others held the lock for as long as was waited."""


class Queue:
    """A lock on a file, held by one writer of all processes and threads. The file is left in place.

    Where the system has ``flock``, its own queue is used, which serves writers in the order in which they came: writers
    that look again and again, as libraries of locks do, wait ten times as long at worst. Elsewhere such a library is used.

    Args:
        path: The file.
    """

    __slots__ = ("__weakref__", "_number", "_path")

    def __init__(self, path: str) -> None:
        self._path = path
        self._number: int | None = None
        _QUEUES.add(self)

    @contextmanager
    def turn(self, timeout: float) -> Iterator[None]:
        """Wait for a turn, and give it up behind the block.

        Args:
            timeout: Seconds to wait.

        Raises:
            Waited: Others held it for longer.
        """
        if _flock is None:
            with _turn_elsewhere(self._path, timeout):
                yield
            return
        number = self._take(_flock, timeout)
        try:
            yield
        finally:
            if self._number == number:  # in a child of a fork, the turn is the parent's
                _flock(number, _LEAVE)

    def _take(self, flock: Callable[[int, int], None], timeout: float) -> int:
        number = self._number
        if number is None:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            number = self._number = os.open(self._path, flags, 0o666)
        try:
            flock(number, _TAKE | _NOW)
        except BlockingIOError:
            self._wait(_Wait(number, flock), timeout)
        return number

    def _wait(self, wait: _Wait, timeout: float) -> None:
        # No system call waits for a lock and for a clock: a thread waits for the lock, and we for the thread.
        Thread(target=wait.run, name="rrm-queue", daemon=True).start()
        try:
            wait.is_over.wait(timeout)
        except BaseException:
            if wait.leave():
                self._number = None
            else:
                self.close()
            raise
        if wait.leave():
            self._number = None
            raise Waited
        if wait.error is not None:
            raise wait.error

    def close(self) -> None:
        """Close the file, which gives up a turn that this process alone holds."""
        number, self._number = self._number, None
        if number is not None:
            with suppress(OSError):
                os.close(number)


class _Wait:
    """A thread that waits for a lock; whoever started it may leave, and then it closes the file behind itself."""

    def __init__(self, number: int, flock: Callable[[int, int], None]) -> None:
        self.number = number
        self.flock = flock
        self.is_over = Event()
        self.error: OSError | None = None
        self._is_left = False
        self._guard = Lock()

    def run(self) -> None:
        """Wait."""
        try:
            self.flock(self.number, _TAKE)
        except OSError as error:
            self.error = error
        with self._guard:
            self.is_over.set()
            if self._is_left:
                os.close(self.number)

    def leave(self) -> bool:
        """Leave if the wait is not over, and return whether it was not."""
        with self._guard:
            self._is_left = not self.is_over.is_set()
        return self._is_left


@contextmanager
def _turn_elsewhere(path: str, timeout: float) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=timeout, poll_interval=_POLL)
    except Timeout:
        raise Waited from None
    try:
        yield
    finally:
        lock.release()


_QUEUES: Final[weakref.WeakSet[Queue]] = weakref.WeakSet()


def _after_fork() -> None:
    """Close in a child what it inherited: or else a turn of its parent would outlive the parent."""
    for queue in list(_QUEUES):
        queue.close()


_flock: Callable[[int, int], None] | None
try:
    import fcntl
except ImportError:  # Windows
    _flock, _TAKE, _NOW, _LEAVE = None, 0, 0, 0
else:
    _flock, _TAKE, _NOW, _LEAVE = fcntl.flock, fcntl.LOCK_EX, fcntl.LOCK_NB, fcntl.LOCK_UN
    os.register_at_fork(after_in_child=_after_fork)
