"""`nadflux facts`: published facts of cells and organs next to the results of the model, hits and misses alike."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("facts")(facts)


def facts(
    ids: Annotated[list[str] | None, typer.Argument(help="Facts to check, e.g. 1 5 M3; all by default.")] = None,
    draws: Annotated[
        int, typer.Option(help="Also give the share of so many draws of the tables' ranges that show each part.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Random numbers of --draws.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts and totals as JSON.")] = False,
) -> int:
    """Check the published facts of cells and organs; print the published value, the simulated one and the verdict.

    The tolerances are in biology/dish/facts.yaml. A fact counts as shown if every part in scope is.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.facts import facts_document, print_facts
    from nadflux.faces.documents.terminal import print_json
    from nadflux.studies.experiments.facts import check_facts

    with progress("facts") as update:
        found = check_facts(
            tuple(ids or ()), draws=draws, seed=seed, progress=lambda done, total, _: update(done / total)
        )
    if as_json:
        print_json(facts_document(found))
    else:
        print_facts(found, draws)
    return 0
