"""Work in a process of its own: its CPU seconds, and the most memory that it held beyond what was there before."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from attrs import field, frozen

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@frozen
class Spent:
    """What the work took.

    Attributes:
        seconds: CPU seconds.
        clock: Seconds by the clock.
        before: Bytes resident before it, imports and whatever was made ready included; None where the system does not
            tell.
        peak: The most bytes that were resident meanwhile, beyond those before; None likewise.
        held: Bytes resident behind it, beyond those before, while what it returned was still held; None likewise.
        told: What the work tells of itself.
    """

    seconds: float
    clock: float
    before: int | None
    peak: int | None
    held: int | None
    told: Mapping[str, Any] = field(factory=dict)


def resident(name: str = "VmRSS") -> int | None:
    """Return the bytes of this process that are resident, or with ``VmHWM`` the most that were; None where unknown."""
    if not _STATUS.is_file():
        return None
    for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return None


def _forget_peak() -> None:
    """Let the system count the most resident bytes anew, from here on."""
    if _CLEAR.exists():
        _CLEAR.write_text("5", encoding="ascii")


def _measured(prepare: Callable[..., Callable[[], object]], args: tuple[Any, ...]) -> Spent:
    work = prepare(*args)
    gc.collect()
    _forget_peak()
    before = resident()
    begun, clock = time.process_time(), time.perf_counter()
    held = work()
    seconds, clock = time.process_time() - begun, time.perf_counter() - clock
    high = resident("VmHWM")
    gc.collect()
    after = resident()
    return Spent(
        seconds,
        clock,
        before,
        None if high is None or before is None else max(0, high - before),
        None if after is None or before is None else after - before,
        dict(held) if isinstance(held, Mapping) else {},
    )


def apart(prepare: Callable[..., Callable[[], object]], *args: Any) -> Spent:  # noqa: ANN401 - what the work takes
    """Measure work in a new process.

    Args:
        prepare: A function of a module: makes ready, unmeasured, and returns the work. What the work returns is held while
            memory is read; a mapping comes back as what it tells.
        args: What it takes.
    """
    sys.stdout.flush()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, prepare, args).result()
