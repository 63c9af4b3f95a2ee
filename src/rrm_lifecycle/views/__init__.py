"""For people: text, colours, frames, displays, pages, pictures and charts."""
