"""What is kept of a case, and why it can be trusted."""
