"""Facts of health in words that read back as the same facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nadflux.people.health.fact_table import MEDICINE, FactTable, FactValue, shipped_facts

_NOT = ("on ", "in ", "pregnant", "breastfeeding", "trying", "untrained")
"""Beginnings of words that are denied by *not*; others by *no*."""


def say_facts(facts: Mapping[str, FactValue], table: FactTable | None = None) -> tuple[str, ...]:
    """Return the facts in words, medicines last.

    Parameters
    ----------
    facts : mapping of str to bool or float
        By name of the fact, numbers in the fact's unit.
    table : FactTable, optional
        The shipped one by default.
    """
    table = shipped_facts() if table is None else table
    said = [_say(name, value, table) for name, value in facts.items() if not name.startswith(MEDICINE)]
    taken = {name for name, value in facts.items() if name.startswith(MEDICINE) and value}
    denied = [name for name, value in facts.items() if name.startswith(MEDICINE) and not value]
    return (
        *said,
        *(f"on {words}" for words in fewest_medicines(taken, table)),
        *(f"not {table.fact(name).said}" for name in denied),
    )


def _say(name: str, value: FactValue, table: FactTable) -> str:
    fact = table.fact(name)
    words = fact.said or name.replace("_", " ")
    if fact.number:
        return words.replace("#", f"{value:.9f}".rstrip("0").rstrip("."))
    if value:
        return words
    return f"{'not' if words.startswith(_NOT) else 'no'} {words}"


def fewest_medicines(taken: set[str], table: FactTable) -> Iterator[str]:
    """Yield names of medicines that together set what is taken, and nothing else.

    Parameters
    ----------
    taken : set of str
        Facts of medicines.
    table : FactTable
    """
    left = set(taken)
    for medicine in sorted(table.medicines, key=lambda one: -len(one.sets)):
        if set(medicine.sets) <= taken and set(medicine.sets) & left:
            left -= set(medicine.sets)
            yield medicine.words[0]
    yield from (table.fact(name).said.removeprefix("on ") for name in sorted(left))
