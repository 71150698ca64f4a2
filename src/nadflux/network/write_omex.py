"""Writer of a COMBINE archive (OMEX): the model as SBML and Antimony with a manifest.

Bergmann et al. 2014, doi:10.1186/s12859-014-0369-z.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from nadflux.files import replacing
from nadflux.network.model import Model
from nadflux.network.write_antimony import write_antimony
from nadflux.network.write_sbml import write_sbml

SBML, ANTIMONY = "sbml", "antimony"
SEDML_FILE = "simulation.sedml"
_FORMATS = "http://identifiers.org/combine.specifications"
_MASTER = ' master="true"'
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same model gives the same bytes


def write_omex(model: Model, path: str | os.PathLike[str], description: str = "", sedml: str = "") -> Path:
    """Write the archive and return its path.

    Parameters
    ----------
    model : Model
    path : str or path
        File to write, usually ending in ``.omex``.
    description : str
        Plain text for the archive's metadata.
    sedml : str
        Text of an experiment with ``model.xml``, in SED-ML; none if empty.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    contents = {
        "manifest.xml": _manifest(bool(sedml)),
        "metadata.rdf": _metadata(model, description),
        "model.xml": write_sbml(model),
        "model.ant": write_antimony(model),
        **({SEDML_FILE: sedml} if sedml else {}),
    }
    target = Path(path)
    with replacing(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return target


def _manifest(with_sedml: bool) -> str:
    rows = [
        (".", f"{_FORMATS}/omex", False),
        ("./manifest.xml", f"{_FORMATS}/omex-manifest", False),
        ("./metadata.rdf", f"{_FORMATS}/omex-metadata", False),
        ("./model.xml", f"{_FORMATS}/sbml.level-3.version-2", True),
        ("./model.ant", "http://purl.org/NET/mediatypes/text/x-antimony", False),
    ]
    if with_sedml:
        rows.append((f"./{SEDML_FILE}", f"{_FORMATS}/sed-ml.level-1.version-3", True))
    lines = [
        f'  <content location="{location}" format="{form}"{_MASTER if master else ""}/>'
        for location, form, master in rows
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<omexManifest xmlns="{_FORMATS}/omex-manifest">',
            *lines,
            "</omexManifest>",
            "",
        ]
    )


def _metadata(model: Model, description: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/">
  <rdf:Description rdf:about=".">
    <dcterms:title>{escape(model.name or model.id)}</dcterms:title>
    <dcterms:description>{escape(description or model.name or model.id)}</dcterms:description>
  </rdf:Description>
</rdf:RDF>
"""
