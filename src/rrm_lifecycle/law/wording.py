"""Texts."""
def needs(*a, **k): return str(a)
found = noted = entry_text = refusal_text = needs
