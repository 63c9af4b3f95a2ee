"""A case under the USMCA Rapid Response Labor Mechanism, as a finite state machine that cites the Annex.

The names that people use stand here; each loads on first use, so that importing the package costs next to nothing.

    >>> from datetime import date
    >>> import rrm_lifecycle as rrm
    >>> from rrm_lifecycle import events as did
    >>> case = rrm.Case.start("SLP-2024-01")
    >>> print(rrm.decide(case, did.ReviewAccepted(date(2024, 4, 10))).no_rule)
    True
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; importing `typing` would cost more than all of this page
if TYPE_CHECKING:
    from rrm_lifecycle import events, histories
    from rrm_lifecycle.about import cite
    from rrm_lifecycle.case.agenda import Agenda, Due, Option, Options, agenda, options
    from rrm_lifecycle.case.calendars import Calendar, Unit, closing_days_of, day_after
    from rrm_lifecycle.case.case import Case, Facts, evolve, replay
    from rrm_lifecycle.case.claim import (
        NOT_STATED,
        Claim,
        CoveredFacility,
        Determination,
        Element,
        Impact,
        Measure,
        NoDenialGround,
        NotStated,
        Origin,
        Panelist,
        PanelList,
        Party,
        Question,
        ReleaseGround,
        Remedy,
        Role,
        Sector,
    )
    from rrm_lifecycle.case.context import Context
    from rrm_lifecycle.case.deadlines import Limit
    from rrm_lifecycle.case.engine import decide, play
    from rrm_lifecycle.case.events import Event
    from rrm_lifecycle.case.impact import ImpactSum, impact
    from rrm_lifecycle.case.register import BadFaith, Basis, PriorDenial, Register
    from rrm_lifecycle.errors import (
        BehaviourError,
        CalendarEnd,
        CalendarError,
        ConcurrencyConflict,
        DuplicateCase,
        EventError,
        HistoryError,
        MissingExtra,
        ReadingError,
        ReadOnlyStore,
        RecordDamaged,
        RecordError,
        RecordTooNew,
        RefusedError,
        RRMError,
        SimulationError,
        StorageBusy,
        StorageError,
        StorageFull,
        TableError,
        TermError,
        TextError,
        UnknownCase,
        UnknownHistory,
    )
    from rrm_lifecycle.histories.alignment import Alignment, Alignments, align
    from rrm_lifecycle.histories.dataset import Histories, History, HistoryEvent
    from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
    from rrm_lifecycle.law.customs import CUSTOMS
    from rrm_lifecycle.law.provisions import PROVISIONS, Provision
    from rrm_lifecycle.law.readings import ClosingDays, Reading, choices
    from rrm_lifecycle.law.rows import Row
    from rrm_lifecycle.law.stages import Closing, Hold, Phase, Stage
    from rrm_lifecycle.law.table import TABLE
    from rrm_lifecycle.law.terms import TERMS, Kind, Standing, Term
    from rrm_lifecycle.law.wording import add_catalogue, label, languages
    from rrm_lifecycle.record.chain import Filed, Verified, dumps, loads, verify
    from rrm_lifecycle.record.course import (
        Preview,
    )
    from rrm_lifecycle.record.docket import Docket
    from rrm_lifecycle.record.entry import Entry, Finding, Outcome, Reason, Refusal, Track
    from rrm_lifecycle.record.filed import Document, Source
    from rrm_lifecycle.record.kept import (
        Attempt,
        Change,
        Correction,
        Erasure,
        Insert,
        Remark,
        Replace,
        Strike,
    )
    from rrm_lifecycle.record.proof.extract import (
        Extract,
        certification,
        read_extract,
    )
    from rrm_lifecycle.record.proof.keys import (
        SigningKey,
        Verifier,
        load_key,
        new_key,
    )
    from rrm_lifecycle.record.proof.receipts import (
        Proof,
        Receipt,
    )
    from rrm_lifecycle.record.recheck import Difference, Recheck, recheck
    from rrm_lifecycle.record.sealed import (
        sealed,
    )
    from rrm_lifecycle.record.wire import event_from_dict, event_to_dict, json_schema, to_dict
    from rrm_lifecycle.simulation.answers import (
        Answers,
        exact,
    )
    from rrm_lifecycle.simulation.behaviour import (
        Behaviour,
    )
    from rrm_lifecycle.simulation.days import (
        Days,
    )
    from rrm_lifecycle.simulation.forecasting import forecast
    from rrm_lifecycle.simulation.foreseen import Forecast
    from rrm_lifecycle.simulation.gallery import gallery
    from rrm_lifecycle.simulation.montecarlo import (
        simulate,
    )
    from rrm_lifecycle.simulation.recipe import (
        rerun,
    )
    from rrm_lifecycle.simulation.results import (
        Simulation,
    )
    from rrm_lifecycle.simulation.scenarios import Comparison, compare
    from rrm_lifecycle.simulation.sensitivity import (
        Sensitivity,
        sensitivity,
    )
    from rrm_lifecycle.simulation.survival import (
        Curve,
        kaplan_meier,
    )
    from rrm_lifecycle.views.map.diagram import diagram
    from rrm_lifecycle.views.picture import Diagram
    from rrm_lifecycle.views.timeline.draw import timeline

__version__ = "0.1.0"

_HOME = {
    "views.timeline.draw": ("timeline",),
    "views.picture": ("Diagram",),
    "views.map.diagram": ("diagram",),
    "about": ("cite",),
    "case.agenda": ("Agenda", "Due", "Option", "Options", "agenda", "options"),
    "case.calendars": ("Calendar", "Unit", "closing_days_of", "day_after"),
    "case.case": ("Case", "Facts", "evolve", "replay"),
    "case.claim": (
        "NOT_STATED",
        "Claim",
        "CoveredFacility",
        "Determination",
        "Element",
        "Impact",
        "Measure",
        "NoDenialGround",
        "NotStated",
        "Origin",
        "PanelList",
        "Panelist",
        "Party",
        "Question",
        "ReleaseGround",
        "Remedy",
        "Role",
        "Sector",
    ),
    "case.context": ("Context",),
    "case.deadlines": ("Limit",),
    "case.engine": ("decide", "play"),
    "case.events": ("Event",),
    "case.impact": ("ImpactSum", "impact"),
    "case.register": ("BadFaith", "Basis", "PriorDenial", "Register"),
    "histories.alignment": ("Alignment", "Alignments", "align"),
    "histories.dataset": ("Histories", "History", "HistoryEvent"),
    "law.annexes": ("ANNEX_31A", "ANNEX_31B", "Annex"),
    "law.customs": ("CUSTOMS",),
    "law.provisions": ("PROVISIONS", "Provision"),
    "law.readings": ("ClosingDays", "Reading", "choices"),
    "law.rows": ("Row",),
    "law.stages": ("Closing", "Hold", "Phase", "Stage"),
    "law.table": ("TABLE",),
    "law.terms": ("TERMS", "Kind", "Standing", "Term"),
    "law.wording": ("add_catalogue", "label", "languages"),
    "record.chain": ("Filed", "Verified", "dumps", "loads", "verify"),
    "record.docket": ("Docket",),
    "record.filed": ("Document", "Source"),
    "record.entry": ("Entry", "Finding", "Outcome", "Reason", "Refusal", "Track"),
    "record.recheck": ("Difference", "Recheck", "recheck"),
    "record.wire": ("event_from_dict", "event_to_dict", "json_schema", "to_dict"),
    "record.kept": (
        "Attempt",
        "Change",
        "Correction",
        "Erasure",
        "Insert",
        "Remark",
        "Replace",
        "Strike",
    ),
    "record.course": ("Preview",),
    "record.proof.receipts": (
        "Proof",
        "Receipt",
    ),
    "record.sealed": ("sealed",),
    "record.proof.keys": (
        "SigningKey",
        "Verifier",
        "load_key",
        "new_key",
    ),
    "record.proof.extract": (
        "Extract",
        "certification",
        "read_extract",
    ),
    "errors": (
        "BehaviourError",
        "CalendarEnd",
        "CalendarError",
        "ConcurrencyConflict",
        "DuplicateCase",
        "EventError",
        "HistoryError",
        "MissingExtra",
        "RRMError",
        "ReadOnlyStore",
        "ReadingError",
        "RecordDamaged",
        "RecordError",
        "RecordTooNew",
        "RefusedError",
        "SimulationError",
        "StorageBusy",
        "StorageError",
        "StorageFull",
        "TableError",
        "TermError",
        "TextError",
        "UnknownCase",
        "UnknownHistory",
    ),
    "simulation.behaviour": ("Behaviour",),
    "simulation.days": ("Days",),
    "simulation.montecarlo": ("simulate",),
    "simulation.results": ("Simulation",),
    "simulation.answers": (
        "Answers",
        "exact",
    ),
    "simulation.forecasting": ("forecast",),
    "simulation.foreseen": ("Forecast",),
    "simulation.gallery": ("gallery",),
    "simulation.scenarios": ("Comparison", "compare"),
    "simulation.sensitivity": (
        "Sensitivity",
        "sensitivity",
    ),
    "simulation.recipe": ("rerun",),
    "simulation.survival": (
        "Curve",
        "kaplan_meier",
    ),
}
_MODULES = ("events", "histories")
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "ANNEX_31A",
    "ANNEX_31B",
    "CUSTOMS",
    "NOT_STATED",
    "PROVISIONS",
    "TABLE",
    "TERMS",
    "Agenda",
    "Alignment",
    "Alignments",
    "Annex",
    "Answers",
    "Attempt",
    "BadFaith",
    "Basis",
    "Behaviour",
    "BehaviourError",
    "Calendar",
    "CalendarEnd",
    "CalendarError",
    "Case",
    "Change",
    "Claim",
    "Closing",
    "ClosingDays",
    "Comparison",
    "ConcurrencyConflict",
    "Context",
    "Correction",
    "CoveredFacility",
    "Curve",
    "Days",
    "Determination",
    "Diagram",
    "Difference",
    "Docket",
    "Document",
    "Due",
    "DuplicateCase",
    "Element",
    "Entry",
    "Erasure",
    "Event",
    "EventError",
    "Extract",
    "Facts",
    "Filed",
    "Finding",
    "Forecast",
    "Histories",
    "History",
    "HistoryError",
    "HistoryEvent",
    "Hold",
    "Impact",
    "ImpactSum",
    "Insert",
    "Kind",
    "Limit",
    "Measure",
    "MissingExtra",
    "NoDenialGround",
    "NotStated",
    "Option",
    "Options",
    "Origin",
    "Outcome",
    "PanelList",
    "Panelist",
    "Party",
    "Phase",
    "Preview",
    "PriorDenial",
    "Proof",
    "Provision",
    "Question",
    "RRMError",
    "ReadOnlyStore",
    "Reading",
    "ReadingError",
    "Reason",
    "Receipt",
    "Recheck",
    "RecordDamaged",
    "RecordError",
    "RecordTooNew",
    "Refusal",
    "RefusedError",
    "Register",
    "ReleaseGround",
    "Remark",
    "Remedy",
    "Replace",
    "Role",
    "Row",
    "Sector",
    "Sensitivity",
    "SigningKey",
    "Simulation",
    "SimulationError",
    "Source",
    "Stage",
    "Standing",
    "StorageBusy",
    "StorageError",
    "StorageFull",
    "Strike",
    "TableError",
    "Term",
    "TermError",
    "TextError",
    "Track",
    "Unit",
    "UnknownCase",
    "UnknownHistory",
    "Verified",
    "Verifier",
    "__version__",
    "add_catalogue",
    "agenda",
    "align",
    "certification",
    "choices",
    "cite",
    "closing_days_of",
    "compare",
    "day_after",
    "decide",
    "diagram",
    "dumps",
    "event_from_dict",
    "event_to_dict",
    "events",
    "evolve",
    "exact",
    "forecast",
    "gallery",
    "histories",
    "impact",
    "json_schema",
    "kaplan_meier",
    "label",
    "languages",
    "load_key",
    "loads",
    "new_key",
    "options",
    "play",
    "read_extract",
    "recheck",
    "replay",
    "rerun",
    "sealed",
    "sensitivity",
    "simulate",
    "timeline",
    "to_dict",
    "verify",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    from importlib import import_module  # noqa: PLC0415 - not before a name is asked for

    if name in _MODULES:
        value: object = import_module(f"{__name__}.{name}")
    elif name in _WHERE:
        value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    else:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
