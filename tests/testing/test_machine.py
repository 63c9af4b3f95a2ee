"""The machine: our own docket passes, and each tracker that is wrong in one way is found out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from rrm_lifecycle.case.agenda import CUSTOMS_HOLD, agenda
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.law.annexes import Annex
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Refusal
from rrm_lifecycle.testing import CaseMachine

# What is found is not shrunk here: that takes a minute where many acts matter, and what is found is the same.
MANY = settings(
    max_examples=100, stateful_step_count=12, deadline=None, database=None, report_multiple_bugs=False,
    phases=[Phase.generate],
)  # fmt: skip


class ByHand:
    """A tracker of its own, over ``decide``: what it does otherwise, a subclass says."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}

    def start(self, case_id: str, *, annex: Annex) -> None:
        """Open a case."""
        self.cases[case_id] = Case.start(case_id, annex=annex)

    def record(self, case_id: str, event: Event) -> None:
        """Record an act."""
        ruling = decide(self.cases[case_id], event)
        if isinstance(ruling, Refusal):
            raise RefusedError(ruling)
        self.cases[case_id] = evolve(self.cases[case_id], ruling)

    def stage(self, case_id: str) -> Stage | str:
        """Return the stage."""
        return self.cases[case_id].stage.value

    def due(self, case_id: str, today: date) -> Iterable[tuple[str, date | None]]:
        """Return the limits."""
        return [(due.term, due.due) for due in agenda(self.cases[case_id], today) if due.term != CUSTOMS_HOLD]


class Deaf(ByHand):
    """Asks for no actor."""

    def record(self, case_id: str, event: Event) -> None:
        """Record an act as if by its proper actor."""
        super().record(case_id, attrs.evolve(event, by=None))


class Strict(ByHand):
    """Refuses a late act, which the Mechanism notes alone."""

    def record(self, case_id: str, event: Event) -> None:
        """Record an act unless a limit is over."""
        if any(limit.due is not None and event.on > limit.due for limit in self.cases[case_id].limits):
            raise RuntimeError("too late")
        super().record(case_id, event)


class OneDayShort(ByHand):
    """Counts the day of the act as day 1."""

    def due(self, case_id: str, today: date) -> Iterable[tuple[str, date | None]]:
        """Return the limits, each a day short."""
        return [(term, due and due - timedelta(1)) for term, due in super().due(case_id, today)]


class Stuck(ByHand):
    """Has no stage for a case that closed."""

    def stage(self, case_id: str) -> Stage | str:
        """Return the stage, unless closed."""
        stage = super().stage(case_id)
        return "review_requested" if stage == "closed" else stage


class Mute(ByHand):
    """Gives one reason for each refusal, and leaves out the others."""

    def record(self, case_id: str, event: Event) -> None:
        """Record an act."""
        try:
            super().record(case_id, event)
        except RefusedError as error:
            raise RefusedError(attrs.evolve(error.refusal, reasons=error.refusal.reasons[:1])) from None


class Mixed(ByHand):
    """Puts every act in all cases that can take it."""

    def record(self, case_id: str, event: Event) -> None:
        """Record an act everywhere."""
        super().record(case_id, event)
        for other in self.cases:
            if other != case_id and not isinstance(ruling := decide(self.cases[other], event), Refusal):
                self.cases[other] = evolve(self.cases[other], ruling)


def machine(opens: type, *errors: type[Exception]) -> type[CaseMachine]:
    """Return a machine over a tracker."""

    class Mine(CaseMachine):
        refused: ClassVar[tuple[type[Exception], ...]] = errors or (RefusedError,)

        def open(self) -> Any:
            return opens()

    return Mine


class TestMachine:
    """What is driven, and what is compared."""

    def test_our_docket(self) -> None:
        """A docket of ours passes as it is."""

        class Ours(CaseMachine):
            def open(self) -> Docket:
                return Docket.in_memory()

        run_state_machine_as_test(Ours, settings=settings(MANY, max_examples=25))

    def test_by_hand(self) -> None:
        """A tracker that rules by the table passes."""
        run_state_machine_as_test(machine(ByHand), settings=settings(MANY, max_examples=25))

    @pytest.mark.parametrize(
        ("tracker", "says"),
        [
            (Deaf, "yours records what the table refuses"),
            (Strict, "yours refuses what row .* admits"),
            (OneDayShort, r"the agenda of CASE-\d holds"),
            (Stuck, "in stage review_requested, and by the table it stands in closed"),
            (Mute, "yours refuses for .*, and the table for"),
            (Mixed, "although nothing was done in it since"),
        ],
    )
    def test_wrong(self, tracker: type, says: str) -> None:
        """A tracker that is wrong in one way is found out, and the failure says in which."""
        with pytest.raises(AssertionError, match=says):
            run_state_machine_as_test(machine(tracker, RefusedError, RuntimeError), settings=MANY)

    def test_no_open(self) -> None:
        """A machine without a tracker says what is missing."""
        with pytest.raises(NotImplementedError, match=r"say in open\(\) how your tracker is opened"):
            CaseMachine()
