"""Writer of PEtab 1: a model, its data and the ranges of its numbers as a problem that other tools estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.files import write_text
from nadflux.models.fitted import observed_data, prior_of
from nadflux.network.model import Model
from nadflux.network.write_sbml import write_sbml
from nadflux.sbml.numbers import number_of

if TYPE_CHECKING:
    import pandas as pd

_YAML = """format_version: 1
parameter_file: parameters.tsv
problems:
- condition_files: [conditions.tsv]
  measurement_files: [measurements.tsv]
  observable_files: [observables.tsv]
  sbml_files: [model.xml]
"""


def write_petab(
    model: Model,
    folder: Path,
    data: pd.DataFrame,
    ranges: Mapping[str, tuple[float, float]],
    error: float | Mapping[str, float] = 0.1,
) -> Path:
    """Write a problem of PEtab 1 into a folder and return its YAML file.

    The likelihood and the priors are those of `nadflux.models.fitted.fit_model`: relative errors as errors of the
    logarithm, lognormal priors. Bounds are the prior's median times and divided by its range twice over, as PEtab asks
    for some.

    Parameters
    ----------
    model : Model
    folder : Path
        Made if it does not exist.
    data : DataFrame
        A column ``time`` and a column for each measured id, above zero; NaN where nothing was measured.
    ranges : mapping of str to (float, float)
        Numbers to estimate, each with the range that holds 90 % of its lognormal prior.
    error : float or mapping of str to float
        Relative standard deviation of the data, or of each quantity.

    Raises
    ------
    UnknownNameError, ValueOutOfRangeError
        For names that the model does not have, and data or ranges that are not above zero.
    NadfluxError
        For a quantity that PEtab cannot name, and a folder that cannot be written.
    """
    prior = prior_of(model, ranges)
    times, names, observed = observed_data(data, error)
    for name in names:
        if not name.isidentifier():
            raise NadfluxError(
                f"PEtab names observables by ids; {name!r} is none: add a rule to the model and use its id"
            )
    values = np.asarray(data[list(names)], dtype=np.float64)
    rows, columns = np.nonzero(np.isfinite(values))
    widths = {names[j]: observed.sd[k] for k, j in enumerate(columns)}
    tables: dict[str, list[tuple[str, ...]]] = {
        "conditions": [("conditionId",), ("all",)],
        "observables": [
            ("observableId", "observableFormula", "observableTransformation", "noiseFormula", "noiseDistribution"),
            *((f"observable_{n}", n, "log", repr(float(widths[n])), "normal") for n in names if n in widths),
        ],
        "measurements": [
            ("observableId", "simulationConditionId", "measurement", "time"),
            *(
                (f"observable_{names[j]}", "all", repr(float(values[i, j])), repr(float(times[i])))
                for i, j in zip(rows, columns, strict=True)
            ),
        ],
        "parameters": [
            (
                "parameterId", "parameterScale", "lowerBound", "upperBound", "nominalValue", "estimate",
                "objectivePriorType", "objectivePriorParameters",
            ),
            *(_parameter(model, n, ranges[n], m, s) for n, m, s in zip(prior.names, prior.mean, prior.sd, strict=True)),
        ],
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "model.xml", write_sbml(model))
        for name, lines in tables.items():
            write_text(folder / f"{name}.tsv", "".join("\t".join(line) + "\n" for line in lines))
        write_text(folder / "problem.yaml", _YAML)
    except OSError as failure:
        raise NadfluxError(f"cannot write {str(folder)!r}: {failure.strerror or failure}") from failure
    return folder / "problem.yaml"


def _parameter(model: Model, name: str, given: tuple[float, float], mean: float, sd: float) -> tuple[str, ...]:
    """Return the row of a parameter; its nominal value is that of the model, or the middle of its range."""
    low, high = given
    value = number_of(model, name)
    nominal = value if value is not None and value > 0.0 else math.sqrt(low * high)
    if name not in model.parameters:
        raise ValueOutOfRangeError(f"PEtab estimates parameters; {name!r} is none: give it by a parameter of the model")
    wide = (high / low) ** 2
    bounds = (min(low / wide, nominal), max(high * wide, nominal))
    numbers = (repr(float(b)) for b in (*bounds, nominal))
    return (name, "log10", *numbers, "1", "logNormal", f"{float(mean)!r};{float(sd)!r}")
