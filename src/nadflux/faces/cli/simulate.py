"""`nadflux simulate`: a person or cohort and a plan become a table, a figure and data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._looks import AtOption, Looks, WindowOption
from nadflux.faces.cli._options import AGAIN, PosteriorOption, SetOption, SwitchOption, listed, pairs
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say
from nadflux.faces.cli._signals import exit_code
from nadflux.faces.cli._simulated import Simulated, simulated
from nadflux.faces.cli._stopped import NOTHING, StoppedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nadflux.simulation.compiled import Prepared
    from nadflux.simulation.run import Run
    from nadflux.simulation.scenario import Scenario
    from nadflux.simulation.settle import Settled
    from nadflux.studies.experiments.components import ComponentRow

ALL = "all"
"""What stands for every observable after --show."""
SHOWN = ("whole_blood_nad", "pbmc_nad", "plasma_nad", "urine_mna", "urine_2py", "urine_4py")
"""Observables of the table unless others are asked for."""
LIVED = (
    "plasma_glucose", "plasma_insulin", "plasma_fatty_acids", "plasma_ketone", "whole_blood_nad", "liver_nad",
    "muscle_nad", "liver_mTORC1", "muscle_mTORC1", "body_J_init", "body_J_seq", "body_J_deg",
)  # fmt: skip
"""The same for a plan with lifestyle."""
_PEAKS_UP_TO_H = 7 * 24.0
SAID = ("person", "plan", "n", "seed", "set_", "switch", "posterior", "body", "days")
"""What a scenario says, and the command therefore may not say beside it."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def simulate(
        context: typer.Context,
        person: Annotated[
            str | None,
            typer.Argument(
                help='Who, e.g. "woman, 62 y, 70 kg, 168 cm"; how she usually lives may follow: '
                '"woman, 62 y, trains 3 times a week, sleeps 6 h, vegetarian".'
            ),
        ] = None,
        plan: Annotated[
            str | None,
            typer.Option(
                help="What is taken and lived, e.g. 'NR chloride 500 mg oral twice daily for 8 weeks' or "
                "'16:8 eating window for 2 weeks + endurance 45 min at 70% VO2max 3/week'; `nadflux plans` lists all."
            ),
        ] = None,
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
                help=f"Observables of table and figure: ids, 'autophagy', 'autophagy of liver', 'all'; {AGAIN}",
            ),
        ] = None,
        body: Annotated[
            str | None, typer.Option(help="nad or whole; if left out, whole where plan, outputs or --set need it.")
        ] = None,
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
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> int:
        """Simulate a person under a plan and print what an instrument would see.

        Medians and 90 % intervals of levels and excretion, with matrix, unit and tier. Research model, not medical
        advice.
        """
        _check_targets(plot, out, everything)
        names = listed(show, "--show") if show is not None else None
        if scenario is not None:
            case = _from_file(context, scenario, names, everything)
        else:
            settings = pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"')
            switches = pairs(switch or [], "--switch", "red_cells.NA=plasma")
            case = _from_words(
                person, plan, names, everything,
                n=n, seed=seed, set=settings, switches=switches, posterior=posterior, body=body, days=days,
            )  # fmt: skip
        looks = Looks.read(at, window)
        case = replace(case, settled=replace(case.settled, also_at=looks.stored_for(case.settled)))
        found = simulated(case.settled, threads, out, case.shown)
        if found.run is not None:
            try:
                _deliver(case, found, plot, components, as_json, looks, threads)
            except KeyboardInterrupt as stop:
                raise StoppedError("files named above are kept" if out or plot else NOTHING) from stop
        return exit_code() if found.interrupted else 0


@dataclass(frozen=True)
class _Case:
    """What is simulated, and the ids of the observables of table and figure."""

    settled: Settled
    shown: tuple[str, ...]


def _from_words(
    person: str | None, plan: str | None, names: Sequence[str] | None, everything: bool, **asked: Any
) -> _Case:
    """The question that the words of the command ask."""
    from nadflux.simulation import Scenario, settle

    if person is None:
        raise ValueOutOfRangeError('Missing argument: say who, e.g. "woman, 62 y, 70 kg", or give --scenario FILE')
    scenario = Scenario.of(person, plan, outputs=_named(names), **asked)
    settled = settle(scenario)
    shown = _shown(settled.prepared, names, lived=_lived(scenario))
    peaks = shown if _is_short(settled) else ()
    return _Case(settled.keeping(_kept(settled.prepared, shown, everything or _all(names)), peaks), shown)


def _from_file(context: typer.Context, path: str, names: Sequence[str] | None, everything: bool) -> _Case:
    """The question that a file asks; what it says is not said beside it."""
    from nadflux.simulation import settle
    from nadflux.simulation.scenario_file import read_scenario

    _refuse_beside(context)
    scenario = read_scenario(path)
    if everything or _all(names):
        scenario = scenario.changed(outputs=None)
    settled = settle(scenario.changed(outputs=(*(scenario.outputs or ()), *_named(names))))
    shown = _shown(settled.prepared, names, lived=_lived(scenario))
    if scenario.outputs is None:
        kept = _kept(settled.prepared, tuple(dict.fromkeys((*shown, *scenario.peaks))), everything or _all(names))
        return _Case(settled.keeping(kept, scenario.peaks), shown)
    stored = _shown(settled.prepared, (*scenario.outputs, *scenario.peaks))
    if names is None:
        shown = tuple(name for name in shown if name in stored) or stored
    more = (name for name in shown if name not in stored)
    return _Case(settled.keeping((*scenario.outputs, *more), scenario.peaks), shown)


