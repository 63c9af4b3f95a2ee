"""The limits of a timeline: each as a bar up to its last day, with the act that ended it, and what was late."""

from __future__ import annotations

from typing import Any, Final

from rrm_lifecycle.law.wording import label, term_name
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.svg import Markup
from rrm_lifecycle.views.timeline.content import Run
from rrm_lifecycle.views.timeline.frame import (
    DUE,
    EDGE,
    FULL,
    LATE,
    LEFT,
    RIGHT,
    SIZE,
    Frame,
    Part,
    box,
    named,
    pieces,
    together,
    upright,
    wide_of,
)  # fmt: skip
from rrm_lifecycle.views.timeline.words import count, word

MOST: Final = 24
"""How many limits have a row: of more, the late ones and the latest."""
_ROW: Final = 36.0
_BAR: Final = 10.0
_TICKS: Final = 12
"""How many moved last days are marked."""


def limits(frame: Frame, top: float) -> Part:
    """Return the limits that ran in a case, a row for each.

    Args:
        frame: What is drawn.
        top: Where they begin.
    """
    runs = frame.runs
    if not runs:
        return Part(Markup(), top)
    shown = _chosen(frame, runs)
    drawn = [svg.words(EDGE, top + 12, word("limits.head", frame.language), size=svg.NORMAL, bold=True)]
    keys: set[str] = set()
    top += 20
    for run in shown:
        row, its = _row(frame, run, top)
        drawn.append(row)
        keys |= its
        top += _ROW
    if len(runs) > len(shown):
        told = word("more.limits", frame.language, n=f"{len(runs) - len(shown):,}")
        drawn.append(svg.words(EDGE, top + 14, told, size=SIZE, fill=svg.GREY))
        top += 20
    return Part(together(drawn), top, frozenset(keys))


def over_by(frame: Frame, run: Run) -> int:
    """Return by how many days a limit was missed, or is over on the day of looking; 0 where nobody had to act."""
    return run.late or (0 if frame.seen is None or run.is_wait else run.over(frame.seen))


