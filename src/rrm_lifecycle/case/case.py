"""A case as a value, and how an entry moves it. ``evolve`` reads the entry alone, never the table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import field, frozen

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    Claim,
    CoveredFacility,
    Determination,
    NotStated,
    Origin,
    Party,
    Question,
    exact_day,
    member,
)
from rrm_lifecycle.case.making import Told, swift
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEXES, Annex
from rrm_lifecycle.law.stages import Closing, Hold, Phase, Stage
from rrm_lifecycle.record.entry import Entry, EntryKind, Opening, Track, new_entry
from rrm_lifecycle.show import Shown, WebType

if TYPE_CHECKING:
    from rrm_lifecycle.case.deadlines import Limit


@frozen(repr=False)
class Facts(Told, WebType):
    """What later acts ask about earlier ones.

    Attributes:
        requested: Day of the request for review.
        question: What the panel is asked, or was asked last.
        determination: What the panel found last.
        tier: Tier of the remedies imposed last.
        course_end: Agreed end of the course agreed last; None where none was stated.
        remediated: Day on which the Denial was remediated.
        facility_closed: Day on which the facility ceased operations.
        verification_asked: Whether the petition for the panel asks for a verification.
        verification_refused: Whether the respondent Party refused the verification.
    """

    requested: date | None = None
    question: Question | None = None
    determination: Determination | None = None
    tier: int | NotStated | None = None
    course_end: date | None = None
    remediated: date | None = None
    facility_closed: date | None = None
    verification_asked: bool | NotStated | None = None
    verification_refused: bool | None = None


NO_FACTS: Final = Facts()
NO_CLAIM: Final = Claim()
_PLAIN: Final = {annex: Opening(annex) for annex in ANNEXES.values()}
"""The opening that says nothing but the Annex, shared by the cases that it opens."""


@frozen
class Case(Shown):
    """A case as it stands. Make one with :meth:`start`; move it with the functions of the engine or through a docket.

    Attributes:
        id: Its id.
        annex: The Annex it is brought under.
        origin: Where it comes from; None while that is not known.
        complainant: The complainant Party; None until the facility is known, unless given at the start.
        respondent: The respondent Party; likewise.
        facility: The Covered Facility.
        claim: The alleged Denial of Rights, as far as stated.
        stage: Where it stands.
        hold: Where the customs hold stands.
        closing: How it closed; None while it is open.
        opened: Day of its first act.
        last_day: Day of the last act of the case.
        hold_day: Day of the last act of the hold.
        limits: Time limits that run.
        facts: What later acts ask about earlier ones.
        links: Ids of earlier cases at the facility.
        acts: Its entries without the opening, in order.
        opened_with: What its opening says.
    """

    id: str
    annex: Annex
    origin: Origin | None
    complainant: Party | None
    respondent: Party | None
    opened_with: Opening
    facility: CoveredFacility | None = None
    claim: Claim = NO_CLAIM
    stage: Stage = Stage.ASSESSMENT
    hold: Hold = Hold.NONE
    closing: Closing | None = None
    opened: date | None = None
    last_day: date | None = None
    hold_day: date | None = None
    limits: tuple[Limit, ...] = ()
    facts: Facts = NO_FACTS
    links: tuple[str, ...] = ()
    acts: tuple[Entry, ...] = field(default=(), repr=False)

    @classmethod
    def start(
        cls,
        id: str,  # noqa: A002 - the word that people use for it
        *,
        annex: Annex = ANNEX_31A,
        origin: Origin | str | None = None,
        complainant: Party | str | None = None,
        respondent: Party | str | None = None,
    ) -> Case:
        """Return a new case, standing in assessment.

        Args:
            id: Letters, digits, ``.``, ``_`` and ``-``; at most 64.
            annex: Annex 31-A or 31-B.
            origin: Petition, hotline or self-initiated, where it is known.
            complainant: The complainant Party; follows from the facility unless given.
            respondent: The respondent Party; likewise.

        Raises:
            EventError: The id cannot be used, the origin is none, or the Annex does not bind the two Parties.

        Example:
            >>> Case.start("SLP-2024-01").stage
            <Stage.ASSESSMENT: 'assessment'>
        """
        if not isinstance(annex, Annex):
            msg = f"annex has to be ANNEX_31A or ANNEX_31B; found {annex!r}"[:400]
            raise EventError(msg)
        if origin is None and complainant is None and respondent is None and annex in _PLAIN:
            return _case(clean_id(id), annex, None, None, None, _PLAIN[annex])
        known = None if origin is None else member(Origin, origin, "origin")
        one, two = _pair(annex, complainant, respondent)
        return cls(clean_id(id), annex, known, one, two, Opening(annex, known, one, two))

    @property
    def phase(self) -> Phase:
        """The phase of its stage."""
        return self.stage.phase

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self.stage is Stage.CLOSED

    @property
    def opening(self) -> Entry:
        """The entry that opened it."""
        return new_entry(self.id, self.opened_with, _ASSESSMENT, _ASSESSMENT, _OPENING)

    @property
    def path(self) -> tuple[Entry, ...]:
        """Its entries, the opening first."""
        return (self.opening, *self.acts)

    @property
    def seq(self) -> int:
        """Number of its last entry; the opening is 0."""
        return len(self.acts)

    def until(self, day: date) -> Case:
        """Return the case as it stood at the end of a day.

        Raises:
            EventError: Not a plain ``datetime.date``.
        """
        exact_day(day, "the day")
        if all(entry.act.on <= day for entry in self.acts):
            return self
        return replay((self.opening, *(entry for entry in self.acts if entry.act.on <= day)))

    def __repr__(self) -> str:
        """Return one line without personal data."""
        closing = f" ({self.closing.value})" if self.closing else ""
        hold = f", hold {self.hold.value}" if self.hold is not Hold.NONE else ""
        return f"<Case {self.id}: {self.stage.value}{closing}{hold}, {len(self.acts)} acts, Annex {self.annex.name}>"[
            :120
        ]


_case: Final = swift(Case)
_READ_REST: Final = attrgetter(*list(attrs.fields_dict(Case))[5:])


def _pair(
    annex: Annex, complainant: Party | str | None, respondent: Party | str | None
) -> tuple[Party | None, Party | None]:
    one = None if complainant is None else member(Party, complainant, "complainant")
    two = None if respondent is None else member(Party, respondent, "respondent")
    if one is None:
        return (None, None) if two is None else (annex.other(two), two)
    other = annex.other(one)
    if two is not None and two is not other:
        msg = f"complainant {one} and respondent {two} are no pair of Annex {annex.name}: its other Party is {other}"
        raise EventError(msg)
    return one, other


def with_parties(case: Case, event: did.Event) -> Case:
    """Return the case with the Parties that follow from the facility which an act names, where they were not known."""
    facility = getattr(event, "facility", None)
    if case.complainant is not None or facility is None or facility.country not in case.annex.parties:
        return case
    country, annex = facility.country, case.annex
    return _case(case.id, annex, case.origin, annex.other(country), country, *_READ_REST(case))


def _stated(old: Any, new: Any) -> Any:  # noqa: ANN401 - any field of a claim
    return new if old is None or (old is NOT_STATED and new is not None) else old


def _claim(old: Claim, event: Any) -> Claim:  # noqa: ANN401 - an event that states a claim
    return Claim(
        _stated(old.laws, event.laws),
        _stated(old.basis, event.basis),
        _stated(old.under_annex_23a, event.under_annex_23a),
        _stated(old.enforced_order, event.enforced_order),
        _stated(old.facts_from, event.facts_from),
    )


_FACT_NAMES: Final = tuple(attrs.fields_dict(Facts))
_READ_FACTS: Final = attrgetter(*_FACT_NAMES)
_PLACE: Final = {name: place for place, name in enumerate(_FACT_NAMES)}

# What an act tells that later acts ask about: the fact, and the field of the act that tells it (or what it is).
_TOLD: Final[dict[type, tuple[tuple[str, str | bool], ...]]] = {
    did.ReviewRequested: (("requested", "on"),),
    did.CourseAgreed: (("course_end", "agreed_end"),),
    did.CourseExtended: (("course_end", "agreed_end"),),
    did.RemediationCompleted: (("remediated", "on"),),
    did.FacilityClosed: (("facility_closed", "on"),),
    did.PanelRequested: (("verification_asked", "verification"), ("verification_refused", False)),
    did.VerificationRefused: (("verification_refused", True),),
    did.DeterminationIssued: (("determination", "finding"),),
    did.RemediesImposed: (("tier", "tier"),),
}


# Read off their Enum once: from 3.11 to 3.12 a member costs as much as a call, each time that it is named.
_HOLD, _CLOSED, _DENIAL = Track.HOLD, Stage.CLOSED, Determination.DENIAL
_ASSESSMENT, _OPENING = Stage.ASSESSMENT, EntryKind.OPENING


def _tell(values: list[Any], event: did.Event, told: tuple[tuple[str, str | bool], ...], question: str | None) -> None:
    """Put what an act tells into the values of the facts."""
    for name, source in told:
        value = getattr(event, source) if isinstance(source, str) else source
        values[_PLACE[name]] = None if name == "course_end" and value is NOT_STATED else value
        if value is _DENIAL:
            values[_PLACE["remediated"]] = None  # what was reported as remediated was found not to be
    if question is not None:
        values[_PLACE["question"]] = Question(question)


_CLAIMS: Final = frozenset({did.PetitionFiled, did.SelfInitiated, did.ReviewRequested})


_made_facts: Final = swift(Facts)


def evolve(case: Case, entry: Entry) -> Case:
    """Return the case after an entry. Only folds: nothing is decided, and no table is read.

    Raises:
        RecordDamaged: The entry belongs to another case, or does not start where the case stands.
    """
    return evolve_all(case, (entry,))


def evolve_all(case: Case, entries: Iterable[Entry]) -> Case:  # noqa: C901, PLR0912 - one fold, in the order of the fields
    """Return the case after several entries, in order: what :func:`evolve` gives entry by entry, made once at the end.

    Raises:
        RecordDamaged: An entry belongs to another case, or does not start where the case then stands.
    """
    id_, annex, origin, opened = case.id, case.annex, case.origin, case.opened
    complainant, respondent, facility = case.complainant, case.respondent, case.facility
    claim, links, limits = case.claim, case.links, case.limits
    stage, standing, closing = case.stage, case.hold, case.closing
    last_day, hold_day = case.last_day, case.hold_day
    facts: list[Any] | None = None
    acts: list[Entry] = []
    for entry in entries:
        act: Any = entry.event
        kind = type(act)
        if entry.case_id != id_ or entry.stage is not (standing if entry.track is _HOLD else stage) or kind is Opening:
            raise _misplaced(entry, id_, len(case.acts) + len(acts) + 1, standing if entry.track is _HOLD else stage)
        if kind in _CLAIMS:
            if facility is None:
                facility = act.facility
                if complainant is None and facility is not None and facility.country in annex.parties:
                    respondent = facility.country
                    complainant = annex.other(respondent)
            claim = _claim(claim, act)
            if act.linked_to is not None and act.linked_to not in links:
                links = (*links, act.linked_to)
        question = None
        if entry.sets:
            question = entry.sets.get("question")
            if "origin" in entry.sets:
                origin = Origin(entry.sets["origin"])
        told = _TOLD.get(kind)
        if told is not None or question is not None:
            if facts is None:
                facts = list(_READ_FACTS(case.facts))
            _tell(facts, act, told or (), question)
        stopped = entry.stopped
        if stopped and limits:
            limits = tuple([limit for limit in limits if limit.term not in stopped])
        if entry.started:
            limits += entry.started
        to, day = entry.to, act.on
        if opened is None:
            opened = day
        if type(to) is Stage:
            stage, last_day = to, day
            closing = entry.closing if to is _CLOSED else None
        elif type(to) is Hold:
            standing, hold_day = to, day
        acts.append(entry)
    return _case(
        id_,
        annex,
        origin,
        complainant,
        respondent,
        case.opened_with,
        facility,
        claim,
        stage,
        standing,
        closing,
        opened,
        last_day,
        hold_day,
        limits,
        case.facts if facts is None else _made_facts(*facts),
        links,
        (*case.acts, *acts),
    )


def _misplaced(entry: Entry, case_id: str, number: int, stands: Stage | Hold) -> RecordDamaged:
    if entry.case_id != case_id:
        return RecordDamaged(f"an entry of case {entry.case_id} cannot be folded into case {case_id}")
    if entry.kind is EntryKind.OPENING:
        return RecordDamaged(f"case {case_id} is opened already: an opening stands first in a record, and once")
    return RecordDamaged(f"entry {number} of case {case_id} starts in {entry.stage}, but the case stands in {stands}")


def replay(entries: Iterable[Entry]) -> Case:
    """Return the case that a record holds: the fold of its entries and nothing else.

    Raises:
        RecordDamaged: The entries do not start with an opening, or do not follow one another.
    """
    run = iter(entries)
    first = next(run, None)
    if first is None or not isinstance(first.event, Opening):
        msg = "a record starts with the opening of its case; found " + ("nothing" if first is None else repr(first))
        raise RecordDamaged(msg)
    said = first.event
    case = _case(clean_id(first.case_id), said.annex, said.origin, said.complainant, said.respondent, said)
    return evolve_all(case, run)
