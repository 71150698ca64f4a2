"""PEtab problems of version 1 and 2, read: a model with parameters, observables, experiments and measurements.

Schmiester et al. 2021, doi:10.1371/journal.pcbi.1008646.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nadflux.errors import ModelError, TableError, UnknownNameError
from nadflux.models.load import load_model
from nadflux.network.expression import Expression, Number, Symbol, substitute
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model, Parameter

if TYPE_CHECKING:
    import pandas as pd

NORMAL, LAPLACE = "normal", "laplace"
LIN, LOG, LOG10 = "lin", "log", "log10"
_LOG = re.compile(r"\blog\(")
_LOG2 = re.compile(r"\blog2\(")
_PLACEHOLDER = re.compile(r"^(observable|noise)Parameter(\d+)_(\w+)$")


@dataclass(frozen=True)
class PetabObservable:
    """An observable: its formula and that of its noise, which have placeholders, and the scale of its error."""

    id: str
    formula: Expression
    noise: Expression
    placeholders: tuple[str, ...] = ()
    noise_placeholders: tuple[str, ...] = ()
    scale: str = LIN
    distribution: str = NORMAL


@dataclass(frozen=True)
class PetabPeriod:
    """A period of an experiment: its start (minus infinity for rest before) and what is set at it, as formulas."""

    start: float
    changes: Mapping[str, Expression]


@dataclass(frozen=True)
class Measurement:
    """A measured value, with its observable, experiment, time, and entries for placeholders."""

    observable: str
    experiment: str
    time: float
    value: float
    parameters: tuple[Expression, ...] = ()
    noise_parameters: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class PetabProblem:
    """A parameter estimation problem.

    Attributes
    ----------
    path : Path
        Of the YAML file.
    version : int
    model : Model
    nominal : mapping of str to float
        Nominal values of the parameters.
    bounds : mapping of str to (float, float)
        Of the parameters to estimate.
    scales : mapping of str to str
        Scale on which each is estimated: ``lin``, ``log`` or ``log10``.
    observables : mapping of str to PetabObservable
    experiments : mapping of str to tuple of PetabPeriod
    measurements : tuple of Measurement
        In the order of the tables.
    """

    path: Path
    version: int
    model: Model
    nominal: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]
    scales: Mapping[str, str]
    observables: Mapping[str, PetabObservable]
    experiments: Mapping[str, tuple[PetabPeriod, ...]]
    measurements: tuple[Measurement, ...]

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> PetabProblem:
        """Read a problem from its YAML file.

        Raises
        ------
        ModelError, TableError
            For a file that cannot be read or lacks what PEtab asks for, and for parts that are not supported.
        """
        return read_petab(path)

    def parameters(self, given: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the nominal values with some replaced.

        Raises
        ------
        UnknownNameError
            For a parameter that the problem does not have.
        """
        for name in given or {}:
            if name not in self.nominal:
                raise UnknownNameError("parameter of the problem", name, self.nominal)
        return {**self.nominal, **(given or {})}

    def __repr__(self) -> str:
        return (
            f"<PetabProblem {self.path.stem!r}: {len(self.measurements)} measurements, {len(self.experiments)} "
            f"experiments, {len(self.bounds)} parameters to estimate>"
        )


