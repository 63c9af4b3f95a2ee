"""Break the functions of a room one place at a time, and see how many of a sample the tests of that room notice.

    python -m tests.mutants.code --room record --sample 200 --seed 1 --processes 1

First the tests of the room run once on an unchanged copy of the tree, and it is noted which of them reach which line.
Then each mutant of the sample is put into the copy, and the tests that reach its line run on it, the quickest first, until
one fails. Printed are the score with an interval of 95 %, and each survivor with its change. Those that are known to
change nothing stand in ``KNOWN`` with the reason. Exit status 1 where another one survives. Needs the extra ``dev``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import Final
from xml.etree import ElementTree as ET

from attrs import frozen

from tests.mutants.operators import Mutant, mutants_of, stands
from tests.mutants.same import KNOWN

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = "src/rrm_lifecycle"
ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "case": ("tests/case", "tests/law", "tests/properties/test_core.py", "tests/properties/test_machine.py"),
    "record": ("tests/record", "tests/reliability/test_golden.py", "--ignore-glob=tests/record/test_postgres*"),
    "postgres": tuple(f"tests/record/test_postgres{one}.py" for one in ("", "_contract", "_writers")),
    "simulation": ("tests/simulation",),
}
"""The tests of each room."""
_APART: Final = "record/storage/postgres"
"""What needs a server is a room of its own."""
_SKIPPED: Final = shutil.ignore_patterns(".*", "__pycache__", "_build", "dist", "build", "*.egg-info")
_OPTIONS: Final = ("-q", "-x", "-p", "no:cacheprovider", "-o", "addopts=")
_LEAST: Final = 60.0
"""Seconds that tests are given on a mutant at least; ten times what they take without it are given else."""
_FAILED: Final = 1
"""The exit status of pytest where a test failed, or raised."""


@frozen
class Reached:
    """What the tests of a room reach.

    Attributes:
        tests: The tests that reach each line of each module, by path and line.
        seconds: How long each test takes.
    """

    tests: dict[tuple[str, int], frozenset[str]]
    seconds: dict[str, float]

    def by(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the quickest first."""
        found = self.tests.get((mutant.path, mutant.line), frozenset())
        return sorted(found, key=lambda test: (self.seconds.get(test, 0.0), test))


# ---- the copy of the tree --------------------------------------------------------------------------------------------
def copied(folder: Path) -> Path:
    """Copy the tree to a new folder, and return it."""
    shutil.copytree(ROOT, folder, ignore=_SKIPPED)
    return folder


def _run(tree: Path, *words: str, limit: float | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    env["PYTHONPATH"] = os.pathsep.join([str(tree / "src"), str(tree)])
    return subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-m", "pytest", *_OPTIONS, *words],
        cwd=tree, env=env, capture_output=True, text=True, check=False, timeout=limit,
    )  # fmt: skip


def reached(tree: Path, tests: tuple[str, ...]) -> Reached:
    """Run tests once, and return which lines each of them reaches, and how long each takes.

    Raises:
        SystemExit: They fail without a mutant.
    """
    from coverage import CoverageData  # noqa: PLC0415 - of the extra dev

    report = tree / "report.xml"
    done = _run(
        tree, *tests, "--cov", "rrm_lifecycle", "--cov-context", "test", "--cov-report", "", "--junitxml", str(report)
    )
    if done.returncode != 0:
        msg = f"the tests fail without a mutant: mend them first\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
        raise SystemExit(msg)
    data = CoverageData(str(tree / ".coverage"))
    data.read()
    found: dict[tuple[str, int], frozenset[str]] = {}
    for file in data.measured_files():
        path = Path(file).relative_to(tree / PACKAGE).as_posix()
        for line, contexts in data.contexts_by_lineno(file).items():
            found[path, line] = frozenset(one.split("|")[0] for one in contexts if one)
    return Reached(found, dict(_durations(report)))


def _durations(report: Path) -> Iterator[tuple[str, float]]:
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by pytest just now
        where, name = case.get("classname", "").split("."), case.get("name", "")
        classes = [one for one in where if one[:1].isupper()]
        module = "/".join(one for one in where if one not in classes) + ".py"
        yield "::".join([module, *classes, name]), float(case.get("time", 0))


# ---- mutants ---------------------------------------------------------------------------------------------------------
def of_room(room: str) -> list[Mutant]:
    """Return all mutants of a room, in the order of their places."""
    home = ROOT / PACKAGE
    folder = "record" if room == "postgres" else room
    found = [(file.relative_to(home).as_posix(), file) for file in sorted((home / folder).rglob("*.py"))]
    files = [(path, file) for path, file in found if path.startswith(_APART) == (room == "postgres")]
    return [one for path, file in files for one in mutants_of(path, file.read_bytes())]


