"""A case in time, drawn as SVG: phases, acts, limits, and what was late."""
