"""Checks of a folder of biology: texts, units, terms, balance, resting state; each fault with place and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nadflux.errors import NadfluxError
from nadflux.network.assemble import Body, assemble
from nadflux.network.biology_folder import check_biology_folder
from nadflux.network.body_spec import BASE, BODIES
from nadflux.network.capacities import resting_faults
from nadflux.network.check_scale import unit_faults
from nadflux.network.evaluate import evaluate, initial_values, rates
from nadflux.network.model import Reaction, Species
from nadflux.network.names import first_part, to_id, to_name
from nadflux.network.text_places import places_of
from nadflux.units import DAY_H

TEXT, UNITS, TERMS, BALANCE, REST = "text", "units", "terms", "balance", "resting state"
CHECKS = (TEXT, UNITS, TERMS, BALANCE, REST)
_TERM = re.compile(
    r"(kegg\.compound:C\d{5}|chebi:CHEBI:\d+|GO:GO:\d{7}|go:GO:\d{7}|ec-code:[\d.]+|ncit:C\d+|uniprot:\w+)"
)
_UNTERMED = re.compile(r"(?:reaction|species) (\w+) of module \w+ has no identifiers\.org term")
_STILL = 1e-6
"""Change in a day, as a share of the pool, below which a pool is at rest."""


@dataclass(frozen=True)
class Fault:
    """A fault of the biology.

    Attributes
    ----------
    check : str
        One of ``CHECKS``.
    place : str
        File and line, or the body, where the text has no one place for it.
    text : str
        What is wrong.
    remedy : str
    """

    check: str
    place: str
    text: str
    remedy: str


@dataclass(frozen=True)
class BiologyReport:
    """Findings of the checks of a folder.

    Attributes
    ----------
    folder : Path
    faults : tuple of Fault
    counts : mapping of str to int
        How many things each check looked at.
    """

    folder: Path
    faults: tuple[Fault, ...]
    counts: dict[str, int]


def check_biology(folder: Path, progress: Callable[[float], object] | None = None) -> BiologyReport:
    """Check a folder of texts and tables: both bodies are assembled and looked at, none is run.

    Parameters
    ----------
    folder : Path
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    ModelError
        For a folder that is missing or holds no specification of a body.
    """
    check_biology_folder(folder)
    faults: list[Fault] = []
    counts = dict.fromkeys(CHECKS, 0)
    # Body by body; a fault that both have is reported once.
    for k, name in enumerate(BODIES, start=1):
        try:
            body = assemble(folder, body=name)
        except NadfluxError as error:
            faults.append(_not_assembled(folder, name, str(error)))
            continue
        model = body.model
        counts[TEXT] += 1
        counts[UNITS] += len(model.reactions) + len(model.assignment_rules) + len(model.initial_assignments)
        counts[TERMS] += len(model.species) + len(model.reactions)
        counts[BALANCE] += len(model.reactions)
        counts[REST] += len(model.species)
        for check in (_units, _terms, _balance, _rest):
            faults += check(folder, body)
        if progress is not None:
            progress(k / len(BODIES))
    unique = {(f.check, f.place, f.text if f.check == TEXT else ""): f for f in reversed(faults)}
    return BiologyReport(folder, tuple(f for f in faults if f in set(unique.values())), counts)


def _not_assembled(folder: Path, body: str, said: str) -> Fault:
    """Return the fault for which a body cannot be put together."""
    named = _UNTERMED.search(said)
    if named is None:
        return Fault(TEXT, f"the {body} body", said, "correct the file that is named; the other checks follow then")
    place = "; ".join(places_of(folder, f"organ.{named[1]}")) or f"the {body} body"
    example = f'{named[1]} identity "http://identifiers.org/kegg.compound/C00003"'
    return Fault(TERMS, place, said, f"write e.g. {example}; the other checks follow then")


def _units(folder: Path, body: Body) -> Iterator[Fault]:
    for owner, fault in unit_faults(body.model):
        yield Fault(
            UNITS,
            _place(folder, owner, body),
            f"{to_name(owner)}: {fault}",
            "correct the formula, or give each number the unit that it has",
        )


def _terms(folder: Path, body: Body) -> Iterator[Fault]:
    entries: list[Species | Reaction] = [*body.model.species.values(), *body.model.reactions.values()]
    for entry in entries:
        local = entry.id.partition("__")[2] or entry.id
        if not entry.name:
            place = _place(folder, entry.id, body)
            yield Fault(TERMS, place, f"{to_name(entry.id)} has no name", f'write {local} is "its name"')
        if not _TERM.fullmatch(entry.term):
            said = f"the term {entry.term!r}" if entry.term else "no term"
            example = f'{local} identity "http://identifiers.org/kegg.compound/C00003"'
            yield Fault(
                TERMS, _place(folder, entry.id, body), f"{to_name(entry.id)} has {said}", f"write e.g. {example}"
            )


def _balance(folder: Path, body: Body) -> Iterator[Fault]:
    values = initial_values(body.model)
    for moiety in dict.fromkeys(row.moiety for row in body.moieties):
        weights = {to_id(row.name): row.weight for row in body.moieties if row.moiety == moiety}
        for reaction in body.model.reactions.values():
            made = sum(weights.get(r.species, 0.0) * evaluate(r.stoichiometry, values) for r in reaction.products)
            used = sum(weights.get(r.species, 0.0) * evaluate(r.stoichiometry, values) for r in reaction.reactants)
            if not np.isclose(made, used, rtol=1e-9, atol=1e-12):
                yield Fault(
                    BALANCE,
                    _place(folder, reaction.id, body),
                    f"{to_name(reaction.id)} turns {float(used):g} of the moiety {moiety} into {float(made):g}",
                    "let both sides carry the same, or correct the weights of the species in moieties.csv",
                )


def _rest(folder: Path, body: Body) -> Iterator[Fault]:
    model = body.model
    values = initial_values(model)
    for _, reason in resting_faults(model, {k: np.atleast_1d(v) for k, v in values.items()}):
        yield Fault(REST, f"the {body.name} body", reason, "change the rows of the tables that it follows from")
    if body.name != BASE:
        return  # the whole body is made to be the same at rest; its states of food are not at rest at one hour
    ledgers = {to_id(row.name) for row in body.moieties if row.weight < 0}
    ledgers |= {name for name in model.species if first_part(name) == "urine" or "__lost" in name}
    for name, change in rates(model, values).items():
        species = model.species[name]
        if name in ledgers or species.boundary or species.constant:
            continue
        pool = float(np.abs(values[name] * values[species.compartment]))
        moved = DAY_H * float(np.abs(change))
        if moved > _STILL * pool:
            share = f"{100 * moved / pool:.3g} % of it" if pool else f"{moved:.3g} µmol from nothing"
            yield Fault(
                REST,
                _place(folder, name, body),
                f"{to_name(name)} is not at rest: {share} moves in a day",
                "let a capacity or a resting level follow from the fluxes through it (X__V, X__J)",
            )


def _place(folder: Path, name: str, body: Body) -> str:
    return "; ".join(places_of(folder, name)) or f"the {body.name} body"
