"""`nadflux rivals`: the options of every contested link side by side, for the same people and plan."""

from __future__ import annotations

from typing import Annotated

import typer

from nadflux.faces.cli._options import AGAIN, ResearchOption, SupervisedOption, listed


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def rivals(
        person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
        plan: Annotated[
            str | None, typer.Option(help='What is taken, e.g. "NR chloride 500 mg oral twice daily for 8 weeks".')
        ] = None,
        link: Annotated[
            list[str] | None, typer.Option("--link", help=f"Contested links, all by default, {AGAIN}")
        ] = None,
        show: Annotated[
            list[str] | None, typer.Option("--show", "--output", help=f"Observables by id, {AGAIN}")
        ] = None,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the intervals.")] = 64,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
        research: ResearchOption = False,
        supervised: SupervisedOption = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Run rival structures side by side: each body differs from the default in one contested link.

        Medians and 90 % intervals over the tables' priors; if two rivals agree, the choice does not matter here.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.faces.documents.rivals import print_rivals, rivals_document
        from nadflux.faces.documents.terminal import print_json
        from nadflux.studies.experiments.rivals import OBSERVABLES, compare_rivals

        names = listed(show, "--show") or OBSERVABLES
        with progress("comparing") as update:
            result = compare_rivals(
                person,
                plan,
                switches=listed(link, "--link"),
                observables=names,
                days=days,
                n=n,
                seed=seed,
                research=research,
                supervised=supervised,
                threads=threads,
                progress=update,
            )
        if as_json:
            print_json(rivals_document(result))
        else:
            print_rivals(result)
