"""What a value shows of itself in a notebook: a card for each kind of value."""