def _refuse_beside(context: typer.Context) -> None:
    """Raise ValueOutOfRangeError for an option given beside a scenario, which says it itself."""
    options = {option.name: option.opts[-1] for option in context.command.params}
    for name in SAID:
        if str(context.get_parameter_source(name)).endswith("COMMANDLINE"):
            said = f"{options[name]} is given beside --scenario, which says it itself"
            raise ValueOutOfRangeError(f"{said}; leave it out, or change the file")


def _deliver(
    case: _Case,
    found: Simulated,
    plot: str | None,
    components: bool,
    as_json: bool,
    looks: Looks,
    threads: int | None,
) -> None:
    """Figure, sources of spread and table of a run; one that fails does not take the others with it."""
    run = found.run
    assert run is not None
    parts: list[ComponentRow] = []

    def draw() -> None:
        _draw(run, case.shown, plot, found.partial)

    def spread() -> None:
        parts.extend(_parts(case, run, threads))

    def fail() -> None:
        if found.error is not None:
            raise found.error

    deliver(
        draw if plot is not None else None,
        spread if components and not found.partial else None,
        lambda: _print(run, case.shown, tuple(parts) or None, as_json, looks),
        fail,
    )


def _parts(case: _Case, run: Run, threads: int | None) -> tuple[ComponentRow, ...]:
    """Each source of spread alone."""
    from nadflux.faces.cli._progress import progress
    from nadflux.studies.experiments.components import components

    scenario = case.settled.scenario
    asked: dict[str, Any] = {
        "n": run.persons, "seed": scenario.seed, "set": scenario.settings, "switches": scenario.switches,
        "body": scenario.body, "posterior": scenario.posterior, "times": scenario.times, "days": scenario.days,
        "group": scenario.group, "rtol": scenario.rtol, "threads": threads,
    }  # fmt: skip
    if not isinstance(scenario.people, int):
        asked["people"] = scenario.index
    with progress("sources of spread"):
        return components(scenario.who, scenario.plan, outputs=case.shown, run=run, **asked)


def _print(
    run: Run, shown: tuple[str, ...], parts: tuple[ComponentRow, ...] | None, as_json: bool, looks: Looks
) -> None:
    if as_json:
        from nadflux.faces.documents.summary import run_document
        from nadflux.faces.documents.terminal import print_json

        print_json(run_document(run, shown, parts, window=looks.window, at=looks.at))
        return
    from nadflux.faces.documents.summary import print_run

    print_run(run, shown, window=looks.window, at=looks.at)
    if parts is not None:
        from nadflux.faces.documents.components import print_components

        print_components(parts, run.persons - len(run.failures))


def _named(names: Sequence[str] | None) -> tuple[str, ...]:
    """Observables asked for by name, which decide on the body; ``all`` does not."""
    return () if _all(names) else tuple(names or ())


def _all(names: Sequence[str] | None) -> bool:
    return names is not None and ALL in names


def _shown(prepared: Prepared, names: Sequence[str] | None, *, lived: bool = False) -> tuple[str, ...]:
    """Ids of the observables of table and figure; raises UnknownNameError."""
    from nadflux.simulation.output_names import expand

    known = [observable.id for observable in prepared.body.observables]
    if names is None:
        shown = LIVED if lived else SHOWN
        return tuple(name for name in shown if name in known)
    named = expand([name for name in names if name != ALL], prepared.body.observables)
    return tuple(known) if _all(names) else named


def _kept(prepared: Prepared, shown: tuple[str, ...], everything: bool) -> tuple[str, ...] | None:
    """Observables to store: those shown and the sums of the fluxes among them, or all."""
    if everything:
        return None
    integrals = (o.id for o in prepared.body.observables if o.integral_of in shown and o.id not in shown)
    return (*shown, *integrals)


def _lived(scenario: Scenario) -> bool:
    return scenario.plan is not None and bool(scenario.plan.lifestyle)


def _is_short(settled: Settled) -> bool:
    """Tell whether doses alone are followed for a few days only: then the peak is what counts."""
    plan = settled.scenario.plan
    return plan is not None and not plan.lifestyle and settled.planned.end_h <= _PEAKS_UP_TO_H


def _check_targets(plot: str | None, out: str | None, everything: bool) -> None:
    """Refuse what could not be written before the run, not after it."""
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


def _draw(run: Run, shown: tuple[str, ...], plot: str | None, partial: bool) -> None:
    """The figure of a run, of a part of the people under a name that says so."""
    from nadflux.faces.plot.run_figure import write_run
    from nadflux.files import free_part_name

    assert plot is not None
    place = str(free_part_name(plot)) if partial else plot
    write_run(run, shown, place)
    say(f"figure: {place}")
