"""Play a patchy history through the table: what fits, what is implied, what deviates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, overload

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import NOT_STATED, Determination, NotStated, ReleaseGround
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories.acts import PART_OF_DISPUTE, REMARKS, SAYS_END_AGAIN, Step, origin_of, step_for, step_of
from rrm_lifecycle.histories.aligned import (
    Alignment,
    Alignments,
    Alternative,
    Deviation,
    Remark,
    Statement,
    alignment_to_dict,
    name_of,
    silence,
)
from rrm_lifecycle.histories.event import HistoryEvent, Period
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.search import place, runs
from rrm_lifecycle.histories.vocabulary import HOLD, EventType, FinalStatus
from rrm_lifecycle.law.annexes import ANNEXES, ENTRY_INTO_FORCE
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.record.entry import Entry, Refusal

__all__ = [
    "Alignment",
    "Alignments",
    "Alternative",
    "Deviation",
    "Remark",
    "Statement",
    "align",
    "align_all",
    "alignment_to_dict",
    "silence",
]

_MOST_ANEW: Final = 40
_FACTS: Final = (did.RemediationCompleted, did.FacilityClosed)
_BEFORE: Final = frozenset({
    EventType.PETITION_FILED, EventType.PETITION_ACCEPTED, EventType.PETITION_REJECTED, EventType.FACILITY_CLOSED,
})  # fmt: skip
_CLOSING: Final = frozenset({
    EventType.MATTER_RESOLVED, EventType.CASE_WITHDRAWN, EventType.REMEDIES_LIFTED,
    EventType.PANEL_DETERMINATION_NO_DENIAL, EventType.PANEL_DETERMINATION_NO_JURISDICTION,
})  # fmt: skip
_BY_CLOSING: Final = {
    Closing.RESOLVED_IN_REVIEW: ReleaseGround.OTHERWISE_REMEDIED,
    Closing.COURSE_COMPLETED: ReleaseGround.COURSE_COMPLETED,
    Closing.NO_DENIAL_AGREED: ReleaseGround.ABSENCE_AGREED,
    Closing.NO_DENIAL_PANEL: ReleaseGround.NO_DENIAL_DETERMINED,
    Closing.REMEDIATED_AFTER_DETERMINATION: ReleaseGround.OTHERWISE_REMEDIED,
    Closing.REMEDIATED_AFTER_REMEDY: ReleaseGround.OTHERWISE_REMEDIED,
    Closing.SETTLED: ReleaseGround.OTHERWISE_REMEDIED,
}
_AGREES: Final[dict[FinalStatus, frozenset[Closing | None]]] = {
    FinalStatus.RESOLVED: frozenset({
        Closing.RESOLVED_IN_REVIEW, Closing.COURSE_COMPLETED, Closing.REMEDIATED_AFTER_DETERMINATION,
        Closing.REMEDIATED_AFTER_REMEDY, Closing.SETTLED, Closing.SETTLED_BEFORE_REQUEST,
    }),
    FinalStatus.NO_DENIAL: frozenset({Closing.NO_DENIAL_AGREED, Closing.NO_DENIAL_PANEL}),
    FinalStatus.NO_JURISDICTION: frozenset({Closing.OUT_OF_SCOPE}),
    FinalStatus.CLOSED_FACILITY: frozenset({Closing.FACILITY_CLOSED}),
    FinalStatus.REJECTED: frozenset({Closing.PETITION_REJECTED}),
    FinalStatus.OPEN: frozenset({None}),
    FinalStatus.PANEL_PENDING: frozenset({None}),
}  # fmt: skip


# ---- aligning --------------------------------------------------------------------------------------------------------
class _Play:
    """A history being played; the n-th act that it tells is not done from the stages ``avoid[n]``."""

    def __init__(self, history: History, context: Context | None, avoid: Mapping[int, frozenset[Stage]]) -> None:
        annex = next(one for one in ANNEXES.values() if one.parties == {history.complainant, history.respondent})
        self.history = history
        self.context = context
        self.avoid = avoid
        self.told: list[tuple[Step, Stage | None]] = []
        self.start = Case.start(
            history.id, annex=annex, origin=origin_of(history), complainant=history.complainant,
            respondent=history.respondent,
        )  # fmt: skip
        self.steps: list[Step] = []
        self.cases: list[Case] = []
        self.remarks: list[Remark] = []
        self.deviations: list[Deviation] = []
        self.alternatives: list[Alternative] = []

    @property
    def case(self) -> Case:
        return self.cases[-1] if self.cases else self.start

    def admit(self, *steps: Step) -> bool:
        """Enter acts as they are, if days can be chosen for all acts so far."""
        got = place(self.case, steps, self.context)
        if got is not None:
            self.steps += steps
            self.cases += got
            return True
        if all(step.first == step.last for step in self.steps):
            return False
        every = (*self.steps, *steps)
        got = place(self.start, every, self.context)
        if got is None:
            return False
        self.steps, self.cases = list(every), list(got)
        return True

    @property
    def misfits(self) -> int:
        """How many events do not fit."""
        left_out = sum(stage is None for _, stage in self.told)
        return left_out + sum(one.event.type in HOLD for one in self.deviations)

    def enter(self, step: Step) -> bool:
        """Enter an act that the record tells, as it is or after a run; note the stage from which it is done."""
        avoid = self.avoid.get(len(self.told), frozenset())
        stage = self.case.stage
        if stage not in avoid and self.admit(step):
            self.told.append((step, stage))
            return True
        done = self.imply(step, avoid)
        self.told.append((step, done))
        return done is not None

    def imply(self, step: Step, avoid: frozenset[Stage] = frozenset()) -> Stage | None:
        """Put in the cheapest run after which the act is admitted; behind facts at the end, or around them, if need be."""
        facts = 0
        while facts < len(self.steps) and self.steps[-facts - 1].kind in _FACTS:
            facts += 1
        for back in range(facts + 1):
            stage = self._imply(step, back, avoid)
            if stage is not None:
                return stage
        for back in range(1, facts + 1):
            stage = self._imply(step, back, avoid, around=True)
            if stage is not None:
                return stage
        return None

    def _imply(self, step: Step, back: int, avoid: frozenset[Stage], *, around: bool = False) -> Stage | None:
        cut = len(self.steps) - back
        before, facts = tuple(self.steps[:cut]), tuple(self.steps[cut:])
        base = self.cases[cut - 1] if cut else self.start
        first = before[-1].first if before else ENTRY_INTO_FORCE
        last, after = (facts[0].last, facts[-1].first) if facts else (step.last, first)
        flexible = any(one.first != one.last for one in before)
        chosen: tuple[int, tuple[str, ...]] | None = None
        by_lot = (self.context or DEFAULT).reading.constituted_by_lot
        for total, path in runs(base, step, by_lot=by_lot):
            if chosen is not None and total > chosen[0]:
                break
            if path[-1].to in avoid:
                continue
            for split in range(len(path) - 1, 0, -1) if around else (len(path),):
                run = [
                    step_for(self.history, move.kind, *days, implied=True, finding=move.finding)
                    for days, moves in (((first, last), path[:split]), ((after, step.last), path[split:]))
                    for move in moves
                ]
                rest = (*run[:split], *facts, *run[split:], step)
                got = place(base, rest, self.context)
                if got is not None:
                    got = (*self.cases[:cut], *got)
                elif flexible:
                    got = place(self.start, (*before, *rest), self.context)
                if got is not None:
                    break
            else:
                continue
            names = tuple(name_of(one) for one in run)
            if chosen is None:
                chosen = total, names
                found = (*before, *rest), got, path[-1].to
            else:
                self.alternatives.append(Alternative(step.kind.__name__, chosen[1], names))
        if chosen is None:
            return None
        self.steps, self.cases = list(found[0]), list(found[1])
        return found[2]

    def request(self, last: date) -> None:
        """Imply the request for review on which a hold of the record stands."""
        if self.case.facts.requested is None and not self.case.is_closed:
            first = self.steps[-1].first if self.steps else ENTRY_INTO_FORCE
            step = step_for(self.history, did.ReviewRequested, min(first, last), last, implied=True)
            self.enter(step)

    def event(self, event: HistoryEvent, period: Period) -> None:
        """Play an event of the case."""
        if event.type in REMARKS or (self.case.is_closed and event.type in SAYS_END_AGAIN):
            self.remarks.append(Remark(event, period, event.note))
            return
        if event.type in PART_OF_DISPUTE and self.case.stage is Stage.LIFTING_DISPUTED:
            self.remarks.append(Remark(event, period, event.note))
            return
        stated: dict[str, Any] = {}
        if event.type is EventType.MATTER_RESOLVED and self.history.impact is not None:
            stated["outcome"] = self.history.impact
        step = step_of(self.history, event, *self._open_for_hold(event.type, period), **stated)
        if self.enter(step):
            return
        day = max(step.first, min(step.last, self.case.last_day or step.first))
        ruling = decide(self.case, step.on(day), context=self.context)
        if isinstance(ruling, Entry):
            ruling = decide(self.case, step.on(step.first), context=self.context)
        if isinstance(ruling, Refusal):
            self.deviations.append(Deviation(event, ruling))

    def _open_for_hold(self, kind: EventType | None, period: Period) -> Period:
        """Return the period, cut so that an act that closes the case does not come before a hold began."""
        if kind is not None and kind not in _CLOSING:
            return period
        begun = max(
            (
                known[0]
                for event, known in zip(self.history.events, self.history.periods, strict=True)
                if event.type is EventType.LIQUIDATION_SUSPENDED
            ),
            default=period[0],
        )
        return min(max(period[0], begun), period[1]), period[1]

    def statement(self) -> None:
        """Imply the closing act that the final status states, where the last event leaves the case open."""
        status, case = self.history.final_status, self.case
        if case.is_closed or status in {None, FinalStatus.OPEN, FinalStatus.PANEL_PENDING}:
            return
        first = self.steps[-1].first if self.steps else ENTRY_INTO_FORCE
        period = self._open_for_hold(None, (first, self.history.as_of))

        def step(kind: type[did.Event], **stated: Any) -> Step:  # noqa: ANN401 - fields of the act
            return step_for(self.history, kind, *period, implied=True, **stated)

        if status in {FinalStatus.RESOLVED, FinalStatus.NO_DENIAL}:
            tried: tuple[Step, ...] = (step(did.MatterSettled, outcome=self.history.impact),)
        elif status is FinalStatus.CLOSED_FACILITY:
            missing = () if case.facts.facility_closed else (step(did.FacilityClosed),)
            tried = (*missing, step(did.CaseClosed))
        elif status is FinalStatus.REJECTED:
            missing = (step(did.PetitionFiled),) if case.stage is Stage.ASSESSMENT else ()
            tried = (*missing, step(did.PetitionRejected))
        else:
            tried = (step(did.DeterminationIssued, finding=Determination.OUT_OF_SCOPE),)
        if not self.admit(*tried):
            self.remarks.append(Remark(None, period, f"final_status: {status}"))

    # ---- the customs hold beside the case ----------------------------------------------------------------------------
    def hold(self, events: Sequence[tuple[HistoryEvent, Period]]) -> list[tuple[date, HistoryEvent | None, Step]]:
        """Choose the days of the hold's acts: it begins as early, and ends as late, as it can."""
        requested, begun = self.case.facts.requested, False
        closed = self.case.last_day if self.case.is_closed else None
        reached = requested
        found: list[tuple[date, HistoryEvent | None, Step]] = []
        for event, (start, last) in events:
            first = start if reached is None else min(max(start, reached), last)
            begins = event.type is EventType.LIQUIDATION_SUSPENDED
            if not begins and not begun:
                latest = first if closed is None else min(closed, last)
                low = requested or first
                latest = max(low, min(last, latest if closed is not None else last))
                found.append((low, None, step_for(self.history, did.HoldBegun, low, latest, implied=True)))
            day = first if begins else last
            stated: dict[str, Any] = {}
            if not begins:
                at_close = closed is not None and day >= closed and self.case.closing is not None
                ground: ReleaseGround | NotStated = NOT_STATED
                if at_close and self.case.closing is not None:
                    ground = _BY_CLOSING.get(self.case.closing, NOT_STATED)
                stated["ground"] = ground
            found.append((day, event, step_of(self.history, event, first, last, **stated)))
            begun, reached = begins or begun, day
        return found

    def merged(self, holds: Sequence[tuple[date, HistoryEvent | None, Step]]) -> Case:
        """Return the case with the acts of both tracks in order of their days."""
        acts: list[tuple[date, int, int, HistoryEvent | None, Step]] = []
        for number, (step, case) in enumerate(zip(self.steps, self.cases, strict=True)):
            acts.append((case.acts[-1].act.on, 0, number, None, step))
        acts += [(day, 1, number, event, step) for number, (day, event, step) in enumerate(holds)]
        case = self.start
        for day, track, _, event, step in sorted(acts, key=lambda one: one[:3]):
            ruling = decide(case, step.on(day), context=self.context)
            if isinstance(ruling, Entry):
                case = evolve(case, attrs.evolve(ruling, implied=True) if step.implied else ruling)
            elif track and event is not None:
                self.deviations.append(Deviation(event, ruling))
        return case


