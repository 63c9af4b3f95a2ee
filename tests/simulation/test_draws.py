"""What a case draws: the contract, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.draws import STREAM, case_keys, draw, key_of, mix, seed_of, word

PUBLISHED = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)
"""The first outputs of splitmix64 set to 1234567, as others publish them."""

VECTORS = {
    (0, 0): (3090617568, 4137054333, 2186563561, 1596017974),
    (0, 1): (2876444050, 1224043487, 4236810830, 3949725741),
    (0, 10**12): (2741672041, 3220228662, 1663755219, 390201285),
    (2026, 0): (1256327321, 1219155645, 1610697148, 328882579),
    (2026, 1): (3482028222, 2884010245, 2962854806, 3982466814),
    (2026, 10**12): (2436348563, 1696424826, 3523671729, 2465316089),
    (2**64, 0): (1443653460, 121312609, 1094968804, 3216583459),
    (2**64, 1): (2881850408, 934743464, 2984643683, 2668282864),
}
"""By seed and case, the first draws of stream 1; whoever changes one of them makes stream 2."""


class TestWords:
    """Words, in plain Python and in numpy."""

    def test_words_are_those_of_splitmix64(self) -> None:
        """The words of a key are the published outputs of splitmix64 set to it."""
        assert tuple(word(1234567, number) for number in range(5)) == PUBLISHED

    def test_numpy_gives_the_same_words(self) -> None:
        """Keys and words in numpy equal those in plain Python, for small and for very large case numbers."""
        cases = np.array([0, 1, 2, 12345, 10**9, 10**15, 2**62])
        key = key_of(7)
        keys = case_keys(key, cases)
        assert keys.tolist() == [word(key, case) for case in cases.tolist()]
        moved = keys + np.uint64(0x9E3779B97F4A7C15)
        words = mix(moved, np.empty_like(keys), np.empty_like(keys))
        assert words.tolist() == [word(one, 0) for one in keys.tolist()]

    def test_keys_of_cases_leave_the_cases_as_they_are(self) -> None:
        """Asking for keys changes no case number, and a step with a sign is taken as well."""
        cases = np.arange(3, dtype=np.uint64)
        case_keys(1, cases)
        assert cases.tolist() == [0, 1, 2]


class TestDraws:
    """Draws of a case."""

    @pytest.mark.parametrize(("seed", "case"), VECTORS)
    def test_vectors(self, seed: int, case: int) -> None:
        """Stream 1 gives these draws, in this and in each later version."""
        assert STREAM == 1
        assert tuple(draw(key_of(seed), case, step) for step in range(4)) == VECTORS[seed, case]

    def test_upper_bits_come_first(self) -> None:
        """Two steps share a word: the upper half is drawn first, the lower half next."""
        key = key_of(3)
        one = word(word(key, 5), 1)
        assert (draw(key, 5, 2) << 32) + draw(key, 5, 3) == one

    def test_draws_are_even(self) -> None:
        """Over many cases and steps, the sixteenths of the range are drawn equally often."""
        keys = case_keys(key_of(11), np.arange(200_000))
        counts = np.bincount((keys >> np.uint64(60)).astype(np.int64), minlength=16)
        assert np.abs(counts - 12_500).max() < 6 * np.sqrt(12_500)

    def test_cases_share_no_words(self) -> None:
        """Among a thousand cases of a hundred words each, no word stands twice."""
        key = key_of(5)
        words = {word(word(key, case), number) for case in range(1000) for number in range(100)}
        assert len(words) == 100_000


class TestSeeds:
    """What a seed can be."""

    @pytest.mark.parametrize("seed", [-1, 1.0, "7", None, True, np.float64(2), float("nan")])
    def test_no_whole_number(self, seed: object) -> None:
        """A seed that is no whole number of at least 0 is refused, and named."""
        with pytest.raises(SimulationError, match="a seed is a whole number of at least 0") as caught:
            seed_of(seed)
        assert repr(seed) in str(caught.value)

    def test_numbers_of_numpy(self) -> None:
        """A whole number of numpy is as good as one of Python."""
        assert key_of(np.int32(7)) == key_of(7)  # type: ignore[arg-type]

    def test_seeds_differ(self) -> None:
        """Seeds next to each other have keys that differ in about half of their bits."""
        apart = [(key_of(seed) ^ key_of(seed + 1)).bit_count() for seed in range(50)]
        assert 24 < sum(apart) / 50 < 40
