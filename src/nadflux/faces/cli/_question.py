"""The question that `nadflux simulate` asks: from the words of the command, or from the file of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._plan_given import plan_given
from nadflux.faces.cli._say import say
from nadflux.faces.documents.shown import ALL, LIVED, SHOWN

if TYPE_CHECKING:
    from nadflux.simulation.compiled import Prepared
    from nadflux.simulation.scenario import Scenario
    from nadflux.simulation.settle import Settled

_PEAKS_UP_TO_H = 7 * 24.0
SET_BY_SCENARIO = (
    "person",
    "plan",
    "n",
    "seed",
    "set_",
    "switch",
    "posterior",
    "body",
    "days",
    "research",
    "supervised",
)
"""Options that a scenario sets, and that therefore cannot be given together with one."""


@dataclass(frozen=True)
class Case:
    """A resolved simulation, and the ids of the observables of table and figure."""

    settled: Settled
    shown: tuple[str, ...]


def from_words(
    person: str | None, plan: str | None, names: Sequence[str] | None, everything: bool, **asked: Any
) -> Case:
    """Return the question of the command line.

    Parameters
    ----------
    person, plan : str, optional
        In words.
    names : sequence of str, optional
        Observables after --show.
    everything : bool
        Whether to store all observables.
    asked : Any
        Further fields of the scenario.

    Raises
    ------
    ValueOutOfRangeError
        If no person is given.
    """
    from nadflux.simulation import Scenario, settle

    person = check_who(person)
    planned = None if plan is None else plan_given(plan)
    if planned is not None and planned.empty:
        for note in planned.notes:
            say(f"({note})")
    scenario = Scenario.of(person, planned, outputs=named(names), **asked)
    settled = settle(scenario)
    shown = _shown(settled.prepared, names, lived=_lived(scenario))
    peaks = shown if _is_short(settled) else ()
    return Case(settled.keeping(kept_of(settled.prepared, shown, everything or _all(names)), peaks), shown)


def check_who(person: str | None) -> str:
    """Return the person; raise ValueOutOfRangeError if none is given."""
    if person is None:
        raise ValueOutOfRangeError('Missing argument: say who, e.g. "woman, 62 y, 70 kg", or give --scenario FILE')
    return person


def shown_of(settled: Settled, names: Sequence[str] | None, *, lived: bool) -> tuple[str, ...]:
    """Return the ids of the observables of table and figure; raise UnknownNameError for an unknown one."""
    return _shown(settled.prepared, names, lived=lived)


def named(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the observables asked for by name, which decide on the body; ``all`` does not."""
    return () if _all(names) else tuple(names or ())


def from_file(context: typer.Context, path: str, names: Sequence[str] | None, everything: bool) -> Case:
    """Return the question of a file.

    Parameters
    ----------
    context : typer.Context
        Of the command, whose options may not repeat what the file sets.
    path : str
        Scenario or saved run.
    names : sequence of str, optional
        Observables after --show.
    everything : bool
        Whether to store all observables.

    Raises
    ------
    ValueOutOfRangeError
        For an option that the file sets already.
    """
    from nadflux.simulation import settle
    from nadflux.simulation.scenario_file import read_scenario

    _refuse_beside(context)
    scenario = read_scenario(path)
    if everything or _all(names):
        scenario = scenario.changed(outputs=None)
    settled = settle(scenario.changed(outputs=(*(scenario.outputs or ()), *named(names))))
    shown = _shown(settled.prepared, names, lived=_lived(scenario))
    if scenario.outputs is None:
        kept = kept_of(settled.prepared, tuple(dict.fromkeys((*shown, *scenario.peaks))), everything or _all(names))
        return Case(settled.keeping(kept, scenario.peaks), shown)
    stored = _shown(settled.prepared, (*scenario.outputs, *scenario.peaks))
    if names is None:
        shown = tuple(name for name in shown if name in stored) or stored
    more = (name for name in shown if name not in stored)
    return Case(settled.keeping((*scenario.outputs, *more), scenario.peaks), shown)


def _refuse_beside(context: typer.Context) -> None:
    """Raise ValueOutOfRangeError for an option that the scenario sets already."""
    options = {option.name: option.opts[-1] for option in context.command.params}
    for name in SET_BY_SCENARIO:
        if str(context.get_parameter_source(name)).endswith("COMMANDLINE"):
            said = f"{options[name]} is given beside --scenario, which says it itself"
            raise ValueOutOfRangeError(f"{said}; leave it out, or change the file")


def _all(names: Sequence[str] | None) -> bool:
    return names is not None and ALL in names


def _shown(prepared: Prepared, names: Sequence[str] | None, *, lived: bool = False) -> tuple[str, ...]:
    """Return the ids of the observables of table and figure; raise UnknownNameError for an unknown one."""
    from nadflux.simulation.output_names import expand

    known = [observable.id for observable in prepared.body.observables]
    if names is None:
        shown = LIVED if lived else SHOWN
        return tuple(name for name in shown if name in known)
    named = expand([name for name in names if name != ALL], prepared.body.observables)
    return tuple(known) if _all(names) else named


def kept_of(prepared: Prepared, shown: tuple[str, ...], everything: bool) -> tuple[str, ...] | None:
    """Return the observables to store: those shown and the sums of the fluxes among them, or all."""
    if everything:
        return None
    integrals = (o.id for o in prepared.body.observables if o.integral_of in shown and o.id not in shown)
    return (*shown, *integrals)


def _lived(scenario: Scenario) -> bool:
    return scenario.plan is not None and bool(scenario.plan.lifestyle)


def _is_short(settled: Settled) -> bool:
    """Tell whether doses alone are followed for a few days only, so that the peak counts."""
    plan = settled.scenario.plan
    return plan is not None and not plan.lifestyle and settled.planned.end_h <= _PEAKS_UP_TO_H
