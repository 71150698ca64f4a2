"""Numbers and variables of a model as a table, and models written to files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import NadfluxError
from nadflux.network.export import OMEX, write_model
from nadflux.network.infix import to_infix
from nadflux.network.model import Model
from nadflux.network.unit_text import quantity_unit
from nadflux.network.write_omex import ANTIMONY, SBML
from nadflux.sbml.numbers import number_of

if TYPE_CHECKING:
    import pandas as pd

_KINDS = {".xml": SBML, ".sbml": SBML, ".ant": ANTIMONY, ".antimony": ANTIMONY, ".omex": OMEX}


def quantities(model: Model) -> pd.DataFrame:
    """Return a row for each compartment, species, parameter and reaction: kind, value, formula, unit and name."""
    import pandas as pd

    rows = []
    parts = (("compartment", model.compartments), ("species", model.species), ("parameter", model.parameters))
    for kind, part in parts:
        for name, entry in part.items():
            formula = model.assignment_rules.get(name, model.initial_assignments.get(name))
            text = "" if formula is None else to_infix(formula, units=False)
            rows.append((name, kind, number_of(model, name), text, quantity_unit(model, name), entry.name))
    for name, reaction in model.reactions.items():
        law = "" if reaction.law is None else to_infix(reaction.law, units=False)
        rows.append((name, "reaction", None, law, quantity_unit(model, name), reaction.name))
    return pd.DataFrame(rows, columns=["id", "kind", "value", "formula", "unit", "name"]).set_index("id")


def save_model(model: Model, path: Path) -> Path:
    """Write a model as what the name of the file ends in, and return the path.

    Raises
    ------
    NadfluxError
        For another ending, or a file that cannot be written.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise NadfluxError(f"cannot write {path.name!r}: end the name in .xml (SBML), .ant (Antimony) or .omex")
    return write_model(model, kind, path)
