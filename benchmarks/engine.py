"""Speed and memory of the engine against ready-made ones, at matched accuracy, in one run.

    python benchmarks/engine.py [--json] [--people 64] [--peer-people 3] [--repeats 3] [--quick]
                                [--body nad|whole] [--lifestyle] [--days 84]

The shipped body, exported as SBML, a cohort with its spread, 12 weeks of twice-daily dosing, one core. With
--lifestyle each day has three meals, a night's sleep and 45 minutes of exercise besides (whole body). Every engine
runs at its loosest relative tolerance whose error is at most 1e-4, the error being the largest over states and days
of |x - reference| / (|x| + 1e-3·max|x| of that state + 1e-9) for the people timed. Engines take turns within a
repeat; medians are printed. A peer that fails on a person is counted, not timed.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import _dosing
import _own
import _peers
from nadflux.network.assemble import Body, assemble

TOLERANCES = (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7)
WANTED_ERROR = 1e-4


@dataclass
class Timing:
    """One engine on one model: ms per person at the loosest sufficient tolerance."""

    engine: str
    states: int
    people: int
    rtol: float
    error: float
    ms_per_person: float
    failures: int
    note: str = ""


def main() -> None:
    """Time all engines and print a table."""
    options = _options()
    report: dict[str, object] = {
        "machine": _machine(),
        "days": options.days,
        "body": options.body,
        "stops": "doses, meals, sleep and exercise" if options.lifestyle else "doses",
        "wanted_error": WANTED_ERROR,
    }
    body = assemble(body=options.body)
    timings: list[Timing] = []
    for copies in (1, 2) if options.body == "nad" and not options.quick else (1,):
        timings += compare(body, copies, options)
    report["engines"] = [vars(t) for t in timings]
    report["ratios"] = ratios(timings)
    if options.body == "nad":
        report["people"] = _own.growth_with_people((64, 512, 4096) if not options.quick else (64, 512), options.days)
    if options.json:
        print(json.dumps(report, indent=1, default=float))
    else:
        _print(report, timings)


def compare(body: Body, copies: int, options: argparse.Namespace) -> list[Timing]:
    """Time the own engine and every peer that installs, on the body (copies = 2: every organ twice)."""
    stops = (*_dosing.TWICE_DAILY, *_dosing.lived_day(body.model)) if options.lifestyle else _dosing.TWICE_DAILY
    cohort = _own.Cohort(body, options.people, copies, stops, options.body)
    timed = min(options.peer_people, options.people)
    days = options.days
    reference = cohort.reference(days)
    engines: list[tuple[str, int, Callable[[float], tuple[np.ndarray, float, int]]]] = [
        ("nadflux", options.people, lambda rtol: cohort.run(rtol, days)),
    ]
    notes: dict[str, str] = {}
    for name, peer in _peers.available(cohort, timed, notes):
        engines.append((name, peer.people, partial(_run_peer, peer, days)))
    chosen = []
    for name, count, run in engines:
        for rtol in TOLERANCES:
            states, _, failures = run(rtol)
            common = min(len(states), len(reference))
            wrong = error(states[:common], reference[:common])
            if wrong <= WANTED_ERROR:
                break
        chosen.append((name, count, run, rtol, wrong, failures))
    seconds: dict[str, list[float]] = {name: [] for name, *_ in chosen}
    for _ in range(options.repeats):
        for name, _count, run, rtol, *_rest in chosen:
            seconds[name].append(run(rtol)[1])
    result = [
        Timing(
            name,
            cohort.states,
            count,
            rtol,
            wrong,
            1e3 * statistics.median(seconds[name]) / max(count - failures, 1),
            failures,
            notes.get(name, "" if wrong <= WANTED_ERROR else "never reached the wanted error"),
        )
        for name, count, _run, rtol, wrong, failures in chosen
    ]
    result += [
        Timing(n, cohort.states, 0, np.nan, np.nan, np.nan, 0, why) for n, why in notes.items() if n not in seconds
    ]
    return result


def _run_peer(
    peer: Callable[[float, int], tuple[np.ndarray, float, int]], days: int, rtol: float
) -> tuple[np.ndarray, float, int]:
    return peer(rtol, days)


def error(found: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest relative error over people, days and states, shape (person, day, state); failures left out."""
    whole = np.all(np.isfinite(found), axis=(1, 2))
    if not whole.any():
        return float("inf")
    found, reference = found[whole], reference[whole]
    scale = np.abs(reference) + 1e-3 * np.abs(reference).max(axis=1, keepdims=True) + 1e-9
    return float(np.max(np.abs(found - reference) / scale))


def ratios(timings: list[Timing]) -> dict[str, float]:
    """Return peer time over own time, per engine and number of states."""
    own = {t.states: t.ms_per_person for t in timings if t.engine == "nadflux"}
    return {
        f"{t.engine} / nadflux at {t.states} states": round(t.ms_per_person / own[t.states], 1)
        for t in timings
        if t.engine != "nadflux" and t.people
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="machine-readable report")
    parser.add_argument("--people", type=int, default=64, help="people of the own engine's cohort (default 64)")
    parser.add_argument("--peer-people", type=int, default=3, help="people each peer is timed on (default 3)")
    parser.add_argument("--repeats", type=int, default=3, help="timed repeats, medians are shown (default 3)")
    parser.add_argument("--quick", action="store_true", help="one size only, fewer people")
    parser.add_argument("--body", default="nad", choices=("nad", "whole"), help="which body (default nad)")
    parser.add_argument("--lifestyle", action="store_true", help="meals, sleep and exercise too (whole body)")
    parser.add_argument("--days", type=int, default=84, help="length of the run (default 84)")
    options = parser.parse_args()
    if options.lifestyle and options.body != "whole":
        parser.error("--lifestyle needs --body whole: the NAD body has neither meals nor exercise")
    return options


def _machine() -> dict[str, str]:
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {"processor": model, "python": platform.python_version(), "date": time.strftime("%Y-%m-%d")}


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _print(report: dict[str, Any], timings: list[Timing]) -> None:
    print(
        f"{report['machine']}\n{report['body']} body, {report['days']} days of {report['stops']}, daily samples, ",
        end="",
    )
    print(f"error wanted {WANTED_ERROR:g}\n")
    print(f"{'engine':14}{'states':>7}{'people':>8}{'rtol':>9}{'error':>10}{'ms/person':>11}{'failed':>8}  note")
    for t in timings:
        print(
            f"{t.engine:14}{t.states:7d}{t.people:8d}{t.rtol:9.0e}{t.error:10.1e}{t.ms_per_person:11.2f}"
            f"{t.failures:8d}  {t.note}"
        )
    for name, ratio in report["ratios"].items():
        print(f"{name}: {ratio:.1f}×")
    if "people" in report:
        print("\npeople   seconds (2 threads)   ms/person   peak memory MB")
    for row in report.get("people", ()):
        print(f"{row['people']:6d}{row['seconds']:16.2f}{row['ms_per_person']:16.2f}{row['peak_mb']:16.0f}")


if __name__ == "__main__":
    main()
