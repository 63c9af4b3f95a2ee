"""The verb ``export``: a source in the format of another tool, written bit by bit where the format allows it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from attrs import frozen

from rrm_lifecycle.cli.saying import language_of, say, say_json
from rrm_lifecycle.cli.sources import Kind, docket_of, kind_of, load
from rrm_lifecycle.errors import EventError, StorageError
from rrm_lifecycle.export import FORMATS, Takes
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.views.text import table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from rrm_lifecycle.case.agenda import Agenda
    from rrm_lifecycle.simulation.program import Program

JSONL: Final = "jsonl"
"""The format of the records themselves, byte for byte as they were filed."""
_JSONL_SAYS: Final = "every record, byte for byte as it was filed"
_OF: Final[dict[Kind, tuple[str, frozenset[Takes]]]] = {
    Kind.TABLE: ("the law (table)", frozenset({Takes.TABLE, Takes.PROGRAM, Takes.NOTHING})),
    Kind.HISTORIES: ("histories", frozenset({Takes.LOG, Takes.AGENDA})),
    Kind.DOCKET: ("a docket", frozenset({Takes.LOG, Takes.AGENDA})),
    Kind.RECORD: ("a record", frozenset({Takes.LOG, Takes.AGENDA})),
    Kind.RECIPE: ("a saved simulation", frozenset({Takes.LOG, Takes.PROGRAM})),
}
"""What can be made of each kind of source, with its name."""


@frozen
class _Made:
    """What is to be written.

    Attributes:
        says: What it is.
        write: Writes it to a binary file, and returns how many entries it wrote, if it counts them.
    """

    says: str
    write: Callable[[BinaryIO], int | None]


def formats_of(kind: Kind) -> tuple[str, ...]:
    """Return the names of the formats in which a source of a kind can be exported."""
    found = tuple(name for name, one in FORMATS.items() if one.takes in _OF[kind][1])
    return (*found, JSONL) if kind in {Kind.DOCKET, Kind.RECORD} else found


def export(chosen: argparse.Namespace) -> int:
    """Write a source in a format; never over a file that is there, unless told."""
    language_of(chosen)
    if chosen.list:
        return _list(chosen)
    kind = Kind.TABLE if chosen.source is None else kind_of(chosen.source)
    have = formats_of(kind)
    if chosen.to not in have:
        asked = "--to FORMAT is missing" if chosen.to is None else f"{_OF[kind][0]} cannot be exported to {chosen.to!r}"
        known = chosen.to in FORMATS or chosen.to == JSONL
        more = f"; that is made of {_made_of(chosen.to)}" if known else ""
        msg = f"{asked[:120]}{more}. Of {_OF[kind][0]} there are {', '.join(have)}; see `rrm export --list`"
        raise EventError(msg)
    if chosen.output is None:
        with _made(chosen, kind) as made:
            made.write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return 0
    with _made(chosen, kind) as made, _file(chosen) as file:
        entries = made.write(file)
    _tell(chosen, made, entries)
    return 0


def _tell(chosen: argparse.Namespace, made: _Made, entries: int | None) -> None:
    size = Path(chosen.output).stat().st_size  # 0 of a pipe or a device
    if chosen.json:
        counted = {} if entries is None else {"entries": entries}
        say_json({"written": chosen.output, "format": chosen.to, "bytes": size, **counted})
    else:
        say(f"{chosen.output}: {made.says}" if entries is None else f"{chosen.output}: {entries} entries")


# ---- what there is ---------------------------------------------------------------------------------------------------
def _list(chosen: argparse.Namespace) -> int:
    """Show which format is made of which source."""
    kinds = tuple(_OF) if chosen.source is None else (kind_of(chosen.source),)
    names = dict.fromkeys(name for kind in kinds for name in formats_of(kind))
    if chosen.json:
        say_json([{"format": name, "of": [kind.value for kind in _kinds(name)], "says": _says(name)} for name in names])
    else:
        say(
            table(
                ("format", "what it is", "made of"),
                [(name, _says(name), _made_of(name)) for name in names],
                columns=120,
            )
        )
    return 0


def _kinds(name: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in _OF if name in formats_of(kind))


def _says(name: str) -> str:
    return _JSONL_SAYS if name == JSONL else FORMATS[name].says


def _made_of(name: str) -> str:
    return ", ".join(_OF[kind][0] for kind in _kinds(name))


# ---- what is made ----------------------------------------------------------------------------------------------------
@contextmanager
def _made(chosen: argparse.Namespace, kind: Kind) -> Iterator[_Made]:
    """Make a source ready to be written in its format; what it is read from stays open until it is written."""
    if chosen.to == JSONL:
        _only(chosen, frozenset({"disclose"}))
        with docket_of(chosen.source) as docket:
            yield _Made(_JSONL_SAYS, lambda file: docket.export_jsonl(file, disclose=chosen.disclose))
        return
    found = FORMATS[chosen.to]
    options = _options(chosen, kind)
    with _source(chosen, kind, options) as source:
        write = found.write
        if write is None:
            made = found.make(*source, **options)
            data = made if isinstance(made, bytes) else made.encode()
            yield _Made(found.says, lambda file: _nothing(file.write(data)))
        else:
            yield _Made(found.says, lambda file: write(*source, file, **options))


def _nothing(_: int) -> None:
    """Leave bytes uncounted: what is counted is entries."""


def _options(chosen: argparse.Namespace, kind: Kind) -> dict[str, Any]:
    """Return the keywords of a format that were typed; and its language, which every verb has.

    Raises:
        EventError: Something was typed that the format has no use for.
    """
    found = FORMATS[chosen.to]
    uses = set(found.options)
    if found.takes in {Takes.LOG, Takes.AGENDA} and kind is not Kind.RECIPE:
        uses.add("case")
    if found.takes is Takes.AGENDA:
        uses.add("today")
    if found.takes is Takes.PROGRAM and kind is Kind.TABLE:
        uses |= {"behaviour", "start"}
    _only(chosen, uses)
    options: dict[str, Any] = {}
    if "language" in found.options:
        options["language"] = chosen.language
    if chosen.annex is not None:
        options["annex"] = ANNEXES[chosen.annex]
    if chosen.opening:
        options["opening"] = True
    if chosen.alarms is not None:
        options["alarms"] = _days(chosen.alarms)
    if chosen.no_customs:
        options["customs"] = False
    return options


_TYPED: Final = {
    "annex": "--annex", "alarms": "--alarms", "opening": "--opening", "no_customs": "--no-customs", "case": "--case",
    "today": "--today", "behaviour": "--behaviour", "start": "--start", "disclose": "--disclose",
}  # fmt: skip


def _only(chosen: argparse.Namespace, uses: set[str] | frozenset[str]) -> None:
    for name, typed in _TYPED.items():
        if getattr(chosen, name) not in {None, False} and name.removeprefix("no_") not in uses:
            msg = f"{typed} means nothing where this source is exported to {chosen.to}: leave it out"
            raise EventError(msg)


def _days(typed: str) -> tuple[int, ...]:
    if typed == "none":
        return ()
    try:
        return tuple(int(one) for one in typed.split(","))
    except ValueError:
        msg = f"--alarms are days before the last day, such as 7,1, or the word none; found {typed!r}"
        raise EventError(msg[:200]) from None


@contextmanager
def _source(chosen: argparse.Namespace, kind: Kind, options: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    takes = FORMATS[chosen.to].takes
    if takes in {Takes.TABLE, Takes.NOTHING}:
        yield ()
    elif takes is Takes.PROGRAM:
        program, options["weekday"] = _program(chosen, kind)
        yield (program,)
    elif takes is Takes.AGENDA:
        yield (_agenda(chosen),)
    elif kind is Kind.RECIPE:
        yield (_simulation(chosen),)
    elif kind is Kind.HISTORIES:
        from rrm_lifecycle.histories.alignment import align_all  # noqa: PLC0415 - for this kind alone

        found = load(chosen.source)
        yield (align_all([found[chosen.case]] if chosen.case else found),)
    else:
        with docket_of(chosen.source) as docket:
            yield (docket.case(chosen.case) if chosen.case else docket,)


def _agenda(chosen: argparse.Namespace) -> Agenda:
    from rrm_lifecycle.cli.verbs import agenda_on  # noqa: PLC0415 - for this format alone

    if chosen.today is None:
        msg = f"an agenda is that of a day, and {chosen.to} is made of one: --today DAY"
        raise EventError(msg)
    return agenda_on(chosen)


def _program(chosen: argparse.Namespace, kind: Kind) -> tuple[Program, int]:
    """Return a program, and the day of the week on which its paths start."""
    from rrm_lifecycle.simulation.behaviour import Behaviour  # noqa: PLC0415 - for this format alone
    from rrm_lifecycle.simulation.montecarlo import default_start, program_of, start_of  # noqa: PLC0415 - the same

    if kind is Kind.RECIPE:
        run = _simulation(chosen)
        return run.program, run.start.weekday()
    behaviour = Behaviour.load(chosen.behaviour) if chosen.behaviour else Behaviour.default()
    start = default_start() if chosen.start is None else start_of(chosen.start)
    return program_of(behaviour), start.weekday()


def _simulation(chosen: argparse.Namespace) -> Any:  # noqa: ANN401 - a Simulation, whose room is loaded for it alone
    """Return the simulation of a recipe, made anew.

    Raises:
        EventError: The recipe is that of another result.
    """
    from rrm_lifecycle.simulation.recipe import read, rerun  # noqa: PLC0415 - for this kind alone

    kind = read(chosen.source)["kind"]
    if kind != "simulate":
        msg = f"{chosen.source} is the recipe of a result of the kind {kind!r}; `rrm simulate --save` keeps simulations"
        raise EventError(msg[:400])
    return rerun(chosen.source)


# ---- where it goes ---------------------------------------------------------------------------------------------------
@contextmanager
def _file(chosen: argparse.Namespace) -> Iterator[BinaryIO]:
    """Open the file that is written, which holds all of it or is not there; a device or a pipe is written to as it is.

    Raises:
        StorageError: It is there already; or it is a folder, what is read, or a docket, which nothing is written over.
    """
    goal = Path(chosen.output).resolve()  # what a link points to is written over, and not the link
    if goal.exists():
        _may_be_written_over(goal, chosen)
        if not goal.is_file():
            with goal.open("wb") as file:
                yield file
            return
    elif not goal.parent.is_dir():
        msg = f"there is no folder {goal.parent} to write {goal.name} in: make it first"
        raise StorageError(msg)
    unfinished = goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
        unfinished.replace(goal)
    finally:
        unfinished.unlink(missing_ok=True)


def _may_be_written_over(goal: Path, chosen: argparse.Namespace) -> None:
    """Refuse to write over a file.

    Raises:
        StorageError: It was not asked for; or it is a folder, what is read, or a docket.
    """
    told = chosen.output
    kept = None
    if goal.is_dir():
        kept = "a folder"
    elif chosen.source is not None and Path(chosen.source).exists() and goal.samefile(chosen.source):
        kept = "what is read"
    elif goal.is_file() and kind_of(str(goal)) is Kind.DOCKET:
        kept = "a docket"
    if kept is not None:
        msg = f"{told} is {kept}, and nothing is written over it: choose another name"
        raise StorageError(msg)
    if goal.is_file() and not chosen.overwrite:
        msg = f"{told} is there already: choose another name, or say --overwrite"
        raise StorageError(msg)
