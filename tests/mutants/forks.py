"""Run tests in a process that is forked for each mutant, from one that has imported all that they need and is not ours.

That saves each run the start of Python, of pytest and of its plugins. The process that forks never imports the package,
nor a test: each child does that anew, with the mutant in place. A child that takes too long is killed, and whatever it
started. Requests and answers are lines of JSON, on the standard streams; ``tests.mutants.code`` holds the other end.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import field, frozen, mutable

_HOLD: Final = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
OPTIONS: Final = (
    "-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-o", "addopts=",
    # what was imported before the fork is not ours, and needs no rewriting
    "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
)  # fmt: skip
"""How pytest is called on a mutant."""
_OURS: Final = ("rrm_lifecycle", "tests", "conftest", "__main__", "__editable__")
_TAIL: Final = 4000


@frozen
class Ran:
    """What came of tests in a child.

    Attributes:
        failed: The first test that failed, or what ended the run before any did; None where all passed.
        seconds: How long each test took.
        said: The end of what pytest printed.
        overtime: Whether the child was killed because it took too long.
    """

    failed: str | None
    seconds: dict[str, float] = field(factory=dict)
    said: str = ""
    overtime: bool = False


PASSED: Final = Ran(None)


@mutable(eq=False)
class _Chosen:
    """A plugin for pytest: of what is collected only chosen tests run, in their order; it notes what they did."""

    order: dict[str, int]
    failed: str | None = None
    seconds: dict[str, float] = field(factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if not self.order:
            return
        # a test that is gone had a parameter that the mutant changed: all of its module run instead
        gone = {one.split("::")[0] for one in self.order.keys() - {item.nodeid for item in items}}
        kept = [item for item in items if item.nodeid in self.order or item.nodeid.split("::")[0] in gone]
        items[:] = sorted(kept, key=lambda item: self.order.get(item.nodeid, len(self.order)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or f"collection of {report.nodeid}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed = self.failed or report.nodeid


def tested(groups: list[list[str]], paths: list[str]) -> Ran:
    """Run groups of tests one behind the other in this process, until one fails.

    Args:
        groups: Names of tests; those of a group run in its order.
        paths: What is run whole, where no group is named.
    """
    seconds: dict[str, float] = {}
    for group in groups or [[]]:
        chosen = _Chosen({name: number for number, name in enumerate(group)})
        files = list(dict.fromkeys(name.split("::")[0] for name in group)) or paths
        status = pytest.main([*OPTIONS, *files], plugins=[chosen])
        seconds |= chosen.seconds
        if status not in _HOLD:
            return Ran(chosen.failed or f"pytest ended with {status}", seconds)
    return Ran(None, seconds)


def in_child(work: Any, limit: float | None) -> tuple[Any, str, bool]:
    """Return what a function returned in a child of its own, what was printed there, and whether it was killed for time.

    The first is None where the child ended without an answer.
    """
    log = tempfile.TemporaryFile()  # noqa: SIM115 - both sides of the fork have it open
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        status = 1
        try:
            told = json.dumps(work()).encode()
            with os.fdopen(into, "wb") as pipe:
                pipe.write(told)
            status = 0
        except BaseException as error:  # noqa: BLE001 - a mutant may raise anything; the child ends here
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        in_time = bool(select.select([pipe], [], [], limit)[0])
        told = pipe.read() if in_time else b""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with log:
        log.seek(0)
        said = log.read().decode("utf-8", "replace")[-_TAIL:]
    return json.loads(told) if told else None, said, not in_time


def preload(paths: list[str]) -> None:
    """Import in this process what the collection of tests imports and is not ours; a child finds out what that is."""

    def collected() -> list[str]:
        sys.dont_write_bytecode = False  # tests that are rewritten once need not be again: no mutant is in one
        pytest.main([*OPTIONS, "--collect-only", *paths])
        return list(sys.modules)

    names, _, _ = in_child(collected, None)
    for name in names or ():
        if not name.startswith(_OURS):
            with suppress(Exception):
                importlib.import_module(name)


def main() -> None:
    """Answer requests until there are none: the paths of all tests first, then the tests of one run after the other."""
    preload(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        asked = json.loads(line)

        def work(asked: dict[str, Any] = asked) -> tuple[str | None, dict[str, float]]:
            ran = tested(asked["groups"], asked["paths"])
            return ran.failed, ran.seconds

        told, said, overtime = in_child(work, asked["limit"])
        failed, seconds = told or ("it took too long" if overtime else "the process ended", {})
        print(json.dumps([failed, seconds, said, overtime]), flush=True)


# ---- the other end ---------------------------------------------------------------------------------------------------
class Forks:
    """A process that forks, in a copy of the tree."""

    def __init__(self, tree: Path, paths: tuple[str, ...]) -> None:
        """Start it, with all that the tests at some paths import."""
        self.tree = tree
        self._paths = paths
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.forks"], cwd=tree, env=environment(tree), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._send(list(paths))

    def _send(self, words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def run(self, groups: list[list[str]], limit: float | None = None) -> Ran:
        """Run groups of tests in a child, until one fails; all of the paths where none is named.

        Raises:
            RuntimeError: The process is gone.
        """
        self._send({"groups": groups, "paths": self._paths, "limit": limit})
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            msg = "the process that forks has ended"
            raise RuntimeError(msg)
        return Ran(*json.loads(line))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def environment(tree: Path) -> dict[str, str]:
    """Return the environment of tests in a copy of the tree."""
    env = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    return {**env, "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(tree)]), "OPENBLAS_NUM_THREADS": "1"}


if __name__ == "__main__":
    main()
