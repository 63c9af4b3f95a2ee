"""R4, R5, R20, R21: many writers at once, processes and threads, and copies that are made meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

import pytest

from rrm_lifecycle.errors import ConcurrencyConflict
from rrm_lifecycle.record.docket import Docket
from tests.reliability.work import ACTS, LARGE, fill, held_in, key_of, processes, sized

RACERS: Final = 32
RACES: Final = sized(2)
WRITERS: Final = 4
SECONDS: Final = 20.0 if LARGE else 3.0
LONGEST_WAIT: Final = 40.0
"""Seconds: twenty times what is aimed at, so that only hanging is caught."""
DAY: Final = date(2024, 4, 1)


def _together(count: int, target: Any, *args: Any) -> list[Any]:
    """Run a function in several processes that start together, and return what each sends; it takes pipe and barrier."""
    context = processes()
    barrier = context.Barrier(count)
    pipes, running = [], []
    for number in range(count):
        read, write = context.Pipe(duplex=False)
        one = context.Process(target=target, args=(write, barrier, number, *args))
        one.start()
        write.close()
        pipes.append(read)
        running.append(one)
    found = []
    for read in pipes:
        assert read.poll(120), "a process does not answer"
        found.append(read.recv())
    for one in running:
        one.join()
    return found


# ---- R4 --------------------------------------------------------------------------------------------------------------
def _race(pipe: Connection, barrier: Any, _: int, path: str, cases: int) -> None:
    """Record each act of each case, knowing the case as every other process knows it; send what came of it."""
    seen: Counter[str] = Counter()
    docket = Docket.open(path, verify="no")
    for number in range(cases):
        for act in ACTS:
            case = docket.case(f"case-{number}")
            barrier.wait()
            try:
                docket.record(case, act)
            except Exception as error:  # noqa: BLE001 - which error it is, the test asks
                seen[type(error).__name__] += 1
            else:
                seen["recorded"] += 1
            barrier.wait()
    docket.close()
    pipe.send(seen)


class TestRace:
    """R4: of many writers that expect the same number, one is first, and every other is told."""

    def test_32_processes_on_one_case(self, quick: Path) -> None:
        """Each entry has one winner, each loss is a ConcurrencyConflict, and numbers have no gap and no double."""
        path = quick / "docket.db"
        with Docket.open(path) as docket:
            fill(docket, RACES, acts=0)
        seen = sum(_together(RACERS, _race, str(path), RACES), Counter[str]())
        won = RACES * len(ACTS)
        assert seen == Counter({"recorded": won, ConcurrencyConflict.__name__: won * (RACERS - 1)})
        with Docket.open(path) as docket:
            for number in range(RACES):
                numbers = [one.seq for one in docket.history(f"case-{number}")]
                assert numbers == list(range(len(ACTS) + 1))
            assert docket.verify().entries == RACES * (len(ACTS) + 1)
        print(f"R4: {RACERS} processes, {won} entries, {seen[ConcurrencyConflict.__name__]} conflicts, no other error")


# ---- R5 --------------------------------------------------------------------------------------------------------------
def _write_for_a_while(pipe: Connection, barrier: Any, number: int, path: str) -> None:
    docket = Docket.open(path, verify="no")
    docket.start(f"W{number}")
    docket.remark(f"W{number}", "warm", on=DAY)
    barrier.wait()
    end, written, longest = monotonic() + SECONDS, 0, 0.0
    while (begun := monotonic()) < end:
        docket.remark(f"W{number}", "said", on=DAY)
        written += 1
        longest = max(longest, monotonic() - begun)
    docket.close()
    pipe.send((written, longest))


class TestFairness:
    """R5: no writer starves behind others."""

    def test_four_processes(self, quick: Path) -> None:
        """The least of four writers gets at least half of its share, and none waits without end."""
        path = quick / "docket.db"
        Docket.open(path).close()
        found = _together(WRITERS, _write_for_a_while, str(path))
        written = [one for one, _ in found]
        share = min(written) * WRITERS / sum(written)
        longest = max(wait for _, wait in found)
        print(f"R5: {sum(written)} entries in {SECONDS:.0f} s, least share {share:.2f}, longest wait {longest:.3f} s")
        assert share >= 0.5
        assert longest <= LONGEST_WAIT
        with Docket.open(path) as docket:
            assert docket.verify().entries == sum(written) + 2 * WRITERS


# ---- R20 -------------------------------------------------------------------------------------------------------------
_FORK: Final = """
import os, sys
from datetime import date
from rrm_lifecycle.record.docket import Docket
docket = Docket.open(sys.argv[1])
docket.start("parent")
mine = docket._store._place._handle().connection
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        docket.start(f"child-{number}")
        for _ in range(int(sys.argv[2])):
            docket.remark(f"child-{number}", "x", on=date(2024, 4, 1))
        shared = docket._store._place._handle().connection is mine
        if number == 1:
            docket.close()
        sys.exit(3 if shared else 0)
    children.append(child)
