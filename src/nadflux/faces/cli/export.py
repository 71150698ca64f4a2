"""`nadflux export`: the shipped body as SBML, Antimony or a COMBINE archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import NadfluxError
from nadflux.faces.cli._options import ResearchOption, SupervisedOption, SwitchOption, pairs
from nadflux.faces.cli._say import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nadflux.network.model import Model

LEAST_POINTS, MOST_POINTS = 100, 5000


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("export")(export)


def export(
    sbml: Annotated[Path | None, typer.Option(help="Write SBML Level 3 Version 2.")] = None,
    antimony: Annotated[Path | None, typer.Option(help="Write Antimony.")] = None,
    omex: Annotated[
        Path | None, typer.Option(help="Write a COMBINE archive with both, and SED-ML with --plan.")
    ] = None,
    sedml: Annotated[
        Path | None, typer.Option(help="Write the time course of --plan as SED-ML, beside the file of --sbml.")
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="nad, or whole: with energy, sensing, autophagy and food.", show_default="nad")
    ] = None,
    start: Annotated[
        str,
        typer.Option(
            help="How the resting state is written: numbers load at once in any tool; formulas let capacities follow "
            "when a number is changed, but take libRoadRunner many minutes to load."
        ),
    ] = "numbers",
    switch: SwitchOption = None,
    person: Annotated[
        str | None,
        typer.Option(help="The typical person of a description, as they are at time 0: 'woman, 62 y, 70 kg'."),
    ] = None,
    plan: Annotated[
        str | None, typer.Option(help="Their doses, meals and habits as events: 'NR chloride 500 mg oral twice daily'.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="Length of the time course, if not that of the plan.")] = None,
    research: ResearchOption = False,
    supervised: SupervisedOption = False,
) -> None:
    """Write the body model in standard formats, with units and annotations.

    With --person and --plan any SBML tool shows curves: doses are events, the observables of nadflux are variables, and
    the archive holds a time course in SED-ML. libRoadRunner compiles what it loads: about 6 s of one processor core for
    the nad body, 45 s for the whole one.
    """
    from nadflux.network.body_spec import BASE
    from nadflux.network.export import OMEX, exported_model, write_model
    from nadflux.network.write_omex import ANTIMONY, SBML

    wanted = {kind: path for kind, path in ((SBML, sbml), (ANTIMONY, antimony), (OMEX, omex)) if path is not None}
    _check_targets((*wanted.values(), *((sedml,) if sedml is not None else ())))
    switches = pairs(switch or [], "--switch", "red_cells.NA=plasma")
    experiment = None
    if person is None:
        _refuse_course(plan, sedml, days)
        model = exported_model(body or BASE, start, switches)
    else:
        asked = {"days": days, "body": body, "switches": switches, "research": research, "supervised": supervised}
        model, experiment = _of_person(person, plan, asked)
    course = experiment("model.xml") if experiment is not None else ""
    size = f"{len(model.species)} species, {len(model.reactions)} reactions, {len(model.parameters)} parameters"
    size += f", {len(model.events)} events" if model.events else ""
    written = [write_model(model, kind, path, course if kind == OMEX else "") for kind, path in wanted.items()]
    for path in written:
        print(f"{path}: {size}")
    if sedml is not None and experiment is not None:
        from nadflux.files import write_text

        file = sbml.name if sbml is not None else "model.xml"
        write_text(sedml, experiment(file))
        print(f"{sedml}: a time course of {file}")


def _of_person(person: str, plan: str | None, asked: Mapping[str, Any]) -> tuple[Model, Callable[[str], str]]:
    """Return the model of a person under a plan, and what writes its time course as SED-ML for a file of the model."""
    from nadflux.network.write_sedml import Curve, write_sedml
    from nadflux.simulation.person_model import person_model
    from nadflux.simulation.scenario import Scenario

    scenario = Scenario.of(person, plan, **asked)
    found = person_model(scenario)
    for note in found.screening:
        say(str(note))
    curves = [Curve(name, "parameter", label) for name, label in found.observables.items()]
    points = int(min(max(found.end_h, LEAST_POINTS), MOST_POINTS))
    return found.model, lambda file: write_sedml(curves, found.end_h, points, file)


def _refuse_course(plan: str | None, sedml: Path | None, days: float | None) -> None:
    """Raise NadfluxError for a plan or a time course without a person."""
    if not (plan is None and sedml is None and days is None):
        raise NadfluxError("a plan and its time course need --person, e.g. --person 'woman, 62 y, 70 kg'")


def _check_targets(paths: tuple[Path, ...]) -> None:
    """Raise NadfluxError if there is nothing to write, or two formats have one file."""
    from nadflux.files import check_place

    if not paths:
        raise NadfluxError("nothing to write; give --sbml FILE, --antimony FILE or --omex FILE")
    for path in paths:
        check_place(path)
    if len({path.resolve() for path in paths}) < len(paths):
        raise NadfluxError("two formats are to be written to one file; give each a name of its own")
