"""Lesson of the fits without one study, learned again from a posterior file, without a new fit.

A posterior file holds draws of every fit that left a study out. Predicted from these, the study gives the same errors
as while fitting, up to the sampling of laboratories' scales; so heterogeneity and discrepancy can be learned, and the
intervals tested, whenever the estimator, its priors or the measurement changed and the model did not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import NadfluxError
from nadflux.inference.calibrate import MOST_MISSING, interval_of, refused_file
from nadflux.inference.data import Array
from nadflux.inference.honesty import Judged, intervals, judged_figures, recorded
from nadflux.inference.posterior_file import write_posterior
from nadflux.inference.seeds import stream
from nadflux.inference.study_problem import Settings, Spread, StudyProblem
from nadflux.people.posterior import Posterior
from nadflux.simulation.compiled import prepare
from nadflux.studies.published.schema import Study


def judge_posterior(
    studies: Sequence[Study],
    posterior: Posterior,
    out: Path,
    *,
    threads: int | None = None,
    progress: Callable[[str, int, int], object] | None = None,
) -> dict[str, Any]:
    """Fit what is not explained to a posterior's left-out draws, and write it with the test of its intervals.

    Parameters
    ----------
    studies : sequence of Study
        Those to which it was fitted, at least.
    posterior : Posterior
    out : path
        Posterior file to write, ending in ``.zarr``: the same draws, with a longer record.
    threads : int, optional
        All cores by default.
    progress : callable, optional
        ``progress(stage, done, of)``.

    Returns
    -------
    dict
        The record written.

    Raises
    ------
    NadfluxError
        If no study was left out, or if the posterior is narrower than its leave-one-out errors.
    """
    problem = _problem(studies, posterior, threads)
    spread = problem.spread_of(_ordered(problem, posterior, np.median(posterior.values, axis=0)[None, :]))
    figures: dict[int, Array] = {}
    for done, (study, draws) in enumerate(posterior.left_out.items()):
        if progress is not None:
            progress("studies left out", done, len(posterior.left_out))
        figures |= _draws(problem, study, _ordered(problem, posterior, draws), spread)
    found = judged_figures(problem, spread, figures, tuple(posterior.left_out))
    if found is None:
        raise NadfluxError("no figure of the studies left out can be predicted; fit again with --leave-one-out")
    record = _longer(posterior, problem, found)
    target = out if not found.honesty.too_narrow else refused_file(out)
    write_posterior(
        target,
        posterior.names,
        posterior.units,
        posterior.values,
        model_hash=posterior.model_hash,
        record=record,
        without=posterior.left_out,
    )
    found.refuse_too_narrow(target)
    return record


def _problem(studies: Sequence[Study], posterior: Posterior, threads: int | None) -> StudyProblem:
    if not posterior.left_out:
        raise NadfluxError(f"{posterior.version} left no study out; fit again with --leave-one-out")
    known = [study for study in studies if study.id in posterior.left_out]
    missing = sorted(set(posterior.left_out) - {study.id for study in known})
    if missing:
        raise NadfluxError(f"studies of {posterior.version} are missing: {', '.join(missing)}; give their folder")
    options = posterior.record.get("options", {})
    settings = Settings(**options.get("settings", {}))
    whole = StudyProblem(known, prepare(), seed=int(options.get("seed", 1)), settings=settings, threads=threads)
    return whole.restricted(np.isin(whole.names, posterior.names))


def _ordered(problem: StudyProblem, posterior: Posterior, values: Array) -> Array:
    """Return draws (draw, parameter) in the order of the parameters of the problem."""
    return values[:, [posterior.names.index(name) for name in problem.names]]


def _draws(problem: StudyProblem, study: str, values: Array, spread: Spread) -> dict[int, Array]:
    """Return the draws of the figures of a study by row of the problem, with the scale of its laboratory."""
    here = [k for k, row in enumerate(problem.rows) if row.study == study]
    figures = problem.study_figures(study, values) + spread.shift[here]
    nuisances = problem.nuisances(spread)
    scores = stream(problem.seed, f"scales of {study}").standard_normal((len(values), len(nuisances.names)))
    scores[:, nuisances.laboratories : len(nuisances.scales)] = 0.0
    figures = figures + nuisances.effect(scores)[:, here]
    kept = [place for place in range(len(here)) if np.isnan(figures[:, place]).mean() <= MOST_MISSING]
    alive = np.isfinite(figures[:, kept]).all(axis=1)
    return {here[place]: figures[alive, place] for place in kept}


def _longer(posterior: Posterior, problem: StudyProblem, found: Judged) -> dict[str, Any]:
    """Return the record of a posterior with what was learned, and the intervals without each study."""
    whole, apart = recorded(found, tuple(posterior.left_out))
    shown = intervals(found, interval_of)
    named = {(problem.rows[k].study, problem.rows[k].name, problem.rows[k].value): one for k, one in shown.items()}
    rows = []
    for row in posterior.record.get("rows", ()):
        observed = float(np.log(row["observed"]))
        match = [
            one
            for (study, name, value), one in named.items()
            if (study, name) == (row["study"], row["row"]) and abs(value - observed) < 1e-9
        ]
        rows.append({**row, "predicted_without_its_study": match[0]} if match else row)
    kept = posterior.record.get("left_out", {})
    left_out = {study: {**kept.get(study, {}), **apart[study]} for study in posterior.left_out}
    return {**posterior.record, **whole, "rows": rows, "left_out": left_out}
