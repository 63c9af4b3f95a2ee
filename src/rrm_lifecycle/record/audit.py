"""A log looked at as a whole: verified against its storage, its folds, and checkpoints kept elsewhere; signed; proved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Final

from attrs import evolve

from rrm_lifecycle.errors import EventError, RecordDamaged, StorageError, UnknownCase
from rrm_lifecycle.record.filed import Filed, note_of
from rrm_lifecycle.record.kept import ATTEMPTS
from rrm_lifecycle.record.links import Chain, Verified, summary
from rrm_lifecycle.record.proof.extract import write_extract
from rrm_lifecycle.record.proof.keys import SigningKey, Verifier
from rrm_lifecycle.record.proof.notes import Checkpoint, CheckpointWalk, read_checkpoints, sign, write_checkpoint
from rrm_lifecycle.record.proof.receipts import Proof, Receipt
from rrm_lifecycle.record.proof.tree import Frontier, inclusions
from rrm_lifecycle.record.reader import check_text
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import Head, Store
from rrm_lifecycle.sealing import commitment

_log: Final = logging.getLogger("rrm_lifecycle")

EVERY: Final = 100
"""A checkpoint is written at least once for so many entries, where key and folder are named."""

Progress = Callable[[int, int], object]
"""Told how many entries are done, of how many."""


class Audit:
    """Checks and signs the log of one store.

    Args:
        store: Where entries are kept.
        key: Signs checkpoints; None where nothing is signed.
        folder: Where checkpoints are kept: away from the store, or they show nothing.
        verifiers: Keys whose checkpoints in the folder count; that of ``key`` if none are given.
    """

    def __init__(
        self,
        store: Store,
        key: SigningKey | None = None,
        folder: Path | None = None,
        verifiers: tuple[Verifier, ...] = (),
    ) -> None:
        self.store = store
        self.key = key
        self.folder = folder
        self._verifiers = verifiers or (() if key is None else (key.verifier,))
        self._frontier = Frontier()
        self._lock = RLock()  # two threads that grow one tree would sign a root that no log has
        self._unsigned = 0

    # ---- checking ----------------------------------------------------------------------------------------------------
    def verify(self, *, progress: Progress | None = None) -> Verified:
        """Check everything that is kept: the storage, each chain and fold, where cases stand, log order, checkpoints.

        Raises:
            RecordDamaged: The first place that does not hold.
        """
        self.store.check()
        size = self.store.number()
        done = 0

        def chains() -> Iterator[Chain]:
            nonlocal done
            for head in list(self.store.heads()):
                yield self._chain(head)
                done += head.seq + 1
                if progress is not None:
                    progress(done, size)

        found = summary(chains())
        grown = self.store.number()
        if size == grown != found.entries:
            msg = f"the log has places for {size} entries, and {found.entries} are kept"
            raise RecordDamaged(msg)
        covered = self._check_order(grown, found.entries)
        return evolve(
            found, window=max(0, found.entries - covered), checkpoint=covered if self._kept_elsewhere else None
        )

    @property
    def _kept_elsewhere(self) -> bool:
        return self.folder is not None and bool(self._verifiers)

    def _chain(self, head: Head) -> Chain:
        chain = Chain()
        case_id = head.case_id
        for number, (body, stated) in enumerate(self.store.bodies(case_id)):
            if number > head.seq:
                break  # filed meanwhile
            where = f"entry {number} of case {case_id}"
            check_text(body, where)
            chain.take(body, stated, where)
            note_of(chain.body, where)
        if chain.case_id != case_id or chain.seq != head.seq or chain.head != head.hash:
            msg = f"the record of case {case_id} does not end where the store says"
            raise RecordDamaged(msg)
        if chain.case is not None:
            folded = Standing.of(chain.case, head.seq, head.hash)
            if self.store.standing(case_id) != folded and self.store.head(case_id).hash == head.hash:
                msg = (
                    f"case {case_id} is listed otherwise than its record folds; the record itself holds: make the lists "
                    "anew with docket.rebuild()"
                )
                raise RecordDamaged(msg)
        self._check_secrets(case_id, chain)
        return chain

    def _check_secrets(self, case_id: str, chain: Chain) -> None:
        """Check that each value behind a sealed text is the one that the record commits to."""
        for seq, one in self.store.secrets(case_id):
            if seq <= chain.seq and commitment(one.salt, one.value) != (chain.sealed or {}).get((seq, one.place)):
                msg = (
                    f"the sealed value in {one.place} of entry {seq} of case {case_id} is not the one that the record "
                    "commits to: it was altered"
                )
                raise RecordDamaged(msg)

    def _check_order(self, size: int, entries: int) -> int:
        if size < entries:
            msg = f"the log has places for {size} entries, and {entries} are kept"
            raise RecordDamaged(msg)
        walk = CheckpointWalk(self._checkpoints())
        early: list[int] = []
        walk.extend(self._hashes(size, early))
        self._check_early(early)
        if walk.log.size != size:
            msg = f"the log has {walk.log.size} entries in order, and {size} places"
            raise RecordDamaged(msg)
        with self._lock:
            self._frontier = walk.log
        return walk.close()

    def _hashes(self, size: int, early: list[int]) -> Iterator[bytes]:
        """Yield the hashes of the log in order; places of entries recorded before the one before them go to ``early``."""
        last = None
        for number, (hash_, recorded) in enumerate(islice(self.store.recordings(), size)):
            if last is not None and recorded is not None and recorded < last:
                early.append(number)
            else:
                last = recorded or last
            yield hash_

    def _check_early(self, places: list[int]) -> None:
        """Refuse an entry that was recorded before the one before it, unless it was taken up from another log."""
        if not places:
            return
        order = enumerate(self.store.in_order(places[0]), places[0])
        for place in places:
            filed = next(one for number, one in order if number == place)
            if filed.log == self.store.log:
                msg = f"entry {place} of the log was recorded before the one before it"
                raise RecordDamaged(msg)

    def _checkpoints(self) -> tuple[Checkpoint, ...]:
        if self.folder is None or not self._verifiers or not self.folder.is_dir():
            return ()
        return read_checkpoints(self.folder, self._verifiers, origin=self.store.log)

    def verify_heads(self) -> Verified:
        """Check the ends alone: that each case is listed as of its last entry, and that the last entries hold together.

        Raises:
            RecordDamaged: The first place that does not hold.
        """
        heads = {head.case_id: head for head in self.store.heads()}
        cases = [one for one in heads.values() if not one.case_id.endswith(ATTEMPTS)]
        for head in cases:
            standing = self.store.standing(head.case_id)
            if standing is None or standing.hash != head.hash:
                msg = (
                    f"case {head.case_id} is listed as of another entry than its last, or not at all: make the lists anew "
                    "with docket.rebuild()"
                )
                raise RecordDamaged(msg)
        size = self.store.number()
        for filed in self.store.in_order(max(0, size - EVERY)):
            end = heads.get(filed.case_id)
            if end is None or filed.seq > end.seq or (filed.seq == end.seq and filed.hash != end.hash):
                msg = f"entry {filed.seq} of case {filed.case_id} stands in the log, and not in the record of its case"
                raise RecordDamaged(msg)
        entries = sum(head.seq + 1 for head in heads.values())
        covered = max((one.size for one in self._checkpoints()), default=0)
        if covered > size:
            msg = f"the log was cut: it has {size} entries, and a checkpoint covers {covered}"
            raise RecordDamaged(msg)
        told = {head.case_id: head.hash for head in heads.values()}
        return Verified(entries, len(cases), entries - covered, told, covered if self._kept_elsewhere else None)

    # ---- signing -----------------------------------------------------------------------------------------------------
    def _grown(self) -> Frontier:
        size = self.store.number()
        if self._frontier.size < size:
            for entry in self.store.hashes(self._frontier.size):
                self._frontier.append(entry)
        return self._frontier

    def wrote(self, entries: int, *, closed: bool) -> None:
        """Take note of entries that were written, and sign where a checkpoint is due: on a closing, every 100 entries."""
        if self.key is None or self.folder is None:
            return
        self._unsigned += entries
        if closed or self._unsigned >= EVERY:
            try:
                self.checkpoint()
            except StorageError:
                _log.exception(
                    "a checkpoint is due and cannot be kept; the entries are, and it is tried again with the next"
                )

    def close(self) -> None:
        """Sign what is not signed yet, where key and folder are named."""
        if self.key is not None and self.folder is not None and self.store.number() > self._covered():
            self.checkpoint()

    def _covered(self) -> int:
        with suppress(FileNotFoundError):
            return max((one.size for one in self._checkpoints()), default=0)
        return 0

    def checkpoint(self) -> bytes:
        """Return a signed checkpoint of the log as it is, and keep it in the folder, where one is named.

        Raises:
            EventError: No key was named.
            StorageError: The folder cannot be written.
            RecordDamaged: The folder holds a checkpoint of another history.
        """
        key = self.key
        if key is None:
            msg = "a checkpoint is signed: open the docket with key=…, made by rrm.new_key(name) and kept elsewhere"
            raise EventError(msg)
        with self._lock:
            frontier = self._grown()
            note = sign(Checkpoint(self.store.log, frontier.size, frontier.root()), key)
            if self.folder is not None:
                self._write(self.folder, note, frontier.size)
            self._unsigned = 0
        return note

    def _write(self, folder: Path, note: bytes, size: int) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if size >= self._covered():  # of the same size: it is compared, since the log may be another one
                write_checkpoint(folder, note)
        except OSError as error:
            msg = f"no checkpoint can be kept in {folder}: {error.strerror or error}; the record itself is kept"
            raise StorageError(msg) from error

    # ---- proving -----------------------------------------------------------------------------------------------------
    def prove(self, receipt: Receipt) -> Proof:
        """Return the proof that the entry of a receipt stands in the log, at its size now.

        Raises:
            UnknownCase: The docket does not hold the case.
            RecordDamaged: It holds another entry under that number.
        """
        size = self.store.number()
        held = self.store.read(receipt.case, receipt.seq)
        if receipt.log != held[0].log if held else True:
            msg = f"the docket holds no entry {receipt.seq} of case {receipt.case} in log {receipt.log}"
            raise UnknownCase(msg)
        if held[0].hash != receipt.hash:
            msg = (
                f"entry {receipt.seq} of case {receipt.case} has another hash than the receipt: the record, or the receipt, "
                "was altered"
            )
            raise RecordDamaged(msg)
        return self._proofs([held[0]], size)[0]

    def _proofs(self, several: list[Filed], size: int) -> list[Proof]:
        places = [self.store.place(one.case_id, one.seq) for one in several]
        known = [(one, place) for one, place in zip(several, places, strict=True) if place is not None and place < size]
        root, paths = inclusions([place for _, place in known], self.store.hashes(), size)
        return [
            Proof(
                Receipt(one.log or self.store.log, one.case_id, one.seq, one.hash),
                place,
                size,
                tuple(part.hex() for part in path),
                root.hex(),
            )
            for (one, place), path in zip(known, paths, strict=True)
        ]

    def extract(self, case_id: str) -> bytes:
        """Return the certified extract of one case: its entries, proofs and a signed checkpoint; nothing of other cases.

        Raises:
            UnknownCase: The docket does not hold the case.
            EventError: No key was named.
        """
        filed = self.store.read(case_id)
        if self.key is None:
            return write_extract(filed, (), None, None)
        note = self.checkpoint()
        return write_extract(filed, self._proofs(list(filed), self._frontier.size), note, self.key.verifier.text)
