"""How the lines of the map run: along lanes between the columns, so that none runs through a stage that is not its own.

What leads to the close, to a course of remediation and to a panel comes from nearly everywhere. Such lines leave each
stage at the same height, gather on a lane beside its column and arrive together. Every other line is short, or has a
lane of its own.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import frozen

from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.views.map.places import PLACES

S = Stage
Point = tuple[float, float]

WIDE: Final = 900.0
TOP: Final = 98.0
"""Where the first row begins."""
LEFTS: Final = (60.0, 276.0, 471.0, 650.0, 789.0)
"""Where the boxes of each column begin."""
BOX_WIDE, BOX_HIGH, PITCH = 97.0, 46.0, 76.0
ROWS: Final = 1 + max(row for _, row in PLACES.values())
FOOT: Final = TOP + PITCH * (ROWS - 1) + BOX_HIGH
"""Where the last row ends."""
UPPER, MIDDLE, LOWER = -16.0, 0.0, 16.0
"""Where lines touch the side of a box: above its middle, at it, below it."""
_RAIL: Final = FOOT + 17.0
_RAIL_BELOW: Final = _RAIL + 9.0
_TO_PANEL: Final = {0: 212.0, 1: 440.0}
_TO_REPORTS: Final = 220.0
_TO_COURSE: Final = {0: 228.0, 1: 228.0, 2: 449.0, 3: 636.0}
_TO_CLOSE: Final = (18.0, 431.0, 627.0, 770.0)
_BETWEEN: Final = TOP + PITCH * 5 + BOX_HIGH + 11.0
"""The channel between the panel and the sanctions."""


class Rail(Enum):
    """Where a line gathers with others."""

    CLOSE = "close"
    COURSE = "course"
    PANEL = "panel"


@frozen
class Box:
    """The box of a stage.

    Attributes:
        x: Its left side.
        y: Its upper side.
    """

    x: float
    y: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + BOX_WIDE

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + BOX_HIGH

    @property
    def middle(self) -> Point:
        """Its middle."""
        return self.x + BOX_WIDE / 2, self.y + BOX_HIGH / 2


@frozen
class Route:
    """How a line runs.

    Attributes:
        points: Its corners, from the stage it leaves to the one where it arrives.
        label: Where its label stands, and which end of the label that is (``"start"``, ``"end"``).
        mark: Where its number on a path stands.
        rail: Where it gathers with others; None where it runs alone.
    """

    points: tuple[Point, ...]
    label: tuple[float, float, str]
    mark: Point
    rail: Rail | None = None


def box_of(stage: Stage) -> Box:
    """Return the box of a stage."""
    column, row = PLACES[stage]
    return Box(LEFTS[column], TOP + PITCH * row)


def _touch(stage: Stage, side: str, height: float) -> Point:
    box = box_of(stage)
    return (box.x if side == "left" else box.right), box.middle[1] + height


_AWAY, _ABOVE, _DISC = 9.0, 3.0, 19.0
"""From a box to the label of a line; from a line to the label above it; from a box to a number."""


def _route(points: list[Point], rail: Rail | None = None) -> Route:
    """Return a route that leaves a box sideways, with its label over its first stretch."""
    (x, y), (onward, _) = points[0], points[1]
    sign = 1.0 if onward > x else -1.0
    label = (x + (_AWAY if sign > 0 else 4 - _AWAY), y - _ABOVE, "start" if sign > 0 else "end")
    return Route(tuple(points), label, (x + sign * _DISC, y), rail)


def _down(one: Stage, other: Stage) -> Route:
    """Return a route straight down or up to a stage of the same column, with nothing between."""
    (x, upper), (_, lower) = box_of(one).middle, box_of(other).middle
    start, end = (box_of(one).bottom, box_of(other).y) if lower > upper else (box_of(one).y, box_of(other).bottom)
    middle = (start + end) / 2
    leftward = PLACES[one][0] == 3
    if (
        PLACES[one][0] == PLACES[S.PANEL_REQUESTED][0] and upper < _BETWEEN < lower
    ):  # below the channel that crosses here
        middle = end - 9
    label = (x - 10, middle + 4, "end") if leftward else (x + 10, middle + 4, "start")
    return Route(((x, start), (x, end)), label, (x, start + 9.5 if lower > upper else start - 9.5))


def _across(one: Stage, other: Stage, height: float = MIDDLE) -> Route:
    """Return a route straight across to a stage of the same row."""
    rightward = box_of(other).x > box_of(one).x
    sides = ("right", "left") if rightward else ("left", "right")
    points = (_touch(one, sides[0], height), _touch(other, sides[1], height))
    (x, y), onward = points[0], points[1][0]
    mark = onward - 15.0 if rightward else onward + _DISC  # beside the arrow, clear of the label of a line close by
    return Route(points, (min(x, onward) + _AWAY, y - _ABOVE, "start"), (mark, y))


def _aside(one: Stage, other: Stage, lane: float, heights: tuple[float, float], gap: int) -> Route:
    """Return a route along a lane of its own beside the column; its label stands in the gap below a row."""
    side = "left" if lane < box_of(one).x else "right"
    start, end = _touch(one, side, heights[0]), _touch(other, side, heights[1])
    y = TOP + PITCH * gap + BOX_HIGH + (PITCH - BOX_HIGH) / 2
    label = (lane + 4, y + 4, "start") if side == "left" else (lane - 4, y + 4, "end")
    return Route((start, (lane, start[1]), (lane, end[1]), end), label, (lane, y))


def _to_close(one: Stage) -> Route:
    column = PLACES[one][0]
    end = box_of(S.CLOSED)
    start = _touch(one, "left" if column == 0 else "right", LOWER)
    lane = _TO_CLOSE[column]
    x = end.middle[0]
    return _route([start, (lane, start[1]), (lane, _RAIL), (x, _RAIL), (x, end.bottom)], Rail.CLOSE)


def _to_course(one: Stage) -> Route:
    column = PLACES[one][0]
    lane = _TO_COURSE[column]
    start = _touch(one, "right" if column == 0 else "left", LOWER)
    end = _touch(S.COURSE_RUNNING, "left" if column < 2 else "right", MIDDLE)
    points = [start, (lane, start[1])]
    if column == 3:
        points += [(lane, _BETWEEN), (_TO_COURSE[2], _BETWEEN)]
        lane = _TO_COURSE[2]
    found = _route([*points, (lane, end[1]), end], Rail.COURSE)
    if one is S.DENIAL_DETERMINED:  # beside its box run lanes: the label stands where the line arrives
        return Route(found.points, (end[0] + 17, end[1] - _ABOVE, "start"), found.mark, Rail.COURSE)
    return found


def _to_panel(one: Stage) -> Route:
    column = PLACES[one][0]
    start, end = _touch(one, "right", UPPER), _touch(S.PANEL_REQUESTED, "left", MIDDLE)
    lane = _TO_PANEL[column]
    return _route([start, (lane, start[1]), (lane, end[1]), end], Rail.PANEL)


def _to_report(other: Stage) -> Route:
    start, end = _touch(S.UNDER_REVIEW, "right", MIDDLE), _touch(other, "left", MIDDLE)
    points = (start, (_TO_REPORTS, start[1]), (_TO_REPORTS, end[1]), end)
    return Route(points, (end[0] - _AWAY + 4, end[1] - _ABOVE, "end"), (_TO_REPORTS, end[1] + _DISC))


def _around() -> Route:
    """Return the route of a course agreed anew while one runs: a loop at the side of its box."""
    x, y = _touch(S.COURSE_RUNNING, "right", UPPER - 2)
    points = ((x, y), (x + 14, y), (x + 14, y + 11), (x, y + 11))
    return Route(points, (x + 18, y + 2, "start"), (x + 14, y))


def _anyhow(one: Stage, other: Stage) -> Route:
    """Return a route between any two stages, below the rail to the close."""
    start, end = _touch(one, "right", LOWER), _touch(other, "left", MIDDLE)
    column = PLACES[one][0]
    lane = (169.0, *_TO_CLOSE[1:], WIDE - 4)[column]
    back = end[0] - 9
    found = _route([start, (lane, start[1]), (lane, _RAIL_BELOW), (back, _RAIL_BELOW), (back, end[1]), end])
    if one is S.CLOSED:  # no room beside its box
        return Route(found.points, (start[0], _RAIL_BELOW + 13, "end"), (start[0] - BOX_WIDE, _RAIL_BELOW))
    return found


_OWN: Final[dict[tuple[Stage, Stage], Route]] = {
    (S.ASSESSMENT, S.REQUEST_DUE): _aside(S.ASSESSMENT, S.REQUEST_DUE, 48.0, (UPPER, UPPER), 0),
    (S.ASSESSMENT, S.REVIEW_REQUESTED): _aside(S.ASSESSMENT, S.REVIEW_REQUESTED, 34.0, (MIDDLE, UPPER), 2),
    (S.REVIEW_REQUESTED, S.REVIEW_DECLINED): _aside(S.REVIEW_REQUESTED, S.REVIEW_DECLINED, 34.0, (MIDDLE, MIDDLE), 3),
    (S.REVIEW_DECLINED, S.UNDER_REVIEW): _aside(S.REVIEW_DECLINED, S.UNDER_REVIEW, 48.0, (UPPER, MIDDLE), 4),
    (S.UNDER_REVIEW, S.REVIEW_DECLINED): _aside(S.UNDER_REVIEW, S.REVIEW_DECLINED, 41.0, (UPPER, MIDDLE), 5),
    (S.UNDER_REVIEW, S.DENIAL_REPORTED): _across(S.UNDER_REVIEW, S.DENIAL_REPORTED),
    (S.UNDER_REVIEW, S.PARTIAL_DENIAL_REPORTED): _to_report(S.PARTIAL_DENIAL_REPORTED),
    (S.UNDER_REVIEW, S.CURED_DENIAL_REPORTED): _to_report(S.CURED_DENIAL_REPORTED),
    (S.DENIAL_REPORTED, S.COURSE_RUNNING): _down(S.DENIAL_REPORTED, S.COURSE_RUNNING),
    (S.COURSE_RUNNING, S.COURSE_RUNNING): _around(),
    (S.COURSE_NOTICE_GIVEN, S.REMEDIES_IN_FORCE): _across(S.COURSE_NOTICE_GIVEN, S.REMEDIES_IN_FORCE),
    (S.PANEL_REQUESTED, S.PANEL_CONSTITUTED): _aside(S.PANEL_REQUESTED, S.PANEL_CONSTITUTED, 459.0, (UPPER, UPPER), 0),
    (S.PANEL_CONSTITUTED, S.PETITION_NOT_CONFIRMED): _across(
        S.PANEL_CONSTITUTED, S.PETITION_NOT_CONFIRMED, UPPER),
    (S.PETITION_NOT_CONFIRMED, S.PANEL_CONSTITUTED): _across(S.PETITION_NOT_CONFIRMED, S.PANEL_CONSTITUTED),
    (S.PETITION_CONFIRMED, S.VERIFICATION_REQUESTED): _across(S.PETITION_CONFIRMED, S.VERIFICATION_REQUESTED),
    (S.PETITION_CONFIRMED, S.DENIAL_DETERMINED): _down(S.PETITION_CONFIRMED, S.DENIAL_DETERMINED),
    (S.VERIFICATION_REQUESTED, S.DELIBERATING): _aside(
        S.VERIFICATION_REQUESTED, S.DELIBERATING, 759.0, (UPPER, UPPER), 3),
    (S.DELIBERATING, S.DENIAL_DETERMINED): _across(S.DELIBERATING, S.DENIAL_DETERMINED),
    (S.DENIAL_DETERMINED, S.REMEDIES_IN_FORCE): _aside(
        S.DENIAL_DETERMINED, S.REMEDIES_IN_FORCE, 459.0, (MIDDLE, UPPER), 6),
    (S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED): _across(S.REMEDIES_IN_FORCE, S.LIFTING_DISPUTED, UPPER),
    (S.LIFTING_DISPUTED, S.REMEDIES_IN_FORCE): _across(S.LIFTING_DISPUTED, S.REMEDIES_IN_FORCE),
}  # fmt: skip
"""The lines that are neither gathered nor straight down to the next row."""


def route(one: Stage, other: Stage) -> Route:
    """Return how the line from one stage to another runs; there is a way between any two.

    Args:
        one: The stage it leaves.
        other: The stage where it arrives.
    """
    (column, row), (column_to, row_to) = PLACES[one], PLACES[other]
    if (one, other) in _OWN:
        found = _OWN[one, other]
    elif other is S.CLOSED and one is not S.CLOSED:
        found = _to_close(one)
    elif other is S.COURSE_RUNNING and one is not S.CLOSED:
        found = _to_course(one)
    elif other is S.PANEL_REQUESTED and column < 2:
        found = _to_panel(one)
    elif column == column_to and abs(row - row_to) == 1:
        found = _down(one, other)
    else:
        found = _anyhow(one, other)
    return found
