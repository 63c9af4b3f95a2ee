"""A state machine in which several threads work on one docket at once.

Each step is a round: threads get scripts, start together, and end. What a thread was told is noted: that an entry is kept,
or that it is not and why, or what a reading showed. Behind each round all of that has to agree with what is held.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from threading import Barrier, Thread
from typing import Any, Final, Literal

from attrs import define, field
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, RefusedError, StorageBusy
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.folding import fold_all
from rrm_lifecycle.record.keeper import MOST_AT_ONCE
from rrm_lifecycle.record.kept import ATTEMPTS
from tests.reliability.work import ACTS, sized

THREADS: Final = 4
SHARED: Final = ("common-1", "common-2")
"""Cases in which every thread writes."""
CONTESTED: Final = ("new-1", "new-2", "new-3")
"""Ids under which several threads open a case."""
LONGEST: Final = 120.0
"""Seconds until a thread that has not ended counts as hanging."""
ROUNDS: Final = settings(
    max_examples=sized(8, 200),
    stateful_step_count=5,
    phases=[Phase.generate],  # no two runs of threads are alike, so there is nothing to be made smaller
)
_SWITCHED: Final = 1e-5
"""Seconds between two switches of threads: as often as Python allows, so that they meet in the middle of things."""

Kind = Literal["act", "stale", "once", "wrong", "several", "remark", "start", "read", "ask", "agenda", "verify"]
KINDS: Final[tuple[Kind, ...]] = (
    "act", "stale", "once", "wrong", "several", "remark", "start", "read", "ask", "agenda", "verify",
)  # fmt: skip
Step = tuple[Kind, int]
STEPS: Final = st.tuples(st.sampled_from(KINDS), st.integers(0, len(SHARED)))
"""What is done, and where: in a common case, or in the thread's own."""
SCRIPTS: Final = st.lists(st.lists(STEPS, min_size=1, max_size=10), min_size=2, max_size=THREADS)


@define
class Told:
    """What one thread was told.

    Attributes:
        kept: Marks of the writes that it was told are kept, by case, in order; a mark comes once for each entry.
        barred: Marks of the writes that raised, by case.
        refusals: How often the table refused, by case.
        read: What its readings of a case showed, in order.
        seen: The newest case of each id that it was handed.
        other: Errors that no such call may raise, and answers that contradict what is held.
    """

    kept: list[tuple[str, str]] = field(factory=list)
    barred: list[tuple[str, str]] = field(factory=list)
    refusals: Counter[str] = field(factory=Counter)
    read: list[tuple[str, tuple[str, ...]]] = field(factory=list)
    seen: dict[str, Case] = field(factory=dict)
    other: list[BaseException] = field(factory=list)


class Worker:
    """One thread's way through its script."""

    def __init__(self, docket: Docket, number: int, told: Told) -> None:
        self._docket = docket
        self._own = f"own-{number}"
        self._number = number
        self._told = told
        self._marks = 0

    def run(self, script: list[Step], round_: int) -> None:
        """Go through a script; a loss and a refusal are answers, and any other error is noted."""
        for kind, where in script:
            case_id = (*SHARED, self._own)[where]
            self._marks += 1
            mark = f"t{self._number}-r{round_}-{self._marks}"
            try:
                getattr(self, f"_{kind}")(case_id, mark)
            except BaseException as error:  # noqa: BLE001 - every error is told
                self._told.other.append(error)

    def _write(self, case_id: str, mark: str, write: Callable[[], Any], entries: int = 1) -> None:
        try:
            made = write()
        except (ConcurrencyConflict, RefusedError, DuplicateCase, StorageBusy) as error:
            self._told.barred.append((case_id, mark))
            if isinstance(error, RefusedError):
                # an attempt that could not be kept is told in a note; the bounds of attempts are asked about below
                self._told.refusals[case_id] += not getattr(error, "__notes__", None)
            return
        self._told.kept += [(case_id, mark)] * entries
        if isinstance(made, Case):
            self._told.seen[case_id] = made
        held = [one.recorded_by for one in self._docket.history(case_id)]
        assert held.count(mark) == entries, f"{mark} is kept, and is not read behind it in {case_id}"

    def _next(self, case: Case) -> Any:
        """Return the act that the table provides for next, or again the last one, which it refuses."""
        return ACTS[min(case.seq, len(ACTS) - 1)]

    def _act(self, case_id: str, mark: str) -> None:
        case = self._docket.case(case_id)
        self._write(case_id, mark, lambda: self._docket.record(case, self._next(case), recorded_by=mark))

    def _stale(self, case_id: str, mark: str) -> None:
        case = self._told.seen.get(case_id) or self._docket.case(case_id)
        self._write(case_id, mark, lambda: self._docket.record(case, self._next(case), recorded_by=mark))

    def _once(self, case_id: str, mark: str) -> None:
        act = self._next(self._docket.case(case_id))

        def twice() -> Case:
            first = self._docket.record(case_id, act, recorded_by=mark, once=mark)
            again = self._docket.record(case_id, act, recorded_by=mark, once=mark)
            assert again.acts[: first.seq] == first.acts
            return again

        self._write(case_id, mark, twice)

    def _wrong(self, case_id: str, mark: str) -> None:
        self._write(case_id, mark, lambda: self._docket.record(case_id, ACTS[-1], recorded_by=mark))

    def _several(self, case_id: str, mark: str) -> None:
        case = self._docket.case(case_id)
        acts = ACTS[case.seq : case.seq + 2]
        if len(acts) == 2:
            self._write(case_id, mark, lambda: self._docket.record_all(case, acts, recorded_by=mark), entries=2)

    def _remark(self, case_id: str, mark: str) -> None:
        self._write(case_id, mark, lambda: self._docket.remark(case_id, mark, on=date(2024, 4, 1), recorded_by=mark))

    def _start(self, _: str, mark: str) -> None:
        case_id = CONTESTED[self._marks % len(CONTESTED)]
        self._write(case_id, mark, lambda: self._docket.start(case_id, recorded_by=mark))

    def _read(self, case_id: str, _: str) -> None:
        history = self._docket.history(case_id)
        assert [one.seq for one in history] == list(range(len(history)))
        self._told.read.append((case_id, tuple(one.hash for one in history)))

    def _ask(self, case_id: str, _: str) -> None:
        case = self._docket.case(case_id)
        assert self._docket.ask(case, self._next(case)).stage == case.stage

    def _agenda(self, case_id: str, _: str) -> None:
        today = date(2024, 1, 10)
        assert {due.case_id for due in self._docket.agenda(today)} <= {one.id for one in self._docket.cases()}
        assert {due.case_id for due in self._docket.agenda(today, case=case_id)} <= {case_id}

    def _verify(self, *_: str) -> None:
        assert self._docket.verify().entries >= len(self._told.kept)


