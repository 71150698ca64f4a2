"""The record of a run: its inputs and versions, enough to repeat it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nadflux._version import __version__
from nadflux.people import Posterior
from nadflux.plans.dose_limits import flags_of
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.scenario import document_of
from nadflux.simulation.settle import Settled
from nadflux.simulation.tolerances import ATOL
from nadflux.units import DAY_H


def provenance(prepared: Prepared) -> dict[str, Any]:
    """Return the body, its hashes and the versions of the software that made a run."""
    import llvmlite

    versions = {"nadflux": __version__, "numpy": np.__version__, "llvmlite": llvmlite.__version__}
    return {
        "body": prepared.body.name,
        "switches": dict(prepared.body.switches),
        "text_hash": prepared.body.text_hash,
        "table_hash": prepared.body.table_hash,
        "versions": {**versions, **prepared.read_with},
    }


def record_of(settled: Settled, end: float, fitted: Posterior | None) -> dict[str, Any]:
    """Return the record of a run: its scenario, what follows from it, and what it was made with.

    Parameters
    ----------
    settled : Settled
    end : float
        End of the run, h.
    fitted : Posterior or None
        The posterior that was drawn from; None for the tables' priors.
    """
    scenario, planned = settled.scenario, settled.planned
    return {
        "scenario": document_of(scenario),
        "who": str(scenario.who),
        "plan": str(scenario.plan) if scenario.plan is not None else "nothing taken",
        "seed": scenario.seed,
        "set": {name: str(value) for name, value in scenario.settings.items()},
        "uncertainty": scenario.uncertainty,
        "spread": scenario.spread,
        "group": scenario.group,
        "posterior": posterior_name(fitted),
        "rtol": scenario.rtol,
        "atol": ATOL,
        "end_h": end,
        "judged_h": min(planned.judged_h or end, end),
        "plan_over_h": planned.over_h if math.isfinite(planned.over_h) else None,
        "flags": list(flags_of(planned.notes)),
        "doses_h": sorted({dose.time_h for dose in planned.doses}),
        "run_in_h": -planned.start_h,
        "timeline": [[s.start_h, s.stop_h, s.what, s.label] for s in planned.spans if s.stop_h >= -DAY_H],
        **provenance(settled.prepared),
    }


def posterior_name(fitted: Posterior | None) -> str:
    """Return the name by which a record refers to a posterior."""
    return fitted.version if fitted is not None else "none (priors)"
