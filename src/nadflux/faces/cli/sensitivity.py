"""`nadflux sensitivity`: which uncertain numbers decide an output, with intervals and a convergence flag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nadflux.inference.sensitivity import Sensitivity


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("sensitivity")(sensitivity)


def sensitivity(
    person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
    output: Annotated[str, typer.Option(help="Observable, by id; `nadflux describe` lists them.")],
    plan: Annotated[str | None, typer.Option(help="What is taken; nothing if left out.")] = None,
    measure: Annotated[
        str | None, typer.Option(help="end, ratio (end over start), mean or peak; ratio under a plan, else end.")
    ] = None,
    covariate: Annotated[
        list[str] | None, typer.Option(help="Covariate to vary too, over how such people differ. May be repeated.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
    top: Annotated[int, typer.Option(help="Inputs for which indices are computed, after screening.", min=2)] = 20,
    base: Annotated[int, typer.Option(help="Base samples, a power of two.")] = 128,
    seed: Annotated[int, typer.Option(help="Same seed, same numbers.", min=0)] = 1,
    runs: Annotated[
        Path | None, typer.Option(help="Folder for finished runs: the same command goes on from there.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
) -> None:
    """Share out the uncertainty of an output over the uncertain numbers of the tables.

    First-order and total Sobol indices with 95 % bootstrap intervals. All uncertain typical values are screened
    first; differences between people are part of it only for what --covariate names. An output or a plan of the
    whole body takes that body, such as --plan "fast 36 h" --output body_J_deg; a fast is judged by its last 24 hours
    over the usual day before.
    """
    from nadflux.faces.cli._stages import stages
    from nadflux.faces.cli._stopped import runs_in
    from nadflux.faces.plot.paths import check_figure_path, save_figure
    from nadflux.inference.sensitivity import sensitivity as compute
    from nadflux.plans import parse_plan
    from nadflux.plans.language.person import read_person

    if plot is not None:
        check_figure_path(str(plot))
    try:
        with stages("runs") as progress:
            found = compute(
                read_person(person),
                parse_plan(plan) if plan is not None else None,
                output,
                measure=measure,  # type: ignore[arg-type]
                covariates=covariate or (),
                days=days,
                top=top,
                base=base,
                seed=seed,
                threads=threads,
                folder=runs,
                progress=progress,
            )
    except KeyboardInterrupt as stop:
        if runs is None:
            raise
        raise runs_in(runs, "the same command goes on from there") from stop
    rows = _rows(found)
    if plot is not None:
        from nadflux.faces.plot.indices import draw_indices, shares_of

        title = f"{found.output}, {found.measure}"
        save_figure(draw_indices([(title, shares_of(found.indices, found.indices.names))], len(rows)), plot)
    if as_json:
        held = {"covariates": dict(found.typical)} if covariate else {}
        document = {"who": person, "plan": plan, **_document(found, rows), **held}
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return
    print(_text(found, rows))


def _rows(found: Sensitivity) -> list[dict[str, Any]]:
    indices = found.indices
    return [
        {
            "input": indices.names[k],
            "first": float(indices.first[k]),
            "first_half_width": float(indices.first_error[k]),
            "total": float(indices.total[k]),
            "total_half_width": float(indices.total_error[k]),
            "converged": bool(indices.converged[k]),
            "tier": found.tiers[indices.names[k]],
        }
        for k in indices.ranked()
    ]


def _document(found: Sensitivity, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "output": found.output,
        "measure": found.measure,
        "unit": found.unit,
        "matrix": found.matrix,
        "tier": found.tier,
        "scale": "logarithm" if found.logarithm else "linear",
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "inputs": found.screened,
        "varied": len(rows),
        "variance_covered": found.covered,
        "confidence": found.indices.confidence,
        "converged": all(row["converged"] for row in rows),
        "runs": found.indices.runs,
        "dropped": found.indices.failed,
        "indices": rows,
    }


def _text(found: Sensitivity, rows: list[dict[str, Any]]) -> str:
    from nadflux.faces.cli._interval import joined
    from nadflux.faces.labels import NOT_ADVICE, readable_unit

    figure = f"{found.median:.3g} ({joined(f'{found.low:.3g}', f'{found.high:.3g}')})"
    scale = " of its logarithm" if found.logarithm else ""
    lines = [
        f"{found.output} in {found.matrix}, {found.measure}: {figure} {readable_unit(found.unit)}, "
        f"90 % interval over {found.screened} uncertain inputs; tier {found.tier}",
        "",
        f"{'input':36}  {'first order (95 %)':>22}  {'total (95 %)':>22}  converged  tier of the input",
    ]
    for row in rows:
        first, total = (_interval(row[key], row[f"{key}_half_width"]) for key in ("first", "total"))
        settled = "yes" if row["converged"] else "NO"
        lines.append(f"{row['input']:36}  {first:>22}  {total:>22}  {settled:9}  {row['tier']}")
    lines += [
        "",
        f"{len(rows)} of {found.screened} inputs varied after screening; they hold about {found.covered:.0%} of the "
        f"variance{scale}. {found.indices.runs} runs, {found.indices.failed} dropped with a failed one.",
    ]
    held = ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in found.typical.items())
    lines.append(f"Covariates of the typical person: {held}.")
    if not all(row["converged"] for row in rows):
        lines.append("Not converged where marked NO: give a larger --base before ranking these inputs.")
    lines.append(f"Tier of the output: the weakest number behind it. {NOT_ADVICE.capitalize()}.")
    return "\n".join(lines)


def _interval(value: float, half: float) -> str:
    from nadflux.faces.cli._interval import joined, no_minus_zero

    low, middle, high = (no_minus_zero(f"{number:.2f}") for number in (value - half, value, value + half))
    return f"{middle} ({joined(low, high)})"
