"""Speed of the engine against ready-made ones, at matched accuracy, in one run.

    python benchmarks/engine.py [--json] [--body nad|whole] [--lifestyle] [--days 84] [--people 64] [--peer-people 2]
                                [--peers pydiffsol cvode_klu roadrunner amici] [--repeats 3] [--doubled] [--growth]
                                [--history benchmarks/history.csv]

The shipped body, a cohort with its spread, 12 weeks of twice-daily dosing, one thread. With --lifestyle each day has
three meals, a night's sleep and 45 minutes of exercise besides (whole body). Every engine runs at its loosest relative
tolerance whose error is at most 1e-4, the error being the largest over states and days of
|x - reference| / (|x| + 1e-3·max|x| of that state + 1e-9) for the people timed. Engines take turns within a repeat;
medians of processor time are printed, since the machine may be shared. The own engine is timed on a cohort and on one
person; peers take people one after the other. A peer that fails on a person is counted, not timed. Peers: pydiffsol and
libRoadRunner (`pip install '.[benchmark]'`), CVODE with KLU (SUNDIALS and a C compiler, `_cvode.py`), AMICI.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import _dosing
import _own
import _peers
import _work
from nadflux.network.assemble import Body, assemble

TOLERANCES = (1e-3, 5e-4, 3e-4, 2e-4, 1.5e-4, 1e-4, 7e-5, 5e-5, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 3e-8)
WANTED_ERROR = 1e-4
FIRST_TRIED = {"nadflux": 1e-4, "nadflux alone": 1e-4}
FIRST_TRIED_OF_PEERS = 3e-6
REFERENCE_PEOPLE = 8

Run = Callable[[float], tuple[np.ndarray, float, int]]


@dataclass
class Timing:
    """One engine on one model: ms of processor time per person at the loosest sufficient tolerance."""

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
    report: dict[str, Any] = {
        "machine": _machine(),
        "days": options.days,
        "body": options.body,
        "stops": "doses, meals, sleep and exercise" if options.lifestyle else "doses",
        "wanted_error": WANTED_ERROR,
        "ratios": {},
    }
    body = assemble(body=options.body)
    timings: list[Timing] = []
    for copies in (1, 2) if options.doubled else (1,):
        found, work = compare(body, copies, options)
        timings += found
        suffix = "_doubled" if copies == 2 else ""
        report["ratios"] |= {f"{name}{suffix}": ratio for name, ratio in ratios(found).items()}
        report[f"step{suffix}"] = work
    report["engines"] = [vars(t) for t in timings]
    if options.growth:
        report["people"] = _own.growth_with_people((64, 512, 4096), options.days)
    if options.history:
        _remember(options.history, report)
    if options.json:
        print(json.dumps(report, indent=1, default=float))
    else:
        _print(report, timings)


def compare(body: Body, copies: int, options: argparse.Namespace) -> tuple[list[Timing], dict[str, float]]:
    """Time the own engine and every peer on the body (copies = 2: every organ twice), and count the work of a step."""
    stops = (*_dosing.TWICE_DAILY, *_dosing.lived_day(body.model)) if options.lifestyle else _dosing.TWICE_DAILY
    cohort = _own.Cohort(body, max(options.people, REFERENCE_PEOPLE), copies, stops, options.body)
    days, timed = options.days, min(options.peer_people, REFERENCE_PEOPLE)
    reference = cohort.reference(days, REFERENCE_PEOPLE)
    runs: dict[str, tuple[int, Run]] = {
        "nadflux": (options.people, lambda rtol: cohort.run(rtol, days, options.people)),
        "nadflux alone": (1, lambda rtol: cohort.run(rtol, days, 1)),
    }
    absent: dict[str, str] = {}
    for name, peer in _peers.available(cohort, timed, options.peers, options.start_limit):
        if isinstance(peer, str):
            absent[name] = peer
        else:
            runs[name] = (peer.people, lambda rtol, peer=peer: peer(rtol, days))  # type: ignore[misc]
    chosen: dict[str, Timing] = {}
    for name, (people, run) in runs.items():
        try:
            rtol, wrong, failures = loosest(run, reference, FIRST_TRIED.get(name, FIRST_TRIED_OF_PEERS))
        except OSError as stopped:
            absent[name] = str(stopped)
            continue
        note = "" if wrong <= WANTED_ERROR else "never reached the wanted error"
        chosen[name] = Timing(name, cohort.states, people, rtol, wrong, np.nan, failures, note)
    seconds: dict[str, list[float]] = {name: [] for name in chosen}
    attempts = 0
    for _ in range(options.repeats):
        for name, timing in chosen.items():
            seconds[name].append(runs[name][1](timing.rtol)[1])
            attempts = cohort.attempts if name == "nadflux" else attempts
    for name, timing in chosen.items():
        timing.ms_per_person = 1e3 * statistics.median(seconds[name]) / max(timing.people - timing.failures, 1)
    missing = [Timing(name, cohort.states, 0, np.nan, np.nan, np.nan, 0, why) for name, why in absent.items()]
    work = step_of(cohort, attempts / options.people, chosen["nadflux"].ms_per_person)
    return [*chosen.values(), *missing], work


def loosest(run: Run, reference: np.ndarray, first: float) -> tuple[float, float, int]:
    """Return the loosest of the tolerances that keeps the wanted error, that error, and how many people failed.

    Tolerances are tried from one that is likely, looser as long as they keep it, tighter until one does.
    """
    tried: dict[int, tuple[float, int]] = {}

    def keeps(k: int) -> bool:
        states, _, failures = run(TOLERANCES[k])
        common = min(len(states), len(reference))
        tried[k] = error(states[:common], reference[:common]), failures
        return tried[k][0] <= WANTED_ERROR

    k = TOLERANCES.index(first)
    if keeps(k):
        while k > 0 and keeps(k - 1):
            k -= 1
    else:
        k += 1
        while k < len(TOLERANCES) - 1 and not keeps(k):
            k += 1
    if k not in tried:
        keeps(k)
    return TOLERANCES[k], *tried[k]


def error(found: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest relative error over people, days and states, shape (person, day, state); failures left out."""
    whole = np.all(np.isfinite(found), axis=(1, 2))
    if not whole.any():
        return float("inf")
    found, reference = found[whole], reference[whole]
    scale = np.abs(reference) + 1e-3 * np.abs(reference).max(axis=1, keepdims=True) + 1e-9
    return float(np.max(np.abs(found - reference) / scale))


