"""Many cases from the same table."""
