"""Cards of refusals, and of what is due and what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrm_lifecycle.law import wording
from rrm_lifecycle.law.wording import label, term_name
from rrm_lifecycle.views.cards.blocks import Card, Facts, Grid, Mark, Para
from rrm_lifecycle.views.cards.case import act_of, actor, due_grid, due_mark, is_over
from rrm_lifecycle.views.pages.words import said
from rrm_lifecycle.views.rows import by_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from rrm_lifecycle.case.agenda import Agenda, Due, Option, Options
    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.record.entry import Reason, Refusal
    from rrm_lifecycle.views.cards.blocks import Block, Cell, Piece


def reasons_grid(reasons: Iterable[Reason], language: str) -> Grid:
    """Return why an act is refused, a condition a row."""
    rows = [
        (
            one.rule or "",
            wording.needs(one.code, one.params, language),
            wording.found(one.code, one.params, language),
            wording.cited(one.provision or "", language),
            "" if one.opens is None else one.opens.isoformat(),
        )
        for one in reasons
    ]
    heads = tuple(said(key, language) for key in ("rule_head", "needs", "found", "set_by", "opens"))
    return Grid(said("reasons", language), heads, rows)


def of_refusal(refusal: Refusal, language: str) -> Card:
    """Return the card of a refusal: every reason, when it opens, and what is provided for."""
    items: list[tuple[str, Cell]] = [
        (said("case", language), refusal.case_id),
        (said("stage", language), label(refusal.stage, language)),
    ]
    if refusal.opens is not None:
        items.append((said("opens", language), refusal.opens.isoformat()))
    blocks: list[Block] = [Para((Mark(said("refused", language), "late"),)), Facts(tuple(items))]
    if refusal.no_rule:
        blocks.append(Para((said("no_rule", language),)))
    else:
        blocks.append(reasons_grid(refusal.reasons, language))
    provided = ", ".join(label(name, language) for name in refusal.provided_for) or said("no_options", language)
    blocks.append(Facts(((said("provided_for", language), provided),)))
    title = said("refused_title", language, event=act_of(refusal.event, language), on=refusal.event.on)
    return Card(said("refusal", language), title, tuple(blocks))


# ---- what is due -----------------------------------------------------------------------------------------------------
def of_agenda(agenda: Agenda, language: str) -> Card:
    """Return the card of an agenda."""
    over = sum(is_over(one.days_left, one.kind) for one in agenda)
    late: Piece = said("nothing_late", language)
    if over:
        late = Mark(said("overdue_one" if over == 1 else "overdue", language, count=over), "late")
    grid = due_grid(agenda.items, agenda.today, language)
    blocks: tuple[Block, ...] = (Para((late,)), grid) if agenda.items else (grid,)
    return Card(said("agenda", language), agenda.today.isoformat(), blocks)


def of_due(due: Due, language: str) -> Card:
    """Return the card of a limit that runs."""
    items: list[tuple[str, Cell]] = [
        (said("case", language), due.case_id),
        (said("due", language), due.due.isoformat() if due.due else said("no_last_day", language)),
        (said("left", language), due_mark(due.days_left, due.kind, language)),
        (said("who", language), actor(due.who, None, language)),
        (said("set_by", language), wording.cited(due.provision, language)),
        (said("rests_on", language), label(due.standing, language)),
    ]
    if due.opens:
        items.append((said("then", language), ", ".join(label(act, language) for act in due.opens)))
    return Card(said("limit", language), term_name(due.term, language), (Facts(tuple(items)),))


# ---- what may be done ------------------------------------------------------------------------------------------------
def _now(option: Option, language: str) -> Piece:
    if option.is_open:
        return Mark(said("open", language), "good")
    if option.opens is not None:
        return said("opens_on", language, day=option.opens)
    return said("shut", language)


def _act(option: Option, language: str) -> str:
    told = label(option.event, language)
    return told if option.having is None else f"{told} ({wording_of(option.having[1], language)})"


def wording_of(value: object, language: str) -> str:
    """Return the value of a field in words."""
    return label(value, language) if not isinstance(value, str) or hasattr(value, "name") else value


def options_grid(items: Sequence[Option], today: date, language: str, case: Case | None = None) -> Grid:
    """Return what may be done: the act, whose it is, whether it is open, and by which rule."""
    rows = []
    for one in items:
        unmet = tuple(wording.needs(reason.code, reason.params, language) for reason in one.reasons)
        rows.append((
            _act(one, language), actor(one.who, case, language), _now(one, language),
            by_rule(one, language), tuple(dict.fromkeys(unmet)),
        ))  # fmt: skip
    heads = tuple(said(key, language) for key in ("act", "who", "now", "rule_head", "needs"))
    return Grid(said("options_caption", language, today=today), heads, rows, empty=said("no_options", language))


def of_options(options: Options, language: str) -> Card:
    """Return the card of what may be done."""
    grid = options_grid(options.items, options.today, language)
    return Card(said("options", language), options.today.isoformat(), (grid,))


def of_option(option: Option, language: str) -> Card:
    """Return the card of an act that may be done."""
    items: list[tuple[str, Cell]] = [
        (said("now", language), _now(option, language)),
        (said("who", language), actor(option.who, None, language)),
        (said("rule_head", language), by_rule(option, language)),
    ]
    blocks: list[Block] = [Facts(tuple(items))]
    if option.reasons:
        blocks.append(reasons_grid(option.reasons, language))
    return Card(said("option", language), _act(option, language), tuple(blocks))
