"""The rulebook's rules that no row and no term carries by id: where each is at home, and which are not modelled.

A rule is found by its id in :data:`~rrm_lifecycle.law.table.TABLE`, in :data:`~rrm_lifecycle.law.customs.CUSTOMS` or in
:data:`~rrm_lifecycle.law.terms.TERMS`. Every other rule stands on this page, once. A test compares it with the rulebook.
"""

from __future__ import annotations

from typing import Final

ELSEWHERE: Final[dict[str, str]] = {
    # ---- the United States ----
    "US-02": "`Origin.HOTLINE`: a tip starts no limit and moves no stage",
    "US-08": "row `A4-02`, which implements it, with the guards `REQUEST_DELIVERED` and `GOODS_NEXUS`",
    "US-09": "row `A4-16`, with the guards `STATUTORY_GROUND` and `GROUND_BORNE_OUT`",
    "US-11": "rows `A10-07a` and `A10-07b`, and the term `LIFTING`",
    # ---- the claim ----
    "A2-01": "guards `FACILITY_NAMED`, `LAW_NAMED` and `BASIS_STATED`",
    "A2-02": "guards `UNDER_ANNEX_23A` and `ORDER_ENFORCED`",
    "A2-03": "guard `FACTS_SINCE_ENTRY`, and the choice `only_facts_since_entry` of a reading",
    "A15-01": "guards `IN_TERRITORY` and `COVERED`",
    "A15-02": "guard `PRIORITY_SECTOR`",
    # ---- the panel ----
    "A5-01": "the rows of `PanelRequested`: each is one open gate (`A4-04a` to `A4-15`, `A10-08a`)",
    "A5-05": "the rows of `PanelRequested`: none of the complainant's ends; `PANEL_DECISION` is an alarm",
    "A8-01": "guard `BOTH_HEARD`",
    # ---- remedies ----
    "A10-02": "guard `WITHIN_TIER`, tier 1",
    "A10-03": "guards `WITHIN_TIER`, `REACH_SAME_OWNER` and `REACH_RELATED_GOODS`, tier 2",
    "A10-04": "guards `WITHIN_TIER` and `ENTRY_DENIAL_OF_GOODS`, tier 3",
    "A10-09": "row `A8-06a`, which closes the case and notes a hold that is left open (`HOLD_ENDED`)",
    # ---- of every case ----
    "X-01": "`day_after`: the day after the act is day 1",
    "X-02": "the choice `closing_days` of a reading, and the calendar of the context",
    "X-07": "guard `IN_FORCE`, which every row requires",
    # ---- Annex 31-B ----
    "B-01": "`ANNEX_31B`: it binds Canada and Mexico alone",
    "B-04": "rows `A4-01a` and `A4-01b`, under Annex 31-B",
    "B-05": "guard `BOARD_ORDER_ENFORCED`, which notes",
    "B-06": "one table for both Annexes: `Provision.in_31b` prints the twin",
}
"""Rule id: its home, with the names of the code in backquotes."""

NOT_MODELLED: Final[dict[str, str]] = {
    "US-12": "A panel's report is published by the complainant's organs; nothing in a case turns on it.",
    "US-13": "The yearly list of priority subsectors guides enforcement; it is no test of the Annex.",
    "A3-01": "The Parties keep the lists; a panelist says from which of them he or she was drawn.",
    "A5-04": "Who presides changes nothing that a case records; the text was not seen.",
    "A7-05": "Observers at a verification change nothing that a case records.",
    "A8-04": "How the members of a panel voted is not recorded; no source was found.",
    "A8-05": "A panel's view of severity is advice, and moves nothing; no source was found.",
    "A10-05": "Whether a remedy fits the severity is for a Chapter 31 panel; no source was found.",
    "A10-06": "The duty to keep consulting has no day and no consequence that a source states.",
    "A12-01": "What the article provides was not found.",
}
"""Rule id: why the library does not model it."""
