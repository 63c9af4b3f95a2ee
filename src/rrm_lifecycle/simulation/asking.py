"""What ``decide`` answers while a program is built: on which days it admits a row, and where the row leads.

A place differs from another by what some rule ahead asks, and most rows ask little of it: that a request is withdrawn is
admitted whatever limits run. So an answer is kept under all that it can follow from, and given again: what the rows for
the act ask of the case, what is asked where the act leads, and the claim and the Parties, as they are. Answers are kept
between programs too, for each context; a behaviour is no part of them.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, Facts, evolve
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import Checked, decide, rows_at
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import TERMS
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation.acts import act_of
from rrm_lifecycle.simulation.ahead import Ahead, Asked, asked_by, says_nothing_new
from rrm_lifecycle.simulation.representing import BASE, COURSE_END, known_of, moved_by
from rrm_lifecycle.simulation.ways import OF_THE_WEEK, Way

COURSES: Final = (did.CourseAgreed, did.CourseExtended)
"""The acts that say how long a course runs."""
MOST_CONTEXTS: Final = 8
"""Of how many contexts answers are kept: those asked about last."""
MOST_ANSWERS: Final = 50_000
"""How many answers of a context are kept; beyond that, its answers are forgotten and asked anew."""

_WEEK: Final = 7
_LATER: Final = frozenset({did.CourseExtended, did.LimitExtended})

Span = tuple[int, int | None]
_Answers = dict[tuple[Any, ...], Any]
_Names = tuple[Any, ...]
"""What is asked: facts by their names, and the days left of limits by those of their terms, each in a tuple of its own."""

_EVERYTHING: Final = Asked(
    frozenset(attrs.fields_dict(Facts)) | {"origin"}, frozenset(term.name for term in TERMS) | {COURSE_END}
)


def _names(asked: Asked) -> _Names:
    left = asked.terms | ({COURSE_END} & asked.facts)
    return (*sorted(asked.facts), *((name,) for name in sorted(left)))


class Kept:
    """The answers of the contexts asked about last; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: OrderedDict[Context, _Answers] = OrderedDict()

    def of(self, context: Context) -> _Answers:
        """Return the answers of a context, to be read and added to."""
        with self._lock:
            found = self._of.setdefault(context, {})
            self._of.move_to_end(context)
            if len(self._of) > MOST_CONTEXTS:
                self._of.popitem(last=False)
            if len(found) > MOST_ANSWERS:
                found = self._of[context] = {}
            return found

    def sizes(self) -> list[int]:
        """Return how many answers are kept of each context."""
        with self._lock:
            return [len(one) for one in self._of.values()]


KEPT: Final = Kept()


