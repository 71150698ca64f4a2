"""Reader of model files of either language."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from nadflux.errors import ModelError
from nadflux.network.model import Model
from nadflux.network.model_text import read_model_text
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_sbml import read_sbml

ANTIMONY_ENDINGS = (".ant", ".antimony")
SBML_ENDINGS = (".xml", ".sbml")


def read_model(path: str | os.PathLike[str]) -> Model:
    """Read a model from a file: Antimony where the name ends in ``.ant``, SBML where it ends in ``.xml``.

    Other names, such as ``model.xml.gz``, are read as what the content looks like.

    Raises
    ------
    ModelError
        For a missing, empty or corrupt file, and for an archive: what is in it is to be given instead.
    UnsupportedModelError
        With a list of what nadflux does not simulate and where it stands.
    """
    file = Path(path)
    ending = file.suffix.lower()
    _refuse_archive(file)
    if ending in ANTIMONY_ENDINGS:
        return read_antimony(file)
    if ending in SBML_ENDINGS:
        return read_sbml(file)
    return read_sbml(file) if read_model_text(file).startswith("<") else read_antimony(file)


def _refuse_archive(file: Path) -> None:
    """Raise ModelError for a COMBINE archive (OMEX, a ZIP file), with the models that lie in it."""
    if not file.is_file() or not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as archive:
        inside = [n for n in archive.namelist() if n.lower().endswith((*SBML_ENDINGS, *ANTIMONY_ENDINGS))]
    models = [name for name in inside if Path(name).name != "manifest.xml"]
    holds = f", such as {', '.join(models[:3])}" if models else ""
    raise ModelError(
        f"{str(file)!r} is an OMEX or ZIP archive, which is not read; unpack it (`unzip {file.name}`) and give the "
        f"SBML or Antimony file that lies in it{holds}"
    )
