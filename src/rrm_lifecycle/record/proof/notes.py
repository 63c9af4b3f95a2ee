"""Checkpoints: size and root of a log, signed, in the form of C2SP signed notes, kept outside of the log's own file.

A checkpoint is a text that any reader of the form can check::

    docket-2024                                      origin: the name of the log
    128                                              how many entries it had
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     the root of the tree over them
                                                     (a blank line)
    — docket.example Az3grl…                         who signed it: id of the key and signature

Signatures of keys that are not asked for are passed over, as the form has it: others may add theirs.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from threading import get_ident
from typing import Final

from attrs import field, frozen

from rrm_lifecycle.canonical import MOST, UNTRUSTED, clean_id, clean_text, whole
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.record.proof.keys import SigningKey, Verifier, unpadded
from rrm_lifecycle.record.proof.tree import EMPTY, Frontier

__all__ = [
    "Checkpoint",
    "CheckpointWalk",
    "check_checkpoints",
    "open_note",
    "read_checkpoints",
    "sign",
    "write_checkpoint",
]

SUFFIX: Final = ".checkpoint"
LONGEST: Final = 64 * 1024
_LINES: Final = 64
_MARK: Final = "\u2014 "
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def _extension(values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(clean_text(one, "a line of a checkpoint", longest=1_000) for one in values)
    if "" in found or len(found) > _LINES // 2:
        msg = f"a checkpoint takes up to {_LINES // 2} further lines, none of them empty"
        raise EventError(msg)
    return found


def _origin(value: str) -> str:
    return clean_id(value, "the origin of a checkpoint")


def _size(value: int) -> int:
    return whole(value, "the size of a log")


@frozen
class Checkpoint:
    """How large a log was, and the root of the tree over it.

    Attributes:
        origin: Name of the log.
        size: How many entries it had.
        root: The root, 32 bytes.
        extension: Further lines, if any.
    """

    origin: str = field(converter=_origin)
    size: int = field(converter=_size)
    root: bytes = field(repr=lambda value: value.hex()[:16] + "…")
    extension: tuple[str, ...] = field(default=(), converter=_extension)

    @root.validator
    def _fits(self, _: object, value: bytes) -> None:
        if type(value) is not bytes or len(value) != len(EMPTY):
            msg = f"the root of a log has {len(EMPTY)} bytes"
            raise EventError(msg)
        if (value == EMPTY) is (self.size != 0):
            msg = f"a log of {self.size} entries has another root"
            raise EventError(msg)

    @property
    def text(self) -> str:
        """The lines that are signed, each with its line feed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extension)
        return "".join(f"{line}\n" for line in lines)

    def __str__(self) -> str:
        """Return the checkpoint in a line."""
        return f"{self.origin}: {self.size} entries, root {self.root.hex()[:16]}…"


def sign(checkpoint: Checkpoint, *keys: SigningKey) -> bytes:
    """Return the signed note of a checkpoint.

    Args:
        checkpoint: What is signed.
        keys: Who signs it; one or several.

    Raises:
        EventError: No key.
        MissingExtra: The extra ``signing`` is not installed.
    """
    if not keys:
        msg = "a checkpoint is signed with at least one key: give the docket's key"
        raise EventError(msg)
    text = checkpoint.text
    signed = (f"{_MARK}{key.name} {_signature(key, text)}\n" for key in keys)
    return "".join((text, "\n", *signed)).encode()


def _signature(key: SigningKey, text: str) -> str:
    return b64encode(key.verifier.key_id + key.sign(text.encode())).decode()


def open_note(data: bytes, verifiers: Verifier | Sequence[Verifier]) -> Checkpoint:
    """Return the checkpoint that a note holds, once a key that is asked for has signed it.

    Args:
        data: The note.
        verifiers: The keys whose signature counts; one is enough, and none of them may be wrong.

    Raises:
        RecordDamaged: It is no note, was altered, or is signed by none of these keys; the message names the line.
        EventError: No key was given.
        MissingExtra: The extra ``signing`` is not installed.
    """
    known = (verifiers,) if isinstance(verifiers, Verifier) else tuple(verifiers)
    if not known:
        msg = "a checkpoint can only be checked with a key: give the verifier of whoever signed it"
        raise EventError(msg)
    checkpoint, signatures = _read(data)
    message = checkpoint.text.encode()
    signers: set[str] = set()
    for line, name, signature in signatures:
        for key in known:
            if key.name != name or key.key_id != signature[:4]:
                continue
            if key.text in signers or not key.check(message, signature[4:]):
                msg = (
                    f"line {line} of the checkpoint: the signature of {name} does not hold: it or the text was altered"
                )
                raise RecordDamaged(msg)
            signers.add(key.text)
    if not signers:
        names = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in known)
        msg = f"the checkpoint is signed by none of the keys that were given ({names})"
        raise RecordDamaged(msg)
    return checkpoint


