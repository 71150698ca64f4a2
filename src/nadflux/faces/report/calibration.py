"""A calibration as text: fitted rows with their prediction without their study, parameters, diagnostics."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.terminal import table_text, wrapped
from nadflux.faces.labels import readable_unit
from nadflux.studies.published.learn_unexplained import HONEST_SD

FEW = 100
STUCK = 0.5
SHOWN_SHRINKAGE = 0.1
_INFORMANTS = 3  # studies named for each parameter
_LEFT_OUT = "predicted_without_its_study"
Found = Mapping[str, Any]


def calibration_text(record: Found, version: str, width: int = 10_000) -> str:
    """Return the report that `nadflux fit` prints, from the record of a posterior file.

    Parameters
    ----------
    record : mapping
        As `nadflux.inference.calibrate` keeps it in the file.
    version : str
        Of the fit.
    width : int
        Letters of a line.
    """
    head = [
        f"calibration {version}, {len(record['rows'])} rows of {len(record['studies'])} studies, "
        f"{record['runs']} members run",
        *([f"made by: {record['command']}, nadflux {record['nadflux']}"] if "command" in record else []),
    ]
    moved = _moved(record["parameters"])
    rest = len(record["parameters"]) - len(moved)
    less = f"{rest} more parameters lost less than {SHOWN_SHRINKAGE:.0%} of their prior variance"
    parts = [
        wrapped("\n".join(head), width),
        table_text(record["rows"], ROWS, width),
        wrapped("\n".join([*_totals(record["rows"]), *_honesty(record)]), width),
        f"{table_text(moved, PARAMETERS, width)}\n{wrapped(less, width)}",
        wrapped("\n".join(_sampler(record)), width),
    ]
    if record["not_fitted"]:
        lines = ["not fitted:", *(f"  {name}: {reason}" for name, reason in record["not_fitted"])]
        parts.append(wrapped("\n".join(lines), width))
    return "\n\n".join(parts)


def _number(value: float) -> str:
    return f"{value:.3g}"


def _observed(row: Found) -> str:
    sign = {"at least": "≥ ", "at most": "≤ "}.get(row["kind"], "")
    return sign + _number(row["observed"])


def _interval(found: Mapping[str, float] | None) -> str:
    """Return a figure with its interval; a dash if it was not predicted."""
    if not found:
        return "–"
    return f"{_number(found['median'])} ({_number(found['low'])}–{_number(found['high'])})"


def _range(found: Sequence[float] | None) -> str:
    return f"{_number(found[1])} ({_number(found[0])}–{_number(found[2])})" if found else ""


def _informed(studies: Mapping[str, float]) -> str:
    return ", ".join(f"{study} {worth:.0%}" for study, worth in list(studies.items())[:_INFORMANTS])


ROWS: tuple[Column[Found], ...] = (
    Column(head="row", of=lambda row: row["row"], widest=62),
    Column(head="unit", of=lambda row: row["unit"]),
    Column(head="observed", of=_observed, right=True),
    Column(head="fitted", below="90 %", of=lambda row: row["fitted"], write=_interval, right=True),
    Column(head="without its study", below="90 %", of=lambda row: row.get(_LEFT_OUT), write=_interval, right=True),
)
"""Of each fitted row."""
PARAMETERS: tuple[Column[tuple[str, Found]], ...] = (
    Column(head="parameter", of=lambda pair: pair[0], whole=True),
    Column(head="prior", below="90 %", of=lambda pair: pair[1].get("prior"), write=_range, right=True),
    Column(head="posterior", below="90 %", of=lambda pair: pair[1].get("posterior"), write=_range, right=True),
    Column(head="unit", of=lambda pair: readable_unit(pair[1].get("unit", ""))),
    Column(head="narrowed", of=lambda pair: pair[1]["shrinkage"], write="{:.0%}".format, right=True),
    Column(head="samples", of=lambda pair: pair[1]["effective_samples"], write="{:.0f}".format, right=True),
    Column(head="informed by", of=lambda pair: pair[1]["informed_by"], write=_informed, widest=60),
)
"""Of each parameter with its name."""


def _totals(rows: Sequence[Found]) -> Iterator[str]:
    yield (
        "The fitted column is the fit to its own data and no validation; "
        "the last column was predicted by a fit that never saw the study."
    )
    for key, words in (("fitted", "fitted"), (_LEFT_OUT, "without its study")):
        there = [row for row in rows if row["kind"] == "value" and key in row]
        if there:
            yield f"{words}: {_agreement(there, key)}"
    missing = sum(_LEFT_OUT not in row for row in rows)
    if missing == len(rows):
        yield "leave-one-study-out was not run; add --leave-one-out"
    elif missing:
        yield "leave-one-study-out was stopped before all studies were left out; add --resume to go on"


def _agreement(rows: Sequence[Found], key: str) -> str:
    """Return in words how well predictions under a key agree with what was observed."""
    inside = sum(row[key]["low"] <= row["observed"] <= row[key]["high"] for row in rows)
    folds = [math.exp(abs(math.log(row[key]["median"] / row["observed"]))) for row in rows]
    widths = [row[key]["high"] / row[key]["low"] for row in rows]
    return (
        f"{inside} of {len(rows)} inside the 90 % interval, median fold error "
        f"{statistics.median(folds):.2f}, median interval high/low {statistics.median(widths):.2f}"
    )


def _honesty(record: Found) -> Iterator[str]:
    """Yield the test of the intervals on studies left out, and what was learned from their errors."""
    found = record.get("honesty")
    if not found:
        yield "intervals were not tested on studies left out; add --leave-one-out"
        return
    low, high = HONEST_SD
    inside = ", ".join(f"{share:g} % inside the {level} % interval" for level, share in found["coverage"].items())
    verdict = "too narrow" if found["sd"] > high else "wider than needed" if found["sd"] < low else "honest"
    yield (
        f"standardised errors of {found['figures']} figures of {found['studies']} studies left out, each judged by "
        f"what the others teach: standard deviation {found['sd']:.2f} ({low:g} to {high:g} wanted: {verdict}); {inside}"
    )
    yield f"probability integral transform in tenths: {' '.join(map(str, found['pit']))} (even if honest)"
    learned = ", ".join(f"{name} {value:.2f}" for name, value in record["unexplained"]["sd"].items())
    yield f"not explained, standard deviation on the logarithm (of a ratio: per unit of log response): {learned}"


def _moved(parameters: Mapping[str, Found]) -> list[tuple[str, Found]]:
    """Return the parameters that lost a large enough share of their prior variance, the largest first."""
    found = [(name, one) for name, one in parameters.items() if one["shrinkage"] >= SHOWN_SHRINKAGE]
    return sorted(found, key=lambda pair: -pair[1]["shrinkage"])


def _sampler(record: Found) -> Iterator[str]:
    sampler = record["sampler"]
    effective = [p["effective_samples"] for p in record["parameters"].values()]
    yield (
        f"effective samples: {min(effective):.0f} (least) to {statistics.median(effective):.0f} (median); "
        f"{sampler['inversion_steps']} inversion steps, {len(sampler['path'])} sampler steps, "
        f"acceptance {sampler['acceptance']:.2f}, correlation with resampled start "
        f"{sampler['correlation_with_start']:.2f}, failed members {sampler['failed_members']}"
    )
    free = record.get("uninformed", {})
    if free.get("parameters"):
        yield (
            f"{free['parameters']} fitted parameters that no study informs by 5 %: mean shrinkage "
            f"{free['mean_shrinkage']:+.2f}, spread {free['sd_of_shrinkage']:.2f} (so many samples give "
            f"{free['expected_sd']:.2f} by chance)"
        )
    yield from _left_out(record)
    if min(effective) < FEW or sampler["correlation_with_start"] > STUCK:
        yield "WARNING: too few effective samples to trust the intervals; give more --members, --moves or --sweeps"


def _left_out(record: Found) -> Iterator[str]:
    """Yield the effective samples of the fits without one study."""
    left_out = record.get("left_out", {})
    without = {study: one["effective_samples"] for study, one in left_out.items() if "effective_samples" in one}
    if not without:
        return
    fewest = min(without, key=lambda study: without[study])
    yield (
        f"left out: {len(without)} of {len(record['studies'])} studies, effective samples "
        f"{without[fewest]:.0f} at least (without {fewest})"
    )
    thin = sorted(study for study, samples in without.items() if samples < FEW)
    if thin:
        yield f"fewer than {FEW} effective samples, and so rough bounds, without these studies: {', '.join(thin)}"
