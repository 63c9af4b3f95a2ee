"""Mutants of functions that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

KNOWN: Final[dict[str, str]] = {
    "case/calendars.py _of_party: False -> True": "the list is read once, and never asked for a day of another year",
    "case/calendars.py _of_party: expand=False -> ": "the same: the list is never asked for a day of another year",
    "case/case.py evolve_all: and -> or (4)": "where nothing is stopped, or nothing runs, the same limits are left",
    "case/engine.py _entry: and -> or": "where no limit runs none is found to be stopped",
    "case/engine.py build: send_event=False -> ": "that is what transitions does unless told otherwise",
    "case/engine.py _runs: return False -> return None": "it is asked for nothing but its truth",
    "case/making.py swift: repr=False, -> ": "a value is of the frozen class, and prints as that class says",
    "case/paths.py _Search.__init__: False -> True": "it is set anew before each length",
    "case/paths.py _Search.of_length: >= -> >": "an act more is tried, from which no course leads in what is left",
    "case/paths.py _Search.of_length: False -> True (3)": "a row of the hold leads to no stage, and is not worth a try",
    "case/paths.py _distances: + -> -": "no act is passed by as too many, and no course comes of one that is",
    "case/paths.py _known: is not -> is": "cases are told apart by it all the same",
    "case/paths.py use: <= -> <": "what opens on the day that was looked at is refused on it again, until no try is left",
    "record/audit.py Audit._grown: < -> <=": "behind the last entry there is none to be read",
    "record/keeper.py Keeper.current: < -> <=": "entries behind the last are asked for, and there are none: then all are",
    "record/looking.py Looking._open_on: brief=True -> ": "the whole case has the same agenda, and takes longer to make",
    "record/looking.py Looking.receipt: < -> <=": "the last entry was answered for before",
    "record/proof/notes.py _new_file: 0 -> 1": "1 is O_WRONLY, which is asked for in any case",
    "record/proof/notes.py _new_file: 0 -> 1 (2)": "the same",
    "record/proof/verify_extract.py check: < -> <=": "two entries have two hashes, and no place has the proofs of both",
    **{
        f"record/readers.py _check_keys: is -> is not ({number})": "two keys that are there never hold the same thing"
        for number in range(2, 8)
    },
    "record/fields.py fields_schema: 1 -> 2": "the first line of a text is the same, however often the text is split",
    "record/schema.py _shape: 1 -> 2": "the same",
    "record/schema.py _value: -1 -> (1)": "no value has an attribute of another tuple than of one kind, or of two days",
    (
        "record/storage/postgres.py PostgresStore._file: "
        "text, values = sql.ENTRY_ALONE, {name: one for name, (one,) in values.items()} -> pass"
    ): "one entry is filed by the statement for several, too, and more slowly",
    "record/storage/sqlite_file.py OwnFile._start_anew: self._local = local() -> pass": (
        "what was inherited says of which process it is, and is passed by"
    ),
    "record/storage/postgres.py _at: strict=True -> ": "there are as many values as columns",
    "simulation/reweighing.py Weighing.expected: 1 -> 2": "any number below 0 has numpy work out the size",
    "simulation/survival.py _counts: dtype=np.int64 ->  (3)": "days are whole numbers, with or without it",
    "simulation/draws.py key_of: 1 -> 2": "the first word of the state is the same, however many are asked for",
}  # fmt: skip
"""By the name of the mutant, which is the same as long as its function reads the same."""
