"""The map of stages, drawn as SVG: the table, the way of a case, the shares of a simulation."""
