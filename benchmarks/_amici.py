"""AMICI (CVODES with KLU) on the exported SBML; its C++ is compiled first, which is not timed.

AMICI compiles the sizes of compartments in, so the model is that of the first person, who alone is timed.
"""

from __future__ import annotations

import tempfile
import time

import numpy as np

from _own import Cohort
from _peers import ABSOLUTE, exported
from nadflux.network.write_sbml import write_sbml


class Amici:
    """The first person of a cohort."""

    people = 1

    def __init__(self, cohort: Cohort) -> None:
        from amici.importers.sbml import SbmlImporter
        from amici.sim import sundials

        self.sundials = sundials
        model, _ = exported(cohort)
        self.species = cohort.species
        folder = tempfile.mkdtemp(prefix="amici-")
        self.model = SbmlImporter(write_sbml(model), from_file=False).sbml2amici(
            f"body{cohort.states}",
            folder,
            generate_sensitivity_code=False,
            compute_conservation_laws=False,
        )
        self.states = list(self.model.get_state_ids())

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        solver = self.model.create_solver()
        solver.set_relative_tolerance(rtol)
        solver.set_absolute_tolerance(rtol * ABSOLUTE)
        solver.set_max_steps(1_000_000)
        self.model.set_timepoints(np.arange(days + 1) * 24.0)
        columns = [self.states.index(name) for name in self.species]
        started = time.process_time()
        result = self.sundials.run_simulation(self.model, solver)
        seconds = time.process_time() - started
        if result["status"] != self.sundials.AMICI_SUCCESS:
            return np.full((1, days + 1, len(self.species)), np.nan), 0.0, 1
        return np.asarray(result["x"])[None, :, columns], seconds, 0
