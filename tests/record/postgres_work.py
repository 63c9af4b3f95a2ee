"""What the tests of stores in PostgreSQL do over and over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.stores import Draft, Head, Store

DAY = date(2024, 4, 1)


def begin(store: Store, case_id: str) -> Head:
    """Open a case, and return its head."""
    case = Case.start(case_id)
    return Head.of(store.append([Draft(case.opening)], after=None, case=case)[-1])


def note(store: Store, head: Head, text: str = "x", once: str | None = None) -> Filed:
    """File a remark behind a head."""
    case = Case.start(head.case_id)
    return store.append([Draft(Remark(head.case_id, text, DAY))], after=head, case=case, once=once)[0]


def many(threads: int, work: Callable[[int], object]) -> list[BaseException]:
    """Run some work in several threads that start together, and return what it raised."""
    barrier, raised = Barrier(threads), list[BaseException]()

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - every error is told
            raised.append(error)

    running = [Thread(target=run, args=[number]) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return raised


def run_python(code: str, *args: str) -> str:
    """Run a program in a fresh interpreter that takes no warning, and return what it printed."""
    made = subprocess.run(  # noqa: S603 - the program stands in this module
        [sys.executable, "-W", "error", "-c", code, *args], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()
