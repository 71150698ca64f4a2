"""The published studies as a calibration problem: priors from the tables, data from the rows, the body between.

A member of the ensemble sets the typical values; each arm is run for its typical person. The effect of between-person
spread on an arm's mean (a shift, and noise that falls with n) is computed once for a reference member and reused.
Every laboratory has its own scale, every study its own effect on an analyte, and every way of storage a loss: nuisance
parameters with the spreads of the tables of the measurement (`nadflux.inference.nuisance`). Rows of one study and one
analyte therefore err together and do not count as so many independent witnesses.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from nadflux.errors import StudyError
from nadflux.inference.arms import ArmRun, arm_runs
from nadflux.inference.data import Array, Data, Kind, Mask, Prior
from nadflux.inference.nuisance import Nuisances, nuisances
from nadflux.network.tables import ParameterRow
from nadflux.people import Draws, Posterior
from nadflux.people.draws import is_uncertain, quantile
from nadflux.people.normal import Z95
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.select_posterior import hash_of
from nadflux.simulation.tolerances import FITS
from nadflux.studies.published.measurement import Measurement, read_measurement
from nadflux.studies.published.predict import ArmFigure, arm_figure
from nadflux.studies.published.row_figures import is_relative
from nadflux.studies.published.schema import DEFAULT_BAND_PERCENT, Arm, Observation, Study
from nadflux.studies.published.target import Target, find_target
from nadflux.studies.published.unexplained import FigureKind, Unexplained, kind_of


@dataclass(frozen=True)
class Settings:
    """Assumptions of a calibration besides tables and studies.

    Attributes
    ----------
    people : int
        Simulated people per arm, for its spread.
    model_error : float
        Log standard deviation of model error for absolute figures and kinetics.
    ratio_error : float
        The same for ratios to a person's own baseline or to another arm.
    """

    people: int = 100
    model_error: float = 0.25
    ratio_error: float = 0.08


@dataclass(frozen=True)
class CalibrationRow:
    """A published row in the fit.

    Attributes
    ----------
    study, name : str
    row : Observation
    target : Target
    value : float
        Natural log of the figure, of the band's edge or of the bound.
    kind : {"value", "at least", "at most"}
    band_sd : float
        Log standard deviation for a band; 0 for a number.
    repeats : int
        Rows of the study that report the same number for the same arm; together they count as one.
    """

    study: str
    name: str
    row: Observation
    target: Target
    value: float
    kind: Kind
    band_sd: float
    repeats: int


@dataclass(frozen=True)
class Spread:
    """The effect of between-person spread on each row's figure, at a reference member; arrays of shape (row,).

    Attributes
    ----------
    shift : ndarray
        Log of the arm's figure over that of the typical person.
    variance : ndarray
        Variance of the arm's log figure, from between-person spread and repeat error of the assay.
    laboratory_sd : ndarray
        Log standard deviation of the laboratory's scale.
    """

    shift: Array
    variance: Array
    laboratory_sd: Array


class StudyProblem:
    """Calibration rows, their priors and the forward model.

    Parameters
    ----------
    studies : sequence of Study
        Only those with ``use: calibration`` are used.
    prepared : Prepared
        The body.
    seed : int
    settings : Settings, optional
    measurement : Measurement, optional
        The shipped assay table by default.
    threads : int, optional
        All cores by default.

    Attributes
    ----------
    rows : tuple of CalibrationRow
    measurement : Measurement
    left_out : tuple of (str, str)
        Rows outside the fit, with the reason.
    parameters : tuple of ParameterRow
        Uncertain rows of the tables that reach the model.

    Raises
    ------
    StudyError
        If no row can be fitted.
    """

    def __init__(
        self,
        studies: Sequence[Study],
        prepared: Prepared,
        *,
        seed: int,
        settings: Settings | None = None,
        measurement: Measurement | None = None,
        threads: int | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.prepared = prepared
        self.seed = seed
        self._threads = threads
        self.measurement = measurement or read_measurement()
        self._studies = {study.id: study for study in studies if study.use == "calibration"}
        self.rows, self.left_out = _rows_of(tuple(self._studies.values()), prepared)
        self.parameters = uncertain_rows(prepared)
        if not self.rows:
            raise StudyError("no row of these studies can be fitted: none says use: calibration and is modelled")
        self._shared = Counter(self._effect_name(row) for row in self.rows)
        age = prepared.body.table.row("person.age").value
        self._arms: dict[str, dict[str, ArmRun]] = {}
        for study in self._studies.values():
            wanted = [(r.row, r.target) for r in self.rows if r.study == study.id]
            if wanted:
                self._arms[study.id] = arm_runs(study, wanted, prepared.body.observables, age, seed)

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of the fitted parameters."""
        return tuple(row.key for row in self.parameters)

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the fitted parameters."""
        return tuple(row.unit for row in self.parameters)

    def ways(self, row: CalibrationRow) -> tuple[tuple[str, str], ...]:
        """Return the compounds and routes that people of a row took, in alphabetical order."""
        plan = self._arms[row.study][row.row.arm].plan
        return tuple(sorted(plan.ways)) if plan is not None else ()

    @property
    def model_hash(self) -> str:
        """Hash of the model that a posterior belongs to."""
        return hash_of(self.prepared.body)

    def fingerprint(self) -> str:
        """Return a hash of all that the figures of a member depend on besides its parameters."""
        rows: list[Any] = [(r.study, r.name, r.row.model_dump(mode="json")) for r in self.rows]
        arms = [(s, a, str(run.plan), asdict(run.cohort)) for s, runs in self._arms.items() for a, run in runs.items()]
        content = (
            self.names,
            self.prepared.biology_hash,
            dict(self.prepared.body.switches),
            rows,
            arms,
            self.seed,
            FITS,
        )
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def restricted(self, kept: Mask) -> StudyProblem:
        """Return the problem with only the parameters of mask ``kept``; the others stay at their typical values."""
        smaller = copy(self)
        smaller.parameters = tuple(row for row, keep in zip(self.parameters, kept, strict=True) if keep)
        return smaller

    def probes(self) -> Array:
        """Return scores (member, parameter): the prior median, then each parameter at either end of its range."""
        ends = Z95 * np.eye(len(self.parameters))
        return np.concatenate([np.zeros((1, len(self.parameters))), ends, -ends])

    def values(self, scores: Array) -> Array:
        """Return the typical values for scores.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.

        Returns
        -------
        ndarray, shape (member, parameter)
            In table units.
        """
        chances = ndtr(scores)
        return np.stack([quantile(row, chances[:, k]) for k, row in enumerate(self.parameters)], axis=1)

    def figures(self, scores: Array) -> Array:
        """Return the log figures of the typical person of each arm.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.

        Returns
        -------
        ndarray, shape (member, row)
            Natural log of the figure in the unit of its row; NaN for a member that fails.
        """
        values = self.values(scores)
        return np.concatenate([self.study_figures(study, values) for study in self._arms], axis=1)

    def study_figures(self, study: str, values: Array) -> Array:
        """Return the log figures of the rows of one study.

        Parameters
        ----------
        study : str
        values : ndarray, shape (member, parameter)
            Typical values, in table units.

        Returns
        -------
        ndarray, shape (member, row of the study)
            Natural log of the figure in the unit of its row; NaN for a member that fails.
        """
        draws = Draws(self.names, values)
        runs = self._arms[study]
        people = {arm: run.typical_values(self.prepared, draws, self._threads) for arm, run in runs.items()}
        return np.stack([_log_figure(figure) for figure in self._arm_figures(study, people)], axis=1)

    def spread(self, scores: Array) -> Spread:
        """Compute the effect of between-person spread at one member.

        Parameters
        ----------
        scores : ndarray, shape (parameter,)
            Prior-standardised, no unit.
        """
        return self.spread_of(self.values(scores[None, :]))

    def spread_of(self, values: Array) -> Spread:
        """Compute the effect of between-person spread at one set of typical values.

        Parameters
        ----------
        values : ndarray, shape (1, parameter)
            In table units.
        """
        reference = Posterior("reference", self.names, self.units, values, self.model_hash)
        typical = np.concatenate([self.study_figures(study, values)[0] for study in self._arms])
        shift, variance, laboratory = [], [], []
        for study, runs in self._arms.items():
            people = {
                arm: run.spread_values(self.prepared, reference, self.settings.people, self.seed, self._threads)
                for arm, run in runs.items()
            }
            for figure in self._arm_figures(study, people):
                shift.append(float(_log_figure(figure)[0]))
                between = float(figure.statistic.variance[0]) / figure.n
                variance.append(between + figure.repeat_variance)
                laboratory.append(figure.laboratory_sd)
        moved = np.array(shift) - typical
        return Spread(np.where(np.isfinite(moved), moved, 0.0), np.nan_to_num(np.array(variance)), np.array(laboratory))

    def nuisances(self, spread: Spread) -> Nuisances:
        """Return the laboratories' scales, the effects of studies and the losses in storage of the rows."""
        keys = [f"scale of {r.study}, {r.target.matrix}" for r in self.rows]
        effects = [self._effect_name(r) for r in self.rows]
        shared = np.array([effects.count(name) > 1 for name in effects])
        sd = np.where(shared, [self._effect_sd(r) for r in self.rows], 0.0)
        return nuisances(keys, spread.laboratory_sd, [self._loss(r) for r in self.rows], effects, sd)

    def kind(self, row: CalibrationRow) -> FigureKind:
        """Return the kind of a row's figure, for what is not explained of it."""
        arm = self._studies[row.study].arm(row.row.arm)
        return kind_of(row.row, row.target, arm, is_relative(row.row))

    def _effect_name(self, row: CalibrationRow) -> str:
        kind = self.kind(row)
        return f"effect of {row.study} on {kind.analyte}, {kind.scale}"

    def _effect_sd(self, row: CalibrationRow) -> float:
        """Return the prior log standard deviation of the effect of a row's study, by the size observed."""
        prior = Unexplained.prior(self.measurement.table).of_study_in_view()
        return float(np.sqrt(prior.variances(self.kind(row), row.value)["studies"]))

    def _loss(self, row: CalibrationRow) -> ParameterRow | None:
        storage = row.row.storage
        if storage in (None, "fresh") or is_relative(row.row):
            return None
        assert storage is not None
        return self.measurement.loss(row.target.matrix, storage)

    def least_sd(self) -> Array:
        """Return the error of each row, shape (row,), as natural logarithm, that a larger trial would not reduce."""
        return np.array([self._sd(row, 0.0) for row in self.rows])

    def prior(self, measurement: Nuisances) -> Prior:
        """Return the standard-normal prior of every parameter, scale and loss."""
        return Prior.standard((*self.names, *measurement.names))

    def data(self, spread: Spread, kept: Array) -> Data:
        """Return the rows of a mask as data on the log scale.

        Parameters
        ----------
        spread : Spread
        kept : ndarray of bool, shape (row,)
            Rows to use.
        """
        chosen = [(row, k) for k, row in enumerate(self.rows) if kept[k]]
        return Data(
            tuple(row.name for row, _ in chosen),
            tuple(row.study for row, _ in chosen),
            np.array([row.value for row, _ in chosen]),
            np.array([self._sd(row, float(spread.variance[k])) for row, k in chosen]),
            tuple(row.kind for row, _ in chosen),
        )

    def _sd(self, row: CalibrationRow, variance: float) -> float:
        left_out = self.settings.ratio_error if is_relative(row.row) else self.settings.model_error
        # Where a study has one row on an analyte, its effect is noise of that row; else it is a nuisance parameter.
        own = 0.0 if self._shared[self._effect_name(row)] > 1 else self._effect_sd(row)
        return float(np.sqrt((variance + left_out**2 + own**2 + row.band_sd**2) * row.repeats))

    def _arm_figures(self, study: str, values: dict[str, Any]) -> list[ArmFigure]:
        def arm_values(arm: Arm) -> Any:
            return values[arm.id]

        observables = self.prepared.body.observables
        return [
            arm_figure(self._studies[study], r.row, r.target, arm_values, observables, self.measurement)
            for r in self.rows
            if r.study == study
        ]


