"""Processor time of the quiet years before a run, and of the run after them.

python benchmarks/quiet_years.py [--people 48] [--repeats 5]

People of one description with drawn numbers live ten quiet years, then eight weeks with a gram of NR chloride a day, on
one thread. Printed are medians over the repeats, ms of processor time a person.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from nadflux import simulate
from nadflux.simulation.compiled import prepare
from nadflux.simulation.event_arrays import scales_of
from nadflux.simulation.numbers import DrawnNumbers
from nadflux.simulation.quiet_years import live_quietly, present_steps
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.tolerances import PLANS

WHO = "man, 55 y, 85 kg, 176 cm"
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"


def main() -> None:
    """Measure both bodies and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=5)
    words = parser.parse_args()
    for body in ("nad", "whole"):
        prepared = prepare(body=body)
        people = np.arange(words.people)
        rows, _ = DrawnNumbers(Scenario.of(WHO, None, body=body).who, 1).of(prepared, people)
        scales = scales_of(prepared, rows, present_steps(prepared.body.present, 0.0))

        def years(prepared=prepared, rows=rows, scales=scales) -> object:  # type: ignore[no-untyped-def]
            return live_quietly(prepared, rows, scales, origin=0.0, rtol=PLANS[prepared.body.name], threads=1)

        def run(body: str = body) -> object:
            return simulate(WHO, PLAN, n=words.people, seed=1, body=body, posterior="none", threads=1)

        before, whole = (_median(ask, words.repeats) / words.people for ask in (years, run))
        print(f"{body}: quiet years {before:.2f} ms a person, of {whole:.1f} in all ({before / whole:.1%})")


def _median(ask: Callable[[], object], repeats: int) -> float:
    """Return the median processor time of some calls after a first one, ms."""
    ask()
    found = []
    for _ in range(repeats):
        start = time.process_time()
        ask()
        found.append(1e3 * (time.process_time() - start))
    return statistics.median(found)


if __name__ == "__main__":
    main()
