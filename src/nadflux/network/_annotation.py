"""The identifiers.org term of an element: ``chebi:CHEBI:15846`` in the model, a MIRIAM resource in SBML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libsbml

_PATH = re.compile(r"^https?://(?:www\.)?identifiers\.org/([^/]+)/(.+)$")
_COMPACT = re.compile(r"^https?://(?:www\.)?identifiers\.org/([^/:]+):(.+)$")
_URN = re.compile(r"^urn:miriam:([^:]+):(.+)$")
_BANANA = frozenset(("CHEBI", "GO", "SBO", "CL", "UBERON", "BTO", "FMA", "PR", "MOD", "ECO", "DOID", "HP"))


def read_term(item: libsbml.SBase) -> str:
    """Return the first ``bqbiol:is`` resource of an element as ``namespace:accession``, or an empty string."""
    import libsbml

    for i in range(item.getNumCVTerms()):
        term = item.getCVTerm(i)
        if term.getQualifierType() != libsbml.BIOLOGICAL_QUALIFIER or term.getNumResources() == 0:
            continue
        if term.getBiologicalQualifierType() in (libsbml.BQB_IS, libsbml.BQB_IS_VERSION_OF):
            return resource_to_term(term.getResourceURI(0))
    return ""


def write_term(item: libsbml.SBase, term: str) -> None:
    """Attach ``term`` as a ``bqbiol:is`` resource; needs a metaid, which is made from the id."""
    import libsbml

    item.setMetaId(f"meta_{item.getId()}")
    annotation = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    annotation.setBiologicalQualifierType(libsbml.BQB_IS)
    annotation.addResource(term_to_resource(term))
    item.addCVTerm(annotation)


def resource_to_term(resource: str) -> str:
    """Return ``http://identifiers.org/chebi/CHEBI:15846`` (or another spelling) as ``chebi:CHEBI:15846``."""
    for pattern in (_PATH, _URN):
        found = pattern.match(resource)
        if found:
            return f"{found[1]}:{found[2].replace('%3A', ':')}"
    found = _COMPACT.match(resource)
    if found and found[1] in _BANANA:
        return f"{found[1].lower()}:{found[1]}:{found[2]}"
    if found:
        return f"{found[1]}:{found[2]}"
    return resource


def term_to_resource(term: str) -> str:
    """Return ``chebi:CHEBI:15846`` as ``http://identifiers.org/chebi/CHEBI:15846``; a full address stays."""
    if term.startswith(("http://", "https://", "urn:")):
        return term
    namespace, _, accession = term.partition(":")
    return f"http://identifiers.org/{namespace}/{accession}"