def _log_figure(figure: ArmFigure) -> Array:
    return np.asarray(figure.statistic.centre + figure.shift + np.log(figure.scale), dtype=np.float64)


def uncertain_rows(prepared: Prepared) -> tuple[ParameterRow, ...]:
    """Return the table rows whose typical value is uncertain and reaches the model."""
    table = prepared.body.table
    settable = set(prepared.program.parameters)
    return tuple(
        row for row in table if is_uncertain(row) and any(t in settable for t in table.targets.get(row.key, ()))
    )


def _rows_of(
    studies: Sequence[Study], prepared: Prepared
) -> tuple[tuple[CalibrationRow, ...], tuple[tuple[str, str], ...]]:
    kept: list[CalibrationRow] = []
    left_out: list[tuple[str, str]] = []
    for study in studies:
        for row in study.observations:
            name = f"{study.id} {row.arm}: {row.observable}, {row.matrix}, {row.kind} {row.at or row.window}"
            target = find_target(row, prepared.body.observables)
            reason = _why_not(study, row, target)
            if reason or target is None:
                left_out.append((name, reason))
                continue
            value, kind, band_sd = _datum(row)
            kept.append(CalibrationRow(study.id, name, row, target, value, kind, band_sd, _repeats(study, row)))
    return tuple(kept), tuple(left_out)


