"""The lifecycles that the suites walk: a real course of acts, and the eight stages on which the neighbours were measured."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from transitions import Machine

from rrm_lifecycle import events as did
from rrm_lifecycle.case.claim import CoveredFacility, Determination, Panelist, PanelList, Party

FACILITY = CoveredFacility("Planta Uno", country=Party.MX, sector="manufacturing", goods_traded=True)
ACTS = (
    did.ReviewRequested(date(2024, 4, 1), facility=FACILITY, laws=("LFT art. 390 bis",), basis="dismissals"),
    did.ReviewAccepted(date(2024, 4, 10)),
    did.DenialReported(date(2024, 5, 15)),
    did.CourseAgreed(date(2024, 5, 24), agreed_end=date(2024, 9, 30)),
    did.CourseFailed(date(2024, 10, 7)),
    did.RemediesNotified(date(2024, 10, 8)),
    did.PanelRequested(date(2024, 10, 15)),
    did.PanelistsDrawn(date(2024, 10, 18), panelists=tuple(Panelist(one) for one in PanelList)),
    did.PanelConstituted(date(2024, 10, 24)),
    did.PetitionConfirmed(date(2024, 10, 30), elements=("facility", "laws", "basis")),
    did.DeterminationIssued(date(2024, 11, 22), finding=Determination.DENIAL, heard=True),
    did.RemediesNotified(date(2024, 11, 25)),
    did.RemediesImposed(date(2024, 12, 10), tier=1, measure="penalty"),
    did.RemediationCompleted(date(2025, 3, 3)),
    did.RemediesLifted(date(2025, 3, 3)),
)
"""Fifteen acts from the request to the lifting of remedies: every guard and every limit that they meet is counted."""


class Place(enum.Enum):
    """The eight stages."""

    REQUESTED = 1
    UNDER_REVIEW = 2
    REMEDIATION = 3
    PANEL_REQUESTED = 4
    PANEL = 5
    SANCTIONED = 6
    RESOLVED = 7
    DISMISSED = 8


EDGES = (
    ("accept", Place.REQUESTED, Place.UNDER_REVIEW),
    ("reject", Place.REQUESTED, Place.DISMISSED),
    ("agree", Place.UNDER_REVIEW, Place.REMEDIATION),
    ("clear", Place.UNDER_REVIEW, Place.RESOLVED),
    ("complete", Place.REMEDIATION, Place.RESOLVED),
    ("escalate", Place.REMEDIATION, Place.PANEL_REQUESTED),
    ("convene", Place.PANEL_REQUESTED, Place.PANEL),
    ("sanction", Place.PANEL, Place.SANCTIONED),
    ("exonerate", Place.PANEL, Place.RESOLVED),
    ("comply", Place.SANCTIONED, Place.RESOLVED),
    ("reopen", Place.RESOLVED, Place.UNDER_REVIEW),
)
"""The eleven transitions: name, from, to."""
LOOP = ("agree", "escalate", "convene", "sanction", "comply", "reopen")


class Model:
    """A model of ``transitions`` as its users write one: a condition, and an audit record after each step."""

    def __init__(self) -> None:
        """Start with a field that is set, and an empty audit."""
        self.field = "set"
        self.audit: list[tuple[Any, ...]] = []

    def is_set(self) -> bool:
        """Return whether the field is set."""
        return self.field is not None

    def note(self) -> None:
        """Append an audit record."""
        self.audit.append((self.state, self.field))  # type: ignore[attr-defined]


def machine(model: Model | None = None, kind: Any = Machine) -> Any:  # noqa: ANN401 - the library has no types
    """Return a machine of the eight stages, each an Enum.

    Args:
        model: A model to register.
        kind: Which machine of ``transitions``; the flat one unless told.
    """
    return kind(
        model,
        states=Place,
        initial=Place.REQUESTED,
        auto_transitions=False,
        transitions=[
            {"trigger": name, "source": one, "dest": two, "conditions": "is_set", "after": "note"}
            for name, one, two in EDGES
        ],
    )
