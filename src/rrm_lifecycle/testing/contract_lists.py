"""The clauses of the contract of stores on order and lists: log order, where cases stand, which are found."""

# ruff: noqa: S101 - these are tests, to be run by whoever makes a store

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.kept import Attempt
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import Draft, Head, Query, Store
from rrm_lifecycle.testing.contract_cases import NOON, OTHER, PLANT, SISTER, asked, opened, said, to_denial


class ListsContract:
    """What every store does in order, and how it finds cases. The docstrings of the tests are its clauses."""

    def open(self, *, clock: Callable[[], datetime] | None = None, log: str | None = None) -> Store:
        """Return a new and empty store.

        Args:
            clock: Gives the moment of recording in UTC; the store's own clock if None.
            log: Name of its log; a new one if None.
        """
        raise NotImplementedError

    # ---- log order ---------------------------------------------------------------------------------------------------
    def test_order(self) -> None:
        """Log order is the order of filing, from 0 on without a gap, over all cases."""
        store = self.open(clock=lambda: NOON)
        _, a = opened(store, "A")
        _, b = opened(store, "B", asked())
        store.number()
        more = store.append([said("A")], after=Head.of(a[0]), case=Case.start("A"))
        assert store.number() == 4
        order = [*a, *b, *more]
        assert list(store.in_order()) == order
        assert list(store.in_order(2)) == order[2:]
        assert list(store.in_order(4)) == []
        assert list(store.hashes(1)) == [bytes.fromhex(one.hash) for one in order[1:]]
        assert [digest for digest, _ in store.recordings()] == list(store.hashes())
        assert {moment for _, moment in store.recordings()} <= {NOON, None}
        assert [store.place(one.case_id.lower(), one.seq) for one in order] == [0, 1, 2, 3]
        assert store.place("A", 2) is None

    def test_order_grows(self) -> None:
        """Whoever reads in log order while others file sees a beginning of it, and no gap."""
        store = self.open()
        case, filed = opened(store, "A")
        store.number()
        reader = store.in_order()
        seen = [next(reader)]
        store.append([said("A")], after=Head.of(filed[0]), case=case)
        store.number()
        seen += reader
        assert [one.seq for one in seen] in ([0], [0, 1])

    # ---- where cases stand -------------------------------------------------------------------------------------------
    def test_standing(self) -> None:
        """Where a case stands follows each append, and names the entry that says so."""
        store = self.open()
        case, filed = opened(store, "Slp-1", asked())
        assert store.standing("slp-1") == Standing.of(case, 1, filed[1].hash)
        store.append(
            [Draft(Attempt("Slp-1/attempts", did.ReviewAccepted(date(2024, 1, 1)), Stage.ASSESSMENT, ()))],
            after=None,
            case=None,
        )
        assert store.standing("Slp-1/attempts") is None
        assert [one.case_id for one in store.standings()] == ["Slp-1"]

    def test_restand(self) -> None:
        """Where a case stands can be written anew."""
        store = self.open()
        case, filed = opened(store, "A", asked())
        wrong = Standing.of(Case.start("A"), 0, filed[0].hash)
        store.restand(wrong)
        assert store.standing("A") == wrong
        store.restand(right := Standing.of(case, 1, filed[1].hash))
        assert list(store.standings()) == [right]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (Query(), ["D", "C", "B", "A"]),
            (Query(stage=Stage.ASSESSMENT), ["C"]),
            (Query(phase=Phase.REQUEST_FOR_REVIEW), ["C", "B"]),
            (Query(facility="planta uno"), ["D", "B"]),
            (Query(facility="Planta Uno"), []),
            (Query(country="US"), ["A"]),
            (Query(owner="dueño"), ["D", "B"]),
            (Query(open_only=True), ["D", "C", "B"]),
            (Query(open_only=True, stage=Stage.CLOSED), []),
            (Query(facility="planta uno", stage=Stage.ASSESSMENT), []),
            (Query(country="US", open_only=False), ["A"]),
        ],
    )
    def test_standings(self, query: Query, expected: list[str]) -> None:
        """Cases are found by stage, phase, facility, country, owner and openness, in the order of their opening."""
        store = self.open()
        opened(store, "D", *to_denial())
        opened(store, "C")
        opened(store, "B", asked())
        opened(store, "A", asked(OTHER), did.Withdrawn(date(2024, 1, 9)))
        store.append([said("D")], after=store.head("D"), case=play(Case.start("D"), *to_denial()))
        assert [one.case_id for one in store.standings(query)] == expected
        assert all(query.admits(one) for one in store.standings(query))

    def test_near(self) -> None:
        """Cases that leave a Denial are found at the facility and at one of its owner, letter case apart."""
        store = self.open()
        opened(store, "D", *to_denial())
        opened(store, "B", asked())
        opened(store, "E", *to_denial(OTHER))
        assert [one.case_id for one in store.near(PLANT)] == ["D"]
        assert [one.case_id for one in store.near(SISTER)] == ["D"]
        assert [one.case_id for one in store.near(OTHER)] == ["E"]
        elsewhere = CoveredFacility("planta uno", country="US", sector="manufacturing", goods_traded=True)
        assert list(store.near(elsewhere)) == []
        (found,) = store.near(PLANT)
        assert [one.case_id for one in found.denials] == ["D"]
