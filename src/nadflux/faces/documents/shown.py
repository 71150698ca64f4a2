"""Quantities of a run that tables and figures show unless others are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from nadflux.network.tables import Observable
    from nadflux.simulation.run import Quantity, Run

ALL = "all"
"""Name of every quantity."""
SHOWN = ("whole_blood_nad", "pbmc_nad", "plasma_nad", "urine_mna", "urine_2py", "urine_4py")
"""Of a plan of doses."""
LIVED = (
    "plasma_glucose", "plasma_insulin", "plasma_fatty_acids", "plasma_ketone", "whole_blood_nad", "liver_nad",
    "muscle_nad", "liver_mTORC1", "muscle_mTORC1", "body_J_init", "body_J_seq", "body_J_deg",
)  # fmt: skip
"""Of a plan with lifestyle."""
_MOST = 12


class _Named:
    """A quantity of a run, named as the observables of a body are."""

    def __init__(self, quantity: Quantity) -> None:
        self.id, self.label, self.matrix = quantity.id, quantity.long_name, quantity.matrix


def names_of(run: Run, show: str | Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the ids of the quantities that are asked for: by id, label, words, or ``all``.

    Without any, all of a run of up to twelve; of a larger one those of the command's table, or its first twelve.

    Raises
    ------
    UnknownNameError
        For a name that the run does not have, with the nearest.
    """
    from nadflux.simulation.output_names import expand

    known = [quantity.id for quantity in run.quantities]
    if show is None and len(known) <= _MOST:
        return tuple(known)
    if show is None:
        usual = [name for name in (LIVED if run.lived else SHOWN) if name in known]
        return tuple(usual or known[:_MOST])
    asked = (show,) if isinstance(show, str) else tuple(show)
    if ALL in asked:
        return tuple(known)
    return expand(asked, cast("Sequence[Observable]", [_Named(quantity) for quantity in run.quantities]))
