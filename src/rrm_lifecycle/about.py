"""How to cite the library and its data."""

from __future__ import annotations

from rrm_lifecycle import __version__


def cite() -> str:
    """Return BibTeX for the library and for the histories that it ships.

    Example:
        >>> print(cite().splitlines()[0])
        @software{rrm_lifecycle,
    """
    from rrm_lifecycle.histories.dataset import load  # noqa: PLC0415 - the data are read when they are cited

    edition = load().edition
    return f"""@software{{rrm_lifecycle,
  title   = {{rrm\\_lifecycle: a case under the USMCA Rapid Response Labor Mechanism as a finite state machine}},
  author  = {{{{The rrm\\_lifecycle authors}}}},
  version = {{{__version__}}},
  year    = {{2026}},
  license = {{MIT}}
}}

@misc{{rrm_case_histories,
  title   = {{Case histories under the USMCA Rapid Response Labor Mechanism}},
  author  = {{{{The rrm\\_lifecycle authors}}}},
  edition = {{{edition}}},
  year    = {{2026}},
  note    = {{Shipped with rrm\\_lifecycle {__version__}; each date with its source}}
}}"""
