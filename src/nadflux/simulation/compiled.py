"""The shipped biology, ready to run: assembled once, lowered once, and kept until text or tables change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from nadflux import network
from nadflux.errors import UnknownNameError
from nadflux.kernel import cache as store
from nadflux.kernel.at_rest import AtRest
from nadflux.kernel.behind import engine_of
from nadflux.kernel.engine import Engine
from nadflux.kernel.program import Program
from nadflux.network.assemble import Body, assemble
from nadflux.network.check_scale import refuse_unit_faults
from nadflux.network.expression import Apply, Expression, Number, Symbol
from nadflux.network.names import to_id, to_name
from nadflux.shipped import BIOLOGY
from nadflux.simulation.evidence_tier import tiers_of

BALANCE = "balance:"
_TEXTS = ("*.ant", "*.yaml", "*.csv")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A body with its program.

    Attributes
    ----------
    body : Body
    program : Program
        Outputs are the observables by id, then ``balance:MOIETY``, the weighted amount of each moiety (µmol).
    biology_hash : str
        SHA-256 of every text and table of the biology.
    tiers : mapping of str to str
        Tier of each observable.
    read_with : mapping of str to str
        Versions of the libraries that read the text.
    """

    body: Body
    program: Program
    biology_hash: str
    tiers: Mapping[str, str]
    read_with: Mapping[str, str] = field(default_factory=dict)

    def engine(self) -> Engine:
        """Return machine code for this machine: what came with the installation, or from the cache, or compiled."""
        return _engine(self)

    def parameters(self, people: int) -> np.ndarray:
        """Return the typical values, shape (person, parameter), each in its own unit, by ``program.parameters``."""
        return np.tile(self.program.defaults, (people, 1))


def prepare(
    switches: Mapping[str, str] | None = None,
    biology: Path | None = None,
    *,
    body: str = "nad",
    biology_hash: str | None = None,
) -> Prepared:
    """Return a body with the given switches, from the cache if it is in it.

    Parameters
    ----------
    switches : mapping of str to str, optional
        Options other than the default, e.g. ``{"red_cells.NA": "plasma"}``.
    biology : Path, optional
        Folder of texts and tables; the shipped one by default.
    body : {"nad", "whole"}
        NAD+ metabolism, or all of the person; see `nadflux.network.assemble.assemble`.
    biology_hash : str, optional
        Of the folder, where the caller has it already (`hash_of_folder`).
    """
    folder = biology or BIOLOGY
    known = hash_of_folder(folder) if biology_hash is None else biology_hash
    return _prepare(body, tuple(sorted((switches or {}).items())), folder, known)


def hash_of_folder(folder: Path) -> str:
    """Return the SHA-256 over names and contents of all texts and tables below a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _TEXTS for path in folder.rglob(pattern)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Names:
    """Names that a body knows, as written in plans and tables (``liver.NAD``).

    Attributes
    ----------
    targets : frozenset of str
        States and inputs, which events may change.
    settable : frozenset of str
        Numbers that may be set by hand.
    outputs : frozenset of str
    """

    targets: frozenset[str]
    settable: frozenset[str]
    outputs: frozenset[str]


def names_of(switches: Mapping[str, str] | None = None, *, body: str = "nad", biology_hash: str | None = None) -> Names:
    """Return the names of a body of the shipped biology, without loading the body where the cache holds them.

    Parameters
    ----------
    switches, body, biology_hash
        As for `prepare`.
    """
    known = hash_of_folder(BIOLOGY) if biology_hash is None else biology_hash
    return _names(body, tuple(sorted((switches or {}).items())), known)


@lru_cache(maxsize=8)
def _names(body: str, switches: tuple[tuple[str, str], ...], biology_hash: str) -> Names:
    key = _key(body, switches, biology_hash)
    return store.cached_value(f"{key}.names", Names, lambda: _read_names(body, switches, biology_hash))


def _read_names(body: str, switches: tuple[tuple[str, str], ...], biology_hash: str) -> Names:
    prepared = _prepare(body, switches, BIOLOGY, biology_hash)
    model, program = prepared.body.model, prepared.program
    settable = {to_name(name) for name in (*model.parameters, *model.species, *model.compartments)}
    return Names(
        frozenset(to_name(name) for name in (*program.states, *program.inputs)),
        frozenset(settable | prepared.body.table.targets.keys()),
        frozenset(program.outputs),
    )


def _key(body: str, switches: tuple[tuple[str, str], ...], biology_hash: str) -> str:
    return store.key_of("prepared-6", body, biology_hash, switches, assembler_hash())


@lru_cache(maxsize=8)
def _prepare(body: str, switches: tuple[tuple[str, str], ...], folder: Path, biology_hash: str) -> Prepared:
    name = f"{_key(body, switches, biology_hash)}.body"
    return store.cached_value(name, Prepared, lambda: _build(body, dict(switches), folder, biology_hash))


def _build(name: str, switches: Mapping[str, str], folder: Path, biology_hash: str) -> Prepared:
    from nadflux.kernel.lower import lower
    from nadflux.network.infix import parse_infix

    body = assemble(folder, body=name, switches=switches)
    refuse_unit_faults(body.model, folder)
    outputs: dict[str, Expression] = {o.id: parse_infix(o.formula) for o in body.observables}
    for moiety in dict.fromkeys(weight.moiety for weight in body.moieties):
        outputs[f"{BALANCE}{moiety}"] = _weighted_amount(body, moiety)
    program = lower(body.model, outputs, body.inputs)
    return Prepared(body, program, biology_hash, tiers_of(body), reader_versions())


def reader_versions() -> dict[str, str]:
    """Return the versions of the libraries that read Antimony and SBML."""
    import antimony
    import libsbml

    return {"antimony": antimony.__version__, "libsbml": libsbml.getLibSBMLDottedVersion()}


def _weighted_amount(body: Body, moiety: str) -> Expression:
    terms: list[Expression] = []
    for weight in body.moieties:
        if weight.moiety == moiety:
            if to_id(weight.name) not in body.model.species:
                raise UnknownNameError("species of moieties.csv", weight.name, map(to_name, body.model.species))
            species = body.model.species[to_id(weight.name)]
            amount: Expression = Symbol(species.id)
            if not species.only_substance_units:
                amount = Apply("mul", (amount, Symbol(species.compartment)))
            terms.append(Apply("mul", (Number(weight.weight), amount)))
    return Apply("add", tuple(terms))


@lru_cache(maxsize=1)
def assembler_hash() -> str:
    """Return the hash of the code that makes a model of the texts, on which a stored model depends as well."""
    digest = hashlib.sha256()
    for path in sorted(Path(network.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def at_rest_of(prepared: Prepared) -> AtRest:
    """Return the resting values of a body, whose graph is made once."""
    return AtRest(prepared.body.model, prepared.program.inputs)


@lru_cache(maxsize=24)
def _engine(prepared: Prepared) -> Engine:
    return engine_of(prepared.program)
