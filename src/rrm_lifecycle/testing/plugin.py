"""The plugin for pytest: ``rrm_docket``, ``frozen_today``, and ``--rrm-coverage``, which tells what rows no test used.

It loads in every suite of an environment that holds this library. So it imports pytest alone, and the rest when a test
asks for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from rrm_lifecycle.record.docket import Docket

TODAY: Final = "2024-04-09"
_KEY: Final = pytest.StashKey[set[str]]()
_UNDO: Final = pytest.StashKey[Callable[[], None]]()
_WORKER: Final = "rrm_rows"
_SEARCHING: Final = (
    "rrm_lifecycle.case.paths", "rrm_lifecycle.testing.acts", "rrm_lifecycle.testing.courses", "rrm_lifecycle.histories",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("rrm_lifecycle")
    group.addoption(
        "--rrm-coverage",
        action="store_true",
        default=False,
        help="tell which rows of the Mechanism's table no test used",
    )
    parser.addini("rrm_today", "the day that the fixture frozen_today gives, as YYYY-MM-DD", default=TODAY)


# ---- fixtures --------------------------------------------------------------------------------------------------------
@pytest.fixture
def frozen_today(pytestconfig: pytest.Config) -> date:
    """The day on which a test takes place: that of the setting ``rrm_today``, else 9 April 2024."""
    said = str(pytestconfig.getini("rrm_today"))
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        msg = f"rrm_today has to be a day such as {TODAY}; found {said!r}"
        raise pytest.UsageError(msg) from error


@pytest.fixture(params=["memory", "sqlite"])
def rrm_docket(request: pytest.FixtureRequest, tmp_path: Any, frozen_today: date) -> Iterator[Docket]:  # noqa: ANN401 - a path
    """An empty docket, in memory and in a file of SQLite: a test that asks for it runs once with each.

    Its clock stands at noon, UTC, on the day of ``frozen_today``.
    """
    from rrm_lifecycle.record.docket import Docket  # noqa: PLC0415 - not before a test asks

    noon = datetime.combine(frozen_today, time(12), tzinfo=UTC)
    if request.param == "memory":
        docket = Docket.in_memory(clock=lambda: noon)
    else:
        docket = Docket.open(tmp_path / "rrm-docket.sqlite", clock=lambda: noon)
    try:
        yield docket
    finally:
        docket.close()


# ---- which rows were used --------------------------------------------------------------------------------------------
def watch() -> tuple[set[str], Callable[[], None]]:
    """Begin to note each row that admits an act. Return the set that fills, and what ends the noting.

    Every way to an entry leads through one function of the engine, which is wrapped: modules that hold ``decide``
    itself are noticed too. What the kit tries out while it looks for a course, or an alignment, is no use of a row.
    """
    from rrm_lifecycle.case import engine  # noqa: PLC0415 - not unless coverage is asked for

    rows: set[str] = set()
    made = engine._entry  # noqa: SLF001 - the one place that all entries come from

    def noting(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as it is
        entry = made(*args, **named)
        asked_by = sys._getframe(2).f_globals.get("__name__", "")  # noqa: SLF001 - decide, and who asked it
        if entry.rule is not None and not str(asked_by).startswith(_SEARCHING):
            rows.add(entry.rule)
        return entry

    def undo() -> None:
        engine._entry = made  # noqa: SLF001 - as above

    engine._entry = noting  # noqa: SLF001 - as above
    return rows, undo


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note rows, where that was asked for."""
    if config.getoption("rrm_coverage", default=False):
        config.stash[_KEY], config.stash[_UNDO] = watch()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the noting."""
    undo = config.stash.get(_UNDO, None)
    if undo is not None:
        undo()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker of pytest-xdist noted to the one that tells it."""
    told = getattr(session.config, "workeroutput", None)
    rows = session.config.stash.get(_KEY, None)
    if told is not None and rows is not None:
        told[_WORKER] = sorted(rows)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist
    """Take what a worker noted."""
    rows = node.config.stash.get(_KEY, None)
    if rows is not None:
        rows.update(getattr(node, "workeroutput", {}).get(_WORKER, ()))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:  # noqa: ANN401 - of pytest's own
    """Tell which rows no test used."""
    rows = config.stash.get(_KEY, None)
    if rows is None:
        return
    from rrm_lifecycle.case.engine import ROWS  # noqa: PLC0415 - not unless coverage is asked for

    missing = [row for row in ROWS if row.id not in rows]
    terminalreporter.section("rows of the Mechanism")
    terminalreporter.write_line(f"{len(ROWS) - len(missing)} of {len(ROWS)} rows were used")
    for row in missing:
        places = ", ".join(stage.value for stage in row.stages[:3]) + (", …" if len(row.stages) > 3 else "")
        under = f", under {row.under[0]}={row.under[1]}" if row.under else ""
        terminalreporter.write_line(
            f"  never used: {row.id:<8} {row.event.__name__} ({row.who.value}) in {places}{under}"
        )
