"""The shell: ``rrm VERB SOURCE …``.

SOURCE is a file of histories (JSON or CSV), the word ``public`` for the histories that the library ships, a docket (a
file, or ``postgresql://…``), or a record (JSON lines); for ``export`` also a saved simulation, or the word ``table`` for
the law. They are told apart by content. The day of looking is always ``--today``, the day of an act ``--on``. Verbs over
many cases take ``--case ID``; verbs about one case take CASE after SOURCE. Every verb takes ``--json``, ``--language`` and
``--quiet``. On a terminal, stages and what is late or due soon are in colour too; ``NO_COLOR`` turns that off.

Exit status: 0; 1 refused, deviating with ``--strict``, or not verified; 2 bad input, with one clear line; 3 storage;
130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import sys
import textwrap
from contextvars import ContextVar
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

from rrm_lifecycle import __version__
from rrm_lifecycle.cli.words import CASE, SOURCE, TODAY, add_act, add_keeping, add_simulating
from rrm_lifecycle.errors import ConcurrencyConflict, RRMError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFUSED: Final = 1
BAD_INPUT: Final = 2
STORAGE: Final = 3
INTERRUPTED: Final = 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, and where help is."""
        self.exit(BAD_INPUT, f"rrm: {message}; see '{self.prog} --help'\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"a day is written as 2024-04-09; found {text!r}"
        raise argparse.ArgumentTypeError(msg) from None


def _told() -> str:
    """Return what the shell says of itself, without the marks of a docstring, broken for 80 columns."""
    lines = (__doc__ or "").replace("``", "").split("\n\n")[1:]
    return "\n\n".join(textwrap.fill(" ".join(one.split()), 79) for one in lines)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON of a documented, stable shape")
    common.add_argument("--quiet", action="store_true", help="show nothing on standard error while work goes on")
    common.add_argument("--language", default="en", metavar="LANGUAGE", help="en or es (default: en)")
    rrm = _Parser(prog="rrm", description="A case under the USMCA Rapid Response Labor Mechanism.", epilog=_told(),
                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    rrm.add_argument("--version", action="version", version=f"rrm {__version__}")
    verbs = rrm.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, help=text, description=text, parents=[common])

    demo = verb("demo", "tell the real cases, play one of them, show a refusal and an agenda, verify the record")
    demo.add_argument(
        "--out", default="rrm-demo", metavar="FOLDER", help="where each case gets a page (default: rrm-demo)"
    )
    demo.add_argument("--no-report", action="store_true", help="write no pages")

    align = verb("align", "play histories through the table: what fits, what is implied, what deviates")
    align.add_argument("source", metavar="SOURCE", help=SOURCE)
    align.add_argument("--case", metavar="ID", help="this case alone")
    align.add_argument("--strict", action="store_true", help="exit with 1 where an event deviates")

    agenda = verb("agenda", "what is due on a day")
    agenda.add_argument("source", metavar="SOURCE", help=SOURCE)
    agenda.add_argument("--case", metavar="ID", help="this case alone")
    agenda.add_argument("--today", required=True, type=_day, metavar="DAY", help=TODAY)
    agenda.add_argument("--within", type=int, metavar="DAYS", help="only what is due within so many days")

    ask = verb("ask", "may this act be done, and if not, why")
    ask.add_argument("source", metavar="SOURCE", help=SOURCE)
    add_act(ask, _day)

    options = verb("options", "which acts the table provides for, and which open when")
    options.add_argument("source", metavar="SOURCE", help=SOURCE)
    options.add_argument("case", metavar="CASE", help=CASE)
    options.add_argument("--today", required=True, type=_day, metavar="DAY", help=TODAY)

    table = verb("table", "the transition table")
    table.add_argument("--annex", choices=("31-A", "31-B"), default="31-A", help="which Annex (default: 31-A)")
    table.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="of what is printed (default: text)"
    )

    template = verb("template", "write an empty CSV file for your own histories")
    template.add_argument("file", metavar="FILE.csv", help="a file that is not there yet")
    completion = verb("completion", "print what makes your shell complete the words of rrm")
    completion.add_argument("shell", choices=SHELLS, help="the one that you use")
    add_keeping(verb, _day)
    add_simulating(verb, _day)
    return rrm


SHELLS: Final = ("bash", "zsh", "tcsh")
"""The shells whose words can be completed."""
_ROOMS: Final = {
    **dict.fromkeys(("open", "record", "history", "verify", "key", "checkpoint", "extract", "import"), "keeping"),
    **dict.fromkeys(("recheck", "schema"), "keeping"),
    **dict.fromkeys(("simulate", "forecast", "compare", "sensitivity"), "simulating"),
    "export": "exporting",
    "completion": "completing",
}
"""The module of a verb, where it is not ``verbs``."""
QUIET: Final[ContextVar[bool]] = ContextVar("quiet", default=False)
"""Whether nothing is shown while work goes on."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    Args:
        argv: The words after ``rrm``; those of the process if None.
    """
    _tell_what_can_be_told()
    try:
        chosen = _parse(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    try:
        return _run(chosen)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("rrm: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (ConcurrencyConflict, StorageError) as error:
        print(f"rrm: {error}", file=sys.stderr)
        return STORAGE
    except (RRMError, OSError) as error:
        print(f"rrm: {_in_a_line(error)}", file=sys.stderr)
        return BAD_INPUT


def _tell_what_can_be_told() -> None:
    """Show a mark that an output has no code for by its number, where an error would end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _in_a_line(error: Exception) -> str:
    """Return what an error says; of one of the system, the file and what is wrong with it."""
    if isinstance(error, OSError) and error.filename is not None:
        name = str(error.filename)
        return f"{name if name.isprintable() else ascii(name)}: {error.strerror}"
    return " ".join(str(error).split())


def _run(chosen: argparse.Namespace) -> int:
    """Run the function of a verb; its room is loaded for it alone."""
    QUIET.set(chosen.quiet)
    room = _ROOMS.get(chosen.verb, "verbs")
    name = "import_" if chosen.verb == "import" else chosen.verb
    run: Callable[[argparse.Namespace], int] = getattr(import_module(f"{__name__}.{room}"), name)
    return run(chosen)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return what was asked. Fields of an act may stand behind options, where argparse leaves them over."""
    rrm = parser()
    chosen, left = rrm.parse_known_args(argv)
    if left and (chosen.verb not in {"ask", "record"} or any(word.startswith("-") for word in left)):
        rrm.error(f"unrecognized arguments: {' '.join(left)}")
    if left:
        chosen.fields += left
    return chosen
