"""`nadflux sensitivity`: influence of uncertain numbers on an output, with intervals and a convergence flag."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.faces.cli._options import ResearchOption, SupervisedOption
from nadflux.faces.cli._plan_given import plan_given
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("sensitivity")(sensitivity)


def sensitivity(
    person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
    output: Annotated[str, typer.Option(help="Observable, by id; `nadflux describe` lists them.")],
    plan: Annotated[
        str | None, typer.Option(help="What is taken: a plan or a file with one; nothing if left out.")
    ] = None,
    measure: Annotated[
        str | None, typer.Option(help="end, ratio (end over start), mean or peak; ratio under a plan, else end.")
    ] = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option(help="Covariate to vary too, over its spread in such people. May be repeated."),
    ] = None,
    days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
    top: Annotated[int, typer.Option(help="Inputs for which indices are computed, after screening.", min=2)] = 20,
    base: Annotated[int, typer.Option(help="Base samples, a power of two.")] = 128,
    seed: Annotated[int, typer.Option(help="Same seed, same numbers.", min=0)] = 1,
    research: ResearchOption = False,
    supervised: SupervisedOption = False,
    runs: Annotated[
        Path | None, typer.Option(help="Folder for finished runs, from which the same command continues.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
) -> None:
    """Divide the uncertainty of an output among the uncertain numbers of the tables.

    First-order and total Sobol indices with 95 % bootstrap intervals. All uncertain typical values are screened
    first; differences between people are included only for covariates named by --covariate. An output or a plan of
    the whole body uses that body, such as --plan "fast 36 h" --output body_J_deg; a fast is judged by its last 24
    hours relative to the usual day before.
    """
    from nadflux.faces.cli._progress import stages
    from nadflux.faces.cli._stopped import runs_in
    from nadflux.faces.documents.indices import print_sensitivity, sensitivity_document
    from nadflux.faces.documents.terminal import print_json
    from nadflux.faces.plot.paths import check_figure_path, save_figure
    from nadflux.inference.sensitivity import sensitivity as compute
    from nadflux.plans.language.person import read_person
    from nadflux.simulation.scenario import planned_for

    if plot is not None:
        check_figure_path(str(plot))
    who = read_person(person)
    try:
        with stages("runs") as progress:
            found = compute(
                who,
                planned_for(plan_given(plan), who) if plan is not None else None,
                output,
                measure=measure,  # type: ignore[arg-type]
                covariates=covariate or (),
                days=days,
                top=top,
                base=base,
                seed=seed,
                research=research,
                supervised=supervised,
                threads=threads,
                folder=runs,
                progress=progress,
            )
    except KeyboardInterrupt as stop:
        if runs is None:
            raise
        raise runs_in(runs, "the same command goes on from there") from stop

    def draw() -> None:
        from nadflux.faces.plot.indices import draw_indices, shares_of

        panel = (f"{found.output}, {found.measure}", shares_of(found.indices, found.indices.names))
        save_figure(draw_indices([panel], len(found.indices.names)), str(plot))
        say(f"figure: {plot}")

    def show() -> None:
        if as_json:
            print_json({"who": person, "plan": plan, **sensitivity_document(found, held=bool(covariate))}, indent=1)
        else:
            print_sensitivity(found)

    deliver(draw if plot is not None else None, show)
