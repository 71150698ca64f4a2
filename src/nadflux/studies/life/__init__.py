"""Lives of people: their ways of living in words, lives side by side, and published facts of ageing."""
