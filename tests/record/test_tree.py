"""The tree over the log: RFC 6962 and RFC 9162, with the vectors of Certificate Transparency."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from random import Random

import pytest

from rrm_lifecycle.errors import RecordError
from rrm_lifecycle.record.proof.tree import (
    EMPTY,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    inclusions,
    leaf_hash,
    root,
)

CT_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CT_CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
LOG = [sha256(str(number).encode()).digest() for number in range(257)]
ROOTS = [root(LOG[:size]) for size in range(258)]


def hexed(path: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return a proof as text."""
    return tuple(one.hex() for one in path)


def flipped(data: bytes, bit: int) -> bytes:
    """Return bytes with one bit changed."""
    return data[: bit // 8] + bytes([data[bit // 8] ^ (1 << bit % 8)]) + data[bit // 8 + 1 :]


def by_the_book(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 9162 2.1.1 defines it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


class TestVectors:
    """The published vectors of Certificate Transparency hold."""

    def test_roots(self) -> None:
        """The roots of the eight leaves at each size are the published ones, and so is that of no leaf."""
        assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        assert root([]) == EMPTY
        assert [root(CT_LEAVES[:size]).hex() for size in range(1, 9)] == CT_ROOTS

    def test_inclusion(self) -> None:
        """The published proofs of inclusion are given and pass."""
        for (index, size), path in CT_INCLUSION.items():
            found = inclusion(index, CT_LEAVES[:size])
            assert hexed(found) == path
            assert check_inclusion(CT_LEAVES[index], index, size, found, bytes.fromhex(CT_ROOTS[size - 1]))

    def test_consistency(self) -> None:
        """The published proofs of consistency are given and pass."""
        for (old, size), path in CT_CONSISTENCY.items():
            found = consistency(old, CT_LEAVES[:size])
            assert hexed(found) == path
            tops = bytes.fromhex(CT_ROOTS[old - 1]), bytes.fromhex(CT_ROOTS[size - 1])
            assert check_consistency(old, size, found, *tops)


class TestAllSizes:
    """What holds for every size up to 256."""

    def test_roots_by_the_book(self) -> None:
        """The root while growing is the root that the RFC defines, and a tree goes on from its peaks."""
        log = Frontier()
        for size in range(257):
            assert log.root() == ROOTS[size]
            assert log.size == size
            if size < 40 or size % 17 == 0:
                assert log.root() == by_the_book(LOG[:size])
                log = Frontier(log.size, log.peaks)
            log.append(LOG[size])

    def test_every_inclusion(self) -> None:
        """Every entry of every log up to 256 entries has a proof, and it passes."""
        for size in range(1, 257):
            top, paths = inclusions(range(size), LOG[:size])
            assert top == ROOTS[size]
            for index, path in enumerate(paths):
                assert check_inclusion(LOG[index], index, size, path, top)

    def test_every_consistency(self) -> None:
        """Every growth up to 64 entries has a proof, and it passes; so has a sample of those up to 256."""
        chance = Random(64)
        grown = [(old, size) for size in range(65) for old in range(size + 1)]
        grown += [(chance.randint(0, size), size) for size in range(65, 257) for _ in range(2)]
        for old, size in grown:
            path = consistency(old, LOG[:size])
            assert check_consistency(old, size, path, ROOTS[old], ROOTS[size])

    def test_one_by_one(self) -> None:
        """A proof over hashes that are read one by one is the proof over a list."""
        for index, size in [(0, 1), (3, 7), (100, 200), (199, 200), (128, 129)]:
            assert inclusion(index, iter(LOG[:size]), size) == inclusion(index, LOG[:size])
            assert consistency(index, iter(LOG[:size]), size) == consistency(index, LOG[:size])


class TestChanged:
    """One changed bit is refused (RFC 9162 2.1.3.2, 2.1.4.2)."""

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33, 100, 256])
    def test_inclusion(self, size: int) -> None:
        """Every bit of leaf, root, proof and place counts, and a proof with a node more or less is refused."""
        chance = Random(size)
        for index in {0, size - 1, chance.randrange(size)}:
            path, top = inclusion(index, LOG[:size]), ROOTS[size]
            leaf = LOG[index]
            for bit in range(256):
                assert not check_inclusion(flipped(leaf, bit), index, size, path, top)
                assert not check_inclusion(leaf, index, size, path, flipped(top, bit))
                for at, one in enumerate(path):
                    if bit % 8 == at % 8:
                        changed = (*path[:at], flipped(one, bit), *path[at + 1 :])
                        assert not check_inclusion(leaf, index, size, changed, top)
            for bit in range(12):
                assert not check_inclusion(leaf, index ^ 1 << bit, size, path, top)
            assert not check_inclusion(leaf, -1 - index, size, path, top)
            assert not check_inclusion(leaf, index, size, (*path, top), top)
            assert not check_inclusion(leaf, index, size, path[:-1], top) or not path
            assert not check_inclusion(leaf, index, size, (*path[:-1], path[-1][:31]) if path else (b"",), top)

    @pytest.mark.parametrize("size", [2, 3, 7, 8, 33, 100, 256])
    def test_size(self, size: int) -> None:
        """Another size is refused unless the way to the root is the same: the root itself does not name the size."""
        passed = 0
        for index in range(size):
            path = inclusion(index, LOG[:size])
            for bit in range(10):
                other = size ^ 1 << bit
                same_way = index < other <= 257 and _directions(index, other) == _directions(index, size)
                assert check_inclusion(LOG[index], index, other, path, ROOTS[size]) is same_way
                passed += same_way
        assert (passed > 0) is (size in {7, 33, 100})

    @pytest.mark.parametrize("size", [2, 3, 7, 8, 33, 100])
    def test_consistency(self, size: int) -> None:
        """Every bit of both roots and of the proof counts, and a proof with a node more or less is refused."""
        for old in {1, size // 2, size - 1}:
            path, tops = consistency(old, LOG[:size]), (ROOTS[old], ROOTS[size])
            for bit in range(0, 256, 3):
                assert not check_consistency(old, size, path, flipped(tops[0], bit), tops[1])
                assert not check_consistency(old, size, path, tops[0], flipped(tops[1], bit))
                for at, one in enumerate(path):
                    changed = (*path[:at], flipped(one, bit), *path[at + 1 :])
                    assert not check_consistency(old, size, changed, *tops)
            assert not check_consistency(old, size, (*path, tops[0]), *tops)
            assert not check_consistency(old, size, path[:-1], *tops)
            assert not check_consistency(size, old, path, *tops)

    def test_another_past(self) -> None:
        """A log that changed one early entry is not consistent with what it was, whatever proof it makes."""
        forged = [*LOG[:10], b"\x00" * 32, *LOG[11:100]]
        path = consistency(50, forged)
        assert check_consistency(50, 100, path, root(forged[:50]), root(forged))
        assert not check_consistency(50, 100, path, ROOTS[50], root(forged))

    def test_no_growth(self) -> None:
        """From nothing every log may grow; at the same size the roots are the same; proofs of either are empty."""
        assert check_consistency(0, 9, (), EMPTY, ROOTS[9])
        assert not check_consistency(0, 9, (), ROOTS[9], ROOTS[9])
        assert not check_consistency(0, 9, (ROOTS[9],), EMPTY, ROOTS[9])
        assert check_consistency(9, 9, (), ROOTS[9], ROOTS[9])
        assert not check_consistency(9, 9, (), ROOTS[8], ROOTS[9])

    def test_node_is_no_leaf(self) -> None:
        """A node cannot be shown as a leaf."""
        left, right = leaf_hash(LOG[0]), leaf_hash(LOG[1])
        assert root([left + right]) != root(LOG[:2])


class TestGrowth:
    """A tree grows by one leaf or by many."""

    def test_many(self) -> None:
        """Leaves that come one by one, or many at once, or from a source that fails, give the same tree."""
        one, many = Frontier(), Frontier()
        for leaf in LOG[:50]:
            one.append(leaf)

        def failing() -> Iterator[bytes]:
            yield from LOG[20:50]
            raise OSError("the source ended")

        many.extend(LOG[:20])
        with pytest.raises(OSError, match="ended"):
            many.extend(failing())
        assert (one.size, one.peaks, one.root()) == (many.size, many.peaks, many.root()) == (50, one.peaks, ROOTS[50])


class TestAsked:
    """What cannot be proved is said."""

    def test_refused(self) -> None:
        """A place beyond the log, a size that is none, and a stream without a size are refused in words."""
        with pytest.raises(RecordError, match=r"place 5 .* places 0 to 4"):
            inclusion(5, LOG[:5])
        with pytest.raises(RecordError, match="cannot be shown to have grown from 6"):
            consistency(6, LOG[:5])
        with pytest.raises(RecordError, match="give size="):
            inclusion(1, iter(LOG))
        with pytest.raises(RecordError, match="has more"):
            inclusion(1, iter(LOG), 5)
        with pytest.raises(RecordError, match="has 257"):
            inclusion(1, iter(LOG), 500)
        with pytest.raises(RecordError, match="has 2 peaks"):
            Frontier(3, [EMPTY])

    def test_memory(self) -> None:
        """A proof in a log of 50,000 entries keeps a few hashes, not the log."""
        tracemalloc.start()
        try:
            path = inclusion(31_000, (number.to_bytes(32, "big") for number in range(50_000)), 50_000)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert len(path) == 16
        assert peak < 100_000


def _directions(index: int, size: int) -> list[bool]:
    found = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        found.append(index < middle)
        start, end = (start, middle) if index < middle else (middle, end)
    return found
