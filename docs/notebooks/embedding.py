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
# # Embedding: a docket in your own tool
#
# After this notebook you can keep cases for good in a file, write to it safely from several places, show it, and hand data on.

# %%
import tempfile
from datetime import date
from pathlib import Path

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did

folder = Path(tempfile.mkdtemp())
docket = rrm.Docket.open(folder / "docket.db")

# %% [markdown]
# A file of SQLite. `"postgresql://…"` opens the same docket on a server, and `rrm.Docket.on(connection)` works inside your
# own transaction.
#
# ## Write

# %%
plants = {
    "SLP-2024-01": ("Planta Uno", date(2024, 4, 1)),
    "NAY-2024-07": ("Planta Dos", date(2024, 4, 22)),
}
for name, (plant, day) in plants.items():
    docket.start(name)
    docket.record(
        name,
        did.ReviewRequested(
            on=day,
            facility=rrm.CoveredFacility(
                plant, country="MX", sector="manufacturing", goods_traded=True
            ),
            laws=("LFT",),
            basis="dismissals after a union vote",
        ),
        source=rrm.Source("release of the ministry"),
        recorded_by="desk 3",
    )
docket.cases()

# %% [markdown]
# ## Two desks at once
#
# Each desk holds the case as it saw it. The second to write is told so, and nothing of it is kept: no act is lost silently.

# %%
seen_by_one = seen_by_two = docket.case("SLP-2024-01")
docket.record(seen_by_one, did.ReviewAccepted(on=date(2024, 4, 10)))
try:
    docket.record(seen_by_two, did.ReviewDeclined(on=date(2024, 4, 10)))
except rrm.ConcurrencyConflict as conflict:
    print(conflict)

# %% [markdown]
# ## What is due, over all cases

# %%
agenda = docket.agenda(date(2024, 5, 1))
agenda

# %%
calendar = agenda.plot(kind="calendar")

# %% [markdown]
# The same as a calendar file, which a calendar program reads, and reads again without doubling anything:

# %%
from rrm_lifecycle.export import export

print(export("icalendar", agenda)[:420])

# %% [markdown]
# ## A refused act is an answer
#
# `record` raises, with the refusal; `ask` gives it back. Either way you have every reason as data.

# %%
refusal = docket.ask(
    "NAY-2024-07", did.ReviewAccepted(on=date(2024, 4, 25), by="US")
)
for reason in refusal.reasons:
    print(reason.code, "|", reason.needs, "|", reason.found)

# %% [markdown]
# ## JSON for a web page
#
# Values go to JSON and events come from it; FastAPI takes them as they are
# ([how](../how-to/embed-in-a-web-application.md)).

# %%
(
    rrm.to_dict(docket.case("SLP-2024-01"))["stage"],
    rrm.event_from_dict({"event": "ReviewAccepted", "on": "2024-05-02"}),
)

# %% [markdown]
# ## Test your own tracker against the Mechanism
#
# A Hypothesis machine drives lawful and unlawful acts against your tracker and ours and compares stage, agenda, refusals:
# [how to](../how-to/test-your-tracker.md).

# %%
docket.close()

# %% [markdown]
# Next: [checking a record](checking-a-record).
