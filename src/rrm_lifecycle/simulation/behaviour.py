"""What people do, beside what the law provides for: for each stage how often each act comes next, and after how long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
import numpy as np
from attrs import Factory, field, frozen

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import BehaviourError
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.show import Shown
from rrm_lifecycle.simulation.acts import COURSE_DAYS
from rrm_lifecycle.simulation.changing import Change, also, in_lines
from rrm_lifecycle.simulation.days import Days, positive
from rrm_lifecycle.simulation.habits import Habit, count_of, days_of, rows_for, share_of, stage_of, usual_days

if TYPE_CHECKING:
    from rrm_lifecycle.case.context import Context
    from rrm_lifecycle.record.docket import Docket

__all__ = ["Behaviour", "Habit"]

_VERSION: Final = 1
_SLACK: Final = 1e-9
_LEAST_DRAWN: Final = 1e-6
_ORDER: Final = {row.id: number for number, row in enumerate(TABLE)}


def _prior(value: object) -> float:
    return positive(value, "prior")


# ---- the behaviour -----------------------------------------------------------------------------------------------
Stages = Mapping[Stage, Mapping[str, Habit]]


def _stages(value: Mapping[Any, Mapping[str, Habit]]) -> Stages:  # a stage, or its value: a Mapping fixes its keys
    if not isinstance(value, Mapping) or not all(isinstance(one, Mapping) for one in value.values()):
        msg = "stages are written as {Stage.UNDER_REVIEW: {'A4-05a': Habit(1.0, Days.exactly(45))}}"
        raise BehaviourError(msg)
    found = {stage_of(stage): habits for stage, habits in value.items()}
    return {stage: _checked(stage, found[stage]) for stage in Stage if stage in found}


def _checked(stage: Stage, habits: Mapping[str, Habit]) -> dict[str, Habit]:
    for name, habit in habits.items():
        if name not in [row.id for row in rows_for(stage, name)] or not isinstance(habit, Habit):
            msg = f"in the stage '{stage.value}' each row id has a Habit; found {name!r}: {habit!r}"
            raise BehaviourError(msg[:400])
    total = fsum(habit.share for habit in habits.values())
    if abs(total - 1.0) > _SLACK:
        told = ", ".join(f"{name} {habit.share:g}" for name, habit in habits.items())
        msg = f"the shares in the stage '{stage.value}' add up to 1; found {total!r} ({told})"
        raise BehaviourError(msg)
    return {name: habits[name] for name in sorted(habits, key=_ORDER.__getitem__)}


@frozen(eq=True, repr=False, slots=False)
class Behaviour(Shown):
    """What people do in each stage: how often each act comes next, and after how many days.

    The law bounds it: an act that a condition bars on a day has no chance on that day, whatever is said here. The acts
    are those of the table of a case. The customs hold, which runs beside a case, bars nothing there and is left out.

    Attributes:
        stages: For each stage, for each row that may come next there, its :class:`Habit`. The shares of a stage add
            up to 1. A stage that no path reaches may be left out.
        course: How many days an agreed course of remediation runs.
        course_seen: On how many observations that rests.
        prior: Pseudo-count of the prior, split over the acts that the law provides for in a stage.
        rests_on: What it rests on, in a few words; and if it was changed by its methods since, how, in their order.

    Raises:
        BehaviourError: Shares that do not add up, or an act that the law does not provide for in a stage.

    Example:
        >>> behaviour = Behaviour({"under_review": {"A4-05a": Habit(1.0, Days.exactly(45))}})
        >>> changed = behaviour.with_share(Stage.UNDER_REVIEW, "MatterSettled", 0.25)
        >>> {name: habit.share for name, habit in changed.stages[Stage.UNDER_REVIEW].items()}
        {'A4-05a': 0.75, 'A4-05e': 0.25}
        >>> changed.rests_on
        'given by hand; changed: share of MatterSettled in under_review 0.25'
    """

    stages: Stages = field(converter=_stages, hash=False)
    course: Days = field(default=Factory(lambda: Days.exactly(COURSE_DAYS)), converter=days_of, kw_only=True)
    course_seen: int = field(default=0, converter=count_of, kw_only=True)
    prior: float = field(default=0.5, converter=_prior, kw_only=True)
    rests_on: str = field(default="given by hand", kw_only=True)

    # ---- making ------------------------------------------------------------------------------------------------------
    @classmethod
    def default(cls) -> Behaviour:
        """Return the behaviour that is fitted to the shipped histories, under our default reading."""
        from rrm_lifecycle.simulation.fitting import fitted_to_shipped  # noqa: PLC0415 - fitting makes behaviours

        return fitted_to_shipped()

    @classmethod
    def fit(
        cls,
        source: Iterable[Any] | Docket,
        *,
        prior: float = 0.5,
        context: Context | None = None,
        without: Iterable[str] = (),
    ) -> Behaviour:
        """Return the behaviour that is fitted to cases. See :func:`rrm_lifecycle.simulation.fitting.fit`."""
        from rrm_lifecycle.simulation.fitting import fit  # noqa: PLC0415 - fitting makes behaviours

        return fit(source, prior=prior, context=context, without=without)

    # ---- changing ----------------------------------------------------------------------------------------------------
    def with_share(self, stage: Stage | str, act: type[Event] | str, share: float) -> Self:
        """Return the behaviour in which an act has another share in a stage; the other acts keep their proportions.

        Args:
            stage: The stage.
            act: An event class, which stands for all of its rows there and keeps their proportions, or a row id.
            share: From 0 to 1.

        Raises:
            BehaviourError: The stage provides for no such act, the share is none, or no other act is there to take
                what is left.
        """
        stage, share = stage_of(stage), share_of(share)
        ids = [row.id for row in rows_for(stage, act)]
        habits = dict(self.stages.get(stage, {}))
        others = fsum(habit.share for name, habit in habits.items() if name not in ids)
        if not others and share < 1.0 - _SLACK:
            msg = (
                f"the stage '{stage.value}' has no other act that could take the share of {1.0 - share:g} that is "
                "left: give another act a share first"
            )
            raise BehaviourError(msg)
        now = [habits[name].share if name in habits else 0.0 for name in ids]
        weights = now if fsum(now) else [1.0] * len(ids)
        for name in habits.keys() - set(ids):
            rest = habits[name].share * ((1.0 - share) / others) if others else 0.0
            habits[name] = attrs.evolve(habits[name], share=min(rest, 1.0))
        for name, weight in zip(ids, weights, strict=True):
            old = habits.get(name) or Habit(0.0, usual_days(ROW_BY_ID[name]))
            habits[name] = attrs.evolve(old, share=share * (weight / fsum(weights)), given=True)
        return self._with(stage, habits, f"share of {_named(stage, act)} in {stage.value} {share:.6g}")

    def with_days(  # noqa: PLR0913 - one keyword for each kind of change, and one of them at a time
        self,
        stage: Stage | str,
        act: type[Event] | str,
        *,
        at_most: int | None = None,
        at_least: int | None = None,
        exactly: int | None = None,
        scale: float | None = None,
        distribution: Days | None = None,
    ) -> Self:
        """Return the behaviour in which an act in a stage takes other days, counted from the act before it.

        Args:
            stage: The stage.
            act: An event class, which stands for all of its rows there, or a row id.
            at_most: Whatever would take longer takes this many days.
            at_least: Whatever would be quicker takes this many days.
            exactly: It always takes this many days.
            scale: It takes that many times as long.
            distribution: It takes these days.

        Raises:
            BehaviourError: The stage provides for no such act, or not exactly one change is asked for.
        """
        stage = stage_of(stage)
        habits = dict(self.stages.get(stage, {}))
        if not habits:
            msg = f"nothing is done in the stage '{stage.value}' yet: give its acts their shares first"
            raise BehaviourError(msg)
        change = Change(at_most, at_least, exactly, scale, distribution)
        for row in rows_for(stage, act):
            old = habits.get(row.id) or Habit(0.0, usual_days(row))
            habits[row.id] = attrs.evolve(old, days=change.of(old.days))
        return self._with(stage, habits, f"days of {_named(stage, act)} in {stage.value} {change}")

    def with_course(
        self,
        *,
        at_most: int | None = None,
        at_least: int | None = None,
        exactly: int | None = None,
        scale: float | None = None,
        distribution: Days | None = None,
    ) -> Self:
        """Return the behaviour in which agreed courses run for other days. The changes are those of :meth:`with_days`."""
        change = Change(at_most, at_least, exactly, scale, distribution)
        course = change.of(self.course)
        return attrs.evolve(self, course=course, rests_on=also(self.rests_on, f"days of courses {change}"))

    def _with(self, stage: Stage, habits: Mapping[str, Habit], how: str) -> Self:
        return attrs.evolve(self, stages={**self.stages, stage: habits}, rests_on=also(self.rests_on, how))

    def draw(self, seed: int) -> Self:
        """Return a draw from the posterior: shares that the observations leave possible; days stay as they are.

        The shares of a stage are drawn from the Dirichlet distribution of prior and observations; what was given by
        hand is left alone. Each act keeps a chance of at least one in a million, so that no path is shut in by chance.

        Args:
            seed: A whole number of at least 0. The same seed gives the same draw.

        Raises:
            BehaviourError: The seed is none.
        """
        if type(seed) is not int or seed < 0:
            msg = f"a seed is a whole number of at least 0; found {seed!r}"
            raise BehaviourError(msg[:400])
        random = np.random.default_rng(seed)
        stages = {stage: self._drawn(habits, random) for stage, habits in self.stages.items()}
        return attrs.evolve(self, stages=stages, rests_on=also(self.rests_on, f"shares drawn with seed {seed}"))

    def _drawn(self, habits: Mapping[str, Habit], random: np.random.Generator) -> dict[str, Habit]:
        free = {name: habit for name, habit in habits.items() if not habit.given and habit.share > 0.0}
        left = fsum(habit.share for habit in free.values())
        weight = self.prior + sum(habit.seen for habit in habits.values())
        drawn = random.standard_gamma([habit.share * weight for habit in free.values()])
        drawn = np.maximum(drawn / max(fsum(drawn), _LEAST_DRAWN), _LEAST_DRAWN)
        shares = dict(zip(free, (drawn * left / fsum(drawn)).tolist(), strict=True)) if free else {}
        return {name: attrs.evolve(habit, share=shares.get(name, habit.share)) for name, habit in habits.items()}

    # ---- keeping -----------------------------------------------------------------------------------------------------
    def to_json(self) -> dict[str, Any]:
        """Return the behaviour as JSON; :meth:`from_json` reads it back to the last bit."""
        return {
            "behaviour": _VERSION,
            "rests_on": self.rests_on,
            "prior": self.prior,
            "course": {"seen": self.course_seen, **self.course.to_json()},
            "stages": {
                stage.value: {
                    name: {"share": one.share, "seen": one.seen, "given": one.given, **one.days.to_json()}
                    for name, one in habits.items()
                }
                for stage, habits in self.stages.items()
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the behaviour that :meth:`to_json` wrote.

        Raises:
            BehaviourError: Anything else, or one of a later version.
        """
        try:
            if value["behaviour"] != _VERSION:
                msg = f"this library reads behaviours of version {_VERSION}; found {value['behaviour']!r}"
                raise BehaviourError(msg[:400])
            stages = {
                stage: {
                    name: Habit(one["share"], Days.from_json(one), one["seen"], one["given"] is True)
                    for name, one in habits.items()
                }
                for stage, habits in value["stages"].items()
            }
            course = value["course"]
            return cls(
                stages, course=Days.from_json(course), course_seen=course["seen"], prior=value["prior"],
                rests_on=str(value["rests_on"]),
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            msg = f"this is no behaviour as to_json() writes it: {type(error).__name__} {error}"
            raise BehaviourError(msg[:400]) from error

    def save(self, path: str | Path) -> None:
        """Write the behaviour to a file as JSON."""
        Path(path).write_text(json.dumps(self.to_json(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the behaviour that :meth:`save` wrote.

        Raises:
            BehaviourError: The file holds no behaviour.
        """
        try:
            value = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            msg = f"{Path(path).name} holds no JSON: {error}"
            raise BehaviourError(msg[:400]) from error
        return cls.from_json(value)

    # ---- showing -----------------------------------------------------------------------------------------------------
    def __repr__(self) -> str:
        """Return one line."""
        seen = sum(habit.seen for habits in self.stages.values() for habit in habits.values())
        return f"<Behaviour: {len(self.stages)} stages, {seen} observations, {self.rests_on}>"[:120]

    def __str__(self) -> str:
        """Return a line an act, with the number of observations that it rests on."""
        rests_on, *changes = in_lines(self.rests_on).splitlines()
        lines = [f"Behaviour: {rests_on}; prior {self.prior:g}", *changes]
        for stage, habits in self.stages.items():
            lines.append(f"{stage.value} ({_times(sum(habit.seen for habit in habits.values()))})")
            lines += [_line(name, habit) for name, habit in habits.items()]
        days = self.course
        lines.append(f"an agreed course runs {days.mean:.0f} days in the mean, median {days.quantile(0.5)} "
                     f"({_times(self.course_seen)})")  # fmt: skip
        return "\n".join(lines)


def _named(stage: Stage, act: type[Event] | str) -> str:
    """Return an act as it is told: by the name of its class, or by the id of a row that is one of several."""
    rows = rows_for(stage, act)
    event = rows[0].event
    return event.__name__ if rows == rows_for(stage, event) else rows[0].id


def _times(seen: int) -> str:
    return {0: "no observation", 1: "1 observation"}.get(seen, f"{seen} observations")


def _line(name: str, habit: Habit) -> str:
    act = ROW_BY_ID[name].event.__name__
    rests = "given by hand" if habit.given else _times(habit.seen)
    return f"  {name:<7} {act:<22} {habit.share:>6.1%}  median {habit.days.quantile(0.5):>4} days  ({rests})"
