"""Processor time of the quiet years and the usual life before a run, and of the run after them.

python benchmarks/quiet_years.py [--people 48] [--repeats 5]
python benchmarks/quiet_years.py --habits [--plan PLAN] [--people 16] [--repeats 3]

People of one description with drawn numbers live ten quiet years, then eight weeks with a gram of NR chloride a day, on
one thread. Printed are medians over the repeats, ms of processor time a person.

With --habits they live plans with habits in the whole body, beside their usual life. It is found as the period that
repeats itself and repeated beside the plan; next to it, in turns, all days of the run-in are integrated and usual
life integrated beside the plan, which is what lives that do not repeat need. Nobody is known from an earlier run. The
error is the largest departure of the repeated from the integrated usual life after the same start, over people, times
and outputs, as a share of the largest value of each output.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from _timing import median_ms
from nadflux import simulate
from nadflux.simulation import known_periods
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.counterfactual import COUNTERFACTUAL, segments_of
from nadflux.simulation.course import Chunk, Course
from nadflux.simulation.event_arrays import scales_of
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.numbers import DrawnNumbers
from nadflux.simulation.quiet_years import live_quietly, present_steps
from nadflux.simulation.resolve import resolve
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import settle
from nadflux.simulation.tolerances import PLANS

WHO = "man, 55 y, 85 kg, 176 cm"
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"
LIVED = ("fast 36 h", "16:8 for 2 weeks", "16:8 for 8 weeks", "16:8 for 12 weeks")


def main() -> None:
    """Measure both bodies and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--habits", action="store_true", help="plans with habits, whole body")
    parser.add_argument(
        "--plan", action="append", help="with --habits: a plan instead of the usual ones; may be given again"
    )
    words = parser.parse_args()
    if words.habits:
        lived(words.plan or LIVED, words.people, words.repeats)
        return
    for body in ("nad", "whole"):
        prepared = prepare(body=body)
        people = np.arange(words.people)
        rows, _ = DrawnNumbers(Scenario.of(WHO, None, body=body).who, 1).of(prepared, people)
        scales = scales_of(prepared, rows, present_steps(prepared.body.present, 0.0))

        def years(prepared=prepared, rows=rows, scales=scales) -> object:  # type: ignore[no-untyped-def]
            return live_quietly(prepared, rows, scales, origin=0.0, rtol=PLANS[prepared.body.name], threads=1)

        def run(body: str = body) -> object:
            return simulate(WHO, PLAN, n=words.people, seed=1, body=body, posterior="none", threads=1)

        before, whole = (median_ms(ask, words.repeats) / words.people for ask in (years, run))
        print(f"{body}: quiet years {before:.2f} ms a person, of {whole:.1f} in all ({before / whole:.1%})")


def lived(plans: Sequence[str], people: int, repeats: int) -> None:
    """Measure runs with habits and print a line for each plan."""
    for plan in plans:
        asked = resolve(settle(Scenario.of(WHO, plan, n=people, seed=1, posterior="none")))
        outputs = [quantity.id for quantity in asked.quantities]
        also = (asked.course.segments[-1].outputs or ())[len(outputs) :]
        segments = segments_of(asked.planned, asked.solved, outputs, also=also)
        through = replace(asked.course, life=None, segments=segments)
        everybody = np.arange(people)

        def run(course: Course, prepared: Prepared = asked.prepared, everybody: np.ndarray = everybody) -> Chunk:
            known_periods.forget()
            return run_chunk(prepared, course, everybody, threads=1)

        found = run(asked.course)
        again = run(replace(asked.course, segments=tuple(replace(one, again=None) for one in asked.course.segments)))
        mine, whole = (chunk.courses[COUNTERFACTUAL].outputs for chunk in (found, again))
        size = np.nanmax(np.abs(whole), axis=1, keepdims=True)
        error = np.nanmax(np.abs(mine - whole) / np.where(size > 0, size, 1.0))
        assert found.usual is not None
        times: dict[str, list[float]] = {"repeated": [], "integrated": []}
        # In turns, so that what else the machine does falls on both.
        for _ in range(repeats):
            for name, course in (("repeated", asked.course), ("integrated", through)):
                start = time.process_time()
                run(course)
                times[name].append(1e3 * (time.process_time() - start) / people)
        repeated, integrated = (statistics.median(times[name]) for name in ("repeated", "integrated"))
        ratio = integrated / repeated
        print(f"{plan}: {repeated:.0f} ms a person repeated, {integrated:.0f} integrated ({ratio:.2f} times)")
        mean = np.mean(found.usual.periods)
        told = f"{found.usual.repeats.sum()} of {people} people repeat, after {mean:.1f} periods"
        print(f"    {told}; error {error:.1e}")


if __name__ == "__main__":
    main()