def _read(data: bytes) -> tuple[Checkpoint, list[tuple[int, str, bytes]]]:
    """Return what a note says, and its signatures, unchecked, each with its line, name and bytes."""
    if len(data) > LONGEST:
        msg = f"a checkpoint takes no more than {LONGEST} bytes; found {len(data)}"
        raise RecordDamaged(msg)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        msg = f"the checkpoint is no UTF-8: byte {error.start}"
        raise RecordDamaged(msg) from None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = UNTRUSTED.search(line)
        if found:
            msg = f"line {number} of the checkpoint holds the character U+{ord(found[0]):04X}, which has no place in it"
            raise RecordDamaged(msg)
    if lines.pop() or not 5 <= len(lines) <= _LINES or "" not in lines:
        msg = "the checkpoint was cut, or is none: its lines are origin, size, root, a blank one and signatures"
        raise RecordDamaged(msg)
    blank = lines.index("")
    signatures = [_signed(line, number) for number, line in enumerate(lines[blank + 1 :], blank + 2)]
    if not signatures:
        msg = "the checkpoint has no signature"
        raise RecordDamaged(msg)
    return _checkpoint(lines[:blank]), signatures


def _checkpoint(lines: list[str]) -> Checkpoint:
    if len(lines) < 3 or not _NUMBER.fullmatch(lines[1]) or int(lines[1]) > MOST:
        msg = "line 2 of the checkpoint has to be the size of the log, a whole number, and line 3 its root"
        raise RecordDamaged(msg)
    try:
        found = Checkpoint(lines[0], int(lines[1]), unpadded(lines[2], "line 3, the root,"), tuple(lines[3:]))
    except EventError as error:
        msg = f"the checkpoint was altered, or is none of this library: {error}"
        raise RecordDamaged(msg) from None
    if found.text != "".join(f"{line}\n" for line in lines):
        msg = "the text of the checkpoint is not in Unicode's form NFC"
        raise RecordDamaged(msg)
    return found


def _signed(line: str, number: int) -> tuple[int, str, bytes]:
    name, space, text = line.removeprefix(_MARK).partition(" ")
    if not (line.startswith(_MARK) and name and space):
        msg = f"line {number} of the checkpoint is no signature: an em dash, a name and base64, one space between"
        raise RecordDamaged(msg)
    try:
        signature = unpadded(text, "the signature")
    except EventError as error:
        msg = f"line {number} of the checkpoint was altered: {error}"
        raise RecordDamaged(msg) from None
    return number, name, signature


# ---- a log against its checkpoints -----------------------------------------------------------------------------------
class CheckpointWalk:
    """A log that is read once, in order, and compared with its checkpoints on the way.

    Args:
        checkpoints: Of this log, in any order.

    Attributes:
        covered: How many entries the largest checkpoint that was reached covers.
        log: The tree so far.
    """

    __slots__ = ("_left", "covered", "log")

    covered: int
    log: Frontier

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self._left = sorted(checkpoints, key=lambda one: -one.size)
        self.covered = 0
        self.log = Frontier()
        self.extend(())

    def extend(self, entries: Iterable[bytes]) -> None:
        """Take the hashes of the next entries, 32 bytes each.

        Raises:
            RecordDamaged: A checkpoint has another root than the log where it has its size.
        """
        more = iter(entries)
        while self._left:
            checkpoint = self._left[-1]
            self.log.extend(islice(more, checkpoint.size - self.log.size))
            if self.log.size < checkpoint.size:
                return
            if checkpoint.root != self.log.root():
                msg = (
                    f"the log is not the one that was signed: with {checkpoint.size} entries its root is not that of the "
                    f"checkpoint; they last agree at {self.covered} entries, so that entries between were altered or put in"
                )
                raise RecordDamaged(msg)
            self._left.pop()
            self.covered = checkpoint.size
        self.log.extend(more)

    def close(self) -> int:
        """Return how many entries are covered, once all of the log was taken.

        Raises:
            RecordDamaged: A checkpoint covers more entries than the log has.
        """
        if self._left:
            msg = (
                f"the log was cut: it has {self.log.size} entries, and a checkpoint covers {self._left[0].size}; "
                f"they last agree at {self.covered}"
            )
            raise RecordDamaged(msg)
        return self.covered


