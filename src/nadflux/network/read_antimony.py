"""Reads Antimony into a :class:`~nadflux.network.model.Model`, through SBML."""

from __future__ import annotations

import os
from pathlib import Path

from nadflux.errors import ModelError
from nadflux.network.model import Model
from nadflux.network.read_sbml import read_sbml


def read_antimony(source: str | os.PathLike[str]) -> Model:
    """A model from an Antimony file or from Antimony text.

    Parameters
    ----------
    source : str or path
        A path, or the Antimony itself (recognised by a line break, ``;`` or ``->`` in it). Where a file holds
        several modules the main (last) one is read.

    Raises
    ------
    ModelError
        For a missing or empty file and for syntax errors, with Antimony's own message.
    UnsupportedModelError
        As :func:`~nadflux.network.read_sbml.read_sbml`.
    """
    return read_sbml(antimony_to_sbml(source))


def antimony_to_sbml(source: str | os.PathLike[str]) -> str:
    """SBML text of an Antimony file or text; arguments and errors as :func:`read_antimony`."""
    import antimony

    folder = Path()
    label = "the Antimony text"
    if isinstance(source, str) and any(mark in source for mark in ("\n", ";", "->")):
        text = source
    else:
        path = Path(source)
        folder, label = path.parent, f"the file {str(path)!r}"
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ModelError(f"cannot read the model file {str(path)!r}: {reason}") from error
    if not text.strip():
        raise ModelError(f"{label} is empty; give an SBML or Antimony file")
    # the Antimony library keeps one global store of what it has loaded
    antimony.clearPreviousLoads()
    antimony.addDirectory(str(folder))
    try:
        if antimony.loadAntimonyString(text if text.endswith("\n") else f"{text}\n") < 0:
            message = " ".join(antimony.getLastError().split())
            raise ModelError(f"{label} is not valid Antimony: {message}")
        sbml: str = antimony.getSBMLString(None)
    finally:
        antimony.clearPreviousLoads()
        antimony.clearDirectories()
    return sbml
