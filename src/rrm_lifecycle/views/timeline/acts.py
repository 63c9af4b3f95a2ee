"""The acts of a timeline: in a lane for each who acted, so that no two labels lie upon each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log1p
from typing import Final

import attrs
from attrs import frozen

from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.law.wording import cited
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.cards.case import act_of, actor, days_of, to_of
from rrm_lifecycle.views.svg import Markup
from rrm_lifecycle.views.timeline.content import late_by
from rrm_lifecycle.views.timeline.frame import (
    EDGE,
    LEFT,
    MARK,
    RIGHT,
    SIZE,
    WIDE,
    Frame,
    Part,
    box,
    mark,
    named,
    pieces,
    span,
    together,
    wide_of,
)  # fmt: skip
from rrm_lifecycle.views.timeline.words import count, word

MOST: Final = 80
"""So many acts are shown one by one; of more, as many as have room, and the others are counted in bars."""
_ROWS: Final = 6
"""Rows of a lane where not all acts are shown one by one."""
_ROW: Final = 20.0
_GAP: Final = 8.0
_BIN: Final = 6.0
_BAR: Final = 26.0
_NOTES: Final = 6
"""How many findings an act tells."""
_ROLES: Final = (
    Role.PETITIONER, Role.COMMITTEE, Role.COMPLAINANT, Role.RESPONDENT, Role.BOTH, Role.SECRETARIAT, Role.PANEL,
    Role.FACILITY, None,
)  # fmt: skip

Told = tuple[tuple[str, str, bool], ...]


@frozen
class _Act:
    """An act with the room it takes.

    Attributes:
        number: Its number in the case; the first one is 1.
        entry: The entry.
        x: Where its mark stands.
        first: Where the days begin between which it lies.
        last: Where they end.
        told: Its label, in pieces.
    """

    number: int
    entry: Entry
    x: float
    first: float
    last: float
    told: Told

    @property
    def is_blurred(self) -> bool:
        """Whether it lies between two days."""
        return self.last > self.first


@frozen
class _Placed:
    """An act in a row.

    Attributes:
        act: The act.
        row: Number of the row, from 0.
        text_row: The row of its label.
        text: Where its label begins.
    """

    act: _Act
    row: int
    text_row: int
    text: float


def acts(frame: Frame, top: float) -> Part:
    """Return the acts of a case, in lanes by who acted.

    Args:
        frame: What is drawn.
        top: Where they begin.
    """
    everyone = frame.case.acts
    lanes: dict[Role | None, list[tuple[int, Entry]]] = {}
    for number, entry in enumerate(everyone, start=1):
        lanes.setdefault(entry.by, []).append((number, entry))
    drawn = [svg.words(EDGE, top + 12, word("acts.head", frame.language), size=svg.NORMAL, bold=True)]
    keys: set[str] = set()
    top += 20
    for place, role in enumerate(one for one in _ROLES if one in lanes):
        lane = _lane(frame, role, lanes[role], top, folds=len(everyone) > MOST)
        if place % 2 == 0:
            drawn.append(box(EDGE / 2, WIDE - EDGE / 2, top, lane.bottom - top, fill=svg.RULE, fill_opacity=0.1))
        drawn.append(lane.drawn)
        keys |= lane.keys
        top = lane.bottom
    return Part(together(drawn), top, frozenset(keys))


def _lane(frame: Frame, role: Role | None, mine: Sequence[tuple[int, Entry]], top: float, *, folds: bool) -> Part:
    rows = _Rows(_ROWS if folds else None)
    left: list[Entry] = []
    placed: list[_Placed] = []
    order = sorted(mine, key=lambda one: _weight(one[1])) if folds else mine
    for number, entry in order:
        found = None if rows.is_full else rows.place(_act(frame, number, entry))
        if found is None:
            left.append(entry)
        else:
            placed.append(found)
    name = word("unknown", frame.language) if role is None else actor(role, frame.case, frame.language)
    pad, high = 4.0, max(len(rows.taken), 1) * _ROW
    bottom = top + 2 * pad + max(high, 2 * SIZE * svg.LEADING)
    drawn = [named(top + pad, name, high=max(high, 2 * SIZE * svg.LEADING))]
    drawn += [_drawn(frame, one, top + pad) for one in sorted(placed, key=lambda one: one.act.number)]
    keys = {key for one in placed for key in _keys(one.act)}
    if left:
        drawn.append(_bars(frame, left, bottom))
        bottom += _BAR + 22
        keys.add("bar")
    return Part(together(drawn), bottom, frozenset(keys))


def _weight(entry: Entry) -> tuple[bool, bool]:
    """Return the rank of an act where not all have room: late ones, then those that move the case."""
    return (not late_by(entry), entry.to == entry.stage)


def _keys(act: _Act) -> set[str]:
    keys = {"implied" if act.entry.implied else "act"}
    if act.is_blurred and not act.entry.implied:
        keys.add("period")
    if late_by(act.entry):
        keys.add("late")
    return keys


# ---- where an act stands -------------------------------------------------------------------------------------------------
def _act(frame: Frame, number: int, entry: Entry) -> _Act:
    first, last = entry.act.known or (entry.act.on, entry.act.on)
    at = frame.scale.at
    name = act_of(entry.act, frame.language)
    late = max(late_by(entry).values(), default=0)
    told = (
        (f"[{name}]" if entry.implied else name, svg.INK, False),
        (f"  {first}" if first == last else f"  {first} \u2013 {last}", svg.GREY, False),
        (f"  {count('days.late', late, frame.language)}" if late_by(entry) else "", svg.RUST, True),
    )
    most = RIGHT - LEFT
    if wide_of(told) > most:  # a name of a user's catalogue can be as long as they like
        told = ((svg.cut(told[0][0], most - wide_of(told[1:]), SIZE), svg.INK, False), *told[1:])
    return _Act(number, entry, at(entry.act.on), at(first), at(last), told)


@attrs.define
class _Rows:
    """Rows in which acts find room.

    Attributes:
        most: How many rows there may be; None for as many as it takes.
        taken: For each row the places that are taken.
        missed: How often no room was found.
    """

    most: int | None
    taken: list[list[tuple[float, float]]] = attrs.field(factory=list)
    missed: int = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no sense in asking on."""
        return self.missed > MOST

    def _free(self, row: int, left: float, right: float) -> bool:
        return row >= len(self.taken) or all(right <= one or other <= left for one, other in self.taken[row])

    def _take(self, row: int, left: float, right: float) -> None:
        while len(self.taken) <= row:
            self.taken.append([])
        self.taken[row].append((left, right))

    def place(self, act: _Act) -> _Placed | None:
        """Return an act with its row: label to the right, to the left, or below where neither has room."""
        begin, end = min(act.first, act.x) - MARK - 2, max(act.last, act.x) + MARK + 2
        wide = wide_of(act.told)
        sides = [(end + 3, begin, end + 3 + wide + _GAP), (begin - 3 - wide, begin - 3 - wide - _GAP, end)]
        sides = [side for side in sides if side[0] >= LEFT and side[0] + wide <= RIGHT]
        last = len(self.taken) + 2 if self.most is None else self.most
        for row in range(last):
            for text, left, right in sides:
                if self._free(row, left, right):
                    self._take(row, left, right)
                    return _Placed(act, row, row, text)
            below = min(max(act.x - MARK, LEFT), RIGHT - wide)
            around = (below - _GAP / 2, below + wide + _GAP / 2)
            if not sides and row + 1 < last and self._free(row, begin, end) and self._free(row + 1, *around):
                self._take(row, begin, end)
                self._take(row + 1, *around)
                return _Placed(act, row, row + 1, below)
        self.missed += 1
        return None


