"""Break the law pages one place at a time, and see that a test of the law fails each time.

    python -m tests.mutants.law [--jobs 2] [--match TEXT] [--no-wording] [--sample 0] [--seed 1] [--list]

Mutants: each row dropped; each row led elsewhere; each condition of a row removed; each limit that it starts removed;
each term a day longer, a day shorter, and in the other unit; each force flipped; each choice of a reading the other way
by default; each text of the two catalogues left out, and as another of its group. A mutant that no test kills is printed
as a survivor; those that are known stand in ``KNOWN`` with the reason. Exit status 1 where another one survives.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from random import Random
from typing import Any

import attrs
import pytest

from tests.mutants.forks import OPTIONS, preload
from tests.mutants.words import READING, WORDING, Mutation, of_readings, of_wording
from tests.mutants.words import page as _page

QUICK = ("tests/law/test_table.py", "tests/law/test_rulebook.py", "tests/law/test_guards.py")
"""The modules that kill most mutants, in a second."""
TESTS = ("tests/law", "--ignore=tests/law/test_wording.py")
IN_WORDS = ("tests/law/test_wording.py", "tests/case/test_messages.py", "tests/export/test_table.py")
"""What tests the words themselves."""
KNOWN: dict[str, str] = {
    "A8-03: without within(verified_determination)": "no verification was held where the petition stands confirmed",
    "A1-01b: without within(reply)": "the reply was answered, or the case settled by a row of its own, in every such stage",
}
"""Mutants that survive, each with the reason."""

CONTROL = "nothing changed, as it should be"
"""The page as it is: it survives, or no verdict on a mutant can be trusted."""


def _import(name: str) -> None:
    """Import a page, as each mutation does, and change nothing."""
    _page(name)


def _set_table(name: str, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> None:
    module, attribute = ("table", "TABLE") if name == "TABLE" else ("customs", "CUSTOMS")
    page = _page(module)
    setattr(page, attribute, change(getattr(page, attribute)))


# A mutation looks up what it needs when it is made: the pages that named it have been put away by then.
def _changed(table: str, row_id: str, change: Callable[[Any], Any]) -> Mutation:
    return lambda: _set_table(table, lambda rows: tuple(change(row) if row.id == row_id else row for row in rows))


def _led_to(table: str, row_id: str, place: str) -> Mutation:
    return _changed(table, row_id, lambda row: attrs.evolve(row, to=type(row.stages[0])(place)))


def _not_starting(table: str, row_id: str, term: str) -> Mutation:
    def change(row: Any) -> Any:
        return attrs.evolve(row, starts=tuple(one for one in row.starts if one.name != term))

    return _changed(table, row_id, change)


def _without_row(table: str, row_id: str) -> Mutation:
    return lambda: _set_table(table, lambda rows: tuple(row for row in rows if row.id != row_id))


def _with_requires(table: str, row_id: str, place: int, put: Callable[[Any], tuple[Any, ...]]) -> Mutation:
    def change(row: Any) -> Any:
        asked = row.requires
        return attrs.evolve(row, requires=(*asked[:place], *put(asked[place]), *asked[place + 1 :]))

    return _changed(table, row_id, change)


def _forced(force: str, guard: Any) -> tuple[Any, ...]:
    return (attrs.evolve(guard, force=type(guard.force)(force)),)


def _with_term(name: str, *, longer: int = 0, unit: str | None = None) -> Mutation:
    def mutate() -> None:
        page = _page("terms")
        places = [one for one, value in vars(page).items() if isinstance(value, page.Term) and value.name == name]
        old = getattr(page, places[0])
        term = attrs.evolve(old, value=old.value + longer, unit=old.unit if unit is None else type(old.unit)(unit))
        for group in ("TERMS", "EXTENDABLE"):
            setattr(page, group, tuple(term if one.name == name else one for one in getattr(page, group)))
        for place in places:
            setattr(page, place, term)

    return mutate


def _with_fact(place: str, force: str) -> Mutation:
    def mutate() -> None:
        page = _page("guards")
        fact = getattr(page, place)
        setattr(page, place, attrs.evolve(fact, force=type(fact.force)(force)))
        for group in ("OF_EVERY_ACT", "OF_EVERY_CLAIM", "FACTS"):
            kept = {one.code: one for one in vars(page).values() if isinstance(one, page.Fact)}
            setattr(page, group, tuple(kept[one.code] for one in getattr(page, group)))

    return mutate


def mutants() -> Iterator[tuple[str, Mutation]]:
    """Yield each mutant by name. Read in a process that tests nothing."""
    from rrm_lifecycle.case.counting import Unit  # noqa: PLC0415 - not before a mutant is in place
    from rrm_lifecycle.law import guards  # noqa: PLC0415
    from rrm_lifecycle.law.customs import CUSTOMS  # noqa: PLC0415
    from rrm_lifecycle.law.stages import Hold, Stage  # noqa: PLC0415
    from rrm_lifecycle.law.table import TABLE  # noqa: PLC0415
    from rrm_lifecycle.law.terms import TERMS  # noqa: PLC0415

    flipped = {guards.Force.BARS: guards.Force.NOTES, guards.Force.NOTES: guards.Force.BARS}
    for name, rows in (("TABLE", TABLE), ("CUSTOMS", CUSTOMS)):
        for row in rows:
            yield f"{row.id}: dropped", _without_row(name, row.id)
            if row.closes is None:
                elsewhere = _elsewhere(row, Hold if name == "CUSTOMS" else Stage)
                yield f"{row.id}: led to {elsewhere.value}", _led_to(name, row.id, elsewhere.value)
            for place, guard in enumerate(row.requires):
                told = getattr(guard, "term", None)
                code = f"{guard.code}({told.name})" if told else guard.code
                yield f"{row.id}: without {code}", _with_requires(name, row.id, place, lambda _: ())
                if isinstance(guard, guards.Within | guards.Ended):
                    other = flipped[guard.force]
                    yield (
                        f"{row.id}: {code} {other.value}",
                        _with_requires(name, row.id, place, partial(_forced, other.value)),
                    )
            for term in row.starts:
                yield f"{row.id}: does not start {term.name}", _not_starting(name, row.id, term.name)
    for term in TERMS:
        if term.value is None:
            continue
        yield f"{term.name}: longer", _with_term(term.name, longer=1)
        if term.value:
            yield f"{term.name}: shorter", _with_term(term.name, longer=-1)
        other_unit = Unit.BUSINESS_DAYS if term.unit is Unit.DAYS else Unit.DAYS
        yield f"{term.name}: in {other_unit.value}", _with_term(term.name, unit=other_unit.value)
    for named, fact in vars(guards).items():
        if isinstance(fact, guards.Fact):
            other = flipped[fact.force]
            yield f"{fact.code}: {other.value}", _with_fact(named, other.value)
    yield from of_readings()
    yield from of_wording()


def _elsewhere(row: Any, places: Any) -> Any:
    """Return another stage, none that closes and not where the row leads."""
    names = [place for place in places if place.value not in {"closed", "assessment", "none"} and place is not row.to]
    return names[len(row.id) % len(names)]


def _tests_of(name: str) -> tuple[tuple[str, ...], ...]:
    """Return which tests run on a mutant, one group behind the other."""
    if name.startswith(WORDING):
        return (IN_WORDS,)
    return (TESTS,) if name.startswith(READING) else (QUICK, TESTS)


def _killed(name: str, mutate: Mutation) -> bool:
    """Run the tests on a mutant in this process, which ends with it."""
    try:
        mutate()
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return any(pytest.main([*OPTIONS, *tests]) != 0 for tests in _tests_of(name))
    except Exception:  # noqa: BLE001 - a page that cannot be imported any more is a dead mutant
        return True


def _run(chosen: list[tuple[str, Mutation]], jobs: int) -> list[str]:
    running: dict[int, tuple[str, float]] = {}
    survivors = []
    waiting = list(reversed(chosen))
    done = 0
    while waiting or running:
        while waiting and len(running) < jobs:
            name, mutate = waiting.pop()
            child = os.fork()
            if child == 0:
                os._exit(0 if _killed(name, mutate) else 7)
            running[child] = (name, time.monotonic())
        child, status = os.wait()
        name, _ = running.pop(child)
        done += 1
        if os.waitstatus_to_exitcode(status) == 7:
            survivors.append(name)
            print(f"survived: {name}", flush=True)
        if done % 50 == 0:
            print(f"{done} of {len(chosen)}", flush=True)
    return survivors


def _names() -> list[str]:
    """Return the names of the mutants, read in a process of its own so that this one has imported no page."""
    out, into = os.pipe()
    if os.fork() == 0:
        with os.fdopen(into, "w") as pipe:
            pipe.write("\n".join(name for name, _ in mutants()))
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        names = pipe.read().splitlines()
    os.wait()
    return names


def _named(name: str) -> Mutation:
    """Return the mutation of a name; found in the child, before any page is imported for testing."""

    def mutate() -> None:
        change = {CONTROL: lambda: _import("table"), **dict(mutants())}[name]
        for module in [module for module in sys.modules if module.startswith("rrm_lifecycle")]:
            del sys.modules[module]
        change()

    return mutate


def main() -> int:
    """Run the mutants."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.law")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--match", default="")
    parser.add_argument("--no-wording", action="store_true", help="leave the wording out")
    parser.add_argument("--sample", type=int, default=0, help="how many are drawn; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()
    names = [name for name in _names() if chosen.match in name and not (chosen.no_wording and name.startswith(WORDING))]
    if 0 < chosen.sample < len(names):
        names = Random(chosen.seed).sample(names, chosen.sample)
    if chosen.list:
        print("\n".join(names))
        return 0
    # pytest would warn, and here fail, over a package that brings a plugin and is imported before it
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    preload([*TESTS, *IN_WORDS])
    if not _run([(CONTROL, _named(CONTROL))], 1):
        print("the tests of the law fail without a mutant: mend them first")
        return 1
    survivors = _run([(name, _named(name)) for name in names], chosen.jobs)
    unknown = [name for name in survivors if name not in KNOWN]
    print(
        f"{len(names)} mutants, {len(names) - len(survivors)} killed, "
        f"{len(survivors)} survived, {len(unknown)} of them unknown"
    )
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
