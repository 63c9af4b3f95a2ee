"""Displays, pages, frames and web types for values of every room, looked up by name when they are called for.

The one place where a lower room looks upward: the views and the shapes stand above the values that they show, and a
value that is never shown loads none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import os
    from collections.abc import Container
    from datetime import date
    from pathlib import Path

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


class Displayed:
    """A value that shows itself: in a notebook, as readable text, and as a page of its own."""

    __slots__ = ()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """Return the value as a notebook shows it: as HTML that needs nothing else, and as text."""
        bundle: dict[str, str] = _upward("views.cards.card", "bundle")(self)
        return {
            kind: told
            for kind, told in bundle.items()
            if (not include or kind in include) and (not exclude or kind not in exclude)
        }

    def __str__(self) -> str:
        """Return the value as readable text in English."""
        told: str = _upward("views.cards.card", "text_of")(self)
        return told

    @overload
    def to_html(self, path: None = ..., *, today: date | None = ..., language: str = ...) -> str: ...
    @overload
    def to_html(self, path: str | os.PathLike[str], *, today: date | None = ..., language: str = ...) -> Path: ...
    def to_html(
        self, path: str | os.PathLike[str] | None = None, *, today: date | None = None, language: str = "en"
    ) -> str | Path:
        """Write the value as a page that needs nothing else, and return its path; without a path, return the page.

        A docket, alignments and histories are written into a folder: a page a case, and ``index.html`` over them.

        Args:
            path: The file; for several cases the folder.
            today: The day from which a case is seen: what is due, and what is late. Its last day that is known if None.
            language: ``"en"`` or ``"es"``.

        Raises:
            EventError: There is no such language, ``today`` is no plain ``datetime.date`` or means nothing for such a
                value, or several cases are to be written without a folder.
            StorageError: It cannot be written there, or something else would be overwritten.
        """
        written: str | Path = _upward("views.pages.reports", "write")(self, path, today=today, language=language)
        return written


class Shown(WebType, Displayed):
    """What a person expects on a value: a display, a data frame, and a chart."""

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
        axes: Axes = _upward("views.charts.plot", "plot")(self, **options)
        return axes
