"""Models found by path or given as text."""

from __future__ import annotations

import os
from pathlib import Path

from nadflux.errors import ModelError, nearest
from nadflux.network.model import Model
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_model import read_model
from nadflux.network.read_sbml import read_sbml

_FILES_SHOWN = 6


def load_model(source: str | os.PathLike[str]) -> Model:
    """Read a model from a file, or from SBML or Antimony text.

    Parameters
    ----------
    source : str or path
        A path (.xml, .sbml, .ant, .omex, also packed with gzip or bzip2), SBML text (recognised by its first character
        ``<``) or Antimony text (by a line break, ``;`` or ``->`` in it).

    Raises
    ------
    ModelError
        For a missing file, with the nearest names; and for what cannot be read.
    UnsupportedModelError
        With a list of what is not simulated and where it stands.
    """
    if isinstance(source, str):
        if source.lstrip("\ufeff \t\r\n").startswith("<"):
            return read_sbml(source)
        if any(mark in source for mark in ("\n", ";", "->")):
            return read_antimony(source)
    path = Path(source)
    if not path.is_file():
        raise ModelError(_missing(path))
    return read_model(path)


def _missing(path: Path) -> str:
    folder = path.parent
    said = f"there is no model file {str(path)[:200]!r}"
    if path.is_dir():
        return f"{str(path)!r} is a folder; give a model file (.xml, .ant, .omex)"
    if not folder.is_dir():
        return f"{said}: there is no folder {str(folder)!r}; give a path, or the text of a model"
    names = sorted(file.name for file in folder.iterdir() if file.is_file())
    close = nearest(path.name, names)
    hint = f"; did you mean {', '.join(repr(c) for c in close)}?" if close else ""
    return f"{said}{hint or '; give a path, or the text of a model'}"
