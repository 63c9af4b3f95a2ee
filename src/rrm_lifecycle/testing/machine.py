"""A state machine that drives a tracker of yours and ours with the same acts, and compares what they say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Protocol

from rrm_lifecycle.case.agenda import CUSTOMS_HOLD, agenda
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.paths import next_day
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Refusal
from rrm_lifecycle.testing import acts
from rrm_lifecycle.testing.courses import Course, courses
from rrm_lifecycle.testing.drawing import st, stateful

MOST_CASES: Final = 3


class Tracker(Protocol):
    """What a :class:`CaseMachine` asks of a tracker. A :class:`~rrm_lifecycle.record.docket.Docket` does as it is."""

    def start(self, case_id: str, /, *, annex: Annex) -> object:
        """Open a case."""

    def record(self, case_id: str, event: Event, /) -> object:
        """Record an act; raise where it is refused."""

    def stage(self, case_id: str, /) -> Stage | str:
        """Return the stage, or its value."""

    def due(self, case_id: str, today: date, /) -> Iterable[tuple[str, date | None]]:
        """Return the limits that run: names of terms with last days. A tracker without it is not asked."""


class CaseMachine(stateful.RuleBasedStateMachine):
    """Drives lawful and unlawful acts against your tracker and ours, and compares stage, agenda and refusals.

    Subclass it, and say how an empty tracker is opened. Tests are what :attr:`TestCase` of the subclass holds.

    Attributes:
        context: What acts are decided under; has to be what your tracker decides under.
        refused: The errors by which your tracker refuses an act. Where one carries a ``refusal``, the codes of its
            reasons are compared too.

    Example:
        >>> class OurOwn(CaseMachine):
        ...     def open(self):
        ...         return Docket.in_memory()
        >>> TestOurOwn = OurOwn.TestCase
    """

    context: ClassVar[Context] = DEFAULT
    refused: ClassVar[tuple[type[Exception], ...]] = (RefusedError,)

    def __init__(self) -> None:
        super().__init__()
        self.ours: dict[str, Case] = {}
        self.tracker: Any = self.open()

    # ---- what a subclass says ----------------------------------------------------------------------------------------
    def open(self) -> Any:  # noqa: ANN401 - a Tracker, a docket, or whatever the methods below are made for
        """Return your tracker, without cases."""
        msg = "say in open() how your tracker is opened: def open(self): return MyTracker()"
        raise NotImplementedError(msg)

    def stage_of(self, case_id: str) -> Stage | str:
        """Return where your tracker says that a case stands."""
        if isinstance(self.tracker, Docket):
            return self.tracker.case(case_id).stage
        stage: Stage | str = self.tracker.stage(case_id)
        return stage

    def due_of(self, case_id: str, today: date) -> list[tuple[str, date | None]] | None:
        """Return the limits that your tracker says run in a case; None where it does not tell."""
        if isinstance(self.tracker, Docket):
            return [(due.term, due.due) for due in self.tracker.agenda(today, case=case_id) if due.term != CUSTOMS_HOLD]
        return list(self.tracker.due(case_id, today)) if hasattr(self.tracker, "due") else None

    # ---- what is driven ----------------------------------------------------------------------------------------------
    @stateful.initialize(annex=st.sampled_from((ANNEX_31A, ANNEX_31B)))
    def opens_first(self, annex: Annex) -> None:
        """Open a first case."""
        self._opens(annex)

    @stateful.precondition(lambda self: len(self.ours) < MOST_CASES)
    @stateful.rule(annex=st.sampled_from((ANNEX_31A, ANNEX_31B)))
    def opens(self, annex: Annex) -> None:
        """Open another case."""
        self._opens(annex)

    def _opens(self, annex: Annex) -> None:
        case_id = f"CASE-{len(self.ours) + 1}"
        self.tracker.start(case_id, annex=annex)
        self.ours[case_id] = Case.start(case_id, annex=annex)

    @stateful.rule(data=st.data())
    def does_a_lawful_act(self, data: st.DataObject) -> None:
        """Do an act that the table admits."""
        self._does(data, acts.lawful_events)

    @stateful.rule(data=st.data())
    def does_a_late_act(self, data: st.DataObject) -> None:
        """Do an act after its last day."""
        self._does(data, acts.late_events)

    @stateful.rule(data=st.data())
    def does_an_early_act(self, data: st.DataObject) -> None:
        """Do an act that time alone will open."""
        self._does(data, acts.early_events)

    @stateful.rule(data=st.data())
    def does_an_act_of_another(self, data: st.DataObject) -> None:
        """Do an act by whom it is not for."""
        self._does(data, acts.wrong_actor_events)

    @stateful.rule(data=st.data())
    def does_anything(self, data: st.DataObject) -> None:
        """Do any act."""
        case = self._drawn(data)
        self._tries(case, data.draw(acts.any_events(case), label="act"))

    @stateful.precondition(lambda self: len(self.ours) < MOST_CASES)
    @stateful.rule(course=st.deferred(lambda: courses(context=DEFAULT)))
    def goes_a_course(self, course: Course) -> None:
        """Go a whole course in a case of its own, far into the table."""
        self._opens(course.case.annex)
        case_id = f"CASE-{len(self.ours)}"
        for entry in course.case.acts:
            self._tries(self.ours[case_id], entry.act)

    def _drawn(self, data: st.DataObject) -> Case:
        return self.ours[data.draw(st.sampled_from(sorted(self.ours)), label="case")]

    def _does(self, data: st.DataObject, sort: Any) -> None:  # noqa: ANN401 - a maker of strategies
        case = self._drawn(data)
        drawn = sort(case, self.context)
        if not drawn.is_empty:
            self._tries(case, data.draw(drawn, label="act"))

    def _tries(self, case: Case, event: Event) -> None:
        ruling = decide(case, event, context=self.context)
        try:
            self.tracker.record(case.id, event)
        except self.refused as error:
            if not isinstance(ruling, Refusal):
                msg = (
                    f"yours refuses what row {ruling.rule} ({ruling.provision}) admits:\n{ruling}\nYours says: {error}"
                )
                raise AssertionError(msg) from error  # noqa: TRY004 - a ruling that is not the one to be found
            self._compares_reasons(ruling, error)
            return
        if isinstance(ruling, Refusal):
            msg = f"yours records what the table refuses:\n{ruling}"
            raise AssertionError(msg)  # noqa: TRY004 - likewise
        self.ours[case.id] = evolve(case, ruling)
        self._compares(case.id)

    # ---- what is compared --------------------------------------------------------------------------------------------
    def _compares_reasons(self, ruling: Refusal, error: Exception) -> None:
        theirs = getattr(error, "refusal", None)
        if theirs is None:
            return
        one, other = ({reason.code for reason in refusal.reasons} for refusal in (ruling, theirs))
        if one != other:
            msg = f"yours refuses for {sorted(other)}, and the table for {sorted(one)}:\n{ruling}"
            raise AssertionError(msg)

    def _compares(self, case_id: str) -> None:
        case = self.ours[case_id]
        stage = self.stage_of(case_id)
        if stage != case.stage:
            msg = f"yours has {case_id} in stage {stage!s}, and by the table it stands in {case.stage.value}: {case!r}"
            raise AssertionError(msg)
        today = next_day(case, 0) + timedelta(1)
        theirs = self.due_of(case_id, today)
        if theirs is None:
            return
        ours = [(due.term, due.due) for due in agenda(case, today, context=self.context) if due.term != CUSTOMS_HOLD]
        if sorted(map(str, theirs)) != sorted(map(str, ours)):
            told = "; ".join(f"{term} {due}" for term, due in ours) or "nothing"
            found = "; ".join(f"{term} {due}" for term, due in theirs) or "nothing"
            msg = f"on {today} the agenda of {case_id} holds {told}, and yours tells {found}: {case!r}"
            raise AssertionError(msg)

    @stateful.invariant()
    def stands_where_it_stood(self) -> None:
        """An act in one case moves no other."""
        for case_id, case in self.ours.items():
            stage = self.stage_of(case_id)
            if stage != case.stage:
                msg = f"yours has {case_id} in stage {stage!s} although nothing was done in it since {case.stage.value}"
                raise AssertionError(msg)
