"""Break the functions of a room one place at a time, and see how many of a sample the tests of that room notice.

    python -m tests.mutants.code --room record --sample 200 --seed 1 --processes 1

First the tests of the room run on an unchanged copy of the tree: once under coverage, which notes which of them reach
which line, and once as they will run on a mutant. Then each mutant of the sample is put into the copy, and the tests that
reach its line run on it in a process that is forked for it, those first that are likely to fail and quick, until one fails.
Printed are the score with an interval of 95 %, and each survivor with its change. Those that are known to change nothing
stand in ``KNOWN`` with the reason. Exit status 1 where another one survives. Needs the extra ``dev``.
"""

from __future__ import annotations

import argparse
import compileall
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from hashlib import sha256
from itertools import islice
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue
from random import Random
from typing import Final

from attrs import field, frozen

from tests.mutants.forks import OPTIONS, PASSED, Forks, environment
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
_COVERED: Final = ("--tb=short", "--cov", "rrm_lifecycle", "--cov-context", "test", "--cov-report", "")
_UNMENDED: Final = "the tests fail without a mutant: mend them first\n"
_LEAST: Final = 60.0
_TIMES: Final = 6
"""Seconds that tests are given on a mutant at least; else so many times what they take without it."""
_LIKELY: Final = 6
"""How many tests that noticed other mutants of the module go first."""
_FEW: Final = 20
"""How many tests reach a line at most that is taken for one whose work is kept."""
_FILES: Final = 2
"""How many files of tests go before the others."""


