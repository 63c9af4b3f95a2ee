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
# # How long, and how does it end?
#
# After this notebook you can say how cases end and how long they take, with intervals; forecast a case that is open; and say
# what those numbers rest on, which is thirty cases.

# %%
from datetime import date

import rrm_lifecycle as rrm

# %% [markdown]
# ## What people do
#
# The law says what may be done. *Who does what, how often and how fast* is a behaviour, fitted to the public cases. Where they
# say little, it says so.

# %%
behaviour = rrm.Behaviour.default()
behaviour

# %% [markdown]
# ## Twenty thousand cases
#
# Each path is lawful: it is walked over the same table, and any of them can be looked at as a real case.

# %%
run = rrm.simulate(n=20_000, seed=2026)
run

# %%
shares = run.plot(kind="outcomes", caption=True)

# %% [markdown]
# The intervals tell what chance does to twenty thousand paths. They say nothing of whether thirty real cases are enough;
# for that, see below, and [what the numbers rest on](../explanation/simulation.md).

# %%
rrm.timeline(run.case(123))

# %% [markdown]
# ## How long
#
# Simulated, and beside it the real cases as Kaplan and Meier count them, with those that are open.

# %%
open_still = run.plot(kind="survival", caption=True)

# %%
run.durations("resolved")

# %% [markdown]
# Where they go: the map of stages, each way with its share of the paths.

# %%
rrm.diagram(run)

# %% [markdown]
# ## The same without chance
#
# The same questions answered exactly; and the sample compared with that.

# %%
answers = rrm.exact()
agreement = run.check()
assert agreement.agrees
print(f"closed within a year: {answers.within(365):.1%}")
print(agreement)

# %% [markdown]
# ## Where does this case go?
#
# Atento, two call centres, as it stood on 1 March 2025. Only what was known on that day counts, and the case itself is left out
# of what the forecast is fitted to.

# %%
ahead = rrm.forecast(rrm.histories.load()["atento"], today=date(2025, 3, 1))
ahead

# %%
fan = ahead.plot(caption=True)

# %% [markdown]
# How good are such forecasts? They were tried on the real cases, each as it stood on many days:
# [what the back-test found](../explanation/forecast.md) says where they are better than a climatology, and where not.
#
# Next: [what if the panel met its deadline?](what-if)
