"""The words of the verbs over dockets and records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Final

Verb = Callable[[str, str], argparse.ArgumentParser]
"""Adds a verb: its name, and what it does."""
SOURCE: Final = "histories (a file, or the word public), a docket, or a record"
DB: Final = "a docket: a file, or postgresql://…"
CASE: Final = "id of the case"
TODAY: Final = "the day of looking, such as 2024-04-09"
BEHAVIOUR: Final = "what people do; fitted to the shipped histories if not given"


def add_act(verb: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Add the words that say an act."""
    verb.add_argument("case", metavar="CASE", help=CASE)
    verb.add_argument("event", metavar="EVENT", help="such as PanelRequested")
    verb.add_argument("--on", required=True, type=day, metavar="DAY", help="the day of the act, such as 2024-04-09")
    verb.add_argument(
        "--by", metavar="WHO", help="a role (complainant, respondent, both, panel, …) or a Party (US, MX, CA)"
    )
    verb.add_argument(
        "fields", nargs="*", metavar="field=value", help="what the act says, such as agreed_end=2024-10-01"
    )


def add_keeping(verb: Verb, day: Callable[[str], date]) -> None:
    """Add the verbs over dockets and records, and the one that writes for other tools."""
    one = verb("open", "make a docket, or check the one that is there; with CASE, open that case in it")
    one.add_argument("source", metavar="DB", help=DB)
    one.add_argument("case", nargs="?", metavar="CASE", help=CASE)
    one.add_argument(
        "--annex", choices=("31-A", "31-B"), default="31-A", help="of the case that is opened (default: 31-A)"
    )
    one.add_argument("--origin", choices=("petition", "hotline", "self_initiated"), help="how it came up")
    one.add_argument("--recorded-by", metavar="ID", help="the person or system at the keyboard")

    one = verb("record", "record an act in a case")
    one.add_argument("source", metavar="DB", help=DB)
    add_act(one, day)
    one.add_argument("--recorded-by", metavar="ID", help="the person or system at the keyboard")
    one.add_argument("--source", dest="cited", metavar="TEXT", help="where it is stated")
    one.add_argument("--remark", metavar="TEXT", help="your own words; kept beside the act")
    one.add_argument("--once", metavar="KEY", help="a repeat with the same key does no harm")

    one = verb("history", "what was kept of a case")
    one.add_argument("source", metavar="SOURCE", help=SOURCE)
    one.add_argument("case", metavar="CASE", help=CASE)
    one.add_argument("--as-of", metavar="MOMENT", help="as it was known then, such as 2024-04-10")

    one = verb("verify", "check a docket or a record")
    one.add_argument("source", metavar="SOURCE", help=SOURCE)
    one.add_argument("--checkpoint", metavar="FOLDER", help="the folder of checkpoints kept elsewhere, or a file in it")
    one.add_argument("--key", metavar="VERIFIER", help="the public key that signed them, or a file that holds it")
    _add_signing(verb)
    _add_moving(verb)
    _add_export(verb, day)


def _add_signing(verb: Verb) -> None:
    one = verb("key", "make a key that signs checkpoints")
    one.add_argument("name", metavar="NAME", help="whose key it is")
    one.add_argument("file", metavar="FILE", help="where the private key is kept; no file that is there")

    one = verb("checkpoint", "sign how many entries the log has, and its root")
    one.add_argument("source", metavar="DB", help=DB)
    one.add_argument("--key", required=True, metavar="FILE", help="the key that signs")
    one.add_argument("--to", metavar="FOLDER", help="where checkpoints are kept")

    one = verb("extract", "write the certified extract of one case")
    one.add_argument("source", metavar="DB", help=DB)
    one.add_argument("case", metavar="CASE", help=CASE)
    one.add_argument("--to", required=True, metavar="FILE", help="a file that is not there yet")
    one.add_argument("--key", metavar="FILE", help="a key that signs it")


