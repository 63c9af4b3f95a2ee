"""Every session in the README, the tutorial and the how-tos runs, and prints what the page shows."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from rrm_lifecycle.cli import main
from tests.docs.blocks import ROOT, commands, session, taught


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", taught(), ids=_name)
def test_a_session_prints_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each session of a page, run from its top, prints what the page shows."""
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(session(page), {"__name__": "__main__"}, _name(page), str(page), 0)
    report: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert found.failed == 0, "".join(report)
    assert found.attempted or list(commands(page)), "a page of this kind shows code that runs"


@pytest.mark.parametrize("page", [page for page in taught() if list(commands(page))], ids=_name)
def test_a_command_prints_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of the shell on a page prints what the page shows; ``…`` on a line of its own leaves out a part."""
    monkeypatch.chdir(tmp_path)
    for command in commands(page):
        status = main(command.words)
        told = capsys.readouterr()
        assert status in {0, 1}, told.err
        shown, printed = command.shown.strip("\n"), (told.out + told.err).strip("\n")
        checker = doctest.OutputChecker()
        wanted = shown.replace("\n…\n", "\n...\n").removesuffix("\n…") + ("..." if shown.endswith("\n…") else "")
        assert checker.check_output(wanted, printed, doctest.ELLIPSIS), f"rrm {' '.join(command.words)}\n{printed}"
