"""Small records that hold every kind of entry and nearly every key of a body, the same every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Final

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Impact
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.terms import REPLY
from rrm_lifecycle.record.chain import dumps
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import Confidence, Document, Source
from rrm_lifecycle.record.kept import Replace
from rrm_lifecycle.sealing import Sealed, commitment

CASE_ID: Final = "SLP-2024-01"
_PLANT: Final = CoveredFacility("Planta Únö", country="MX", sector="manufacturing", goods_traded=NOT_STATED)
_SALT: Final = "AAAAAAAAAAAAAAAAAAAAAA"


def seal(value: str) -> Sealed:
    """Return a sealed text whose salt is no secret."""
    return Sealed(commitment(_SALT, value), _SALT, value)


def docket() -> Docket:
    """Return a docket in memory with one case, which holds every kind of entry; its clock strikes once an entry."""
    ticks = count()
    first = datetime(2024, 6, 1, tzinfo=UTC)
    reading = Reading(terms=[REPLY.set(12)], roll_over=True)
    context = Context(reading, Calendar.of_party("MX"))
    kept = Docket.in_memory(context=context, clock=lambda: first + timedelta(minutes=next(ticks)))
    case = kept.start(CASE_ID, recorded_by="clerk-7")
    scan = Document("request.pdf", sha256(b"x").hexdigest(), 1, "application/pdf")
    kept.record(
        case,
        did.ReviewRequested(
            date(2024, 4, 1),
            facility=_PLANT,
            laws=("LFT",),
            basis=seal("a name"),
            known=(date(2024, 3, 30), date(2024, 4, 2)),
        ),
        recorded_by=seal("Ana"),
        source=Source("https://example.org/a", "Press release", Confidence.OFFICIAL),
        remark="as told by the Ministry",
        documents=[scan],
    )
    kept.record(CASE_ID, did.ReviewAccepted(date(2024, 4, 10)))
    with pytest.raises(RefusedError):
        kept.record(CASE_ID, did.RemediesImposed(date(2024, 4, 11), tier=1, measure="penalty"), remark="too early")
    kept.remark(CASE_ID, "telephone call", on=date(2024, 4, 20), source="file 7")
    kept.record(CASE_ID, did.HoldBegun(date(2024, 4, 21)))
    kept.record(CASE_ID, did.DenialReported(date(2024, 5, 2)))
    kept.record(CASE_ID, did.CourseAgreed(date(2024, 5, 9), agreed_end=NOT_STATED, outcome=Impact(("back_pay",), 12)))
    kept.correct(
        CASE_ID, Replace(2, did.ReviewAccepted(date(2024, 4, 9), by="respondent")), reason="the letter says the 9th"
    )
    kept.erase(CASE_ID, 1, "data.basis", reason="asked by the person")
    return kept


@cache
def records() -> tuple[bytes, ...]:
    """Return three records: a case with every kind of entry, the attempts in it, and a bare case that closes."""
    kept = docket()
    bare = play(
        Case.start("BARE-1", complainant="US"),
        did.ReviewRequested(date(2024, 4, 1), facility=_PLANT, laws=("LFT",), basis="dismissals"),
        did.Withdrawn(date(2024, 4, 3)),
    )
    return dumps(kept.history(CASE_ID)), dumps(kept.history(CASE_ID + "/attempts")), dumps(bare)
