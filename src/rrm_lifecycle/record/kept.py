"""What a record keeps besides openings and acts: remarks, corrections, erasures, and attempts that were refused.

None of them is law: an :class:`~rrm_lifecycle.record.entry.Entry` is what the law says, and these are what its keepers say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_id, clean_text, whole
from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry, EntryKind, Reason
from rrm_lifecycle.show import Shown, WebType

ATTEMPTS: Final = "/attempts"
"""Behind the id of a case: the chain of attempts that were refused in it. No id of a case holds a slash."""


def _remark(value: str) -> str:
    if not clean_text(value, "a remark", may_be_sealed=True):
        msg = "a remark has to say something"
        raise EventError(msg)
    return clean_text(value, "a remark", may_be_sealed=True)


def _reason(value: str) -> str:
    if not clean_text(value, "the reason", longest=4_000):
        msg = "a correction and an erasure need a reason: who asked for it, and why"
        raise EventError(msg)
    return clean_text(value, "the reason", longest=4_000)


def _event(value: Event | None) -> Event | None:
    if value is not None and EVENTS.get(type(value).__name__) is not type(value):
        msg = f"an event is one of rrm_lifecycle.events; found {type(value).__name__}"
        raise EventError(msg)
    return value


def _number(value: int) -> int:
    return whole(value, "the number of an act", most=1_000_000)


def _chain(value: str) -> str:
    if not isinstance(value, str) or not value.endswith(ATTEMPTS):
        msg = f"the chain of attempts has the id of its case and {ATTEMPTS!r} behind it"
        raise EventError(msg)
    return clean_id(value.removesuffix(ATTEMPTS)) + ATTEMPTS


def _day(value: date) -> date:
    return exact_day(value, "on")


@frozen
class Remark(Shown):
    """A user's own words about a case. It changes no stage.

    Attributes:
        case_id: Id of the case.
        text: The words.
        on: The day that they are about.
    """

    case_id: str
    text: str = field(converter=_remark)
    on: date = field(converter=_day)

    kind: ClassVar[EntryKind] = EntryKind.REMARK

    def __str__(self) -> str:
        """Return the remark in a line."""
        return f"{self.on}: {self.text!s}"


class Alters(StrEnum):
    """What a change does to the course of a case."""

    REPLACE = "replace"
    INSERT = "insert"
    STRIKE = "strike"


@frozen
class Change(WebType):
    """One change of a correction. Make one with ``Replace``, ``Insert`` or ``Strike``.

    Attributes:
        what: What it does.
        seq: Number of the act in ``case.path`` as the case stood before the correction; of an insertion, that of the act
            (or opening, 0) behind which the new act comes.
        event: The act that is to stand; None where one is struck.
    """

    what: Alters
    seq: int = field(converter=_number)
    event: Event | None = field(default=None, converter=_event)

    def __attrs_post_init__(self) -> None:
        """Refuse a change without the act that is to stand, and a strike with one."""
        if (self.event is None) is not (self.what is Alters.STRIKE):
            msg = "a change is made with Replace(seq, event), Insert(after, event) or Strike(seq)"
            raise EventError(msg)

    def __str__(self) -> str:
        """Return the change in a few words."""
        if self.what is Alters.STRIKE:
            return f"strike act {self.seq}"
        return (
            f"put {self.event} in place of act {self.seq}"
            if self.what is Alters.REPLACE
            else f"put {self.event} behind act {self.seq}"
        )


def Replace(seq: int, event: Event) -> Change:  # noqa: N802 - reads as the noun that it makes
    """Return the change that puts an act in the place of another.

    Args:
        seq: Number of the act in ``case.path``; the first act is 1.
        event: The act that is to stand.
    """
    return Change(Alters.REPLACE, seq, event)


def Insert(after: int, event: Event) -> Change:  # noqa: N802 - reads as the noun that it makes
    """Return the change that puts an act in, behind another.

    Args:
        after: Number of the act in ``case.path`` behind which it comes; 0 puts it first.
        event: The act.
    """
    return Change(Alters.INSERT, after, event)


def Strike(seq: int) -> Change:  # noqa: N802 - reads as the noun that it makes
    """Return the change that takes an act out of the course.

    Args:
        seq: Number of the act in ``case.path``.
    """
    return Change(Alters.STRIKE, seq)


def _changes(value: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(value)


@frozen
class Correction(Shown):
    """What was learned later about a course: its changes, why, and the course from the first changed act on.

    The rulings of the acts behind the first change stand here as they were decided anew, so that folding never needs a
    table. The entries before it stay in the record as they were.

    Attributes:
        case_id: Id of the case.
        changes: What was changed.
        reason: Why.
        since: Number of the first act that is decided anew.
        acts: The course from there on.
        stage: Where the case stood.
        to: Where it stands after.
    """

    case_id: str
    changes: tuple[Change, ...] = field(converter=_changes)
    reason: str = field(converter=_reason)
    since: int = field(converter=_number)
    acts: tuple[Entry, ...]
    stage: Stage
    to: Stage

    kind: ClassVar[EntryKind] = EntryKind.CORRECTION

    def __str__(self) -> str:
        """Return the correction in a line."""
        return f"corrected: {'; '.join(map(str, self.changes))} ({self.reason})"


@frozen
class Erasure(Shown):
    """That a sealed value was erased. The record keeps its commitment, and nobody can tell the value from it.

    Attributes:
        case_id: Id of the case.
        seq: Number of the entry in the record that held it.
        place: Where in its body the commitment stands, such as ``remark`` or ``data.basis``.
        reason: Why.
    """

    case_id: str
    seq: int = field(converter=_number)
    place: str
    reason: str = field(converter=_reason)

    kind: ClassVar[EntryKind] = EntryKind.ERASURE

    def __str__(self) -> str:
        """Return the erasure in a line."""
        return f"erased: {self.place} of entry {self.seq} ({self.reason})"


@frozen
class Attempt(Shown):
    """An act that was to be recorded and was refused. Attempts stand in a chain of their own beside the case.

    Attributes:
        case_id: Id of the chain: that of the case and ``/attempts``.
        event: The act.
        stage: Where the case (or its hold) stood.
        reasons: Why it was refused.
        skipped: How many more were refused since the one before and are not kept, since the chain is capped.
    """

    case_id: str = field(converter=_chain)
    event: Event
    stage: Stage | Hold
    reasons: tuple[Reason, ...]
    skipped: int = 0

    kind: ClassVar[EntryKind] = EntryKind.ATTEMPT

    def __str__(self) -> str:
        """Return the attempt in a line."""
        codes = ", ".join(dict.fromkeys(reason.code for reason in self.reasons))
        return f"refused: {self.event} ({codes})"


Kept = Entry | Remark | Correction | Erasure | Attempt
"""Whatever a record keeps."""


def said_of(kept: Any) -> str:  # noqa: ANN401 - whatever a record keeps
    """Return what was kept in a few words, without personal data."""
    return str(kept.event) if kept.kind is EntryKind.ACT else kept.kind.value
