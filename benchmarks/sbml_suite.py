"""The SBML semantic test suite through nadflux: passed, refused with a reason, or wrong.

    python benchmarks/sbml_suite.py PATH [--json] [--jobs N] [--shard 1/4]

PATH is a folder or a tar archive of cases in the suite's layout (``NNNNN/NNNNN-settings.txt`` and so on).
Each case is run from the file of highest level and version and compared at the suite's own tolerances.
A crash counts as wrong. The exit status is 0 whatever the counts: this reports.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import ModelError, NadfluxError, UnsupportedModelError
from nadflux.network.read_sbml import read_sbml
from nadflux.sbml.simulate import run_model

RTOL = 1e-9
REFUSED_TAGS = frozenset(("AlgebraicRule", "CSymbolDelay", "FastReaction"))
EVENT_TAGS = frozenset(("EventNoDelay", "EventWithDelay"))


@dataclass(frozen=True)
class Outcome:
    """Outcome of a case; ``supported`` is judged from the suite's own tags, not from the outcome."""

    case: str
    status: str
    reason: str
    supported: bool
    events: bool


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Yield the folder of cases, unpacked for the while where ``path`` is an archive."""
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def find_cases(folder: Path, shard: str = "1/1") -> list[Path]:
    """Return folders of cases in order of their numbers; of every ``n`` the ``k``-th for a shard ``k/n``."""
    number, count = (int(part) for part in shard.split("/"))
    found = sorted(file.parent for file in folder.rglob("[0-9]*-settings.txt"))
    return found[number - 1 :: count]


def run_case(folder: Path) -> Outcome:
    """Run one case and compare it."""
    case = folder.name
    tags = _tags(folder / f"{case}-model.m")
    model_file = _model_file(folder)
    is_flux_balance = any("FluxBalance" in kind for kind in tags["testType"])
    all_tags = {*tags["componentTags"], *tags["testTags"]}
    lacking = _lacking_files(model_file)
    supported = not (is_flux_balance or all_tags & REFUSED_TAGS or lacking)
    events = bool(all_tags & EVENT_TAGS)
    if is_flux_balance:
        return Outcome(case, "refused", "flux balance analysis (package fbc)", supported, events)
    try:
        status, reason = _compare(folder, model_file)
    except UnsupportedModelError as error:
        status, reason = "refused", "; ".join(sorted({what for what, _ in error.report}))
    except ModelError as error:
        status, reason = "refused", "file of a submodel not given" if lacking else f"model error: {error}"
    except NadfluxError as error:
        status, reason = "refused", f"{type(error).__name__}: {error}"
    except Exception as error:  # a crash is reported as wrong, and must not end the run
        status, reason = "wrong", f"crash: {error!r}"
    return Outcome(case, status, reason[:300], supported, events)


def run_cases(cases: list[Path], jobs: int = 1) -> list[Outcome]:
    """Run all cases, over several processes if asked."""
    if jobs == 1:
        return [run_case(case) for case in _watched(cases, len(cases))]
    with ProcessPoolExecutor(jobs) as pool:
        return list(_watched(pool.map(run_case, cases, chunksize=8), len(cases)))


def summary(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return totals, refusals by reason, and the share that is right among supported cases."""
    counts = Counter(outcome.status for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.status == "refused")
    return {
        "cases": len(outcomes),
        "passed": counts["passed"],
        "refused": counts["refused"],
        "wrong": counts["wrong"],
        "percent_passed": _percent(outcomes),
        "supported_without_events": _share([o for o in outcomes if o.supported and not o.events]),
        "supported_with_events": _share([o for o in outcomes if o.supported and o.events]),
        "refused_by_reason": dict(reasons.most_common()),
    }


