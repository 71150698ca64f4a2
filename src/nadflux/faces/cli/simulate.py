"""`nadflux simulate`: a person or cohort and a plan become a table, a figure and data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._answer import (
    Answer,
    CiteOption,
    DrawsOption,
    MeasuredOption,
    NcaOption,
    ObservedOption,
    UnitOption,
    VpcOption,
)
from nadflux.faces.cli._compare_plans import compare, refuse_beside_plans
from nadflux.faces.cli._events import CmtOption, EventsOption, simulate_table
from nadflux.faces.cli._looks import AtOption, Looks, WindowOption
from nadflux.faces.cli._measured import refuse_beside_measured, simulated_measured
from nadflux.faces.cli._options import (
    AGAIN,
    PosteriorOption,
    ResearchOption,
    SetOption,
    SupervisedOption,
    SwitchOption,
    listed,
    pairs,
)
from nadflux.faces.cli._question import Case, from_file, from_words
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say
from nadflux.faces.cli._signals import exit_code
from nadflux.faces.cli._simulated import Simulated, simulated
from nadflux.faces.cli._stopped import NOTHING, StoppedError

if TYPE_CHECKING:
    from nadflux.simulation.run import Run
    from nadflux.studies.experiments.components import ComponentRow


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def simulate(
        context: typer.Context,
        person: Annotated[
            str | None,
            typer.Argument(
                help='Who, e.g. "woman, 62 y, 70 kg, 168 cm"; their usual life may follow: '
                '"woman, 62 y, trains 3 times a week, sleeps 6 h, vegetarian".'
            ),
        ] = None,
        plan: Annotated[
            list[str] | None,
            typer.Option(
                help="Doses and habits, e.g. 'NR 500 mg twice daily for 8 weeks' or '16:8 for 2 weeks + HIIT 20 min "
                "3/week'; or a file (.yaml, .json, .txt); `nadflux plans` lists all. Given again, plans are compared "
                "on the same people; 'nothing' is a plan."
            ),
        ] = None,
        events: EventsOption = None,
        cmt: CmtOption = None,
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
                help="Observables of table and figure: labels such as 'NAD+ in whole blood', ids, 'autophagy', "
                f"'autophagy of liver', 'all'; {AGAIN}",
            ),
        ] = None,
        ids: Annotated[bool, typer.Option("--ids", help="Print the ids of quantities beside their names.")] = False,
        body: Annotated[
            str | None, typer.Option(help="nad or whole; if left out, whole where plan, outputs or --set need it.")
        ] = None,
        measured: MeasuredOption = None,
        draws: DrawsOption = None,
        unit: UnitOption = None,
        observed: ObservedOption = None,
        vpc: VpcOption = None,
        nca: NcaOption = False,
        cite: CiteOption = False,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        at: AtOption = None,
        window: WindowOption = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        out: Annotated[
            str | None, typer.Option(help="Write the data of what is shown, person by person: .zarr, .csv or .parquet.")
        ] = None,
        everything: Annotated[bool, typer.Option("--all", help="Write every observable with --out.")] = False,
        scenario: Annotated[
            str | None,
            typer.Option(
                help="Run the question of a file, .yaml or .json, or of a saved run, .zarr, with the same bits."
            ),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
        research: ResearchOption = False,
        supervised: SupervisedOption = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> int:
        """Simulate a person under a plan and print what an instrument would see.

        Medians and 90 % intervals of levels and excretion, with matrix, unit and tier. Research model, not medical
        advice.
        """
        _check_targets(plot, out, everything)
        answer = Answer(listed(unit, "--unit"), observed, vpc, cite, nca)
        answer.check(plot)
        several = plan is not None and len(plan) > 1
        refuse_beside_measured(
            draws=draws, measured=measured, scenario=scenario is not None, components=components,
            events=events is not None, plan=several,
        )  # fmt: skip
        answer.refuse_beside(json=as_json, components=components, events=events is not None, plan=several)
        names = listed(show, "--show") if show is not None else None
        if scenario is not None:
            case = from_file(context, scenario, names, everything)
        else:
            settings = pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"')
            switches = pairs(switch or [], "--switch", "red_cells.NA=plasma")
            asked = {
                "n": n, "seed": seed, "set": settings, "switches": switches, "posterior": posterior, "body": body,
                "days": days, "research": research, "supervised": supervised,
            }  # fmt: skip
            if events is not None:
                _refuse_beside_events(plan, components=components, at=at, window=window, everything=everything)
                simulate_table(
                    events, person, cmt, names, asked, out=out, plot=plot, as_json=as_json, ids=ids, threads=threads
                )
                return 0
            if plan is not None and several:
                refuse_beside_plans(out=out, components=components, at=at)
                compare(
                    person, plan, names, asked, window=window, plot=plot, as_json=as_json, ids=ids, threads=threads,
                    answer=answer,
                )  # fmt: skip
                return 0
            case = from_words(person, plan[0] if plan else None, names, everything, **asked)
        looks = Looks.read(at, window)
        case = replace(case, settled=replace(case.settled, also_at=looks.stored_for(case.settled)))
        if measured:
            found = simulated_measured(case, measured, draws, threads, out)
        else:
            provisional = None if as_json else _provisional(case.shown, looks, ids)
            found = simulated(case.settled, threads, out, case.shown, provisional)
        if found.run is not None:
            kept = "files named above are kept" if out or plot else NOTHING
            _deliver(case, found, plot, components, as_json, looks, threads, kept, ids, answer)
        return exit_code() if found.interrupted else 0


def _refuse_beside_events(plan: list[str] | None, **others: Any) -> None:
    """Raise ValueOutOfRangeError for options that do not go with an event table."""
    for name, given in (("plan", plan), *others.items()):
        if given:
            option = "--all" if name == "everything" else f"--{name}"
            raise ValueOutOfRangeError(f"{option} does not go with --events; leave one of them out")


def _deliver(
    case: Case,
    found: Simulated,
    plot: str | None,
    components: bool,
    as_json: bool,
    looks: Looks,
    threads: int | None,
    kept: str,
    ids: bool,
    answer: Answer,
) -> None:
    """Draw the figure, find the sources of spread and print the table of a run, each whether or not others fail.

    Ctrl-C raises StoppedError with what is then kept.
    """
    run = found.run
    assert run is not None
    parts: list[ComponentRow] = []

    def draw() -> None:
        if plot is not None:
            _draw(answer.in_units(run), case.shown, plot, found.partial, answer)
        answer.draw_vpc(run)

    def spread() -> None:
        parts.extend(_parts(case, run, threads))

    def fail() -> None:
        if found.error is not None:
            raise found.error

    try:
        deliver(
            draw if plot is not None or answer.vpc is not None else None,
            spread if components and not found.partial else None,
            lambda: _print(answer.in_units(run), case.shown, tuple(parts) or None, as_json, looks, ids, answer),
            fail,
        )
    except KeyboardInterrupt as stop:
        raise StoppedError(kept) from stop


def _parts(case: Case, run: Run, threads: int | None) -> tuple[ComponentRow, ...]:
    """Return the interval of each source of spread alone."""
    from nadflux.faces.cli._progress import progress
    from nadflux.studies.experiments.components import components

    scenario = case.settled.scenario
    asked: dict[str, Any] = {
        "n": run.persons, "seed": scenario.seed, "set": scenario.settings, "switches": scenario.switches,
        "body": scenario.body, "posterior": scenario.posterior, "times": scenario.times, "days": scenario.days,
        "group": scenario.group, "rtol": scenario.rtol, "threads": threads, "research": scenario.research,
        "supervised": scenario.supervised,
    }  # fmt: skip
    if not isinstance(scenario.people, int):
        asked["people"] = scenario.index
    with progress("sources of spread"):
        return components(scenario.who, scenario.plan, outputs=case.shown, run=run, **asked)


def _provisional(shown: tuple[str, ...], looks: Looks, ids: bool) -> Callable[[Run, int], str]:
    """Return what writes the table of the people who are finished so far."""

    def text(run: Run, wanted: int) -> str:
        from nadflux.faces.documents.summary import provisional_text
        from nadflux.faces.documents.terminal import console

        return provisional_text(run, shown, wanted, console().width, window=looks.window, ids=ids)

    return text


def _print(
    run: Run,
    shown: tuple[str, ...],
    parts: tuple[ComponentRow, ...] | None,
    as_json: bool,
    looks: Looks,
    ids: bool,
    answer: Answer,
) -> None:
    if as_json:
        from nadflux.faces.documents.summary import run_document
        from nadflux.faces.documents.terminal import print_json

        print_json(run_document(run, shown, parts, window=looks.window, at=looks.at))
        return
    from nadflux.faces.documents.summary import print_run

    print_run(run, shown, window=looks.window, at=looks.at, ids=ids)
    if parts is not None:
        from nadflux.faces.documents.components import print_components

        print_components(parts, run.persons - len(run.failures))
    answer.print_more(run, shown)


def _check_targets(plot: str | None, out: str | None, everything: bool) -> None:
    """Refuse files that could not be written, before the run rather than after."""
    if everything and out is None:
        raise ValueOutOfRangeError("--all says what --out holds; add --out FILE, or show everything with --show all")
    if out is not None:
        from nadflux.simulation.storage import check_ending

        check_ending(out)
        if Path(out).exists():
            say(f"nadflux: {out} is there and will be replaced when the run is finished")
    if plot is not None:
        from nadflux.faces.plot.paths import check_figure_path

        check_figure_path(plot)


def _draw(run: Run, shown: tuple[str, ...], plot: str, partial: bool, answer: Answer) -> None:
    """Draw the figure of a run; that of a part of the people under a name that says so."""
    from nadflux.faces.plot.run_figure import write_run
    from nadflux.files import free_part_name

    place = str(free_part_name(plot)) if partial else plot
    write_run(run, shown, place, answer.measured_values())
    say(f"figure: {place}")
