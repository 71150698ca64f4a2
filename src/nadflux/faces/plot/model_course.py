"""Time course of an SBML or Antimony model, all quantities in one panel."""

from __future__ import annotations

from pathlib import Path

from nadflux.faces.documents.time_course import course_labels, unit_label
from nadflux.faces.plot.paths import save_figure
from nadflux.sbml.time_course import IN_LEGEND, TimeCourse


def write_model_course(course: TimeCourse, path: Path, title: str) -> Path:
    """Draw every quantity over time and write the figure to ``path`` (.png, .svg or .pdf)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for i, label in enumerate(course_labels(course)):
        axes.plot(course.times, course.values[:, i], label=label, linewidth=1.2)
    axes.set_xlabel(unit_label("time", course.time_unit) if course.time_unit else "time (unit of the model)")
    axes.set_ylabel("value (unit of the model)")
    axes.set_title(title)
    if 0 < len(course.names) <= IN_LEGEND:
        axes.legend(fontsize="small", frameon=False)
    save_figure(figure, path, dpi=150)
    return path