def read_petab(path: str | os.PathLike[str]) -> PetabProblem:
    """Read a problem of PEtab 1 or 2 from its YAML file.

    Raises
    ------
    ModelError, TableError
        For a file that cannot be read or lacks what PEtab asks for, and for parts that are not supported.
    UnknownNameError
        For a measurement of an observable, or an experiment with a condition, that no table has.
    """
    file = Path(path)
    content = _yaml(file)
    version = int(str(content.get("format_version", "1")).split(".")[0])
    if version not in (1, 2):
        raise ModelError(f"{str(file)!r} has format_version {content.get('format_version')}; 1 and 2 are read")
    if content.get("extensions"):
        raise ModelError(f"{str(file)!r} uses extensions ({', '.join(content['extensions'])}), which are not supported")
    parts, parameter_files = _parts(content, version, file)
    folder = file.parent
    model = load_model(folder / _model_file(parts, version, file))
    parameters = _table(folder, parameter_files, ("parameterId",))
    nominal = {str(r["parameterId"]): _float(r.get("nominalValue")) for _, r in parameters.iterrows()}
    estimated = [r for _, r in parameters.iterrows() if str(r.get("estimate", "1")).casefold() in ("1", "true", "1.0")]
    bounds = {
        str(r["parameterId"]): (_float(r.get("lowerBound"), -math.inf), _float(r.get("upperBound"), math.inf))
        for r in estimated
    }
    scales = {str(r["parameterId"]): str(r.get("parameterScale") or LIN) for r in estimated}
    observables = _observables(_table(folder, parts["observable_files"], ("observableId", "observableFormula")))
    conditions = _table(folder, parts.get("condition_files", []), ("conditionId",))
    rows = _table(folder, parts["measurement_files"], ("observableId", "measurement", "time"))
    if version == 1:
        experiments = _experiments_of_conditions(rows, conditions)
    else:
        steps = _table(folder, parts.get("experiment_files", []), ("experimentId", "time", "conditionId"))
        experiments = _experiments(steps, conditions)
    measurements = tuple(_measurement(row, version) for _, row in rows.iterrows())
    for one in measurements:
        if one.observable not in observables:
            raise UnknownNameError("observable", one.observable, observables)
        if one.experiment not in experiments:
            experiments[one.experiment] = (PetabPeriod(0.0, {}),)
    model = _with_parameters(model, nominal)
    return PetabProblem(file, version, model, nominal, bounds, scales, observables, experiments, measurements)


def read_formula(text: object) -> Expression:
    """Return a formula of PEtab, in which ``log`` is the natural logarithm."""
    return parse_infix(_LOG2.sub("log(2, ", _LOG.sub("ln(", str(text))))


