"""Growth of a case, of a store, of exact answers and of exports: what is measured is lawful, and as long as it says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from benchmarks import growing
from benchmarks.scaling import Point, curves, steep, told
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.engine import decide


class TestLongCases:
    """A case of so many acts."""

    @pytest.mark.parametrize("many", [1, 4, 5, 40])
    def test_it_has_so_many_acts(self, many: int) -> None:
        """No act more, and none less."""
        assert len(growing.long_case(many).acts) == many

    def test_each_act_is_admitted_where_the_case_then_stands(self) -> None:
        """What is measured is ruled anew, act by act, and gives the same case."""
        long = growing.long_case(30)
        case = Case.start("long")
        for entry in long.acts:
            found: Any = decide(case, entry.act)
            assert found.admitted
            case = evolve(case, found)
        assert case == replay(long.path)


class TestReports:
    """Each report has curves, and says what grows faster than its size."""

    @pytest.mark.parametrize("several", [growing._cases, growing._exports])
    def test_each_curve_has_a_point_for_each_size(self, several: Callable[..., Any]) -> None:
        """A decade gives two points, an exponent, and a row for each in the table."""
        text, found = told("T", curves(several((10, 100))))
        assert found
        for name, one in found.items():
            low, high = (point["n"] for point in one["points"])
            assert high >= 9 * low
            assert isinstance(one["exponent"], float)
            assert text.count(f"| {name} |") == 3

    def test_stores_of_each_kind_hold_what_they_say(self) -> None:
        """A store is filled with whole courses, up to about so many entries."""
        with ExitStack() as stack:
            for name, held, store in growing._stores((100,), stack):
                assert 80 < held <= 100
                assert sum(head.seq + 1 for head in store.heads()) == held, name

    def test_what_is_steep_is_named_with_its_reason(self) -> None:
        """A cost with the exponent 2 is told, one with the exponent 1 is not."""
        found = curves([
            ("step: a whole case, by its acts", Point(10, 1.0)), ("step: a whole case, by its acts", Point(100, 100.0)),
            ("replay, by entries", Point(10, 1.0)), ("replay, by entries", Point(100, 10.0)),
            ("another", Point(10, 1.0)), ("another", Point(100, 100.0)),
        ])  # fmt: skip
        first, second = steep(found)
        assert "*step: a whole case, by its acts* (2.00): a case holds its acts in a tuple" in first
        assert second.endswith("*another* (2.00): why is not known.")
        assert told("T", found)[0].count("Faster than its size") == 2
