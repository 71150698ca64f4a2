"""The language of plans and people: reading and writing sentences and documents."""
