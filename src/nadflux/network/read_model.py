"""Reader of model files of either language."""

from __future__ import annotations

import os
from pathlib import Path

from nadflux.network.model import Model
from nadflux.network.model_text import read_model_text
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_omex import is_archive, read_omex
from nadflux.network.read_sbml import read_sbml

ANTIMONY_ENDINGS = (".ant", ".antimony")
SBML_ENDINGS = (".xml", ".sbml")


def read_model(path: str | os.PathLike[str]) -> Model:
    """Read a model from a file: Antimony where the name ends in ``.ant``, SBML where it ends in ``.xml``.

    Other names, such as ``model.xml.gz``, are read as what the content looks like. Of a COMBINE archive (OMEX) it is
    the master model, or the only one.

    Raises
    ------
    ModelError
        For a missing, empty or corrupt file, and for an archive of several models without a master.
    UnsupportedModelError
        With a list of what nadflux does not simulate and where it stands.
    """
    file = Path(path)
    ending = file.suffix.lower()
    if is_archive(file):
        return read_omex(file).model()
    if ending in ANTIMONY_ENDINGS:
        return read_antimony(file)
    if ending in SBML_ENDINGS:
        return read_sbml(file)
    return read_sbml(file) if read_model_text(file).startswith("<") else read_antimony(file)
