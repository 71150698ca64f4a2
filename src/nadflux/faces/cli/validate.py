"""`nadflux validate`: published studies next to their predictions, hits and misses alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.faces.cli._options import PosteriorOption
from nadflux.faces.cli._progress import stages
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say
from nadflux.faces.cli._signals import exit_code, how_ended

if TYPE_CHECKING:
    from nadflux.studies.published.result import Report
    from nadflux.studies.published.schema import Study

PEOPLE, DRAWS = 8, 48


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("validate")(validate)


def validate(
    path: Annotated[
        Path | None,
        typer.Argument(help="A study file (.yaml) or a folder of them; the shipped studies by default."),
    ] = None,
    n: Annotated[
        int, typer.Option("-n", "--people", "--n", help="People simulated per draw of the typical values.")
    ] = PEOPLE,
    draws: Annotated[int, typer.Option(help="Draws of the typical values.")] = DRAWS,
    seed: Annotated[int, typer.Option(help="Root of the random numbers: same seed, same bits.")] = 0,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    posterior: PosteriorOption = "shipped",
    components: Annotated[
        bool, typer.Option("--components", help="Print what each source of spread alone would give, row by row.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print rows and totals as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
    out: Annotated[Path | None, typer.Option(help="Write all rows as CSV.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of study files.")] = False,
    freeze: Annotated[
        bool,
        typer.Option(
            "--freeze",
            help="Instead: write frozen.json beside the studies, which says what the model is and which studies "
            "nobody has predicted yet. Those that an earlier freeze lists count as seen.",
        ),
    ] = False,
) -> int:
    """Predict published trials without fitting; print each row with its 90 % interval, and totals."""
    from nadflux.studies import published_folder, read_studies, schema_json

    if schema:
        sys.stdout.write(schema_json())
        return 0
    _check_targets(plot, out)
    place = path if path is not None else published_folder()
    studies = read_studies(place)
    if freeze:
        return _freeze(place, studies, posterior)
    report = _run(place, studies, n, draws, seed, threads, posterior)
    _write(report, as_json, plot, out, components)
    return exit_code() if report.interrupted else 0


def _freeze(place: Path, studies: tuple[Study, ...], posterior: str) -> int:
    """Write the lock file of studies and say what it lists."""
    from datetime import date

    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.select_posterior import find_posterior
    from nadflux.studies import published_folder, read_studies
    from nadflux.studies.published.freeze import Frozen, freeze, lock_of, read_lock

    found, note = find_posterior(prepare(None).body, posterior)
    if note is not None:
        say(f"nadflux: {note}")
    shipped = read_lock(lock_of(published_folder()))
    known = [study for study in read_studies(published_folder()) if shipped is not None and study.id in shipped.seen]
    lock = freeze(lock_of(place), studies, Frozen.of(found), date.today().isoformat(), known)
    listed = ", ".join(lock.validation) or "none: every study was seen before"
    print(f"frozen on {lock.date} in {lock_of(place)}\nvalidation ({len(lock.validation)}): {listed}")
    print(f"seen before ({len(lock.seen)}): {', '.join(lock.seen) or 'none'}")
    return 0


def _run(
    place: Path, studies: tuple[Study, ...], n: int, draws: int, seed: int, threads: int | None, posterior: str
) -> Report:
    from nadflux.studies.published.freeze import lock_of
    from nadflux.studies.published.validate_body import validate_body

    with stages("studies") as update:

        def study_starts(done: int, total: int, name: str) -> bool:
            update(name or "done", done, total)
            return True

        return validate_body(
            studies, people=n, draws=draws, seed=seed, threads=threads, posterior=posterior, lock=lock_of(place),
            progress=study_starts,
            tell=lambda note: say(f"nadflux: {note}"),
        )  # fmt: skip


def _check_targets(plot: Path | None, out: Path | None) -> None:
    """Refuse a file that cannot be written before anything is simulated."""
    from nadflux.errors import NadfluxError
    from nadflux.files import check_place

    for path, endings in ((plot, (".png", ".svg", ".pdf")), (out, (".csv",))):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise NadfluxError(f"cannot write {path}: use a name that ends in {', '.join(endings)}")
        check_place(path)


def _write(report: Report, as_json: bool, plot: Path | None, out: Path | None, components: bool) -> None:
    """Write the rows, figure and table of a report; those of a part under names that say so."""
    if report.interrupted and not report.rows:
        say(f"nadflux: {how_ended()} before the first study was finished; nothing is written")
        return
    if report.interrupted:
        kept = "" if out is not None else "; only what is printed is of them, give --out to keep it"
        say(f"nadflux: {how_ended()} after {report.finished} of {report.wanted} studies{kept}")
    deliver(
        (lambda: _write_rows(report, out)) if out is not None else None,
        (lambda: _draw(report, plot)) if plot is not None else None,
        lambda: _print(report, as_json, components),
    )


def _write_rows(report: Report, out: Path) -> None:
    from nadflux.faces.documents.validation import write_rows

    say(f"rows written to {write_rows(report, out)}")


def _draw(report: Report, plot: Path) -> None:
    from nadflux.faces.plot.forest import forest
    from nadflux.files import free_part_name

    place = free_part_name(plot) if report.interrupted else plot
    say(f"{forest(report, place)} rows drawn in {place}")


def _print(report: Report, as_json: bool, components: bool) -> None:
    from nadflux.faces.documents.terminal import console, print_json
    from nadflux.faces.documents.validation import validation_document
    from nadflux.faces.report.components import components_text
    from nadflux.faces.report.validation import validation_text

    if as_json:
        print_json(validation_document(report), indent=1)
        return
    width = console().width
    print(validation_text(report, width))
    if components:
        print("\n" + components_text(report, width))
