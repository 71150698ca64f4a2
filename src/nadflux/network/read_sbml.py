"""Reads SBML Level 2 and 3 (core; comp by flattening) into a :class:`~nadflux.network.model.Model`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import ModelError, UnsupportedModelError
from nadflux.network._read_parts import DocumentReader
from nadflux.network.model import Model
from nadflux.network.refusals import check_references, refused_packages, refused_units

if TYPE_CHECKING:
    import libsbml


def read_sbml(source: str | os.PathLike[str]) -> Model:
    """A model from an SBML file or from SBML text.

    Function definitions are inlined, local parameters are renamed ``reaction__parameter``, submodels of the
    comp package are flattened. Level 2 is read with its own defaults and predefined units.

    Parameters
    ----------
    source : str or path
        A path, or the SBML itself (recognised by its first character ``<``).

    Raises
    ------
    ModelError
        For a missing, empty or corrupt file and for references to ids that do not exist.
    UnsupportedModelError
        With a list of every construct that nadflux does not simulate and where it stands.
    """
    text, folder, label = _text(source)
    document = _parse(text, label)
    refused = refused_packages(document)
    if refused:
        raise UnsupportedModelError(refused)
    if document.isPackageEnabled("comp"):
        _flatten(document, folder, label)
    reader = DocumentReader(document)
    model = reader.read()
    report = [*reader.report, *refused_units(document)]
    if report:
        raise UnsupportedModelError(report)
    check_references(model)
    return model


def _text(source: str | os.PathLike[str]) -> tuple[str, Path, str]:
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        return source.lstrip("\ufeff \t\r\n"), Path(), "the SBML text"
    path = Path(source)
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace").lstrip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ModelError(f"cannot read the model file {str(path)[:200]!r}: {reason}") from error
    if not text.strip():
        raise ModelError(f"the model file {str(path)!r} is empty; give an SBML or Antimony file")
    return text, path.parent, f"the file {str(path)!r}"


def _parse(text: str, label: str) -> libsbml.SBMLDocument:
    import libsbml

    document: libsbml.SBMLDocument = libsbml.readSBMLFromString(text)
    log = document.getErrorLog()
    ignorable = {libsbml.RequiredPackagePresent}  # reported by refused_packages, with its name
    errors = []
    for i in range(document.getNumErrors()):
        error = log.getError(i)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR and error.getErrorId() not in ignorable:
            errors.append(f"line {error.getLine()}: {' '.join(error.getMessage().split())}")
    if errors:
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise ModelError(f"{label} is not valid SBML: {'; '.join(errors[:3])}{more}")
    if document.getModel() is None:
        raise ModelError(f"{label} holds no SBML model; give a file with a <model> element")
    if document.getLevel() not in (2, 3):
        raise ModelError(
            f"{label} is SBML Level {document.getLevel()}; nadflux reads Level 2 and 3: convert it, e.g. with libSBML"
        )
    return document


def _flatten(document: libsbml.SBMLDocument, folder: Path, label: str) -> None:
    """Submodels merged into one model, in place."""
    import libsbml

    properties = libsbml.ConversionProperties()
    properties.addOption("flatten comp", True)
    properties.addOption("performValidation", False)
    properties.addOption("basePath", str(folder))
    properties.addOption("leavePorts", False)
    properties.addOption("abortIfUnflattenable", "requiredOnly")
    if document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
        log = document.getErrorLog()
        last = " ".join(log.getError(log.getNumErrors() - 1).getMessage().split()) if log.getNumErrors() else ""
        raise ModelError(f"the submodels (package comp) of {label} cannot be flattened: {last or 'no reason given'}")
