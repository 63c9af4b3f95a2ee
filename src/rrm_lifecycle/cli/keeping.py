"""The verbs of the shell over dockets and records: one function each, which returns the exit status."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrm_lifecycle.cli import REFUSED
from rrm_lifecycle.cli.saying import fields_of, language_of, say, say_json, say_text
from rrm_lifecycle.cli.sources import Kind, docket_of, kind_of, load, progress
from rrm_lifecycle.errors import EventError, RecordError, RefusedError
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.proof.keys import Verifier, load_key, new_key
from rrm_lifecycle.record.recheck import recheck as decide_anew
from rrm_lifecycle.record.wire import event_from_text, to_dict

if TYPE_CHECKING:
    import argparse

    from rrm_lifecycle.record.filed import Filed


def open(chosen: argparse.Namespace) -> int:  # noqa: A001 - the verb
    """Make a docket, or check the one that is there; with CASE, open that case in it."""
    language = language_of(chosen)
    with Docket.open(chosen.source, create=True) as docket:
        if chosen.case:
            case = docket.start(
                chosen.case, annex=ANNEXES[chosen.annex], origin=chosen.origin, recorded_by=chosen.recorded_by
            )
            _say_case(case, chosen, language)
        else:
            found = docket.verify()
            say_json(to_dict(found, language=language)) if chosen.json else say(str(found))
    return 0


def _say_case(case: Any, chosen: argparse.Namespace, language: str) -> None:  # noqa: ANN401 - a case
    if chosen.json:
        say_json(to_dict(case, language=language))
        return
    say_text(f"{case.id}: {label(case.stage, language)}", language)
    if case.acts:
        say_text(case.acts[-1].text(language), language)


def record(chosen: argparse.Namespace) -> int:
    """Record an act."""
    language = language_of(chosen)
    event = event_from_text(chosen.event, chosen.on, chosen.by, fields_of(chosen.fields))
    with docket_of(chosen.source) as docket:
        try:
            case = docket.record(
                chosen.case,
                event,
                recorded_by=chosen.recorded_by,
                source=chosen.cited,
                remark=chosen.remark,
                once=chosen.once,
            )
        except RefusedError as error:
            refusal = error.refusal
            say_json(to_dict(refusal, language=language)) if chosen.json else say_text(refusal.text(language), language)
            return REFUSED
        _say_case(case, chosen, language)
    return 0


def history(chosen: argparse.Namespace) -> int:
    """Show what was kept of a case: when, by whom, and what it said."""
    language = language_of(chosen)
    if kind_of(chosen.source) is Kind.HISTORIES:
        aligned = align_all([load(chosen.source)[chosen.case]])[chosen.case]
        say_json(to_dict(aligned, language=language)) if chosen.json else say_text(aligned.text(language), language)
        return 0
    with docket_of(chosen.source) as docket:
        seen = docket if chosen.as_of is None else docket.as_of(_moment(chosen.as_of))
        filed = seen.history(chosen.case)
    if chosen.json:
        say_json([to_dict(one, language=language) for one in filed])
    else:
        say_text("\n".join(_line(one, language) for one in filed), language)
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        msg = f"a moment is written as 2024-04-10 or 2024-04-10T12:00:00Z; found {text!r}"
        raise EventError(msg) from None
    if len(text) == len("2024-04-10"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _line(one: Filed, language: str) -> str:
    when = "-" if one.recorded is None else one.recorded.strftime("%Y-%m-%d %H:%M:%SZ")
    who = f" [{one.recorded_by}]" if one.recorded_by else ""
    said = one.entry.text(language) if isinstance(one.entry, Entry) else str(one.entry)
    remark = f"\n      {one.remark}" if one.remark else ""
    return f"{one.seq:>3}  {when}  {one.hash[:12]}{who}  {said.strip()}{remark}"


def verify(chosen: argparse.Namespace) -> int:
    """Check a docket or a record; exit with 1 where it does not hold."""
    language = language_of(chosen)
    options: dict[str, Any] = {}
    if chosen.checkpoint:
        folder = Path(chosen.checkpoint)
        options["checkpoints"] = folder if folder.is_dir() else folder.parent
        if not chosen.key:
            msg = "checkpoints are checked with the public key that signed them: --key VERIFIER"
            raise EventError(msg)
    if chosen.key:
        options["verifiers"] = [_verifier(chosen.key)]
    try:
        with docket_of(chosen.source, **options) as docket:
            found = docket.verify(progress=progress(f"verifying {chosen.source}"))
    except RecordError as error:
        text = " ".join(str(error).split())
        say_json({"verified": False, "error": text}) if chosen.json else say(text)
        return REFUSED
    say_json({"verified": True, **to_dict(found, language=language)}) if chosen.json else say(str(found))
    return 0


def _verifier(given: str) -> Verifier:
    """Return the verifier that was typed, or that a file holds; of a file with a private key, its public half."""
    path = Path(given)
    text = path.read_text("utf-8") if path.is_file() else given
    return load_key(text).verifier if text.startswith("PRIVATE+KEY+") else Verifier.parse(text.strip())


def key(chosen: argparse.Namespace) -> int:
    """Make a key that signs checkpoints; never over a file that is there."""
    made = new_key(chosen.name)
    path = made.write(chosen.file)
    if chosen.json:
        say_json({"written": str(path), "verifier": made.verifier.text})
    else:
        say(f"{path}: keep it away from the docket. Its verifier, which is public:\n{made.verifier.text}")
    return 0


def checkpoint(chosen: argparse.Namespace) -> int:
    """Sign how many entries the log has and what its root is."""
    with docket_of(chosen.source, key=load_key(chosen.key), checkpoints=chosen.to) as docket:
        note = docket.checkpoint().decode()
    say_json({"checkpoint": note}) if chosen.json else say(note.rstrip("\n"))
    return 0


def extract(chosen: argparse.Namespace) -> int:
    """Write the certified extract of one case; never over a file that is there."""
    with docket_of(chosen.source, key=load_key(chosen.key) if chosen.key else None) as docket:
        data = docket.extract(chosen.case)
    with Path(chosen.to).open("xb") as file:
        file.write(data)
    entries = data.count(b'"hash":')
    say_json({"written": chosen.to, "entries": entries}) if chosen.json else say(f"{chosen.to}: {entries} entries")
    return 0


def import_(chosen: argparse.Namespace) -> int:
    """Take up records, or histories as they align."""
    with Docket.open(chosen.docket, create=True, verify="no") as docket:
        if kind_of(chosen.source) is Kind.RECORD:
            cases = docket.import_jsonl(chosen.source, progress=progress(f"reading {chosen.source}"))
        else:
            aligned = align_all(load(chosen.source))
            cases = docket.adopt(aligned, recorded_by=chosen.recorded_by, deviations=chosen.deviations)
    ids = [case.id for case in cases]
    say_json({"cases": ids}) if chosen.json else say(f"{chosen.docket}: {len(ids)} cases taken up")
    return 0


def recheck(chosen: argparse.Namespace) -> int:
    """Decide records anew under today's law pages, and show what would differ."""
    language = language_of(chosen)
    with docket_of(chosen.source) as docket:
        cases = [docket.case(chosen.case)] if chosen.case else docket.cases()
        found = [decide_anew(case) for case in cases]
    if chosen.json:
        say_json([to_dict(one, language=language) for one in found])
    else:
        say("\n".join(map(str, found)))
    return 0


def schema(chosen: argparse.Namespace) -> int:
    """Print the tables of a docket in PostgreSQL, for your own migrations."""
    from rrm_lifecycle.record.storage.postgres import ddl  # noqa: PLC0415 - for this verb alone

    text = ddl(chosen.schema, app_role=chosen.role)
    say_json({"ddl": text}) if chosen.json else say(text.rstrip("\n"))
    return 0
