"""R1: a process that records is killed at random moments, again and again, and nothing that it acknowledged is lost."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, sleep

import pytest

from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import Filed
from tests.reliability.work import held_in, key_of, portions, processes, sized

KILLS = 100
ACKNOWLEDGED = 5_000
DOCKETS = sized(1)
"""Each is killed so often, so that the time grows with their number alone."""
LIMIT = 2.0
"""Seconds in which half of the files are open again: twenty times what is aimed at, so that only hanging is caught."""


def record_until_killed(path: str, pipe: Connection, round_number: int) -> None:
    """Record cases for ever, and send what the receipt of each entry says, once it is told to be kept."""

    def tell(filed: Filed) -> None:
        try:
            pipe.send(key_of(filed))
        except OSError:  # nobody listens any more, and what an observer raises would be passed over
            os._exit(1)

    chance = Random(round_number)
    docket = Docket.open(path, verify="no", observers=(tell,))
    for number in range(1_000_000):
        case = docket.start(f"R{round_number}-{number}")
        for acts in portions(chance):
            case = docket.record_all(case, acts)


class TestKills:
    """An entry that was acknowledged stands in the file, whenever the process was killed."""

    @pytest.mark.parametrize("number", range(DOCKETS))
    def test_kill_at_random_moments(self, number: int, quick: Path) -> None:
        """After each kill the file opens at once and holds each acknowledged entry; at the end all of it verifies."""
        path = quick / "docket.db"
        Docket.open(path).close()
        told: set[tuple[str, int, str]] = set()
        chance, took, in_the_middle, rounds = Random(number), list[float](), 0, 0
        while rounds < KILLS or len(told) < ACKNOWLEDGED:
            rounds += 1
            told |= killed(path, rounds, chance)
            in_the_middle += (quick / "docket.db-journal").stat().st_size > 0  # what the next opening takes back
            begun = perf_counter()
            docket = Docket.open(path, verify="head")
            took.append(perf_counter() - begun)
            docket.close()
            if rounds % 20 == 0:
                assert told <= held_in(path)
        assert told <= held_in(path)
        with Docket.open(path) as docket:
            assert docket.verify().entries >= len(told) >= ACKNOWLEDGED
        assert median(took) <= LIMIT
        print(f"R1: {rounds} kills, {in_the_middle} of them in mid-append, {len(told)} acknowledged, 0 lost; ", end="")
        print(f"median reopening {median(took) * 1000:.1f} ms")


def killed(path: Path, round_number: int, chance: Random) -> set[tuple[str, int, str]]:
    """Start a writer, kill it a random while behind a random number of entries, and return what it acknowledged."""
    read, write = processes().Pipe(duplex=False)
    process = processes().Process(target=record_until_killed, args=(str(path), write, round_number))
    process.start()
    write.close()
    with read:
        told = {read.recv() for _ in range(chance.randint(5, 100))}
        sleep(chance.uniform(0, 0.02))
        process.kill()
        with suppress(EOFError):
            while True:
                told.add(read.recv())
    process.join()
    return told
