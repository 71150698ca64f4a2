"""`nadflux petab`: a parameter estimation problem simulated and scored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.faces.cli._options import pairs
from nadflux.faces.cli._progress import progress
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("petab")(petab)


def petab(
    problem: Annotated[Path, typer.Argument(help="YAML file of a PEtab problem, version 1 or 2.", show_default=False)],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another value of a parameter, linear scale: k=2. May be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write all simulated values to a .csv file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Simulate a PEtab problem at its nominal values: log-likelihood and chi-squared against its measurements.

    Example: nadflux petab Boehm_JProteomeRes2014.yaml
    prints log-likelihood -138.221998, chi2 47.976544 over 48 measurements.
    """
    from nadflux.faces.documents.terminal import print_json
    from nadflux.models.petab_problem import read_petab
    from nadflux.models.petab_score import score_petab

    _check_target(out)
    read = read_petab(problem)
    with progress("simulating") as update:
        found = score_petab(read, _numbers(set_ or []), progress=update)
    if out is not None:
        from nadflux.files import replacing

        with replacing(out) as part:
            found.frame().to_csv(part, index=False)
        say(f"values written to {out}")
    if as_json:
        document = {"problem": str(problem), "version": read.version, "measurements": len(read.measurements)}
        print_json({**document, "log_likelihood": found.log_likelihood, "chi2": found.chi2})
    else:
        print(found)


def _check_target(out: Path | None) -> None:
    """Raise NadfluxError for a file that cannot be written."""
    from nadflux.files import check_place

    if out is None:
        return
    if out.suffix.lower() != ".csv":
        raise NadfluxError(f"cannot write {out.name!r}: end the name in .csv")
    check_place(out)


def _numbers(words: list[str]) -> dict[str, float]:
    found = {}
    for name, value in pairs(words, "--set", "k=2").items():
        try:
            found[name] = float(value)
        except ValueError:
            raise ValueOutOfRangeError(f"--set {name}={value} is no number; give a value on the linear scale") from None
    return found
