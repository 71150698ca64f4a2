"""A validation as text: every row with its prediction, then what is not modelled, then the totals."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.terminal import table_text, wrapped
from nadflux.faces.documents.validation import LINES, lines_of, observed_text, predicted_text, short_number
from nadflux.studies.published.nulls import MOST
from nadflux.studies.published.result import ERROR, LEFT_OUT, PREDICTORS, TARGETS, Report, RowResult

_BLOCKS = (
    ("calibration", "calibration (fitted, or in view while numbers were chosen: no validation)"),
    ("seen", "seen (no fit used them, but their results were known before the freeze: no validation)"),
    ("left_out", "LEFT OUT (calibration studies, each predicted by a fit that never saw it)"),
    ("validation", "VALIDATION (listed in the lock file; nothing was changed since)"),
)


_JUDGED = ("left_out", "validation")  # each beside the targets, never together
_WIDEST = 140  # letters of a line of the scores side by side
_WIDE = 110  # letters of a line of prose if there is room for more


def validation_text(report: Report, width: int = 10_000) -> str:
    """Return the whole report as text.

    Parameters
    ----------
    width : int
        Letters of a line.
    """
    prose = min(width, _WIDE)
    head = (
        "Published figures predicted without fitting. The interval is of the arm mean: what is not known of the "
        f"typical person ({report.draws} draws), the trial's n ({report.people} people simulated per draw), "
        "assay error, differences between studies and what the model leaves out. 'left out': a calibration study "
        "predicted by a fit that never saw it. 'power law' and 'median' are simple predictions that know dose and "
        "duration at sampling, analyte and matrix: a power law in the dose, and the median of earlier studies. "
        "hit: observed inside the interval, sign agrees, bound kept. (…) shown, not scored."
    )
    parts = [
        *textwrap.wrap(head, prose),
        *(line for about in _about_people(report) for line in textwrap.wrap(about, prose)),
        "",
        table_text(lines_of(report.rows), LINES, width),
    ]
    rest = [*_not_modelled([row for row in report.rows if row.use != LEFT_OUT]), *_standing(report.rows)]
    rest += ["", *_totals(report)]
    return "\n".join([*parts, "", wrapped("\n".join(rest), width)])


def _about_people(report: Report) -> Iterator[str]:
    """Yield what a reader must know of the people simulated: days they live, failures, what does not act on them."""
    lived = report.record.get("lived")
    if lived:
        yield (
            "Arms with habits, or with observables of the whole body alone, are simulated on the whole body "
            f"({lived['draws']} draws of {lived['people']} people: rough intervals); with habits, their baseline is "
            "the usual life of the same people at the same time."
        )
    failures = report.record.get("failures", [])
    if failures:
        yield f"{len(failures)} simulated people failed and are left out of their arms; the first: {failures[0]}."
    silent = report.record.get("does_not_act", {})
    if silent:
        named = "; ".join(f"{study}: {', '.join(words)}" for study, words in silent.items())
        yield f"Conditions and medicines that do not act on the simulated people: {named}."


def _not_modelled(rows: Sequence[RowResult]) -> Iterator[str]:
    for status, words in ((ERROR, "Mistakes in study files"), ("not modelled", "Not modelled")):
        yield from _unpredicted([row for row in rows if row.status == status], words)


def _unpredicted(missing: Sequence[RowResult], words: str) -> Iterator[str]:
    if not missing:
        return
    yield f"{words} ({len(missing)} rows):"
    for (study, reason), group in groupby(missing, key=lambda row: (row.study, row.reason)):
        members = list(group)
        seen = "; ".join(dict.fromkeys(f"{row.arm} {observed_text(row)}" for row in members))
        yield f"  {study}: {reason}  (observed: {seen})"


def _standing(rows: Sequence[RowResult]) -> Iterator[str]:
    """Yield the studies that no fit used and that are no validation, with the reason."""
    doubted = {row.study: row.standing for row in rows if row.standing}
    if not doubted:
        return
    yield f"No validation, although no fit used them ({len(doubted)} studies):"
    for reason in dict.fromkeys(doubted.values()):
        yield f"  {reason}: {', '.join(study for study, why in doubted.items() if why == reason)}"


def _totals(report: Report) -> Iterator[str]:
    totals = report.totals()
    partial = f"PARTIAL ({report.finished} of {report.wanted} studies)" if report.interrupted else ""
    if partial:
        yield f"{partial}: interrupted before the last study; these totals are of the studies above alone"
        yield ""
    for use, words in _BLOCKS:
        total, words = totals[use], f"{partial} {words}".lstrip()
        if not total["rows"]:
            continue
        yield from _total(words, total)
        if use in _JUDGED and not partial:
            yield from targets(total)
        yield ""
    yield _power_law(totals["power_law"])
    yield from _misses(report.rows)


def _power_law(law: dict[str, Any]) -> str:
    if not law["rows"]:
        return "Power law: too few calibration rows on ratios, so it predicts no change anywhere"
    return (
        f"Power law from {law['rows']} calibration rows: ratio = 1 + factor of analyte and matrix · "
        f"(µmol/d)^{law['exponent']:.2f} · days^{law['duration_exponent']:.2f}; on those rows it is scored on the "
        "data it was fitted to"
    )


def _misses(rows: Sequence[RowResult]) -> Iterator[str]:
    misses = [row for row in rows if row.counted and row.inside is False]
    yield f"Misses ({len(misses)}):" + ("" if misses else " none")
    for row in misses:
        yield (
            f"  {row.study} ({row.use}) {row.arm}: {row.observable}, {row.matrix}, {row.at}: "
            f"observed {observed_text(row)}, predicted {predicted_text(row)}"
        )


_FEWEST_RATIOS = 10  # with fewer, a share between 80 and 97 % is a matter of chance


def targets(total: dict[str, Any]) -> Iterator[str]:
    """Yield the figures that have targets, each with its target, for totals of rows that no fit used."""
    ratios, compared = total["ratio_to_baseline"], total["compared"]
    nulls, (low, high) = total["nulls"], TARGETS["coverage_percent"]
    found: list[tuple[str, float | None, str, bool | None]] = []
    if ratios["rows"]:
        share, width = ratios["coverage_percent"], ratios["median_width"]
        held = low <= share <= high if ratios["rows"] >= _FEWEST_RATIOS else None
        found.append((f"ratios inside, % of {ratios['rows']} rows", share, f"{low:g} to {high:g}", held))
        found.append(("median width", width, f"≤ {TARGETS['median_width']:g}", width <= TARGETS["median_width"]))
    if total["risen_median_fold_error"] is not None:
        error = total["risen_median_fold_error"]
        found.append(
            ("median fold error where something rose", error, f"≤ {TARGETS['median_fold_error']:g}",
             error <= TARGETS["median_fold_error"])
        )  # fmt: skip
    if nulls["rows"]:
        right = 100.0 * nulls["hits"] / nulls["rows"]
        found.append(
            (f"nulls within the detectable change, % of {nulls['rows']} rows", right, "100", nulls["misses"] == 0)
        )
    if compared["rows"]:
        ours = compared["model"]["mean_crps"]
        for name, words in RIVALS.items():
            theirs = compared[name]["mean_crps"]
            found.append(
                (f"mean CRPS of {compared['rows']} rows", ours, f"< {short_number(theirs)} of {words}", ours < theirs)
            )
    for words, value, target, met in found:
        verdict = {True: "met", False: "MISSED", None: "too few rows to say"}[met]
        yield f"  target: {words}: {short_number(value)}, wanted {target}: {verdict}"
    missing = total.get("studies_not_left_out", [])
    if missing:
        yield f"  not left out of any fit, so absent here: {', '.join(missing)}"


def _total(use: str, total: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{use}: {total['rows']} rows, {total['scored']} scored, "
        f"{total['shown_not_scored']} shown only, {total['not_modelled']} not modelled"
        + (f", {total['errors']} with a mistake" if total["errors"] else "")
    )
    for name, key in (("figures", "numeric"), ("  of them ratios to baseline", "ratio_to_baseline")):
        part = total[key]
        if part["rows"]:
            yield (
                f"  {name}: {part['hits']} of {part['rows']} inside ({part['coverage_percent']:.0f} %), "
                f"median width {short_number(part['median_width'])}, median fold error "
                f"{short_number(part['median_fold_error'])}, mean interval score {short_number(part['mean_score'])}"
            )
    yield from _honesty(total["numeric"]["honesty"])
    if total["risen_median_fold_error"] is not None:
        yield f"  where something rose: median fold error {short_number(total['risen_median_fold_error'])}"
    for name, key in (("signs", "signs"), ("  of them nulls", "nulls"), ("bounds", "bounds")):
        part = total[key]
        if part["rows"]:
            yield f"  {name}: {part['hits']} of {part['rows']} right"
    weak, sure = total["nulls_uninformative"], total["nulls_by_construction"]
    if weak or sure:
        yield (
            f"  nulls counted apart: {weak} uninformative (the study could not have detected a change of {MOST:g} %), "
            f"{sure} true by construction (placebo, an input without a path)"
        )
    compared = total["compared"]
    if compared["rows"]:
        yield (
            f"  side by side on {compared['rows']} figures: model / power law / median of studies (median error on the "
            "natural logarithm, % inside the 90 % interval, its median high/low, mean CRPS):"
        )
        lines = [*compared["by_analyte"], {**compared, "matrix": "all", "analyte": ""}]
        yield textwrap.indent(table_text(lines, SIDE_BY_SIDE, _WIDEST), "    ")
    if compared["signs"]:
        right = compared["sign_hits"]
        others = ", ".join(f"{words} {right[name]}" for name, words in RIVALS.items())
        yield f"  on {compared['signs']} signs: {right['model']} right, {others}"


RIVALS = {"power_law": "the power law", "study_median": "the median of studies"}
_SCORES = {
    "ln error": "median_log_error",
    "% inside": "coverage_percent",
    "high/low": "median_width",
    "CRPS": "mean_crps",
}


def _honesty(found: Mapping[str, Any] | None) -> Iterator[str]:
    if found is None:
        return
    shares = ", ".join(f"{share:g} % inside the {level} % interval" for level, share in found["coverage"].items())
    pit = " ".join(map(str, found["pit"]))
    yield f"  standardised errors of {found['figures']} figures: standard deviation {found['sd']:.2f}; {shares}"
    yield f"  probability integral transform in tenths: {pit} (even if honest)"


def _three(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda line: " / ".join(short_number(line[name][key]) for name in PREDICTORS)


SIDE_BY_SIDE: tuple[Column[Mapping[str, Any]], ...] = (
    Column(head="matrix", of=lambda line: line["matrix"], widest=18),
    Column(head="analyte", of=lambda line: line["analyte"], widest=16),
    Column(head="rows", of=lambda line: str(line["rows"]), right=True),
    *(Column(head=words, of=_three(key), right=True) for words, key in _SCORES.items()),
)
"""Scores of the model and of the simple predictions, by matrix and analyte."""
