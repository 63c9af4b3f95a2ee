"""The library and the oracle side by side: random acts, one after another, until the two part ways or the case ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs

from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.record.entry import Entry, Finding, Outcome, Refusal
from tests.oracle.acts import PLANT, SISTER, Next, an_act, holidays
from tests.oracle.limits import limits
from tests.oracle.opinion import ask
from tests.oracle.past import World
from tests.oracle.stages import told

RULEBOOK: Final = Path(__file__).parents[1] / "data" / "rulebook.json"
HOLIDAYS: Final = holidays()
CALENDAR: Final = Calendar("oracle", HOLIDAYS, "made for a test", date(2019, 1, 1), date(2031, 12, 31))
FIRST_DAYS: Final = (*(date(2022, 3, 1),) * 5, date(2020, 6, 30), date(2020, 7, 1), date(2023, 12, 30))
LENGTHS: Final = (12, 20, 30)
OTHER: Final[dict[str, Any]] = {
    "roll_over": True, "screening_from_submission": True, "trade_link_required": True, "cure_ends_claim": True,
    "only_facts_since_entry": True, "panel_within_us_decision": True, "late_panel_loses_authority": True,
    "coverage_must_last": True, "confirmation_settles_coverage": True, "remedy_without_panel": False,
    "services_have_no_measure": True, "closure_ends_case": False, "business_only_where_said": True,
    "constituted_by_lot": True, "out_of_scope_is_no_denial": True, "scope_objection_declines": True,
    "second_case_reopens": True, "hold_lapses_with_request": True,
    "own_findings_count": True, "review_includes_remediation": True, "treaty_until": date(2024, 6, 30),
}  # fmt: skip
"""The choices of a reading that the oracle honours, each with the value that is not our default."""
SAID: Final = {
    "no_rule": "no rule", "in_force": "treaty", "new_id": "id", "not_a_reopening": "reopening",
    "closed_on_course": "no course", "in_order": "order", "same_claim": "claim changed",
    "not_by_petition": "origin", "by_petition": "origin", "filer_of_a_party": "filer", "filer_of_canada": "filer",
    "facility_named": "facility", "in_territory": "territory", "covered": "trade", "priority_sector": "sector",
    "law_named": "laws", "under_annex_23a": "annex 23-A", "order_enforced": "enforced order", "basis_stated": "basis",
    "facts_since_entry": "facts", "bar_over": "barred", "lapsed": "early", "waited": "early", "ended": "early",
    "verification_refused": "early", "within": "late", "end_stated": "end", "later_end": "end",
    "cure_contestable": "cured", "three_panelists": "panelists", "elements_found": "elements",
    "element_missing": "elements", "asked_by_complainant": "actor", "asked_by_respondent": "actor",
    "verification_asked": "not asked", "both_heard": "heard", "scope_open": "scope", "still_covered": "still covered",
    "found_to_continue": "continues", "panel_found_denial": "US law", "within_tier": "tier",
    "entry_denial_of_goods": "goods", "goods_nexus": "goods", "services_measure": "services",
    "reach_same_owner": "reach", "limit_runs": "term", "later_day": "until", "plant_closed": "plant open",
    "closure_ends_case": "closure", "request_delivered": "request", "open_that_day": "closed",
    "not_closed_remediated": "closed remediated", "statutory_ground": "ground", "determined_by_panel": "determination",
    "board_order_enforced": "board order", "hold_ended": "hold ended", "remedy_ends_today": "ends today",
    "remediated_in_review": "remediation",
    "not_remediated": "remediated", "reach_related_goods": "related", "ground_borne_out": "borne out",
}  # fmt: skip
"""The library's reasons in the oracle's words; a reason that is not here has its own name."""


@dataclass(frozen=True)
class Opinion:
    """What one of the two says of an act, in words that both have.

    Attributes:
        admitted: Whether the act is admitted.
        rule: The rulebook's rule by which it is; None where it is refused.
        stage: The stage (or where the hold stands) after it.
        closing: How it closes the case, if it does.
        why: Kinds of reasons against it.
        noted: What is noted with it: limits that it comes after, what is not met and does not bar, and, with a question
            mark, what the record does not state.
        limits: Limits that run after it, with their last days, and those counted from the latest day of a period; none
            where it is refused, which moves none.
    """

    admitted: bool
    rule: str | None
    stage: str
    closing: str | None
    why: tuple[str, ...]
    noted: tuple[str, ...]
    limits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Disagreement:
    """An act of which the two say different things, with the acts before it."""

    seed: str
    world: World
    acts: tuple[Any, ...]
    act: Any
    library: Opinion
    oracle: Opinion
    rules: tuple[str, ...]

    def __str__(self) -> str:
        """Return the acts, both answers, and the paragraphs of the rulebook."""
        lines = [f"sequence {self.seed}", f"  {self.world}".replace(repr(self.world.holidays), "…")]
        lines += [f"  {number}. {act!r}" for number, act in enumerate(self.acts, 1)]
        lines += [f"  then {self.act!r}", "  library | oracle:"]
        for one in ("admitted", "rule", "stage", "closing", "why", "noted", "limits"):
            left, right = getattr(self.library, one), getattr(self.oracle, one)
            lines.append(f"  {' ' if left == right else '*'} {one}: {left} | {right}")
        texts = paragraphs()
        lines += [f"  {rule}: {texts[rule]}" for rule in self.rules if rule in texts]
        return "\n".join(lines)


@dataclass
class Counts:
    """What was met: acts by the library's row, stage and outcome, and sequences."""

    sequences: int = 0
    acts: int = 0
    admitted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    stages: Counter[tuple[str, str]] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add what another run met."""
        self.sequences += other.sequences
        self.acts += other.acts
        for name in ("admitted", "refused", "stages", "noted", "reasons"):
            getattr(self, name).update(getattr(other, name))

    def note(self, ruling: Entry | Refusal) -> None:
        """Count a ruling of the library."""
        self.acts += 1
        if isinstance(ruling, Entry):
            self.admitted[str(ruling.rule)] += 1
            self.noted.update(_noted(ruling))
        else:
            self.refused.update({one.rule for one in ruling.reasons if one.rule is not None})
            self.reasons.update({SAID.get(one.code, one.code) for one in ruling.reasons})
        self.stages[ruling.stage.code, "admitted" if ruling.admitted else "refused"] += 1


@cache
def paragraphs() -> dict[str, str]:
    """What the rulebook says, by rule: event, precondition, time limit, lapse."""
    rules = json.loads(RULEBOOK.read_text(encoding="utf-8"))["rules"]
    return {
        one["id"]: f"{one['actor']} {one['event']}; needs {one['guard']}; limit {one['deadline']}; lapse: "
        f"{one['consequence_of_lapse']}"
        for one in rules
    }


def rule_of(row: str) -> str:
    """The rulebook's rule of a row."""
    return row.rstrip("abcdefgh")


