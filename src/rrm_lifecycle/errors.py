"""The errors of the library.

::

    RRMError
    ├── EventError (ValueError)        an event, value or field is not what it says it is
    │   └── TextError                  text with control characters, bidi overrides or lone surrogates
    ├── TermError (ValueError)         a time limit cannot be counted as asked
    ├── CalendarError (ValueError)     a calendar is wrong, or lacks what is asked
    │   └── CalendarEnd                asked about a day that the calendar does not know
    ├── ReadingError (ValueError)      a reading sets what cannot be set
    ├── TableError (ValueError)        a law page contradicts itself (raised at import)
    ├── HistoryError (ValueError)      a file of histories cannot be read
    ├── UnknownHistory (KeyError)      no history of that id
    ├── UnknownCase (KeyError)         the docket holds no case of that id
    ├── DuplicateCase (ValueError)     the docket holds a case of that id already
    ├── RefusedError (ValueError)      an act was to be recorded and is refused; carries the refusal
    ├── BehaviourError (ValueError)    a behaviour says what no behaviour can, or what the law does not provide for
    ├── SimulationError                a program cannot be built, or a run cannot be finished
    ├── ConcurrencyConflict            somebody else recorded first; nothing was written
    ├── StorageError                   the storage cannot do what is asked; nothing was written
    │   ├── StorageFull                no room is left
    │   ├── StorageBusy                others held it for longer than was waited
    │   └── ReadOnlyStore              it may be read and not written
    ├── RecordError (ValueError)       bytes that are no record
    │   ├── RecordDamaged              a record that was altered, cut or put together
    │   └── RecordTooNew               a record of a later version of this library
    └── MissingExtra (ImportError)     a feature needs an extra that is not installed

Every message says what was asked, what stands in the way, and what opens the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrm_lifecycle.record.entry import Refusal


class RRMError(Exception):
    """The root of every error that this library raises on purpose."""


class EventError(RRMError, ValueError):
    """An event, a value or one of its fields is not what it has to be."""


class TextError(EventError):
    """Text holds what no reader could trust: control characters, bidi overrides, lone surrogates."""


class TermError(RRMError, ValueError):
    """A time limit cannot be counted as asked."""


class CalendarError(RRMError, ValueError):
    """A calendar is wrong, or lacks what is asked of it."""


class CalendarEnd(CalendarError):
    """A calendar was asked about a day that it does not know."""


class ReadingError(RRMError, ValueError):
    """A reading sets what cannot be set."""


class TableError(RRMError, ValueError):
    """A law page contradicts itself; the message names the row."""


class HistoryError(RRMError, ValueError):
    """A file of histories cannot be read; the message names case, event and field."""


class _KeyMessageError(RRMError, KeyError):
    """A KeyError whose text is its message, not the message's repr."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class UnknownHistory(_KeyMessageError):
    """No history of that id; the message names near ids."""


class UnknownCase(_KeyMessageError):
    """The docket holds no case of that id."""


class DuplicateCase(RRMError, ValueError):
    """The docket holds a case of that id already, or one that differs in letter case alone."""


class RefusedError(RRMError, ValueError):
    """An act was to be recorded and the table refuses it.

    Attributes:
        refusal: The refusal, with every reason.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal

    def __reduce__(self) -> tuple[type[RefusedError], tuple[Refusal]]:
        """Survive pickling, for instance on the way back from a worker process."""
        return (type(self), (self.refusal,))


class BehaviourError(RRMError, ValueError):
    """A behaviour says what no behaviour can say, or names an act that the law does not provide for."""


class SimulationError(RRMError):
    """A program cannot be built from law and behaviour, or a run cannot be finished; no partial result is given."""


class ConcurrencyConflict(RRMError):
    """Somebody else recorded in this case first; nothing was written."""


class StorageError(RRMError):
    """The storage cannot do what is asked; nothing was written."""


class StorageFull(StorageError):
    """No room is left; nothing was written, and recording goes on once there is room again."""


class StorageBusy(StorageError):
    """Others held the storage for longer than was waited; nothing was written."""


class ReadOnlyStore(StorageError):
    """The storage may be read and not written."""


class RecordError(RRMError, ValueError):
    """Bytes are no record of this library."""


class RecordDamaged(RecordError):
    """A record was altered, cut or put together; the message names the first broken place."""


class RecordTooNew(RecordError):
    """A record was written by a later version of this library."""


class MissingExtra(RRMError, ImportError):
    """A feature needs an extra that is not installed.

    Attributes:
        extra: Name of the extra.
        feature: What was asked for.
    """

    def __init__(self, extra: str, feature: str) -> None:
        install = f"python -m pip install 'rrm-lifecycle[{extra}]'"
        super().__init__(f"{feature} need the extra '{extra}', which is not installed: {install}")
        self.extra = extra
        self.feature = feature

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        """Survive pickling."""
        return (type(self), (self.extra, self.feature))
