"""The figures of the commands, for Python and notebooks: ``nf.plot``.

    import nadflux as nf
    a = nf.simulate("woman, 62 y, 70 kg", "NR chloride 500 mg oral daily for 4 weeks", n=64)
    b = nf.simulate("woman, 62 y, 70 kg", "NMN 500 mg oral daily for 4 weeks", n=64)
    nf.plot.compare(a, b)

Each function returns a figure that notebooks show, and writes it to ``path`` where that is given.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.documents.shown import names_of
from nadflux.faces.plot.paths import check_figure_path, save_figure
from nadflux.simulation.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nadflux.simulation.resting_fluxes import RestingFluxes
    from nadflux.studies.experiments.assay import AssayResult
    from nadflux.studies.experiments.compare_plans import PlanComparison
    from nadflux.studies.experiments.compare_routes import RouteComparison

_MOST_PANELS = 36


def run(
    run: Run,
    show: str | Sequence[str] | None = None,
    *,
    path: str | None = None,
    interactive: bool = False,
    observed: Any = None,
) -> Any:
    """Draw a run: its course, or for lived weeks a day over usual life; see `nadflux.Run.plot`."""
    names = _few(names_of(run, show))
    read = _read(observed)
    if interactive:
        from nadflux.faces.plot.interactive import interactive_courses

        return interactive_courses([run], names, path=path, observed=read)
    from nadflux.faces.plot.run_figure import draw_run

    return _shown(draw_run(run, names, observed=read), path)


def compare(
    *runs: Run,
    labels: Sequence[str] | None = None,
    show: str | Sequence[str] | None = None,
    path: str | None = None,
    interactive: bool = False,
    observed: Any = None,
) -> Any:
    """Draw runs over each other, one colour for each: arms of a trial, doses or people.

    Parameters
    ----------
    runs : Run
        Two or more with the quantities shown.
    labels : sequence of str, optional
        One for each run; its plan by default, with the person where people differ.
    show : str or sequence of str, optional
        As for `nadflux.Run.table`.
    path : str, optional
        File to write as well: ``.png``, ``.svg`` or ``.pdf``; ``.html`` for an interactive figure.
    interactive : bool
        Whether to draw with plotly.
    observed : path or DataFrame, optional
        Measured values to lay over the curves.

    Returns
    -------
    matplotlib Figure, or plotly Figure

    Raises
    ------
    ValueOutOfRangeError
        For fewer than two runs, or labels that are not one for each.
    UnknownNameError
        For a quantity that a run does not have.
    """
    if len(runs) < 2:
        raise ValueOutOfRangeError(f"{len(runs)} runs cannot be compared; give two or more")
    if labels is not None and len(labels) != len(runs):
        raise ValueOutOfRangeError(f"{len(labels)} labels for {len(runs)} runs; give one for each")
    names = _few(names_of(runs[0], show))
    for one in runs:
        names_of(one, names)
    keys = list(labels) if labels is not None else _labels(runs)
    if interactive:
        from nadflux.faces.plot.interactive import interactive_courses

        return interactive_courses(runs, names, keys, path=path, observed=_read(observed))
    from nadflux.faces.plot.plan_comparison import draw_runs

    return _shown(draw_runs(runs, names, keys, observed=_read(observed)), path)


def vpc(run: Run, observed: Any, show: str | Sequence[str] | None = None, *, path: str | None = None) -> Figure:
    """Draw a visual predictive check of a run against measured people; see `nadflux.Run.vpc`."""
    from nadflux.analysis.visual_predictive_check import visual_predictive_check
    from nadflux.faces.plot.predictive_check import draw_predictive_check

    read = _read(observed)
    names = names_of(run, show) if show is not None else tuple(dict.fromkeys(row.quantity for row in read))
    return _shown(draw_predictive_check(visual_predictive_check(run, read, names)), path)


def comparison(result: PlanComparison, path: str | None = None) -> Figure:
    """Draw plans side by side on the same people."""
    from nadflux.faces.plot.plan_comparison import draw_plan_comparison

    return _shown(draw_plan_comparison(result, _few(names_of(result.runs[0]))), path)


def fluxes(result: RestingFluxes, path: str | None = None) -> Figure:
    """Draw NAD+ fluxes at rest, organ by organ."""
    from nadflux.faces.plot.fluxes import draw_fluxes

    return _shown(draw_fluxes(result), path)


def routes(result: RouteComparison, organs: Sequence[str], path: str | None = None) -> Figure:
    """Draw routes side by side, with the courses of organs."""
    from nadflux.faces.plot.routes import draw_routes

    return _shown(draw_routes(result, organs), path)


def assay(result: AssayResult, path: str | None = None) -> Figure:
    """Draw the blots of a flux assay, and the flux read against the true one."""
    from nadflux.faces.plot.assay_bars import draw_assay

    return _shown(draw_assay(result), path)


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) > _MOST_PANELS:
        raise ValueOutOfRangeError(
            f"{len(names)} quantities do not fit one figure; name up to {_MOST_PANELS}, e.g. show=['whole_blood_nad']"
        )
    return names


def _labels(runs: Sequence[Run]) -> list[str]:
    """Return the plan of each run, with the person where people differ."""
    people = [str(one.record.get("who", "")) for one in runs]
    plans = [str(one.record.get("plan", "")) for one in runs]
    if len(set(people)) == 1:
        return plans
    return [f"{who}: {plan}" for who, plan in zip(people, plans, strict=True)]


def _read(observed: Any) -> tuple[Any, ...]:
    if observed is None:
        return ()
    from nadflux.analysis.observed import read_observed

    return read_observed(observed)


def _shown(figure: Figure, path: str | None) -> Figure:
    """Write the figure where a path is given; return it so that notebooks show it without pyplot."""
    if path is not None:
        check_figure_path(path)
        save_figure(figure, path)
    vars(figure)["_repr_png_"] = partial(_png, figure)
    return figure


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return buffer.getvalue()
