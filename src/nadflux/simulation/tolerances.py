"""The tolerances of every integration and check, each with its reason.

A relative tolerance (``rtol``) bounds the error per step of each state. Experiments and cells are compared with
figures of less than a percent and may cost more; a fit runs a plan ten thousand times and may err as data do.
"""

from __future__ import annotations

from collections.abc import Mapping

from nadflux.kernel.lanes import ZERO_SCALE
from nadflux.kernel.step import ABSOLUTE_FRACTION

PLANS: Mapping[str, float] = {"nad": 7e-5, "whole": 1e-4}
"""Of people under a plan, and of tracers, by body: the error of every state is below 1e-4 in benchmarks/engine.py, far
below what is not known."""
BODY_EXPERIMENTS = 1e-5
"""Of the whole body under steps of its inputs: facts are judged by small changes of small fluxes."""
CELLS = 1e-6
"""Of a cell in a dish: assays subtract two runs from each other."""
FITS = 3e-3
"""Of arms during a fit: keeps figures within 0.02 of the smallest error of a datum."""
DEEPEST = 10.0
"""How many absolute tolerances an amount may lie below zero before the person counts as failed; nothing is clipped."""
NEARLY_REPEATS, REPEATS = 10.0, 0.1
"""How far the start of a period of usual life may be from where it repeats itself, in relative tolerances of the run:
so that the next is stored in case that it repeats, and to repeat. The latter is 1e-5 of each state at the tolerance
of plans, below the error of the integration."""
BALANCE = 1e-6
"""Largest share of a moiety that may be lost or made in a run before a note warns against trusting it."""

ATOL = (
    f"rtol x {ABSOLUTE_FRACTION:g} of the person's own initial size of each state; "
    f"of a state that starts at zero: x {ZERO_SCALE:g} of the largest"
)
"""The absolute tolerance of each state in words, as the kernel takes it where no scale is given."""


def plan_tolerance(body: str, rtol: float | None = None) -> float:
    """Return the relative tolerance of people under a plan: the given one, or that of the body.

    Parameters
    ----------
    body : str
        ``"nad"`` or ``"whole"``.
    rtol : float, optional
    """
    return PLANS[body] if rtol is None else rtol
