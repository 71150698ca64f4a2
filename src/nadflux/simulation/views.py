"""Views of a result that higher rooms give, found by name when they are asked for: no lower room imports them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_HOMES = {
    "html": ("nadflux.faces.notebook.run_html", "run_html"),
    "table": ("nadflux.faces.notebook.frames", "run_frame"),
    "summary": ("nadflux.faces.notebook.frames", "summary_frame"),
    "plot": ("nadflux.faces.plot.from_python", "run"),
    "vpc": ("nadflux.faces.plot.from_python", "vpc"),
    "subjects_html": ("nadflux.faces.notebook.subjects", "subjects_html"),
    "subjects_table": ("nadflux.faces.notebook.subjects", "subjects_frame"),
    "names": ("nadflux.faces.documents.shown", "names_of"),
    "nca_html": ("nadflux.faces.documents.nca", "nca_html"),
    "nca_text": ("nadflux.faces.documents.nca", "nca_text"),
    "nca_table": ("nadflux.faces.documents.nca", "nca_frame"),
    "nca": ("nadflux.analysis.nca", "nca_of_run"),
    "units": ("nadflux.simulation.unit_of_quantity", "with_units"),
    "diagnose": ("nadflux.analysis.diagnose", "diagnose"),
    "citations": ("nadflux.analysis.citations", "citations_of_run"),
    "fluxes_html": ("nadflux.faces.notebook.others_html", "fluxes_html"),
    "trace_html": ("nadflux.faces.notebook.others_html", "trace_html"),
    "assay_html": ("nadflux.faces.notebook.others_html", "assay_html"),
    "comparison_html": ("nadflux.faces.notebook.others_html", "comparison_html"),
    "fluxes_table": ("nadflux.faces.notebook.frames", "fluxes_frame"),
    "trace_table": ("nadflux.faces.notebook.frames", "trace_frame"),
    "assay_table": ("nadflux.faces.notebook.frames", "assay_frame"),
    "comparison_table": ("nadflux.faces.notebook.frames", "comparison_frame"),
    "fluxes_plot": ("nadflux.faces.plot.from_python", "fluxes"),
    "assay_plot": ("nadflux.faces.plot.from_python", "assay"),
    "comparison_plot": ("nadflux.faces.plot.from_python", "comparison"),
}
"""Module and function of each view."""


def view(name: str) -> Callable[..., Any]:
    """Return the function that gives a view of a result, such as its table or figure."""
    module, function = _HOMES[name]
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


class Shown:
    """A result that notebooks show as a table in HTML, and that gives its table to pandas."""

    __slots__ = ()
    shown_as: ClassVar[str] = ""
    """First part of the names of its views."""

    def _repr_html_(self) -> str:
        return str(view(f"{self.shown_as}_html")(self))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: show it in a notebook, or take .table() for pandas>"

    def table(self) -> pd.DataFrame:
        """Return the figures of its table, with unit and tier in each row, as a pandas DataFrame."""
        found: pd.DataFrame = view(f"{self.shown_as}_table")(self)
        return found


class Drawn(Shown):
    """A result that has a figure as well."""

    __slots__ = ()

    def plot(self, path: str | None = None) -> Figure:
        """Draw the figure that the command draws.

        Parameters
        ----------
        path : str, optional
            ``.png``, ``.svg`` or ``.pdf`` file to write as well.

        Returns
        -------
        matplotlib Figure
        """
        found: Figure = view(f"{self.shown_as}_plot")(self, path=path)
        return found
