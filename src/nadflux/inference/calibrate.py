"""Calibration of the body against published studies: from study files to a posterior file and its report."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from nadflux._version import __version__
from nadflux.counts import check_count, check_threads
from nadflux.errors import NadfluxError, SimulationError
from nadflux.inference.data import Array, Mask
from nadflux.inference.fit import Fit, fit
from nadflux.inference.honesty import Judged, intervals, judged, recorded
from nadflux.inference.kalman import invert
from nadflux.inference.nuisance import Nuisances
from nadflux.inference.particles import Budget
from nadflux.inference.posterior_file import write_posterior
from nadflux.inference.seeds import stream
from nadflux.inference.store import ForwardStore, Progress
from nadflux.inference.study_problem import Settings, Spread, StudyProblem
from nadflux.people.draws import quantile
from nadflux.simulation.compiled import prepare
from nadflux.studies.published.row_figures import is_relative
from nadflux.studies.published.schema import Study

DRAFT = "draft.zarr"
MOST_MISSING = 0.2
NOTEWORTHY = 0.05
SMALLEST_MOVE = 0.1  # share of a row's least error, from one end of a parameter's range to its middle
LEFT_OUT_DRAWS = 64
MOST = {"members": 20_000, "iterations": 1000, "moves": 1000, "sweeps": 1000, "samples": 100_000, "chunk": 20_000}
MOST_PEOPLE_OF_AN_ARM = 10_000
_NOISE_STEPS = 32
_CHANCES = np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Options:
    """Options of a calibration.

    Attributes
    ----------
    members, iterations, moves, sweeps : int
        See `nadflux.inference.fit` and `Budget`.
    samples : int
        Largest number of samples stored in the posterior file.
    seed : int
    leave_one_out : bool
        Refit without each study and predict it.
    chunk : int
        Members run at once; an interruption loses at most so many.
    settings : Settings
    """

    members: int = 200
    iterations: int = 10
    moves: int = 8
    sweeps: int = 10
    samples: int = 400
    seed: int = 1
    leave_one_out: bool = False
    chunk: int = 64
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class Calibration:
    """A finished calibration.

    Attributes
    ----------
    fit : Fit
    version : str
        Of the posterior file.
    record : dict
        Record in the posterior file: rows, parameters, settings.
    """

    fit: Fit
    version: str
    record: dict[str, Any]


def calibrate(
    studies: Sequence[Study],
    out: Path,
    options: Options | None = None,
    *,
    command: str = "",
    resume: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the tables' uncertain parameters to calibration studies and write the posterior.

    Parameters
    ----------
    studies : sequence of Study
        Validation studies among them are ignored.
    out : path
        Posterior file to write, ending in ``.zarr``. Finished runs are stored in ``OUT.run``, with a draft of the
        posterior while studies are left out; the folder is removed at the end.
    options : Options, optional
    command : str
        Command line, stored in the file.
    resume : bool
        Continue from ``OUT.run``.
    threads : int, optional
        All cores by default; no influence on the result.
    progress : callable, optional
        ``progress(stage, done, of)``.

    Raises
    ------
    NadfluxError
        If an interrupted calibration is there and ``resume`` is false, or if the posterior is narrower than its
        leave-one-out errors. It is then in `refused_file`, with its runs kept.
    ValueOutOfRangeError
        For a count of the options, or a number of threads, out of bounds.
    StudyError
        If no row can be fitted.
    SimulationError
        If most members cannot be run.
    """
    options = options or Options()
    _check_counts(options, threads)
    folder = run_folder(out)
    if folder.exists() and not resume:
        raise NadfluxError(f"{folder} holds a stopped calibration; add --resume to go on from it, or remove it")
    problem = StudyProblem(studies, prepare(), seed=options.seed, settings=options.settings, threads=threads)
    problem = problem.restricted(_active(problem, folder, options, progress))
    store = ForwardStore(problem.figures, problem.fingerprint(), folder, options.chunk)
    kept = _computable(problem, store, options, progress)
    spread = problem.spread(np.zeros(len(problem.names)))
    first = _Forward(problem, store, spread, kept)
    inversion = invert(
        ForwardStore(first, chunk=options.chunk, progress=progress),
        problem.prior(first.nuisances),
        problem.data(spread, kept),
        members=options.members,
        iterations=options.iterations,
        seed=options.seed,
    )
    # The spread between people is recomputed where the inversion ended.
    moved = problem.spread(inversion.scores.mean(axis=0)[: len(problem.names)])
    data = problem.data(moved, kept)
    forward = _Forward(problem, store, moved, kept)

    def written(result: Fit, place: Path = folder / DRAFT) -> Calibration:
        found = judged(problem, forward.nuisances, moved, kept, result)
        record = {
            "command": command,
            "nadflux": __version__,
            "studies": list(data.studies),
            "options": asdict(options),
            "runs": store.evaluated + store.recalled,
            **_report(problem, forward.nuisances, result, kept, found),
        }
        target = place if found is None or not found.honesty.too_narrow else refused_file(out)
        version = write_posterior(
            target,
            problem.names,
            problem.units,
            _draws(problem, result.scores, options.samples),
            model_hash=problem.model_hash,
            record=record,
            without={study: _draws(problem, found.scores, LEFT_OUT_DRAWS) for study, found in result.left_out.items()},
        )
        if found is not None:
            found.refuse_too_narrow(target)
        return Calibration(result, version, record)

    done = written(
        fit(
            forward,
            problem.prior(forward.nuisances),
            data,
            members=options.members,
            budget=Budget(options.moves, options.sweeps),
            seed=options.seed,
            leave_out=data.studies if options.leave_one_out and len(data.studies) > 1 else (),
            kept_up=written,
            inversion=inversion.shifted((moved.shift - spread.shift)[kept]),
            chunk=options.chunk,
            progress=progress,
        ),
        out,
    )
    shutil.rmtree(folder, ignore_errors=True)
    return done


