"""Receipts, which every append returns, and proofs that the entry of a receipt stands in a log.

A receipt in another's hands is an anchor: the entry that it names cannot be changed, moved or taken out without it showing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_id, whole
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.proof.tree import check_inclusion

__all__ = ["Proof", "Receipt"]

_ATTEMPTS: Final = "/attempts"
_MARK: Final = "rrm-receipt/1"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def _digest(value: str) -> str:
    if type(value) is not str or not _DIGEST.fullmatch(value):
        msg = f"a hash has 64 hexadecimal digits in small letters; found {str(value)[:70]!r}"
        raise EventError(msg)
    return value


def _log(value: str) -> str:
    return clean_id(value, "the name of a log")


def clean_case(value: object) -> str:
    """Return the id of a case, or of the chain of attempts that were refused in it, or refuse it.

    Raises:
        EventError: It is neither.
    """
    text = clean_id(value.removesuffix(_ATTEMPTS) if isinstance(value, str) else value)
    return value if isinstance(value, str) and value != text else text


def _seq(value: int) -> int:
    return whole(value, "the number of an entry")


def _index(value: int) -> int:
    return whole(value, "a place in a log")


def _size(value: int) -> int:
    return whole(value, "the size of a log", least=1)


def _path(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_digest, values))


@frozen
class Receipt:
    """Which entry was filed, and its hash.

    Attributes:
        log: Name of the log.
        case: Id of the case; of attempts that were refused in it, that and ``/attempts``.
        seq: Number of the entry in its case; the opening is 0.
        hash: Its hash, 64 hexadecimal digits.

    Example:
        >>> receipt = Receipt("docket-2024", "SLP-2024-01", 3, "ab" * 32)
        >>> str(receipt)[:41]
        'rrm-receipt/1 docket-2024 SLP-2024-01 3 a'
        >>> Receipt.parse(str(receipt)) == receipt
        True
    """

    log: str = field(converter=_log)
    case: str = field(converter=clean_case)
    seq: int = field(converter=_seq)
    hash: str = field(converter=_digest)

    def __str__(self) -> str:
        """Return the receipt in one line, to be kept or sent."""
        return f"{_MARK} {self.log} {self.case} {self.seq} {self.hash}"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Return the receipt that a line states.

        Raises:
            EventError: It is none.
        """
        parts = text.strip().split(" ")
        if len(parts) != 5 or parts[0] != _MARK or not _NUMBER.fullmatch(parts[3]):
            msg = f"a receipt is one line, '{_MARK} LOG CASE NUMBER HASH'; found {text[:60]!r}"
            raise EventError(msg)
        return cls(parts[1], parts[2], int(parts[3]), parts[4])


@frozen
class Proof:
    """That the entry of a receipt stands at a place of a log.

    It says as much as the size and the root in it: take them from a signed checkpoint, and compare.

    Attributes:
        receipt: Which entry.
        index: Its place in the log; the first is 0.
        size: The size of the log.
        path: Hashes beside the way to the root, from below.
        root: The root of the log at that size.
    """

    receipt: Receipt
    index: int = field(converter=_index)
    size: int = field(converter=_size)
    path: tuple[str, ...] = field(converter=_path, repr=False)
    root: str = field(converter=_digest)

    def holds(self) -> bool:
        """Return whether the way from the entry leads to the root."""
        leaf, path = bytes.fromhex(self.receipt.hash), [bytes.fromhex(one) for one in self.path]
        return check_inclusion(leaf, self.index, self.size, path, bytes.fromhex(self.root))

    def __str__(self) -> str:
        """Return the proof in a line."""
        return f"entry {self.receipt.seq} of case {self.receipt.case} stands at place {self.index} of {self.size}"