def _noted(ruling: Entry) -> tuple[str, ...]:
    return tuple(sorted(_note(one) for one in ruling.findings))


def _note(one: Finding) -> str:
    said = f"late {one.params['term']}" if one.code == "within" else SAID.get(one.code, one.code)
    return said + ("?" if one.outcome is Outcome.NOT_STATED else "")


def _why(ruling: Refusal) -> tuple[str, ...]:
    """Kinds of reasons of the row that comes nearest: where several rows provide for an act, each tells its own."""
    by_row: dict[str | None, set[str]] = {}
    for one in ruling.reasons:
        by_row.setdefault(one.rule, set()).add(SAID.get(one.code, one.code))
    nearest = min((len(reasons), sorted(reasons)) for reasons in by_row.values())
    return tuple(nearest[1])


def _days(running: dict[str, tuple[date, date] | None]) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((name, "not stated" if days is None else " ".join(map(str, days))) for name, days in running.items())
    )


def _library(ruling: Entry | Refusal, case: Case) -> Opinion:
    if isinstance(ruling, Entry):
        running = _days(
            {one.term: None if one.due is None else (one.due, one.latest or one.due) for one in case.limits}
        )
        closing = None if ruling.closing is None else ruling.closing.value
        return Opinion(True, rule_of(str(ruling.rule)), ruling.to.code, closing, (), _noted(ruling), running)
    return Opinion(False, None, ruling.stage.code, None, _why(ruling), (), ())


def _oracle(acts: list[Any], act: Any, world: World) -> Opinion:
    answer = ask(acts, act, world)
    if answer.why:
        return Opinion(False, None, answer.stage, answer.closing, tuple(sorted(answer.why)), (), ())
    after = told([one for one in (*acts, act) if not one.of_hold], world)
    noted, running = tuple(sorted(answer.noted)), _days(limits(after, world))
    return Opinion(True, answer.rule, answer.stage, answer.closing, (), noted, running)


