"""Colour on a terminal: what is late, what is due soon and where a case stands; the words say the same without it.

The shell runs on the bare install, and this is all that it needs of a terminal, so that no library of a hundred modules is
brought in for it. Whether to colour is asked as Python itself asks: ``NO_COLOR``, then ``FORCE_COLOR``, then the terminal.
"""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TextIO

from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.wording import label, text
from rrm_lifecycle.views.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

SOON: Final = 7
"""So many days before its last day, a limit is due soon."""


class Tone(StrEnum):
    """What a colour says; the value is its number in the escape sequence (ECMA-48)."""

    LATE = "1;31"
    SOON = "1;33"
    OPEN = "32"
    FAINT = "2"
    STRONG = "1"
    REQUEST_FOR_REVIEW = "34"
    REMEDIATION = "36"
    PANEL = "35"
    SANCTIONS = "33"
    RESOLVED = "32"


def paint(told: str, tone: Tone | None) -> str:
    r"""Return a text in a colour.

    Example:
        >>> paint("late", Tone.LATE)
        '\x1b[1;31mlate\x1b[0m'
    """
    return told if tone is None or not told else f"\x1b[{tone.value}m{told}\x1b[0m"


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether text for a person is coloured on a stream.

    ``NO_COLOR``, set to anything, turns colour off; else ``FORCE_COLOR``, set to anything but ``0``, turns it on; else a
    terminal decides, unless its ``TERM`` is ``dumb``.

    Args:
        stream: Where the text goes.
        environ: The environment.
    """
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return stream.isatty() and environ.get("TERM") != "dumb" and _understands(stream)


def _understands(stream: TextIO) -> bool:
    """Return whether a terminal takes escape sequences; a console of Windows is asked to."""
    if sys.platform != "win32":
        return True
    import ctypes  # noqa: PLC0415 - on Windows alone
    import msvcrt  # noqa: PLC0415 - on Windows alone

    kernel, mode, virtual_terminal = ctypes.windll.kernel32, ctypes.c_ulong(), 0x0004
    handle = msvcrt.get_osfhandle(stream.fileno())
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return True  # no console of Windows, but a terminal of another kind
    return bool(kernel.SetConsoleMode(handle, mode.value | virtual_terminal))


def tone_of_stage(stage: Stage) -> Tone:
    """Return the colour of a stage: that of its phase."""
    return Tone[stage.phase.name]


def tone_of_days(left: int | None) -> Tone | None:
    """Return the colour of a limit by the days that are left: late, due soon, or none."""
    if left is None or left > SOON:
        return None
    return Tone.LATE if left < 0 else Tone.SOON


def coloured(told: str, language: str = "en") -> str:
    """Return lines about cases, entries and refusals with stages, lateness and refusals in colour.

    Args:
        told: The text, as the library gives it in that language.
        language: Its language.
    """
    for pattern, tones in _looked_for(language):
        told = _painted(told, pattern, tones)
    return told


def _painted(told: str, pattern: re.Pattern[str], tones: Mapping[str, Tone]) -> str:
    return pattern.sub(lambda found: found[1] + paint(found[2], tones[found[2]]), told)


@lru_cache(maxsize=8)
def _looked_for(language: str) -> tuple[tuple[re.Pattern[str], dict[str, Tone]], ...]:
    """Return what is coloured, each with what stands before it: stages and closings, marks of a line, and refusals."""
    where = {label(one, language): Tone.RESOLVED for one in Closing}
    where |= {label(one, language): tone_of_stage(one) for one in Stage if one.phase is not Phase.RESOLVED}
    where[label(Stage.CLOSED, language)] = Tone.RESOLVED
    start = {
        f"{(text(key, language) or key).partition(':')[0]}:": tone
        for key, tone in (("text.late", Tone.LATE), ("text.noted", Tone.FAINT), ("text.not_stated", Tone.FAINT))
    }
    refused = {word("refused", language): Tone.LATE}
    return tuple(
        (
            re.compile(
                f"({before})({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})({after})", re.MULTILINE
            ),
            names,
        )
        for before, names, after in (
            (": |['«]", where, "(?=$|['»]| \\()"),
            ("^ +", start, ""),
            ("", {f"({word('late', language)})": Tone.LATE}, ""),
            (" ", refused, "(?= )"),
        )
    )