def _chosen(frame: Frame, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    if len(runs) <= MOST:
        return runs
    ranked = sorted(range(len(runs)), key=lambda place: (-over_by(frame, runs[place]), -place))[:MOST]
    return tuple(runs[place] for place in sorted(ranked))


def _row(frame: Frame, run: Run, top: float) -> tuple[Markup, set[str]]:
    y = top + 5
    drawn, keys = _bar(frame, run, y)
    told = _told(frame, run)
    wide = wide_of(told)
    start = min(frame.scale.at(run.started), RIGHT - wide)
    drawn.append(pieces(max(start, LEFT), y + _BAR + 14, told))
    name = term_name(run.term, frame.language)
    says = f"{name}: {word('from', frame.language, day=run.started)}; {''.join(text for text, _, _ in told).strip()}"
    late = over_by(frame, run)
    row = svg.group(
        named(top, name, high=_ROW),
        *drawn,
        says=says,
        class_="limit",
        data_term=run.term,
        data_started=str(run.started),
        data_due=None if run.due is None else str(run.due),
        data_ended=None if run.ended is None else str(run.ended.act.on),
        data_late=str(late) if late else None,
    )
    return row, keys


def _bar(frame: Frame, run: Run, y: float) -> tuple[list[Markup], set[str]]:
    at, keys = frame.scale.at, {"limit"}
    begin = at(run.started)
    ended = None if run.ended is None else run.ended.act.on
    end = ended or frame.last
    if run.due is None:
        right = at(end) if ended is not None else RIGHT
        drawn = [box(begin, right, y, _BAR, fill=svg.PAPER, stroke=svg.BLUE, stroke_dasharray=svg.DOTTED)]
        return [*drawn, *_end(frame, run, y)], keys
    used = min(run.due, end) if ended is not None else run.due
    first = run.dues[0] or run.due
    drawn = [box(begin, at(run.due), y, _BAR, fill=svg.PAPER, stroke=svg.BLUE, stroke_width=0.8)]
    drawn.append(box(begin, at(min(first, used)), y, _BAR, fill=FULL, stroke=svg.BLUE, stroke_width=0.8))
    if len(run.dues) > 1:
        keys.add("longer")
        longer: dict[str, Any] = {"fill": svg.PALE, "stroke": svg.BLUE, "stroke_dasharray": svg.DASHED}
        drawn.append(box(at(first), at(run.due), y, _BAR, **longer))
        drawn += [
            upright(at(day), y, y + _BAR, stroke=svg.BLUE, stroke_width=1.2)
            for day in run.dues[:_TICKS]
            if day is not None
        ]
    last = run.latest or run.due
    if run.latest is not None:
        keys.add("blurred")
        drawn.append(
            box(at(run.due), at(run.latest), y, _BAR, fill=svg.PAPER, stroke=svg.BLUE, stroke_dasharray=svg.DOTTED)
        )
    if over_by(frame, run):
        keys.add("late")
        drawn.append(box(at(last), at(end), y, _BAR, fill=LATE, stroke=svg.RUST, stroke_width=1))
    elif end > last and (ended is not None or run.is_wait):
        keys.add("gone")
        drawn.append(_beyond(at(last), at(end), y))
    if last <= frame.scale.last:
        drawn.append(upright(at(last), y - 3, y + _BAR + 3, **DUE))
    elif ended is None:  # it runs on beyond the picture
        drawn.append(svg.element("path", d=f"M{svg.number(RIGHT)},{svg.number(y - 2)} l7,7 l-7,7 z", fill=svg.BLUE))
    return [*drawn, *_end(frame, run, y)], keys | ({"met"} if run.ended is not None else set())


def _beyond(left: float, right: float, y: float) -> Markup:
    return svg.element(
        "line", x1=left, y1=y + _BAR / 2, x2=right, y2=y + _BAR / 2, stroke=svg.RULE, stroke_width=1.4,
        stroke_dasharray=svg.DOTTED,
    )  # fmt: skip


def _end(frame: Frame, run: Run, y: float) -> list[Markup]:
    if run.ended is None:
        return []
    line = svg.RUST if run.late else svg.INK
    fill = svg.PAPER if run.ended.implied else line
    x = frame.scale.at(run.ended.act.on)
    return [svg.element("circle", cx=x, cy=y + _BAR / 2, r=4, fill=fill, stroke=line, stroke_width=1.5)]


def _told(frame: Frame, run: Run) -> tuple[tuple[str, str, bool], ...]:
    language = frame.language
    if run.due is None:
        told = word("due.none", language)
    elif run.latest is not None and run.latest != run.due:
        told = word("due.between", language, due=run.due, latest=run.latest)
    else:
        told = word("due", language, due=run.due)
    if len(run.dues) > 1 and run.dues[0] is not None:
        told += f" ({word('key.longer', language)}, {word('due.before', language, due=run.dues[0])})"
    late = over_by(frame, run)
    mark = (f"  {count('days.late', late, language)}", svg.RUST, True) if late else ("", svg.RUST, True)
    return (told, svg.INK, False), (f"  {_end_told(frame, run)}", svg.GREY, False), mark


def _end_told(frame: Frame, run: Run) -> str:
    language = frame.language
    if run.ended is not None:
        act = run.ended.act
        days = act.on if act.known is None else f"{act.known[0]} \u2013 {act.known[1]}"
        name = label(act, language)
        return f"· {f'[{name}]' if run.ended.implied else name} {days}"
    if frame.seen is None or run.due is None:
        return f"· {word('runs', language)}"
    if run.over(frame.seen):
        return f"· {count('days.over', run.over(frame.seen), language)}" if run.is_wait else ""
    left = ((run.latest or run.due) - frame.seen).days
    return f"· {count('days.left', left, language)}" if left > 0 else f"· {word('days.left.none', language)}"
