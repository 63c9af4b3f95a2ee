"""INV-32 to INV-38, INV-40, INV-41, INV-43: the panel, and how acts are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Element, PanelList, Role
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry, Track
from tests.properties.checkers.run import Breach, Run, invariant, noted, role

Kinds = tuple[type[did.Event], ...]
IN_TURN: Final[tuple[Kinds, ...]] = (
    (did.PanelistsDrawn,),
    (did.PanelistReplaced,),
    (did.PanelConstituted,),
    (did.PetitionConfirmed,),
    (did.VerificationRequested,),
    (did.VerificationAccepted, did.VerificationRefused),
    (did.VerificationHeld, did.NoVerificationAsked),
    (did.DeterminationIssued,),
)
PLACE: Final = {kind: place for place, kinds in enumerate(IN_TURN) for kind in kinds}
ACTORS: Final[dict[Role, Kinds]] = {
    Role.PANEL: (did.DeterminationIssued,),
    Role.COMPLAINANT: (did.RemediesImposed, did.RemediesLifted),
    Role.SECRETARIAT: (did.PanelistsDrawn, did.PanelistReplaced),
}
GATES: Final = {
    Stage.REVIEW_REQUESTED: "A4-04",
    Stage.REVIEW_DECLINED: "A4-04",
    Stage.UNDER_REVIEW: "A4-15",
    Stage.NO_DENIAL_REPORTED: "A4-06",
    Stage.DENIAL_REPORTED: "A4-09",
    Stage.CURED_DENIAL_REPORTED: "A4-10",
    Stage.PARTIAL_DENIAL_REPORTED: "A4-11",
    Stage.COURSE_NOTICE_GIVEN: "A4-13",
    Stage.REMEDIES_IN_FORCE: "A10-08",
}
BY_LAPSE: Final[dict[Stage, tuple[str, Kinds]]] = {
    Stage.REVIEW_REQUESTED: ("reply", (did.ReviewRequested,)),
    Stage.DENIAL_REPORTED: ("consultations", (did.DenialReported,)),
}
SOFT: Final[dict[type[did.Event], tuple[str, ...]]] = {
    did.PetitionAccepted: ("screening", "claim_screening"),
    did.PetitionRejected: ("screening", "claim_screening"),
    did.ReviewRequested: ("self_initiation",),
    did.PanelRequested: ("panel_decision",),
    did.PanelistsDrawn: ("lot",),
    did.VerificationRequested: ("verification_call",),
    did.VerificationHeld: ("verification", "verification_visit"),
    did.DeterminationIssued: ("determination", "verified_determination"),
}


def petitions(run: Run) -> Iterator[tuple[int, Entry, list[Entry]]]:
    """Yield place and entry of each act of a panel, with the acts since the petition: the petition first, if any."""
    since: list[Entry] = []
    for n, entry in enumerate(run.acts):
        if isinstance(entry.event, did.PanelRequested):
            since = [entry]
        elif type(entry.act) in PLACE:
            yield n, entry, since
            since.append(entry)


@invariant("INV-32")
def three_members(run: Run) -> Iterator[Breach]:
    """Look for a panel that is not drawn one from each list, or whose joint member is a national of a Party."""
    for _, event, entry in run.of(did.PanelistsDrawn, did.PanelistReplaced):
        if event.panelists is NOT_STATED:
            yield Breach(entry, "three_panelists")
            continue
        joint = [one.national_of for one in event.panelists if one.drawn_from is PanelList.JOINT]
        if len(event.panelists) != 3 or {one.drawn_from for one in event.panelists} != set(PanelList):
            yield Breach(entry)
        elif joint == [NOT_STATED] or joint[0] in run.case.annex.parties:
            yield Breach(entry, "three_panelists" if joint == [NOT_STATED] else None)


@invariant("INV-33")
def in_turn(run: Run) -> Iterator[Breach]:
    """Look for acts of a panel out of turn or out of order of days, or without the confirmation of the petition."""
    for _, entry, since in petitions(run):
        earlier = [PLACE[type(one.act)] for one in since[1:]]
        confirmed = any(isinstance(one.event, did.PetitionConfirmed) for one in since)
        if (
            not since
            or PLACE[type(entry.act)] < max(earlier, default=0)
            or entry.act.on < since[-1].act.on
            or (
                PLACE[type(entry.act)] > PLACE[did.PetitionConfirmed]
                and not (confirmed or since[0].stage is Stage.REMEDIES_IN_FORCE)
            )
        ):
            yield Breach(entry)


@invariant("INV-34")
def all_elements(run: Run) -> Iterator[Breach]:
    """Look for a confirmation that does not record all three elements."""
    for _, event, entry in run.of(did.PetitionConfirmed):
        if event.elements is NOT_STATED or set(event.elements) != set(Element):
            yield Breach(entry, "elements_found" if event.elements is NOT_STATED else None)


@invariant("INV-35")
def verified_by_consent(run: Run) -> Iterator[Breach]:
    """Look for a verification to which the respondent did not consent last."""
    for _, entry, since in petitions(run):
        answers = [one for one in since if isinstance(one.event, IN_TURN[5])]
        if isinstance(entry.event, did.VerificationHeld) and not (
            answers and isinstance(answers[-1].event, did.VerificationAccepted)
        ):
            yield Breach(entry)


@invariant("INV-36")
def once_and_heard(run: Run) -> Iterator[Breach]:
    """Look for a second determination on one petition, and for one before both Parties could be heard."""
    for _, entry, since in petitions(run):
        if not isinstance(entry.event, did.DeterminationIssued):
            continue
        if not since or any(isinstance(one.event, did.DeterminationIssued) for one in since):
            yield Breach(entry)
        elif entry.event.heard is not True:
            yield Breach(entry, "both_heard" if entry.event.heard is NOT_STATED else None)


@invariant("INV-37")
def by_its_actor(run: Run) -> Iterator[Breach]:
    """Look for a determination, a remedy or a lot by somebody else than its actor."""
    for who, kinds in ACTORS.items():
        for _, event, entry in run.of(*kinds):
            if entry.by is not who or role(run, event.by) not in {None, who}:
                yield Breach(entry)


@invariant("INV-38")
def through_an_open_gate(run: Run) -> Iterator[Breach]:
    """Look for a petition for a panel that cites another gate than its stage's, or one that is not open."""
    for n, event, entry in run.of(did.PanelRequested):
        stage = entry.stage
        rule = (entry.rule or "").rstrip("abcdefgh")
        if not entry.provision or not rule or not isinstance(stage, Stage) or rule != GATES.get(stage):
            yield Breach(entry)
        elif stage in BY_LAPSE:
            term, kinds = BY_LAPSE[stage]
            due = run.due(term, run.last(*kinds, before=n), n)
            if due is None or event.on <= due:
                yield Breach(entry)
        elif stage is Stage.COURSE_NOTICE_GIVEN and run.is_late(
            n, "respondent_panel", run.last(did.RemediesNotified, before=n)
        ):
            yield Breach(entry)


