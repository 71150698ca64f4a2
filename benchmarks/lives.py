"""Processor time of a life from 20 to 100 years, and of what drawing its numbers costs.

python benchmarks/lives.py [--people 64] [--repeats 5]

People with drawn numbers live sedentary and, from 25 years on, trained, on one thread. Printed are medians over the
repeats, ms of processor time a person: of the states alone, with the person's own numbers known, and of everything,
in which numbers are drawn, and drawn again where slow states have nothing to settle at. Then the steps of the method.
"""

from __future__ import annotations

import argparse

import numpy as np

from _timing import median_ms
from nadflux.kernel.batch import Batch
from nadflux.kernel.integrate import integrate
from nadflux.people import Person
from nadflux.simulation.experiments.life import OLDEST, prepare_life, simulate_life
from nadflux.simulation.numbers import DrawnNumbers
from nadflux.simulation.tolerances import LIVES
from nadflux.units import YEAR_H

WHO = Person("woman", 25)
BEGIN = 20.0


def main() -> None:
    """Measure and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5)
    words = parser.parse_args()
    prepared, n = prepare_life(), words.people
    rows, _ = DrawnNumbers(WHO, 1).of(prepared, np.arange(n))
    end = (OLDEST - BEGIN) * YEAR_H
    batch = Batch(rows, 0.0, end, np.linspace(0.0, end, 81))
    states = median_ms(lambda: integrate(prepared.engine(), batch, rtol=LIVES, threads=1), words.repeats) / n
    steps = integrate(prepared.engine(), batch, rtol=LIVES, threads=1).steps
    print(f"states from 20 to 100 years: {states:.2f} ms a person, {float(np.mean(steps)):.0f} steps")
    for way in ({}, {"living.training": 1.0}):

        def live(way: dict[str, float] = way, people: int = n) -> object:
            return simulate_life(WHO, way, begin=25.0, end=OLDEST, n=people, seed=1, threads=1)

        def one(way: dict[str, float] = way) -> object:
            return simulate_life(WHO, way, begin=25.0, end=OLDEST, n=1, seed=1, threads=1)

        whole, alone = median_ms(live, words.repeats) / n, median_ms(one, words.repeats)
        print(
            f"{'trained' if way else 'sedentary'}: {whole:.2f} ms a person of {n}, {alone:.1f} ms for one asked alone"
        )


if __name__ == "__main__":
    main()
