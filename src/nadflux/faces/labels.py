"""Names of quantities, places and units as people write them."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nadflux.simulation.run import Quantity

GLYPHS = {"flux": "→", "level": "■", "cumulative": "Σ", "marker": "•", "index": "%"}
"""One sign for each kind, in tables; figures have their own in `nadflux.faces.plot.style`."""
NOT_ADVICE = "research model, not medical advice"
_UNBROKEN = "\N{NO-BREAK SPACE}"
_WORDS = {"uM": "µM", "umol": "µmol", "litre": "L", "dimensionless": "–", "m2": "m²", "year": "y", "percent": "%"}

_COMPOUNDS = {
    "NAD": "NAD+", "NADP": "NADP+", "NAD_mito": "mitochondrial NAD+", "NAD_slow": "slowly exchanging NAD+",
    "PY2": "2PY", "PY4": "4PY", "NAMO": "NAM N-oxide",
    "NUA": "nicotinuric acid", "QA": "quinolinate", "Trp": "tryptophan",
    "Trp_short": "tryptophan short of its yield",
}  # fmt: skip
_WHERE = {"colon": "in the colon", "depot": "in the depot", "film": "on the skin", "skin": "in the treated skin"}


def compound_name(species: str) -> str:
    """Return what people call a species of the text: ``PY2`` is 2PY, ``NR_colon`` is NR in the colon."""
    if species in _COMPOUNDS:
        return _COMPOUNDS[species]
    stem, _, where = species.rpartition("_")
    if re.fullmatch(r"ER\d?", where):
        return f"{stem} in the extended-release tablet"
    return f"{compound_name(stem)} {_WHERE[where]}" if where in _WHERE else species


def place_name(place: str) -> str:
    """Return a place as people write it: ``gut_lumen`` is gut lumen."""
    names = {
        "rest": "rest of the body", "portal": "portal blood", "topical": "treated skin",
        "subcutaneous": "subcutaneous depot", "intramuscular": "intramuscular depot",
    }  # fmt: skip
    return names.get(place, place.replace("_", " "))


def readable_unit(unit: str) -> str:
    """Return ``umol/day`` as ``µmol/day`` and ``litre_per_h`` as ``L/h``; units that people know already stay."""
    text = re.sub(r"^per_", "1/", unit.replace("_per_", "/"))
    return "/".join(_WORDS.get(word, word) for word in text.split("/"))


def axis_label(quantity: Quantity, width: int | None = None) -> str:
    """Return the label of an axis: ``NAD+ in whole blood (µM)``; in lines of ``width`` letters if that is given."""
    place = "" if quantity.matrix == "urine" else f" in {quantity.matrix}"
    unit = readable_unit(quantity.units)
    text = f"{quantity.long_name}{place} ({unit if width is None else unit.replace(' ', _UNBROKEN)})"
    return text if width is None else "\n".join(textwrap.wrap(text, width, break_on_hyphens=False))
