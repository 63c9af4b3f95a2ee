"""The verbs of the shell: one function each, which returns the exit status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrm_lifecycle import histories
from rrm_lifecycle.case.agenda import Agenda
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.agenda import options as options_of
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.cli import REFUSED
from rrm_lifecycle.cli.demo import demo as tell
from rrm_lifecycle.cli.demo import report
from rrm_lifecycle.cli.saying import colours, columns, fields_of, language_of, say, say_json, say_text
from rrm_lifecycle.cli.sources import Kind, docket_of, kind_of, load
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.record.wire import event_from_text, to_dict
from rrm_lifecycle.views import rows

if TYPE_CHECKING:
    import argparse

    from rrm_lifecycle.case.agenda import Due
    from rrm_lifecycle.case.case import Case


def align(chosen: argparse.Namespace) -> int:
    """Play histories through the table."""
    language = language_of(chosen)
    found = load(chosen.source)
    aligned = align_all([found[chosen.case]] if chosen.case else found)
    if chosen.json:
        say_json(to_dict(aligned, language=language))
    else:
        say_text("\n\n".join(one.text(language) for one in aligned), language)
        say("\n" + aligned.summary_text(language))
    return REFUSED if chosen.strict and any(one.deviations for one in aligned) else 0


def _one(chosen: argparse.Namespace, **options: Any) -> Case:  # noqa: ANN401 - passed on
    """Return the case that is asked about: of a docket or a record as it is held, of a history as it aligns."""
    name: str = chosen.case
    if kind_of(chosen.source) is Kind.HISTORIES:
        return align_all([load(chosen.source, **options)[name]])[name].case
    with docket_of(chosen.source) as docket:
        return docket.case(name)


def agenda(chosen: argparse.Namespace) -> int:
    """Show what is due on a day, as things were known on that day."""
    language = language_of(chosen)
    due = [one for one in agenda_on(chosen) if chosen.within is None or _is_within(one, chosen.within)]
    if chosen.json:
        say_json({"today": chosen.today.isoformat(), "due": [to_dict(item, language=language) for item in due]})
    else:
        say(rows.agenda_table(due, language, columns=columns(), colour=colours()))
    return 0


def agenda_on(chosen: argparse.Namespace) -> Agenda:
    """Return what is due on a day in the cases of a source, or in one of them; first what is due first."""
    due = _due(chosen)
    due.sort(key=lambda item: (item.due is None, item.due or chosen.today, item.case_id))
    return Agenda(chosen.today, tuple(due))


def _due(chosen: argparse.Namespace) -> list[Due]:
    if kind_of(chosen.source) is Kind.HISTORIES:
        found = load(chosen.source, known_by=chosen.today)
        aligned = align_all([found[chosen.case]] if chosen.case else found)
        return [item for one in aligned for item in agenda_of(one.case, chosen.today)]
    with docket_of(chosen.source) as docket:
        return list(docket.agenda(chosen.today, case=chosen.case))


def _is_within(due: Due, days: int) -> bool:
    return due.days_left is not None and due.days_left <= days


def ask(chosen: argparse.Namespace) -> int:
    """Say whether an act may be done on a day, as the case stood then, and if not, why."""
    language = language_of(chosen)
    case = _one(chosen).until(chosen.on)
    event = event_from_text(chosen.event, chosen.on, chosen.by, fields_of(chosen.fields))
    answer = decide(case, event)
    if chosen.json:
        say_json(to_dict(answer, language=language))
    else:
        say_text(answer.text(language), language)
    return 0 if answer.admitted else REFUSED


def options(chosen: argparse.Namespace) -> int:
    """Show which acts the table provides for, and which open when."""
    language = language_of(chosen)
    case = _one(chosen, known_by=chosen.today).until(chosen.today)
    found = options_of(case, chosen.today)
    if chosen.json:
        shown = [to_dict(one, language=language) for one in found]
        say_json({"case": case.id, "stage": case.stage.value, "today": chosen.today.isoformat(), "options": shown})
    else:
        say_text(f"{case.id}: {label(case.stage, language)}", language)
        say(rows.options_table(found, language, columns=columns(), colour=colours()))
    return 0


def table(chosen: argparse.Namespace) -> int:
    """Show the transition table."""
    language = language_of(chosen)
    annex = ANNEXES[chosen.annex]
    if chosen.json or chosen.format == "json":
        say_json({"annex": annex.name, "rows": [to_dict(row, language=language) for row in rows.rows_of(annex)]})
    elif chosen.format == "markdown":
        say(rows.law_markdown(annex, language))
    else:
        say(rows.law_text(annex, language))
    return 0


def template(chosen: argparse.Namespace) -> int:
    """Write an empty CSV file for people's own histories; never over a file that is there."""
    language_of(chosen)
    path = Path(chosen.file)
    histories.write_template(path)
    if chosen.json:
        say_json({"written": str(path)})
    else:
        say(
            f"{path}: one row a case, one column per event; days as 2023-05-03, 2023-05, 2023, 2023-05-03/2023-05-20 or ?"
        )
    return 0


def demo(chosen: argparse.Namespace) -> int:
    """Tell the real cases, and write a page for each; as JSON they are told alone."""
    language = language_of(chosen)
    aligned = align_all(histories.load())
    if chosen.json:
        say_json(to_dict(aligned, language=language))
        return 0
    say_text(tell(aligned, language), language)
    if not chosen.no_report:
        say("\n" + report(aligned, chosen.out, language))
    return 0
