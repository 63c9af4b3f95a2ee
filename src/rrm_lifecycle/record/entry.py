"""What the law says of an act: an entry, or a refusal with every reason."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from attrs import field, frozen

from rrm_lifecycle.case.claim import Origin, Party, Role
from rrm_lifecycle.case.making import Told, swift
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.show import Shown, WebType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from rrm_lifecycle.case.deadlines import Limit
    from rrm_lifecycle.case.events import Event
    from rrm_lifecycle.law.annexes import Annex


class Track(StrEnum):
    """The case itself, or the customs hold beside it."""

    CASE = "case"
    HOLD = "hold"


class EntryKind(StrEnum):
    """What a record keeps: the opening of a case, an act in it, or what its keepers say."""

    OPENING = "opening"
    ACT = "act"
    REMARK = "remark"
    CORRECTION = "correction"
    ATTEMPT = "attempt"
    ERASURE = "erasure"


class Outcome(StrEnum):
    """What a guard that does not bar found: its condition is unmet, or the record does not state it."""

    UNMET = "unmet"
    NOT_STATED = "not_stated"


@frozen(repr=False)
class Reason(Told, WebType):
    """One condition of one row that an act does not meet.

    Attributes:
        code: Code of the guard.
        rule: Id of the row; None where no row is looked at.
        provision: The provision that sets the condition, as printed under the case's Annex; None for a rule of keeping.
        params: What was asked and what was found, ready for JSON.
        opens: First day on which this condition will hold, where time alone will make it hold.
    """

    code: str
    rule: str | None
    provision: str | None
    params: Mapping[str, Any] = field(factory=dict, hash=False)
    opens: date | None = None

    @property
    def needs(self) -> str:
        """What is needed, in English."""
        from rrm_lifecycle.law import wording  # noqa: PLC0415 - words load when they are asked for

        return wording.needs(self.code, self.params)

    @property
    def found(self) -> str:
        """What was found, in English."""
        from rrm_lifecycle.law import wording  # noqa: PLC0415 - words load when they are asked for

        return wording.found(self.code, self.params)


@frozen(repr=False)
class Finding(Told, WebType):
    """What a guard noted with an act that it lets by.

    Attributes:
        code: Code of the guard.
        outcome: Unmet, or not stated in the record.
        provision: The provision that sets the condition.
        params: What was asked and what was found, ready for JSON.
    """

    code: str
    outcome: Outcome
    provision: str | None
    params: Mapping[str, Any] = field(factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """Return the finding as a sentence."""
        from rrm_lifecycle.law import wording  # noqa: PLC0415 - words load when they are asked for

        return wording.noted(self.code, self.outcome, self.params, self.provision, language)

    def __str__(self) -> str:
        """Return the finding as a sentence in English."""
        return self.text()


@frozen(repr=False)
class Opening(Told, WebType):
    """What the opening of a case says.

    Attributes:
        annex: The Annex.
        origin: Where the case comes from, if it was said.
        complainant: The complainant Party, if it was said.
        respondent: The respondent Party, likewise.
    """

    annex: Annex
    origin: Origin | None = None
    complainant: Party | None = None
    respondent: Party | None = None


@frozen
class Entry(Shown):
    """What the law says of an act. It holds all that folding needs, so that it keeps its meaning under later tables.

    Attributes:
        case_id: Id of the case.
        event: What was done; for the opening, what it says.
        stage: Where the case (or the hold) stood.
        to: Where it stands after.
        kind: Opening or act.
        track: Case or hold.
        by: Who acted, in law.
        rule: Id of the row that applies.
        provision: The provision of that row, as printed under the case's Annex.
        closing: How the case closed, if it did.
        sets: Facts that the row decides and the event does not say.
        started: Limits that it starts.
        stopped: Names of the terms whose limits it stops.
        findings: What guards noted.
        reading: What differs from the default reading.
        calendar: What business days were counted with, if any were.
        rulebook: Version of the law pages.
        implied: Whether it was implied by later acts, not recorded.
    """

    case_id: str
    event: Event | Opening
    stage: Stage | Hold
    to: Stage | Hold
    kind: EntryKind = EntryKind.ACT
    track: Track = Track.CASE
    by: Role | None = None
    rule: str | None = None
    provision: str | None = None
    closing: Closing | None = None
    sets: Mapping[str, str] | None = field(default=None, hash=False)
    started: tuple[Limit, ...] = ()
    stopped: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    reading: Mapping[str, Any] | None = field(default=None, hash=False)
    calendar: Mapping[str, str] | None = field(default=None, hash=False)
    rulebook: str | None = None
    implied: bool = False

    admitted: ClassVar[Literal[True]] = True

    @property
    def on(self) -> date | None:
        """The day of the act; None for the opening."""
        return getattr(self.event, "on", None)

    @property
    def act(self) -> Event:
        """The event of an act.

        Raises:
            TypeError: The entry is an opening.
        """
        if isinstance(self.event, Opening):
            msg = "an opening is no act: look at entry.kind first"
            raise TypeError(msg)
        return self.event

    def __repr__(self) -> str:
        """Return one line without personal data."""
        if isinstance(self.event, Opening):
            return f"<Entry {self.case_id}: opened under {self.event.annex}>"
        notes = f", {len(self.findings)} noted" if self.findings else ""
        return f"<Entry {self.case_id}: {self.event} by rule {self.rule}: {self.to.value}{notes}>"[:120]

    def text(self, language: str = "en") -> str:
        """Return the entry as a line, and a line for each finding."""
        from rrm_lifecycle.law import wording  # noqa: PLC0415 - words load when they are asked for

        return wording.entry_text(self, language)

    def __str__(self) -> str:
        """Return the entry as text in English."""
        return self.text()


new_entry: Final = swift(Entry)
"""Makes an entry, on the path of every act."""


@frozen
class Refusal(Shown):
    """Why an act is refused, with every reason. A value: asking writes nothing.

    Attributes:
        case_id: Id of the case.
        event: What was to be done.
        stage: Where the case (or the hold) stands.
        reasons: Every condition that is not met, row by row.
        provided_for: Names of the acts that the stage does provide for on that day, facts apart.
        opens: First day on which time alone will open the act; None where time alone will not.
        no_rule: True where no row provides for the act here; False where conditions are unmet.
        annex: Name of the case's Annex.
        rules: The provision of each row that was looked at, by the row's id.
    """

    case_id: str
    event: Event
    stage: Stage | Hold
    reasons: tuple[Reason, ...]
    provided_for: tuple[str, ...]
    opens: date | None
    no_rule: bool
    annex: str
    rules: Mapping[str, str] = field(factory=dict, hash=False)

    admitted: ClassVar[Literal[False]] = False

    def text(self, language: str = "en") -> str:
        """Return the refusal as text: who, what, when, where it stands, every reason, and what is provided for."""
        from rrm_lifecycle.law import wording  # noqa: PLC0415 - words load when they are asked for

        return wording.refusal_text(self, language)

    def __str__(self) -> str:
        """Return the refusal as text in English."""
        return self.text()

    def __repr__(self) -> str:
        """Return one line without personal data."""
        return f"<Refusal {self.case_id}: {self.event} in stage {self.stage.value}, {len(self.reasons)} reasons>"[:120]
