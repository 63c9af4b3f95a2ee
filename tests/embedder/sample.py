"""A small tracker that embeds the library and uses each public name.

Checked with ``mypy --strict`` and ``pyright`` against the installed wheel, and run as a test: what it prints is what an
embedder gets. It is written as an application would be, not as a test.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did

PLANT = rrm.CoveredFacility(
    "Planta Uno",
    country=rrm.Party.MX,
    sector=rrm.Sector.MANUFACTURING,
    goods_traded=True,
    owner="Uno S.A.",
    goods=("brake parts",),
)


def bring(docket: rrm.Docket) -> rrm.Case:
    """Open a case and record its first acts."""
    case: rrm.Case = docket.start("SLP-2024-01", annex=rrm.ANNEX_31A, origin=rrm.Origin.SELF_INITIATED)
    case = docket.record(
        case,
        did.ReviewRequested(
            date(2024, 4, 1), facility=PLANT, laws=("LFT art. 390 bis",), basis="dismissals after a vote"
        ),
        recorded_by="clerk-7",
        source=rrm.Source(url="https://example.org/request"),
        documents=(rrm.Document("request.pdf", "ab" * 32, 12_345),),
    )
    return docket.record(case, did.ReviewAccepted(date(2024, 4, 10), by=rrm.Role.RESPONDENT))


def look(docket: rrm.Docket, case: rrm.Case) -> list[str]:
    """Return what a dashboard would show of a case."""
    today = date(2024, 4, 12)
    lines = [f"{rrm.label(case.phase)} / {rrm.label(case.stage)} / {rrm.label(case.stage, 'es')}"]
    agenda: rrm.Agenda = docket.agenda(today)
    first: rrm.Due = agenda[0]
    lines += [f"{due.term} {due.due} {due.days_left} {due.who.value} {due.opens}" for due in agenda]
    found: rrm.Options = docket.options(case, today)
    option: rrm.Option = found[0]
    lines += [f"open to {one.who.value}: {one.event.__name__}" for one in found if one.is_open]
    assert first.days_left is not None
    assert option.is_open
    assert rrm.agenda(case, today).items == agenda.items
    assert len(rrm.options(case, today)) == len(found)
    return lines


def why_not(docket: rrm.Docket, case: rrm.Case) -> tuple[str, date | None]:
    """Return why a panel may not be asked for, and from when on it may."""
    answer: rrm.Entry | rrm.Refusal = docket.ask(case, did.PanelRequested(date(2024, 4, 12)))
    if isinstance(answer, rrm.Refusal):
        reason: rrm.Reason = answer.reasons[0]
        assert reason.needs
        assert reason.found
        return answer.text("en"), answer.opens
    return str(answer), None


def what_if(case: rrm.Case) -> rrm.Case:
    """Play a branch: values, nothing recorded."""
    reading = rrm.Reading(roll_over=True, closing_days=rrm.ClosingDays.EITHER, terms=[rrm.TERMS[0].off()])
    context = rrm.Context(reading=reading, calendar=rrm.closing_days_of("MX"), register=rrm.Register.of([case]))
    entry = rrm.decide(case, did.DenialReported(date(2024, 5, 17)), context=context)
    assert isinstance(entry, rrm.Entry)
    findings: tuple[rrm.Finding, ...] = entry.findings
    assert findings[0].outcome is rrm.Outcome.UNMET
    limits: tuple[rrm.Limit, ...] = entry.started
    assert limits[0].due == date(2024, 5, 27)
    assert entry.track is rrm.Track.CASE
    branch = rrm.evolve(case, entry)
    assert rrm.replay(branch.path) == branch
    course = did.CourseAgreed(date(2024, 5, 24), agreed_end=rrm.NOT_STATED)
    return rrm.play(branch, course, context=context)


def panel() -> tuple[did.Event, ...]:
    """Return acts of a panel, typed."""
    lists = (rrm.PanelList.COMPLAINANT, rrm.PanelList.RESPONDENT, rrm.PanelList.JOINT)
    drawn = tuple(rrm.Panelist(one) for one in lists)
    outcome = rrm.Impact(measures=(rrm.Measure.UNION_ELECTION,), workers_benefited=120, source="https://example.org")
    return (
        did.PanelistsDrawn(date(2024, 9, 2), panelists=drawn),
        did.PetitionConfirmed(date(2024, 9, 9), elements=tuple(rrm.Element)),
        did.DeterminationIssued(date(2024, 10, 9), finding=rrm.Determination.DENIAL, heard=True),
        did.NoDenialReported(date(2024, 5, 16), ground=rrm.NoDenialGround.SCOPE),
        did.HoldReleased(date(2024, 5, 16), ground=rrm.ReleaseGround.ABSENCE_AGREED),
        did.RemediesImposed(date(2024, 11, 5), tier=1, measure=rrm.Remedy.PENALTY),
        did.MatterSettled(date(2024, 12, 5), outcome=outcome),
    )


def keep(docket: rrm.Docket, case: rrm.Case) -> tuple[int, str]:
    """Verify, hand over and read back the record of a case."""
    verified: rrm.Verified = docket.verify()
    filed: tuple[rrm.Filed, ...] = docket.history(case)
    data = rrm.dumps(case)
    assert rrm.loads(data) == case
    assert rrm.verify(data).entries == len(filed)
    again: rrm.Recheck = rrm.recheck(case)
    differences: tuple[rrm.Difference, ...] = again.differences
    assert not differences
    return verified.entries, filed[-1].hash


def mend(docket: rrm.Docket, case: rrm.Case) -> rrm.Case:
    """Correct a course, keep words and a name that can be erased, and see what was refused."""
    strike: rrm.Change = rrm.Strike(1)
    preview: rrm.Preview = docket.correct(
        case, strike, rrm.Insert(0, case.acts[0].act), reason="read again", preview=True
    )
    kept: rrm.Correction = preview.correction
    assert kept.since == 1
    case = docket.correct(case, rrm.Replace(1, case.acts[0].act), reason="read again")
    receipt: rrm.Receipt = docket.remark(case, rrm.sealed("told by Juana"), on=date(2024, 5, 2))
    proof: rrm.Proof = docket.prove(receipt)
    assert proof.holds()
    docket.erase(case, receipt.seq, "remark", reason="she asked for it")
    kinds: list[type[object]] = [type(filed.entry) for filed in docket.history(case)]
    assert kinds[-3:] == [rrm.Correction, rrm.Remark, rrm.Erasure]
    assert all(isinstance(filed.entry, rrm.Attempt) for filed in docket.attempts(case))
    return case


def sign(docket: rrm.Docket, case: rrm.Case) -> str:
    """Hand one case to the other side, signed; needs the extra ``signing``."""
    key: rrm.SigningKey = rrm.load_key(rrm.new_key("clerk").write("clerk.key"))
    verifier: rrm.Verifier = key.verifier
    extract: rrm.Extract = rrm.read_extract(docket.extract(case), verifier)
    return rrm.certification(extract)


def trouble(error: rrm.StorageError) -> str:
    """Say what kind of trouble the storage has."""
    if isinstance(error, rrm.StorageFull):
        return "full"
    if isinstance(error, rrm.StorageBusy):
        return "busy"
    return "read-only" if isinstance(error, rrm.ReadOnlyStore) else "other"


def as_json(case: rrm.Case) -> dict[str, object]:
    """Return a case as JSON for a web page, and take an act from a form."""
    act: rrm.Event = rrm.event_from_dict({"event": "ReviewAccepted", "on": "2024-04-10"})
    assert rrm.event_to_dict(act)["event"] == "ReviewAccepted"
    assert rrm.json_schema(did.ReviewAccepted)["type"] == "object"
    return dict(rrm.to_dict(case, language="es"))


def the_public_record() -> tuple[str, int]:
    """Return where Goodyear's case stands, and how many workers the public record says have benefited."""
    public: rrm.Histories = rrm.histories.load()
    history: rrm.History = public["goodyear-slp"]
    first: rrm.HistoryEvent = history.events[0]
    assert first.date is not None
    aligned: rrm.Alignment = rrm.align(history)
    total: rrm.ImpactSum = rrm.impact(public)
    return str(aligned.case.closing), total.workers_benefited


