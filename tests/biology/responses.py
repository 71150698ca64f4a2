"""Every observable after each precursor, to look for responses that only structure explains: run this file to print.

``python tests/biology/responses.py [people]``: medians over people of the level over rest, 2, 12 and 24 h after the
last of 28 equal daily doses.
"""

from __future__ import annotations

import sys

import numpy as np
from body_bench import daily, make_bench

PRECURSORS = {"NR": 3440.0, "NMN": 3440.0, "NAM": 3440.0, "NA": 3440.0, "Trp": 137.0}
"""µmol a day; of tryptophan as niacin equivalents, a gram."""
LAST = 27 * 24.0


def main() -> None:
    """Print the table."""
    bench = make_bench()
    people = np.vstack([bench.typical(), bench.possible(int(sys.argv[1]) if len(sys.argv) > 1 else 32, seed=2)])
    known = [o.id for o in bench.body.observables if o.kind != "cumulative" and o.id != "treated_skin_nam"]
    folds: dict[str, list[str]] = {name: [] for name in known}
    for species, dose in PRECURSORS.items():
        run = bench.run(people, daily(f"gut_lumen.{species}", dose, 28), [0.0, LAST + 2, LAST + 12, LAST + 24])
        for name in known:
            middle = np.median(run[name] / run[name][:, :1], axis=0)[1:]
            folds[name].append(" / ".join(f"{value:.3g}" for value in middle))
    print(f"{'over rest at 2 / 12 / 24 h':26s}" + "".join(f"{species:24s}" for species in PRECURSORS))
    for name, found in folds.items():
        print(f"{name:26s}" + "".join(f"{text:24s}" for text in found))


if __name__ == "__main__":
    main()
