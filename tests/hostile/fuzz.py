"""A fuzz run of the readers: ``python -m tests.hostile.fuzz --minutes 10``.

The invariant: each input is read and comes back as the same bytes, or is refused with an error of ``errors.py`` whose
message is short and safe to show; nothing else ever happens. Inputs grow from the golden files and the corpus; with
``atheris`` (``pip install atheris``) they are led by the coverage of the library, and without it by chance alone.

The run prints how many inputs it tried, how many of them were read, how many a second, and each kind of finding once,
with an input that shows it.
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

_INSTRUMENTED: Final = "--engine=atheris" in sys.argv
if _INSTRUMENTED:  # before the library is imported for the first time, so that its coverage is seen
    import atheris

    with atheris.instrument_imports(
        include=["rrm_lifecycle.record", "rrm_lifecycle.histories", "rrm_lifecycle.canonical"]
    ):
        from tests.hostile import targets
else:
    from tests.hostile import targets

TOKENS: Final[tuple[bytes, ...]] = (
    b"null", b"true", b"0", b"-1", b"9007199254740992", b"1e999", b"2.0", b"NaN", b'""', b"[]", b"{}",
    b'"<sealed>"', b"\\u0000", b"\\ud800", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x00",
    b"\x1b[31m", b"e\xcc\x81", b"\r\n", b"\n", b",", b'"', b'"2024-02-30"', b'"2024-04-01T00:00:00Z"',
    b'"../x"', b'"v":2', b'"kind":"erasure"', b'"kind":"correction"', b'"track":"hold"',
    b'"sealed":{"remark":"x"}', b'"seq":1', b'"from":"assessment"', b'"not stated"', b"[[[[", b'{"a":', b"=1+1",
    b"?", b"2024-01/2024-02",
)  # fmt: skip
"""What random mutation puts in."""
_EVERY: Final = 10.0
_LARGEST_POOL: Final = 5_000


class Run:
    """The count of a run.

    Attributes:
        tried: How many inputs, by target.
        taken: How many of them were read, by target.
        found: Each kind of finding, with how often it came.
    """

    def __init__(self, minutes: float) -> None:
        self.tried: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.began = monotonic()
        self.ends = self.began + minutes * 60
        self.tells = self.began + _EVERY

    def one(self, data: bytes) -> None:
        """Try an input: its first byte chooses the target."""
        if not data:
            return
        name, target = targets.TARGETS[data[0] % len(targets.TARGETS)]
        self.tried[name] += 1
        try:
            self.taken[name] += target(data[1:])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._note(name, error, data)
        if monotonic() > self.tells:
            self.tells = monotonic() + _EVERY
            print(self.line(), flush=True)

    def _note(self, name: str, error: Exception, data: bytes) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{name}: {type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        self.found[kind] += 1
        if self.found[kind] == 1:
            print(f"FINDING {kind}: {ascii(str(error))[:400]}\n  {base64.b64encode(data).decode()}", flush=True)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return monotonic() > self.ends

    def line(self) -> str:
        """Return the count in a line."""
        tried, seconds = sum(self.tried.values()), monotonic() - self.began
        return (
            f"{seconds:6.0f} s: {tried} inputs, {tried / max(seconds, 1e-9):.0f}/s, {sum(self.taken.values())} read, "
            f"{sum(self.found.values())} findings of {len(self.found)} kinds"
        )

    def report(self) -> str:
        """Return the count by target."""
        lines = [self.line()]
        lines += [f"  {name}: {self.tried[name]} inputs, {self.taken[name]} read" for name in sorted(self.tried)]
        lines += [f"  FOUND {count} times: {kind}" for kind, count in self.found.most_common()]
        return "\n".join(lines)


def mutated(data: bytes, other: bytes, rng: Random) -> bytes:
    """Return an input with one to four random changes; some of them put in a part of another."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, to = sorted((rng.randint(1, len(made)), rng.randint(1, len(made))))
        to = min(to, at + rng.choice((1, 1, 8, 64)))
        match rng.randrange(7):
            case 0:
                made[at:to] = b""
            case 1:
                made[at:at] = rng.choice(TOKENS)
            case 2:
                made[at:to] = rng.choice(TOKENS)
            case 3:
                made[at:at] = made[at:to]
            case 4:
                start = rng.randint(0, len(other))
                made[at:to] = other[start : start + rng.choice((4, 32, 200))]
            case 5 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case _:
                made[at:to] = bytes(_swapped(made, rng))
    return bytes(made[: targets.LONGEST_INPUT])


