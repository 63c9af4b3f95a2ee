"""The text of a certification under Federal Rules of Evidence 902(13) and 902(14), to be filled in.

A template and no legal advice. ``rrm_lifecycle.certification`` puts in what an extract says of itself; the blanks are for
the person who certifies.
"""

from __future__ import annotations

from typing import Final

TEMPLATE: Final = """\
CERTIFICATION UNDER FEDERAL RULES OF EVIDENCE 902(13) AND 902(14)

This text is a template and no legal advice. Fill in the blanks, strike what does not apply, and have counsel read it.

1. My name is ______________________________. I am ______________________________ (position) of
   ______________________________ (organization). I am qualified to make this certification because
   ____________________________________________________________ (training, experience, knowledge of the system).

2. The record. Attached is the extract of case {case} from the log {log}: a file of {entries} entries, whose
   SHA-256 digest is
       {sha256}
   and whose last entry has the hash
       {head}

3. The process, Rule 902(13). The record was produced by the computer program rrm_lifecycle, run by
   ______________________________ (who runs the system) on ______________________________ (system), in this way: each act
   is written when it is recorded, in a fixed form; a SHA-256 hash is computed over it, and each entry of a case holds the
   hash of the entry before it; all entries of the log, in their order, are the leaves of a hash tree (RFC 6962), whose
   root and size are signed when a checkpoint is made. To my knowledge the process produces an accurate result when it works
   properly, and on ______________ (dates) it did: ________________________________________ (how this is known).

4. The copy, Rule 902(14). The extract was copied from ______________________________ (device, medium or file) on
   ______________ (date) by ______________________________. It is identified by the digest above: computed over the copy,
   the same 64 digits come out only if no byte differs. I compared them on ______________ (date), with the program
   ______________________________, and they were the same.

5. What is signed. {signed}

6. What this does not show. The hashes show that the entries are those that were recorded; they do not show that what was
   recorded is true, nor that everything was recorded. Where a field was sealed, the extract holds a hash in its place.

7. (Under Rule 902(11), for a record of a regularly conducted activity: the record was made at or near the time by, or from
   information transmitted by, someone with knowledge; it was kept in the course of a regularly conducted activity; and
   making it was a regular practice of that activity. Strike what is not so.)

Notice. Rule 902(11) asks that the adverse party be given reasonable written notice before the trial or hearing, and that
record and certification be made available for inspection.

I declare under penalty of perjury under the laws of the United States of America that the foregoing is true and correct
(28 U.S.C. 1746).

Executed on ______________ (date), at ______________________________ (place).

                                        ______________________________ (signature)
"""
SIGNED: Final = """\
A checkpoint of the log at {size} entries was signed, over the root
       {root}
   with the Ed25519 key
       {verifier}
   Entries 0 to {last} of the case were shown to stand in it. {window} later entries were not: they are
   covered by the digest above alone."""
NOT_SIGNED: Final = "Nothing is signed: the record is identified by the digest above alone."
