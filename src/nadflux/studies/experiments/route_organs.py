"""Organs that take up the doses of compared routes: their shares, and the choice of organs for columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.simulation.tracer.tracer import Trace
from nadflux.studies.experiments.compare_routes import RouteComparison

ALL = "all"
SHOWN = 6


def built_share(reach: Trace, organ: str, forms: Collection[str] | None = None) -> np.ndarray:
    """Return the share of a dose that an organ incorporated by the end, for each person.

    Parameters
    ----------
    reach : Trace
    organ : str
    forms : collection of str, optional
        Forms in which it arrived; all by default.

    Returns
    -------
    ndarray, shape (person,)
        The share of the labelled dose, 1 for all of it; more if label was recycled.
    """
    chosen = [number for number, form in enumerate(reach.forms) if forms is None or form in forms]
    return np.asarray(reach.built[:, -1, reach.organs.index(organ)][:, chosen].sum(axis=-1))


def known_organs(result: RouteComparison) -> list[str]:
    """Return the organs that make NAD+ from a dose by any route."""
    return list(dict.fromkeys(organ for reach in _traces(result) for organ in reach.organs))


def organs_shown(result: RouteComparison, wanted: Sequence[str] | None = None) -> list[str]:
    """Return the organs asked for, or those that incorporate most of a dose by any route.

    Parameters
    ----------
    wanted : sequence of str, optional
        Organs, with spaces or underscores; ``all`` stands for every one.

    Raises
    ------
    UnknownNameError
        For an organ that builds no NAD+.
    """
    known = known_organs(result)
    if wanted is None:
        largest = sorted(known, key=lambda organ: -_most(result, organ))[:SHOWN]
        return [organ for organ in known if organ in largest]
    chosen = [name.replace(" ", "_") for name in wanted]
    for name in chosen:
        if name not in (*known, ALL):
            raise UnknownNameError("organ", name, known)
    return known if ALL in chosen else chosen


def _traces(result: RouteComparison) -> list[Trace]:
    return [route.reach for route in result.routes if route.reach is not None]


def _most(result: RouteComparison, organ: str) -> float:
    """Return the largest median share over the routes."""
    return max(float(np.nanmedian(built_share(reach, organ))) for reach in _traces(result))