@invariant("INV-40")
def alarms_alone(run: Run) -> Iterator[Breach]:
    """Look for a stage that changes between acts, and for an act past a soft limit without a note of it."""
    running: dict[str, Limit] = {}
    places: dict[Track, Stage | Hold] = {Track.CASE: Stage.ASSESSMENT, Track.HOLD: Hold.NONE}
    for entry in run.acts:
        if entry.stage is not places[entry.track]:
            yield Breach(entry)
        places[entry.track] = entry.to
        day = entry.act.known[0] if entry.act.known else entry.act.on
        for name in SOFT.get(type(entry.act), ()):
            limit = running.get(name)
            due = None if limit is None else limit.latest or limit.due
            theirs = name != "panel_decision" or entry.by is Role.COMPLAINANT
            if due is not None and day > due and theirs and not noted(entry, "within", name):
                yield Breach(entry)
        running = {name: limit for name, limit in running.items() if name not in entry.stopped}
        running |= {limit.term: limit for limit in entry.started}


@invariant("INV-41")
def extended_by_consent(run: Run) -> Iterator[Breach]:
    """Look for an extension without both; the Canadian office's own screening it extends itself (B-03)."""
    for _, event, entry in run.of(did.LimitExtended):
        who = Role.COMMITTEE if event.term == "claim_screening" and entry.by is Role.COMMITTEE else Role.BOTH
        if entry.by is not who or event.by not in {None, who}:
            yield Breach(entry)


@invariant("INV-43")
def one_closing(run: Run) -> Iterator[Breach]:
    """Look for a close without a closing, a closing without a close, and an act of the case after a close."""
    closed = False
    for entry in run.acts:
        if entry.track is Track.HOLD:
            continue
        if (entry.closing is not None) is not (entry.to is Stage.CLOSED):
            yield Breach(entry)
        if closed and not (run.context.reading.second_case_reopens and isinstance(entry.event, did.RemediesNotified)):
            yield Breach(entry)
        closed = entry.to is Stage.CLOSED
