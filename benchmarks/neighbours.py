"""The neighbours: one lifecycle of eight stages and eleven transitions in each library, beside our own acts.

Each transition of a neighbour has one guard (a field is set) and appends one audit record. Ours does more: its acts are
those of a real course, with every guard and every limit of the law that they meet. What a contender does not do stands in
its row. A library that is not installed is named, and left out.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from benchmarks import neighbours_charts as charts
from benchmarks import neighbours_made as made
from benchmarks.core import decide_evolve, decide_evolve_file
from benchmarks.harness import Contender, Figure, race
from benchmarks.lifecycle import ACTS, LOOP
from rrm_lifecycle.case.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator


_MOMENT: Final = datetime(2024, 4, 1, tzinfo=UTC)
_COPIES: Final = "a case that stays as it was"
_FALSE: Final = f"an error at a failed guard (it returns False), {_COPIES}"
_BY_HAND: Final = f"a table (guards are written by hand), {_COPIES}"
ABOUT: Final = (
    "None of the neighbours gives all reasons of a refusal, counts days, cites a provision, or hashes its record; the last "
    "column says what else each is without."
)
"""What holds for all of them."""


@frozen
class Neighbour:
    """A library, or a way to do without one.

    Attributes:
        name: What it is called in the table.
        make: Makes the lifecycle in it.
        lacks: What it does not do of what ours does.
        needs: The package that has to be there; None where none has.
        package: The name under which that is installed.
    """

    name: str
    make: Callable[[], made.Made]
    lacks: str
    needs: str | None = None
    package: str = ""


NEIGHBOURS: Final = (
    Neighbour("transitions: registered model", made.registered, _FALSE, "transitions", "transitions"),
    Neighbour("transitions: machine.events[…].trigger", made.unregistered, _FALSE, "transitions", "transitions"),
    Neighbour("floor: a dict, an object changed in place", made.by_dict, f"{_COPIES}, checks of the table"),
    Neighbour("floor: frozen attrs and evolve", made.frozen_attrs, "checks of the table"),
    Neighbour("automat", made.automat, f"guards, {_COPIES}", "automat", "automat"),
    Neighbour("django-fsm-2, no database", made.django_fsm, f"its log, {_COPIES}", "django_fsm", "django-fsm-2"),
    Neighbour("eventsourcing: unsaved", made.aggregate, _BY_HAND, "eventsourcing", "eventsourcing"),
    Neighbour("eventsourcing: saved in memory", made.aggregate_saved, _BY_HAND, "eventsourcing", "eventsourcing"),
    Neighbour("xstate-statemachine", charts.xstate, _COPIES, "xstate_statemachine", "xstate-statemachine"),
    Neighbour("transitions: locked", made.locked, _FALSE, "transitions", "transitions"),
    Neighbour("transitions: hierarchical", made.hierarchical, _FALSE, "transitions", "transitions"),
    Neighbour("transitions: async", made.asynchronous, _FALSE, "transitions", "transitions"),
    Neighbour("sismic", charts.sismic, _COPIES, "sismic", "sismic"),
    Neighbour("python-statemachine", charts.statemachine, _COPIES, "statemachine", "python-statemachine"),
)
"""The first one is what all are compared with."""


def there() -> list[Neighbour]:
    """Return the neighbours that are installed."""
    return [one for one in NEIGHBOURS if one.needs is None or find_spec(one.needs)]


def missing() -> list[str]:
    """Return which libraries are not installed, as they are called where one installs them."""
    return sorted({one.package for one in NEIGHBOURS if one.needs is not None and not find_spec(one.needs)})


# ---- a step ----------------------------------------------------------------------------------------------------------
def walker(one: made.Made) -> Callable[[], None]:
    """Return what walks the loop once on a subject that stands in it; refuse one that walks another lifecycle.

    Raises:
        RuntimeError: After the loop it stands elsewhere, or has not one audit record for each step.
    """
    subject = one.begin()
    step, audit = one.step, one.audit
    subject = step(subject, "accept")
    held = [subject]

    def walk() -> None:
        subject = held[0]
        for name in LOOP:
            subject = step(subject, name)
        held[0] = subject

    walk()
    noted = len(audit(subject))
    walk()
    if (stands := one.stands(held[0])) != "UNDER_REVIEW" or len(audit(held[0])) != noted + len(LOOP):
        msg = f"it walks another lifecycle: it stands at {stands}, with {len(audit(held[0]))} audit records"
        raise RuntimeError(msg)

    def run() -> None:
        walk()
        one.forget(held[0])

    return run


def refuses(one: made.Made) -> bool:
    """Return whether a step is refused once the field is not set: whether there is a guard."""
    subject = one.step(one.begin(), "accept")
    one.unset(subject)
    try:
        after = one.step(subject, "agree")
    except Exception:  # noqa: BLE001 - each library has its own
        return True
    return one.stands(after) == "UNDER_REVIEW"


@contextmanager
def _settled() -> Iterator[list[tuple[Neighbour, made.Made]]]:
    """Give the neighbours that are there; what some of them opened is closed behind them."""
    with ExitStack() as stack:
        several = []
        for one in there():
            several.append((one, one.make()))
            stack.callback(several[-1][1].close)
        yield several


def step(rounds: int) -> list[Figure]:
    """Measure a step, in microseconds; the reference is ``transitions`` with a registered model."""
    with _settled() as several:
        contenders = [Contender(one.name, walker(it), len(LOOP), one.lacks) for one, it in several]
        ours = [
            Contender("ours: decide + evolve, real acts", decide_evolve, len(ACTS)),
            Contender("ours: decide + evolve + file (canonical bytes, SHA-256)", decide_evolve_file, len(ACTS)),
        ]
        return race([*contenders[:1], *ours, *contenders[1:]], rounds=rounds)


# ---- a new case ------------------------------------------------------------------------------------------------------
def creation(rounds: int) -> list[Figure]:
    """Measure a new case, in microseconds; one that is registered is struck from its machine again."""
    with _settled() as several:

        def maker(one: made.Made) -> Callable[[], object]:
            begin, end = one.begin, one.end
            return lambda: end(begin())

        contenders = [Contender(one.name, maker(it), note=one.lacks) for one, it in several]
        ours = Contender("ours: Case.start", lambda: Case.start("SLP-2024-01"))
        return race([*contenders[:1], ours, *contenders[1:]], rounds=rounds)


def held(many: int = 1_000) -> tuple[str, dict[str, Any]]:
    """Return the bytes that a live case holds, by ``tracemalloc``, as a table and as figures.

    Args:
        many: How many cases are held of each.
    """
    found = {"ours: Case.start": _bytes(lambda number: Case.start(f"case-{number}"), many)}
    with _settled() as several:
        for one, it in several:
            found[one.name] = _bytes(lambda _, it=it: it.begin(), many)  # type: ignore[misc]
    first = found["ours: Case.start"]
    lines = ["### Memory of a live case, beside the neighbours", ""]
    lines += ["| contender | bytes a case | times ours |", "| --- | ---: | ---: |"]
    rows = sorted(found.items(), key=lambda row: row[1])
    lines += [f"| {name} | {size:,.0f} | {size / first:,.2f} |" for name, size in rows]
    return "\n".join(lines), found


def _bytes(make: Callable[[int], object], many: int) -> float:
    kept = [make(-1)]
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept += [make(number) for number in range(many)]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    kept.clear()
    return (after - before) / many


# ---- what each one guards --------------------------------------------------------------------------------------------
def guards() -> dict[str, bool]:
    """Return for each neighbour that is there whether it refuses a step whose field is not set."""
    with _settled() as several:
        return {one.name: refuses(it) for one, it in several}
