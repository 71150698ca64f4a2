"""`nadflux compare-routes`: the same dose of every precursor by every route, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from nadflux.faces.cli._options import AGAIN, ResearchOption, SupervisedOption, SwitchOption, listed, pairs
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command(name="compare-routes")
    def compare_routes(
        dose: Annotated[str, typer.Option(help="Dose of each compound: 500mg, or moles such as 2mmol.")] = "500mg",
        person: Annotated[str, typer.Option(help='Who, e.g. "woman, 62 y, 70 kg".')] = "woman, 50 y, 70 kg",
        equal_moles: Annotated[
            bool, typer.Option("--equal-moles", help="As many moles of each as the dose is of the first compound.")
        ] = False,
        observable: Annotated[
            list[str] | None,
            typer.Option("--observable", "--show", "--output", help=f"Levels, whole_blood_nad by default, {AGAIN}"),
        ] = None,
        organs: Annotated[list[str] | None, typer.Option(help=f"Organs of the tracer tables or 'all', {AGAIN}")] = None,
        days: Annotated[int, typer.Option(help="Days of daily dosing.")] = 28,
        infusion: Annotated[str, typer.Option("--over", help="How long each infusion takes.")] = "4 h",
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the intervals.")] = 48,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        switch: SwitchOption = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
        research: ResearchOption = False,
        supervised: SupervisedOption = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Compare NR, NMN, NAM, NA and NAD+ by every route that exists, for the same people and dose.

        Time to effect, exposure, ripple, spread between people, the share of the dose that organs build in, by form,
        and usual practice. A comparison of what the model computes, never a recommendation.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.faces.documents.routes import print_routes, routes_document
        from nadflux.faces.documents.terminal import print_json
        from nadflux.faces.plot.paths import check_figure_path
        from nadflux.studies.experiments.compare_routes import OBSERVABLES
        from nadflux.studies.experiments.compare_routes import compare_routes as compare
        from nadflux.studies.experiments.route_organs import organs_shown

        if plot is not None:
            check_figure_path(plot)
        wanted = listed(organs, "--organs") if organs is not None else None
        with progress("comparing") as update:
            result = compare(
                dose,
                person,
                equal_moles=equal_moles,
                observables=listed(observable, "--observable") or OBSERVABLES,
                days=days,
                infusion=infusion,
                n=n,
                seed=seed,
                switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
                research=research,
                supervised=supervised,
                threads=threads,
                progress=update,
            )
        chosen = organs_shown(result, wanted)

        def draw() -> None:
            from nadflux.faces.plot.routes import write_routes

            write_routes(result, chosen, str(plot))
            say(f"figure: {plot}")

        deliver(
            draw if plot is not None else None,
            lambda: print_json(routes_document(result)) if as_json else print_routes(result, chosen),
        )