def check_checkpoints(checkpoints: Iterable[Checkpoint], hashes: Iterable[bytes]) -> int:
    """Return how many entries of a log its checkpoints cover; those behind are the window.

    Args:
        checkpoints: Of this log, in any order.
        hashes: The hashes of its entries in log order, as bytes; read once and not kept.

    Raises:
        RecordDamaged: A checkpoint says otherwise than the log; the message names the sizes.
    """
    walk = CheckpointWalk(checkpoints)
    walk.extend(hashes)
    return walk.close()


# ---- a folder of checkpoints -----------------------------------------------------------------------------------------
def write_checkpoint(folder: str | os.PathLike[str], note: bytes) -> Path:
    """Write a signed note to a folder and return where; one that is there already is left as it is.

    Args:
        folder: Where the checkpoints are kept, best not beside the docket.
        note: What :func:`sign` gave.

    Raises:
        RecordDamaged: The folder holds another checkpoint of the same log and size; or the note is none.
        OSError: The folder cannot be written.
    """
    checkpoint = _read(note)[0]
    place = Path(folder)
    target = place / f"{checkpoint.origin}-{checkpoint.size:016d}{SUFFIX}"
    # Written beside and then linked: a power cut leaves no half of a checkpoint, and nothing is ever written over.
    draft = place / f".{target.name}.{os.getpid()}-{get_ident()}.new"
    draft.unlink(missing_ok=True)
    try:
        _fill(_new_file(draft), note)
        try:
            os.link(draft, target)
        except FileExistsError:
            _same(checkpoint, target)
            return target
        except OSError:  # a file system without links
            try:
                _fill(_new_file(target), note)
            except FileExistsError:
                _same(checkpoint, target)
                return target
    finally:
        with suppress(OSError):
            draft.unlink()
    _sync(place)
    return target


def _new_file(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o644)


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened to be synced
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same(checkpoint: Checkpoint, target: Path) -> None:
    _no_fork(_read(_bytes(target))[0], checkpoint)


def _no_fork(one: Checkpoint, other: Checkpoint) -> None:
    if one.root != other.root:
        msg = (
            f"two histories of log {one.origin}: two checkpoints of {one.size} entries, with the roots "
            f"{one.root.hex()[:16]}… and {other.root.hex()[:16]}…; keep both, they are evidence"
        )
        raise RecordDamaged(msg)


def _bytes(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        return file.read(LONGEST + 1)


def read_checkpoints(
    folder: str | os.PathLike[str], verifiers: Verifier | Sequence[Verifier], *, origin: str | None = None
) -> tuple[Checkpoint, ...]:
    """Return the checkpoints of a folder, the smallest first.

    Args:
        folder: Where they are kept.
        verifiers: The keys whose signature counts.
        origin: Name of the log; those of other logs are passed over.

    Raises:
        RecordDamaged: One of them was altered, or is signed by none of the keys, or two tell of two histories; the
            message names the file, or the size.
        OSError: The folder cannot be read, or holds a link in place of a checkpoint.
        MissingExtra: The extra ``signing`` is not installed.
    """
    found: dict[tuple[str, int], Checkpoint] = {}
    for path in sorted(Path(folder).iterdir()):
        if path.suffix != SUFFIX or path.name.startswith("."):
            continue
        try:
            data = _bytes(path)
            if origin is not None and _read(data)[0].origin != origin:
                continue
            checkpoint = open_note(data, verifiers)
        except RecordDamaged as error:
            msg = f"{path.name!r}: {error}"
            raise RecordDamaged(msg) from None
        _no_fork(found.setdefault((checkpoint.origin, checkpoint.size), checkpoint), checkpoint)
    return tuple(sorted(found.values(), key=lambda one: (one.size, one.origin)))