def _clamped(history: History) -> list[Period]:
    """Return the periods of the events; a request lies no later than the hold that it allows."""
    periods = list(history.periods)
    requests = [n for n, event in enumerate(history.events) if event.type is EventType.REQUEST_FOR_REVIEW]
    holds = [history.periods[n][1] for n, event in enumerate(history.events) if event.type in HOLD]
    if requests and holds:
        number, latest = requests[0], min(holds)
        for earlier in range(number + 1):
            first, last = periods[earlier]
            if history.events[earlier].type not in HOLD and first <= latest < last:
                periods[earlier] = first, latest
    return periods


def _request_bound(history: History) -> date | None:
    """Return the last day of a request that no event tells, although a hold stands on one; else None."""
    if history.first(EventType.REQUEST_FOR_REVIEW) is not None:
        return None
    holds = [period[1] for event, period in zip(history.events, history.periods, strict=True) if event.type in HOLD]
    return min(holds, default=None)


def _played(
    history: History, context: Context | None, avoid: Mapping[int, frozenset[Stage]], fewer: int | None = None
) -> tuple[_Play, Case]:
    """Play a history; no further than until as many events do not fit as have to be fewer."""
    play = _Play(history, context, avoid)
    holds: list[tuple[HistoryEvent, Period]] = []
    bound = _request_bound(history)
    for event, period in zip(history.events, _clamped(history), strict=True):
        if event.type in HOLD:
            holds.append((event, period))
            continue
        if bound is not None and event.type not in REMARKS and (event.type not in _BEFORE or period[0] > bound):
            play.request(min(bound, period[1]))
            bound = None
        play.event(event, period)
        if fewer is not None and play.misfits >= fewer:
            return play, play.case
    if bound is not None:
        play.request(bound)
    play.statement()
    return play, play.merged(play.hold(holds))


