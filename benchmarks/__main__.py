"""Run the suites, print their tables, write the figures as JSON, and write them into a page.

python -m benchmarks [--quick] [--only WORD] [--json FILE] [--growth-plots FOLDER] [--page PAGE]
python -m benchmarks --page PAGE RESULT.json …     runs nothing: writes the page from what was measured before
python -m benchmarks --list                        names of suites and reports, which are those of the page's blocks

Nothing is installed: what is missing is named. A suite that fails is named too, and the others run on; the program then
ends with 1. The JSON is written after each suite, so that a long run that is cut short leaves what it had. With a page,
plots of growth go beside it, into ``pictures``.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import elsewhere, plots
from benchmarks.harness import as_json, machine, table
from benchmarks.page import PageError, filled, read
from benchmarks.suites import Report, Suite, missing, reports, suites

MANY: Final = 41
FEW: Final = 9
"""Rounds, and rounds of a quick run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for.

    Args:
        arguments: The words of the command line, or those that the process was given.
    """
    chosen = _parser().parse_args(arguments)
    rounds = chosen.rounds or (FEW if chosen.quick else MANY)
    if chosen.list:
        named: tuple[Suite | Report, ...] = (*suites(quick=True), *reports(rounds, quick=True))
        for one in named:
            print(f"{one.name:24} {one.title}")
        return 0
    try:
        result = read(chosen.results) if chosen.results else run(chosen, rounds)
        return _written(chosen, result)
    except PageError as error:
        print(f"Refused: {error}.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("results", nargs="*", type=Path, metavar="RESULT", help="run nothing: take these results")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller sizes")
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="so many rounds")
    parser.add_argument("--only", default="", metavar="WORD", help="only what has this word in its name or its title")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="where to write the figures")
    parser.add_argument("--page", type=Path, default=None, metavar="PAGE", help="a page whose blocks are to be written")
    parser.add_argument("--growth-plots", type=Path, default=None, metavar="FOLDER", help="where to draw the plots")
    parser.add_argument("--list", action="store_true", help="name the suites and reports, and run none")
    return parser


# ---- running ---------------------------------------------------------------------------------------------------------
def run(chosen: argparse.Namespace, rounds: int) -> dict[str, Any]:
    """Run the suites and reports that are chosen, and return the result.

    Args:
        chosen: ``quick``, ``only`` and ``json`` of the command line.
        rounds: How many rounds.
    """
    result: dict[str, Any] = {
        "machine": machine(), "quick": chosen.quick, "rounds": rounds,
        "suites": {}, "reports": {}, "missing": missing(), "failed": {},
    }  # fmt: skip
    facts = result["machine"]
    facts["versions"] |= elsewhere.versions()
    print(f"{facts['python']}, {facts['processor']}, {facts['cores']} cores, {rounds} rounds")
    for name in result["missing"]:
        print(f"Not installed, and so not measured: {name}.")
    print(flush=True)

    def wanted(name: str, title: str) -> bool:
        word = chosen.only.casefold()
        return word in name or word in title.casefold()

    for suite in suites(quick=chosen.quick):
        if not wanted(suite.name, suite.title):
            continue
        found = _tried(result, suite.name, partial(suite.run, rounds))
        if found is not None:
            result["suites"][suite.name] = {
                "title": suite.title, "unit": suite.unit, "about": suite.about, "figures": as_json(found),
            }  # fmt: skip
            print(table(suite.title, suite.unit, found, suite.about) + "\n", flush=True)
            _keep(chosen.json, result)
    for report in reports(rounds, quick=chosen.quick):
        if wanted(report.name, report.title) and (told := _tried(result, report.name, report.run)) is not None:
            result["reports"][report.name] = {"title": report.title, "text": told[0], "data": told[1]}
            print(f"{told[0]}\n", flush=True)
            _keep(chosen.json, result)
    _keep(chosen.json, result)
    return result


def _tried(result: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what it measures
    """Return what was measured; None where it failed, which is noted, so that the others run on."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever a neighbour raises
        result["failed"][name] = repr(error)
        print(f"{name} failed:", file=sys.stderr)
        traceback.print_exc()
        return None


def _keep(path: Path | None, result: dict[str, Any]) -> None:
    if path is not None:
        path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


# ---- writing ---------------------------------------------------------------------------------------------------------
def _written(chosen: argparse.Namespace, result: dict[str, Any]) -> int:
    """Write page and plots, say what was not written, and return how the program ends."""
    folder = chosen.growth_plots or (chosen.page.parent / "pictures" if chosen.page else None)
    if folder is not None:
        drawn = plots.draw_all(result["reports"], folder)
        print("\n".join(f"Drawn: {one}" for one in drawn) or "No plot: no curves, or matplotlib is not installed.")
    if chosen.page is not None:
        text, unfilled = filled(chosen.page.read_text(encoding="utf-8"), result)
        chosen.page.write_text(text, encoding="utf-8")
        print(f"Written: {chosen.page}")
        for name in unfilled:
            print(f"Left as it was, for want of figures: {name}")
    for name, why in result.get("failed", {}).items():
        print(f"Failed: {name}: {why}", file=sys.stderr)
    return 1 if result.get("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
