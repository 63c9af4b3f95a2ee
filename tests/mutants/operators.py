"""What is changed in a function to see whether a test notices: one place at a time.

Comparisons move by one or turn round, sums become differences, *and* becomes *or*, whole numbers grow by one, truths turn,
conditions are denied, what is returned becomes None, statements and named arguments are left out. Text is left alone: that
a message reads as it reads is a matter of the tests of messages.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

_COMPARED: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_RECKONED: Final[dict[type[ast.operator], str]] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "//", ast.Pow: "*",
    ast.BitOr: "&", ast.BitAnd: "|", ast.BitXor: "|", ast.LShift: ">>", ast.RShift: "<<",
}  # fmt: skip
_LEFT_OUT: Final = (ast.Assign, ast.AugAssign, ast.Raise, ast.Delete, ast.Expr)
_PUT_BY: Final = frozenset({"overload", "abstractmethod"})


@frozen
class Mutant:
    """A change of one place.

    Attributes:
        path: Of the module, below the package.
        function: The function, with the classes that it stands in.
        line: Where the change begins.
        start: Where it begins, in bytes of the module.
        end: Where what it replaces ends.
        old: What stands there, on one line.
        new: What is put there.
        place: Which it is of the changes of its function that read the same, from 1.
    """

    path: str
    function: str
    line: int
    start: int
    end: int
    old: str
    new: str
    place: int = 1

    @property
    def name(self) -> str:
        """Path, function, and the change: the same as long as the function reads the same, and no other's."""
        again = f" ({self.place})" if self.place > 1 else ""
        return f"{self.path} {self.function}: {self.old[:80]} -> {self.new[:80]}{again}"

    def applied(self, source: bytes) -> bytes:
        """Return the module with the change in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    r"""Return the mutants of all functions of a module, in the order of their places.

    Example:
        >>> [one.name for one in mutants_of("a.py", b"def f(x):\n    return x < 3\n")]
        ['a.py f: return x < 3 -> return None', 'a.py f: < -> <=', 'a.py f: 3 -> 4']
    """
    found, names = [], Counter[str]()
    for one in sorted(_Finder(path, source).all(), key=lambda one: (one.start, -one.end, one.new)):
        names[one.name] += 1
        found.append(evolve(one, place=names[one.name]))
    return found


def stands(mutant: Mutant, source: bytes) -> bool:
    """Return whether a module with a mutant in it can still be compiled, and says something else than before."""
    try:
        return ast.dump(ast.parse(mutant.applied(source))) != ast.dump(ast.parse(source))
    except (SyntaxError, ValueError):
        return False


class _Finder:
    """Looks for places in one module."""

    def __init__(self, path: str, source: bytes) -> None:
        self._path = path
        self._source = source
        self._tree = ast.parse(source)
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def all(self) -> Iterator[Mutant]:
        yield from self._in(self._tree, "")

    def _in(self, node: ast.AST, name: str) -> Iterator[Mutant]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}".lstrip(".")
                if isinstance(child, ast.ClassDef):
                    yield from self._in(child, inner)
                elif not any(isinstance(one, ast.Name) and one.id in _PUT_BY for one in child.decorator_list):
                    for statement in child.body:
                        yield from self._below(statement, inner)

    def _below(self, node: ast.AST, name: str) -> Iterator[Mutant]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom):
            if isinstance(node.value, ast.Constant):  # a docstring, or the dots of a protocol
                return
        else:
            yield from self._changes(node, name)
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self._below(child, name)

    def _changes(self, node: ast.AST, name: str) -> Iterator[Mutant]:
        if isinstance(node, ast.stmt):
            yield from self._of_statement(node, name)
        elif isinstance(node, ast.Compare):
            for before, operator, after in zip(
                [node.left, *node.comparators], node.ops, node.comparators, strict=False
            ):
                yield self._between(before, after, _COMPARED[type(operator)], name)
        elif isinstance(node, ast.BinOp) and type(node.op) in _RECKONED:
            yield self._between(node.left, node.right, _RECKONED[type(node.op)], name)
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            for before, after in zip(node.values, node.values[1:], strict=False):
                yield self._between(before, after, other, name)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield self._at(node, f"({self._text(node.operand)})", name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield self._at(node, repr(not node.value if isinstance(node.value, bool) else node.value + 1), name)
        elif isinstance(node, ast.IfExp):
            yield self._at(node.test, f"not ({self._text(node.test)})", name)
        elif isinstance(node, ast.Call):
            for given in node.keywords:
                if given.arg is not None:
                    yield self._without(given, name)

    def _of_statement(self, node: ast.stmt, name: str) -> Iterator[Mutant]:
        if isinstance(node, ast.Return):
            if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield self._at(node, "return None", name)
        elif isinstance(node, ast.If | ast.While):
            yield self._at(node.test, f"not ({self._text(node.test)})", name)
        elif isinstance(node, _LEFT_OUT):
            yield self._at(node, "pass", name)
        elif isinstance(node, ast.Continue | ast.Break):
            yield self._at(node, "break" if isinstance(node, ast.Continue) else "continue", name)

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column

    def _span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self._offset(node.lineno, node.col_offset), end

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def _mutant(self, line: int, start: int, end: int, new: str, name: str) -> Mutant:
        old = " ".join(self._source[start:end].decode().split())
        return Mutant(self._path, name, line, start, end, old, new)

    def _at(self, node: ast.expr | ast.stmt, new: str, name: str) -> Mutant:
        return self._mutant(node.lineno, *self._span(node), new, name)

    def _between(self, before: ast.expr, after: ast.expr, new: str, name: str) -> Mutant:
        # between two operands stands the operator, and brackets of theirs that are kept
        start, end = self._span(before)[1], self._span(after)[0]
        between = self._source[start:end].decode()
        shorter = between.strip(" ()\n\t")
        start += len(between[: between.index(shorter)].encode())
        return self._mutant(before.end_lineno or before.lineno, start, start + len(shorter.encode()), new, name)

    def _without(self, given: ast.keyword, name: str) -> Mutant:
        start, end = self._span(given)
        rest = self._source[end:]
        comma = len(rest) - len(rest.lstrip())
        if rest[comma : comma + 1] == b",":
            end += comma + 1
        return self._mutant(given.lineno, start, end, "", name)
