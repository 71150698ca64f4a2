"""Runs of an event table, by ID, for notebooks and pandas."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from nadflux.faces.notebook.frames import run_frame
from nadflux.faces.notebook.run_html import run_html

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.simulation.event_runs import SubjectRuns

_MOST = 6  # IDs that a notebook shows in full


def subjects_frame(result: SubjectRuns) -> pd.DataFrame:
    """Return the tables of all IDs below each other, with a column ``ID``."""
    import pandas as pd

    tables = [run_frame(run).assign(ID=name) for name, run in result.runs.items()]
    table = pd.concat(tables)
    return table[["ID", *(column for column in table.columns if column != "ID")]]


def subjects_html(result: SubjectRuns) -> str:
    """Return what a notebook shows of the first IDs, and how to see the others."""
    shown = list(result.runs.items())[:_MOST]
    parts = [f"<h4>ID {escape(name)}</h4>{run_html(run)}" for name, run in shown]
    if len(result.runs) > _MOST:
        parts.append(f"<p>{len(result.runs) - _MOST} further IDs: <code>runs[id]</code>, <code>runs.table()</code></p>")
    return "".join(parts)
