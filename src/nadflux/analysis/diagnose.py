"""Diagnosis of a run: what limits how far its figures can be trusted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nadflux.notes import NoteCode
from nadflux.simulation.run import Run
from nadflux.simulation.summary import FEWEST
from nadflux.simulation.tolerances import BALANCE

_ENOUGH = 100  # people from which the bounds of an interval move by a few percent alone from seed to seed


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: whether it is well, and the finding in words."""

    name: str
    well: bool
    finding: str


@dataclass(frozen=True)
class Diagnosis:
    """Checks of a run; prints as lines, those that need a look first."""

    checks: tuple[Check, ...]

    @property
    def well(self) -> bool:
        """True if nothing needs a look."""
        return all(check.well for check in self.checks)

    def __str__(self) -> str:
        first = sorted(self.checks, key=lambda check: check.well)
        lines = [f"{'ok  ' if check.well else 'look'}  {check.name}: {check.finding}" for check in first]
        return "\n".join([*lines, "" if not self.well else "nothing needs a look"]).rstrip()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def diagnose(run: Run) -> Diagnosis:
    """Check people who failed, mass balance, limits, redrawn people, doses beyond data, tiers and number of people."""
    return Diagnosis(tuple(check for part in (_people, _numbers, _evidence) for check in part(run)))


def _people(run: Run) -> Iterator[Check]:
    failed = len(run.failures)
    why = f"; first: {run.failures[0].state}: {run.failures[0].reason}" if failed else ""
    yield Check("people", not failed, f"{run.persons - failed} of {run.persons} simulated to the end{why}")
    many = run.persons - failed
    if many == 1:
        yield Check("interval", False, "one person: no interval; give n")
    elif many < FEWEST:
        yield Check("interval", False, f"{many} people: bounds are their range; give n of {FEWEST} or more")
    else:
        more = "" if many >= _ENOUGH else f"; with n of {_ENOUGH} or more they move less from seed to seed"
        yield Check("interval", many >= _ENOUGH, f"bounds over {many} people{more}")
    again = int(run.record.get("drawn_again", 0))
    if again:
        yield Check("draws", True, f"{again} people contradicted themselves and were drawn again")
    measured = run.record.get("measured")
    if measured:
        share = measured["effective"] / measured["drawn"]
        yield Check(
            "measured values", share > 0.05,
            f"worth {measured['effective']:.0f} of {measured['drawn']} people drawn ({share:.0%})",
        )  # fmt: skip


def _numbers(run: Run) -> Iterator[Check]:
    worst = max((b for b in run.record.get("balance", {}).values() if math.isfinite(b)), default=None)
    if worst is not None:
        yield Check("mass balance", worst <= BALANCE, f"closes to {worst:.0e} of what is in the body")
    outside = [str(note) for note in run.notes if note.code is NoteCode.OUTSIDE_LIMITS]
    yield Check("physiology", not outside, "; ".join(outside) or "everybody within the limits that are checked")
    if run.record.get("set"):
        changed = ", ".join(f"{name} = {value}" for name, value in run.record["set"].items())
        yield Check("settings", True, f"set by hand: {changed}")


def _evidence(run: Run) -> Iterator[Check]:
    flags = list(run.record.get("flags", ()))
    yield Check("doses", not flags, ", ".join(flags) or "within what was studied")
    tiers = [quantity.tier for quantity in run.quantities]
    counted = ", ".join(f"{tiers.count(tier)} {tier}" for tier in dict.fromkeys(tiers))
    yield Check("tiers", set(tiers) != {"assumed"}, f"quantities by their weakest number: {counted}")
