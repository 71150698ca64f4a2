"""`nadflux plans`: the sentences a plan may hold, with examples, and how one is read."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def plans(
        sentence: Annotated[
            str | None, typer.Argument(help="A plan to read, or a file with one; all examples if left out.")
        ] = None,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        yaml: Annotated[bool, typer.Option("--yaml", help="Print the plan as YAML.")] = False,
        events: Annotated[
            bool, typer.Option("--events", help="Print the doses as an event table (CSV) of NONMEM and mrgsolve.")
        ] = False,
    ) -> None:
        """List the sentences of plans, with examples; or read one and print it in full, with what happens when."""
        from nadflux.faces.cli._plan_given import plan_given
        from nadflux.faces.documents.plans import print_plan, print_plan_language
        from nadflux.plans import to_yaml
        from nadflux.plans.schedule import schedule

        if sentence is None:
            print_plan_language()
            return
        plan = plan_given(sentence)
        if events:
            print(plan.to_event_table(days=days).to_csv(index=False), end="")
        elif yaml:
            print(to_yaml(plan), end="")
        else:
            print_plan(plan, None if plan.by_weight or plan.empty else schedule(plan, days=days))
