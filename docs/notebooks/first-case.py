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
# # First case in ten minutes
#
# After these ten minutes you can keep a case: open it, record what was done, see what is due, ask whether an act is
# admitted, and read why one is not. The facility is invented; the rules are those of Annex 31-A.

# %%
from datetime import date

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did

docket = rrm.Docket.in_memory()
case = docket.start("SLP-2024-01", annex=rrm.ANNEX_31A)
case

# %% [markdown]
# A value that stands last in a cell shows itself. The case is new: nothing has been asked of the other Party. What is done
# is an *event*, named in the past tense; its first argument is the day.

# %%
facility = rrm.CoveredFacility(
    "Planta Uno", country="MX", sector="manufacturing", goods_traded=True
)
request = did.ReviewRequested(
    on=date(2024, 4, 1),
    facility=facility,
    laws=("LFT art. 390 bis",),
    basis="dismissals after a union vote",
)
case = docket.record(case, request)
case

# %% [markdown]
# ## What is due, and for whom
#
# Two time limits run since the request. The day of the request is not counted: day 1 is the day after.

# %%
docket.agenda(date(2024, 4, 9))

# %% [markdown]
# ## Ask before you act
#
# `ask` answers and writes nothing. Here the answer is no, with the reason, its provision, what was found, and the day on
# which time alone opens the act.

# %%
docket.ask(case, did.PanelRequested(on=date(2024, 4, 9)))

# %% [markdown]
# ## What may be done now
#
# Every act that the stage provides for, by whom, whether it is open today, and if not, why or from which day.

# %%
docket.options(case, date(2024, 4, 9))

# %% [markdown]
# ## Late is noted, never barred
#
# Mexico replies on 15 April, four days late. The act is recorded, and the lateness with it. Then the Parties agree on a
# course of remediation, and it is completed.

# %%
for act in (
    did.ReviewAccepted(on=date(2024, 4, 15)),
    did.DenialReported(on=date(2024, 5, 14)),
    did.CourseAgreed(on=date(2024, 5, 22), agreed_end=date(2024, 10, 31)),
    did.RemediationCompleted(on=date(2024, 10, 30)),
):
    case = docket.record(case, act)
case

# %% [markdown]
# ## The case as a picture

# %%
rrm.timeline(case)

# %% [markdown]
# And on the map of all stages: the way that this case took.

# %%
rrm.diagram(case)

# %% [markdown]
# ## The record
#
# Each act was filed with a number, a hash of its own, and the hash of the entry before. The case is what its entries fold
# to, and nothing else.

# %%
assert rrm.replay(filed.entry for filed in docket.history(case)) == case
docket.verify()

# %% [markdown]
# Next: [what really happened](public-record), in thirty real cases; or
# [a docket in your own tool](embedding).