def _why_not(study: Study, row: Observation, target: Target | None) -> str:
    arms = [study.arm(row.arm), *(a for a in study.arms if a.id == row.reference)]
    if row.why_not_fitted:
        return row.why_not_fitted
    if any(arm.intervention for arm in arms):
        return "the intervention is not modelled"
    if row.quantity == "slope":
        return "a slope has no logarithm"
    if row.kind == "correlation" or row.statistic == "maximum":
        return "a typical person says nothing of a maximum or a correlation over people"
    return "" if target is not None else f"no observable {row.observable!r} in {row.matrix}"


def _datum(row: Observation) -> tuple[float, Kind, float]:
    """Return log value, kind, and log standard deviation of the band of a sign."""
    if row.kind == "sign":
        band = (row.band if row.band is not None else DEFAULT_BAND_PERCENT) / 100.0
        if row.value == "none":
            return 0.0, "value", float(np.log1p(band)) / Z95
        return (
            (float(np.log1p(band)), "at least", 0.0) if row.value == "up" else (float(np.log1p(-band)), "at most", 0.0)
        )
    assert not isinstance(row.value, str)
    positive = 1.0 + row.value / 100.0 if row.quantity == "change" else row.value
    kind: Kind = row.bound if row.kind == "bound" and row.bound is not None else "value"
    return float(np.log(positive)), kind, 0.0


def _repeats(study: Study, row: Observation) -> int:
    def key(other: Observation) -> tuple[Any, ...]:
        return other.arm, other.observable, other.matrix, other.kind, other.value

    return 1 if row.kind == "sign" else sum(key(other) == key(row) for other in study.observations)
