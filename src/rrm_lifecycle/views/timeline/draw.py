"""A timeline: the acts of a case on a time axis, with its phases, its limits, and what was late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.aligned import Alignment
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.law.stages import Phase
from rrm_lifecycle.law.wording import label, languages, term_name
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.cards.case import stands
from rrm_lifecycle.views.pages.words import known_language
from rrm_lifecycle.views.picture import Diagram
from rrm_lifecycle.views.svg import Markup
from rrm_lifecycle.views.timeline.acts import acts
from rrm_lifecycle.views.timeline.bands import bands
from rrm_lifecycle.views.timeline.content import late_by, runs_of
from rrm_lifecycle.views.timeline.frame import (
    DUE,
    EDGE,
    FULL,
    LATE,
    LEFT,
    PHASES,
    RIGHT,
    SIZE,
    WIDE,
    Frame,
    box,
    mark,
    patterns,
    span,
    together,
    upright,
)  # fmt: skip
from rrm_lifecycle.views.timeline.limits import limits, over_by
from rrm_lifecycle.views.timeline.scale import Scale
from rrm_lifecycle.views.timeline.words import between, count, word

_NEAR: Final = 60
"""So many days before the first act and after the last one are shown where something lies in them."""
_LONG: Final = 600.0
"""How wide the name of a case may be in the words of a picture."""
_NAMED: Final = 5
"""How many late acts the words of a picture name."""
_KEYS: Final = ("act", "implied", "period", "late", "limit", "longer", "blurred", "gone", "met", "bar")


def timeline(of: Case | Alignment | History, *, today: date | None = None, language: str = "en") -> Diagram:
    """Return a picture of a case in time: its phases and stages, its customs hold, its acts, and the limits that ran.

    Acts stand in lanes by who acted. An act that is implied by later ones is outlined, with the days between which it
    lies. What was late is hatched, and says by how many days. Of more than 80 acts as many are shown as have room: the
    others are counted in bars.

    Args:
        of: A case; an alignment; or a history, which is aligned.
        today: The day of looking: later acts are left out, and in an open case a line marks it. If None, the case is seen
            on the day of its last act.
        language: ``"en"`` or ``"es"``.

    Raises:
        EventError: There is no such language, or ``today`` is no plain ``datetime.date``.
        TypeError: There is no timeline of such a value.

    Example:
        >>> from rrm_lifecycle.histories.dataset import load
        >>> picture = timeline(load()["san-martin"])
        >>> print(picture.alt.partition(", from")[0])
        Timeline of case san-martin: San Martín mine
    """
    if language not in languages():
        msg = f"there is no catalogue for the language {language!r}; there are {', '.join(languages())}: add_catalogue"
        raise EventError(msg[:400])
    case, outside = _case_of(of)
    if today is not None:
        case = case.until(exact_day(today, "today"))
    title = word("title", language, case=case.id)
    if not case.acts:
        return _empty(case, title, language)
    frame = _frame(case, today, language)
    alt = _alt(frame)
    top = 72.0
    above = top
    drawn: list[Markup] = []
    top += 38 if frame.line and frame.seen else 22
    keys: set[str] = set()
    for part in (bands, acts, limits):
        made = part(frame, top)
        drawn.append(made.drawn)
        keys |= made.keys
        top = made.bottom + 10
    grid = together((_grid(frame, above, top), _today(frame, above, top)))
    key, top = _key(frame, keys, top + 30)
    if outside:
        drawn.append(svg.words(EDGE, top + 4, count("deviations", outside, language), size=SIZE, fill=svg.GREY))
        top += 18
    whole = (patterns(), _head(frame), grid, *drawn, key)
    picture = svg.document(WIDE, round(top + 6), title, alt, *whole, language=known_language(language))
    return Diagram(picture, alt)


def _case_of(of: object) -> tuple[Case, int]:
    """Return the case that is drawn, and how many events of its record do not fit the table."""
    if isinstance(of, History):
        of = align(of)
    if isinstance(of, Alignment):
        return of.case, len(of.deviations)
    if isinstance(of, Case):
        return of, 0
    msg = f"a timeline is drawn of a case, an alignment or a history; found {type(of).__name__}"
    raise TypeError(msg)


def _frame(case: Case, today: date | None, language: str) -> Frame:
    """Return what is drawn, and on which days."""
    days = [entry.act.on for entry in case.acts]
    runs = runs_of(case)
    seen = None if case.is_closed else today or max(days)
    last = max(days) if seen is None else max(*days, seen)
    first = min([*days, *(run.started for run in runs)])
    near = timedelta(max(_NEAR, (last - first).days // 3))
    # Days between which an act lies, and last days, are shown as far as they do not crowd what was done.
    known = [day for entry in case.acts for day in entry.act.known or ()]
    dues = [due for run in runs for due in (*run.dues, run.latest) if due is not None]
    shown = [day for day in (*known, *dues) if first - day <= near and day - last <= near]
    scale = Scale.over(min([first, *shown]), max([last, *shown]), LEFT, RIGHT)
    return Frame(case, runs, scale, last, seen, today is not None, language)


# ---- what stands around the parts ----------------------------------------------------------------------------------------
def _name(case: Case) -> str:
    return case.id if case.facility is None else f"{case.id}: {case.facility.name}"


def _counts(frame: Frame) -> tuple[str, str]:
    """Return how many acts there are, and how many were late."""
    language, acts_of = frame.language, frame.case.acts
    told = count("acts", len(acts_of), language)
    implied = sum(entry.implied for entry in acts_of)
    if implied:
        told += f", {count('implied', implied, language)}"
    late = sum(bool(late_by(entry)) for entry in acts_of)
    over = sum(run.ended is None and over_by(frame, run) > 0 for run in frame.runs)
    noted = [count(key, n, language) for key, n in (("late", late), ("over", over)) if n]
    return told, ", ".join(noted)


def _head(frame: Frame) -> Markup:
    case, language = frame.case, frame.language
    told, late = _counts(frame)
    room = WIDE - 2 * EDGE
    days = [entry.act.on for entry in case.acts]
    line = f"{between('span', min(days), max(days), language)} · {stands(case, language)}"
    if frame.seen is not None and not frame.line:
        line += f" · {word('seen', language, day=frame.seen)}"
    drawn = [
        svg.words(EDGE, 30, svg.cut(_name(case), room, svg.TITLE, bold=True), size=svg.TITLE, bold=True),
        svg.words(EDGE, 49, svg.cut(line, room, svg.NORMAL), size=svg.NORMAL, fill=svg.GREY),
        svg.words(EDGE, 66, told, size=svg.NORMAL, fill=svg.GREY),
    ]
    if late:
        x = EDGE + svg.width(told, svg.NORMAL) + 22
        drawn.append(mark(x - 7, 62, late=True))
        drawn.append(svg.words(x + 4, 66, late, size=svg.NORMAL, bold=True, fill=svg.RUST))
    return together(drawn)


def _grid(frame: Frame, top: float, bottom: float) -> Markup:
    """Return the ticks of the axis, above and below, and faint lines between."""
    drawn, used = [], 0.0
    for day, told in frame.scale.ticks():
        x = frame.scale.at(day)
        half = svg.width(told, SIZE) / 2
        drawn.append(upright(x, top + 18, bottom, stroke=svg.FAINT, stroke_width=1))
        middle = min(max(x, LEFT + half), RIGHT - half)
        if middle - half > used:  # a label that was moved inwards may stand where the next one would
            drawn += [
                svg.words(middle, y, told, size=SIZE, anchor="middle", fill=svg.GREY) for y in (top + 14, bottom + 14)
            ]
            used = middle + half + 4
    return together(drawn)


def _today(frame: Frame, top: float, bottom: float) -> Markup:
    if frame.seen is None or not frame.line:
        return Markup()
    x = frame.scale.at(frame.seen)
    told = f"{word('today', frame.language)} {frame.seen}"
    half = svg.width(told, SIZE, bold=True) / 2
    line = upright(x, top + 34, bottom, stroke=svg.INK, stroke_width=1.6, stroke_dasharray=svg.DASHED)
    middle = min(max(x, LEFT + half), RIGHT - half)
    label_of = svg.words(middle, top + 30, told, size=SIZE, anchor="middle", bold=True)
    return svg.group(line, label_of, class_="today", data_on=str(frame.seen))


def _key(frame: Frame, keys: set[str], top: float) -> tuple[Markup, float]:
    """Return what the marks mean, in as many lines as it takes, and where it ends."""
    shown = [(f"key.{key}", word(f"key.{key}", frame.language)) for key in _KEYS if key in keys]
    shown += [
        (f"phase.{phase.value}", label(phase, frame.language)) for phase in Phase if f"phase.{phase.value}" in keys
    ]
    drawn: list[Markup] = []
    x, y = EDGE, top
    for key, told in shown:
        wide = 34 + svg.width(told, SIZE) + 16
        if x > EDGE and x + wide > WIDE - EDGE + 16:
            x, y = EDGE, y + 20
        drawn.append(_sign(key, x + 13, y + 4))
        drawn.append(svg.words(x + 32, y + 8, told, size=SIZE, fill=svg.GREY))
        x += wide
    return svg.group(*drawn, class_="key"), y + 24


def _sign(key: str, x: float, y: float) -> Markup:
    """Return the mark that a line of the key explains."""
    left, right, top = x - 13, x + 13, y - 5
    bar: dict[str, Any] = {"stroke": svg.BLUE, "stroke_width": 1.0}
    if key.startswith("phase."):
        return box(left, right, top, 10, fill=PHASES[Phase(key.partition(".")[2])], stroke=svg.RULE)
    made: dict[str, Markup] = {
        "key.act": mark(x, y),
        "key.implied": together((span(left, right, y), mark(x, y, implied=True))),
        "key.period": together((span(left, right, y), mark(x, y))),
        "key.late": together((box(left, x, top, 10, fill=LATE, stroke=svg.RUST), mark(x + 8, y, late=True))),
        "key.limit": together(
            (box(left, right - 4, top, 10, fill=FULL, **bar), upright(right - 4, top - 3, top + 13, **DUE))
        ),
        "key.met": svg.element("circle", cx=x, cy=y, r=4, fill=svg.INK),
        "key.longer": box(left, right, top, 10, fill=svg.PALE, stroke_dasharray=svg.DASHED, **bar),
        "key.blurred": box(left, right, top, 10, fill=svg.PAPER, stroke_dasharray=svg.DOTTED, **bar),
        "key.gone": svg.element("line", x1=left, y1=y, x2=right, y2=y, stroke=svg.RULE, stroke_dasharray=svg.DOTTED),
        "key.bar": together(box(left + 7 * n, left + 7 * n + 5, y + 5 - 4 * n, 4 * n, fill=svg.GREY) for n in (1, 2, 3)),
    }  # fmt: skip
    return made[key]


# ---- words ---------------------------------------------------------------------------------------------------------------
def _alt(frame: Frame) -> str:
    """Return what the picture shows, for who cannot see it: span, stage, acts, and which of them were late."""
    case, language = frame.case, frame.language
    days = [entry.act.on for entry in case.acts]
    told, late = _counts(frame)
    sentences = [
        between("alt.span", min(days), max(days), language, case=svg.cut(_name(case), _LONG)),
        word("alt.stands", language, stands=stands(case, language)),
        word("alt.acts", language, acts=told, late=late or word("late.none", language)),
    ]
    each = [
        f"{label(entry.act, language)} {entry.act.on} ({term_name(term, language)}: {count('days.late', n, language)})"
        for entry in case.acts
        for term, n in late_by(entry).items()
    ]
    each += [
        f"{term_name(run.term, language)} ({count('days.late', over_by(frame, run), language)})"
        for run in frame.runs
        if run.ended is None and over_by(frame, run)
    ]
    if each:
        more = ["…"] if len(each) > _NAMED else []
        sentences.append(word("alt.each", language, each="; ".join([*each[:_NAMED], *more])))
    return " ".join(sentences)


def _empty(case: Case, title: str, language: str) -> Diagram:
    """Return the picture of a case in which nothing was done."""
    nothing = word("nothing", language)
    alt = word("alt.empty", language, case=svg.cut(_name(case), _LONG), nothing=nothing)
    drawn = (
        svg.words(EDGE, 30, svg.cut(_name(case), WIDE - 2 * EDGE, svg.TITLE, bold=True), size=svg.TITLE, bold=True),
        svg.words(EDGE, 49, stands(case, language), size=svg.NORMAL, fill=svg.GREY),
        svg.words(EDGE, 72, nothing, size=svg.NORMAL),
    )
    return Diagram(svg.document(WIDE, 92, title, alt, *drawn, language=known_language(language)), alt)
