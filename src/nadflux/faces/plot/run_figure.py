"""The figure of a run: its last day over usual life, or its course."""

from __future__ import annotations

from collections.abc import Sequence

from nadflux.faces.plot.day import write_day
from nadflux.faces.plot.time_course import write_time_course
from nadflux.simulation.acute import is_acute
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT


def write_run(run: Run, names: Sequence[str], path: str) -> None:
    """Write the figure that shows the change: for lived weeks, a day over usual life; otherwise the course.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Ids of quantities of the run.
    path : str
        Ends in .png, .svg or .pdf.
    """
    write = write_day if run.lived and run.times[-1] > SHORT and not is_acute(run) else write_time_course
    write(run, names, path)
