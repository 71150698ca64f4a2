"""Published trials beside their predictions, for ``docs/nad.md``: totals, hits and misses, forest plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _text import code, figure, folded, number, table

from nadflux.faces.labels import readable_unit
from nadflux.simulation.compiled import prepare
from nadflux.simulation.select_posterior import find_posterior
from nadflux.studies import published_folder, read_studies
from nadflux.studies.published.freeze import lock_of, read_lock
from nadflux.studies.published.learn_unexplained import COVERAGES
from nadflux.studies.published.result import PREDICTORS, TARGETS, USES, Report, RowResult
from nadflux.studies.published.validate_body import validate_body

PEOPLE, DRAWS = 8, 48
_QUICK_STUDIES = 2
_MOST = 12  # numbers of a fit that are shown
_REPORTED = {"rows", "studies", "runs", "parameters", "sampler", "not_fitted"}
_SCORES = (
    ("median_log_error", "median ln error: model / law / median"),
    ("coverage_percent", "% inside 90 %"),
    ("median_width", "median high/low"),
    ("mean_crps", "mean CRPS"),
)
_PARTS = (
    ("figures", "numeric"),
    ("– of them ratios to baseline", "ratio_to_baseline"),
    ("signs", "signs"),
    ("– of them nulls", "nulls"),
    ("bounds", "bounds"),
)


def predict(quick: bool) -> Report:
    """Run ``nadflux validate``; with ``quick`` on few studies with few draws."""
    studies = read_studies(published_folder())
    people, draws = (2, 4) if quick else (PEOPLE, DRAWS)
    if quick:
        by_use = [[s for s in studies if s.use == use][:_QUICK_STUDIES] for use in ("calibration", "validation")]
        studies = tuple(study for group in by_use for study in group)
    return validate_body(studies, people=people, draws=draws)


def written_report(report: Report, figures: Path) -> str:
    """Return the part of the page on calibration and validation; the forest plot is written to ``figures``."""
    from nadflux.faces.plot.forest import forest

    drawn = forest(report, figures / "nad_trials.png")
    totals = report.totals()
    scored = [r for r in report.rows if r.counted]
    apart = [r for r in report.rows if r.scored and r.status == "predicted" and not r.counted]
    missed = [r for r in scored if not r.inside]
    missing = [r for r in report.rows if r.status != "predicted"]
    parts = [
        "## Published trials: hits and misses",
        f"`nadflux validate` predicts every published row ({report.draws} draws of the typical values, "
        f"{report.people} people for each). The interval is of the arm mean; the competitors are a power law in "
        "the dose at sampling and its duration, and the median of earlier studies, with intervals made in the same "
        "way. Each row is of one kind, and no total mixes two:",
        "- *validation*: its result was not known when equations, numbers and posterior were frozen, and nothing was "
        "changed since (`studies/frozen.json`, written by `nadflux validate --freeze`);\n"
        "- *left out*: a study for calibration, predicted by a fit that never saw it; what was known of it while the "
        "structure was built may still help;\n"
        "- *seen*: no fit used it, but its result was known before the freeze, so it is no validation, and never will "
        "be again;\n"
        "- *calibration*: fitted.",
        _lock(report),
        _totals(totals),
        "### Are the intervals as wide as the errors?",
        "The standard deviation of the standardised errors of figures should be 1 (0.7 to 1.3), and the probability "
        "integral transform (share of the predictive distribution below what was observed) even over its tenths. "
        "Studies left out had been in view while the structure was built, so those for validation get wider intervals "
        "(`optimism` in `unexplained.csv`).",
        _honesty(totals),
        "### Side by side",
        _side_by_side(totals),
        f"Targets on ratios to baseline, left out and validation apart: {TARGETS['coverage_percent'][0]:g} to "
        f"{TARGETS['coverage_percent'][1]:g} % inside, median width at most {TARGETS['median_width']:g}, "
        "median fold error "
        f"at most {TARGETS['median_fold_error']:g} where something rose.",
        f"### Misses ({len(missed)})",
        _rows(missed) or "None.",
        folded(f"Hits ({len(scored) - len(missed)})", _rows([r for r in scored if r.inside])),
        folded(
            f"Nulls counted apart ({len(apart)})",
            "A null counts if the study could have detected a change of less than 30 %; a prediction passes within "
            "what it could have detected, at least 10 %. Nulls that nothing could break are no success.\n\n"
            + table(
                ("study", "arm", "quantity", "detects", "why apart"),
                (
                    (r.study, r.arm, f"{r.observable}, {r.matrix}", f"{number(r.detectable_percent)} %", r.null)
                    for r in apart
                ),
            ),
        ),
        folded(
            f"Not modelled ({len(missing)}): the reasons",
            table(
                ("study", "arm", "quantity", "observed", "reason"),
                ((r.study, r.arm, f"{r.observable}, {r.matrix}", _value(r.observed, r), r.reason) for r in missing),
            ),
        ),
        figure("nad_trials.png", f"The {drawn} predicted rows. Bars are 90 % intervals of the arm mean."),
        "### Calibration",
        _posterior(),
    ]
    return "\n\n".join(parts)


def _lock(report: Report) -> str:
    """Return which studies the lock file lists as validation, and how many were seen before."""
    lock = read_lock(lock_of(published_folder()))
    if lock is None:
        return "There is no lock file, so no row is validation."
    listed = ", ".join(lock.validation) or "no study: every one that ships was seen while the model was built"
    seen = len({row.study for row in report.rows if row.standing})
    return f"The freeze of {lock.date} lists {listed}. {seen} studies that no fit used count as *seen*."


def _totals(totals: dict[str, Any]) -> str:
    rows = []
    for use in USES:
        total = totals[use.replace(" ", "_")]
        compared = total["compared"]
        for name, key in _PARTS:
            part = total[key]
            if not part["rows"]:
                continue
            rival = ""
            if key == "signs" and compared["signs"]:
                right = compared["sign_hits"]
                rival = f"{right['power_law']} and {right['study_median']} right"
            rows.append(
                (use, name, part["rows"], part["hits"], part["misses"],
                 number(part.get("median_width")), number(part.get("median_fold_error")),
                 number(part.get("mean_score")), rival)
            )  # fmt: skip
    header = ("use", "rows of kind", "scored", "hits", "misses", "median high/low", "median fold error",
              "interval score", "power law and median")  # fmt: skip
    return table(header, rows)


def _honesty(totals: dict[str, Any]) -> str:
    """Return standardised errors, coverage and the histogram of the transform, for each kind of rows."""
    rows = []
    for use in USES:
        found = totals[use.replace(" ", "_")]["numeric"]["honesty"]
        if found is not None:
            shares = [f"{found['coverage'][str(level)]:g} %" for level in COVERAGES]
            rows.append((use, found["figures"], number(found["sd"]), *shares, " ".join(map(str, found["pit"]))))
    inside = (f"inside {level} %" for level in COVERAGES)
    return table(("use", "figures", "standard deviation", *inside, "transform in tenths"), rows)


def _side_by_side(totals: dict[str, Any]) -> str:
    """Return the scores of the model, the power law and the median of studies on the same rows."""
    rows = []
    for use in USES:
        compared = totals[use.replace(" ", "_")]["compared"]
        every = [*compared["by_analyte"], {**compared, "matrix": "all", "analyte": ""}] if compared["rows"] else []
        for line in every:
            scores = [" / ".join(number(line[name][key]) for name in PREDICTORS) for key, _ in _SCORES]
            rows.append((use, line["matrix"], line["analyte"], line["rows"], *scores))
    return table(("use", "matrix", "analyte", "rows", *(words for _, words in _SCORES)), rows)


def _rows(rows: list[RowResult]) -> str:
    return table(
        ("study", "arm", "use", "quantity", "at", "observed", "predicted (90 %)", "fold"),
        (
            (
                r.study, r.arm, r.use, f"{r.observable}, {r.matrix}" + (f", {r.of}" if r.of != "value" else ""), r.at,
                _value(r.observed, r), _predicted(r), number(r.fold_error) if r.kind != "sign" else "",
            )
            for r in rows
        ),
    )  # fmt: skip


def _value(value: float | str | None, row: RowResult) -> str:
    bound = {"at most": "≤ ", "at least": "≥ "}.get(row.bound, "")
    if isinstance(value, str) or value is None:
        return number(value)
    unit = "" if row.unit == "ratio" else readable_unit(row.unit)
    figure_ = f"{value:+.3g}" if row.of == "change" else number(value)
    return f"{bound}{figure_} {unit}".strip()


def _predicted(row: RowResult) -> str:
    if row.low is None or row.high is None:
        return _value(row.predicted, row)
    if row.kind == "sign":
        change = "" if row.predicted_change is None else f" {row.predicted_change:+.0f} %"
        return f"{row.predicted}{change} ({row.low:+.0f} to {row.high:+.0f} %)"
    return f"{_value(row.predicted, row).lstrip('≤≥ ')} ({number(row.low)} to {number(row.high)})"


def _posterior() -> str:
    found, note = find_posterior(prepare().body)
    if found is None:
        said = (
            str(note)[0].upper() + str(note)[1:]
            if note is not None
            else "No posterior ships with this version: numbers are drawn from the priors of the tables"
        )
        return (
            f"{said}. `nadflux fit studies/ --out posterior.zarr` makes one; `nadflux sensitivity` says what would be "
            "worth fitting."
        )
    return fit_text(found.record, found.version)


def fit_text(record: Mapping[str, Any], version: str) -> str:
    """Return the basis of a posterior: rows, effective samples, the numbers it narrowed most; the report folded."""
    from nadflux.faces.report.calibration import calibration_text

    said = f"Numbers are drawn from posterior {version}, made with `nadflux fit`."
    if not set(record) >= _REPORTED:
        return said
    numbers = record["parameters"]
    least = min(p["effective_samples"] for p in numbers.values())
    said += (
        f" Fitted to {len(record['rows'])} rows of {len(record['studies'])} studies ({', '.join(record['studies'])}); "
        f"{least:.0f} effective samples for the number that has fewest. What it was fitted to is no validation."
    )
    moved = sorted(numbers.items(), key=lambda item: -item[1]["shrinkage"])[:_MOST]
    rows = []
    for name, p in moved:
        informed = ", ".join(f"{study} {worth:.0%}" for study, worth in list(p["informed_by"].items())[:3])
        before, after = (_range(p[key]) if key in p else "" for key in ("prior", "posterior"))
        rows.append((f"`{name}`", before, after, readable_unit(p.get("unit", "")), f"{p['shrinkage']:.0%}", informed))
    header = ("number", "prior, 90 %", "posterior, 90 %", "unit", "variance lost", "informed by")
    whole = folded("The fit in full", code(calibration_text(record, version)))
    return "\n\n".join((said, f"The {len(moved)} numbers narrowed most:", table(header, rows), whole))


def _range(bounds: Sequence[float]) -> str:
    return f"{number(bounds[1])} ({number(bounds[0])} to {number(bounds[2])})"
