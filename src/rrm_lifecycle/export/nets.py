"""The table as a Petri net in PNML (ISO/IEC 15909-2): a place for each stage, a transition for each row from a stage.

One token stands where the case stands, another where the customs hold stands. The net tells the order of acts alone;
time, facts and actors are no part of a place/transition net. A transition is named after the class of the act, as in
the event logs, so that a log can be replayed on the net.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.export.escaping import identifier, xml
from rrm_lifecycle.export.model import DEFAULT, stands
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.wording import label

_GRAMMAR: Final = "http://www.pnml.org/version-2009/grammar"
_TOOL: Final = "rrm-lifecycle"


def place_id(place: Stage | Hold) -> str:
    """Return the id of the place of a stage, or of the customs hold."""
    return f"{'hold' if isinstance(place, Hold) else 'stage'}_{place.value}"


def transition_id(row: Row, place: Stage | Hold) -> str:
    """Return the id of the transition of a row from a place."""
    return f"row_{identifier(row.id)}_{place.value}"


def pnml(
    annex: Annex = ANNEX_31A, language: str = "en", reading: Reading | None = None, *, customs: bool = True
) -> str:
    """Return the table as a place/transition net in PNML.

    The final markings, one for each place of the hold, stand in a ``finalmarkings`` element, as process miners read it.

    Args:
        annex: The Annex.
        language: Language of the names of the places.
        reading: The reading; our default if None.
        customs: Whether the customs hold stands beside the case.

    Example:
        >>> pnml().count("<place id=") == len(Stage) + len(Hold)
        True
    """
    return "\n".join([*_pnml(annex, language, reading or DEFAULT, customs=customs), ""])


def _pnml(annex: Annex, language: str, reading: Reading, *, customs: bool) -> Iterator[str]:
    places: tuple[Stage | Hold, ...] = (*Stage, *Hold) if customs else tuple(Stage)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<pnml xmlns="{_GRAMMAR}">'
    yield f'  <net id="annex_{identifier(annex.name)}" type="{_GRAMMAR}/ptnet">'
    yield f"    <name><text>{xml(str(annex))}</text></name>"
    yield '    <page id="table">'
    for place in places:
        starts = place in {Stage.ASSESSMENT, Hold.NONE}
        marking = "<initialMarking><text>1</text></initialMarking>" if starts else ""
        yield f'      <place id="{place_id(place)}"><name><text>{xml(label(place, language))}</text></name>{marking}</place>'
    for row in (*TABLE, *CUSTOMS):
        if stands(row, annex, reading):
            for place in row.stages:
                if place in places:
                    yield from _transition(row, place)
    yield "    </page>"
    yield from _final(customs=customs)
    yield "  </net>"
    yield "</pnml>"


def _transition(row: Row, place: Stage | Hold) -> Iterator[str]:
    name = transition_id(row, place)
    to = place if row.to is None else row.to
    told = (
        f'<toolspecific tool="{_TOOL}" version="1"><rule>{xml(row.id)}</rule><who>{row.who.value}</who></toolspecific>'
    )
    yield f'      <transition id="{name}"><name><text>{row.event.__name__}</text></name>{told}</transition>'
    yield f'      <arc id="{name}_in" source="{place_id(place)}" target="{name}"/>'
    yield f'      <arc id="{name}_out" source="{name}" target="{place_id(to)}"/>'


def _final(*, customs: bool) -> Iterator[str]:
    yield "    <finalmarkings>"
    for hold in Hold if customs else (None,):
        marked = [place_id(Stage.CLOSED), *([] if hold is None else [place_id(hold)])]
        tokens = "".join(f'<place idref="{place}"><text>1</text></place>' for place in marked)
        yield f"      <marking>{tokens}</marking>"
    yield "    </finalmarkings>"
