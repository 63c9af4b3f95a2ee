"""Hypothesis, where it is installed: the one module of the kit that imports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrm_lifecycle.errors import MissingExtra

try:
    import hypothesis
    from hypothesis import stateful
    from hypothesis import strategies as st
    from hypothesis.vendor import pretty
except ImportError as error:  # pragma: no cover - tried in an environment of its own
    raise MissingExtra("test", "strategies") from error

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

__all__ = ["PROFILE", "hypothesis", "st", "stateful"]

PROFILE = "rrm"
"""Name of the profile that this module registers: cases are made by playing acts, which is slower than drawing numbers."""

hypothesis.settings.register_profile(
    PROFILE, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)


def _case(case: Any, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ANN401, ARG001, FBT001 - a printer
    lines = [f"    {entry.act.on} {type(entry.act).__name__} by row {entry.rule}" for entry in case.acts]
    printer.text("\n".join([repr(case), *lines]))


def _line(value: Any, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ANN401, ARG001, FBT001 - a printer
    printer.text(repr(value))


# Left to itself, Hypothesis shows every field of a value down to the last, which for a case are hundreds of lines.
pretty.for_type_by_name("rrm_lifecycle.case.case", "Case", _case)
for _module, _name in (
    ("rrm_lifecycle.law.annexes", "Annex"),
    ("rrm_lifecycle.law.readings", "Reading"),
    ("rrm_lifecycle.case.calendars", "Calendar"),
    ("rrm_lifecycle.testing.courses", "Course"),
    ("rrm_lifecycle.histories.history", "History"),
):
    pretty.for_type_by_name(_module, _name, _line)