class Threads(RuleBasedStateMachine):
    """Threads on one docket, round by round. A subclass says where the docket is kept."""

    def __init__(self) -> None:
        super().__init__()
        self._docket = self.opened()
        self._told = [Told() for _ in range(THREADS)]
        self._workers = [Worker(self._docket, number, told) for number, told in enumerate(self._told)]
        self._rounds = 0
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCHED)

    def opened(self) -> Docket:
        """Return an empty docket."""
        raise NotImplementedError

    def again(self) -> Docket | None:
        """Return the docket as another program finds it; None where it ends with this one."""
        return None

    @initialize()
    def begin(self) -> None:
        """Open the common cases, and one for each thread."""
        for case_id in (*SHARED, *(f"own-{number}" for number in range(THREADS))):
            self._docket.start(case_id)

    @rule(scripts=SCRIPTS)
    def work(self, scripts: list[list[Step]]) -> None:
        """Let threads go through their scripts at once."""
        self._rounds += 1
        barrier = Barrier(len(scripts))

        def run(worker: Worker, script: list[Step]) -> None:
            barrier.wait(LONGEST)
            worker.run(script, self._rounds)

        pairs = zip(self._workers, scripts, strict=False)
        running = [Thread(target=run, args=[worker, script], daemon=True) for worker, script in pairs]
        for one in running:
            one.start()
        for one in running:
            one.join(LONGEST)
        assert not any(one.is_alive() for one in running), "a thread hangs"
        raised = [error for told in self._told for error in told.other]
        if raised:
            msg = "errors that no such call may raise, or answers that contradict what is held"
            raise BaseExceptionGroup(msg, raised)

    @invariant()
    def nothing_lost_and_nothing_twice(self) -> None:
        """What was told to be kept is held, once, and in each thread's own order; what raised is not held."""
        self._agrees(self._docket)

    def _agrees(self, docket: Docket) -> None:
        kept = Counter(pair for told in self._told for pair in told.kept)
        held: Counter[tuple[str, str]] = Counter()
        hashes = {}
        for case in docket.cases():
            history = docket.history(case)
            hashes[case.id] = tuple(one.hash for one in history)
            assert [one.seq for one in history] == list(range(len(history)))
            assert [one.prev for one in history[1:]] == [one.hash for one in history[:-1]]
            assert fold_all(one.entry for one in history).acts == case.acts
            marks = [one.recorded_by for one in history if one.recorded_by is not None]
            held.update((case.id, mark) for mark in marks)
            for told in self._told:
                own = [mark for case_id, mark in told.kept if case_id == case.id]
                assert [mark for mark in marks if mark in set(own)] == own, f"out of order in {case.id}"
            refusals = sum(told.refusals[case.id] for told in self._told)
            attempts = docket.attempts(case)
            assert [one.seq for one in attempts] == list(range(min(refusals, MOST_AT_ONCE)))
        assert held == kept, {"lost": kept - held, "not told": held - kept}
        assert not set(held) & {pair for told in self._told for pair in told.barred}
        for told in self._told:
            self._grows(told.read, hashes)
        entries = docket.verify().entries  # where numbers are given later than entries are filed, this gives them
        numbered = [(one.case_id, one.seq) for one in docket._store.in_order()]
        assert len(set(numbered)) == len(numbered) == entries
        assert sum(not case_id.endswith(ATTEMPTS) for case_id, _ in numbered) == sum(map(len, hashes.values()))

    @staticmethod
    def _grows(read: list[tuple[str, tuple[str, ...]]], hashes: dict[str, tuple[str, ...]]) -> None:
        """Each reading of a thread shows a beginning of what is held, and no less than the one before."""
        for case_id, now in hashes.items():
            shown = [hashed for one, hashed in read if one == case_id]
            assert all(one == now[: len(one)] for one in shown)
            assert all(len(one) <= len(other) for one, other in pairwise(shown))

    def teardown(self) -> None:
        """Look once more with the eyes of another program, and close."""
        sys.setswitchinterval(self._interval)
        try:
            other = self.again()
            if other is not None:
                with other:
                    self._agrees(other)
        finally:
            self._docket.close()
