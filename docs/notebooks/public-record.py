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
# # What really happened: the public record
#
# After this notebook you can load the real cases, play each through the table, see what the record leaves out and what was
# late, and put your own cases beside them.

# %%
import rrm_lifecycle as rrm

cases = rrm.histories.load()
cases

# %% [markdown]
# A history is a case as releases and press tell it, patches and all; each date has its source and how sure it is. This is
# the mine of San Martín, the first case that went to a panel.

# %%
cases["san-martin"]

# %% [markdown]
# ## Played through the table
#
# `align` finds the lawful course that explains what is recorded. What must have happened without being recorded is implied
# and marked so, with the days between which it lies; what contradicts the table would be a deviation.

# %%
san_martin = rrm.align(cases["san-martin"])
san_martin

# %%
rrm.timeline(san_martin)

# %% [markdown]
# The panel's determination came 210 days after its thirty. Nothing expires by that: the Annex gives no consequence, and so
# the library notes it and bars nothing.

# %%
rrm.diagram(san_martin)

# %% [markdown]
# ## All of them

# %%
played = rrm.align(cases)
assert not any(one.deviations for one in played)
played

# %% [markdown]
# How cases went from phase to phase, and how long they took. Open cases count up to the day on which they were last looked
# at: leaving them out would make cases look shorter than they are.

# %%
flow = played.plot(kind="flow")

# %%
survival = cases.plot(kind="survival", caption=True)

# %% [markdown]
# ## As a frame
#
# For your own statistics: one row a case, or one row an event.

# %%
cases.to_frame()[
    ["facility", "sector", "days", "closed", "days_remediation", "days_panel"]
].head(8)

# %% [markdown]
# ## What workers got
#
# Sums of what sources state, with the number of cases that state it. Silence is not zero.

# %%
rrm.impact(cases)

# %% [markdown]
# ## Your own cases
#
# `rrm.histories.load("mine.csv")` reads a spreadsheet, and `rrm.histories.from_rows(rows)` takes mappings. An error names
# row, column, what was found, and what would be right.

# %%
mine = rrm.histories.from_rows(
    [
        {
            "id": "planta-uno",
            "facility": "Planta Uno",
            "sector": "manufacturing",
            "complainant": "US",
            "respondent": "MX",
            "request_for_review": "2025-02-03",
            "respondent_accepts_review": "2025-02-12",
            "review_result_denial_found": "2025-03-20",
            "as_of": "2025-04-30",
        }
    ]
)
rrm.align(mine["planta-uno"])

# %% [markdown]
# Next: [how long, and how does it end?](how-long)
