"""Documents: every result as a table for the terminal and as JSON."""
