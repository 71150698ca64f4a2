"""Conditions of one organ cell, with the readings of each at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.counts import MORE_DRAWS, MOST_DRAWS, check_count
from nadflux.simulation.evidence_tier import tiers_of
from nadflux.simulation.experiments.cell_experiment import prepare_cell, simulate_cell
from nadflux.simulation.experiments.experiment import CellRun, CellStep
from nadflux.simulation.resolved_values import shown
from nadflux.simulation.summary import INTERVAL, middle_and_bounds
from nadflux.studies.experiments.assay_design import read_condition

CONDITIONS = ("fed", "starved 4 h")
DRAWS = 64
OUTPUTS = (
    "J_init", "J_seq", "J_deg", "proteolysis", "mitophagy",
    "LC3_II", "p62", "autophagosomes", "lysosomes_free", "lysosome_pH", "NAD", "ATP",
    "pAMPK", "mTORC1", "pS6K", "pULK1_S757", "pULK1_S555", "TFEB", "SIRT1",
    "energy_charge", "membrane_potential",
)  # fmt: skip
_LEAST_HOURS = 1.0


@dataclass(frozen=True, slots=True)
class CellFigure:
    """One quantity of a cell at the end of a condition.

    Attributes
    ----------
    kind : str
        ``level``, ``flux``, ``marker`` or ``index``.
    tier : str
        Tier of the weakest number behind it.
    value : float
        Value for typical values of the tables, in ``unit``.
    interval : (float, float) or None
        Interval over draws of uncertain numbers, in ``unit``; None without draws or if a bound is not finite.
    """

    id: str
    label: str
    kind: str
    unit: str
    tier: str
    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class CellConditions:
    """Figures of a cell by condition, with what they have in common.

    Attributes
    ----------
    ampk : str
        Option of the contested link from AMPK to ULK1.
    failed : int
        Draws that could not be simulated to the end, in the condition with most failures.
    """

    organ: str
    species: str
    ampk: str
    draws: int
    seed: int
    conditions: Mapping[str, tuple[CellFigure, ...]]
    failed: int


def cell_conditions(
    organ: str = "liver",
    conditions: Sequence[str] = CONDITIONS,
    *,
    species: str = "human",
    ampk: str = "inhibits",
    draws: int = DRAWS,
    seed: int = 1,
    outputs: Sequence[str] = OUTPUTS,
) -> CellConditions:
    """Simulate a cell under each condition and return its figures at the end.

    Parameters
    ----------
    organ, species : str
        See ``biology/dish/dish.yaml``.
    conditions : sequence of str
        States or treatments, such as ``starved 4 h`` or ``rapamycin 100 nM for 4 h``.
    ampk : {"inhibits", "activates"}
        Contested link from AMPK to ULK1.
    draws, seed : int
        Draws of the tables' uncertain numbers for the interval; 0 for none.
    outputs : sequence of str
        Observables of the cell.

    Raises
    ------
    NadfluxError
        For a name that does not exist, a condition that cannot be read, or a number of draws out of bounds.
    """
    check_count("draws", draws, MOST_DRAWS, least=0, remedy=MORE_DRAWS)
    switches = {"AMPK_ULK1": ampk}
    tiers = tiers_of(prepare_cell(organ, species, tuple(switches.items())).body)
    figures: dict[str, tuple[CellFigure, ...]] = {}
    failed = 0
    # Condition by condition; ``failed`` is the largest number of failures so far.
    for text in conditions:
        one = read_condition(text)
        hours = max(one.hours, _LEAST_HOURS)
        steps = [CellStep(hours - one.hours, name, value) for name, value in one.settings]
        asked = {"species": species, "steps": steps, "times": [0.0, hours], "switches": switches}
        run = simulate_cell(organ, **asked)  # type: ignore[arg-type]
        drawn = simulate_cell(organ, n=draws, seed=seed, uncertain=True, **asked) if draws else None  # type: ignore[arg-type]
        failed = max(failed, len(drawn.failures) if drawn is not None else 0)
        figures[text] = tuple(_figure(name, run, drawn, tiers[name]) for name in outputs)
    return CellConditions(organ, species, ampk, draws, seed, figures, failed)


def _figure(name: str, run: CellRun, drawn: CellRun | None, tier: str) -> CellFigure:
    observable = run.observables[name]
    value = float(shown(run[name][0, -1]))
    return CellFigure(
        name, observable.label, observable.kind, observable.unit, tier, value, _interval(drawn, name)
    )  # fmt: skip


def _interval(drawn: CellRun | None, name: str) -> tuple[float, float] | None:
    """Return the bounds of a quantity at the end over draws; None without draws or if a bound is not finite."""
    if drawn is None:
        return None
    values = shown(drawn[name][:, -1])
    _, low, high = middle_and_bounds(values[np.isfinite(values)], INTERVAL)
    return (low, high) if np.isfinite([low, high]).all() else None
