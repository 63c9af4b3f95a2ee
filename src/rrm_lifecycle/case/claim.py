"""Who and what a case is about: Parties and bodies, the Covered Facility, the alleged Denial of Rights, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final, TypeVar, cast

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_text, whole
from rrm_lifecycle.case.counting import plain_day
from rrm_lifecycle.case.making import Told
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.show import Displayed, WebType

E = TypeVar("E", bound=StrEnum)


class NotStated(Enum):
    """The record does not state it. A guard that asks about it neither holds nor fails: it notes that, and never bars."""

    NOT_STATED = "not stated"

    def __repr__(self) -> str:
        """Return the name that one types."""
        return "NOT_STATED"


NOT_STATED: Final = NotStated.NOT_STATED

LATEST_YEAR: Final = 9000
"""Days from this year on are slips of the keyboard, and limits counted from them would leave the calendar."""


class Party(StrEnum):
    """A Party to the USMCA, by its ISO 3166 code."""

    US = "US"
    MX = "MX"
    CA = "CA"


class Role(StrEnum):
    """Who acts in law: a Party by its role, a body, or the facility. Private persons are never a Party."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    BOTH = "both"
    PETITIONER = "petitioner"
    COMMITTEE = "committee"
    SECRETARIAT = "secretariat"
    PANEL = "panel"
    FACILITY = "facility"


class Sector(StrEnum):
    """The Priority Sectors of Art. 31-A.15, and OTHER, so that the test can fail."""

    MANUFACTURING = "manufacturing"
    SERVICES = "services"
    MINING = "mining"
    OTHER = "other"


class Origin(StrEnum):
    """Where a case comes from. A hotline tip starts no limit; it can only feed self-initiation (rulebook US-02)."""

    PETITION = "petition"
    HOTLINE = "hotline"
    SELF_INITIATED = "self_initiated"


class Determination(StrEnum):
    """What a panel may find."""

    DENIAL = "denial"
    NO_DENIAL = "no_denial"
    OUT_OF_SCOPE = "out_of_scope"


class Question(StrEnum):
    """What a panel is asked: is there a Denial, does it continue after a course, has it been remedied."""

    IS_THERE_A_DENIAL = "is_there_a_denial"
    DOES_IT_CONTINUE = "does_it_continue"
    HAS_IT_BEEN_REMEDIED = "has_it_been_remedied"


class NoDenialGround(StrEnum):
    """On what a report of no Denial rests: the facts, or an objection that the claim is out of scope."""

    FACTS = "facts"
    SCOPE = "scope"


class ReleaseGround(StrEnum):
    """Why a customs hold ends: the three grounds of 19 U.S.C. 4692(b), the agreed absence of a Denial, or none of them."""

    NO_DENIAL_DETERMINED = "no_denial_determined"
    ABSENCE_AGREED = "absence_agreed"
    COURSE_COMPLETED = "course_completed"
    OTHERWISE_REMEDIED = "otherwise_remedied"
    REQUEST_ENDED = "request_ended"


class Remedy(StrEnum):
    """The kinds of remedies."""

    PREFERENCE_SUSPENDED = "preference_suspended"
    PENALTY = "penalty"
    ENTRY_DENIED = "entry_denied"


class Element(StrEnum):
    """What a panel looks for when it confirms a petition."""

    FACILITY = "facility"
    LAWS = "laws"
    BASIS = "basis"


class PanelList(StrEnum):
    """The list from which a panelist is drawn."""

    COMPLAINANT = "complainant_list"
    RESPONDENT = "respondent_list"
    JOINT = "joint_list"


class Measure(StrEnum):
    """Kinds of measures that remediation brought."""

    UNION_ELECTION = "union_election"
    COLLECTIVE_AGREEMENT = "collective_agreement"
    REINSTATEMENT = "reinstatement"
    BACK_PAY = "back_pay"
    BENEFITS = "benefits"
    NEUTRALITY_STATEMENT = "neutrality_statement"
    TRAINING = "training"
    NON_INTERFERENCE = "non_interference"
    UNION_ACCESS = "union_access"
    MONITORING = "monitoring"
    OTHER = "other"


