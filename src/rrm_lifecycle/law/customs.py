"""The small table of the customs hold, which runs beside the case and is no remedy."""

from __future__ import annotations

from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Party, Role
from rrm_lifecycle.law.guards import (
    DETERMINED_BY_PANEL,
    GOODS_NEXUS,
    GROUND_BORNE_OUT,
    NOT_CLOSED_REMEDIATED,
    OPEN_THAT_DAY,
    REQUEST_DELIVERED,
    STATUTORY_GROUND,
)
from rrm_lifecycle.law.provisions import A4, A4_3, US_4693A
from rrm_lifecycle.law.rows import Row, Rows
from rrm_lifecycle.law.stages import Hold as H
from rrm_lifecycle.law.terms import Standing

COMPLAINANT = Role.COMPLAINANT
TEXT, SECONDARY = Standing.TEXT, Standing.SECONDARY
US = Party.US

CUSTOMS: Final = Rows((
    #   id         hold          who          does               then hold      as provided in  rests on
    Row("A4-02",   H.NONE,       COMPLAINANT, did.HoldBegun,     H.SUSPENDED,   A4_3,       TEXT,
        requires=(REQUEST_DELIVERED, GOODS_NEXUS, OPEN_THAT_DAY, NOT_CLOSED_REMEDIATED)),
    Row("A4-16",   H.SUSPENDED,  COMPLAINANT, did.HoldReleased,  H.RESUMED,     A4,         SECONDARY,
        requires=(STATUTORY_GROUND, GROUND_BORNE_OUT)),
    Row("US-10",   H.SUSPENDED,  COMPLAINANT, did.HoldApplied,   H.APPLIED,     US_4693A,   TEXT,
        requires=(DETERMINED_BY_PANEL,), only=US),
))
