"""A docket as a whole: verified, signed, proved, copied, moved."""

from __future__ import annotations

import os
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import UnknownCase
from rrm_lifecycle.record.audit import Audit, Progress
from rrm_lifecycle.record.keeper import Keeper
from rrm_lifecycle.record.kept import ATTEMPTS
from rrm_lifecycle.record.links import Verified
from rrm_lifecycle.record.looking import Looking, id_of
from rrm_lifecycle.record.proof.receipts import Proof, Receipt
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import Store
from rrm_lifecycle.record.transfer import export_records, import_records


class Whole(Looking):
    """The part of a docket that looks at all of its records together.

    Args:
        store: Where entries are kept.
        keeper: The cases over it.
        audit: What checks and signs the log.
    """

    def __init__(self, store: Store, keeper: Keeper, audit: Audit) -> None:
        super().__init__(store, keeper)
        self._audit = audit

    def verify(self, *, progress: Progress | None = None) -> Verified:
        """Check everything that is kept: storage, chains, folds, lists, log order, and checkpoints kept elsewhere.

        Raises:
            RecordDamaged: The first place that does not hold.
        """
        return self._audit.verify(progress=progress)

    def checkpoint(self) -> bytes:
        """Return a signed checkpoint of the log as it is, and keep it in the folder, where one is named.

        Raises:
            EventError: No key was named.
        """
        return self._audit.checkpoint()

    def prove(self, receipt: Receipt) -> Proof:
        """Return the proof that the entry of a receipt stands in the log.

        Raises:
            UnknownCase: The docket does not hold the entry.
            RecordDamaged: It holds another one in its place.
        """
        return self._audit.prove(receipt)

    def extract(self, case: Case | str) -> bytes:
        """Return the certified extract of one case, without showing the others: for ``verify_extract.py``.

        Raises:
            UnknownCase: The docket holds no such case.
        """
        return self._audit.extract(self._store.head(id_of(case)).case_id)

    def rebuild(self) -> int:
        """Make the lists anew that agendas and searches read, from the records; return how many cases there are."""
        made = 0
        for head in list(self._store.heads()):
            if not head.case_id.endswith(ATTEMPTS):
                held = self._keeper.current(head.case_id)
                self._store.restand(Standing.of(held.case, held.head.seq, held.head.hash))
                made += 1
        return made

    def export_jsonl(self, target: str | os.PathLike[str] | BinaryIO, *, disclose: bool = False) -> int:
        """Write every record, byte for byte as it was filed, one behind the other; return how many entries.

        Args:
            target: A file that is not there yet, or one that is open for writing bytes.
            disclose: Write the values behind sealed texts too.

        Raises:
            StorageError: The file is there already, or cannot be written.
        """
        return export_records(self._store, target, disclose=disclose)

    def import_jsonl(
        self, source: str | os.PathLike[str] | BinaryIO, *, progress: Progress | None = None
    ) -> tuple[Case, ...]:
        """Take up records from a file, byte for byte; each is verified to its last line before anything of it is kept.

        Raises:
            DuplicateCase: The docket holds one of the cases; those before it in the file have been taken up.
            RecordDamaged: A record does not hold; likewise.
            RecordError: The file is no record.
        """
        found = []
        for case_id in import_records(self._store, source, progress=progress):
            self._audit.wrote(self._keeper.taken_up(case_id), closed=False)
            with suppress(UnknownCase):
                found.append(self._keeper.current(case_id).case)
        return tuple(found)

    def backup(self, target: str | os.PathLike[str]) -> None:
        """Write a copy of the file that holds together, while others write.

        Raises:
            StorageError: The target is there already, or the store has no file.
        """
        self._store.backup(os.fspath(target))

    def close(self) -> None:
        """Write a last checkpoint, where key and folder are named, and let go of what is held open."""
        try:
            self._audit.close()
        finally:
            self._store.close()

    def __enter__(self) -> Self:
        """Return the docket."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
