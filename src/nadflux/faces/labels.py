"""How quantities and units are written for people."""

from __future__ import annotations

import re
import textwrap

from nadflux.simulation.run import Quantity

GLYPHS = {"flux": "→", "level": "■", "marker": "•", "index": "%"}
"""One sign for each kind, in tables; figures have their own in `nadflux.faces.plot.style`."""
_UNBROKEN = "\N{NO-BREAK SPACE}"
_WORDS = {"uM": "µM", "umol": "µmol", "litre": "L", "dimensionless": "–", "m2": "m²", "year": "y", "percent": "%"}


def readable_unit(unit: str) -> str:
    """``umol/day`` as ``µmol/day`` and ``litre_per_h`` as ``L/h``; units people know already stay."""
    text = re.sub(r"^per_", "1/", unit.replace("_per_", "/"))
    return "/".join(_WORDS.get(word, word) for word in text.split("/"))


def axis_label(quantity: Quantity, width: int | None = None) -> str:
    """What stands at an axis: ``NAD+ in whole blood (µM)``; broken into lines of ``width`` letters where given."""
    place = "" if quantity.matrix == "urine" else f" in {quantity.matrix}"
    unit = readable_unit(quantity.units)
    text = f"{quantity.long_name}{place} ({unit if width is None else unit.replace(' ', _UNBROKEN)})"
    return text if width is None else "\n".join(textwrap.wrap(text, width, break_on_hyphens=False))
