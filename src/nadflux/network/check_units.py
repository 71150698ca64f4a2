"""Unit check of a whole model with libSBML's strict mode."""

from __future__ import annotations

from nadflux.network.model import Model
from nadflux.network.write_sbml import write_sbml


def unit_diagnostics(source: Model | str) -> list[str]:
    """Return every complaint of libSBML about the units of a model; an empty list where all units agree.

    Strict mode is needed: without it a literal or parameter without a unit is taken as whatever fits, and one
    of them hides faults elsewhere in the same formula.

    Parameters
    ----------
    source : Model or str
        A model, or SBML text.
    """
    import libsbml

    text = write_sbml(source) if isinstance(source, Model) else source
    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistencyWithStrictUnits()
    log = document.getErrorLog()
    diagnostics = []
    for i in range(document.getNumErrors()):
        error = log.getError(i)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_WARNING:
            place = f"line {error.getLine()}: " if error.getLine() else ""
            diagnostics.append(f"{place}{' '.join(error.getMessage().split())}")
    return diagnostics
