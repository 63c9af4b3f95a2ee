"""What a case is, and how it moves: values, time limits, and the two functions ``decide`` and ``evolve``."""
