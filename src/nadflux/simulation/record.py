"""The record of a run: what it was made from, enough to repeat it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nadflux._version import __version__
from nadflux.simulation.compiled import Prepared


def provenance(prepared: Prepared) -> dict[str, Any]:
    """Return the body, its hashes and the versions of all that had a hand in a run."""
    import llvmlite

    versions = {"nadflux": __version__, "numpy": np.__version__, "llvmlite": llvmlite.__version__}
    return {
        "body": prepared.body.name,
        "switches": dict(prepared.body.switches),
        "text_hash": prepared.body.text_hash,
        "table_hash": prepared.body.table_hash,
        "versions": {**versions, **prepared.read_with},
    }
