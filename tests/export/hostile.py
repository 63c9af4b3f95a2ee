"""Names that mean something in one format or another, and cases that bear them."""

from __future__ import annotations

from datetime import date
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import play

NAMES: Final = (
    "<script>alert('x')</script>",
    'Planta "Uno" & Cía; \\, a:b',
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\uff1dcmd",
    "\uff20x",
    " =1+1",
    "]]> <!-- {{x}} ${y} `z` %% \\N",
    "مصنع الأول 🏭 工場",
    "Ñandú, S.A. de C.V.",
    "x" * 400 + "é🏭" * 40,
)


def case_of(name: str, number: int = 0) -> Case:
    """Return a case at a facility of that name, in which the request was made and the review accepted."""
    plant = CoveredFacility(name, country="MX", sector="manufacturing", goods_traded=True, owner=name, goods=(name,))
    asked = did.ReviewRequested(date(2024, 4, 1), facility=plant, laws=(name,), basis=name)
    return play(Case.start(f"a-{number}"), asked, did.ReviewAccepted(date(2024, 4, 9)))


CASES: Final = tuple(case_of(name, number) for number, name in enumerate(NAMES))
