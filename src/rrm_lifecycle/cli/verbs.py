"""The verbs of the shell: one function each, which returns the exit status."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle import histories
from rrm_lifecycle.case.agenda import agenda as agenda_of
from rrm_lifecycle.case.agenda import options as options_of
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.cli import REFUSED
from rrm_lifecycle.cli.demo import demo as tell
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.wording import label, languages
from rrm_lifecycle.record.wire import event_from_text, to_dict
from rrm_lifecycle.views import rows

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from rrm_lifecycle.histories.alignment import Alignment
    from rrm_lifecycle.histories.dataset import Histories

PUBLIC: Final = "public"
"""The word for the histories that the library ships, where a file could stand."""


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _print_json(value: object) -> None:
    _print(json.dumps(value, ensure_ascii=False, indent=2))


def _language(chosen: argparse.Namespace) -> str:
    language: str = chosen.language
    if language not in languages():
        msg = f"there is no catalogue for the language {language!r}: choose one of {', '.join(languages())}"
        raise EventError(msg)
    return language


def _load(source: str, **options: Any) -> Histories:  # noqa: ANN401 - passed on
    return histories.load(None if source == PUBLIC else Path(source), **options)


def align(chosen: argparse.Namespace) -> int:
    """Play histories through the table."""
    language = _language(chosen)
    found = _load(chosen.source)
    aligned = align_all([found[chosen.case]] if chosen.case else found)
    if chosen.json:
        _print_json(to_dict(aligned, language=language))
    else:
        _print("\n\n".join(one.text(language) for one in aligned))
        _print("\n" + aligned.summary_text(language))
    return REFUSED if chosen.strict and any(one.deviations for one in aligned) else 0


def _one(chosen: argparse.Namespace, **options: Any) -> Alignment:  # noqa: ANN401 - passed on
    name: str = chosen.case
    return align_all([_load(chosen.source, **options)[name]])[name]


def agenda(chosen: argparse.Namespace) -> int:
    """Show what is due on a day, as things were known on that day."""
    language = _language(chosen)
    found = _load(chosen.source, known_by=chosen.today)
    aligned = align_all([found[chosen.case]] if chosen.case else found)
    due = sorted(
        (item for one in aligned for item in agenda_of(one.case, chosen.today)),
        key=lambda item: (item.due is None, item.due or chosen.today, item.case_id),
    )
    if chosen.json:
        _print_json({"today": chosen.today.isoformat(), "due": [to_dict(item, language=language) for item in due]})
    else:
        _print(rows.agenda_table(due, language))
    return 0


def ask(chosen: argparse.Namespace) -> int:
    """Say whether an act may be done on a day, as the case stood then, and if not, why."""
    language = _language(chosen)
    case = _one(chosen).case.until(chosen.on)
    event = event_from_text(chosen.event, chosen.on, chosen.by, _fields(chosen.fields))
    answer = decide(case, event)
    if chosen.json:
        _print_json(to_dict(answer, language=language))
    else:
        _print(answer.text(language))
    return 0 if answer.admitted else REFUSED


def _fields(words: list[str]) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            msg = f"a field is written as name=value, such as heard=true; found {word!r}"
            raise EventError(msg)
        fields[name] = value
    return fields


def options(chosen: argparse.Namespace) -> int:
    """Show which acts the table provides for, and which open when."""
    language = _language(chosen)
    case = _one(chosen, known_by=chosen.today).case
    found = options_of(case, chosen.today)
    if chosen.json:
        shown = [to_dict(one, language=language) for one in found]
        _print_json({"case": case.id, "stage": case.stage.value, "today": chosen.today.isoformat(), "options": shown})
    else:
        _print(f"{case.id}: {label(case.stage, language)}")
        _print(rows.options_table(found, language))
    return 0


def table(chosen: argparse.Namespace) -> int:
    """Show the transition table."""
    language = _language(chosen)
    annex = ANNEXES[chosen.annex]
    if chosen.json or chosen.format == "json":
        _print_json({"annex": annex.name, "rows": [to_dict(row, language=language) for row in rows.rows_of(annex)]})
    elif chosen.format == "markdown":
        _print(rows.law_markdown(annex, language))
    else:
        _print(rows.law_text(annex, language))
    return 0


def template(chosen: argparse.Namespace) -> int:
    """Write an empty CSV file for people's own histories; never over a file that is there."""
    _language(chosen)
    path = Path(chosen.file)
    histories.write_template(path)
    if chosen.json:
        _print_json({"written": str(path)})
    else:
        _print(
            f"{path}: one row a case, one column per event; days as 2023-05-03, 2023-05, 2023, 2023-05-03/2023-05-20 or ?"
        )
    return 0


def demo(chosen: argparse.Namespace) -> int:
    """Tell the real cases."""
    language = _language(chosen)
    if chosen.json:
        _print_json(to_dict(align_all(histories.load()), language=language))
    else:
        _print(tell(language))
    return 0
