"""Each of the 44 invariants of the rulebook, over any run of acts.

An invariant is *barred*: no run of acts breaks it; or *noted*: each run that breaks it carries the finding that says so.
Where the record does not state the field asked about, a barred one counts as noted.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from rrm_lifecycle.case.case import evolve
from rrm_lifecycle.case.context import DEFAULT
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry, Outcome
from tests.law.rulebook import RULEBOOK
from tests.properties import forged
from tests.properties.checkers import CHECKERS
from tests.properties.checkers.run import Breach, Run
from tests.properties.wandering import runs
from tests.strategies import Walk, World, any_event, case_at, days_of, likely, likely_event, walks, worlds

BARRED: Final = "barred"
NOTED: Final = "noted"
KINDS: Final[dict[str, str]] = {
    **{f"INV-{n:02}": BARRED for n in range(1, 45)},
    "INV-14": NOTED,  # in the public record a hold is released on the day of the close, or later
    "INV-25": NOTED,  # the treaty's remedy without a panel is open by default (AMB-08)
    "INV-30": NOTED,  # a remedy may be lifted late
}
MAY_BE_UNSTATED: Final = {
    "INV-04", "INV-05", "INV-11", "INV-13", "INV-19", "INV-21", "INV-27", "INV-29", "INV-32", "INV-34", "INV-36",
}  # fmt: skip
"""What the record may leave open."""


def excused(name: str, breach: Breach) -> bool:
    """Return whether the entry that breaks an invariant carries the finding that says so."""
    outcomes = [one.outcome for one in breach.entry.findings if one.code == breach.note]
    return bool(outcomes) and (KINDS[name] == NOTED or set(outcomes) == {Outcome.NOT_STATED})


def broken(run: Run) -> dict[str, list[Entry]]:
    """Return the entries of a run that break an invariant and do not say so, by its id."""
    found: dict[str, list[Entry]] = {}
    for name, check in CHECKERS.items():
        entries = [breach.entry for breach in check(run) if not excused(name, breach)]
        if entries:
            found[name] = entries
    return found


class Course(RuleBasedStateMachine):
    """A case to which likely acts and any acts are put by turns; at its end it breaks no invariant."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World({})
        self.case = self.world.case()

    @initialize(world=worlds(), stage=st.sampled_from(Stage))
    def start(self, world: World, stage: Stage) -> None:
        """Open a case in a world and follow a shortest course to a stage as far as it goes there."""
        self.world, self.case = world, world.case()
        for entry in case_at(stage).acts:
            self.put(likely(type(entry.act), self.case, entry.act.on))

    @rule(data=st.data())
    def something_likely(self, data: st.DataObject) -> None:
        """Put an act that a row provides for."""
        self.put(data.draw(likely_event(self.case, self.world.context)))

    @rule(data=st.data())
    def anything(self, data: st.DataObject) -> None:
        """Put any act."""
        self.put(data.draw(any_event(data.draw(st.sampled_from(days_of(self.case, 0, 1, 40))))))

    def put(self, event: Event) -> None:
        """Fold the act where it is admitted."""
        ruling = decide(self.case, event, context=self.world.context)
        if isinstance(ruling, Entry):
            self.case = evolve(self.case, ruling)

    def teardown(self) -> None:
        """Look at the finished run."""
        assert broken(Run(self.case, self.world.context)) == {}


@cache
def breaches() -> dict[str, tuple[tuple[Run, Breach], ...]]:
    """Return what breaks each invariant in the seeded runs, excused or not."""
    return {name: tuple((run, one) for run in runs() for one in check(run)) for name, check in CHECKERS.items()}


class TestAnyRun:
    """No run of acts breaks an invariant without saying so."""

    @pytest.mark.parametrize("name", sorted(KINDS))
    def test_seeded_runs(self, name: str) -> None:
        """In thousands of seeded runs, each act that breaks the invariant carries its finding."""
        assert [(run.acts, one.entry) for run, one in breaches()[name] if not excused(name, one)] == []

    def test_state_machine(self) -> None:
        """The same holds where likely and any acts are drawn by turns."""
        run_state_machine_as_test(Course, settings=settings(max_examples=60, stateful_step_count=25))

    @given(walks())
    def test_walks(self, walk: Walk) -> None:
        """The same holds of walks along a course to some stage and on from there."""
        assert broken(Run(walk.case, walk.context)) == {}

    def test_seeded_runs_go_everywhere(self) -> None:
        """The seeded runs visit every stage of the case and of the hold, and take each kind of act."""
        visited = {entry.to for run in runs() for entry in run.acts}
        assert visited >= {*Stage, *Hold} - {Stage.ASSESSMENT, Hold.NONE}
        taken = Counter(type(entry.act) for run in runs() for entry in run.acts)
        assert min(taken.values()) >= 3


class TestKinds:
    """Each invariant is of one kind, and has a checker that can fail."""

    def test_every_invariant_has_a_checker(self) -> None:
        """The rulebook's invariants, the table of kinds and the checkers are the same 44."""
        ids = {one["id"] for one in RULEBOOK["invariants"]}
        assert ids == set(KINDS) == set(CHECKERS) == set(forged.RUNS)

    @pytest.mark.parametrize("name", sorted(KINDS))
    def test_every_checker_can_fail(self, name: str) -> None:
        """A path put together by hand that breaks the invariant is found to break it, and nothing in it excuses it."""
        run = forged.RUNS[name]()
        assert name in broken(run)

    @pytest.mark.parametrize("stage", list(Stage))
    def test_lawful_courses_break_none(self, stage: Stage) -> None:
        """A shortest lawful course to the stage breaks nothing, excused or not."""
        run = Run(case_at(stage), DEFAULT)
        found = {name for name, check in CHECKERS.items() if any(check(run))}
        assert found <= {"INV-25", "INV-30"}

    @pytest.mark.parametrize("name", sorted(name for name, kind in KINDS.items() if kind == NOTED))
    def test_noted_ones_are_broken(self, name: str) -> None:
        """A noted invariant is broken by some run."""
        assert breaches()[name]

    @pytest.mark.parametrize("name", sorted(MAY_BE_UNSTATED))
    def test_unstated_ones_are_broken(self, name: str) -> None:
        """Where the record does not state what is asked, some run leaves a barred one open, and is noted."""
        assert breaches()[name]

    def test_other_barred_ones_are_never_broken(self) -> None:
        """Every other barred invariant is broken by no run at all, excused or not."""
        assert {name for name, found in breaches().items() if found} <= MAY_BE_UNSTATED | {
            name for name, kind in KINDS.items() if kind == NOTED
        }