@frozen
class Reached:
    """What the tests of a room reach.

    Attributes:
        tests: The tests that reach each line of each module, by path and line.
        early: The lines that are reached outside of any test: on import, or where the tests are collected.
        seconds: How long each test takes.
        noticed: How often a test noticed a mutant of a module so far, by path and test.
    """

    tests: dict[tuple[str, int], frozenset[str]]
    early: frozenset[tuple[str, int]]
    seconds: dict[str, float]
    noticed: Counter[tuple[str, str]] = field(factory=Counter)

    def by(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the quickest first."""
        found = self.tests.get((mutant.path, mutant.line), frozenset())
        return sorted(found, key=lambda test: (self.seconds.get(test, 0.0), test))

    def groups(self, mutant: Mutant) -> list[list[str]]:
        """Return the tests that reach a mutant, one group behind the other; in each group the quickest go first.

        First those that noticed most of the mutants of the module so far; then the tests of a few files, which are
        collected quickly; then all others.
        """
        left = self.by(mutant)
        groups = []
        known = [one for one in left if self.noticed[mutant.path, one]]
        likely = set(sorted(known, key=lambda one: -self.noticed[mutant.path, one])[:_LIKELY])
        files = list(dict.fromkeys(_file(one) for one in left))[:_FILES]
        for holds in (likely.__contains__, lambda one: _file(one) in files):
            groups.append([one for one in left if holds(one)])
            left = [one for one in left if not holds(one)]
        return [group for group in (*groups, left) if group]

    def rest(self, mutant: Mutant, *, whole: bool) -> list[str]:
        """Return the tests that run on a mutant which those that reach it did not notice, the quickest first.

        They are all others, where all are asked for, or where its line is reached outside of any test and by few in one:
        what it made may be kept, and the others find it made. Else there are none.
        """
        by = self.by(mutant)
        if not whole and ((mutant.path, mutant.line) not in self.early or len(by) > _FEW):
            return []
        return sorted(self.seconds.keys() - set(by), key=lambda test: (self.seconds[test], test))

    def limit(self, groups: list[list[str]]) -> float:
        """Return the seconds that tests are given on a mutant."""
        return max(_LEAST, _TIMES * sum(self.seconds.get(test, 0.0) for group in groups for test in group))


def _file(test: str) -> str:
    return test.split("::", 1)[0]


# ---- the copy of the tree --------------------------------------------------------------------------------------------
def copied(folder: Path) -> Path:
    """Copy the tree to a new folder, and return it.

    What is compiled there is checked by the source, not by its time: a mutant of the same length within a second is seen.
    """
    shutil.copytree(ROOT, folder, ignore=_SKIPPED)
    for part in ("src", "tests"):
        compileall.compile_dir(folder / part, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return folder


def contexts(tree: Path, tests: tuple[str, ...]) -> dict[tuple[str, int], frozenset[str]]:
    """Run tests once in a copy of the tree, and return which of them reach which line, by path and line.

    What reaches a line outside of any test is the empty name.

    Raises:
        SystemExit: They fail without a mutant.
    """
    from coverage import CoverageData  # noqa: PLC0415 - of the extra dev

    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-m", "pytest", *OPTIONS, *tests, *_COVERED],
        cwd=tree, env=environment(tree), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(_UNMENDED + done.stdout[-4000:] + done.stderr[-2000:])
    data = CoverageData(str(tree / ".coverage"))
    data.read()
    found: dict[tuple[str, int], frozenset[str]] = {}
    for file in data.measured_files():
        path = Path(file).relative_to(tree / PACKAGE).as_posix()
        for line, names in data.contexts_by_lineno(file).items():
            found[path, line] = frozenset(one.split("|")[0] for one in names)
    return found


def reached(forks: Forks, tests: tuple[str, ...]) -> Reached:
    """Run tests without a mutant, under coverage and as they will run on a mutant, and return what they reach.

    Raises:
        SystemExit: They fail.
    """
    found = contexts(forks.tree, tests)
    ran = forks.run([])
    if ran.failed:
        raise SystemExit(f"{_UNMENDED}{ran.failed}\n{ran.said}")
    early = frozenset(place for place, names in found.items() if "" in names)
    return Reached({place: names - {""} for place, names in found.items()}, early, ran.seconds)


def kept(file: Path | None, forks: Forks, tests: tuple[str, ...]) -> Reached:
    """Return what tests reach as it was kept in a file, where that was of the same tree and tests; else find and keep it."""
    digest = sha256(repr(tests).encode())
    for part in sorted(one for folder in ("src", "tests") for one in (ROOT / folder).rglob("*.py")):
        digest.update(part.read_bytes())
    if file is not None and file.exists():
        of, found = pickle.loads(file.read_bytes())  # noqa: S301 - written here
        if of == digest.hexdigest():
            return Reached(*found)
    seen = reached(forks, tests)
    if file is not None:
        file.write_bytes(pickle.dumps((digest.hexdigest(), (seen.tests, seen.early, seen.seconds))))
    return seen


# ---- mutants ---------------------------------------------------------------------------------------------------------
def of_room(room: str) -> list[Mutant]:
    """Return all mutants of a room, in the order of their places."""
    home = ROOT / PACKAGE
    folder = "record" if room == "postgres" else room
    found = [(file.relative_to(home).as_posix(), file) for file in sorted((home / folder).rglob("*.py"))]
    files = [(path, file) for path, file in found if path.startswith(_APART) == (room == "postgres")]
    return [one for path, file in files for one in mutants_of(path, file.read_bytes())]


def drawn(mutants: list[Mutant], sample: int, seed: int) -> list[Mutant]:
    """Return a sample of mutants that can be compiled; all of them where it is 0.

    They come as they were drawn, so that what has run when a run is stopped is a sample too.

    Args:
        mutants: What is drawn from.
        sample: How many are drawn, without one twice.
        seed: The same seed draws the same sample.
    """
    order = Random(seed).sample(mutants, len(mutants))
    standing = (one for one in order if stands(one, (ROOT / PACKAGE / one.path).read_bytes()))
    return list(islice(standing, sample or None))


def survives(mutant: Mutant, forks: Forks, seen: Reached, *, whole: bool = False) -> bool:
    """Return whether no test notices a mutant in a copy of the tree, which is as before behind it."""
    file = forks.tree / PACKAGE / mutant.path
    source = file.read_bytes()
    file.write_bytes(mutant.applied(source))
    try:
        for groups in (seen.groups(mutant), [seen.rest(mutant, whole=whole)]):
            ran = forks.run(groups, seen.limit(groups)) if any(groups) else PASSED
            if ran.failed:
                break
    finally:
        file.write_bytes(source)
    if ran.failed:
        seen.noticed[mutant.path, ran.failed] += 1
        if ran.failed not in seen.seconds and not ran.failed.startswith("collection of"):
            print(f"no test failed, and yet: {mutant.name}: {ran.failed}", flush=True)
    return ran.failed is None


def told(mutant: Mutant, seen: Reached) -> str:
    """Return what is printed of a survivor: its name, how many tests reach it, and its change."""
    source = (ROOT / PACKAGE / mutant.path).read_bytes()
    before, after = source.decode().splitlines(), mutant.applied(source).decode().splitlines()
    change = [line for line in unified_diff(before, after, n=0, lineterm="") if not line.startswith(("---", "+++"))]
    known = KNOWN.get(mutant.name)
    verdict = f"changes nothing: {known}" if known else f"reached by {len(seen.by(mutant))} tests"
    return "\n".join([f"survived: {mutant.name}", f"  line {mutant.line}, {verdict}", *(f"  {one}" for one in change)])


def _sampled(mutants: list[Mutant], seen: Reached, servers: list[Forks], *, whole: bool) -> list[Mutant]:
    free: SimpleQueue[Forks] = SimpleQueue()
    for one in servers:
        free.put(one)

    def verdict(mutant: Mutant) -> bool:
        forks = free.get()
        try:
            return survives(mutant, forks, seen, whole=whole)
        finally:
            free.put(forks)

    alive = []
    with ThreadPoolExecutor(len(servers)) as pool:
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
    parser.add_argument("--keep", type=Path, help="keep what the tests reach in this file, for other runs of this tree")
    parser.add_argument("--whole", action="store_true", help="let a mutant live only if all tests of the room hold")
    parser.add_argument("--list", action="store_true", help="print the names of the sample and run nothing")
    asked = parser.parse_args(words)
    every = [one for one in of_room(asked.room) if asked.match in one.name]
    chosen = drawn(every, asked.sample, asked.seed)
    if asked.list:
        print("\n".join(one.name for one in chosen))
        return 0
    with tempfile.TemporaryDirectory(prefix="rrm-mutants-") as folder:
        tests = tuple(asked.tests) or ROOMS[asked.room]
        servers = [Forks(copied(Path(folder) / f"tree-{number}"), tests) for number in range(asked.processes)]
        seen = kept(asked.keep, servers[0], tests)
        print(f"{len(seen.seconds)} tests of {asked.room} hold without a mutant", flush=True)
        alive = _sampled(chosen, seen, servers, whole=asked.whole)
        for one in servers:
            one.close()
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
