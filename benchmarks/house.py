"""Measures of the structure of the code, each printed with its limit.

    python benchmarks/house.py [--against COMMIT] [--quick]

With ``--against`` the same figures of another commit are printed first, bits are compared (`golden.py`) and the README
command is timed at both in turn. ``--quick`` leaves out both.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import statistics
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from _call_profile import profile
from _code_measures import (
    MOST_BRANCHES,
    array_arguments,
    branches,
    functions,
    habit_checks,
    import_circles,
    modules,
    opens_with_clause,
    raises_without_section,
)
from golden import checked_out

ROOT = Path(__file__).resolve().parents[1]
README = ["simulate", "woman, 62 y, 70 kg", "--plan", "NR chloride 500 mg oral twice daily for 8 weeks"]
ONCE = ("plans.schedule.schedule", "simulation.compiled.prepare", "simulation.compiled.hash_of_folder")
HABITS = frozenset(
    (
        "Lasting", "Meals", "EatingWindow", "EnergyEaten", "Restriction", "Overfeeding", "Sleep", "ShiftWork",
        "SetMeal", "Fast", "Exercise", "Nutrient", "Habit",
    )
)  # fmt: skip
REPEATS = 9


def main() -> int:
    """Print every measure; return 1 where bits differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT", help="another commit to compare with")
    parser.add_argument("--quick", action="store_true", help="neither bits nor times")
    options = parser.parse_args()
    if options.against is None:
        print_code(ROOT / "src")
        print_calls()
        return 0
    with checked_out(options.against) as other:
        print(f"at {options.against}")
        print_code(other / "src")
        print("here")
        print_code(ROOT / "src")
        print_calls()
        if options.quick:
            return 0
        print_times(other)
    return subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "golden.py"), "--against", options.against], check=False
    ).returncode


def print_code(source: Path) -> None:
    """Print what the syntax trees say."""
    trees = modules(source)
    every = list(functions(trees))
    many = sum(branches(f.node) > MOST_BRANCHES for f in every)
    circles = import_circles(trees)
    checks = habit_checks(trees, HABITS)
    arrays = [ok for f in every if f.public for ok in array_arguments(f).values()]
    print(f"  modules {len(trees)}, functions {len(every)}")
    print(f"  functions with more than {MOST_BRANCHES} branches: {many} ({many / len(every):.1%}; at most 4 %)")
    print(f"  import circles: {len(circles)} (at most 2)")
    for circle in circles:
        print(f"    {', '.join(circle)}")
    print(f"  isinstance and case lines on habits: {len(checks)} (0)")
    print(f"  docstrings that open with a clause: {sum(opens_with_clause(f.docstring) for f in every)} (0)")
    print(f"  public arrays with their shape and unit: {sum(arrays)} of {len(arrays)}")
    print(f"  public functions that do not name what they raise: {sum(map(raises_without_section, _public(every)))}")


def print_calls() -> None:
    """Print what the README command calls, and where a lower layer calls a higher one."""
    found = profile([*README, "-n", "8"])
    for name in ONCE:
        print(f"  calls of {name}: {found.calls[f'nadflux.{name}']} (1)")
    print(f"  calls from a lower layer into a higher one: {len(found.climbs)} (0)")
    for (caller, callee), count in sorted(found.climbs.items()):
        print(f"    {caller} → {callee}: {count}")


def print_times(other: Path) -> None:
    """Print wall and processor time of the README command, cached, at the other commit and here, in turn."""
    times: dict[Path, list[tuple[float, float]]] = {other: [], ROOT: []}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for repeat in range(REPEATS + 1):
        for root, found in times.items():
            start, used = time.perf_counter(), _processor_seconds()
            subprocess.run(
                [sys.executable, "-c", _entry(root), *README],
                env={**kept, "PYTHONPATH": str(root / "src")}, check=True, capture_output=True, cwd=root,
            )  # fmt: skip
            if repeat:  # the first fills the caches of machine code and of Python's bytecode
                found.append((time.perf_counter() - start, _processor_seconds() - used))
    print(f"  nadflux {shlex.join(README)}")
    for kind, k in (("wall", 0), ("processor", 1)):
        before, here = (statistics.median(seconds[k] for seconds in found) for found in times.values())
        print(
            f"  {before:.2f} s {kind} before, {here:.2f} s here: ratio {here / before:.2f} "
            f"(at most 1; medians of {REPEATS})"
        )


def _processor_seconds() -> float:
    """Return the processor time of all finished child processes, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _entry(root: Path) -> str:
    """Return Python that runs the command as the console script of a source tree does."""
    script = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["nadflux"]
    module, name = script.split(":")
    return f"import sys; from {module} import {name}; sys.exit({name}())"


def _public(every: list) -> list:  # type: ignore[type-arg]
    return [function for function in every if function.public and function.docstring]


if __name__ == "__main__":
    sys.exit(main())
