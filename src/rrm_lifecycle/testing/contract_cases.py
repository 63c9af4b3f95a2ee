"""The cases that the contract of stores is told with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Panelist, PanelList, Party
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.stores import Draft, Head, Store
from rrm_lifecycle.sealing import Sealed, commitment

NOON = datetime(2024, 4, 1, 12, tzinfo=UTC)
PLANT = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Dueño")
SISTER = CoveredFacility("Planta Dos", country="MX", sector="manufacturing", goods_traded=True, owner="DUEÑO")
OTHER = CoveredFacility("Plant Three", country="US", sector="manufacturing", goods_traded=True)
LOT = (Panelist(PanelList.JOINT), Panelist(PanelList.COMPLAINANT), Panelist(PanelList.RESPONDENT))
SALT = "c2FsdHNhbHRzYWx0c2FsdA"


def asked(plant: CoveredFacility = PLANT, on: date = date(2024, 1, 8)) -> Event:
    """Return a request for review."""
    order = None if plant.country is Party.MX else "an order of the NLRB, enforced by a court"
    return did.ReviewRequested(
        on, facility=plant, laws=("the law on free association",), basis="dismissals", enforced_order=order
    )


def to_denial(plant: CoveredFacility = PLANT) -> tuple[Event, ...]:
    """Return the acts of a case that leaves a Denial."""
    return (
        asked(plant),
        did.ReviewDeclined(date(2024, 1, 9)),
        did.PanelRequested(date(2024, 1, 20)),
        did.PanelistsDrawn(date(2024, 1, 22), panelists=LOT),
        did.PanelConstituted(date(2024, 1, 23)),
        did.PetitionConfirmed(date(2024, 1, 24), elements=("facility", "laws", "basis")),
        did.VerificationRequested(date(2024, 1, 25)),
        did.VerificationRefused(date(2024, 1, 26)),
        did.NoVerificationAsked(date(2024, 1, 29)),
        did.DeterminationIssued(date(2024, 2, 10), finding="denial", heard=True),
        did.RemediesNotified(date(2024, 2, 12)),
    )


def opened(store: Store, case_id: str, *events: Event) -> tuple[Case, tuple[Filed, ...]]:
    """Open a case in a store and file acts in it, one append each; return it and its entries."""
    case = Case.start(case_id)
    filed = store.append([Draft(case.opening)], after=None, case=case)
    for event in events:
        case = play(case, event)
        filed += store.append([Draft(case.acts[-1])], after=Head.of(filed[-1]), case=case)
    return case, filed


def said(case_id: str, text: str = "so told") -> Draft:
    """Return a remark that is to be filed."""
    return Draft(Remark(case_id, text, date(2024, 4, 1)))


def secret_remark(case_id: str, value: str, salt: str = SALT) -> Draft:
    """Return a sealed remark that is to be filed."""
    return said(case_id, Sealed(commitment(salt, value), salt, value))
