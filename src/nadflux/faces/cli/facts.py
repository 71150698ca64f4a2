"""`nadflux facts`: published facts of cells and organs beside what the model shows, hits and misses alike."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.labels import NOT_ADVICE

if TYPE_CHECKING:
    from nadflux.studies.experiments.facts import Fact


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("facts")(facts)


def facts(
    ids: Annotated[list[str] | None, typer.Argument(help="Facts to check, e.g. 1 5 M3; all by default.")] = None,
    draws: Annotated[
        int, typer.Option(help="Also the share of so many draws of the tables' ranges that show each part.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Random numbers of --draws.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts and totals as JSON.")] = False,
) -> int:
    """Run the published cell and organ facts and print what was published, what comes out, and the verdict.

    The tolerances stand in biology/dish/facts.yaml. A fact is shown where every part in scope is.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.studies.experiments.facts import check_facts

    with progress("facts") as update:
        found = check_facts(
            tuple(ids or ()), draws=draws, seed=seed, progress=lambda done, total, _: update(done / total)
        )
    if as_json:
        sys.stdout.write(json.dumps(as_record(found), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _print(found, draws)
    return 0


def as_record(found: tuple[Fact, ...]) -> dict[str, Any]:
    """Facts with their parts, and how many of each were shown, missed and not in scope."""
    records = []
    for fact in found:
        parts = [dataclasses.asdict(part) for part in fact.parts]
        for part in parts:
            if part["simulated"] is not None and not math.isfinite(part["simulated"]):
                part["simulated"] = None
        records.append(
            {
                "id": fact.id,
                "fact": fact.fact,
                "source": fact.source,
                "use": fact.use,
                "verdict": fact.verdict,
                "published": "; ".join(f"{p.name}: {p.published}" for p in fact.parts),
                "simulated": "; ".join(f"{p.name}: {_figure(p.simulated)}" for p in fact.parts),
                "parts": parts,
            }
        )
    totals = {
        "facts": _count(fact.verdict for fact in found),
        "parts": _count(part.verdict for fact in found for part in fact.parts),
    }
    return {"facts": records, "totals": totals}


def _count(verdicts: Any) -> dict[str, int]:
    from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN

    listed = list(verdicts)
    return {verdict: listed.count(verdict) for verdict in (SHOWN, MISSED, OUT_OF_SCOPE)}


def _print(found: tuple[Fact, ...], draws: int) -> None:
    import shutil

    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else max(130, shutil.get_terminal_size().columns))
    colour = {"shown": "green", "missed": "red", "not in scope": "dim"}
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for header in ("id", "fact", "published", "simulated", "tolerance", "verdict"):
        table.add_column(header, no_wrap=header in ("id", "verdict"))
    if draws:
        table.add_column(f"of {draws} draws", justify="right")
    for fact in found:
        head = f"[bold]{fact.fact}[/bold] [dim]({fact.use})[/dim]"
        table.add_row(fact.id, head, "", "", "", f"[{colour[fact.verdict]}]{fact.verdict}[/]")
        for part in fact.parts:
            unit = "" if part.unit in ("1", "sign", "rank") else f" {part.unit}"
            simulated = part.note if part.simulated is None else f"{_figure(part.simulated)}{unit}"
            table.add_row(
                "",
                f"  {part.name}",
                part.published,
                simulated,
                _tolerance(part.within),
                f"[{colour[part.verdict]}]{part.verdict}[/]",
                *([] if part.share is None else [f"{part.share:.0%}"]),
            )
    console.print(table)
    for fact in found:
        for part in fact.parts:
            if part.note and part.simulated is not None:
                console.print(f"{fact.id}, {part.name}: missed, for {part.note}", highlight=False)
    record = as_record(found)["totals"]
    for what, counts in record.items():
        console.print(f"{what}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()), highlight=False)
    console.print(
        "calibration: the fact was in view when numbers of the tables were chosen within their ranges; "
        "check: it was not.",
        style="dim",
    )
    console.print(
        "A fact carries a verdict and no tier: what is simulated comes from the tables' typical values, of which some "
        f"are assumed (`nadflux describe`). {NOT_ADVICE.capitalize()}.",
        style="dim", highlight=False,
    )  # fmt: skip


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return "not defined" if not math.isfinite(value) else f"{value:.3g}"


def _tolerance(within: tuple[float, float] | None) -> str:
    if within is None:
        return ""
    low, high = within
    if high >= 1000:
        return f"≥ {low:g}"
    return f"≤ {high:g}" if low in (0.0, -1000.0) else f"{low:g} to {high:g}"