def ratios(timings: Sequence[Timing]) -> dict[str, dict[str, float]]:
    """Return the time of each peer over the own, of a cohort and of one person."""
    own = {t.engine: t.ms_per_person for t in timings if t.engine.startswith("nadflux")}
    return {
        t.engine: {
            "cohort": round(t.ms_per_person / own["nadflux"], 1),
            "one_person": round(t.ms_per_person / own["nadflux alone"], 1),
        }
        for t in timings
        if t.engine not in own and t.people
    }


def step_of(cohort: _own.Cohort, steps: float, ms_per_person: float) -> dict[str, float]:
    """Return steps of a person, and operations, bytes, time and share of the peak of one step of a person."""
    work = _work.of_step(cohort.program, cohort.width)
    operations, moved = sum(work.operations.values()), sum(work.bytes.values())
    us = 1e3 * ms_per_person / steps
    rate = operations / us * 1e6
    return {
        "steps": round(steps, 1),
        "operations": operations,
        "bytes": moved,
        "us": round(us, 3),
        "gigaoperations_per_s": round(rate / 1e9, 1),
        "gigabytes_per_s": round(moved / us / 1e3, 1),
        "share_of_peak": round(rate / _work.peak(cohort.width), 3),
    }


def _remember(path: Path, report: dict[str, Any]) -> None:
    """Append the figures of this run to a table: one row per engine."""
    new = not path.exists()
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    command = " ".join(["benchmarks/engine.py", *(a for a in sys.argv[1:] if "/" not in a and a != "--history")])
    fields = ("engine", "states", "people", "rtol", "error", "ms_per_person", "failures", "note")
    with path.open("a", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        if new:
            table.writerow(("date", "commit", "command", "body", "days", *fields))
        for timing in report["engines"]:
            cells = [f"{v:.4g}" if isinstance(v, float) else v for v in (timing[name] for name in fields)]
            head = (report["machine"]["date"], done.stdout.strip(), command, report["body"], report["days"])
            table.writerow((*head, *cells))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="machine-readable report")
    parser.add_argument("--people", type=int, default=64, help="people of the own engine's cohort (default 64)")
    parser.add_argument(
        "--peer-people", type=int, default=2, help="people each peer is timed on, at most 8 (default 2)"
    )
    parser.add_argument(
        "--peers", nargs="*", default=["pydiffsol", "cvode_klu", "roadrunner"], help="engines beside ours"
    )
    parser.add_argument("--start-limit", type=float, default=600.0, help="seconds a peer may take to start (pydiffsol)")
    parser.add_argument("--repeats", type=int, default=3, help="timed repeats, medians are shown (default 3)")
    parser.add_argument("--doubled", action="store_true", help="also a body with every organ twice")
    parser.add_argument("--growth", action="store_true", help="also seconds and memory of 64, 512 and 4096 people")
    parser.add_argument("--body", default="nad", choices=("nad", "whole"), help="which body (default nad)")
    parser.add_argument("--lifestyle", action="store_true", help="meals, sleep and exercise too (whole body)")
    parser.add_argument("--days", type=int, default=84, help="length of the run (default 84)")
    parser.add_argument("--history", type=Path, help="table to append the figures to")
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
            f"{t.engine:14}{t.states:7d}{t.people:8d}{t.rtol:9.1e}{t.error:10.1e}{t.ms_per_person:11.2f}"
            f"{t.failures:8d}  {t.note}"
        )
    for name, ratio in report["ratios"].items():
        print(f"{name} / nadflux: {ratio['cohort']:.1f}× (cohort), {ratio['one_person']:.1f}× (one person)")
    step = report["step"]
    print(
        f"\none person: {step['steps']:g} steps; a step: {step['operations']} operations, {step['bytes']} bytes, ",
        end="",
    )
    print(
        f"{step['us']:g} µs, {step['gigaoperations_per_s']:g} Gop/s ({100 * step['share_of_peak']:.0f} % of peak), ",
        end="",
    )
    print(f"{step['gigabytes_per_s']:g} GB/s")
    if "people" in report:
        print("\npeople   seconds (2 threads)   ms/person   peak memory MB")
    for row in report.get("people", ()):
        print(f"{row['people']:6d}{row['seconds']:16.2f}{row['ms_per_person']:16.2f}{row['peak_mb']:16.0f}")


if __name__ == "__main__":
    main()
