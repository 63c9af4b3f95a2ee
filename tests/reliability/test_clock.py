"""R10: the clock goes back, jumps ahead, and passes the days that clocks are known to stumble over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.docket import Docket
from tests.reliability.work import ACTS

START: Final = datetime(2024, 6, 3, 9, tzinfo=UTC)
NEW_YORK: Final = ZoneInfo("America/New_York")
JUMPS: Final[dict[str, tuple[datetime, ...]]] = {
    "back by a second": (START, START - timedelta(seconds=1), START + timedelta(seconds=1)),
    "back by a day": (START, START - timedelta(days=1), START - timedelta(hours=23), START + timedelta(days=1)),
    "back by ten years": (START, START.replace(year=2014), START.replace(year=2014, month=7), START),
    "past the end of 32 bits": (
        datetime(2038, 1, 19, 3, 14, 7, 999_999, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        datetime(1901, 12, 13, 20, 45, 52, tzinfo=UTC),
        datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC),
    ),
    "the hour that comes twice": (
        datetime(2024, 11, 3, 1, 59, 59, tzinfo=NEW_YORK).astimezone(UTC),
        datetime(2024, 11, 3, 1, 0, 0, fold=1, tzinfo=NEW_YORK).astimezone(UTC),
        datetime(2024, 11, 3, 1, 30, 0, fold=0, tzinfo=NEW_YORK).astimezone(UTC),
    ),
    "the hour that is left out": (
        datetime(2024, 3, 10, 1, 59, 59, tzinfo=NEW_YORK).astimezone(UTC),
        datetime(2024, 3, 10, 3, 0, 0, tzinfo=NEW_YORK).astimezone(UTC),
    ),
    "standing still": (START, START, START),
}


class TestClock:
    """Order is that of the numbers; the clock is noted beside."""

    def test_a_clock_that_is_not_in_utc(self, tmp_path: Path) -> None:
        """A clock of another zone is refused, so that no hour can come twice."""
        with (
            Docket.open(tmp_path / "docket.db", clock=lambda: START.astimezone(NEW_YORK)) as docket,
            pytest.raises(EventError, match="UTC"),
        ):
            docket.start("A")

    @pytest.mark.parametrize("again", [False, True], ids=["one opening", "opened anew each time"])
    @pytest.mark.parametrize("jump", JUMPS)
    def test_jumps(self, jump: str, again: bool, tmp_path: Path) -> None:
        """`recorded` never decreases, the order stays, and where the clock said otherwise what it said is kept."""
        path = tmp_path / "docket.db"
        moments = JUMPS[jump]
        ticks: Iterator[datetime] = iter(moments)
        docket = Docket.open(path, clock=lambda: next(ticks), verify="no")
        docket.start("A")
        for act in ACTS[: len(moments) - 1]:
            if again:
                docket.close()
                docket = Docket.open(path, clock=lambda: next(ticks), verify="full")
            docket.record("A", act)
        docket.close()
        with Docket.open(path) as docket:
            history = docket.history("A")
            assert docket.verify().entries == len(moments) == len(history)
        assert [one.seq for one in history] == list(range(len(moments)))
        latest = datetime.min.replace(tzinfo=UTC)
        for one, moment in zip(history, moments, strict=True):
            latest = max(latest, moment)
            assert one.recorded == latest
            assert one.clock == (None if moment == latest else moment)

    def test_two_cases_share_the_order_of_the_log(self, tmp_path: Path) -> None:
        """A clock that goes back between two cases lets neither be recorded before the other."""
        ticks = iter((START, START - timedelta(days=1), START + timedelta(days=1)))
        with Docket.open(tmp_path / "docket.db", clock=lambda: next(ticks)) as docket:
            for case in ("A", "B", "C"):
                docket.start(case)
            recorded = [docket.history(case)[0].recorded for case in ("A", "B", "C")]
            assert recorded == [START, START, START + timedelta(days=1)]
            assert docket.verify().entries == 3
