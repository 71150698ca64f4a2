"""Tables of results for pandas: the columns that JSON has, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.faces.documents.columns import document
from nadflux.faces.documents.run_table import run_columns, run_rows
from nadflux.faces.documents.shown import names_of
from nadflux.faces.labels import readable_unit
from nadflux.simulation.judged_window import AnyWindow
from nadflux.simulation.run import Run
from nadflux.simulation.summary import final

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.simulation.resting_fluxes import RestingFluxes
    from nadflux.simulation.tracer.tracer import Trace
    from nadflux.studies.experiments.assay import AssayResult
    from nadflux.studies.experiments.compare_plans import PlanComparison

_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def run_frame(run: Run, show: str | Sequence[str] | None = None, *, window: AnyWindow | None = None) -> pd.DataFrame:
    """Return the table of a run, a row for each quantity; see `nadflux.Run.table`."""
    rows = document(run_rows(run, names_of(run, show), window), run_columns(run, window))
    return _frame(rows).rename(columns={"label": "quantity"}).set_index("id")


def summary_frame(run: Run, show: str | Sequence[str] | None = None, *, time: float | None = None) -> pd.DataFrame:
    """Return mean, standard deviation and percentiles over people; see `nadflux.Run.summary`."""
    rows = []
    for name in names_of(run, show):
        quantity = run.quantity(name)
        values = final(run, name) if time is None else run.at(name, time)
        rows.append({"id": name, "unit": readable_unit(quantity.units), "tier": quantity.tier, **_spread(values)})
    return _frame(rows).set_index("id")


def fluxes_frame(result: RestingFluxes) -> pd.DataFrame:
    """Return the fluxes of every organ at rest, a row for each pathway."""
    from nadflux.faces.documents.fluxes import FLUXES

    return _frame(document(result.fluxes, FLUXES))


def trace_frame(result: Trace) -> pd.DataFrame:
    """Return the share of the label in each place at the end, built in and held, in percent of the dose."""
    from nadflux.faces.documents.tracer import LABEL, TIER, organs_of, places_of

    organs = {one.organ: one for one in organs_of(result)}
    rows = []
    for place in places_of(result):
        row = {"place": place.id, **document([place], LABEL)[0], "unit": "% of the dose", "tier": TIER}
        if place.id in organs:
            row |= {"built_in": organs[place.id].built[0], "held_as_nad": organs[place.id].held[0]}
        rows.append(row)
    return _frame(rows).set_index("place")


def assay_frame(result: AssayResult) -> pd.DataFrame:
    """Return levels, read-out, verdict and true flux of an assay, a row for each condition."""
    from nadflux.faces.documents.assay import assay_document

    return _frame(assay_document(result)["conditions"])


def comparison_frame(result: PlanComparison, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return each quantity under each plan with its difference from the first plan."""
    from nadflux.faces.documents.plan_comparison import comparison_document

    return _frame(comparison_document(result, names or names_of(result.runs[0]))["rows"])


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table; a figure with its bounds becomes three columns."""
    import pandas as pd

    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        found |= _flat(value, f"{before}{key}_") if isinstance(value, dict) else {f"{before}{key}": value}
    return found


def _spread(values: np.ndarray) -> dict[str, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return {"mean": np.nan, "sd": np.nan, **{f"{share:.0%}": np.nan for share in _SHARES}, "persons": 0}
    sd = float(known.std(ddof=1)) if known.size > 1 else np.nan
    shares = dict(zip((f"{share:.0%}" for share in _SHARES), map(float, np.quantile(known, _SHARES)), strict=True))
    return {"mean": float(known.mean()), "sd": sd, **shares, "persons": int(known.size)}