def refused_file(out: Path) -> Path:
    """Return the file that a posterior narrower than its leave-one-out errors is written to instead of ``out``."""
    return out.with_name(f"{out.stem}.refused{out.suffix}")


def run_folder(out: Path) -> Path:
    """Return the folder in which a calibration that writes ``out`` stores its runs."""
    return out.with_name(out.name + ".run")


class _Forward:
    """The forward model: scores of parameters and scales to log figures of the rows kept."""

    def __init__(self, problem: StudyProblem, store: ForwardStore, spread: Spread, kept: Array) -> None:
        self.nuisances = problem.nuisances(spread)
        self._store, self._shift, self._kept = store, spread.shift, kept
        self._count = len(problem.names)

    def __call__(self, scores: Array) -> Array:
        figures = self._store.run(scores[:, : self._count]) + self._shift
        figures = figures + self.nuisances.effect(scores[:, self._count :])
        return np.asarray(figures[:, self._kept], dtype=np.float64)


def _draws(problem: StudyProblem, scores: Array, most: int) -> Array:
    """Return at most ``most`` draws of typical values, shape (draw, parameter), in table units."""
    return problem.values(scores[_thinned(len(scores), most), : len(problem.names)])


def _check_counts(options: Options, threads: int | None) -> None:
    for name, most in MOST.items():
        check_count(name, getattr(options, name), most, remedy="a fit of more is not finished in days")
    check_count("people", options.settings.people, MOST_PEOPLE_OF_AN_ARM, remedy="the spread of an arm needs no more")
    check_threads(threads)


def _active(problem: StudyProblem, folder: Path, options: Options, progress: Progress | None) -> Mask:
    """Return a mask of parameters that move a calibration row noticeably; the others keep their priors."""
    store = ForwardStore(problem.figures, problem.fingerprint(), folder, options.chunk, progress)
    figures = store.run(problem.probes(), "which parameters")
    count = len(problem.names)
    with np.errstate(invalid="ignore"):
        moved = np.abs(figures[1:] - figures[0]) / problem.least_sd()
    # A parameter that makes a figure appear or vanish also moves it.
    moved = np.where(np.isfinite(figures[1:]) == np.isfinite(figures[0]), np.nan_to_num(moved), np.inf)
    largest = moved.reshape(2, count, -1).max(axis=(0, 2))
    if not (largest > SMALLEST_MOVE).any():
        raise SimulationError("no uncertain parameter moves a calibration row: there is nothing to fit")
    return np.asarray(largest > SMALLEST_MOVE)


def _computable(problem: StudyProblem, store: ForwardStore, options: Options, progress: Progress | None) -> Array:
    """Return a mask of rows whose figure exists for most draws of the prior (a half-life needs a decline)."""
    scores = stream(options.seed, "which rows").standard_normal((options.members, len(problem.names)))
    parts = []
    for start in range(0, options.members, options.chunk):
        parts.append(store.run(scores[start : start + options.chunk]))
        if progress is not None:
            progress("prior", min(start + options.chunk, options.members), options.members)
    missing = np.isnan(np.concatenate(parts)).mean(axis=0)
    kept = np.asarray(missing <= MOST_MISSING)
    if not kept.any():
        raise SimulationError("no calibration row can be computed for most draws of the prior")
    return kept


def _thinned(count: int, most: int) -> Array:
    return np.unique(np.round(np.linspace(0, count - 1, min(count, most))).astype(np.int64))


