"""How far long work has come: a bar of tqdm, or whatever a caller has in its place.

Work that is done in parts takes ``progress``: ``True`` for a bar, in a notebook as in a terminal; or a function of the parts
done so far and of all of them, for a bar of one's own. It shows nothing if that is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rrm_lifecycle.errors import EventError, MissingExtra

Progress = Callable[[int, int], object]
"""Called with how much is done, and how much there is to do."""


def shown(progress: Progress | bool | None, what: str, unit: str = "") -> Progress | None:  # noqa: FBT001 - yes, no, or a function of one's own
    """Return what shows how far work has come; None where nothing is to be shown.

    Args:
        progress: Whether to show a bar; or a function that shows it otherwise, which is returned as it is.
        what: What is done, as the bar says it.
        unit: What is counted, such as ``" paths"``.

    Raises:
        EventError: Neither yes, no, nor a function.
        MissingExtra: A bar is asked for, and tqdm is not installed.

    Example:
        >>> shown(None, "simulating") is None, shown(print, "simulating") is print
        (True, True)
    """
    if progress is None or progress is False:
        return None
    if progress is True:
        return _bar(what, unit)
    if not callable(progress):
        msg = f"progress is True for a bar, or a function of what is done and of how much there is; found {progress!r}"
        raise EventError(msg[:400])
    return progress


def _bar(what: str, unit: str) -> Progress:
    try:
        tqdm = import_module("tqdm.auto").tqdm
    except ImportError:
        raise MissingExtra(extra="notebook", feature="progress bars") from None
    bar = None

    def show(done: int, of: int) -> None:
        nonlocal bar
        if bar is None:  # the total is known with the first part
            bar = tqdm(total=of, desc=what, unit=unit or "it", unit_scale=of > 9_999, leave=False)
        bar.update(done - bar.n)
        if done >= of:
            bar.close()

    return show
