"""Writer of a model as Antimony."""

from __future__ import annotations

from nadflux.errors import ModelError
from nadflux.network.model import Model
from nadflux.network.write_sbml import write_sbml


def write_antimony(model: Model) -> str:
    """Return the model as Antimony text, which :func:`~nadflux.network.read_antimony.read_antimony` reads.

    The Antimony library translates from SBML, so that both exports say the same.

    Raises
    ------
    ModelError
        Where Antimony cannot express the model, with its own message.
    """
    import antimony

    # the Antimony library keeps one global store of what it has loaded
    antimony.clearPreviousLoads()
    try:
        if antimony.loadSBMLString(write_sbml(model)) < 0:
            raise ModelError(f"this model cannot be written as Antimony: {antimony.getLastError().strip()}")
        text: str = antimony.getAntimonyString(None)
    finally:
        antimony.clearPreviousLoads()
    return text