class Asking:
    """What ``decide`` answers under a context.

    Args:
        context: The context, undated.
        ahead: What is asked ahead of each stage.
        course: How many days an agreed course runs while it is asked whether the law admits it.
    """

    def __init__(self, context: Context, ahead: Ahead, course: int) -> None:
        self._context = context
        self._ahead = ahead
        self._course = course
        self._answers = KEPT.of(context)
        self._asked: dict[tuple[str, Stage], tuple[_Names, _Names, object] | None] = {}
        self._case: Case | None = None
        self._same: object = None
        self._known: dict[Any, Any] = {}

    # ---- what an answer follows from ---------------------------------------------------------------------------------
    def _asked_of(self, row: Row, case: Case) -> tuple[_Names, _Names, object] | None:
        """Return what is asked of a case by all rows for an act, the same with what is asked where it leads, and a mark.

        None where answers are not kept: of an extension, which looks for the limit that it extends among all of them,
        and where a row asks about earlier acts one by one.
        """
        key = (row.id, case.stage)
        if key in self._asked:
            return self._asked[key]
        found = None
        if not row.extends:
            try:
                here = Asked()
                for one in rows_at(case, context=self._context):
                    if one.row.event is row.event:
                        here |= asked_by(one)
            except SimulationError:
                self._asked[key] = None
                return None
            if row.to is None:  # whether the act says anything new hangs on the limits that it moves, too
                here |= Asked(terms=frozenset(term.name for term in (*row.starts, *row.stops)))
            to = case.stage if row.to is None else row.to
            there = self._ahead.asked[to] if isinstance(to, Stage) else Asked()
            found = _names(here), _names(here | there), self._mark("asked", *key, here, there)
        self._asked[key] = found
        return found

    def _mark(self, *of: object) -> object:
        """Return what stands for some values among the answers: the same for the same values, and for no others."""
        return self._answers.setdefault(of, object())

    def _stands(self, case: Case, asked: _Names) -> tuple[object, ...]:
        """Return what is asked of a case, as it stands on the base day."""
        if case is not self._case:
            self._same = self._mark(
                "case", case.id, case.annex.name, case.origin, case.complainant, case.respondent, case.facility,
                case.claim, case.hold, case.links, case.last_day is None,
            )  # fmt: skip
            facts, left = known_of(case, _EVERYTHING, BASE)
            self._known = {**facts, **{(one.term,): "no last day" for one in case.limits}}
            self._known |= {(name,): days for name, days in left.items()}
            self._case = case
        return (self._same, *map(self._known.get, asked))

    # ---- whether a row is admitted -----------------------------------------------------------------------------------
    def admitted(self, case: Case, checked: Checked) -> Span | None:
        """Return the first and the last day on which a row admits its act and says anything new; None if there is none.

        The answer can change only on the last day of a limit that the row asks about, and on the day after; where the
        act itself has to say a later day than before, once between them.
        """
        row = checked.row
        asked = self._asked_of(row, case)
        if asked is None:
            return self._admitted(case, row)
        key = (asked[2], self._course if row.event in COURSES else 0, self._stands(case, asked[0]))
        if key not in self._answers:
            self._answers[key] = self._admitted(case, row)
        found: Span | None = self._answers[key]
        return found

    def _admitted(self, case: Case, row: Row) -> Span | None:
        longest = self._course
        _, left = known_of(case, self._ahead.here[row.id], BASE)
        turns = sorted({0, *(day for last in left.values() for day in (last, last + 1) if day > 0)})
        open_on = [self.ruling(case, row, day, longest) is not None for day in turns]
        if not any(open_on):
            return None
        begin = open_on.index(True)
        first = turns[begin]
        if begin and row.event in _LATER:
            shut = turns[begin - 1]
            while first - shut > 1:
                middle = (first + shut) // 2
                if self.ruling(case, row, middle, longest) is None:
                    shut = middle
                else:
                    first = middle
        if row.to is None and says_nothing_new(row, case, self.after(case, row, first, longest)[0]):
            return None
        ends = next((turns[n] for n in range(begin, len(turns)) if not open_on[n]), None)
        return first, None if ends is None else ends - 1

    def ruling(self, case: Case, row: Row, day: int, course: int) -> Entry | None:
        """Return the entry of an act on a day, counted from the base day; None where the law does not admit it so."""
        act = act_of(row, BASE + timedelta(day), case, self._context, course)
        ruling = decide(case, act, context=self._context)
        return ruling if isinstance(ruling, Entry) and ruling.rule == row.id else None

    # ---- where it leads ----------------------------------------------------------------------------------------------
    def after(self, case: Case, row: Row, day: int, course: int) -> tuple[Case, Entry]:
        """Return the case after an act on a day on which it is admitted, and the entry.

        Raises:
            SimulationError: It is not.
        """
        entry = self.ruling(case, row, day, course)
        if entry is None:
            msg = f"row {row.id} is not admitted on day {day}, although it is on an earlier and a later one"
            raise SimulationError(msg)
        return evolve(case, entry), entry

    def way(self, case: Case, row: Row, day: int, course: int) -> Way:
        """Return where a row leads from a case, tried on a day."""
        asked = self._asked_of(row, case)
        if asked is None:
            return self._way(case, row, day, course)
        key = (asked[2], day, course if row.event in COURSES else None, self._stands(case, asked[1]))
        found: Way | None = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._way(case, row, day, course)
        return found

    def _way(self, case: Case, row: Row, day: int, course: int) -> Way:
        after, entry = self.after(case, row, day, course)
        asked = self._ahead.asked[after.stage]
        facts, left = known_of(after, asked, BASE + timedelta(day))
        goes_on = {one.term for one in case.limits} - {*entry.stopped, *(one.term for one in entry.started)}
        if row.event not in COURSES:
            goes_on.add(COURSE_END)
        weekly = self._weekdays(case, row, entry, asked, day, course)
        known = facts | left | dict.fromkeys(weekly, OF_THE_WEEK)
        return Way(row, day, after.stage, after.closing, known, frozenset(goes_on & left.keys()), bool(weekly))

    def _weekdays(  # noqa: PLR0913, PLR0917 - one call, in one place
        self, case: Case, row: Row, entry: Entry, asked: Asked, day: int, course: int
    ) -> tuple[str, ...]:
        """Return the limits which an act starts, are asked about ahead, and last otherwise by the day of the week."""
        started = [one for one in entry.started if one.term in asked.terms]
        if not started or (entry.calendar is None and not row.extends):
            return ()
        lengths: dict[str, set[int]] = {}
        for after in self.week(case, row, day, course):
            for one in after.limits:
                if one.due is not None and after.last_day is not None:
                    lengths.setdefault(one.term, set()).add((one.due - after.last_day).days)
        return tuple(one.term for one in started if len(lengths[one.term]) > 1)

    def week(self, case: Case, row: Row, day: int, course: int) -> tuple[Case, ...]:
        """Return the case after an act on a Monday, a Tuesday, …, with everything before it moved along."""
        found = []
        for weekday in range(_WEEK):
            moved = moved_by(case, weekday - day % _WEEK)
            on = BASE + timedelta(weekday + day - day % _WEEK)
            ruling = decide(moved, act_of(row, on, moved, self._context, course), context=self._context)
            if isinstance(ruling, Entry):  # as on the day itself: what bars an act counts days, not days of the week
                found.append(evolve(moved, ruling))
        return tuple(found)