def _report(
    problem: StudyProblem, measured: Nuisances, result: Fit, kept: Array, found: Judged | None
) -> dict[str, Any]:
    without = intervals(found, interval_of) if found is not None else {}
    whole, apart = recorded(found, tuple(result.left_out))
    places = [int(k) for k in np.flatnonzero(kept)]
    chosen = [problem.rows[k] for k in places]
    rows = []
    for k, row in enumerate(chosen):
        entry: dict[str, Any] = {
            "study": row.study,
            "row": row.name,
            "kind": row.kind,
            "observables": [part.id for part in row.target.parts],
            "ways": [list(way) for way in problem.ways(row)],
            "observed": float(np.exp(row.value)),
            "unit": "fold" if is_relative(row.row) else row.row.unit or "",
            "fitted": interval_of(result.predictions[:, k], _sd(found, places[k], result, k)),
        }
        left_out = result.left_out.get(row.study)
        if left_out is not None:
            position = sum(other.study == row.study for other in chosen[:k])
            draws = left_out.predictions[:, position]
            entry["predicted_without_its_study"] = without.get(places[k]) or interval_of(
                draws, float(result.data.sd[k])
            )
        rows.append(entry)
    missing = [
        (row.name, "no figure exists for many draws of the prior")
        for row, keep in zip(problem.rows, kept, strict=True)
        if not keep
    ]
    return {
        **whole,
        "rows": rows,
        "not_fitted": [list(pair) for pair in (*problem.left_out, *missing)],
        "parameters": _parameters(problem, measured, result),
        "measurement": _losses(problem, measured, result.scores),
        "uninformed": _uninformed(result),
        "sampler": {
            "inversion_steps": len(result.inversion.temperatures),
            "path": [round(p, 6) for p in result.sampling.path],
            "least_effective_particles": min(result.sampling.effective),
            "acceptance": result.sampling.acceptance,
            "groups": len(np.unique(result.sampling.origins)),
            "correlation_with_start": result.sampling.correlation,
            "emulator_error": result.sampling.emulator_error,
            "failed_members": result.inversion.failed,
        },
        "left_out": {
            study: {
                "effective_samples": round(one.effective, 1),
                "steps": one.steps,
                "measurement": _losses(problem, measured, one.scores),
                **apart[study],
            }
            for study, one in result.left_out.items()
        },
    }


def _sd(found: Judged | None, row: int, result: Fit, k: int) -> float:
    """Return the standard deviation around a figure's draws: as learned, else as assumed by the fit."""
    learned = found.sd_of(row, result.predictions[:, k]) if found is not None else None
    return float(result.data.sd[k]) if learned is None else learned


def _parameters(problem: StudyProblem, measured: Nuisances, result: Fit) -> dict[str, Any]:
    scores, count = result.scores, len(problem.names)
    values = np.concatenate([problem.values(scores[:, :count]), measured.values(scores[:, count:])], axis=1)
    priors = [quantile(row, _CHANCES) for row in problem.parameters]
    ends = np.tile(ndtri(_CHANCES)[:, None], (1, len(measured.names)))
    priors += list(measured.values(ends).T)
    units = (*problem.units, *("fold" for _ in measured.scales), *(row.unit for row in measured.losses))
    found: dict[str, Any] = {}
    for k, name in enumerate(result.prior.names):
        worth = sorted(((float(w[k]), study) for study, w in result.worth.items()), reverse=True)
        found[name] = {
            "shrinkage": round(float(result.shrinkage[k]), 4),
            "moved_by_prior_sds": round(float(scores[:, k].mean()), 4),
            "effective_samples": round(float(result.effective[k]), 1),
            "informed_by": {study: round(w, 3) for w, study in worth if w >= NOTEWORTHY},
            "unit": units[k],
            "prior": [float(v) for v in priors[k]],
            "posterior": [float(v) for v in np.quantile(values[:, k], _CHANCES)],
        }
    return found


def _uninformed(result: Fit) -> dict[str, float]:
    """Return the shrinkage of parameters that no study informs noticeably: 0, except for sampling error."""
    most = np.max(list(result.worth.values()), axis=0)
    chosen = most < NOTEWORTHY
    if not chosen.any():
        return {"parameters": 0}
    effective = float(np.nanmedian(result.effective[chosen]))
    return {
        "parameters": int(chosen.sum()),
        "mean_shrinkage": round(float(result.shrinkage[chosen].mean()), 4),
        "sd_of_shrinkage": round(float(result.shrinkage[chosen].std()), 4),
        "expected_sd": round(float(np.sqrt(2.0 / effective)), 4),
    }


def _losses(problem: StudyProblem, measured: Nuisances, scores: Array) -> dict[str, list[float]]:
    """Return the 5th, 50th and 95th percentile of the fraction left by each way of storage."""
    values = measured.values(scores[:, len(problem.names) :])[:, len(measured.scales) :]
    return {row.key: [float(v) for v in np.quantile(values[:, k], _CHANCES)] for k, row in enumerate(measured.losses)}


def interval_of(logs: Array, sd: float) -> dict[str, float]:
    """Return the median and central 90 % interval of a figure as the trial would see it.

    Parameters
    ----------
    logs : ndarray, shape (draw,)
        Natural logarithms, no unit.
    sd : float
        Standard deviation around each, natural log.
    """
    steps = ndtri((np.arange(_NOISE_STEPS) + 0.5) / _NOISE_STEPS)
    samples = np.exp(logs[:, None] + sd * steps[None, :])
    low, middle, high = np.percentile(samples, [5, 50, 95])
    return {"median": float(middle), "low": float(low), "high": float(high)}
