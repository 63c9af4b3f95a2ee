"""A simulation answers what its paths say, and each path is a case that the law admits."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from datetime import date, timedelta
from typing import Any

import attrs
import numpy as np
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation import scalar
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.durations import Durations
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.likeliest import likeliest
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import GROUPS, OUTCOMES, PATHS, PHASES, Simulation
from rrm_lifecycle.simulation.tables import NUMBER, Table
from tests.simulation.programs import coin
from tests.simulation.programs import program_of as program_by_hand

SEED = 2026
N = 20_000


@pytest.fixture(scope="module")
def run() -> Simulation:
    """Return paths of the default behaviour."""
    return simulate(n=N, seed=SEED, start=date(2024, 3, 13))


class TestOutcomes:
    """How paths end."""

    def test_counts_are_those_of_the_paths(self, run: Simulation) -> None:
        """Each outcome is counted as often as paths ended so, and the shares add up to one."""
        table = run.outcomes()
        counted = Counter(run.program.outcomes[one] for one in run.outcome.tolist())
        assert {
            (Closing(row["closing"]), Phase(row["reached"])): row["count"] for row in table if row["count"]
        } == counted
        assert sum(row["share"] for row in table) == pytest.approx(1)
        assert all(row["low"] <= row["share"] <= row["high"] for row in table)
        assert list(table.columns()) == list(OUTCOMES)

    @pytest.mark.parametrize("by", ["closing", "reached"])
    def test_by_one_of_the_two(self, run: Simulation, by: str) -> None:
        """Counted by one of the two, the other is summed over; the most frequent come first."""
        table = run.outcomes(by=by)
        counts = [row["count"] for row in table]
        assert sum(counts) == N
        assert counts == sorted(counts, reverse=True)
        assert len({row[by] for row in table}) == len(table)
        assert list(table.columns()) == [by, "count", "share", "low", "high"]

    def test_by_anything_else(self, run: Simulation) -> None:
        """Counted by anything else there is an error that says by what they are counted."""
        with pytest.raises(SimulationError, match="'closing', by 'reached'"):
            run.outcomes(by="facility")

    def test_to_frame(self, run: Simulation) -> None:
        """The frames have the columns that are documented, with their types."""
        frame = run.outcomes().to_frame()
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == OUTCOMES
        paths = run.to_frame()
        assert {name: str(kind) for name, kind in paths.dtypes.items()} == PATHS
        assert len(paths) == N
        assert paths["last_day"].iloc[5].date() == run.start + timedelta(int(run.days[5]))
        with pytest.raises(TypeError, match="no options; found kind"):
            run.to_frame(kind="acts")


class TestDurations:
    """How long paths take."""

    def test_all_paths(self, run: Simulation) -> None:
        """Mean and quantiles are those of the days of the paths."""
        found = run.durations()
        assert found.n == N
        assert found.mean == pytest.approx(run.days.mean())
        assert found.median == np.sort(run.days)[N // 2 - 1]
        low, high = found.mean_interval
        assert low is not None and high is not None and low < found.mean < high  # noqa: PT018 - one interval

    def test_of_a_closing_and_of_a_group(self, run: Simulation) -> None:
        """The days of a closing are those of its paths, and a group is the sum of its closings."""
        settled = [run.program.outcomes[one][0] is Closing.SETTLED for one in run.outcome.tolist()]
        assert run.durations(Closing.SETTLED).n == run.durations("settled").n == sum(settled)
        assert run.durations("settled").mean == pytest.approx(run.days[settled].mean())
        each = Counter(run.program.outcomes[one][0] for one in run.outcome.tolist())
        assert run.durations("resolved").n == sum(each[one] for one in GROUPS["resolved"])

    def test_quantiles(self, run: Simulation) -> None:
        """Several quantiles are a table, with the days between which the true one lies."""
        table = run.durations("resolved").quantile([0.1, 0.5, 0.9])
        assert [row["quantile"] for row in table] == [0.1, 0.5, 0.9]
        assert all(row["low"] <= row["days"] <= row["high"] for row in table)
        assert run.durations("resolved").interval(0.5) == (table[1]["low"], table[1]["high"])

    def test_rows_are_the_whole_distribution(self, run: Simulation) -> None:
        """The rows of durations hold each day, its count, and a band about the share that took no longer."""
        rows = run.durations().rows()
        assert sum(row["count"] for row in rows) == N
        assert rows[-1]["upto"] == pytest.approx(1)
        assert all(0 <= row["low"] <= row["upto"] <= row["high"] <= 1 for row in rows)

    def test_closings_that_are_none(self, run: Simulation) -> None:
        """A closing that is none is refused with those that there are; so is one that no path has."""
        with pytest.raises(SimulationError, match="'lost'; there are resolved, no_denial, resolved_in_review"):
            run.durations("lost")
        with pytest.raises(SimulationError, match="take more paths"):
            Durations("settled", np.zeros(3, dtype=np.int64))

    def test_curves_say_the_same(self, run: Simulation) -> None:
        """On each day the curves count the paths that are open, and those that have closed in each way."""
        curve, ways = run.survival(), run.incidence()
        for day in (30, 100, 400):
            assert curve.at(day) == pytest.approx(np.mean(run.days > day))
            assert curve.at(day) + sum(one.at(day) for one in ways.values()) == pytest.approx(1)
        assert curve.median == run.durations().median


class TestWherePathsStand:
    """Phases and days."""

    def test_phases_add_up_to_the_days(self, run: Simulation) -> None:
        """The days in all phases, over all paths, are the days of the paths."""
        table = run.phases()
        total = sum(row["count"] * row["mean_days"] for row in table if row["count"])
        assert total == pytest.approx(int(run.days.sum()))
        assert table[0]["share"] == 1.0
        assert list(table.columns()) == list(PHASES)

    def test_phases_are_those_reached(self, run: Simulation) -> None:
        """As many paths stood in sanctions as came so far by their outcomes; panels may have been left out on the way."""
        reached = Counter(run.program.outcomes[one][1] for one in run.outcome.tolist())
        assert run.phases()[3]["count"] == reached[Phase.SANCTIONS]
        assert reached[Phase.PANEL] <= run.phases()[2]["count"] <= reached[Phase.PANEL] + reached[Phase.SANCTIONS]

    def test_occupancy(self, run: Simulation) -> None:
        """On each day the shares of the phases add up to one, and the closed ones are those that have closed."""
        table = run.occupancy()
        names = [phase.value for phase in Phase]
        for row in (table[0], table[50], table[200], table[len(table) - 1]):
            assert sum(row[name] for name in names) == pytest.approx(1)
            assert row["resolved"] == pytest.approx(np.mean(run.days <= row["day"]))
        assert table[len(table) - 1]["resolved"] == pytest.approx(1)

    def test_most_probable_paths(self, run: Simulation) -> None:
        """The exact shares of the most probable paths are those of the paths that were walked, chance apart."""
        table = run.paths(top=5)
        walked = Counter()  # type: ignore[var-annotated]
        log, rules = run._log, np.array(run.program.rules)[run._log.rule]
        for first, last in zip(log.offsets[:-1].tolist(), log.offsets[1:].tolist(), strict=True):
            walked[" > ".join(rules[first:last].tolist())] += 1
        shares = [row["share"] for row in table]
        assert shares == sorted(shares, reverse=True)
        for row in table:
            deviation = (row["share"] * (1 - row["share"]) / N) ** 0.5
            assert walked[row["rules"]] / N == pytest.approx(row["share"], abs=5 * deviation)

    def test_all_paths_make_a_whole(self, run: Simulation) -> None:
        """The more paths are asked for, the nearer their shares come to one; none stands twice."""
        few, many = run.paths(top=20), run.paths(top=400)
        assert sum(row["share"] for row in few) < sum(row["share"] for row in many) < 1
        assert len({row["rules"] for row in many}) == 400

    def test_a_coin(self) -> None:
        """Of a program that tosses a coin there are two paths, and no more however many are asked for."""
        found = likeliest(coin(), 10, 0)
        assert [(one.rules, one.mass) for one in found] == [(("R-0",), 0.5), (("R-1",), 0.5)]
        assert [one.closing for one in found] == [closing for closing, _ in coin().outcomes]

    def test_loops_are_followed(self) -> None:
        """Paths that go round a loop are paths of their own, each less probable than the one before."""
        loop = program_by_hand([[(0, 3, 1 << 31), (1, 2, 1 << 31)], []])
        assert [one.mass for one in likeliest(loop, 5, 2)] == [0.5, 0.25, 0.125, 0.0625, 0.03125]


class TestOnePath:
    """A path as a case."""

    def test_each_is_admitted(self, run: Simulation) -> None:
        """Two thousand paths are admitted act by act by the law, and close as they closed in the run."""
        later = 0
        for number in range(2_000):
            case = run.case(number)
            assert case.is_closed
            assert case.closing is run.program.outcomes[run.outcome[number]][0]
            assert all(entry.rule is not None for entry in case.acts)
            later += (case.acts[-1].on or run.start) != run.start + timedelta(int(run.days[number]))
        assert later < 200  # a public holiday moves few paths

    def test_acts_are_those_of_the_path(self, run: Simulation) -> None:
        """The rows of a case are those of the scalar reference, in order."""
        moves = scalar.path(run.program, SEED, 7, weekday=run.start.weekday())
        assert [entry.rule for entry in run.case(7).acts] == [run.program.rules[move.rule] for move in moves]

    def test_public_holidays_move_what_has_to_wait_for_them(self) -> None:
        """Where an office is closed on Wednesdays too, remedies wait longer, and all that follows comes later by that."""
        first, last = date(2024, 1, 1), date(2034, 12, 31)
        days = [first + timedelta(one) for one in range((last - first).days + 1)]
        closed = [day for day in days if day.weekday() == 2]
        office = Calendar.of_days("office", closed, source="a notice", first=first, last=last)
        behaviour = Behaviour.default().with_days(Stage.REMEDIES_NOTIFIED, "RemediesImposed", at_most=0)
        found = simulate(behaviour, n=20_000, seed=4, start=date(2024, 1, 3), context=Context(calendar=office))
        far = [number for number, (_, phase) in enumerate(found.program.outcomes) if phase is Phase.SANCTIONS]
        imposed = 0
        for number in np.flatnonzero(np.isin(found.outcome, far))[:80].tolist():
            case, day = found.case(number), found.start
            moves = scalar.path(found.program, 4, number, weekday=found.start.weekday())
            for entry, move in zip(case.acts, moves, strict=True):
                before, day = day, entry.act.on
                waits = isinstance(entry.act, did.RemediesImposed) and entry.stage is Stage.REMEDIES_NOTIFIED
                imposed += waits
                assert day == (office.add_business_days(before, 5) if waits else before + timedelta(move.days))
                assert day > before + timedelta(move.days) or not waits
        assert imposed >= 5

    @pytest.mark.parametrize("number", [-1, N, 1.0, "1", True])
    def test_numbers_that_are_none(self, run: Simulation, number: Any) -> None:
        """A path that the run does not have is refused."""
        with pytest.raises(SimulationError, match=f"the numbers 0 to {N - 1}; found"):
            run.case(number)

    def test_end_of_the_treaty(self) -> None:
        """A path that goes on after the treaty has ended cannot be dated, and the law says why."""
        context = Context(Reading(treaty_until=date(2024, 1, 31)))
        found = simulate(n=50, seed=1, start=date(2024, 1, 1), context=context)
        with pytest.raises(SimulationError, match="admits that on no day near it") as caught:
            deque(map(found.case, range(50)), maxlen=0)
        assert "2024-01-31" in str(caught.value)

    def test_end_of_the_calendar(self) -> None:
        """A path that needs business days beyond the calendar cannot be dated, and the calendar says so."""
        found = simulate(n=200, seed=1, start=date(2031, 6, 1))
        with pytest.raises(SimulationError, match="its days cannot be counted there"):
            deque(map(found.case, range(200)), maxlen=0)


class TestAgreement:
    """Walked and exact."""

    def test_agrees(self, run: Simulation) -> None:
        """The paths agree with the exact answer, and the check says on how many it rests."""
        found = run.check()
        assert found.agrees
        assert found.n == N

    def test_a_shifted_run_does_not_agree(self, run: Simulation) -> None:
        """Paths that all take three days more than the program says are found out."""
        later = attrs.evolve(run, days=run.days + np.uint16(3))
        assert not later.check().agrees

    def test_day_by_day(self, run: Simulation) -> None:
        """Where paths stand by day is what the exact answer says, chance apart."""
        exact, table = solve(run.program, weekday=run.start.weekday()), run.occupancy()
        for day in (20, 80, 160, 320):
            for number, phase in enumerate(exact.phases):
                if phase is not Phase.RESOLVED:
                    share = float(exact.occupied[number, day])
                    deviation = (share * (1 - share) / N) ** 0.5
                    assert table[day][phase.value] == pytest.approx(share, abs=5 * deviation + 1e-9)


class TestShowing:
    """Text for people."""

    def test_text(self, run: Simulation) -> None:
        """As text a run tells seed, start, how paths end, and how long they take, in lines that fit."""
        text = str(run)
        assert text.startswith("20,000 paths from 2024-03-13, seed 2026; fitted to")
        assert "resolved_in_review" in text
        assert f"median {run.durations().median}," in text
        for one in (text, str(run.paths()), str(run.occupancy()), str(run.durations()), str(run.phases())):
            assert max(map(len, one.splitlines())) <= 120
        assert str(run.occupancy()).endswith("more")

    def test_one_line(self, run: Simulation) -> None:
        """The repr is one line of at most 120 characters."""
        for one in (run, run.durations(), run.survival(), run.outcomes()):
            assert len(repr(one)) <= 120
            assert "\n" not in repr(one)

    def test_one_row(self) -> None:
        """A table says how many rows it has, in words that fit one, none and several."""
        rows = [{"n": 1.0}, {"n": 2.0}]
        told = [repr(Table("few", {"n": NUMBER}, rows[:number])) for number in range(3)]
        assert told == ["<Table: few, 0 rows>", "<Table: few, 1 row>", "<Table: few, 2 rows>"]

    def test_pickles(self) -> None:
        """A run survives pickling, with its bytes and its program."""
        found = simulate(n=100, seed=1)
        again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
        assert again.digest == found.digest
        assert again.case(3) == found.case(3)
