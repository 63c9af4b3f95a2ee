"""Random lawful cases, told as a patchy public record tells them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Determination, Party, Sector
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories.acts import FINDINGS, KINDS, origin_of, step_for
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.vocabulary import EventType, FinalStatus
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.record.entry import Entry

_NO_WORD = (did.CaseDropped, did.PetitionDismissed, did.LimitExtended, did.SelfInitiated)
_WORDS = {(kind, FINDINGS.get(word)): word for word, kind in KINDS.items()}
_RARE = (did.MatterSettled, did.Withdrawn, did.FacilityClosed, did.CaseClosed, did.PetitionRejected)
_COURSES = (did.CourseAgreed, did.CourseExtended)


def _begun(random: Random) -> History:
    complainant, respondent = random.choice(
        ((Party.US, Party.MX), (Party.US, Party.MX), (Party.MX, Party.US), (Party.CA, Party.MX))
    )  # fmt: skip
    return History(
        "random", "Planta Uno", complainant=complainant, respondent=respondent, sector=Sector.MANUFACTURING,
        origin=random.choice((None, "petition", "hotline", "self-initiated")), events=(), as_of=date(2030, 1, 1),
    )  # fmt: skip


def lawful(random: Random) -> tuple[History, Case]:
    """Return a history without events, and a case of acts that ``decide`` admits."""
    history = _begun(random)
    annex = next(one for one in ANNEXES.values() if one.parties == {history.complainant, history.respondent})
    case = Case.start(
        "random", annex=annex, origin=origin_of(history), complainant=history.complainant, respondent=history.respondent
    )  # fmt: skip
    day = date(2022, 1, 3)
    for _ in range(random.randint(3, 22)):
        rows = [row for row in TABLE if case.stage in row.stages and row.event not in _NO_WORD]
        rows = [row for row in rows if row.event not in _RARE or random.random() < 0.25]
        rows = [row for row in rows if not row.id.startswith("A1-01") or random.random() < 0.1]
        if case.stage is Stage.CLOSED or not rows:
            break
        row = random.choice(rows)
        for wait in random.sample((0, 0, 1, 5, 12, 16, 50, 200), 3):
            on = day + timedelta(wait)
            ends = row.event in _COURSES and random.random() < 0.6
            stated: dict[str, Any] = {"agreed_end": on + timedelta(random.choice((0, 3, 40)))} if ends else {}
            finding = random.choice(list(Determination)) if row.event is did.DeterminationIssued else None
            ruling = decide(case, step_for(history, row.event, on, on, finding=finding, **stated).on(on))
            if isinstance(ruling, Entry):
                case, day = evolve(case, ruling), on
                break
        if case.facts.requested and random.random() < 0.1:
            hold = did.HoldBegun if case.hold.value == "none" else did.HoldReleased
            ruling = decide(case, step_for(history, hold, day, day).on(day))
            if isinstance(ruling, Entry):
                case = evolve(case, ruling)
    return history, case


def _blurred(random: Random, day: date) -> dict[str, date]:
    way = random.randrange(3)
    if way == 0:
        return {}
    if way == 1:
        first = day.replace(day=1)
        return {"earliest": first, "latest": (first + timedelta(32)).replace(day=1) - timedelta(1)}
    return {"earliest": day - timedelta(random.randint(0, 40)), "latest": day + timedelta(random.randint(0, 40))}


def patchy(random: Random, *, hide: float = 0.4, blur: float = 0.3) -> tuple[History, Case]:
    """Return a random case as a patchy record tells it, and the case."""
    history, case = lawful(random)
    events = []
    as_of = max([entry.act.on for entry in case.acts], default=date(2022, 1, 3)) + timedelta(random.randint(0, 30))
    for entry in case.acts:
        act = entry.act
        word = _WORDS.get((type(act), getattr(act, "finding", None)))
        partial = type(act) is did.PartialDenialReported
        if partial:
            word = EventType.REVIEW_RESULT_DENIAL_FOUND
        if word is None or random.random() < hide:
            continue
        end = getattr(act, "agreed_end", None)
        days: dict[str, Any] = _blurred(random, act.on) if random.random() < blur else {"date": act.on}
        events.append(
            HistoryEvent(word, partial=partial, agreed_end=end if isinstance(end, date) else None, **days)
        )  # fmt: skip
    status = FinalStatus.CLOSED_FACILITY if case.closing == "facility_closed" else None
    return History(
        history.id, history.facility, complainant=history.complainant, respondent=history.respondent,
        sector=history.sector, origin=history.origin, events=tuple(events), as_of=as_of, final_status=status,
    ), case  # fmt: skip
