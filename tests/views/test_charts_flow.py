"""The flow of cases: every case is in it, through the phases that it stood in, to its own end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.views.charts_drawn import ALIGNED, ONE, RUN

# isort: split
from matplotlib import pyplot as plt

from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.views.charts import plot as charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

OPEN: Final = tuple(phase for phase in Phase if phase is not Phase.RESOLVED)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def _heads(ax: Axes, language: str = "en") -> dict[str, str]:
    """Return the share that is written over each phase."""
    found = {}
    for one in ax.texts:
        name, _, share = one.get_text().replace("\n", " ").rpartition(" ")
        if name in {label(phase, language) for phase in OPEN}:
            found[name] = share
    return found


def test_shares_are_those_of_the_phases() -> None:
    """Over each phase stands the share of the paths that stood in it."""
    wanted = {label(Phase(row["phase"])): f"{row['share']:.0%}" for row in RUN.phases().rows()}
    assert _heads(charts.flow(RUN)) == wanted


def test_ends_are_those_of_the_outcomes() -> None:
    """Each end has its name and its share; the smallest ones stand together; together they are all paths."""
    ax = charts.flow(RUN, top=3)
    rows = RUN.outcomes("closing").rows()
    ends = [
        one.get_text().rpartition("  ")
        for one in ax.texts
        if one.get_text().endswith("%") and "\n" not in one.get_text()
    ]
    assert len(ends) == 4
    told = {name: float(share.rstrip("%")) for name, _, share in ends}
    for row in rows[:3]:
        assert told[label(RUN.program.outcomes[0][0].__class__(row["closing"]))] == pytest.approx(
            100 * row["share"], abs=0.051
        )
    assert told[f"the other {len(rows) - 3} together"] == pytest.approx(
        100 * sum(row["share"] for row in rows[3:]), abs=0.051
    )
    assert sum(told.values()) == pytest.approx(100.0, abs=0.3)


def test_real_cases() -> None:
    """Real cases are counted by the phases that they stood in, and open ones end as open."""
    ax = charts.flow(ALIGNED)
    stood = [
        {entry.stage.phase for entry in one.entries if isinstance(entry.stage, Stage)} | {one.case.phase}
        for one in ALIGNED
    ]
    reached = {phase: sum(phase in phases for phases in stood) / len(ALIGNED) for phase in OPEN}
    assert _heads(ax) == {label(phase): f"{share:.0%}" for phase, share in reached.items() if share}
    still = sum(not one.case.is_closed for one in ALIGNED) / len(ALIGNED)
    assert f"still open  {still:.1%}" in [one.get_text() for one in ax.texts]


def test_one_case() -> None:
    """One path is one band: it goes wholly through each of its phases, and to one end."""
    ax: Any = charts.flow(ONE)
    assert set(_heads(ax).values()) == {"100%"}
    assert sum(one.get_text().endswith("100.0%") for one in ax.texts) == 1


def test_in_spanish() -> None:
    """In Spanish the names of phases and ends are Spanish."""
    ax = charts.flow(ALIGNED, language="es")
    assert label(Phase.REMEDIATION, "es") in _heads(ax, "es")
    assert any(one.get_text().startswith("a\u00fan abiertos") for one in ax.texts)
    assert ax.get_title(loc="left") == "Por qu\u00e9 fases pasan los casos"
