"""Random lawful paths, told with acts hidden and days blurred, align without a deviation.

CI plays a sample. ``RRM_PATCHY=20000 pytest tests/histories/test_patchy_paths.py`` plays more: so many histories, from
the seed ``RRM_PATCHY_FROM`` on (10,000 if it is not set). A failure names the seed; ``patchy(Random(seed))`` is the
history, with the case that it tells.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories import EventType, FinalStatus, History, HistoryEvent
from rrm_lifecycle.histories.acts import FINDINGS, KINDS, Step, step_for
from rrm_lifecycle.histories.alignment import Alignment, align
from rrm_lifecycle.histories.search import place, runs
from rrm_lifecycle.histories.vocabulary import HOLD
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.record.entry import Entry
from tests.histories.patchy import counted, lawful, patchy, word_for

MOST = int(os.environ.get("RRM_PATCHY", "0"))
FROM = int(os.environ.get("RRM_PATCHY_FROM", "10000"))
SEEDS = range(FROM, FROM + MOST) if MOST else range(600)


@cache
def _told(seed: int) -> History:
    return patchy(Random(seed))[0]


# ---- the sample reaches everything -----------------------------------------------------------------------------------
class TestTheSample:
    """What is played reaches the whole vocabulary."""

    def test_every_event_is_told(self) -> None:
        """Each type of event of the vocabulary is told at least ten times."""
        told = counted(_told(seed) for seed in SEEDS)
        assert {word.value: told[word] for word in EventType if told[word] < 10} == {}

    def test_every_status_is_stated(self) -> None:
        """Each final status is stated at least five times, and none is stated in many."""
        stated = Counter(_told(seed).final_status for seed in SEEDS)
        assert {status.value: stated[status] for status in FinalStatus if stated[status] < 5} == {}
        assert stated[None] >= 30

    def test_both_annexes_with_and_without_a_petition(self) -> None:
        """Each complainant whose law knows petitions files with one and without one, and Mexico complains of both."""
        kinds = Counter(
            (one.complainant, one.respondent, one.first(EventType.PETITION_FILED) is not None)
            for one in map(_told, SEEDS)
        )
        for parties in ((Party.US, Party.MX), (Party.CA, Party.MX)):
            assert min(kinds[*parties, True], kinds[*parties, False]) >= 10
        assert min(kinds[Party.MX, Party.US, False], kinds[Party.MX, Party.CA, False]) >= 10

    def test_holds(self) -> None:
        """Holds are told that begin, that end, and that end without having begun on record."""
        kinds = Counter(frozenset(event.type for event in _told(seed).events) & HOLD for seed in SEEDS)
        begun, ended = EventType.LIQUIDATION_SUSPENDED, EventType.LIQUIDATION_RESUMED
        assert min(kinds[frozenset({begun})], kinds[frozenset({ended})], kinds[frozenset({begun, ended})]) >= 5


# ---- what an alignment keeps -----------------------------------------------------------------------------------------
def _wrong(one: Alignment) -> Iterator[str]:
    """Yield what is wrong with the alignment of a history that tells a lawful case."""
    if one.deviations:
        yield f"deviates: {one.deviations}"
    if replay(one.case.path) != one.case:
        yield "does not replay"
    for entry in one.entries:
        act = entry.act
        if entry.implied and act.known is None:
            yield f"an implied act without an interval: {act}"
        if act.known is not None and not act.known[0] <= act.on <= act.known[1]:
            yield f"{act} outside of its interval"
    remarked = Counter(id(remark.event) for remark in one.remarks if remark.event is not None)
    acts = [event for event in one.history.events if id(event) not in remarked]
    recorded = [entry.act for entry in one.entries if not entry.implied]
    if len(recorded) != len(acts):
        yield f"{len(acts)} events are told, {len(recorded)} acts are recorded"
    exact = Counter(
        (did.PartialDenialReported if event.partial else KINDS[event.type], FINDINGS.get(event.type), event.date)
        for event in acts
        if event.date is not None
    )
    exact -= Counter((type(act), getattr(act, "finding", None), act.on) for act in recorded)
    if exact:
        yield f"no act of their own on their days: {exact}"


@pytest.mark.parametrize("first", SEEDS[::100])
def test_lawful_paths_align(first: int) -> None:
    """A lawful case told in patches aligns: no deviation, exact days stay one to one, and the case replays."""
    seeds = SEEDS[first - SEEDS.start : first - SEEDS.start + 100]
    found = {seed: wrong for seed in seeds if (wrong := list(_wrong(align(_told(seed)))))}
    assert found == {}


# ---- the cheapest run, by trying everything --------------------------------------------------------------------------
_MOST_IMPLIED = 3
_NEVER_IMPLIED = (did.Withdrawn, did.FacilityClosed, did.LimitExtended, did.CourseExtended)
"""No run may hold them. An extension, its end not stated, would undo the end that is agreed; in law it is later."""


def _cheapest(case: Case, target: Step, history: History, most: int = _MOST_IMPLIED) -> int | None:
    """Return the least number of acts, each on any day, after which an act is admitted; None if more than the most."""
    moves = tuple(dict.fromkeys(
        (row.event, row.having[1] if row.having and row.having[0] == "finding" else None) for row in TABLE
        if row.event not in _NEVER_IMPLIED
    ))  # fmt: skip
    first = case.last_day or target.first
    standing = [case]
    for number in range(most + 1):
        if any(isinstance(decide(one, target.on(target.first)), Entry) for one in standing):
            return number
        after: dict[object, Case] = {}
        for one in standing if number < most else ():
            for kind, finding in moves:
                if not any(one.stage in row.stages for row in TABLE if row.event is kind):
                    continue
                step = step_for(history, kind, ENTRY_INTO_FORCE, target.last, implied=True, finding=finding)
                day: date = max(first, one.last_day or first)
                while day <= target.last:
                    ruling = decide(one, step.on(day))
                    day += timedelta(1)
                    settles = isinstance(ruling, Entry) and (ruling.rule or "").startswith("A1-01")
                    if isinstance(ruling, Entry) and ruling.to is not Stage.CLOSED and not settles:
                        then = evolve(one, ruling)
                        after[then.stage, then.limits, then.facts, then.last_day] = then
        standing = list(after.values())
    return None


def _found(case: Case, target: Step, history: History) -> int | None:
    """Return the cost of the run that the search finds; None where it finds none."""
    if place(case, (target,), None) is not None:
        return 0
    for cost, path in runs(case, target):
        steps = tuple(
            step_for(history, move.kind, ENTRY_INTO_FORCE, target.last, implied=True, finding=move.finding)
            for move in path
        )
        if place(case, (*steps, target), None) is not None:
            return cost
    return None


def _gap(random: Random) -> tuple[Case, EventType, date, History]:
    """Return a lawful case at some point of its path, and an event that the record tells some days later."""
    while True:
        history, whole = lawful(random)
        case = replay(whole.path[: random.randint(1, len(whole.path))])
        if not case.is_closed and case.last_day is not None:
            word = random.choice([word for word in KINDS if word not in HOLD])
            return case, word, case.last_day + timedelta(random.choice((0, 1, 5, 11))), history


def _all_told(case: Case, history: History, last: HistoryEvent) -> Alignment | None:
    """Return the alignment of a history that tells every act and then an event; None where an act has no word."""
    events = []
    for entry in case.acts:
        act, word = entry.act, word_for(entry.act)
        if word is None or word in HOLD:
            return None
        end = getattr(act, "agreed_end", None)
        partial = isinstance(act, did.PartialDenialReported)
        events.append(HistoryEvent(word, act.on, partial=partial, agreed_end=end if isinstance(end, date) else None))
    return align(attrs.evolve(history, events=(*events, last)))


def test_no_run_is_cheaper() -> None:
    """The run that is put in is as cheap as the cheapest there is, wherever one of up to three acts is."""
    random, costs, told = Random(7), Counter[int | None](), 0
    for _ in range(200):
        case, word, day, history = _gap(random)
        target = step_for(history, KINDS[word], day, day, finding=FINDINGS.get(word))
        cheapest, found = _cheapest(case, target, history), _found(case, target, history)
        costs[cheapest] += 1
        if cheapest is None:
            assert found is None or found > _MOST_IMPLIED
            continue
        assert found == cheapest, (case.path, target)
        one = _all_told(case, history, HistoryEvent(word, day))
        if one is not None:
            told += 1
            assert not one.deviations
            assert len(one.implied) == cheapest, (case.path, target)
    assert min(costs[number] for number in range(_MOST_IMPLIED + 1)) >= 5, costs
    assert told >= 50
