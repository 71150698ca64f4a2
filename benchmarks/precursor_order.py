"""NR, NMN, NAM and NA at equal moles: how each draw of the priors ranks them. None of the orders is imposed.

    python benchmarks/precursor_order.py [--draws 256] [--mmol 3.44] [--days 28] [--json]

Each draw of the typical values takes every precursor once daily by mouth; the ranking is by whole-blood NAD+ at the
end, relative to rest. Differences between people are left out, so that what varies is what is not known.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter

import numpy as np

from nadflux.simulation import simulate

PRECURSORS = ("NR chloride", "NMN", "NAM", "NA")
OUTCOME = "whole_blood_nad"


def rises(draws: int, mmol: float, days: float, seed: int) -> dict[str, np.ndarray]:
    """Return whole-blood NAD+ relative to rest at the end, shape (draw,), for each precursor."""
    result = {}
    for precursor in PRECURSORS:
        run = simulate(
            "man, 45 y, 78 kg, 176 cm",
            f"{precursor} {1000 * mmol:g} µmol oral daily for {days:g} d",
            n=draws,
            seed=seed,
            spread=False,
            posterior="none",
            outputs=[OUTCOME],
            times=[0.0, 24.0 * days],
        )
        result[precursor.split()[0]] = run[OUTCOME][:, -1] / run[OUTCOME][:, 0]
    return result


def orders(found: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the share of draws that give each order, most frequent first; draws that failed for any left out."""
    names = list(found)
    table = np.stack([found[name] for name in names])
    table = table[:, np.isfinite(table).all(axis=0)]
    counts = Counter(" > ".join(names[k] for k in np.argsort(-column)) for column in table.T)
    return {order: count / table.shape[1] for order, count in counts.most_common()}


def main() -> None:
    """Draw, simulate and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=256)
    parser.add_argument("--mmol", type=float, default=3.44, help="daily dose, mmol (3.44: 1 g NR chloride)")
    parser.add_argument("--days", type=float, default=28)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = rises(options.draws, options.mmol, options.days, options.seed)
    shares = orders(found)
    quantiles = {name: np.nanquantile(values, [0.5, 0.05, 0.95]).tolist() for name, values in found.items()}
    if options.json:
        print(json.dumps({"whole_blood_nad_fold": quantiles, "orders": shares}, indent=1))
        return
    print(f"{options.mmol:g} mmol once daily by mouth for {options.days:g} days, {options.draws} draws of the priors\n")
    for name, (median, low, high) in quantiles.items():
        print(f"{name:4} whole-blood NAD+ {median:.2f}-fold (90 %: {low:.2f} to {high:.2f})")
    print("\nshare of draws with each order")
    for order, share in shares.items():
        print(f"{100 * share:5.1f} %  {order}")


if __name__ == "__main__":
    main()
