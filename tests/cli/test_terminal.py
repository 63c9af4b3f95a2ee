"""The shell on a real terminal and in a pipe: colour, progress, completion, and what a bare install can do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from rrm_lifecycle.cli import BAD_INPUT, INTERRUPTED, SHELLS, main

pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")
termios = pytest.importorskip("termios", reason="this system has no pseudo terminals")
AGENDA = ("agenda", "public", "--today", "2024-04-01")
ASK = ("ask", "public", "goodyear-slp", "PanelRequested", "--on", "2023-06-05")
_PLAIN = {"NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES"}


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing says how to colour but what is given."""
    kept = {name: value for name, value in os.environ.items() if name not in _PLAIN}
    path = os.pathsep.join(str(Path(one).resolve()) for one in sys.path)
    return {**kept, "TERM": "xterm", "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **more}


def on_terminal(*words: str, **more: str) -> tuple[str, int]:
    """Run a command on a pseudo terminal of 100 columns, and return what it showed with its status."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, int(more.get("COLUMNS", "100"))))
    run = [sys.executable, "-m", "rrm_lifecycle", *words]
    done = subprocess.Popen(run, env=environment(**more), stdin=theirs, stdout=theirs, stderr=theirs)  # noqa: S603 - ours
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how the end of a terminal is told
        while part := os.read(ours, 1 << 16):
            shown += part
    os.close(ours)
    return shown.decode(), done.wait()


def in_pipe(*words: str, code: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose output goes into a pipe; or a program before it, in the same process."""
    run = ["-m", "rrm_lifecycle"] if code is None else ["-c", code]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *run, *words], env=environment(**more), capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


class TestColour:
    """What is late is in colour for people on a terminal, and in words for everybody."""

    def test_terminal(self) -> None:
        """On a terminal, lateness and refusals are coloured, and the words are there too."""
        shown, status = on_terminal(*AGENDA)
        assert status == 0
        assert "\x1b[1;31m-208 (late)\x1b[0m" in shown
        shown, status = on_terminal(*ASK)
        assert status == 1
        assert "\x1b[1;31mis refused\x1b[0m" in shown
        assert "\x1b[34munder review\x1b[0m" in shown

    @pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_turned_off(self, more: dict[str, str]) -> None:
        """``NO_COLOR`` and a dumb terminal turn colour off; the words stay."""
        shown, _ = on_terminal(*AGENDA, **more)
        assert "\x1b" not in shown
        assert "-208 (late)" in shown

    def test_pipe(self) -> None:
        """In a pipe there is no colour, unless ``FORCE_COLOR`` asks for it."""
        assert "\x1b" not in in_pipe(*AGENDA).stdout
        assert "\x1b[1;31m-208 (late)\x1b[0m" in in_pipe(*AGENDA, FORCE_COLOR="1").stdout

    @pytest.mark.parametrize(
        "words",
        [(*AGENDA, "--json"), ("export", "public", "--to", "csv"), ("completion", "bash"), ("export", "--to", "dot")],
    )
    def test_never_for_programs(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
    ) -> None:
        """What programs read is never coloured."""
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert main(words) == 0
        assert "\x1b[" not in capsys.readouterr().out

    def test_width(self) -> None:
        """A table is as wide as the terminal at most."""
        shown, _ = on_terminal(*AGENDA, COLUMNS="60", NO_COLOR="1")
        assert max(len(line) for line in shown.splitlines()) <= 60


