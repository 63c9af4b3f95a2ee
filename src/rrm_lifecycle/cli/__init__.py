"""The shell: ``rrm VERB SOURCE …``.

SOURCE is a file of histories (JSON or CSV), the word ``public`` for the histories that the library ships, a docket (a file,
or ``postgresql://…``), or a record (JSON lines); they are told apart by content. The day of looking is always ``--today``,
the day of an act ``--on``. Verbs over many cases take ``--case ID``; verbs about one case take CASE after SOURCE. Every verb
takes ``--json`` and ``--language``.

Exit status: 0; 1 refused, deviating with ``--strict``, or not verified; 2 bad input, with one clear line; 3 storage.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

from rrm_lifecycle import __version__
from rrm_lifecycle.cli.words import add_act, add_keeping, add_simulating
from rrm_lifecycle.errors import ConcurrencyConflict, MissingExtra, RRMError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFUSED: Final = 1
BAD_INPUT: Final = 2
STORAGE: Final = 3


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


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON of a documented, stable shape")
    common.add_argument("--language", default="en", metavar="LANGUAGE", help="en or es (default: en)")
    rrm = _Parser(prog="rrm", description="A case under the USMCA Rapid Response Labor Mechanism.", epilog=__doc__,
                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    rrm.add_argument("--version", action="version", version=f"rrm {__version__}")
    verbs = rrm.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, help=text, description=text, parents=[common])

    verb("demo", "tell the real cases, play one of them, show a refusal and an agenda, verify the record")

    align = verb("align", "play histories through the table: what fits, what is implied, what deviates")
    align.add_argument("source", metavar="SOURCE")
    align.add_argument("--case", metavar="ID")
    align.add_argument("--strict", action="store_true", help="exit with 1 where an event deviates")

    agenda = verb("agenda", "what is due on a day")
    agenda.add_argument("source", metavar="SOURCE")
    agenda.add_argument("--case", metavar="ID")
    agenda.add_argument("--today", required=True, type=_day, metavar="DAY")
    agenda.add_argument("--within", type=int, metavar="DAYS", help="only what is due within so many days")

    ask = verb("ask", "may this act be done, and if not, why")
    ask.add_argument("source", metavar="SOURCE")
    add_act(ask, _day)

    options = verb("options", "which acts the table provides for, and which open when")
    options.add_argument("source", metavar="SOURCE")
    options.add_argument("case", metavar="CASE")
    options.add_argument("--today", required=True, type=_day, metavar="DAY")

    table = verb("table", "the transition table")
    table.add_argument("--annex", choices=("31-A", "31-B"), default="31-A")
    table.add_argument("--format", choices=("text", "markdown", "json"), default="text")

    template = verb("template", "write an empty CSV file for your own histories")
    template.add_argument("file", metavar="FILE.csv")
    add_keeping(verb, _day)
    add_simulating(verb, _day)
    return rrm


KEEPING: Final = frozenset({
    "open", "record", "history", "verify", "key", "checkpoint", "extract", "import", "export", "recheck", "schema"
})  # fmt: skip
"""The verbs over dockets and records."""
SIMULATING: Final = frozenset({"simulate", "forecast", "compare", "sensitivity"})
"""The verbs over simulation."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    Args:
        argv: The words after ``rrm``; those of the process if None.
    """
    try:
        chosen = _parse(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    try:
        return _run(chosen)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except (ConcurrencyConflict, StorageError) as error:
        print(f"rrm: {error}", file=sys.stderr)
        return STORAGE
    except (RRMError, MissingExtra, OSError) as error:
        print(f"rrm: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT


def _run(chosen: argparse.Namespace) -> int:
    """Run the function of a verb; its room is loaded for it alone."""
    room = "keeping" if chosen.verb in KEEPING else "simulating" if chosen.verb in SIMULATING else "verbs"
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
