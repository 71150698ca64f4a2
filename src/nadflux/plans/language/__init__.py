"""Words of plans and people: read from sentences and documents, and written as them."""
