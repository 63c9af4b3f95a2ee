"""R11: random use of every store against one simple model: no difference, down to the bytes.

The model knows of each case how many acts it has, what was remarked, sealed and refused. All stores are given the same
moments and the same name of the log, so that their entries have to be the same bytes.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, RefusedError, UnknownCase
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.kept import Strike
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.stores import Store
from tests.record.postgres_server import SERVERS, new_server
from tests.reliability.conftest import MEMORY
from tests.reliability.work import ACTS, sized

EXAMPLES: Final = sized(20)
POSTGRES_EXAMPLES: Final = sized(4, 40)
STEPS: Final = 30
IDS: Final = ("A", "b", "Case-3")
DAY: Final = date(2024, 4, 1)
_NUMBERS: Final = count()
cases = st.sampled_from(IDS)


class Model:
    """What is expected of a case.

    Attributes:
        acts: How many acts it has.
        entries: How many entries its record has.
        sealed: Values that are held, by number of entry.
        attempts: How many attempts were refused.
        once: The key that the last act was recorded with, and the act.
    """

    def __init__(self) -> None:
        self.acts = 0
        self.entries = 1
        self.sealed: dict[int, str] = {}
        self.attempts = 0
        self.once: dict[str, int] = {}


class Stores(RuleBasedStateMachine):
    """Dockets over several stores, each told the same."""

    address: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="rrm-alike-", dir=MEMORY))
        self.moment = datetime(2024, 6, 3, 9, tzinfo=UTC)
        self.schema = f"s{next(_NUMBERS)}"
        self.model: dict[str, Model] = {}
        self.stale: dict[str, tuple[int, list[Any]]] = {}
        self.dockets: list[Docket] = []

    def _clock(self) -> datetime:
        return self.moment

    def _stores(self) -> list[Store]:
        made: list[Store] = [SqliteStore(self.folder / "docket.db", clock=self._clock, log="log-1")]
        if self.address is not None:
            from rrm_lifecycle.record.storage.postgres import PostgresStore  # noqa: PLC0415 - an extra

            address = self.address
            made.append(
                PostgresStore.open(address, clock=self._clock, log="log-1", schema=self.schema, create=True),
            )
        return made

    @initialize()
    def begin(self) -> None:
        """Open one docket over each store."""
        memory = Docket(MemoryStore(clock=self._clock, log="log-1"))
        self.dockets = [memory, *map(Docket, self._stores())]

    def teardown(self) -> None:
        """Close them."""
        for one in self.dockets:
            one.close()
        shutil.rmtree(self.folder)

    def _all(self, what: Any, *raised: type[Exception]) -> list[Any]:
        """Have each docket do something, and see that each does it, or each raises."""
        self.moment += timedelta(seconds=7)
        found = []
        for number, docket in enumerate(self.dockets):
            if raised:
                with pytest.raises(raised):
                    what(docket, number)
            else:
                found.append(what(docket, number))
        return found

    # ---- what is done
    @rule(case=cases)
    def start(self, case: str) -> None:
        """Open a case; a second time is refused, and so is another spelling of its id."""
        if case in self.model:
            self._all(lambda docket, _: docket.start(case.swapcase()), DuplicateCase)
            return
        self._all(lambda docket, _: docket.start(case, recorded_by="clerk-1"))
        self.model[case] = Model()

    @rule(case=cases, many=st.integers(1, 3), repeat=st.booleans())
    def record(self, case: str, many: int, repeat: bool) -> None:
        """Record the next acts under a key, and at times once more under the same."""
        model = self.model.get(case)
        if model is None:
            self._all(lambda docket, _: docket.record(case, ACTS[0]), UnknownCase)
            return
        acts = ACTS[model.acts : model.acts + many]
        if not acts:
            return
        self.stale[case] = (model.acts, [docket.case(case) for docket in self.dockets])
        key = f"{case} {model.entries}"
        for _ in range(1 + repeat):
            self._all(lambda docket, _: docket.record_all(case, acts, once=key))
        model.acts += len(acts)
        model.entries += len(acts)

    @precondition(lambda self: any(one.acts for one in self.model.values()))
    @rule(case=cases)
    def refuse(self, case: str) -> None:
        """Record the first act again: it is refused, and the attempt is kept beside."""
        model = self.model.get(case)
        if model is not None and model.acts and model.attempts < 20:
            self._all(lambda docket, _: docket.record(case, ACTS[0]), RefusedError)
            model.attempts += 1

    @precondition(lambda self: self.stale)
    @rule(data=st.data())
    def late(self, data: st.DataObject) -> None:
        """Record in a case as it was before others recorded: each is told."""
        case = data.draw(st.sampled_from(sorted(self.stale)))
        acts, held = self.stale[case]
        if acts < self.model[case].acts:
            self._all(lambda docket, number: docket.record(held[number], ACTS[acts]), ConcurrencyConflict)

    @rule(case=cases, text=st.sampled_from(["said", "ñandú", '"quoted"\\', "工場"]), seal=st.booleans())
    def remark(self, case: str, text: str, seal: bool) -> None:
        """Keep a remark, sealed or not."""
        model = self.model.get(case)
        if model is None:
            self._all(lambda docket, _: docket.remark(case, text, on=DAY), UnknownCase)
            return
        words = sealed(text) if seal else text
        self._all(lambda docket, _: docket.remark(case, words, on=DAY))
        if seal:
            model.sealed[model.entries] = text
        model.entries += 1

    @precondition(lambda self: any(one.sealed for one in self.model.values()))
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        """Erase a sealed value; a second time there is nothing to erase."""
        case = data.draw(st.sampled_from(sorted(one for one, model in self.model.items() if model.sealed)))
        model = self.model[case]
        seq = data.draw(st.sampled_from(sorted(model.sealed)))
        self._all(lambda docket, _: docket.erase(case, seq, "remark", reason="asked for"))
        self._all(lambda docket, _: docket.erase(case, seq, "remark", reason="asked for"), EventError)
        del model.sealed[seq]
        model.entries += 1

    @precondition(lambda self: any(one.acts for one in self.model.values()))
    @rule(data=st.data())
    def strike(self, data: st.DataObject) -> None:
        """Strike the last act with a correction."""
        case = data.draw(st.sampled_from(sorted(one for one, model in self.model.items() if model.acts)))
        model = self.model[case]
        self._all(lambda docket, _: docket.correct(case, Strike(model.acts), reason="it was another plant"))
        model.acts -= 1
        model.entries += 1
        self.stale.pop(case, None)

    @rule(back=st.booleans())
    def reopen(self, back: bool) -> None:
        """Close and open whatever lasts, verified in full; at times the clock has gone back meanwhile."""
        # PostgreSQL gives no order to the log when it files: there a clock that goes back is seen in each case alone.
        if back and self.address is None:
            self.moment -= timedelta(hours=1)
        for one in self.dockets[1:]:
            one.close()
        self.dockets[1:] = map(Docket, self._stores())
        self.stale.clear()
        found = self._all(lambda docket, _: docket.verify())
        assert all(one.heads == found[0].heads for one in found)

    # ---- what has to hold
    @invariant()
    def is_as_expected(self) -> None:
        """Each docket holds what the model says, and all hold the same bytes."""
        shown = [_shown(docket) for docket in self.dockets]
        for one in shown[1:]:
            assert one == shown[0]
        for docket in self.dockets[:1]:
            for case, model in self.model.items():
                assert docket.case(case).acts == docket.case(case).path[1:]
                assert len(docket.case(case).acts) == model.acts
                assert len(docket.history(case)) == model.entries
                assert docket.reveal(case) == {(seq, "remark"): text for seq, text in model.sealed.items()}
                assert len(docket.attempts(case)) == model.attempts
            assert [one.id for one in docket.cases()] == list(self.model)


def _shown(docket: Docket) -> list[Any]:
    """Return all that a docket shows of its cases."""
    found: list[Any] = []
    for case in docket.cases():
        held = docket.case(case.id)
        history = [(one.body, one.hash, one.recorded, one.clock) for one in docket.history(case.id)]
        attempts = [(one.body, one.hash) for one in docket.attempts(case.id)]
        found.append((case.id, case.stage, held, history, attempts, docket.reveal(case.id)))
    return found


def _run(machine: type[Stores], examples: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call,unused-ignore]
        machine, settings=settings(max_examples=examples, stateful_step_count=STEPS, deadline=None)
    )


class TestStoresAlike:
    """Stores differ in where they keep, and in nothing else."""

    def test_memory_and_file(self) -> None:
        """Memory and a file show what the model expects, and the same bytes, whatever is done."""
        _run(Stores, EXAMPLES)

    @pytest.mark.parametrize("server", SERVERS)
    def test_postgres_too(self, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """So does PostgreSQL."""
        monkeypatch.setattr(tempfile, "tempdir", MEMORY)
        found = new_server(server)

        class WithPostgres(Stores):
            address = found.database()

        try:
            _run(WithPostgres, POSTGRES_EXAMPLES)
        finally:
            found.stop()
