"""How a stranger can trust a record: its tree, signed notes, receipts, and the certified extract of a case."""
