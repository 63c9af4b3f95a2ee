"""The verb ``completion``: what a shell has to be told so that it completes the words of ``rrm``; made by shtab."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.cli.saying import language_of, say, say_json
from rrm_lifecycle.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES: Final = frozenset({"SOURCE", "DB", "FILE", "FILE.csv", "VERIFIER"})
"""Words in the place of which a file is named."""
_FOLDERS: Final = frozenset({"FOLDER"})


def completion(chosen: argparse.Namespace) -> int:
    """Print the script that makes a shell complete the words of ``rrm``.

    Raises:
        MissingExtra: shtab is not installed.
    """
    from rrm_lifecycle.cli import parser  # noqa: PLC0415 - the one module that imports this one

    language_of(chosen)
    try:
        shtab: Any = import_module("shtab")
    except ImportError:
        raise MissingExtra(extra="shell", feature="scripts that complete words") from None
    rrm = parser()
    for action in _actions(rrm):
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # where shtab looks for it
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # the same
    script: str = shtab.complete(rrm, shell=chosen.shell)
    say_json({"shell": chosen.shell, "script": script}) if chosen.json else say(script.rstrip("\n"))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield what may be typed, of a parser and of those of its verbs."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for one in action.choices.values():
                yield from _actions(one)
