"""Making frozen values, and their classes, quickly: each field set at its place, and frozen behind that.

A frozen class of ``attrs`` sets a field by a call, since its own ``__setattr__`` refuses: a case of eighteen fields costs
four times what an open one costs. A twin is the same class, open: it has the same fields, converters and checks, and its
constructor ends by handing over a value of the frozen class itself. Whoever holds the value cannot tell how it was made.
"""

from __future__ import annotations

from typing import Any, TypeVar

import attr

T = TypeVar("T")


class Told:
    """A value of attrs that tells its fields, as attrs would have it: ``CourseAgreed(on=…, by=None, …)``.

    To write that out for each class anew takes attrs a quarter of what it takes to make the class; so a class of
    ``@frozen(repr=False)`` takes it from here.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the name of the class, and each field with its value."""
        cls: Any = type(self)
        shown = [(one.name, repr if one.repr is True else one.repr) for one in attr.fields(cls) if one.repr]
        fields = ", ".join([f"{name}={show(getattr(self, name))}" for name, show in shown])
        return f"{cls.__qualname__.rpartition('>.')[2]}({fields})"


def swift(cls: type[T]) -> type[T]:
    """Return what makes values of a frozen class with slots, as its own constructor does, in less time.

    Args:
        cls: The class. Its fields, defaults, converters and ``__attrs_post_init__`` are those of the twin.

    Example:
        >>> from attrs import frozen
        >>> @frozen
        ... class Day:
        ...     number: int = 1
        >>> made = swift(Day)(2)
        >>> type(made) is Day, made
        (True, Day(number=2))
    """
    check = getattr(cls, "__attrs_post_init__", None)

    def freeze(value: Any) -> None:  # noqa: ANN401 - a value of the twin
        value.__class__ = cls
        if check is not None:
            check(value)

    open_again = {
        "__module__": cls.__module__,
        "__slots__": (),
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
        "__attrs_post_init__": freeze,
    }
    twin: Any = type(cls.__name__, (cls,), open_again)
    made: type[T] = attr.s(twin, these={}, eq=False, order=False, repr=False, match_args=False)
    return made
