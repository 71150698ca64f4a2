"""`nadflux assay`: an LC3 flux assay on the model, its conclusion, and the true flux."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.faces.cli._options import DRAWS
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("assay")(assay)


def assay(
    organ: Annotated[str, typer.Option(help="Cells: liver, muscle, heart, immune_cells or fibroblast.")] = "liver",
    inhibitor: Annotated[
        str | None,
        typer.Option(help='Block, e.g. "bafilomycin 100 nM for 4 h"; without one the assay is indeterminate.'),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            help='State or treatment, e.g. fed, "starved 4 h", "rapamycin 100 nM for 4 h"; first is reference.'
        ),
    ] = None,
    species: Annotated[str, typer.Option(help="Whose numbers: human, mouse or rat.")] = "human",
    preset: Annotated[str | None, typer.Option(help="A known assay instead of the options above: pbmc.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Blots per condition.")] = None,
    noise: Annotated[float | None, typer.Option(help="Coefficient of variation of a blot, e.g. 0.15.")] = None,
    draws: Annotated[
        int, typer.Option(help="Draws of the tables' uncertain numbers for the interval of the true flux.", min=0)
    ] = DRAWS,
    seed: Annotated[int, typer.Option(help="Root of the random numbers: same seed, same blots.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
) -> int:
    """Simulate blots of LC3-II and p62 with and without a block, read them by the rules; compare with the true flux.

    Levels are means of replicates with their standard error; the true flux is that of the tables' typical cell, with
    the 90 % interval over draws of the uncertain numbers in them. Research model, not medical advice.
    """
    from nadflux.faces.documents.assay import assay_document, print_assay
    from nadflux.faces.documents.terminal import print_json
    from nadflux.faces.plot.paths import check_figure_path
    from nadflux.studies.experiments.assay import run_assay
    from nadflux.studies.experiments.assay_design import preset_design, read_design
    from nadflux.studies.experiments.cell_conditions import CONDITIONS

    if plot is not None:
        check_figure_path(str(plot))
    _check_preset(preset, inhibitor, condition)
    design = preset_design(preset) if preset else read_design(organ, species, tuple(condition or CONDITIONS), inhibitor)
    result = run_assay(design, replicates=replicates, cv=noise, seed=seed, draws=draws)

    def draw() -> None:
        from nadflux.faces.plot.assay_bars import assay_bars

        assert plot is not None
        assay_bars(result, plot)
        say(f"figure written to {plot}")

    deliver(
        draw if plot is not None else None,
        lambda: print_json(assay_document(result)) if as_json else print_assay(result),
    )
    return 0


def _check_preset(preset: str | None, inhibitor: str | None, condition: list[str] | None) -> None:
    """Raise PlanError for a preset with another option that it already sets."""
    from nadflux.errors import PlanError

    if preset is not None and (inhibitor or condition):
        raise PlanError("a preset brings its own inhibitor and conditions; give either --preset or those")
