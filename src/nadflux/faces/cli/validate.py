"""`nadflux validate`: published studies beside their predictions, hits and misses alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.faces.cli._options import PosteriorOption
from nadflux.faces.cli._stopped import INTERRUPTED

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
) -> int:
    """Predict published trials without fitting; print each row beside its 90 % interval, and totals."""
    from nadflux.studies import published_folder, read_studies, schema_json

    if schema:
        sys.stdout.write(schema_json())
        return 0
    _check_targets(plot, out)
    studies = read_studies(path if path is not None else published_folder())
    report = _run(studies, n, draws, seed, threads, posterior)
    _write(report, as_json, plot, out, components)
    return INTERRUPTED if report.interrupted else 0


def _run(studies: tuple[Study, ...], n: int, draws: int, seed: int, threads: int | None, posterior: str) -> Report:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from nadflux.studies.published.validate_body import validate_body

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} studies"))
    console = Console(stderr=True)
    quiet = not console.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("starting", total=len(studies))

        def study_starts(done: int, total: int, name: str) -> bool:
            bar.update(task, completed=done, description=name or "done")
            return True

        return validate_body(
            studies, people=n, draws=draws, seed=seed, threads=threads, posterior=posterior, progress=study_starts,
            tell=_tell,
        )  # fmt: skip


def _tell(note: str) -> None:
    print(f"nadflux: {note}", file=sys.stderr)


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
    from nadflux.faces.documents.terminal import console, print_json
    from nadflux.faces.documents.validation import validation_document, write_rows
    from nadflux.faces.report.components import components_text
    from nadflux.faces.report.validation import validation_text

    if report.interrupted and not report.rows:
        print("nadflux: interrupted before the first study was finished; nothing is written", file=sys.stderr)
        return
    if report.interrupted:
        kept = (
            f"their rows go to {out}" if out is not None else "only what is printed is of them, give --out to keep it"
        )
        print(f"nadflux: interrupted after {report.finished} of {report.wanted} studies; {kept}", file=sys.stderr)
    if as_json:
        print_json(validation_document(report), indent=1)
    else:
        width = console().width
        print(validation_text(report, width))
        if components:
            print("\n" + components_text(report, width))
    if out is not None:
        write_rows(report, out)
        print(f"rows written to {out}", file=sys.stderr)
    if plot is not None:
        from nadflux.faces.plot.forest import forest

        drawn = forest(report, plot)
        print(f"{drawn} rows drawn in {plot}", file=sys.stderr)
