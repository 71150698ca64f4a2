"""Organs against limits of physiology, as a table and for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.terminal import console, print_table, print_text
from nadflux.faces.labels import readable_unit
from nadflux.simulation.limits import Limit
from nadflux.studies.experiments.ranges import RangeResult, Ranges


def _figure(key: str, head: str) -> Column[RangeResult]:
    return Column(key=key, head=head, of=lambda one: getattr(one, key), write="{:.3g}".format, right=True)


RESULTS: tuple[Column[RangeResult], ...] = (
    Column(key="state", head="state", of=lambda one: one.state, whole=True),
    Column(key="organ", head="organ", of=lambda one: one.organ),
    Column(head="quantity", of=lambda one: one.limit.quantity),
    Column(key="limit", head="limit", of=lambda one: one.limit, write=lambda limit: _bounds(limit), whole=True),
    _figure("lowest", "lowest"),
    _figure("low_tail", "5 %"),
    _figure("high_tail", "95 %"),
    _figure("highest", "highest"),
    Column(key="people", of=lambda one: one.people),
    Column(key="outside", of=lambda one: one.outside),
    Column(head="outside", of=lambda one: f"{one.outside} of {one.people}"),
)
"""Of each limit in each state and place."""


def ranges_document(found: Ranges) -> dict[str, Any]:
    """Return every limit with the values of the people, and who could not be simulated, for JSON."""
    return {"results": document(found.results, RESULTS), "failures": dict(found.failures)}


def print_ranges(found: Ranges, full: bool) -> None:
    """Print the limits that somebody left, or all of them, then who could not be simulated, and totals."""
    out = console()
    shown = found.results if full else found.broken
    if shown:
        print_table(out, shown, RESULTS, lead=3)
    for line in _failures(found):
        print_text(out, line, indent="  ")
    checks = sum(result.people for result in found.results)
    left = sum(result.outside for result in found.results)
    broken = f"{len(found.results)} limits, {len(found.broken)} left by somebody"
    print_text(out, f"{broken}: {left} of {checks} people × limits outside")


def _failures(found: Ranges) -> Iterator[str]:
    """Yield why people could not be simulated, each reason once with its states, then all their names."""
    states: dict[str, list[str]] = {}
    for state, lines in found.failures.items():
        for line in lines:
            states.setdefault(line, []).append(state)
    for line, names in states.items():
        yield f"{', '.join(names)}: {line}"
    failed = sorted({line.partition(":")[0] for line in states})
    if failed:
        yield f"{len(failed)} of the people drawn could not be simulated and count nowhere: {', '.join(failed)}"


def _bounds(limit: Limit) -> str:
    unit = "of healthy reference" if limit.relative else readable_unit(limit.unit) if limit.unit != "1" else ""
    return f"{limit.low:g} to {limit.high:g} {unit}".rstrip()