def world_of(random: Random) -> tuple[World, Case, Context]:
    """A case that was just opened, and what it stands in, for both."""
    annex = ANNEX_31A if random.random() < 0.85 else ANNEX_31B
    two = Party.US if annex is ANNEX_31A else Party.CA
    respondent = None if random.random() < 0.75 else random.choice((Party.MX, Party.MX, two))
    origin = random.choice((None, None, None, None, None, None, "petition", "self_initiated"))
    plants = (PLANT, SISTER, attrs.evolve(PLANT, name="Taller", owner="Another"))
    denials = tuple(
        (
            random.choice(("OLD-1", "OLD-2", "OLD-3", "CASE-1")),
            random.choice(plants),
            _day(random, 900),
            random.choice(("panel", "panel", "respondent_report", "course")),
        )
        for _ in range(random.choice((0, 0, 1, 2, 4)))
    )
    bad_faith = ((random.choice(list(Party)), _day(random, 600)),) if random.random() < 0.15 else ()
    other = frozenset({random.choice(list(OTHER))}) if random.random() < 0.4 else frozenset[str]()
    world = World("CASE-1", annex.name, respondent, origin, denials, bad_faith, HOLIDAYS, _until(other), other)
    register = Register(tuple(PriorDenial(*one) for one in denials), tuple(BadFaith(*one) for one in bad_faith))
    context = Context(_reading(other), CALENDAR, register)
    return world, Case.start("CASE-1", annex=annex, origin=origin, respondent=respondent), context


def world_under(other: str) -> tuple[World, Case, Context]:
    """The same, without anything that may stand in the way, under a reading with one other choice."""
    chosen = frozenset({other})
    return (
        World(holidays=HOLIDAYS, treaty_until=_until(chosen), other=chosen),
        Case.start("CASE-1"),
        Context(_reading(chosen), CALENDAR),
    )


def both(acts: Sequence[Event], act: Event, other: str) -> tuple[Opinion, Opinion]:
    """Return what both say of an act after others, under a reading with one other choice.

    Args:
        acts: The acts before it, all admitted.
        act: The act.
        other: The choice.
    """
    world, case, context = world_under(other)
    case = play(case, *acts, context=context)
    ruling = decide(case, act, context=context)
    after = evolve(case, ruling) if isinstance(ruling, Entry) else case
    return _library(ruling, after), _oracle(list(acts), act, world)


_READINGS: Final = {
    frozenset[str](): Reading(),
    **{frozenset({name}): Reading(**{name: OTHER[name]}) for name in OTHER},
}


def _reading(other: frozenset[str]) -> Reading:
    return _READINGS[other]


def _until(other: frozenset[str]) -> date:
    return OTHER["treaty_until"] if "treaty_until" in other else date.max


def _day(random: Random, width: int) -> date:
    return date(2020, 9, 1) + timedelta(random.randrange(width))


def compare(
    random: Random, counts: Counts, name: str = "", *, first: Sequence[Event] = (), other: str | None = None
) -> Disagreement | None:
    """Play one sequence with both, and return the first act of which they say different things.

    Args:
        random: What acts are drawn from.
        counts: Where to count what was met.
        name: What the sequence is called.
        first: Acts to play before those that are drawn, of a case under Annex 31-A without a stated origin.
        other: The choice of a reading to play under; drawn if None.
    """
    world, case, context = world_of(random) if other is None else world_under(other)
    counts.sequences += 1
    acts: list[Any] = []
    start = random.choice(FIRST_DAYS)
    length = random.choice(LENGTHS)
    played = iter(first)
    while length > 0:
        length -= 1 if case.closing is None else 4  # a closed case takes little more
        last = start if case.last_day is None else case.last_day
        due = {one.term: one.due for one in case.limits}
        act = next(played, None) or an_act(random, Next(case.stage.code, last, due, world.respondent))
        ruling = decide(case, act, context=context)
        counts.note(ruling)
        if isinstance(ruling, Entry):
            case = evolve(case, ruling)
        library, oracle = _library(ruling, case), _oracle(acts, act, world)
        if library != oracle:
            return Disagreement(name, world, tuple(acts), act, library, oracle, _rules(ruling, oracle))
        if isinstance(ruling, Entry):
            acts.append(act)
    return None


def _rules(ruling: Entry | Refusal, oracle: Opinion) -> tuple[str, ...]:
    """The rules that a disagreement is about."""
    rows = {ruling.rule} if isinstance(ruling, Entry) else {one.rule for one in ruling.reasons}
    return tuple(sorted({rule_of(row) for row in (*rows, oracle.rule) if row is not None}))


def compare_many(seed: int, numbers: range, counts: Counts) -> Iterator[Disagreement]:
    """Play many sequences, and yield each disagreement."""
    for number in numbers:
        name = f"{seed}:{number}"
        found = compare(Random(name), counts, name)
        if found is not None:
            yield found
