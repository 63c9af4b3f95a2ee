# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Checking a record
#
# After this notebook you can tell whether a record was changed, correct it without hiding what stood there, and hand one case
# to somebody who trusts neither you nor this library.

# %%
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did

folder = Path(tempfile.mkdtemp())
key = rrm.new_key("our-firm")
docket = rrm.Docket.open(
    folder / "docket.db", key=key, checkpoints=folder / "elsewhere"
)
case = docket.start("SLP-2024-01")
facility = rrm.CoveredFacility(
    "Planta Uno", country="MX", sector="manufacturing", goods_traded=True
)
case = docket.record(
    case,
    did.ReviewRequested(
        on=date(2024, 4, 1),
        facility=facility,
        laws=("LFT",),
        basis="a strike was broken",
    ),
)
case = docket.record(case, did.ReviewAccepted(on=date(2024, 4, 20)))
docket.verify()

# %% [markdown]
# ## A mistake, corrected in the open
#
# The reply came on 10 April; the clerk typed 20. A correction says what it replaces and why. The whole course is decided anew;
# what stood there before stays in the record, and can be asked for.

# %%
case = docket.correct(
    case,
    rrm.Replace(2, did.ReviewAccepted(on=date(2024, 4, 10))),
    reason="a slip of the pen",
)
case.acts[-1]

# %%
docket.history(case)[-1]

# %% [markdown]
# ## Somebody changes the file
#
# One byte, in a copy of the docket as text. The chain says where.

# %%
record = rrm.dumps(docket.history(case))
print(rrm.verify(record))
try:
    rrm.verify(record.replace(b"2024-04-20", b"2024-04-09", 1))
except rrm.RecordDamaged as damage:
    print(damage)

# %% [markdown]
# A chain alone does not stop a person who can write the whole file: they hash it anew. What stops them is a signed checkpoint,
# kept where they cannot reach it ([why](../how-to/checkpoints.md)).
#
# ## One case for the other side
#
# The extract holds this case alone, the proof that each entry stands in your log, and a signed checkpoint. A stranger checks it
# with one file of Python that depends on nothing of ours but an Ed25519 check.

# %%
extract = folder / "SLP-2024-01.extract"
extract.write_bytes(docket.extract(case))
docket.close()

from rrm_lifecycle.record.proof import verify_extract

told = subprocess.run(
    [
        sys.executable,
        verify_extract.__file__,
        str(extract),
        "--key",
        key.verifier.text,
    ],
    capture_output=True,
    text=True,
    check=True,
)
print(told.stdout)

# %% [markdown]
# [What a record shows](../explanation/what-the-record-shows.md) lists the attacks that each level of protection notices.
