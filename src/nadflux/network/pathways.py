"""Role of each reaction in NAD+ metabolism: the pathways table, read and matched to the reactions of a body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nadflux.errors import TableError
from nadflux.network.model import Model
from nadflux.network.names import first_part
from nadflux.network.records import records
from nadflux.shipped import BIOLOGY

COLUMNS = ("reaction", "role", "pathway", "form", "note")
ROLES = ("synthesis", "use", "release", "exchange")


@dataclass(frozen=True, slots=True)
class Pathway:
    """One row: reactions of this name, in any organ.

    Attributes
    ----------
    reaction : str
        Name without the organ, e.g. ``NAMPT``.
    role : str
        ``synthesis`` builds a precursor into nucleotides, ``use`` breaks NAD+, ``release`` lets it out,
        ``exchange`` takes it away for a while and counts as no flux.
    pathway : str
        What the flux table calls it.
    form : str
        Precursor that a synthesis takes in.
    """

    reaction: str
    role: str
    pathway: str
    form: str
    note: str


def read_pathways(file: Path | None = None) -> tuple[Pathway, ...]:
    """Read the pathways table, the shipped one by default.

    Raises
    ------
    TableError
        For a missing column, an unknown role, a synthesis without form, or a reaction that has two rows.
    """
    file = file or BIOLOGY / "pathways.csv"
    result: dict[str, Pathway] = {}
    for place, cells in records(file, COLUMNS, optional=("pathway", "form", "note")):
        row = Pathway(**cells)
        if row.role not in ROLES:
            raise TableError(f"{place}: role {row.role!r} is not one of {', '.join(ROLES)}")
        if not row.pathway or (row.role == "synthesis") != bool(row.form):
            raise TableError(f"{place}: {row.reaction} needs a pathway, and a form if and only if it is a synthesis")
        if row.reaction in result:
            raise TableError(f"{place}: {row.reaction!r} is given twice; keep one row")
        result[row.reaction] = row
    return tuple(result.values())


def reactions_of(model: Model, pathways: tuple[Pathway, ...]) -> dict[str, tuple[str, Pathway]]:
    """Return organ and pathway of each reaction of a model that the table names, by reaction id.

    The organ is that of the species made (synthesis) or used, not of the name: what the gut wall takes up from
    the lumen is the gut wall's.
    """
    by_name = {row.reaction: row for row in pathways}
    result = {}
    for reaction in model.reactions.values():
        row = by_name.get(reaction.id.partition("__")[2])
        if row is None:
            continue
        side = reaction.products if row.role == "synthesis" else reaction.reactants
        if side:
            result[reaction.id] = (first_part(side[0].species), row)
    return result


def nad_pools(model: Model, pathways: tuple[Pathway, ...]) -> dict[str, tuple[str, ...]]:
    """Return the species that hold the NAD+ of each organ, by organ: those its consumers use."""
    pools: dict[str, list[str]] = {}
    for name, (organ, row) in reactions_of(model, pathways).items():
        if row.role == "use":
            for reference in model.reactions[name].reactants:
                if reference.species not in pools.setdefault(organ, []):
                    pools[organ].append(reference.species)
    return {organ: tuple(species) for organ, species in pools.items()}


def unnamed(model: Model, pathways: tuple[Pathway, ...]) -> Iterator[str]:
    """Yield reactions that take NAD+ out of an organ's pool and that the table does not name."""
    named = reactions_of(model, pathways)
    pools = {species: organ for organ, held in nad_pools(model, pathways).items() for species in held}
    for reaction in model.reactions.values():
        used = [r.species for r in reaction.reactants if r.species in pools]
        kept = [r.species for r in reaction.products if r.species in pools]
        if used and not kept and reaction.id not in named:
            yield reaction.id