def the_law() -> list[str]:
    """Return a few words of the law pages."""
    row: rrm.Row = rrm.TABLE[0]
    provision: rrm.Provision = rrm.PROVISIONS[0]
    term: rrm.Term = rrm.TERMS[0]
    annex: rrm.Annex = rrm.ANNEX_31B
    assert rrm.choices()["roll_over"].ambiguity == "AMB-02"
    assert rrm.CUSTOMS[0].stages == (rrm.Hold.NONE,)
    assert term.kind is rrm.Kind.ALARM
    assert term.number is rrm.Standing.TEXT
    assert term.unit is rrm.Unit.DAYS
    assert rrm.Stage.CLOSED.phase is rrm.Phase.RESOLVED
    assert str(rrm.Closing.SETTLED) == "settled"
    assert rrm.day_after(date(2024, 4, 1), 10, rrm.Unit.DAYS) == date(2024, 4, 11)
    assert "en" in rrm.languages()
    missing = rrm.add_catalogue("fr", {"stage.closed": "clos"})
    return [row.id, provision.in_31a, annex.name, str(len(missing) > 0), rrm.cite()[:9], rrm.__version__]


def values() -> tuple[object, ...]:
    """Return the values that an application makes by hand."""
    calendar: rrm.Calendar = rrm.closing_days_of(rrm.Party.US)
    prior = rrm.PriorDenial("OLD-1", PLANT, date(2023, 1, 1), rrm.Basis.PANEL)
    bad_faith = rrm.BadFaith(rrm.Party.US, date(2023, 1, 1))
    register = rrm.Register((prior,), (bad_faith,))
    question = rrm.Question.IS_THERE_A_DENIAL
    claim, facts, not_stated = rrm.Claim(), rrm.Facts(), rrm.NotStated.NOT_STATED
    return calendar, register, question, claim, facts, not_stated, rrm.Alignments


