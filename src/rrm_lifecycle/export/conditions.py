"""Conditions over declared variables, and how each language of the exports writes them.

A yes or no is 1 or 0, which every one of these languages reads alike; what has more values is a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import frozen

Value = int | str
"""1 or 0, or a word."""


@frozen
class Is:
    """That a variable has a value.

    Attributes:
        name: The variable.
        value: The value.
    """

    name: str
    value: Value = 1


@frozen
class IsNot:
    """That a variable has another value.

    Attributes:
        name: The variable.
        value: The value that it does not have.
    """

    name: str
    value: Value = 1


@frozen
class Either:
    """That one condition of several holds, or more of them.

    Attributes:
        several: The conditions.
    """

    several: tuple[Condition, ...]


@frozen
class Every:
    """That all conditions of several hold.

    Attributes:
        several: The conditions.
    """

    several: tuple[Condition, ...]


Condition = Is | IsNot | Either | Every

ALWAYS: Final = Every(())
"""Holds always."""


def either(*several: Condition) -> Condition:
    """Return that one of several conditions holds."""
    return several[0] if len(several) == 1 else Either(several)


def every(*several: Condition) -> Condition:
    """Return that all of several conditions hold, told flat."""
    flat: list[Condition] = []
    for one in several:
        flat += one.several if isinstance(one, Every) else (one,)
    return flat[0] if len(flat) == 1 else Every(tuple(flat))


def names(condition: Condition) -> Iterator[str]:
    """Yield the variables that a condition reads."""
    if isinstance(condition, Is | IsNot):
        yield condition.name
    else:
        for one in condition.several:
            yield from names(one)


def holds(condition: Condition, values: dict[str, Value]) -> bool:
    """Return whether a condition holds for values of the variables.

    Example:
        >>> holds(either(Is("reply_over"), Is("question", "none")), {"reply_over": 0, "question": "none"})
        True
    """
    if isinstance(condition, Is):
        return values[condition.name] == condition.value
    if isinstance(condition, IsNot):
        return values[condition.name] != condition.value
    told = (holds(one, values) for one in condition.several)
    return any(told) if isinstance(condition, Either) else all(told)


def written(condition: Condition, atom: Callable[[str, str, Value], str]) -> str:
    """Return a condition with ``&&`` and ``||``; empty where it holds always.

    Args:
        condition: The condition.
        atom: Writes a comparison: the variable, ``==`` or ``!=``, and the value.
    """
    if isinstance(condition, Is | IsNot):
        return atom(condition.name, "==" if isinstance(condition, Is) else "!=", condition.value)
    joined = (" || " if isinstance(condition, Either) else " && ").join(
        f"({written(one, atom)})" if isinstance(one, Either | Every) else written(one, atom)
        for one in condition.several
    )
    return joined or ("0 == 1" if isinstance(condition, Either) else "")


def ecmascript(condition: Condition) -> str:
    """Return a condition as ECMAScript.

    Example:
        >>> ecmascript(every(Is("reply_runs"), IsNot("question", "none")))
        "reply_runs == 1 && question != 'none'"
    """
    return written(condition, lambda name, sign, value: f"{name} {sign} {literal(value)}")


def literal(value: Value) -> str:
    """Return a value as a literal that ECMAScript and Python read alike."""
    return str(value) if isinstance(value, int) else f"'{value}'"


def as_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON: ``is``, ``not``, ``any`` or ``all``.

    Example:
        >>> as_json(either(Is("reply_over"), IsNot("question", "none")))
        {'any': [{'is': ['reply_over', 1]}, {'not': ['question', 'none']}]}
    """
    if isinstance(condition, Is):
        return {"is": [condition.name, condition.value]}
    if isinstance(condition, IsNot):
        return {"not": [condition.name, condition.value]}
    key = "any" if isinstance(condition, Either) else "all"
    return {key: [as_json(one) for one in condition.several]}
