"""Past determinations, and findings of bad faith under Chapter 31, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case.claim import CoveredFacility, Determination, Party, Question, exact_day, member
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


@frozen
class PriorDenial(WebType):
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


@frozen
class BadFaith(WebType):
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


@frozen
class Register(WebType, Displayed):
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
    if case.facility is None:
        return []
    question: str | None = None
    denials = []
    for entry in case.path:
        if entry.sets:
            question = entry.sets.get("question", question)
        if type(entry.event).__name__ in _MAY_COUNT:
            basis = _basis_of(entry.event, question)
            if basis is not None:
                denials.append((entry.event.on, basis))
    return denials


_REPORTS: Final = frozenset({"DenialReported", "PartialDenialReported", "CuredDenialReported"})


_MAY_COUNT: Final = _REPORTS | {"DeterminationIssued", "CourseAgreed"}


def _basis_of(event: Any, question: str | None) -> Basis | None:  # noqa: ANN401 - an event or an opening
    name = type(event).__name__
    if name == "DeterminationIssued":
        counts = event.finding is Determination.DENIAL and question == Question.IS_THERE_A_DENIAL
        return Basis.PANEL if counts else None
    if name in _REPORTS:
        return Basis.RESPONDENT_REPORT
    return Basis.COURSE if name == "CourseAgreed" else None
