"""`nadflux simulate`: a person or cohort and a plan become a table, a figure and data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import SimulationError
from nadflux.faces.cli._options import AGAIN, PosteriorOption, SetOption, SwitchOption, listed, pairs
from nadflux.faces.cli._stopped import StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nadflux.plans import Plan
    from nadflux.simulation.compiled import Prepared
    from nadflux.simulation.run import Run

INTERRUPTED = 130
ALL = "all"
"""What stands for every observable after --show."""
SHOWN = ("whole_blood_nad", "pbmc_nad", "plasma_nad", "urine_mna", "urine_2py", "urine_4py")
"""Observables of the table unless others are asked for."""
LIVED = (
    "plasma_glucose", "plasma_insulin", "plasma_fatty_acids", "plasma_ketone", "whole_blood_nad", "liver_nad",
    "muscle_nad", "liver_mTORC1", "muscle_mTORC1", "body_J_init", "body_J_seq", "body_J_deg",
)  # fmt: skip
"""The same for a plan with lifestyle."""
_PEAKS_UP_TO_H = 7 * 24.0


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def simulate(
        person: Annotated[
            str,
            typer.Argument(
                help='Who, e.g. "woman, 62 y, 70 kg, 168 cm"; how she usually lives may follow: '
                '"woman, 62 y, trains 3 times a week, sleeps 6 h, vegetarian".'
            ),
        ],
        plan: Annotated[
            str | None,
            typer.Option(
                help="What is taken and lived, e.g. 'NR chloride 500 mg oral twice daily for 8 weeks' or "
                "'16:8 eating window for 2 weeks + endurance 45 min at 70% VO2max 3/week'; `nadflux plans` lists all."
            ),
        ] = None,
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the interval.")] = 64,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        set_: SetOption = None,
        switch: SwitchOption = None,
        posterior: PosteriorOption = "shipped",
        components: Annotated[
            bool, typer.Option("--components", help="Show each source of spread alone: parameters, people, assay.")
        ] = False,
        show: Annotated[
            list[str] | None,
            typer.Option(
                "--show",
                "--output",
                help=f"Observables of table and figure: ids, 'autophagy', 'autophagy of liver', 'all'; {AGAIN}",
            ),
        ] = None,
        body: Annotated[
            str | None, typer.Option(help="nad or whole; if left out, whole where plan, outputs or --set need it.")
        ] = None,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        out: Annotated[str | None, typer.Option(help="Write the data: .zarr, .csv or .parquet.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> int:
        """Simulate a person under a plan and print what an instrument would see.

        Medians and 90 % intervals of levels and excretion, with matrix, unit and tier. Research model, not medical
        advice.
        """
        from nadflux.plans import Plan
        from nadflux.simulation import SimulationInterruptedError
        from nadflux.simulation import simulate as simulate_people

        _check_targets(plot, out)
        from nadflux.faces.cli._progress import progress

        switches = pairs(switch or [], "--switch", "red_cells.NA=plasma")
        planned = Plan.parse(plan) if plan is not None else None
        settings = pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"')
        names = listed(show, "--show") if show is not None else None
        used = _prepared(person, body, switches, planned, days, settings, names)
        shown = _shown(used, names, lived=planned is not None and bool(planned.lifestyle))
        peaks = shown if _is_short(planned, days) else ()
        interrupted = None
        asked: dict[str, Any] = {
            "n": n,
            "seed": seed,
            "set": settings,
            "body": body,
            "posterior": posterior,
            "switches": switches,
            "days": days,
            "threads": threads,
        }
        with progress("simulating") as update:
            try:
                run = simulate_people(
                    person, planned, outputs=_kept(used, shown, names), peaks=peaks, progress=update, **asked
                )
            except SimulationInterruptedError as stop:
                if stop.run is None:
                    typer.echo(
                        "nadflux: interrupted before the first people were finished; nothing is written", err=True
                    )
                    return INTERRUPTED
                run, interrupted = stop.run, stop
        if len(run.failures) == run.persons:
            reason = run.failures[0]
            raise SimulationError(
                f"no person could be simulated: at {reason.time:.4g} h, {reason.state}: {reason.reason}; "
                "check what was set by hand"
            )
        if interrupted is not None:
            shown_only = "" if out is not None else "; only the table below is of them, give --out to keep their data"
            typer.echo(f"nadflux: {interrupted.progress}{shown_only}", err=True)
        parts = None
        if components and interrupted is None:
            from nadflux.studies.experiments.components import components as sources_of_spread

            with progress("sources of spread"):
                parts = sources_of_spread(person, planned, outputs=shown, run=run, **asked)
        if as_json:
            from nadflux.faces.cli._tables import as_json as to_json

            print(to_json(run, shown, parts))
        else:
            from nadflux.faces.cli._tables import print_run

            print_run(run, shown)
            if parts is not None:
                from nadflux.faces.cli._components import print_components

                print_components(parts, run.persons - len(run.failures))
        _write(run, shown, plot, out)
        return INTERRUPTED if interrupted is not None else 0


def _prepared(
    who: str,
    body: str | None,
    switches: Mapping[str, str],
    plan: Plan | None,
    days: float | None,
    settings: Mapping[str, str],
    names: Sequence[str] | None,
) -> Prepared:
    """The body that person, plan and outputs need."""
    from nadflux.plans.language.person import read_person
    from nadflux.plans.schedule import schedule
    from nadflux.simulation.select_body import prepare_for

    events = schedule(plan, days=days).events if plan is not None else ()
    return prepare_for(
        body,
        who=read_person(who),
        switches=switches,
        events=events,
        outputs=() if _all(names) else names or (),
        settings=settings,
    )


def _all(names: Sequence[str] | None) -> bool:
    return names is not None and ALL in names


def _shown(prepared: Prepared, names: Sequence[str] | None, *, lived: bool = False) -> tuple[str, ...]:
    """Ids of the observables of table and figure; raises UnknownNameError."""
    from nadflux.simulation.output_names import expand

    known = [observable.id for observable in prepared.body.observables]
    if names is None:
        shown = LIVED if lived else SHOWN
        return tuple(name for name in shown if name in known)
    named = expand([name for name in names if name != ALL], prepared.body.observables)
    return tuple(known) if _all(names) else named


def _kept(prepared: Prepared, shown: tuple[str, ...], names: Sequence[str] | None) -> tuple[str, ...] | None:
    """Observables to store: all of the NAD body; of the whole one, which has hundreds, those shown and their totals."""
    if prepared.body.name == "nad" or _all(names):
        return None
    known = {observable.id for observable in prepared.body.observables}
    return (*shown, *(f"{name}_total" for name in shown if f"{name}_total" in known))


def _is_short(plan: Plan | None, days: float | None) -> bool:
    """Whether doses alone are followed for a few days only: then the peak is what counts."""
    from nadflux.plans.schedule import schedule

    return plan is not None and not plan.lifestyle and schedule(plan, days=days).end_h <= _PEAKS_UP_TO_H


def _check_targets(plot: str | None, out: str | None) -> None:
    """Refuse what could not be written before the run, not after it."""
    if out is not None:
        from nadflux.simulation.storage import check_ending

        check_ending(out)
        if Path(out).exists():
            typer.echo(f"nadflux: {out} is there and will be replaced when the run is finished", err=True)
    if plot is not None:
        from nadflux.faces.plot.paths import check_figure_path

        check_figure_path(plot)


def _write(run: Run, shown: tuple[str, ...], plot: str | None, out: str | None) -> None:
    if plot is not None:
        from nadflux.faces.plot.day import write_day
        from nadflux.faces.plot.time_course import write_time_course
        from nadflux.simulation.summary import SHORT

        write = write_day if run.usual is not None and run.times[-1] > SHORT else write_time_course
        write(run, shown, plot)
        typer.echo(f"figure: {plot}", err=True)
    if out is not None:
        try:
            run.save(out)
        except KeyboardInterrupt as stop:
            figure = f"the figure {plot} is written, " if plot is not None else ""
            raise StoppedError(f"{figure}the data are not written to {out}") from stop
        typer.echo(f"data: {out}", err=True)
