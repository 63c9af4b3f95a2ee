"""INV-10 to INV-14: the customs hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, ReleaseGround, Sector
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.entry import Track
from tests.properties.checkers.run import Breach, Run, invariant

STATUTORY: Final = {
    ReleaseGround.NO_DENIAL_DETERMINED,
    ReleaseGround.ABSENCE_AGREED,
    ReleaseGround.COURSE_COMPLETED,
    ReleaseGround.OTHERWISE_REMEDIED,
}
REMEDIATED_OR_NO_DENIAL: Final = {
    Closing.RESOLVED_IN_REVIEW,
    Closing.COURSE_COMPLETED,
    Closing.REMEDIATED_AFTER_DETERMINATION,
    Closing.REMEDIATED_AFTER_REMEDY,
    Closing.NO_DENIAL_AGREED,
    Closing.NO_DENIAL_PANEL,
}


@invariant("INV-10")
def after_the_request(run: Run) -> Iterator[Breach]:
    """Look for a hold that begins before the request, or without one."""
    for n, event, entry in run.of(did.HoldBegun):
        asked = run.last(did.ReviewRequested, before=n)
        if asked < 0 or event.on < run.acts[asked].act.on:
            yield Breach(entry)


@invariant("INV-11")
def goods_only(run: Run) -> Iterator[Breach]:
    """Look for a hold over a facility that has no goods in trade."""
    for n, _, entry in run.of(did.HoldBegun):
        facility = run.facility(n)
        if facility is None:
            yield Breach(entry)
        elif facility.sector is NOT_STATED or (
            facility.sector in {Sector.MANUFACTURING, Sector.MINING} and facility.goods_traded is NOT_STATED
        ):
            yield Breach(entry, "goods_nexus")
        elif facility.sector not in {Sector.MANUFACTURING, Sector.MINING} or facility.goods_traded is False:
            yield Breach(entry)


@invariant("INV-12")
def no_remedy(run: Run) -> Iterator[Breach]:
    """Look for an act of the hold that moves the case, and for remedies that come in force without being imposed."""
    for entry in run.acts:
        if (entry.track is Track.HOLD) is not isinstance(
            entry.event, did.HoldBegun | did.HoldReleased | did.HoldApplied
        ) or (
            entry.track is Track.HOLD
            and (not isinstance(entry.to, Hold) or entry.closing or entry.sets or entry.started or entry.stopped)
        ):
            yield Breach(entry)
        in_force = {Stage.REMEDIES_IN_FORCE, Stage.LIFTING_DISPUTED}
        if entry.to in in_force and entry.stage not in in_force and not isinstance(entry.event, did.RemediesImposed):
            yield Breach(entry)


@invariant("INV-13")
def ended_on_a_ground(run: Run) -> Iterator[Breach]:
    """Look for a release on none of the grounds of the statute."""
    for n, event, entry in run.of(did.HoldReleased):
        if event.ground in STATUTORY:
            continue
        stage, _, closing = run.stands(n)
        over = stage is Stage.CLOSED and closing not in REMEDIATED_OR_NO_DENIAL
        if not (event.ground is ReleaseGround.REQUEST_ENDED and run.context.reading.hold_lapses_with_request and over):
            yield Breach(entry, "statutory_ground" if event.ground is NOT_STATED else None)


@invariant("INV-14")
def not_open_after_a_remedied_close(run: Run) -> Iterator[Breach]:
    """Look for a hold that is open when a case closes as remediated or without a Denial, or begins after."""
    for n, entry in enumerate(run.acts):
        stage, hold, closing = run.stands(n)
        if entry.closing in REMEDIATED_OR_NO_DENIAL and hold is Hold.SUSPENDED:
            yield Breach(entry, "hold_ended")
        if isinstance(entry.event, did.HoldBegun) and stage is Stage.CLOSED and closing in REMEDIATED_OR_NO_DENIAL:
            yield Breach(entry, "not_closed_remediated")
