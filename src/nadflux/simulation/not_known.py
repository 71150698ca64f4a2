"""Limits of an answer about a person: traits that do not enter it, and contested links at their defaults.

Both follow from a walk through the equations of the body, as does the tier of each quantity.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nadflux.kernel import cache as store
from nadflux.network.assemble import Body
from nadflux.network.body_spec import BODIES, read_body_spec
from nadflux.network.dependencies import Dependencies
from nadflux.network.names import to_id
from nadflux.network.tables import Observable
from nadflux.notes import Note, NoteCode
from nadflux.people.covariate_table import CovariateRow, needed
from nadflux.people.formula import names_in
from nadflux.people.read_covariates import shipped_covariates
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.schedule import Schedule
from nadflux.shipped import BIOLOGY
from nadflux.simulation.covariate_laws import names_of_law
from nadflux.simulation.run import Run
from nadflux.simulation.settle import Settled

_ALL = "all__"
_ID = re.compile(r"[A-Za-z_]\w*")
_LISTED = 3
"""Quantities that a note names before it counts the rest."""


def not_known(settled: Settled, names: Sequence[str]) -> Note | None:
    """Return one line on what the answer about some quantities does not know; None where there is nothing to report.

    Parameters
    ----------
    settled : Settled
    names : sequence of str
        Ids of observables.
    """
    body = settled.prepared.body
    known = {o.id: o for o in body.observables}
    asked = [known[name] for name in names if name in known]
    says = [*_traits(settled, asked), *_ageing(settled), *_links(settled, asked)]
    if not says:
        return None
    return Note(NoteCode.NOT_KNOWN, f"what this answer does not know: {'; '.join(says)}")


def told_of(run: Run, settled: Settled, names: Sequence[str]) -> Run:
    """Return a run whose note is about some of its quantities alone, such as those of a table."""
    note = not_known(settled, names)
    notes = []
    for one in run.notes:
        if one.code is not NoteCode.NOT_KNOWN:
            notes.append(one)
        elif note is not None:
            notes.append(note)
    return run.changed(notes=tuple(notes))


def without_effect(body: Body, trait: str, described: Iterable[str], asked: Sequence[Observable]) -> list[Observable]:
    """Return the observables whose values after the quiet years do not depend on a trait.

    Parameters
    ----------
    trait : str
        A covariate by its name.
    described : iterable of str
        Covariates that are known and therefore do not follow from it.
    asked : sequence of Observable
    """
    given = _numbers_of(trait, set(described))
    return [o for o in asked if not given & _walk_of(body).settled(o)]


def deciding_links(settled: Settled, asked: Sequence[Observable]) -> dict[str, str]:
    """Return the options of contested links that nobody named and that some of the observables depend on.

    A link counts where it is part of what a quantity follows from at rest, of the organs in which it is, or of those
    on which the plan acts: through the blood everything depends on everything.
    """
    body, named = settled.prepared.body, settled.scenario.switches
    entered = {_organ(to_id(target)) for target in _acted_on(settled.planned)}
    found = {}
    for name, ids in _walk_of(body).links.items():
        near = {_organ(one) for one in ids} & entered or any(ids & _walk_of(body).near(o) for o in asked)
        if near and name not in named:
            found[name] = body.switches[name]
    return found


def links_of(body: Body) -> dict[str, set[str]]:
    """Return the ids that each contested link of a body leaves out or sets; kept on disk, as reading them is slow."""
    if body.name not in BODIES:
        return {}
    key = f"{store.key_of('links-1', body.name, body.text_hash, body.table_hash)}.links"
    stored = store.read(key)
    if stored is not None:
        with contextlib.suppress(ValueError, AttributeError, TypeError):
            return {name: set(ids) for name, ids in json.loads(stored).items()}
    found = {name: _ids_of(switch, body) for name, switch in read_body_spec(BIOLOGY, body.name).switches.items()}
    store.write(key, json.dumps({name: sorted(ids) for name, ids in found.items()}).encode())
    return found


def _traits(settled: Settled, asked: Sequence[Observable]) -> Iterator[str]:
    """Yield one clause for each set of quantities that do not depend on some traits."""
    described = tuple(settled.scenario.who.described)
    clauses: dict[tuple[str, ...], list[str]] = {}
    for row in shipped_covariates():
        if row.name in described:
            found = without_effect(settled.prepared.body, row.name, described, asked)
            if found:
                clauses.setdefault(tuple(f"{o.label}, {o.matrix}" for o in found), []).append(_words(row))
    for labels, traits in clauses.items():
        everything = len(labels) == len(asked)
        where = ("this" if len(asked) == 1 else "any of these") if everything else _listed(labels)
        yield f"{_joined(traits)} {'has' if len(traits) == 1 else 'have'} no effect on {where} at rest"


def _ageing(settled: Settled) -> Iterator[str]:
    says = settled.prepared.body.present.says
    if says and "age" in settled.scenario.who.described:
        yield f"of ageing this body knows {says}"


def _links(settled: Settled, asked: Sequence[Observable]) -> Iterator[str]:
    links = deciding_links(settled, asked)
    if links:
        listed = ", ".join(f"{name} = {option}" for name, option in links.items())
        yield f"contested links left at their default: {listed} (nadflux rivals compares)"


def _words(row: CovariateRow) -> str:
    return "sex" if row.name == "female" else row.words if row.name != "bmi" else "body mass index"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _listed(labels: Sequence[str]) -> str:
    shown, rest = labels[:_LISTED], len(labels) - _LISTED
    return "; ".join(shown) if rest <= 0 else f"{'; '.join(shown)} and {rest} more"


def _numbers_of(trait: str, described: set[str]) -> set[str]:
    """Return the ids of the numbers of a body that a covariate sets, itself or by those that are drawn from it."""
    rows = list(shipped_covariates())
    moved = {trait}
    # Covariates are added until none follows from those found.
    while True:
        more = {row.name for row in rows if row.name not in {*moved, *described} and moved & set(_drawn_from(row))}
        if not more:
            break
        moved |= more
    laws = ((row, law) for row in rows for law in row.laws)
    return {to_id(law.target) for row, law in laws if row.name in moved or moved & set(names_of_law(law.formula))}


def _drawn_from(row: CovariateRow) -> tuple[str, ...]:
    return (*needed(row), *(names_in(row.follows) if row.follows else ()))


def _acted_on(planned: Schedule) -> list[str]:
    """Return the targets of the events by which a plan differs from usual life."""
    plan, without = _by_target(planned.events), _by_target(planned.counterfactual)
    return (
        [target for target in plan if plan[target] != without.get(target)]
        if planned.doses or planned.counterfactual
        else []
    )


def _by_target(events: Iterable[ScheduledEvent]) -> dict[str, list[tuple[float, Any]]]:
    found: dict[str, list[tuple[float, Any]]] = {}
    for event in events:
        found.setdefault(event.target, []).append((event.time_h, event.value))
    return found


def _ids_of(switch: Mapping[str, Any], body: Body) -> set[str]:
    """Return the ids that the options of a contested link leave out or set."""
    options = switch["options"].values()
    entries = [entry for option in options for key in ("zero", "absent") for entry in option.get(key, ())]
    ids = {to_id(entry) for entry in (*entries, *([switch["parameter"]] if "parameter" in switch else []))}
    ends = tuple(one.removeprefix(_ALL[:-2]) for one in ids if one.startswith(_ALL))
    everywhere = {name for name in body.model.parameters if ends and name.endswith(ends)}
    return {one for one in ids if not one.startswith(_ALL)} | everywhere


def _organ(identifier: str) -> str:
    return identifier.split("__", 1)[0]


class _Walk:
    """Dependencies of the observables of a body, found once for each."""

    def __init__(self, body: Body) -> None:
        self._resting = Dependencies.at_rest(body.model)
        self._lasting = Dependencies.over_time(body.model, body.present.formulas)
        self._present = body.present.inputs
        self.links = links_of(body)
        self._at_rest: dict[str, set[str]] = {}
        self._settled: dict[str, set[str]] = {}
        self._near: dict[str, set[str]] = {}

    def at_rest(self, observable: Observable) -> set[str]:
        """Return the ids that its resting value is computed from."""
        if observable.id not in self._at_rest:
            self._at_rest[observable.id] = self._resting.behind(_symbols(observable))
        return self._at_rest[observable.id]

    def settled(self, observable: Observable) -> set[str]:
        """Return those, and what the inputs follow from by which people differ now from the healthy reference."""
        if observable.id not in self._settled:
            reached = self._lasting.behind(_symbols(observable))
            now = [quantity for name, quantity in self._present.items() if name in reached]
            self._settled[observable.id] = self.at_rest(observable) | self._resting.behind(now)
        return self._settled[observable.id]

    def near(self, observable: Observable) -> set[str]:
        """Return those, and all that it is computed from over time without leaving its organs."""
        if observable.id not in self._near:
            own = _symbols(observable)
            organs = {_organ(name) for name in own}
            inside = frozenset(name for name in self._lasting.names if _organ(name) in organs)
            within = self._lasting.behind(own, within=inside)
            self._near[observable.id] = self.at_rest(observable) | within
        return self._near[observable.id]


def _symbols(observable: Observable) -> set[str]:
    """Return the ids in its formula; a parser would cost more to import than all the rest."""
    return set(_ID.findall(observable.formula))


_walks: dict[tuple[str, ...], _Walk] = {}


def _walk_of(body: Body) -> _Walk:
    key = (body.name, body.text_hash, body.table_hash, *(f"{name}={option}" for name, option in body.switches.items()))
    if key not in _walks:
        _walks.clear()  # one body is asked about at a time
        _walks[key] = _Walk(body)
    return _walks[key]
