"""The words that people use for plans and persons, as one table, and their canonical wording."""

from nadflux.words.canonical import Reading, canonical
from nadflux.words.said import Said
from nadflux.words.table import Entry, words_table

__all__ = ["Entry", "Reading", "Said", "canonical", "words_table"]
