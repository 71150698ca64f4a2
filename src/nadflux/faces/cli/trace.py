"""`nadflux trace`: fate of the moieties of a labelled dose, and the form in which organs build them in."""

from __future__ import annotations

from typing import Annotated

import typer

from nadflux.faces.cli._options import ResearchOption, SetOption, SupervisedOption, SwitchOption, pairs
from nadflux.faces.cli._plan_given import plan_given


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def trace(
        person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
        plan: Annotated[str, typer.Option(help='What is taken, e.g. "NR chloride 300 mg oral once".')],
        label: Annotated[
            str | None, typer.Option(help="Compound that is labelled, where the plan has several.")
        ] = None,
        hours: Annotated[float, typer.Option(help="How long the label is followed.")] = 24.0,
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the interval.")] = 64,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        set_: SetOption = None,
        switch: SwitchOption = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
        research: ResearchOption = False,
        supervised: SupervisedOption = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Follow a labelled dose: the share that reaches the NAD+ of each organ, and as NR, NMN, NA or NAM.

        A computed tracer experiment: label follows every reaction of the model at the rate of the molecules that
        carry it. Shares of the dose, medians with 90 % interval.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.faces.documents.terminal import print_json
        from nadflux.faces.documents.tracer import print_trace, trace_document
        from nadflux.simulation.tracer.tracer import trace as follow

        with progress("tracing") as update:
            result = follow(
                person,
                plan_given(plan),
                label,
                hours=hours,
                n=n,
                seed=seed,
                set=pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"'),
                switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
                research=research,
                supervised=supervised,
                threads=threads,
                progress=update,
            )
        if as_json:
            print_json(trace_document(result))
        else:
            print_trace(result)
