"""Sensitivity of the fluxes of a cell to its inputs: Sobol indices with intervals, on the batch engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nadflux.elementary import exp, log
from nadflux.errors import StudyError, UnknownNameError
from nadflux.inference.data import Array
from nadflux.inference.sobol import Indices, check_base, sobol_indices
from nadflux.network.read_yaml import read_yaml
from nadflux.shipped import BIOLOGY
from nadflux.simulation.experiments.cell_experiment import simulate_cell
from nadflux.simulation.experiments.experiment import CellStep


@dataclass(frozen=True)
class CellSensitivity:
    """Indices of the inputs of a cell for each output.

    Attributes
    ----------
    cell, species : str
    hours : float
        Time at which the outputs are read.
    says : mapping of str to str
        Meaning of each input.
    indices : mapping of str to Indices
        By output; inputs in the order of ``Indices.names``.
    """

    cell: str
    species: str
    hours: float
    says: Mapping[str, str]
    indices: Mapping[str, Indices]


def cell_sensitivity(
    cell: str = "liver",
    *,
    species: str = "human",
    outputs: tuple[str, ...] = (),
    base: int = 512,
    seed: int = 1,
    file: Path | None = None,
) -> CellSensitivity:
    """Divide the variance of fluxes among the inputs of ``biology/dish/sensitivity.yaml``.

    Parameters
    ----------
    cell, species : str
    outputs : tuple of str
        Observables of the cell; those of the file by default.
    base : int
        Base samples, a power of two; ``base * (inputs + 2)`` cells are simulated for all outputs together.
    seed : int
    file : Path, optional
        Another table of inputs and ranges.

    Raises
    ------
    UnknownNameError
        For an output, input or cell that does not exist.
    StudyError
        For a range that is not two positive, increasing numbers.
    ValueOutOfRangeError
        For a number of base samples that is no power of two within bounds.
    """
    check_base(base)
    text = read_yaml(file or BIOLOGY / "dish" / "sensitivity.yaml", ("hours", "inputs", "outputs"), StudyError)
    ranges = {name: spec["range"] for name, spec in text["inputs"].items()}
    names = tuple(ranges)
    low, high = (log([_range(name, ranges[name])[k] for name in names]) for k in (0, 1))
    hours = float(text["hours"])
    finished: dict[bytes, Mapping[str, Array]] = {}

    def simulate(chances: Array) -> Mapping[str, Array]:
        key = chances.tobytes()
        if key not in finished:
            values = exp(low + chances * (high - low))
            steps = [CellStep(0.0, name, values[:, k]) for k, name in enumerate(names)]
            run = simulate_cell(cell, species=species, steps=steps, times=[0.0, hours], n=len(values))
            finished[key] = {output: run[output][:, -1] for output in run.values}
        return finished[key]

    wanted = outputs or tuple(text["outputs"])
    found: dict[str, Indices] = {}
    for output in wanted:

        def figure(chances: Array, output: str = output) -> Array:
            values = simulate(chances)
            if output not in values:
                raise UnknownNameError("observable of the cell", output, values)
            return values[output]

        found[output] = sobol_indices(figure, names, base=base, seed=seed)
    says = {name: str(spec["says"]) for name, spec in text["inputs"].items()}
    return CellSensitivity(cell, species, hours, says, found)


def _range(name: str, bounds: object) -> tuple[float, float]:
    if not isinstance(bounds, list) or len(bounds) != 2 or not 0 < bounds[0] < bounds[1]:
        raise StudyError(f"the range of {name} must be two increasing numbers above 0, found {bounds!r}")
    return float(bounds[0]), float(bounds[1])
