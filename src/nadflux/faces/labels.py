"""How quantities and units are written for people."""

from __future__ import annotations

import re

from nadflux.simulation.run import Quantity

_WORDS = {"uM": "µM", "umol": "µmol", "litre": "L", "dimensionless": "–", "m2": "m²", "year": "y", "percent": "%"}


def readable_unit(unit: str) -> str:
    """``umol/day`` as ``µmol/day`` and ``litre_per_h`` as ``L/h``; units people know already stay."""
    text = re.sub(r"^per_", "1/", unit.replace("_per_", "/"))
    return "/".join(_WORDS.get(word, word) for word in text.split("/"))


def axis_label(quantity: Quantity) -> str:
    """What stands at an axis: ``NAD+ in whole blood (µM)``."""
    place = "" if quantity.matrix == "urine" else f" in {quantity.matrix}"
    return f"{quantity.long_name}{place} ({readable_unit(quantity.units)})"
