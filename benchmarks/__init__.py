"""Measurements side by side: every figure is a ratio taken in one interleaved run."""
