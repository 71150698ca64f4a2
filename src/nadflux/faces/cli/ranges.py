"""`nadflux ranges`: every organ of people drawn from the tables, fed, fasted, at work and ill, against physiology."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.labels import readable_unit

if TYPE_CHECKING:
    from nadflux.studies.experiments.ranges import RangeResult, Ranges

LEFT = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("ranges")(ranges)


def ranges(
    states: Annotated[list[str] | None, typer.Argument(help="States, e.g. fed fasted; all by default.")] = None,
    people: Annotated[int, typer.Option("-n", "--people", help="People to draw.", min=1)] = 256,
    seed: Annotated[int, typer.Option(help="Same seed, same people.", min=0)] = 0,
    full: Annotated[bool, typer.Option("--full", help="Every limit, also those that nobody leaves.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON.")] = False,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
) -> int:
    """Hold energy, redox, pH and fuels of every organ against physiological limits and count who leaves them.

    States stand in biology/whole/states.yaml, limits in biology/whole/ranges.csv. The exit code is 1 where somebody
    leaves a limit or could not be simulated.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.studies.experiments.ranges import check_ranges

    with progress("ranges") as update:
        found = check_ranges(
            tuple(states or ()), people=people, seed=seed, threads=threads,
            progress=lambda done, total, _: update(done / total),
        )  # fmt: skip
    if as_json:
        sys.stdout.write(json.dumps(as_record(found), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(found, full)
    return LEFT if found.broken or any(found.failures.values()) else 0


def as_record(found: Ranges) -> dict[str, Any]:
    """Every limit with what people did, and who could not be simulated."""
    return {"results": [dataclasses.asdict(r) for r in found.results], "failures": dict(found.failures)}


def _print(found: Ranges, full: bool) -> None:
    shown = found.results if full else found.broken
    header = ("state", "organ", "quantity", "limit", "lowest", "5 %", "95 %", "highest", "outside")
    rows = [header, *(_row(result) for result in shown)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(header))]
    for row in rows if shown else ():
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    told = {
        line: [s for s, lines in found.failures.items() if line in lines] for f in found.failures.values() for line in f
    }
    for line, states in told.items():
        print(f"{', '.join(states)}: {line}")
    failed = {line.partition(":")[0] for failures in found.failures.values() for line in failures}
    if failed:
        print(
            f"{len(failed)} of the people drawn could not be simulated and count nowhere: {', '.join(sorted(failed))}"
        )
    checks = sum(result.people for result in found.results)
    left = sum(result.outside for result in found.results)
    print(
        f"{len(found.results)} limits, {len(found.broken)} left by somebody: {left} of {checks} people × limits outside"
    )


def _row(result: RangeResult) -> tuple[str, ...]:
    limit = result.limit
    unit = "of rest" if limit.relative else readable_unit(limit.unit) if limit.unit != "1" else ""
    numbers = (f"{x:.3g}" for x in (result.lowest, result.low_tail, result.high_tail, result.highest))
    bounds = f"{limit.low:g} to {limit.high:g} {unit}".rstrip()
    return (result.state, result.organ, limit.quantity, bounds, *numbers, f"{result.outside} of {result.people}")
