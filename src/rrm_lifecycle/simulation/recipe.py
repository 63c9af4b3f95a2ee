"""Recipes: all that a result follows from, as JSON, and the same result made from it again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from functools import reduce
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from rrm_lifecycle import __version__
from rrm_lifecycle.case.calendars import Calendar, Unit
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import CalendarError, RRMError, SimulationError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.terms import TERMS
from rrm_lifecycle.law.version import RULEBOOK_VERSION
from rrm_lifecycle.simulation.draws import STREAM

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rrm_lifecycle.simulation.results import Simulation

FORMAT: Final = 1
"""Number of the format of recipes."""
KINDS: Final[dict[str, str]] = {
    "simulate": "rrm_lifecycle.simulation.montecarlo:again",
    "forecast": "rrm_lifecycle.simulation.forecasting:again",
    "compare": "rrm_lifecycle.simulation.scenarios:again",
    "sensitivity": "rrm_lifecycle.simulation.sensitivity:again",
}
"""For each kind of result the module and the function that makes it anew, called with recipe, context and executor."""


# ---- writing ---------------------------------------------------------------------------------------------------------
def recipe_of(run: Simulation, kind: str) -> dict[str, Any]:
    """Return the recipe of a simulation, ready for JSON.

    It names the version of the library, the digest of the law pages, the edition of the shipped histories, and the
    digest of the result; it holds behaviour, reading and a case to start from in full. Calendar and register are named
    by their digests.
    """
    # Loaded when a recipe is asked for: histories and the record take longer to load than the room.
    from rrm_lifecycle.histories.dataset import load  # noqa: PLC0415 - see above
    from rrm_lifecycle.record.chain import dumps  # noqa: PLC0415 - see above

    edition = load().edition
    return {
        "rrm_recipe": FORMAT,
        "kind": kind,
        "library": __version__,
        "rulebook": RULEBOOK_VERSION,
        "histories": {
            "compiled": edition.compiled and edition.compiled.isoformat(),
            "cases": edition.cases,
            "sha256": edition.digest,
        },
        "behaviour": run.behaviour.to_json(),
        **described(run.context),
        "start": run.start.isoformat(),
        "case": None if run.from_case is None else dumps(run.from_case).decode(),
        "spent": run.spent,
        "stream": STREAM,
        "seed": run.seed,
        "n": run.n,
        "sha256": run.digest,
    }


def described(context: Context) -> dict[str, Any]:
    """Return what a recipe says about reading, calendar and register."""
    return {
        "reading": context.reading.differs,
        "calendar": None if context.calendar is None else context.calendar.describe(),
        "register": None if context.register == Register() else _digest(context.register),
    }


def _digest(register: Register) -> str:
    return sha256(json.dumps(attrs.asdict(register), default=str, sort_keys=True).encode()).hexdigest()


def write(recipe: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write a recipe to a file, which holds it whole or not at all.

    Raises:
        SimulationError: There is a file of that name that is no recipe of the same kind; it is left alone.
    """
    goal = Path(path)
    if goal.exists():
        try:
            before = read(goal)["kind"]
        except SimulationError:
            before = None
        if before != recipe["kind"]:
            found = "no recipe" if before is None else f"a recipe of the kind {before!r}"
            msg = f"{goal.name} is there already and is {found}: take another name, or remove it"
            raise SimulationError(msg)
    unfinished = goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(json.dumps(recipe, indent=1, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(goal)
    finally:
        unfinished.unlink(missing_ok=True)


# ---- reading ---------------------------------------------------------------------------------------------------------
def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the recipe that a file holds.

    Raises:
        SimulationError: The file holds no recipe, or one of a later format.
        OSError: The file cannot be opened.
    """
    name = Path(path).name
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        msg = f"{name} holds no recipe: {error}"
        raise SimulationError(msg[:400]) from error
    if not isinstance(found, dict) or "rrm_recipe" not in found or not isinstance(found.get("kind"), str):
        msg = f"{name} holds JSON, and no recipe as .save() writes it"
        raise SimulationError(msg)
    if found["rrm_recipe"] != FORMAT:
        msg = (
            f"{name} is a recipe of format {found['rrm_recipe']!r}, and this library reads format {FORMAT}: "
            f"rrm-lifecycle {found.get('library')} wrote it"
        )
        raise SimulationError(msg[:400])
    return found


def rerun(path: str | os.PathLike[str], *, context: Context | None = None, executor: Executor | None = None) -> Any:  # noqa: ANN401 - the result of the kind that the recipe names
    """Return the result that a recipe describes, made anew and equal to the bit.

    Args:
        path: A file that ``.save()`` of a result wrote.
        context: Needed where the run had a calendar of its own or a register, which a recipe names by digest.
        executor: As in :func:`.montecarlo.simulate`.

    Raises:
        SimulationError: The file holds no recipe; another version of the library or of the law pages is needed, which
            the message names; or the context is not that of the run.
        OSError: The file cannot be opened.
    """
    recipe = read(path)
    kind = recipe["kind"]
    if kind not in KINDS:
        msg = f"this library makes {', '.join(KINDS)} anew; the recipe is of the kind {kind!r}"
        raise SimulationError(msg[:400])
    wants = [("rulebook", "law pages", RULEBOOK_VERSION), ("stream", "draws of the stream", STREAM)]
    for name, what, have in wants:
        if recipe.get(name) != have:
            msg = (
                f"the recipe needs {what} {recipe.get(name)}, and this library has {have}: install the version that "
                f"wrote it, rrm-lifecycle {recipe.get('library')}"
            )
            raise SimulationError(msg[:400])
    module, function = KINDS[kind].split(":")
    try:
        again = getattr(import_module(module), function)(recipe, context_of(recipe, context), executor)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, RRMError):
            raise
        msg = f"{Path(path).name} lacks what a recipe of the kind {kind!r} holds: {type(error).__name__} {error}"
        raise SimulationError(msg[:400]) from error
    if again.digest != recipe["sha256"]:
        msg = (
            f"the result differs from the one of the recipe, which rrm-lifecycle {recipe['library']} wrote: install that "
            f"version; this is {__version__} (sha256 {again.digest[:16]}, the recipe says {recipe['sha256'][:16]})"
        )
        raise SimulationError(msg[:400])
    return again


def context_of(recipe: Mapping[str, Any], given: Context | None = None) -> Context:
    """Return the context of a run.

    Args:
        recipe: Its recipe.
        given: The context itself; it is compared with what the recipe says of it.

    Raises:
        SimulationError: The context that is given is not that of the run; or none is given, and the run had a calendar
            of its own or a register.
    """
    found = given or Context(_reading(recipe["reading"]), _calendar(recipe["calendar"]))
    said = described(found)
    for name in ("reading", "calendar", "register"):
        one, other = recipe[name], said[name]
        if name == "calendar" and one and other:
            one, other = one["sha256"], other["sha256"]
        if one != other:
            msg = (
                f"the run had the {name} {one or 'of our defaults'}; found {other or 'none'}: pass its own as context="
            )
            raise SimulationError(msg[:400])
    return found


def _reading(differs: Mapping[str, Any]) -> Reading:
    values = dict(differs)
    if "terms" in values:
        lines = {term.name: term for term in TERMS}
        values["terms"] = [
            attrs.evolve(
                lines[name], value=one["value"], unit=one["unit"] and Unit(one["unit"]), in_force=one["in_force"]
            )
            for name, one in values["terms"].items()
        ]
    if "treaty_until" in values:
        values["treaty_until"] = date.fromisoformat(values["treaty_until"])
    return Reading(**values)


def _calendar(said: Mapping[str, str] | None) -> Calendar | None:
    """Return the calendar of a Party, or of two, that a recipe names; None where it is none of these."""
    if said is None:
        return None
    try:
        calendars = [Calendar.of_party(name, last=date.fromisoformat(said["last"])) for name in said["name"].split("+")]
    except CalendarError:
        return None
    return reduce(Calendar.either, calendars)
