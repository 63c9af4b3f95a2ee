"""Random lawful cases, told as a patchy public record tells them.

Each case first follows a shortest course to where an act drawn at random can be done, does it, and then walks on at
random, every act admitted by ``decide``. Told, it is a history from which acts are hidden and whose days are blurred.

What no honest record could state is left out:

* A limit is never extended, since the record has no word for it: an act after the limit would be late by the record.
* A course of remediation always has an end, and an extension a later one, though the record may not tell it. Were the
  end unknown in the case itself, it could fall before one that the record tells, and the table would rightly refuse it.
* A new course ends no earlier than the course before it. Were the record to tell the old end and not the agreement on
  an earlier one, a notice between the two would look premature, and would have to be reported so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Determination, Party, Sector
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories.acts import FINDINGS, KINDS, REMARKS, origin_of, step_for
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.vocabulary import HOLD, EventType, FinalStatus
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Hold, Phase, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.record.entry import Entry
from tests.strategies import case_at

FIRST_DAY: Final = date(2022, 1, 3)
_NEVER: Final = (did.LimitExtended,)
_CLOSING: Final = (
    did.CaseDropped, did.PetitionDismissed, did.MatterSettled, did.Withdrawn, did.FacilityClosed, did.CaseClosed,
    did.PetitionRejected, did.RemediesLifted,
)  # fmt: skip
_WAITS: Final = (0, 0, 1, 5, 12, 16, 50, 200)
_WORDS: Final = {(kind, FINDINGS.get(word)): word for word, kind in KINDS.items()}
_STATED: Final = tuple(word for word in EventType if word not in REMARKS and word not in HOLD)
_STATUS: Final = {
    Closing.RESOLVED_IN_REVIEW: FinalStatus.RESOLVED,
    Closing.COURSE_COMPLETED: FinalStatus.RESOLVED,
    Closing.REMEDIATED_AFTER_DETERMINATION: FinalStatus.RESOLVED,
    Closing.REMEDIATED_AFTER_REMEDY: FinalStatus.RESOLVED,
    Closing.SETTLED: FinalStatus.RESOLVED,
    Closing.SETTLED_BEFORE_REQUEST: FinalStatus.RESOLVED,
    Closing.NO_DENIAL_AGREED: FinalStatus.NO_DENIAL,
    Closing.NO_DENIAL_PANEL: FinalStatus.NO_DENIAL,
    Closing.OUT_OF_SCOPE: FinalStatus.NO_JURISDICTION,
    Closing.FACILITY_CLOSED: FinalStatus.CLOSED_FACILITY,
    Closing.PETITION_REJECTED: FinalStatus.REJECTED,
}
"""What a record says of a closing; it says nothing of a case withdrawn, dropped or dismissed."""


# ---- lawful cases ----------------------------------------------------------------------------------------------------
@cache
def _rows_of(word: EventType) -> tuple[tuple[Row, Stage], ...]:
    """Return the rows that an event of the record can tell, each with a stage in which it can be done."""
    finding = FINDINGS.get(word)
    return tuple(
        (row, stage)
        for row in TABLE
        if row.event is KINDS[word] and (finding is None or row.having == ("finding", finding))
        for stage in row.stages
        if isinstance(stage, Stage) and not row.id.startswith("A1-01")
    ) or tuple((row, stage) for row in TABLE if row.event is KINDS[word] for stage in row.stages
               if isinstance(stage, Stage))  # fmt: skip


def _course(random: Random, goal: Stage, *, petition: bool) -> list[tuple[type[did.Event], Determination | None]]:
    """Return the acts of a shortest course to a stage, entered by a petition or not."""
    lead: list[type[did.Event]] = [did.PetitionFiled, did.PetitionAccepted] if petition else []
    if not petition and random.random() < 0.3:
        lead = [did.SelfInitiated]
    if goal is Stage.ASSESSMENT:
        return []
    if goal is Stage.PETITION_REVIEW:
        return [(did.PetitionFiled, None)]
    if goal is Stage.REQUEST_DUE:
        return [(kind, None) for kind in lead]
    acts = [(type(entry.act), getattr(entry.act, "finding", None)) for entry in case_at(goal).acts]
    if acts[1:2] == [(did.PanelRequested, None)]:
        acts[1:1] = random.choice((
            [], [(did.ReviewDeclined, None)], [(did.ReviewAccepted, None), (did.NoDenialReported, None)],
            [(did.ReviewAccepted, None), (did.DenialReported, None)],
        ))  # fmt: skip
    return [*((kind, None) for kind in lead), *acts]


class _Walk:
    """A case being made, act by act."""

    def __init__(self, random: Random, history: History) -> None:
        annex = next(one for one in ANNEXES.values() if one.parties == {history.complainant, history.respondent})
        self.random, self.history, self.day = random, history, FIRST_DAY
        self.case = Case.start(
            "random", annex=annex, origin=origin_of(history), complainant=history.complainant,
            respondent=history.respondent,
        )  # fmt: skip

    def does(self, kind: type[did.Event], finding: Determination | None = None) -> bool:
        """Do an act after some wait, if it is admitted after one."""
        random = self.random
        if kind is did.DeterminationIssued and finding is None:
            finding = random.choice(list(Determination))
        for wait in random.sample(_WAITS, len(_WAITS)):
            on = self.day + timedelta(wait)
            stated: dict[str, Any] = {}
            if kind is did.CourseAgreed:
                stated["agreed_end"] = max(on, self.case.facts.course_end or on) + timedelta(random.choice((0, 3, 40)))
            elif kind is did.CourseExtended:
                stated["agreed_end"] = max(on, self.case.facts.course_end or on) + timedelta(random.choice((1, 3, 40)))
            step = step_for(self.history, kind, on, on, finding=finding, **stated)
            ruling = decide(self.case, step.on(on))
            if isinstance(ruling, Entry):
                self.case, self.day = evolve(self.case, ruling), on
                return True
        return False

    def holds(self) -> None:
        """Begin or release the customs hold, on the day of the last act or some days after it."""
        if self.case.facts.requested is None or self.random.random() < 0.85:
            return
        kind = did.HoldBegun if self.case.hold is Hold.NONE else did.HoldReleased
        on = self.day + timedelta(self.random.choice((0, 0, 0, 4)))
        ruling = decide(self.case, step_for(self.history, kind, on, on).on(on))
        if isinstance(ruling, Entry):
            self.case, self.day = evolve(self.case, ruling), on

    def wanders(self) -> bool:
        """Do an act for which some row stands; return whether there may be another."""
        random, stage = self.random, self.case.stage
        rows = [row for row in TABLE if stage in row.stages and row.event not in _NEVER]
        rows = [row for row in rows if row.event not in _CLOSING or random.random() < 0.25]
        rows = [row for row in rows if not row.id.startswith("A1-01") or random.random() < 0.1]
        if stage is Stage.CLOSED or not rows:
            return False
        if self.case.facts.facility_closed and random.random() < 0.3:
            rows = [row for row in rows if row.event is did.CaseClosed] or rows
        row = random.choice(rows)
        self.does(row.event, row.having[1] if row.having and row.having[0] == "finding" else None)
        self.holds()
        return True


def lawful(random: Random) -> tuple[History, Case]:
    """Return a history without events, and a case of acts that ``decide`` admits."""
    row, goal = random.choice(_rows_of(random.choice(_STATED)))
    petition = goal is Stage.PETITION_REVIEW or row.event is did.PetitionFiled or random.random() < 0.4
    complainant, respondent = random.choice(
        ((Party.US, Party.MX), (Party.CA, Party.MX)) if petition
        else ((Party.US, Party.MX), (Party.CA, Party.MX), (Party.MX, Party.US), (Party.MX, Party.CA))
    )  # fmt: skip
    origins = (None, "petition") if petition else (None, "hotline", "self-initiated")
    history = History(
        "random", "Planta Uno", complainant=complainant, respondent=respondent, sector=Sector.MANUFACTURING,
        origin=random.choice(origins), events=(), as_of=date(2030, 1, 1),
    )  # fmt: skip
    walk = _Walk(random, history)
    for kind, finding in _course(random, goal, petition=petition):
        if random.random() < 0.1:
            walk.does(did.RemediationCompleted)
        walk.does(kind, finding)
        walk.holds()
    if walk.case.stage is goal:
        walk.does(row.event, row.having[1] if row.having and row.having[0] == "finding" else None)
        walk.holds()
    for _ in range(random.randint(0, 12)):
        if not walk.wanders():
            break
    return history, walk.case


# ---- a patchy record of them -----------------------------------------------------------------------------------------
def _blurred(random: Random, day: date) -> dict[str, date]:
    way = random.randrange(3)
    if way == 0:
        return {}
    if way == 1:
        first = day.replace(day=1)
        return {"earliest": first, "latest": (first + timedelta(32)).replace(day=1) - timedelta(1)}
    return {"earliest": day - timedelta(random.randint(0, 40)), "latest": day + timedelta(random.randint(0, 40))}


def _status(random: Random, case: Case) -> FinalStatus | None:
    """Return a final status that agrees with the case, or none."""
    if random.random() < 0.4:
        return None
    if case.is_closed:
        return None if case.closing is None else _STATUS.get(case.closing)
    disputed = case.phase is Phase.PANEL or case.stage is Stage.LIFTING_DISPUTED
    return FinalStatus.PANEL_PENDING if disputed else FinalStatus.OPEN


def _remarks(random: Random, days: list[date]) -> Iterator[tuple[int, EventType, date]]:
    """Yield remarks, each behind so many acts, between their days."""
    for word in sorted(REMARKS):
        if days and random.random() < 0.08:
            behind = random.randint(1, len(days))
            first, last = ([*days, days[-1]])[behind - 1 : behind + 1]
            yield behind, word, first + timedelta(random.randint(0, max(0, (last - first).days)))


def word_for(act: did.Event) -> EventType | None:
    """Return the event that tells an act; None where the record has no word for it."""
    if type(act) is did.PartialDenialReported:
        return EventType.REVIEW_RESULT_DENIAL_FOUND
    return _WORDS.get((type(act), getattr(act, "finding", None)))


def patchy(random: Random, *, hide: float = 0.4, blur: float = 0.3) -> tuple[History, Case]:
    """Return a random case as a patchy record tells it, and the case."""
    history, case = lawful(random)
    told: list[tuple[int, HistoryEvent]] = []
    days = [entry.act.on for entry in case.acts]
    for number, entry in enumerate(case.acts, 1):
        act = entry.act
        word, partial = word_for(act), type(act) is did.PartialDenialReported
        if word is None or random.random() < hide:
            continue
        end = getattr(act, "agreed_end", None)
        known: dict[str, Any] = _blurred(random, act.on) if random.random() < blur else {"date": act.on}
        stated = end if isinstance(end, date) and random.random() >= hide else None
        told.append((number, HistoryEvent(word, partial=partial, agreed_end=stated, **known)))
    for behind, word, day in sorted(_remarks(random, days), key=lambda one: (one[0], one[2])):
        told.append((behind, HistoryEvent(word, day)))
    told.sort(key=lambda one: one[0])
    as_of = max(days, default=FIRST_DAY) + timedelta(random.randint(0, 30))
    events = tuple(event for _, event in told)
    return attrs.evolve(history, events=events, as_of=as_of, final_status=_status(random, case)), case


def counted(histories: Iterable[History]) -> Counter[EventType]:
    """Return how often each event of the vocabulary is told."""
    return Counter(event.type for history in histories for event in history.events)
