"""Real cases, and people's own: the public record, patches and all, and how it plays through the table.

``rrm.histories.load()`` gives the cases that the library ships, each day with its source; ``load(path)`` and
``from_rows(rows)`` read yours.
"""

from rrm_lifecycle.histories.dataset import Edition, Histories, from_rows, load
from rrm_lifecycle.histories.event import HistoryEvent
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.spreadsheet import template, write_template
from rrm_lifecycle.histories.vocabulary import Confidence, EventType, FinalStatus

__all__ = [
    "Confidence",
    "Edition",
    "EventType",
    "FinalStatus",
    "Histories",
    "History",
    "HistoryEvent",
    "from_rows",
    "load",
    "template",
    "write_template",
]
