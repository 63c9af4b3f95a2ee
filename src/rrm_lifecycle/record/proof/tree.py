"""The tree over a log: a Merkle tree of RFC 6962, whose root stands for all entries in their order.

A leaf is the hash of an entry, as 32 bytes. Two proofs of some twenty hashes each let a stranger check what the owner of
the log says: *inclusion*, that an entry stands at a place of it; *consistency*, that a log which grew kept all it had.

The root does not name the size of the log. Who holds a proof therefore needs the pair of size and root from elsewhere,
out of a signed checkpoint: a proof alone says less than it seems to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from rrm_lifecycle.errors import RecordError

__all__ = [
    "EMPTY",
    "Frontier",
    "check_consistency",
    "check_inclusion",
    "consistency",
    "inclusion",
    "inclusions",
    "leaf_hash",
    "root",
]

EMPTY: Final = sha256().digest()
"""The root of a log without entries."""
_WIDTH: Final = 32


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: a byte 0 stands before it, so that no node can be shown as a leaf."""
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf, and keeps only the roots of its full subtrees: one for each bit of its size.

    Args:
        size: How many leaves it has.
        peaks: Roots of its full subtrees, the largest first, as :attr:`peaks` gave them.

    Raises:
        RecordError: Size and peaks do not fit each other.

    Example:
        >>> log = Frontier()
        >>> log.append(b"one")
        >>> log.append(b"two")
        >>> log.size, log.root() == root([b"one", b"two"])
        (2, True)
    """

    __slots__ = ("_peaks", "size")

    size: int

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or len(peaks) != size.bit_count() or any(len(one) != _WIDTH for one in peaks):
            msg = f"a tree of {size} leaves has {max(size, 0).bit_count()} peaks of {_WIDTH} bytes; found {len(peaks)}"
            raise RecordError(msg)
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the full subtrees, the largest first: with the size, all that is needed to go on later."""
        return tuple(self._peaks)

    def append(self, data: bytes) -> None:
        """Add a leaf."""
        self.extend((data,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add several leaves; faster than one by one."""
        peaks, size, hashed = self._peaks, self.size, sha256
        try:
            for data in leaves:
                node, low = hashed(b"\x00" + data).digest(), size
                while low & 1:
                    node = hashed(b"\x01" + peaks.pop() + node).digest()
                    low >>= 1
                peaks.append(node)
                size += 1
        finally:  # what was taken before the iterable failed stays
            self.size = size

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        return _fold(self._peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY
    found = peaks[-1]
    for one in reversed(peaks[:-1]):
        found = _node(one, found)
    return found


def root(hashes: Iterable[bytes]) -> bytes:
    """Return the root of a log.

    Args:
        hashes: The hashes of its entries in log order, as bytes.

    Example:
        >>> root([]).hex()[:16]
        'e3b0c44298fc1c14'
    """
    log = Frontier()
    log.extend(hashes)
    return log.root()


# ---- proofs ----------------------------------------------------------------------------------------------------------
# A proof is a list of subtrees, told as ranges of leaves. Each is either full, and is seen while the log is read once, or
# reaches to the end of the log, and is folded from the peaks at its end.
_Range = tuple[int, int]


def _split(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1


def _beside(index: int, size: int) -> list[_Range]:
    """Return the subtrees beside the way from a leaf to the root, from below (RFC 9162, 2.1.3.1)."""
    found = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def _between(old: int, size: int) -> list[_Range]:
    """Return the subtrees that show how a log grew, from below (RFC 9162, 2.1.4.1)."""
    found = []
    start, end, whole = 0, size, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def _subtrees(hashes: Iterable[bytes], size: int, wanted: Iterable[_Range]) -> tuple[bytes, dict[_Range, bytes]]:
    """Return the root of a log and the roots of subtrees of it, in one pass and without keeping the log."""
    seen: dict[_Range, bytes] = {}
    full: set[_Range] = set()
    tails: set[_Range] = set()
    for start, end in wanted:
        width = end - start
        (full if width & (width - 1) == 0 else tails).add((start, end))
    peaks: list[tuple[int, bytes]] = []
    count = 0
    for data in hashes:
        start, end, node = count, count + 1, sha256(b"\x00" + data).digest()
        if (start, end) in full:
            seen[start, end] = node
        low = count
        while low & 1:
            start, left = peaks.pop()
            node = sha256(b"\x01" + left + node).digest()
            if (start, end) in full:
                seen[start, end] = node
            low >>= 1
        peaks.append((start, node))
        count += 1
        if count > size:
            break
    if count != size:
        msg = f"a proof in a log of {size} entries was asked for; the log that was given has {_many(count, size)}"
        raise RecordError(msg)
    for tail in tails:
        seen[tail] = _fold([node for start, node in peaks if start >= tail[0]])
    return _fold([node for _, node in peaks]), seen


def _many(count: int, size: int) -> str:
    return "more" if count > size else str(count)


def _size_of(hashes: Iterable[bytes], size: int | None) -> int:
    if size is not None:
        return size
    if isinstance(hashes, Sequence):
        return len(hashes)
    msg = "a proof over hashes that are read one by one needs the size of the log: give size="
    raise RecordError(msg)


def inclusion(index: int, hashes: Iterable[bytes], size: int | None = None) -> tuple[bytes, ...]:
    """Return the proof that an entry stands at a place of a log.

    Args:
        index: Its place; the first is 0.
        hashes: The hashes of the log in order; they are read once and not kept.
        size: How many they are; may be left out for a sequence.

    Raises:
        RecordError: No such place, or the log has another size.

    Example:
        >>> log = [bytes([n]) * 32 for n in range(5)]
        >>> path = inclusion(2, log)
        >>> check_inclusion(log[2], 2, 5, path, root(log))
        True
    """
    return inclusions((index,), hashes, size)[1][0]


def inclusions(
    indices: Iterable[int], hashes: Iterable[bytes], size: int | None = None
) -> tuple[bytes, tuple[tuple[bytes, ...], ...]]:
    """Return the root of a log, and the proofs for several of its places, in one pass.

    Args:
        indices: The places; the first of a log is 0.
        hashes: As for :func:`inclusion`.
        size: Likewise.

    Raises:
        RecordError: No such place, or the log has another size.
    """
    total = _size_of(hashes, size)
    ways = []
    for index in indices:
        if not 0 <= index < total:
            msg = f"a proof for place {index} was asked for; a log of {total} entries has the places 0 to {total - 1}"
            raise RecordError(msg)
        ways.append(_beside(index, total))
    top, seen = _subtrees(hashes, total, (one for way in ways for one in way))
    return top, tuple(tuple(seen[one] for one in way) for way in ways)


def consistency(old_size: int, hashes: Iterable[bytes], size: int | None = None) -> tuple[bytes, ...]:
    """Return the proof that a log begins with all that it held when it was smaller.

    Args:
        old_size: How many entries it had.
        hashes: As for :func:`inclusion`: all of the log as it is now.
        size: Likewise.

    Raises:
        RecordError: The log was never so large, or has another size than said.
    """
    total = _size_of(hashes, size)
    if not 0 <= old_size <= total:
        msg = f"a log of {total} entries cannot be shown to have grown from {old_size}"
        raise RecordError(msg)
    ranges = _between(old_size, total) if 0 < old_size < total else []
    seen = _subtrees(hashes, total, ranges)[1]
    return tuple(seen[one] for one in ranges)


# ---- checks (RFC 9162, 2.1.3.2 and 2.1.4.2) --------------------------------------------------------------------------
def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes) -> bool:
    """Return whether a proof shows that an entry stands at a place of a log.

    It never raises for what it is given. Another size may pass where the way to the root is the same; take size and root
    together from a checkpoint.

    Args:
        leaf: The hash of the entry, 32 bytes.
        index: Its place.
        size: The size of the log.
        proof: What :func:`inclusion` gave.
        top: The root of the log.
    """
    if not 0 <= index < size or any(len(one) != _WIDTH for one in proof):
        return False
    place, last, found = index, size - 1, leaf_hash(leaf)
    for one in proof:
        if not last:
            return False
        if place & 1 or place == last:
            found = _node(one, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, one)
        place, last = place >> 1, last >> 1
    return not last and found == top


def check_consistency(old_size: int, size: int, proof: Sequence[bytes], old_top: bytes, top: bytes) -> bool:
    """Return whether a proof shows that a log grew from one root to another without changing what it held.

    It never raises for what it is given. As with :func:`check_inclusion`, take each size and its root from a checkpoint.

    Args:
        old_size: The smaller size.
        size: The larger size.
        proof: What :func:`consistency` gave.
        old_top: The root at the smaller size.
        top: The root at the larger size.
    """
    if not 0 <= old_size <= size or any(len(one) != _WIDTH for one in proof):
        return False
    if old_size in {0, size}:
        return not proof and old_top == (EMPTY if not old_size else top)
    nodes = iter(proof) if old_size & (old_size - 1) else iter((old_top, *proof))
    return _grown(old_size, size, nodes) == (old_top, top)


def _grown(old_size: int, size: int, nodes: Iterator[bytes]) -> tuple[bytes, bytes] | None:
    """Return both roots that a proof leads to; None where it has too few nodes or too many."""
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = next(nodes, None)
    if first is None:
        return None
    old = new = first
    for one in nodes:
        if not last:
            return None
        if place & 1 or place == last:
            old, new = _node(one, old), _node(one, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = _node(new, one)
        place, last = place >> 1, last >> 1
    return None if last else (old, new)
