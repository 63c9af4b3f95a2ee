"""What the tests of dockets share: dockets of each kind, a clock that is set by hand, a plant, and the first acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Panelist, PanelList
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.keeper import Observer
from rrm_lifecycle.record.proof.keys import SigningKey
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Clock

KINDS: Final = ("memory", "sqlite")
KEY: Final = SigningKey("docket.example", bytes(range(32)))
PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True, owner="Dueño")
ASKED: Final = did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis="dismissals")
ACCEPTED: Final = did.ReviewAccepted(date(2024, 4, 9))
REPORTED: Final = did.DenialReported(date(2024, 5, 2))
LOT: Final = (Panelist(PanelList.JOINT), Panelist(PanelList.COMPLAINANT), Panelist(PanelList.RESPONDENT))


class Ticking:
    """A clock that goes on by a second each time it is looked at, and can be set.

    Attributes:
        now: What it says next.
    """

    def __init__(self, now: datetime = datetime(2024, 6, 3, 9, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the moment."""
        self.now += timedelta(seconds=1)
        return self.now


def docket_of(
    kind: str,
    folder: Path,
    *,
    clock: Clock | None = None,
    key: SigningKey | None = None,
    checkpoints: Path | None = None,
    observers: Iterable[Observer] = (),
    name: str = "docket",
) -> Docket:
    """Return an empty docket, in memory or in a file."""
    clock = clock or Ticking()
    if kind == "memory":
        return Docket(MemoryStore(clock=clock), key=key, checkpoints=checkpoints, observers=observers)
    return Docket.open(folder / f"{name}.db", clock=clock, key=key, checkpoints=checkpoints, observers=observers)


def to_report(docket: Docket, case_id: str = "A") -> Case:
    """Record a case up to the report of a Denial: request, acceptance, report."""
    docket.start(case_id)
    return docket.record_all(case_id, (ASKED, ACCEPTED, REPORTED))
