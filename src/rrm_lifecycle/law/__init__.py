"""The pages a lawyer reads: provisions, stages, terms, readings, guards, and the table. No rule lives anywhere else."""