def _compare(folder: Path, model_file: Path) -> tuple[str, str]:
    case = folder.name
    settings = _settings(folder / f"{case}-settings.txt")
    header, expected = _results(folder / f"{case}-results.csv")
    model = read_sbml(model_file)
    amounts, concentrations = (_names(settings, key) for key in ("amount", "concentration"))
    select = []
    for name in header:
        if name in model.species and name in amounts:
            select.append(f"amount({name})")
        elif name in model.species and name in concentrations:
            select.append(f"[{name}]")
        else:
            select.append(name)
    values = run_model(model, expected[:, 0], select=select, rtol=RTOL).values
    wanted = expected[:, 1:]
    allowed = float(settings["absolute"]) + float(settings["relative"]) * np.abs(wanted)
    with np.errstate(invalid="ignore"):
        right = (np.abs(values - wanted) <= allowed) | (values == wanted) | (np.isnan(values) & np.isnan(wanted))
    if right.all():
        return "passed", ""
    row, column = np.argwhere(~right)[0]
    return "wrong", (
        f"{select[column]} at {expected[row, 0]:g} is {values[row, column]:.10g}, "
        f"expected {wanted[row, column]:.10g}; {np.count_nonzero(~right)} of {right.size} values differ"
    )


def _settings(path: Path) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _names(settings: dict[str, str], key: str) -> set[str]:
    return {name.strip() for name in settings.get(key, "").split(",") if name.strip()}


def _results(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    return [name.strip() for name in rows[0][1:]], np.array([[float(x) for x in row] for row in rows[1:]])


def _tags(path: Path) -> dict[str, set[str]]:
    tags: dict[str, set[str]] = {"componentTags": set(), "testTags": set(), "testType": set()}
    text = path.read_text(errors="replace") if path.exists() else ""
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() in tags:
            tags[key.strip()] |= {tag.split(":")[-1].strip() for tag in value.split(",") if tag.strip()}
    return tags


def _model_file(folder: Path) -> Path:
    def level(file: Path) -> tuple[int, ...]:
        return tuple(int(digits) for digits in re.findall(r"\d+", file.stem.rpartition("-sbml-")[2]))

    files = sorted(folder.glob(f"{folder.name}-sbml-l*v*.xml"), key=level)
    return files[-1] if files else folder / f"{folder.name}-sbml.xml"


def _lacking_files(model_file: Path) -> list[str]:
    """Return files of submodels that the case refers to and does not bring."""
    text = model_file.read_text(errors="replace") if model_file.exists() else ""
    sources = re.findall(r'comp:source="([^"]+)"', text)
    return [name for name in sources if not (model_file.parent / name).exists()]


def _share(outcomes: list[Outcome]) -> dict[str, float]:
    return {
        "cases": len(outcomes),
        "passed": sum(outcome.status == "passed" for outcome in outcomes),
        "percent": _percent(outcomes),
    }


def _percent(outcomes: list[Outcome]) -> float:
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    return round(100.0 * passed / len(outcomes), 2) if outcomes else 0.0


def _watched(items: Iterable[Any], total: int) -> Iterator[Any]:
    for number, item in enumerate(items, start=1):
        yield item
        if sys.stderr.isatty():
            print(f"\r{number}/{total}", end="" if number < total else "\n", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 2 where PATH holds no cases."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--json", action="store_true", help="print outcomes and totals as JSON")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--shard", default="1/1", help="k/n: every n-th case from the k-th")
    options = parser.parse_args(arguments)
    if not options.path.exists():
        print(f"{options.path} does not exist; give a folder or a tar archive of cases", file=sys.stderr)
        return 2
    with unpacked(options.path) as folder:
        cases = find_cases(folder, options.shard)
        if not cases:
            print(f"{options.path} holds no cases (NNNNN/NNNNN-settings.txt)", file=sys.stderr)
            return 2
        outcomes = run_cases(cases, options.jobs)
    totals = summary(outcomes)
    if options.json:
        print(json.dumps({"cases": [asdict(outcome) for outcome in outcomes], "totals": totals}, indent=1))
        return 0
    for outcome in outcomes:
        print(f"{outcome.case} {outcome.status}" + (f": {outcome.reason}" if outcome.reason else ""))
    print(f"\n{totals['cases']} cases: {totals['passed']} passed ({totals['percent_passed']} %),", end=" ")
    print(f"{totals['refused']} refused, {totals['wrong']} wrong")
    for key in ("supported_without_events", "supported_with_events"):
        share = totals[key]
        print(f"{key.replace('_', ' ')}: {share['passed']} of {share['cases']} ({share['percent']} %)")
    for reason, count in totals["refused_by_reason"].items():
        print(f"  refused {count}: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
