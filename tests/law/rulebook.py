"""The rulebook as data, and how its words map to ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from rrm_lifecycle.case.calendars import Unit
from rrm_lifecycle.law.terms import Kind

RULEBOOK: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "rulebook.json").read_text("utf-8"))
RULES: Final[dict[str, dict[str, Any]]] = {rule["id"]: rule for rule in RULEBOOK["rules"]}
KINDS: Final = {
    "hard-max": Kind.AT_MOST,
    "soft-max": Kind.ALARM,
    "min-wait": Kind.AT_LEAST,
    "max-bar": Kind.BAR,
    "min": Kind.UNTIL,
}
UNITS: Final = {
    "calendar": Unit.DAYS,
    "business": Unit.BUSINESS_DAYS,
    "years": Unit.YEARS,
    "date": None,
    "immediately": Unit.DAYS,
}
