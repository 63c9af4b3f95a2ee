"""Figures looked up in a result, for the tables that are made of several suites; None where they were not measured."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def rows_of(result: Result, suite: str, part: str = "") -> list[Mapping[str, Any]]:
    """Return the figures of a suite, or of a part of a report, as plain values; none where it was not run."""
    if part:
        found = result["reports"].get(suite, {}).get("data", {}).get(part, [])
    else:
        found = result["suites"].get(suite, {}).get("figures", [])
    return list(found)


def row(result: Result, suite: str, name: str, part: str = "") -> Mapping[str, Any] | None:
    """Return the figure of the contender whose name begins so; None where there is none."""
    return next((one for one in rows_of(result, suite, part) if one["name"].startswith(name)), None)


def median(result: Result, suite: str, name: str, part: str = "") -> float | None:
    """Return the median of a contender, in microseconds a unit."""
    found = row(result, suite, name, part)
    return None if found is None else float(found["median"])


def ratio(result: Result, suite: str, one: str, other: str, part: str = "") -> float | None:
    """Return how many times what one contender takes another one takes: the median over rounds."""
    first, second = row(result, suite, one, part), row(result, suite, other, part)
    return None if first is None or second is None else ratio_of(first, second)


def ratio_of(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """Return how many times what the first takes the second takes, round by round.

    Example:
        >>> ratio_of({"rounds": [1.0, 10.0, 1.0]}, {"rounds": [2.0, 20.0, 2.0]})
        2.0
    """
    return float(statistics.median(two / one for one, two in zip(first["rounds"], second["rounds"], strict=True)))


def beyond(result: Result, suite: str, one: str, other: str) -> float | None:
    """Return by how many microseconds a contender takes longer than another one: the median over rounds."""
    first, second = row(result, suite, one), row(result, suite, other)
    if first is None or second is None:
        return None
    return float(statistics.median(two - one for one, two in zip(first["rounds"], second["rounds"], strict=True)))


def told(result: Result, report: str, *keys: str) -> Any:  # noqa: ANN401 - whatever a report keeps
    """Return what a report keeps under some keys, one within the other; None where there is nothing."""
    found: Any = result["reports"].get(report, {}).get("data", {})
    for key in keys:
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def at(result: Result, report: str, work: str, n: int, fact: str = "seconds") -> float | None:
    """Return what a curve of a report tells at about a size; None where no point lies within a tenth of it."""
    points = told(result, report, work, "points") or []
    near = [one for one in points if abs(one["n"] - n) <= n / 10]
    return None if not near or near[0][fact] is None else float(near[0][fact])
