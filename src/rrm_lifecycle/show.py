"""Displays and frames for values of every room, looked up by name when they are called for.

The one place where a lower room looks upward: the views stand above the values that they show, and a value that
is never shown loads no view.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def _view(module: str, function: str) -> Any:  # noqa: ANN401 - a view is found by name; its own module types it
    return getattr(import_module(f"rrm_lifecycle.views.{module}"), function)  # upward on purpose, see the docstring


class Shown:
    """What a person expects on a value: a data frame."""

    __slots__ = ()

    def to_frame(self, **options: object) -> pd.DataFrame:
        """Return the value as a pandas data frame.

        Raises:
            MissingExtra: pandas is not installed.
        """
        frame: pd.DataFrame = _view("frames", "to_frame")(self, **options)
        return frame