for _ in range(int(sys.argv[2])):
    docket.remark("parent", "x", on=date(2024, 4, 1))
ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
docket.remark("parent", "behind them", on=date(2024, 4, 1))
docket.close()
print(ends)
"""
_EXIT: Final = """
import os, sys
from datetime import date
from threading import Thread
from rrm_lifecycle.record.docket import Docket
docket = Docket.open(sys.argv[1], verify="head", observers=(
    lambda one: os.write(1, f"{one.case_id} {one.seq} {one.hash}\\n".encode()),
))
name = sys.argv[2]
def work(number):
    docket.start(f"{name}-{number}")
    while True:
        docket.remark(f"{name}-{number}", "x", on=date(2024, 4, 1))
for number in range(4):
    Thread(target=work, args=[number], daemon=True).start()
import time
time.sleep(float(sys.argv[3]))
"""


def _python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the program stands in this module
        [sys.executable, "-W", "error", "-c", code, *args], capture_output=True, text=True, check=False, timeout=300
    )


class TestOneProcess:
    """R20: forks, threads and an exit at any moment."""

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
    def test_fork_after_opening(self, quick: Path) -> None:
        """Children of a fork use connections of their own, whether they close or just end, and nothing is lost."""
        path, each = quick / "docket.db", sized(20)
        made = _python(_FORK, str(path), str(each))
        assert (made.stdout.strip(), made.returncode) == ("[0, 0, 0]", 0), made.stderr
        with Docket.open(path) as docket:
            assert docket.verify().entries == 4 * (each + 1) + 1

    def test_eight_threads(self, quick: Path) -> None:
        """Eight threads of one docket record in cases of their own and in a common one, and each entry is there."""
        each, raised = sized(20), list[BaseException]()
        with Docket.open(quick / "docket.db") as docket:
            docket.start("common")

            def work(number: int) -> None:
                try:
                    docket.start(f"T{number}")
                    for _ in range(each):
                        docket.remark(f"T{number}", "x", on=DAY)
                        _insist(docket, "common")
                except BaseException as error:  # noqa: BLE001 - every error is told
                    raised.append(error)

            running = [Thread(target=work, args=[number]) for number in range(8)]
            for one in running:
                one.start()
            for one in running:
                one.join()
            assert raised == []
            assert docket.verify().entries == 8 * (2 * each + 1) + 1

    def test_exit_in_the_middle(self, quick: Path) -> None:
        """An interpreter that ends while four threads append loses nothing that it acknowledged, and ends."""
        path = quick / "docket.db"
        Docket.open(path).close()
        told: set[tuple[str, int, str]] = set()
        for number in range(sized(4)):
            made = _python(_EXIT, str(path), f"R{number}", str(0.3 + 0.07 * (number % 10)))
            assert made.returncode == 0, made.stderr
            lines = [line.split() for line in made.stdout.splitlines()]
            told |= {(case, int(seq), digest) for case, seq, digest in lines}
        assert told
        assert told <= held_in(path)
        with Docket.open(path) as docket:
            assert docket.verify().entries >= len(told)


def _insist(docket: Docket, case_id: str) -> None:
    """Keep a remark, and try again as long as others are first."""
    while True:
        try:
            docket.remark(case_id, "x", on=DAY)
        except ConcurrencyConflict:
            continue
        return


# ---- R21 -------------------------------------------------------------------------------------------------------------
def _write_until_told(pipe: Connection, path: str) -> None:
    docket = Docket.open(path, verify="no", observers=(lambda one: pipe.send(key_of(one)),))
    for number in range(1_000_000):
        if pipe.poll():
            break
        docket.start(f"B{number}")
        docket.record_all(f"B{number}", ACTS)
    docket.close()
    pipe.send(None)


class TestBackup:
    """R21: a copy that is made while others write holds together."""

    def test_backup_while_writing(self, quick: Path) -> None:
        """Each copy verifies, is a prefix of the log, and holds what was acknowledged before it was begun."""
        path = quick / "docket.db"
        Docket.open(path).close()
        here, there = processes().Pipe()
        writer = processes().Process(target=_write_until_told, args=(there, str(path)))
        writer.start()
        there.close()
        told, copies = [here.recv()], list[tuple[Path, list[Any]]]()
        with Docket.open(path, verify="no") as docket:
            for number in range(sized(5)):
                sleep(0.05)
                while here.poll():
                    told.append(here.recv())
                copies.append((quick / f"copy-{number}.db", list(told)))
                docket.backup(copies[-1][0])
        here.send("stop")
        while here.recv() is not None:
            pass
        writer.join()
        whole = _order(path)
        for copy, before in copies:
            with Docket.open(copy) as docket:
                assert docket.verify().entries > 0
            found = _order(copy)
            assert found == whole[: len(found)]
            assert len(before) <= len(found)
            assert set(before) <= set(found)
        assert len({len(_order(copy)) for copy, _ in copies}) > 1


def _order(path: Path) -> list[tuple[str, int, str]]:
    with Docket.open(path) as docket:
        return [key_of(one) for one in docket._store.in_order()]
