"""The figure of a run: its last day over usual life, or its course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nadflux.faces.plot.day import draw_day
from nadflux.faces.plot.paths import save_figure
from nadflux.faces.plot.time_course import draw_time_course
from nadflux.simulation.acute import is_acute
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nadflux.analysis.observed import Observed


def write_run(run: Run, names: Sequence[str], path: str, observed: Sequence[Observed] = ()) -> None:
    """Write the figure of a run to ``path`` (.png, .svg or .pdf); see `draw_run`."""
    save_figure(draw_run(run, names, observed=observed), path)


def draw_run(run: Run, names: Sequence[str], *, observed: Sequence[Observed] = ()) -> Figure:
    """Draw the figure that shows the change: for lived weeks, a day over usual life; otherwise the course.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Ids of quantities of the run.
    observed : sequence of Observed
        Measured values, laid over the curves; they belong to hours of the run, so that its course is drawn.
    """
    if run.lived and run.times[-1] > SHORT and not is_acute(run) and not observed:
        return draw_day(run, names)
    return draw_time_course(run, names, observed=observed)