def exact_day(value: object, what: str) -> date:
    """Return the day, or refuse whatever is not exactly a ``datetime.date``.

    Raises:
        EventError: A ``datetime``, a pandas ``Timestamp`` or ``NaT``, text, or anything else; with the repair. Also a
            day of the year 9000 or later.
    """
    if type(value) is date and value.year < LATEST_YEAR:
        return value
    day = plain_day(value, what, EventError)
    msg = f"{what} lies in the year {day.year}: check the year"
    raise EventError(msg)


def member(kind: type[E], value: object, what: str) -> E:
    """Return the member of an Enum for a member or its value.

    Raises:
        EventError: Neither; the message lists what there is.
    """
    if type(value) is kind:
        return value
    try:
        return kind(cast("str", value))
    except ValueError:
        known = ", ".join(repr(str(one)) for one in kind)
        msg = f"{what} has to be one of {known}; found {value!r}"[:400]
        raise EventError(msg) from None


def flag(value: object, what: str) -> bool:
    """Return a bool, or refuse what is none.

    Raises:
        EventError: Not exactly True or False.
    """
    if value is True or value is False:
        return value
    msg = f"{what} has to be True or False; found {value!r}"[:400]
    raise EventError(msg)


def several(value: object, what: str) -> tuple[Any, ...]:
    """Return a sequence as a tuple.

    Raises:
        EventError: A text or a single value, where a sequence is meant.
    """
    if type(value) is tuple:
        return value
    if isinstance(value, str) or not isinstance(value, Iterable):
        msg = f"{what} has to be a sequence; found {value!r}: write ({value!r},)"[:400]
        raise EventError(msg)
    return tuple(value)


def texts(value: object, what: str) -> tuple[str, ...]:
    """Return a tuple of clean texts.

    Raises:
        EventError: A single text, where a sequence is meant, or a member that is no clean text.
    """
    if type(value) is not tuple and (isinstance(value, str) or not isinstance(value, Iterable)):
        msg = f"{what} has to be a sequence of texts; found {value!r}: write ({value!r},)"[:400]
        raise EventError(msg)
    return tuple([clean_text(one, what) for one in value])


def _country(value: Party | str) -> Party:
    """Return the Party in whose territory a facility lies."""
    return member(Party, value, "the country of the facility")


def _sector(value: Sector | str | NotStated) -> Sector | NotStated:
    """Return a sector, or NOT_STATED."""
    return value if value is NOT_STATED else member(Sector, value, "the sector of the facility")


def _yes_no(value: object, what: str) -> bool | NotStated:
    return value if value is NOT_STATED else flag(value, what)


def _or_none(value: object, what: str, *, may_be_sealed: bool = False) -> str | None:
    return None if value is None else clean_text(value, what, may_be_sealed=may_be_sealed)


def _count(value: object, what: str) -> int | None:
    return None if value is None else whole(value, what)


# One converter a field, so that an error names the field that is wrong.
def _name(value: str) -> str:
    return clean_text(value, "the name of the facility")


def _goods_traded(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "goods_traded")


def _competes(value: bool | NotStated) -> bool | NotStated:  # noqa: FBT001 - a converter takes the value alone
    return _yes_no(value, "competes")


def _owner(value: str | None) -> str | None:
    return _or_none(value, "owner")


def _goods(value: Iterable[str]) -> tuple[str, ...]:
    return texts(value, "goods")


def _place(value: str | None) -> str | None:
    return _or_none(value, "place")


def _reference(value: str | None) -> str | None:
    return _or_none(value, "reference", may_be_sealed=True)


def _benefited(value: int | None) -> int | None:
    return _count(value, "workers_benefited")


def _reinstated(value: int | None) -> int | None:
    return _count(value, "workers_reinstated")


def _cents(value: int | None) -> int | None:
    return _count(value, "back_pay_cents")


def _source(value: str | None) -> str | None:
    return _or_none(value, "source", may_be_sealed=True)


