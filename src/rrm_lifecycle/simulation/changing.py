"""How a behaviour is changed, and how that is told: what was fitted is not what was made of it afterwards."""

from __future__ import annotations

from textwrap import wrap
from typing import Final, NamedTuple

from rrm_lifecycle.errors import BehaviourError
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.habits import days_of

CHANGED: Final = "; changed: "
"""Stands between what a behaviour rests on and how it was changed."""
BETWEEN: Final = ", "
"""Stands between one change and the next."""
_WIDE: Final = 120


def also(rests_on: str, how: str) -> str:
    """Return what a behaviour rests on, with one change more.

    Example:
        >>> also(also("given by hand", "shares drawn with seed 1"), "days of courses at most 90")
        'given by hand; changed: shares drawn with seed 1, days of courses at most 90'
    """
    return f"{rests_on}{BETWEEN if CHANGED in rests_on else CHANGED}{how}"


def in_lines(told: str) -> str:
    """Return a text that tells what a behaviour rests on, with its changes on lines of their own, of 120 characters at most.

    Example:
        >>> print(in_lines("given by hand; changed: days of courses at most 90"))
        given by hand
        changed: days of courses at most 90
    """
    before, mark, changes = told.partition(CHANGED)
    if not mark:
        return told
    return "\n".join([before, *wrap(f"changed: {changes}", _WIDE, subsequent_indent="  ", break_long_words=False)])


class Change(NamedTuple):
    """What is asked of days; one of these, and the others None.

    Attributes:
        at_most: Whatever would take longer takes this many days.
        at_least: Whatever would be quicker takes this many days.
        exactly: It always takes this many days.
        scale: It takes that many times as long.
        distribution: It takes these days.
    """

    at_most: int | None = None
    at_least: int | None = None
    exactly: int | None = None
    scale: float | None = None
    distribution: Days | None = None

    def of(self, days: Days) -> Days:
        """Return the days as they are changed.

        Raises:
            BehaviourError: Not exactly one change is asked for, or it asks for what no days can be.
        """
        asked = [one for one in self if one is not None]
        if len(asked) != 1:
            msg = f"one of at_most, at_least, exactly, scale and distribution says what changes; found {len(asked)}"
            raise BehaviourError(msg)
        if self.at_most is not None:
            return days.at_most(self.at_most)
        if self.at_least is not None:
            return days.at_least(self.at_least)
        if self.exactly is not None:
            return Days.exactly(self.exactly)
        if self.scale is not None:
            return days.scale(self.scale)
        return days if self.distribution is None else days_of(self.distribution)

    def __str__(self) -> str:
        """Return the change in a few words."""
        if self.distribution is not None:
            return f"given by hand (mean {self.distribution.mean:.6g})"
        if self.scale is not None:
            return f"times {self.scale:.6g}"
        name, value = next((name, value) for name, value in self._asdict().items() if value is not None)
        return f"{name.replace('_', ' ')} {value}"
