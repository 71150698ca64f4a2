"""Reader of Antimony into a :class:`~nadflux.network.model.Model`, through SBML."""

from __future__ import annotations

import os
from pathlib import Path

from nadflux.errors import ModelError
from nadflux.network._antimony_limits import check_antimony
from nadflux.network.model import Model
from nadflux.network.model_text import read_model_text
from nadflux.network.read_sbml import read_sbml


def read_antimony(source: str | os.PathLike[str]) -> Model:
    """Read a model from an Antimony file or from Antimony text.

    Parameters
    ----------
    source : str or path
        A path, or the Antimony itself (recognised by a line break, ``;`` or ``->`` in it). Where a file holds
        several modules the main (last) one is read.

    Raises
    ------
    ModelError
        For a missing or empty file, for syntax errors, with Antimony's own message, and for a text too large or too
        deep to read.
    UnsupportedModelError
        As :func:`~nadflux.network.read_sbml.read_sbml`.
    """
    return read_sbml(antimony_to_sbml(source))


def antimony_to_sbml(source: str | os.PathLike[str]) -> str:
    """Return the SBML text of an Antimony file or text, given as for :func:`read_antimony`.

    Raises
    ------
    ModelError
        For a missing or empty file, for syntax errors, and for a text too large or too deep to read.
    """
    import antimony

    folder = Path()
    label = "the Antimony text"
    if isinstance(source, str) and any(mark in source for mark in ("\n", ";", "->")):
        text = source
    else:
        path = Path(source)
        folder, label = path.parent, f"the file {str(path)!r}"
        text = read_model_text(path)
    if not text.strip():
        raise ModelError(f"{label} is empty; give an SBML or Antimony file")
    check_antimony(text, folder, label)
    # the Antimony library keeps one global store of what it has loaded
    antimony.clearPreviousLoads()
    antimony.addDirectory(str(folder))
    try:
        if antimony.loadAntimonyString(text if text.endswith("\n") else f"{text}\n") < 0:
            raise ModelError(f"{label} is not valid Antimony: {_last_error(text)}")
        sbml: str = antimony.getSBMLString(None)
    finally:
        antimony.clearPreviousLoads()
        antimony.clearDirectories()
    return sbml


def _last_error(text: str) -> str:
    """Return the library's own message, which it may cut within a letter that is not ASCII."""
    import antimony

    try:
        message: str = antimony.getLastError()
    except UnicodeDecodeError:
        letters = sorted({letter for letter in text if not letter.isascii()})
        message = f"ids are written in a-z, A-Z, 0-9 and _; the text also holds {' '.join(letters[:8])}"
    return " ".join(message.split())
