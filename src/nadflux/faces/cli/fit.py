"""`nadflux fit`: calibration against published studies, stopped and resumed at will."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("fit")(fit)


def fit(
    path: Annotated[
        Path | None, typer.Argument(help="A study file or a folder of them; the shipped studies by default.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Posterior file to write, ending in .zarr.")] = Path("posterior.zarr"),
    members: Annotated[int, typer.Option(help="Members of the ensemble.", min=20)] = 200,
    iterations: Annotated[int, typer.Option(help="Most steps of the Kalman inversion.", min=1)] = 10,
    moves: Annotated[int, typer.Option(help="Most moves after each step of the sampler.", min=1)] = 8,
    sweeps: Annotated[int, typer.Option(help="Sweeps kept as samples.", min=4)] = 10,
    seed: Annotated[int, typer.Option(help="Same seed, same posterior, on any number of threads.", min=0)] = 1,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Refit without each study and predict it.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a stopped fit.")] = False,
    people: Annotated[
        int, typer.Option("-n", "--people", help="People from whom the spread within an arm is computed.", min=10)
    ] = 100,
    model_error: Annotated[
        float, typer.Option(help="Log SD of what the model leaves out: absolute figures, kinetics.", min=0.0, max=5.0)
    ] = 0.25,
    ratio_error: Annotated[float, typer.Option(help="The same for ratios to baseline.", min=0.0, max=5.0)] = 0.08,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.", min=1)] = None,
    report: Annotated[
        str | None, typer.Option(help="Instead: print the results of a fit, from a file (.zarr) or 'shipped'.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            help="Instead: learn what is not explained, and test the intervals, from the studies left out of a fit "
            "(.zarr or 'shipped'), and write it to --out with both; nothing is fitted."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the record as JSON.")] = False,
) -> None:
    """Fit the uncertain parameters to the calibration studies and write the posterior.

    Studies for validation are not used. Ctrl-C stops and keeps what is finished; --resume continues, with an
    identical result. The report, also of an existing fit (--report shipped), shows each fitted row next to its
    prediction without its study, the posterior and prior of each parameter with the studies that informed it, and
    effective sample sizes.
    """
    if report is not None:
        _print_report(report, as_json)
        return
    if judge is not None:
        _judge(path, out, judge, threads, as_json)
        return
    from nadflux.faces.cli._progress import stages
    from nadflux.faces.cli._stopped import runs_in
    from nadflux.inference.calibrate import Options, calibrate, run_folder
    from nadflux.inference.study_problem import Settings
    from nadflux.studies import published_folder, read_studies

    _check_target(out)
    settings = Settings(people, model_error, ratio_error)
    options = Options(members, iterations, moves, sweeps, seed=seed, leave_one_out=leave_one_out, settings=settings)
    studies = read_studies(path if path is not None else published_folder())
    try:
        with stages("members") as progress:
            done = calibrate(
                studies,
                out,
                options,
                command=_command(path, out, options),
                resume=resume,
                threads=threads,
                progress=progress,
            )
    except KeyboardInterrupt as stop:
        raise runs_in(run_folder(out), "add --resume to go on") from stop
    _print_fit(done.record, done.version, as_json)
    if not as_json:
        print(f"\nposterior written to {out}")


def _judge(path: Path | None, out: Path, wanted: str, threads: int | None, as_json: bool) -> None:
    from nadflux.errors import NadfluxError
    from nadflux.faces.cli._progress import stages
    from nadflux.inference.judge_posterior import judge_posterior
    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.select_posterior import find_posterior
    from nadflux.studies import published_folder, read_studies

    _check_target(out)
    found, note = find_posterior(prepare(None).body, wanted)
    if found is None:
        raise NadfluxError(f"--judge {wanted}: {note or 'there is no shipped posterior'}")
    studies = read_studies(path if path is not None else published_folder())
    with stages("studies") as progress:
        record = judge_posterior(studies, found, out, threads=threads, progress=progress)
    _print_fit(record, found.version, as_json)
    if not as_json:
        print(f"\nposterior written to {out}")


def _print_report(wanted: str, as_json: bool) -> None:
    from nadflux.errors import NadfluxError
    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.select_posterior import find_posterior

    found, note = find_posterior(prepare(None).body, wanted)
    if found is None:
        raise NadfluxError(f"--report {wanted}: {note or 'there is no shipped posterior'}")
    _print_fit(found.record, found.version, as_json)


def _print_fit(record: Mapping[str, Any], version: str, as_json: bool) -> None:
    from nadflux.faces.documents.columns import plain
    from nadflux.faces.documents.terminal import console, print_json
    from nadflux.faces.report.calibration import calibration_text

    if as_json:
        print_json(plain({"version": version, **record}), indent=1)
    else:
        print(calibration_text(record, version, console().width))


def _check_target(out: Path) -> None:
    """Refuse a file that could not be written, before an hour of runs rather than after."""
    from nadflux.errors import NadfluxError
    from nadflux.files import check_place

    if out.suffix != ".zarr":
        raise NadfluxError(f"cannot write {out}: end the name in .zarr")
    if out.exists() and not (out / "values").is_dir():
        raise NadfluxError(f"{out} is there and no posterior; give another --out or remove it")
    check_place(out)


def _command(path: Path | None, out: Path, options: object) -> str:
    """Return the command that repeats the fit, with file names without their folders."""
    from nadflux.inference.calibrate import Options

    assert isinstance(options, Options)
    words = ["nadflux fit"]
    if path is not None:
        words.append(path.name)
    words += [
        f"--out {out.name}",
        f"--members {options.members} --iterations {options.iterations}",
        f"--moves {options.moves} --sweeps {options.sweeps} --seed {options.seed}",
        f"--people {options.settings.people}",
        f"--model-error {options.settings.model_error:g} --ratio-error {options.settings.ratio_error:g}",
    ]
    if options.leave_one_out:
        words.append("--leave-one-out")
    return " ".join(words)
