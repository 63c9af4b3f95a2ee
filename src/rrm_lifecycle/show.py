"""Displays, frames and web types for values of every room, looked up by name when they are called for.

The one place where a lower room looks upward: the views and the shapes stand above the values that they show, and a
value that is never shown loads none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def _upward(module: str, function: str) -> Any:  # noqa: ANN401 - found by name; its own module types it
    return getattr(import_module(f"rrm_lifecycle.{module}"), function)  # upward on purpose, see the docstring


class WebType:
    """What a web framework expects of a value: pydantic asks it how it is read from JSON, written and described."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's own types
        """Return how pydantic reads and writes a value of the class; see :mod:`rrm_lifecycle.record.web`."""
        return _upward("record.web", "core_schema_of")(cls, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's own types
        """Return how an OpenAPI document describes a value of the class."""
        return _upward("record.web", "document_of")(cls, schema, handler)


class Shown(WebType):
    """What a person expects on a value: a data frame, and a chart."""

    __slots__ = ()

    def to_frame(self, **options: object) -> pd.DataFrame:
        """Return the value as a pandas data frame.

        Raises:
            MissingExtra: pandas is not installed.
        """
        frame: pd.DataFrame = _upward("views.frames", "to_frame")(self, **options)
        return frame

    def plot(self, **options: object) -> Axes:
        """Return a chart of the value, drawn with matplotlib; see :func:`rrm_lifecycle.views.charts.plot`.

        Raises:
            MissingExtra: matplotlib is not installed.
            TypeError: There is no chart of such a value.
        """
        axes: Axes = _upward("views.charts", "plot")(self, **options)
        return axes
