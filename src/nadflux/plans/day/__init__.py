"""Days of a run: what habits bring becomes events, spans and notes."""
