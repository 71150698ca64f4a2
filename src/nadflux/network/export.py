"""The shipped body in standard formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nadflux.errors import NadfluxError, UnknownNameError
from nadflux.files import write_text
from nadflux.network.assemble import assemble
from nadflux.network.model import Model
from nadflux.network.numeric_rest import settled
from nadflux.network.write_antimony import write_antimony
from nadflux.network.write_omex import SBML, write_omex
from nadflux.network.write_sbml import write_sbml

NUMBERS, FORMULAS = "numbers", "formulas"
OMEX = "omex"
_TITLE = "NAD+ metabolism of a human body, organ by organ"


def exported_model(body: str = "nad", start: str = NUMBERS, switches: Mapping[str, str] | None = None) -> Model:
    """Return a body as it is exported.

    Parameters
    ----------
    body : {"nad", "whole"}
    start : {"numbers", "formulas"}
        How the resting state is written: as numbers, or as the formulas that capacities follow from.
    switches : mapping of str to str, optional
        Options of contested links.

    Raises
    ------
    UnknownNameError
        For a body, a way to write the start or a switch that does not exist.
    """
    if start not in (NUMBERS, FORMULAS):
        raise UnknownNameError("way to write the start", start, (NUMBERS, FORMULAS))
    model = assemble(body=body, switches=dict(switches or {})).model
    return settled(model) if start == NUMBERS else model


def write_model(model: Model, kind: str, path: Path, sedml: str = "") -> Path:
    """Write a model to a file and return where it lies.

    Parameters
    ----------
    kind : {"sbml", "antimony", "omex"}
        SBML Level 3 Version 2, Antimony, or a COMBINE archive with both.
    sedml : str
        Text of an experiment for the archive, in SED-ML.

    Raises
    ------
    NadfluxError
        Where the file cannot be written.
    """
    try:
        if kind == OMEX:
            return write_omex(model, path, _TITLE, sedml)
        write_text(path, write_sbml(model) if kind == SBML else write_antimony(model))
    except OSError as error:
        raise NadfluxError(f"cannot write {error.filename!r}: {error.strerror}") from error
    return path
