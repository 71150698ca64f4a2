"""SBML of Level 1 to 3 (core; comp by flattening), read into a :class:`~nadflux.network.model.Model`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import ModelError, UnsupportedModelError
from nadflux.network._read_parts import DocumentReader
from nadflux.network._xml_outline import outline_of
from nadflux.network.model import Model
from nadflux.network.model_text import read_model_text, without_declaration
from nadflux.network.refusals import (
    check_references,
    check_submodels,
    constants_that_react,
    refused_packages,
    refused_units,
)

if TYPE_CHECKING:
    import libsbml

_BESIDE = {104: "annotation", 108: "notes"}  # by the number of the rule that is broken, without its last two digits


def read_sbml(source: str | os.PathLike[str]) -> Model:
    """Read a model from an SBML file or from SBML text.

    Function definitions are inlined, local parameters are renamed ``reaction__parameter``, submodels of the
    comp package are flattened. Level 1 is converted to Level 2, which is read with its own defaults and predefined
    units. A fault in what says nothing about the mathematics (notes, annotations, layout, render) becomes a note.

    Parameters
    ----------
    source : str or path
        A path (the file may be packed with gzip or bzip2), or the SBML itself (recognised by its first character
        ``<``).

    Raises
    ------
    ModelError
        For a missing, empty or corrupt file and for references to ids that do not exist.
    UnsupportedModelError
        With a list of every construct that nadflux does not simulate and where it stands.
    """
    text, folder, label = _text(source)
    document, faults = _parse(text, label)
    refused = refused_packages(document)
    if refused:
        raise UnsupportedModelError(refused)
    if document.isPackageEnabled("comp"):
        check_submodels(document, label)
        _flatten(document, folder, label)
    reader = DocumentReader(document)
    model = reader.read()
    report = [*reader.report, *refused_units(document)]
    if report:
        raise UnsupportedModelError(report)
    check_references(model)
    return replace(model, notes=(*faults, *constants_that_react(model)))


def _text(source: str | os.PathLike[str]) -> tuple[str, Path, str]:
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        return without_declaration(source), Path(), "the SBML text"
    path = Path(source)
    return read_model_text(path), path.parent, f"the file {str(path)!r}"


def _parse(text: str, label: str) -> tuple[libsbml.SBMLDocument, list[str]]:
    """Return the document, and faults that do not concern the mathematics."""
    import libsbml

    outline = outline_of(text, label)
    document: libsbml.SBMLDocument = libsbml.readSBMLFromString(text)
    log = document.getErrorLog()
    ignorable = {libsbml.RequiredPackagePresent}  # reported by refused_packages, with its name
    errors: list[str] = []
    beside: list[str] = []
    for i in range(document.getNumErrors()):
        error = log.getError(i)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR and error.getErrorId() not in ignorable:
            message = f"line {error.getLine()}: {' '.join(error.getMessage().split())}"
            kind = _BESIDE.get(error.getErrorId() // 100) or outline.what_is_at(error.getLine(), error.getColumn())
            (beside if kind else errors).append(f"{message} (in {kind})" if kind else message)
    if errors:
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise ModelError(f"{label} is not valid SBML: {'; '.join(errors[:3])}{more}")
    if document.getModel() is None:
        raise ModelError(f"{label} holds no SBML model; give a file with a <model> element")
    if document.getLevel() == 1:
        _convert_level_1(document, label)
    faults = [f"a fault that does not touch the mathematics was ignored: {beside[0]}"] if beside else []
    faults += [f"and {len(beside) - 1} more faults of that kind"] if len(beside) > 1 else []
    return document, faults


def _convert_level_1(document: libsbml.SBMLDocument, label: str) -> None:
    for compartment in document.getModel().getListOfCompartments():
        compartment.setVolume(compartment.getVolume())  # Level 1 has a default, which Level 2 has not
    if not document.setLevelAndVersion(2, 4, False):
        raise ModelError(f"{label} is SBML Level 1 and cannot be converted to Level 2; give it in Level 2 or 3")


def _flatten(document: libsbml.SBMLDocument, folder: Path, label: str) -> None:
    """Merge submodels into one model, in place."""
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
