"""What stands nowhere in the library: readers that run what they read, and statements put together from values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import rrm_lifecycle
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.storage.postgres_ddl import ddl
from tests.hostile.corpus import IDS

SOURCE: Final = Path(rrm_lifecycle.__file__).parent
MODULES: Final = tuple(sorted(SOURCE.rglob("*.py")))

RUNNERS: Final = frozenset({
    "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "dbm", "yaml", "ruamel", "code",
    "codeop", "xml", "lxml", "subprocess", "pty", "telnetlib", "ftplib",
})  # fmt: skip
"""Modules that run, or may run, what they read; and those that start programs. None is needed here."""
CALLS: Final = frozenset({"eval", "exec", "compile", "__import__", "breakpoint", "input"})
OF_MODULES: Final = frozenset({("os", "system"), ("os", "popen"), ("builtins", "eval"), ("builtins", "exec")})

COMMENT: Final = "# names only"
NAMES_ALONE: Final = {
    "PRAGMA journal_mode = {wanted}": "wal or truncate, from a yes or no",
    "PRAGMA application_id = {APPLICATION}": "a whole number of our own",
    "PRAGMA user_version = {SCHEMA}": "a whole number of our own",
    "BEGIN {level}": "a word that sqlite3 itself took as an isolation level before",
    "UPDATE rrm_sealed {blank} WHERE case_key = ? AND seq = ? AND place = ?": "a text of our own; values are placeholders",
}
"""Statements that are put together, and why no value of a caller can come into them."""


def trees() -> Iterator[tuple[str, str, ast.Module]]:
    """Yield name, text and tree of each module."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        yield str(path.relative_to(SOURCE)), text, ast.parse(text)


def runners_in(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports or calls that may run what it reads."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.split(".")[0] in RUNNERS)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in RUNNERS:
                yield module
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield f"{name}()"
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in OF_MODULES:
                yield f"{module}.{name}"
            case ast.Call(func=ast.Attribute(attr="loads" | "load", value=ast.Name(id="pickle" | "yaml" | "marshal"))):
                yield ast.unparse(node)


def statements_in(text: str, tree: ast.Module) -> Iterator[str]:
    """Yield the statements that are put together where they are executed, and are not marked as made of names alone."""
    lines = text.splitlines()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not node.func.attr.startswith("execute"):
            continue
        first = node.args[0]
        told = _told(first)
        marked = any(COMMENT in line for line in lines[node.lineno - 1 : (node.end_lineno or node.lineno)])
        if told is not None and told not in NAMES_ALONE and not marked:
            yield f"line {node.lineno}: {told}"


def _told(node: ast.expr) -> str | None:
    """Return a statement that is put together as a pattern; None for one that is whole, or made elsewhere."""
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(
                str(one.value) if isinstance(one, ast.Constant) else ast.unparse(ast.JoinedStr([one]))[2:-1]
                for one in parts
            )
        case ast.BinOp() | ast.Call(func=ast.Attribute(attr="format" | "join" | "replace")):
            return ast.unparse(node)
    return None


class TestNowhere:
    """The library reads data as data."""

    def test_modules(self) -> None:
        """There are modules to look at, the stores among them."""
        names = {path.name for path in MODULES}
        assert len(MODULES) > 60
        assert names >= {"sqlite.py", "postgres.py", "reader.py", "spreadsheet.py"}

    def test_runners(self) -> None:
        """No module imports or calls what may run what it reads: pickle, YAML, eval, exec, marshal, shelve."""
        found = {name: list(runners_in(tree)) for name, _, tree in trees()}
        assert {name: what for name, what in found.items() if what} == {}

    def test_statements(self) -> None:
        """No statement is put together from values: placeholders alone carry them."""
        found = {name: list(statements_in(text, tree)) for name, text, tree in trees()}
        assert {name: what for name, what in found.items() if what} == {}

    @pytest.mark.parametrize(
        "text",
        [
            "import pickle", "from yaml import load", "import marshal as m", "eval('1')", "exec(x)", "import shelve",
            "__import__('os')", "import os\nos.system('x')", "from xml.etree import ElementTree",
        ],
    )  # fmt: skip
    def test_the_look_itself(self, text: str) -> None:
        """What is looked for is found where it stands."""
        assert list(runners_in(ast.parse(text)))

    @pytest.mark.parametrize(
        "text",
        [
            "c.execute(f'SELECT {x}')", "c.execute('SELECT ' + x)", "c.execute('SELECT %s' % x)",
            "c.executemany('{}'.format(x), y)", "c.executescript(f'{x}')", "c.execute(' '.join(x))",
        ],
    )  # fmt: skip
    def test_the_look_at_statements(self, text: str) -> None:
        """A statement that is put together is found, unless its line says that it is of names alone."""
        assert list(statements_in(text, ast.parse(text)))
        marked = f"{text}  {COMMENT}"
        assert not list(statements_in(marked, ast.parse(marked)))


class TestSchema:
    """The one name that a caller gives and that stands in statements is refused unless it is plain."""

    @pytest.mark.parametrize(
        "name", sorted({*IDS.values(), 'x"; DROP TABLE entry; --', "x' OR '1'='1", "a;b", "pg_x y", "X-Y"})
    )
    def test_names(self, name: str) -> None:
        """A name that could end an identifier is refused, or stands in quotes that it cannot end."""
        if re.fullmatch("[a-z_][a-z0-9_]{0,40}", name):
            assert f'"{name}"' in ddl(name)
            return
        with pytest.raises(EventError, match="schema"):
            ddl(name)

    @pytest.mark.parametrize(
        "name", ['x"; DROP TABLE entry; --', "x' OR '1'='1", 'a"b', 'a""b', "a;b", "{schema}", "%s"]
    )
    def test_roles(self, name: str) -> None:
        """The name of a role stands in quotes that it cannot end."""
        text = ddl("rrm", app_role=name)
        inside = name.replace('"', '""')
        assert f'"{inside}"' in text
        assert name not in text.replace(f'"{inside}"', "")
