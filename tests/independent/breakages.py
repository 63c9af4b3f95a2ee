"""Break the table on purpose, and see that the tools of other people find it.

    python -m tests.independent.breakages [--match TEXT]

Each breakage is exported in a process of its own; the claim of this folder is then made of that export, while all else
stays as it is, and has to fail. Prints a table in Markdown; exit status 1 where a breakage went unnoticed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.export.claims import CLAIMS
from rrm_lifecycle.law.annexes import ANNEX_31A
from tests.independent import (
    enumerated,
    readers,
    test_pm4py,
    test_readers,
    test_statemachine,
    test_stormpy,
    test_xstate,
)
from tests.independent.broken import Break, changed, dropped, export_of, longer, of_no_act, other_parties, without
from tests.independent.spin import EVERYWHERE, Checker
from tests.independent.walks import walks_of

Claim = Callable[[str, Path], list[str]]
"""Takes an export and an empty folder, and returns what disagrees."""


@frozen
class Breakage:
    """A breakage, and the claim that has to fail.

    Attributes:
        says: What is broken.
        tool: The tool.
        claimed: What it claims of the table as it is.
        export: Makes the export of what is broken.
        claim: The claim.
    """

    says: str
    tool: str
    claimed: str
    export: Callable[[], str]
    claim: Claim


def nothing() -> None:
    """Break nothing."""


# ---- Spin ------------------------------------------------------------------------------------------------------------
def _model(breaks: Break, name: str) -> str:
    def given() -> dict[str, Any]:
        claim = import_module("rrm_lifecycle.export.claims").Claim
        return {"more": [claim(EVERYWHERE.name, "", "", EVERYWHERE.formula)]}

    text = export_of(breaks, "export.promela", "promela", given=given)
    return re.sub(rf"^ltl (?!(?:{EVERYWHERE.name}|{name}) ).*\n", "", text, flags=re.MULTILINE)


def _spin(says: str, breaks: Break, name: str) -> Breakage:
    claim = next(one for one in CLAIMS if one.name == name)
    told = f"{claim.rule + ': ' if claim.rule else ''}{claim.says}"
    return Breakage(
        says, "Spin", told, lambda: _model(breaks, name), lambda text, folder: Checker.of(text, folder).refuted([name])
    )


def _can_end(text: str, folder: Path) -> list[str]:
    found = Checker.of(text, folder).broken()
    return [found] if found else []


def _dead(text: str, folder: Path) -> list[str]:
    found = Checker.of(text, folder, step_by_step=True).unreached()
    return [one for one in found if not one.startswith("X-03 at ")]


# ---- the others ------------------------------------------------------------------------------------------------------
def _of(module: str, function: str, breaks: Break) -> Callable[[], str]:
    return lambda: export_of(breaks, f"export.{module}", function)


@cache
def _runs() -> list[Any]:
    return walks_of((0, 600))


def _followed_by_xstate(text: str, folder: Path) -> list[str]:
    return test_xstate.follow(json.loads(text), _runs(), folder)


def _graph_of_xstate(text: str, folder: Path) -> list[str]:
    found = test_xstate.graph(json.loads(text), folder)
    paths = set(found["paths"]) ^ set(enumerated.simple_courses())
    return sorted({*(set(found["edges"]) ^ enumerated.edges()), *paths})


def _followed_by_scxml(text: str, _: Path) -> list[str]:
    return test_statemachine.follow(text, _runs())


def _chain(breaks: Break) -> str:
    def given() -> dict[str, Any]:
        answers = import_module("rrm_lifecycle.simulation.answers").exact()
        return {"program": answers.program, "weekday": answers.start.weekday()}

    return export_of(breaks, "export.prism", "prism", given=given)


def _swapped_chances() -> str:
    """Return the chain with the weights of the first two moves from its first place swapped."""
    text = _chain(nothing)
    line = next(one for one in text.splitlines() if one.count(" : ") > 1)
    weights: list[str] = re.findall(r"(\d+)/\d+ : ", line)
    least, most = min(weights, key=int), max(weights, key=int)
    other = {least: most, most: least}
    return text.replace(line, re.sub(r"\d+(?=/\d+ : )", lambda one: other.get(one[0], str(one[0])), line))


def _answers(text: str, _: Path) -> list[str]:
    return test_stormpy.differing(text, test_stormpy.ours())


def _samples(text: str, _: Path) -> list[str]:
    return test_stormpy.outside(text, test_stormpy.ours())


def _replayed(text: str, _: Path) -> list[str]:
    return list(test_pm4py.replay(text, test_pm4py.history_log())["problems"])


def _log_replayed(log: str, _: Path) -> list[str]:
    net = export_of(nothing, "export.nets", "pnml", given=lambda: {"customs": False})
    return [f"{case}: {acts[0]}" for case, acts in test_pm4py.replay(net, log)["problems"].items()]


def _drawn(found: set[tuple[str, str]]) -> list[str]:
    kept = {one for one in found if not test_readers.ENDS & set(one)}
    return sorted(" to ".join(one) for one in kept ^ test_readers.arrows(ANNEX_31A))


_RUNS: Final = "10,000 runs: stage, hold and registers"
_GRAPH: Final = "stages, edges and simple courses to a close"
_REQUESTED: Final = "consultations"
BREAKAGES: Final[tuple[Breakage, ...]] = (
    _spin("A closed case may be accepted for review (A4-03c)",
          changed("A4-03c", stages=("review_declined", "closed")), "closed_is_final"),
    _spin("A settlement closes without a closing (A4-05e)", changed("A4-05e", closes=None), "one_closing"),
    _spin("A withdrawal stops no limit (X-06)", changed("X-06", stops=()), "closed_runs_nothing"),
    _spin("The acceptance of a petition leads to the request (US-06)",
          changed("US-06", to="review_requested"), "request_before_treaty_stages"),
    _spin("A rejection leads on (US-05)", changed("US-05", to="request_due", closes=None), "rejected_is_not_requested"),
    _spin("A panel may be asked for where the request is due (A4-04b)",
          changed("A4-04b", stages=("request_due",)), "request_before_panel"),
    _spin("A petition needs no acceptance (US-01)", changed("US-01", to="request_due"), "accepted_before_request"),
    _spin("A hold needs no request (A4-02)", changed("A4-02", requires=()), "request_before_hold"),
    _spin("Duties need no determination (US-10)", changed("US-10", requires=()), "denial_before_hold_applied"),
    _spin("A report of no Denial starts consultations (A4-05a)",
          changed("A4-05a", starts=(_REQUESTED,)), "report_before_consultations"),
    _spin("The complainant alone agrees a course (A9-01a)", changed("A9-01a", who="complainant"), "both_consent"),
    _spin("The respondent alone extends a limit (X-03)", changed("X-03", who="respondent"), "both_extend"),
    _spin("Remedies while the course runs (A4-14a)",
          changed("A4-14a", stages=("course_notice_given", "course_running")), "course_ends_before_remedies"),
    _spin("The notice after a determination is one after a course (A10-01a)",
          changed("A10-01a", to="course_notice_given"), "course_before_its_notice"),
    _spin("Remedies without notice (A4-14a)", changed("A4-14a", stages=("course_disputed",)), "notice_before_remedies"),
    _spin("Remedies before the 15 days are over (A4-14a)", changed("A4-14a", requires=()), "fifteen_days_of_notice"),
    _spin("A respondent's request for a panel leads nowhere (A4-13)",
          changed("A4-13", to="course_notice_given"), "no_remedy_while_panel_is_asked"),
    _spin("Remedies before the 5 business days are over (A4-14b)",
          changed("A4-14b", stages=("remedies_notified",)), "five_days_of_notice"),
    _spin("Remedies on a disputed course (A10-01b)",
          changed("A10-01b", stages=("course_disputed",), requires=()), "ground_of_remedies"),
    _spin("A finding of no Denial leads to remedies (A8-06a)",
          changed("A8-06a", to="denial_determined", closes=None), "no_remedy_without_denial"),
    _spin("A panel is constituted without a lot (A5-02c)",
          changed("A5-02c", stages=("panel_requested",)), "drawn_before_constituted"),
    _spin("A determination without confirmation (A8-03)",
          changed("A8-03", stages=("panel_constituted",)), "confirmed_before_determined"),
    _spin("A verification without consent (A7-03)",
          changed("A7-03", stages=("verification_requested",)), "consent_before_verification"),
    _spin("A determination leaves the panel deliberating (A8-02)", changed("A8-02", to="deliberating"), "one_determination"),
    _spin("The complainant determines (A8-02)", changed("A8-02", who="complainant"), "panel_determines"),
    _spin("The respondent lifts remedies (A10-07b)", changed("A10-07b", who="respondent"), "complainant_imposes"),
    _spin("The respondent draws the lot (A5-02a)", changed("A5-02a", who="respondent"), "secretariat_draws"),
    Breakage("No withdrawal and no dropping (X-06, X-04c)", "Spin", "Every case can end.",
             lambda: _model(dropped("X-06", "X-04c"), EVERYWHERE.name), _can_end),
    Breakage("No refusal of a review (A4-03b)", "Spin", "No row is dead.",
             lambda: _model(dropped("A4-03b"), EVERYWHERE.name), _dead),
    _spin("Annex 31-A is one of the United States and Canada", other_parties, "parties_of_the_annex"),
    _spin("A petitioner requests a review (A4-01a)", changed("A4-01a", who="petitioner"), "no_private_party"),
    _spin("A request without its territory (A4-01a)", without("A4-01a", "in_territory"), "facility_in_territory"),
    _spin("A request without coverage (A4-01a)", without("A4-01a", "covered"), "facility_covered"),
    _spin("A request in any sector (A4-01b)", without("A4-01b", "priority_sector"), "facility_covered"),
    _spin("A request without a law (A4-01a)", without("A4-01a", "law_named"), "law_relied_on"),
    _spin("A request on any law of Mexico (A4-01b)", without("A4-01b", "under_annex_23a"), "law_relied_on"),
    _spin("A request without an enforced order (A4-01a)", without("A4-01a", "order_enforced"), "law_relied_on"),
    _spin("A hold without goods (A4-02)", without("A4-02", "goods_nexus"), "hold_of_goods"),
    _spin("The notice alone brings remedies into force (A10-01a)",
          changed("A10-01a", to="remedies_in_force"), "hold_is_no_remedy"),
    _spin("A hold is released on any ground (A4-16)", without("A4-16", "statutory_ground"), "hold_ends_on_a_ground"),
    _spin("A request does not start the review (A4-01b)", changed("A4-01b", starts=("reply",)), "review_from_the_request"),
    _spin("The acceptance starts the review (A4-03a)",
          changed("A4-03a", starts=("review",), stops=("reply", "review")), "review_starts_once"),
    _spin("A cured Denial is reported as a Denial (A4-05c)",
          changed("A4-05c", to="denial_reported"), "outcome_of_the_review"),
    _spin("A course without an end (A4-08a)", without("A4-08a", "end_stated"), "end_of_the_course"),
    _spin("Any tier at once (A10-01b)", without("A10-01b", "within_tier"), "prior_denials_of_tiers"),
    _spin("A course counts as a Denial (A4-08a)",
          changed("A4-08a", sets={"determination": "denial"}), "denial_by_determination"),
    _spin("Entry is denied to services (A4-14a)", without("A4-14a", "entry_denial_of_goods"), "entry_denied_to_goods"),
    _spin("Any panelist replaces another (A5-03)", without("A5-03", "three_panelists"), "three_of_three_lists"),
    _spin("A petition is confirmed unread (A6-01)", without("A6-01", "elements_found"), "three_elements"),
    _spin("A Party is not heard (A8-03)", without("A8-03", "both_heard"), "both_are_heard"),
    _spin("A panel is asked for before the reply is due (A4-04a)", without("A4-04a", "lapsed"), "one_open_gate"),
    _spin("Acts before the treaty is in force", of_no_act, "treaty_in_force"),
    _spin("A second case under the same id (A4-01a)", without("A4-01a", "new_id"), "case_of_its_own"),
    _spin("A request while a bar runs (A4-01b)", without("A4-01b", "bar_over"), "no_bar_runs"),
    Breakage("A row led elsewhere (A4-03b)", "XState", _RUNS,
             _of("statecharts", "xstate", changed("A4-03b", to="under_review")), _followed_by_xstate),
    Breakage("A guard removed (A4-01a)", "XState", _RUNS,
             _of("statecharts", "xstate", changed("A4-01a", requires=())), _followed_by_xstate),
    Breakage("A limit is not started (A4-01a)", "XState", _RUNS,
             _of("statecharts", "xstate", changed("A4-01a", starts=())), _followed_by_xstate),
    Breakage("A row dropped (A4-03c)", "xstate/graph", _GRAPH,
             _of("statecharts", "xstate", dropped("A4-03c")), _graph_of_xstate),
    Breakage("A row led elsewhere (A4-03b)", "python-statemachine", _RUNS,
             _of("statecharts", "scxml", changed("A4-03b", to="under_review")), _followed_by_scxml),
    Breakage("A guard removed (A4-01a)", "python-statemachine", _RUNS,
             _of("statecharts", "scxml", changed("A4-01a", requires=())), _followed_by_scxml),
    Breakage("Another acts (A4-01a)", "python-statemachine", _RUNS,
             _of("statecharts", "scxml", changed("A4-01a", who="respondent")), _followed_by_scxml),
    Breakage("The reply is due a day later", "stormpy", "probabilities and expected days to 1e-9",
             lambda: _chain(longer("reply")), _answers),
    Breakage("Two chances swapped in the export", "stormpy", "probabilities and expected days to 1e-9",
             _swapped_chances, _answers),
    Breakage("Two chances swapped in the export", "stormpy", "the share of each closing is in our interval",
             _swapped_chances, _samples),
    Breakage("A row dropped (A4-03a)", "pm4py", "aligned histories replay with fitness 1",
             _of("nets", "pnml", dropped("A4-03a")), _replayed),
    Breakage("Two acts of the log swapped", "pm4py", "simulated cases replay with fitness 1",
             lambda: test_pm4py.swapped(test_pm4py.simulated_log()), _log_replayed),
    Breakage("A row dropped (A4-03c)", "Graphviz", "each stage and each arrow",
             _of("graphs", "dot", dropped("A4-03c")), lambda text, _: _drawn(readers.dot_arrows(text)[1])),
    Breakage("A row dropped (A4-03c)", "mermaid", "each stage and each arrow",
             _of("graphs", "mermaid", dropped("A4-03c")),
             lambda text, folder: _drawn(readers.mermaid_arrows(text, folder)[1])),
)  # fmt: skip
"""Every breakage that is tried: each claim of the folder fails once."""


def main() -> int:
    """Try the breakages."""
    parser = argparse.ArgumentParser(prog="python -m tests.independent.breakages")
    parser.add_argument("--match", default="", help="those alone whose tool or words hold this text")
    match = parser.parse_args().match
    unnoticed = 0
    print("| broken on purpose | tool | claim that failed | found |\n| --- | --- | --- | --- |")
    for one in BREAKAGES:
        if match not in f"{one.tool} {one.says} {one.claimed}":
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = one.claim(one.export(), Path(folder))
        unnoticed += not found
        told = f"{len(found)}, such as `{found[0][:70]}`" if found else "**nothing**"
        print(f"| {one.says} | {one.tool} | {one.claimed} | {told} |".replace("||", "or"), flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