def _anew(history: History, context: Context | None, first: tuple[_Play, Case]) -> tuple[_Play, Case]:
    """Choose anew what comes before an event that does not fit, the last act first: whatever leaves fewer such events.

    What is cheapest before one event may bar a later one: of two notices that the record calls alike the dearer has the
    shorter wait, and a panel that can be asked for at once may be one that only follows a remedy. So an act before the
    event is done from another stage, the cheapest run to it put in. If nothing helps, the first choice stands.
    """
    told, left = first[0].told, _MOST_ANEW
    failed = next((number for number, (_, stage) in enumerate(told) if stage is None), len(told))
    for number in reversed(range(failed)):
        step, stage = told[number]
        avoid = first[0].avoid.get(number, frozenset())
        while stage is not None and step.kind not in _FACTS and left:
            left -= 1
            avoid |= {stage}
            other = _played(history, context, {**first[0].avoid, number: avoid}, first[0].misfits)
            if other[0].misfits < first[0].misfits:
                return _anew(history, context, other) if other[0].deviations else other
            stage = other[0].told[number][1]
    return first


def _align(history: History, context: Context | None) -> Alignment:
    play, case = _played(history, context, {})
    if play.deviations:
        play, case = _anew(history, context, (play, case))
    status = history.final_status
    agrees = None if status is None else case.closing in _AGREES[status]
    if status is FinalStatus.PANEL_PENDING and agrees:
        agrees = case.phase is Phase.PANEL or case.stage is Stage.LIFTING_DISPUTED
    return Alignment(
        history, case, tuple(play.remarks), tuple(play.deviations), tuple(play.alternatives),
        statement=Statement(status, case.closing, agrees),
    )  # fmt: skip


@overload
def align(history: History, *, context: Context | None = None) -> Alignment: ...
@overload
def align(history: Iterable[History], *, context: Context | None = None) -> Alignments: ...
def align(history: History | Iterable[History], *, context: Context | None = None) -> Alignment | Alignments:
    """Play a history, or several, through the table.

    Args:
        history: One history, or several.
        context: Reading, calendar and register; our defaults if None.

    Example:
        >>> from rrm_lifecycle.histories import load
        >>> align(load()["goodyear-slp"]).case.closing
        <Closing.COURSE_COMPLETED: 'course_completed'>
    """
    if isinstance(history, History):
        return _align(history, context)
    return align_all(history, context=context)


def align_all(histories: Iterable[History], *, context: Context | None = None) -> Alignments:
    """Play several histories through the table."""
    return Alignments(tuple(_align(one, context) for one in histories))
