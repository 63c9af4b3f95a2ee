"""Colour says nothing that the words do not say, and is there for people on a terminal alone."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.wording import label, languages, text
from rrm_lifecycle.views.colour import Tone, coloured, paint, tone_of_days, tone_of_stage, wants_colour
from rrm_lifecycle.views.rows import agenda_table, options_table
from rrm_lifecycle.views.words import word

CASE = align_all([load()["goodyear-slp"]])["goodyear-slp"]
DAY = date(2023, 9, 1)


def plain(told: str) -> str:
    """Return a text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", told)


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


class TestWhen:
    """``NO_COLOR`` comes first, then ``FORCE_COLOR``, then the terminal."""

    @pytest.mark.parametrize(
        ("environ", "on_terminal", "in_pipe"),
        [
            ({}, True, False),
            ({"TERM": "xterm"}, True, False),
            ({"TERM": "dumb"}, False, False),
            ({"NO_COLOR": "1"}, False, False),
            ({"NO_COLOR": ""}, True, False),
            ({"FORCE_COLOR": "1"}, True, True),
            ({"FORCE_COLOR": "0"}, False, False),
            ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ],
    )
    def test_environment(self, environ: dict[str, str], on_terminal: bool, in_pipe: bool) -> None:
        """The environment decides as it does for Python itself."""
        assert wants_colour(Terminal(), environ) is on_terminal
        assert wants_colour(io.StringIO(), environ) is in_pipe


class TestWords:
    """Without its colours a text is the one that a pipe gets."""

    @pytest.mark.parametrize("language", languages())
    def test_nothing_is_added(self, language: str) -> None:
        """Histories, refusals, agendas and options read the same without colour."""
        for told in (CASE.text(language), decide(CASE.case.until(DAY), did.PanelRequested(DAY)).text(language)):
            assert coloured(told, language) != told
            assert plain(coloured(told, language)) == told
        due = agenda(CASE.case.until(DAY), date(2024, 1, 15))
        assert plain(agenda_table(due, language, colour=True)) == agenda_table(due, language)
        may = options(CASE.case.until(DAY), DAY)
        assert plain(options_table(may, language, colour=True)) == options_table(may, language)

    @pytest.mark.parametrize("language", languages())
    def test_refusals_and_lateness(self, language: str) -> None:
        """The words for a refusal and for a late act are those of the catalogue, so that they are found."""
        assert f" {word('refused', language)} " in (text("text.refused", language) or "")
        told = coloured(CASE.text(language), language)
        late = (text("text.late", language) or "").partition(":")[0]
        assert paint(f"{late}:", Tone.LATE) in told
        refused = decide(CASE.case.until(DAY), did.PanelRequested(DAY)).text(language)
        assert paint(word("refused", language), Tone.LATE) in coloured(refused, language)
        assert paint(label(Stage.COURSE_RUNNING, language), Tone.REMEDIATION) in coloured(refused, language)

    def test_stages(self) -> None:
        """A stage has the colour of its phase, and no two phases share one."""
        assert len({tone_of_stage(stage) for stage in Stage}) == len(Phase)
        assert paint("closed", Tone.RESOLVED) in coloured("2024-02-05  matter settled: closed (A4-08c)")

    def test_days(self) -> None:
        """A limit is late after its last day, and due soon in the week before."""
        assert [tone_of_days(left) for left in (-1, 0, 7, 8, None)] == [Tone.LATE, Tone.SOON, Tone.SOON, None, None]

    def test_table(self) -> None:
        """Late days are coloured in a table whose columns stay where they are."""
        due = agenda(CASE.case.until(DAY), date(2024, 2, 15))
        told = agenda_table(due, colour=True)
        assert paint("2024-01-19", Tone.LATE) in told
        assert agenda_table([], colour=True) == word("nothing_due")
