"""Tables of results: columns with a name and a type, as rows, as a data frame, and as text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import field, frozen

from rrm_lifecycle.errors import MissingExtra
from rrm_lifecycle.show import Shown

if TYPE_CHECKING:
    import pandas as pd

TEXT: Final = "object"
DAY: Final = "datetime64[s]"
WHOLE: Final = "Int64"
NUMBER: Final = "float64"
_MOST_LINES: Final = 20
_MOST_WIDE: Final = 120
_LEAST_WIDE: Final = 8


class Tabular(Shown):
    """A value that is a table."""

    __slots__ = ()

    @abstractmethod
    def columns(self) -> Mapping[str, str]:
        """Return the names of the columns in order, each with its type as pandas names it."""

    @abstractmethod
    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column, as sequences or arrays of one length."""

    def rows(self) -> list[dict[str, Any]]:
        """Return a dictionary a row, of plain Python values."""
        names = tuple(self.columns())
        arrays = self.arrays()
        plain = [one.tolist() if isinstance(one, np.ndarray) else one for one in (arrays[name] for name in names)]
        return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]

    def to_frame(self, **options: object) -> pd.DataFrame:
        """Return the table as a pandas data frame.

        Raises:
            MissingExtra: pandas is not installed.
            TypeError: An option is given; there are none.
        """
        if options:
            msg = f"the frame of a {type(self).__name__} takes no options; found {', '.join(options)}"
            raise TypeError(msg)
        try:
            import pandas as pd  # noqa: PLC0415 - loaded when the first frame is asked for
        except ImportError:
            raise MissingExtra(extra="notebook", feature="data frames") from None
        arrays = self.arrays()
        return pd.DataFrame({name: pd.Series(arrays[name], dtype=kind) for name, kind in self.columns().items()})

    def __str__(self) -> str:
        """Return the table as text; of a long one the first lines."""
        rows = self.rows()
        told = text_of(self.columns(), rows[:_MOST_LINES])
        more = len(rows) - _MOST_LINES
        return f"{told}\n… and {more} more" if more > 0 else told


@frozen(eq=True, repr=False)
class Table(Tabular):
    """A table of results.

    Attributes:
        name: What it tells.
        kinds: Its columns, each with its type.
        records: Its rows.

    Example:
        >>> table = Table("answers", {"phase": TEXT, "share": NUMBER}, [{"phase": "panel", "share": 0.25}])
        >>> print(table)
        phase  share
        -----  -----
        panel  25.0%
    """

    name: str
    kinds: Mapping[str, str] = field(hash=False)
    records: Sequence[Mapping[str, Any]] = field(hash=False)

    def columns(self) -> Mapping[str, str]:
        """Return the names of the columns in order, each with its type as pandas names it."""
        return self.kinds

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        return {name: [row[name] for row in self.records] for name in self.kinds}

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.records)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Yield the rows."""
        return iter(self.records)

    def __getitem__(self, place: int) -> Mapping[str, Any]:
        """Return the row at a place."""
        return self.records[place]

    def __repr__(self) -> str:
        """Return what it tells, and how many rows it has."""
        return f"<Table: {self.name}, {len(self)} row{'' if len(self) == 1 else 's'}>"[:120]


# ---- text ------------------------------------------------------------------------------------------------------------
_SHARES: Final = frozenset({"share", "low", "high", "upto"})


def text_of(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as text: numbers to the right, shares in percent, no line longer than 120 characters.

    Bounds of a share are shares; where the table has no share, low and high are bounds of a number, and told as one.
    """
    percent = _SHARES if {"share", "upto"} & columns.keys() and "days" not in columns else frozenset({"share", "upto"})
    cells = [[_cell(row[name], name, percent=name in percent) for name in columns] for row in rows]
    widths = [max(len(one[place]) for one in ([*columns], *cells)) for place in range(len(columns))]
    while sum(widths) + 2 * len(widths) > _MOST_WIDE and max(widths) > _LEAST_WIDE:
        widths[widths.index(max(widths))] -= 1
    lines = [[*columns], ["-" * wide for wide in widths], *cells]
    right = [kind in {WHOLE, NUMBER} for kind in columns.values()]
    return "\n".join(
        "  ".join(
            _cut(cell, wide).rjust(wide) if to_right else _cut(cell, wide).ljust(wide)
            for cell, wide, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cut(cell: str, wide: int) -> str:
    return cell if len(cell) <= wide else cell[: wide - 1].rstrip() + "…"


def _cell(value: object, name: str, *, percent: bool) -> str:
    if value is None:
        return "-"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}" if name == "quantile" else f"{value:.1%}" if percent else f"{value:.1f}"
    return str(value)
