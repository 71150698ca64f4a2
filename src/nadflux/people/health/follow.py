"""Facts of health that follow from those that are known."""

from __future__ import annotations

from collections.abc import Mapping

from nadflux.errors import ValueOutOfRangeError
from nadflux.people.formula import evaluate, names_in
from nadflux.people.health.fact_table import (
    COUNT,
    MEDICINE,
    NAMED,
    NO,
    YES,
    Derived,
    FactTable,
    FactValue,
    shipped_facts,
)
from nadflux.people.health.say_facts import fewest_medicines

_AGREE = 1.5
"""Largest fold by which a written number may differ from what follows from others."""


def follow(known: Mapping[str, FactValue], table: FactTable | None = None) -> dict[str, FactValue]:
    """Return what is known with all that follows: implied facts, laboratory values read as conditions, defaults.

    Parameters
    ----------
    known : mapping of str to bool or float
        By name of the fact, numbers in the fact's unit.
    table : FactTable, optional
        The shipped one by default.

    Raises
    ------
    UnknownNameError
        For a fact that the table does not have.
    ValueOutOfRangeError
        For facts that contradict each other.
    """
    table = shipped_facts() if table is None else table
    facts: dict[str, FactValue] = {}
    for name, value in known.items():
        facts[name] = table.fact(name).check(value)
    if facts.get(COUNT) == 0:
        for fact in table:
            if fact.name.startswith(MEDICINE):
                _add(facts, fact.name, False, f"{COUNT} = 0")
    taken = {name for name, value in facts.items() if name.startswith(MEDICINE) and value}
    if NAMED in table.by_name:
        facts[NAMED] = float(len(tuple(fewest_medicines(taken, table))))
    # Until nothing new follows: each round may settle what the next one needs.
    while _imply(facts, table) or _derive(facts, table):
        pass
    for fact in table:
        if fact.default is not None:
            facts.setdefault(fact.name, fact.default)
    return facts


def _imply(facts: dict[str, FactValue], table: FactTable) -> bool:
    """Add what facts imply, and what cannot be where an implied fact does not hold; True if anything was added."""
    before = len(facts)
    for fact in table:
        for other in fact.implies:
            if facts.get(fact.name) is True:
                _add(facts, other, True, fact.name)
            if facts.get(other) is False:
                _add(facts, fact.name, False, f"no {other}")
    return len(facts) > before


def _derive(facts: dict[str, FactValue], table: FactTable) -> bool:
    """Add what the table of derived facts gives; True if anything was added."""
    before = len(facts)
    for row in table.derived:
        if not row.when.holds(facts):
            continue
        if row.value not in (YES, NO):
            _compute(facts, row)
        elif row.strict or row.name not in facts:
            _add(facts, row.name, row.value == YES, row.when.text)
    return len(facts) > before


def _compute(facts: dict[str, FactValue], row: Derived) -> None:
    """Add a number that follows from others; raise where one is written that is far from it."""
    names = names_in(row.value)
    if not all(name in facts for name in names):
        return
    value = float(evaluate(row.value, {name: float(facts[name]) for name in names}))
    written = float(facts.setdefault(row.name, value))
    if names and not value / _AGREE <= written <= value * _AGREE:
        raise ValueOutOfRangeError(
            f"{names[0]} {facts[names[0]]:g} gives {row.name} {value:.0f}, and {row.name} {written:g} is written; "
            "leave one of the two out"
        )


def _add(facts: dict[str, FactValue], name: str, value: bool, because: str) -> None:
    if facts.setdefault(name, value) is not value:
        said = name.replace("_", " ")
        raise ValueOutOfRangeError(
            f"'{because.replace('_', ' ')}' says {'' if value else 'no '}{said}, and the person is described "
            f"{'without' if value else 'with'} it; correct one of the two"
        )
