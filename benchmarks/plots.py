"""Plots of growth: cost against size on two logarithmic axes, one picture for each report that holds curves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

_MARKS: Final = "osD^vP*X"
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#999999")
"""Colours that people of every colour vision tell apart."""
_POINTS: Final = re.compile(r'\b(width|height)="([\d.]+)pt"')
_STYLE: Final = {
    "svg.hashsalt": "rrm",  # so that the same figures give the same bytes
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10.0,
}


def curves_of(data: object) -> dict[str, Any]:
    """Return the curves that the figures of a report hold; none where they are of another kind."""
    if not isinstance(data, Mapping):
        return {}
    return {str(name): one for name, one in data.items() if isinstance(one, Mapping) and "points" in one}


def draw(curves: Mapping[str, Any], path: Path) -> bool:
    """Draw cost against size into an SVG; return whether matplotlib is there to draw it.

    Args:
        curves: For each kind of work its ``points`` (``n`` and ``seconds``) and its ``exponent``.
        path: The file.
    """
    if find_spec("matplotlib") is None:
        return False
    mpl: Any = import_module("matplotlib")
    with mpl.rc_context(_STYLE):
        figure: Any = import_module("matplotlib.figure").Figure(figsize=(7.2, 4.2), layout="constrained")
        axes = figure.add_subplot()
        for number, (name, one) in enumerate(curves.items()):
            points = one["points"]
            slope = "" if one["exponent"] is None else f", exponent {one['exponent']:.2f}"
            axes.plot(
                [at["n"] for at in points],
                [at["seconds"] for at in points],
                marker=_MARKS[number % len(_MARKS)],
                color=_COLOURS[number % len(_COLOURS)],
                label=name + slope,
            )
        axes.set(xscale="log", yscale="log", xlabel="how many", ylabel="seconds")
        axes.grid(visible=True, alpha=0.3)
        figure.legend(fontsize="small", loc="outside lower center", ncols=1, frameon=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.patch.set_facecolor("white")  # the page may be dark
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        drawn = path.read_text(encoding="utf-8")
        path.write_text(_POINTS.sub(r'\1="\2"', drawn, count=2), encoding="utf-8")  # some readers know no points
    return True


def draw_all(reports: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw each report that holds curves into ``growth-NAME.svg``, and return the files.

    Args:
        reports: The reports of a result, by name.
        folder: Where to.
    """
    drawn = []
    for name, one in reports.items():
        curves = curves_of(one["data"])
        path = folder / f"growth-{name}.svg"
        if curves and draw(curves, path):
            drawn.append(path)
    return drawn