def _yaml(file: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModelError(f"cannot read the PEtab file {str(file)!r}: {error}") from error
    if not isinstance(content, dict) or "format_version" not in content:
        raise ModelError(f"{str(file)!r} is no PEtab problem: it has no format_version")
    return content


def _parts(content: Mapping[str, Any], version: int, file: Path) -> tuple[Mapping[str, Any], list[str]]:
    if version == 2:
        return content, list(content.get("parameter_files") or [])
    problems = content.get("problems") or []
    if len(problems) != 1:
        raise ModelError(f"{str(file)!r} has {len(problems)} problems; files of one problem are read")
    parameters = content.get("parameter_file") or []
    return problems[0], [parameters] if isinstance(parameters, str) else list(parameters)


def _model_file(parts: Mapping[str, Any], version: int, file: Path) -> str:
    if parts.get("model_files"):
        models = list(parts["model_files"].values())
        if len(models) != 1 or models[0].get("language", "sbml") != "sbml":
            raise ModelError(f"{str(file)!r} has {len(models)} models; problems of one SBML model are read")
        return str(models[0]["location"])
    models = parts.get("sbml_files") or []
    if len(models) != 1:
        raise ModelError(f"{str(file)!r} has {len(models)} SBML files; problems of one model are read")
    return str(models[0])


def _table(folder: Path, names: list[str], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of tab-separated files, as text; raises `TableError` if a column is missing."""
    import pandas as pd

    tables = []
    for name in names:
        try:
            table = pd.read_csv(folder / name, sep="\t", dtype=str, keep_default_na=False, comment=None)
        except (OSError, ValueError) as error:
            raise TableError(f"cannot read {str(folder / name)!r}: {error}") from error
        for column in columns:
            if column not in table.columns:
                raise TableError(f"{name} has no column {column!r}; there is: {', '.join(map(str, table.columns))}")
        tables.append(table)
    return pd.concat(tables).fillna("") if tables else pd.DataFrame(columns=list(columns))


def _float(text: object, empty: float = math.nan) -> float:
    try:
        return float(str(text)) if text not in (None, "") else empty
    except ValueError:
        raise TableError(f"{text!r} is no number") from None


def _observables(table: pd.DataFrame) -> dict[str, PetabObservable]:
    formulas = {str(r["observableId"]): read_formula(r["observableFormula"]) for _, r in table.iterrows()}
    found = {}
    for _, row in table.iterrows():
        name = str(row["observableId"])
        noise = substitute(read_formula(row["noiseFormula"]), formulas)
        distribution = str(row.get("noiseDistribution") or NORMAL)
        scale = str(row.get("observableTransformation") or LIN)
        if distribution.startswith("log-"):
            distribution, scale = distribution.removeprefix("log-"), LOG
        if distribution not in (NORMAL, LAPLACE) or scale not in (LIN, LOG, LOG10):
            raise TableError(f"observable {name!r}: noise {distribution!r} on scale {scale!r} is not supported")
        found[name] = PetabObservable(
            name,
            formulas[name],
            noise,
            _placeholders(row.get("observablePlaceholders"), formulas[name], "observable"),
            _placeholders(row.get("noisePlaceholders"), noise, "noise"),
            scale,
            distribution,
        )
    return found


def _placeholders(given: object, formula: Expression, kind: str) -> tuple[str, ...]:
    """Return the placeholders of a formula in the order in which measurements give them."""
    if given:
        return tuple(name.strip() for name in str(given).split(";"))
    from nadflux.network.expression import symbols

    matches = [found for name in symbols(formula) if (found := _PLACEHOLDER.match(name)) and found[1] == kind]
    return tuple(m[0] for m in sorted(matches, key=lambda m: int(m[2])))


def _experiments_of_conditions(rows: pd.DataFrame, conditions: pd.DataFrame) -> dict[str, tuple[PetabPeriod, ...]]:
    """Return the experiments of version 1: a condition, after rest under another where one is given."""
    changes: dict[str, dict[str, Expression]] = {}
    for _, row in conditions.iterrows():
        given = {str(c): row[c] for c in conditions.columns if c not in ("conditionId", "conditionName")}
        changes[str(row["conditionId"])] = {
            name: read_formula(value)
            for name, value in given.items()
            if str(value).strip().casefold() not in ("", "nan")
        }
    found: dict[str, tuple[PetabPeriod, ...]] = {}
    for _, row in rows.iterrows():
        before, during = str(row.get("preequilibrationConditionId") or ""), str(row["simulationConditionId"])
        for name in filter(None, (before, during)):
            if name not in changes:
                raise UnknownNameError("condition", name, changes)
        periods = [PetabPeriod(-math.inf, changes[before])] if before else []
        found[_experiment_id(row)] = (*periods, PetabPeriod(0.0, changes[during]))
    return found


def _experiment_id(row: Any) -> str:
    before = str(row.get("preequilibrationConditionId") or "")
    during = str(row["simulationConditionId"])
    return f"{during} after {before}" if before else during


def _experiments(steps: pd.DataFrame, conditions: pd.DataFrame) -> dict[str, tuple[PetabPeriod, ...]]:
    """Return the experiments of version 2: periods, each with the conditions that begin at its start."""
    changes: dict[str, dict[str, Expression]] = {}
    for _, row in conditions.iterrows():
        changes.setdefault(str(row["conditionId"]), {})[str(row["targetId"])] = read_formula(row["targetValue"])
    found: dict[str, dict[float, dict[str, Expression]]] = {}
    for _, row in steps.iterrows():
        at = found.setdefault(str(row["experimentId"]), {}).setdefault(_float(row["time"]), {})
        name = str(row["conditionId"])
        if name and name not in changes:
            raise UnknownNameError("condition", name, changes)
        at.update(changes.get(name, {}))
    return {name: tuple(PetabPeriod(t, periods[t]) for t in sorted(periods)) for name, periods in found.items()}


def _measurement(row: Any, version: int) -> Measurement:
    experiment = _experiment_id(row) if version == 1 else str(row.get("experimentId") or "")
    return Measurement(
        str(row["observableId"]),
        experiment,
        _float(row["time"]),
        _float(row["measurement"]),
        _listed(row.get("observableParameters")),
        _listed(row.get("noiseParameters")),
    )


def _listed(given: object) -> tuple[Expression, ...]:
    text = str(given or "").strip()
    return tuple(read_formula(part) for part in text.split(";")) if text and text.casefold() != "nan" else ()


def _with_parameters(model: Model, nominal: Mapping[str, float]) -> Model:
    """Return the model with the parameters of observables and noise, so that formulas can use them."""
    known = {*model.parameters, *model.species, *model.compartments, *model.reactions}
    new = {name: Parameter(name, value) for name, value in nominal.items() if name not in known}
    return replace(model, parameters={**model.parameters, **new})


def filled(formula: Expression, placeholders: tuple[str, ...], given: tuple[Expression, ...], where: str) -> Expression:
    """Return a formula with its placeholders replaced.

    Raises
    ------
    TableError
        Where a measurement gives too few or too many.
    """
    if len(placeholders) != len(given) and (placeholders or any(not isinstance(g, Number | Symbol) for g in given)):
        raise TableError(
            f"{where}: the formula has {len(placeholders)} placeholders, the measurement gives {len(given)}"
        )
    return substitute(formula, dict(zip(placeholders, given, strict=False)))