def _add_moving(verb: Verb) -> None:
    one = verb("import", "take up records, or histories as they align")
    one.add_argument("docket", metavar="DB", help=DB)
    one.add_argument("source", metavar="SOURCE", help=SOURCE)
    one.add_argument("--recorded-by", metavar="ID", help="the person or system at the keyboard")
    one.add_argument(
        "--deviations",
        choices=("refuse", "remark"),
        default="refuse",
        help="what becomes of events that deviate (default: refuse)",
    )

    one = verb("recheck", "decide records anew under today's law pages")
    one.add_argument("source", metavar="SOURCE", help=SOURCE)
    one.add_argument("case", nargs="?", metavar="CASE", help=CASE)

    one = verb("schema", "print the tables of a docket in PostgreSQL")
    one.add_argument("database", choices=("postgresql",))
    one.add_argument("--schema", default="rrm", metavar="NAME", help="name of the schema (default: rrm)")
    one.add_argument("--role", metavar="NAME", help="the application's role, which may insert and read alone")


def _add_export(verb: Verb, day: Callable[[str], date]) -> None:
    one = verb("export", "write a source in the format of another tool; `rrm export --list` shows which")
    one.add_argument(
        "source",
        nargs="?",
        metavar="SOURCE",
        help="histories, a docket, a record, a saved simulation, or the word table (if none is given)",
    )
    one.add_argument("--to", metavar="FORMAT", help="a name of the list")
    one.add_argument(
        "--list", action="store_true", help="show the formats, all or those of SOURCE, and what each is made of"
    )
    one.add_argument(
        "--out",
        "--output",
        dest="output",
        metavar="FILE",
        help="a file that is not there yet; standard output if not given",
    )
    one.add_argument(
        "--overwrite", action="store_true", help="write over FILE; never over a docket, nor over what is read"
    )
    one.add_argument("--case", metavar="ID", help="this case alone")
    one.add_argument("--today", type=day, metavar="DAY", help="the day of looking, of a calendar")
    one.add_argument(
        "--alarms", metavar="DAYS", help="reminders of a calendar, such as 14,7,1; or none (7,1 if not given)"
    )
    one.add_argument("--annex", choices=("31-A", "31-B"), help="of what is made of the table (31-A if not given)")
    one.add_argument("--no-customs", action="store_true", help="leave the customs hold out of a Petri net")
    one.add_argument("--opening", action="store_true", help="begin each simulated path with its start, as an event")
    one.add_argument("--behaviour", metavar="FILE", help="what people do, of a Markov chain; our default if not given")
    one.add_argument("--start", type=day, metavar="DAY", help="first day of its paths")
    one.add_argument("--disclose", action="store_true", help="show the values behind sealed texts of a record too")


def add_simulating(verb: Verb, day: Callable[[str], date]) -> None:
    """Add the verbs over simulation."""
    one = verb("simulate", "walk many paths that cases can take")
    one.add_argument("--n", type=int, default=10_000, metavar="PATHS", help="how many (default: 10000)")
    one.add_argument("--start", type=day, metavar="DAY", help="first day of each path")
    one.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; the result is the same for any number"
    )
    one.add_argument("--save", metavar="FILE", help="keep the recipe, from which the same result is made again")
    _add_chance(one)

    one = verb("forecast", "where a case goes from where it stood on a day")
    one.add_argument("source", metavar="SOURCE", help=SOURCE)
    one.add_argument("case", metavar="CASE", help=CASE)
    one.add_argument("--today", required=True, type=day, metavar="DAY", help=TODAY)
    one.add_argument("--behaviour", metavar="FILE", help=BEHAVIOUR)

    one = verb("compare", "what changes in the scenarios of the gallery")
    one.add_argument("--scenario", action="append", metavar="NAME", help="only this one; may be given several times")
    one.add_argument(
        "--n", type=int, default=100_000, metavar="PATHS", help="how many paths for each (default: 100000)"
    )
    _add_chance(one)

    one = verb("sensitivity", "which doubt about the text matters, and which does not")
    one.add_argument("--of", choices=("days", "outcomes"), default="days", help="sort by it (default: days)")
    one.add_argument("--behaviour", metavar="FILE", help=BEHAVIOUR)


def _add_chance(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, metavar="NUMBER", help="drawn and named in the result, if not given")
    verb.add_argument("--behaviour", metavar="FILE", help=BEHAVIOUR)
