"""The verdict on a flux: up, down or equal, with the figures of its row in the table of the run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nadflux.kinds import SAME_WITHIN, Change, Reading, flux_change, reading
from nadflux.simulation.judged_window import AnyWindow, Window, day_before, own_usual_life
from nadflux.simulation.summary import SummaryRow, summarise

if TYPE_CHECKING:
    from nadflux.simulation.run import Run


@dataclass(frozen=True, eq=False)
class Verdict:
    """Direction of change of a flux; equal to the `Change` of the same name, and to its word.

    Attributes
    ----------
    change : Change
        Of the median over people of each person's change.
    row : SummaryRow
        The figures behind it: those of the table over the same hours.
    against : str
        The reference, in words.
    """

    change: Change
    row: SummaryRow
    against: str

    @property
    def window(self) -> Window:
        """Hours over which the flux is a mean."""
        return self.row.window

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Verdict):
            return (self.change, self.row, self.against) == (other.change, other.row, other.against)
        return self.change == other

    def __hash__(self) -> int:
        return hash(self.change)

    def __str__(self) -> str:
        median, low, high = self.row.change_percent
        spread = f" ({low:+.0f} to {high:+.0f})" if low != high else ""
        return (
            f"{self.change.value}: {median:+.0f} %{spread} in {self.window.name} against {self.against}; "
            f"less than {SAME_WITHIN:.0%} either way is called equal"
        )


def verdict_of(run: Run, name: str, time: float | None = None, window: AnyWindow | None = None) -> Verdict:
    """Return the verdict on a flux over the judged window, the day before a time (h), or the window asked for.

    Raises
    ------
    KindError
        For what is no flux: no level, marker or index gives a verdict on flux.
    """
    if window is None and time is not None:
        window = day_before(run, time)
    quantity = run.quantity(name)
    one = reading(quantity.kind, name, 1.0, quantity.units)
    flux_change(one, one)  # refused before anything is read
    (row,) = summarise(run, [name], window=window)
    against = (
        "usual life of the same people"
        if run.lived
        else ("themselves" if own_usual_life(run) else "their start at rest")
    )
    return Verdict(change_of(row), row, against)


def change_of(row: SummaryRow) -> Change:
    """Return the change of the flux in a row of the table of a run; raise `KindError` for anything but a flux."""
    return flux_change(*_readings(row))


def _readings(row: SummaryRow) -> tuple[Reading, Reading]:
    """Return the flux as a multiple of its reference, and the reference; plain medians where the reference is zero."""
    quantity, change = row.quantity, row.change_percent[0]
    if math.isfinite(change):
        pair = (1.0 + change / 100.0, 1.0)
    elif row.end[0] == row.baseline[0]:
        pair = (1.0, 1.0)
    else:
        pair = (row.end[0], row.baseline[0])
    first, last = (reading(quantity.kind, quantity.id, value, quantity.units) for value in pair)
    return first, last
