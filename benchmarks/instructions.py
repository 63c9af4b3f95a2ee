"""The guard over the hot paths: instructions counted, not time, so that a busy machine changes nothing.

python -m benchmarks.instructions             counts and prints
python -m benchmarks.instructions --check     compares with instructions.json; ends with 1 where a path grew by 10 %
python -m benchmarks.instructions --accept    counts, and writes instructions.json anew

Each path is done n times and then 2n times within one run under ``valgrind --tool=callgrind``; the difference holds no
start-up. Counts of two interpreters, or of two kinds of processor (for which libraries choose other code), cannot be
compared: where either differs from the baseline's, ``--check`` says so, compares nothing, and ends with 0.

To accept that a path costs more, or less: run ``--accept`` on the machine that holds the baseline, look at the change of
``instructions.json``, and say in the same commit why it is worth it. A path that became dearer by less than 10 % passes;
the baseline is not moved for it, so that small steps add up to one that is seen.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from attrs import frozen

BASELINE: Final = Path(__file__).with_suffix(".json")
"""Where the counts stand that were accepted."""
MOST: Final = 0.10
"""By how much a path may grow."""
TIMES: Final = 20
"""How often a path is done: so often, and then twice as often."""
WARM: Final = 20
"""How often before: the interpreter fits code to what it does, and values are cached."""
_MARK: Final = "getloadavg"
"""A function of the C library that nothing else calls; each call of ours cuts the count."""
_TOTAL: Final = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)
_LONGEST: Final = 600


# ---- what was counted where ------------------------------------------------------------------------------------------
@frozen
class Count:
    """Instructions of each path, and on what they were counted.

    Attributes:
        interpreter: Version and build of the interpreter.
        processor: Its kind, and a digest of what it can do.
        paths: Instructions a unit of work, by path.
    """

    interpreter: str
    processor: str
    paths: Mapping[str, int]

    def written(self) -> str:
        """Return the count as JSON that reads well line by line."""
        told = {"interpreter": self.interpreter, "processor": self.processor, "paths": dict(self.paths)}
        return json.dumps(told, indent=2) + "\n"

    @classmethod
    def read(cls, text: str) -> Count:
        """Return the count that JSON holds.

        Raises:
            ValueError: It holds none.
        """
        try:
            held = json.loads(text)
            paths = {str(name): int(value) for name, value in held["paths"].items()}
            return cls(str(held["interpreter"]), str(held["processor"]), paths)
        except (KeyError, TypeError, AttributeError) as error:
            msg = f"the baseline holds no count: {error!r}; make it anew with --accept"
            raise ValueError(msg) from error


def interpreter() -> str:
    """Return version and build of the interpreter: two builds of one version take different instructions."""
    build = f"{sysconfig.get_config_var('CONFIG_ARGS')} {platform.python_compiler()} {platform.python_build()}"
    return f"{platform.python_implementation()} {platform.python_version()} {sha256(build.encode()).hexdigest()[:12]}"


def processor(told: str | None = None) -> str:
    """Return the kind of processor, from what ``/proc/cpuinfo`` tells: its family, and a digest of its flags."""
    if told is None:
        place = Path("/proc/cpuinfo")
        told = place.read_text(encoding="ascii", errors="replace") if place.is_file() else ""
    found = dict(re.findall(r"^(vendor_id|cpu family|flags|Features)\s*: (.*)$", told, re.MULTILINE))
    flags = " ".join(sorted((found.get("flags") or found.get("Features") or "").split()))
    family = f"{found.get('vendor_id', '?')} family {found.get('cpu family', '?')}"
    return f"{platform.machine()} {family} {sha256(flags.encode()).hexdigest()[:12]}"


# ---- comparing -------------------------------------------------------------------------------------------------------
def incomparable(now: Count, then: Count) -> str | None:
    """Return why two counts cannot be compared; None where they can."""
    if now.interpreter != then.interpreter:
        return f"the baseline was counted with {then.interpreter}, this is {now.interpreter}: nothing is compared"
    if now.processor != then.processor:
        return f"the baseline was counted on {then.processor}, this is {now.processor}: nothing is compared"
    return None


def grown(now: Mapping[str, int], then: Mapping[str, int], most: float = MOST) -> list[str]:
    """Return a sentence for each path that grew by more than is let by, or that one of the two counts lacks."""
    found = [f"{name}: it was not counted before; take it up with --accept" for name in now if name not in then]
    found += [f"{name}: it is not counted any more; drop it with --accept" for name in then if name not in now]
    for name, count in now.items():
        before = then.get(name)
        if before is not None and count > before * (1 + most):
            found.append(f"{name}: {count} instructions, {count / before - 1:+.1%} on {before}; at most {most:+.0%}")
    return found


def table(now: Mapping[str, int], then: Mapping[str, int] | None) -> str:
    """Return the counts as a Markdown table, beside the baseline where there is one."""
    lines = ["| hot path | instructions | baseline | change |", "| --- | ---: | ---: | ---: |"]
    for name, count in now.items():
        before = (then or {}).get(name)
        change = "" if not before else f"{count / before - 1:+.1%}"
        lines.append(f"| {name} | {count} | {before or ''} | {change} |")
    return "\n".join(lines)


# ---- counting --------------------------------------------------------------------------------------------------------
def per_unit(totals: list[int], units: list[int], times: int = TIMES) -> list[int]:
    """Return instructions a unit of work.

    Args:
        totals: What was counted up to each mark: three for each path, of which the second and the third hold ``times``
            and twice ``times`` runs.
        units: How many units of work a run of each path is.
        times: How many runs.

    Raises:
        ValueError: There are not three totals for each path.
    """
    if len(totals) != 3 * len(units):
        msg = f"{3 * len(units)} counts were to come, {len(totals)} came: is {_MARK} known to callgrind?"
        raise ValueError(msg)
    steps = zip(totals[1::3], totals[2::3], units, strict=True)
    return [round((longer - shorter) / times / many) for shorter, longer, many in steps]


def _work() -> None:
    """Do each path, with a mark before, between and behind; this runs under callgrind."""
    from benchmarks.hot import PATHS  # noqa: PLC0415 - the parent does without

    mark = os.getloadavg
    gc.disable()
    units = []
    for make in PATHS.values():
        run, many = make()
        units.append(many)
        for _ in range(WARM):
            run()
        mark()
        for _ in range(TIMES):
            run()
        mark()
        for _ in range(2 * TIMES):
            run()
        mark()
    print(json.dumps(units))


def count() -> Count:
    """Count the instructions of each hot path.

    Raises:
        RuntimeError: valgrind is missing, or did not count.
    """
    from benchmarks.hot import PATHS  # noqa: PLC0415 - the comparing part needs none of it

    valgrind = shutil.which("valgrind")
    if valgrind is None:
        msg = "valgrind is missing: install the package of that name"
        raise RuntimeError(msg)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        done = subprocess.run(  # noqa: S603 - our own file under valgrind
            [
                valgrind,
                "--tool=callgrind",
                f"--callgrind-out-file={out}",
                f"--dump-before={_MARK}",
                sys.executable,
                "-m",
                "benchmarks.instructions",
                "--work",
            ],
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
        )
        if done.returncode:
            msg = f"valgrind did not count: {done.stderr[-2000:]}"
            raise RuntimeError(msg)
        parts = sorted(Path(folder).glob("out.*"), key=lambda one: int(one.suffix[1:]))
        totals = [int(found[1]) for one in parts if (found := _TOTAL.search(one.read_text(encoding="utf-8")))]
    units: list[Any] = json.loads(done.stdout)
    return Count(interpreter(), processor(), dict(zip(PATHS, per_unit(totals, units), strict=True)))


def main(arguments: list[str] | None = None) -> int:
    """Count, print, and compare or accept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__.split("\n", 1)[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--check", action="store_true", help="compare with the baseline")
    chosen.add_argument("--accept", action="store_true", help="write the baseline anew")
    chosen.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.work:
        _work()
        return 0
    then = Count.read(BASELINE.read_text(encoding="utf-8")) if BASELINE.is_file() else None
    if told.check:
        if then is None:
            print("there is no baseline: write one with --accept")
            return 1
        why = incomparable(Count(interpreter(), processor(), {}), then)
        if why is not None:
            print(why)
            return 0
    now = count()
    print(table(now.paths, None if then is None else then.paths))
    if told.accept:
        BASELINE.write_text(now.written(), encoding="utf-8")
    found = grown(now.paths, then.paths) if told.check and then is not None else []
    print("".join(f"\n{one}" for one in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
