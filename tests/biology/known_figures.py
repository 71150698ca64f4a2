"""Figures of the body that are known to matter, with the spread over draws of the tables: run this file to print them.

``python tests/biology/known_figures.py [people]``; the same numbers before and after a change of the biology.
"""

from __future__ import annotations

import sys

import numpy as np
from body_bench import Bench, daily, make_bench

NR_MG, NA_MG = 0.2907, 0.12311
ORGANS = ("liver", "kidney", "gut_wall", "muscle", "heart", "brain", "skin", "adipose", "rest", "immune_cells")
CONSUMERS = ("SIRT", "PARP", "CD38", "residual", "SIRT_mito", "residual_mito", "SARM1")


def spread(values: np.ndarray) -> str:
    """Median and 90 % range, three figures."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:8.3g} ({low:.3g} to {high:.3g})"


def changed(bench: Bench, people: np.ndarray, **changes: float) -> np.ndarray:
    """The same people with some parameters set."""
    values = people.copy()
    for name, value in changes.items():
        values[:, bench.engine.program.parameters.index(name)] = value
    return values


def _held(run: dict[str, np.ndarray], organ: str) -> np.ndarray:
    """NAD+ of an organ's cells, with that of mitochondria, shape (person, time)."""
    return run[f"{organ}__NAD"] + run.get(f"{organ}__NAD_mito", 0.0)


def losses(bench: Bench, people: np.ndarray) -> None:
    """NAD+ thirty days after an enzyme is lost in every organ, over that before."""
    for enzyme, left in (("NAMPT", 0.0), ("CD38", 0.0), ("PARP", 0.1)):
        names = [f"{o}__{enzyme}__activity" for o in (*ORGANS, "plasma")]
        known = {n: left for n in names if n in bench.engine.program.parameters}
        whole = bench.run(changed(bench, people, **known), [], [0.0, 24.0 * 30]) if enzyme != "NAMPT" else None
        for organ in ("liver", "muscle", "heart", "brain", "adipose"):
            own = {f"{organ}__{enzyme}__activity": left}
            run = whole or bench.run(changed(bench, people, **own), [], [0.0, 24.0 * 30])
            held = _held(run, organ)
            print(f"{enzyme} {left:g}, {organ:9s} NAD+ at 30 d / rest  {spread(held[:, 1] / held[:, 0])}")


def six_fold(bench: Bench, people: np.ndarray) -> None:
    """NAD+ and use after NAMPT activity was raised six-fold."""
    for organ in ("liver", "muscle", "heart", "brain"):
        more = changed(bench, people, **{f"{organ}__NAMPT__activity": 6.0})
        run = bench.run(more, [], [0.0, 24.0 * 20, 24.0 * 90])
        held = _held(run, organ)
        use = sum(run[n] for n in (f"{organ}__{c}" for c in CONSUMERS) if n in run)
        assert not isinstance(use, int)
        for at, day in ((1, 20), (2, 90)):
            level, rate = (spread(x[:, at] / x[:, 0]) for x in (held, use))
            print(f"NAMPT x6, {organ:9s} {day} d, NAD+ {level}  use {rate}")


def riboside(bench: Bench, people: np.ndarray) -> None:
    """One gram of NR chloride a day for 21 days, looked at before the next dose would come."""
    run = bench.run(people, daily("gut_lumen.NR", 1000 / NR_MG, 21), [0.0, 24.0 * 21 - 23, 24.0 * 21 - 12, 24.0 * 21])
    for name in ("muscle_nad", "muscle_naad", "muscle_mna", "whole_blood_nad", "whole_blood_naad", "pbmc_nad",
                 "liver_nad", "brain_nad", "plasma_nam", "plasma_na", "plasma_mna"):  # fmt: skip
        ratio = run[name] / run[name][:, :1]
        print(f"NR 1 g x 21 d, {name:17s} at 1, 12, 24 h " + "  ".join(spread(ratio[:, i]) for i in (1, 2, 3)))


def precursors(bench: Bench, people: np.ndarray) -> None:
    """Equal moles of four precursors for 28 days, and extended-release nicotinic acid."""
    ends = []
    for species in ("NR", "NMN", "NAM", "NA"):
        run = bench.run(people, daily(f"gut_lumen.{species}", 3440.0, 28), [0.0, 24.0 * 28])["whole_blood_nad"]
        ends.append(run[:, 1] / run[:, 0])
        print(f"{species:4s} 3.44 mmol x 28 d, whole-blood NAD+ {spread(ends[-1])}")
    last = np.argmin(np.array(ends), axis=0)
    print(
        "least of the four: "
        + ", ".join(f"{s} {np.mean(last == i):.2f}" for i, s in enumerate(("NR", "NMN", "NAM", "NA")))
    )
    for mg in (500.0, 1000.0, 2000.0):
        run = bench.run(people, daily("gut_lumen.NA_ER", 0.95 * mg / NA_MG, 56), [0.0, 24.0 * 56])["whole_blood_nad"]
        print(f"NA ER {mg:g} mg x 56 d, whole-blood NAD+ {spread(run[:, 1] / run[:, 0])}")


def turnover(bench: Bench, people: np.ndarray) -> None:
    """NAD+ used a day in the whole body, mmol."""
    values = bench.values(people)
    by_organ = {n.split("__")[0]: v * 24 / 1000 for n, v in values.items() if n.endswith("__NAD__turnover")}
    print(f"turnover, mmol/d: {spread(np.sum(list(by_organ.values()), axis=0))}")
    for organ, value in by_organ.items():
        print(f"  {organ:12s} {spread(np.broadcast_to(value, len(people)))}")


def main() -> None:
    """Print every figure over draws of the tables."""
    bench = make_bench()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 96
    people = np.vstack([bench.typical(), bench.possible(count, seed=2)])
    print(f"{len(people)} people, {len(bench.engine.program.states)} states; median (5 to 95 %)")
    turnover(bench, people)
    losses(bench, people)
    six_fold(bench, people)
    riboside(bench, people)
    precursors(bench, people)


if __name__ == "__main__":
    main()