class TestProgress:
    """How far long work has come is shown to a person, on standard error, and is gone at the end."""

    def test_shown(self) -> None:
        """On a terminal a bar is shown; with ``--quiet`` nothing is."""
        words = ("simulate", "--n", "500", "--seed", "1")
        shown, _ = on_terminal(*words)
        assert "simulating" in shown
        assert " s\r\n" in shown
        shown, _ = on_terminal(*words, "--quiet")
        assert "simulating" not in shown
        assert "\x1b" not in shown

    def test_bare(self) -> None:
        """Where tqdm is not installed, a share of a hundred is shown."""
        code = (
            "import sys; sys.modules['tqdm.auto'] = None; sys.stderr.isatty = lambda: True\n"
            "from rrm_lifecycle.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        assert "simulating: 100 %" in in_pipe("simulate", "--n", "500", "--seed", "1", code=code).stderr
        assert in_pipe("simulate", "--n", "500", "--seed", "1", "--quiet", code=code).stderr == ""

    def test_pipe(self) -> None:
        """In a pipe nothing is shown but what was asked for."""
        assert in_pipe("simulate", "--n", "500", "--seed", "1").stderr == ""


class TestCompletion:
    """``rrm completion SHELL`` prints what makes a shell complete verbs, options, choices and files."""

    @pytest.mark.skipif(shutil.which("bash") is None, reason="this system has no bash")
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            (["ex"], ["extract", "export"]),
            (["export", "--overw"], ["--overwrite"]),
            (["table", "--annex", ""], ["31-A", "31-B"]),
            (["completion", "z"], ["zsh"]),
            (["verify", "doc"], ["docket.db"]),
        ],
    )
    def test_bash(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: list[str], found: list[str]) -> None:
        """Bash completes with it."""
        (tmp_path / "docket.db").touch()
        script = tmp_path / "rrm.bash"
        assert main(("completion", "bash")) == 0
        script.write_text(capsys.readouterr().out, "utf-8")
        code = (
            'source "$1"; shift; COMP_WORDS=(rrm "$@"); COMP_CWORD=$#; '
            'complete=$(complete -p rrm); complete=${complete##*-F }; "${complete%% *}" rrm "${COMP_WORDS[COMP_CWORD]}"; '
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(  # noqa: S603 - a fixed program
            ["bash", "-c", code, "bash", str(script), *typed],  # noqa: S607 - whichever bash people have
            cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.split() == found

    @pytest.mark.parametrize("shell", SHELLS)
    def test_shells(self, capsys: pytest.CaptureFixture[str], shell: str) -> None:
        """There is a script for each shell, and as JSON the same script."""
        assert main(("completion", shell)) == 0
        script = capsys.readouterr().out
        assert "sensitivity" in script
        assert main(("completion", shell, "--json")) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["shell"], found["script"].strip()) == (shell, script.strip())

    def test_missing(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """Where shtab is missing, the line to paste is told."""
        monkeypatch.setitem(sys.modules, "shtab", None)
        assert main(("completion", "bash")) == BAD_INPUT
        assert "rrm-lifecycle[shell]" in capsys.readouterr().err


class TestHard:
    """Bare installs, narrow encodings and impatient people get a clear line, or what they asked for."""

    def test_bare_install(self) -> None:
        """Without numpy, histories and dockets are exported all the same; simulating names the extra."""
        code = (
            "import sys, importlib.util as u; sys.modules['numpy'] = None; real = u.find_spec\n"
            "u.find_spec = lambda name, *more: None if name == 'numpy' else real(name, *more)\n"
            "from rrm_lifecycle.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        for name in ("xes", "csv", "ocel"):
            bare = in_pipe("export", "public", "--to", name, "--case", "tamsa", code=code)
            assert (bare.returncode, bare.stderr) == (0, "")
            assert bare.stdout == in_pipe("export", "public", "--to", name, "--case", "tamsa").stdout
        bare = in_pipe("simulate", code=code)
        assert bare.returncode == BAD_INPUT
        assert "rrm-lifecycle[simulation]" in bare.stderr

    def test_narrow_encoding(self) -> None:
        """Where the output takes no accents, texts are shown as far as they can be, and JSON stays JSON."""
        words = ("agenda", "public", "--case", "goodyear-slp", "--today", "2023-06-05", "--language", "es")
        assert "revisi\\xf3n" in in_pipe(*words, PYTHONIOENCODING="ascii").stdout
        narrow = json.loads(in_pipe(*words, "--json", PYTHONIOENCODING="ascii").stdout)
        assert narrow["due"][0]["term_label"] == "revisión"

    def test_interrupted(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """An interruption is told in a line, with the status that shells know."""

        def stop(_: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr("rrm_lifecycle.cli.verbs.table", stop)
        assert main(("table",)) == INTERRUPTED
        assert capsys.readouterr().err == "rrm: interrupted\n"

    def test_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The help of each verb says of each word what it is, and is broken for 80 columns."""
        assert main(("--help",)) == 0
        told = capsys.readouterr().out
        assert "``" not in told
        assert max(map(len, told.splitlines())) <= 80
        assert "Exit status" in told
