"""Random acts, weighted towards lawful ones: what a stage may lead to, on days around a last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    NoDenialGround,
    Panelist,
    Party,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)

PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Owner")
SISTER: Final = attrs.evolve(PLANT, name="Planta Dos")
FIELDS: Final[dict[str, tuple[Any, ...]]] = {
    "sector": (*Sector, NOT_STATED), "goods_traded": (True, False, NOT_STATED), "competes": (True, False, NOT_STATED),
    "country": tuple(Party), "owner": ("Owner", "OWNER", "Another", None), "goods": ((), ("wheels",), ("wheels", "axles")),
}  # fmt: skip
THREE: Final = (Panelist("complainant_list"), Panelist("respondent_list"), Panelist("joint_list"))
COMMON: Final = ("Withdrawn", "CaseDropped", "FacilityClosed", "CaseClosed", "LimitExtended", "RemediationCompleted")
HOLD: Final = ("HoldBegun", "HoldReleased", "HoldApplied")
AGREED: Final = ("CourseAgreed", "MatterSettled")
SPANS: Final = (0, 0, 1, 2, 5, 12, 45)
LIKELY: Final[dict[str, tuple[str, ...]]] = {
    "D0": ("PetitionFiled", "SelfInitiated", "ReviewRequested", "ReviewRequested"),
    "D1": ("PetitionAccepted", "PetitionAccepted", "PetitionRejected", "LimitExtended"),
    "D2": ("ReviewRequested",),
    "T1": ("ReviewAccepted", "ReviewAccepted", "ReviewAccepted", "ReviewDeclined", "PanelRequested"),
    "T2": ("PanelRequested", "ReviewAccepted"),
    "T3": ("NoDenialReported", "DenialReported", "DenialReported", "CuredDenialReported", "PartialDenialReported",
           "PanelRequested"),
    "T4": ("PanelRequested", "MatterSettled"),
    "T5": ("CourseAgreed", "CourseAgreed", "PanelRequested"),
    "T5c": ("CourseAgreed", "PanelRequested", "MatterSettled"),
    "T5p": ("CourseAgreed", "PanelRequested"),
    "T7": ("CourseExtended", "CourseFailed", "CourseFailed", "CourseFailed", "MatterSettled"),
    "T9": ("RemediesNotified", "RemediesNotified", "CourseAgreed", "CourseExtended"),
    "T10": ("PanelRequested", "RemediesImposed"),
    "P1": ("PanelistsDrawn",),
    "P2": ("PanelistReplaced", "PanelConstituted", "PanelConstituted", "PanelConstituted"),
    "P3": ("PetitionConfirmed", "PetitionConfirmed", "PetitionConfirmed", "PetitionNotConfirmed", "PanelConstituted"),
    "PX": ("PetitionAmended", "PetitionAmended", "PetitionDismissed"),
    "P4": ("VerificationRequested", "DeterminationIssued"),
    "P5": ("VerificationAccepted", "VerificationAccepted", "VerificationRefused", "NoVerificationAsked"),
    "P6": ("VerificationHeld", "VerificationHeld", "DeterminationIssued"),
    "P7": ("DeterminationIssued", "DeterminationIssued", "NoVerificationAsked"),
    "P8": ("RemediesNotified", "RemediesNotified", "RemediesImposed", "CourseAgreed"),
    "R0": ("RemediesImposed",),
    "R1": ("PanelRequested", "RemediesLifted", "RemediationCompleted", "HoldApplied"),
    "R2": ("DeterminationIssued", "RemediesLifted", "RemediationCompleted"),
    "C": ("HoldReleased", "FacilityClosed", "ReviewRequested", "RemediesNotified"),
}  # fmt: skip
TERMS: Final = ("screening", "self_initiation", "panel_decision", "reply", "review", "consultations", "course_notice",
                "respondent_panel", "lot", "confirmation", "verification_reply", "verification", "determination",
                "remedy_notice", "course", "lifting", "nothing")  # fmt: skip


def often(random: Random, usual: Any, *others: Any, odds: float = 0.8) -> Any:
    """The usual value four times of five, otherwise another."""
    return usual if random.random() < odds else random.choice(others)


def a_plant(random: Random, here: CoveredFacility) -> CoveredFacility:
    """A facility that differs in one field or two."""
    names = random.sample(list(FIELDS), random.choice((1, 1, 2)))
    return attrs.evolve(here, **{name: random.choice(FIELDS[name]) for name in names})


@dataclass(frozen=True)
class Next:
    """What a draw goes by: where the case stands, its last day, the last days of limits that run, its respondent."""

    stage: str
    day: date
    due: dict[str, date | None]
    respondent: Party | None = None


def the_day(random: Random, at: Next) -> date:
    """A day before, on or after a last day, or a little later than the last act; rarely an earlier one."""
    ends = [due for due in at.due.values() if due is not None]
    draw = random.random()
    if ends and draw < 0.45:
        day = random.choice(ends) + timedelta(random.choice((-1, 0, 0, 1, 1, 2)))
        return max(day, at.day) if random.random() < 0.95 else day
    if draw < 0.97:
        return at.day + timedelta(random.choice((0, 1, 1, 2, 3, 4, 5, 6, 7, 9, 12, 16, 40)))
    return at.day - timedelta(random.choice((1, 2, 30)))


def an_act(random: Random, at: Next) -> did.Event:
    """One act."""
    draw = random.random()
    if draw < 0.78:
        name = random.choice(LIKELY[at.stage])
    elif draw < 0.85:
        name = random.choice(HOLD)
    elif draw < 0.88:
        name = random.choice(AGREED)
    elif draw < 0.94:
        name = random.choice(COMMON)
    else:
        name = random.choice(list(did.EVENTS))
    return act_of(random, did.EVENTS[name], at)


def act_of(random: Random, kind: type[did.Event], at: Next) -> did.Event:
    """An act of a class, mostly with what it needs, by whoever the law names or now and then by anybody."""
    on = the_day(random, at)
    if kind.of_hold and random.random() < 0.3:  # the hold is dated beside the case
        on = at.day - timedelta(random.choice((1, 3, 10, 40)))
    said: dict[str, Any] = {}
    if random.random() < 0.08:
        said["by"] = random.choice((*Role, *Party))
    if random.random() < 0.3:  # only a period is known, and a day is chosen in it
        said["known"] = (on - timedelta(random.choice(SPANS)), on + timedelta(random.choice(SPANS)))
    for one in attrs.fields(kind):
        if one.name not in {"on", "by", "known"}:
            value = _field(random, kind, one.name, on, at)
            if value is not None:
                said[one.name] = value
    return kind(on, **said)


def _field(  # noqa: PLR0911, PLR0912 - an if a field
    random: Random, kind: type[did.Event], name: str, on: date, at: Next
) -> Any:
    early = kind is not did.ReviewRequested
    if name in {"facility", "laws", "basis"} and early and random.random() < (0.25 if name == "facility" else 0.7):
        return None
    if name == "facility":
        here = PLANT if at.respondent is None else attrs.evolve(PLANT, country=at.respondent)
        return often(random, here, None, *(a_plant(random, here) for _ in range(5)))
    if name == "laws":
        return often(random, ("Ley Federal del Trabajo",), None, (), NOT_STATED, odds=0.93)
    if name == "basis":
        return often(random, "complaints of workers", None, NOT_STATED, odds=0.93)
    if name == "under_annex_23a":
        return often(random, None, True, False, NOT_STATED, odds=0.9)
    if name == "enforced_order":
        usual = None if at.respondent in {None, Party.MX} else "order of a board"
        return often(random, usual, None, NOT_STATED, "order of a board")
    if name == "facts_from":
        return often(random, None, date(2020, 6, 30), date(2020, 7, 1), NOT_STATED)
    if name == "linked_to":
        return often(random, None, "OLD-1", "CASE-1", odds=0.92)
    if name == "filer_of":
        return often(random, Party.CA, *Party, "Guatemala", NOT_STATED)
    if name == "received":
        return often(random, None, on + timedelta(3), on)
    if name == "agreed_end":
        return on + timedelta(often(random, 10, 0, 1, 40, -1)) if random.random() < 0.95 else NOT_STATED
    if name == "until":
        term_days = [due for due in at.due.values() if due is not None]
        return (random.choice(term_days) if term_days else on) + timedelta(often(random, 5, -1, 0, 1, 20))
    if name == "term":
        return random.choice([*at.due, *at.due, *at.due, random.choice(TERMS)])
    if name == "verification":
        return random.choice((True, True, False, NOT_STATED))
    if name == "panelists":
        joint = Panelist("joint_list", random.choice((Party.CA, Party.US, Party.MX, NOT_STATED)))
        return often(random, THREE, THREE[:2], (*THREE, THREE[0]), (*THREE[:2], joint), (*THREE[:2], joint), NOT_STATED)
    if name == "elements":
        return often(random, tuple(Element), tuple(Element)[:2], (), NOT_STATED)
    if name == "missing":
        return often(random, (Element.LAWS,), (), NOT_STATED, tuple(Element))
    if name == "finding":
        return often(random, Determination.DENIAL, *Determination, odds=0.5)
    if name == "heard":
        return often(random, True, False, NOT_STATED)
    if name in {"still_covered", "on_site"}:
        return often(random, True, False, NOT_STATED)
    if name == "tier":
        return often(random, 1, 2, 3, NOT_STATED, odds=0.4)
    if name == "measure":
        return random.choice((*Remedy, *Remedy, NOT_STATED))
    if name == "reach":
        return often(random, (), (SISTER,), (a_plant(random, SISTER),), (SISTER, a_plant(random, SISTER)))
    if name == "ground":
        return random.choice((*(NoDenialGround if kind is did.NoDenialReported else ReleaseGround), NOT_STATED))
    if name == "follow_up":
        return random.random() < 0.5
    return None


def holidays() -> frozenset[date]:
    """Days on which the office is closed besides weekends: three of each month, so that counting meets them."""
    return frozenset(
        date(year, month, day) for year in range(2019, 2032) for month in range(1, 13) for day in (1, 5, 16)
    )
