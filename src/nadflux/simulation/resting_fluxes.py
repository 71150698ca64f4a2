"""NAD+ at rest, organ by organ: synthesis, use, half-life, and the evidence for them.

The resting state is a formula of the model (see `nadflux.network.capacities`), so nothing is integrated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from nadflux.counts import check_count
from nadflux.network.model import Model
from nadflux.network.pathways import nad_pools, reactions_of, read_pathways
from nadflux.network.tables import ParameterTable
from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Draws, Person, Posterior
from nadflux.plans.language.person import at_rest, read_person
from nadflux.simulation.check_work import MOST_PEOPLE_IN_MEMORY
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.course import Course
from nadflux.simulation.evidence_tier import tier_at_rest, weakest
from nadflux.simulation.failures import AT_REST, faults_at_rest
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.notes import drawn_again_note, notes_of
from nadflux.simulation.numbers import DrawnNumbers, chosen_people
from nadflux.simulation.parameters import notes_on_settings, read_overrides
from nadflux.simulation.record import posterior_name, provenance
from nadflux.simulation.select_posterior import DEFAULT, find_posterior
from nadflux.simulation.summary import middle_and_bounds
from nadflux.simulation.views import Drawn
from nadflux.units import DAY_H

PEOPLE = 512
ENOUGH = "a figure at rest needs no more, and all of them lie in memory at once"
DRIVERS = 8
"""How many rows are named that the spread of turnover correlates with."""
# Rank correlations below this many standard errors are noise of the draw.
_NOISE = 3.0
# A posterior repeats its samples, so that some of these rows correlate by chance; those that move turnover are kept.
_CANDIDATES = 32
_MOVES = 1.05
# Roles of reactions by which NAD+ leaves its pool.
_LEAVING = ("use", "release")


@dataclass(frozen=True, eq=False)
class RestingFlux:
    """One flux of one organ.

    Attributes
    ----------
    organ, role, pathway : str
        ``role`` is ``synthesis``, ``use`` or ``release``, as in the pathways table.
    values : ndarray, shape (person,), µmol/day
    tier : str
        That of the weakest number on which the flux depends.
    """

    organ: str
    role: str
    pathway: str
    values: np.ndarray
    tier: str


@dataclass(frozen=True, eq=False)
class OrganRest:
    """NAD+ of one organ at rest.

    Attributes
    ----------
    pool : ndarray, shape (person,), µmol
    half_life : ndarray, shape (person,), h
        ln 2 · pool / all fluxes that leave the pool of NAD+.
    turnover : ndarray, shape (person,), µmol/day
        Synthesis, hence use and release, also of precursor nucleotides.
    tier : str
    """

    organ: str
    pool: np.ndarray
    half_life: np.ndarray
    turnover: np.ndarray
    tier: str


@dataclass(frozen=True, slots=True)
class Driver:
    """A row of the tables that carries spread of a quantity.

    Attributes
    ----------
    key : str
        Row, e.g. ``person.NAD_slowness.metabolic``.
    correlation : float
        Rank correlation with the quantity over the people drawn.
    share : float
        Its square: the share of the spread (of ranks) that goes with the row.
    known : tuple of float
        Bounds of the quantity's central 90 % if everybody had the median of the row: what is left once it is measured.
    """

    key: str
    correlation: float
    share: float
    unit: str
    low: float
    high: float
    between_cv: float
    tier: str
    source: str
    known: tuple[float, float] = (np.nan, np.nan)


@dataclass(frozen=True, eq=False, repr=False)
class RestingFluxes(Drawn):
    """Fluxes and organs; arrays are over the people drawn, NaN where numbers contradict each other.

    Attributes
    ----------
    turnover : ndarray, shape (person,), mmol/day
        NAD+ broken in the whole body.
    drivers : tuple of Driver
        Rows with which ``turnover`` correlates, the largest first: measuring these would narrow its spread.
    """

    shown_as: ClassVar[str] = "fluxes"

    fluxes: tuple[RestingFlux, ...]
    organs: tuple[OrganRest, ...]
    turnover: np.ndarray
    drivers: tuple[Driver, ...]
    record: Mapping[str, Any]
    notes: tuple[Note, ...]


def resting_fluxes(
    who: Person | Cohort | str,
    *,
    n: int | None = None,
    seed: int = 0,
    set: Mapping[str, str | float] | None = None,
    uncertainty: bool = True,
    spread: bool = True,
    posterior: Posterior | Path | str | None = DEFAULT,
    switches: Mapping[str, str] | None = None,
) -> RestingFluxes:
    """Compute the fluxes of NAD+ at rest on a constant diet.

    Parameters
    ----------
    who, seed, set, uncertainty, spread, posterior, switches
        As in `nadflux.simulation.simulate`.
    n : int, optional
        People to draw; 512 by default for a described person, which makes rank correlations above 0.13 stand out.

    Raises
    ------
    NadfluxError
        As `simulate`.
    """
    who = at_rest(read_person(who) if isinstance(who, str) else who)
    prepared = prepare(switches)
    index = chosen_people(who, PEOPLE if n is None and isinstance(who, Person) else n)
    check_count("people", index.size, MOST_PEOPLE_IN_MEMORY, remedy=ENOUGH)
    table = prepared.body.table
    fitted, fitted_note = find_posterior(prepared.body, posterior)
    overrides = read_overrides(prepared, set or {})
    numbers = DrawnNumbers(
        who, seed, uncertainty=uncertainty, spread=spread, posterior=fitted, constants=overrides
    )  # fmt: skip
    chunk = run_chunk(prepared, Course(numbers), index)
    values, faults = faults_at_rest(prepared, chunk.rows)
    failed = np.isin(np.arange(index.size), list(faults))
    model = prepared.body.model
    fluxes = tuple(_fluxes(model, table, values, index.size, failed))
    organs = tuple(_organs(model, table, values, fluxes))
    turnover = _turnover(model, values, failed)
    notes = notes_of(who, None, uncertainty, spread, index.size)
    notes += [*([fitted_note] if fitted_note is not None else []), *notes_on_settings(prepared, set or {}, overrides)]
    if faults:
        person, reason = next(iter(faults.items()))
        text = (
            f"{len(faults)} of {index.size} people have no resting state and are left out "
            f"(the first: person {person}, {AT_REST}: {reason})"
        )
        notes.append(Note(NoteCode.NO_RESTING_STATE, text))
    notes += drawn_again_note(chunk.draws.drawn_again, index.size)
    record = {
        "who": str(who), "seed": seed, "persons": int(index.size), "drawn_again": chunk.draws.drawn_again,
        "posterior": posterior_name(fitted), **provenance(prepared),
    }  # fmt: skip
    found = drivers(table, chunk.draws, turnover, most=_CANDIDATES)
    found = _that_move(prepared, chunk.rows[~failed], found)[:DRIVERS]
    return RestingFluxes(fluxes, organs, turnover, found, record, tuple(notes))


def drivers(table: ParameterTable, draws: Draws, quantity: np.ndarray, most: int = 8) -> tuple[Driver, ...]:
    """Find the rows that a quantity correlates with, by squared rank correlation (Spearman 1904, doi:10.2307/1412159).

    Parameters
    ----------
    quantity : ndarray, shape (person,), in any unit
    most : int
        How many to return at most; correlations within the noise of the draw are left out.
    """
    whole = np.isfinite(quantity)
    if whole.sum() < 10 or np.ptp(quantity[whole]) == 0:
        return ()
    wanted = _ranks(quantity[whole])
    moving = [k for k in range(len(draws.names)) if np.ptp(draws.values[whole, k]) > 0]
    least = _NOISE / np.sqrt(whole.sum())
    found = [(float(np.mean(wanted * _ranks(draws.values[whole, k]))), draws.names[k]) for k in moving]
    found = sorted((pair for pair in found if abs(pair[0]) > least), key=lambda pair: -abs(pair[0]))[:most]
    rows = [(correlation, table.row(key)) for correlation, key in found]
    return tuple(
        Driver(r.key, c, c * c, r.unit, r.low, r.high, r.between_cv, r.tier, r.source) for c, r in rows
    )  # fmt: skip


def _that_move(prepared: Prepared, rows: np.ndarray, candidates: Sequence[Driver]) -> tuple[Driver, ...]:
    """Return the candidates on which turnover depends, each with the interval left if its row were known.

    Parameters
    ----------
    rows : ndarray, shape (person, parameter)
        Of people with a resting state.
    """
    column = {name: k for k, name in enumerate(prepared.program.parameters)}
    targets = prepared.body.table.targets
    result = []
    for driver in candidates:
        columns = [column[name] for name in targets[driver.key] if name in column]
        moved = rows[:1].repeat(2, axis=0)
        moved[1, columns] *= _MOVES
        before, after = _turnover_of(prepared, moved)
        if abs(after / before - 1.0) < 1e-6:
            continue
        same = rows.copy()
        same[:, columns] = np.median(rows[:, columns], axis=0)
        _, low, high = middle_and_bounds(_finite(_turnover_of(prepared, same)))
        result.append(replace(driver, known=(low, high)))
    return tuple(result)


def _turnover_of(prepared: Prepared, rows: np.ndarray) -> np.ndarray:
    """Return the NAD+ broken in the whole body of each person, mmol/day; NaN without a resting state."""
    values, faults = faults_at_rest(prepared, rows)
    return _turnover(prepared.body.model, values, np.isin(np.arange(len(rows)), list(faults)))


def _turnover(model: Model, values: Mapping[str, np.ndarray], failed: np.ndarray) -> np.ndarray:
    used = [name for name, (_, row) in reactions_of(model, read_pathways()).items() if row.role == "use"]
    total = np.sum([np.broadcast_to(values[name], failed.shape) for name in used], axis=0)
    turnover: np.ndarray = np.where(failed, np.nan, DAY_H * total / 1000.0)
    return turnover


def _finite(values: np.ndarray) -> np.ndarray:
    finite: np.ndarray = values[np.isfinite(values)]
    return finite


def _fluxes(
    model: Model, table: ParameterTable, values: Mapping[str, np.ndarray], people: int, failed: np.ndarray
) -> list[RestingFlux]:
    sums: dict[tuple[str, str, str], np.ndarray] = {}
    tiers: dict[tuple[str, str, str], set[str]] = {}
    pathways = read_pathways()
    place = {row.reaction: number for number, row in enumerate(pathways)}
    found = sorted(reactions_of(model, pathways).items(), key=lambda item: place[item[1][1].reaction])
    for name, (organ, row) in found:
        if row.role == "exchange":
            continue
        key = (organ, row.role, row.pathway)
        rate = np.where(failed, np.nan, np.broadcast_to(values[name], (people,)))
        sums[key] = sums.get(key, np.zeros(people)) + DAY_H * rate
        tiers.setdefault(key, set()).add(tier_at_rest(model, table, name))
    return [RestingFlux(*key, value, weakest(tiers[key])) for key, value in sums.items()]


def _organs(
    model: Model, table: ParameterTable, values: Mapping[str, np.ndarray], fluxes: tuple[RestingFlux, ...]
) -> list[OrganRest]:
    result = []
    named = reactions_of(model, read_pathways())
    leaving = [r for r in model.reactions.values() if r.id in named and named[r.id][1].role in _LEAVING]
    for organ, pool_species in nad_pools(model, read_pathways()).items():
        pool = _amount(model, pool_species, values)
        own = [flux for flux in fluxes if flux.organ == organ]
        spent = np.sum([flux.values for flux in own if flux.role in _LEAVING], axis=0)
        tiers = {flux.tier for flux in own} | {tier_at_rest(model, table, name) for name in pool_species}
        pool = np.where(np.isfinite(spent), pool, np.nan)
        leaves = sum(values[r.id] for r in leaving if {side.species for side in r.reactants} & set(pool_species))
        result.append(OrganRest(organ, pool, np.log(2.0) * pool / leaves, spent, weakest(tiers)))
    return result


def _amount(model: Model, names: Sequence[str], values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the amount of some species together, shape (person,), µmol."""
    total = np.zeros(1)
    for name in names:
        species = model.species[name]
        total = total + values[name] * (1.0 if species.only_substance_units else values[species.compartment])
    return total


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks with mean 0 and variance 1."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    return np.asarray((order - order.mean()) / order.std())
