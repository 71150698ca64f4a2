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
    seed: Annotated[int, typer.Option(help="Random numbers of --draws, and of the people of --ageing.", min=0)] = 0,
    ageing: Annotated[
        bool, typer.Option("--ageing", help="Facts of ageing instead, on lives of 256 people; biology/life/facts.csv.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts and totals as JSON.")] = False,
) -> int:
    """Check the published facts of cells and organs; print the published value, the simulated one and the verdict.

    The tolerances are in biology/dish/facts.yaml. A fact counts as shown if every part in scope is.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.facts import NOTES, NOTES_ON_AGEING, facts_document, print_facts
    from nadflux.faces.documents.terminal import print_json
    from nadflux.studies.experiments.facts import check_facts
    from nadflux.studies.life.facts import check_ageing

    _check_draws(ageing, draws)
    with progress("facts") as update:

        def tell(done: int, total: int, _: str) -> bool:
            return update(done / total)

        if ageing:
            found = check_ageing(tuple(ids or ()), seed=seed, progress=tell)
        else:
            found = check_facts(tuple(ids or ()), draws=draws, seed=seed, progress=tell)
    if as_json:
        print_json(facts_document(found))
    else:
        print_facts(found, draws, NOTES_ON_AGEING if ageing else NOTES)
    return 0


def _check_draws(ageing: bool, draws: int) -> None:
    """Raise PlanError for draws of facts of cells with facts of ageing, which are judged on drawn people anyway."""
    from nadflux.errors import PlanError

    if ageing and draws:
        raise PlanError(
            "--draws is for facts of cells; facts of ageing are judged on people drawn anyway; leave it out"
        )