def pictures(case: rrm.Case, folder: Path) -> tuple[str, str]:
    """Draw the map and the case in time, and write a report."""
    drawn: rrm.Diagram = rrm.diagram(case, language="es")
    drawn.save(folder / "map.svg")
    in_time: rrm.Diagram = rrm.timeline(case, today=date(2024, 6, 1))
    case.to_html(folder / "case.html")
    return drawn.alt, in_time.svg


def many(case: rrm.Case) -> tuple[float, ...]:
    """Simulate, answer exactly, forecast, compare; needs the extra ``simulation``."""
    base: rrm.Behaviour = rrm.Behaviour.default().with_days(rrm.Stage.DELIBERATING, did.DeterminationIssued, at_most=30)
    run: rrm.Simulation = rrm.simulate(base, n=1_000, seed=7)
    curve: rrm.Curve = run.survival()
    answers: rrm.Answers = rrm.exact(base)
    ahead: rrm.Forecast = rrm.forecast(case, today=date(2024, 6, 1))
    found: rrm.Comparison = rrm.compare(base, n=1_000, seed=7, **rrm.gallery(base))
    doubts: rrm.Sensitivity = rrm.sensitivity(base, of="days")
    run.save("run.json")
    assert rrm.rerun("run.json").digest == run.digest
    seen = rrm.kaplan_meier([3, 5, 8])
    days: rrm.Days = rrm.Days.exactly(30)
    return (
        curve.at(100),
        answers.mean,
        ahead.within(100),
        float(len(found.rows()) + len(doubts.rows())),
        seen.at(4),
        days.mean,
    )


ERRORS: tuple[type[rrm.RRMError], ...] = (
    rrm.BehaviourError,
    rrm.CalendarEnd,
    rrm.CalendarError,
    rrm.ConcurrencyConflict,
    rrm.DuplicateCase,
    rrm.EventError,
    rrm.HistoryError,
    rrm.MissingExtra,
    rrm.ReadingError,
    rrm.RecordDamaged,
    rrm.RecordError,
    rrm.RecordTooNew,
    rrm.RefusedError,
    rrm.SimulationError,
    rrm.TableError,
    rrm.TermError,
    rrm.TextError,
    rrm.UnknownCase,
    rrm.UnknownHistory,
)


def main() -> None:
    """Run the tracker."""
    docket = rrm.Docket.in_memory(context=rrm.Context())
    case = bring(docket)
    for line in look(docket, case):
        print(line)
    print(*why_not(docket, case), sep="\n")
    print(what_if(case))
    print(len(panel()), len(values()), len(ERRORS))
    print(*keep(docket, case))
    print(sorted(as_json(case)))
    print(the_public_record(), the_law())
    with TemporaryDirectory() as folder:
        print(len(pictures(case, Path(folder))))
    try:
        docket.record(case, did.MatterSettled(date(2024, 4, 9)))
    except rrm.RefusedError as error:
        print(error.refusal.no_rule)


if __name__ == "__main__":
    main()