# ---- drawing -------------------------------------------------------------------------------------------------------------
def _drawn(frame: Frame, one: _Placed, top: float) -> Markup:
    act, entry = one.act, one.act.entry
    y = top + (one.row + 0.5) * _ROW
    late = late_by(entry)
    known = entry.act.known
    cut = known is not None and known[0] < frame.scale.first
    drawn = [span(act.first, act.last, y, cut=cut)] if act.is_blurred else []
    drawn.append(mark(act.x, y, late=bool(late), implied=entry.implied))
    drawn.append(pieces(one.text, top + (one.text_row + 0.5) * _ROW + SIZE * 0.36, act.told, italic=entry.implied))
    return svg.group(
        *drawn,
        says=_says(frame, entry),
        class_="act",
        data_act=str(act.number),
        data_rule=entry.rule,
        data_on=str(entry.act.on),
        data_known=None if known is None else f"{known[0]}/{known[1]}",
        data_implied="yes" if entry.implied else None,
        data_late=str(max(late.values())) if late else None,
    )


def _says(frame: Frame, entry: Entry) -> str:
    """Return what an act tells when a pointer rests on it: the act, who did it, its rule, where it leads, what was noted."""
    language = frame.language
    lines = [f"{act_of(entry.act, language)}: {days_of(entry, language)}", actor(entry.by, frame.case, language)]
    if entry.rule is not None:
        lines.append(word("rule", language, rule=entry.rule, provision=cited(entry.provision or "-", language)))
    lines.append(word("then", language, stage=to_of(entry, language)))
    if entry.implied:
        lines.append(word("implied.mark", language))
    lines += [finding.text(language) for finding in entry.findings[:_NOTES]]
    return "\n".join(line for line in lines if line)


def _bars(frame: Frame, left: Iterable[Entry], top: float) -> Markup:
    """Return the acts that had no room, counted by day: bars as high as there are many."""
    counted: Counter[int] = Counter(int((frame.scale.at(entry.act.on) - LEFT) // _BIN) for entry in left)
    most = max(counted.values())
    drawn = []
    for place, n in sorted(counted.items()):
        high = max(3.0, _BAR * log1p(n) / log1p(most))
        bar = svg.element(
            "rect",
            x=LEFT + place * _BIN,
            y=top + _BAR - high,
            width=_BIN - 1,
            height=high,
            fill=svg.GREY,
            data_acts=str(n),
        )
        drawn.append(bar)
    told = word("folded", frame.language, n=f"{sum(counted.values()):,}")
    drawn.append(svg.words(LEFT, top + _BAR + 14, told, size=SIZE, fill=svg.GREY))
    return svg.group(*drawn, class_="bars", data_acts=str(sum(counted.values())))
