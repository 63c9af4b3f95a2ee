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
# # What if the panel met its deadline?
#
# After this notebook you can change what people do, compare it with how things are, and give the difference with an interval.

# %%
import rrm_lifecycle as rrm
from rrm_lifecycle import events as did

# %% [markdown]
# In the case of San Martín the panel determined 210 days after its thirty. What would change if panels kept to them?

# %%
rrm.timeline(rrm.align(rrm.histories.load()["san-martin"]))

# %%
base = rrm.Behaviour.default()
in_time = base.with_days(
    rrm.Stage.DELIBERATING, did.DeterminationIssued, at_most=30
).with_days(rrm.Stage.PETITION_CONFIRMED, did.DeterminationIssued, at_most=30)
in_time

# %% [markdown]
# ## Compare, with common random numbers
#
# Both behaviours walk the same cases with the same draws: a case that never reaches a panel is the same in both, to the day.
# What is left is the difference that the panel makes.

# %%
found = rrm.compare(base, panel_in_time=in_time, n=20_000, seed=1)
found

# %%
differences = found.plot(caption=True)

# %% [markdown]
# Few cases reach a panel, so the mean over all cases moves little. Asked of the cases that do reach one, it is another
# question:

# %%
for words, behaviour in (
    ("as things are", base),
    ("with the deadline met", in_time),
):
    for row in rrm.simulate(behaviour, n=20_000, seed=1).phases().rows():
        if row["phase"] == "panel":
            print(
                f"{words}: {row['share']:.1%} of cases see the panel phase; their median there is {row['median']} days"
            )

# %% [markdown]
# ## The same draws save many paths
#
# Without sharing them, how many more paths would show the difference as clearly?

# %%
other = rrm.simulate(in_time, n=20_000, seed=2).durations().mean
shared = rrm.simulate(in_time, n=20_000, seed=1).durations().mean
here = rrm.simulate(base, n=20_000, seed=1).durations().mean
print(
    f"mean of days: {here:.2f}; with the deadline met, same draws: {shared:.2f}; other draws: {other:.2f}"
)

# %% [markdown]
# ## Five questions that people ask

# %%
gallery = rrm.compare(base, **rrm.gallery(), n=5_000, seed=1)
side_by_side = gallery.plot(caption=True)

# %% [markdown]
# ## Which doubt about the text matters?
#
# The library chooses a reading where the text leaves a choice, and each choice can be set otherwise. Does a Denial that is
# cured during the review end the claim? Our default says no; the other reading closes more cases, and sooner.

# %%
print(rrm.choices()["cure_ends_claim"].question)
other_reading = rrm.Context(reading=rrm.Reading(cure_ends_claim=True))
ours, other = rrm.exact(base), rrm.exact(base, context=other_reading)
print(
    f"closed within a year: {ours.within(365):.1%}; under the other reading {other.within(365):.1%}"
)

# %% [markdown]
# `rrm.sensitivity(of="days")` flips each contested reading and each unconfirmed limit in turn, and says how far the mean of days
# moves. Most move nothing.

# %% [markdown]
# Next: [a docket in your own tool](embedding), or [how to make a figure for a paper](../how-to/a-figure-for-a-paper.md).
