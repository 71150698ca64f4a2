"""Methods of a run: its table, its figure, a notebook's view of it, and analyses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nadflux.simulation.views import view

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.simulation.judged_window import AnyWindow
    from nadflux.simulation.run import Run


class RunViews:
    """Table, figure and analyses of a run; `nadflux.Run` has them all."""

    def _repr_html_(self) -> str:
        return str(view("html")(self))

    def table(self, show: str | Sequence[str] | None = None, *, window: AnyWindow | None = None) -> pd.DataFrame:
        """Return the table that the command prints as a pandas DataFrame: a row for each quantity.

        Parameters
        ----------
        show : str or sequence of str, optional
            Ids or labels, ``"autophagy of liver"``, or ``"all"``; by default all of up to twelve, else those of the
            command.
        window : (float, float), h, or str, optional
            Hours over which the end is a mean, or words such as ``"day 2 14:00 to 20:00"``.

        Returns
        -------
        DataFrame
            Columns ``quantity``, ``matrix``, ``kind``, ``unit``, ``tier``, ``persons``, and each figure as
            ``..._median``, ``..._low``, ``..._high``, e.g. ``end_median``.

        Raises
        ------
        UnknownNameError
            For a quantity that the run does not have.

        Examples
        --------
        >>> import nadflux as nf
        >>> run = nf.simulate("woman, 62 y, 70 kg", plan="NR chloride 500 mg oral daily for 2 days", n=2)
        >>> run.table("NAD+ in whole blood").loc["whole_blood_nad", ["unit", "tier"]].tolist()
        ['µM', 'fitted']
        """
        found: pd.DataFrame = view("table")(self, show, window=window)
        return found

    def summary(self, show: str | Sequence[str] | None = None, *, time: float | None = None) -> pd.DataFrame:
        """Return the spread over people of each quantity as a pandas DataFrame.

        Parameters
        ----------
        show : str or sequence of str, optional
            As for `table`.
        time : float, h, optional
            Stored time nearest to it; the end of the table by default.

        Returns
        -------
        DataFrame
            Columns ``mean``, ``sd``, ``5%``, ``25%``, ``50%``, ``75%``, ``95%``, ``persons``, in the unit of the row.

        Raises
        ------
        UnknownNameError
            For a quantity that the run does not have.
        """
        found: pd.DataFrame = view("summary")(self, show, time=time)
        return found

    def diagnose(self) -> Any:
        """Check the run: people who failed, mass balance, limits of physiology, doses beyond data, tiers, people.

        Returns
        -------
        nadflux.analysis.diagnose.Diagnosis
        """
        return view("diagnose")(self)

    def plot(
        self,
        show: str | Sequence[str] | None = None,
        *,
        path: str | None = None,
        interactive: bool = False,
        observed: Any = None,
    ) -> Any:
        """Draw the figure that the command draws: median and band of each quantity.

        Parameters
        ----------
        show : str or sequence of str, optional
            As for `table`.
        path : str, optional
            File to write as well: ``.png``, ``.svg`` or ``.pdf``; ``.html`` for an interactive figure.
        interactive : bool
            Whether to draw with plotly, to zoom and read values off.
        observed : path or DataFrame, optional
            Measured values to lay over the curves; see `nadflux.analysis.observed`.

        Returns
        -------
        matplotlib Figure, or plotly Figure

        Raises
        ------
        UnknownNameError
            For a quantity that the run does not have.
        NadfluxError
            Where plotly is needed and not installed, or the file cannot be written.
        """
        return view("plot")(self, show, path=path, interactive=interactive, observed=observed)

    def vpc(self, observed: Any, show: str | Sequence[str] | None = None, *, path: str | None = None) -> Any:
        """Draw a visual predictive check: percentiles of measured people over those of simulated ones.

        Parameters
        ----------
        observed : path or DataFrame
            One row for each measurement of each person; see `nadflux.analysis.observed`.
        show : str or sequence of str, optional
            Quantities; by default those that were measured.
        path : str, optional
            ``.png``, ``.svg`` or ``.pdf`` file to write as well.

        Returns
        -------
        matplotlib Figure
        """
        return view("vpc")(self, observed, show, path=path)

    def nca(self, show: str | Sequence[str] | None = None, **options: Any) -> Any:
        """Return a non-compartmental analysis: AUC, Cmax, tmax, half-life and accumulation, with intervals.

        Parameters
        ----------
        show : str or sequence of str, optional
            Levels; those of the command's table by default.
        options : Any
            As for `nadflux.analysis.nca.nca_of_run`: ``baseline``, ``lloq``, ``blq``, ``dose``.

        Returns
        -------
        nadflux.analysis.nca_result.NCA
        """
        return view("nca")(self, show, **options)

    def citations(self) -> Any:
        """Return the sources of the numbers, rules and studies that this run used, with BibTeX of those with a DOI.

        Returns
        -------
        nadflux.analysis.citations.Citations
        """
        return view("citations")(self)

    def in_units(self, unit: str | Sequence[str] | Mapping[str, str]) -> Run:
        """Return the same run in other units, molar ones as masses or masses as molar ones where that is asked for.

        Parameters
        ----------
        unit : str, sequence of str, or mapping of str to str
            ``"ng/mL"`` for all quantities that it fits, or by id or label: ``{"plasma_nad": "ng/mL"}``.

        Raises
        ------
        UnitError
            For a unit that fits nothing, or not the quantity that it is for.
        UnknownNameError
            For a quantity that the run does not have.
        """
        found: Run = view("units")(self, unit)
        return found

    def to_html(self, path: str | Path) -> None:
        """Write what a notebook shows of the run as a page of its own."""
        from nadflux.files import replacing

        with replacing(Path(path)) as part:
            Path(part).write_text(f'<!doctype html><meta charset="utf-8">{self._repr_html_()}', encoding="utf-8")
