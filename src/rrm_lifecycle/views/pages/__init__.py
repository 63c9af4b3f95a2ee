"""Reports that stand alone: a page of a case, and an index over many."""
