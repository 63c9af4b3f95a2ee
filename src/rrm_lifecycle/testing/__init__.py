"""A kit for testing what is built on this library: strategies, a machine, assertions, courses, a contract for stores.

Names load on first use. Those that draw examples need the extra ``test``; ``case_at``, the assertions, and the courses of
:mod:`rrm_lifecycle.case.paths` do without. ``StoreContract`` needs pytest.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; this page loads with pytest, in suites that have no use for the rest
if TYPE_CHECKING:
    from rrm_lifecycle.testing import strategies
    from rrm_lifecycle.testing.asserts import assert_admitted, assert_refused
    from rrm_lifecycle.testing.cases import case_at
    from rrm_lifecycle.testing.contract import StoreContract
    from rrm_lifecycle.testing.machine import CaseMachine
    from rrm_lifecycle.testing.visits import Visits, visited

_HOME = {
    "asserts": ("assert_admitted", "assert_refused"),
    "cases": ("case_at",),
    "contract": ("StoreContract",),
    "machine": ("CaseMachine",),
    "visits": ("Visits", "visited"),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "CaseMachine",
    "StoreContract",
    "Visits",
    "assert_admitted",
    "assert_refused",
    "case_at",
    "strategies",
    "visited",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    from importlib import import_module  # noqa: PLC0415 - not before a name is asked for

    if name == "strategies":
        return import_module(f"{__name__}.strategies")
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = globals()[name] = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