def _swapped(made: bytearray, rng: Random) -> bytes:
    """Return a JSON value that stands elsewhere in the input: from one mark to the next."""
    start = rng.randint(0, len(made))
    for first, last in ((b'"', b'"'), (b"{", b"}"), (b"[", b"]"), (b":", b",")):
        at = made.find(first, start)
        end = made.find(last, at + 1)
        if 0 <= at < end and rng.random() < 0.5:
            return bytes(made[at : end + 1])
    return rng.choice(TOKENS)


def by_chance(run: Run, seed: int) -> None:
    """Mutate the seeds, each target in its turn, and keep what was read as a seed for more."""
    rng = Random(seed)
    pools: dict[int, list[bytes]] = {}
    for data in targets.seeds():
        run.one(data)
        pools.setdefault(data[0], []).append(data)
    while not run.is_over:
        pool = pools[rng.choice(tuple(pools))]
        before = run.taken.total()
        data = mutated(rng.choice(pool), rng.choice(pool), rng)
        run.one(data)
        if run.taken.total() > before and len(pool) < _LARGEST_POOL:
            pool.append(data)


def by_coverage(run: Run, seed: int) -> None:
    """Let atheris lead; the process ends with the run, since libFuzzer never gives it back."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, data in enumerate(targets.seeds()):
        (folder / f"seed-{number}").write_bytes(data)
    words = folder.with_suffix(".dict")
    words.write_text("".join('"' + "".join(f"\\x{one:02x}" for one in token) + '"\n' for token in TOKENS))

    def one(data: bytes) -> None:
        if run.is_over:
            print(run.report(), flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            words.unlink(missing_ok=True)
            os._exit(1 if run.found else 0)
        run.one(data)

    options = [
        sys.argv[0],
        str(folder),
        f"-dict={words}",
        f"-seed={seed}",
        f"-max_len={targets.LONGEST_INPUT}",
        "-verbosity=0",
    ]
    atheris.Setup(options, one)
    atheris.Fuzz()


def main(words: list[str] | None = None) -> int:
    """Run; exit status 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description="Fuzz the readers.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("atheris", "chance"), default=None, help="atheris where it is installed")
    parser.add_argument("--show", metavar="BASE64", help="try one input, as a finding shows it, and tell what happens")
    told: Any = parser.parse_args(words)
    if told.show:
        data = base64.b64decode(told.show)
        name, target = targets.TARGETS[data[0] % len(targets.TARGETS)]
        print(f"{name}: read: {target(data[1:])}")
        return 0
    engine = told.engine or ("atheris" if _has_atheris() else "chance")
    if engine == "atheris" and not _INSTRUMENTED:  # anew, so that the library is imported under its eyes
        command = ["-m", "tests.hostile.fuzz", "--engine=atheris", f"--minutes={told.minutes}", f"--seed={told.seed}"]
        os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 - the interpreter itself, and no shell
    run = Run(told.minutes)
    engines: dict[str, Callable[[Run, int], None]] = {"atheris": by_coverage, "chance": by_chance}
    engines[engine](run, told.seed)
    print(run.report())
    return 1 if run.found else 0


def _has_atheris() -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 - asked here alone

    return find_spec("atheris") is not None


if __name__ == "__main__":
    sys.exit(main())
