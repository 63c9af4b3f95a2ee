"""The words of the verbs over dockets and records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

Verb = Callable[[str, str], argparse.ArgumentParser]
"""Adds a verb: its name, and what it does."""


def add_act(verb: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Add the words that say an act."""
    verb.add_argument("case", metavar="CASE")
    verb.add_argument("event", metavar="EVENT", help="such as PanelRequested")
    verb.add_argument("--on", required=True, type=day, metavar="DAY")
    verb.add_argument(
        "--by", metavar="WHO", help="a role (complainant, respondent, both, panel, …) or a Party (US, MX, CA)"
    )
    verb.add_argument("fields", nargs="*", metavar="field=value")


def add_keeping(verb: Verb, day: Callable[[str], date]) -> None:
    """Add the verbs over dockets and records."""
    one = verb("open", "make a docket, or check the one that is there; with CASE, open that case in it")
    one.add_argument("source", metavar="DB")
    one.add_argument("case", nargs="?", metavar="CASE")
    one.add_argument("--annex", choices=("31-A", "31-B"), default="31-A")
    one.add_argument("--origin", choices=("petition", "hotline", "self_initiated"))
    one.add_argument("--recorded-by", metavar="ID")

    one = verb("record", "record an act in a case")
    one.add_argument("source", metavar="DB")
    add_act(one, day)
    one.add_argument("--recorded-by", metavar="ID", help="the person or system at the keyboard")
    one.add_argument("--source", dest="cited", metavar="TEXT", help="where it is stated")
    one.add_argument("--remark", metavar="TEXT")
    one.add_argument("--once", metavar="KEY", help="a repeat with the same key does no harm")

    one = verb("history", "what was kept of a case")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("case", metavar="CASE")
    one.add_argument("--as-of", metavar="MOMENT", help="as it was known then, such as 2024-04-10")

    one = verb("verify", "check a docket or a record")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("--checkpoint", metavar="FOLDER", help="the folder of checkpoints kept elsewhere, or a file in it")
    one.add_argument("--key", metavar="VERIFIER", help="the public key that signed them, or a file that holds it")
    _add_signing(verb)
    _add_moving(verb)


def _add_signing(verb: Verb) -> None:
    one = verb("key", "make a key that signs checkpoints")
    one.add_argument("name", metavar="NAME")
    one.add_argument("file", metavar="FILE")

    one = verb("checkpoint", "sign how many entries the log has, and its root")
    one.add_argument("source", metavar="DB")
    one.add_argument("--key", required=True, metavar="FILE")
    one.add_argument("--to", metavar="FOLDER", help="where checkpoints are kept")

    one = verb("extract", "write the certified extract of one case")
    one.add_argument("source", metavar="DB")
    one.add_argument("case", metavar="CASE")
    one.add_argument("--to", required=True, metavar="FILE")
    one.add_argument("--key", metavar="FILE")


def _add_moving(verb: Verb) -> None:
    one = verb("import", "take up records, or histories as they align")
    one.add_argument("docket", metavar="DB")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("--recorded-by", metavar="ID")
    one.add_argument("--deviations", choices=("refuse", "remark"), default="refuse")

    one = verb("export", "write every record, byte for byte as it was filed")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("--to", required=True, choices=("jsonl",), metavar="FORMAT")
    one.add_argument("--output", metavar="FILE", help="a file that is not there yet; standard output if not given")
    one.add_argument("--disclose", action="store_true", help="show the values behind sealed texts too")

    one = verb("recheck", "decide records anew under today's law pages")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("case", nargs="?", metavar="CASE")

    one = verb("schema", "print the tables of a docket in PostgreSQL")
    one.add_argument("database", choices=("postgresql",))
    one.add_argument("--schema", default="rrm", metavar="NAME")
    one.add_argument("--role", metavar="NAME", help="the application's role, which may insert and read alone")


def add_simulating(verb: Verb, day: Callable[[str], date]) -> None:
    """Add the verbs over simulation."""
    one = verb("simulate", "walk many paths that cases can take")
    one.add_argument("--n", type=int, default=10_000, metavar="PATHS")
    one.add_argument("--start", type=day, metavar="DAY", help="first day of each path")
    one.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; the result is the same for any number"
    )
    one.add_argument("--save", metavar="FILE", help="keep the recipe, from which the same result is made again")
    _add_chance(one)

    one = verb("forecast", "where a case goes from where it stood on a day")
    one.add_argument("source", metavar="SOURCE")
    one.add_argument("case", metavar="CASE")
    one.add_argument("--today", required=True, type=day, metavar="DAY")
    one.add_argument("--behaviour", metavar="FILE")

    one = verb("compare", "what changes in the scenarios of the gallery")
    one.add_argument("--scenario", action="append", metavar="NAME", help="only this one; may be given several times")
    one.add_argument("--n", type=int, default=100_000, metavar="PATHS")
    _add_chance(one)

    one = verb("sensitivity", "which doubt about the text matters, and which does not")
    one.add_argument("--of", choices=("days", "outcomes"), default="days")
    one.add_argument("--behaviour", metavar="FILE")


def _add_chance(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, metavar="NUMBER", help="drawn and named in the result, if not given")
    verb.add_argument(
        "--behaviour", metavar="FILE", help="what people do; fitted to the shipped histories if not given"
    )
