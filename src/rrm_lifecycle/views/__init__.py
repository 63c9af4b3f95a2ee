"""What people look at: frames, tables of text."""
