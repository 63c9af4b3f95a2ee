"""What was done, on which day, by whom: one class an act, named in the past tense.

Every event takes ``on``, the day of the act, and two keywords: ``by``, who acted, where it was not whoever the table
names; and ``known``, the earliest and latest day where only a period is known (``on`` then lies in it). An act without
fields of its own takes all that it is from :class:`Event`, frozen as that is: making a class costs half a millisecond of
import.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

from attrs import field, frozen

from rrm_lifecycle.case.act_fields import (
    to_basis,
    to_by,
    to_claim_day,
    to_country,
    to_elements,
    to_end,
    to_enforced_order,
    to_facility_or_none,
    to_finding,
    to_follow_up,
    to_ground,
    to_heard,
    to_id_or_none,
    to_known,
    to_laws,
    to_measure,
    to_on,
    to_on_site,
    to_outcome,
    to_panelists,
    to_reach,
    to_received,
    to_release,
    to_still_covered,
    to_term,
    to_tier,
    to_under_annex_23a,
    to_until,
    to_verification,
)
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    Impact,
    NoDenialGround,
    NotStated,
    Panelist,
    Party,
    ReleaseGround,
    Remedy,
    Role,
)
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.show import WebType

__all__ = [
    "EVENTS",
    "NOT_STATED",
    "CaseClosed",
    "CaseDropped",
    "CourseAgreed",
    "CourseExtended",
    "CourseFailed",
    "CuredDenialReported",
    "DenialReported",
    "DeterminationIssued",
    "Event",
    "FacilityClosed",
    "HoldApplied",
    "HoldBegun",
    "HoldReleased",
    "LimitExtended",
    "MatterSettled",
    "NoDenialReported",
    "NoVerificationAsked",
    "PanelConstituted",
    "PanelRequested",
    "PanelistReplaced",
    "PanelistsDrawn",
    "PartialDenialReported",
    "PetitionAccepted",
    "PetitionAmended",
    "PetitionConfirmed",
    "PetitionDismissed",
    "PetitionFiled",
    "PetitionNotConfirmed",
    "PetitionRejected",
    "RemediationCompleted",
    "RemediesImposed",
    "RemediesLifted",
    "RemediesNotified",
    "ReviewAccepted",
    "ReviewDeclined",
    "ReviewRequested",
    "SelfInitiated",
    "VerificationAccepted",
    "VerificationHeld",
    "VerificationRefused",
    "VerificationRequested",
    "Withdrawn",
]


@frozen(repr=False)
class Event(Told, WebType):
    """An act or a fact of a case.

    Attributes:
        on: The day on which it was done.
        by: Who acted, in law; None for whoever the table names.
        known: The earliest and the latest day, where only a period is known.

    Raises:
        EventError: A field is of the wrong type, or ``on`` lies outside ``known``.
    """

    on: date = field(converter=to_on)
    by: Role | Party | None = field(default=None, converter=to_by, kw_only=True)
    known: tuple[date, date] | None = field(default=None, converter=to_known, kw_only=True)

    of_hold: ClassVar[bool] = False

    def __attrs_post_init__(self) -> None:
        """Refuse a day outside the period in which it is known to lie."""
        if self.known is not None and not self.known[0] <= self.on <= self.known[1]:
            msg = f"on ({self.on}) has to lie in known ({self.known[0]} to {self.known[1]})"
            raise EventError(msg)

    def __str__(self) -> str:
        """Return ``ReviewAccepted on 2024-04-10``."""
        return f"{type(self).__name__} on {self.on}"


@frozen(repr=False)
class _ClaimStated(Event):
    facility: CoveredFacility | None = field(default=None, converter=to_facility_or_none, kw_only=True)
    laws: tuple[str, ...] | NotStated | None = field(default=None, converter=to_laws, kw_only=True)
    basis: str | NotStated | None = field(default=None, converter=to_basis, kw_only=True)
    under_annex_23a: bool | NotStated | None = field(default=None, converter=to_under_annex_23a, kw_only=True)
    enforced_order: str | NotStated | None = field(default=None, converter=to_enforced_order, kw_only=True)
    facts_from: date | NotStated | None = field(default=None, converter=to_claim_day, kw_only=True)
    linked_to: str | None = field(default=None, converter=to_id_or_none, kw_only=True)


# ---- before the request ----------------------------------------------------------------------------------------------
@frozen(repr=False)
class PetitionFiled(_ClaimStated):
    """A petition was filed with the complainant Party's committee or office (not with the Secretariat).

    Attributes:
        filer_of: The Party or country of the filer, or NOT_STATED (a petition may be anonymous).
        received: Day on which the office received it, where it is another than ``on``.
    """

    filer_of: Party | str | NotStated = field(converter=to_country, kw_only=True)
    received: date | None = field(default=None, converter=to_received, kw_only=True)


class PetitionAccepted(Event):
    """The committee found for the petition: the request for review is due."""

    __slots__ = ()


class PetitionRejected(Event):
    """The committee certified a negative determination; the petition ends."""

    __slots__ = ()


class SelfInitiated(_ClaimStated):
    """The committee recommended enforcement on its own finding."""

    __slots__ = ()


# ---- review ----------------------------------------------------------------------------------------------------------
class ReviewRequested(_ClaimStated):
    """The complainant Party delivered its request for review (Art. 31-A.4.2).

    Attributes:
        facility: The facility; may be left out where an earlier act named it.
        laws: The laws relied on; likewise.
        basis: The basis of the good-faith belief; likewise.
        under_annex_23a: False where a law is not legislation that complies with Annex 23-A.
        enforced_order: The enforced order relied on, where the respondent is not Mexico.
        facts_from: First day of the facts alleged.
        linked_to: Id of an earlier case at the same facility.
    """

    __slots__ = ()


class ReviewAccepted(Event):
    """The respondent Party said that it will conduct a review."""

    __slots__ = ()


class ReviewDeclined(Event):
    """The respondent Party said that it will not conduct a review."""

    __slots__ = ()


@frozen(repr=False)
class NoDenialReported(Event):
    """The respondent Party reported that there is no Denial of Rights.

    Attributes:
        ground: The facts, or an objection that the claim is out of scope.
    """

    ground: NoDenialGround | NotStated = field(default=NoDenialGround.FACTS, converter=to_ground, kw_only=True)


class DenialReported(Event):
    """The respondent Party reported a Denial of Rights."""

    __slots__ = ()


@frozen(repr=False)
class CuredDenialReported(Event):
    """The respondent Party reported a Denial of Rights that has been remediated already."""

    outcome: Impact | None = field(default=None, converter=to_outcome, kw_only=True)


class PartialDenialReported(Event):
    """The respondent Party reported a Denial of Rights of limited scope."""

    __slots__ = ()


# ---- remediation -----------------------------------------------------------------------------------------------------
@frozen(repr=False)
class CourseAgreed(Event):
    """Both Parties agreed a course of remediation.

    Attributes:
        agreed_end: Its last day, or NOT_STATED.
        outcome: What it is to bring.
    """

    agreed_end: date | NotStated = field(converter=to_end, kw_only=True)
    outcome: Impact | None = field(default=None, converter=to_outcome, kw_only=True)


@frozen(repr=False)
class CourseExtended(Event):
    """Both Parties moved the end of the running course.

    Attributes:
        agreed_end: Its new last day, or NOT_STATED.
    """

    agreed_end: date | NotStated = field(converter=to_end, kw_only=True)


class CourseFailed(Event):
    """The complainant Party considers the Denial not remediated."""

    __slots__ = ()


@frozen(repr=False)
class RemediationCompleted(Event):
    """The Denial was remediated: a fact, never a close."""

    outcome: Impact | None = field(default=None, converter=to_outcome, kw_only=True)


@frozen(repr=False)
class MatterSettled(Event):
    """Both Parties agreed that the matter is settled."""

    outcome: Impact | None = field(default=None, converter=to_outcome, kw_only=True)


# ---- panel -----------------------------------------------------------------------------------------------------------
@frozen(repr=False)
class PanelRequested(Event):
    """A Party petitioned the Secretariat for a panel.

    Attributes:
        verification: Whether it asks the panel to verify before it determines.
    """

    verification: bool | NotStated = field(default=True, converter=to_verification, kw_only=True)


@frozen(repr=False)
class PanelistsDrawn(Event):
    """The Secretariat drew the panelists by lot."""

    panelists: tuple[Panelist, ...] | NotStated = field(converter=to_panelists, kw_only=True)


@frozen(repr=False)
class PanelistReplaced(Event):
    """The Secretariat drew again, since a panelist cannot serve."""

    panelists: tuple[Panelist, ...] | NotStated = field(converter=to_panelists, kw_only=True)


class PanelConstituted(Event):
    """The panel was constituted."""

    __slots__ = ()


@frozen(repr=False)
class PetitionConfirmed(Event):
    """The panel confirmed the petition.

    Attributes:
        elements: What the petition was found to hold: facility, laws, basis.
    """

    elements: tuple[Element, ...] | NotStated = field(converter=to_elements, kw_only=True)


@frozen(repr=False)
class PetitionNotConfirmed(Event):
    """The panel did not confirm the petition.

    Attributes:
        missing: What the petition lacks.
    """

    missing: tuple[Element, ...] | NotStated = field(converter=to_elements, kw_only=True)


class PetitionAmended(Event):
    """The petitioning Party amended its petition."""

    __slots__ = ()


class PetitionDismissed(Event):
    """The panel dismissed the petition."""

    __slots__ = ()


class VerificationRequested(Event):
    """The panel asked the respondent Party to allow a verification."""

    __slots__ = ()


class VerificationAccepted(Event):
    """The respondent Party consented to the verification."""

    __slots__ = ()


class VerificationRefused(Event):
    """The respondent Party refused the verification."""

    __slots__ = ()


class NoVerificationAsked(Event):
    """The complainant Party asked the panel to determine without verification."""

    __slots__ = ()


@frozen(repr=False)
class VerificationHeld(Event):
    """The panel verified the facility's compliance.

    Attributes:
        on_site: Whether at the facility.
    """

    on_site: bool | NotStated = field(default=True, converter=to_on_site, kw_only=True)


@frozen(repr=False)
class DeterminationIssued(Event):
    """The panel issued its determination.

    Attributes:
        finding: What it found.
        heard: Whether both Parties could be heard.
        still_covered: False where the facility has lost its status as a Covered Facility since the request.
    """

    finding: Determination = field(converter=to_finding, kw_only=True)
    heard: bool | NotStated = field(converter=to_heard, kw_only=True)
    still_covered: bool | NotStated = field(default=True, converter=to_still_covered, kw_only=True)


# ---- remedies --------------------------------------------------------------------------------------------------------
class RemediesNotified(Event):
    """The complainant Party gave written notice of its intent to impose remedies."""

    __slots__ = ()


@frozen(repr=False)
class RemediesImposed(Event):
    """The complainant Party imposed remedies.

    Attributes:
        tier: 1, 2 or 3.
        measure: What kind of remedy.
        reach: Other facilities of the same owner to which it extends.
        still_covered: False where the facility has lost its status as a Covered Facility since the request.
    """

    tier: int | NotStated = field(converter=to_tier, kw_only=True)
    measure: Remedy | NotStated = field(converter=to_measure, kw_only=True)
    reach: tuple[CoveredFacility, ...] = field(default=(), converter=to_reach, kw_only=True)
    still_covered: bool | NotStated = field(default=True, converter=to_still_covered, kw_only=True)


class RemediesLifted(Event):
    """The complainant Party lifted the remedies."""

    __slots__ = ()


# ---- at any stage ----------------------------------------------------------------------------------------------------
@frozen(repr=False)
class LimitExtended(Event):
    """Both Parties extended a running time limit, with recorded consent.

    Attributes:
        term: Name of the term, such as ``"review"``.
        until: Its new last day.
    """

    term: str = field(converter=to_term, kw_only=True)
    until: date = field(converter=to_until, kw_only=True)


class FacilityClosed(Event):
    """The facility ceased operations: a fact that moves no stage."""

    __slots__ = ()


@frozen(repr=False)
class CaseClosed(Event):
    """The complainant Party closed the file because the facility has closed.

    Attributes:
        follow_up: Whether it goes on monitoring what the workers are owed.
    """

    follow_up: bool = field(default=False, converter=to_follow_up, kw_only=True)


class CaseDropped(Event):
    """The complainant Party dropped the case without a ground of the Annex."""

    __slots__ = ()


class Withdrawn(Event):
    """The complainant Party withdrew."""

    __slots__ = ()


# ---- customs hold ----------------------------------------------------------------------------------------------------
class HoldBegun(Event):
    """The complainant Party delayed final settlement of customs accounts for the facility's goods."""

    __slots__ = ()
    of_hold: ClassVar[bool] = True


@frozen(repr=False)
class HoldReleased(Event):
    """The complainant Party resumed final settlement.

    Attributes:
        ground: Why the hold ends.
    """

    of_hold: ClassVar[bool] = True
    ground: ReleaseGround | NotStated = field(converter=to_release, kw_only=True)


class HoldApplied(Event):
    """The complainant Party applied duties or penalties to the suspended entries."""

    __slots__ = ()
    of_hold: ClassVar[bool] = True


EVENTS: Final[dict[str, type[Event]]] = {
    kind.__name__: kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event and not kind.__name__.startswith("_")
}
"""Every event class by its name, in the order of this page."""
