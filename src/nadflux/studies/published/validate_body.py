"""Validation of the shipped body on published studies: the one call behind `nadflux validate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nadflux.studies.published.freeze import lock_of, read_lock, standing
from nadflux.studies.published.published import published_folder, shipped_calibration
from nadflux.studies.published.read import read_studies
from nadflux.studies.published.result import Report
from nadflux.studies.published.schema import Study
from nadflux.studies.published.simulated_arms import BodySimulator
from nadflux.studies.published.validate import validate

PEOPLE, DRAWS = 8, 48


def validate_body(
    studies: Sequence[Study] | None = None,
    *,
    people: int = PEOPLE,
    draws: int = DRAWS,
    seed: int = 0,
    threads: int | None = None,
    posterior: str = "shipped",
    lock: Path | None = None,
    progress: Callable[[int, int, str], bool] | None = None,
    tell: Callable[[str], object] | None = None,
) -> Report:
    """Predict studies with the body, without fitting, calibration studies also by the fit without them.

    Parameters
    ----------
    studies : sequence of Study, optional
        The shipped ones by default.
    people, draws, seed : int
        People simulated per draw of the typical values, draws, and seed of the random numbers.
    threads : int, optional
        All cores by default.
    posterior : path, "shipped" or "none"
    lock : Path, optional
        Lock file that says which studies are validation (`nadflux.studies.published.freeze`); that of the shipped
        studies by default.
    progress : callable, optional
        Called with (done, total, next study); False stops and returns the finished studies.
    tell : callable, optional
        Called with notes on the posterior before the simulation.

    Raises
    ------
    NadfluxError
        For invalid studies, numbers of people, posterior or lock file.
    """
    simulator = BodySimulator(people, draws, seed, threads=threads, posterior=posterior)
    if simulator.note and tell is not None:
        tell(str(simulator.note))
    return validate(
        tuple(studies) if studies is not None else read_studies(published_folder()),
        simulator,
        people=people,
        draws=draws,
        seed=seed,
        law_studies=shipped_calibration,
        measurement=simulator.measurement,
        left_out=simulator.left_out,
        why_not=standing(read_lock(lock or lock_of(published_folder())), simulator.frozen),
        progress=progress,
    )
