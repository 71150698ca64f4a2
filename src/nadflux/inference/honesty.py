"""Errors of a fit on the studies it left out: their lesson, and the refusal of a posterior narrower than they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import NadfluxError
from nadflux.inference.data import Array
from nadflux.inference.fit import Fit
from nadflux.inference.nuisance import Nuisances
from nadflux.inference.study_problem import Spread, StudyProblem
from nadflux.studies.published.learn_unexplained import HONEST_SD, Honesty, LeftOutFigure, judge, learn, transform
from nadflux.studies.published.unexplained import Unexplained

Interval = dict[str, float]
_WORST = 3  # errors that a refusal names


@dataclass(frozen=True)
class Judged:
    """Lesson of the studies left out of a fit.

    Attributes
    ----------
    figures : tuple of LeftOutFigure
    rows : tuple of int
        Index of each figure among the rows of the problem.
    names : tuple of str
        Row of each figure, in words.
    honesty : Honesty
        Each study judged by the others.
    unexplained : Unexplained
        Learned from all of them.
    without : mapping of str to Unexplained
        Learned from all but the study named.
    """

    figures: tuple[LeftOutFigure, ...]
    rows: tuple[int, ...]
    names: tuple[str, ...]
    honesty: Honesty
    unexplained: Unexplained
    without: Mapping[str, Unexplained]

    def sd_of(self, row: int, logs: Array) -> float | None:
        """Return the standard deviation around the draws of a figure, natural log; None for a row that is no figure.

        Parameters
        ----------
        row : int
            Index among the rows of the problem.
        logs : ndarray, shape (draw,)
            Natural logarithm as the whole fit predicts it, no unit.
        """
        if row not in self.rows:
            return None
        figure = self.figures[self.rows.index(row)]
        parts = self.unexplained.of_study_in_view().variances(figure.kind, float(np.median(logs)))
        return float(np.sqrt(figure.noise + sum(parts.values())))

    def refuse_too_narrow(self, place: Path) -> None:
        """Refuse a posterior whose intervals are narrower than its errors on studies left out.

        Parameters
        ----------
        place : Path
            Where it is kept, for the message.

        Raises
        ------
        NadfluxError
            With the size of the errors and the rows with the largest.
        """
        found = self.honesty
        if not found.too_narrow:
            return
        shares = [transform(figure, self.without[figure.study]) for figure in self.figures]
        worst = sorted(range(len(shares)), key=lambda k: min(shares[k], 1.0 - shares[k]))[:_WORST]
        raise NadfluxError(
            f"the posterior is narrower than its leave-one-out errors: over {found.figures} figures of {found.studies} "
            f"studies left out, the standardised errors have a standard deviation of {found.sd:.2f}, at most "
            f"{HONEST_SD[1]:g} is allowed, and {found.coverage[-1]:g} % are inside the 90 % interval; largest errors: "
            f"{'; '.join(self.names[k] for k in worst)}; widen the priors behind these rows, mend the structure, or "
            f"give more --model-error or --ratio-error; `nadflux fit --report {place.name}` shows what was found"
        )


def judged(problem: StudyProblem, nuisances: Nuisances, spread: Spread, kept: Array, result: Fit) -> Judged | None:
    """Return what the studies left out of a fit teach; None before all are left out, or without a figure.

    Parameters
    ----------
    problem : StudyProblem
    nuisances : Nuisances
        Of all rows.
    spread : Spread
        Of the people.
    kept : ndarray of bool, shape (row,)
        Rows that were fitted.
    result : Fit
    """
    if not result.left_out or set(result.left_out) != set(result.data.studies):
        return None
    chosen = np.flatnonzero(kept)
    draws: dict[int, Array] = {}
    for study, found in result.left_out.items():
        here = [int(k) for k in chosen if problem.rows[k].study == study]
        own = nuisances.of_studies(found.scores[:, len(problem.names) :])[:, here]
        draws |= dict(zip(here, (found.predictions - own).T, strict=True))
    return judged_figures(problem, spread, draws, tuple(result.left_out))


def judged_figures(
    problem: StudyProblem, spread: Spread, draws: Mapping[int, Array], studies: Sequence[str]
) -> Judged | None:
    """Return what figures predicted without their study teach; None without any.

    Parameters
    ----------
    problem : StudyProblem
    spread : Spread
        Of the people.
    draws : mapping of int to ndarray, shape (draw,)
        Predicted natural logarithm by index of the row, without effects of studies.
    studies : sequence of str
        Studies left out.
    """
    rows = [k for k in draws if problem.rows[k].kind == "value" and problem.rows[k].row.kind != "sign"]
    figures = []
    for k in rows:
        row = problem.rows[k]
        figures.append(LeftOutFigure(row.study, problem.kind(row), row.value, draws[k], float(spread.variance[k])))
    if not figures:
        return None
    table = problem.measurement.table
    honesty, without = judge(figures, table)
    unexplained = learn(figures, table)
    every = {study: without.get(study, unexplained) for study in studies}
    names = tuple(problem.rows[k].name for k in rows)
    return Judged(tuple(figures), tuple(rows), names, honesty, unexplained, every)


def intervals(found: Judged, interval: Callable[[Array, float], Interval]) -> dict[int, Interval]:
    """Return the predictive interval of each figure without its study, by index of its row.

    Parameters
    ----------
    found : Judged
    interval : callable (draws, sd) -> dict
        Of natural logarithms and the standard deviation around them.
    """
    result = {}
    for row, figure in zip(found.rows, found.figures, strict=True):
        parts = found.without[figure.study].of_study_in_view().variances(figure.kind, float(np.median(figure.draws)))
        result[row] = interval(figure.draws, float(np.sqrt(figure.noise + sum(parts.values()))))
    return result


def recorded(found: Judged | None, studies: Sequence[str]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what a posterior file keeps of the whole, and of each study left out."""
    if found is None:
        return {}, {study: {} for study in studies}
    whole = {"unexplained": found.unexplained.record(), "honesty": found.honesty.record()}
    return whole, {study: {"unexplained": found.without[study].record()} for study in studies}
