"""Many cases from the same table: behaviour, program, sampled paths, exact answers, forecast.

The room needs the extra ``simulation``.
"""

from importlib.util import find_spec

if find_spec("numpy") is None:
    from rrm_lifecycle.errors import MissingExtra

    raise MissingExtra("simulation", "simulations")
