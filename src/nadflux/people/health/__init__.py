"""Health of a described person: conditions, medicines and laboratory values, as typed facts that screening reads."""

from nadflux.people.health.fact_table import Fact, FactTable, FactValue, shipped_facts
from nadflux.people.health.follow import follow
from nadflux.people.health.read_facts import read_facts
from nadflux.people.health.say_facts import say_facts
from nadflux.people.health.three_valued import Condition

__all__ = ["Condition", "Fact", "FactTable", "FactValue", "follow", "read_facts", "say_facts", "shipped_facts"]