def drawn(mutants: list[Mutant], sample: int, seed: int) -> list[Mutant]:
    """Return a sample of mutants that can be compiled, in the order of their places; all of them where it is 0.

    Args:
        mutants: What is drawn from.
        sample: How many are drawn, without one twice.
        seed: The same seed draws the same sample.
    """
    order = Random(seed).sample(mutants, len(mutants))
    standing = (one for one in order if stands(one, (ROOT / PACKAGE / one.path).read_bytes()))
    return sorted(islice(standing, sample or None), key=lambda one: (one.path, one.start, one.new))


def survives(mutant: Mutant, tree: Path, seen: Reached) -> bool:
    """Return whether no test notices a mutant in a copy of the tree, which is as before behind it.

    Raises:
        RuntimeError: Pytest could not run the tests.
    """
    tests = seen.by(mutant)
    if not tests:
        return True
    file = tree / PACKAGE / mutant.path
    source = file.read_bytes()
    chosen = tree / "chosen.txt"
    chosen.write_text("\n".join(tests), encoding="utf-8")
    limit = max(_LEAST, 10 * sum(seen.seconds.get(test, 0.0) for test in tests))
    file.write_bytes(mutant.applied(source))
    try:
        done = _run(tree, f"@{chosen}", limit=limit)
    except subprocess.TimeoutExpired:
        return False
    finally:
        file.write_bytes(source)
    if done.returncode > _FAILED and "rror" not in done.stdout + done.stderr:
        msg = f"{mutant.name}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        raise RuntimeError(msg)
    return done.returncode == 0


def told(mutant: Mutant, seen: Reached) -> str:
    """Return what is printed of a survivor: its name, how many tests reach it, and its change."""
    source = (ROOT / PACKAGE / mutant.path).read_bytes()
    before, after = source.decode().splitlines(), mutant.applied(source).decode().splitlines()
    change = [line for line in unified_diff(before, after, n=0, lineterm="") if not line.startswith(("---", "+++"))]
    known = KNOWN.get(mutant.name)
    verdict = f"changes nothing: {known}" if known else f"reached by {len(seen.by(mutant))} tests"
    return "\n".join([f"survived: {mutant.name}", f"  line {mutant.line}, {verdict}", *(f"  {one}" for one in change)])


def _sampled(mutants: list[Mutant], seen: Reached, processes: int, work: Path) -> list[Mutant]:
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(processes):
        trees.put(work / f"tree-{number}" if number == 0 else copied(work / f"tree-{number}"))

    def verdict(mutant: Mutant) -> bool:
        tree = trees.get()
        try:
            return survives(mutant, tree, seen)
        finally:
            trees.put(tree)

    alive = []
    with ThreadPoolExecutor(processes) as pool:
        for number, (mutant, lives) in enumerate(zip(mutants, pool.map(verdict, mutants), strict=True), 1):
            if lives:
                alive.append(mutant)
                print(told(mutant, seen), flush=True)
            if number % 20 == 0:
                print(f"{number} of {len(mutants)}, {len(alive)} alive", flush=True)
    return alive


def main(words: list[str] | None = None) -> int:
    """Draw a sample of the mutants of a room, run it, and print what came of it."""
    from scipy.stats import binomtest  # noqa: PLC0415 - of the extra simulation

    parser = argparse.ArgumentParser(prog="python -m tests.mutants.code", description=__doc__.splitlines()[0])
    parser.add_argument("--room", choices=sorted(ROOMS), required=True)
    parser.add_argument("--sample", type=int, default=200, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--tests", nargs="+", default=(), help="only these tests; those of the room if none are named")
    parser.add_argument("--match", default="", help="only mutants whose name has this text in it")
    parser.add_argument("--list", action="store_true", help="print the names of the sample and run nothing")
    asked = parser.parse_args(words)
    every = [one for one in of_room(asked.room) if asked.match in one.name]
    chosen = drawn(every, asked.sample, asked.seed)
    if asked.list:
        print("\n".join(one.name for one in chosen))
        return 0
    with tempfile.TemporaryDirectory(prefix="rrm-mutants-") as folder:
        work = Path(folder)
        seen = reached(copied(work / "tree-0"), tuple(asked.tests) or ROOMS[asked.room])
        print(f"{len(seen.seconds)} tests of {asked.room} hold without a mutant", flush=True)
        alive = _sampled(chosen, seen, asked.processes, work)
    same = [one for one in alive if one.name in KNOWN]
    counted, killed = len(chosen) - len(same), len(chosen) - len(alive)
    interval = binomtest(killed, max(1, counted)).proportion_ci(method="wilson")
    print(
        f"{asked.room}: {len(chosen)} of {len(every)} mutants, seed {asked.seed}; {killed} killed, {len(alive)} alive, "
        f"{len(same)} of them change nothing; of the others {killed / max(1, counted):.1%} killed "
        f"(95 %: {interval.low:.1%} to {interval.high:.1%})"
    )
    return 1 if len(alive) > len(same) else 0


if __name__ == "__main__":
    sys.exit(main())
