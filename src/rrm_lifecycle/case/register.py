"""Past determinations, and findings of bad faith under Chapter 31, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import CoveredFacility, Determination, Party, Question, exact_day, member
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.show import Displayed, WebType

if TYPE_CHECKING:
    from rrm_lifecycle.law.readings import Reading


class Basis(StrEnum):
    """What a past finding of a Denial rests on."""

    PANEL = "panel"
    RESPONDENT_REPORT = "respondent_report"
    COURSE = "course"


def _basis(value: Basis | str) -> Basis:
    return member(Basis, value, "basis")


def _case_id(value: str) -> str:
    return clean_text(value, "case_id", longest=64)


def _day(value: date) -> date:
    return exact_day(value, "on")


def _party(value: Party | str) -> Party:
    return member(Party, value, "party")


@frozen(repr=False)
class PriorDenial(Told, WebType):
    """A past finding that there is a Denial of Rights.

    Attributes:
        case_id: The case in which it was made.
        facility: The facility.
        on: The day of the finding.
        basis: A panel's determination, or, under one reading, a respondent's report or an agreed course.
    """

    case_id: str = field(converter=_case_id)
    facility: CoveredFacility
    on: date = field(converter=_day)
    basis: Basis = field(default=Basis.PANEL, converter=_basis)


@frozen(repr=False)
class BadFaith(Told, WebType):
    """A finding of a Chapter 31 panel that a Party used the Mechanism in bad faith (Art. 31-A.11, unconfirmed).

    Attributes:
        party: The Party.
        on: The day of the finding.
    """

    party: Party = field(converter=_party)
    on: date = field(converter=_day)


def _denials(value: Iterable[PriorDenial]) -> tuple[PriorDenial, ...]:
    return tuple(value)


def _bad_faith(value: Iterable[BadFaith]) -> tuple[BadFaith, ...]:
    return tuple(value)


@frozen(repr=False)
class Register(Told, WebType, Displayed):
    """What earlier cases leave to later ones.

    Attributes:
        denials: Past findings of a Denial.
        bad_faith: Findings of bad faith.

    Example:
        >>> Register().denials
        ()
    """

    denials: tuple[PriorDenial, ...] = field(default=(), converter=_denials)
    bad_faith: tuple[BadFaith, ...] = field(default=(), converter=_bad_faith)

    @classmethod
    def of(cls, cases: Iterable[Any]) -> Register:
        """Return the register that cases leave: each Denial that a panel, or a respondent's report or course, stands for.

        Args:
            cases: Values with ``id``, ``facility`` and ``path``, such as cases; or with ``case``, such as alignments.
        """
        denials: list[PriorDenial] = []
        for one in cases:
            case = getattr(one, "case", one)
            denials += [PriorDenial(case.id, case.facility, on, basis) for on, basis in denials_in(case)]
        return cls(tuple(denials))

    def with_case(self, case: Any) -> Register:  # noqa: ANN401 - any value with id, facility and path
        """Return the register with what one more case leaves."""
        return Register((*self.denials, *Register.of([case]).denials), self.bad_faith)

    def prior(self, case_id: str, facility: CoveredFacility, before: date, reading: Reading) -> tuple[PriorDenial, ...]:
        """Return the past Denials that count for the tiers: of the facility or of its owner, of other cases, before a day.

        One for each case: under the reading that counts reports and courses too, a case counts once.
        """
        counted: dict[str, PriorDenial] = {}
        for one in self.denials:
            if one.case_id == case_id or one.on >= before:
                continue
            if one.basis is not Basis.PANEL and not reading.own_findings_count:
                continue
            if one.facility.is_same(facility) or one.facility.has_owner_of(facility):
                counted.setdefault(one.case_id, one)
        return tuple(counted.values())


def denials_in(case: Any) -> list[tuple[date, Basis]]:  # noqa: ANN401 - any value with facility and path
    """Return the Denials that a case leaves: the day of each, and on what it rests."""
    return [] if case.facility is None else denials_among(case.path)


def denials_among(entries: Iterable[Any]) -> list[tuple[date, Basis]]:
    """Return the Denials that entries of one case leave, as :func:`denials_in` does for the case."""
    question: str | None = None
    denials = []
    for entry in entries:
        if entry.sets:
            question = entry.sets.get("question", question)
        event = entry.event
        basis = _BASES.get(type(event))
        if basis is not None and (basis is not _PANEL or (event.finding is _DENIAL and question == _IS_THERE_A_DENIAL)):
            denials.append((event.on, basis))
    return denials


_PANEL, _DENIAL, _IS_THERE_A_DENIAL = Basis.PANEL, Determination.DENIAL, Question.IS_THERE_A_DENIAL
"""Read off their Enum once: naming a member costs as much as a call."""
_BASES: Final[dict[type, Basis]] = {
    did.DenialReported: Basis.RESPONDENT_REPORT,
    did.PartialDenialReported: Basis.RESPONDENT_REPORT,
    did.CuredDenialReported: Basis.RESPONDENT_REPORT,
    did.CourseAgreed: Basis.COURSE,
    did.DeterminationIssued: Basis.PANEL,
}
"""On what a finding of a Denial rests, by the act; a panel's counts where it found one."""
