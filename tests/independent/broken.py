"""Exports of a table that is broken on purpose, each made in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import attrs

Break = Callable[[], None]
"""Breaks a law page of the process that it is called in, before anything else has read the page."""


def _page(name: str) -> Any:
    return import_module(f"rrm_lifecycle.law.{name}")


def _rows(row_id: str, change: Callable[[Any], tuple[Any, ...]]) -> None:
    for page, name in (("table", "TABLE"), ("customs", "CUSTOMS")):
        rows = getattr(_page(page), name)
        if any(row.id == row_id for row in rows):
            setattr(
                _page(page),
                name,
                type(rows)(one for row in rows for one in (change(row) if row.id == row_id else (row,))),
            )
            return
    raise LookupError(row_id)


def dropped(*row_ids: str) -> Break:
    """Return what drops rows."""

    def breaks() -> None:
        for row_id in row_ids:
            _rows(row_id, lambda _: ())

    return breaks


def changed(row_id: str, **fields: Any) -> Break:
    """Return what changes fields of a row; stages, roles and terms are given by their value."""

    def breaks() -> None:
        _rows(row_id, lambda row: (attrs.evolve(row, **{name: _meant(name, told) for name, told in fields.items()}),))

    return breaks


def _meant(name: str, told: Any) -> Any:
    stage = _page("stages").Stage
    if name == "to":
        return stage(told)
    if name == "stages":
        return tuple(map(stage, told))
    if name == "who":
        return import_module("rrm_lifecycle.case.claim").Role(told)
    if name in {"starts", "stops"}:
        return tuple(term for term in _page("terms").TERMS if term.name in told)
    return told


def without(row_id: str, code: str) -> Break:
    """Return what drops a condition of a row, by its code."""

    def breaks() -> None:
        def lacking(row: Any) -> tuple[Any, ...]:
            kept = tuple(guard for guard in row.requires if guard.code != code)
            if kept == row.requires:
                raise LookupError(f"{row_id} does not require {code}")
            return (attrs.evolve(row, requires=kept),)

        _rows(row_id, lacking)

    return breaks


def of_no_act() -> None:
    """Drop what every act has to meet."""
    _page("guards").OF_EVERY_ACT = ()


def other_parties() -> None:
    """Let Annex 31-A be one of the United States and Canada."""
    page, party = _page("annexes"), import_module("rrm_lifecycle.case.claim").Party
    page.ANNEX_31A = attrs.evolve(page.ANNEX_31A, parties=frozenset({party.US, party.CA}))


def longer(name: str) -> Break:
    """Return what makes a time limit a day longer."""

    def breaks() -> None:
        page = _page("terms")
        old = next(one for one in page.TERMS if one.name == name)
        new = attrs.evolve(old, value=old.value + 1)
        for place, value in list(vars(page).items()):
            if value is old:
                setattr(page, place, new)
            elif isinstance(value, tuple) and old in value:
                setattr(page, place, tuple(new if one is old else one for one in value))

    return breaks


def export_of(breaks: Break, module: str, function: str, *, given: Callable[[], dict[str, Any]] = dict) -> str:
    """Return an export of the table as it is after it was broken.

    Args:
        breaks: What breaks it.
        module: The module of the export, below ``rrm_lifecycle``.
        function: The function.
        given: What the function is given by keyword, made after the table was broken.

    Raises:
        RuntimeError: The broken table could not be exported.
    """
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(out)
            for loaded in [one for one in sys.modules if one.partition(".")[0] == "rrm_lifecycle"]:
                del sys.modules[loaded]
            breaks()
            text = getattr(import_module(f"rrm_lifecycle.{module}"), function)(**given())
            with os.fdopen(into, "wb") as pipe:
                pipe.write(text if isinstance(text, bytes) else text.encode())
            status = 0
        finally:
            os._exit(status)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        found = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError(f"the broken table could not be exported by {module}.{function}")
    return found.decode()
