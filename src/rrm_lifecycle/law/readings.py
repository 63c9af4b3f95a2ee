"""Where the text leaves a choice: the choices, our default, and why.

One field for each ambiguity of the rulebook that changes what the library does. ``Reading()`` is our default;
``Reading(roll_over=True)`` is another. An entry keeps what differs from the default, so that a record says under which
reading each act was decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import attrs
from attrs import Attribute, define, field, frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case.calendars import Unit
from rrm_lifecycle.case.claim import exact_day, flag, member
from rrm_lifecycle.errors import EventError, ReadingError
from rrm_lifecycle.law.terms import TERMS, Standing, Term
from rrm_lifecycle.show import Displayed, WebType


class ClosingDays(StrEnum):
    """Whose closing days are no business days."""

    RESPONDENT = "respondent"
    EITHER = "either"


@frozen
class Choice(WebType):
    """What stands behind a field of a reading.

    Attributes:
        ambiguity: The rulebook's ambiguity.
        question: What the text leaves open.
        readings: The readings of it: first our default.
        why: Why that is our default.
    """

    ambiguity: str
    question: str
    readings: tuple[str, str]
    why: str


_CHOICE: Final = "choice"


def _refusing(value: object, name: str) -> bool:
    try:
        return flag(value, name)
    except EventError as error:
        raise ReadingError(str(error)) from error


def _yes_no(_: object, attribute: Attribute[bool], value: bool) -> None:  # noqa: FBT001 - the signature of a validator
    _refusing(value, attribute.name)


def _choice(default: bool, ambiguity: str, question: str, ours: str, other: str, why: str) -> Any:  # noqa: ANN401, FBT001, PLR0913, PLR0917 - a line of the page
    return field(
        default=default, validator=_yes_no, metadata={_CHOICE: Choice(ambiguity, question, (ours, other), why)}
    )


def _closing_days(value: ClosingDays | str) -> ClosingDays:
    try:
        return member(ClosingDays, value, "closing_days")
    except EventError as error:
        raise ReadingError(str(error)) from error


def _until(value: date | None) -> date | None:
    try:
        return None if value is None else exact_day(value, "treaty_until")
    except EventError as error:
        raise ReadingError(str(error)) from error


def _terms(value: Iterable[Term]) -> tuple[Term, ...]:
    set_otherwise = tuple(value)
    known = {term.name: term for term in TERMS}
    for term in set_otherwise:
        if not isinstance(term, Term) or term.name not in known:
            msg = f"terms takes terms of this library, set otherwise, such as REPLY.set(12) or REPLY.off(); found {term!r}"
            raise ReadingError(msg[:400])
    names = [term.name for term in set_otherwise]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"terms sets {', '.join(twice)} twice: set each term once"
        raise ReadingError(msg)
    return tuple(sorted(set_otherwise, key=lambda term: term.name))


def _without(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        msg = f"without takes a set of row ids; found the text {value!r}: write {{{value!r}}}"
        raise ReadingError(msg)
    return frozenset(clean_text(one, "a row id", longest=64) for one in value)


@define(frozen=True, slots=False)
class Reading(WebType, Displayed):
    """One reading of the text.

    Attributes:
        terms: Terms set to another value or unit, or off: ``Reading(terms=[CONSULTATIONS.set(15)])``.
        without: Ids of UNCONFIRMED rows that are switched off: ``Reading(without={"A4-14a"})``.
        treaty_until: Last day on which the USMCA is in force; None while no end is set (Art. 34.7).

    Every other attribute is the choice in one ambiguity; :func:`choices` lists them with our reasons.

    Raises:
        ReadingError: A field is of the wrong type, or names a term that is none.

    Example:
        >>> Reading(roll_over=True).differs
        {'roll_over': True}
    """

    business_only_where_said: bool = _choice(
        False, "AMB-01", "Which bare days are business days?",
        "calendar days, and business days where a source says so",
        "business days only where the unit is confirmed; every unconfirmed business day is a calendar day",
        "Mexico's labour ministry says calendar days, and four cases fit; no source treats bare days as working days.",
    )  # fmt: skip
    roll_over: bool = _choice(
        False, "AMB-02", "Does a last day on a weekend or holiday roll forward?",
        "no: the last day counts even on a Sunday", "yes: it rolls to the next open day",
        "No rule was found, and the public cases do not settle it.",
    )  # fmt: skip
    review_includes_remediation: bool = _choice(
        False, "AMB-03", "What ends on day 45?",
        "the review; remediation may go on by agreement", "review and remediation both",
        "Courses of remediation run for months beyond day 45.",
    )  # fmt: skip
    closing_days: ClosingDays = field(
        default=ClosingDays.RESPONDENT,
        converter=_closing_days,
        metadata={
            _CHOICE: Choice(
                "AMB-04",
                "Whose closing days are no business days?",
                ("those of the respondent's section of the Secretariat", "those of either Party"),
                "The petition lies with the respondent's section; a calendar in the context overrides either. "
                "Days are dates alone: the local date of whoever receives.",
            )  # fmt: skip
        },
    )
    confirmation_settles_coverage: bool = _choice(
        False, "AMB-05", "Does the confirmation of the petition settle that the facility is covered?",
        "no: it is a formal check, and the scope stays open", "yes: out of scope can no longer be found",
        "San Martín was confirmed and later ruled out of scope.",
    )  # fmt: skip
    constituted_by_lot: bool = _choice(
        False, "AMB-06", "When is a panel constituted?",
        "when its members have accepted, an act of its own", "on the drawing of lots",
        "San Martín took six business days from petition to constitution.",
    )  # fmt: skip
    late_panel_loses_authority: bool = _choice(
        False, "AMB-07", "What if a panel misses its time limit?",
        "an alarm; the determination stands", "its authority ends, unless the Parties extend",
        "Panels took 240 days and more, and nobody contested it.",
    )  # fmt: skip
    remedy_without_panel: bool = _choice(
        True, "AMB-08", "May the United States impose a remedy without a panel's determination?",
        "yes, under the treaty after an unanswered notice; noted as doubtful under US law",
        "no: 19 U.S.C. 4693 needs a panel's determination",
        "The treaty is said to allow it; the doubt is recorded with each such act.",
    )  # fmt: skip
    cure_ends_claim: bool = _choice(
        False, "AMB-09", "Does a Denial cured during the review end the claim?",
        "no: the complainant may contest the cure before a panel", "yes: no live Denial is left",
        "The Atento panel examined a cure and found it insufficient.",
    )  # fmt: skip
    only_facts_since_entry: bool = _choice(
        False, "AMB-10", "Do facts before 1 July 2020 count?",
        "noted, not barred", "no: they are outside the Annex",
        "Mexico pleaded non-retroactivity; the United States went ahead; no panel has settled it.",
    )  # fmt: skip
    out_of_scope_is_no_denial: bool = _choice(
        False, "AMB-11", "What is a ruling that a claim is outside the Annex?",
        "an outcome of its own, with the effect of no Denial on remedies", "a finding that there is no Denial",
        "Commentators read San Martín both ways.",
    )  # fmt: skip
    hold_lapses_with_request: bool = _choice(
        False, "AMB-12", "What ends a customs hold after withdrawal, closure or out of scope?",
        "a recorded ground of 19 U.S.C. 4692(b)", "the end of the request itself",
        "The statute names three grounds and none of these.",
    )  # fmt: skip
    coverage_must_last: bool = _choice(
        False, "AMB-13", "When must the facility be a Covered Facility?",
        "on the day of the request; a later loss is noted", "until the determination or the remedy",
        "No panel has ruled on a later loss.",
    )  # fmt: skip
    closure_ends_case: bool = _choice(
        True, "AMB-14", "Does the closing of the plant end the case?",
        "yes, by an act of the complainant, who may go on monitoring", "no: the Denial persists for those dismissed",
        "Manufacturas VU ended so, with monitoring of what was owed.",
    )  # fmt: skip
    own_findings_count: bool = _choice(
        False, "AMB-15", "What counts as a prior Denial for the tiers?",
        "a panel's determination alone", "also the respondent's own findings and agreed courses",
        "A settled case rests on agreement; Manufacturas VU was settled twice.",
    )  # fmt: skip
    second_case_reopens: bool = _choice(
        False, "AMB-16", "What is a second complaint at the same plant?",
        "a new case, linked", "the earlier case reopened by the notice of 15 days, where it closed on a course",
        "The second request at Manufacturas VU was a new case.",
    )  # fmt: skip
    panel_within_us_decision: bool = _choice(
        False, "AMB-17", "Is there a last day to ask for a panel?",
        "no; past the 60 days of 19 U.S.C. 4646(b)(4) it is noted", "yes: those 60 days",
        "Panels were asked for 67, 89 and 105 days after the request.",
    )  # fmt: skip
    trade_link_required: bool = _choice(
        False, "AMB-18", "Is competing with a Party's goods or services enough to be covered?",
        "yes, either limb suffices", "no: the facility's own good or service must be traded",
        "Atento was held to be covered by competition.",
    )  # fmt: skip
    scope_objection_declines: bool = _choice(
        False, "AMB-20", "What is a report that the claim is out of scope?",
        "a report of no Denial, on the ground of scope", "a refusal of the review",
        "San Martín: reported on day 45, after a review.",
    )  # fmt: skip
    screening_from_submission: bool = _choice(
        False, "AMB-21", "From when do the committee's 30 days run?",
        "from receipt by the office (guidelines)", "from submission (statute)",
        "The guidelines say how the committee itself counts; the limit is an alarm either way.",
    )  # fmt: skip
    services_have_no_measure: bool = _choice(
        False, "AMB-22", "Is there a remedy against services that the United States can carry out?",
        "yes: penalties on services", "no: no workable measure at the border",
        "The Annex names penalties on goods or services.",
    )  # fmt: skip
    terms: tuple[Term, ...] = field(default=(), converter=_terms)
    without: frozenset[str] = field(default=frozenset(), converter=_without)
    treaty_until: date | None = field(default=None, converter=_until)

    @cached_property
    def differs(self) -> dict[str, Any]:
        """What differs from our default, ready for JSON; empty for the default. Not to be changed."""
        found: dict[str, Any] = {}
        for one in attrs.fields(Reading):
            value = getattr(self, one.name)
            if value == one.default:
                continue
            if one.name == "terms":
                value = {
                    term.name: {"value": term.value, "unit": term.unit, "in_force": term.in_force} for term in value
                }
            elif one.name == "without":
                value = sorted(value)
            elif isinstance(value, date):
                value = value.isoformat()
            found[one.name] = value
        return found

    @cached_property
    def _lines(self) -> dict[str, tuple[Term, ...]]:
        lines: dict[str, tuple[Term, ...]] = {}
        for term in sorted(TERMS, key=lambda term: term.in_force_from, reverse=True):
            lines[term.name] = (*lines.get(term.name, ()), term)
        for term in self.terms:
            lines[term.name] = (attrs.evolve(term, in_force_from=date.min),)
        if self.business_only_where_said:
            lines = {name: tuple(_as_said(term) for term in several) for name, several in lines.items()}
        return lines

    def term(self, name: str, on: date) -> Term | None:
        """Return the line of a term that is in force on a day, under this reading; None where none is."""
        for line in self._lines[name]:
            if on >= line.in_force_from:
                return line if line.in_force else None
        return None

    def __repr__(self) -> str:
        """Return what differs from the default."""
        inside = ", ".join(f"{name}={value!r}" for name, value in self.differs.items())
        return f"Reading({inside})" if len(inside) < 100 else f"Reading({inside[:100]}…)"


def _as_said(term: Term) -> Term:
    if term.unit is Unit.BUSINESS_DAYS and term.unit_rests_on is Standing.UNCONFIRMED:
        return attrs.evolve(term, unit=Unit.DAYS)
    return term


def choices() -> dict[str, Choice]:
    """Return what stands behind each field of a reading, by the field's name."""
    return {one.name: one.metadata[_CHOICE] for one in attrs.fields(Reading) if _CHOICE in one.metadata}


NO_CHOICE: Final[dict[str, str]] = {
    "AMB-19": "Whether refusing a verification supports an inference is for the panel: its finding is an input here.",
}
"""Ambiguities that change nothing that the library does, each with the reason."""
