"""The page of figures: what stands between two marks is written from the JSON of a run, so that no figure is copied by hand.

A block begins with ``<!-- figures: NAME -->`` and ends with ``<!-- end -->``, each alone on a line. ``NAME`` is the name of
a suite or of a report; ``machine`` tells on what was measured, ``missing`` what was not there, ``aims`` which aims are met,
``who`` who is faster at what, and ``plot-NAME`` shows the plot of a report that holds curves. What stands outside the blocks
is left as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks import aims, verdicts
from benchmarks.harness import from_json, table
from benchmarks.plots import curves_of

_BLOCK: Final = re.compile(
    r"^<!-- figures: (?P<name>[a-z0-9-]+) -->\n(?P<text>.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL
)
_MARK: Final = re.compile(r"^<!-- (?:figures: .*|end) -->$", re.MULTILINE)
_HEADING: Final = re.compile(r"\A#+ [^\n]*\n+")


class PageError(ValueError):
    """The page or the result is not as it has to be; the message says where."""


def merged(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return several results as one: of a suite that was run twice, the later one counts.

    Raises:
        PageError: They were measured on different machines or interpreters, or one of them was a quick run beside whole
            ones.
    """
    found: dict[str, Any] = {"suites": {}, "reports": {}, "missing": []}
    for one in results:
        for fact in ("machine", "quick"):
            if fact in found and found[fact] != one[fact]:
                msg = f"the results differ in {fact} ({found[fact]} and {one[fact]}): give those of one machine, run alike"
                raise PageError(msg)
            found[fact] = one[fact]
        found["rounds"] = one["rounds"]
        found["suites"].update(one["suites"])
        found["reports"].update(one["reports"])
        found["missing"] = sorted({*found["missing"], *one["missing"]}, key=str.casefold)
    return found


def read(paths: Iterable[Path]) -> dict[str, Any]:
    """Return the results in files as one; see :func:`merged`.

    Raises:
        PageError: As there; or a file holds no result.
    """
    results = []
    for path in paths:
        one = json.loads(path.read_text(encoding="utf-8"))
        if (
            not isinstance(one, dict)
            or not {"machine", "quick", "rounds", "suites", "reports", "missing"} <= one.keys()
        ):
            msg = f"{path} holds no result of this program: make one with --json"
            raise PageError(msg)
        results.append(one)
    return merged(results)


def blocks_of(result: Mapping[str, Any]) -> dict[str, str]:
    """Return every block that a result can fill, by its name."""
    found = {"machine": _machine(result), "missing": _missing(result)}
    several = {"aims": aims.table(result), "who": verdicts.table(result)}
    found |= {name: made for name, made in several.items() if made is not None}
    for name, one in result["suites"].items():
        found[name] = table("", one["unit"], from_json(one["figures"]), one["about"])
    for name, one in result["reports"].items():
        found[name] = _HEADING.sub("", one["text"]).strip("\n")
        if curves_of(one["data"]):
            found[f"plot-{name}"] = f"![{one['title']}: cost against size](pictures/growth-{name}.svg)"
    return found


def _machine(result: Mapping[str, Any]) -> str:
    facts = result["machine"]
    there = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    kind = "a quick run" if result["quick"] else "a whole run"
    return (
        f"Measured in {kind} of {result['rounds']} rounds: {facts['python']} on {facts['processor']} "
        f"({facts['cores']} cores, {facts['architecture']}, {facts['system']}), with {there}."
    )


def _missing(result: Mapping[str, Any]) -> str:
    if not result["missing"]:
        return "Nothing was missing."
    return f"Not installed, and so not measured: {', '.join(result['missing'])}."


def filled(page: str, result: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the page with its blocks written from a result, and the names of blocks that the result cannot fill.

    A block that cannot be filled is left as it is.

    Args:
        page: Text of the page.
        result: A result.

    Raises:
        PageError: A mark stands without its other half, or a block stands twice.
    """
    names = [one["name"] for one in _BLOCK.finditer(page)]
    if len(_MARK.findall(page)) != 2 * len(names) or any(_MARK.search(one["text"]) for one in _BLOCK.finditer(page)):
        msg = "a mark stands without its other half: each '<!-- figures: NAME -->' needs its own '<!-- end -->' below"
        raise PageError(msg)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"the block {twice[0]!r} stands twice: keep one"
        raise PageError(msg)
    known = blocks_of(result)

    def anew(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- figures: {name} -->\n\n{known[name]}\n\n<!-- end -->" if name in known else found[0]

    return _BLOCK.sub(anew, page), [name for name in names if name not in known]