def _to_list(value: PanelList | str) -> PanelList:
    return member(PanelList, value, "drawn_from")


def _to_national(value: Party | str | NotStated | None) -> Party | NotStated | None:
    return value if value is None or value is NOT_STATED else member(Party, value, "national_of")


def _to_measures(value: Iterable[Measure | str]) -> tuple[Measure, ...]:
    return tuple(member(Measure, one, "measures") for one in several(value, "measures"))


@frozen(repr=False)
class CoveredFacility(Told, WebType, Displayed):
    """A facility as the complainant Party describes it (Art. 31-A.15).

    Attributes:
        name: Its name.
        country: The Party in whose territory it lies.
        sector: Its sector; OTHER fails the test of Priority Sectors.
        goods_traded: Whether a good or service of it is traded between the Parties.
        competes: Whether it competes in a Party's territory with a good or service of the other Party.
        owner: Who owns it; the tiers of remedies look at facilities of the same owner.
        goods: What it produces or supplies.
        place: Where it lies.

    Raises:
        EventError: A field is of the wrong type; the message names it.

    Example:
        >>> CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True).sector
        <Sector.MANUFACTURING: 'manufacturing'>
    """

    name: str = field(converter=_name)
    country: Party = field(converter=_country)
    sector: Sector | NotStated = field(converter=_sector, kw_only=True)
    goods_traded: bool | NotStated = field(default=False, converter=_goods_traded, kw_only=True)
    competes: bool | NotStated = field(default=False, converter=_competes, kw_only=True)
    owner: str | None = field(default=None, converter=_owner, kw_only=True)
    goods: tuple[str, ...] = field(default=(), converter=_goods, kw_only=True)
    place: str | None = field(default=None, converter=_place, kw_only=True)

    def is_same(self, other: CoveredFacility) -> bool:
        """Return whether both describe one facility: same name (letter case apart) in the same country."""
        return self.country is other.country and self.name.casefold() == other.name.casefold()

    def has_owner_of(self, other: CoveredFacility) -> bool:
        """Return whether both are stated to have one owner."""
        return self.owner is not None and other.owner is not None and self.owner.casefold() == other.owner.casefold()


@frozen(repr=False)
class Claim(Told, WebType):
    """The alleged Denial of Rights, as far as it has been stated (Art. 31-A.2).

    Attributes:
        laws: The laws relied on; None where no act has carried them yet.
        basis: The basis of the good-faith belief; None likewise.
        under_annex_23a: Whether the laws are legislation that complies with Annex 23-A (respondent Mexico).
        enforced_order: The enforced order relied on (respondent United States: of the NLRB).
        facts_from: First day of the facts alleged.
    """

    laws: tuple[str, ...] | NotStated | None = None
    basis: str | NotStated | None = None
    under_annex_23a: bool | NotStated | None = None
    enforced_order: str | NotStated | None = None
    facts_from: date | NotStated | None = None


@frozen(repr=False)
class Panelist(Told, WebType):
    """A panelist as drawn: from which list, and of which Party a national, if of one.

    Attributes:
        drawn_from: The list.
        national_of: The Party whose national the panelist is; None for a national of neither Party.
        reference: How you refer to the panelist, if you wish to.
    """

    drawn_from: PanelList = field(converter=_to_list)
    national_of: Party | NotStated | None = field(default=None, converter=_to_national)
    reference: str | None = field(default=None, converter=_reference)


@frozen(repr=False)
class Impact(Told, WebType):
    """What remediation brought, with its source. None means that the source states nothing, never zero.

    Attributes:
        measures: Kinds of measures.
        workers_benefited: Workers who benefited.
        workers_reinstated: Workers reinstated.
        back_pay_cents: Back pay in whole US cents.
        source: What states it: an address or a citation.
    """

    measures: tuple[Measure, ...] = field(default=(), converter=_to_measures)
    workers_benefited: int | None = field(default=None, converter=_benefited)
    workers_reinstated: int | None = field(default=None, converter=_reinstated)
    back_pay_cents: int | None = field(default=None, converter=_cents)
    source: str | None = field(default=None, converter=_source)
